"""How one number of a network came about: the way back from a cell to the layer that added it up.

>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> lenet = ARCHITECTURES["digits_lenet"]
>>> [(stop.name, stop.channel) for stop in way_back(cached_trace(lenet), "pool2", 3)]
[('pool2', 3), ('relu2', 3), ('conv2', 3)]
>>> [(stop.name, stop.channel) for stop in way_back(cached_trace(lenet), "flatten", 60)][:2]
[('flatten', 60), ('pool2', 2)]

ReLU, pooling, batch norm and the like make a map of one other map. Behind them stands the *maker*: a convolution or a
dense layer with its kernels, or a layer that joins maps. The way depends on the channel only, not on the cell.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import Pair
from cnnviz.engine.networks.code.words import PAD_MODES
from cnnviz.engine.networks.graph import INPUT, Node, Shape
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    BatchNorm,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Mean,
    Pool,
)
from cnnviz.engine.networks.layers.windows import layer_pads
from cnnviz.engine.networks.seeing.maps import Eyes, Maps, see
from cnnviz.engine.networks.seeing.unit_steps import Step, WeightedSum, trace_step
from cnnviz.engine.networks.trace import NetworkTrace, cached_trace
from cnnviz.errors import SpecError
from cnnviz.quoting import one_line

ONE_MAP = (BatchNorm, Pool, AdaptivePool, Dropout, Flatten, Concat)
"""Layers that make a map of one other; activations do, unless they mix channels, and so do means over space."""

Off = Collection[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Stop:
    """A map on the way back."""

    name: str
    channel: int
    node: Node | None
    """None: the picture itself."""

    @property
    def layer(self) -> Layer | None:
        """What made the map."""
        return self.node.layer if self.node else None


@dataclass(frozen=True, eq=False)
class UnitTrace:
    """One cell of one map, taken apart: `steps` lead from it back to the maker's cell."""

    steps: tuple[Step, ...]
    source: str
    """What the maker reads: the name of the layer whose maps feed it, past flattening and dropout."""
    dark: frozenset[int]
    """The source's channels that are switched off."""

    @property
    def chosen(self) -> Step:
        """The cell that was asked for."""
        return self.steps[0]

    @property
    def maker(self) -> Step:
        """The cell that adds up, or ends the way."""
        return self.steps[-1]

    @property
    def total(self) -> WeightedSum | None:
        """The maker's sum of products, if it has one."""
        return self.maker.detail if isinstance(self.maker.detail, WeightedSum) else None


def way_back(trace: NetworkTrace, layer: str, channel: int) -> tuple[Stop, ...]:
    """List the maps from a chosen one back to its maker."""
    stops = [_stop(trace, layer, channel)]
    while (node := stops[-1].node) is not None and _makes_of_one(node.layer, trace, node.name):
        name, before = _before(trace, node, stops[-1].channel)
        stops.append(_stop(trace, name, before))
    return tuple(stops)


def _stop(trace: NetworkTrace, name: str, channel: int) -> Stop:
    shape = shape_of(trace, name)
    if not 0 <= channel < shape[0]:
        raise SpecError("channel", f"“{name}” has maps 0 to {shape[0] - 1}; there is no map {channel}.")
    return Stop(name, channel, None if name == INPUT else trace.network[name])


def shape_of(trace: NetworkTrace, name: str) -> Shape:
    """Give the shape of a layer's output, or of the picture."""
    if name == INPUT:
        return trace.input
    try:
        return trace.row(name).output_shape
    except StopIteration:
        raise SpecError("layer", f"The network has no layer “{one_line(name)}”.") from None


def _makes_of_one(layer: Layer, trace: NetworkTrace, name: str) -> bool:
    if isinstance(layer, Activation):
        return layer.how not in {"softmax", "log_softmax"}
    if isinstance(layer, Flatten):
        return layer.start == 1 and layer.end == -1
    if isinstance(layer, Concat):
        return layer.axis == 1
    if isinstance(layer, Mean):
        shape = trace.row(name).inputs[0]
        return len(shape) == 3 and sorted(axis % 4 for axis in layer.axes) == [2, 3] and layer.how == "mean"
    return isinstance(layer, ONE_MAP) and getattr(layer, "how", "") != "lp"


def _before(trace: NetworkTrace, node: Node, channel: int) -> tuple[str, int]:
    """Say which map a map was made of."""
    names = trace.network.inputs_of(node.name)
    if isinstance(node.layer, Concat):
        for name in names:
            count = shape_of(trace, name)[0]
            if channel < count:
                return name, channel
            channel -= count
    if isinstance(node.layer, Flatten):
        shape = shape_of(trace, names[0])
        return names[0], channel // int(np.prod(shape[1:], dtype=int))
    return names[0], channel


def needed(trace: NetworkTrace, layer: str) -> tuple[str, ...]:
    """Name all layers whose maps it takes to take any cell of a layer apart; in running order.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> needed(cached_trace(ARCHITECTURES["resnet18"]), "layer1.0.relu_out")
    ('maxpool', 'layer1.0.bn2', 'layer1.0.add', 'layer1.0.relu_out')
    """
    found: set[str] = set()
    waiting = [layer]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name == INPUT:
            continue
        node = trace.network[name]
        before = trace.network.inputs_of(name)
        if _makes_of_one(node.layer, trace, name):
            waiting += before
        else:
            found.update(before)
    order = [INPUT, *(node.name for node in trace.network)]
    return tuple(name for name in order if name in found)


