"""How a class's chance fades while pixels are covered, the most important first: one curve a map.

>>> figure = fading_figure({"Gradient": np.array([0.9, 0.2])}, "7")
>>> figure["data"][0]["x"], figure["data"][0]["y"]
([0.0, 100.0], [90.0, 20.0])
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cnnviz.figures.chart import LEGEND, UNDER_LEGEND, Figure, axis, colours_of, layout

_STYLES = (("output", "solid", "circle"), ("window", "dash", "square"), ("weight", "dashdot", "diamond"))


def fading_figure(curves: Mapping[str, NDArray[np.float64]], name: str, *, dark: bool = False) -> Figure:
    """Draw the chances in percent against how much is covered; the last curve is the one to beat, dotted and grey."""
    colours = colours_of(dark=dark)
    data = []
    for place, (title, values) in enumerate(curves.items()):
        beaten = place == len(_STYLES)
        accent, dash, symbol = ("", "dot", "x") if beaten else _STYLES[place]
        data.append({
            "type": "scatter", "mode": "lines+markers", "name": title,
            "x": np.linspace(0, 100, len(values)).round(1).tolist(), "y": (100 * values).round(2).tolist(),
            "hovertemplate": "%{x:.0f} % covered: %{y:.1f} %<extra>" + title + "</extra>",
            "line": {"color": colours["muted"] if beaten else colours["accents"][accent], "dash": dash, "width": 2},
            "marker": {"symbol": symbol, "size": 7},
        })  # fmt: skip
    return {"data": data, "layout": layout(
        colours, 320, UNDER_LEGEND, legend=LEGEND,
        xaxis=axis(colours, "pixels covered", ticksuffix=" %"),
        yaxis=axis(colours, f"chance of {name}", ticksuffix=" %", rangemode="tozero"),
    )}  # fmt: skip
