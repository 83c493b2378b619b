"""The Frameworks lesson: one layer under several frameworks' paddings, and the shift between them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from cnnviz.lessons.frameworks.code import framework_codes
from cnnviz.lessons.frameworks.examples import FRAMEWORKS_PRESETS, find_frameworks_preset
from cnnviz.lessons.frameworks.figure import drawing
from cnnviz.lessons.frameworks.spec import BOUNDS, OPERATIONS, FrameworksSpec
from cnnviz.lessons.frameworks.trace import Placed, place_all, same_frames
from cnnviz.lessons.frameworks.words import centre_formula, same_formula, say_place, shift_sentence
from cnnviz.state.preset import Preset
from cnnviz.ui.cards import Column, html_table, show_styles, small_print
from cnnviz.ui.lesson_pictures import show_code
from cnnviz.ui.notes import show_notes
from cnnviz.ui.share import current_query, publish
from cnnviz.ui.widgets import bound_field, example_box, is_dark, note_of

KEY = "frameworks"
STYLES = Path(__file__).resolve().parents[3] / "assets" / "frameworks.css"
LABELS = {"input": "Input size", "padding": "PyTorch’s padding", "output_padding": "Output padding"}
LEGEND = (
    "Full cells are input, hatched ones padding (× where no window reads it), dotted ones hang over the end. "
    "Each line is a window with its taps, the number of its output before it and its centre as a diamond. "
    "The dashed line stands on PyTorch’s first output, at the end on its last."
)
CUT_LEGEND = (
    "Full cells are output, hatched ones are cut off (stamps reach over them), dotted ones are added. Each line is the "
    "stamp of one input cell with its taps, the number of the input cell before it and its middle as a diamond. The "
    "dashed line stands on PyTorch’s first input, at the end on its last."
)
PLACES = (
    "Output 0 stands on: the place of its window’s middle, in input cells; cell 0 has its centre at 0. "
    "Off the middle: how far the middle of all outputs stands from the middle of the input."
)
CUT_PLACES = (
    "Input 0 stands on: the place of its stamp’s middle, in output cells; cell 0 has its centre at 0. Off the middle: "
    "how far the middle of all stamps stands from the middle of the output. Output shapes are PyTorch’s size."
)
TABLE = (
    Column("Framework"),
    Column("Setting", code=True),
    Column("Output", number=True),
    Column("Before", number=True),
    Column("After", number=True),
    Column("Output 0 stands on", number=True),
    Column("Against PyTorch", number=True),
    Column("Off the middle", number=True),
    Column("Remark", whole=True),
)
CUT_TITLES = {"Before": "Cut before", "After": "Cut after", "Output 0 stands on": "Input 0 stands on"}
CUT_TABLE = tuple(replace(column, title=CUT_TITLES.get(column.title, column.title)) for column in TABLE)


def show_frameworks() -> None:
    """Draw the whole lesson."""
    query, _ = current_query(KEY)
    spec, notes = FrameworksSpec.from_query(query)
    publish(KEY, spec.to_query(), None)
    show_styles()
    st.html(STYLES)
    _controls(spec)
    show_notes(notes)
    if preset := find_frameworks_preset(spec):
        st.markdown(note_of(preset))
    rows = place_all(spec)
    st.markdown(f"**{shift_sentence(spec)}**")
    groups = same_frames(rows)
    transposed = spec.operation == "transposed"
    st.html(drawing(spec, groups, dark=is_dark()))
    small_print(CUT_LEGEND if transposed else LEGEND)
    table = CUT_TABLE if transposed else TABLE
    st.html(html_table("Every convention, along one axis", table, [_cells(row) for row in rows], picked=[0]))
    small_print(CUT_PLACES if transposed else PLACES)
    formulas, code = st.columns([2, 3], gap="large")
    with formulas:
        _formulas(spec)
    with code:
        st.subheader("In code", anchor=False)
        show_code(KEY, framework_codes(spec), file_name="padding.py")


def _formulas(spec: FrameworksSpec) -> None:
    """Write the sizes and the places with their numbers."""
    if spec.operation == "transposed":
        st.subheader("Sizes, and what “same” cuts off", anchor=False)
        st.latex(same_formula(spec))
        st.markdown(
            "A negative $t$ adds that many cells at the end. SAME_UPPER and Keras cut the odd cell off at the end, "
            "SAME_LOWER and ONNX’s output_shape at the beginning; older texts of the ONNX standard had it the other "
            "way round. PyTorch’s output_padding cuts less off at the end."
        )
        st.subheader("Where input 0 stands", anchor=False)
    else:
        st.subheader("What “same” pads", anchor=False)
        st.latex(same_formula(spec))
        st.markdown("SAME_UPPER and Keras put the odd cell after, SAME_LOWER puts it before.")
        st.subheader("Where output 0 stands", anchor=False)
    st.latex(centre_formula(spec))
    st.markdown(
        "Weights that were trained with one padding and run with the other see every picture shifted by the "
        "difference. Pad (or cut) by hand, and they see what they learnt from."
    )


def _cells(row: Placed) -> list[str]:
    if not row.works:
        return [row.framework, row.setting, "–", "", "", "", "", "", f"Refused. {row.refused}"]
    over = [f"its last window hangs over by {row.overhang}"] if row.overhang else []
    over += [f"adds {row.added} at the end, where no stamp reaches"] if row.added else []
    unread = [f"leaves {row.unread} at the end unread"] if row.unread else []
    remark = ", ".join([*over, *unread])
    shift = "" if row.shift is None else say_place(row.shift, sign=True)
    numbers = [str(row.size), str(row.before), str(row.after), say_place(row.centre), shift]
    return [row.framework, row.setting, *numbers, say_place(row.off_middle, sign=True), remark.capitalize()]


def _controls(spec: FrameworksSpec) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            "Operation", list(OPERATIONS), format_func=OPERATIONS.__getitem__, required=True,
            **_bound(spec.operation, "operation"),
        )  # fmt: skip
        for name, (low, high) in BOUNDS.items():
            if name == "output_padding" and spec.operation != "transposed":
                continue
            label = LABELS.get(name, name.capitalize())
            st.number_input(label, low, high, width=122, **_bound(getattr(spec, name), name))
        example_box(KEY, FRAMEWORKS_PRESETS, find_frameworks_preset(spec), _open, width=290)


def _open(preset: Preset) -> None:
    publish(KEY, dict(preset.state), None)


def _bound(value: Any, name: str) -> dict[str, Any]:
    """Tie a widget to a value of the URL."""
    return bound_field(KEY, FrameworksSpec, value, name)
