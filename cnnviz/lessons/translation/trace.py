"""Filter then move against move then filter: both results, their difference, and where it comes from.

>>> picture = np.arange(36, dtype=np.uint8).reshape(6, 6) * 7 % 31
>>> trace_move(picture, TranslationSpec(right=2)).numbers["all"].largest
0.0
>>> broken = trace_move(picture, TranslationSpec(right=2, mode="zeros"))
>>> broken.numbers["inside"].largest, broken.numbers["ring"].changed > 0
(0.0, True)

What is inside was made from the picture alone on both paths: no window of either reached beyond a border, neither of
the picture nor of what the move left of it. The rest is the ring.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import Pair, Rows
from cnnviz.engine.pictures.filters import filter_picture
from cnnviz.engine.pictures.kernels import whole_rows
from cnnviz.engine.pictures.sampling import Matrix
from cnnviz.engine.pictures.warp import compose, move, rotate, scale, warp
from cnnviz.lessons.translation.spec import TranslationSpec
from cnnviz.state.kernels import kernel_rows

Grey = NDArray[np.uint8]
Plane = NDArray[np.float32]

ROUNDING = 4e-6
"""Sums in float32 differ by this share of their largest possible value, depending on their order."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much two results differ over some of their pixels."""

    pixels: int
    largest: float
    mean: float
    changed: int
    """How many pixels differ at all."""

    @property
    def share(self) -> float:
        """The changed ones among all."""
        return self.changed / self.pixels if self.pixels else 0.0


@dataclass(frozen=True, eq=False)
class MoveTrace:
    """Both paths over one picture."""

    spec: TranslationSpec
    grey: Grey
    rows: Rows
    matrix: Matrix
    moved: NDArray[Any]
    """The picture after the move."""
    moved_after: Plane
    """Path A: filtered, then moved."""
    moved_before: Plane
    """Path B: moved, then filtered."""
    difference: Plane
    """Path B less path A; what is only rounding is 0."""
    numbers: dict[str, Numbers]
    """For "all" pixels, those "inside" and the "ring"."""
    rounding: float
    """The largest difference that counts as rounding; 0 where all sums are of whole numbers."""


def trace_move(grey: Grey, spec: TranslationSpec) -> MoveTrace:
    """Take both paths; both fill the border the same way."""
    rows = kernel_rows(spec.kernel)
    size = (grey.shape[0], grey.shape[1])
    matrix = move_matrix(spec, size)
    whole = is_whole(spec)
    source = grey if whole else grey.astype(np.float32)
    moved = warp(source, matrix, border=spec.mode, order="bilinear")
    filtered = filter_picture(grey, rows, padding="same", mode=spec.mode)
    moved_after = warp(filtered, matrix, border=spec.mode, order="bilinear")
    moved_before = filter_picture(moved, rows, padding="same", mode=spec.mode)
    exact = whole and all(isinstance(value, int) for row in whole_rows(rows)[0] for value in row)
    rounding = 0.0 if exact else ROUNDING * 255 * max(1.0, sum(abs(value) for row in rows for value in row))
    difference, numbers = compare(moved_before, moved_after, rounding, inside(spec, matrix, rows, size))
    return MoveTrace(spec, grey, rows, matrix, moved, moved_after, moved_before, difference, numbers, rounding)


def move_matrix(spec: TranslationSpec, size: Pair) -> Matrix:
    """Turn about the middle, scale, then move.

    Where no pixel and no corner between four lies in the middle, half a pixel to the left of it does: then quarter
    turns carry pixels onto pixels, whatever the size.
    """
    about = (size[0], size[1] - (size[0] + size[1]) % 2)
    steps = [rotate(spec.turn, about)] if spec.turn else []
    if spec.zoom != 100:
        steps.append(scale(spec.zoom / 100, spec.zoom / 100, about))
    return compose(*steps, move(spec.down, spec.columns))


def is_whole(spec: TranslationSpec) -> bool:
    """Say whether every pixel lands on a pixel."""
    return spec.turn % 90 == 0 and spec.zoom == 100 and float(spec.columns).is_integer()


def compare(one: Plane, other: Plane, rounding: float, within: NDArray[np.bool_]) -> tuple[Plane, dict[str, Numbers]]:
    """Give the difference of two results, and its size over all of it, where `within`, and where not."""
    difference = one - other
    size = np.abs(difference)
    if rounding:
        real = size > rounding
        difference *= real
        size *= real
    pixels = int(np.count_nonzero(within))
    numbers = {"all": measured(size, size.size)}
    size *= within
    numbers["inside"] = measured(size, pixels)
    np.abs(difference, out=size)
    size *= ~within
    numbers["ring"] = measured(size, size.size - pixels)
    return difference, numbers


def measured(size: Plane, pixels: int) -> Numbers:
    """Measure absolute differences over so many pixels; all others are 0."""
    total = float(size.sum(dtype=np.float64))
    return Numbers(pixels, float(size.max()), total / max(pixels, 1), int(np.count_nonzero(size)))


def inside(spec: TranslationSpec, matrix: Matrix, rows: Rows, size: Pair) -> NDArray[np.bool_]:
    """Mark the pixels that neither path made from beyond a border."""
    height, width = size
    reach = [taps // 2 for taps in (len(rows), len(rows[0]))]
    back = np.linalg.inv(np.vstack([matrix, [0.0, 0.0, 1.0]]))[:2]
    mark = np.zeros(size, bool)
    mark[reach[0] : height - reach[0], reach[1] : width - reach[1]] = True
    mix = 0 if is_whole(spec) else 1
    down, along = np.arange(height)[:, None], np.arange(width)
    first, last = np.zeros((height, 1)), np.full((height, 1), float(width - 1))
    for axis, length in enumerate(size):
        # Path A reads the kernel's window there; path B the kernel's window here, carried there.
        far = max(reach[axis], abs(back[axis, 0]) * reach[0] + abs(back[axis, 1]) * reach[1]) + mix
        start = back[axis, 0] * down + back[axis, 2]
        step = back[axis, 1]
        low, high = far - start - 1e-6, length - 1 - far - start + 1e-6  # low <= step * column <= high
        if abs(step) < 1e-9:
            mark &= (low <= 0) & (high >= 0)
            continue
        ends = np.sort(np.concatenate([low / step, high / step], axis=1), axis=1)
        first, last = np.maximum(first, ends[:, :1]), np.minimum(last, ends[:, 1:])
    mark &= (along >= np.ceil(first)) & (along <= np.floor(last))
    return mark


def is_same_turned(rows: Rows, degrees: int) -> bool:
    """Say whether a kernel turned by quarter turns is itself.

    >>> is_same_turned(((0, 1, 0), (1, -4, 1), (0, 1, 0)), 90), is_same_turned(((-1, 0, 1),), 180)
    (True, False)
    """
    weights = np.array(rows, np.float64)
    turned = np.rot90(weights, degrees // 90)
    return weights.shape == turned.shape and math.isclose(float(np.abs(weights - turned).max()), 0, abs_tol=1e-12)
