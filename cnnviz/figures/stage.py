"""A scene as one Plotly figure: what the browser's stage shows, for tests, notebooks and export.

Every grid is a heatmap on ONE shared pair of hidden axes. Cells are 1 × 1 units; the centre of a grid's first
cell is its origin, row 0 is on top. The figure is a plain dict, and the same scene always gives the same JSON.

>>> from cnnviz.lessons.convolution.trace import trace_convolution
>>> from cnnviz.lessons.convolution.scene import convolution_scene
>>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
>>> scene = convolution_scene(trace_convolution(ConvolutionSpec(padding=((1, 1), (1, 1)))))
>>> figure = stage_figure(scene)
>>> [trace["name"] for trace in figure["data"]]
['input', 'kernel', 'output']
>>> [note["text"] for note in figure["layout"]["annotations"]]
['Input 5×5<br>padded to 7×7', 'Kernel 3×3', 'Output 5×5', '⋆', '=']
>>> place_grids(scene.grids, scene.arrangements[0])["kernel"]
(9, 2)
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from cnnviz.figures.marks import cell_marks, pin_marks
from cnnviz.figures.palette import PALETTE
from cnnviz.stage.scene import Grid, Scene
from cnnviz.state.numbers import show_number

Figure = dict[str, Any]
Origin = tuple[int, int]
"""Where the centre of a grid's first cell stands: (x, y)."""

MOST_NUMBERS = 400
"""A grid with more cells than this shows colours only: its cells are too small to read numbers."""

GAP = 2
"""Units between two columns; the sign stands in it."""

HEADROOM = 2
"""Units above a grid, for its title."""

FULL_WIDTH = 960
CELL_PIXELS = (16, 44)
"""The smallest and the largest side of a cell."""


