"""What a training looks like: loss and accuracy over the steps, and the scores of held-out pictures.

>>> curve = Curve(np.arange(3), np.array([0.7, 0.5, 0.4]))
>>> curves_figure({"loss": curve}, 10)["data"][0]["y"]
[0.7, 0.5, 0.4]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.training.experiments import Curve
from cnnviz.figures.chart import LEGEND, Figure, axis, colours_of, layout, thinned, upright

HEIGHT = 200
BINS = 30


def curves_figure(curves: Mapping[str, Curve], steps: int, *, dark: bool = False) -> Figure:
    """Draw the loss on the left axis and the accuracy on the right one; held-out pictures with markers."""
    colours = colours_of(dark=dark)
    blue, red = colours["accents"]["output"], colours["accents"]["window"]
    looks = {
        "loss": (red, "solid", "lines", "y"), "held-out loss": (red, "dot", "lines", "y"),
        "accuracy": (blue, "solid", "lines", "y2"), "held-out accuracy": (blue, "dot", "lines", "y2"),
    }  # fmt: skip
    data = []
    for name, (colour, dash, mode, side) in looks.items():
        if name in curves:
            steps_told, values = thinned(curves[name])
            data.append({
                "type": "scatter", "mode": mode, "name": name, "x": steps_told, "y": values, "yaxis": side,
                "line": {"color": colour, "dash": dash, "width": 2 if dash == "dot" else 1.5},
                "opacity": 1 if dash == "dot" else 0.75,
                "hovertemplate": "step %{x}: %{y:.3g}<extra>" + name + "</extra>",
            })  # fmt: skip
    return {"data": data, "layout": _layout(
        colours,
        xaxis=_axis(colours, "step", range=[0, steps]),
        yaxis=_axis(colours, "loss", rangemode="tozero"),
        yaxis2=_axis(
            colours, "accuracy", overlaying="y", side="right", range=[0, 1.03], tickformat=".0%", showgrid=False,
            tickvals=[0, 0.5, 1],
        ),
    )}  # fmt: skip


def scores_figure(scores: NDArray[np.floating], labels: NDArray[np.floating], *, dark: bool = False) -> Figure:
    """Draw how the scores of the held-out pictures are spread: to the right of 0 the network says "diagonal"."""
    colours = colours_of(dark=dark)
    kept = np.where(np.isfinite(scores), scores, 0.0).astype(np.float64)
    reach = max(1.0, float(np.abs(kept).max()) * 1.02)
    edges = np.linspace(-reach, reach, BINS + 1)
    middles = ((edges[1:] + edges[:-1]) / 2).round(4).tolist()
    looks = (
        ("with the diagonal", 1, colours["accents"]["output"], ""),
        ("without", 0, colours["accents"]["window"], "/"),
    )
    data = [
        {
            "type": "bar", "name": name, "x": middles, "y": np.histogram(kept[labels == label], edges)[0].tolist(),
            "width": float(edges[1] - edges[0]),
            "marker": {"color": colour, "opacity": 0.75, "pattern": {"shape": shape}},
            "hovertemplate": "%{y} pictures<extra>" + name + "</extra>",
        }
        for name, label, colour, shape in looks
    ]  # fmt: skip
    return {"data": data, "layout": _layout(
        colours, barmode="overlay", shapes=[upright(0, colours["text"], "dash")],
        xaxis=_axis(colours, "score; above 0 it says “diagonal”", range=[-reach, reach]),
        yaxis=_axis(colours, "held-out pictures", rangemode="tozero"),
    )}  # fmt: skip


def unchecked(figure: Figure) -> Any:
    """Make a figure that Plotly does not check property by property: 1 ms instead of 4, five times a second.

    >>> figure = unchecked({"data": [{"type": "bar", "x": [1], "y": [2]}], "layout": {"height": 9}})
    >>> figure.to_dict()["layout"]["height"]
    9
    """
    import plotly.graph_objects as go  # noqa: PLC0415 - a tenth of a second, only for those who draw

    return go.Figure(figure, _validate=False)


def _axis(colours: Figure, title: str, **more: Any) -> Figure:
    # Ticks keep the numbers of two axes apart where they meet.
    apart = {"ticks": "outside", "ticklen": 5, "tickcolor": "rgba(0,0,0,0)"}
    return axis(colours) | apart | {"title": {"text": title, "standoff": 4, "font": {"size": 13}}} | more


def _layout(colours: Figure, **more: Any) -> Figure:
    return layout(colours, HEIGHT, uirevision="same", legend=LEGEND | {"font": {"size": 12}}, **more)
