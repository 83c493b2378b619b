r"""Grids as lines of code: nested lists with aligned columns, and expected results as comments.

>>> print("\n".join(grid_lines("w", np.array([[1, -2], [30, 0.5]]))))
w = torch.tensor([
    [ 1,  -2],
    [30, 0.5],
], dtype=torch.float64).reshape(1, 1, 2, 2)
>>> comment_lines(np.array([[1, -2], [30, 4]]))
['#  1, -2', '# 30,  4']
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.state.numbers import show_number, store_number

__all__ = ["comment_lines", "grid_lines", "np", "pair_text"]


def grid_lines(name: str, grid: NDArray[Any], more: str = "") -> list[str]:
    """Write a grid as a tensor of shape (1, 1, rows, columns); `more` follows it."""
    rows, columns = grid.shape
    cells = [[store_number(value) for value in row] for row in grid.tolist()]
    lines = [f"    [{line}]," for line in _aligned(cells)]
    return [f"{name} = torch.tensor([", *lines, f"], dtype=torch.float64).reshape(1, 1, {rows}, {columns}){more}"]


def comment_lines(grid: NDArray[Any]) -> list[str]:
    """Write a result as comments, rounded as on the stage."""
    cells = [[show_number(value) for value in row] for row in grid.tolist()]
    return [f"# {line}" for line in _aligned(cells)]


def pair_text(pair: tuple[int, int]) -> str:
    """Write 3 for (3, 3), as everybody does."""
    return str(pair[0]) if pair[0] == pair[1] else str(pair)


def _aligned(cells: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [", ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