def plane_of(maps: Mapping[str, Maps], name: str, channel: int) -> NDArray[np.float32]:
    """Give one map as rows and columns; a single number is a map of one cell."""
    found: NDArray[np.float32] = maps[name][channel]
    return found if found.ndim == 2 else found.reshape(1, -1)


def read_maps(eyes: Eyes, x: Maps, layer: str, off: Off = ()) -> dict[str, Maps]:
    """Let the network see, and keep what it takes to take any cell of a layer apart."""
    return see(eyes, x, needed(cached_trace(eyes.network, x.shape), layer), off).maps


def strongest(plane: NDArray[Any]) -> Pair:
    """Find the cell that says most, of either sign."""
    row, column = np.unravel_index(int(np.abs(plane).argmax()), plane.shape)
    return int(row), int(column)


def trace_unit(  # noqa: PLR0917 - who looks, at what, and where
    eyes: Eyes, maps: Mapping[str, Maps], layer: str, channel: int, at: Pair | None = None, off: Off = ()
) -> UnitTrace:
    """Take a cell apart; None: the strongest of its map. `maps` are those that `needed` names."""
    trace = cached_trace(eyes.network, _input_of(eyes, maps))
    stops = way_back(trace, layer, channel)
    here = plane_of(maps, layer, channel)
    cell = strongest(here) if at is None else (min(at[0], here.shape[0] - 1), min(at[1], here.shape[1] - 1))
    steps: list[Step] = []
    for place, stop in enumerate(stops):
        after = stops[place + 1] if place + 1 < len(stops) else None
        plane = plane_of(maps, after.name, after.channel) if after else None
        inputs = trace.network.inputs_of(stop.name) if stop.node else ()
        steps.append(
            trace_step(
                eyes, stop.name, stop.channel, cell, maps=maps, plane=plane,
                source=_source(trace, inputs[0])[0] if inputs else "", inputs=inputs,
                shape=_map_shape(trace, inputs[0]) if inputs else (), off=(stop.name, stop.channel) in off,
            )
        )  # fmt: skip
        cell = steps[-1].before
    maker = stops[-1]
    inputs = trace.network.inputs_of(maker.name) if maker.node else ()
    source = _source(trace, inputs[0])[0] if inputs else INPUT
    return UnitTrace(tuple(steps), source, _dark(trace, source, steps[-1], off))


def _input_of(eyes: Eyes, maps: Mapping[str, Maps]) -> Shape:
    """All pictures that a network sees here have its own size, unless the picture is there to say otherwise."""
    return tuple(maps[INPUT].shape) if INPUT in maps else eyes.network.input


def _source(trace: NetworkTrace, name: str) -> tuple[str, Shape]:
    """Find the maps that a layer reads, past what only lays them out anew."""
    while name != INPUT and isinstance(trace.network[name].layer, (Dropout, Flatten)):
        name = trace.network.inputs_of(name)[0]
    return name, shape_of(trace, name)


def _map_shape(trace: NetworkTrace, name: str) -> Shape:
    """Give the shape of the maps that a layer reads, as they were before they were flattened."""
    return _source(trace, name)[1]


def _dark(trace: NetworkTrace, source: str, maker: Step, off: Off) -> frozenset[int]:
    if not off or not isinstance(maker.detail, WeightedSum):
        return frozenset()
    switched = set(off)

    def dark(channel: int) -> bool:
        stops = way_back(trace, source, channel)
        return any((stop.name, stop.channel) in switched for stop in stops if _keeps_zero(stops, stop))

    return frozenset(channel for channel in maker.detail.channels if dark(channel))


def _keeps_zero(stops: tuple[Stop, ...], stop: Stop) -> bool:
    """Say whether a zero at a stop is still a zero at the first one: batch norm would move it."""
    return not any(isinstance(one.layer, BatchNorm) for one in stops[: stops.index(stop)])


def field_box(trace: NetworkTrace, layer: str, at: Pair) -> tuple[int, int, int, int]:
    """Give what a cell sees of the picture: row, column, height and width, cut at the picture's edge.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> field_box(cached_trace(ARCHITECTURES["digits_lenet"]), "pool2", (1, 1))
    (2, 2, 16, 16)
    """
    if layer == INPUT:
        return *at, 1, 1
    spans = []
    for field, place, n in zip(trace.row(layer).receptive_field, at, trace.input[1:], strict=True):
        first, end = field.span(place if field.stride else 0)
        first, end = max(math.floor(first), 0), min(math.ceil(end), n)
        spans.append((first, max(end - first, 1)))
    (top, height), (left, width) = spans
    return top, left, height, width


def part_maps(eyes: Eyes, maps: Mapping[str, Maps], unit: UnitTrace, channels: Collection[int]) -> Maps | None:
    """Compute what some input maps add to the whole of the maker's map, one map each; None for a dense layer."""
    total, maker = unit.total, unit.maker
    if total is None or not isinstance(maker.layer, Conv):
        return None
    import torch  # noqa: PLC0415
    from torch.nn import functional as F  # noqa: N812, PLC0415

    layer = maker.layer
    inputs = maps[eyes.network.inputs_of(maker.name)[0]]
    places = [total.channels.index(channel) for channel in channels]
    weight = torch.from_numpy(total.weights[places].astype(np.float32))[:, None]
    pads = [one for margin in reversed(layer_pads(layer, inputs.shape[1:])) for one in margin]
    with torch.inference_mode():
        x = F.pad(torch.from_numpy(inputs[list(channels)])[None], pads, PAD_MODES[layer.padding_mode])
        result = F.conv2d(x, weight, None, layer.stride, 0, layer.dilation, len(places))
    found: Maps = result[0].numpy()
    return found
