"""The template: a patch cut out of a picture, turned, scaled, brightened and made noisy; bytes in, bytes out.

>>> picture = np.arange(36, dtype=np.uint8).reshape(6, 6, 1)
>>> make_patch(picture, (1, 2, 2, 2), MatchingSpec()).pixels[..., 0].tolist()
[[8, 9], [14, 15]]
>>> make_patch(picture, (1, 2, 2, 2), MatchingSpec(turn=90)).pixels[..., 0].tolist()
[[9, 15], [8, 14]]
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.engine.grids import Pair
from cnnviz.lessons.matching.spec import Box, MatchingSpec

Pixels = NDArray[np.uint8]

NOISE_SEED = 0
"""The same noise in every run, only stronger or weaker."""


@dataclass(frozen=True, eq=False)
class Patch:
    """The template as bytes, (h, w, channels), and how much of it ran against 0 or 255."""

    pixels: Pixels
    clipped: float
    """The share of numbers that brightness, contrast or noise pushed beyond 0 or 255."""


def planes_of(pixels: Pixels, channels: str) -> Pixels:
    """Give what is compared: all three channels, or the grey that Pillow's "L" makes of them.

    >>> planes_of(np.array([[[255, 0, 0]]], np.uint8), "grey").tolist()
    [[[76]]]
    """
    if channels == "colour":
        return pixels
    return np.asarray(Image.fromarray(pixels).convert("L"))[..., None]


def scaled_size(box: Box, spec: MatchingSpec) -> Pair:
    """Give the template's height and width after scaling.

    >>> scaled_size((0, 0, 15, 9), MatchingSpec(size=50))
    (8, 5)
    """
    return tuple(max(1, (side * spec.size + 50) // 100) for side in box[2:])  # type: ignore[return-value]


def make_patch(planes: Pixels, box: Box, spec: MatchingSpec) -> Patch:
    """Cut the patch out of (H, W, channels) and change it as the spec asks, in the order of the sliders."""
    row, column, height, width = box
    cut = planes[row : row + height, column : column + width]
    if not spec.altered:
        return Patch(np.ascontiguousarray(cut), 0.0)
    turned = spec.turn % 360 or spec.size != 100
    values = _resampled(planes, box, spec) if turned else cut.astype(np.float32)
    mean = values.mean(dtype=np.float64)
    values = (values - mean) * (spec.contrast / 100) + mean + spec.light
    if spec.noise:
        values = values + spec.noise * np.random.default_rng(NOISE_SEED).standard_normal(values.shape)
    rounded = np.rint(values)
    outside = (rounded < 0) | (rounded > 255)
    return Patch(rounded.clip(0, 255).astype(np.uint8), float(outside.mean()))


def _resampled(planes: Pixels, box: Box, spec: MatchingSpec) -> NDArray[np.float32]:
    """Turn (anticlockwise) and scale round the middle of the box; corners are what the picture has there.

    Between pixels bilinear, beyond the border the border's pixel. A smaller template takes the mean of 2x2 samples a
    pixel, so that it does not alias.
    """
    row, column, height, width = box
    tall, wide = scaled_size(box, spec)
    finer = 2 if spec.size < 100 else 1
    angle, zoom = math.radians(spec.turn), 100 / spec.size
    cos, sin = math.cos(angle) * zoom, math.sin(angle) * zoom
    down = ((np.arange(tall * finer) + 0.5) / finer - tall / 2)[:, None]
    along = ((np.arange(wide * finer) + 0.5) / finer - wide / 2)[None, :]
    rows = along * sin + down * cos + (row + (height - 1) / 2)
    columns = along * cos - down * sin + (column + (width - 1) / 2)
    values = _bilinear(planes, rows, columns)
    if finer == 1:
        return values
    shape = (tall, finer, wide, finer, values.shape[2])
    averaged: NDArray[np.float32] = values.reshape(shape).mean(axis=(1, 3), dtype=np.float32)
    return averaged


def _bilinear(planes: Pixels, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float32]:
    """Read a picture between its pixels."""
    height, width, channels = planes.shape
    # The sine of 180 degrees is not quite 0: a hair's breadth from a pixel is on it.
    rows = np.round(rows, 9).clip(0, height - 1)
    columns = np.round(columns, 9).clip(0, width - 1)
    top, left = (
        np.minimum(rows.astype(np.intp), max(height - 2, 0)),
        np.minimum(columns.astype(np.intp), max(width - 2, 0)),
    )
    down, along = ((part - first).astype(np.float32)[..., None] for part, first in ((rows, top), (columns, left)))
    flat = planes.reshape(-1, channels)
    first = top * width + left
    below, beside = (width if height > 1 else 0), (1 if width > 1 else 0)
    a, b, c, d = (flat.take(first + step, axis=0).astype(np.float32) for step in (0, beside, below, below + beside))
    upper, lower = a + (b - a) * along, c + (d - c) * along
    blended: NDArray[np.float32] = upper + (lower - upper) * down
    return blended
