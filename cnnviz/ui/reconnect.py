"""A tab that outlived its session: the server was started anew, or the tab slept for too long.

Streamlit's browser part connects again by itself, to a session that knows nothing. The tab still shows the old one's
page, and asks for a part of it that the new session has never drawn: Streamlit would pass over that, and the tab would
be dead without a word. So the first request of such a tab is answered in two runs:

1. the whole page as its link says, so that the session knows the page's parts, widgets and their callbacks;
2. the page again with what the tab's widgets hold. What differs from the link is a change like any other: the choice
   that a hand has just made takes effect, and so does what no link holds, such as code that is too long for one.

A newcomer names its page by its address, a tab that was here before by Streamlit's own number for it: so they are told
apart. A session that was kept (a phone that slept for a minute) has no first request, and nothing of this happens.

What components say (a stage, a viewer) is numbered, and stays in their tab's widgets after it was done. A new session
must neither do it again nor count from one: `first_number`.
"""

from __future__ import annotations

import functools
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime import app_session
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx

HELD = "held"
"""The widget in which a tab keeps the names of what only its session has: see `cnnviz.ui.holdings`."""
BEFORE, NUMBER = "_session_before", "_first_number"
LONGEST_HELD = 200
MEANWHILE = 1000
"""More than a component says before it hears from its new session: all that has a lower number, and is asked again."""
RARELY = timedelta(days=7)
SETTLING = 5.0
"""Seconds after which a tab and its new session agree on what the tab still has."""
_NUMBER = re.compile(r'"seq": ?(\d{1,10})\b')


class Before:
    """What a tab brings from its session before."""

    def __init__(self, request: ClientState) -> None:
        """Keep its first request until the page is drawn as its link says."""
        self.held = held_in(request.widget_states)
        self.drawn = False
        self._since = time.monotonic()
        self._request: ClientState | None = request
        self._lock = threading.Lock()

    def send_all(self, request: ClientState) -> None:
        """Let nothing be left out of the answer because the tab says that it has it from before.

        A tab forgets large messages after some runs. It learns of several at once now, and one that it named in its
        question may be gone when the answer refers to it, which Streamlit's browser part takes for a fatal error.
        """
        if time.monotonic() - self._since < SETTLING:
            request.ClearField("cached_message_hashes")

    def replace(self, request: ClientState) -> bool:
        """Let a newer request for the same page take the place of one that still waits; if none does, say no."""
        with self._lock:
            if self._request is None or request.page_script_hash != self._request.page_script_hash:
                self._request = None
                return False
            self._request = request
            return True

    def take(self) -> ClientState | None:
        """Give the request, once."""
        with self._lock:
            request, self._request = self._request, None
            return request


def serve_tabs_of_former_sessions() -> None:
    """Answer the first request of a tab that outlived its session in two runs.

    Streamlit's own function, so only while it is there; without it such a tab has to be loaded anew by hand.
    """
    ask = getattr(app_session.AppSession, "request_rerun", None)
    if ask is None or hasattr(ask, "two_runs"):
        return
    app_session.AppSession.request_rerun = _in_two_runs(ask)  # type: ignore[method-assign, assignment]


Ask = Callable[[app_session.AppSession, ClientState | None], None]


def _in_two_runs(ask: Ask) -> Ask:
    met: WeakKeyDictionary[app_session.AppSession, Before | None] = WeakKeyDictionary()

    @functools.wraps(ask)
    def ask_in_two_runs(self: app_session.AppSession, client_state: ClientState | None) -> None:
        if client_state is None:
            ask(self, None)
        elif self in met:
            before = met[self]
            if before is not None:
                before.send_all(client_state)
            if before is None or not before.replace(client_state):
                ask(self, client_state)
        elif client_state.page_script_hash:
            met[self] = before = Before(client_state)
            before.send_all(client_state)
            ask(self, _as_linked(self, before, client_state))
        else:
            met[self] = None
            ask(self, client_state)

    ask_in_two_runs.two_runs = True  # type: ignore[attr-defined]
    return ask_in_two_runs


