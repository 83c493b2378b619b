"""What a learner asks of the Translation page: how the picture moves, through which layer, and which digit.

>>> spec, notes = TranslationSpec.from_query({"right": "3", "part": "0.5", "turn": "45", "k": "box", "n": "5"})
>>> spec.columns, spec.turn, spec.kernel.title, notes
(3.5, 45, 'Box blur 5×5', [])
>>> spec.to_query()
{'k': 'box-5', 'right': '3', 'part': '0.5', 'turn': '45'}
>>> TranslationSpec.from_query({"turn": "7"})[1]
['The link asks for the turn “7”, but turns go in steps of 5, such as 5 or 10. It is 0 now.']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, cast

from cnnviz.engine.grids import Pair
from cnnviz.engine.pictures.kernels import LARGEST_KERNEL
from cnnviz.errors import SpecError
from cnnviz.state.kernels import KernelSource, parse_kernel, show_kernel, sized_kernel
from cnnviz.state.look import LOOK, Look
from cnnviz.state.numbers import parse_number, store_number
from cnnviz.state.padding import MODES
from cnnviz.state.places import parse_pixel, show_pixel
from cnnviz.state.query import Field, parse_choice, parse_int, read, write

Mode = Literal["zeros", "reflect", "replicate", "circular"]
Layer = Literal["conv", "max", "avg"]
View = Literal["move", "stride", "template"]

VIEWS: dict[str, str] = {"move": "Filter and move", "stride": "Stride and pooling", "template": "Template"}
LAYERS: dict[str, str] = {"conv": "Convolution", "max": "Max pooling", "avg": "Average pooling"}
WAYS = {"right": "Right", "down": "Down", "both": "Both"}
"""Where the picture moves before a layer with a stride."""
BLURS = {"0": "None", "3": "3×3", "5": "5×5", "7": "7×7"}
"""The blur before numbers are dropped: binomial, 1 2 1 and so on."""

BOUNDS: dict[str, Pair] = {
    "move": (-32, 32),
    "turn": (-180, 180),
    "zoom": (50, 200),
    "stride": (1, 8),
    "window": (2, 8),
    "shift": (0, 8),
    "digit": (0, 9),
    "hand": (0, 7),
    "digit move": (-12, 12),
}
TURN_STEP, ZOOM_STEP = 5, 5
PARTS = (0, 0.25, 0.5, 0.75)
DEFAULT = KernelSource("sobel-x")


@dataclass(frozen=True, slots=True)
class TranslationSpec:
    """The whole state of the page but the picture; each view has its own settings, and kernel and look in common."""

    view: View = "move"
    kernel: KernelSource = DEFAULT
    down: int = 0
    right: int = 8
    part: float = 0
    """A part of a pixel, on top of `right`."""
    turn: int = 0
    zoom: int = 100
    """In per cent."""
    mode: Mode = "circular"
    layer: Layer = "conv"
    stride: int = 2
    window: int = 2
    shift: int = 1
    way: str = "right"
    blur: int = 0
    digit: int = 3
    hand: int = 0
    digit_down: int = 0
    digit_right: int = 0
    at: Pair | None = None
    """The pixel whose numbers are written out; none: where both paths differ most."""
    look: Look | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[TranslationSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good.

        The slider of a kernel that comes in sizes sends ``n``; a link holds the size with the name.
        """
        found, notes = read(FIELDS, query)
        sizes, remarks = read((SIZE,), query)
        found["k"] = _resized(found["k"], sizes["n"])
        return cls(**{ATTRIBUTES[name]: value for name, value in found.items()}), notes + remarks

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write(FIELDS, {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()})

    @property
    def columns(self) -> float:
        """How far to the right, the part of a pixel included."""
        return self.right + self.part


def _resized(kernel: KernelSource, size: int) -> KernelSource:
    entry = kernel.entry
    if entry is None or not entry.sizes or not size:
        return kernel
    return sized_kernel(kernel.name, min(entry.sizes, key=lambda one: abs(one - size)), kernel.sigma)


def _parse_part(text: str) -> float:
    value = parse_number(text)
    if value not in PARTS:
        raise SpecError("", f"the parts of a pixel are {', '.join(map(str, PARTS))}")
    return value


def _parse_steps(bounds: Pair, step: int, what: str) -> Callable[[str], int]:
    one = parse_int(*bounds)

    def parse(text: str) -> int:
        value = one(text)
        if value % step:
            low = value // step * step
            raise SpecError("", f"{what} go in steps of {step}, such as {low} or {low + step}")
        return value

    return parse


def _parse_word(choices: Mapping[Any, str]) -> Callable[[str], Any]:
    return cast("Callable[[str], Any]", parse_choice(choices))


def _parse_blur(text: str) -> int:
    return int(parse_choice(BLURS)(text))


FIELDS = (
    Field("view", "the view", _parse_word(VIEWS), str, "move"),
    Field("k", "the kernel", parse_kernel, show_kernel, DEFAULT),
    Field("down", "the move down", parse_int(*BOUNDS["move"]), str, 0),
    Field("right", "the move to the right", parse_int(*BOUNDS["move"]), str, 8),
    Field("part", "the part of a pixel", _parse_part, store_number, 0),
    Field("turn", "the turn", _parse_steps(BOUNDS["turn"], TURN_STEP, "turns"), str, 0),
    Field("zoom", "the scale", _parse_steps(BOUNDS["zoom"], ZOOM_STEP, "scales"), str, 100),
    Field("mode", "the border", _parse_word(MODES), str, "circular"),
    Field("layer", "the layer", _parse_word(LAYERS), str, "conv"),
    Field("s", "the stride", parse_int(*BOUNDS["stride"]), str, 2),
    Field("w", "the pooling window", parse_int(*BOUNDS["window"]), str, 2),
    Field("t", "the shift", parse_int(*BOUNDS["shift"]), str, 1),
    Field("way", "the direction", parse_choice(WAYS), str, "right"),
    Field("blur", "the blur", _parse_blur, str, 0),
    Field("digit", "the digit", parse_int(*BOUNDS["digit"]), str, 3),
    Field("hand", "the hand", parse_int(*BOUNDS["hand"]), str, 0),
    Field("dy", "the digit’s move down", parse_int(*BOUNDS["digit move"]), str, 0),
    Field("dx", "the digit’s move to the right", parse_int(*BOUNDS["digit move"]), str, 0),
    Field("at", "the pixel", parse_pixel, show_pixel, None),
    LOOK,
)
SIZE = Field("n", "the kernel’s size", parse_int(2, LARGEST_KERNEL), str, 0)
ATTRIBUTES = {
    "view": "view", "k": "kernel", "down": "down", "right": "right", "part": "part", "turn": "turn", "zoom": "zoom",
    "mode": "mode", "layer": "layer", "s": "stride", "w": "window", "t": "shift", "way": "way", "blur": "blur",
    "digit": "digit", "hand": "hand", "dy": "digit_down", "dx": "digit_right", "at": "at",
    "z": "look",
}  # fmt: skip

assert set(ATTRIBUTES.values()) == {field.name for field in fields(TranslationSpec)}
