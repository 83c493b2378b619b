"""What a learner asks of the Train a filter page: the pictures, the filter, and how it is trained.

>>> spec, notes = TrainFilterSpec.from_query({"k": "7", "lr": "0.5", "n": "5000"})
>>> spec.size, spec.rate, notes
(7, 0.5, ['The link asks for the number of pictures “5000”, but the largest is 1000. It is 200 now.'])
>>> spec.to_query()
{'k': '7', 'lr': '0.5'}
>>> TrainFilterSpec.from_settings(spec.settings()) == spec
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cnnviz.state.learning import parse_pace, parse_real, read_settings, show_real
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, read, show_flag, write

OTHERS = {"mirror": "The other diagonal", "strokes": "Strokes of other directions", "noise": "Nothing but noise"}
"""What the pictures without the diagonal show: the URL's word and its label."""
OPTIMISERS = {"sgd": "SGD", "momentum": "SGD, momentum 0.9", "adam": "Adam"}
BOUNDS: dict[str, tuple[float, float]] = {
    "size": (1, 15), "noise": (0, 0.6), "count": (2, 1000), "rate": (0.001, 30), "seed": (0, 9999), "steps": (1, 2000),
}  # fmt: skip
"""The smallest and largest value of every number."""
DECAY = 0.01
"""How much weight decay there is, if there is any."""


@dataclass(frozen=True, slots=True)
class TrainFilterSpec:
    """The whole state of the page."""

    size: int = 11
    """Rows and columns of the filter."""
    noise: float = 0.1
    count: int = 200
    other: str = "mirror"
    rate: float = 0.1
    optimiser: str = "sgd"
    decay: bool = False
    seed: int = 1
    steps: int = 300
    pace: int = 20

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[TrainFilterSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(**{ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out, but for the size: no link is empty."""
        values = {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()}
        return {"k": str(self.size)} | write(FIELDS, values)

    def settings(self) -> dict[str, Any]:
        """Give what the experiment is told."""
        return asdict(self)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> TrainFilterSpec:
        """Read what the experiment was told, as carefully as a link."""
        return cls(**read_settings(FIELDS, ATTRIBUTES, settings))


def _whole(name: str) -> Callable[[str], int]:
    low, high = BOUNDS[name]
    return parse_int(int(low), int(high))


FIELDS = (
    Field("k", "the filter’s size", _whole("size"), str, 11),
    Field("noise", "the noise", parse_real(*BOUNDS["noise"], 2), show_real, 0.1),
    Field("n", "the number of pictures", _whole("count"), str, 200),
    Field("other", "the other pictures", parse_choice(OTHERS), str, "mirror"),
    Field("lr", "the learning rate", parse_real(*BOUNDS["rate"], 4), show_real, 0.1),
    Field("opt", "the optimiser", parse_choice(OPTIMISERS), str, "sgd"),
    Field("wd", "weight decay", parse_flag, show_flag, False),
    Field("seed", "the seed", _whole("seed"), str, 1),
    Field("steps", "the number of steps", _whole("steps"), str, 300),
    Field("pace", "the speed", parse_pace, str, 20),
)
ATTRIBUTES = {
    "k": "size", "noise": "noise", "n": "count", "other": "other", "lr": "rate", "opt": "optimiser", "wd": "decay",
    "seed": "seed", "steps": "steps", "pace": "pace",
}  # fmt: skip
"""The URL's names and the spec's."""