def _as_linked(session: app_session.AppSession, before: Before, request: ClientState) -> ClientState:
    """Give what to ask for in the first of the two runs."""
    session.session_state[BEFORE] = before
    if not request.fragment_id:
        # Nobody's hand: the browser asks so as soon as it is connected. What components said before is over.
        highest = highest_number(request.widget_states)
        session.session_state[NUMBER] = highest + MEANWHILE if highest else 0
    first = ClientState()
    first.CopyFrom(request)
    first.ClearField("widget_states")
    first.fragment_id = ""
    first.is_auto_rerun = False
    return first


def highest_number(states: WidgetStates) -> int:
    """Give the highest number that the components of a tab have given to what they said.

    >>> states = WidgetStates()
    >>> states.widgets.add(id="stage", json_value='{"commit": {"seq": 7, "state": {"n": "5"}}}').id
    'stage'
    >>> highest_number(states)
    7
    """
    texts = (state.json_value for state in states.widgets if state.WhichOneof("value") == "json_value")
    return max((int(found[1]) for text in texts for found in _NUMBER.finditer(text)), default=0)


def held_in(states: WidgetStates) -> tuple[str, ...]:
    """Read the names of what the tab's last session held.

    >>> states = WidgetStates()
    >>> states.widgets.add(id="$$ID-5f-held", string_value="code picture").id
    '$$ID-5f-held'
    >>> held_in(states)
    ('code', 'picture')
    """
    mine = (state for state in states.widgets if state.id.endswith(f"-{HELD}"))
    return tuple(next((state.string_value for state in mine), "")[:LONGEST_HELD].split())


@contextmanager
def then_what_was_asked() -> Iterator[None]:
    """Around a whole page: in the first of the two runs, go on with the second."""
    query = st.query_params.to_dict()
    try:
        yield
    except RerunException:
        raise  # the page itself asks for another run, and the second one is due after that
    except BaseException:
        _take()
        raise
    before = st.session_state.get(BEFORE)
    request = _take()
    if isinstance(before, Before):
        before.drawn = request is None
    if request is not None:
        if st.query_params.to_dict() != query:
            st.query_params.from_dict(query)  # the second run comes with the link as the tab had it
        raise RerunException(
            RerunData(
                query_string=request.query_string,
                widget_states=_still_offered(request.widget_states),
                page_script_hash=request.page_script_hash,
                context_info=request.context_info if request.HasField("context_info") else None,
            )
        )


def _still_offered(states: WidgetStates) -> WidgetStates:
    """Leave out choices that the page does not offer any more, such as a picture that was lost.

    Streamlit would give them to the page as if they were offered. Only its own state knows what is.
    """
    state = getattr(getattr(get_script_run_ctx(), "session_state", None), "_state", None)
    drawn = getattr(getattr(state, "_new_widget_state", None), "widget_metadata", {})
    kept = WidgetStates()
    for widget in states.widgets:
        lists = getattr(getattr(drawn.get(widget.id), "deserializer", None), "__self__", None)
        options = getattr(lists, "formatted_option_to_option_index", None)
        kind = widget.WhichOneof("value")
        chosen = {"string_value": [widget.string_value], "string_array_value": widget.string_array_value.data}
        if options is None or all(one in options for one in chosen.get(kind or "", ())):
            kept.widgets.append(widget)
    return kept


def _take() -> ClientState | None:
    before = st.session_state.get(BEFORE)
    return before.take() if isinstance(before, Before) else None


def is_tab_behind() -> bool:
    """Tell whether the tab's widgets may hold what the session before wrote into them, and must be written anew."""
    before = st.session_state.get(BEFORE)
    return isinstance(before, Before) and not before.drawn


def first_number() -> int:
    """Give the number below which nothing that a component says is new to this session.

    A component that gets a higher number than it ever gave knows that its session is another one.
    """
    return int(st.session_state.get(NUMBER, 0))


@st.fragment(run_every=RARELY)
def ask_when_connected() -> None:
    """Let every tab ask for its page as soon as it is connected again, before a hand finds it dead.

    Streamlit's browser part does so only where some part of the page ran last or runs by itself now and then.
    """
