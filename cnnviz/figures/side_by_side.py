"""Several networks that learn side by side: their curves in one chart, and their answers in one table.

>>> line = Line("MLP", (0, 10), (0.1, 0.7))
>>> figure = lines_figure([line], x="step", y="accuracy", reach=20, share=True)
>>> figure["data"][0]["name"], figure["layout"]["yaxis"]["range"]
('MLP', [0, 1.03])
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.engine.training.experiments import Curve
from cnnviz.figures.chart import LEGEND, Figure, axis, colours_of, layout, level, thinned

HEIGHT = 210
DASHES = ("dot", "solid", "dash", "dashdot")
SIGNS = ("circle", "square", "diamond", "triangle-up")
"""Every network has a colour, a dash and a sign."""
THUMB = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A named line; `look` chooses its colour, dash and sign."""

    name: str
    x: Sequence[float]
    y: Sequence[float | None]
    look: int = 0
    signs: bool = False


def line_of(name: str, curve: Curve | None, look: int, *, signs: bool = False) -> Line:
    """Make a line of a curve; without one it is empty."""
    steps, values = thinned(curve) if curve else ([], [])
    return Line(name, steps, values, look, signs)


def lines_figure(
    lines: Sequence[Line], *, x: str, y: str, reach: float, share: bool = False, guide: tuple[float, str] | None = None,
    dark: bool = False,
) -> Figure:  # fmt: skip
    """Draw lines over steps or pixels; `share` is an axis from 0 to 100 %, `guide` a dashed height with its name."""
    colours = colours_of(dark=dark)
    frames = colours["frames"]
    inks = (frames["red"], frames["blue"], frames["green"], colours["text"])
    data = [
        {
            "type": "scatter", "mode": "lines+markers" if line.signs else "lines", "name": line.name,
            "x": list(line.x), "y": list(line.y), "opacity": 0.9,
            "line": {"color": inks[line.look], "dash": DASHES[line.look], "width": 2},
            "marker": {"symbol": SIGNS[line.look], "size": 7},
            "hovertemplate": f"{x} %{{x}}: %{{y:{'.0%' if share else '.3g'}}}<extra>{escape(line.name)}</extra>",
        }
        for line in lines
    ]  # fmt: skip
    edge = 0.02 * reach
    shares: Figure = {"range": [0, 1.03], "tickformat": ".0%", "tickvals": [0, 0.5, 1]} if share else {}
    shapes, notes = [], []
    if guide:
        at, name = guide
        shapes.append(level(at, colours["muted"], "dash", width=1))
        notes.append({
            "xref": "paper", "x": 1, "y": at, "text": name, "showarrow": False, "xanchor": "right", "yanchor": "top",
            "font": {"color": colours["muted"], "size": 11},
        })  # fmt: skip
    return {"data": data, "layout": layout(
        colours, HEIGHT, uirevision="same", shapes=shapes, annotations=notes,
        showlegend=True, legend=LEGEND | {"font": {"size": 12}},
        xaxis=axis(colours, x, range=[-edge, reach + edge]),
        yaxis=axis(colours, y, rangemode="tozero", **shares),
    )}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a network said about a picture, and how sure it was, if that is known."""

    answer: str
    right: bool
    chance: float | None = None


def answers_html(
    pictures: Sequence[NDArray[np.uint8]], truths: Sequence[str], told: Mapping[str, Sequence[Told]], *, caption: str
) -> str:
    """Write a table: a row a picture, a column a network; right and wrong are told by a sign, too."""
    heads = "".join(f"<th scope='col'>{escape(name)}</th>" for name in told)
    rows = "".join(
        f"<tr><th scope='row'><img src='{_image(picture)}' alt='' width='{THUMB}' height='{THUMB}'>{escape(truth)}</th>"
        + "".join(_cell(ones[number]) for ones in told.values())
        + "</tr>"
        for number, (picture, truth) in enumerate(zip(pictures, truths, strict=True))
    )
    return (
        f"{STYLE}<div class='cns' tabindex='0' role='region' aria-label='{escape(caption, quote=True)}'><table>"
        f"<caption>{escape(caption)}</caption><thead><tr><th scope='col'>Picture</th>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(told: Told) -> str:
    sign, word = ("✓", "right") if told.right else ("✗", "wrong")
    sure = "" if told.chance is None else f" <small>{told.chance:.0%}</small>"
    return (
        f"<td class='{word}'><span aria-hidden='true'>{sign}</span> {escape(told.answer)}{sure}"
        f"<span class='unseen'>, {word}</span></td>"
    )


def _image(picture: NDArray[np.uint8]) -> str:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "WEBP", quality=80)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"


STYLE = """<style>
.cns { overflow-x: auto; }
.cns table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.25; }
.cns caption { text-align: left; padding-bottom: 0.25rem; font-weight: 600; }
.cns th, .cns td { padding: 0.15rem 0.6rem 0.15rem 0; text-align: left; font-weight: 400; vertical-align: middle;
  border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.cns thead th { font-weight: 600; vertical-align: bottom; }
.cns img { display: inline-block; vertical-align: middle; margin-right: 0.5rem; border-radius: 3px; }
.cns .wrong { font-weight: 600; text-decoration: underline dotted; text-underline-offset: 3px; }
.cns .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.cns .number { text-align: right; font-variant-numeric: tabular-nums; }
.cns .bar { display: inline-block; width: 4.5rem; height: 0.6rem; margin-right: 0.4rem; vertical-align: baseline;
  border: 1px solid currentColor; border-radius: 2px; }
.cns .bar i { display: block; height: 100%; background: currentColor; opacity: 0.75; }
.cns .still { opacity: 0.85; }
.cns td { white-space: nowrap; }
@media (max-width: 640px) {
  .cns table { font-size: 0.8125rem; }
  .cns th, .cns td { padding-right: 0.35rem; }
  .cns .bar { width: 1.5rem; margin-right: 0.2rem; }
  .cns img { display: block; }
}
</style>"""
