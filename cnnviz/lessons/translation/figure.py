"""The charts of the Translation page: differences against the shift, scores against the shift, ten scores.

>>> figure = shift_figure({"Still": (1.0, 3.0)}, range(2), at=1, across="shift", up="score")
>>> figure["data"][0]["y"], figure["layout"]["shapes"][0]["x0"]
([1.0, 3.0], 1)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cnnviz.figures.chart import LEGEND, Figure, axis, colours_of, layout, upright

HEIGHT = 250
LINES = ("solid", "dash")
SIGNS = ("circle", "square")
PATTERNS = ("", "/")


def shift_figure(
    curves: Mapping[str, Sequence[float]], shifts: Sequence[int], *, at: int, across: str, up: str, dark: bool = False
) -> Figure:
    """Draw a curve for each name over the shifts, and an upright line at the shift that is chosen."""
    colours = colours_of(dark=dark)
    data = [
        {
            "type": "scatter", "mode": "lines+markers", "name": name, "x": list(shifts), "y": list(values),
            "line": {"color": colour, "width": 2, "dash": dash}, "marker": {"symbol": sign, "size": 7},
            "hovertemplate": "%{y:.4~g}<extra>" + name + " at %{x}</extra>",
        }
        for (name, values), colour, dash, sign in zip(curves.items(), _pair(colours), LINES, SIGNS, strict=False)
    ]  # fmt: skip
    top = max((value for values in curves.values() for value in values), default=0) or 1
    frame = _frame(colours, across, up) | {"shapes": [upright(at, colours["muted"], "dot")]}
    frame["yaxis"] |= {"range": [-0.04 * top, 1.15 * top]}
    frame["xaxis"] |= {"dtick": 1 if len(shifts) < 12 else 4}
    return {"data": data, "layout": frame}


def scores_figure(still: Sequence[float], sliding: Sequence[float], digit: int, *, dark: bool = False) -> Figure:
    """Draw two bars for each of the ten templates; a star stands over the winner of either kind."""
    colours = colours_of(dark=dark)
    names = [str(number) for number in range(len(still))]
    data: list[Figure] = []
    for name, values, colour, pattern in zip(
        ("Still", "Sliding"), (still, sliding), _pair(colours), PATTERNS, strict=True
    ):
        winner = max(range(len(values)), key=values.__getitem__)
        hatch = {"shape": pattern, "fgcolor": colours["paper"], "fillmode": "overlay"}
        data.append(
            {
                "type": "bar", "name": name, "x": names, "y": list(values),
                "marker": {"color": colour, "pattern": hatch},
                "text": ["★" if number == winner else "" for number in range(len(values))],
                "textposition": "outside", "textfont": {"color": colours["text"]}, "cliponaxis": False,
                "hovertemplate": "%{y:.2f}<extra>" + name + " %{x}</extra>",
            }
        )  # fmt: skip
    frame = _frame(colours, f"template (the digit is a {digit}; ★ wins)", "score")
    frame["yaxis"] |= {"range": [0, 1.2 * max(*still, *sliding)]}
    frame["xaxis"] |= {"type": "category"}
    return {"data": data, "layout": frame | {"barmode": "group", "bargap": 0.25}}


def _pair(colours: Figure) -> tuple[str, str]:
    return colours["accents"]["window"], colours["accents"]["output"]


def _frame(colours: Figure, across: str, up: str) -> Figure:
    return layout(
        colours, HEIGHT, (56, 8, 28, 44), showlegend=True, legend=LEGEND | {"y": 1.02, "bgcolor": "rgba(0,0,0,0)"},
        xaxis=axis(colours, across, zero=True, automargin=False),
        yaxis=axis(colours, up, zero=True, automargin=False, nticks=5),
    )  # fmt: skip
