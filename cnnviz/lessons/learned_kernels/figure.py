"""Charts of the Learned kernels page: how long the kernels are, before and after training; and a climb.

>>> norms_figure({"after": [2.0, 1.0]}, 1, dark=False).data[0].y
(2.0, 1.0)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from cnnviz.figures.chart import CLEAR, FAINT, FAMILY, INK, LEGEND
from cnnviz.figures.network import COLOURS

LABELS = {"after": "Now", "before": "Before training"}


def norms_figure(norms: Mapping[str, Sequence[float]], kernel: int, *, dark: bool) -> go.Figure:
    """Draw every kernel's norm; the chosen one has an outline and a name."""
    figure = go.Figure()
    blue, orange, _ = COLOURS[dark]
    for name, values in norms.items():
        after = name == "after"
        figure.add_bar(
            name=LABELS[name],
            x=list(range(len(values))),
            y=list(values),
            marker={
                "color": blue if after else orange,
                "pattern": {"shape": "" if after else "/"},
                "line": {"width": [3 if after and n == kernel else 0 for n in range(len(values))], "color": INK[dark]},
            },
            hovertemplate="kernel %{x}: %{y:.3f}<extra>" + LABELS[name] + "</extra>",
        )
    figure.update_layout(barmode="group", bargap=0.2, showlegend=len(norms) > 1, **_frame(dark, "kernel", "norm"))
    return figure


def climb_figure(curve: Sequence[float], steps: int, best: float, *, dark: bool) -> go.Figure:
    """Draw the unit's value over the steps, and how far the best sample brought it."""
    blue, orange, _ = COLOURS[dark]
    figure = go.Figure()
    figure.add_scatter(
        x=list(range(len(curve))), y=list(curve), mode="lines", line={"color": blue, "width": 3}, name="this picture",
        hovertemplate="step %{x}: %{y:.3f}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[0, steps], y=[best, best], mode="lines", line={"color": orange, "width": 2, "dash": "dash"},
        name="best sample", hovertemplate="best sample: %{y:.3f}<extra></extra>",
    )  # fmt: skip
    frame = _frame(dark, "step", "value")
    frame["xaxis"]["range"] = [0, steps]
    figure.update_layout(**frame)
    return figure


def _frame(dark: bool, across: str, up: str) -> dict[str, Any]:
    return {
        "height": 250, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, **CLEAR,
        "font": {"color": INK[dark], "size": 14, "family": FAMILY}, "legend": LEGEND,
        "xaxis": {"title": {"text": across}, "automargin": True, "gridcolor": FAINT, "zeroline": False},
        "yaxis": {"title": {"text": up}, "automargin": True, "gridcolor": FAINT, "zerolinecolor": FAINT},
    }  # fmt: skip
