"""How much each of the last maps adds to a class's score, as bars."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnviz.engine.feature_maps_end import Ending
from cnnviz.figures.network import FAMILY, INK
from cnnviz.figures.palette import MAPS

MOST_BARS = 24


def shares_figure(end: Ending, name: str, *, dark: bool) -> dict[str, Any]:
    """Draw a bar a map, the largest first, and the rest of them together.

    >>> from cnnviz.engine.digits import digit
    >>> from cnnviz.engine.feature_maps_end import watch
    >>> from cnnviz.engine.seeing import own_eyes
    >>> eyes = own_eyes("digits_lenet")
    >>> end = watch(eyes, eyes.prepare(digit(7, hand=3))).end(7)
    >>> figure = shares_figure(end, "7", dark=False)
    >>> len(figure["data"][0]["x"]), abs(sum(figure["data"][0]["y"]) - end.score) < 1e-3
    (17, True)
    """
    shares = end.shares.astype(float)
    if end.kind == "flatten":
        shares = shares.reshape(len(end.maps), -1).sum(1)
    order = np.argsort(-np.abs(shares), kind="stable")
    shown = sorted(order[:MOST_BARS], key=lambda one: -shares[one])
    rest = float(shares[order[MOST_BARS:]].sum())
    labels = [f"map {one}" for one in shown]
    values = [round(float(shares[one]), 6) for one in shown]
    if len(order) > MOST_BARS:
        labels.append(f"{len(order) - MOST_BARS} others")
        values.append(round(rest, 6))
    labels.append("biases")
    values.append(round(end.rest, 6))
    stops = MAPS["dark" if dark else "light"]["signed"]
    return {
        "data": [
            {
                "type": "bar", "x": labels, "y": values, "text": [f"{one:+.2f}".replace("-", "−") for one in values],
                "textposition": "outside", "cliponaxis": False,
                "marker": {"color": [stops[5] if one >= 0 else stops[1] for one in values]},
                "hovertemplate": "%{x}: %{y:.4f}<extra></extra>",
            }
        ],
        "layout": {
            "height": 260, "margin": {"l": 50, "r": 10, "t": 46, "b": 60}, "bargap": 0.25,
            "title": {"text": f"Share of each map of {end.layer} in the score of “{name}”: {end.score:.2f}",
                      "font": {"size": 15}, "x": 0, "xanchor": "left"},
            "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"color": INK[dark], "size": 13, "family": FAMILY}, "showlegend": False,
            "xaxis": {"type": "category", "tickangle": -45, "fixedrange": True},
            "yaxis": {"zeroline": True, "zerolinecolor": INK[dark], "gridcolor": "rgba(128,140,160,0.25)",
                      "fixedrange": True},
        },
    }  # fmt: skip
