"""Curves over depth and histograms of the Blocks page, with and without.

>>> figure = depth_figure({"Without": [1.0, 0.01], "Batch norm": [1.0, 1.1]}, "spread", at=2)
>>> figure["layout"]["yaxis"]["type"], figure["data"][0]["y"]
('log', [1.0, 0.01])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.figures.palette import PALETTE

Figure = dict[str, Any]
HEIGHT = 280
_STYLES = (("window", "dash", "x"), ("output", "solid", "circle"))


def depth_figure(curves: Mapping[str, Sequence[float]], title: str, *, at: int, dark: bool = False) -> Figure:
    """Draw what happens from layer to layer, on a scale of powers of ten; a line marks the layer that is looked at."""
    colours = PALETTE["dark" if dark else "light"]
    data = []
    for (name, values), (accent, dash, symbol) in zip(curves.items(), _STYLES, strict=True):
        data.append({
            "type": "scatter", "mode": "lines+markers", "name": name, "x": list(range(1, len(values) + 1)),
            "y": [value or None for value in values],
            "hovertemplate": "layer %{x}: %{y:.3g}<extra>" + name + "</extra>",
            "line": {"color": colours["accents"][accent], "dash": dash, "width": 2},
            "marker": {"symbol": symbol, "size": 6},
        })  # fmt: skip
    layout = _layout(colours, title, "layer")
    layout["yaxis"] |= {"type": "log", "exponentformat": "power", "dtick": _decades(curves)}
    layout["shapes"] = [{
        "type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1,
        "line": {"color": colours["muted"], "width": 1.5, "dash": "dot"},
    }]  # fmt: skip
    return {"data": data, "layout": layout}


def _decades(curves: Mapping[str, Sequence[float]]) -> int:
    """Give how many powers of ten lie between two lines, so that a handful of them fits."""
    values = [value for row in curves.values() for value in row if value > 0]
    span = np.log10(max(values) / min(values)) if values else 1
    return max(1, round(span / 5))


def histogram_figure(
    edges: NDArray[np.float64], counts: Mapping[str, NDArray[np.int64]], *, dark: bool = False
) -> Figure:
    """Draw how often which value comes, as shares of all, before and after."""
    colours = PALETTE["dark" if dark else "light"]
    middle = ((edges[:-1] + edges[1:]) / 2).tolist()
    data = []
    for (name, row), (accent, dash, _) in zip(counts.items(), _STYLES, strict=True):
        data.append({
            "type": "scatter", "mode": "lines", "name": name, "x": middle,
            "y": (100 * row / max(int(row.sum()), 1)).tolist(),
            "hovertemplate": "around %{x:.3g}: %{y:.1f} %<extra>" + name + "</extra>",
            "line": {"color": colours["accents"][accent], "dash": dash, "width": 2, "shape": "hvh"},
        })  # fmt: skip
    layout = _layout(colours, "share of all numbers", "value")
    layout["yaxis"] |= {"rangemode": "tozero", "ticksuffix": " %"}
    return {"data": data, "layout": layout}


def _layout(colours: Mapping[str, Any], down: str, along: str) -> Figure:
    axis = {
        "gridcolor": colours["line"], "griddash": "dot", "zeroline": False, "fixedrange": True,
        "tickfont": {"color": colours["text"]}, "automargin": True,
    }  # fmt: skip
    return {
        "height": HEIGHT, "margin": {"l": 8, "r": 8, "t": 30, "b": 8}, "template": {},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": colours["text"], "size": 13},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        "xaxis": axis | {"title": {"text": along, "standoff": 4}},
        "yaxis": axis | {"title": {"text": down, "standoff": 4}},
    }  # fmt: skip
