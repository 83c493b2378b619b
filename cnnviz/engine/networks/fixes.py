"""What would mend a network that does not fit: the smallest changes, found by trying them.

>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.graph import Draft
>>> draft = Draft("", "", (1, 28, 28))
>>> _ = draft.chain([Conv(6, 5), Pool(2), Flatten(), Linear(10, features_in=400)])
>>> for fix in find_fixes(trace_network(draft.done())):
...     print(fix.sentence)
Make “3” take 864 numbers: in_features=864.

A candidate is tried on the network itself; it counts if the layer that failed works then, and nothing before it breaks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cnnviz.engine.networks.graph import INPUT, Network, Node
from cnnviz.engine.networks.layers.kinds import (
    Add,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Flatten,
    Layer,
    Linear,
    Multiply,
    Norm,
    PixelShuffle,
    Pool,
    Upsample,
    View,
)
from cnnviz.engine.networks.layers.shapes import layer_shape
from cnnviz.engine.networks.layers.windows import count
from cnnviz.engine.networks.trace import NetworkTrace
from cnnviz.errors import SpecError

MOST_FIXES = 4
MOST_TRIED = 400
MOST_WORKED_OUT = 100_000
"""Sizes of layers that are worked out in all: a quarter of a second."""
LARGEST_PADDING = 6
HOW_FAR_BACK = 12
"""How many layers before the one that failed are tried."""

TORCH_NAMES = {
    "channels_in": "in_channels", "channels": "out_channels", "features_in": "in_features", "features": "out_features",
    "kernel": "kernel_size", "scale": "scale_factor", "factor": "upscale_factor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fix:
    """One change that mends the fault: the layers to put in, and in words."""

    sentence: str
    layers: Mapping[str, Layer]
    node: str
    field: str
    value: Any
    before: str = ""
    """A node before which a new layer is put, where that is the change; `layers` is empty then."""

    def apply(self, network: Network) -> Network:
        """Make the change."""
        if not self.before:
            return network.changed(self.layers)
        return insert_before(network, self.before, Flatten(), "flatten")


def find_fixes(trace: NetworkTrace) -> list[Fix]:
    """Find the smallest changes that make the layer that failed work."""
    if trace.faulty is None:
        return []
    trials = _Trials(trace)
    tried = 0
    found: list[Fix] = []
    # First what can be changed at the layer itself, then further and further back.
    for fix in [*_at_the_layer(trace), *_before(trace)]:
        tried += 1
        if tried > MOST_TRIED or len(found) == MOST_FIXES or trials.worked_out > MOST_WORKED_OUT:
            break
        if trials.mends(fix) and all(fix.sentence != other.sentence for other in found):
            found.append(fix)
    return found


class _Trials:
    """Changes tried on a network: what worked must still work, and the faulty layer too."""

    def __init__(self, trace: NetworkTrace) -> None:
        self.trace = trace
        self.names = {node.name for node in trace.network}
        self.worked_out = 0
        """How many sizes were worked out: only those that a change can reach."""

    def mends(self, fix: Fix) -> bool:
        """Try a change."""
        trace = self.trace
        assert trace.faulty is not None
        network = fix.apply(trace.network) if fix.before else trace.network
        shapes = {INPUT: trace.input, **{row.name: row.output_shape for row in trace.rows}}
        reached = set(fix.layers) | {trace.faulty.name}
        for node in network:
            names = network.inputs_of(node.name)
            waits = node.name not in shapes and node.name != trace.faulty.name and node.name in self.names
            if waits or (node.name in shapes and node.name not in reached and reached.isdisjoint(names)):
                continue
            self.worked_out += 1
            try:
                shape = layer_shape(fix.layers.get(node.name, node.layer), [shapes[name] for name in names])
            except SpecError:
                return False
            if shape != shapes.get(node.name):
                reached.add(node.name)
                shapes[node.name] = shape
            else:
                reached.discard(node.name)
        return True


def _at_the_layer(trace: NetworkTrace) -> Iterator[Fix]:
    """Change what the layer expects to what arrives; then its window."""
    node = trace.faulty
    assert node is not None
    layer = node.layer
    shape = _arriving(trace, node)
    if shape is None:
        return
    if isinstance(layer, Linear) and len(shape) > 1:
        numbers = math.prod(shape)
        if layer.features_in in {None, numbers}:
            yield Fix(
                f"Flatten before “{node.name}”: torch.flatten(x, 1).",
                {},
                node.name,
                "flatten",
                numbers,
                before=node.name,
            )
    if isinstance(layer, (Conv, ConvTranspose)):
        if layer.channels_in not in {None, shape[0]}:
            yield _fix(node, "channels_in", shape[0], f"Make “{node.name}” take {count(shape[0], 'channel')}")
        yield from _windows(node)
    elif isinstance(layer, Pool):
        yield from _windows(node)
    elif isinstance(layer, (Linear, BatchNorm, Norm)) and layer.features_in is not None:
        got = shape[-1] if isinstance(layer, Linear) else shape[0]
        what = "number" if isinstance(layer, Linear) else "channel"
        yield _fix(node, "features_in", got, f"Make “{node.name}” take {count(got, what)}")
    elif isinstance(layer, View):
        total = math.prod(shape)
        yield _fix(node, "shape", (total,), f"Make “{node.name}” lay out {count(total, 'number')}")
        yield _fix(node, "shape", (-1,), f"Let “{node.name}” find the size itself")
    elif isinstance(layer, PixelShuffle):
        for factor in (2, 3, 4):
            yield _fix(node, "factor", factor, f"Shuffle by {factor}")


def _windows(node: Node) -> Iterator[Fix]:
    """Change padding, window, dilation or stride of a layer, by little first."""
    layer: Any = node.layer
    rank = layer.rank
    if not isinstance(layer.padding, str):
        old = layer.padding[0][0]
        for padding in sorted(range(LARGEST_PADDING + 1), key=lambda one: (abs(one - old), one)):
            if padding != old:
                yield _fix(
                    node, "padding", ((padding, padding),) * rank, f"Give “{node.name}” padding {padding}", padding
                )
    for kernel in sorted(range(1, 8), key=lambda one: abs(one - layer.kernel[0])):
        if kernel != layer.kernel[0]:
            yield _fix(node, "kernel", (kernel,) * rank, f"Give “{node.name}” a window of {kernel}", kernel)
    for stride in (1, 2):
        if stride != layer.stride[0]:
            yield _fix(node, "stride", (stride,) * rank, f"Give “{node.name}” stride {stride}", stride)
    if isinstance(layer, ConvTranspose):
        for more in range(3):
            if more != layer.output_padding[0]:
                sentence = f"Give “{node.name}” output_padding {more}"
                yield _fix(node, "output_padding", (more,) * rank, sentence, more)


def _before(trace: NetworkTrace) -> Iterator[Fix]:
    """Change layers before the one that failed: where branches meet, on either branch; else on the way to it."""
    node = trace.faulty
    assert node is not None
    fault = trace.fault
    ways = _ways(trace.network, node.name)
    if isinstance(node.layer, (Add, Multiply)):
        shapes = [_shape(trace, name) for name in trace.network.inputs_of(node.name)]
        if all(shapes) and len({shape[0] for shape in shapes if shape}) > 1:
            yield from _channels(trace, ways, [shape[0] for shape in shapes if shape])
    if isinstance(node.layer, (Add, Multiply, Concat)) or (fault and fault.field in {"kernel", "features_in", "shape"}):
        for name in ways:
            one = trace.network[name]
            if isinstance(one.layer, (Conv, ConvTranspose, Pool)):
                yield from _windows(one)
            elif isinstance(one.layer, Upsample) and one.layer.scale:
                for scale in (2, 3, 4):
                    wanted = (scale,) * len(one.layer.scale)
                    yield _fix(one, "scale", wanted, f"Enlarge by {scale} in “{name}”", scale)


def _channels(trace: NetworkTrace, ways: list[str], wanted: list[int]) -> Iterator[Fix]:
    """Give the last convolution of a branch as many channels as the other branch has."""
    for name in ways:
        one = trace.network[name]
        if isinstance(one.layer, (Conv, ConvTranspose)):
            for channels in wanted:
                if channels != one.layer.channels:
                    yield _fix(one, "channels", channels, f"Give “{name}” {count(channels, 'output channel')}")


def _ways(network: Network, name: str) -> list[str]:
    """List the layers that lead to one, the nearest first."""
    found: list[str] = []
    edge = list(network.inputs_of(name))
    while edge and len(found) < HOW_FAR_BACK:
        one = edge.pop(0)
        if one != INPUT and one not in found:
            found.append(one)
            edge += network.inputs_of(one)
    return found


def _fix(node: Node, field: str, value: Any, sentence: str, said: Any = None) -> Fix:
    name = TORCH_NAMES.get(field, field)
    if isinstance(node.layer, (BatchNorm, Norm)) and field == "features_in":
        name = "num_channels" if isinstance(node.layer, Norm) else "num_features"
    shown = value if said is None else said
    code = f"view(-1, {', '.join(map(str, value))})" if isinstance(node.layer, View) else f"{name}={shown}"
    try:
        layers = {node.name: replace(node.layer, **{field: value})}
    except SpecError:  # no such layer can be: trying it will say the same
        layers = {}
    return Fix(f"{sentence}: {code}.", layers, node.name, name, shown)


def _arriving(trace: NetworkTrace, node: Node) -> tuple[int, ...] | None:
    return _shape(trace, trace.network.inputs_of(node.name)[0])


def _shape(trace: NetworkTrace, name: str) -> tuple[int, ...] | None:
    if name == INPUT:
        return trace.input
    return next((row.output_shape for row in trace.rows if row.name == name), None)


def insert_before(network: Network, name: str, layer: Layer, new: str) -> Network:
    """Put a layer on the way into another."""
    taken = {node.name for node in network}
    number, full = 1, new
    while full in taken:
        number += 1
        full = f"{new}_{number}"
    nodes: list[Node] = []
    for node in network:
        # Who read the node before by its place must go on to read it.
        kept = replace(node, inputs=network.inputs_of(node.name))
        if node.name == name:
            nodes.append(Node(full, layer, kept.inputs[:1]))
            kept = replace(kept, inputs=(full, *kept.inputs[1:]))
        nodes.append(kept)
    return replace(network, nodes=nodes)
