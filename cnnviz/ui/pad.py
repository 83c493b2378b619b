"""The drawing pad: strokes by mouse, finger or keys come to the server, and go into the link.

    drawing = drawn(key, drawing)        # the drawing with what the hand has just done, before anything depends on it
    show_pad(key, drawing, ...)          # draws the pad

The browser answers ``{"seq": 3, "strokes": [[250, 200, 260, 180], ...], "pen": 80, "dye": ["#ffffff", "#000000"],
"fill": false}`` when a stroke ends, and now and then while it is drawn. A client can send anything, so nothing in it
is believed before it has been read.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.engine.pictures.drawing import ACROSS, Drawing
from cnnviz.errors import SpecError
from cnnviz.state.strokes import (
    LONGEST_LINK,
    MOST_POINTS,
    MOST_STROKES,
    PENS,
    flat,
    pack_strokes,
    parse_colours,
    read_strokes,
)
from cnnviz.ui.component import Component
from cnnviz.ui.reconnect import first_number
from cnnviz.ui.share import freshen

PAD = Component("pad/pad", "The drawing pad", css="pad/pad.css")


def drawn(key: str) -> Drawing | None:
    """Give what the hand has drawn since the last run; None if nothing. Ask once a run: it is checked off."""
    sent = st.session_state.get(_name(key))
    answer = parse_answer(sent.get("answer")) if isinstance(sent, Mapping) else None
    if answer is None or answer[0] <= _answered(key):
        return None
    st.session_state[f"_{key}_pad_answered"], drawing = answer
    return drawing


def show_pad(
    key: str,
    drawing: Drawing,
    *,
    colours: bool = False,
    gets: NDArray[np.uint8] | None = None,
    gets_label: str = "",
    label: str = "Drawing pad",
    hint: str = "Draw here",
) -> None:
    """Draw the pad; call it once a page, inside the fragment.

    `colours` offers colours and filled strokes. `gets` is a small grey picture that stands beside the pad: what becomes
    of the drawing.
    """
    body = {
        "seq": _answered(key),
        "strokes": flat(drawing.strokes),
        "pen": drawing.pen,
        "dye": [f"#{one}" for one in drawing.colours],
        "fill": drawing.fill,
        "across": ACROSS,
        "limits": [MOST_STROKES, MOST_POINTS],
        "pens": list(PENS),
        "colours": colours,
        "gets": base64.b64encode(gets.tobytes()).decode() if gets is not None else "",
        "getsLabel": gets_label,
        "label": label,
        "hint": hint,
        "note": link_words(drawing),
    }
    PAD(body, key=_name(key), on_answer_change=freshen)


def link_words(drawing: Drawing) -> str:
    """Say that a drawing is too long for a link, by how much, and what to do.

    >>> link_words(Drawing((((1, 2), (3, 4)),)))
    ''
    """
    length = len(pack_strokes(drawing.strokes))
    if length <= LONGEST_LINK:
        return ""
    return (
        f"This drawing needs {length:,} characters in a link, and {LONGEST_LINK:,} fit: it stays on this page, but the "
        "link does not hold it. Fewer or straighter strokes are shorter."
    )


def parse_answer(sent: object) -> tuple[int, Drawing] | None:
    """Read an answer: its number and the drawing; None if strokes or number are of no use.

    >>> parse_answer({"seq": 1, "strokes": [[1, 2]], "pen": 9000, "dye": "red"})
    (1, Drawing(strokes=(((1, 2),),), pen=200, colours=('ffffff', '000000'), fill=False))
    >>> parse_answer({"seq": True}) is None
    True
    """
    if not isinstance(sent, Mapping):
        return None
    seq, strokes, pen = sent.get("seq"), read_strokes(sent.get("strokes")), sent.get("pen")
    if type(seq) is not int or not 0 < seq < 2**31 or strokes is None:
        return None
    usual = Drawing()
    width = min(max(pen, PENS[0]), PENS[1]) if type(pen) is int else usual.pen
    return seq, Drawing(strokes, width, _colours(sent.get("dye")), sent.get("fill") is True)


def _colours(sent: object) -> tuple[str, str]:
    """Read two colours as a browser writes them: #rrggbb."""
    try:
        if isinstance(sent, list) and all(isinstance(one, str) and len(one) == 7 for one in sent):
            return parse_colours(".".join(one.removeprefix("#") for one in sent))
    except SpecError:
        pass
    return Drawing().colours


def _name(key: str) -> str:
    return f"{key}_pad"


def _answered(key: str) -> int:
    return int(st.session_state.get(f"_{key}_pad_answered", first_number()))
