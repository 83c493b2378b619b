"""What is drawn for a variant of a picture: one number for each augmentation, the same on every machine for a seed.

>>> spec = AugmentSpec(on=("rotate", "bright", "mix"), seed=3)
>>> drawn = draw_variant(spec, 0)
>>> round(drawn.angle, 2), round(drawn.bright, 3), round(drawn.weight, 3), drawn.crop
(-24.35, 0.718, 0.009, None)
>>> draw_variant(spec.switched("bright", False), 0).angle == drawn.angle
True

All places and lengths are parts of the picture's height and width, so that a small copy on the sheet shows the same
variant. Each augmentation has uniform numbers of its own: switching another one on or off does not change it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cnnviz.engine.pictures.sampling import Matrix
from cnnviz.engine.pictures.warp import compose, flip, move, rotate, scale, shear
from cnnviz.lessons.augmentation.spec import AugmentSpec, Box
from cnnviz.lessons.augmentation.spec_ops import LEAST_CUT, LEAST_FACTOR, LEAST_SIGMA, OPS, RATIO

UNIFORMS = 4
"""How many uniform numbers each augmentation has for itself."""

NOISE, SALT, BETA = 1, 2, 3
"""Streams of random numbers beside the one of the variant's settings."""

FLIPS = ("hflip", "vflip")

Size = tuple[int, int]

Part = tuple[float, float, float, float]
"""Top, left, height and width of a rectangle, as parts of the picture's height and width."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The settings of one variant; what is None or at its neutral value does nothing."""

    seed: tuple[int, int] = (0, 0)
    crop: Part | None = None
    angle: float = 0
    """In degrees, against the clock."""
    shift: tuple[float, float] = (0, 0)
    """Down and to the right."""
    scale: float = 1
    shear: float = 0
    """In degrees."""
    hflip: bool = False
    vflip: bool = False
    bright: float = 1
    contrast: float = 1
    sat: float = 1
    hue: float = 0
    """In degrees."""
    blur: float = 0
    """The Gaussian's deviation in pixels."""
    noise: float = 0
    salt: float = 0
    cut: tuple[float, float, float] | None = None
    """Of a square: where it is between the borders, down and along, and its part of the area."""
    weight: float = 1
    """The lambda of mix-up: how much of the first picture is kept."""
    paste: Part | None = None
    """The part that cut-mix takes from the second picture."""


def draw_variant(spec: AugmentSpec, index: int) -> Drawn:
    """Draw the settings of one variant of the sheet."""
    seed = (spec.seed, index)
    uniform = _uniforms(seed)
    which_mix = uniform["mix"][0]
    both = spec.is_on("mix") and spec.is_on("cutmix")
    skipped = {"cutmix" if which_mix < 1 / 2 else "mix"} if both else set()
    drawn = Drawn(seed=seed)
    for name in spec.active:
        if name not in skipped:
            strength = spec.strength(name)
            weight = _beta(seed, strength) if name in {"mix", "cutmix"} else 0
            drawn = _with(drawn, name, strength, uniform[name], weight)
    return drawn


def draw_rung(spec: AugmentSpec, name: str, part: float) -> Drawn:
    """Give one step of the ladder: the largest that can be drawn at `part` of the strength.

    >>> draw_rung(AugmentSpec(), "rotate", 0.5).angle, draw_rung(AugmentSpec(), "bright", 1).bright
    (15.0, 1.3)
    """
    seed = (spec.seed, 0)
    uniform = _uniforms(seed)[name]
    strength, weight = part * spec.strength(name), 1 - part / 2
    if name in FLIPS:
        return _with(Drawn(seed=seed), name, strength, uniform, weight)
    places = (0.5, 0.5, 0.5) if name in {"crop", "cutmix"} else uniform[1:]
    return _with(Drawn(seed=seed), name, strength, (1.0, *places), weight)


def flip_number(spec: AugmentSpec, name: str) -> float:
    """Give the number between 0 and 1 that decides about a flip on the ladder: below p it flips."""
    return _uniforms((spec.seed, 0))[name][0]


def _uniforms(seed: tuple[int, int]) -> dict[str, tuple[float, ...]]:
    numbers = np.random.Generator(np.random.PCG64(seed)).random((len(OPS), UNIFORMS))
    return {name: tuple(row) for name, row in zip(OPS, numbers.tolist(), strict=True)}


def _beta(seed: tuple[int, int], alpha: float) -> float:
    return float(np.random.Generator(np.random.PCG64((*seed, BETA))).beta(alpha, alpha))


