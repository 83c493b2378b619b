"""How the score falls when the template is turned, scaled, lit or made noisy, at one place of the picture.

>>> picture = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
>>> trace = trace_matching(picture, None, (10, 10, 12, 12), MatchingSpec(against="light"))
>>> curve = trace_curve(trace, picture)
>>> curve.values[0], curve.values[-1], round(curve.shares[curve.values.index(0)], 6)
(-120, 120, 1.0)
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cnnviz.lessons.matching.spec import CONTRAST, LIGHT, NOISE, SIZE, TURN, MatchingSpec
from cnnviz.lessons.matching.trace import MatchingTrace, trace_matching  # noqa: F401 - for the doctest
from cnnviz.lessons.matching.trace_patch import Pixels, make_patch, planes_of, scaled_size
from cnnviz.lessons.matching.trace_scores import compare, share_of

RANGES = {"turn": TURN, "size": SIZE, "light": LIGHT, "contrast": CONTRAST, "noise": NOISE}
MIDDLE = {"turn": 0, "size": 100, "light": 0, "contrast": 100, "noise": 0}
FEWEST, MOST, WORK = 13, 37, 350_000
"""Points of the curve, and how many numbers may be computed for it."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Shares of a perfect match, over the values of one slider; NaN where the window leaves the picture."""

    values: tuple[int, ...]
    shares: tuple[float, ...]
    now: int
    """Where the slider stands."""
    now_share: float


def trace_curve(trace: MatchingTrace, source: Pixels) -> Curve:
    """Move one slider over its whole range, at the template's own place, or at the best match in another picture."""
    spec = trace.spec
    planes = planes_of(source, spec.channels)
    height, width = trace.template.shape[:2]
    if trace.own:
        middle = trace.box[0] + trace.box[2] / 2, trace.box[1] + trace.box[3] / 2
    else:
        middle = trace.best[0] + height / 2, trace.best[1] + width / 2
    count = max(FEWEST, min(MOST, WORK // trace.template.size))
    now = int(getattr(spec, spec.against))
    values = curve_values(spec.against, count, now)
    shares = tuple(_share(trace, planes, _changed(spec, value), middle) for value in values)
    return Curve(values, shares, now, shares[values.index(now)])


def _changed(spec: MatchingSpec, value: int) -> MatchingSpec:
    change: dict[str, Any] = {spec.against: value}
    return replace(spec, **change)


def curve_values(against: str, count: int, now: int) -> tuple[int, ...]:
    """Spread points evenly over a slider's range, with where it stands, its rest, and two beside that.

    >>> curve_values("noise", 3, 10)
    (0, 2, 10, 50, 100)
    """
    low, high = RANGES[against]
    rest = MIDDLE[against]
    near = [value for value in (rest - 6, rest - 2, rest, rest + 2, rest + 6) if low <= value <= high]
    if against == "noise":
        near = [0, 2]
    even = np.linspace(low, high, count).round().astype(int).tolist()
    return tuple(sorted({*even, *near, now}))


def _share(trace: MatchingTrace, planes: Pixels, spec: MatchingSpec, middle: tuple[float, float]) -> float:
    tall, wide = scaled_size(trace.box, spec)
    top, left = math.floor(middle[0] - tall / 2), math.floor(middle[1] - wide / 2)
    rows, columns = trace.picture.shape[:2]
    if top < 0 or left < 0 or top + tall > rows or left + wide > columns:
        return math.nan
    template = make_patch(planes, trace.box, spec).pixels
    window = trace.picture[top : top + tall, left : left + wide]
    return share_of(compare(window, template).of(spec.score), spec.score, compare(template, template))
