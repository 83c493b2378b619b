"""The exact receptive field of one unit: which pixels can change it, and in how many ways.

>>> from cnnviz.engine.networks.graph import Draft
>>> draft = Draft("holes", "Two dilated layers", (1, 9, 9))
>>> last = draft.chain([Conv(1, 3, padding=2, dilation=2), Conv(1, 3, padding=2, dilation=2)])
>>> field = exact_field(draft.done(), last, (4, 4))
>>> field.box, field.count, field.ways[4].astype(int).tolist()
((0, 0, 9, 9), 25, [3, 0, 6, 0, 9, 0, 6, 0, 3])

Sets of cells are sent backward through the graph, from the unit to the picture; where branches meet, they are united.
What is sent is how often each cell is used: in how many ways the unit can be reached from it, channels not counted.
A set has the shape of its layer's output, but for its first axis: 1 while all channels are alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.cut import cut
from cnnviz.engine.networks.graph import INPUT, Network, Shape
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    Add,
    BatchNorm,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Linear,
    Mean,
    Multiply,
    Norm,
    PixelShuffle,
    View,
)
from cnnviz.engine.networks.layers.shapes import mean_axes
from cnnviz.engine.networks.reads import PADDING, Reads, layer_reads
from cnnviz.engine.networks.trace import NetworkTrace, Row, trace_network
from cnnviz.errors import SpecError

Ways = NDArray[np.float64]
Unit = tuple[int, ...]
MOST_WAYS = 1e200
"""Beyond it ways are no longer counted."""


@dataclass(frozen=True, eq=False)
class ExactField:
    """What one unit sees."""

    unit: Unit
    ways: Ways
    """For each pixel of the picture: in how many ways it reaches the unit, channels not counted; 0 outside."""

    @property
    def mask(self) -> NDArray[np.bool_]:
        """The pixels that can change the unit."""
        return self.ways > 0

    @property
    def count(self) -> int:
        """How many pixels these are."""
        return int(np.count_nonzero(self.ways))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The smallest rectangle around them: row, column, height, width; without a size if there are none."""
        mask = self.mask
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        if not rows.size:
            return 0, 0, 0, 0
        top, left = int(rows[0]), int(columns[0])
        return top, left, int(rows[-1]) - top + 1, int(columns[-1]) - left + 1

    @property
    def holes(self) -> int:
        """How many pixels of that rectangle cannot change the unit."""
        return self.box[2] * self.box[3] - self.count


def exact_field(network: Network, layer: str, unit: Unit, size: Shape | None = None) -> ExactField:
    """Give the field of a unit: (row, column) of a map, or the number of one in a list. All its channels count."""
    trace = trace_network(cut(network, layer), size)
    if trace.fault:
        raise trace.fault
    shape = trace.rows[-1].output_shape
    flat = len(shape) == 1
    if len(unit) != (1 if flat else len(shape) - 1):
        raise SpecError("at", f"The layer’s output is {shape}; a unit of it needs as many numbers as it has axes.")
    if any(not 0 <= one < n for one, n in zip(unit, shape if flat else shape[1:], strict=True)):
        raise SpecError("at", f"There is no unit {unit} in an output of {shape}.")
    start = np.zeros(shape if flat else (1, *shape[1:]))
    start[unit if flat else (0, *unit)] = 1
    held: dict[str, Ways] = {layer: start}
    for row in reversed(trace.rows):
        ways = held.pop(row.name, None)
        if ways is None:
            continue
        ways = np.minimum(ways, MOST_WAYS)
        names = trace.network.inputs_of(row.name)
        for number, name in enumerate(names):
            before = _backward(row, ways, number)
            if before is not None:
                held[name] = held[name] + before if name in held else before
    found = held.get(INPUT)
    spatial = trace.input[1:]
    ways = np.zeros(spatial) if found is None else np.broadcast_to(found, (found.shape[0], *spatial)).max(axis=0)
    ways = np.minimum(ways, MOST_WAYS)
    ways.flags.writeable = False
    return ExactField(unit, ways)


