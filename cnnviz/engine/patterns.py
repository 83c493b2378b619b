"""The numbers that fill the stage's grids, for any size: the lectures' grids, counting, random integers and the like.

>>> fill_input(GridSource("counting"), (2, 3)).tolist()
[[0, 1, 2], [3, 4, 5]]
>>> fill_kernel(GridSource("box"), (1, 3)).round(3).tolist()
[[0.333, 0.333, 0.333]]
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import CUSTOM, GridSource

Array = NDArray[Any]
Shape = tuple[int, int]

# Figure 1.1 of the guide to convolution arithmetic.
GUIDE_INPUT = ((3, 3, 2, 1, 0), (0, 0, 1, 3, 1), (3, 1, 2, 2, 3), (2, 0, 0, 2, 2), (2, 0, 0, 0, 1))
GUIDE_KERNEL = ((0, 1, 2), (2, 2, 0), (0, 1, 2))
# The grid on which the lectures explain 2-D convolution, stride and pooling.
LECTURE_INPUT = (
    (5, -1, 3, 8, 4, 6, -2),
    (-3, 4, 9, 1, 1, 7, -4),
    (5, -6, 3, 2, 1, -2, 0),
    (0, -8, 5, 5, 4, -2, 3),
    (4, 7, 2, -7, 3, 1, 4),
    (4, -3, 1, 2, 6, 1, -1),
    (0, 0, 3, -2, 3, -1, 0),
)
# The grid of the lecture on pooling, filtered there by an X.
WINDOW_INPUT = (
    (3, 3, 2, 1, 0, 0),
    (3, 3, 2, 1, 0, 0),
    (3, 3, 2, 1, 0, 0),
    (3, 3, 3, 2, 0, 0),
    (3, 3, 2, 1, 0, 0),
    (3, 2, 1, 1, 0, 0),
)
# What the X makes of it, of the same size: the grid that the lecture pools.
FEATURE_MAP = (
    (6, 8, 6, 3, 1, 0),
    (9, 13, 10, 5, 2, 0),
    (9, 14, 11, 6, 3, 0),
    (9, 13, 11, 6, 2, 0),
    (8, 13, 10, 5, 3, 0),
    (6, 7, 5, 3, 1, 0),
)


@lru_cache(maxsize=1024)
def fill_input(source: GridSource, shape: Shape, seed: int = 0) -> Array:
    """Fill an input of this shape; the array is read-only, for every session shares it."""
    return _fill(source, shape, lambda: INPUTS[source.pattern](shape, _random_numbers(seed)[0]))


@lru_cache(maxsize=1024)
def fill_kernel(source: GridSource, shape: Shape, seed: int = 0) -> Array:
    """Fill a kernel of this shape; the array is read-only, for every session shares it."""
    return _fill(source, shape, lambda: KERNELS[source.pattern](shape, _random_numbers(seed)[1]))


@lru_cache(maxsize=1024)
def _random_numbers(seed: int) -> tuple[Array, Array]:
    """Draw the largest input and the largest kernel of a seed: smaller grids are their corners."""
    drawn = np.random.default_rng((seed, 1)).integers(0, 10, (16, 16))
    return drawn, np.random.default_rng((seed, 2)).integers(-2, 3, (7, 7))


def _fill(source: GridSource, shape: Shape, pattern: Callable[[], Array]) -> Array:
    grid = _placed(np.array(source.rows), shape) if source.pattern == CUSTOM else np.array(pattern(), order="C")
    for row, column, value in source.edits:
        if row < shape[0] and column < shape[1]:
            if isinstance(value, float) and grid.dtype.kind != "f":
                grid = grid.astype(float)
            grid[row, column] = value
    grid.setflags(write=False)
    return grid


def _placed(rows: Array, shape: Shape) -> Array:
    """Put typed rows into the corner of a grid: what is too much is hidden, what is missing is 0."""
    grid = np.zeros(shape, rows.dtype)
    height, width = min(rows.shape[0], shape[0]), min(rows.shape[1], shape[1])
    grid[:height, :width] = rows[:height, :width]
    return grid


def _repeated(rows: tuple[tuple[float, ...], ...]) -> Callable[[Shape, Any], Array]:
    """Make a pattern that repeats a fixed grid in both directions, so that it fills any size."""
    tile = np.array(rows)

    def pattern(shape: Shape, _: object) -> Array:
        row, column = np.ogrid[: shape[0], : shape[1]]
        repeated: Array = tile[row % tile.shape[0], column % tile.shape[1]]
        return repeated

    return pattern


def _random(shape: Shape, drawn: Array) -> Array:
    return drawn[: shape[0], : shape[1]]


def _counting(shape: Shape, _: object) -> Array:
    return np.arange(shape[0] * shape[1]).reshape(shape)


def _impulse(shape: Shape, _: object) -> Array:
    grid: Array = np.zeros(shape, int)
    grid[(shape[0] - 1) // 2, (shape[1] - 1) // 2] = 1
    return grid


def _edge(shape: Shape, _: object) -> Array:
    """Dark on the left, bright on the right."""
    columns = (np.arange(shape[1]) >= (shape[1] + 1) // 2) * 9
    return np.broadcast_to(columns, shape)


def _checkerboard(shape: Shape, _: object) -> Array:
    row, column = np.ogrid[: shape[0], : shape[1]]
    squares: Array = (row + column) % 2
    return squares


def _ramp(shape: Shape, _: object) -> Array:
    return np.broadcast_to(np.arange(shape[1]), shape)


def _ones(shape: Shape, _: object) -> Array:
    return np.ones(shape, int)


def _diagonal(shape: Shape, *, rising: bool, low: float, high: float) -> Array:
    """A line through the middle: the lecture's template, and the image that it does not match."""
    columns = np.arange(shape[1])[None, ::-1] if rising else np.arange(shape[1])[None, :]
    return np.where(np.arange(shape[0])[:, None] == columns, high, low)


