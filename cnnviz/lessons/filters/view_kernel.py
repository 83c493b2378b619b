"""The kernel of the Filters lesson: chosen from the library, typed as rows, or changed weight by weight."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.grids import CUSTOM
from cnnviz.engine.pictures.kernels import LARGEST_KERNEL, LIBRARY
from cnnviz.errors import SpecError
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.state.kernels import KernelSource, edited_kernel, kernel_rows, kernel_text
from cnnviz.state.numbers import parse_number, store_number
from cnnviz.state.query import LONGEST_VALUE
from cnnviz.ui.notes import refuse
from cnnviz.ui.viewer import keep, viewed_query
from cnnviz.ui.widgets import bound, bound_text

CELL = "_filters_cell"
"""In the session: the weight that a click on the kernel chose, or None."""
WRONG = "_filters_wrong"


def choose_kernel(spec: FiltersSpec, key: str, row: DeltaGenerator) -> None:
    """Offer the library in the picture's row."""
    widget = f"{key}_kernel"
    names = [*LIBRARY, *([CUSTOM] if spec.kernel.entry is None else [])]

    def take() -> None:
        _put(key, KernelSource(st.session_state[widget]))

    row.selectbox("Kernel", names, format_func=_title, width=270, **bound(widget, spec.kernel.name, take))


def pick_cell(row: int, column: int) -> None:
    """Choose the weight to change."""
    st.session_state[CELL] = (row, column)


def edit_kernel(spec: FiltersSpec, key: str) -> None:
    """Let the learner change the kernel: all rows as text, or the weight that was clicked."""
    rows = kernel_rows(spec.kernel)
    text, shown = kernel_text(rows), f"{key}_rows"

    def take_rows() -> None:
        try:
            _put(key, edited_kernel(spec.kernel, st.session_state[shown]))
        except SpecError as error:
            st.session_state[WRONG] = error.message

    st.text_area(
        f"Kernel, {len(rows)}×{len(rows[0])}",
        height=min(60 + 26 * len(rows), 260),
        max_chars=LONGEST_VALUE,
        help=f"One row a line, numbers parted by spaces, up to {LARGEST_KERNEL}×{LARGEST_KERNEL}; 1/9 is a number. "
        "Ctrl+Enter, or a click elsewhere, uses them. Or click a weight of the kernel above.",
        **bound_text(shown, text, take_rows),
    )
    if wrong := st.session_state.pop(WRONG, ""):
        refuse(wrong)
    _edit_cell(spec, key)


def _edit_cell(spec: FiltersSpec, key: str) -> None:
    """Offer the weight that was clicked on the kernel's panel, which may be turned."""
    rows = kernel_rows(spec.kernel)
    cell = st.session_state.get(CELL)
    if cell is None or cell[0] >= len(rows) or cell[1] >= len(rows[0]):
        return
    row, column = (len(rows) - 1 - cell[0], len(rows[0]) - 1 - cell[1]) if spec.flip else cell
    widget, value = f"{key}_weight", store_number(rows[row][column])

    def take() -> None:
        try:
            number = parse_number(st.session_state[widget])
        except SpecError as error:
            st.session_state[WRONG] = error.message
        else:
            _put(key, spec.kernel.edit(row, column, number))

    st.text_input(
        f"Weight in row {row}, column {column}", max_chars=32, width=240,
        **bound_text(widget, value, take, mark=(cell, value)),
    )  # fmt: skip


def _put(key: str, kernel: KernelSource) -> None:
    """Put a kernel into the state."""
    spec, _ = FiltersSpec.from_query(viewed_query(key)[0])
    keep(key, replace(spec, kernel=kernel).to_query())


def _title(name: str) -> str:
    entry = LIBRARY.get(name)
    return f"{entry.title} · {entry.group.lower()}" if entry else "Your own kernel"
