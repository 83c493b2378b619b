"""The augmentations of the Augmentation page: what each is called, how strong it can be, and what its number means.

>>> OPS["rotate"].words(30), OPS["crop"].words(50), OPS["mix"].words(0.4)
('±30°', 'keeps ≥ 50%', 'α = 0.4')
>>> [op.name for op in OPS.values() if op.group == "two"]
['mix', 'cutmix']
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Op:
    """One augmentation. Its strength runs from 0 (nothing happens) to `high`; `pattern` says what it stands for."""

    name: str
    label: str
    group: str
    high: float
    step: float
    default: float
    pattern: str
    help: str

    def words(self, strength: float) -> str:
        """Say a strength as a range of what is drawn."""
        return self.pattern.format(v=f"{strength:g}", rest=f"{100 - strength:g}")

    @property
    def grid(self) -> list[float]:
        """All strengths that the slider has."""
        return [round(self.step * index, 6) for index in range(round(self.high / self.step) + 1)]


_ALL = (
    Op("crop", "Crop", "place", 90, 5, 50, "keeps ≥ {rest}%", "Random resized crop: a part, enlarged to full size"),
    Op("rotate", "Rotate", "place", 180, 5, 30, "±{v}°", "Turn about the middle"),
    Op("shift", "Shift", "place", 50, 5, 10, "±{v}%", "Move down and along, in parts of height and width"),
    Op("scale", "Scale", "place", 80, 5, 20, "±{v}%", "Make larger or smaller about the middle"),
    Op("shear", "Shear", "place", 45, 5, 15, "±{v}°", "Lean to one side"),
    Op("hflip", "Flip ↔", "place", 100, 10, 50, "p = {v}%", "Mirror left and right, with this probability"),
    Op("vflip", "Flip ↕", "place", 100, 10, 50, "p = {v}%", "Mirror top and bottom, with this probability"),
    Op("bright", "Brightness", "colour", 100, 5, 30, "±{v}%", "Multiply all numbers by a factor around 1"),
    Op("contrast", "Contrast", "colour", 100, 5, 30, "±{v}%", "Stretch the numbers about the mean grey"),
    Op("sat", "Saturation", "colour", 100, 5, 30, "±{v}%", "Stretch each pixel about its own grey"),
    Op("hue", "Hue", "colour", 180, 5, 20, "±{v}°", "Turn the circle of colours"),
    Op("blur", "Blur", "damage", 8, 0.5, 3, "σ ≤ {v} px", "A Gaussian filter"),
    Op("noise", "Noise", "damage", 50, 2.5, 10, "σ = {v}%", "Gaussian noise on every number, in parts of 255"),
    Op("salt", "Salt and pepper", "damage", 50, 2.5, 5, "{v}% of pixels", "Single pixels become black or white"),
    Op("cut", "Cut-out", "damage", 60, 5, 20, "≤ {v}% of area", "A grey square hides a part"),
    Op("mix", "Mix-up", "two", 2, 0.1, 0.4, "α = {v}", "Lay a second picture over it: λ from Beta(α, α)"),
    Op("cutmix", "Cut-mix", "two", 2, 0.1, 1, "α = {v}", "Paste a part of a second picture: λ from Beta(α, α)"),
)

OPS = {op.name: op for op in _ALL}
"""By the name in the URL, in the order in which they are done."""

PLACES = tuple(op.name for op in _ALL if op.group == "place")
"""What moves pixels: boxes and masks must go along."""

UNCOVERS = ("rotate", "shift", "scale", "shear")
"""What brings in places that were outside the picture."""

LEAST_FACTOR = 0.2
"""No picture is scaled down further than this."""
RATIO = (3 / 4, 4 / 3)
"""How much a crop may change the proportions, as in torchvision."""
LEAST_CUT = 0.02
LEAST_SIGMA = 0.1
CUT_GREY = 0.5
