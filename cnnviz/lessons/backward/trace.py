"""The backward pass of one convolution, computed with everything that there is to see of it.

>>> trace = trace_backward(BackwardSpec(gradient=GridSource("onehot"), hot=(1, 1)))
>>> trace.dx.tolist()  # a single 1 in dL/dy stamps the kernel onto dL/dx ...
[[0, 0, 0, 0, 0], [0, 0, 1, 2, 0], [0, 2, 2, 0, 0], [0, 0, 1, 2, 0], [0, 0, 0, 0, 0]]
>>> trace.dw.tolist() == trace.values[1:4, 1:4].tolist()  # ... and cuts its window out of x for dL/dw
True
>>> trace.db.tolist()
[[1]]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.convolution import correlate_plane
from cnnviz.engine.grids import GridSource, Pair
from cnnviz.engine.patterns import fill_input, fill_kernel
from cnnviz.engine.windows import AxisWindows, axis_windows, pad
from cnnviz.errors import SpecError
from cnnviz.lessons.backward.spec import LARGEST_GRADIENT, ONE_HOT, BackwardSpec

AXES = ("rows", "columns")
STEP = 0.01
"""How much a nudged cell is changed. The loss is linear in each cell, so that any step gives the exact slope."""

Array = NDArray[Any]


@dataclass(frozen=True)
class Nudge:
    """One number changed by a small step: what it is called, and the loss before and after."""

    name: str
    before: float
    after: float
    gradient: float

    @property
    def slope(self) -> float:
        """The change of the loss over the step."""
        return (self.after - self.before) / STEP


@dataclass(frozen=True)
class BackwardTrace:
    """A convolution, the gradient of the loss by its output, and what it comes to for input, kernel and bias.

    The loss is L = sum(gradient * output): its gradient by the output is the `gradient` that was chosen. `spread` is
    that gradient with zeros between and around its cells, so that a plain convolution with the kernel, turned by half
    a turn, gives `dx`. `cut` counts its cells (top, bottom, left, right) that only ever met padding.
    """

    spec: BackwardSpec
    rows: AxisWindows
    columns: AxisWindows
    values: Array
    padded: Array
    weight: Array
    output: Array
    gradient: Array
    spread: Array
    dx: Array
    dw: Array
    db: Array
    nudge: Nudge

    @property
    def axes(self) -> tuple[AxisWindows, AxisWindows]:
        """Both index maps, rows first."""
        return self.rows, self.columns

    @property
    def is_uneven(self) -> bool:
        """Whether some padding differs before and after, which no layer of PyTorch can do."""
        return any(before != after for before, after in self.spec.padding)


def trace_backward(spec: BackwardSpec) -> BackwardTrace:
    """Compute the backward pass for the stage, or say which setting makes it impossible.

    >>> trace_backward(BackwardSpec(size=(6, 6), stride=(2, 2))).dx[-1].tolist()  # never read: no gradient
    [0, 0, 0, 0, 0, 0]
    """
    check_backward(spec)
    same = replace(spec, shown="dx", way="stamps", nudge=(0, 0))
    one = _both_passes(same if spec.gradient.pattern == ONE_HOT else replace(same, hot=(0, 0)))
    nudge = _nudge(spec, (one.values, one.weight, one.output, one.gradient), (one.dx, one.dw, one.db), one.axes)
    return replace(one, spec=spec, nudge=nudge)


@lru_cache(maxsize=64)
def _both_passes(spec: BackwardSpec) -> BackwardTrace:
    """Compute both passes; what is looked at and which cell is nudged changes nothing of them."""
    axes = rows, columns = check_backward(spec)
    values = fill_input(spec.values, spec.size, spec.seed)
    weight = fill_kernel(spec.weights, spec.kernel, spec.seed)
    padded = pad(values, axes)
    output = correlate_plane(padded, weight, axes)
    gradient = fill_gradient(spec.gradient, (rows.size, columns.size), spec.hot, spec.seed)
    spread = _spread(gradient, axes)
    dx = correlate_plane(spread, weight[::-1, ::-1], (spread_windows(rows), spread_windows(columns)))
    read = padded[: rows.padded_size - rows.lost, : columns.padded_size - columns.lost]
    dw = correlate_plane(read, gradient, (weight_windows(rows), weight_windows(columns)))
    db = gradient.sum().reshape(1, 1)
    for array in (padded, output, spread, dx, dw, db):
        array.setflags(write=False)
    none = Nudge("", 0, 0, 0)
    return BackwardTrace(spec, rows, columns, values, padded, weight, output, gradient, spread, dx, dw, db, none)


def check_backward(spec: BackwardSpec) -> tuple[AxisWindows, AxisWindows]:
    """Map both axes without computing anything, or say which setting makes it impossible."""
    return _windows(spec, 0), _windows(spec, 1)


def check_axis(axis: int, spec: BackwardSpec) -> None:
    """Say which setting makes one axis impossible, whatever the other is."""
    _windows(spec, axis)


def fill_gradient(source: GridSource, shape: Pair, hot: Pair, seed: int = 0) -> Array:
    """Fill dL/dy.

    >>> fill_gradient(GridSource("onehot"), (2, 3), (9, 1)).tolist()
    [[0, 0, 0], [0, 1, 0]]
    """
    if source.pattern == ONE_HOT:
        grid = np.zeros(shape, int)
        grid[inside(hot, shape)] = 1
    elif source.pattern == "random":
        grid = _drawn(seed)[: shape[0], : shape[1]].copy()
    else:
        return fill_input(source, shape)
    for row, column, value in source.edits:
        if row < shape[0] and column < shape[1]:
            if isinstance(value, float) and grid.dtype.kind != "f":
                grid = grid.astype(float)
            grid[row, column] = value
    grid.setflags(write=False)
    return grid


@lru_cache(maxsize=256)
def _drawn(seed: int) -> Array:
    """Draw the largest gradient: the smaller ones are its corners."""
    return np.random.default_rng((seed, 3)).integers(-3, 4, (LARGEST_GRADIENT, LARGEST_GRADIENT))


def inside(cell: Pair, shape: Pair) -> Pair:
    """Take a cell that lies beyond the last row or column to the last one.

    >>> inside((9, 1), (2, 3))
    (1, 1)
    """
    return min(cell[0], shape[0] - 1), min(cell[1], shape[1] - 1)


def spread_windows(axis: AxisWindows) -> AxisWindows:
    """Map the convolution that gives dL/dx: over the spread gradient, always with stride 1."""
    reach = axis.dilation * (axis.kernel - 1)
    return axis_windows(axis.n + reach, axis.kernel, 1, (0, 0), axis.dilation)


def weight_windows(axis: AxisWindows) -> AxisWindows:
    """Map the convolution that gives dL/dw: dL/dy is its kernel, the dilation its stride, the stride its dilation."""
    read = axis.padded_size - axis.lost
    return axis_windows(read, axis.size, axis.dilation, (0, 0), axis.stride)


def spread_places(axis: AxisWindows) -> tuple[int, ...]:
    """Say where every cell of dL/dy stands in the spread gradient; a place outside it is cut off.

    >>> spread_places(axis_windows(5, kernel=3, stride=2))
    (2, 4)
    """
    margin = axis.dilation * (axis.kernel - 1) - axis.padding[0]
    return tuple(range(margin, margin + axis.size * axis.stride, axis.stride))


def _spread(gradient: Array, axes: tuple[AxisWindows, AxisWindows]) -> Array:
    spread = np.zeros([axis.n + axis.dilation * (axis.kernel - 1) for axis in axes], gradient.dtype)
    (down, top), (across, left) = (_lattice(axis) for axis in axes)
    spread[down, across] = gradient[top, left]
    return spread


@lru_cache(maxsize=1024)
def _lattice(axis: AxisWindows) -> tuple[slice, slice]:
    """Say where in the spread gradient the cells of dL/dy stand, and which of them: what lies outside is cut off."""
    places, size = spread_places(axis), axis.n + axis.dilation * (axis.kernel - 1)
    kept = [at for at, place in enumerate(places) if 0 <= place < size]
    if not kept:
        return slice(0, 0), slice(0, 0)
    first, last = kept[0], kept[-1] + 1
    return slice(places[first], places[last - 1] + 1, axis.stride), slice(first, last)


def _nudge(
    spec: BackwardSpec,
    forward: tuple[Array, Array, Array, Array],
    gradients: tuple[Array, Array, Array],
    axes: tuple[AxisWindows, AxisWindows],
) -> Nudge:
    """Change one number by a small step, run forward again, and compare the losses."""
    values, weight, output, gradient = forward
    dx, dw, db = gradients
    before = float((gradient * output).sum())
    if spec.shown == "db":
        return Nudge("b", before, float((gradient * (output + STEP)).sum()), float(db[0, 0]))
    grid, slopes, name = (values, dx, "x") if spec.shown == "dx" else (weight, dw, "w")
    cell = inside(spec.nudge, (grid.shape[0], grid.shape[1]))
    moved = grid.astype(float)
    moved[cell] += STEP
    x, w = (moved, weight) if name == "x" else (values, moved)
    after = float((gradient * correlate_plane(pad(x, axes), w, axes)).sum())
    return Nudge(f"{name}[{cell[0]}, {cell[1]}]", before, after, float(slopes[cell]))


def _windows(spec: BackwardSpec, axis: int) -> AxisWindows:
    settings = spec.size[axis], spec.kernel[axis], spec.stride[axis], spec.padding[axis], spec.dilation[axis]
    try:
        return axis_windows(*settings)
    except SpecError as error:
        pairs = (spec.size, spec.kernel, spec.stride, spec.padding, spec.dilation)
        where = "" if all(rows == columns for rows, columns in pairs) else f"In the {AXES[axis]}: "
        raise SpecError(error.field, where + error.message) from None
