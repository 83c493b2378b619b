"""The histogram of the Pixels page.

>>> import numpy as np
>>> from cnnviz.lessons.pixels.trace import trace_pixels
>>> from cnnviz.lessons.pixels.spec import PixelsSpec
>>> pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
>>> figure = histogram_figure(trace_pixels(pixels, PixelsSpec()))
>>> [curve["name"] for curve in figure["data"]]
['red', 'green', 'blue']
"""

from __future__ import annotations

from cnnviz.explain.notation import minus
from cnnviz.figures.chart import CORNER_LEGEND, Figure, axis, colours_of, layout
from cnnviz.lessons.pixels.trace import PixelsTrace

HEIGHT = 240
LEVELS = 256
NAMES = ("red", "green", "blue")
LINES = ("solid", "dash", "dot")


def histogram_figure(trace: PixelsTrace, *, dark: bool = False) -> Figure:
    """Draw how often each value occurs: one line a channel, on the scale of the spec."""
    colours = colours_of(dark=dark)
    grey = bool((trace.counts[0] == trace.counts[1]).all() and (trace.counts[0] == trace.counts[2]).all())
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "all three" if grey and not channel else name,
            "x": trace.scaled(channel).round(4).tolist(),
            "y": trace.counts[channel].tolist(),
            "line": {
                "color": colours["text"] if grey else colours["frames"][name],
                "width": 1.8,
                "shape": "hvh",
                "dash": LINES[channel],
            },
            "hovertemplate": "%{y:,} pixels have %{x}<extra>" + name + "</extra>",
        }
        for channel, name in enumerate(NAMES)
        if not (grey and channel and trace.mean == (trace.mean[0],) * 3 and trace.std == (trace.std[0],) * 3)
    ]
    top, peaks = _top(trace)
    return {"data": data, "layout": layout(
        colours, HEIGHT, (56, 8, 8, 40), showlegend=True, legend=CORNER_LEGEND,
        xaxis=axis(colours, "value", zero=True, automargin=False),
        yaxis=axis(colours, "pixels", zero=True, automargin=False, range=[0, top], nticks=4),
        annotations=[_peak(trace, level, top, colours) for level in peaks],
    )}  # fmt: skip


def _top(trace: PixelsTrace) -> tuple[float, list[int]]:
    """Choose the height of the plot: one or two values that tower above all others are cut off, and named."""
    tallest = trace.counts.max(axis=0)
    order = tallest.argsort()[::-1]
    for cut in (1, 2):
        if tallest[order[cut - 1]] > 3 * tallest[order[cut]] > 0:
            return 1.3 * float(tallest[order[cut]]), [int(level) for level in order[:cut]]
    return 1.08 * float(tallest.max()), []


def _peak(trace: PixelsTrace, level: int, top: float, colours: Figure) -> Figure:
    channel = int(trace.counts[:, level].argmax())
    value = minus(f"{trace.scaled(channel)[level]:.4g}")
    return {
        "x": float(trace.scaled(channel)[level]), "y": top, "yanchor": "top", "showarrow": False,
        "xanchor": "left" if level < LEVELS / 2 else "right", "xshift": 4 if level < LEVELS / 2 else -4,
        "text": f"↑ {int(trace.counts[channel, level]):,} at {value}", "font": {"color": colours["text"], "size": 12},
    }  # fmt: skip
