"""What a learner asks of the page "Match a template": which patch, changed how, scored how, which places count.

>>> MatchingSpec(score="multiply", box=(10, 20, 8, 12)).to_query()
{'box': '10.20.8.12', 'score': 'multiply'}
>>> MatchingSpec.from_query({"box": "10.20.8.500"})[1]  # doctest: +ELLIPSIS
['The link asks for the template’s rectangle “10.20.8.500”, but its width is 500 and the largest is 128. ...']
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from cnnviz.engine.grids import Pair
from cnnviz.engine.pictures.gallery import parse_sample
from cnnviz.errors import SpecError
from cnnviz.state.look import LARGEST_SIDE, LOOK, Look
from cnnviz.state.query import Field, parse_choice, parse_int, read, write

SCORES = {
    "multiply": "Multiply and sum",
    "zero": "Zero-mean",
    "ncc": "Normalised (NCC)",
    "ssd": "Squared differences",
}
"""How a window is compared with the template: the URL's word and its label."""

CHANNELS = {"grey": "Grey", "colour": "Colour"}

Box = tuple[int, int, int, int]
"""Row, column, height and width."""

MOST_SIDE = 128
"""A side of the template, before it is scaled; then it can be twice as long."""

TURN, SIZE, LIGHT, CONTRAST, NOISE = (-180, 180), (50, 200), (-120, 120), (20, 200), (0, 100)
MATCHES, THRESHOLD, OVERLAP = (1, 20), (0, 100), (0, 100)
NO_SUPPRESSION = OVERLAP[1]
"""Two different windows never overlap wholly, so this allows every pair."""

CHANGES = {"turn": "Turned", "size": "Scaled", "light": "Brighter", "contrast": "Contrast", "noise": "Noise"}
"""What can be done to the template, by the URL's word."""

PATCHES: dict[str, Box] = {
    "astronaut": (78, 168, 64, 64),
    "camera": (64, 164, 88, 88),
    "cat": (80, 138, 64, 64),
    "coffee": (210, 268, 56, 56),
    "rocket": (96, 224, 64, 36),
    "brick": (178, 100, 32, 40),
    "retina": (430, 110, 96, 96),
    "edges": (40, 40, 32, 32),
    "shapes": (100, 116, 64, 64),
    "digits": (0, 84, 28, 28),
}
"""A patch worth looking for in a sample; any other picture starts with one from its middle."""


