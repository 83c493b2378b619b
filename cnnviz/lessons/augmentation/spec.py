"""What a learner asks of the Augmentation page: which augmentations are on, how strong each is, and what is drawn.

>>> AugmentSpec(on=("rotate", "noise"), strengths={"rotate": 90}, seed=4).to_query()
{'on': 'rotate.noise', 'rotate': '90', 'seed': '4'}
>>> spec, notes = AugmentSpec.from_query({"on": "rotate.spin", "rotate": "200"})
>>> notes[0]
'The link asks for the augmentations “rotate.spin”, but there is no “spin”; there are crop, rotate, shift, scale, \
shear, hflip, vflip, bright, contrast, sat, hue, blur, noise, salt, cut, mix, cutmix. It is \
crop.rotate.hflip.bright.sat now.'
>>> AugmentSpec().switched("rotate", False).on
('crop', 'hflip', 'bright', 'sat')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from cnnviz.engine.pictures.gallery import SAMPLES, parse_sample
from cnnviz.errors import SpecError
from cnnviz.lessons.augmentation.spec_ops import OPS
from cnnviz.quoting import one_line
from cnnviz.state.look import LARGEST_SIDE, LOOK, Look
from cnnviz.state.query import Field, parse_choice, parse_int, read, write

Border = Literal["zeros", "replicate", "reflect"]

Box = tuple[int, int, int, int]
"""Row, column, height and width of a rectangle on the picture."""

VIEWS = {"sheet": "Sheet", "ladder": "Step by step"}
BORDERS = {"zeros": "Black", "replicate": "Edge", "reflect": "Mirrored"}
ALSO = {"no": "Nothing", "diff": "Difference", "mask": "Mask"}
COUNTS = {"9": "9", "16": "16", "25": "25"}
TASKS = {
    "animal": "Which animal?",
    "digit": "Which digit?",
    "text": "Which letter?",
    "side": "Left or right?",
    "medical": "Which eye?",
    "box": "Where is it?",
    "ripe": "Which colour?",
}
"""Tasks whose labels an augmentation may break, in the order of the table."""

DEFAULT_ON = ("crop", "rotate", "hflip", "bright", "sat")
LARGEST_SEED = 99
MOST_VARIANTS = 25
RUNGS = 5
"""Steps of the ladder: 0, 1/4, 1/2, 3/4 and all of the strength."""
SWITCH = "on-"
"""How the switch of an augmentation is called on the viewer."""


@dataclass(frozen=True, slots=True)
class AugmentSpec:
    """The whole state of the page but the picture."""

    view: str = "sheet"
    on: tuple[str, ...] = DEFAULT_ON
    strengths: Mapping[str, float] = field(default_factory=dict, hash=False)
    """Only what is not the default; ask `strength`."""
    one: str = "rotate"
    seed: int = 0
    count: str = "16"
    pick: int = 0
    rung: int = RUNGS - 1
    border: Border = "zeros"
    second: str = "coffee"
    digit: int = 6
    box: Box | None = None
    also: str = "no"
    task: str = ""
    look: Look | None = None

    def __post_init__(self) -> None:
        """Keep the table of strengths short and unchangeable, and the choice on the sheet."""
        changed = {name: value for name, value in self.strengths.items() if value != OPS[name].default}
        object.__setattr__(
            self, "strengths", MappingProxyType({name: changed[name] for name in OPS if name in changed})
        )
        object.__setattr__(self, "pick", min(self.pick, int(self.count) - 1))

    def strength(self, name: str) -> float:
        """Give how strong an augmentation is when it is on."""
        return self.strengths.get(name, OPS[name].default)

    def is_on(self, name: str) -> bool:
        """Tell whether an augmentation does anything: switched on, and stronger than nothing."""
        active = self.on if self.view == "sheet" else (self.one,)
        return name in active and self.strength(name) > 0

    @property
    def active(self) -> tuple[str, ...]:
        """All augmentations that do something, in the order in which they are done."""
        return tuple(name for name in OPS if self.is_on(name))

    @property
    def mixes(self) -> bool:
        """Tell whether a second picture is needed."""
        return self.is_on("mix") or self.is_on("cutmix")

    def switched(self, name: str, on: bool) -> AugmentSpec:
        """Switch one augmentation on or off."""
        return replace(self, on=tuple(op for op in OPS if (on if op == name else op in self.on)))

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[AugmentSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good. Switches of the viewer count too."""
        found, notes = read(FIELDS, query)
        strengths = {name: found[name] for name in OPS}
        spec = cls(strengths=strengths, **{ATTRIBUTES[name]: found[name] for name in ATTRIBUTES})
        for name in OPS:
            flag = query.get(SWITCH + name)
            if flag in {"0", "1"}:
                spec = spec.switched(name, flag == "1")
        return spec, notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        values: dict[str, Any] = {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()}
        return write(FIELDS, values | {name: self.strength(name) for name in OPS})


