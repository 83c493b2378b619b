"""How a class's chance fades while pixels are covered, the most important first: one curve a map.

>>> figure = fading_figure({"Gradient": np.array([0.9, 0.2])}, "7")
>>> figure["data"][0]["x"], figure["data"][0]["y"]
([0.0, 100.0], [90.0, 20.0])
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.figures.palette import PALETTE

Figure = dict[str, Any]
_STYLES = (("output", "solid", "circle"), ("window", "dash", "square"), ("weight", "dashdot", "diamond"))


def fading_figure(curves: Mapping[str, NDArray[np.float64]], name: str, *, dark: bool = False) -> Figure:
    """Draw the chances in percent against how much is covered; the last curve is the one to beat, dotted and grey."""
    colours = PALETTE["dark" if dark else "light"]
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
    axis = {
        "gridcolor": colours["line"], "griddash": "dot", "zeroline": False, "fixedrange": True, "ticksuffix": " %",
        "tickfont": {"color": colours["text"]}, "automargin": True,
    }  # fmt: skip
    layout = {
        "height": 320, "margin": {"l": 8, "r": 8, "t": 30, "b": 8}, "template": {},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": colours["text"], "size": 13},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        "xaxis": axis | {"title": {"text": "pixels covered", "standoff": 4}},
        "yaxis": axis | {"rangemode": "tozero", "title": {"text": f"chance of {name}", "standoff": 4}},
    }  # fmt: skip
    return {"data": data, "layout": layout}
