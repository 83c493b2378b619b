"""What every lesson with a stage does: read the state, draw the stage, and know where the learner is."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.scenes.moves import Askable, changed
from cnnviz.scenes.operation import Operation, pack
from cnnviz.scenes.pack import seal
from cnnviz.spec.grids import CUSTOM, GridSource, parse_rows
from cnnviz.spec.numbers import parse_number
from cnnviz.spec.view import View
from cnnviz.ui.share import answered, current_query, publish
from cnnviz.ui.stage import Edit, stage

SpecT = TypeVar("SpecT", bound=Askable)


def show_stage(operation: Operation[SpecT]) -> SpecT:
    """Draw the stage as the URL or the learner asks for it, and give the spec that it shows."""
    query, commit = current_query(operation.key)
    spec, messages = operation.read(query)
    view, remarks = View.from_query(query)
    messages += remarks
    if commit:
        spec, complaints = apply_edits(operation, spec, commit.edits)
        messages += complaints
    view = replace(view, apart=view.apart or operation.apart(spec), sides=view.sides or operation.sides(spec))
    state = spec.to_query() | view.to_query()
    publish(operation.key, state, commit)
    body = pack(operation, spec, apart=view.apart, sides=view.sides)
    stage(seal(body, {"seq": answered(operation.key), "state": state, "messages": messages}), key=operation.key)
    return spec


def apply_edits(operation: Operation[SpecT], spec: SpecT, edits: tuple[Edit, ...]) -> tuple[SpecT, list[str]]:
    """Change the cells that were typed into; what is not a number is named and changes nothing.

    >>> from cnnviz.scenes.convolution_controls import CONVOLUTION
    >>> from cnnviz.spec.convolution import ConvolutionSpec
    >>> edits = (("input", 0, 2, "9"), ("kernel", 1, 1, "two"))
    >>> spec, complaints = apply_edits(CONVOLUTION, ConvolutionSpec(), edits)
    >>> spec.values.edits, len(complaints)
    (((0, 2, 9),), 1)
    """
    complaints = []
    for grid, row, column, text in edits:
        attribute, side = operation.grids.get(grid, ("", 0))
        if max(row, column) >= side:
            continue
        try:
            number = parse_number(text)
        except SpecError as error:
            complaints.append(error.message)
        else:
            if operation.edit:
                spec = operation.edit(spec, grid, row, column, number)
            else:
                spec = changed(spec, {attribute: getattr(spec, attribute).edit(row, column, number)})
    return spec, complaints


def show_note(operation: Operation[SpecT], spec: SpecT) -> None:
    """Say what an example is there to show, while its settings stand."""
    if preset := operation.preset(spec):
        st.markdown(f"**{preset.title}.** {preset.note} :small[:gray[{preset.source}]]")


def typed_numbers(operation: Operation[SpecT], spec: SpecT, sizes: dict[str, str]) -> None:
    """Let the learner type or paste a whole grid; `sizes` maps a grid to the attribute that holds its size."""
    with st.popover("Type or paste numbers", icon=":material/keyboard:"), st.form("typed", border=False):
        st.markdown("One row a line, numbers parted by spaces. Fractions like 1/9 are welcome.")
        grid = st.selectbox("Which grid", list(sizes), format_func=str.capitalize)
        text = st.text_area("Numbers", placeholder="1 2 3\n4 5 6\n7 8 9", max_chars=4000)
        if st.form_submit_button("Use these numbers", icon=":material/check:"):
            _use_rows(operation, spec, grid, sizes[grid], text)


def _use_rows(operation: Operation[SpecT], spec: SpecT, grid: str, size: str, text: str) -> None:
    """Put typed rows into the state, and size the grid to fit them; say what is wrong with them otherwise."""
    attribute, side = operation.grids[grid]
    try:
        rows = parse_rows(text, side)
    except SpecError as error:
        st.error(error.message)
        return
    spec = changed(spec, {attribute: GridSource(CUSTOM, rows), size: (len(rows), len(rows[0]))})
    publish(operation.key, spec.to_query(), None)
    st.rerun(scope="fragment")
