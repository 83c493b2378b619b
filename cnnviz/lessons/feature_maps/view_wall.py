"""The wall of maps as a component: a message of tiles goes to the browser, an answer of what was chosen comes back.

The browser answers ``{"seq": 3, "set": {"layer": "relu1", "c": "3"}, "have": [...]}``, as the viewer does. A client can
send anything, so nothing in it is believed before it has been read here and by the page's own spec.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cnnviz.figures.palette import MAPS
from cnnviz.lessons.feature_maps.figure import Scores, Tiles, wall_message
from cnnviz.ui.component import Component
from cnnviz.ui.reconnect import first_number
from cnnviz.ui.share import current_query, freshen, publish
from cnnviz.ui.viewer import Answer, parse_answer

WALL = Component("maps/maps", "The maps", css="maps/maps.css", maps_of=MAPS)


def walled_query(key: str) -> tuple[dict[str, str], Answer | None]:
    """Give the state as text, and the wall's answer if there is one that no run has dealt with yet."""
    query, _ = current_query(key)
    answer = _sent(key)
    if answer is None or answer.seq <= _answered(key):
        return query, None
    return query, answer


def keep_wall(key: str, state: Mapping[str, str], answer: Answer | None) -> None:
    """Put the page's state into the URL, remember it, and check the answer off."""
    publish(key, state, None)
    if answer:
        st.session_state[f"_{key}_wall_answered"] = answer.seq


def show_wall(rows: Sequence[Tiles], head: Mapping[str, Any], *, key: str, scores: Scores | None = None) -> None:
    """Draw a wall; call it once a key."""
    sent = _sent(key)
    body = wall_message(
        rows, {"seq": max(_answered(key), 0), **head}, scores=scores, have=set(sent.have) if sent else set()
    )
    WALL(body, key=_name(key), on_answer_change=freshen)


def _name(key: str) -> str:
    return f"{key}_wall"


def _answered(key: str) -> int:
    return int(st.session_state.get(f"_{key}_wall_answered", first_number()))


def _sent(key: str) -> Answer | None:
    sent = st.session_state.get(_name(key))
    return parse_answer(sent.get("answer")) if isinstance(sent, Mapping) else None
