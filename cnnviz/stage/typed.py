"""Whole grids that a learner types or pastes: readers that take a spec and a text to the spec with these numbers.

>>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
>>> into_input = grid_reader("values", 16, size="size")
>>> into_input(ConvolutionSpec(), "1 2 3; 4 5 6").to_query()
{'n': '2x3', 'x': '1 2 3_4 5 6'}

A text that is no good raises the `SpecError` that the learner will read.
"""

from __future__ import annotations

from collections.abc import Callable

from cnnviz.engine.grids import CUSTOM, GridSource, Pair, Rows
from cnnviz.errors import SpecError
from cnnviz.stage.moves import Askable, SpecT, changed
from cnnviz.state.grids import parse_rows
from cnnviz.state.query import LONGEST_VALUE

Reader = Callable[[SpecT, str], SpecT]


def grid_reader(
    attribute: str, side: int, *, size: str = "", fits: Callable[[SpecT], tuple[str, Pair]] | None = None
) -> Reader[SpecT]:
    """Make the reader of one grid, at most `side` cells high and wide.

    The attribute `size` follows what was typed. A grid whose size follows from others says by `fits` what it is called
    and how large it must be.
    """

    def into(spec: SpecT, text: str) -> SpecT:
        rows = parse_rows(text, side)
        if fits:
            must_fit(rows, *fits(spec))
        filled: dict[str, object] = {attribute: GridSource(CUSTOM, rows)}
        return changed(spec, filled | ({size: shape_of(rows)} if size else {}))

    return into


def only_if(shown: Callable[[SpecT], bool], reader: Reader[SpecT], otherwise: str) -> Reader[SpecT]:
    """Refuse to read into a grid that is not on the stage; `otherwise` says where it is."""

    def into(spec: SpecT, text: str) -> SpecT:
        if not shown(spec):
            raise SpecError("values", otherwise)
        return reader(spec, text)

    return into


def must_fit(rows: Rows, name: str, shape: Pair) -> None:
    """Say it when typed rows have another size than their grid.

    >>> must_fit(((1, 2),), "dL/dy", (3, 2))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: dL/dy is 3×2 here, but this is 1×2. Type 3 rows of 2 numbers.
    """
    if shape_of(rows) != shape:
        (height, width), (high, wide) = shape, shape_of(rows)
        lines, numbers = (f"{n} {word}{'' if n == 1 else 's'}" for n, word in ((height, "row"), (width, "number")))
        raise SpecError(
            "values", f"{name} is {height}×{width} here, but this is {high}×{wide}. Type {lines} of {numbers}."
        )


def shape_of(rows: Rows) -> Pair:
    """Count rows and columns."""
    return len(rows), len(rows[0])


def must_fit_link(spec: Askable) -> None:
    """Say it when a spec is too long for a link, which is where it is kept."""
    longest = max((len(text) for text in spec.to_query().values()), default=0)
    if longest > LONGEST_VALUE:
        raise SpecError(
            "values",
            f"These numbers would take {longest} characters in the link, and {LONGEST_VALUE} are the limit. "
            "Numbers with fewer digits would fit.",
        )
