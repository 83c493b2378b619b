"""What a learner asks of the Blocks page: how deep, what is built in, and which layer is looked at.

>>> spec, notes = BlocksSpec.from_query({"with": "shortcut", "depth": "30", "at": "9", "gain": "0.5"})
>>> spec.built_in, spec.depth, spec.at, spec.gain, notes
('shortcut', 30, 9, 0.5, [])
>>> BlocksSpec.from_query({"depth": "400"})[1]
['The link asks for depth “400”, but the largest is 40. It is 20 now.']
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cnnviz.errors import SpecError
from cnnviz.state.look import LOOK, Look
from cnnviz.state.places import parse_unit, show_unit
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, read, show_flag, write

BUILT_IN = {"norm": "Batch norm", "shortcut": "Shortcut", "both": "Both", "skip": "Skip across"}
DEEPEST = 40
CHANNELS = 8
MOST_PICTURES = 16
MOST_SEED = 9999
MOST_LEVELS = 5
"""Of halving, where maps skip across a bottleneck: 64 pixels become 2."""


@dataclass(frozen=True, slots=True)
class BlocksSpec:
    """The whole state of the page but the picture."""

    built_in: str = "norm"
    depth: int = 20
    gain: float = 0.7
    """Weights are drawn with He's deviation times this."""
    at: int = 10
    """The layer that is looked at, from 1; never beyond the depth."""
    channel: int = 0
    pictures: int = MOST_PICTURES
    """How many pictures make a batch; the learner's is the first."""
    remembered: bool = False
    """Batch norm by what it remembers of other pictures, as after training."""
    gamma: float = 1.0
    beta: float = 0.0
    seed: int = 0
    levels: int = 3
    unit: tuple[int, ...] | None = None
    """The output whose gradient is shown, where maps skip across; None: the one in the middle."""
    look: Look | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[BlocksSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(**{attribute: found[name] for name, attribute in _NAMES.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL: only what differs from its default."""
        return write(FIELDS, {name: getattr(self, attribute) for name, attribute in _NAMES.items()})

    @property
    def looked_at(self) -> int:
        """The layer that is looked at."""
        return min(self.at, self.depth)


def parse_number(low: float, high: float) -> Callable[[str], float]:
    """Make a reader of a number with at most three decimals.

    >>> parse_number(-1, 1)("0.25")
    0.25
    """

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise SpecError("", "that is not a number")
        if not low <= value <= high:
            raise SpecError("", f"it lies between {low:g} and {high:g}")
        return round(value, 3)

    return parse


def show_number(value: float) -> str:
    """Write a number as short as it can be read back."""
    return f"{value:g}"


def _parse_place(text: str) -> tuple[int, ...] | None:
    place = parse_unit(text)
    if place is not None and (len(place) != 2 or max(place) > 63):
        raise SpecError("", "a place reads row.column, each from 0 to 63")
    return place


FIELDS = (
    Field("with", "what is built in", parse_choice(BUILT_IN), str, "norm"),
    Field("depth", "depth", parse_int(1, DEEPEST), str, 20),
    Field("gain", "the weights' size", parse_number(0.1, 3), show_number, 0.7),
    Field("at", "the layer", parse_int(1, DEEPEST), str, 10),
    Field("map", "the map", parse_int(0, CHANNELS - 1), str, 0),
    Field("n", "the batch", parse_int(1, MOST_PICTURES), str, MOST_PICTURES),
    Field("eval", "remembered statistics", parse_flag, show_flag, False),
    Field("gamma", "gamma", parse_number(-3, 3), show_number, 1.0),
    Field("beta", "beta", parse_number(-3, 3), show_number, 0.0),
    Field("seed", "the seed", parse_int(0, MOST_SEED), str, 0),
    Field("levels", "the levels", parse_int(1, MOST_LEVELS), str, 3),
    Field("unit", "the place", _parse_place, show_unit, None),
    LOOK,
)
_NAMES = dict(
    zip(
        (field.name for field in FIELDS),
        ("built_in", "depth", "gain", "at", "channel", "pictures", "remembered", "gamma", "beta", "seed", "levels",
         "unit", "look"),
        strict=True,
    )
)  # fmt: skip
