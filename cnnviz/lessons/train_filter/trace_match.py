"""How near a found filter comes to one that a hand would make, and what one held-out picture does in the network.

>>> match = best_match(-template(5, "|", 1), ("/", "|"))
>>> match.direction, match.shift, round(match.correlation, 3)
('|', 1, -1.0)

The maximum is taken over all places, so a stroke may lie anywhere in the filter: it is compared at every shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.lessons.train_filter.spec import TrainFilterSpec
from cnnviz.lessons.train_filter.trace_pictures import HELD_OUT, SIDE, WITHOUT, template, training_data

Weights = NDArray[np.float64]
SIDE_BY_SIDE = 4
GAP = 2
STAGE_SIDE = 12


@dataclass(frozen=True)
class Match:
    """The hand-made filter that a found one is most like, or most unlike (a negative correlation)."""

    direction: str
    shift: int
    correlation: float
    hand: Weights


def correlation(one: NDArray[np.floating], two: NDArray[np.floating]) -> float:
    """Correlate two filters: 1 for the same pattern, -1 for its negative, 0 if one of them is flat.

    >>> correlation(template(3), 5 - template(3)), correlation(template(3), np.ones((3, 3)))
    (-1.0, 0.0)
    """
    a, b = (each.astype(np.float64).ravel() - each.mean(dtype=np.float64) for each in (one, two))
    length = float(np.sqrt((a @ a) * (b @ b)))
    return round(float(a @ b) / length, 12) if length > 1e-9 else 0.0


def directions_of(other: str) -> tuple[str, ...]:
    """Name the strokes that the pictures show."""
    return ("/", *WITHOUT[other])


def best_match(found: NDArray[np.floating], directions: Sequence[str]) -> Match:
    """Find the hand-made filter, of any direction and shift, that correlates most with a found one, in size."""
    size = len(found)
    reach = max(size // 2, 0)
    matches = []
    for direction in directions:
        for shift in sorted(range(-reach, reach + 1), key=abs):
            hand = template(size, direction, shift)
            matches.append(Match(direction, shift, correlation(found, hand), hand))
    return max(matches, key=lambda match: abs(match.correlation))


@dataclass(frozen=True)
class Examples:
    """Held-out pictures on one sheet: the upper half has the diagonal."""

    sheet: NDArray[np.float32]
    order: tuple[int, ...]
    """Which held-out picture lies at each place, row by row."""
    labels: NDArray[np.float32]
    """Of all held-out pictures: 1 with the diagonal."""


def examples(spec: TrainFilterSpec, count: int) -> Examples:
    """Lay the first held-out pictures on a sheet, those with the diagonal first."""
    _, _, held_x, held_y, _ = training_data(spec.count, spec.noise, spec.other, spec.seed)
    order = tuple(range(0, count, 2)) + tuple(range(1, count, 2))
    return Examples(on_sheet(held_x[list(order)], 0), order, held_y[:HELD_OUT])


def on_sheet(planes: NDArray[np.floating], margin: int) -> NDArray[np.float32]:
    """Lay planes side by side, each in the place of a whole picture, `margin` below its upper left corner."""
    rows = -(-len(planes) // SIDE_BY_SIDE)
    cell = SIDE + GAP
    sheet = np.full((rows * cell - GAP, SIDE_BY_SIDE * cell - GAP), np.nan, np.float32)
    for number, plane in enumerate(planes):
        top, left = corner(number)
        height, width = plane.shape
        sheet[top + margin : top + margin + height, left + margin : left + margin + width] = plane
    return sheet


def corner(number: int) -> tuple[int, int]:
    """Give the row and column of the sheet at which a picture begins.

    >>> corner(0), corner(5)
    ((0, 0), (30, 30))
    """
    row, column = divmod(number, SIDE_BY_SIDE)
    return row * (SIDE + GAP), column * (SIDE + GAP)


def peaks(maps: NDArray[np.floating]) -> NDArray[np.int64]:
    """Find the row and column of the largest value of each map: where the filter's window lies.

    >>> peaks(np.array([[[0, 1], [3, 2]]])).tolist()
    [[1, 0]]
    """
    flat = np.nan_to_num(maps, nan=-np.inf).reshape(len(maps), -1).argmax(1)
    return np.stack(np.unravel_index(flat, maps.shape[1:]), axis=1)


def window_around(sheet: NDArray[np.float32], peak: NDArray[np.int64], size: int) -> NDArray[np.uint8]:
    """Cut twelve rows and columns of the first picture, 0 to 255, with the filter's window in their middle."""
    side = min(STAGE_SIDE, SIDE)
    top, left = (int(np.clip(at + size // 2 - side // 2, 0, SIDE - side)) for at in peak)
    return np.rint(sheet[top : top + side, left : left + side] * 255).astype(np.uint8)
