"""Numbers changed by hand in an array of any rank, each with its index as in the code.

>>> show_indexed(edited(parse_indexed(6, 9, 9)("1.0.2 9"), (0, 0, 0), 7))
'0.0.0 7_1.0.2 9'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from cnnviz.engine.grids import Number, Rows
from cnnviz.errors import SpecError
from cnnviz.state.numbers import parse_number, store_number

Edits = tuple[tuple[tuple[int, ...], Number], ...]
"""Changed numbers: the index of each, as in the code, and what stands there now."""


def edited(edits: Edits, index: tuple[int, ...], value: Number) -> Edits:
    """Change one number.

    >>> edited((((0, 1), 5),), (0, 1), 7)
    (((0, 1), 7),)
    """
    return tuple(sorted({**dict(edits), index: value}.items()))


def parse_indexed(*sides: int) -> Callable[[str], Edits]:
    """Make a reader of changed numbers: an index with dots and a value, parted by ``_``.

    >>> parse_indexed(6, 9, 9)("1.0.2 9_0.0.0 1/2")
    (((0, 0, 0), 0.5), ((1, 0, 2), 9))
    """
    pattern = re.compile(r"\s*" + r"\.".join([r"(\d{1,2})"] * len(sides)) + r"[ +](\S+)\s*", re.ASCII)

    def parse(text: str) -> Edits:
        edits: Edits = ()
        for part in text.split("_"):
            match = pattern.fullmatch(part)
            if not match:
                raise SpecError("", f"a changed number reads like {'.'.join('0' * len(sides))} 9")
            *places, value = match.groups()
            index = tuple(map(int, places))
            if any(place >= side for place, side in zip(index, sides, strict=True)):
                raise SpecError("", f"an index lies below {', '.join(map(str, sides))}")
            edits = edited(edits, index, parse_number(value))
        return edits

    return parse


@lru_cache(maxsize=256)
def show_indexed(edits: Edits) -> str:
    """Write changed numbers.

    >>> show_indexed((((1, 0, 2), 9),))
    '1.0.2 9'
    """
    return "_".join(f"{'.'.join(map(str, index))} {store_number(value)}" for index, value in edits)


def put(edits: Edits, grids: Mapping[Any, Rows]) -> Edits:
    """Put whole grids, each with the start of its index, in the place of what was changed in them before.

    >>> put((((0, 5, 5), 9), ((1, 0, 0), 8)), {(0,): ((7,),)})
    (((0, 0, 0), 7), ((1, 0, 0), 8))
    """
    kept = {index: value for index, value in edits if not any(index[: len(start)] == start for start in grids)}
    for start, rows in grids.items():
        kept |= {(*start, row, column): value for row, line in enumerate(rows) for column, value in enumerate(line)}
    return tuple(sorted(kept.items()))
