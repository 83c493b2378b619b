"""The Filter chains lesson: two kernels in sequence, gradients, and scale space, each with its words and code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.grids import CUSTOM
from cnnviz.engine.pictures.decode import Picture, grey
from cnnviz.engine.pictures.kernels import LARGEST_KERNEL, LIBRARY
from cnnviz.errors import SpecError
from cnnviz.lessons.filter_chains.code import torch_chain
from cnnviz.lessons.filter_chains.examples import FILTER_CHAINS_PRESETS
from cnnviz.lessons.filter_chains.spec import VIEWS, FilterChainsSpec
from cnnviz.lessons.filter_chains.trace import Grey, grey_bytes, kernel_of
from cnnviz.lessons.filter_chains.view_gradient import gradient_part
from cnnviz.lessons.filter_chains.view_part import Part
from cnnviz.lessons.filter_chains.view_scale import scale_part
from cnnviz.lessons.filter_chains.view_sequence import before_click, sequence_part
from cnnviz.state.grids import parse_rows
from cnnviz.state.kernels import KernelSource, kernel_rows
from cnnviz.state.numbers import store_number
from cnnviz.state.query import LONGEST_VALUE
from cnnviz.ui.lesson_pictures import picture_row, show_code, show_examples
from cnnviz.ui.notes import refuse, show_notes, warn
from cnnviz.ui.picture import choose_picture, picture_alt
from cnnviz.ui.share import fresh
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.viewer import Answer, Choice, Panel, keep, show_pictures, viewed_query
from cnnviz.ui.widgets import bound, bound_text

KEY = "filter_chains"
ORDER = {"first": "First kernel", "second": "Second kernel"}
LONGEST_TYPED = 9
ERROR = f"_{KEY}_error"


def show_filter_chains() -> None:
    """Draw the whole lesson."""
    row = picture_row()
    picture = choose_picture(KEY, row=row)
    query, answer = viewed_query(KEY)
    spec, notes = FilterChainsSpec.from_query(query)
    spec = _clicked(spec, answer)
    keep(KEY, spec.to_query(), answer)
    show_examples(KEY, FILTER_CHAINS_PRESETS, spec.to_query(), row)
    if spec.view == "sequence":
        _choose_kernels(spec, row)
    show_notes(notes)
    if complaint := st.session_state.pop(ERROR, ""):
        warn(complaint, icon=":material/keyboard:")
    plane = _grey(picture)
    try:
        with out_of_turn():
            part = _part(plane, spec)
    except SpecError as error:
        refuse(error.message, icon=":material/error:")
        part = Part([Panel("Picture", plane, alt=picture_alt())], [], "")
    view = Choice("view", "What to see", VIEWS, spec.view)
    show_pictures(
        part.panels, key=KEY, controls=[view, *part.controls], look=spec.look, label="Filter chains", note=part.note
    )
    _show_words(part, spec)


def _part(plane: Grey, spec: FilterChainsSpec) -> Part:
    """Compute what is chosen, its panels and its words."""
    make = {"sequence": sequence_part, "gradient": gradient_part, "scale": scale_part}[spec.view]
    return make(plane, spec, picture_alt())


def _clicked(spec: FilterChainsSpec, answer: Answer | None) -> FilterChainsSpec:
    """Mark the pixel that was clicked."""
    if answer is None or answer.click is None:
        return spec
    panel, row, column = answer.click
    if spec.view == "sequence":
        row, column = before_click(spec, panel, row, column)
    return replace(spec, at=(row, column))


def _grey(picture: Picture) -> Grey:
    """Give the grey picture in bytes, kept in this session as the picture itself is."""
    digest, plane = st.session_state.get(f"_{KEY}_grey", ("", None))
    if digest != picture.digest or plane is None:
        plane = grey_bytes(grey(picture))
        plane.flags.writeable = False
        st.session_state[f"_{KEY}_grey"] = (picture.digest, plane)
    kept: Grey = plane
    return kept


def _choose_kernels(spec: FilterChainsSpec, row: DeltaGenerator) -> None:
    """Offer the library twice, in the picture's row."""
    for attribute, label in ORDER.items():
        source: KernelSource = getattr(spec, attribute)
        names = [*LIBRARY, *([CUSTOM] if source.entry is None else [])]
        key = f"{KEY}_{attribute}"
        row.selectbox(
            label,
            names,
            format_func=_kernel_title,
            width=210,
            **bound(key, source.name, _take_kernel, attribute, key),
        )


