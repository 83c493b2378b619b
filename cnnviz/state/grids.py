"""Where the numbers of a grid come from: a named pattern or typed rows, and single cells changed by hand.

>>> show_source(parse_source(("guide", "steps"))("1+2_3+4"))
'1 2_3 4'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from cnnviz.engine.grids import CUSTOM, Edits, GridSource, Number, Rows
from cnnviz.errors import SpecError
from cnnviz.state.numbers import parse_number, store_number
from cnnviz.state.query import LONGEST_VALUE

LARGEST_SIDE = 16


def parse_source(patterns: Iterable[str], side: int = LARGEST_SIDE) -> Callable[[str], GridSource]:
    """Make a reader of a pattern's name or of rows: numbers parted by spaces, rows by ``_``, ``;`` or a new line."""
    known = tuple(patterns)

    def parse(text: str) -> GridSource:
        word = text.strip().lower()
        if word in known:
            return GridSource(word)
        if word and not any(sign.isdigit() for sign in word):
            raise SpecError("", f"the patterns are {', '.join(known)}, or rows of numbers like 1+2_3+4")
        return GridSource(CUSTOM, parse_rows(text, side))

    return parse


def parse_rows(text: str, side: int = LARGEST_SIDE) -> Rows:
    """Read a whole grid as a learner types or pastes it, brackets and commas welcome.

    >>> parse_rows("[[1, 2], [3, 1/2]]")
    ((1, 2), (3, 0.5))
    """
    if len(text) > LONGEST_VALUE:
        raise SpecError("values", f"That is too long: {LONGEST_VALUE} characters are the limit.")
    lines = (re.split(r"[\s,+|\[\]]+", line) for line in re.split(r"[_;\n]|\]\s*(?:,\s*)?\[", text))
    rows = tuple(tuple(parse_number(cell) for cell in line if cell) for line in lines if any(line))
    if not rows:
        raise SpecError("values", "There are no numbers in it. Write rows like 1 2 3.")
    lengths = {len(row) for row in rows}
    if len(lengths) > 1:
        short, long = min(lengths), max(lengths)
        raise SpecError("values", f"The rows must be equally long: one has {short} numbers, another {long}.")
    if len(rows) > side or len(rows[0]) > side:
        raise SpecError("values", f"It has {len(rows)} rows and {len(rows[0])} columns; {side} of each is the limit.")
    return rows


def parse_grids(text: str, side: int = LARGEST_SIDE) -> tuple[Rows, ...]:
    r"""Read grids of one size, parted by empty lines, or by the brackets of a list of lists of lists.

    >>> parse_grids("1 2\n3 4\n\n5 6\n7 8") == parse_grids("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]")
    True
    """
    if len(text) > LONGEST_VALUE:
        raise SpecError("values", f"That is too long: {LONGEST_VALUE} characters are the limit.")
    parts = re.split(r"\n\s*\n|\]\s*\]\s*,?\s*\[\s*\[", text)
    grids = tuple(parse_rows(part, side) for part in parts if part.strip())
    if not grids:
        raise SpecError("values", "There are no numbers in it. Write rows like 1 2 3.")
    sizes = sorted({(len(rows), len(rows[0])) for rows in grids})
    if len(sizes) > 1:
        (rows, columns), (more, wider) = sizes[0], sizes[-1]
        raise SpecError("values", f"The grids must be equally large: one is {rows}×{columns}, another {more}×{wider}.")
    return grids


def show_source(source: GridSource) -> str:
    """Write the pattern's name, or the typed rows; the edits have a field of their own."""
    if source.pattern != CUSTOM:
        return source.pattern
    return "_".join(" ".join(store_number(value) for value in row) for row in source.rows)


def parse_edits(side: int = LARGEST_SIDE) -> Callable[[str], Edits]:
    """Make a reader of changed cells: ``row.column value``, parted by ``_``.

    >>> parse_edits()("0.2 9_1.1 -3")
    ((0, 2, 9), (1, 1, -3))
    """

    def parse(text: str) -> Edits:
        edits: dict[tuple[int, int], Number] = {}
        for part in text.split("_"):
            match = re.fullmatch(r"\s*(\d{1,2})\.(\d{1,2})[ +](\S+)\s*", part, flags=re.ASCII)
            if not match:
                raise SpecError("", "a changed cell reads row.column value, like 0.2 9")
            row, column = int(match[1]), int(match[2])
            if row >= side or column >= side:
                raise SpecError("", f"rows and columns count from 0 to {side - 1}")
            edits[row, column] = parse_number(match[3])
        return tuple(sorted((row, column, value) for (row, column), value in edits.items()))

    return parse


def show_edits(edits: Edits) -> str:
    """Write changed cells.

    >>> show_edits(((0, 2, 9),))
    '0.2 9'
    """
    return "_".join(f"{row}.{column} {store_number(value)}" for row, column, value in edits)
