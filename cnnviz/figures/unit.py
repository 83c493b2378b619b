"""The maps that feed a map, as small pictures: each input map, its kernel slice, and what comes of the two.

>>> coloured(np.array([[-1.0, 0.0, 1.0]]), "signed", "light").tolist()
[[[122, 51, 0], [250, 250, 250], [18, 51, 107]]]
>>> shrunk(np.arange(16.0).reshape(4, 4), 2).tolist()
[[2.5, 4.5], [10.5, 12.5]]
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.explain.notation import minus, number
from cnnviz.figures.palette import MAPS

Plane = NDArray[Any]
LARGEST_SIDE = 112
"""Cells on a side of a map as it is sent."""


@dataclass(frozen=True, eq=False)
class Card:
    """An input map and what the maker does with it. `window` and `cell` are parts of the map's sides, 0 to 1."""

    title: str
    plane: Plane
    kind: str
    weights: Plane
    part: Plane | None
    adds: float
    window: tuple[float, float, float, float]
    """Top, left, height, width."""
    cell: tuple[float, float, float, float]
    dark: bool = False
    largest: float = 0.0
    """The value of the last colour of all kernels of the sheet; 0: its own."""
    most: float = 0.0
    """The same for partial maps."""


def cards_html(cards: list[Card], theme: str) -> str:
    """Draw the cards, in the order given."""
    return f'{STYLE}<div class="cnu" data-cnnviz="input-maps">{"".join(_card(card, theme) for card in cards)}</div>'


def _card(card: Card, theme: str) -> str:
    adds = minus(number(card.adds))
    off = " <em>off: zero</em>" if card.dark else ""
    source = _picture(card.plane, card.kind, theme, f"{card.title}, the input map", 0.0, card.window)
    height, width = card.weights.shape
    slice_alt = f"Its kernel slice, {height} by {width}, weights {_span(card.weights)}"
    if card.weights.size == 1:
        kernel = f"<b>{minus(number(float(card.weights.ravel()[0])))}</b>"
    else:
        kernel = _picture(card.weights, "signed", theme, slice_alt, card.largest)
    part = ""
    if card.part is not None:
        alt = f"What it adds to the map; at the chosen cell {adds}"
        part = f"<span>=</span>{_picture(card.part, 'signed', theme, alt, card.most, card.cell)}"
    return (
        f"<figure><figcaption><b>{escape(card.title)}</b>{off} adds {adds}</figcaption>"
        f"<div>{source}<span>⋆</span>{kernel}{part}</div></figure>"
    )


def _span(plane: Plane) -> str:
    return f"{minus(number(float(plane.min())))} to {minus(number(float(plane.max())))}"


def _picture(  # noqa: PLR0917 - what is drawn, how, and what is marked
    plane: Plane, kind: str, theme: str, alt: str, reach: float, box: tuple[float, float, float, float] | None = None
) -> str:
    pixels = coloured(shrunk(plane, LARGEST_SIDE), kind, theme, reach)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    data = base64.b64encode(file.getvalue()).decode()
    mark = ""
    if box:
        top, left, height, width = (100 * one for one in box)
        mark = f'<i style="top:{top:.2f}%;left:{left:.2f}%;height:{height:.2f}%;width:{width:.2f}%"></i>'
    return f'<span class="cnu-map"><img src="data:image/png;base64,{data}" alt="{escape(alt)}">{mark}</span>'


def shrunk(plane: Plane, most: int) -> Plane:
    """Take means of blocks until the plane is no larger than `most` on a side."""
    block = -(-max(plane.shape) // most)
    if block <= 1:
        return plane
    height, width = (max(n // block, 1) * block for n in plane.shape)
    if min(plane.shape) < block:
        return plane
    cut = plane[:height, :width].astype(float)
    found: Plane = cut.reshape(height // block, block, width // block, block).mean((1, 3))
    return found


def coloured(plane: Plane, kind: str, theme: str, reach: float = 0.0) -> NDArray[np.uint8]:
    """Colour a plane: "grey" from its least to its largest number, "score" from zero, "signed" around zero."""
    values = plane.astype(float)
    if kind == "grey":
        low, high = float(values.min()), float(values.max())
        grey = np.rint(255 * (values - low) / ((high - low) or 1.0)).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    stops = np.array([[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in MAPS[theme][kind]], float)
    most = reach or float(np.abs(values).max()) or 1.0
    place = np.clip(values / most, 0, 1) if kind == "score" else np.clip(values / most / 2 + 0.5, 0, 1)
    at = place * (len(stops) - 1)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    pixels: NDArray[np.uint8] = np.rint(np.stack(channels, axis=-1)).astype(np.uint8)
    return pixels


STYLE = """<style>
.cnu { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 0.75rem 1.25rem; }
.cnu figure { margin: 0; min-width: 0; }
.cnu figcaption { font-size: 0.9rem; padding-bottom: 0.2rem; overflow-wrap: anywhere; }
.cnu div { display: flex; align-items: center; gap: 0.4rem; }
.cnu div > span:not(.cnu-map) { font-weight: 600; }
.cnu-map { position: relative; line-height: 0; flex: 0 1 5.5rem; min-width: 2.5rem; }
.cnu img { width: 100%; height: auto; image-rendering: pixelated; border-radius: 3px; }
.cnu i { position: absolute; border: 2px solid #ffd54a; outline: 1px solid #14181f; min-width: 6px; min-height: 6px; }
.cnu em { font-style: normal; font-weight: 600; }
</style>"""
