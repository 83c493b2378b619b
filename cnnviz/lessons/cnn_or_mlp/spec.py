"""What a learner asks of the CNN or MLP page: how many digits, how far they are moved, and how large the networks are.

>>> spec, notes = CnnOrMlpSpec.from_query({"n": "20", "h": "16", "lr": "7"})
>>> spec.count, spec.hidden, notes
(20, 16, ['The link asks for the learning rate “7”, but it goes from 0.0001 to 1. It is 0.003 now.'])
>>> spec.to_query()
{'n': '20', 'h': '16'}
>>> CnnOrMlpSpec.from_settings(spec.settings()) == spec
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cnnviz.state.learning import MOST_SEED, RATE_BOUNDS, parse_pace, parse_real, read_settings, show_real
from cnnviz.state.query import Field, parse_choice, parse_int, read, write

ENDS = {"max": "Maximum over all places", "flat": "Flatten, two dense layers"}
"""How the convolutional network ends: the URL's word and its label."""
MOST_EACH, MOST_SHIFT, MOST_STEPS = 30, 6, 600
HIDDEN = (8, 64)


@dataclass(frozen=True, slots=True)
class CnnOrMlpSpec:
    """The whole state of the page."""

    count: int = 5
    """Examples of every digit to learn from."""
    shift: int = 0
    """How many pixels a digit is moved at most, along each axis, while they learn."""
    moved: int = 3
    """The same, when they are tested."""
    hidden: int = 32
    """Hidden units of the MLP: they decide how many parameters both have."""
    end: str = "max"
    rate: float = 0.003
    seed: int = 1
    steps: int = 150
    pace: int = 0

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[CnnOrMlpSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(**{ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out, but for the count: no link is empty."""
        values = {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()}
        return {"n": str(self.count)} | write(FIELDS, values)

    def settings(self) -> dict[str, Any]:
        """Give what the experiment is told."""
        return asdict(self)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> CnnOrMlpSpec:
        """Read what the experiment was told, as carefully as a link."""
        return cls(**read_settings(FIELDS, ATTRIBUTES, settings))


FIELDS = (
    Field("n", "the number of examples", parse_int(1, MOST_EACH), str, 5),
    Field("shift", "the shift while learning", parse_int(0, MOST_SHIFT), str, 0),
    Field("moved", "the shift in the test", parse_int(0, MOST_SHIFT), str, 3),
    Field("h", "the number of hidden units", parse_int(*HIDDEN), str, 32),
    Field("end", "the end of the CNN", parse_choice(ENDS), str, "max"),
    Field("lr", "the learning rate", parse_real(*RATE_BOUNDS, 5), show_real, 0.003),
    Field("seed", "the seed", parse_int(0, MOST_SEED), str, 1),
    Field("steps", "the number of steps", parse_int(1, MOST_STEPS), str, 150),
    Field("pace", "the speed", parse_pace, str, 0),
)
ATTRIBUTES = {
    "n": "count", "shift": "shift", "moved": "moved", "h": "hidden", "end": "end", "lr": "rate", "seed": "seed",
    "steps": "steps", "pace": "pace",
}  # fmt: skip
"""The URL's names and the spec's."""
