"""The Filters lesson: a kernel over the picture, before and after, and every pixel of the result explained."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.engine.grids import Rows
from cnnviz.engine.pictures.decode import Picture
from cnnviz.engine.pictures.kernels import SIGMAS
from cnnviz.errors import SpecError
from cnnviz.lessons.filters.code import torch_borders, torch_filter, torch_pixel
from cnnviz.lessons.filters.examples import FILTERS_PRESETS
from cnnviz.lessons.filters.spec import BOUNDS, COLOURS, KINDS, PADDINGS, VIEWS, FiltersSpec
from cnnviz.lessons.filters.trace import FilterTrace, panel_place, picture_planes, trace_filter
from cnnviz.lessons.filters.trace_borders import BordersTrace, trace_borders
from cnnviz.lessons.filters.trace_pixel import PixelTrace, trace_pixel
from cnnviz.lessons.filters.view_kernel import choose_kernel, edit_kernel, pick_cell
from cnnviz.lessons.filters.view_pixel import show_pixel
from cnnviz.lessons.filters.words import (
    CHANNELS,
    border_table,
    brightest,
    drawn_as,
    explain_borders,
    explain_kernel,
    explain_reach,
    explain_threshold,
    kernel_alt,
    say_result,
    size_formula,
)
from cnnviz.state.kernels import kernel_rows
from cnnviz.state.padding import MODES
from cnnviz.ui.lesson_pictures import picture_row, show_code, show_examples
from cnnviz.ui.notes import refuse, show_notes
from cnnviz.ui.picture import choose_picture, picture_alt, picture_title
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.viewer import (
    Answer,
    Choice,
    Control,
    Kind,
    Mark,
    Panel,
    Slider,
    Switch,
    keep,
    show_pictures,
    viewed_query,
)

KEY = "filters"
PLANES = "_filters_planes"
"""In the session: the planes of the picture that is filtered, so that they are made once."""


def show_filters() -> None:
    """Draw the whole lesson."""
    row = picture_row()
    picture = choose_picture(KEY, row=row)
    query, answer = viewed_query(KEY)
    spec, notes = FiltersSpec.from_query(query)
    if answer and answer.click:
        spec = _clicked(spec, answer)
    keep(KEY, spec.to_query(), answer)
    choose_kernel(spec, KEY, row)
    show_examples(KEY, FILTERS_PRESETS, spec.to_query(), row)
    show_notes(notes)
    planes = _planes(picture, colour=spec.is_colour and spec.view == "filter")
    (_show_borders if spec.view == "borders" else _show_filter)(picture, planes, spec)


def _clicked(spec: FiltersSpec, answer: Answer) -> FiltersSpec:
    """A click on the result explains a pixel; one on the kernel chooses the weight to change."""
    assert answer.click
    panel, row, column = answer.click
    names = _panel_names(spec)
    name = names[panel] if panel < len(names) else ""
    if name == "Kernel":
        pick_cell(row, column)
        return spec
    if spec.view == "borders" or not name or name == "Before":
        return spec
    return replace(spec, at=(row, column), channel=CHANNELS.index(name) if name in CHANNELS else spec.channel)


def _panel_names(spec: FiltersSpec) -> list[str]:
    """Say which panels stand in the viewer, in their order."""
    if spec.view == "borders":
        return []
    results = [*CHANNELS] if spec.is_colour and drawn_as(spec) == "signed" else ["After"]
    return ["Before", *results, "Kernel"]


def _planes(picture: Picture, *, colour: bool) -> NDArray[np.uint8]:
    """Give the picture's planes, made once and kept in the session."""
    held = st.session_state.get(PLANES)
    if held is None or held[0] != (picture.digest, colour):
        with out_of_turn():
            held = (picture.digest, colour), picture_planes(picture.pixels, colour=colour)
        st.session_state[PLANES] = held
    planes: NDArray[np.uint8] = held[1]
    return planes