def stage_figure(
    scene: Scene, *, arrangement: int = 0, dark: bool = False, pin: tuple[int, int] | None = None
) -> Figure:
    """Draw a scene. `pin` is an output cell: what it reads is outlined; a pin outside the output draws nothing."""
    colours = PALETTE["dark" if dark else "light"]
    layout = scene.arrangements[arrangement]
    origins = place_grids(scene.grids, layout)
    width, height = _extent(scene.grids, origins)
    cell = min(max(FULL_WIDTH // width, CELL_PIXELS[0]), CELL_PIXELS[1])
    marks = [
        *(_backing(grid, origins[grid.name], colours) for grid in scene.grids),
        *cell_marks(scene, origins, colours),
        *(pin_marks(scene, origins, pin, colours) if pin is not None else ()),
    ]
    return {
        "data": [_heatmap(grid, origins[grid.name], colours, cell) for grid in scene.grids],
        "layout": {
            # A template that is empty or missing is replaced by Plotly's default, which other libraries change.
            "template": {"layout": {"font": {"color": colours["text"], "size": 14}}},
            "width": width * cell,
            "height": height * cell,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "xaxis": _hidden_axis([-1, width - 1]),
            "yaxis": {**_hidden_axis([height - HEADROOM - 0.5, -HEADROOM - 0.5]), "scaleanchor": "x"},
            "annotations": [*_titles(scene, layout, origins), *_signs(scene, layout, origins)],
            "shapes": marks,
            "meta": {"alt": scene.alt, "shape": scene.shape, "notes": list(scene.notes)},
        },
    }


def as_figure(figure: Figure) -> go.Figure:
    """Let Plotly check every property of a figure, and make a `go.Figure` of it."""
    return go.Figure(figure)


def place_grids(grids: Iterable[Grid], layout: Iterable[Iterable[Iterable[str]]]) -> dict[str, Origin]:
    """Give each grid its origin: rows below each other, columns beside each other, stacks centred in their row."""
    shapes = {grid.name: grid.shape for grid in grids}
    origins: dict[str, Origin] = {}
    top = 0
    for row in layout:
        columns = [list(column) for column in row]
        heights = [sum(shapes[name][0] + HEADROOM for name in column) - HEADROOM for column in columns]
        tallest, left = max(heights), 0
        for column, height in zip(columns, heights, strict=True):
            broadest = max(shapes[name][1] for name in column)
            down = top + (tallest - height) // 2
            for name in column:
                origins[name] = left + (broadest - shapes[name][1]) // 2, down
                down += shapes[name][0] + HEADROOM
            left += broadest + GAP
        top += tallest + HEADROOM
    return origins


def _extent(grids: Iterable[Grid], origins: dict[str, Origin]) -> tuple[int, int]:
    """Count the units of the whole picture, with half a unit of air around it and the titles above."""
    right = max(origins[grid.name][0] + grid.shape[1] for grid in grids)
    bottom = max(origins[grid.name][1] + grid.shape[0] for grid in grids)
    return right + 1, bottom + HEADROOM + 1


def _hidden_axis(span: list[float]) -> Figure:
    return {"visible": False, "range": span, "fixedrange": True, "constrain": "domain"}


def _heatmap(grid: Grid, origin: Origin, colours: Figure, cell: int) -> Figure:
    """Draw one grid; its scale has zero in the middle, so that the sign of a number is the colour."""
    values = grid.values.tolist()
    largest = float(abs(grid.values).max()) or 1.0
    heatmap: Figure = {
        "type": "heatmap",
        "name": grid.name,
        "z": values,
        "x0": origin[0],
        "dx": 1,
        "y0": origin[1],
        "dy": 1,
        "zmin": -largest,
        "zmax": largest,
        "colorscale": colours["scales"][grid.role],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": f"%{{z}}<extra>{grid.title}</extra>",
    }
    if grid.values.size <= MOST_NUMBERS:
        texts = _texts(grid)
        longest = max(len(text) for row in texts for text in row)
        heatmap["text"] = texts
        heatmap["texttemplate"] = "%{text}"
        heatmap["textfont"] = {"color": colours["text"], "size": _font_size(cell, longest)}
    return heatmap


def _texts(grid: Grid) -> list[list[str]]:
    rows, columns = grid.shape
    flat = grid.texts or tuple(show_number(value) for value in grid.values.ravel().tolist())
    shown = [text.replace("-", "\N{MINUS SIGN}") for text in flat]
    return [shown[row * columns : (row + 1) * columns] for row in range(rows)]


def _font_size(cell: int, longest: int) -> int:
    """Take the largest letters with which the longest number fits into a cell; a digit is 0.6 as wide as high."""
    return max(min(int(cell * 0.45), int(cell * 0.92 / (0.6 * longest))), 6)


def _backing(grid: Grid, origin: Origin, colours: Figure) -> Figure:
    """Lay a plate under a grid: it shows through between the cells, as their lines."""
    (rows, columns), (x, y) = grid.shape, origin
    return {
        "name": f"lines {grid.name}",
        "type": "rect",
        "layer": "below",
        "x0": x - 0.5,
        "x1": x + columns - 0.5,
        "y0": y - 0.5,
        "y1": y + rows - 0.5,
        "fillcolor": colours["line"],
        "line": {"width": 0},
    }


def _title(grid: Grid) -> str:
    """Name a grid and the size of its data, and say what its padding makes of it."""
    (rows, columns), (top, bottom, left, right) = grid.shape, grid.ring
    title = f"{grid.title} {rows - top - bottom}×{columns - left - right}"
    return f"{title}<br>padded to {rows}×{columns}" if any(grid.ring) else title


def _titles(scene: Scene, layout: tuple[tuple[tuple[str, ...], ...], ...], origins: dict[str, Origin]) -> list[Figure]:
    """Write a title above each grid. Where no gap holds a sign before a grid, its title begins with the sign."""
    signs = _sign_of(scene)
    beside = {name for row in layout for column in row[1:] for name in column[:1]}
    titles = []
    for grid in scene.grids:
        x, y = origins[grid.name]
        sign = "" if grid.name in beside else signs.get(grid.name, "")
        text = f"{sign} {_title(grid)}".strip()
        titles.append(_annotation(text, x + (grid.shape[1] - 1) / 2, y - 0.6, yanchor="bottom"))
    return titles


def _signs(scene: Scene, layout: tuple[tuple[tuple[str, ...], ...], ...], origins: dict[str, Origin]) -> list[Figure]:
    """Write the signs into the gaps between columns."""
    shapes = {grid.name: grid.shape for grid in scene.grids}
    signs, notes = _sign_of(scene), []
    for row in layout:
        for before, after in pairwise(row):
            right = max(origins[name][0] + shapes[name][1] for name in before)
            name = after[0]
            if name in signs:
                middle = origins[name][1] + (shapes[name][0] - 1) / 2
                x = (right - 1 + min(origins[below][0] for below in after)) / 2
                notes.append(_annotation(signs[name], x, middle, size=24))
    return notes


def _sign_of(scene: Scene) -> dict[str, str]:
    """Give each grid but the first the sign before it."""
    return {grid.name: sign for grid, sign in zip(scene.grids[1:], scene.signs, strict=False)}


def _annotation(text: str, x: float, y: float, *, yanchor: str = "middle", size: int = 14) -> Figure:
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": "x",
        "yref": "y",
        "xanchor": "center",
        "yanchor": yanchor,
        "showarrow": False,
        "font": {"size": size},
    }
