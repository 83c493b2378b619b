"""One pixel of the result, taken apart below the pictures, and the stage on its neighbourhood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.explain.notation import minus, number
from cnnviz.lessons.convolution.controls import CONVOLUTION
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.filters.trace_pixel import PixelTrace, channels_spec, stage_cell, stage_spec
from cnnviz.lessons.filters.words import CHANNELS, explain_pixel, pixel_formula
from cnnviz.lessons.registry import LESSONS
from cnnviz.quoting import as_markdown
from cnnviz.stage.operation import pack
from cnnviz.stage.pack import seal
from cnnviz.state.view import View
from cnnviz.ui.lesson import apply_edits
from cnnviz.ui.reconnect import first_number
from cnnviz.ui.stage import read_commit, stage
from cnnviz.ui.viewer import Panel, show_pictures

KEY = "filters_pixel"
STAGE = "filters_stage"


def show_pixel(pixel: PixelTrace) -> None:
    """Show the neighbourhood, the kernel and the products with their numbers, the sum, and the stage."""
    st.subheader("Explain this pixel", anchor=False)
    grids, words = st.columns([2, 1], gap="large")
    with grids:
        show_pictures(_panels(pixel), key=KEY, label="This pixel")
    with words:
        st.markdown(explain_pixel(pixel))
        st.latex(pixel_formula(pixel))
    _show_stage(pixel)


def _panels(pixel: PixelTrace) -> list[Panel]:
    weights = np.array(pixel.weights)
    over = f" / {pixel.divisor}" if pixel.divisor > 1 else ""
    colour = f", {CHANNELS[pixel.channel].lower()}" if len(pixel.filtered.planes) > 1 else ""
    total = minus(number(pixel.total))
    return [
        Panel(f"Pixels{colour}", pixel.values, alt="The pixels that the window reads", linked=False),
        Panel(f"Weights{over}", weights, "signed", alt="The kernel as it lies on them", linked=False),
        Panel("Products", pixel.products, "signed", alt=f"Their products; the sum{over} is {total}", linked=False),
    ]


def _show_stage(pixel: PixelTrace) -> None:
    """Open the stage on the neighbourhood, or say why it does not fit."""
    try:
        spec = stage_spec(pixel)
    except SpecError as error:
        st.caption(as_markdown(error.message))
        return
    row, column = stage_cell(pixel, spec)
    pin = View(pin=("output", row, column)).to_query()
    state = spec.to_query() | pin
    said = f"**The same on the stage.** Output ({row}, {column}) is this pixel"
    if pixel.spec.bias or pixel.spec.relu:
        said += ", before bias and ReLU"
    said += f": {minus(number(pixel.total))}. Move it, change its numbers, hover the cells."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(said, width="stretch")
        st.page_link(
            LESSONS["convolution"].page, label="Convolution page", icon=":material/grid_on:", query_params=state
        )
        if pixel.spec.is_colour:
            _link_channels(pixel)
    _stage(spec, state)


def _link_channels(pixel: PixelTrace) -> None:
    """Offer all three channels at once, where the Channels page can hold them."""
    try:
        query = channels_spec(pixel).to_query()
    except SpecError as error:
        st.caption(as_markdown(error.message))
        return
    st.page_link(LESSONS["channels"].page, label="All three channels", icon=":material/layers:", query_params=query)


def _stage(spec: ConvolutionSpec, state: Mapping[str, str]) -> None:
    """Draw the stage; what the learner does on it stays on it, and goes when another pixel is chosen."""
    held = f"_{STAGE}_state"
    if st.session_state.get(held) != state:
        st.session_state[held] = dict(state)
        sent = read_commit(STAGE)
        st.session_state[f"_{STAGE}_since"] = max(sent.seq if sent else 0, first_number())
    commit = read_commit(STAGE)
    messages: list[str] = []
    shown, seq = dict(state), max(commit.seq if commit else 0, first_number())
    if commit and commit.seq > st.session_state[f"_{STAGE}_since"]:
        shown = commit.state
        spec, messages = CONVOLUTION.read(shown)
        spec, complaints = apply_edits(CONVOLUTION, spec, commit.edits)
        messages += complaints
    view, remarks = View.from_query(shown)
    view = replace(view, apart=view.apart or CONVOLUTION.apart(spec), sides=view.sides or CONVOLUTION.sides(spec))
    body = pack(CONVOLUTION, spec, apart=view.apart, sides=view.sides)
    head = {"seq": seq, "state": spec.to_query() | view.to_query(), "messages": messages + remarks}
    stage(seal(body, head | {"home": CONVOLUTION.key}), key=STAGE)
