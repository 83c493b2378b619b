"""What a stage draws, whatever the operation: named grids, the links between their cells, and captions.

A scene is generic. The stage knows no convolution: it draws grids, follows index lists from cell to
cell, and writes out the products of the two numbers that a link joins.

>>> axis = AxisLinks(source_size=4, reads=((0, 1), (2, 3)), taps=(0, 1), origin=(0, 1, 2, 3))
>>> axis.reads[1]  # the second target cell reads the source cells 2 and 3 ...
(2, 3)
>>> axis.taps  # ... with these weights
(0, 1)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

Role = Literal["input", "kernel", "output"]
"""What a grid is in the story; it chooses the grid's colours."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One grid of numbers. `ring` counts the padding cells (top, bottom, left, right) inside `values`.

    `texts` replaces the numbers that are shown, where a fraction says more than its decimals.
    """

    name: str
    title: str
    role: Role
    values: NDArray[Any]
    ring: tuple[int, int, int, int] = (0, 0, 0, 0)
    texts: tuple[str, ...] | None = None
    editable: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, the ring included."""
        return self.values.shape[0], self.values.shape[1]


@dataclass(frozen=True, slots=True)
class AxisLinks:
    """The links of one axis: target cell -> source cells (`reads`), each through one weight (`taps`).

    `origin` names for each source cell the cell whose value it shows: itself, the one that it copies,
    or -1 for a zero that was added.
    """

    source_size: int
    reads: tuple[tuple[int, ...], ...]
    taps: tuple[int, ...]
    origin: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Every target cell is the sum of source x weight over the product of a row map and a column map."""

    source: str
    weight: str
    target: str
    rows: AxisLinks
    columns: AxisLinks


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that one picture of a stage shows.

    `arrangements` lists ways to lay the grids out, best first: rows of columns of grid names, where
    a column stacks its grids. The stage takes the one that gives the largest cells.
    """

    grids: tuple[Grid, ...]
    links: tuple[Link, ...]
    shape: str
    notes: tuple[str, ...]
    alt: str
    arrangements: tuple[tuple[tuple[tuple[str, ...], ...], ...], ...]
    signs: tuple[str, ...] = ()

    def grid(self, name: str) -> Grid:
        """Find a grid by its name."""
        return next(grid for grid in self.grids if grid.name == name)
