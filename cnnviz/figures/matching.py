"""The curve of the page "Match a template": the score while one slider moves over its range.

>>> from cnnviz.engine.matching_curve import Curve
>>> figure = curve_figure(Curve((-10, 0, 10), (0.5, 1.0, 0.25), 0, 1.0), "Turned by, in degrees", 80)
>>> figure["data"][0]["x"], figure["data"][0]["y"], figure["data"][1]["x"]
([-10, 0, 10], [50.0, 100.0, 25.0], [0])
"""

from __future__ import annotations

import math
from typing import Any

from cnnviz.engine.matching_curve import Curve
from cnnviz.figures.palette import PALETTE

Figure = dict[str, Any]
HEIGHT = 250


def curve_figure(curve: Curve, title: str, threshold: int, *, dark: bool = False) -> Figure:
    """Draw the curve, where its slider stands, and the threshold; all in percent of a perfect match."""
    colours = PALETTE["dark" if dark else "light"]
    accent = colours["accents"]["window"]
    percents = [None if math.isnan(share) else round(100 * share, 2) for share in curve.shares]
    now = None if math.isnan(curve.now_share) else round(100 * curve.now_share, 2)
    data = [
        {
            "type": "scatter", "mode": "lines+markers", "name": "score", "x": list(curve.values), "y": percents,
            "line": {"color": accent, "width": 2}, "marker": {"size": 5}, "connectgaps": False,
            "hovertemplate": "%{y:.1f} % at %{x}<extra></extra>",
        },
        {
            "type": "scatter", "mode": "markers", "name": "now", "x": [curve.now], "y": [now], "hoverinfo": "skip",
            "marker": {"size": 13, "symbol": "circle-open", "color": colours["text"], "line": {"width": 2.5}},
        },
    ]  # fmt: skip
    axis = {
        "gridcolor": colours["line"], "griddash": "dot", "zeroline": True, "zerolinecolor": colours["muted"],
        "fixedrange": True, "tickfont": {"color": colours["text"]},
    }  # fmt: skip
    layout = {
        "height": HEIGHT,
        "margin": {"l": 60, "r": 8, "t": 10, "b": 44},
        "template": {},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": colours["text"], "size": 13},
        "showlegend": False,
        "xaxis": axis | {"title": {"text": title, "standoff": 4}},
        "yaxis": axis | {"title": {"text": "% of a perfect match", "standoff": 4}},
        "shapes": [
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": threshold, "y1": threshold,
             "line": {"color": colours["text"], "width": 1.5, "dash": "dash"}}
        ],
        "annotations": [
            {"xref": "paper", "x": 1, "y": threshold, "xanchor": "right", "yanchor": "bottom", "showarrow": False,
             "text": "threshold", "font": {"color": colours["text"], "size": 12}}
        ],
    }  # fmt: skip
    return {"data": data, "layout": layout}
