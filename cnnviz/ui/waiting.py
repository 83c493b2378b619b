"""What a page does while it computes something long: it lets others have their turn, and says where it stands.

    with computing("Measuring gradients …"), MEASURING.one():     # waits if others came first
        found = effective_field(...)

While it waits, a sentence stands there ("Two learners are before you."). It is written anew at each look at the queue,
and at each writing Streamlit ends a run whose learner went on to something else, or away: nobody waits for a closed
tab. Where too many wait already, that is said, and the page ends there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from secrets import token_hex

import streamlit as st

from cnnviz.engine.turns import Person, asking
from cnnviz.errors import BusyError
from cnnviz.explain.turns import before_words
from cnnviz.ui.notes import warn
from cnnviz.ui.turns import out_of_turn

NAME = "_session_name"


def session_name() -> str:
    """Name this session; there is one for each tab."""
    return str(st.session_state.setdefault(NAME, token_hex(8)))


@contextmanager
def computing(what: str = "") -> Iterator[None]:
    """Say what is computed once it takes a moment; before that, how many are before this learner."""
    place = st.empty()
    told = False

    def tell(before: int) -> None:
        nonlocal told
        told = True
        place.markdown(f":material/hourglass_top: {before_words(before).capitalize()}.")

    spinner = st.spinner(what, show_time=True) if what else nullcontext()
    try:
        with spinner, out_of_turn(), asking(Person(session_name(), tell)):
            yield
    except BusyError as error:
        with place.container():
            warn(str(error), icon=":material/hourglass_disabled:")
            st.button("Try again", icon=":material/refresh:", key="waiting_again")
        st.stop()
    if told:
        place.empty()
