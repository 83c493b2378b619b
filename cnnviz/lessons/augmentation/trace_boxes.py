"""Where a rectangle goes when the picture under it is moved: its four corners, and the new rectangle round them.

>>> moved = move_box((0, 0, 2, 2), np.array([[1, 0, 1], [0, 1, 3]]), (4, 4))
>>> moved.corners[0], moved.box, moved.seen
((1.0, 3.0), (1, 3, 2, 1), 0.5)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cnnviz.engine.pictures.sampling import Matrix
from cnnviz.lessons.augmentation.spec import Box
from cnnviz.lessons.augmentation.trace_draw import Size

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class MovedBox:
    """A rectangle and what became of it; corners are places between pixels: row 0 is the picture's upper edge."""

    before: Box
    corners: tuple[Point, ...]
    """Upper left, upper right, lower right, lower left: where each went, inside the picture or not."""
    box: Box | None
    """The smallest rectangle round what is still in the picture; None if nothing is."""
    seen: float
    """How much of the moved shape is still in the picture, from 0 to 1."""


def middle_box(size: Size) -> Box:
    """Give the rectangle that stands where nobody drew one.

    >>> middle_box((30, 60))
    (10, 20, 10, 20)
    """
    height, width = (max(1, round(side / 3)) for side in size)
    return (size[0] - height) // 2, (size[1] - width) // 2, height, width


def inside(box: Box, size: Size) -> Box:
    """Bring a rectangle into a picture of this size.

    >>> inside((25, 0, 10, 4), (30, 60))
    (25, 0, 5, 4)
    """
    row, column = min(box[0], size[0] - 1), min(box[1], size[1] - 1)
    return row, column, min(box[2], size[0] - row), min(box[3], size[1] - column)


def move_box(box: Box, matrix: Matrix, size: Size) -> MovedBox:
    """Send the corners through the matrix, and put the new rectangle round what the picture still holds of them."""
    row, column, height, width = box
    places = [(row, column), (row, column + width), (row + height, column + width), (row + height, column)]
    # The matrix counts from the middles of pixels, half a pixel from their edges.
    moved = [np.asarray(matrix) @ [down - 0.5, along - 0.5, 1] + 0.5 for down, along in places]
    corners = tuple((float(down), float(along)) for down, along in moved)
    left = _clipped(corners, size)
    whole = _area(corners)
    seen = _area(left) / whole if whole > 0 else 0.0
    if not left or seen <= 0:
        return MovedBox(box, corners, None, 0.0)
    downs, alongs = zip(*left, strict=True)
    top, start = math.floor(min(downs) + EPSILON), math.floor(min(alongs) + EPSILON)
    bottom, end = math.ceil(max(downs) - EPSILON), math.ceil(max(alongs) - EPSILON)
    return MovedBox(box, corners, (top, start, max(1, bottom - top), max(1, end - start)), min(seen, 1.0))


EPSILON = 1e-6


def _area(points: tuple[Point, ...]) -> float:
    """Give a polygon's area (by its corners' cross products)."""
    turns = zip(points, (*points[1:], *points[:1]), strict=True)
    return abs(sum(a[0] * b[1] - a[1] * b[0] for a, b in turns)) / 2


def _clipped(points: tuple[Point, ...], size: Size) -> tuple[Point, ...]:
    """Cut a polygon at the four edges of the picture, one after the other."""
    for axis, limit, sign in ((0, 0, 1), (0, size[0], -1), (1, 0, 1), (1, size[1], -1)):
        kept: list[Point] = []
        for one, other in zip(points, (*points[1:], *points[:1]), strict=True):
            here, there = sign * (one[axis] - limit), sign * (other[axis] - limit)
            if here >= 0:
                kept.append(one)
            if (here > 0 > there) or (here < 0 < there):
                part = here / (here - there)
                kept.append((one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1])))
        points = tuple(kept)
        if not points:
            return ()
    return points
