"""The words of the Signals lesson, and the choice between its two parts: cells and functions."""

from __future__ import annotations

import streamlit as st

from cnnviz.engine.grids import CUSTOM, GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.trace import ConvolutionTrace
from cnnviz.lessons.signals.code import numpy_code, torch_layer, torch_numbers
from cnnviz.lessons.signals.controls import SIGNALS_OPERATION
from cnnviz.lessons.signals.spec import BOUNDS, SignalSpec
from cnnviz.lessons.signals.spec_functions import PART, FunctionsSpec
from cnnviz.lessons.signals.trace import trace_signal
from cnnviz.lessons.signals.view_functions import show_functions
from cnnviz.lessons.signals.words import (
    LETTERS,
    explain_alignments,
    explain_border,
    explain_cost,
    explain_length,
    explain_reach,
    explain_turn,
)
from cnnviz.stage.moves import changed
from cnnviz.state.grids import parse_rows
from cnnviz.state.query import LONGEST_VALUE
from cnnviz.state.view import View
from cnnviz.ui.lesson import show_note, show_stage
from cnnviz.ui.notes import refuse
from cnnviz.ui.share import current_query, fresh, publish
from cnnviz.ui.widgets import bound

KEY = SIGNALS_OPERATION.key
PARTS = {"cells": "Cells", "functions": "Functions"}
PART_KEY, CELLS_KEY = f"{KEY}_part", f"{KEY}_cells"


def show_signals() -> None:
    """Draw cells or functions."""
    if choose_part() == "functions":
        show_functions()
        return
    spec = show_stage(SIGNALS_OPERATION)
    show_note(SIGNALS_OPERATION, spec)
    typed_signal(spec)
    try:
        trace = trace_signal(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        signal_words(trace)
    with code:
        signal_code_panel(trace)


def choose_part() -> str:
    """Show the switch between cells and functions; the URL says which is open, the session keeps the other."""
    query, commit = current_query(KEY)
    part = "functions" if query.get(PART) == "functions" else "cells"

    def turn() -> None:
        if st.session_state[PART_KEY] == "functions":
            st.session_state[CELLS_KEY] = dict(query)
            kept, _ = FunctionsSpec.from_query(st.session_state.get(f"{KEY}_functions", {}))
            publish(KEY, kept.to_query(), None)
        else:
            st.session_state[f"{KEY}_functions"] = st.query_params.to_dict()
            publish(KEY, st.session_state.get(CELLS_KEY, {}), commit)

    st.radio(  # its words keep their contrast on a dark page, where those of a segmented control do not
        "Part",
        list(PARTS),
        format_func=PARTS.__getitem__,
        horizontal=True,
        label_visibility="collapsed",
        **bound(PART_KEY, part, turn),
    )
    return part


def typed_signal(spec: SignalSpec) -> None:
    """Let the learner type or paste a whole signal or kernel; the length follows."""
    grid_key, text_key, error_key = (f"{KEY}_typed_{part}" for part in ("grid", "text", "error"))
    grids = {"input": ("values", "size"), "kernel": ("weights", "kernel")}
    names = {"input": "Signal", "kernel": "Kernel"}

    def use() -> None:
        grid = st.session_state[grid_key]
        values, size = grids[grid]
        try:
            rows = parse_rows(st.session_state[text_key], BOUNDS[grid][1])
        except SpecError as error:
            st.session_state[error_key] = error.message
            return
        if len(rows) > 1:
            st.session_state[error_key] = "Write all numbers in one row, parted by spaces."
            return
        view, _ = View.from_query(st.query_params.to_dict())
        typed = changed(spec, {values: GridSource(CUSTOM, rows), size: len(rows[0])})
        publish(KEY, typed.to_query() | view.to_query(), None)

    with st.popover("Type or paste numbers", icon=":material/keyboard:"), st.form("typed", border=False):
        st.markdown("All in one row, parted by spaces. Fractions like 1/9 are welcome.")
        st.selectbox("Which row", list(grids), format_func=names.__getitem__, key=grid_key)
        st.text_area("Numbers", placeholder="5 7 0 2 6", max_chars=LONGEST_VALUE, key=text_key)
        st.form_submit_button("Use these numbers", icon=":material/check:", on_click=fresh(use))
        if message := st.session_state.pop(error_key, ""):
            refuse(message)


def signal_words(trace: ConvolutionTrace) -> None:
    """Say why the output has its length, what happens at the border, and what turning the kernel changes."""
    st.subheader("Why this length?", anchor=False)
    st.markdown(explain_alignments(trace))
    st.latex(explain_length(trace))
    st.markdown(f"{LETTERS} {explain_reach(trace)}")
    st.subheader("At the border", anchor=False)
    st.markdown(explain_border(trace))
    st.subheader("Convolution or cross-correlation", anchor=False)
    st.markdown(explain_turn(trace))
    st.subheader("What it costs", anchor=False)
    st.markdown(explain_cost(trace))
    st.markdown(
        "One axis at a time: a 2-D convolution does this arithmetic along rows and along columns, "
        "and a 3-D convolution along time as well."
    )


def signal_code_panel(trace: ConvolutionTrace) -> None:
    """Show code that makes the same picture."""
    st.subheader("The same in code", anchor=False)
    layer, numbers, numpy = st.tabs(["PyTorch", "PyTorch with these numbers", "NumPy"])
    layer.code(torch_layer(trace), language="python")
    numbers.code(torch_numbers(trace), language="python")
    numpy.code(numpy_code(trace), language="python")
