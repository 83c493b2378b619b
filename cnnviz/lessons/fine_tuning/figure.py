"""The network's layers as a table: which of them learn, and how far each has gone.

>>> moves = {"head": [0.0] * 8 + [0.5]}
>>> html = layers_html(moves, start="conv4_1", classes=3)
>>> html.count("🔒"), "0.5000" in html, "50.0 %" in html
(8, False, True)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from cnnviz.figures.side_by_side import STYLE
from cnnviz.lessons.fine_tuning.trace_ways import HEAD, LAYERS, LayerSize, learning, learns, parameters_of
from cnnviz.lessons.fine_tuning.words import way_name

LONGEST = 0.5
"""The movement that fills a bar."""


def layers_html(moves: Mapping[str, Sequence[float]], *, start: str, classes: int) -> str:
    """Write a row a layer and a column a way; `moves` holds |change| / |before| of every layer."""
    heads = "".join(f"<th scope='col'>{escape(way_name(way, start))}</th>" for way in moves)
    rows = "".join(
        f"<tr><th scope='row'>{_name(layer)}</th><td class='number'>{parameters_of(layer, classes):,}</td>"
        + "".join(_cell(layer.name, way, start, shares[number]) for way, shares in moves.items())
        + "</tr>"
        for number, layer in enumerate(LAYERS)
    )
    sums = "".join(f"<td><b>{learning(way, start, classes):,}</b> learn</td>" for way in moves)
    total = sum(parameters_of(layer, classes) for layer in LAYERS)
    caption = "How far the weights have gone: length of the change / length before"
    return (
        f"{STYLE}<div class='cns' tabindex='0' role='region' aria-label='Layers'><table><caption>{caption}</caption>"
        f"<thead><tr><th scope='col'>Layer</th><th scope='col' class='number'>Parameters</th>{heads}</tr></thead>"
        f"<tbody>{rows}<tr><th scope='row'><b>All</b></th><td class='number'><b>{total:,}</b></td>{sums}</tr></tbody>"
        "</table></div>"
    )


def _name(layer: LayerSize) -> str:
    return f"{HEAD} (new)" if layer.name == HEAD else layer.name


def _cell(layer: str, way: str, start: str, share: float) -> str:
    if not learns(layer, way, start):
        return "<td class='still'><span aria-hidden='true'>🔒</span> frozen: 0</td>"
    width = min(100.0, 100 * share / LONGEST)
    return f"<td><span class='bar' aria-hidden='true'><i style='width:{width:.0f}%'></i></span>{100 * share:.1f} %</td>"
