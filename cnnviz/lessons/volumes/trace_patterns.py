"""The numbers that fill films and their kernels: arrays of frames, rows and columns.

A film's frame depends on its number, its size and the seed, so that adding a frame leaves the others as they were.

>>> fill_film("dot", (3, 1, 3))[:, 0].tolist()  # a frame a row
[[1, 0, 0], [0, 1, 0], [0, 0, 1]]
>>> fill_volume_kernel("difference", (3, 1, 1)).ravel().tolist()
[-1, 0, 1]
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.lessons.volumes.spec import BOUNDS, Triple

Array = NDArray[Any]

LARGEST_VALUE = 5
LARGEST_WEIGHT = 2
FLASH = 9
_SIDE, _KERNEL = BOUNDS["input"][1], BOUNDS["kernel"][1]


@lru_cache(maxsize=256)
def fill_film(pattern: str, shape: Triple, seed: int = 0) -> Array:
    """Fill a film; the array is read-only, for every session shares it."""
    return _frozen(FILMS[pattern](shape, seed))


@lru_cache(maxsize=256)
def fill_volume_kernel(pattern: str, shape: Triple, seed: int = 0) -> Array:
    """Fill a kernel of up to three axes longer than 1; read-only."""
    return _frozen(KERNELS[pattern](shape, seed))


def middle(size: int) -> int:
    """Give the middle cell of an axis; of an even number of cells, the earlier one.

    >>> middle(5), middle(4)
    (2, 1)
    """
    return (size - 1) // 2


def _frozen(array: Array) -> Array:
    array = np.array(array, order="C")
    array.setflags(write=False)
    return array


def _dot(shape: Triple, _: int) -> Array:
    """A dot enters on the left, and goes one column on a frame, in the middle row."""
    frame, row, column = np.ogrid[: shape[0], : shape[1], : shape[2]]
    film: Array = (row == middle(shape[1])) & (column == frame)
    return film.astype(int)


def _moving_edge(shape: Triple, _: int) -> Array:
    """Ones on the left, and one more column of them a frame."""
    frame, _row, column = np.ogrid[: shape[0], : shape[1], : shape[2]]
    return np.broadcast_to(column <= frame, shape).astype(int)


def _flash(shape: Triple, _: int) -> Array:
    film = np.zeros(shape, int)
    film[middle(shape[0])] = FLASH
    return film


def _still(shape: Triple, _: int) -> Array:
    """Every frame shows the same picture, a ramp with a corner, so that nothing but time stands still."""
    _frame, row, column = np.ogrid[: shape[0], : shape[1], : shape[2]]
    return np.broadcast_to(np.minimum(row, column) + 1, shape)


def _random_film(shape: Triple, seed: int) -> Array:
    cells = np.random.default_rng((seed, 3)).integers(0, LARGEST_VALUE + 1, (_SIDE,) * 3)
    return cells[: shape[0], : shape[1], : shape[2]]


def _counting(shape: Triple, _: int) -> Array:
    return np.arange(shape[0] * shape[1] * shape[2]).reshape(shape)


def _moving_kernel(shape: Triple, _: int) -> Array:
    """The same dot at the same speed; where it would leave the kernel, it stays in the last column."""
    kernel = np.zeros(shape, int)
    for frame in range(shape[0]):
        kernel[frame, middle(shape[1]), min(frame, shape[2] - 1)] = 1
    return kernel


def _difference(shape: Triple, _: int) -> Array:
    """Take the first from the last, in the middle of the other axes: along time, or else along columns, then rows."""
    along = next((axis for axis in (0, 2, 1) if shape[axis] > 1), 0)
    kernel = np.zeros(shape, int)
    centre = [middle(size) for size in shape]
    for at, weight in ((0, -1), (shape[along] - 1, 1)):
        kernel[(*centre[:along], at, *centre[along + 1 :])] = weight
    return kernel


def _edge(shape: Triple, _: int) -> Array:
    """The right against the left in every row and every frame; of one column, below against above."""
    columns = shape[2] > 1
    step = {1: [1], 2: [-1, 1], 3: [-1, 0, 1]}[shape[2] if columns else shape[1]]
    return np.broadcast_to(np.array(step)[None, None, :] if columns else np.array(step)[None, :, None], shape)


def _identity(shape: Triple, _: int) -> Array:
    kernel = np.zeros(shape, int)
    kernel[tuple(middle(size) for size in shape)] = 1
    return kernel


def _random_kernel(shape: Triple, seed: int) -> Array:
    cells = np.random.default_rng((seed, 4)).integers(-LARGEST_WEIGHT, LARGEST_WEIGHT + 1, (_KERNEL,) * 3)
    return cells[: shape[0], : shape[1], : shape[2]]


FILMS: dict[str, Callable[[Triple, int], Array]] = {
    "dot": _dot,
    "dot-left": lambda shape, seed: _dot(shape, seed)[:, :, ::-1],
    "edge": _moving_edge,
    "flash": _flash,
    "still": _still,
    "counting": _counting,
    "random": _random_film,
}

KERNELS: dict[str, Callable[[Triple, int], Array]] = {
    "moving": _moving_kernel,
    "difference": _difference,
    "box": lambda shape, _: np.full(shape, 1 / (shape[0] * shape[1] * shape[2])),
    "edge": _edge,
    "identity": _identity,
    "ones": lambda shape, _: np.ones(shape, int),
    "random": _random_kernel,
}
