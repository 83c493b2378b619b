"""How fields grow with depth: size and stride against the layers, with the picture's side as a line.

>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> from cnnviz.engine.networks.trace import trace_network
>>> trace = trace_network(ARCHITECTURES["lenet5"])
>>> figure = growth_figure(trace, trace.rows[:3], "s2")
>>> figure["data"][0]["y"], figure["data"][1]["y"]
([5.0, 5.0, 6.0], [1.0, 1.0, 2.0])
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cnnviz.engine.networks.trace import NetworkTrace, Row
from cnnviz.figures.chart import LEGEND, UNDER_LEGEND, Figure, axis, colours_of, layout, level

HEIGHT = 330
FEW = 24
"""Up to so many layers, their names stand below."""


def growth_figure(trace: NetworkTrace, rows: Sequence[Row], chosen: str, *, dark: bool = False) -> Figure:
    """Draw size and stride of the fields, layer by layer; the chosen layer has a ring."""
    colours = colours_of(dark=dark)
    names = [row.name for row in rows]
    titles = [escape(name, quote=False) for name in names]
    sizes = [max(float(axis.size) for axis in row.receptive_field) for row in rows]
    strides: list[float | None] = [max(float(axis.stride) for axis in row.receptive_field) or None for row in rows]
    numbers = list(range(1, len(rows) + 1))
    here = names.index(chosen)
    side = max(trace.input[1:])

    def line(name: str, values: Sequence[float | None], accent: str, dash: str) -> Figure:
        return {
            "type": "scatter", "mode": "lines+markers", "name": name, "x": numbers, "y": list(values),
            "text": titles, "hovertemplate": "%{text}: %{y:.4g}<extra>" + name + "</extra>",
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
    ticks = {"tickvals": numbers, "ticktext": titles, "tickangle": -60} if len(rows) <= FEW else {}
    return {"data": data, "layout": layout(
        colours, HEIGHT, UNDER_LEGEND, legend=LEGEND,
        xaxis=axis(colours, "" if ticks else "layer") | ticks,
        yaxis=axis(colours, rangemode="tozero"),
        shapes=[level(side, colours["muted"], "dash")],
        annotations=[{
            "xref": "paper", "x": 0, "y": side, "xanchor": "left", "yanchor": "bottom", "showarrow": False,
            "text": "the picture’s side", "font": {"color": colours["text"], "size": 12},
        }],
    )}  # fmt: skip
