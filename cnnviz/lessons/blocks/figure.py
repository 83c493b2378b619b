"""Curves over depth and histograms of the Blocks page, with and without.

>>> figure = depth_figure({"Without": [1.0, 0.01], "Batch norm": [1.0, 1.1]}, "spread", at=2)
>>> figure["layout"]["yaxis"]["type"], figure["data"][0]["y"]
('log', [1.0, 0.01])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cnnviz.figures.chart import LEGEND, UNDER_LEGEND, Figure, axis, colours_of, layout, upright

HEIGHT = 280
_STYLES = (("window", "dash", "x"), ("output", "solid", "circle"))


def depth_figure(curves: Mapping[str, Sequence[float]], title: str, *, at: int, dark: bool = False) -> Figure:
    """Draw what happens from layer to layer, on a scale of powers of ten; a line marks the layer that is looked at."""
    colours = colours_of(dark=dark)
    data = []
    for (name, values), (accent, dash, symbol) in zip(curves.items(), _STYLES, strict=True):
        data.append({
            "type": "scatter", "mode": "lines+markers", "name": name, "x": list(range(1, len(values) + 1)),
            "y": [value or None for value in values],
            "hovertemplate": "layer %{x}: %{y:.3g}<extra>" + name + "</extra>",
            "line": {"color": colours["accents"][accent], "dash": dash, "width": 2},
            "marker": {"symbol": symbol, "size": 6},
        })  # fmt: skip
    return {"data": data, "layout": layout(
        colours, HEIGHT, UNDER_LEGEND, legend=LEGEND, shapes=[upright(at, colours["muted"], "dot")],
        xaxis=axis(colours, "layer"),
        yaxis=axis(colours, title, type="log", exponentformat="power", dtick=_decades(curves)),
    )}  # fmt: skip


def _decades(curves: Mapping[str, Sequence[float]]) -> int:
    """Give how many powers of ten lie between two lines, so that a handful of them fits."""
    values = [value for row in curves.values() for value in row if value > 0]
    span = np.log10(max(values) / min(values)) if values else 1
    return max(1, round(span / 5))


def histogram_figure(
    edges: NDArray[np.float64], counts: Mapping[str, NDArray[np.int64]], *, dark: bool = False
) -> Figure:
    """Draw how often which value comes, as shares of all, before and after."""
    colours = colours_of(dark=dark)
    middle = ((edges[:-1] + edges[1:]) / 2).tolist()
    data = []
    for (name, row), (accent, dash, _) in zip(counts.items(), _STYLES, strict=True):
        data.append({
            "type": "scatter", "mode": "lines", "name": name, "x": middle,
            "y": (100 * row / max(int(row.sum()), 1)).tolist(),
            "hovertemplate": "around %{x:.3g}: %{y:.1f} %<extra>" + name + "</extra>",
            "line": {"color": colours["accents"][accent], "dash": dash, "width": 2, "shape": "hvh"},
        })  # fmt: skip
    return {"data": data, "layout": layout(
        colours, HEIGHT, UNDER_LEGEND, legend=LEGEND,
        xaxis=axis(colours, "value"),
        yaxis=axis(colours, "share of all numbers", rangemode="tozero", ticksuffix=" %"),
    )}  # fmt: skip
