"""What is drawn on top of the cells: the padding's hatch, unread cells, and the window of a pinned output.

None of it speaks by colour alone: padding is hatched and its data has a dashed outline, unread cells are
crossed out, and each outline has a dash of its own.

>>> hatch([(0, 0)], (5, 2))
'M4.5,1.9L4.9,1.5M5.1,2.5L5.5,2.1'
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

from cnnviz.figures.palette import DASHES
from cnnviz.stage.scene import Cell, Grid, Link, Scene

Origin = tuple[int, int]
Shape = dict[str, Any]


def cell_marks(scene: Scene, origins: dict[str, Origin], colours: dict[str, Any]) -> list[Shape]:
    """Mark the padding of every grid, and the cells that no link reads."""
    marks = []
    for grid in scene.grids:
        origin = origins[grid.name]
        if any(grid.ring):
            path = hatch(ring_cells(grid), origin)
            marks.append(_path(f"padding {grid.name}", path, {"color": colours["hatch"], "width": 1}))
            line = {"color": colours["outline"], "width": 1.5, "dash": "dash"}
            marks.append(_box(f"data {grid.name}", *_data_corners(grid), origin, line))
        unread = unread_cells(scene, grid)
        if unread:
            marks.append(
                _path(f"unread {grid.name}", crosses(unread, origin), {"color": colours["unread"], "width": 1.5})
            )
    return marks


def pin_marks(scene: Scene, origins: dict[str, Origin], pin: Cell, colours: dict[str, Any]) -> list[Shape]:
    """Outline a pinned target cell, the source cells that it reads, and the weights that it uses."""
    row, column = pin
    marks = []
    for link in scene.links:
        rows, columns = scene.grid(link.target).shape
        if not (0 <= row < rows and 0 <= column < columns):
            continue
        terms = list(scene.terms(link, row, column))
        window = [source for source, _ in terms]
        marks.append(_outlined("window", link.source, window, origins, colours))
        if link.weight:
            marks.append(_outlined("weight", link.weight, [weight for _, weight in terms if weight], origins, colours))
        marks.append(_box(f"output {link.target}", pin, pin, origins[link.target], _accent("output", colours)))
    return marks


def _outlined(accent: str, name: str, cells: list[Cell], origins: dict[str, Origin], colours: dict[str, Any]) -> Shape:
    """Outline cells: one box where they fill one, a line around each otherwise."""
    line = _accent(accent, colours)
    rows, columns = ({cell[axis] for cell in cells} for axis in (0, 1))
    (top, bottom), (left, right) = (min(rows), max(rows)), (min(columns), max(columns))
    if len(set(cells)) == (bottom - top + 1) * (right - left + 1):
        return _box(f"{accent} {name}", (top, left), (bottom, right), origins[name], line)
    return _path(f"{accent} {name}", outlines(sorted(set(cells)), origins[name]), line)


def ring_cells(grid: Grid) -> list[Cell]:
    """List the padding cells of a grid."""
    (first_row, first_column), (last_row, last_column) = _data_corners(grid)
    rows, columns = grid.shape
    return [
        (row, column)
        for row, column in product(range(rows), range(columns))
        if not (first_row <= row <= last_row and first_column <= column <= last_column)
    ]


def unread_cells(scene: Scene, grid: Grid) -> list[Cell]:
    """List the cells of a grid that links could read and none does."""
    links = [link for link in scene.links if link.source == grid.name]
    if not links:
        return []
    cells = set(product(range(grid.shape[0]), range(grid.shape[1])))
    for link in links:
        cells.difference_update(_read_cells(scene, link))
    return sorted(cells)


def hatch(cells: Iterable[Cell], origin: Origin) -> str:
    """Cut two opposite corners of each cell: together they make a hatch that leaves the numbers free."""
    x, y = origin
    return "".join(
        f"M{x + c - 0.5:g},{y + r - 0.1:g}L{x + c - 0.1:g},{y + r - 0.5:g}"
        f"M{x + c + 0.1:g},{y + r + 0.5:g}L{x + c + 0.5:g},{y + r + 0.1:g}"
        for r, c in cells
    )


def crosses(cells: Iterable[Cell], origin: Origin) -> str:
    """Cross each cell out, in its corners only."""
    x, y = origin
    near, far = 0.42, 0.2
    return "".join(
        f"M{x + c + across * near:g},{y + r + down * near:g}L{x + c + across * far:g},{y + r + down * far:g}"
        for r, c in cells
        for across, down in product((-1, 1), repeat=2)
    )


def outlines(cells: Iterable[Cell], origin: Origin) -> str:
    """Draw a line around each cell; Plotly knows only absolute coordinates.

    >>> outlines([(0, 0)], (5, 2))
    'M4.55,1.55H5.45V2.45H4.55Z'
    """
    x, y = origin
    near = 0.45
    return "".join(
        f"M{x + c - near:g},{y + r - near:g}H{x + c + near:g}V{y + r + near:g}H{x + c - near:g}Z" for r, c in cells
    )


def _read_cells(scene: Scene, link: Link) -> set[Cell]:
    rows, columns = scene.grid(link.target).shape
    targets = product(range(rows), range(columns))
    return {source for row, column in targets for source, _ in scene.terms(link, row, column)}


def _data_corners(grid: Grid) -> tuple[Cell, Cell]:
    (rows, columns), (top, bottom, left, right) = grid.shape, grid.ring
    return (top, left), (rows - bottom - 1, columns - right - 1)


def _accent(name: str, colours: dict[str, Any]) -> dict[str, Any]:
    return {"color": colours["accents"][name], "width": 3, "dash": DASHES[name]}


def _box(name: str, first: Cell, last: Cell, origin: Origin, line: dict[str, Any]) -> Shape:
    """Outline the cells from the first to the last, both included."""
    (top, left), (bottom, right), (x, y) = first, last, origin
    return {
        "name": name,
        "type": "rect",
        "x0": x + left - 0.5,
        "x1": x + right + 0.5,
        "y0": y + top - 0.5,
        "y1": y + bottom + 0.5,
        "line": line,
    }


def _path(name: str, path: str, line: dict[str, Any]) -> Shape:
    return {"name": name, "type": "path", "path": path, "line": line}