def _kernel_title(name: str) -> str:
    return LIBRARY[name].title if name in LIBRARY else "Your own kernel"


def _take_kernel(attribute: str, key: str) -> None:
    name = st.session_state[key]
    if name in LIBRARY:
        _change(attribute, KernelSource(name))


def _take_rows(attribute: str, key: str) -> None:
    """Read the rows that were typed; what is no grid of numbers is named and changes nothing."""
    spec, _ = FilterChainsSpec.from_query(viewed_query(KEY)[0])
    source: KernelSource = getattr(spec, attribute)
    try:
        rows = parse_rows(st.session_state[key], LARGEST_KERNEL)
    except SpecError as error:
        st.session_state[ERROR] = f"{ORDER[attribute]}: {error.message}"
        return
    if rows != parse_rows(rows_text(source), LARGEST_KERNEL):
        _change(attribute, KernelSource(CUSTOM, rows=rows))


def _change(attribute: str, kernel: KernelSource) -> None:
    spec, _ = FilterChainsSpec.from_query(viewed_query(KEY)[0])
    changed = replace(spec, first=kernel) if attribute == "first" else replace(spec, second=kernel)
    keep(KEY, changed.to_query())


def rows_text(source: KernelSource) -> str:
    """Write a kernel as one types it; long decimals are cut to the six places that typing keeps.

    >>> rows_text(KernelSource("box")).splitlines()[0], rows_text(KernelSource("gaussian"))[:8]
    ('1/9 1/9 1/9', '0.002969')
    """
    return "\n".join(" ".join(_typed(value) for value in row) for row in kernel_rows(source))


def _typed(value: float) -> str:
    text = store_number(value)
    return text if len(text) <= LONGEST_TYPED else f"{value:.6f}"


def _swap() -> None:
    spec, _ = FilterChainsSpec.from_query(viewed_query(KEY)[0])
    keep(KEY, replace(spec, first=spec.second, second=spec.first).to_query())


def _show_words(part: Part, spec: FilterChainsSpec) -> None:
    """Write the words in two columns, and the code under the second."""
    left, right = st.columns(2, gap="large")
    for column, blocks in ((left, part.left), (right, part.right)):
        with column:
            for title, text, *formulas in blocks:
                st.subheader(title, anchor=False)
                for formula in formulas:
                    st.latex(formula)
                if text:
                    st.markdown(text)
    with left:
        if spec.view == "sequence":
            _type_kernels(spec)
    with right:
        st.subheader("The same in PyTorch", anchor=False)
        show_code(KEY, {"PyTorch": torch_chain(spec)})


def _type_kernels(spec: FilterChainsSpec) -> None:
    """Let the learner type both kernels."""
    st.subheader("Type your own kernels", anchor=False)
    columns = st.columns(2)
    for column, (attribute, label) in zip(columns, ORDER.items(), strict=True):
        source: KernelSource = getattr(spec, attribute)
        key = f"{KEY}_{attribute}_rows"
        text = rows_text(source)
        column.text_area(
            f"{label}, rows",
            height=140,
            max_chars=LONGEST_VALUE,
            **bound_text(key, text, _take_rows, attribute, key),
            help=f"One row a line, numbers parted by spaces; fractions like 1/9. At most {LARGEST_KERNEL} each way.",
        )
    same = bool(np.array_equal(kernel_of(spec.first).values, kernel_of(spec.second).values))
    st.button("Swap the kernels", icon=":material/swap_horiz:", on_click=fresh(_swap), key=f"{KEY}_swap", disabled=same)
