"""Pictures of shapes and textures, drawn by rule: what our colour network learned from, and new tasks for it.

>>> picture = draw("star", seed=4)
>>> picture.shape, picture.dtype.name
((64, 64, 3), 'uint8')
>>> pictures, labels = draw_many(("circle", "stripes"), 3, seed=0)
>>> pictures.shape, labels.tolist()
((6, 64, 64, 3), [0, 1, 0, 1, 0, 1])

Place, size, angle and colours are drawn at random; the seed decides them all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float64]
Outline = list[tuple[float, float]]
"""Corners around the origin, as far from it as 1."""

SIDE = 64
_FINE = 4  # drawn so many times as large, then reduced: soft edges
_LEAST_CONTRAST = 90.0
_LUMA = np.array([0.299, 0.587, 0.114])


def draw(kind: str, seed: int) -> Pixels:
    """Draw one picture of a kind, (64, 64, 3)."""
    return _draw(kind, np.random.default_rng((seed, *kind.encode())))


def draw_many(kinds: Sequence[str], each: int, seed: int) -> tuple[Pixels, NDArray[np.int64]]:
    """Draw `each` pictures of every kind, the kinds in turn; and the kinds' numbers."""
    rng = np.random.default_rng(seed)
    labels = np.tile(np.arange(len(kinds)), each)
    return np.stack([_draw(kinds[label], rng) for label in labels]), labels


def _draw(kind: str, rng: np.random.Generator) -> Pixels:
    """Paint one colour over another where the kind says so; then light from one side, and a little noise."""
    paint = _TEXTURES[kind](rng) if kind in _TEXTURES else _mask(_SHAPES[kind](rng), rng)
    back, front = _two_colours(rng)
    rows, cols = _coordinates()
    down, right = rng.uniform(-0.2, 0.2, 2)
    picture = (back + (front - back) * paint[..., None]) * (1 + down * rows + right * cols)[..., None]
    picture += rng.normal(0, rng.uniform(2, 12), picture.shape)
    finished: Pixels = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return finished


def _two_colours(rng: np.random.Generator) -> tuple[Plane, Plane]:
    """Choose two colours that also a grey copy would tell apart."""
    while True:
        back, front = rng.uniform(10, 245, (2, 3))
        if abs(float((front - back) @ _LUMA)) > _LEAST_CONTRAST:
            return back, front


def _coordinates(side: int = SIDE) -> tuple[Plane, Plane]:
    """Give every pixel's row and column, from -1 to 1."""
    line = np.linspace(-1, 1, side)
    return line[:, None], line[None, :]


def _mask(outlines: list[tuple[Outline, int]], rng: np.random.Generator) -> Plane:
    """Fill outlines (1 adds, 0 cuts out), turned, scaled and moved at random, wholly inside the picture."""
    side = SIDE * _FINE
    radius = side * rng.uniform(0.2, 0.42)
    centre = rng.uniform(radius + _FINE, side - radius - _FINE, 2)
    angle = rng.uniform(0, 2 * math.pi)
    stretch = rng.uniform(0.85, 1.0)
    sheet = Image.new("L", (side, side))
    pen = ImageDraw.Draw(sheet)
    for outline, ink in outlines:
        points = np.array(outline) * (1, stretch)
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        pen.polygon([(float(x), float(y)) for x, y in points @ turn.T * radius + centre], fill=255 * ink)
    return np.asarray(sheet.reduce(_FINE), dtype=float) / 255


def _polygon(corners: int, *radii: float, start: float = 0.0) -> Outline:
    """Go around the origin, the distance to it taken from `radii` in turn."""
    angles = [start + 2 * math.pi * i / corners for i in range(corners)]
    return [(radii[i % len(radii)] * math.cos(a), radii[i % len(radii)] * math.sin(a)) for i, a in enumerate(angles)]


def _circle(radius: float = 1.0, right: float = 0.0) -> Outline:
    return [(x + right, y) for x, y in _polygon(60, radius)]


