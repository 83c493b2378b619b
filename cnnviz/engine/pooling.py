"""Pooling in 1, 2 and 3 dimensions: each window gives its largest value, its mean or its norm.

>>> import numpy as np
>>> grid = np.array([[[1, 5, 2, 0], [3, 4, 8, 1], [0, 1, 6, 6], [2, 2, 7, 9]]])
>>> max_pool(grid, 2).tolist()
[[[5, 8], [2, 9]]]
>>> avg_pool(grid, 2).tolist()
[[[3.25, 2.75], [1.25, 7.0]]]

Inputs are (N, C, *spatial) or (C, *spatial). How many axes are spatial: as many as `kernel` has numbers;
if it is a single number, `rank` says it, and without `rank` 3 or 4 axes are a picture (C, H, W) or
(N, C, H, W), 2 axes a line (C, length) and 5 axes a batch of volumes. Largest values keep their type;
means and norms of whole numbers are float64.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.engine.adaptive import (
    adaptive_avg_pool,
    adaptive_max_pool,
    adaptive_windows,
    first_largest,
    global_avg_pool,
    global_max_pool,
)
from cnnviz.engine.arithmetic import Padding, both_sides, whole
from cnnviz.engine.fast import window_view
from cnnviz.engine.settings import (
    Array,
    PerAxis,
    batched,
    layer_axes,
    named_axis,
    per_axis,
    real_array,
    spatial_rank,
)
from cnnviz.engine.windows import AxisWindows, pad
from cnnviz.errors import SpecError

__all__ = [
    "adaptive_avg_pool",
    "adaptive_max_pool",
    "adaptive_windows",
    "avg_pool",
    "global_avg_pool",
    "global_max_pool",
    "lp_pool",
    "max_pool",
    "means_of",
    "norm_of",
    "pool_axes",
    "winners_of",
]

PoolPadding = int | Sequence[Padding]


@overload
def max_pool(
    x: ArrayLike,
    kernel: PerAxis,
    *,
    stride: PerAxis | None = None,
    padding: PoolPadding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
    rank: int | None = None,
) -> Array: ...
@overload
def max_pool(
    x: ArrayLike,
    kernel: PerAxis,
    *,
    stride: PerAxis | None = None,
    padding: PoolPadding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: Literal[True],
    rank: int | None = None,
) -> tuple[Array, Array]: ...
def max_pool(
    x: ArrayLike,
    kernel: PerAxis,
    *,
    stride: PerAxis | None = None,
    padding: PoolPadding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
    rank: int | None = None,
) -> Array | tuple[Array, Array]:
    """Take the largest value of every window; padding never wins.

    >>> max_pool([[[-3, -1], [-2, -4]]], 2, stride=1, padding=1).tolist()
    [[[-3, -1, -1], [-2, -1, -1], [-2, -2, -4]]]
    >>> max_pool([[1, 7, 7, 3]], 2, return_indices=True)[1].tolist()
    [[1, 2]]

    `stride` None means the kernel. The indices count the cells of one channel, (row * columns + column) in a
    picture, and name the first of equal winners; nan wins, and of several the last, all as in PyTorch. An index of -1
    means that a dilated window stepped over all of a small input.
    """
    x, with_batch, axes = _prepare(x, kernel, stride, padding, dilation, ceil_mode, rank)
    if return_indices:
        found, winners = winners_of(x, axes)
        return (found, winners) if with_batch else (found[0], winners[0])
    out = _reduce(np.maximum, pad(x, axes, _lowest(x)), axes)
    return out if with_batch else out[0]


def avg_pool(
    x: ArrayLike,
    kernel: PerAxis,
    *,
    stride: PerAxis | None = None,
    padding: PoolPadding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    rank: int | None = None,
) -> Array:
    """Take the mean of every window.

    >>> avg_pool([[6, 6, 6]], 3, stride=1, padding=1).tolist()
    [[4.0, 6.0, 4.0]]
    >>> avg_pool([[6, 6, 6]], 3, stride=1, padding=1, count_include_pad=False).tolist()
    [[6.0, 6.0, 6.0]]

    The divisor counts the cells that a window reads in the padded input, or in the input alone if the padding
    does not count. What hangs over the end in ceil mode never counts, as in PyTorch. Dilation is our addition.
    """
    x, with_batch, axes = _prepare(x, kernel, stride, padding, dilation, ceil_mode, rank)
    out = means_of(x, axes, count_include_pad=count_include_pad)
    return out if with_batch else out[0]


def means_of(x: Array, axes: Sequence[AxisWindows], *, count_include_pad: bool = True) -> Array:
    """Take the mean of every window of (N, C, *cells). Nothing is checked: for inner loops."""
    out = _reduce(np.add, pad(_as_float(x), axes), axes)
    for offset, axis in enumerate(axes):
        end = axis.padded_size - axis.overhang
        counted = axis.reads < end if count_include_pad else axis.origin[axis.reads] >= 0
        # A dilated window can step over all of a small input: its sum is 0, and so is its mean.
        divisor = np.maximum(counted.sum(axis=1), 1).astype(out.dtype)
        out /= divisor.reshape(-1, *(1,) * (len(axes) - 1 - offset))
    return out


def lp_pool(
    x: ArrayLike,
    kernel: PerAxis,
    p: float = 2,
    *,
    stride: PerAxis | None = None,
    padding: PoolPadding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    rank: int | None = None,
) -> Array:
    """Take the p-norm of every window, (sum of x ** p) ** (1 / p).

    >>> lp_pool([[3, 4, 6, 8]], 2).tolist()
    [[5.0, 10.0]]
    >>> lp_pool([[3, -4]], 2, 1).tolist()
    [[-1.0]]

    As in PyTorch an odd p keeps the signs, so that p = 1 is the sum and not the sum of sizes; in ceil mode
    a window that hangs over the end is scaled up as if it were whole; and an infinite p takes the largest size
    (the smallest, if it is negative). Where PyTorch gives nan we take the real root of a negative sum (odd p),
    or the sizes of the values (p not a whole number). Padding adds nothing.
    """
    if p == 0 or math.isnan(p):
        raise SpecError("p", f"The power p is {p}, but only other numbers have a root: 1 sums, 2 gives the length.")
    x, with_batch, axes = _prepare(x, kernel, stride, padding, dilation, ceil_mode, rank)
    x = _as_float(x)
    out = _extreme_size(x, axes, p) if math.isinf(p) else norm_of(x, axes, p)
    return out if with_batch else out[0]


def norm_of(x: Array, axes: Sequence[AxisWindows], p: float) -> Array:
    """Take the p-norm as PyTorch does: the mean of the powers, times the size of a whole window, and its root.

    `x` holds floats, (N, C, *cells). Nothing is checked.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.power(x if p == int(p) else np.abs(x), x.dtype.type(p))
        total = _reduce(np.add, pad(powers, axes), axes)
        for offset, axis in enumerate(axes):
            inside = np.maximum((axis.reads < axis.padded_size - axis.overhang).sum(axis=1), 1)
            total *= (axis.kernel / inside).astype(total.dtype).reshape(-1, *(1,) * (len(axes) - 1 - offset))
        root: Array = np.sign(total) * np.power(np.abs(total), total.dtype.type(1 / p))
    return root


