"""The one index map: which input cells an output cell reads along ONE axis, and the reverse.

>>> windows = axis_windows(5, kernel=3, stride=2, padding=(1, 1))
>>> windows.reads.tolist()  # output cell -> positions in the padded input, one a tap
[[0, 1, 2], [2, 3, 4], [4, 5, 6]]
>>> windows.origin.tolist()  # padded position -> the input cell that it shows, -1 for a zero
[-1, 0, 1, 2, 3, 4, -1]
>>> windows.readers[4]  # padded position -> every (output, tap) that reads it
((1, 2), (2, 0))
>>> windows.coverage.tolist()  # how often each input cell is read
[1, 2, 1, 2, 1]

Highlights, animation, coverage, the matrix view and the backward view all read this map.
More axes are a product: output (row, col) with tap (u, v) reads the padded cell
``(rows.reads[row, u], cols.reads[col, v])``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.arithmetic import Padding, both_sides, cells, effective_kernel, output_size
from cnnviz.errors import SpecError

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
PADDING_MODES: tuple[PaddingMode, ...] = get_args(PaddingMode)
Indices = NDArray[np.intp]

# The map of a longer axis is not kept: a phone's photograph would push the stage's small grids out.
LONGEST_KEPT = 256
# A page keeps its own, much narrower bounds; this one only turns a crash into a sentence.
MOST_CELLS = 1 << 30


@dataclass(frozen=True)
class AxisWindows:
    """All windows of one axis. Built by `axis_windows`, which checks the settings; arrays are read-only.

    `size` counts outputs, `padded_size` the cells of the padded axis. `overhang` counts the cells
    behind the padding that exist only because ceil mode lets the last window hang over; they are
    part of `padded_size`. `lost` counts the cells at the end that no window reaches.
    """

    n: int
    kernel: int
    stride: int
    padding: tuple[int, int]
    dilation: int
    mode: PaddingMode
    size: int
    padded_size: int
    overhang: int
    lost: int

    def __hash__(self) -> int:
        """Hash once: every link, note and origin list of an axis is looked up by it."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.n, self.kernel, self.stride, self.padding, self.dilation, self.mode, self.padded_size))

    @cached_property
    def reads(self) -> Indices:
        """Positions in the padded axis: one row an output, one column a tap."""
        starts = np.arange(self.size)[:, None] * self.stride
        return _frozen(starts + np.arange(self.kernel) * self.dilation)

    @cached_property
    def origin(self) -> Indices:
        """The input index that each padded position shows, -1 where it shows a zero."""
        before, after = self.padding
        index = np.arange(-before, self.n + after)
        last = self.n - 1
        if self.mode == "reflect":
            index = last - np.abs(last - np.abs(index))
        elif self.mode == "replicate":
            index = np.clip(index, 0, last)
        elif self.mode == "circular":
            index %= self.n
        else:
            index[(index < 0) | (index > last)] = -1
        return _frozen(np.append(index, np.full(self.overhang, -1)))

    @cached_property
    def readers(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Every (output, tap) that reads a padded position: `reads` turned round."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.padded_size)]
        for output, row in enumerate(self.reads.tolist()):
            for tap, position in enumerate(row):
                found[position].append((output, tap))
        return tuple(tuple(pairs) for pairs in found)

    @cached_property
    def taps(self) -> Indices:
        """The weight through which an output (row) reads an input cell (column), -1 where it reads it not at all."""
        found = np.full((self.size, self.n + 1), -1)
        found[np.arange(self.size)[:, None], self.origin[self.reads]] = np.arange(self.kernel)
        return _frozen(found[:, :-1])  # zeros of the padding went into the last column

    @cached_property
    def coverage_padded(self) -> Indices:
        """How often each padded position is read."""
        return _frozen(np.bincount(self.reads.ravel(), minlength=self.padded_size))

    @cached_property
    def coverage(self) -> Indices:
        """How often each input cell is read, its copies in the padding included."""
        shown = self.origin >= 0
        counts = np.zeros(self.n, dtype=np.intp)
        np.add.at(counts, self.origin[shown], self.coverage_padded[shown])
        return _frozen(counts)

    @cached_property
    def unread(self) -> tuple[int, ...]:
        """The input cells that no window reads: lost at the end, or stepped over by a large stride."""
        return tuple(np.flatnonzero(self.coverage == 0).tolist())


def axis_windows(  # noqa: PLR0917 - as in arithmetic.py
    n: int,
    kernel: int,
    stride: int = 1,
    padding: Padding = (0, 0),
    dilation: int = 1,
    mode: PaddingMode = "zeros",
    *,
    ceil_mode: bool = False,
) -> AxisWindows:
    """Map one axis, or say why it cannot be.

    >>> axis_windows(4, kernel=3, padding=1, mode="circular").origin.tolist()
    [3, 0, 1, 2, 3, 0]
    >>> axis_windows(3, kernel=3, padding=4, mode="circular")
    Traceback (most recent call last):
    cnnviz.errors.SpecError: Circular padding goes round once, so 3 cells can be padded by at most 3: 4 is 1 too many.
    """
    settings = n, kernel, stride, both_sides(padding), dilation, mode, ceil_mode
    if n.__class__ is not int or n > LONGEST_KEPT:
        return _build_windows(*settings)
    try:
        found = _kept_windows(*settings)
    except TypeError:  # a list or an array where a number belongs cannot be looked up: let it be refused
        return _build_windows(*settings)
    if isinstance(found, tuple):
        raise SpecError(*found)
    return found


def _build_windows(  # noqa: PLR0917 - positional, because that is what a cache sees
    n: int, kernel: int, stride: int, padding: tuple[int, int], dilation: int, mode: PaddingMode, ceil_mode: bool
) -> AxisWindows:
    size = output_size(n, kernel, stride, padding, dilation, ceil_mode=ceil_mode)
    _check_mode(n, padding, mode)
    padded = n + padding[0] + padding[1]
    end = (size - 1) * stride + effective_kernel(kernel, dilation)
    overhang = max(end - padded, 0)
    return AxisWindows(
        n, kernel, stride, padding, dilation, mode, size, padded + overhang, overhang, lost=max(padded - end, 0)
    )


# `typed`, so that True and 2.0 are refused even when 1 and 2 are already known.
@lru_cache(maxsize=2048, typed=True)
def _kept_windows(*settings: Any) -> AxisWindows | tuple[str, str]:
    """Map one axis, or give the field and the sentence of what cannot be: those who look for a way out ask often."""
    try:
        return _build_windows(*settings)
    except SpecError as error:
        return error.field, error.message


def product_taps(rows: Indices, columns: Indices, across: int) -> Indices:
    """Join the weights of two axes to those of a grid, `across` weights a row: (output, input), both row after row.

    >>> taps = axis_windows(2, kernel=2, padding=(1, 0)).taps
    >>> taps.tolist(), product_taps(taps, np.array([[0]]), 1).tolist()
    ([[1, -1], [0, 1]], [[1, -1], [0, 1]])
    """
    down, along = rows[:, None, :, None], columns[None, :, None, :]
    taps = np.where((down >= 0) & (along >= 0), down * across + along, -1)
    return _frozen(taps.reshape(len(rows) * len(columns), -1))


def pad(array: NDArray[Any], axes: Sequence[AxisWindows], fill: float = 0) -> NDArray[Any]:
    """Pad the last ``len(axes)`` axes of an array as the windows say; a zero becomes `fill`.

    >>> one = axis_windows(2, kernel=3, padding=1)
    >>> pad(np.array([[1, 2], [3, 4]]), (one, one)).tolist()
    [[0, 0, 0, 0], [0, 1, 2, 0], [0, 3, 4, 0], [0, 0, 0, 0]]
    """
    lead = array.ndim - len(axes)
    check_room("padding", (*array.shape[:lead], *(windows.padded_size for windows in axes)))
    if any(axis.mode != "zeros" for axis in axes):
        for offset, windows in enumerate(axes):
            array = pad_axis(array, windows, lead + offset, fill)
        return array
    shape = tuple(windows.padded_size for windows in axes)
    if shape == array.shape[lead:]:
        return array
    padded = np.full(array.shape[:lead] + shape, fill, dtype=array.dtype)
    inside: list[Any] = [slice(windows.padding[0], windows.padding[0] + windows.n) for windows in axes]
    padded[(..., *inside)] = array
    return padded


def pad_axis(array: NDArray[Any], windows: AxisWindows, axis: int = -1, fill: float = 0) -> NDArray[Any]:
    """Pad one axis of an array by gathering what `windows.origin` says.

    >>> pad_axis(np.array([1, 2, 3]), axis_windows(3, kernel=2, padding=(2, 0), mode="reflect")).tolist()
    [3, 2, 1, 2, 3]
    """
    if windows.padded_size == windows.n:
        return array
    padded = np.take(array, windows.origin, axis=axis)
    if windows.mode == "zeros" or windows.overhang:
        np.moveaxis(padded, axis, 0)[windows.origin < 0] = fill
    return padded


def check_room(field: str, shape: Sequence[int]) -> None:
    """Refuse an array that no machine of ours has room for, before numpy tries.

    >>> check_room("padding", (1, 200_000, 200_000))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: That makes a grid of 1 × 200000 × 200000 cells, but at most 1073741824 can be computed.
    """
    if math.prod(shape) > MOST_CELLS:
        grid = " × ".join(map(str, shape))
        raise SpecError(field, f"That makes a grid of {grid} cells, but at most {MOST_CELLS} can be computed.")


def _check_mode(n: int, padding: tuple[int, int], mode: PaddingMode) -> None:
    """Refuse what a padding mode cannot copy: there is only so much to mirror or to go round."""
    if mode not in PADDING_MODES:
        raise SpecError(
            "padding_mode", f"There is no padding mode called {mode!r}: take one of {', '.join(PADDING_MODES)}."
        )
    most = {"reflect": n - 1, "circular": n}.get(mode)
    wanted = max(padding)
    if most is not None and wanted > most:
        why = "Reflect padding mirrors at the last cell" if mode == "reflect" else "Circular padding goes round once"
        raise SpecError(
            "padding",
            f"{why}, so {cells(n)} can be padded by at most {most}: {wanted} is {wanted - most} too many.",
        )


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Make an array read-only: the map is shared by every session."""
    array.setflags(write=False)
    return array
