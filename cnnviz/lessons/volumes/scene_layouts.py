"""Ways to lay out a film, its kernel and its output; the stage takes the one with the largest cells.

Time goes from left to right; where a row has no room for all frames, it goes on in the next.

>>> layout = film_layout(("x0", "x1"), ("w0",), ("y0", "y1"))
>>> layout.arrangements[0], layout.signs
(((('x0',), ('x1',)), (('w0',), ('y0',), ('y1',))), ('', '⋆', '=', ''))
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from cnnviz.stage.scene import Arrangement

Names = tuple[str, ...]
Row = tuple[Names, ...]

LINE_LAYOUTS: tuple[Arrangement, ...] = (
    ((("x",), ("w",), ("y",)),),
    ((("x",),), (("w",), ("y",))),
    ((("x",),), (("w",),), (("y",),)),
)


class Layout(NamedTuple):
    """The ways to lay the grids out, the signs between them, and the grids that are stepped through."""

    arrangements: tuple[Arrangement, ...]
    signs: tuple[str, ...]
    steps: Names


@lru_cache(maxsize=512)
def film_layout(inputs: Names, kernels: Names, outputs: Names) -> Layout:
    """The film above kernel and output, each in one row or in several; or all three in rows of their own."""
    found: list[Arrangement] = [
        (_row(inputs), _row((*kernels, *outputs))),
        (_row(inputs), _row(kernels), _row(outputs)),
        (_row((*inputs, *kernels, *outputs)),),
    ]
    for most in (5, 4, 3, 2):
        if max(len(inputs), len(outputs)) > most:
            found.append((*_rows(inputs, most), *_rows((*kernels, *outputs), most + 2)))
            found.append((*_rows(inputs, most), _row(kernels), *_rows(outputs, most)))
    signs = {len(inputs): "⋆", len(inputs) + len(kernels): "="}
    every = range(1, len(inputs) + len(kernels) + len(outputs))
    return Layout(tuple(dict.fromkeys(found)), tuple(signs.get(at, "") for at in every), outputs)


def _row(names: Names) -> Row:
    return tuple((name,) for name in names)


def _rows(names: Names, most: int) -> tuple[Row, ...]:
    """Split evenly into as few rows as possible, the longer ones first.

    >>> _rows(("a", "b", "c"), 2)
    ((('a',), ('b',)), (('c',),))
    """
    parts = -(-len(names) // most)
    bounds = [-(-len(names) * part // parts) for part in range(parts + 1)]
    return tuple(_row(names[low:high]) for low, high in pairwise(bounds))
