"""What each padding mode guesses beyond the border, and how wrong it is: measured where the truth is known.

A picture is cropped; the crop is filtered under every padding mode, and compared with the crop of the filtered whole
picture, whose windows read what really lies there.

>>> ramp = np.broadcast_to(np.arange(0, 240, 10, dtype=np.uint8), (24, 24))
>>> borders = trace_borders(ramp, ((1 / 3, 1 / 3, 1 / 3),))
>>> [(case.mode, round(case.largest, 3)) for case in borders.cases]
[('zeros', 60.0), ('reflect', 6.667), ('replicate', 3.333), ('circular', 40.0)]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.arithmetic import same_padding
from cnnviz.engine.grids import Pair, Rows
from cnnviz.engine.pictures.filters import Plane, filter_picture
from cnnviz.engine.windows import PADDING_MODES, PaddingMode
from cnnviz.errors import SpecError

LEAST_CROP = 4


@dataclass(frozen=True, eq=False)
class BorderCase:
    """One padding mode: its result on the crop, the difference from the truth, and that difference in numbers."""

    mode: PaddingMode
    result: Plane
    error: Plane
    largest: float
    mean: float
    """The mean absolute error over the pixels whose windows pass the border."""


@dataclass(frozen=True, eq=False)
class BordersTrace:
    """The crop (row, column, height, width), what is true there, and the four guesses."""

    crop: tuple[int, int, int, int]
    sides: tuple[Pair, Pair]
    """The padding: (above, below), (before, after)."""
    picture: NDArray[np.uint8]
    truth: Plane
    cases: tuple[BorderCase, ...]
    touched: int
    """How many pixels of the crop have a window that passes its border."""

    @property
    def share(self) -> float:
        """The part of the crop that the border reaches."""
        return self.touched / self.truth.size


def trace_borders(
    plane: NDArray[np.uint8], rows: Rows, *, dilation: int = 1, bias: float = 0.0, relu: bool = False
) -> BordersTrace:
    """Crop the middle half of a plane (less, if the kernel reaches further) and compare the four modes there."""
    sides = [same_padding(n, taps, 1, dilation) for n, taps in zip(plane.shape, (len(rows), len(rows[0])), strict=True)]
    spans = []
    for n, (before, after) in zip(plane.shape, sides, strict=True):
        margin = max(n // 4, before, after)
        if n - 2 * margin < max(LEAST_CROP, before + 1, after + 1):
            raise SpecError(
                "kernel",
                f"This comparison needs known pixels beyond the border: a side of at least "
                f"{2 * margin + max(LEAST_CROP, before + 1, after + 1)} pixels, and this one has {n}. "
                "Take a smaller kernel or dilation, or a larger picture.",
            )
        spans.append((margin, n - 2 * margin))
    (top, height), (left, width) = spans
    (above, below), (before, after) = sides
    window = plane[top - above : top + height + below, left - before : left + width + after]
    truth = filter_picture(window, rows, dilation=dilation, bias=bias, relu=relu)
    picture = np.ascontiguousarray(plane[top : top + height, left : left + width])
    ring = np.ones((height, width), bool)
    ring[above : height - below, before : width - after] = False
    cases = []
    for mode in PADDING_MODES:
        result = filter_picture(picture, rows, dilation=dilation, padding="same", mode=mode, bias=bias, relu=relu)
        error = result - truth
        wrong = np.abs(error)
        cases.append(
            BorderCase(mode, result, error, float(wrong.max()), float(wrong[ring].mean()) if ring.any() else 0.0)
        )
    return BordersTrace(
        (top, left, height, width), ((above, below), (before, after)), picture, truth, tuple(cases), int(ring.sum())
    )
