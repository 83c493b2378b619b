"""All that the Augmentation page shows: the sheet or the ladder, the chosen variant, and what changed.

>>> picture = np.full((40, 60, 3), 128, np.uint8)
>>> trace = trace_augment(picture, AugmentSpec(on=("bright",), count="9"))
>>> trace.sheet.array.shape, trace.sheet.layout.at(0, 64), trace.drawn.bright == trace.sheet.drawn[0].bright
((128, 188, 3), 1, True)
>>> trace_augment(picture, AugmentSpec(view="ladder", one="hue")).rungs[0].shape
(40, 60, 3)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.pictures.decode import LUMA
from cnnviz.engine.pictures.sampling import Matrix
from cnnviz.engine.pictures.warp import warp
from cnnviz.lessons.augmentation.spec import RUNGS, AugmentSpec, Box
from cnnviz.lessons.augmentation.trace_apply import Pixels, apply, fitted, reduced, reduced_size
from cnnviz.lessons.augmentation.trace_boxes import MovedBox, inside, middle_box, move_box
from cnnviz.lessons.augmentation.trace_draw import Drawn, Size, draw_rung, draw_variant, matrix_of

TILE = 128
"""The longest side of a variant on the sheet."""
SMALL_TILE = 96
"""Smaller pictures are enlarged to about this, pixel by pixel."""
GAP = 4
GAP_GREY = 128
LADDER_SIDE = 400
"""The longest side of a picture on the ladder."""
LEVELS = 256


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the variants are on the sheet."""

    made: Size
    """The size in which each is made."""
    enlarged: int
    """How many pixels of the sheet one pixel gets in each direction."""
    columns: int

    @property
    def tile(self) -> Size:
        """Height and width of a variant on the sheet."""
        return self.made[0] * self.enlarged, self.made[1] * self.enlarged

    def at(self, row: int, column: int) -> int:
        """Tell which variant a pixel of the sheet belongs to."""
        down, along = row // (self.tile[0] + GAP), column // (self.tile[1] + GAP)
        return min(down, self.columns - 1) * self.columns + min(along, self.columns - 1)

    def place(self, index: int) -> Box:
        """Give the rectangle of a variant on the sheet."""
        row, column = divmod(index, self.columns)
        return row * (self.tile[0] + GAP), column * (self.tile[1] + GAP), *self.tile