def _extreme_size(x: Array, axes: Sequence[AxisWindows], p: float) -> Array:
    """Take what a norm tends to: the largest size, or for a negative p the smallest."""
    sign = math.copysign(1, p)
    largest = _reduce(np.maximum, pad(np.abs(x) * sign, axes, -np.inf), axes)
    return largest * sign


def _prepare(  # noqa: PLR0917 - the settings of every pooling, in their usual order
    x: ArrayLike,
    kernel: PerAxis,
    stride: PerAxis | None,
    padding: PoolPadding,
    dilation: PerAxis,
    ceil_mode: bool,
    rank: int | None,
) -> tuple[Array, bool, tuple[AxisWindows, ...]]:
    """Read the input and map its axes."""
    array = real_array("input", x)
    rank = spatial_rank(array, kernel, rank)
    array, with_batch = batched(array, rank)
    return array, with_batch, pool_axes(array.shape[2:], kernel, stride, padding, dilation, ceil_mode)


def pool_axes(  # noqa: PLR0917 - the settings of every pooling, in their usual order
    sizes: Sequence[int],
    kernel: PerAxis,
    stride: PerAxis | None = None,
    padding: PoolPadding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
) -> tuple[AxisWindows, ...]:
    """Map every axis of a pooling, or say which setting makes it impossible.

    >>> [axis.size for axis in pool_axes((6, 7), 3, 2, ceil_mode=True)]
    [3, 3]
    """
    rank = len(sizes)
    kernels = tuple(whole("kernel", size, 1) for size in per_axis("kernel", kernel, rank))
    if isinstance(padding, str):
        raise SpecError("padding", f"Pooling pads by numbers, but the padding is {padding!r}: 0 pads nothing.")
    settings = sizes, kernels, per_axis("padding", padding, rank), per_axis("dilation", dilation, rank)
    for axis, (_, size, both, _) in enumerate(zip(*settings, strict=True)):
        with named_axis(rank, axis, settings):
            _check_padding(size, both)
    moves = kernels if stride is None else stride
    return layer_axes(sizes, kernels, stride=moves, padding=padding, dilation=dilation, ceil_mode=ceil_mode)


