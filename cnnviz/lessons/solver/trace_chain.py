"""A chain of layers: the size after each, what one unit sees of the input, and what each layer costs.

>>> from cnnviz.lessons.solver.spec_layer import read_chain
>>> trace = trace_chain(read_chain("conv 3 s2 p1; pool 4 s1"), (256, 256))
>>> [step.output for step in trace.steps]
[(128, 128), (125, 125)]
>>> [(step.field[0], str(step.jump[0])) for step in trace.steps]
[(3, '2'), (9, '2')]
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from cnnviz.engine.axis_layer import AxisLayer, layer_loss, layer_size
from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.lessons.solver.spec_layer import ChainLayer, write_layer
from cnnviz.lessons.solver.trace_reach import inputs_for

UNITS_LOOKED_AT = 64
AXES = ("rows", "columns")


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One layer at work. `field` and `jump` are those of its outputs, measured in cells of the chain's input."""

    layer: ChainLayer
    channels: Pair
    size: Pair
    output: Pair
    lost: Pair
    field: Pair
    jump: tuple[Fraction, Fraction]
    parameters: int
    multiplications: int

    def axis(self, index: int) -> AxisLayer:
        """Take one axis of the layer."""
        return self.layer.axis(index)


@dataclass(frozen=True, slots=True)
class ChainTrace:
    """All layers up to the first that cannot work; `fault` says why it cannot."""

    size: Pair
    channels: int
    layers: tuple[ChainLayer, ...]
    steps: tuple[ChainStep, ...]
    fault: SpecError | None

    @property
    def output(self) -> Pair:
        """The size after the last layer that works."""
        return self.steps[-1].output if self.steps else self.size


def trace_chain(layers: tuple[ChainLayer, ...], size: Pair, channels: int = 1) -> ChainTrace:
    """Run a size through the layers.

    >>> from cnnviz.lessons.solver.spec_layer import read_chain
    >>> trace_chain(read_chain("pool 2; conv 5"), (8, 8)).fault.message[:78]
    'Layer 2, “conv 5”: The kernel reaches over 5 cells, but the padded input has o'
    """
    steps: list[ChainStep] = []
    here, depth = size, channels
    jump = (Fraction(1), Fraction(1))
    for number, layer in enumerate(layers, start=1):
        axes = layer.axis(0), layer.axis(1)
        try:
            output = _both_sizes(axes, here)
        except SpecError as error:
            fault = SpecError("layers", f"Layer {number}, “{write_layer(layer)}”: {error.message}")
            return ChainTrace(size, channels, layers, tuple(steps), fault)
        jump = _jump(axes[0], jump[0]), _jump(axes[1], jump[1])
        before = steps[-1].field if steps else (1, 1)
        lost = layer_loss(axes[0], here[0]), layer_loss(axes[1], here[1])
        out = depth if layer.kind in {"pool", "avg"} else layer.channels or depth
        field = _fields(layers[:number], output, before, jump)
        cost = _cost(layer, (depth, out), here, output)
        steps.append(ChainStep(layer, (depth, out), here, output, lost, field, jump, *cost))
        here, depth = output, out
    return ChainTrace(size, channels, layers, tuple(steps), None)


def _both_sizes(axes: tuple[AxisLayer, AxisLayer], size: Pair) -> Pair:
    sizes = []
    for layer, n, name in zip(axes, size, AXES, strict=True):
        try:
            sizes.append(layer_size(layer, n))
        except SpecError as error:
            alike = axes[0] == axes[1] and size[0] == size[1]
            raise SpecError(error.field, error.message if alike else f"In the {name}: {error.message}") from None
    return sizes[0], sizes[1]


def _jump(layer: AxisLayer, jump: Fraction) -> Fraction:
    """Count the input cells between neighbours: a stride spreads them, a transposed one brings them together."""
    return jump / layer.stride if layer.kind == "transposed" else jump * layer.stride


