"""Move, turn, scale and shear a picture: every pixel of the result asks where it came from.

A matrix of two rows and three columns says where a place (row, column) of the picture goes; whole numbers are the
middles of pixels. The makers below give matrices, `compose` joins them, and `warp` looks at the way back.

>>> picture = np.array([[1, 2, 3], [4, 5, 6]])
>>> warp(picture, move(0, 1)).tolist()
[[0, 1, 2], [0, 4, 5]]
>>> warp(picture, move(0, 1), border="circular").tolist()
[[3, 1, 2], [6, 4, 5]]
>>> warp(picture, compose(move(1, 0), flip((2, 3), 1)), border="replicate").tolist()
[[3, 2, 1], [3, 2, 1]]
>>> warp(np.array([[0.0, 4.0, 8.0]]), move(0, 0.25), order="bilinear").tolist()
[[0.0, 3.0, 7.0]]

Moves, flips, scalings and quarter turns go axis by axis, and where they land on whole pixels every number stays exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.pictures.sampling import Array, Border, Matrix, sample_bilinear, sample_nearest
from cnnviz.errors import CnnvizError

__all__ = [
    "Array", "Border", "Matrix", "Order", "compose", "flip", "inside_index", "inverse", "move", "rotate", "scale",
    "shear", "warp",
]  # fmt: skip

Order = Literal["nearest", "bilinear"]

QUARTER = 90
LEAST_DETERMINANT = 1e-9
NEARLY_WHOLE = 1e-6
"""A place this close to the middle of a pixel is that middle: what turning there and back again leaves over."""


def warp(
    pixels: Array,
    matrix: Array,
    *,
    size: tuple[int, int] | None = None,
    border: Border = "zeros",
    order: Order = "nearest",
    fill: float | Sequence[float] = 0,
) -> Array:
    """Carry `pixels` (H, W) or (H, W, C) to where `matrix` says; the result keeps their type and has `size`.

    `border` says what lies outside: `fill` (a number, or one a channel) for "zeros", the nearest pixel, the mirrored
    picture without its outermost pixel twice, or the picture again and again. "bilinear" mixes the four nearest pixels
    in float32 and rounds if the pixels are whole numbers.
    """
    back = inverse(matrix)
    height, width = size or (pixels.shape[0], pixels.shape[1])
    if back[0, 0] == back[1, 1] == 0:  # a quarter turn: after the axes changed places, each goes by itself
        pixels, back = np.swapaxes(pixels, 0, 1), back[::-1]
    fills = _like(np.broadcast_to(np.asarray(fill, np.float64), pixels.shape[2:]), pixels.dtype)
    if back[0, 1] == back[1, 0] == 0:
        rows, columns = _axis(back[0, 0], back[0, 2], height), _axis(back[1, 1], back[1, 2], width)
        if order == "nearest" or not ((rows % 1).any() or (columns % 1).any()):
            return _cross(pixels, np.floor(rows + 0.5), np.floor(columns + 0.5), border, fills)
        numbers = pixels.astype(np.float32, copy=False)
        mixed = _mixed(_mixed(numbers, rows, 0, border, fills), columns, 1, border, fills)
        return _like(mixed, pixels.dtype)
    if order == "nearest":
        return sample_nearest(pixels, back, (height, width), border, fills)
    mixed = sample_bilinear(pixels.astype(np.float32, copy=False), back, (height, width), border, fills)
    return _like(mixed, pixels.dtype)


def move(rows: float, columns: float) -> Matrix:
    """Move down by so many rows and to the right by so many columns."""
    return np.array([[1.0, 0.0, rows], [0.0, 1.0, columns]])


def rotate(degrees: float, size: tuple[int, int]) -> Matrix:
    """Turn a picture of this size about its middle, against the clock.

    >>> warp(np.array([[1, 2], [3, 4]]), rotate(90, (2, 2))).tolist()
    [[2, 4], [1, 3]]
    """
    quarters, rest = divmod(degrees, QUARTER)
    cos, sin = math.cos(math.radians(rest)), math.sin(math.radians(rest))
    for _ in range(int(quarters) % 4):  # so that quarter turns hold no rounding
        cos, sin = -sin, cos
    return _about_middle([[cos, -sin], [sin, cos]], size)


def scale(rows: float, columns: float, size: tuple[int, int]) -> Matrix:
    """Stretch a picture of this size about its middle: 2 makes it twice as large."""
    return _about_middle([[rows, 0.0], [0.0, columns]], size)


def shear(rows: float, columns: float, size: tuple[int, int]) -> Matrix:
    """Lean a picture of this size about its middle: down by `rows` for each column, right by `columns` for each row.

    >>> warp(np.array([[1, 1, 1], [2, 2, 2], [3, 3, 3]]), shear(0, 1, (3, 3))).tolist()
    [[1, 1, 0], [2, 2, 2], [0, 3, 3]]
    """
    return _about_middle([[1.0, rows], [columns, 1.0]], size)


def flip(size: tuple[int, int], axis: int = 1) -> Matrix:
    """Mirror a picture of this size: left and right for axis 1, top and bottom for axis 0."""
    return scale(-1 if axis == 0 else 1, -1 if axis == 1 else 1, size)


def compose(*matrices: Array) -> Matrix:
    """Join matrices; the first one is done first.

    >>> compose(move(1, 2), move(3, 4)).tolist()
    [[1.0, 0.0, 4.0], [0.0, 1.0, 6.0]]
    """
    joined = np.eye(3)
    for matrix in matrices:
        joined = _square(matrix) @ joined
    return joined[:2] + 0.0


def _about_middle(linear: Sequence[Sequence[float]], size: tuple[int, int]) -> Matrix:
    part = np.array(linear, np.float64) + 0.0  # no minus zero
    middle = (np.array(size, np.float64) - 1) / 2
    return np.hstack([part, (middle - part @ middle)[:, None]])


def _square(matrix: Array) -> Matrix:
    return np.vstack([np.asarray(matrix, np.float64), [0.0, 0.0, 1.0]])


def inverse(matrix: Array) -> Matrix:
    """Give the way back, without rounding where the way there has none."""
    (a, b, down), (c, d, right) = np.asarray(matrix, np.float64).tolist()
    determinant = a * d - b * c
    if not abs(determinant) > LEAST_DETERMINANT:
        raise CnnvizError("This transformation presses the picture flat (factor 0); a factor of at least 0.01 works.")
    p, q, r, s = d / determinant, -b / determinant, -c / determinant, a / determinant
    return np.array([[p, q, -(p * down + q * right)], [r, s, -(r * down + s * right)]]) + 0.0


def _like(numbers: Array, dtype: Any) -> Array:
    """Give numbers in a type: rounded and kept inside its limits if it holds whole numbers."""
    if np.dtype(dtype).kind not in "ui":
        return numbers.astype(dtype, copy=False)
    limits = np.iinfo(dtype)
    whole: Array = np.clip(np.rint(numbers), limits.min, limits.max).astype(dtype)
    return whole


def _axis(step: float, start: float, length: int) -> NDArray[np.float64]:
    """Give where each of `length` pixels of the result came from; middles of pixels exactly."""
    places = step * np.arange(length) + start
    whole = np.rint(places)
    return np.where(np.abs(places - whole) < NEARLY_WHOLE, whole, places)


def inside_index(index: Array, length: int, border: Border) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Bring indices into 0 .. length - 1 as the border asks, and say which ones are outside for good ("zeros").

    >>> [inside_index(np.arange(-2, 5), 3, border)[0].tolist() for border in ("replicate", "reflect", "circular")]
    [[0, 0, 0, 1, 2, 2, 2], [2, 1, 0, 1, 2, 1, 0], [1, 2, 0, 1, 2, 0, 1]]
    """
    index = index.astype(np.intp)
    outside = np.zeros(index.shape, bool)
    if border == "circular":
        index = index % length
    elif border == "reflect":
        turn = max(length - 1, 1)
        index = np.minimum(turn - np.abs(index % (2 * turn) - turn), length - 1)
    else:
        if border == "zeros":
            outside = (index < 0) | (index >= length)
        index = np.clip(index, 0, length - 1)
    return index, outside


