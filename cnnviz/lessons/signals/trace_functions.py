"""The convolution of two functions, on a fine grid: (f * g)(t) is the area under f(s) g(t - s).

>>> trace = trace_functions("box", "box", 0.5)
>>> round(trace.area, 3)  # the boxes overlap by half
0.5
>>> float(trace.result.max().round(3))  # box * box is a triangle of height 1
1.0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]

STEPS = 200
"""Grid cells in one unit. Every curve is taken at their middles, so that no jump lies on a point and sums are exact."""

REACH = 4
"""The shift goes from -REACH to REACH; outside (-SUPPORT, SUPPORT) every function is 0, or too small to see."""

SUPPORT = 8
WIDTH = 0.5
"""The standard deviation of the Gaussian."""

SAMPLE = 4
"""Every so many points are kept for the picture."""


def box(s: Curve) -> Curve:
    """Stand 1 high and 1 wide."""
    return np.where(np.abs(s) < 0.5, 1.0, 0.0)


def triangle(s: Curve) -> Curve:
    """Rise from -1 to 0 and fall to 1."""
    rising: Curve = np.maximum(0.0, 1 - np.abs(s))
    return rising


def gaussian(s: Curve) -> Curve:
    """The bell of area 1 whose standard deviation is `WIDTH`."""
    bell: Curve = np.exp(-0.5 * (s / WIDTH) ** 2) / (WIDTH * np.sqrt(2 * np.pi))
    return bell


def decay(s: Curve) -> Curve:
    """Jump to 1 at 0, then die away."""
    return np.where(s > 0, np.exp(-np.maximum(s, 0.0)), 0.0)


def sine(s: Curve) -> Curve:
    """One period of a sine, and 0 outside."""
    return np.where(np.abs(s) <= 1, np.sin(np.pi * s), 0.0)


CURVES: dict[str, Callable[[Curve], Curve]] = {
    "box": box,
    "triangle": triangle,
    "gaussian": gaussian,
    "decay": decay,
    "sine": sine,
}


@dataclass(frozen=True)
class FunctionsTrace:
    """Two functions at one shift: `still` is f(s), `moving` is g(t - s), `product` both multiplied.

    `area` is the convolution at the shift, `result` the convolution at every shift of `shifts`.
    """

    f: str
    g: str
    shift: float
    s: Curve
    still: Curve
    moving: Curve
    product: Curve
    shifts: Curve
    result: Curve
    area: float


def trace_functions(f: str, g: str, shift: float) -> FunctionsTrace:
    """Turn g, move it by `shift`, multiply it with f, and measure the area."""
    s = _grid(SUPPORT)
    still, moving = CURVES[f](s), CURVES[g](shift - s)
    product = still * moving
    area = float(product.sum()) / STEPS
    shifts, result = convolution_curve(f, g)
    shown = slice((SUPPORT - REACH) * STEPS, (SUPPORT + REACH) * STEPS, SAMPLE)
    return FunctionsTrace(f, g, shift, s[shown], still[shown], moving[shown], product[shown], shifts, result, area)


@lru_cache(maxsize=64)
def convolution_curve(f: str, g: str) -> tuple[Curve, Curve]:
    """Give the convolution at every shift that is shown; the arrays are read-only."""
    s = _grid(SUPPORT)
    whole = np.convolve(CURVES[f](s), CURVES[g](s)) / STEPS
    first = (2 * SUPPORT - REACH) * STEPS - 1  # two middles add up to an edge, the first of them to one step more
    shifts = np.arange(-REACH * STEPS, REACH * STEPS + 1, SAMPLE) / STEPS
    result = whole[first : first + 2 * REACH * STEPS + 1 : SAMPLE]
    for curve in (shifts, result):
        curve.setflags(write=False)
    return shifts, result


@lru_cache(maxsize=64)
def moving_tape(g: str) -> Curve:
    """Give the turned function over twice the reach: at any shift, g(t - s) is a stretch of this tape; read-only.

    >>> trace, tape = trace_functions("box", "decay", 0.5), moving_tape("decay")
    >>> start = round((REACH - 0.5) * STEPS / SAMPLE)
    >>> bool(np.allclose(tape[start : start + len(trace.moving)], trace.moving))
    True
    """
    tape = CURVES[g](-_grid(2 * REACH)[::SAMPLE])
    tape.setflags(write=False)
    return tape


def _grid(reach: int) -> Curve:
    return (np.arange(-reach * STEPS, reach * STEPS) + 0.5) / STEPS