def _with(drawn: Drawn, name: str, strength: float, uniform: tuple[float, ...], weight: float) -> Drawn:
    """Add what one augmentation draws; `uniform[0]` = 1 gives the largest value."""
    if strength <= 0:
        return drawn
    first, second, third, fourth = uniform
    part, around = strength / 100, 2 * first - 1
    changes: dict[str, Any] = {
        "crop": lambda: {"crop": _crop(1 - part * first, second, third, fourth)},
        "rotate": lambda: {"angle": strength * around},
        "shift": lambda: {"shift": (part * around, part * (2 * second - 1))},
        "scale": lambda: {"scale": max(LEAST_FACTOR, 1 + part * around)},
        "shear": lambda: {"shear": strength * around},
        "hflip": lambda: {"hflip": first < part},
        "vflip": lambda: {"vflip": first < part},
        "bright": lambda: {"bright": 1 + part * around},
        "contrast": lambda: {"contrast": 1 + part * around},
        "sat": lambda: {"sat": 1 + part * around},
        "hue": lambda: {"hue": strength * around},
        "blur": lambda: {"blur": LEAST_SIGMA + first * (strength - LEAST_SIGMA)},
        "noise": lambda: {"noise": part},
        "salt": lambda: {"salt": part},
        "cut": lambda: {"cut": (second, third, LEAST_CUT + first * max(part - LEAST_CUT, 0))},
        "mix": lambda: {"weight": weight},
        "cutmix": lambda: {"paste": _paste(1 - weight, second, third)},
    }
    return replace(drawn, **changes[name]())


def _crop(area: float, down: float, along: float, ratio: float) -> Part:
    """Choose a part of this area; it changes the proportions by at most a third, and fits in."""
    low, high = math.log(max(RATIO[0], area)), math.log(min(RATIO[1], 1 / area))
    stretch = math.exp(low + (high - low) * ratio)
    height, width = min(1.0, math.sqrt(area / stretch)), min(1.0, math.sqrt(area * stretch))
    return (1 - height) * down, (1 - width) * along, height, width


def _paste(area: float, down: float, along: float) -> Part:
    """Choose a part of this area about a place; what is beyond the border is lost."""
    side = math.sqrt(area)
    (top, bottom), (left, right) = ((max(at - side / 2, 0), min(at + side / 2, 1)) for at in (down, along))
    return top, left, bottom - top, right - left


# Where it happens on a picture of some size ---------------------------------------------------------------------------


def steps_of(drawn: Drawn, size: Size) -> list[tuple[str, Matrix]]:
    """Give the matrices of all that moves pixels, by the names of the augmentations, in their order."""
    steps: list[tuple[str, Matrix]] = []
    if drawn.crop:
        steps.append(("crop", crop_matrix(drawn.crop, size)))
    if drawn.angle:
        steps.append(("rotate", rotate(drawn.angle, size)))
    if drawn.shear:
        steps.append(("shear", shear(0, math.tan(math.radians(drawn.shear)), size)))
    if drawn.scale != 1:
        steps.append(("scale", scale(drawn.scale, drawn.scale, size)))
    if any(drawn.shift):
        steps.append(("shift", move(drawn.shift[0] * size[0], drawn.shift[1] * size[1])))
    steps += [(name, flip(size, axis)) for name, axis in (("hflip", 1), ("vflip", 0)) if getattr(drawn, name)]
    return steps


def matrix_of(drawn: Drawn, size: Size) -> Matrix:
    """Say where each place of the picture goes: all steps in one matrix, so that pixels are mixed only once."""
    return compose(*(matrix for _, matrix in steps_of(drawn, size)))


def crop_matrix(part: Part, size: Size) -> Matrix:
    """Enlarge a part to the full size; whole numbers are the middles of pixels.

    >>> crop_matrix((0.5, 0, 0.5, 1), (4, 4)).tolist()
    [[2.0, 0.0, -3.5], [0.0, 1.0, 0.0]]
    """
    (top, left, height, width), (H, W) = part, size
    return np.array([[1 / height, 0, (0.5 - top * H) / height - 0.5], [0, 1 / width, (0.5 - left * W) / width - 0.5]])


def cut_box(drawn: Drawn, size: Size) -> Box | None:
    """Give the square that cut-out hides."""
    if not drawn.cut:
        return None
    down, along, area = drawn.cut
    side = max(1, min(round(math.sqrt(area * size[0] * size[1])), *size))
    return round(down * (size[0] - side)), round(along * (size[1] - side)), side, side


def paste_box(drawn: Drawn, size: Size) -> Box | None:
    """Give the rectangle that cut-mix takes from the second picture; it may have no pixels."""
    if not drawn.paste:
        return None
    top, left, height, width = drawn.paste
    rows, columns = ([round(a * n), round((a + b) * n)] for a, b, n in ((top, height, size[0]), (left, width, size[1])))
    return rows[0], columns[0], rows[1] - rows[0], columns[1] - columns[0]


def kept(drawn: Drawn, size: Size) -> float:
    """Give how much of the label is the first picture's: the lambda of the labels."""
    box = paste_box(drawn, size)
    return 1 - box[2] * box[3] / (size[0] * size[1]) if box else drawn.weight
