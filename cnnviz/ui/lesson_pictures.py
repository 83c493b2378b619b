"""What every lesson on pictures shows around its viewer: the examples beside the picture's bar, and the code below.

row = picture_row()
picture = choose_picture(KEY, row=row)
...
show_examples(KEY, PRESETS, spec.to_query(), row)
...
show_code(KEY, {"PyTorch": torch_filter(trace)})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.state.preset import Preset
from cnnviz.ui.picture import IMG, default_picture, picture_query
from cnnviz.ui.widgets import example_box, note_of, open_preset


def picture_row() -> DeltaGenerator:
    """Open the row in which the picture and the example are chosen; on a phone it breaks into lines."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small")


def show_examples(key: str, presets: Sequence[Preset], state: Mapping[str, str], row: DeltaGenerator) -> None:
    """Offer the examples in the picture's row; while one stands, say what there is to see.

    `state` is the page's, without the picture, and without where the viewer looks if the learner moved that.
    """
    shown = {IMG: default_picture(), **picture_query(), **state}
    here = next((preset for preset in presets if {IMG: default_picture(), **preset.state} == shown), None)
    example_box(key, presets, here, open_preset, place=row)
    if here:
        st.markdown(note_of(here))


def show_code(key: str, codes: Mapping[str, str], *, file_name: str = "") -> None:
    """Show code in tabs; the first is the one that makes what is on the screen, and can be saved as a file.

    The code reads ``picture.png``: the viewer's button above the first picture saves it under that name.
    """
    for tab, text in zip(st.tabs(list(codes)), codes.values(), strict=True):
        tab.code(text, language="python", wrap_lines=True)
    st.download_button(
        "Save this code",
        next(iter(codes.values())),
        file_name or f"cnnviz_{key}.py",
        "text/x-python",
        key=f"{key}_code",
        icon=":material/download:",
        on_click="ignore",
    )
