"""Two functions and their convolution as one Plotly figure: f and the moving g above, the result below.

>>> from cnnviz.lessons.signals.trace_functions import trace_functions
>>> figure = functions_figure(trace_functions("box", "triangle", 0.5))
>>> [curve["name"] for curve in figure["data"]][:3]
['f(s)', 'g(t − s)', 'f(s) · g(t − s)']
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.explain.notation import minus
from cnnviz.figures.chart import LEGEND, Figure, axis, colours_of, layout
from cnnviz.lessons.signals.trace_functions import REACH, SAMPLE, STEPS, FunctionsTrace, moving_tape

DECIMALS = 4
HEIGHT = 460
TENTHS = 10
"""The shift moves in tenths."""

UPPER, LOWER = (0.56, 1.0), (0.0, 0.4)
"""The parts of the height that the two plots take."""

HEADROOM = 1.12


def functions_figure(trace: FunctionsTrace, *, names: tuple[str, str] = ("f", "g"), dark: bool = False) -> Figure:
    """Draw a shift; `names` are those of the function that stands still and of the one that moves."""
    colours = colours_of(dark=dark)
    still, moving = names
    past = trace.shifts <= trace.shift + 1e-9
    labels = f"{still}(s)", f"{moving}(t − s)", f"{still}(s) · {moving}(t − s)", f"({still} ∗ {moving})(t)"
    text, accents = colours["text"], colours["accents"]
    output = colours["scales"]["output"][2][1]
    data = [
        _curve(labels[0], trace.s, trace.still, {"color": accents["output"], "width": 3}),
        _curve(labels[1], trace.s, trace.moving, {"color": accents["window"], "width": 3, "dash": "dash"}),
        _curve(labels[2], trace.s, trace.product, {"color": output, "width": 1})
        | {"fill": "tozeroy", "fillcolor": output},
        _curve(
            "all of it",
            trace.shifts,
            trace.result,
            {"color": colours["muted"], "width": 1.5, "dash": "dot"},
            below=True,
        ),
        _curve(labels[3], trace.shifts[past], trace.result[past], {"color": text, "width": 3}, below=True),
        _curve("now", np.array([trace.shift]), np.array([trace.area]), {"color": text}, below=True)
        | {"mode": "markers", "marker": {"size": 12, "color": accents["window"], "line": {"width": 2, "color": text}}},
    ]
    return {"data": data, "layout": _layout(trace, labels[3], colours)}


def functions_slide(trace: FunctionsTrace, *, names: tuple[str, str] = ("f", "g"), dark: bool = False) -> Figure:
    """Draw a shift, and give what a browser needs to draw any other: the tape of the moving function and all areas.

    >>> from cnnviz.lessons.signals.trace_functions import trace_functions
    >>> slide = functions_slide(trace_functions("box", "box", 0.5))
    >>> slide["times"][45], slide["areas"][45], slide["label"]
    ('0.5', '0.500', '(f ∗ g)(t)')
    """
    still, moving = names
    last, each = REACH * TENTHS, STEPS // SAMPLE // TENTHS
    areas = trace.result[::each]
    return {
        "figure": functions_figure(trace, names=names, dark=dark),
        "tape": _numbers(moving_tape(trace.g)),
        "each": each,
        "ticks": [str(tenth) for tenth in range(-last, last + 1)],
        "times": [minus(f"{tenth / TENTHS:g}") for tenth in range(-last, last + 1)],
        "areas": [minus(f"{area + 0.0:.3f}".replace("-0.000", "0.000")) for area in areas.tolist()],
        "label": f"({still} ∗ {moving})(t)",
        "about": f", the area under {still}(s) · {moving}({{t}} − s)",
    }


def _numbers(values: NDArray[Any]) -> list[float]:
    rounded: list[float] = (values.round(DECIMALS) + 0.0).tolist()
    return rounded


def _curve(name: str, x: NDArray[Any], y: NDArray[Any], line: Figure, *, below: bool = False) -> Figure:
    axes = {"xaxis": "x2", "yaxis": "y2"} if below else {"xaxis": "x", "yaxis": "y"}
    numbers = {"x": x.round(DECIMALS).tolist(), "y": _numbers(y)}
    hover = "%{x:.2f}: %{y:.3f}<extra>" + name + "</extra>"
    shown = name not in {"all of it", "now"}
    return {
        "type": "scatter", "mode": "lines", "name": name, "line": line, "hovertemplate": hover, "showlegend": shown,
        **numbers, **axes,
    }  # fmt: skip


def _layout(trace: FunctionsTrace, result: str, colours: Figure) -> Figure:
    top = [trace.still, trace.moving, trace.product]
    line = {"color": colours["muted"], "width": 1, "dash": "dot"}
    across = axis(colours, automargin=False, range=[-REACH, REACH])
    up = axis(colours, zero=True, automargin=False, nticks=5)
    return layout(
        colours, HEIGHT, (44, 12, 44, 40), font={"color": colours["text"], "size": 14},
        legend=LEGEND | {"y": 1.02, "font": {"color": colours["text"]}},
        xaxis=across | {"anchor": "y", "title": {"text": "s", "standoff": 2}},
        yaxis=up | {"domain": UPPER, "range": _range(top)},
        xaxis2=across | {"anchor": "y2", "title": {"text": "t", "standoff": 2}},
        yaxis2=up | {"domain": LOWER, "anchor": "x2", "range": _range([trace.result])},
        shapes=[{
            "type": "line", "xref": "x2", "yref": "y2", "line": line,
            "x0": trace.shift, "x1": trace.shift, "y0": 0, "y1": trace.area,
        }],
        annotations=[{
            "xref": "x2", "yref": "paper", "x": trace.shift, "y": LOWER[1], "yanchor": "bottom", "showarrow": False,
            "text": minus(f"{result} = {trace.area:.3f} at t = {trace.shift:g}"),
            "xanchor": "center" if abs(trace.shift) < 1.5 else "right" if trace.shift > 0 else "left",
            "font": {"color": colours["text"], "size": 15},
        }],
    )  # fmt: skip


def _range(curves: list[NDArray[Any]]) -> list[float]:
    """Leave a little room; the scale of two functions does not change while one of them moves."""
    low = min(float(curve.min()) for curve in curves)
    high = max(float(curve.max()) for curve in curves)
    low = min(low, -0.05 * high) * HEADROOM
    return [round(low, DECIMALS), round(high * HEADROOM, DECIMALS)]
