"""What all charts have in common: axes and grid in the page's colours, a clear background, straight lines across.

>>> colours = colours_of(dark=False)
>>> axis(colours, "step")["title"]["text"], axis(colours, "loss", zero=True)["zeroline"]
('step', True)
>>> layout(colours, 200, uirevision="same")["margin"]
{'l': 8, 'r': 8, 't': 8, 'b': 8}
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnviz.engine.training.experiments import Curve
from cnnviz.figures.palette import PALETTE

MOST_POINTS = 250
"""Longer curves are thinned out: no screen shows more, and the browser draws them five times a second."""

Figure = dict[str, Any]
"""A figure, or a part of one, as Plotly's JSON has it."""

FAMILY = "Source Sans, Source Sans Pro, sans-serif"
INK = {False: "#14203a", True: "#e8edf7"}
FAINT = "rgba(128,140,160,0.25)"
"""A grid that suits light and dark pages."""

CLEAR = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}
"""The page shows through."""

LEGEND = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}
"""A row of names above the plot."""

CORNER_LEGEND = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "bgcolor": "rgba(0,0,0,0)"}
"""A row of names in the upper right corner, on the plot."""

NARROW = (8, 8, 8, 8)
UNDER_LEGEND = (8, 8, 30, 8)
"""Margins: left, right, top, bottom. Axes with `automargin` take the room for their numbers themselves."""


def colours_of(*, dark: bool) -> Figure:
    """Give the palette of light or of dark pages."""
    return PALETTE["dark" if dark else "light"]


def axis(colours: Figure, title: str = "", *, zero: bool = False, automargin: bool = True, **more: Any) -> Figure:
    """Make an axis with a dotted grid that cannot be dragged; `zero` draws its zero as a line."""
    made: Figure = {
        "gridcolor": colours["line"], "griddash": "dot", "fixedrange": True, "tickfont": {"color": colours["text"]},
        "zeroline": zero,
    }  # fmt: skip
    if zero:
        made["zerolinecolor"] = colours["muted"]
    if automargin:
        made["automargin"] = True
    if title:
        made["title"] = {"text": title, "standoff": 4}
    return made | more


def layout(colours: Figure, height: int, margin: tuple[int, int, int, int] = NARROW, **more: Any) -> Figure:
    """Make a layout that inherits nothing; `margin` is left, right, top and bottom."""
    return {
        "height": height, "margin": dict(zip("lrtb", margin, strict=True)), "template": {},
        "font": {"color": colours["text"], "size": 13}, **CLEAR,
    } | more  # fmt: skip


def upright(x: float, colour: str, dash: str) -> Figure:
    """Draw a line from the bottom to the top of the plot."""
    pen = {"color": colour, "width": 1.5, "dash": dash}
    return {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": pen}


def level(y: float, colour: str, dash: str, *, width: float = 1.5) -> Figure:
    """Draw a line from the left to the right of the plot."""
    pen = {"color": colour, "width": width, "dash": dash}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": pen}


def thinned(curve: Curve) -> tuple[list[int], list[float | None]]:
    """Keep few enough points, the last one always; what is no number is a gap."""
    every = -(-len(curve.steps) // MOST_POINTS) or 1
    chosen = np.arange(len(curve.steps))[::-1][::every][::-1]
    values = [round(value, 5) if np.isfinite(value) else None for value in curve.values[chosen].tolist()]
    return curve.steps[chosen].tolist(), values
