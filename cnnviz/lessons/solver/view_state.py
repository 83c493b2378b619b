"""The Solver's state: the URL holds it, widgets show it, and what a learner changes goes to the URL first.

A widget never keeps a state of its own: before it is drawn it gets the URL's value, and its callback changes the URL.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.solver.spec import SolverSpec
from cnnviz.ui import widgets
from cnnviz.ui.share import current_query, publish

KEY = "solver"
COMPLAINT = f"_{KEY}_complaint"
KEEPS_THE_PICK = {"pick", "everything"}

Reader = Callable[[Any], Any]


def solver_state() -> tuple[SolverSpec, list[str]]:
    """Read the state, and a sentence for everything in the link or the last input that was no good."""
    query, _ = current_query(KEY)
    spec, notes = SolverSpec.from_query(query)
    publish(KEY, spec.to_query(), None)
    complaint = st.session_state.pop(COMPLAINT, None)
    return spec, [*notes, complaint] if complaint else notes


def change(**changes: Any) -> None:
    """Change the state; other answers than before begin at the first again. For callbacks."""
    spec, _ = SolverSpec.from_query(current_query(KEY)[0])
    if not KEEPS_THE_PICK.issuperset(changes):
        changes = {"pick": 1, **changes}
    publish(KEY, replace(spec, **changes).to_query(), None)


def bound(
    attribute: str, value: Any, read: Reader = lambda value: value, among: Collection[Any] | None = None
) -> dict[str, Any]:
    """Give the arguments that tie a widget to an attribute; `value` is what the widget shows, `read` reads it back."""
    key = f"{KEY}_{attribute}"
    return widgets.bound(key, value, _take, attribute, key, read, among=among)


def _take(attribute: str, key: str, read: Reader) -> None:
    """Put what a widget holds into the state; what cannot be read changes nothing and is named."""
    try:
        change(**{attribute: read(st.session_state[key])})
    except SpecError as error:
        complain(error)


def complain(error: SpecError) -> None:
    """Say in the next run what could not be done. For callbacks."""
    sentence = error.message.rstrip(".")
    st.session_state[COMPLAINT] = f"{sentence[:1].upper()}{sentence[1:]}."
