"""The Translation lesson: filter and move in both orders, what a stride breaks, a template that lies or slides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.grids import CUSTOM
from cnnviz.engine.pictures.decode import Picture
from cnnviz.engine.pictures.grey import luma
from cnnviz.engine.pictures.kernels import LIBRARY
from cnnviz.lessons.translation.examples import TRANSLATION_PRESETS
from cnnviz.lessons.translation.spec import VIEWS, TranslationSpec
from cnnviz.lessons.translation.view_parts import KEY, show_move, show_stride, show_template
from cnnviz.state.kernels import KernelSource
from cnnviz.ui.lesson_pictures import picture_row, show_examples
from cnnviz.ui.notes import show_notes
from cnnviz.ui.picture import choose_picture, picture_query
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.viewer import keep, viewed_query
from cnnviz.ui.widgets import bound

GREY = "_translation_grey"
"""In the session: the picture in grey, so that it is made once."""


def show_translation() -> None:
    """Draw the whole lesson."""
    row = picture_row()
    query, answer = viewed_query(KEY)
    spec, notes = TranslationSpec.from_query(query)
    picture = None if spec.view == "template" else choose_picture(KEY, row=row)
    if answer and answer.click and answer.click[0] and spec.view != "template":
        spec = replace(spec, at=answer.click[1:])
    keep(KEY, spec.to_query(), answer)
    if spec.view == "move" or (spec.view == "stride" and spec.layer == "conv"):
        _choose_kernel(spec, row)
    # The digits are a picture of their own: whichever other one is chosen, their examples stay what they are.
    presets = [
        replace(preset, state={**picture_query(), **preset.state}) if preset.state.get("view") == "template" else preset
        for preset in TRANSLATION_PRESETS
    ]
    show_examples(KEY, presets, spec.to_query(), row)
    show_notes(notes)
    if picture is None:
        show_template(spec)
    elif spec.view == "move":
        show_move(_grey(picture), spec)
    else:
        show_stride(_grey(picture), spec)


def _grey(picture: Picture) -> NDArray[np.uint8]:
    held = st.session_state.get(GREY)
    if held is None or held[0] != picture.digest:
        with out_of_turn():
            held = picture.digest, luma(picture.pixels)
        st.session_state[GREY] = held
    grey: NDArray[np.uint8] = held[1]
    return grey


def _choose_kernel(spec: TranslationSpec, row: DeltaGenerator) -> None:
    """Offer the kernel library in the picture's row; a kernel that a link typed stays on the list."""
    names = [*LIBRARY, *([CUSTOM] if spec.kernel.entry is None else [])]
    widget = f"{KEY}_kernel"

    def take() -> None:
        if st.session_state[widget] != CUSTOM:
            now, _ = TranslationSpec.from_query(viewed_query(KEY)[0])
            keep(KEY, replace(now, kernel=KernelSource(st.session_state[widget])).to_query())

    row.selectbox(
        "Kernel",
        names,
        format_func=lambda name: LIBRARY[name].title if name in LIBRARY else "Your own",
        width=220,
        **bound(widget, spec.kernel.name, take),
    )


assert set(VIEWS) == {"move", "stride", "template"}
