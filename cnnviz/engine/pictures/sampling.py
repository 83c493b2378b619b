"""Read a picture at places on slanted lines, a block of rows at a time: what `warp` does when no axis goes by itself.

>>> turned = np.array([[0.0, 1.0, 0.0], [0.5, 0.5, 0.5]])  # row = column, column = half the sum of both, and a half
>>> sample_nearest(np.array([[1, 2], [3, 4]]), turned, (2, 2), "replicate", np.array(0)).tolist()
[[2, 4], [2, 4]]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.errors import CnnvizError

Array = NDArray[Any]
Matrix = NDArray[np.float64]
Border = Literal["zeros", "replicate", "reflect", "circular"]

BLOCK = 1 << 14
"""Pixels computed at a time: what belongs to them stays in the cache."""

ITEMS = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64, 16: np.complex128}
"""How a pixel of so many bytes is taken as one thing, which is several times faster than channel by channel."""


def sample_nearest(pixels: Array, back: Matrix, size: tuple[int, int], border: Border, fills: Array) -> Array:
    """Read the pixel nearest to each place; `back` says where row and column of the result came from."""
    source, unpack = _packed(_ringed(pixels, border, fills))
    flat, width = source.reshape(-1), source.shape[1]
    out = np.empty(size, source.dtype)
    for start, stop in _blocks(size):
        row, column = _folded(back, (start, stop), size[1], pixels.shape[:2], border, half=0.5)
        index = row.astype(np.intp)
        index *= width
        index += column.astype(np.intp)
        flat.take(index, out=out[start:stop], mode="clip")
    return unpack(out)


def sample_bilinear(pixels: Array, back: Matrix, size: tuple[int, int], border: Border, fills: Array) -> Array:
    """Mix the four pixels around each place, in float32."""
    source, unpack = _packed(_ringed(pixels, border, fills))
    flat, width = source.reshape(-1), source.shape[1]
    out = np.empty(size, source.dtype)
    channels = out.view(np.float32).reshape(*size, -1)
    for start, stop in _blocks(size):
        row, column = _folded(back, (start, stop), size[1], pixels.shape[:2], border)
        index, across = row.astype(np.intp), column.astype(np.intp)
        down_weight = (row - index).astype(np.float32)[..., None]
        right_weight = (column - across).astype(np.float32)[..., None]
        index *= width
        index += across
        block = out[start:stop]
        flat.take(index, out=block, mode="clip")
        upper = channels[start:stop]
        corners = [flat[jump:].take(index, mode="clip") for jump in (1, width, width + 1)]
        right, lower, last = (corner.view(np.float32).reshape(upper.shape) for corner in corners)
        _mix(upper, right, right_weight)
        _mix(lower, last, right_weight)
        _mix(upper, lower, down_weight)
    return unpack(out)


def _mix(one: Array, other: Array, weight: Array) -> None:
    """Carry `one` towards `other`; both arrays are spent."""
    other -= one
    other *= weight
    one += other


def _blocks(size: tuple[int, int]) -> list[tuple[int, int]]:
    step = max(1, BLOCK // max(size[1], 1))
    return [(start, min(start + step, size[0])) for start in range(0, size[0], step)]


def _folded(
    back: Matrix, block: tuple[int, int], width: int, size: tuple[int, ...], border: Border, *, half: float = 0.0
) -> tuple[Array, Array]:
    """Give where a block of rows came from, in the source with its ring (`_ringed`), never beyond it.

    With `half` for whole numbers: cut off, they are then the nearest pixel.
    """
    result = []
    for axis, length in enumerate(size):
        along_rows = back[axis, 0] * np.arange(*block) + (back[axis, 2] + half)
        along_columns = back[axis, 1] * np.arange(width)
        place = along_rows[:, None] + along_columns
        ends = along_rows[[0, -1]][:, None] + along_columns[[0, -1]]
        if border == "zeros":
            place += 1
            if ends.min() < -1 or ends.max() > length:
                np.clip(place, half, length + 1 + half, out=place)
        elif ends.min() < half or ends.max() > length - 1 + half:
            _fold(place, length, border, half)
        result.append(place)
    return result[0], result[1]


def _fold(place: Array, length: int, border: Border, half: float) -> None:
    """Bring places between 0 and the last pixel, in place: nearest, mirrored or round and round."""
    if border == "replicate":
        np.clip(place, half, length - 1 + half, out=place)
        return
    period = float(length if border == "circular" else max(2 * (length - 1), 1))
    place -= half
    turns = place / period
    np.floor(turns, out=turns)
    turns *= period
    place -= turns
    if border == "reflect":
        place -= length - 1
        np.abs(place, out=place)
        np.subtract(length - 1, place, out=place)
        np.maximum(place, 0, out=place)
    place += half


def _ringed(pixels: Array, border: Border, fills: Array) -> Array:
    """Put around the pixels what the four corners of a mix may reach: two after, and one before if it is `fill`."""
    around = ((0, 2), (0, 2))
    if border == "zeros":
        height, width = pixels.shape[:2]
        ringed = np.empty((height + 3, width + 3, *pixels.shape[2:]), pixels.dtype)
        ringed[...] = fills
        ringed[1:-2, 1:-2] = pixels
        return ringed
    extra = ((0, 0),) * (pixels.ndim - 2)
    return np.pad(pixels, (*around, *extra), mode="wrap" if border == "circular" else "edge")


def _packed(pixels: Array) -> tuple[Array, Callable[[Array], Array]]:
    """Give each pixel as one thing of 1 to 16 bytes, and the way back to channels."""
    channels = pixels.shape[2] if pixels.ndim > 2 else 1
    bytes_each = pixels.dtype.itemsize
    room = next((item for item in ITEMS if item >= channels * bytes_each and item % bytes_each == 0), None)
    if room is None:
        raise CnnvizError(f"A pixel of {channels} channels of {bytes_each} bytes is too long; 16 bytes are possible.")
    wide = np.zeros((*pixels.shape[:2], room // bytes_each), pixels.dtype)
    wide[..., :channels] = pixels.reshape(*pixels.shape[:2], channels)
    shape, dtype = pixels.shape[2:], pixels.dtype

    def unpack(packed: Array) -> Array:
        apart = packed.view(dtype).reshape(*packed.shape, room // bytes_each)
        return np.ascontiguousarray(apart[..., :channels]).reshape(*packed.shape, *shape)

    return wide.view(ITEMS[room])[..., 0], unpack
