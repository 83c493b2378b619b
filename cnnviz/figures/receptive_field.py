"""How fields grow with depth: size and stride against the layers, with the picture's side as a line.

>>> from cnnviz.spec.zoo import ARCHITECTURES
>>> from cnnviz.engine.network import trace_network
>>> trace = trace_network(ARCHITECTURES["lenet5"])
>>> figure = growth_figure(trace, trace.rows[:3], "s2")
>>> figure["data"][0]["y"], figure["data"][1]["y"]
([5.0, 5.0, 6.0], [1.0, 1.0, 2.0])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnnviz.engine.network import NetworkTrace, Row
from cnnviz.figures.palette import PALETTE

Figure = dict[str, Any]
HEIGHT = 330
FEW = 24
"""Up to so many layers, their names stand below."""


def growth_figure(trace: NetworkTrace, rows: Sequence[Row], chosen: str, *, dark: bool = False) -> Figure:
    """Draw size and stride of the fields, layer by layer; the chosen layer has a ring."""
    colours = PALETTE["dark" if dark else "light"]
    names = [row.name for row in rows]
    sizes = [max(float(axis.size) for axis in row.receptive_field) for row in rows]
    strides: list[float | None] = [max(float(axis.stride) for axis in row.receptive_field) or None for row in rows]
    numbers = list(range(1, len(rows) + 1))
    here = names.index(chosen)
    side = max(trace.input[1:])

    def line(name: str, values: Sequence[float | None], accent: str, dash: str) -> Figure:
        return {
            "type": "scatter", "mode": "lines+markers", "name": name, "x": numbers, "y": list(values),
            "text": names, "hovertemplate": "%{text}: %{y:.4g}<extra>" + name + "</extra>",
            "line": {"color": colours["accents"][accent], "width": 2, "dash": dash, "shape": "hv"},
            "marker": {"size": 4},
        }  # fmt: skip

    data = [
        line("field, in pixels", sizes, "output", "solid"),
        line("stride", strides, "window", "dot"),
        {
            "type": "scatter", "mode": "markers", "x": [numbers[here]], "y": [sizes[here]], "hoverinfo": "skip",
            "showlegend": False,
            "marker": {"size": 14, "symbol": "circle-open", "color": colours["text"], "line": {"width": 2.5}},
        },
    ]  # fmt: skip
    axis = {
        "gridcolor": colours["line"], "griddash": "dot", "zeroline": False, "fixedrange": True,
        "tickfont": {"color": colours["text"]}, "automargin": True,
    }  # fmt: skip
    ticks = {"tickvals": numbers, "ticktext": names, "tickangle": -60} if len(rows) <= FEW else {}
    title = {} if ticks else {"title": {"text": "layer", "standoff": 4}}
    layout = {
        "height": HEIGHT, "margin": {"l": 8, "r": 8, "t": 30, "b": 8}, "template": {},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": colours["text"], "size": 13},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        "xaxis": axis | ticks | title, "yaxis": axis | {"rangemode": "tozero"},
        "shapes": [{
            "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": side, "y1": side,
            "line": {"color": colours["muted"], "width": 1.5, "dash": "dash"},
        }],
        "annotations": [{
            "xref": "paper", "x": 0, "y": side, "xanchor": "left", "yanchor": "bottom", "showarrow": False,
            "text": "the picture’s side", "font": {"color": colours["text"], "size": 12},
        }],
    }  # fmt: skip
    return {"data": data, "layout": layout}
