"""What a learner can ask of the comparison of ways to make a picture smaller: the spec of the Down-sampling page.

>>> DownsamplingSpec(factor=3, size=(9, 9)).to_query()
{'n': '9', 'r': '3'}
>>> spec, notes = DownsamplingSpec.from_query({"view": "pool", "look": "pool"})
>>> spec.look, notes
('pool', [])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from cnnviz.engine.grids import GridSource, Pair
from cnnviz.state.grids import parse_edits, parse_source, show_edits, show_source
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from cnnviz.state.query import Field, parse_choice, parse_int, parse_pair, read, show_pair, write

WINDOW, CROSS = GridSource("window"), GridSource("cross")

BOUNDS: dict[str, Pair] = {"input": (1, 12), "factor": (2, 4), "kernel": (1, 5), "seed": (0, 9999)}
"""The smallest and largest value of every number on the stage."""

LOOKS = {
    "all": "All five",
    "stride": "Stride and dropping",
    "pool": "The two poolings",
    "shuffle": "Pixel unshuffle",
}
"""What is compared: the URL's word and its label."""


@dataclass(frozen=True, slots=True)
class DownsamplingSpec:
    """One input, one factor by which it shrinks, and the kernel of the convolutions."""

    look: str = "all"
    size: Pair = (6, 6)
    factor: int = 2
    kernel: Pair = (3, 3)
    values: GridSource = WINDOW
    weights: GridSource = CROSS
    seed: int = 0

    @property
    def convolves(self) -> bool:
        """Whether the picture shows convolutions."""
        return self.look in {"all", "stride"}

    @property
    def pools(self) -> bool:
        """Whether the picture shows poolings."""
        return self.look in {"all", "pool"}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[DownsamplingSpec, list[str]]:
        """Read a URL (or what a browser sent): the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        found["x"] = replace(found["x"], edits=found.pop("xe"))
        found["w"] = replace(found["w"], edits=found.pop("we"))
        return cls(**{_ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        values: dict[str, Any] = {name: getattr(self, attribute) for name, attribute in _ATTRIBUTES.items()}
        values["xe"], values["we"] = self.values.edits, self.weights.edits
        values["x"], values["w"] = replace(self.values, edits=()), replace(self.weights, edits=())
        return write(FIELDS, values)


SIDE = BOUNDS["kernel"][1]

FIELDS = (
    Field("look", "what is compared", parse_choice(LOOKS), str, "all"),
    Field("n", "input size", parse_pair(*BOUNDS["input"]), show_pair, (6, 6)),
    Field("r", "factor", parse_int(*BOUNDS["factor"]), str, 2),
    Field("k", "kernel size", parse_pair(*BOUNDS["kernel"]), show_pair, (3, 3)),
    Field("x", "the input's numbers", parse_source(INPUT_PATTERNS), show_source, WINDOW),
    Field("xe", "the input's changed cells", parse_edits(), show_edits, ()),
    Field("w", "the kernel's numbers", parse_source(KERNEL_PATTERNS, SIDE), show_source, CROSS),
    Field("we", "the kernel's changed cells", parse_edits(SIDE), show_edits, ()),
    Field("seed", "the seed", parse_int(*BOUNDS["seed"]), str, 0),
)
"""The whole spec as it stands in a URL, in this order."""

_ATTRIBUTES = {
    "look": "look",
    "n": "size",
    "r": "factor",
    "k": "kernel",
    "x": "values",
    "w": "weights",
    "seed": "seed",
}

assert set(_ATTRIBUTES.values()) == {field.name for field in fields(DownsamplingSpec)}
