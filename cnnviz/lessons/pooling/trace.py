"""One pooling of the stage, computed with everything that there is to see of it.

>>> trace = trace_pooling(PoolingSpec())
>>> trace.output.tolist()
[[13, 10, 2], [14, 11, 3], [13, 10, 3]]
>>> trace.reads[0], trace.winners[0].tolist()
(((0, 1), (2, 3), (4, 5)), [7, 8, 10])
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.arithmetic import effective_kernel
from cnnviz.engine.patterns import fill_input
from cnnviz.engine.pooling import (
    adaptive_avg_pool,
    adaptive_max_pool,
    adaptive_windows,
    means_of,
    norm_of,
    pool_axes,
    winners_of,
)
from cnnviz.engine.windows import AxisWindows, axis_windows, pad
from cnnviz.errors import SpecError
from cnnviz.lessons.pooling.spec import PoolingSpec

Array = NDArray[Any]
Axes = tuple[AxisWindows, AxisWindows]
Reads = tuple[tuple[int, ...], ...]
"""The positions of the padded axis that each output reads."""


@dataclass(frozen=True)
class PoolingTrace:
    """A spec with its numbers.

    `axes` are the index maps of the padding, and of the windows too if these slide; `reads` are the windows in any
    case. `indices` name the cell of the input that each maximum came from, `winners` the same cell in `padded`, both
    counted row after row. `divisors` are what each average was divided by (for an L2 norm: what its sum of squares
    was divided by, where a window hangs over the end). `unpooled` has every maximum back in its place.
    """

    spec: PoolingSpec
    axes: Axes
    reads: tuple[Reads, Reads]
    values: Array
    padded: Array
    output: Array
    divisors: Array | None = None
    indices: Array | None = None
    winners: Array | None = None
    unpooled: Array | None = None

    @property
    def sliding(self) -> bool:
        """Whether windows of one size slide over the input."""
        return self.spec.used_area == "windows"

    @property
    def terms(self) -> int:
        """Count the cells that all windows read, padding included."""
        rows, columns = (sum(map(len, reads)) for reads in self.reads)
        return rows * columns


def trace_pooling(spec: PoolingSpec) -> PoolingTrace:
    """Compute a pooling for the stage, or say which setting makes it impossible.

    >>> trace_pooling(PoolingSpec(padding=(2, 2)))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: The padding is 2, but a pooling window of 2 may be padded by at most half of that, 1: \