def _rising(shape: Shape, _: object) -> Array:
    return _diagonal(shape, rising=True, low=0.1, high=0.9)


def _falling(shape: Shape, _: object) -> Array:
    return _diagonal(shape, rising=False, low=0.1, high=0.9)


def _binomial(size: int) -> Array:
    return np.array([comb(size - 1, i) for i in range(size)])


def _gradient(size: int) -> Array:
    """A difference over a smooth window: [-1, 1], [-1, 0, 1], and wider ones like it."""
    return np.array([1]) if size == 1 else np.convolve([-1, 1], _binomial(size - 1))


def _gaussian(shape: Shape, _: object) -> Array:
    weights = np.outer(_binomial(shape[0]), _binomial(shape[1]))
    average: Array = weights / weights.sum()
    return average


def _tent(size: int) -> Array:
    """Rise to the middle and fall again in equal steps: [1], [0.5, 0.5], [0.5, 1, 0.5], [0.25, 0.75, 0.75, 0.25]."""
    steps = (size + 1) // 2
    centre = steps - 1 if size % 2 else steps - 0.5
    tent: Array = 1 - np.abs(np.arange(size) - centre) / steps
    return tent


def _bilinear(shape: Shape, _: object) -> Array:
    """What enlarges a picture smoothly, when it is stamped with half the kernel as stride."""
    return np.outer(_tent(shape[0]), _tent(shape[1]))


def _box(shape: Shape, _: object) -> Array:
    return np.full(shape, 1 / (shape[0] * shape[1]))


def _sobel_rows(shape: Shape, _: object) -> Array:
    return np.outer(_gradient(shape[0]), _binomial(shape[1]))


def _sobel_columns(shape: Shape, _: object) -> Array:
    return np.outer(_binomial(shape[0]), _gradient(shape[1]))


def _difference(shape: Shape, _: object) -> Array:
    """[1 -1] in the middle row: what the lecture finds edges with."""
    grid = np.zeros(shape, int)
    row, column = (shape[0] - 1) // 2, max((shape[1] - 2) // 2, 0)
    grid[row, column] = 1
    if shape[1] > 1:
        grid[row, column + 1] = -1
    return grid


def _laplacian(shape: Shape, _: object) -> Array:
    """The centre against its neighbours; the sum is 0, so that flat regions vanish."""
    grid: Array = np.zeros(shape, int)
    row, column = (shape[0] - 1) // 2, (shape[1] - 1) // 2
    near = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
    for r, c in near:
        if 0 <= r < shape[0] and 0 <= c < shape[1]:
            grid[r, c] = 1
    grid[row, column] = -grid.sum()
    return grid


def _sharpen(shape: Shape, rng: object) -> Array:
    """The picture minus its Laplacian; the sum is 1, so that flat regions stay."""
    sharper: Array = _impulse(shape, rng) - _laplacian(shape, rng)
    return sharper


def _straight(shape: Shape, _: object) -> Array:
    return np.eye(shape[0], shape[1], dtype=int)


def _cross(shape: Shape, _: object) -> Array:
    return np.maximum(np.eye(shape[0], shape[1], dtype=int), np.eye(shape[0], shape[1], dtype=int)[:, ::-1])


INPUTS: dict[str, Callable[[Shape, Any], Array]] = {
    "guide": _repeated(GUIDE_INPUT),
    "lecture": _repeated(LECTURE_INPUT),
    "window": _repeated(WINDOW_INPUT),
    "features": _repeated(FEATURE_MAP),
    "rising": _rising,
    "falling": _falling,
    "counting": _counting,
    "from-one": lambda shape, rng: _counting(shape, rng) + 1,
    "random": _random,
    "impulse": _impulse,
    "edge": _edge,
    "checkerboard": _checkerboard,
    "ramp": _ramp,
    "ones": _ones,
}

KERNELS: dict[str, Callable[[Shape, Any], Array]] = {
    "guide": _repeated(GUIDE_KERNEL),
    "identity": _impulse,
    "ones": _ones,
    "box": _box,
    "gaussian": _gaussian,
    "sobel": _sobel_rows,
    "sobel-x": _sobel_columns,
    "difference": _difference,
    "laplacian": _laplacian,
    "sharpen": _sharpen,
    "diagonal": _straight,
    "cross": _cross,
    "rising": _rising,
    "counting": _counting,
    "from-one": lambda shape, rng: _counting(shape, rng) + 1,
    "bilinear": _bilinear,
    "random": _random,
}
