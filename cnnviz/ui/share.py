"""The state of a lesson between the URL, the stage and the session.

The spec is the only state. The URL holds it, so that every view can be linked; a commit of the stage replaces it;
and the session keeps it while the learner looks at another lesson.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ParamSpec

import streamlit as st

from cnnviz.state.look import LOOK
from cnnviz.ui.echo import UNDERWAY_SECONDS
from cnnviz.ui.reconnect import first_number
from cnnviz.ui.stage import Commit, read_commit

P = ParamSpec("P")
Query = Mapping[str, str]
RECENT = "_recent_queries"
MOST_RECENT = 4


def current_query(key: str) -> tuple[dict[str, str], Commit | None]:
    """Give the state as text, and the commit that it came from, if the stage has sent one since the last run.

    >>> current_query.__name__  # needs a running page: see tests/ui
    'current_query'
    """
    commit = read_commit(key)
    if commit and commit.seq > answered(key):
        return commit.state, commit
    query = st.query_params.to_dict()
    if not query and _came_back(key):
        return dict(st.session_state.get(_kept(key), {})), None
    return query, None


def publish(key: str, query: Query, commit: Commit | None) -> None:
    """Put the state into the URL, and remember it and what has been answered."""
    if st.query_params.to_dict() != dict(query):
        st.query_params.from_dict(dict(query))
    st.session_state[_kept(key)] = dict(query)
    _note(key, dict(query))
    if commit:
        st.session_state[_answered(key)] = commit.seq


def fresh(take: Callable[P, None]) -> Callable[P, None]:
    """Make a widget's callback begin with the newest state.

    >>> pressed = []
    >>> fresh(pressed.append).__name__
    'append'
    """

    @functools.wraps(take)
    def taken(*args: P.args, **kwargs: P.kwargs) -> None:
        freshen()
        take(*args, **kwargs)

    return taken


def freshen() -> None:
    """Put the newest state into the URL if this run came with an older one; call it before a widget's news are taken.

    A browser sends its address with every change. Who moves two widgets faster than the answer travels sends the second
    change with the address from before the first, which would undo it. Where the viewer looks is the browser's own
    affair: it writes that into the address by itself.

    A component that answers with what was moved, not with the whole state, takes it as its callback (Streamlit keeps
    what a component sends only if somebody listens).
    """
    recent: tuple[_Published, ...] = st.session_state.get(RECENT, ())
    if not recent or recent[-1].key != st.session_state.get("_page"):
        return
    query = st.query_params.to_dict()
    shown, newest = _without_look(query), _without_look(recent[-1].query)
    now = time.monotonic()
    past = (one for one in recent[:-1] if now - one.until < UNDERWAY_SECONDS)
    if shown != newest and any(_without_look(one.query) == shown for one in past):
        look = {LOOK.name: query[LOOK.name]} if LOOK.name in query else {}
        st.query_params.from_dict(newest | look)


def _without_look(query: Query) -> dict[str, str]:
    return {name: value for name, value in query.items() if name != LOOK.name}


@dataclass(frozen=True)
class _Published:
    """A state that stood in the URL, and until when."""

    key: str
    query: dict[str, str]
    until: float = math.inf


def _note(key: str, query: dict[str, str]) -> None:
    """Remember the last few states of the URL; going to another page forgets them."""
    recent: tuple[_Published, ...] = st.session_state.get(RECENT, ())
    if recent and (recent[-1].key, recent[-1].query) == (key, query):
        return
    over = time.monotonic()
    past = [replace(one, until=min(one.until, over)) for one in recent if one.key == key and one.query != query]
    st.session_state[RECENT] = (*past[-MOST_RECENT:], _Published(key, query))


def restore(key: str) -> None:
    """Put the newest state back into the URL: who asked before our last answer arrived sent an address as old as that.

    >>> restore.__name__
    'restore'
    """
    newest = st.session_state.get(_kept(key))
    if newest is not None and st.query_params.to_dict() != newest:
        st.query_params.from_dict(newest)


def answered(key: str) -> int:
    """Give the number of the last commit that was answered."""
    return int(st.session_state.get(_answered(key), first_number()))


def enter(page: str) -> None:
    """Note which lesson is open; called once a run, before the lesson."""
    st.session_state["_page_before"] = st.session_state.get("_page")
    st.session_state["_page"] = page


def _came_back(key: str) -> bool:
    """Tell whether the learner came from another lesson: only then an empty URL does not mean a fresh start."""
    return _kept(key) in st.session_state and st.session_state.get("_page_before") != st.session_state.get("_page")


def _kept(key: str) -> str:
    return f"_{key}_query"


def _answered(key: str) -> str:
    return f"_{key}_answered"
