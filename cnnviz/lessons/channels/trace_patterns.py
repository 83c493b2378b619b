"""The numbers that fill stacks of channels and kernels, one plane at a time.

A plane depends on its channel, its size and the seed, not on how many other channels there are: adding a channel
leaves the others as they were.

>>> fill_channel("counting", 1, (2, 2))
array([[4, 5],
       [6, 7]])
>>> fill_slice("edges", 0, 0, (1, 3))
array([[ 1,  0, -1]])
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.lessons.channels.spec import BOUNDS

Array = NDArray[Any]
Shape = tuple[int, int]

# Three 3×3 grids, red, green and blue, of the lecture's slide on colour.
LECTURE_SLICES = (
    ((73, 47, 17), (96, 37, 0), (75, 66, 9)),
    ((49, 53, 57), (46, 57, 49), (49, 51, 52)),
    ((32, 56, 80), (10, 57, 99), (33, 34, 92)),
)
# The lecture's pixels: purple, white and black, as (red, green, blue).
PURPLE, WHITE, BLACK = (240, 10, 200), (255, 255, 255), (0, 0, 0)
PIXELS = ((PURPLE, WHITE, BLACK), (WHITE, BLACK, PURPLE), (BLACK, PURPLE, WHITE))
# Lines in four directions: a roof of two diagonals, two walls, two floors.
HOUSE = (
    "000010000",
    "000101000",
    "001000100",
    "010000010",
    "111111111",
    "010000010",
    "010000010",
    "010000010",
    "011111110",
)
# Luma and the two colour differences of JPEG pictures, out of red, green and blue.
COLOUR_MIXES = ((0.299, 0.587, 0.114), (-0.169, -0.331, 0.5), (0.5, -0.419, -0.081))
LARGEST_VALUE = 5
LARGEST_WEIGHT = 2
_SIDE, _KERNEL = BOUNDS["input"][1], BOUNDS["kernel"][1]


@lru_cache(maxsize=1024)
def fill_channel(pattern: str, channel: int, shape: Shape, seed: int = 0) -> Array:
    """Fill one input channel; the array is read-only, for every session shares it."""
    return _frozen(CHANNELS[pattern](channel, shape, seed))


@lru_cache(maxsize=2048)
def fill_slice(pattern: str, output: int, channel: int, shape: Shape, seed: int = 0) -> Array:
    """Fill the slice of a kernel with which an output channel reads an input channel; read-only."""
    return _frozen(SLICES[pattern](output, channel, shape, seed))


def weight_slices(  # noqa: PLR0917 - what a layer is made of, in PyTorch's order
    pattern: str, outputs: int, inputs: int, groups: int, shape: Shape, seed: int = 0
) -> tuple[tuple[Array, ...], ...]:
    """Give for every output channel the slices with which it reads the channels of its group, in their order.

    >>> [[slice.item() for slice in kernel] for kernel in weight_slices("identity", 3, 2, 1, (1, 1))]
    [[1, 0], [0, 1], [1, 0]]
    """
    inside, share = inputs // groups, outputs // groups
    kernels = []
    for output in range(outputs):
        first = output // share * inside
        # Every output picks a channel of its own group, in turn.
        name = first + output % inside if pattern == "identity" else output
        kernels.append(tuple(fill_slice(pattern, name, first + at, shape, seed) for at in range(inside)))
    return tuple(kernels)


def _frozen(grid: Array) -> Array:
    grid = np.array(grid, order="C")
    grid.setflags(write=False)
    return grid


def _tiled(tiles: Array) -> Callable[[int, Shape, int], Array]:
    """Repeat the grid of each channel in both directions, so that it fills any size."""

    def pattern(channel: int, shape: Shape, _: int) -> Array:
        row, column = np.ogrid[: shape[0], : shape[1]]
        tile = tiles[channel % len(tiles)]
        repeated: Array = tile[row % tile.shape[0], column % tile.shape[1]]
        return repeated

    return pattern


def _random_channel(channel: int, shape: Shape, seed: int) -> Array:
    return _drawn_channel(seed, channel)[: shape[0], : shape[1]]


@lru_cache(maxsize=512)
def _drawn_channel(seed: int, channel: int) -> Array:
    """Draw the largest channel: the smaller ones are its corners."""
    return np.random.default_rng((seed, 1, channel)).integers(0, LARGEST_VALUE + 1, (_SIDE, _SIDE))


def _counting_channel(channel: int, shape: Shape, _: int) -> Array:
    cells = shape[0] * shape[1]
    return np.arange(channel * cells, (channel + 1) * cells).reshape(shape)


def _bars(channel: int, shape: Shape, _: int) -> Array:
    """Draw a column in the first channel, a row in the second, a diagonal in the third, and so on."""
    row, column = np.ogrid[: shape[0], : shape[1]]
    drawn = (
        column == shape[1] // 2,
        row == shape[0] // 2,
        row == column,
        row + column == shape[1] - 1,
        (row == 0) | (column == 0),
        (row + column) % 2 == 0,
    )
    return np.broadcast_to(drawn[channel % len(drawn)], shape).astype(int)


def _random_slice(output: int, channel: int, shape: Shape, seed: int) -> Array:
    return _drawn_slice(seed, output, channel, shape == (1, 1))[: shape[0], : shape[1]]


@lru_cache(maxsize=2048)
def _drawn_slice(seed: int, output: int, channel: int, single: bool) -> Array:
    """Draw the largest slice: the smaller ones are its corners, but a single weight is drawn apart."""
    rng = np.random.default_rng((seed, 2, output, channel, int(single)))
    return rng.integers(-LARGEST_WEIGHT, LARGEST_WEIGHT + 1, (_KERNEL, _KERNEL))


def _lecture_slice(output: int, channel: int, shape: Shape, _: int) -> Array:
    """Give the first output the slide's slices, and every further one the same with the colours moved on."""
    return np.array(LECTURE_SLICES[(channel + output) % 3])[: shape[0], : shape[1]]


