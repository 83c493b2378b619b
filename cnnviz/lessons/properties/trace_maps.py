"""The index maps of the experiments: borders, shifts, and what stays clear of both.

>>> shift_picks((3, 2), (1, 0), wraps=False), shift_picks((3, 2), (1, 0), wraps=True)
(((-1, 0, 1), (0, 1)), ((2, 0, 1), (0, 1)))
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.arithmetic import full_padding, same_padding
from cnnviz.engine.grids import Pair
from cnnviz.engine.windows import AxisWindows, PaddingMode, axis_windows
from cnnviz.errors import SpecError
from cnnviz.lessons.properties.spec import PropertiesSpec

Array = NDArray[Any]
Axes = tuple[AxisWindows, AxisWindows]
Picks = tuple[tuple[int, ...], tuple[int, ...]]
Sides = tuple[Pair, Pair]

AXES = ("rows", "columns")


def full_axes(size: Pair, kernel: Pair) -> Axes:
    """Map a convolution with every window that touches the input."""
    rows, columns = (axis_windows(n, k, 1, full_padding(k)) for n, k in zip(size, kernel, strict=True))
    return rows, columns


def bordered_axes(spec: PropertiesSpec, size: Pair, kernel: Pair, stride: Pair = (1, 1)) -> Axes:
    """Map a convolution with the border of the spec: none, or as much as keeps the size at stride 1."""
    if spec.border == "valid":
        sides: Sides = ((0, 0), (0, 0))
    else:
        sides = same_padding(size[0], kernel[0]), same_padding(size[1], kernel[1])
    return padded_axes(spec, size, kernel, stride, sides)


def associative_axes(spec: PropertiesSpec) -> tuple[Axes, Axes, Axes, Axes]:
    """Map the first kernel, the second behind it, one over the other, and the input with both as one kernel."""
    first = bordered_axes(spec, spec.size, spec.kernel)
    second = bordered_axes(spec, (first[0].size, first[1].size), spec.second)
    together = full_axes(spec.kernel, spec.second)
    (top, left), (down, right) = (
        [(one.padding[end] + two.padding[end]) for one, two in zip(first, second, strict=True)] for end in (0, 1)
    )
    sides = (top, down), (left, right)
    combined = together[0].size, together[1].size
    return first, second, together, padded_axes(spec, spec.size, combined, (1, 1), sides)


def padded_axes(spec: PropertiesSpec, size: Pair, kernel: Pair, stride: Pair, sides: Sides) -> Axes:
    """Map a convolution with so much padding, zeros or circular, or say what makes it impossible."""
    mode: PaddingMode = "circular" if spec.border == "circular" else "zeros"
    found = []
    for axis in (0, 1):
        try:
            found.append(axis_windows(size[axis], kernel[axis], stride[axis], sides[axis], 1, mode))
        except SpecError as error:
            alike = size[0] == size[1] and kernel[0] == kernel[1]
            where = "" if alike else f"In the {AXES[axis]}: "
            raise SpecError(error.field, where + error.message) from None
    rows, columns = found
    return rows, columns


def shift_picks(size: Pair, shift: Pair, wraps: bool) -> Picks:
    """Say which row and column every cell of a shifted grid shows: -1 where zeros come in."""
    rows, columns = (
        tuple((at - by) % n if wraps else at - by if 0 <= at - by < n else -1 for at in range(n))
        for n, by in zip(size, shift, strict=True)
    )
    return rows, columns


def picked(grid: Array, picks: Picks) -> Array:
    """Take rows and columns out of a grid, and zeros where there is none to take."""
    rows, columns = (np.array(lines) for lines in picks)
    taken: Array = grid[np.ix_(rows, columns)]
    return np.where(np.outer(rows >= 0, columns >= 0), taken, 0)


def untouched(axis: AxisWindows, into: tuple[int, ...], back: tuple[int, ...]) -> Array:
    """Tell which outputs of one axis read, on both ways, only what was there before: no border and no filling."""
    origin = np.array([into[cell] if cell >= 0 else -1 for cell in axis.origin.tolist()])
    reads = np.all(origin[axis.reads] >= 0, axis=1).tolist()
    plain = np.all(axis.origin[axis.reads] >= 0, axis=1).tolist()
    return np.array([reads[at] and source >= 0 and plain[source] for at, source in enumerate(back)])