def parse_on(text: str) -> tuple[str, ...]:
    """Read which augmentations are on: names with points between them, or "none".

    >>> parse_on("noise.rotate"), parse_on("none")
    (('rotate', 'noise'), ())
    """
    names = [] if text.strip().lower() in {"none", ""} else text.strip().lower().split(".")
    unknown = next((name for name in names if name not in OPS), None)
    if unknown is not None:
        raise SpecError("on", f"there is no “{one_line(unknown, 20)}”; there are {', '.join(OPS)}")
    return tuple(name for name in OPS if name in names)


def show_on(names: tuple[str, ...]) -> str:
    """Write which augmentations are on."""
    return ".".join(names) or "none"


def parse_strength(high: float, step: float) -> Callable[[str], float]:
    """Make a reader of a strength: from 0 to `high` in steps.

    >>> parse_strength(2, 0.1)("0.4")
    0.4
    >>> parse_strength(50, 2.5)("11")
    Traceback (most recent call last):
    ...
    cnnviz.errors.SpecError: it goes in steps of 2.5: the nearest is 10
    """

    def parse(text: str) -> float:
        if not re.fullmatch(r"\d{1,4}(\.\d{1,4})?", text.strip(), flags=re.ASCII):
            raise SpecError("", "that is not a number like 10 or 0.5")
        value = float(text)
        if value > high:
            raise SpecError("", f"the largest is {high:g}")
        nearest = round(round(value / step) * step, 6)
        if abs(nearest - value) > step / 1000:
            raise SpecError("", f"it goes in steps of {step:g}: the nearest is {nearest:g}")
        return nearest

    return parse


def show_strength(value: float) -> str:
    """Write a strength."""
    return f"{value:g}"


def parse_box(text: str) -> Box | None:
    """Read a rectangle: row.column.height.width.

    >>> parse_box("12.40.100.80"), parse_box("")
    ((12, 40, 100, 80), None)
    """
    if not text.strip():
        return None
    match = re.fullmatch(r"(\d{1,5})\.(\d{1,5})\.(\d{1,5})\.(\d{1,5})", text.strip(), flags=re.ASCII)
    numbers = [int(part) for part in match.groups()] if match else []
    if not numbers or max(numbers) > LARGEST_SIDE or 0 in numbers[2:]:
        raise SpecError("", "a rectangle reads row.column.height.width, like 12.40.100.80")
    row, column, height, width = numbers
    return row, column, height, width


def show_box(box: Box | None) -> str:
    """Write a rectangle."""
    return ".".join(map(str, box)) if box else ""


def parse_task(text: str) -> str:
    """Read the task whose sample is shown; empty: the first one that breaks."""
    return parse_choice(TASKS)(text) if text.strip() else ""


FIELDS = (
    Field("view", "the view", parse_choice(VIEWS), str, "sheet"),
    Field("on", "the augmentations", parse_on, show_on, DEFAULT_ON),
    *(
        Field(op.name, f"the strength of {op.name}", parse_strength(op.high, op.step), show_strength, op.default)
        for op in OPS.values()
    ),
    Field("one", "the augmentation on the ladder", parse_choice(OPS), str, "rotate"),
    Field("seed", "the seed", parse_int(0, LARGEST_SEED), str, 0),
    Field("n", "the number of variants", parse_choice(COUNTS), str, "16"),
    Field("pick", "the variant", parse_int(0, MOST_VARIANTS - 1), str, 0),
    Field("rung", "the step of the ladder", parse_int(0, RUNGS - 1), str, RUNGS - 1),
    Field("border", "what lies outside", parse_choice(BORDERS), str, "zeros"),
    Field("with", "the second picture", parse_sample, str, "coffee"),
    Field("digit", "the digit", parse_int(0, 9), str, 6),
    Field("box", "the rectangle", parse_box, show_box, None),
    Field("also", "the fourth picture", parse_choice(ALSO), str, "no"),
    Field("task", "the task", parse_task, str, ""),
    LOOK,
)
ATTRIBUTES = {
    "view": "view",
    "on": "on",
    "one": "one",
    "seed": "seed",
    "n": "count",
    "pick": "pick",
    "rung": "rung",
    "border": "border",
    "with": "second",
    "digit": "digit",
    "box": "box",
    "also": "also",
    "task": "task",
    "z": "look",
}

assert {one.name for one in FIELDS} == {*ATTRIBUTES, *OPS}
assert "coffee" in SAMPLES
