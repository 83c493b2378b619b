"""Tell a hand's change of a widget from an echo: an old value that a browser sends again.

When one control moves another (an example sets six sliders), the browser learns their new values from the answer. What
it sends before it has read that carries the old ones, and to Streamlit they look like changes: callbacks run, and the
first change is undone. Who is quick, or on a slow line, meets this within a minute.

An echo is a value that we have written over just now, and comes together with a change of something else: a hand moves
one thing at a time, and an old value alone makes no browser send anything.
"""

from __future__ import annotations

import time
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cnnviz.ui.reconnect import is_tab_behind

UNDERWAY_SECONDS = 5.0
"""An answer that travels longer than this is not waited for by anybody who moves widgets."""
MOST_OLD = 4
_OLD = "_old_values"


def overwrite(key: str, value: Any, *, anew: bool = False) -> None:
    """Make a widget show a value, before it is drawn; `anew` tells the browser though nothing seems to differ."""
    if key in st.session_state:
        before = st.session_state[key]
        if before == value:
            if anew or is_tab_behind():
                st.session_state[key] = value
            return
        old: dict[str, tuple[tuple[float, Any], ...]] = st.session_state.setdefault(_OLD, {})
        past = [one for one in old.get(key, ()) if one[1] != before]
        old[key] = (*past[1 - MOST_OLD :], (time.monotonic(), before))
    st.session_state[key] = value


def is_echo(key: str) -> bool:
    """Tell, in its callback, whether a widget's new value is an echo."""
    now, value = time.monotonic(), st.session_state[key]
    old = st.session_state.get(_OLD, {}).get(key, ())
    return any(one == value and now - when < UNDERWAY_SECONDS for when, one in old) and changed_widgets() > 1


def changed_widgets() -> int:
    """Count the widgets and components whose callbacks this run calls; Streamlit's own state knows, nothing public."""
    context = get_script_run_ctx(suppress_warning=True)
    state = getattr(getattr(context, "session_state", None), "_state", None)
    new, changed = getattr(state, "_new_widget_state", ()), getattr(state, "_widget_changed", None)
    return sum(map(changed, list(new))) if changed else 0