def _show_filter(picture: Picture, planes: NDArray[np.uint8], spec: FiltersSpec) -> None:
    """Show before, after and kernel; below them the words, the pixel and the code."""
    try:
        with out_of_turn():
            trace = trace_filter(planes, spec)
    except SpecError as error:
        show_pictures([_before(picture, planes, spec, None)], key=KEY, controls=_controls(spec), look=spec.look)
        refuse(error.message, icon=":material/block:")
        edit_kernel(spec, KEY)
        return
    pixel = trace_pixel(trace, spec.at, spec.channel) if spec.at else None
    with out_of_turn():
        show_pictures(
            [_before(picture, planes, spec, pixel), *_results(trace, pixel), _kernel(trace.rows)],
            key=KEY,
            controls=_controls(spec),
            look=spec.look,
            label="Filter",
            note=say_result(trace) + ("" if pixel else " · Click a pixel of the result to see its sum."),
        )
    if pixel:
        show_pixel(pixel)
    words, numbers = st.columns(2, gap="large")
    with words:
        st.subheader("What the kernel does", anchor=False)
        st.markdown(explain_kernel(trace))
        for said in (explain_reach(trace), explain_threshold(trace)):
            if said:
                st.markdown(said)
        st.latex(size_formula(trace))
        edit_kernel(spec, KEY)
    with numbers:
        st.subheader("The same in PyTorch", anchor=False)
        codes = {"PyTorch": torch_filter(trace)}
        if pixel:
            codes["This pixel"] = torch_pixel(pixel)
        show_code(KEY, codes)


def _before(picture: Picture, planes: NDArray[np.uint8], spec: FiltersSpec, pixel: PixelTrace | None) -> Panel:
    """Show what is filtered, and the window of the chosen pixel."""
    marks = [mark] if pixel and (mark := _window(pixel, planes.shape[1:])) else []
    if spec.is_colour:
        return Panel(picture_title(), picture.pixels, "rgb", alt=picture_alt(), marks=marks)
    return Panel(f"{picture_title()}, grey", planes[0], alt=f"{picture_alt()}; in grey", marks=marks)


def _window(pixel: PixelTrace, size: tuple[int, ...]) -> Mark | None:
    """Mark the part of the window that lies on the picture."""
    row, column, height, width = pixel.window
    top, left = max(row, 0), max(column, 0)
    bottom, right = min(row + height, size[0]), min(column + width, size[1])
    return Mark(top, left, bottom - top, right - left, "window") if bottom > top and right > left else None


def _results(trace: FilterTrace, pixel: PixelTrace | None) -> list[Panel]:
    """Show the result: one map, one colour picture, or a signed map for every channel."""
    step, offset = panel_place(trace.axes)
    title = trace.spec.kernel.title + (", ReLU" if trace.spec.relu else "")
    alt = f"{picture_alt()}, filtered with {title}: {say_result(trace)}"
    marks = [Mark(*pixel.at, 1, 1, "this pixel", "output")] if pixel else []
    place: dict[str, Any] = {"step": step, "offset": offset, "click": True}
    if drawn_as(trace.spec) == "picture":
        high = brightest(trace)
        if len(trace.result) > 1:
            image = np.ascontiguousarray(np.moveaxis(trace.result, 0, 2))
            return [Panel(title, image, "rgb", alt=alt, high=high, marks=marks, **place)]
        return [Panel(title, trace.result[0], "grey", alt=alt, high=high, marks=marks, **place)]
    high = (max(trace.largest, float(np.abs(trace.result).max())) or 1.0) / trace.spec.contrast
    if len(trace.result) == 1:
        return [Panel(title, trace.result[0], "signed", alt=alt, high=high, marks=marks, **place)]
    return [
        Panel(
            f"{name}: {title}",
            plane,
            "signed",
            alt=f"{name} channel of {alt}",
            high=high,
            marks=marks if pixel and pixel.channel == channel else [],
            **place,
        )
        for channel, (name, plane) in enumerate(zip(CHANNELS, trace.result, strict=True))
    ]


def _kernel(rows: Rows) -> Panel:
    """Show the weights as they lie on the picture."""
    whole = all(isinstance(value, int) for row in rows for value in row)
    weights = np.array(rows, np.int64 if whole else np.float64)
    return Panel("Kernel", weights, "signed", alt=f"The kernel: {kernel_alt(rows)}", linked=False, click=True)


