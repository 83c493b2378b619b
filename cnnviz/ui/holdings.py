"""What only a session has, in no link: a tab that outlives its session says what became of it.

    note_holding("picture")                        # where something comes into the session that no link holds
    note_holding("code", len(packed) > LONGEST)    # or may

The names of what a session holds stand in a hidden widget of its tab, so they come with the tab's next request, even to
a session that knows nothing (`cnnviz.ui.reconnect`). What that session does not get back, it says, until it was read.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cnnviz.ui.notes import inform
from cnnviz.ui.reconnect import BEFORE, HELD, Before
from cnnviz.ui.share import fresh

HOLDS = "_holds"
WORDS = {
    "picture": "your own picture",
    "weights": "your own weights",
    "training": "your training",
    "code": "your code (it is too long for a link)",
    "drawing": "your drawing (it is too long for a link)",
    "undo": "what Undo would bring back",
    "answers": "your score in the practice",
}


def note_holding(name: str, whether: bool = True) -> None:
    """Note that this session holds something that no link does, or holds it no longer."""
    holds: set[str] = st.session_state.setdefault(HOLDS, set())
    (holds.add if whether else holds.discard)(name)


def lost() -> list[str]:
    """Name what this tab's last session held and this one does not, until the learner has read it."""
    before = st.session_state.get(BEFORE)
    held = before.held if isinstance(before, Before) else ()
    return [name for name in WORDS if name in held and name not in st.session_state.get(HOLDS, ())]


def keep_in_the_tab() -> None:
    """Let the tab keep the names of what its session holds, and of what was lost and not read yet; once a run."""
    if names := {*st.session_state.get(HOLDS, ()), *lost()}:
        st.session_state[HELD] = " ".join(sorted(names))
        st.text_input("What this tab holds", key=HELD, label_visibility="collapsed")  # assets/app.css hides it


@st.fragment
def show_what_was_lost() -> None:
    """Say it, with a button that closes the sentence."""
    if names := lost():
        with st.container(key="lost", horizontal=True, vertical_alignment="center", gap="small"):
            inform(lost_words(names), icon=":material/restart_alt:")
            st.button("Close", icon=":material/close:", key="lost_close", on_click=fresh(_read))


def _read() -> None:
    before = st.session_state.get(BEFORE)
    if isinstance(before, Before):
        before.held = ()


def lost_words(names: Sequence[str]) -> str:
    """Say what is gone, and what is not.

    >>> lost_words(["picture", "undo"]).partition(": ")[2]
    'your own picture and what Undo would bring back could not be kept. All that the link holds is still here.'
    """
    words = [WORDS[name] for name in names]
    things = " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
    return (
        f"The server was started anew, or this tab was away for too long: {things} could not be kept. "
        "All that the link holds is still here."
    )