1 too many. With more, a window could lie in the padding alone.
    """
    axes = check_pooling(spec)
    values = fill_input(spec.values, spec.size, spec.seed)
    padded = pad(values, axes)
    if spec.used_area != "windows":
        return _adaptive(spec, axes, values)
    reads = _reads(axes[0]), _reads(axes[1])
    plane = values[None, None]
    if spec.op == "norm":
        output = norm_of(plane.astype(float), axes, 2)[0, 0]
        return PoolingTrace(spec, axes, reads, values, padded, output, _shares(axes))
    if spec.op == "mean":
        output = means_of(plane, axes, count_include_pad=spec.count_pad)[0, 0]
        return PoolingTrace(spec, axes, reads, values, padded, output, _divisors(axes, count_pad=spec.count_pad))
    output, found = (one[0, 0] for one in winners_of(plane, axes))
    unpooled = max_unpool(output, found, spec.size) if spec.undone else None
    winners = _in_padded(found, axes)
    return PoolingTrace(spec, axes, reads, values, padded, output, None, found, winners, unpooled)


def check_pooling(spec: PoolingSpec) -> Axes:
    """Map both axes without computing anything, or say which setting makes it impossible."""
    if spec.used_area != "windows":
        return axis_windows(spec.size[0], 1), axis_windows(spec.size[1], 1)
    found = _kept_axes(spec.size, spec.kernel, spec.steps, spec.used_padding, spec.used_dilation, spec.ceil)
    if isinstance(found, SpecError):
        raise SpecError(found.field, found.message)
    return found


@lru_cache(maxsize=2048)
def _kept_axes(*settings: Any) -> Axes | SpecError:
    """Map both axes, or give the error: those who look for a way out ask often."""
    try:
        axes = pool_axes(*settings)
        for axis in axes:
            _check_every_window_meets_data(axis)
    except SpecError as error:
        return SpecError(error.field, error.message)  # without all that hangs on one that was raised
    return cast("Axes", axes)


def check_axis(axis: int, spec: PoolingSpec) -> None:
    """Say which setting makes one axis impossible, whatever the other is."""
    if spec.used_area == "windows":
        one = slice(axis, axis + 1)
        pairs = spec.size, spec.kernel, spec.steps, spec.used_padding, spec.used_dilation
        found = _kept_axes(*(pair[one] for pair in pairs), spec.ceil)
        if isinstance(found, SpecError):
            raise SpecError(found.field, found.message)


def _check_every_window_meets_data(axis: AxisWindows) -> None:
    """Refuse what PyTorch answers with minus infinity: a dilated window that steps over all of a small input."""
    if (axis.origin[axis.reads] >= 0).any(axis=1).all():
        return
    reach = effective_kernel(axis.kernel, axis.dilation)
    raise SpecError(
        "dilation",
        f"A window that reaches over {reach} cells at dilation {axis.dilation} steps over all of an input of {axis.n} "
        "and reads nothing but padding: it has no largest number. Take a smaller dilation, or no padding.",
    )


def max_unpool(pooled: Array, indices: Array, size: tuple[int, int]) -> Array:
    """Put every maximum back where it came from, and zeros everywhere else.

    >>> max_unpool(np.array([[7, 9]]), np.array([[1, 2]]), (1, 4)).tolist()
    [[0, 7, 9, 0]]
    """
    grid: Array = np.zeros(size, pooled.dtype)
    grid.ravel()[indices.ravel()] = pooled.ravel()
    return grid


def _adaptive(spec: PoolingSpec, axes: Axes, values: Array) -> PoolingTrace:
    windows = [adaptive_windows(size, outputs) for size, outputs in zip(spec.size, spec.grid, strict=True)]
    rows, columns = (tuple(tuple(range(*window)) for window in each) for each in windows)
    if spec.op == "mean":
        output = adaptive_avg_pool(values[None], spec.grid)[0]
        divisors = np.outer(list(map(len, rows)), list(map(len, columns)))
        return PoolingTrace(spec, axes, (rows, columns), values, values, output, divisors)
    output, found = adaptive_max_pool(values[None], spec.grid, return_indices=True)
    return PoolingTrace(spec, axes, (rows, columns), values, values, output[0], None, found[0], found[0])


@lru_cache(maxsize=2048)
def _reads(axis: AxisWindows) -> Reads:
    return tuple(map(tuple, axis.reads.tolist()))


def _divisors(axes: Axes, *, count_pad: bool) -> Array:
    """Count the cells that each average counts: what hangs over the end never does."""
    return np.outer(*(_counted(axis, count_pad) for axis in axes))


@lru_cache(maxsize=2048)
def _counted(axis: AxisWindows, count_pad: bool) -> Array:
    counted = axis.reads < axis.padded_size - axis.overhang if count_pad else axis.origin[axis.reads] >= 0
    count: Array = counted.sum(axis=1)
    return count


def _shares(axes: Axes) -> Array | None:
    """Give the part of each window that lies inside: PyTorch scales an L2 norm up as if the window were whole."""
    if not any(axis.overhang for axis in axes):
        return None
    return _divisors(axes, count_pad=True) / (axes[0].kernel * axes[1].kernel)


def _in_padded(indices: Array, axes: Axes) -> Array:
    """Count cells of the input as cells of the padded input."""
    rows, columns = axes
    row, column = np.divmod(indices, columns.n)
    cells: Array = (row + rows.padding[0]) * columns.padded_size + column + columns.padding[0]
    return cells
