"""Where a viewer looks: the pixel in the middle, and how many pixels fit across. Kept in the URL as ``z``.

>>> parse_look("120.300.16")
Look(row=120, column=300, across=16)
>>> show_look(Look(120, 300, 16)), show_look(None)
('120.300.16', '')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cnnviz.errors import SpecError
from cnnviz.state.query import Field

LARGEST_SIDE = 20_000


@dataclass(frozen=True, slots=True)
class Look:
    """The pixel in the middle of the view, and how many pixels the width of a panel spans."""

    row: int
    column: int
    across: int


def parse_look(text: str) -> Look | None:
    """Read a look; empty: the whole picture."""
    if not text.strip():
        return None
    match = re.fullmatch(r"(\d{1,5})\.(\d{1,5})\.(\d{1,5})", text.strip(), flags=re.ASCII)
    if not match or max(map(int, match.groups())) > LARGEST_SIDE or int(match[3]) == 0:
        raise SpecError("", "a view reads row.column.pixels across, like 120.300.16")
    return Look(*map(int, match.groups()))


def show_look(look: Look | None) -> str:
    """Write a look."""
    return f"{look.row}.{look.column}.{look.across}" if look else ""


LOOK = Field("z", "the view", parse_look, show_look, None)
"""The field for the table of a page's spec."""
