"""The curve of the page "Match a template": the score while one slider moves over its range.

>>> from cnnviz.lessons.matching.trace_curve import Curve
>>> figure = curve_figure(Curve((-10, 0, 10), (0.5, 1.0, 0.25), 0, 1.0), "Turned by, in degrees", 80)
>>> figure["data"][0]["x"], figure["data"][0]["y"], figure["data"][1]["x"]
([-10, 0, 10], [50.0, 100.0, 25.0], [0])
"""

from __future__ import annotations

import math

from cnnviz.figures.chart import Figure, axis, colours_of, layout, level
from cnnviz.lessons.matching.trace_curve import Curve

HEIGHT = 250


def curve_figure(curve: Curve, title: str, threshold: int, *, dark: bool = False) -> Figure:
    """Draw the curve, where its slider stands, and the threshold; all in percent of a perfect match."""
    colours = colours_of(dark=dark)
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
    name = {
        "xref": "paper", "x": 1, "y": threshold, "xanchor": "right", "yanchor": "bottom", "showarrow": False,
        "text": "threshold", "font": {"color": colours["text"], "size": 12},
    }  # fmt: skip
    return {"data": data, "layout": layout(
        colours, HEIGHT, (60, 8, 10, 44), showlegend=False,
        xaxis=axis(colours, title, zero=True, automargin=False),
        yaxis=axis(colours, "% of a perfect match", zero=True, automargin=False),
        shapes=[level(threshold, colours["text"], "dash")], annotations=[name],
    )}  # fmt: skip