def _check_padding(kernel: int, padding: Padding) -> None:
    """Refuse padding in which a whole window could lie without touching the input."""
    widest, most = max(both_sides(padding)), kernel // 2
    if widest > most:
        raise SpecError(
            "padding",
            f"The padding is {widest}, but a pooling window of {kernel} may be padded by at most half of that, {most}: "
            f"{widest - most} too many. With more, a window could lie in the padding alone.",
        )


def _as_float(x: Array) -> Array:
    """Means and norms of whole numbers are not whole."""
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def _reduce(combine: np.ufunc, padded: Array, axes: Sequence[AxisWindows]) -> Array:
    """Combine the cells of every window: axis after axis, since a window is a product of its axes."""
    for offset, axis in enumerate(axes, start=padded.ndim - len(axes)):
        lead = (slice(None),) * offset
        length = (axis.size - 1) * axis.stride + 1
        taps = [
            padded[(*lead, slice(start, start + length, axis.stride))]
            for start in range(0, axis.kernel * axis.dilation, axis.dilation)
        ]
        padded = taps[0].copy()
        for tap in taps[1:]:
            combine(padded, tap, out=padded)
    return padded


def _lowest(x: Array) -> float:
    """Give what no number of a type can be smaller than."""
    return -np.inf if x.dtype.kind == "f" else False if x.dtype.kind == "b" else np.iinfo(x.dtype).min


def winners_of(x: Array, axes: Sequence[AxisWindows]) -> tuple[Array, Array]:
    """Give the largest value of every window of (N, C, *cells), and the index of its cell. Nothing is checked."""
    padded = pad(x, axes, _lowest(x))
    batch, channels = padded.shape[:2]
    sizes, kernels = [axis.size for axis in axes], [axis.kernel for axis in axes]
    windows = window_view(padded, axes, groups=channels)[:, :, 0]
    best = first_largest(windows.reshape(batch, channels, math.prod(kernels), *sizes), axis=2)
    taps = np.unravel_index(best, kernels)
    outputs = np.ogrid[tuple(map(slice, best.shape))]
    positions = [axis.reads[at, tap] for axis, at, tap in zip(axes, outputs[2:], taps, strict=True)]
    found: Array = padded[outputs[0], outputs[1], *positions]
    cells = [axis.origin[position] for axis, position in zip(axes, positions, strict=True)]
    winners = _counted(cells, axes)
    if (winners < 0).any():  # all cells are as low as the padding itself: the first real cell wins
        winners = np.where(winners < 0, _first_real(axes), winners)
    return found, winners


def _first_real(axes: Sequence[AxisWindows]) -> Array:
    """Give the first cell of the input that every window reads, or -1 if it reads nothing but padding."""
    inside = [axis.origin[axis.reads] for axis in axes]
    firsts = [np.take_along_axis(read, (read >= 0).argmax(axis=1)[:, None], axis=1)[:, 0] for read in inside]
    return _counted(np.ix_(*firsts), axes)


def _counted(cells: Sequence[Array], axes: Sequence[AxisWindows]) -> Array:
    """Count cells of the input row after row; -1 where one of the numbers is -1."""
    number, inside = cells[0], cells[0] >= 0
    for cell, axis in zip(cells[1:], axes[1:], strict=True):
        number, inside = number * axis.n + cell, inside & (cell >= 0)
    return np.where(inside, number, -1)
