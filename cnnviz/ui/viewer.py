"""The viewer: one to six pictures side by side with linked zoom and pan, their numbers, and quick sliders.

A page in three steps, all inside its `lesson_part`:

    query, answer = viewed_query(KEY)              # the URL's state with what was just moved on the viewer put in
    spec, notes = FilterSpec.from_query(query)     # the names of the controls are the names in the URL
    if answer and answer.click: spec = replace(spec, at=answer.click[1:])
    keep(KEY, spec.to_query(), answer)             # into the URL and the session; the picture's name is added
    show_pictures([Panel("Before", ...), Panel("After", ...)], key=KEY, controls=[Slider("s", "Stride", 1, 4, ...)])

The browser answers ``{"seq": 3, "set": {"s": "2"}, "click": [1, 40, 7], "box": [0, 3, 4, 8, 8], "have": [...]}``. A
client can send anything, so nothing in it is believed before it has been read here and by the page's own spec.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from cnnviz.figures.palette import MAPS, PALETTE
from cnnviz.figures.panels import Choice, Control, Kind, Mark, Panel, Slider, Switch, message
from cnnviz.state.look import LARGEST_SIDE, Look, show_look
from cnnviz.ui.component import Component
from cnnviz.ui.picture import picture_query
from cnnviz.ui.reconnect import first_number
from cnnviz.ui.share import current_query, freshen, publish

__all__ = [
    "Answer", "Choice", "Control", "Kind", "Mark", "Panel", "Slider", "Switch", "keep", "show_pictures", "viewed_query",
]  # fmt: skip

VIEWER = Component("viewer/viewer", "The pictures", css="viewer/viewer.css", palette=PALETTE, maps=MAPS)
MOST_KNOWN = 32
LONGEST_TEXT = 64
MOST_SET = 32
_DIGEST = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner did on the viewer since the last run."""

    seq: int
    controls: Mapping[str, str]
    """The controls that were moved: their names in the URL, and their values as text."""
    click: tuple[int, int, int] | None = None
    """Panel, row and column of the pixel that was clicked, in the panel's own pixels."""
    box: tuple[int, int, int, int, int] | None = None
    """Panel, row, column, height and width of the rectangle that was drawn."""
    have: tuple[str, ...] = ()
    """Digests of the arrays that the browser still has."""


def viewed_query(key: str) -> tuple[dict[str, str], Answer | None]:
    """Give the state as text, and the viewer's answer if there is one that no run has dealt with yet."""
    query, _ = current_query(key)
    answer = _sent(key)
    if answer is None or answer.seq <= _answered(key):
        return query, None
    return {**query, **answer.controls}, answer


def keep(key: str, state: Mapping[str, str], answer: Answer | None = None) -> None:
    """Put a page's state and the chosen sample into the URL, remember it, and check the answer off."""
    publish(key, {**picture_query(), **state}, None)
    if answer:
        st.session_state[f"_{key}_viewer_answered"] = answer.seq


def show_pictures(
    panels: Sequence[Panel],
    *,
    key: str,
    controls: Sequence[Control] = (),
    look: Look | None = None,
    label: str = "Pictures",
    note: str = "",
    quiet: bool = False,
) -> None:
    """Draw panels side by side with linked zoom and pan; call it once a page, inside the fragment.

    `controls` stand above the pictures and answer while they are dragged. `look` is where the view stands in the
    link (`cnnviz.state.look.LOOK` is its field); the browser writes it into the URL by itself, without a run.
    `note` is one line under the pictures (a size, a number), read out when it changes. `quiet` is for a page's second
    viewer: where it looks stays out of the link, which holds the first one's view.
    """
    sent = _sent(key)
    have = set(sent.have) if sent else set()
    body = message(
        panels,
        controls=controls,
        have=have,
        seq=max(_answered(key), 0),
        look=show_look(look),
        label=label,
        note=note,
        quiet=quiet,
    )
    VIEWER(body, key=_name(key), on_answer_change=freshen)


def _name(key: str) -> str:
    return f"{key}_viewer"


def _answered(key: str) -> int:
    return int(st.session_state.get(f"_{key}_viewer_answered", first_number()))


def _sent(key: str) -> Answer | None:
    sent = st.session_state.get(_name(key))
    return parse_answer(sent.get("answer")) if isinstance(sent, Mapping) else None


def parse_answer(sent: object) -> Answer | None:
    """Read an answer, keeping what has the right form.

    >>> parse_answer({"seq": 2, "set": {"s": "2", "k": 3}, "click": [1, 40, 7], "box": "x", "have": ["<b>", "ab" * 8]})
    Answer(seq=2, controls={'s': '2'}, click=(1, 40, 7), box=None, have=('abababababababab',))
    >>> parse_answer({"seq": True}) is None
    True
    """
    if not isinstance(sent, Mapping):
        return None
    seq = sent.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq < 2**31:
        return None
    moved = sent.get("set")
    pairs = list(moved.items())[:MOST_SET] if isinstance(moved, Mapping) else []
    texts = {
        name: text
        for name, text in pairs
        if isinstance(name, str) and isinstance(text, str) and max(len(name), len(text)) <= LONGEST_TEXT
    }
    known = sent.get("have")
    have = [one for one in known[:MOST_KNOWN] if isinstance(one, str)] if isinstance(known, list) else []
    click, box = _whole(sent.get("click"), 3), _whole(sent.get("box"), 5)
    if box and min(box[3:]) < 1:
        box = None
    return Answer(
        seq,
        texts,
        (click[0], click[1], click[2]) if click else None,
        (box[0], box[1], box[2], box[3], box[4]) if box else None,
        tuple(one for one in have if _DIGEST.fullmatch(one)),
    )


def _whole(sent: object, length: int) -> list[int] | None:
    """Read so many whole numbers, none below zero and none beyond any picture."""
    if not isinstance(sent, list) or len(sent) != length:
        return None
    good = all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one <= LARGEST_SIDE for one in sent)
    return sent if good else None