@dataclass(frozen=True, slots=True)
class MatchingSpec:
    """The whole state of the page but the picture."""

    source: str = ""
    """The sample that the template is cut from; empty: the picture itself."""
    box: Box | None = None
    score: str = "ncc"
    channels: str = "grey"
    turn: int = 0
    size: int = 100
    light: int = 0
    contrast: int = 100
    noise: int = 0
    matches: int = 5
    threshold: int = 80
    """In percent of what a perfect match gives."""
    overlap: int = 30
    """How much two matches may share, in percent of what they cover together; 100: no suppression."""
    at: Pair | None = None
    """The first pixel of the window that is looked at; None: the best match."""
    against: str = "turn"
    look: Look | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[MatchingSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(**{ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write(FIELDS, {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()})

    @property
    def altered(self) -> bool:
        """Whether the template is more than a piece cut out."""
        return bool(self.turn or self.light or self.noise) or (self.size, self.contrast) != (100, 100)


def parse_source(text: str) -> str:
    """Read where the template is from: nothing, or the name of a sample."""
    return parse_sample(text) if text.strip() else ""


def parse_box(text: str) -> Box | None:
    """Read a rectangle: row.column.height.width.

    >>> parse_box("10.20.8.12"), parse_box("")
    ((10, 20, 8, 12), None)
    """
    if not text.strip():
        return None
    match = re.fullmatch(r"(\d{1,5})\.(\d{1,5})\.(\d{1,5})\.(\d{1,5})", text.strip(), flags=re.ASCII)
    if not match or max(int(match[1]), int(match[2])) > LARGEST_SIDE:
        raise SpecError("box", "a rectangle reads row.column.height.width, like 80.170.64.64")
    row, column, height, width = map(int, match.groups())
    for side, length in (("height", height), ("width", width)):
        if length > MOST_SIDE:
            raise SpecError("box", f"its {side} is {length} and the largest is {MOST_SIDE}")
        if length == 0:
            raise SpecError("box", f"its {side} is 0 and the smallest is 1")
    return row, column, height, width


def parse_place(text: str) -> Pair | None:
    """Read a window by its first pixel: row.column."""
    if not text.strip():
        return None
    match = re.fullmatch(r"(\d{1,5})\.(\d{1,5})", text.strip(), flags=re.ASCII)
    if not match or max(int(match[1]), int(match[2])) > LARGEST_SIDE:
        raise SpecError("at", "a window reads row.column, like 12.40")
    return int(match[1]), int(match[2])


def show_numbers(numbers: tuple[int, ...] | None) -> str:
    """Write a rectangle or a place.

    >>> show_numbers((80, 170, 64, 64)), show_numbers(None)
    ('80.170.64.64', '')
    """
    return ".".join(map(str, numbers)) if numbers else ""


FIELDS = (
    Field("from", "the template’s picture", parse_source, str, ""),
    Field("box", "the template’s rectangle", parse_box, show_numbers, None),
    Field("score", "the score", parse_choice(SCORES), str, "ncc"),
    Field("ch", "the channels", parse_choice(CHANNELS), str, "grey"),
    Field("turn", "the turn", parse_int(*TURN), str, 0),
    Field("size", "the template’s size in percent", parse_int(*SIZE), str, 100),
    Field("light", "the brightness", parse_int(*LIGHT), str, 0),
    Field("contrast", "the contrast in percent", parse_int(*CONTRAST), str, 100),
    Field("noise", "the noise", parse_int(*NOISE), str, 0),
    Field("n", "the number of matches", parse_int(*MATCHES), str, 5),
    Field("th", "the threshold in percent", parse_int(*THRESHOLD), str, 80),
    Field("ov", "the overlap in percent", parse_int(*OVERLAP), str, 30),
    Field("at", "the window", parse_place, show_numbers, None),
    Field("vs", "what the curve follows", parse_choice(CHANGES), str, "turn"),
    LOOK,
)
ATTRIBUTES = {
    "from": "source",
    "box": "box",
    "score": "score",
    "ch": "channels",
    "turn": "turn",
    "size": "size",
    "light": "light",
    "contrast": "contrast",
    "noise": "noise",
    "n": "matches",
    "th": "threshold",
    "ov": "overlap",
    "at": "at",
    "vs": "against",
    "z": "look",
}

assert set(ATTRIBUTES.values()) == {field.name for field in fields(MatchingSpec)}


def fitted_box(box: Box | None, size: Pair, name: str = "") -> tuple[Box, str]:
    """Give the rectangle inside a picture of this size, and a sentence if it had to be moved or cut.

    `name` is the sample's, for the patch that it starts with.

    >>> fitted_box(None, (100, 60))
    ((43, 23, 15, 15), '')
    >>> fitted_box((90, 0, 20, 20), (100, 60))[0]
    (80, 0, 20, 20)
    """
    if box is None and name in PATCHES:
        box = PATCHES[name]
    if box is None:
        side = min(max(min(size) // 4, 1), 64)
        return ((size[0] - side + 1) // 2, (size[1] - side + 1) // 2, side, side), ""
    row, column, height, width = box
    tall, wide = min(height, MOST_SIDE, size[0]), min(width, MOST_SIDE, size[1])
    # A side that is too long keeps its middle.
    top, left = row + (height - tall) // 2, column + (width - wide) // 2
    fit = min(top, size[0] - tall), min(left, size[1] - wide), tall, wide
    note = ""
    if (tall, wide) != (height, width):
        limit = f"at most {min(MOST_SIDE, size[0])}×{min(MOST_SIDE, size[1])}"
        note = (
            f"The rectangle was {height}×{width} pixels; a template of this picture has {limit}. Its middle was taken."
        )
    elif fit != box:
        note = (
            f"The rectangle ends at row {row + height}, column {column + width}, but the picture has "
            f"{size[0]} rows and {size[1]} columns. It was moved inside."
        )
    return fit, note
