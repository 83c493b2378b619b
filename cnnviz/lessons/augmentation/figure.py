"""The histogram of the Augmentation page: the greys before and after.

>>> import numpy as np
>>> from cnnviz.lessons.augmentation.trace import change_of
>>> dark, bright = np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 200, np.uint8)
>>> [curve["name"] for curve in change_figure(change_of(dark, bright, np.eye(3)[:2]))["data"]]
['before', 'after']
"""

from __future__ import annotations

from cnnviz.figures.chart import CORNER_LEGEND, Figure, axis, colours_of, layout
from cnnviz.lessons.augmentation.trace import Change

HEIGHT = 220
TOWERS = 3
"""A grey that is so many times as frequent as the next is cut off, so that the others can be seen."""


def change_figure(change: Change, *, dark: bool = False) -> Figure:
    """Draw how often each grey occurs, before and after."""
    colours = colours_of(dark=dark)
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
    return {"data": data, "layout": layout(
        colours, HEIGHT, (56, 8, 8, 40), showlegend=True, legend=CORNER_LEGEND,
        xaxis=axis(colours, "grey", automargin=False, range=[-2, 257]),
        yaxis=axis(colours, "pixels", automargin=False, range=[0, 1.1 * tall[cut]], nticks=4),
    )}  # fmt: skip
