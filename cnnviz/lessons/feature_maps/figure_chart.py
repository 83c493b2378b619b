"""How much each of the last maps adds to a class's score, as bars."""

from __future__ import annotations

import numpy as np

from cnnviz.explain.notation import minus
from cnnviz.figures.chart import CLEAR, FAINT, FAMILY, INK, Figure
from cnnviz.figures.palette import MAPS
from cnnviz.lessons.feature_maps.trace_end import Ending

MOST_BARS = 24


def shares_figure(end: Ending, name: str, *, dark: bool) -> Figure:
    """Draw a bar a map, the largest first, and the rest of them together.

    >>> from cnnviz.engine.pictures.digits import digit
    >>> from cnnviz.lessons.feature_maps.trace_end import watch
    >>> from cnnviz.engine.networks.seeing.maps import own_eyes
    >>> eyes = own_eyes("digits_lenet")
    >>> end = watch(eyes, eyes.prepare(digit(7, hand=3))).end(7)
    >>> figure = shares_figure(end, "7", dark=False)
    >>> len(figure["data"][0]["x"]), abs(sum(figure["data"][0]["y"]) - end.score) < 1e-3
    (17, True)
    """
    shares = end.map_shares
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
                "type": "bar", "x": labels, "y": values, "text": _texts(values),
                "textposition": "outside", "cliponaxis": False,
                "marker": {"color": [stops[5] if one >= 0 else stops[1] for one in values]},
                "hovertemplate": "%{x}: %{y:.4f}<extra></extra>",
            }
        ],
        "layout": {
            "height": 280, "margin": {"l": 50, "r": 10, "t": 64, "b": 60}, "bargap": 0.25,
            "title": {"text": f"Share of each map of {end.layer}<br>in the score of “{name}”: {end.score:.2f}",
                      "font": {"size": 15}, "x": 0, "xanchor": "left"},
            **CLEAR, "font": {"color": INK[dark], "size": 13, "family": FAMILY}, "showlegend": False,
            "xaxis": {"type": "category", "tickmode": "array", "tickvals": labels, "fixedrange": True,
                      "ticktext": [one.removeprefix("map ") for one in labels],
                      "title": {"text": "map", "standoff": 4}, "automargin": True},
            "yaxis": {"zeroline": True, "zerolinecolor": INK[dark], "gridcolor": FAINT,
                      "fixedrange": True},
        },
    }  # fmt: skip


def _texts(values: list[float]) -> list[str]:
    """Write what stands at the bars: as many decimals as the largest of them needs.

    >>> _texts([1.234, -0.001]), _texts([0.0091, -0.0012])
    (['+1.23', '0'], ['+0.009', '−0.001'])
    """
    decimals = 2 if max(map(abs, values)) >= 0.1 else 3
    written = [minus(f"{one:+.{decimals}f}") for one in values]
    return [text if any(letter in "123456789" for letter in text) else "0" for text in written]
