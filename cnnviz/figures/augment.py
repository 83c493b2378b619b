"""The histogram of the Augmentation page: the greys before and after.

>>> import numpy as np
>>> from cnnviz.engine.augment_trace import change_of
>>> dark, bright = np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 200, np.uint8)
>>> [curve["name"] for curve in change_figure(change_of(dark, bright, np.eye(3)[:2]))["data"]]
['before', 'after']
"""

from __future__ import annotations

from typing import Any

from cnnviz.engine.augment_trace import Change
from cnnviz.figures.palette import PALETTE

HEIGHT = 220
TOWERS = 3
"""A grey that is so many times as frequent as the next is cut off, so that the others can be seen."""


def change_figure(change: Change, *, dark: bool = False) -> dict[str, Any]:
    """Draw how often each grey occurs, before and after."""
    colours = PALETTE["dark" if dark else "light"]
    levels = list(range(change.counts.shape[1]))
    data = [
        {
            "type": "scatter", "mode": "lines", "name": name, "x": levels, "y": change.counts[which].tolist(),
            "line": {"color": colour, "width": width, "dash": dash, "shape": "hvh"},
            "hovertemplate": "%{y:,} pixels have grey %{x}<extra>" + name + "</extra>",
        }
        for which, (name, colour, width, dash) in enumerate(
            [("before", colours["muted"], 1.5, "dot"), ("after", colours["frames"]["blue"], 2, "solid")]
        )
    ]  # fmt: skip
    tall = sorted((float(value) for value in change.counts.ravel()), reverse=True)
    cut = next((index for index in range(1, 5) if tall[index - 1] > TOWERS * tall[index] > 0), 0)
    axis = {
        "gridcolor": colours["line"], "griddash": "dot", "zeroline": False, "fixedrange": True,
        "tickfont": {"color": colours["text"]},
    }  # fmt: skip
    layout = {
        "height": HEIGHT,
        "margin": {"l": 56, "r": 8, "t": 8, "b": 40},
        "template": {},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": colours["text"], "size": 13},
        "showlegend": True,
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "bgcolor": "rgba(0,0,0,0)"},
        "xaxis": axis | {"title": {"text": "grey", "standoff": 4}, "range": [-2, 257]},
        "yaxis": axis | {"title": {"text": "pixels", "standoff": 4}, "range": [0, 1.1 * tall[cut]], "nticks": 4},
    }
    return {"data": data, "layout": layout}
