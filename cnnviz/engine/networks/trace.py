"""A network at work: every layer's size, cost and receptive field, up to the first layer that cannot work.

>>> from cnnviz.engine.networks.graph import Draft
>>> draft = Draft("small", "The lecture's small network", (1, 32, 32))
>>> _ = draft.chain([Conv(1, 3), Activation("relu"), Flatten(), Linear(1), Activation("sigmoid")])
>>> trace = trace_network(draft.done(), (1, 32, 32))
>>> trace.params, trace.macs, [row.output_shape for row in trace.rows][:3]
(911, 9000, [(1, 30, 30), (1, 30, 30), (900,)])
>>> trace.rows[0].receptive_field[0].size, trace.rows[3].receptive_field[0].size
(3, 32)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from cnnviz.engine.arithmetic import effective_kernel
from cnnviz.engine.networks.fields import AxisField, Fields, layer_fields
from cnnviz.engine.networks.graph import INPUT, Network, Node, Shape
from cnnviz.engine.networks.layers.costs import Costs, layer_costs
from cnnviz.engine.networks.layers.kinds import Activation, Conv, Flatten, Linear, Pool
from cnnviz.engine.networks.layers.shapes import layer_shape
from cnnviz.engine.networks.layers.windows import LayerError, layer_pads
from cnnviz.errors import SpecError

__all__ = ["Activation", "Flatten", "Linear", "NetworkTrace", "Row", "trace_network"]

BYTES = 4


@dataclass(frozen=True, slots=True)
class Rounding:
    """An axis whose size was rounded down: the size before, and how many of its last cells are never read."""

    axis: int
    exact: Fraction
    lost: int
    lost_data: int
    """How many of the lost cells are data; the others are padding."""


@dataclass(frozen=True, slots=True)
class Row:
    """One layer at work."""

    node: Node
    inputs: tuple[Shape, ...]
    output_shape: Shape
    costs: Costs
    receptive_field: Fields
    """One for each spatial axis of the picture."""
    shared: bool
    """Its parameters were counted before: the module runs for the second time."""
    misaligned: bool
    """Here branches meet whose units do not stand over the same places."""
    rounding: tuple[Rounding, ...]

    @property
    def name(self) -> str:
        """The layer's dotted name."""
        return self.node.name

    @property
    def kind(self) -> str:
        """What it is."""
        return self.node.layer.kind

    @property
    def params(self) -> int:
        """Weights and biases, counted where they first occur."""
        return 0 if self.shared else self.costs.weights + self.costs.biases

    @property
    def trainable(self) -> int:
        """Those that learn."""
        return 0 if self.node.frozen else self.params

    @property
    def macs(self) -> int:
        """Multiply-accumulates of a convolution or a dense layer for one picture, without the bias."""
        return self.costs.macs

    @property
    def outputs(self) -> int:
        """How many numbers it gives for one picture."""
        return math.prod(self.output_shape)


@dataclass(frozen=True)
class NetworkTrace:
    """All layers that work; `fault` is why `faulty` does not, and `skipped` is what waits for it."""

    network: Network
    input: Shape
    rows: tuple[Row, ...]
    faulty: Node | None = None
    fault: LayerError | None = None
    skipped: tuple[Node, ...] = ()

    @property
    def params(self) -> int:
        """All weights and biases."""
        return sum(row.params for row in self.rows)

    @property
    def trainable(self) -> int:
        """Those that learn."""
        return sum(row.trainable for row in self.rows)

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one picture."""
        return sum(row.macs for row in self.rows)

    @property
    def activations(self) -> int:
        """How many numbers all layers give for one picture: what training keeps."""
        return sum(row.outputs for row in self.rows)

    @property
    def output_shape(self) -> Shape:
        """The size of the network's output."""
        return self.row(self.network.last).output_shape if self.rows and not self.fault else self.input

    def row(self, name: str) -> Row:
        """Find a layer's row by its name."""
        return next(row for row in self.rows if row.name == name)

    def peak(self) -> int:
        """Count the numbers held at once when the network only answers: each map is let go after its last reader.

        >>> from cnnviz.engine.networks.graph import Draft
        >>> draft = Draft("", "", (1, 8))
        >>> _ = draft.chain([Conv(4, 1, rank=1), Conv(1, 1, rank=1), Conv(2, 1, rank=1)])
        >>> trace_network(draft.done(), (1, 8)).peak()
        40
        """
        last_reader = {name: node.name for node in self.network for name in self.network.inputs_of(node.name)}
        held = {INPUT: math.prod(self.input)}
        most = together = held[INPUT]
        for row in self.rows:
            held[row.name] = row.outputs
            together += row.outputs
            most = max(most, together)
            for name in self.network.inputs_of(row.name):
                if last_reader[name] == row.name and name != self.network.last:
                    together -= held.pop(name, 0)
        return most


def trace_network(network: Network, size: Sequence[int] | None = None) -> NetworkTrace:
    """Send a picture of a size (channels, then space; the network's own by default) through a network."""
    start = tuple(size) if size is not None else network.input
    if not start or min(start) < 1:
        raise SpecError("input", "The input needs at least one channel and one cell along each axis.")
    shapes: dict[str, Shape] = {INPUT: start}
    fields: dict[str, Fields] = {INPUT: (AxisField(),) * (len(start) - 1)}
    rows: list[Row] = []
    homes: set[str] = set()
    faulty: Node | None = None
    fault: LayerError | None = None
    skipped: list[Node] = []
    for node in network.nodes:
        names = network.inputs_of(node.name)
        if fault and any(name not in shapes for name in names):
            skipped.append(node)
            continue
        inputs = tuple(shapes[name] for name in names)
        try:
            output = layer_shape(node.layer, inputs)
            before = [fields[name] for name in names]
            after = layer_fields(node.layer, before, inputs, output)
        except LayerError as error:
            if not fault:
                faulty, fault = node, error
            else:
                skipped.append(node)
            continue
        shapes[node.name], fields[node.name] = output, after
        rows.append(
            Row(
                node,
                inputs,
                output,
                layer_costs(node.layer, inputs, output),
                after,
                node.home in homes,
                len(names) > 1 and _misaligned(before, after),
                _rounding(node, inputs[0]),
            )
        )
        homes.add(node.home)
    return NetworkTrace(network, start, tuple(rows), faulty, fault, tuple(skipped))


@lru_cache(maxsize=24)
def cached_trace(network: Network, size: Shape | None = None) -> NetworkTrace:
    """Follow the shapes through a network once a process, for pages that ask again at every move."""
    return trace_network(network, size)


def _misaligned(before: Sequence[Fields], after: Fields) -> bool:
    """Say whether the branches that meet here were each straight, but do not fit each other."""
    return any(not field.aligned for field in after) and all(field.aligned for one in before for field in one)


def _rounding(node: Node, shape: Shape) -> tuple[Rounding, ...]:
    """Find the axes where a stride does not fit."""
    layer = node.layer
    if not isinstance(layer, (Conv, Pool)) or max(layer.stride) == 1 or getattr(layer, "ceil_mode", False):
        return ()
    sides = layer_pads(layer, shape[1:]) if isinstance(layer, Conv) else layer.padding
    found = []
    for axis, (n, k, s, pad, d) in enumerate(
        zip(shape[1:], layer.kernel, layer.stride, sides, layer.dilation, strict=True)
    ):
        room = n + sum(pad) - effective_kernel(k, d)
        if room % s:
            lost = room % s
            found.append(Rounding(axis, Fraction(room, s) + 1, lost, max(lost - pad[1], 0)))
    return tuple(found)
