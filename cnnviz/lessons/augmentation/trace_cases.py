"""A sample for each task: a picture, what an augmentation makes of it, and what that looks like.

>>> [step.title for step in case_of("digit", "rotate", 180)]
['A 6', 'Rotate: label still “6”?', 'A real 9']
>>> [step.title for step in case_of("text", "hflip", 50)]
['The letter b', 'Flip ↔: label still “b”?', 'The letter d']
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from cnnviz.engine.pictures.gallery import DIGIT_SIDE
from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.augmentation.spec import AugmentSpec, Box
from cnnviz.lessons.augmentation.spec_ops import OPS
from cnnviz.lessons.augmentation.trace_apply import Pixels, apply, reduced
from cnnviz.lessons.augmentation.trace_boxes import move_box
from cnnviz.lessons.augmentation.trace_draw import Drawn, draw_rung, matrix_of

SIDE = 160
LETTER = 56
FACE: Box = (10, 53, 58, 46)
"""Where the astronaut's face is, when her picture has `SIDE` pixels a side."""
TURNED = 135
"""From here on a turn counts as one on the head."""


@dataclass(frozen=True, eq=False)
class Step:
    """One picture of a case. `box` is drawn on it; `wrong` is a box that stayed behind."""

    title: str
    pixels: Pixels
    alt: str
    box: Box | None = None
    wrong: Box | None = None


def case_of(task: str, name: str, strength: float) -> list[Step]:
    """Show what an augmentation of this strength does to a sample of the task."""
    return _cases[task](name, strength)


def digit_pixels(digit: int, hand: int = 0) -> Pixels:
    """Give one digit of the sample of digits, 28 x 28 pixels."""
    row, column = hand * DIGIT_SIDE, digit * DIGIT_SIDE
    return sample("digits").pixels[row : row + DIGIT_SIDE, column : column + DIGIT_SIDE]


def letter_pixels(letter: str) -> Pixels:
    """Draw b, d, p or q, white on dark: a bowl and a stem.

    >>> bool((letter_pixels("b")[:, ::-1] == letter_pixels("d")).all())
    True
    """
    image = Image.new("RGB", (LETTER, LETTER), (24, 32, 48))
    draw = ImageDraw.Draw(image)
    draw.ellipse((15, 24, 40, 49), outline=(240, 240, 240), width=6)
    draw.rectangle((15, 6, 20, 49), fill=(240, 240, 240))
    pixels = np.asarray(image)
    down, along = {"b": (1, 1), "d": (1, -1), "p": (-1, 1), "q": (-1, -1)}[letter]
    return np.ascontiguousarray(pixels[::down, ::along])


def arrow_pixels() -> Pixels:
    """Draw a sign with an arrow that points left."""
    image = Image.new("RGB", (2 * SIDE, 2 * SIDE), (225, 228, 232))
    draw = ImageDraw.Draw(image)
    draw.ellipse((12, 12, 307, 307), fill=(24, 86, 168), outline=(255, 255, 255), width=10)
    draw.polygon([(60, 160), (150, 80), (150, 130), (260, 130), (260, 190), (150, 190), (150, 240)], fill="white")
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX))


@lru_cache(maxsize=4)
def _small(name: str) -> Pixels:
    return reduced(sample(name).pixels, SIDE)


def _made(pixels: Pixels, name: str, strength: float) -> tuple[Pixels, Drawn]:
    """Make the strongest variant that this range allows; a flip flips."""
    full = strength if name not in {"hflip", "vflip"} else OPS[name].high
    drawn = draw_rung(AugmentSpec(strengths={name: full}), name, 1)
    if name == "crop" and drawn.crop:  # the lower part, where an 8 and a b have their bowl
        height, width = drawn.crop[2:]
        drawn = replace(drawn, crop=(1 - height, (1 - width) / 2, height, width))
    if name == "shift":  # along the row: that is where the digits have their strokes
        drawn = replace(drawn, shift=(0, strength / 100))
    grey = bool((pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all())
    second = np.ascontiguousarray(pixels[:, ::-1]) if drawn.weight != 1 or drawn.paste else None
    return apply(pixels, drawn, second=second, grey=grey), drawn


def _after(name: str, label: str) -> str:
    return f"{OPS[name].label}: label still “{label}”?"


def _plain(pixels: Pixels, name: str, strength: float, words: tuple[str, str, str]) -> list[Step]:
    title, label, alt = words
    after, _ = _made(pixels, name, strength)
    return [Step(title, pixels, alt), Step(_after(name, label), after, f"{alt}, after {OPS[name].label.lower()}")]


def _digit(name: str, strength: float) -> list[Step]:
    turned = name == "rotate"
    mirrored = name in {"hflip", "vflip"}
    digit, looks = (2, 5) if mirrored else (6, 9) if turned else (8, 3) if name == "cut" else (8, 0)
    steps = _plain(digit_pixels(digit), name, strength, (f"A {digit}", str(digit), f"The handwritten digit {digit}"))
    if turned and strength < TURNED:
        return steps
    if name in {"rotate", "hflip", "vflip", "cut", "crop"}:
        steps.append(Step(f"A real {looks}", digit_pixels(looks), f"The handwritten digit {looks}"))
    return steps


def _text(name: str, strength: float) -> list[Step]:
    looks = {"hflip": "d", "vflip": "p", "rotate": "q"}.get(name, "")
    steps = _plain(letter_pixels("b"), name, strength, ("The letter b", "b", "The letter b"))
    if looks and (name != "rotate" or strength >= TURNED):
        steps.append(Step(f"The letter {looks}", letter_pixels(looks), f"The letter {looks}"))
    return steps


def _side(name: str, strength: float) -> list[Step]:
    return _plain(arrow_pixels(), name, strength, ("“Turn left”", "left", "A round sign with an arrow to the left"))


def _medical(name: str, strength: float) -> list[Step]:
    alt = "The back of a left eye; the bright disc is on the left"
    return _plain(_small("retina"), name, strength, ("A left eye", "left eye", alt))


def _animal(name: str, strength: float) -> list[Step]:
    return _plain(_small("cat"), name, strength, ("A cat", "cat", "The face of a cat"))


def _ripe(name: str, strength: float) -> list[Step]:
    # Turned by a third of the circle or less, red goes to orange or green.
    strength = min(strength, 110) if name == "hue" else strength
    pixels = _small("coffee")
    if name == "sat":
        after = apply(pixels, Drawn(sat=max(0.0, 1 - strength / 100)))
        return [
            Step("Red", pixels, "A red cup and saucer"),
            Step(_after(name, "red"), after, "The same cup, its colours faded"),
        ]
    return _plain(pixels, name, strength, ("Red", "red", "A red cup and saucer"))


def _box(name: str, strength: float) -> list[Step]:
    pixels = _small("astronaut")
    after, drawn = _made(pixels, name, strength)
    size = (pixels.shape[0], pixels.shape[1])
    moved = move_box(FACE, matrix_of(drawn, size), size)
    steps = [Step("The face, in its box", pixels, "An astronaut with a box round the face", FACE)]
    if moved.box != FACE:
        steps.append(Step("The box stayed: wrong", after, "The picture moved, the old box did not", None, FACE))
    along = "The box moved along" if moved.box != FACE else _after(name, "face")
    return [*steps, Step(along, after, "The picture and its box moved together", moved.box)]


_cases = {
    "animal": _animal,
    "digit": _digit,
    "text": _text,
    "side": _side,
    "medical": _medical,
    "box": _box,
    "ripe": _ripe,
}
