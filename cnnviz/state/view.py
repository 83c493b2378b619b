"""How a stage is looked at: what is locked together, what is pinned, what is overlaid. Nothing here is computed with.

>>> View.from_query({"at": "output.1.2", "apart": "1"})
(View(apart=True, sides=False, coverage=False, pin=('output', 1, 2), projector=False), [])
>>> View(coverage=True).to_query()
{'show': 'coverage'}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cnnviz.errors import SpecError
from cnnviz.state.query import Field, parse_choice, parse_flag, read, show_flag, write

Pin = tuple[str, int, int]
"""A grid's name, a row and a column."""


def parse_pin(text: str) -> Pin:
    """Read the cell that the stage holds still, like ``output.1.2``."""
    match = re.fullmatch(r"([a-z][a-z0-9_-]{0,23})\.(\d{1,3})\.(\d{1,3})", text.strip(), flags=re.ASCII)
    if not match:
        raise SpecError("", "a pinned cell reads grid.row.column, like output.1.2")
    return match[1], int(match[2]), int(match[3])


def show_pin(pin: Pin | None) -> str:
    """Write a pinned cell."""
    return ".".join(map(str, pin)) if pin else ""


@dataclass(frozen=True, slots=True)
class View:
    """Rows and columns apart? Padding sides apart? Coverage shown? Which cell is pinned? Stage alone?"""

    apart: bool = False
    sides: bool = False
    coverage: bool = False
    pin: Pin | None = None
    projector: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[View, list[str]]:
        """Read the view out of a URL, with a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(
            apart=found["apart"],
            sides=found["sides"],
            coverage=found["show"] == "coverage",
            pin=found["at"],
            projector=found["view"] == "projector",
        ), notes

    def to_query(self) -> dict[str, str]:
        """Write what differs from the plain view."""
        values = {
            "apart": self.apart,
            "sides": self.sides,
            "show": "coverage" if self.coverage else "values",
            "at": self.pin,
            "view": "projector" if self.projector else "page",
        }
        return write(FIELDS, values)


FIELDS = (
    Field("apart", "rows and columns apart", parse_flag, show_flag, False),
    Field("sides", "padding sides apart", parse_flag, show_flag, False),
    Field("show", "the overlay", parse_choice(("values", "coverage")), str, "values"),
    Field("at", "the pinned cell", parse_pin, show_pin, None),
    Field("view", "the view", parse_choice(("page", "projector")), str, "page"),
)
