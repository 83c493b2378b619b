"""The second part of the Signals lesson: one function slides over another, and the area is the result.

The URL is the state, as in every lesson: a widget gets the URL's value before it is drawn, and changes it. The shift is
moved in the browser, and comes back when the hand rests.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from cnnviz.lessons.signals.figure import functions_slide
from cnnviz.lessons.signals.spec_functions import FUNCTIONS, LAST, FunctionsSpec
from cnnviz.lessons.signals.trace_functions import trace_functions
from cnnviz.lessons.signals.words_functions import DEFINITION, SUM, alt_template, explain_pair
from cnnviz.ui.notes import show_notes
from cnnviz.ui.share import answered, current_query, publish
from cnnviz.ui.slide import show_slide
from cnnviz.ui.widgets import bound, is_dark

KEY = "signals"
SLIDE = "signals_slide"


def show_functions() -> None:
    """Draw the functions as the URL asks for them, and let the learner choose and move them."""
    query, commit = current_query(SLIDE)
    spec, notes = FunctionsSpec.from_query(query)
    show_notes(notes)
    publish(KEY, spec.to_query(), None)
    publish(SLIDE, spec.to_query(), commit)
    first, second, swap = st.columns(3, vertical_alignment="bottom")
    first.selectbox("Function f", list(FUNCTIONS), format_func=FUNCTIONS.__getitem__, **_bound("f", spec.f))
    second.selectbox("Function g", list(FUNCTIONS), format_func=FUNCTIONS.__getitem__, **_bound("g", spec.g))
    swap.toggle("Move f over g instead", **_bound("swapped", spec.swapped))
    still, moving = spec.pair
    trace = trace_functions(still, moving, spec.shift)
    names = ("g", "f") if spec.swapped else ("f", "g")
    slide = functions_slide(trace, names=names, dark=is_dark())
    more = {"at": spec.at + LAST, "alt": alt_template(still, moving), "state": spec.to_query()}
    show_slide({**slide, **more, "seq": answered(SLIDE)}, key=SLIDE)
    _words(spec, names)


def _words(spec: FunctionsSpec, names: tuple[str, str]) -> None:
    words, formulas = st.columns(2, gap="large")
    with words:
        st.subheader("What to look at", anchor=False)
        st.markdown(explain_pair(spec.f, spec.g))
        st.markdown(
            f"{names[1]} is turned and moved by t; where both functions overlap, their product has an area. "
            "That area is one value of the result: the dot."
        )
        st.markdown("Let f move over g instead: the areas look different, but the curve is the same. f ∗ g = g ∗ f.")
    with formulas:
        st.subheader("The same as with cells", anchor=False)
        st.latex(DEFINITION)
        st.latex(SUM)
        st.markdown("The integral becomes a sum. The minus sign turns the kernel, in both.")


def _bound(attribute: str, value: Any) -> dict[str, Any]:
    """Give the arguments that tie a widget to an attribute of the spec."""
    key = f"{KEY}_functions_{attribute}"
    return bound(key, value, _take, attribute, key)


def _take(attribute: str, key: str) -> None:
    spec, _ = FunctionsSpec.from_query(st.query_params.to_dict())
    publish(KEY, replace(spec, **{attribute: st.session_state[key]}).to_query(), None)
