"""Which hand-made kernel a learned one is most like: the angle between the two, as lists of numbers.

>>> match = nearest(np.array([[-2.0, 0, 2], [-4, 0, 4], [-2, 0, 2]]), free=False)
>>> match.name, round(match.cosine, 3), round(match.factor, 3), round(match.left, 3)
('sobel-x', 1.0, 2.0, 0.0)
>>> nearest(np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]), free=False).cosine < 0
True

Kernels that come in sizes are made in the learned one's size; all others are enlarged or reduced to it. `free`
compares what is left of both when their means are taken off: how bright the picture is then plays no part.
Among so many hand-made kernels chance finds something alike too. How alike, is measured on random kernels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.pictures.kernels import LIBRARY
from cnnviz.state.kernels import KernelSource, kernel_rows

Matrix = NDArray[np.float64]

RANDOM_KERNELS = 1000
BY_CHANCE = 0.95
"""As alike as this part of all random kernels never get: what is less alike than that, is alike by chance."""
FLAT = 1e-9


@dataclass(frozen=True, eq=False)
class Match:
    """The nearest hand-made kernel. `cosine` is below zero if it is like it with the sign turned over."""

    source: KernelSource
    cosine: float
    other: float
    """The cosine compared the other way: mean-free if `cosine` is not, as it is if `cosine` is mean-free."""
    model: Matrix
    """The hand-made kernel in the learned one's size."""
    factor: float
    offset: float
    fitted: Matrix
    """factor · (the hand-made kernel in this size) + offset: as near as it gets."""
    chance: float
    """Only one random kernel of this size in twenty is more alike than this."""

    @property
    def name(self) -> str:
        """The hand-made kernel's name in the library."""
        return self.source.name

    @property
    def title(self) -> str:
        """What the hand-made kernel is called."""
        return self.source.title

    @property
    def left(self) -> float:
        """The part of the squares that the hand-made kernel does not explain."""
        return max(0.0, 1 - self.cosine**2)

    @property
    def alike(self) -> bool:
        """Whether it is more alike than chance would have it."""
        return abs(self.cosine) > self.chance


def overlap(before: int, after: int, side: int) -> Matrix:
    """Give the matrix that turns `before` cells in the middle of `side` into `after` cells over all of it, by area.

    >>> overlap(3, 3, 3).tolist() == np.eye(3).tolist(), overlap(1, 3, 3).ravel().tolist()
    (True, [0.0, 1.0, 0.0])
    >>> overlap(3, 5, 3)[1].round(3).tolist()
    [0.667, 0.333, 0.0]
    """
    step, start = side / after, (side - before) / 2
    low, high = np.arange(after) * step, (np.arange(after) + 1) * step
    left, right = start + np.arange(before), start + np.arange(before) + 1
    both = np.minimum(high[:, None], right[None]) - np.maximum(low[:, None], left[None])
    matrix: Matrix = np.clip(both, 0, None) / step
    return matrix


def resampled(kernel: Matrix, height: int, width: int) -> Matrix:
    """Bring a kernel to another size; one that is not square lies in the middle of a square of zeros."""
    side = max(kernel.shape)
    return overlap(kernel.shape[0], height, side) @ kernel @ overlap(kernel.shape[1], width, side).T


@lru_cache(maxsize=16)
def hand_made(height: int, width: int) -> tuple[tuple[KernelSource, ...], Matrix]:
    """Give all kernels of the library in one size: what each is, and a row of numbers for each."""
    sources, rows = [], []
    for name, entry in LIBRARY.items():
        size = height if height == width and height in entry.sizes else 0
        source = KernelSource(name, 0 if size == entry.size else size)
        kernel = resampled(np.array(kernel_rows(source), dtype=float), height, width)
        sources.append(source)
        rows.append(kernel.ravel())
    return tuple(sources), np.array(rows)


def cosines(kernels: Matrix, height: int, width: int, free: bool) -> Matrix:
    """Compare kernels, a row each, with all of the library: (kernels, hand-made)."""
    return _unit(kernels, free) @ _unit(hand_made(height, width)[1], free).T


def _unit(rows: Matrix, free: bool) -> Matrix:
    """Give every row the length 1; one that is nothing, or flat where means are taken off, stays zero."""
    size = np.sqrt((rows**2).sum(1, keepdims=True))
    moved = rows - rows.mean(1, keepdims=True) if free else rows
    length = np.sqrt((moved**2).sum(1, keepdims=True))
    return np.where(length > FLAT * (size + 1), moved / np.where(length > 0, length, 1), 0.0)


@lru_cache(maxsize=32)
def chance_level(height: int, width: int, free: bool) -> float:
    """How alike the nearest hand-made kernel is for the luckiest twentieth of random kernels of a size."""
    random = np.random.default_rng(0).normal(size=(RANDOM_KERNELS, height * width))
    best = np.abs(cosines(random, height, width, free)).max(1)
    return float(np.quantile(best, BY_CHANCE))


def nearest(kernel: Matrix, free: bool) -> Match | None:
    """Find the nearest; None for a single number, a kernel of zeros, and a flat one whose mean is taken off."""
    height, width = kernel.shape
    row = kernel.reshape(1, -1).astype(float)
    if row.size == 1:
        return None
    found = cosines(row, height, width, free)[0]
    best = int(np.argmax(np.abs(found)))
    if not found[best]:
        return None
    sources, rows = hand_made(height, width)
    model = rows[best]
    offset = 0.0
    if free:
        moved = model - model.mean()
        factor = float(row[0] @ moved / (moved @ moved))
        offset = float(row.mean() - factor * model.mean())
    else:
        factor = float(row[0] @ model / (model @ model))
    other = float(cosines(row, height, width, not free)[0, best])
    fitted = (factor * model + offset).reshape(height, width)
    model, chance = model.reshape(height, width), chance_level(height, width, free)
    return Match(sources[best], float(found[best]), other, model, factor, offset, fitted, chance)


def count_alike(kernels: NDArray[np.floating], free: bool) -> int:
    """Count the kernels (N, height, width) that are more like a hand-made one than chance would have it."""
    height, width = kernels.shape[1:]
    if height * width == 1:
        return 0
    found = np.abs(cosines(kernels.reshape(len(kernels), -1).astype(float), height, width, free)).max(1)
    return int(np.count_nonzero(found > chance_level(height, width, free)))