def _cross(rng: np.random.Generator) -> list[tuple[Outline, int]]:
    thin = rng.uniform(0.25, 0.4)
    bar = [(-1.0, -thin), (1.0, -thin), (1.0, thin), (-1.0, thin)]
    return [(bar, 1), ([(y, x) for x, y in bar], 1)]


def _heart() -> Outline:
    angles = np.linspace(0, 2 * math.pi, 60, endpoint=False)
    across = 16 * np.sin(angles) ** 3
    up = 13 * np.cos(angles) - 5 * np.cos(2 * angles) - 2 * np.cos(3 * angles) - np.cos(4 * angles)
    return [(float(x) / 17, -float(y + 2.5) / 17) for x, y in zip(across, up, strict=True)]


def _arrow(rng: np.random.Generator) -> Outline:
    thin, neck = rng.uniform(0.15, 0.28), rng.uniform(0.0, 0.2)
    half = [(-1.0, -thin), (neck, -thin), (neck, -0.7), (1.0, 0.0)]
    return [*half, *[(x, -y) for x, y in reversed(half[:-1])]]


_SHAPES: dict[str, Callable[[np.random.Generator], list[tuple[Outline, int]]]] = {
    "circle": lambda rng: [(_circle(), 1)],
    "ring": lambda rng: [(_circle(), 1), (_circle(rng.uniform(0.45, 0.7)), 0)],
    "triangle": lambda rng: [(_polygon(3, 1.0), 1)],
    "square": lambda rng: [(_polygon(4, 1.0), 1)],
    "star": lambda rng: [(_polygon(10, 1.0, rng.uniform(0.38, 0.5)), 1)],
    "cross": _cross,
    "heart": lambda rng: [(_heart(), 1)],
    "moon": lambda rng: [(_circle(), 1), (_circle(rng.uniform(0.75, 0.9), rng.uniform(0.4, 0.55)), 0)],
    "arrow": lambda rng: [(_arrow(rng), 1)],
}


def _waves_across(rng: np.random.Generator) -> tuple[Plane, Plane]:
    """Give two coordinates in periods of a texture, turned by any angle."""
    rows, cols = _coordinates()
    angle, periods = rng.uniform(0, math.pi), rng.uniform(2.2, 4.5)
    along = (cols * math.cos(angle) + rows * math.sin(angle)) * periods + rng.uniform(0, 1)
    across = (rows * math.cos(angle) - cols * math.sin(angle)) * periods + rng.uniform(0, 1)
    return along, across


def _sharp(values: Plane) -> Plane:
    """Turn waves from -1 to 1 into two tones with soft edges."""
    return np.clip(values * 4 + 0.5, 0, 1)


def _stripes(rng: np.random.Generator) -> Plane:
    along, _ = _waves_across(rng)
    return _sharp(np.sin(2 * math.pi * along))


def _waves(rng: np.random.Generator) -> Plane:
    along, across = _waves_across(rng)
    return _sharp(np.sin(2 * math.pi * (along + rng.uniform(0.3, 0.5) * np.sin(2 * math.pi * across * 0.6))))


def _checks(rng: np.random.Generator) -> Plane:
    along, across = _waves_across(rng)
    return _sharp(2 * np.sin(2 * math.pi * along * 0.8) * np.sin(2 * math.pi * across * 0.8))


def _dots(rng: np.random.Generator) -> Plane:
    along, across = _waves_across(rng)
    distance = np.hypot(along % 1 - 0.5, across % 1 - 0.5)
    return _sharp((rng.uniform(0.25, 0.36) - distance) * 4)


_TEXTURES = {"stripes": _stripes, "waves": _waves, "checks": _checks, "dots": _dots}

KINDS = ("circle", "ring", "triangle", "square", "star", "cross", *_TEXTURES)
"""The ten that the colour network knows."""
NEW_KINDS = ("heart", "moon", "arrow")
"""Three that it has never seen."""
