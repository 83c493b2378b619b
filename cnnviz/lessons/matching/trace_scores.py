"""Four ways to compare a template with a window, for one window and for all windows at once.

>>> picture = np.array([[9, 9, 9, 0, 9], [9, 9, 9, 9, 0]], np.uint8)[..., None]
>>> template = np.array([[0, 9], [9, 0]], np.uint8)[..., None]
>>> score_map(picture, template, "ssd")[0].round(4).tolist()
[[0.0025, 0.0025, 0.0037, 0.0]]
>>> score_map(picture, template, "ncc")[0].round(4).tolist()
[[nan, nan, -0.5774, 1.0]]

Bytes are whole numbers, and every sum here is one: products through a float64 spectrum are rounded back, and sums over
windows are differences of running sums that may run round 2**32, since no window's own sum does. So a window that is
one single colour is known to be one, nothing cancels, and a perfect match has 1, or 0, exactly. Only at the end the
scores go to the scale 0..1 of the pixels (a byte is n / 255).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.fast import correlate
from cnnviz.engine.grids import Pair
from cnnviz.engine.windows import axis_windows
from cnnviz.lessons.matching.trace_patch import Pixels

Floats = NDArray[np.float64]
Sums = NDArray[Any]
"""Whole numbers of any width."""

WHITE = 255
SQUARE = float(WHITE * WHITE)
"""A product of two bytes on the scale 0..1 is this many times smaller."""

LARGEST_SUM = 2**32


@dataclass(frozen=True, slots=True)
class Scores:
    """One window compared with the template, in all ways; `mean` is the window's own brightness, 0..1."""

    multiply: float
    zero: float
    ncc: float
    ssd: float
    mean: float

    def of(self, score: str) -> float:
        """Give one of them by its name in the URL."""
        return float(getattr(self, score))


def score_map(picture: Pixels, template: Pixels, score: str) -> tuple[Floats, Sums]:
    """Score every window of (H, W, channels), and give the sum of every window beside it."""
    size = template.shape[:2]
    number = math.prod(size)
    channels = template.shape[2]
    whole = template.astype(np.int64)
    if score in {"multiply", "ssd"}:
        brightness = window_sums(_summed(picture), size)
        products = _products(picture, template)
        if score == "multiply":
            products /= SQUARE
            return products, brightness
        squares = window_sums(_squares(picture), size, WHITE**2 * channels).astype(np.float64)
        products *= -2
        squares += products
        squares += float((whole * whole).sum())
        squares /= SQUARE
        return squares, brightness
    sums = [window_sums(np.ascontiguousarray(picture[..., channel]), size) for channel in range(channels)]
    brightness = sums[0] if channels == 1 else sums[0] + sums[1] + sums[2]
    scores = _products(picture, template)
    scores *= number
    for channel, total in enumerate(sums):
        scores -= total * float(whole[..., channel].sum())
    if score == "zero":
        scores /= number * SQUARE
        return scores, brightness
    spread = window_sums(_squares(picture), size, WHITE**2 * channels).astype(np.float64)
    spread *= number
    for total in sums:
        wide = total.astype(np.float64)
        wide *= wide
        spread -= wide
    own = number * int((whole * whole).sum()) - int((whole.sum(axis=(0, 1)) ** 2).sum())
    np.sqrt(spread, out=spread)
    spread *= math.sqrt(own)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores /= spread
    return scores.clip(-1, 1, out=scores), brightness


def window_sums(plane: Sums, size: Pair, largest: int = WHITE) -> Sums:
    """Add up every window of a plane of whole numbers up to `largest`: two running sums, and their differences.

    >>> window_sums(np.array([[1, 2, 3], [4, 5, 6]], np.uint8), (2, 2)).tolist()
    [[12, 16]]
    """
    tall, wide = size
    kind = np.uint32 if math.prod(size) * largest < LARGEST_SUM else np.uint64
    down = np.empty((plane.shape[0] + 1, plane.shape[1]), kind)
    down[0] = 0
    # Line by line: twenty times faster than numpy's own running sum down the columns.
    for row, line in enumerate(plane):
        np.add(down[row], line, out=down[row + 1])
    columns = down[tall:] - down[:-tall]
    along = np.empty((len(columns), plane.shape[1] + 1), kind)
    along[:, 0] = 0
    np.cumsum(columns, axis=1, out=along[:, 1:])
    return along[:, wide:] - along[:, :-wide]


def _summed(picture: Pixels) -> Sums:
    """Add the channels up; the sums of windows of this never pass 2**32 either (256 x 256 x 3 x 255)."""
    first = picture[..., 0]
    return first if picture.shape[2] == 1 else first.astype(np.uint16) + picture[..., 1] + picture[..., 2]


def _squares(picture: Pixels) -> Sums:
    table = np.arange(WHITE + 1, dtype=np.uint32) ** 2
    squares = table.take(picture[..., 0])
    for channel in range(1, picture.shape[2]):
        squares += table.take(picture[..., channel])
    return squares


def _products(picture: Pixels, template: Pixels) -> Floats:
    """Multiply and sum at every window, in whole numbers."""
    image = np.ascontiguousarray(np.moveaxis(picture, 2, 0), np.float64)[None]
    weight = np.ascontiguousarray(np.moveaxis(template, 2, 0), np.float64)[None]
    axes = [axis_windows(room, side) for room, side in zip(image.shape[2:], weight.shape[2:], strict=True)]
    result: Floats = correlate(image, weight, axes, exact=False)[0, 0]
    return np.rint(result, out=result)


def compare(window: Pixels, template: Pixels) -> Scores:
    """Compare one window with the template, by adding whole numbers.

    >>> black, white = np.zeros((2, 2, 1), np.uint8), np.full((2, 2, 1), 255, np.uint8)
    >>> compare(white, black).ssd, compare(white, white).multiply, compare(white, white).ncc
    (4.0, 4.0, nan)
    """
    x, t = window.astype(np.int64), template.astype(np.int64)
    number = math.prod(template.shape[:2])
    product, sums, totals = int((x * t).sum()), x.sum(axis=(0, 1)), t.sum(axis=(0, 1))
    zero = number * product - int((sums * totals).sum())
    spread = number * int((x * x).sum()) - int((sums * sums).sum())
    own = number * int((t * t).sum()) - int((totals * totals).sum())
    below = math.sqrt(spread) * math.sqrt(own)
    ncc = max(-1.0, min(1.0, zero / below)) if below else math.nan
    ssd = int(((x - t) ** 2).sum())
    mean = float(sums.sum()) / x.size / WHITE
    return Scores(product / SQUARE, zero / number / SQUARE, ncc, ssd / SQUARE, mean)


def share_of(score: float, kind: str, perfect: Scores) -> float:
    """Give a score in shares of a perfect match.

    1 is what the template scores on itself. For squared differences, where that is 0, plain paper of the template's own
    mean colour is share 0. Nothing to divide by gives NaN.

    >>> perfect = Scores(multiply=4.0, zero=2.0, ncc=1.0, ssd=0.0, mean=0.5)
    >>> share_of(3.0, "multiply", perfect), share_of(1.0, "ssd", perfect)
    (0.75, 0.5)
    """
    if kind == "ssd":
        return 1 - score / perfect.zero if perfect.zero else (1.0 if score == 0 else math.nan)
    whole = perfect.of(kind)
    return score / whole if whole else math.nan


def least_score(share: float, kind: str, perfect: Scores) -> float:
    """Give the smallest ranking (the score, or minus the differences) that passes a threshold in shares."""
    if kind == "ssd":
        return (share - 1) * perfect.zero
    return share * perfect.of(kind)