def _step(size: int) -> Array:
    return np.array({1: [1], 2: [1, -1], 3: [1, 0, -1]}[size])


def _edges(output: int, _channel: int, shape: Shape, _seed: int) -> Array:
    """Bright on the left against the right, or above against below, in turn."""
    return np.tile(_step(shape[1]), (shape[0], 1)) if output % 2 == 0 else np.tile(_step(shape[0]), (shape[1], 1)).T


def _line(size: int) -> Array:
    return np.array({1: [1], 2: [-1, 1], 3: [-1, 2, -1]}[size])


def _lines(output: int, _channel: int, shape: Shape, _seed: int) -> Array:
    """A line against its neighbours: upright, level, falling, rising, in turn; the sum is 0."""
    if shape == (1, 1):
        return np.ones(shape, int)
    if 1 in shape:
        return _line(max(shape)).reshape(shape)
    if output % 4 == 0:
        return np.tile(_line(shape[1]), (shape[0], 1))
    if output % 4 == 1:
        return np.tile(_line(shape[0]), (shape[1], 1)).T
    falling = np.where(np.eye(*shape, dtype=bool), max(shape) - 1, -1)
    return falling if output % 4 == 2 else falling[:, ::-1]


def _at_centre(value: float, shape: Shape) -> Array:
    grid = np.zeros(shape, type(value))
    grid[(shape[0] - 1) // 2, (shape[1] - 1) // 2] = value
    return grid


def _grey(output: int, channel: int, shape: Shape, _: int) -> Array:
    mix = COLOUR_MIXES[output % len(COLOUR_MIXES)]
    return _at_centre(mix[channel] if channel < len(mix) else 0, shape)


CHANNELS: dict[str, Callable[[int, Shape, int], Array]] = {
    "random": _random_channel,
    "patch": _tiled(np.array(LECTURE_SLICES)),
    "pixels": _tiled(np.array(PIXELS).transpose(2, 0, 1)),
    "house": _tiled(np.array([[list(map(int, row)) for row in HOUSE]])),
    "bars": _bars,
    "counting": _counting_channel,
    "ones": lambda _channel, shape, _seed: np.ones(shape, int),
}

SLICES: dict[str, Callable[[int, int, Shape, int], Array]] = {
    "random": _random_slice,
    "slices": _lecture_slice,
    "edges": _edges,
    "lines": _lines,
    "grey": _grey,
    "identity": lambda output, channel, shape, _: _at_centre(int(output == channel), shape),
    "box": lambda _output, _channel, shape, _seed: np.full(shape, 1 / (shape[0] * shape[1])),
    "ones": lambda _output, _channel, shape, _seed: np.ones(shape, int),
    "counting": lambda output, channel, shape, _: (
        10 * output + 3 * channel + np.arange(shape[0] * shape[1]).reshape(shape)
    ),
}