def _fields(layers: tuple[ChainLayer, ...], output: Pair, before: Pair, jump: tuple[Fraction, Fraction]) -> Pair:
    """Measure the receptive field of both axes, from its first cell to its last, holes of dilation included."""
    fields = []
    for index in (0, 1):
        axes = [layer.axis(index) for layer in layers]
        if any(layer.kind == "transposed" for layer in axes):
            fields.append(_widest_field(axes, output[index]))
        else:
            last = axes[-1]
            fields.append(before[index] + (last.reach - 1) * int(jump[index] / last.stride))
    return fields[0], fields[1]


def _widest_field(axes: list[AxisLayer], output: int) -> int:
    """Follow some units back to the input; behind a transposed convolution they do not all see equally much."""
    return max(_seen(axes, unit) for unit in range(min(output, UNITS_LOOKED_AT)))


def _seen(axes: list[AxisLayer], unit: int) -> int:
    first = last = unit
    for layer in reversed(axes):
        before, reach, stride = layer.padding[0], layer.reach, layer.stride
        if layer.kind == "transposed":
            first, last = -((reach - 1 - first - before) // stride), (last + before) // stride
        else:
            first, last = first * stride - before, last * stride - before + reach - 1
        if last < first:
            return 0
    return last - first + 1


def _cost(layer: ChainLayer, channels: Pair, size: Pair, output: Pair) -> Pair:
    """Count parameters (weights and a bias for each output channel) and multiplications for one image."""
    if layer.kind in {"pool", "avg"}:
        return 0, 0
    weights = math.prod(layer.kernel) * math.prod(channels)
    # In a transposed convolution every input cell meets every weight once, in a convolution every output cell does.
    places = size if layer.kind == "transposed" else output
    return weights + channels[1], weights * math.prod(places)


@dataclass(frozen=True, slots=True)
class BackStep:
    """One layer, seen backwards: outputs between two sizes come from inputs between two sizes, if from any."""

    layer: AxisLayer
    outputs: Pair
    inputs: Pair | None


def trace_back(layers: tuple[AxisLayer, ...], output: int) -> tuple[BackStep, ...]:
    """Ask every layer, the last first, which input sizes it needs; the chain ends where there is none.

    >>> from cnnviz.lessons.solver.spec_layer import read_chain
    >>> layers = tuple(layer.axis(0) for layer in read_chain("conv 3 s2 p1; pool 4 s1"))
    >>> [step.inputs for step in trace_back(layers, 125)]
    [(128, 128), (255, 256)]
    """
    steps = []
    low = high = output
    for layer in reversed(layers):
        inputs = inputs_for(layer, low, high)
        steps.append(BackStep(layer, (low, high), inputs))
        if inputs is None:
            break
        low, high = inputs
    return tuple(steps)


def inputs_of_chain(layers: tuple[AxisLayer, ...], output: int) -> Pair | None:
    """Give the smallest and the largest input of a chain for one output size."""
    steps = trace_back(layers, output)
    return steps[-1].inputs if steps else (output, output)


def chain_size(layers: tuple[AxisLayer, ...], n: int) -> int | None:
    """Run one axis through the layers; None where a layer cannot work.

    >>> chain_size((AxisLayer("conv", 3, 2, (1, 1)), AxisLayer("pool", 4, 1)), 256)
    125
    """
    for layer in layers:
        try:
            n = layer_size(layer, n)
        except SpecError:
            return None
    return n


def nearest_outputs(layers: tuple[AxisLayer, ...], output: int, most: int = 4096) -> tuple[int, ...]:
    """Give the outputs next below and next above one that the chain cannot give.

    >>> nearest_outputs((AxisLayer("transposed", 2, 2),), 7)
    (6, 8)
    """
    found = []
    for direction in (-1, 1):
        for step in range(1, most):
            candidate = output + direction * step
            if candidate < 1:
                break
            if inputs_of_chain(layers, candidate):
                found.append(candidate)
                break
    return tuple(found)