def _backward(row: Row, ways: Ways, number: int) -> Ways | None:  # noqa: PLR0911, PLR0912 - one case a kind of layer
    """Send a set from a layer's output to one of its inputs; None if it does not read that one."""
    layer, shape, output = row.node.layer, row.inputs[number], row.output_shape
    match layer:
        case Add() | Multiply():
            return _meeting(ways, shape, output)
        case Concat():
            return _concat(layer, row.inputs, ways, number)
        case PixelShuffle():
            return _shuffled(layer, ways, shape, output)
        case Flatten() | View():
            if math.prod(ways.shape) == 1:
                return np.full((1, *shape[1:]), ways.flat[0])
            return _alike(np.broadcast_to(ways, output).reshape(shape))
        case Linear():
            if len(shape) == 1:
                return _any(ways)
            return np.tile(ways.sum(axis=-1, keepdims=True), shape[-1])
        case Mean():
            gone = mean_axes(layer, shape)
            wide = np.broadcast_to(ways, output)
            return _alike(np.broadcast_to(wide if layer.keep else np.expand_dims(wide, tuple(gone)), shape))
        case Activation(how="softmax" | "log_softmax"):
            return _any(ways)
        case Norm():
            return _normed(layer, ways, shape)
        case Activation() | BatchNorm() | Dropout():
            return ways
    if number:
        return None  # the second input of a crop only says how large
    reads = layer_reads(layer, shape[1:], output[1:], row.inputs)
    if reads is None:
        raise TypeError(f"There is no way back through {layer!r}.")
    if isinstance(layer, Conv) or layer.kind == "conv_transpose":
        ways = _channels(ways, getattr(layer, "groups", 1), shape[0])
    for axis, (n, table) in enumerate(zip(shape[1:], reads, strict=True), 1):
        ways = spread(ways, table, n, axis)
    return ways


def spread(ways: Ways, reads: Reads, n: int, axis: int) -> Ways:
    """Give every cell of an axis the ways of all that read it.

    >>> spread(np.array([1.0, 2.0]), np.array([[0, 1, 2], [2, 3, -1]]), 4, 0).tolist()
    [1.0, 1.0, 3.0, 2.0]
    """
    source = np.moveaxis(ways, axis, 0)
    target = np.zeros((n, *source.shape[1:]))
    for places in reads.T:
        real = places != PADDING
        cells = places[real]
        if np.all(np.diff(cells) > 0):
            target[cells] += source[real]
        else:
            np.add.at(target, cells, source[real])
    return np.moveaxis(target, 0, axis)


def _alike(ways: Ways) -> Ways:
    """Write channels that are alike as one."""
    return ways[:1] if ways.shape[0] > 1 and bool((ways == ways[0]).all()) else ways


def _any(ways: Ways) -> Ways:
    """Join all channels: the one with the most ways counts."""
    most: Ways = ways.max(axis=0, keepdims=True)
    return most


