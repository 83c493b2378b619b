"""The oracle of every scene: what the links lead to must be what the grids show, cell by cell."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from cnnviz.stage.scene import ADDED, Grid, Scene

RULES = {
    "sum": lambda terms, _: math.fsum(terms),
    "copy": lambda terms, _: math.fsum(terms),
    "max": lambda terms, _: max(terms),
    "mean": lambda terms, divisor: math.fsum(terms) / divisor,
    "norm": lambda terms, divisor: math.sqrt(math.fsum(term * term for term in terms) / (divisor or 1)),
}


def check_scene(scene: Scene) -> None:
    """Follow every link to every target, and check names, sizes, layout and origins on the way."""
    names = [grid.name for grid in scene.grids]
    assert len(set(names)) == len(names)
    for arrangement in scene.arrangements:
        placed = [name for row in arrangement for column in row for name in column]
        assert sorted(placed) == sorted(names), "every arrangement places every grid once"
    for grid in scene.grids:
        _check_grid(grid)
    for group in scene.twins:
        assert len({_data_cells(scene.grid(name)) for name in group}) == 1, "twins hold as many cells"
    for shows in scene.shows:
        grid, shown = scene.grid(shows.grid), scene.grid(shows.of)
        assert len(shows.cells) == grid.values.size
        assert all(-1 <= cell < shown.values.size for cell in shows.cells)
    for target in {link.target for link in scene.links}:
        _check_target(scene, scene.grid(target))


def _check_grid(grid: Grid) -> None:
    assert grid.values.ndim == 2
    assert np.isfinite(grid.values).all()
    assert grid.texts is None or len(grid.texts) == grid.values.size
    if grid.origins is None:
        assert not any(grid.ring)
        return
    for axis, origin in enumerate(grid.origins):
        assert len(origin) == grid.values.shape[axis]
        data = [cell for cell in origin if cell >= 0]
        counted = list(range(len(data)))
        assert data in (counted, counted[::-1]), "data rows and columns count from 0, in order, or are turned"
    for (row, column), value in np.ndenumerate(grid.values):
        r, c = grid.origins[0][row], grid.origins[1][column]
        if -1 in (r, c):
            assert value == 0 or grid.cut, "an added cell is zero"
        else:
            at = tuple(
                origin.index(-cell - 2 if cell < 0 else cell) for origin, cell in zip(grid.origins, (r, c), strict=True)
            )
            assert value == grid.values[at], "a copy shows what it is a copy of"


def _data_cells(grid: Grid) -> int:
    if grid.origins is None:
        return grid.values.size
    rows, columns = (sum(cell >= 0 for cell in origin) for origin in grid.origins)
    return rows * columns


def _is_zero(grid: Grid, cell: tuple[int, int]) -> bool:
    return grid.origins is not None and ADDED in (grid.origins[0][cell[0]], grid.origins[1][cell[1]])


def _check_target(scene: Scene, target: Grid) -> None:
    for row, column in product(*map(range, target.shape)):
        terms, sources = [], []
        for link in scene.links:
            if link.target != target.name:
                continue
            source, weight = scene.grid(link.source), scene.grid(link.weight) if link.weight else None
            for cell, tap in scene.terms(link, row, column):
                if source.added and _is_zero(source, cell):
                    continue  # no number at all
                factor = 1 if weight is None else weight.values[tap]
                terms.append(float(link.sign * source.values[cell] * factor))
                sources.append(cell[0] * source.shape[1] + cell[1])
        value = float(target.values[row, column])
        if not terms:
            assert value == 0
            continue
        divisor = None if target.divisors is None else float(target.divisors[row, column])
        assert RULES[target.rule](terms, divisor) == pytest.approx(value, rel=1e-9, abs=1e-9)
        if target.winners is not None:
            winner = int(target.winners[row, column])
            assert winner == -1 or terms[sources.index(winner)] == value, "the winner is the cell that was taken"
