"""The Convolution lesson: read the state, draw the stage, say what is to be seen."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cnnviz.engine.trace import ConvolutionTrace, trace_convolution
from cnnviz.errors import SpecError
from cnnviz.explain.code import keras_code, torch_code
from cnnviz.explain.convolution import explain_border, explain_cost, explain_kernel, explain_size
from cnnviz.scenes.convolution_controls import has_sides, is_apart
from cnnviz.scenes.convolution_pack import convolution_pack
from cnnviz.scenes.pack import seal
from cnnviz.spec.convolution import BOUNDS, ConvolutionSpec
from cnnviz.spec.grids import CUSTOM, GridSource, parse_rows
from cnnviz.spec.numbers import parse_number
from cnnviz.spec.presets import find_preset
from cnnviz.spec.view import View
from cnnviz.ui.share import answered, current_query, publish
from cnnviz.ui.stage import Edit, stage

KEY = "convolution"
SOURCES = {"input": ("values", "input"), "kernel": ("weights", "kernel")}


def convolution_stage() -> tuple[ConvolutionSpec, ConvolutionTrace | SpecError]:
    """Draw the stage as the URL or the learner asks for it; give the spec and its trace, or why there is none."""
    query, commit = current_query(KEY)
    spec, messages = ConvolutionSpec.from_query(query)
    view, remarks = View.from_query(query)
    messages += remarks
    if commit:
        spec, complaints = apply_edits(spec, commit.edits)
        messages += complaints
    view = replace(view, apart=view.apart or is_apart(spec), sides=view.sides or has_sides(spec))
    state = spec.to_query() | view.to_query()
    publish(KEY, state, commit)
    body = convolution_pack(spec, apart=view.apart, sides=view.sides)
    stage(seal(body, {"seq": answered(KEY), "state": state, "messages": messages}), key=KEY)
    try:
        return spec, trace_convolution(spec)
    except SpecError as error:
        return spec, error


def apply_edits(spec: ConvolutionSpec, edits: tuple[Edit, ...]) -> tuple[ConvolutionSpec, list[str]]:
    """Change the cells that were typed into; what is not a number is named and changes nothing.

    >>> spec, complaints = apply_edits(ConvolutionSpec(), (("input", 0, 2, "9"), ("kernel", 1, 1, "two")))
    >>> spec.values.edits, len(complaints)
    (((0, 2, 9),), 1)
    """
    complaints = []
    for grid, row, column, text in edits:
        if grid not in SOURCES or max(row, column) >= BOUNDS[SOURCES[grid][1]][1]:
            continue
        attribute = SOURCES[grid][0]
        try:
            number = parse_number(text)
        except SpecError as error:
            complaints.append(error.message)
        else:
            source = getattr(spec, attribute).edit(row, column, number)
            spec = replace(spec, **{attribute: source})
    return spec, complaints


def convolution_note(spec: ConvolutionSpec) -> None:
    """Say what an example is there to show, while its settings stand."""
    if preset := find_preset(spec.to_query()):
        st.markdown(f"**{preset.title}.** {preset.note} :small[:gray[{preset.source}]]")


def convolution_words(trace: ConvolutionTrace) -> None:
    """Say why the output has its size, what happens at the border, and what it costs."""
    st.subheader("Why this size?", anchor=False)
    for formula in explain_size(trace):
        st.latex(formula)
    st.subheader("At the border", anchor=False)
    st.markdown(explain_border(trace))
    st.subheader("What it costs", anchor=False)
    cost = explain_cost(trace)
    with st.container(horizontal=True):
        st.metric("Weights", f"{cost.weights:,}")
        st.metric("Multiplications", f"{cost.multiplications:,}")
        st.metric("Weights, if dense", f"{cost.dense_weights:,}")
    st.markdown(cost.sentence)
    st.markdown(explain_kernel(trace))


def convolution_code(trace: ConvolutionTrace) -> None:
    """Show code that makes the same picture."""
    st.subheader("The same in code", anchor=False)
    layer, numbers, keras = st.tabs(["PyTorch", "PyTorch with these numbers", "Keras"])
    layer.code(torch_code(trace, numbers=False), language="python")
    numbers.code(torch_code(trace, numbers=True), language="python")
    keras.code(keras_code(trace), language="python")


def typed_numbers(spec: ConvolutionSpec) -> None:
    """Let the learner type or paste whole grids."""
    with st.popover("Type or paste numbers", icon=":material/keyboard:"), st.form("typed", border=False):
        st.markdown("One row a line, numbers parted by spaces. Fractions like 1/9 are welcome.")
        source = st.selectbox("Which grid", ["Input", "Kernel"])
        text = st.text_area("Numbers", placeholder="1 2 3\n4 5 6\n7 8 9", max_chars=4000)
        if st.form_submit_button("Use these numbers", icon=":material/check:"):
            _use_rows(spec, source, text)


def _use_rows(spec: ConvolutionSpec, source: str, text: str) -> None:
    """Put typed rows into the state, and size the grid to fit them; say what is wrong with them otherwise."""
    name = source.lower()
    try:
        rows = parse_rows(text, BOUNDS[name][1])
    except SpecError as error:
        st.error(error.message)
        return
    attribute, size = ("values", "size") if name == "input" else ("weights", "kernel")
    changed = {attribute: GridSource(CUSTOM, rows), size: (len(rows), len(rows[0]))}
    publish(KEY, replace(spec, **changed).to_query(), None)  # type: ignore[arg-type]
    st.rerun(scope="fragment")
