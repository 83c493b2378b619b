"""What a learner asks of the Fine-tuning page: the new task, how much of the network may learn, and how.

>>> spec, notes = FineTuningSpec.from_query({"c": "heart.moon.circle", "from": "conv3_1", "n": "50"})
>>> spec.kinds, spec.start, notes
(('heart', 'moon', 'circle'), 'conv3_1', ['The link asks for the number of examples “50”, but the largest is 20. It is 5 now.'])
>>> spec.to_query()
{'c': 'heart.moon.circle', 'from': 'conv3_1'}
>>> FineTuningSpec.from_settings(spec.settings()) == spec
True
"""  # noqa: E501 - the sentence is that long

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from cnnviz.errors import SpecError
from cnnviz.quoting import one_line
from cnnviz.state.learning import MOST_SEED, RATE_BOUNDS, parse_pace, parse_real, read_settings, show_real
from cnnviz.state.query import Field, parse_choice, parse_int, read, write

OLD_KINDS = ("circle", "ring", "triangle", "square", "star", "cross", "stripes", "waves", "checks", "dots")
"""What the network knows."""
NEW_KINDS = ("heart", "moon", "arrow")
"""What it has never seen."""
WAYS = {
    "head": "New head only", "block": "From {start} on", "all": "All of it", "scratch": "From scratch",
}  # fmt: skip
"""How much may learn: the URL's word and its label, which names the first layer that does."""
STARTS = ("conv4_2", "conv4_1", "conv3_1", "conv2_1")
"""Where the last layers may begin."""
LEAST_KINDS, MOST_KINDS = 2, 5
MOST_EACH, MOST_STEPS = 20, 300


@dataclass(frozen=True, slots=True)
class FineTuningSpec:
    """The whole state of the page."""

    kinds: tuple[str, ...] = NEW_KINDS
    count: int = 5
    """Examples of every class to learn from."""
    ways: tuple[str, ...] = tuple(WAYS)
    start: str = "conv4_1"
    """The first layer that learns if the last layers do."""
    rate: float = 0.003
    seed: int = 1
    steps: int = 60
    pace: int = 0

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[FineTuningSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(**{ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out, but for the classes: no link is empty."""
        values = {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()}
        return {"c": show_words(self.kinds)} | write(FIELDS, values)

    def settings(self) -> dict[str, Any]:
        """Give what the experiment is told; several words stand in one text."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return found | {"kinds": show_words(self.kinds), "ways": show_words(self.ways)}

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> FineTuningSpec:
        """Read what the experiment was told, as carefully as a link."""
        return cls(**read_settings(FIELDS, ATTRIBUTES, settings))


def parse_words(known: Sequence[str], least: int, most: int) -> Callable[[str], tuple[str, ...]]:
    """Make a reader of different words parted by dots.

    >>> parse_words(NEW_KINDS, 2, 3)("moon.heart")
    ('moon', 'heart')
    """

    def parse(text: str) -> tuple[str, ...]:
        words = tuple(text.strip().lower().split("."))
        unknown = [word for word in words if word not in known]
        if unknown:
            raise SpecError("", f"“{one_line(unknown[0], 20)}” is none of {', '.join(known)}")
        if len(set(words)) < len(words):
            raise SpecError("", "it names one twice")
        if not least <= len(words) <= most:
            raise SpecError("", f"it takes {least} to {most} of them, not {len(words)}")
        return words

    return parse


def show_words(words: Sequence[str] | str) -> str:
    """Write words in one text; a text stays as it is."""
    return words if isinstance(words, str) else ".".join(words)


def _parse_ways(text: str) -> tuple[str, ...]:
    """Read the ways, and put them into their order."""
    found = parse_words(tuple(WAYS), 1, len(WAYS))(text)
    return tuple(way for way in WAYS if way in found)


FIELDS = (
    Field("c", "the classes", parse_words((*NEW_KINDS, *OLD_KINDS), LEAST_KINDS, MOST_KINDS), show_words, NEW_KINDS),
    Field("n", "the number of examples", parse_int(1, MOST_EACH), str, 5),
    Field("ways", "the ways to compare", _parse_ways, show_words, tuple(WAYS)),
    Field("from", "the first layer that learns", parse_choice(STARTS), str, "conv4_1"),
    Field("lr", "the learning rate", parse_real(*RATE_BOUNDS, 5), show_real, 0.003),
    Field("seed", "the seed", parse_int(0, MOST_SEED), str, 1),
    Field("steps", "the number of steps", parse_int(1, MOST_STEPS), str, 60),
    Field("pace", "the speed", parse_pace, str, 0),
)
ATTRIBUTES = {
    "c": "kinds", "n": "count", "ways": "ways", "from": "start", "lr": "rate", "seed": "seed", "steps": "steps",
    "pace": "pace",
}  # fmt: skip
"""The URL's names and the spec's."""