def _cross(pixels: Array, rows: Array, columns: Array, border: Border, fills: Array) -> Array:
    """Read the crossings of rows and columns."""
    row, no_row = inside_index(rows, pixels.shape[0], border)
    column, no_column = inside_index(columns, pixels.shape[1], border)
    result = _along(_along(pixels, row, 0), column, 1)
    if no_row.any() or no_column.any():
        result = np.array(result)  # a slice is the source's own memory
        result[no_row] = fills
        result[:, no_column] = fills
    return np.array(result, order="C")


def _along(pixels: Array, index: NDArray[np.intp], axis: int) -> Array:
    """Take an axis's cells; neighbours in order are sliced, which is much faster than one by one."""
    jumps = np.flatnonzero(np.diff(index) != 1) + 1
    if len(jumps) > 1 + len(index) // 16:
        return pixels.take(index, axis)
    runs = np.split(index, jumps)
    before = (slice(None),) * axis
    parts = [pixels[(*before, slice(int(run[0]), int(run[-1]) + 1))] for run in runs if len(run)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis)


def _mixed(pixels: Array, places: Array, axis: int, border: Border, fills: Array) -> Array:
    """Mix neighbouring rows (axis 0) or columns; where a place is whole there is nothing to mix."""
    base = np.floor(places)
    weight = (places - base).astype(np.float32)
    every = np.arange(pixels.shape[1 - axis])

    def line(index: Array) -> Array:
        rows, columns = (index, every) if axis == 0 else (every, index)
        return _cross(pixels, rows, columns, border, fills)

    low = line(base)
    if not weight.any():
        return low
    high = line(base + 1)
    high -= low
    shape = [1] * pixels.ndim
    shape[axis] = len(places)
    high *= weight.reshape(shape)
    low += high
    return low
