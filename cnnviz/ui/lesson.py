"""What every lesson with a stage does: read the state, draw the stage, and know where the learner is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.stage.moves import Askable, changed
from cnnviz.stage.operation import Operation, pack
from cnnviz.stage.pack import seal
from cnnviz.stage.typed import Reader, grid_reader
from cnnviz.state.numbers import parse_number
from cnnviz.state.query import LONGEST_VALUE
from cnnviz.state.view import View
from cnnviz.ui.holdings import keep_in_the_tab
from cnnviz.ui.notes import refuse
from cnnviz.ui.share import answered, current_query, fresh, publish
from cnnviz.ui.stage import Edit, stage
from cnnviz.ui.turns import in_turn

SpecT = TypeVar("SpecT", bound=Askable)

ROWS = "One row a line, numbers parted by spaces. Fractions like 1/9 are welcome."
EXAMPLE = "1 2 3\n4 5 6\n7 8 9"


def lesson_part(page: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Mark the part of a page that runs again by itself at every move, in turn with all other learners' parts.

    Named after its page: Streamlit knows parts by name and place, and would take those of two pages for one.
    """

    def marked(function: Callable[[], None]) -> Callable[[], None]:
        @functools.wraps(function)
        def whole() -> None:
            function()
            keep_in_the_tab()

        whole.__qualname__ = f"{page}.{function.__name__}"
        part: Callable[[], None] = st.fragment(in_turn(whole))
        return part

    return marked


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

    >>> from cnnviz.lessons.convolution.controls import CONVOLUTION
    >>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
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


def lesson_title(
    title: str, operation: Operation[SpecT], sizes: Mapping[str, str], how: str = ROWS, example: str = EXAMPLE
) -> None:
    """Write the title of a lesson, and beside it the way to type or paste whole grids.

    Outside the lesson's own part, for nothing of it changes when the learner moves something. `sizes` maps a grid to
    the attribute that holds its size; the operation may name more that can be typed. `how` and `example` tell how.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(title, anchor=False)
        _typed_numbers(operation, _readers(operation, sizes), how, example)


def _readers(operation: Operation[SpecT], sizes: Mapping[str, str]) -> dict[str, Reader[SpecT]]:
    """Name everything that can be typed whole, each with its reader."""
    grids = {grid: (*operation.grids[grid], size) for grid, size in sizes.items()}
    whole: dict[str, Reader[SpecT]] = {
        name: grid_reader(one, side, size=size) for name, (one, side, size) in grids.items()
    }
    return {**whole, **operation.typed}


def _typed_numbers(operation: Operation[SpecT], readers: dict[str, Reader[SpecT]], how: str, example: str) -> None:
    """Let the learner type or paste a whole grid."""
    grid_key, text_key, error_key = (f"{operation.key}_typed_{part}" for part in ("grid", "text", "error"))

    def use() -> None:
        query = st.query_params.to_dict()
        spec, _ = operation.read(query)
        try:
            typed = readers[st.session_state[grid_key]](spec, st.session_state[text_key])
        except SpecError as error:
            st.session_state[error_key] = error.message
            return
        view, _ = View.from_query(query)  # how the stage is looked at stays
        publish(operation.key, typed.to_query() | view.to_query(), None)

    with st.popover("Type or paste numbers", icon=":material/keyboard:"), st.form("typed", border=False):
        st.markdown(how)
        st.selectbox("Which grid", list(readers), format_func=_label, key=grid_key)
        st.text_area("Numbers", placeholder=example, max_chars=LONGEST_VALUE, key=text_key)
        st.form_submit_button("Use these numbers", icon=":material/check:", on_click=fresh(use))
        if message := st.session_state.pop(error_key, ""):
            refuse(message)


def _label(name: str) -> str:
    return name.capitalize() if name.islower() else name
