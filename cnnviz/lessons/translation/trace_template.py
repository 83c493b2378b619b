"""A template that lies still against one that slides: ten digits as hypotheses about one digit that was moved.

>>> still, moved = (trace_template(TranslationSpec(digit=7, digit_right=right)) for right in (0, 5))
>>> round(float(still.dense[7]), 2), still.dense_winner, still.sliding_winner
(8.38, 7, 7)
>>> moved.dense_winner == 7, moved.sliding_winner, moved.peak[0] - still.peak[0], moved.peak[1] - still.peak[1]
(False, 7, 0, 5)

Pixels go from 0 to 1; each template is a digit divided by its length (the root of the sum of its squares), so that much
ink is no advantage: no template scores higher on a digit than the digit's own, in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.convolution import convolve
from cnnviz.engine.grids import Pair
from cnnviz.engine.pictures.gallery import DIGIT_SIDE
from cnnviz.engine.pictures.samples import sample
from cnnviz.engine.pictures.warp import move, warp
from cnnviz.lessons.translation.spec import BOUNDS, TranslationSpec

Plane = NDArray[np.float64]

DIGITS = 10
REACH = DIGIT_SIDE // 2
"""The template slides this far each way; there half of it is still on the picture."""


@dataclass(frozen=True, eq=False)
class TemplateTrace:
    """One digit that was moved, ten templates, and their scores."""

    spec: TranslationSpec
    digit: Plane
    """As it was written, 0 to 1."""
    moved: Plane
    """The input of both."""
    templates: NDArray[np.float64]
    """The ten templates (10, 28, 28)."""
    dense: NDArray[np.float64]
    """The ten scores of the dense units."""
    sliding: NDArray[np.float64]
    """The ten largest scores of the sliding templates."""
    scores: Plane
    """The score map of the digit's own template; the middle is the template in its own place."""
    peak: Pair
    """Where the score map is largest."""
    curve: tuple[tuple[float, float], ...]
    """The dense score and the sliding maximum of the digit's own template for each move to the right."""

    @property
    def dense_winner(self) -> int:
        """The digit whose dense unit scores highest."""
        return int(self.dense.argmax())

    @property
    def sliding_winner(self) -> int:
        """The digit whose sliding template scores highest anywhere."""
        return int(self.sliding.argmax())

    @property
    def lost(self) -> float:
        """The share of the digit's ink that left the picture."""
        return float(1 - self.moved.sum() / self.digit.sum())


def trace_template(spec: TranslationSpec) -> TemplateTrace:
    """Lay and slide the templates over the moved digit."""
    templates = unit_templates(spec.hand)
    digit = written(spec.digit, spec.hand)
    moved = moved_digit(digit, spec.digit_down, spec.digit_right)
    maps = convolve(moved[None], templates[:, None], padding=REACH)
    own = maps[spec.digit]
    peak = np.unravel_index(own.argmax(), own.shape)
    dense = (templates * moved).sum(axis=(1, 2))
    sliding = maps.max(axis=(1, 2))
    curve = score_curve(spec.digit, spec.hand, spec.digit_down)
    return TemplateTrace(spec, digit, moved, templates, dense, sliding, own, (int(peak[0]), int(peak[1])), curve)


@lru_cache(maxsize=256)
def score_curve(digit: int, hand: int, down: int) -> tuple[tuple[float, float], ...]:
    """Give the dense score and the sliding maximum of a digit's own template for each move to the right."""
    low, high = BOUNDS["digit move"]
    template = unit_templates(hand)[digit]
    moved = np.stack([moved_digit(written(digit, hand), down, right) for right in range(low, high + 1)])
    dense = (moved * template).sum(axis=(1, 2))
    sliding = convolve(moved[:, None], template[None, None], padding=REACH).max(axis=(1, 2, 3))
    return tuple(zip(dense.tolist(), sliding.tolist(), strict=True))


def moved_digit(digit: Plane, down: int, right: int) -> Plane:
    """Move a digit; what leaves the picture is lost, and black comes in."""
    return warp(digit, move(down, right))


@lru_cache(maxsize=80)
def written(digit: int, hand: int) -> Plane:
    """Give a digit of the sample picture, 0 to 1.

    >>> written(0, 0).shape, float(written(0, 0).max())
    ((28, 28), 1.0)
    """
    rows, columns = hand * DIGIT_SIDE, digit * DIGIT_SIDE
    cell = sample("digits").pixels[rows : rows + DIGIT_SIDE, columns : columns + DIGIT_SIDE, 0]
    values: Plane = cell / 255.0
    values.flags.writeable = False
    return values


@lru_cache(maxsize=8)
def unit_templates(hand: int) -> NDArray[np.float64]:
    """Give the ten digits of a hand, each divided by its length."""
    digits = np.stack([written(digit, hand) for digit in range(DIGITS)])
    lengths = np.sqrt((digits**2).sum(axis=(1, 2), keepdims=True))
    templates: NDArray[np.float64] = digits / lengths
    templates.flags.writeable = False
    return templates
