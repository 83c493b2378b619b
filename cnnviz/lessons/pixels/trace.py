"""A picture as numbers: what each byte becomes on another scale, how often it occurs, and where it stands in memory.

>>> pixels = np.array([[[255, 0, 0], [0, 0, 51]]], np.uint8)
>>> trace = trace_pixels(pixels, PixelsSpec(scale="unit"))
>>> float(trace.scaled(2)[51]), int(trace.counts[0, 255]), trace.at
(0.2, 1, (0, 0))
>>> trace.memory("hwc")[:3], trace.memory("chw")[:3]
([(0, 0, 0), (0, 0, 1), (0, 0, 2)], [(0, 0, 0), (0, 1, 0), (0, 0, 1)])
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import Pair
from cnnviz.lessons.pixels.spec import CORNER, IMAGENET_MEAN, IMAGENET_STD, PixelsSpec

Pixels = NDArray[np.uint8]

LEVELS = 256
CHANNELS = 3
LEAST_STD = 1e-8
"""A channel of one single colour has no deviation; divided by this, it becomes zeros and not infinity."""


@dataclass(frozen=True, eq=False)
class PixelsTrace:
    """All that the page shows of a picture. A value x becomes (x - mean) / std, channel by channel."""

    spec: PixelsSpec
    size: Pair
    counts: NDArray[Any]
    """How often each of the 256 bytes occurs, (3, 256)."""
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    """What is taken off each byte, and what it is divided by, for the scale of the spec."""
    flat: tuple[bool, ...]
    """Channels that hold one single value."""
    at: Pair
    """The first pixel of the corner."""
    corner: Pixels

    def scaled(self, channel: int) -> NDArray[np.float64]:
        """Give what each byte 0..255 of a channel becomes."""
        levels = np.arange(LEVELS, dtype=np.float64)
        return (levels - self.mean[channel]) / np.float64(self.std[channel])

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape in the order of the spec."""
        height, width = self.size
        orders = {"hwc": (height, width, CHANNELS), "chw": (CHANNELS, height, width)}
        return orders.get(self.spec.order, (self.spec.batch, CHANNELS, height, width))

    def memory(self, order: str) -> list[tuple[int, int, int]]:
        """List (row, column, channel) of the corner's numbers as they follow each other in memory."""
        rows, columns, channels = self.corner.shape
        cells = [(r, c, k) for r in range(rows) for c in range(columns) for k in range(channels)]
        return cells if order == "hwc" else sorted(cells, key=lambda cell: (cell[2], cell[0], cell[1]))

    @property
    def strides(self) -> tuple[int, ...]:
        """How many numbers further the next one along each axis stands, in a tensor of this shape."""
        return tuple(math.prod(self.shape[axis + 1 :]) for axis in range(len(self.shape)))


def trace_pixels(pixels: Pixels, spec: PixelsSpec) -> PixelsTrace:
    """Count a picture's bytes and find how they are scaled; the corner stays inside the picture."""
    height, width = pixels.shape[:2]
    counts = np.stack([np.bincount(pixels[..., k].ravel(), minlength=LEVELS) for k in range(CHANNELS)])
    mean, std, flat = _scaling(counts, spec)
    row, column = spec.at or (height // 2, width // 2)
    at = min(row, max(0, height - CORNER[0])), min(column, max(0, width - CORNER[1]))
    corner = pixels[at[0] : at[0] + CORNER[0], at[1] : at[1] + CORNER[1]]
    return PixelsTrace(spec, (height, width), counts, mean, std, flat, at, corner)


Three = tuple[float, float, float]


def _scaling(counts: NDArray[Any], spec: PixelsSpec) -> tuple[Three, Three, tuple[bool, ...]]:
    """Give what to take off and what to divide by, in bytes."""
    flat = tuple(bool((row > 0).sum() == 1) for row in counts)
    if spec.scale == "standard":
        moments = [_moments(counts.sum(0) if spec.over == "all" else row) for row in counts]
        (a, b, c), (d, e, f) = zip(*moments, strict=True)
        return (a, b, c), (d, e, f), flat
    if spec.scale == "imagenet":
        means, stds = ([part * 255 for part in parts] for parts in (IMAGENET_MEAN, IMAGENET_STD))
        return (means[0], means[1], means[2]), (stds[0], stds[1], stds[2]), flat
    mean, std = {"byte": (0.0, 1.0), "unit": (0.0, 255.0), "sign": (127.5, 127.5)}[spec.scale]
    return (mean,) * 3, (std,) * 3, flat


def _moments(counts: NDArray[Any]) -> tuple[float, float]:
    """Give mean and standard deviation (n - 1 below the line, as torch.std does) of counted bytes.

    >>> mean, std = _moments(np.bincount([1, 2, 3, 4], minlength=256))
    >>> mean, round(std, 4)
    (2.5, 1.291)
    """
    levels = np.arange(LEVELS, dtype=np.float64)
    number = int(counts.sum())
    mean = float((counts * levels).sum() / number)
    spread = float((counts * (levels - mean) ** 2).sum())
    return mean, max(math.sqrt(spread / max(number - 1, 1)), LEAST_STD)