def layout_of(size: Size, spec: AugmentSpec) -> Layout:
    """Lay out the sheet for a picture of this size.

    >>> layout_of((300, 450), AugmentSpec()).place(5)
    (89, 132, 85, 128)
    """
    made = reduced_size(size, TILE)
    return Layout(made, max(1, SMALL_TILE // max(made)), math.isqrt(int(spec.count)))


@dataclass(frozen=True, eq=False)
class Sheet:
    """Variants side by side in one picture."""

    array: Pixels
    layout: Layout
    drawn: tuple[Drawn, ...]


@dataclass(frozen=True, eq=False)
class AugmentTrace:
    """The picture, the variant that is looked at, and either the sheet or the ladder around it."""

    spec: AugmentSpec
    picture: Pixels
    second: Pixels | None
    """The second picture in the size of the first, if something is mixed."""
    drawn: Drawn
    variant: Pixels
    grey: bool
    sheet: Sheet | None = None
    rungs: tuple[Pixels, ...] = ()
    steps: tuple[Drawn, ...] = ()

    @property
    def size(self) -> Size:
        """Height and width of the picture and of each variant."""
        return self.picture.shape[0], self.picture.shape[1]

    @cached_property
    def matrix(self) -> Matrix:
        """Where each place of the picture goes."""
        return matrix_of(self.drawn, self.size)

    @cached_property
    def moved(self) -> MovedBox:
        """The marked rectangle and where it goes."""
        box = inside(self.spec.box, self.size) if self.spec.box else middle_box(self.size)
        return move_box(box, self.matrix, self.size)

    def mask(self) -> Pixels:
        """The marked rectangle as a mask that moved along: 1 where the object is."""
        row, column, height, width = self.moved.before
        mask = np.zeros(self.size, np.uint8)
        mask[row : row + height, column : column + width] = 1
        return np.asarray(warp(mask, self.matrix))

    @cached_property
    def change(self) -> Change:
        """What the variant changed, in numbers."""
        return change_of(self.picture, self.variant, self.matrix)


@dataclass(frozen=True, eq=False)
class Change:
    """How far a variant is from its picture."""

    mean: float
    """The mean distance of two numbers in the same place, 0 to 255."""
    share: float
    """How many of the numbers are not the same."""
    outside: float
    """How much of the variant was outside the picture before."""
    counts: NDArray[Any]
    """How often each grey from 0 to 255 occurs, before and after: (2, 256)."""

    def level(self, which: int) -> tuple[float, float]:
        """Give the mean and the deviation of the greys before (0) or after (1)."""
        levels, counts = np.arange(LEVELS), self.counts[which]
        mean = float((levels * counts).sum() / counts.sum())
        return mean, float(((levels - mean) ** 2 * counts).sum() / counts.sum()) ** 0.5


def change_of(before: Pixels, after: Pixels, matrix: Matrix) -> Change:
    """Measure a variant; `matrix` tells how much of it came from outside."""
    distance = np.maximum(before, after) - np.minimum(before, after)
    size = before.shape[0], before.shape[1]
    kept = warp(np.ones(size, np.uint8), matrix) if not np.array_equal(matrix, np.eye(3)[:2]) else np.ones(1)
    return Change(
        float(distance.mean(dtype=np.float64)),
        float(np.count_nonzero(distance) / distance.size),
        1 - float(kept.mean(dtype=np.float64)),
        np.stack([_greys(before), _greys(after)]),
    )


def _greys(pixels: Pixels) -> NDArray[Any]:
    grey = pixels.reshape(-1, 3).astype(np.float32) @ np.array(LUMA, np.float32)
    return np.bincount(np.rint(grey).astype(np.uint8), minlength=LEVELS)


def trace_augment(
    pixels: Pixels, spec: AugmentSpec, *, second: Pixels | None = None, grey: bool = False
) -> AugmentTrace:
    """Draw and make everything that the page shows; `second` is used only if the spec mixes."""
    other = second if spec.mixes else None
    if spec.view == "ladder":
        pixels = reduced(pixels, LADDER_SIDE)
    fit = fitted(other, (pixels.shape[0], pixels.shape[1])) if other is not None else None

    def make(drawn: Drawn) -> Pixels:
        return apply(pixels, drawn, second=fit, border=spec.border, grey=grey)

    if spec.view == "ladder":
        steps = tuple(draw_rung(spec, spec.one, index / (RUNGS - 1)) for index in range(RUNGS))
        rungs = (pixels, *(make(drawn) for drawn in steps[1:]))
        return AugmentTrace(spec, pixels, fit, steps[spec.rung], rungs[spec.rung], grey, None, rungs, steps)
    sheet = _sheet(pixels, spec, fit, grey=grey)
    drawn = sheet.drawn[spec.pick]
    return AugmentTrace(spec, pixels, fit, drawn, make(drawn), grey, sheet)


def _sheet(pixels: Pixels, spec: AugmentSpec, second: Pixels | None, *, grey: bool) -> Sheet:
    layout = layout_of((pixels.shape[0], pixels.shape[1]), spec)
    size, enlarged = layout.made, layout.enlarged
    source = reduced(pixels, 2 * TILE)  # finer than the tiles, so that a crop is not blurred
    fit = fitted(second, size) if second is not None else None
    part = size[0] / pixels.shape[0]
    drawn = tuple(draw_variant(spec, index) for index in range(int(spec.count)))
    rows, columns = (layout.columns * (side + GAP) - GAP for side in layout.tile)
    array = np.full((rows, columns, 3), GAP_GREY, np.uint8)
    for index, one in enumerate(drawn):
        tile = apply(source, one, second=fit, border=spec.border, size=size, grey=grey, sigma=one.blur * part)
        row, column, height, width = layout.place(index)
        large = tile.repeat(enlarged, 0).repeat(enlarged, 1) if enlarged > 1 else tile
        array[row : row + height, column : column + width] = large
    return Sheet(array, layout, drawn)
