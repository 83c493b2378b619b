"""Pixel shuffle and its inverse: numbers move between space and channels, and none is lost.

>>> pixel_unshuffle([[[0, 1], [2, 3]]], 2).tolist()
[[[0]], [[1]], [[2]], [[3]]]
>>> pixel_shuffle(pixel_unshuffle([[[0, 1], [2, 3]]], 2), 2).tolist()
[[[0, 1], [2, 3]]]

Inputs are (N, C, H, W) or (C, H, W). As in PyTorch, channel c * factor**2 + i * factor + j of the small side holds what
stands in row i, column j of every block of channel c of the large side.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from cnnviz.engine.arithmetic import whole
from cnnviz.engine.settings import AXIS_NAMES, Array, batched, real_array
from cnnviz.errors import SpecError


def pixel_unshuffle(x: ArrayLike, factor: int) -> Array:
    """Cut every channel into blocks of factor × factor cells, and make a channel of every place in a block.

    >>> pixel_unshuffle([[[1, 2, 3]]], 2)
    Traceback (most recent call last):
    cnnviz.errors.SpecError: In the rows: 1 cell cannot be cut into blocks of 2: 1 is left over. Take 2.
    """
    array, with_batch = batched(real_array("input", x), 2)
    side = whole("factor", factor, 1)
    for axis, size in enumerate(array.shape[2:]):
        check_blocks(size, side, AXIS_NAMES[2][axis])
    batch, channels, height, width = array.shape
    blocks = array.reshape(batch, channels, height // side, side, width // side, side)
    parts = blocks.transpose(0, 1, 3, 5, 2, 4).reshape(batch, -1, height // side, width // side)
    return parts if with_batch else parts[0]


def pixel_shuffle(x: ArrayLike, factor: int) -> Array:
    """Put factor × factor channels together to one that is as many times higher and wider.

    >>> pixel_shuffle([[[1]], [[2]], [[3]]], 2)
    Traceback (most recent call last):
    cnnviz.errors.SpecError: A shuffle by 2 takes 4 channels for each one that it makes, but there are 3: 3 are left \
over. Take 4.
    """
    array, with_batch = batched(real_array("input", x), 2)
    side = whole("factor", factor, 1)
    batch, channels, height, width = array.shape
    if left := channels % side**2:
        raise SpecError(
            "channels",
            f"A shuffle by {side} takes {side**2} channels for each one that it makes, but there are {channels}: "
            f"{left} {'is' if left == 1 else 'are'} left over. {_nearest(channels, side**2)}",
        )
    blocks = array.reshape(batch, -1, side, side, height, width)
    whole_channels = blocks.transpose(0, 1, 4, 2, 5, 3).reshape(batch, -1, height * side, width * side)
    return whole_channels if with_batch else whole_channels[0]


def check_blocks(size: int, factor: int, where: str = "") -> None:
    """Refuse a size that no whole number of blocks fills.

    >>> check_blocks(7, 2)
    Traceback (most recent call last):
    cnnviz.errors.SpecError: 7 cells cannot be cut into blocks of 2: 1 is left over. Take 6 or 8.
    """
    if left := size % factor:
        cells = "1 cell" if size == 1 else f"{size} cells"
        raise SpecError(
            "input",
            f"{where}{cells} cannot be cut into blocks of {factor}: {left} {'is' if left == 1 else 'are'} left over. "
            f"{_nearest(size, factor)}",
        )


def _nearest(number: int, step: int) -> str:
    below = number - number % step
    return f"Take {below} or {below + step}." if below else f"Take {step}."
