"""Adaptive and global pooling: the caller says how large the output is, and the windows follow from it.

>>> adaptive_windows(7, 3)
[(0, 3), (2, 5), (4, 7)]
>>> adaptive_avg_pool([[1, 2, 3, 4, 5, 6, 7]], 3).tolist()
[[2.0, 4.0, 6.0]]

The windows are uneven when the sizes do not divide, and overlap then. Inputs, ranks and types are those of
`pooling`; a single output size means a picture when there are 3 or 4 axes, unless `rank` says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.engine.arithmetic import whole
from cnnviz.engine.settings import Array, batched, per_axis, real_array, spatial_rank

OutputSize = int | Sequence[int | None] | None


def adaptive_windows(n: int, outputs: int) -> list[tuple[int, int]]:
    """Give the (start, stop) of every window along one axis.

    >>> adaptive_windows(6, 3), adaptive_windows(2, 3)
    ([(0, 2), (2, 4), (4, 6)], [(0, 1), (0, 2), (1, 2)])
    """
    n, outputs = whole("input", n, 1), whole("output_size", outputs, 1)
    return [(i * n // outputs, -(-(i + 1) * n // outputs)) for i in range(outputs)]


@overload
def adaptive_max_pool(
    x: ArrayLike, output_size: OutputSize, *, return_indices: Literal[False] = False, rank: int | None = None
) -> Array: ...
@overload
def adaptive_max_pool(
    x: ArrayLike, output_size: OutputSize, *, return_indices: Literal[True], rank: int | None = None
) -> tuple[Array, Array]: ...
def adaptive_max_pool(
    x: ArrayLike, output_size: OutputSize, *, return_indices: bool = False, rank: int | None = None
) -> Array | tuple[Array, Array]:
    """Take the largest value of as many windows as asked for; None keeps the size of an axis.

    >>> adaptive_max_pool([[[1, 2, 3], [4, 9, 6]]], (1, None)).tolist()
    [[[4, 9, 6]]]
    >>> adaptive_max_pool([[1, 2, 9, 4]], 2, return_indices=True)[1].tolist()
    [[1, 2]]
    """
    array, with_batch, windows = _prepare(x, output_size, rank)
    out = _along_each_axis(array, windows, lambda part, axis: part.max(axis=axis))
    if not return_indices:
        return out if with_batch else out[0]
    spatial = array.shape[2:]
    numbers: Array = np.arange(int(np.prod(spatial))).reshape(spatial)
    winners: Array = np.empty(out.shape, np.int64)
    cell: Any
    for cell in product(*(range(len(each)) for each in windows)):
        inside: list[Any] = [slice(*each[i]) for each, i in zip(windows, cell, strict=True)]
        part = array[(..., *inside)].reshape(*array.shape[:2], -1)
        winners[(..., *cell)] = numbers[tuple(inside)].ravel()[first_largest(part, axis=2)]
    return (out, winners) if with_batch else (out[0], winners[0])


def adaptive_avg_pool(x: ArrayLike, output_size: OutputSize, *, rank: int | None = None) -> Array:
    """Take the mean of as many windows as asked for; None keeps the size of an axis.

    >>> adaptive_avg_pool([[[1, 2], [3, 6]]], (1, 2)).tolist()
    [[[2.0, 4.0]]]
    """
    array, with_batch, windows = _prepare(x, output_size, rank)
    array = array if array.dtype.kind == "f" else array.astype(np.float64)
    # A window's rows all have the same length, so the mean of means is the mean.
    out = _along_each_axis(array, windows, lambda part, axis: part.mean(axis=axis))
    return out if with_batch else out[0]


def global_max_pool(x: ArrayLike, *, rank: int | None = None) -> Array:
    """Take the largest value of each channel; every spatial axis becomes 1 long.

    >>> global_max_pool([[[1, 2], [8, 3]]]).tolist()
    [[[8]]]
    """
    return adaptive_max_pool(x, 1, rank=rank)


def global_avg_pool(x: ArrayLike, *, rank: int | None = None) -> Array:
    """Take the mean of each channel; every spatial axis becomes 1 long.

    >>> global_avg_pool([[[1, 2], [8, 3]]]).tolist()
    [[[3.5]]]
    """
    return adaptive_avg_pool(x, 1, rank=rank)


def first_largest(values: Array, axis: int) -> Array:
    """Find the first of the largest values; but of several nan the last, as PyTorch does it.

    >>> first_largest(np.array([[1, 3, 3], [2, 0, 1]]), axis=1).tolist()
    [1, 0]
    >>> first_largest(np.array([[np.nan, 2, np.nan]]), axis=1).tolist()
    [2]
    """
    best: Array = values.argmax(axis=axis)
    if values.dtype.kind == "f":
        unknown = np.isnan(values)
        if unknown.any():
            last = values.shape[axis] - 1 - np.flip(unknown, axis).argmax(axis=axis)
            return np.where(unknown.any(axis=axis), last, best)
    return best


def _prepare(
    x: ArrayLike, output_size: OutputSize, rank: int | None
) -> tuple[Array, bool, list[list[tuple[int, int]]]]:
    """Read the input, and give the windows of every axis."""
    array = real_array("input", x)
    rank = spatial_rank(array, output_size, rank)
    array, with_batch = batched(array, rank)
    wanted = per_axis("output_size", output_size, rank)  # type: ignore[arg-type]  # None holds for all axes too
    sizes = [n if size is None else size for n, size in zip(array.shape[2:], wanted, strict=True)]
    return array, with_batch, [adaptive_windows(n, size) for n, size in zip(array.shape[2:], sizes, strict=True)]


def _along_each_axis(
    array: Array, windows: Sequence[Sequence[tuple[int, int]]], reduce: Callable[[Array, int], Array]
) -> Array:
    """Reduce the windows of one axis after the other."""
    for axis, each in enumerate(windows, start=2):
        lead = (slice(None),) * axis
        array = np.stack([reduce(array[(*lead, slice(start, stop))], axis) for start, stop in each], axis=axis)
    return array
