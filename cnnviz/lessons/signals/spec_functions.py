"""What a learner can ask of a convolution of two functions: the spec of the second half of the Signals page.

>>> FunctionsSpec(f="triangle", at=-10).to_query()
{'part': 'functions', 'f': 'triangle', 't': '-10'}
>>> FunctionsSpec.from_query({"f": "cosine"})[1]
['The link asks for the function f “cosine”, but the choices are box, triangle, gaussian, decay, sine. It is box now.']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, read, show_flag, write

PART = "part"
"""The key of a link that opens the functions instead of the cells."""

FUNCTIONS = {
    "box": "Box",
    "triangle": "Triangle",
    "gaussian": "Gaussian",
    "decay": "Exponential decay",
    "sine": "Sine (window)",
}
"""The functions: the URL's word and its label."""

LAST = 40
TENTHS = 10
"""Links hold the shift in tenths, from -4 to 4."""


@dataclass(frozen=True, slots=True)
class FunctionsSpec:
    """Two functions, whether they change places, and the shift in tenths."""

    f: str = "box"
    g: str = "box"
    swapped: bool = False
    at: int = 5

    @property
    def shift(self) -> float:
        """How far g has moved."""
        return self.at / TENTHS

    @property
    def pair(self) -> tuple[str, str]:
        """The function that stands still, and the one that is turned and moves."""
        return (self.g, self.f) if self.swapped else (self.f, self.g)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[FunctionsSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(found["f"], found["g"], found["swap"], found["t"]), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL, with the word that opens this part."""
        values: dict[str, Any] = {"f": self.f, "g": self.g, "swap": self.swapped, "t": self.at}
        return {PART: "functions"} | write(FIELDS, values)


FIELDS = (
    Field("f", "the function f", parse_choice(FUNCTIONS), str, "box"),
    Field("g", "the function g", parse_choice(FUNCTIONS), str, "box"),
    Field("swap", "the swap", parse_flag, show_flag, False),
    Field("t", "the shift t in tenths", parse_int(-LAST, LAST), str, 5),
)
