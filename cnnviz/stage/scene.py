"""What a stage draws, whatever the operation: named grids, the links between their cells, and captions.

A scene is generic. The stage knows no convolution: it draws grids, follows index lists from cell to
cell, and writes out the numbers that a link joins.

>>> axis = AxisLinks(source_size=4, reads=((0, 1), (2, 3)), taps=(0, 1))
>>> axis.reads[1]  # the second target cell reads the source cells 2 and 3 ...
(2, 3)
>>> axis.taps  # ... with these weights
(0, 1)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from numpy.typing import NDArray

Role = Literal["input", "kernel", "output"]
"""What a grid is in the story; it chooses the grid's colours."""

Cell = tuple[int, int]
"""A row and a column of a grid as it is drawn, the padding ring included."""

Rule = Literal["sum", "max", "mean", "norm", "copy"]
"""How a target cell comes from its terms: their sum, the largest, the mean, the root of their squares, or as it is."""

Arrangement = tuple[tuple[tuple[str, ...], ...], ...]
"""Rows of columns of grids: every column stacks its grids, every row stands below the last."""

ADDED = -1


def copy_of(cell: int) -> int:
    """Write in an origin list that a position repeats a data cell that stands elsewhere.

    >>> [0, 1, 2, copy_of(1)]  # the last position repeats the cell 1
    [0, 1, 2, -3]
    """
    return -(cell + 2)


@dataclass(frozen=True, slots=True)
class Grid:
    """One grid of numbers.

    `ring` counts the padding cells (top, bottom, left, right) inside `values`. `origins` says for every row and every
    column what it is: a data row's own number, `ADDED` for zeros that were put in, or `copy_of` a data row.
    `texts` replaces the numbers that are shown, where a fraction says more than its decimals. `symbol` is the grid's
    letter in formulas. Grids with the same `scale` share their colours. `note` stands behind the title. `added` is
    what an added cell says where it is not a zero but no number at all; such a cell never wins a maximum. `cut` says of
    a target that its ring was computed and then taken away.
    `frame` is the colour of a channel (red, green or blue) that the title names; every `blocks` rows and columns a line
    parts the cells (0: none); `size` is said instead of rows × columns. A row of numbers can have `bars` above it, so
    many cells high; the cells of a `line` are counted by one number.
    `rule`, `divisors` and `winners` are for a target: how it comes from its terms, what each sum was divided by,
    and which source cell (counted row after row) won.
    """

    name: str
    title: str
    role: Role
    values: NDArray[Any]
    ring: tuple[int, int, int, int] = (0, 0, 0, 0)
    origins: tuple[tuple[int, ...], tuple[int, ...]] | None = None
    texts: tuple[str, ...] | None = None
    editable: bool = False
    symbol: str = ""
    scale: str = ""
    note: str = ""
    added: str = ""
    cut: bool = False
    frame: str = ""
    blocks: tuple[int, int] = (0, 0)
    size: str = ""
    bars: float = 0
    line: bool = False
    rule: Rule = "sum"
    divisors: NDArray[Any] | None = None
    winners: NDArray[Any] | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, the ring included."""
        return self.values.shape[0], self.values.shape[1]


@dataclass(frozen=True, slots=True)
class AxisLinks:
    """The links of one axis: target cell -> source cells (`reads`), each through one weight (`taps`).

    `taps` is one list for all targets, or a list for each target where they differ.
    """

    source_size: int
    reads: tuple[tuple[int, ...], ...]
    taps: tuple[int, ...] | tuple[tuple[int, ...], ...]

    def links(self, target: int) -> Iterator[tuple[int, int]]:
        """List the (source cell, weight) of one target.

        >>> ragged = AxisLinks(source_size=2, reads=((0,), (0, 1)), taps=((0,), (1, 0)))
        >>> list(ragged.links(1))
        [(0, 1), (1, 0)]
        """
        shared: Any = self.taps
        own = shared[target] if shared and isinstance(shared[0], tuple) else shared
        return zip(self.reads[target], own, strict=True)


@dataclass(frozen=True, slots=True)
class Link:
    """Target cells are made from source cells, each through a weight if there is a `weight` grid.

    Most links are the product of a row map and a column map. Any other link lists for every target cell, row after
    row, its (source cell, weight cell), both counted row after row. A `sign` of -1 takes the terms away. The terms of a
    link with `edges` are drawn as lines from cell to cell.
    """

    source: str
    target: str
    weight: str | None = None
    rows: AxisLinks | None = None
    columns: AxisLinks | None = None
    cells: tuple[tuple[tuple[int, int], ...], ...] | None = None
    sign: int = 1
    edges: bool = False


@dataclass(frozen=True, slots=True)
class Shows:
    """Every cell of `grid` shows a cell of `of` (counted row after row), or -1: a matrix shows its kernel's weights."""

    grid: str
    of: str
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that one picture of a stage shows.

    `arrangements` lists ways to lay the grids out, best first; the stage takes the one that gives the largest cells.
    `signs` stand before the grids from the second on. `steps` names the grid that the player steps through, or several,
    one after the other: the target of the first link, if it is empty. A `tall` scene gets more height, a `tall_phone`
    scene on phones only. `twins` are grids that hold the same data cells in the same order: the light on one lies on
    all. In a `deep` scene, light and sums go on through targets that are sources themselves, down to the data, and a
    sum is written source by source. `close` grids stand nearer together. Where an arrangement gives cells of `comfort`
    pixels, no later one is tried: then the order says more than larger cells would.
    """

    grids: tuple[Grid, ...]
    links: tuple[Link, ...]
    shape: str
    notes: tuple[str, ...]
    alt: str
    arrangements: tuple[Arrangement, ...]
    signs: tuple[str, ...] = ()
    steps: str | tuple[str, ...] = ""
    twins: tuple[tuple[str, ...], ...] = ()
    shows: tuple[Shows, ...] = field(default=())
    tall: bool = False
    deep: bool = False
    tall_phone: bool = False
    close: bool = False
    comfort: int = 0

    def grid(self, name: str) -> Grid:
        """Find a grid by its name."""
        return next(grid for grid in self.grids if grid.name == name)

    def terms(self, link: Link, row: int, column: int) -> Iterator[tuple[Cell, Cell | None]]:
        """List what a target cell reads through a link: the source cell, and the weight if there is one."""
        if link.cells is not None:
            source, target = self.grid(link.source).shape[1], self.grid(link.target).shape[1]
            weights = self.grid(link.weight).shape[1] if link.weight else 1
            for cell, weight in link.cells[row * target + column]:
                yield divmod(cell, source), divmod(weight, weights) if link.weight else None
        elif link.rows and link.columns:
            for r, u in link.rows.links(row):
                for c, v in link.columns.links(column):
                    yield (r, c), (u, v) if link.weight else None