def _controls(spec: FiltersSpec) -> list[Control]:
    entry = spec.kernel.entry
    controls: list[Control] = [Choice("view", "Show", VIEWS, spec.view)]
    if entry and entry.sizes:
        step = entry.sizes[1] - entry.sizes[0]
        controls.append(Slider("n", "Kernel size", entry.sizes[0], entry.sizes[-1], spec.kernel.own_size, step))
    if entry and entry.sigma:
        controls.append(Slider("sigma", "Sigma", *SIGMAS, spec.kernel.own_sigma, 0.1))
    controls.append(Slider("d", "Dilation", *BOUNDS["dilation"], spec.dilation))
    if spec.view == "filter":
        controls.append(Slider("s", "Stride", *BOUNDS["stride"], spec.stride))
    controls += [Slider("b", "Bias", *BOUNDS["bias"], spec.bias), Switch("relu", "ReLU", spec.relu)]
    if spec.view == "borders":
        return [*controls, Switch("err", "Show the errors", spec.errors)]
    controls += [Switch("flip", "Turn kernel", spec.flip), Choice("p", "Padding", PADDINGS, spec.padding)]
    if spec.padding == "hand":
        controls.append(Slider("pn", "Padding by hand", *BOUNDS["padding"], spec.amount))
    if spec.padding != "valid":
        controls.append(Choice("mode", "Filled with", MODES, spec.mode))
    controls += [Choice("c", "Picture", COLOURS, spec.colour), Choice("kind", "Draw", KINDS, spec.kind)]
    if drawn_as(spec) == "signed":
        controls.append(Slider("con", "Contrast", *BOUNDS["contrast"], spec.contrast))
    return controls


def _show_borders(picture: Picture, planes: NDArray[np.uint8], spec: FiltersSpec) -> None:
    """Compare the four padding modes on the middle of the picture, whose surroundings are known."""
    rows = kernel_rows(spec.kernel)
    try:
        with out_of_turn():
            borders = trace_borders(planes[0], rows, dilation=spec.dilation, bias=spec.bias, relu=spec.relu)
    except SpecError as error:
        show_pictures([_before(picture, planes, spec, None)], key=KEY, controls=_controls(spec), look=spec.look)
        refuse(error.message, icon=":material/block:")
        return
    with out_of_turn():
        show_pictures(
            _border_panels(borders, spec), key=KEY, controls=_controls(spec), look=spec.look, label="Four borders",
            note="All panels show the middle of the picture. Truth: filtered before it was cut out.",
        )  # fmt: skip
    table, code = st.columns(2, gap="large")
    with table:
        lines = "\n".join(f"| {' | '.join(cells)} |" for cells in border_table(borders))
        st.markdown(f"| Padding | Largest error | Mean error at the border |\n|:--|--:|--:|\n{lines}")
        st.markdown(explain_borders(borders))
    with code:
        show_code(KEY, {"PyTorch": torch_borders(borders, spec)})


def _border_panels(borders: BordersTrace, spec: FiltersSpec) -> list[Panel]:
    """Show the crop, the truth, and the four results or their errors, on one scale."""
    signed = drawn_as(spec) == "signed"
    maps = [borders.truth, *(case.result for case in borders.cases)]
    reach = max(float(np.abs(one).max()) for one in maps) or 1.0
    wrong = max(case.largest for case in borders.cases) or 1.0
    kind: Kind = "signed" if signed else "grey"
    high = reach if signed else max(255.0, reach)
    panels = [
        Panel("The middle", borders.picture, alt=f"The middle of: {picture_alt()}"),
        Panel("Truth", borders.truth, kind, high=high, alt="The middle, filtered with what lies around it"),
    ]
    for case in borders.cases:
        name = MODES[case.mode]
        if spec.errors:
            panels.append(Panel(f"{name}: error", case.error, "signed", high=wrong, alt=f"Error of padding {name}"))
        else:
            panels.append(Panel(name, case.result, kind, high=high, alt=f"The middle, filtered with padding {name}"))
    return panels
