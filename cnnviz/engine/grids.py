"""Small grids: their size, and where their numbers come from.

A source has no size of its own: it fills any grid, so growing an input keeps its numbers and
shrinking it loses none.

>>> GridSource("guide").edit(0, 2, 9)
GridSource(pattern='guide', rows=(), edits=((0, 2, 9),))
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Pair = tuple[int, int]
"""One number for the rows and one for the columns."""

Number = int | float
Rows = tuple[tuple[Number, ...], ...]
Edits = tuple[tuple[int, int, Number], ...]

CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class GridSource:
    """A pattern's name (or `CUSTOM` with typed rows), and the cells that were changed on top of it."""

    pattern: str
    rows: Rows = ()
    edits: Edits = ()

    def edit(self, row: int, column: int, value: Number) -> GridSource:
        """Change one cell.

        >>> GridSource("ramp").edit(0, 0, 1).edit(0, 0, 2).edits
        ((0, 0, 2),)
        """
        kept = [edit for edit in self.edits if edit[:2] != (row, column)]
        return replace(self, edits=tuple(sorted([*kept, (row, column, value)])))
