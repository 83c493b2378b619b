"""Small grey pictures with a diagonal stroke at a random place, and pictures without it.

>>> rng = np.random.default_rng(1)
>>> x, y = draw_pictures(4, 0.1, "mirror", rng)
>>> x.shape, x.dtype.name, y.tolist()
((4, 28, 28), 'float32', [1.0, 0.0, 1.0, 0.0])

As on the lecture's template, a stroke is 0.9 and what lies around it 0.1. Strokes of both kinds are equally long, so
that counting bright pixels helps nobody.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

SIDE, STROKE = 28, 13
"""Pixels of a picture's side, and of a stroke."""
BACK, FRONT = 0.1, 0.9
HELD_OUT = 200
"""Pictures that are never trained with."""
DIRECTIONS = {"/": (1, -1), "\\": (1, 1), "|": (1, 0), "-": (0, 1)}
"""How a stroke goes on: rows down, columns to the right."""
WITHOUT = {"mirror": ("\\",), "strokes": ("\\", "|", "-"), "noise": ()}
"""The strokes of the pictures without the diagonal."""


def draw_pictures(count: int, noise: float, other: str, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """Draw pictures, every other one with the diagonal; and 1 or 0 for each, whether it has it."""
    pictures = np.full((count, SIDE, SIDE), BACK)
    for number, picture in enumerate(pictures):
        kinds = WITHOUT[other] if number % 2 else ("/",)
        if kinds:
            down, right = DIRECTIONS[kinds[rng.integers(len(kinds))]]
            along = np.arange(STROKE)
            top = rng.integers(SIDE - STROKE * abs(down) + 1 - (not down))
            left = rng.integers(SIDE - STROKE * abs(right) + 1 - (not right))
            picture[top + down * along, left + (right * along if right >= 0 else along[::-1])] = FRONT
    pictures += rng.normal(0, 1, pictures.shape) * noise
    return np.clip(pictures, 0, 1).astype(np.float32), (np.arange(count) % 2 == 0).astype(np.float32)


def training_data(
    count: int, noise: float, other: str, seed: int
) -> tuple[Plane, Plane, Plane, Plane, np.random.Generator]:
    """Give pictures and answers to train with, held-out ones, and the generator that goes on with the batches."""
    rng = np.random.default_rng(seed)
    x, y = draw_pictures(count, noise, other, rng)
    held_x, held_y = draw_pictures(HELD_OUT, noise, other, rng)
    return x, y, held_x, held_y, rng


def template(size: int, direction: str = "/", shift: int = 0) -> NDArray[np.float64]:
    """Make the filter that a hand would: 0.9 along the direction, 0.1 elsewhere; moved sideways by `shift`.

    >>> template(3).tolist()
    [[0.1, 0.1, 0.9], [0.1, 0.9, 0.1], [0.9, 0.1, 0.1]]
    >>> template(3, "|", -1).tolist()
    [[0.9, 0.1, 0.1], [0.9, 0.1, 0.1], [0.9, 0.1, 0.1]]
    """
    down, right = DIRECTIONS[direction]
    middle, along = (size - 1) // 2, np.arange(size)
    made = np.full((size, size), BACK)
    if not down:
        row = middle + shift
        if 0 <= row < size:
            made[row] = FRONT
        return made
    columns = {1: along, -1: along[::-1], 0: np.full(size, middle)}[right] + shift
    inside = (columns >= 0) & (columns < size)
    made[along[inside], columns[inside]] = FRONT
    return made
