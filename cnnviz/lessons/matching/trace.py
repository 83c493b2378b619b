"""Slide a template over a whole picture and take the places where it fits best.

>>> pixels = np.zeros((5, 6, 3), np.uint8)
>>> pixels[1:3, 2] = 255
>>> trace = trace_matching(pixels, None, (1, 2, 2, 2), MatchingSpec(score="ncc"))
>>> trace.best, [(match.row, match.column, match.share) for match in trace.matches]
((1, 2), [(1, 2, 1.0)])
>>> trace.scores[1].round(2).tolist()
[nan, -1.0, 1.0, nan, nan]
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.lessons.matching.spec import SIZE, Box, MatchingSpec
from cnnviz.lessons.matching.trace_patch import Patch, Pixels, make_patch, planes_of, scaled_size
from cnnviz.lessons.matching.trace_scores import Floats, Scores, Sums, compare, least_score, score_map, share_of


@dataclass(frozen=True, slots=True)
class Match:
    """A place that passed: its window's first pixel, its score, and that in shares of a perfect match."""

    row: int
    column: int
    score: float
    share: float


@dataclass(frozen=True, eq=False)
class MatchingTrace:
    """All there is to see. Windows are named by their first pixel."""

    spec: MatchingSpec
    picture: Pixels
    """(H, W, channels)."""
    patch: Patch
    box: Box
    """Where the template was cut out."""
    own: bool
    """Whether that was this picture."""
    scores: Floats
    """(H - h + 1, W - w + 1); NaN where a window is one single colour and the score divides by its deviation."""
    perfect: Scores
    """The template compared with itself."""
    matches: tuple[Match, ...]
    above: int
    """How many windows passed the threshold, before those that overlap were dropped."""
    flat: int
    """How many windows have no score."""
    best: Pair
    brightest: Pair
    at: Pair

    @property
    def template(self) -> Pixels:
        """The template as bytes, (h, w, channels)."""
        return self.patch.pixels

    @property
    def home(self) -> Pair | None:
        """The window over the place where the template was cut out, if the picture has all of it."""
        if not self.own:
            return None
        row, column, height, width = self.box
        tall, wide = self.template.shape[:2]
        top, left = row + (height - tall) // 2, column + (width - wide) // 2
        rows, columns = self.scores.shape
        return (top, left) if 0 <= top < rows and 0 <= left < columns else None

    def window(self, place: Pair) -> Pixels:
        """Cut a window out of the picture."""
        tall, wide = self.template.shape[:2]
        return self.picture[place[0] : place[0] + tall, place[1] : place[1] + wide]

    def scores_at(self, place: Pair) -> Scores:
        """Compare one window in all ways."""
        return compare(self.window(place), self.template)

    def share(self, score: float) -> float:
        """Give a score in shares of a perfect match: 1 is what the template scores on itself."""
        return share_of(score, self.spec.score, self.perfect)


def trace_matching(pixels: Pixels, source: Pixels | None, box: Box, spec: MatchingSpec) -> MatchingTrace:
    """Cut the template out of `source` (None: the picture itself), and look for it everywhere in the picture."""
    picture = planes_of(pixels, spec.channels)
    check_size(picture.shape[:2], box, spec)
    patch = make_patch(picture if source is None else planes_of(source, spec.channels), box, spec)
    template = patch.pixels
    perfect = compare(template, template)
    if spec.score == "ncc" and not perfect.zero:
        raise SpecError(
            "box",
            "The template is one single colour. Its deviation is 0, and the normalised score would divide by it. "
            "Choose a patch with something in it, or another score.",
        )
    scores, brightness = score_map(picture, template, spec.score)
    flat = int(np.isnan(scores).sum()) if spec.score == "ncc" else 0
    if flat == scores.size:
        raise SpecError(
            "img",
            "Every window of this picture is one single colour: its deviation is 0, and the normalised score would "
            "divide by it. Choose another picture, or another score.",
        )
    ranked = _ranked(scores, spec.score)
    least = least_score(spec.threshold / 100, spec.score, perfect)
    tall, wide = template.shape[:2]
    places = find_peaks(ranked, (tall, wide), spec.matches, spec.overlap, least)
    best = _place(ranked, int(ranked.argmax()))
    found = [(place, float(scores[place])) for place in places]
    matches = tuple(Match(*place, score, share_of(score, spec.score, perfect)) for place, score in found)
    at = (min(spec.at[0], scores.shape[0] - 1), min(spec.at[1], scores.shape[1] - 1)) if spec.at else best
    brightest = _place(brightness, int(brightness.argmax()))
    above = int((ranked >= least).sum())
    return MatchingTrace(
        spec, picture, patch, box, source is None, scores, perfect, matches, above, flat, best, brightest, at
    )


def check_size(size: Pair, box: Box, spec: MatchingSpec) -> None:
    """Refuse a template that does not fit into the picture, and say which size would.

    >>> check_size((20, 30), (0, 0, 16, 16), MatchingSpec(size=200))
    Traceback (most recent call last):
    ...
    cnnviz.errors.SpecError: The template is 32×32 pixels, the picture only 20×30: no window fits. At 128 % it would.
    """
    tall, wide = scaled_size(box, spec)
    if tall <= size[0] and wide <= size[1]:
        return
    fits = [
        percent
        for percent in range(SIZE[0], spec.size)
        if all((side * percent + 50) // 100 <= room for side, room in zip(box[2:], size, strict=True))
    ]
    mend = f"At {fits[-1]} % it would." if fits else "Choose a smaller rectangle."
    raise SpecError(
        "size",
        f"The template is {tall}×{wide} pixels, the picture only {size[0]}×{size[1]}: no window fits. {mend}",
    )


def _ranked(scores: Floats, kind: str) -> Floats:
    """Turn scores so that the largest is the best, and what has none is never chosen."""
    if kind == "ssd":
        return -scores
    return np.nan_to_num(scores, nan=-math.inf) if kind == "ncc" else scores


def find_peaks(ranked: Floats, size: Pair, most: int, overlap: int, least: float) -> list[Pair]:
    """Take the best window, drop those that overlap it too much, and so on (greedy non-maximum suppression).

    `overlap` is how much two windows may share, in percent of what they cover together.

    >>> find_peaks(np.array([[1.0, 5.0, 4.0, 0.0, 3.0]]), (1, 2), 3, 0, 0.5)
    [(0, 1), (0, 4)]
    >>> find_peaks(np.array([[1.0, 5.0, 4.0, 0.0, 3.0]]), (1, 2), 3, 100, 0.5)
    [(0, 1), (0, 2), (0, 4)]
    """
    left = ranked.copy()
    tall, wide = size
    inside = _shares(tall)[:, None] * _shares(wide)[None, :]
    drop = inside * 100 > overlap * (2 * tall * wide - inside)
    drop[tall - 1, wide - 1] = True
    places: list[Pair] = []
    while len(places) < most:
        row, column = _place(left, int(left.argmax()))
        if not left[row, column] >= least or left[row, column] == -math.inf:
            break
        places.append((row, column))
        top, beside = max(row - tall + 1, 0), max(column - wide + 1, 0)
        area = left[top : row + tall, beside : column + wide]
        first, second = top - (row - tall + 1), beside - (column - wide + 1)
        area[drop[first : first + area.shape[0], second : second + area.shape[1]]] = -math.inf
    return places


def _shares(side: int) -> NDArray[np.int64]:
    """Count the rows that two windows share, for every shift from -(side - 1) to side - 1."""
    return side - np.abs(np.arange(1 - side, side))


def _place(scores: Sums, index: int) -> Pair:
    return index // scores.shape[1], index % scores.shape[1]
