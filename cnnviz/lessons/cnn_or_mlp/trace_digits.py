"""Handwritten digits to learn from and to be tested with, moved by some pixels.

>>> digits = draw_digits(count=5, moved=3, seed=1)
>>> digits.learn.shape, digits.held.shape, digits.far.shape
((50, 28, 28), (200, 28, 28), (7, 100, 28, 28))
>>> moved(np.arange(9.0).reshape(3, 3), 1, -1).tolist()
[[0.0, 0.0, 0.0], [1.0, 2.0, 0.0], [4.0, 5.0, 0.0]]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.pictures.digits import MOST_HANDS, digit_sheet
from cnnviz.lessons.cnn_or_mlp.spec import MOST_SHIFT

Planes = NDArray[np.float32]
DIGITS = 10
HELD_EACH, FAR_EACH = 20, 10
"""Held-out hands of every digit: to be tested with, and of these the ones that are moved by every distance."""
WAYS = ((0, 1), (1, 0), (0, -1), (-1, 0))
"""Right, down, left, up."""


@dataclass(frozen=True, eq=False)
class Digits:
    """What both networks get."""

    learn: Planes
    labels: NDArray[np.int64]
    held: Planes
    """Held-out digits, each moved at random; the first ten are one of every digit."""
    held_labels: NDArray[np.int64]
    far: Planes
    """Half of them again, moved by 0, 1, 2, ... pixels, each in one of four directions."""
    far_labels: NDArray[np.int64]
    rng: np.random.Generator
    """Goes on with the batches."""


def moved(picture: NDArray[Any], down: int, right: int) -> NDArray[Any]:
    """Move a picture; what comes in at the border is 0, what leaves is gone."""
    rows, columns = picture.shape
    result = np.zeros_like(picture)
    result[max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)] = picture[
        max(-down, 0) : rows - max(down, 0), max(-right, 0) : columns - max(right, 0)
    ]
    return result


def draw_digits(count: int, moved: int, seed: int) -> Digits:
    """Choose hands by the seed: `count` of every digit to learn from, others to be tested with."""
    rng = np.random.default_rng(seed)
    sheet = digit_sheet().astype(np.float32) / 255
    hands = np.stack([sheet[number, rng.permutation(MOST_HANDS)] for number in range(DIGITS)])
    labels = np.tile(np.arange(DIGITS), MOST_HANDS)
    in_turn = hands.swapaxes(0, 1).reshape(-1, *hands.shape[2:])  # 0, 1, ... 9, 0, 1, ...
    learn, held = in_turn[: count * DIGITS], in_turn[-HELD_EACH * DIGITS :]
    far = held[: FAR_EACH * DIGITS]
    by_distance = [
        np.stack([_shift(one, way * distance) for one, way in zip(far, _ways(len(far)), strict=True)])
        for distance in range(MOST_SHIFT + 1)
    ]
    return Digits(
        learn, labels[: len(learn)], anyhow(held, moved, rng), labels[: len(held)], np.stack(by_distance),
        labels[: len(far)], rng,
    )  # fmt: skip


def anyhow(pictures: Planes, most: int, rng: np.random.Generator) -> Planes:
    """Move every picture by its own random distance, at most `most` pixels along each axis."""
    shifts = rng.integers(-most, most + 1, (len(pictures), 2))
    return np.stack([_shift(one, shift) for one, shift in zip(pictures, shifts, strict=True)])


def _ways(count: int) -> NDArray[np.int64]:
    # The digits come in turn: every digit shall go in every direction.
    return np.array([WAYS[(number + number // DIGITS) % len(WAYS)] for number in range(count)])


def _shift(picture: Planes, by: NDArray[np.int64]) -> Planes:
    return moved(picture, int(by[0]), int(by[1]))