def _channels(ways: Ways, groups: int, channels: int) -> Ways:
    """Go from a convolution's output channels to what arrives: each group reads its own channels, all of them."""
    if ways.shape[0] == 1 or groups == 1:
        return _any(ways)
    grouped = ways.reshape(groups, -1, *ways.shape[1:]).max(axis=1)
    return _alike(np.repeat(grouped, channels // groups, axis=0))


def _meeting(ways: Ways, shape: Shape, output: Shape) -> Ways:
    """Go back to one of several branches that meet, also to one that was repeated to fit."""
    if shape[1:] == output[1:] and len(shape) == len(output):
        return ways if shape[0] == output[0] else _any(ways)
    wide = np.broadcast_to(ways, output)
    longer = (1,) * (len(output) - len(shape)) + shape
    for axis, (n, m) in enumerate(zip(longer, output, strict=True)):
        if n != m:
            fold: Callable[..., Any] = np.sum if axis else np.max
            wide = fold(wide, axis=axis, keepdims=True)
    return _alike(wide.reshape(shape))


def _concat(layer: Concat, shapes: Sequence[Shape], ways: Ways, number: int) -> Ways:
    axis = layer.axis - 1 if layer.axis > 0 else layer.axis + len(shapes[0])
    if axis == 0 and ways.shape[0] == 1:
        return ways
    first = sum(shape[axis] for shape in shapes[:number])
    return np.take(ways, range(first, first + shapes[number][axis]), axis=axis)


def _shuffled(layer: PixelShuffle, ways: Ways, shape: Shape, output: Shape) -> Ways:
    factor = layer.factor
    if layer.down:
        height, width = output[1:]
        wide = np.broadcast_to(ways, output).reshape(shape[0], factor, factor, height, width)
        return _alike(wide.transpose(0, 3, 1, 4, 2).reshape(shape))
    height, width = shape[1:]
    parts = ways.reshape(-1, height, factor, width, factor).transpose(0, 2, 4, 1, 3).reshape(-1, height, width)
    return _alike(np.tile(parts, (shape[0] // parts.shape[0], 1, 1)))


def _normed(layer: Norm, ways: Ways, shape: Shape) -> Ways:
    """A norm over a whole map makes every unit depend on all of it."""
    if layer.how == "response":
        return _any(ways)
    wide = np.broadcast_to(ways, (ways.shape[0], *shape[1:]))
    if layer.how == "layer":
        axes = tuple(range(len(shape) - max(len(layer.shape), 1), len(shape)))
        total = wide.sum(axis=axes, keepdims=True)
        return _alike(np.broadcast_to(total, (total.shape[0], *shape[1:])))
    total = wide.sum(axis=tuple(range(1, len(shape))), keepdims=True)
    total = _channels(total, layer.groups if layer.how == "group" else shape[0], shape[0])
    return np.broadcast_to(total, (total.shape[0], *shape[1:]))


QUIET = (Activation, BatchNorm, Dropout, Norm)
"""Layers that change no size and (but for some norms) read one place: they are left out where layers are listed."""


def listed_rows(trace: NetworkTrace, chosen: str = "") -> list[Row]:
    """List the layers that make a field grow, move or end; and the chosen one."""
    return [row for row in trace.rows if not isinstance(row.node.layer, QUIET) or row.name == chosen] or list(
        trace.rows
    )


def default_layer(trace: NetworkTrace) -> str:
    """Choose a layer whose field is easy to see: the one that sees most, but at most half of the picture's side.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> default_layer(trace_network(ARCHITECTURES["vgg16"])), default_layer(trace_network(ARCHITECTURES["lenet5"]))
    ('features.23', 's4')
    """
    rows = listed_rows(trace)
    fitting = [
        row
        for row in rows
        if len(row.output_shape) == 3
        and min(row.output_shape[1:]) > 1
        and all(2 * field.size <= n for field, n in zip(row.receptive_field, trace.input[1:], strict=True))
    ]
    return max(fitting, key=lambda row: row.receptive_field[0].size).name if fitting else rows[0].name


def middle_unit(row: Row) -> Unit:
    """Give the unit in the middle of a layer's map, or the first of a list."""
    return (0,) if len(row.output_shape) == 1 else tuple(n // 2 for n in row.output_shape[1:])


def unit_over(row: Row, place: Sequence[Fraction | int]) -> Unit:
    """Give the unit whose centre is nearest to a place of the picture."""
    shape = row.output_shape
    if len(shape) != len(row.receptive_field) + 1:
        return middle_unit(row)
    found = []
    for one, field, n in zip(place, row.receptive_field, shape[1:], strict=True):
        unit = round((one - field.centre) / field.stride) if field.stride else n // 2
        found.append(min(max(unit, 0), n - 1))
    return tuple(found)


def centre_of(row: Row, unit: Unit) -> tuple[Fraction, ...]:
    """Give the place over which a unit stands."""
    units = unit if len(unit) == len(row.receptive_field) else (0,) * len(row.receptive_field)
    return tuple(field.centre + one * field.stride for field, one in zip(row.receptive_field, units, strict=True))
