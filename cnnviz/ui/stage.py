"""The stage: one component of the page, which draws packs and answers with commits.

A commit is ``{"seq": 7, "state": {...}, "edits": [["input", 0, 2, "9"], ...]}``: the number of the commit, the whole
state as it stands in a URL, and cells that were typed into since the last answer. A client can send anything, so
nothing in it is believed before it has been read by the same code that reads a URL.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from cnnviz.figures.palette import PALETTE
from cnnviz.ui.component import Component

STAGE = Component("stage/stage", "The stage", css="stage/stage.css", palette=PALETTE)
MOST_EDITS = 256
LONGEST_EDIT = 64

Edit = tuple[str, int, int, str]
"""A grid's name, a row, a column, and what was typed into the cell."""


@dataclass(frozen=True)
class Commit:
    """What a stage asks for."""

    seq: int
    state: dict[str, str]
    edits: tuple[Edit, ...]


def read_commit(key: str) -> Commit | None:
    """Read what the stage sent last, before it is drawn again; None when it sent nothing that can be read."""
    sent = st.session_state.get(key)
    return parse_commit(sent.get("commit")) if isinstance(sent, dict) else None


def parse_commit(sent: object) -> Commit | None:
    """Read a commit, keeping what has the right form.

    >>> parse_commit({"seq": 1, "state": {"n": "7", "k": 3}, "edits": [["input", 0, 1, "5"], "x"]})
    Commit(seq=1, state={'n': '7'}, edits=(('input', 0, 1, '5'),))
    >>> parse_commit("anything") is None
    True
    """
    if not isinstance(sent, dict):
        return None
    seq, state, edits = sent.get("seq"), sent.get("state"), sent.get("edits")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq < 2**31:
        return None
    pairs = state.items() if isinstance(state, dict) else ()
    texts = {name: text for name, text in pairs if isinstance(name, str) and isinstance(text, str)}
    listed = edits[:MOST_EDITS] if isinstance(edits, list) else []
    return Commit(seq, texts, tuple(edit for edit in map(_edit, listed) if edit))


def _edit(sent: object) -> Edit | None:
    match sent:
        case [str(grid), int(row), int(column), str(text)] if min(row, column) >= 0 and len(text) <= LONGEST_EDIT:
            # In Python true is an integer; in a link it is no row.
            return None if isinstance(row, bool) or isinstance(column, bool) else (grid, row, column, text)
    return None


def stage(pack: bytes, *, key: str) -> None:
    """Draw a pack; what the learner does with it comes back by `read_commit` in the next run."""
    STAGE(pack, key=key, on_commit_change=nothing)


def nothing() -> None:
    """Streamlit keeps a component's state only if somebody listens to it."""
