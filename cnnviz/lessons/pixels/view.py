"""The Pixels lesson: the picture in the viewer, its scales, its histogram, its channels and its order in memory."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from cnnviz.engine.pictures.decode import Picture
from cnnviz.explain.notation import minus
from cnnviz.lessons.pixels.examples import PIXELS_PRESETS
from cnnviz.lessons.pixels.figure import histogram_figure
from cnnviz.lessons.pixels.spec import CHANNELS, LARGEST_BATCH, ORDERS, OVER, SCALES, PixelsSpec
from cnnviz.lessons.pixels.trace import PixelsTrace, trace_pixels
from cnnviz.lessons.pixels.words import (
    NAMES,
    WORDS,
    explain_order,
    explain_scale,
    histogram_alt,
    level_words,
    number,
    say_shape,
    scale_formula,
    statistics,
    torch_corner,
    torch_pixels,
)
from cnnviz.ui.lesson_pictures import picture_row, show_code, show_examples
from cnnviz.ui.notes import show_notes
from cnnviz.ui.picture import choose_picture, picture_alt, picture_title
from cnnviz.ui.viewer import Choice, Control, Mark, Panel, Switch, keep, show_pictures, viewed_query
from cnnviz.ui.widgets import bound, is_dark, show_chart

KEY = "pixels"


def show_pixels() -> None:
    """Draw the whole lesson."""
    row = picture_row()
    picture = choose_picture(KEY, row=row)
    query, answer = viewed_query(KEY)
    spec, notes = PixelsSpec.from_query(query)
    if answer and answer.click:
        spec = replace(spec, at=answer.click[1:])
    keep(KEY, spec.to_query(), answer)
    show_examples(KEY, PIXELS_PRESETS, spec.to_query(), row)
    show_notes(notes)
    trace = trace_pixels(picture.pixels, spec)
    show_pictures(
        _panels(picture, trace),
        key=KEY,
        controls=_controls(spec),
        look=spec.look,
        label="Pixels",
        note="Zoom in until the pixels are numbers (wheel, pinch, or the button Numbers). Click a pixel to mark it.",
    )
    numbers, order = st.columns(2, gap="large")
    with numbers:
        _show_scale(trace)
    with order:
        _show_order(trace)


def _panels(picture: Picture, trace: PixelsTrace) -> list[Panel]:
    spec, title, alt = trace.spec, picture_title(), picture_alt()
    words = level_words(trace)
    height, width = trace.corner.shape[:2]
    marks = [Mark(*trace.at, height, width, "corner")]
    panels = []
    if spec.channels != "apart":
        panels.append(Panel(title, picture.pixels, "rgb", alt=alt, words=words, marks=marks, click=True))
    if spec.channels != "together":
        panels += [
            Panel(
                f"{word.capitalize()} channel",
                picture.pixels[..., channel],
                alt=f"{alt}: its {word} channel alone",
                tint=word if spec.tint else "",
                words=[words[channel]],
                marks=marks,
                click=True,
            )
            for channel, word in enumerate(WORDS)
        ]
    return panels


def _controls(spec: PixelsSpec) -> list[Control]:
    controls: list[Control] = [Choice("scale", "Numbers", SCALES, spec.scale)]
    if spec.scale == "standard":
        controls.append(Choice("over", "Mean and std of", OVER, spec.over))
    controls.append(Choice("ch", "Channels", CHANNELS, spec.channels))
    if spec.channels != "together":
        controls.append(Switch("tint", "In their colour", spec.tint))
    return controls


def _show_scale(trace: PixelsTrace) -> None:
    """Show the histogram, the formula and the statistics on the chosen scale."""
    st.subheader("How often each value occurs", anchor=False)
    show_chart(f"{KEY}_histogram", histogram_figure(trace, dark=is_dark()), histogram_alt(trace))
    rows = "\n".join(f"| {' | '.join(row)} |" for row in statistics(trace))
    st.markdown(f"| Channel | Min | Max | Mean | Std |\n|:--|--:|--:|--:|--:|\n{rows}\n\n{explain_scale(trace)}")
    st.latex(scale_formula(trace))


def _show_order(trace: PixelsTrace) -> None:
    """Show the shape, the order in memory and the lines of PyTorch."""
    st.subheader("The order of the numbers", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            "Order", list(ORDERS), format_func=ORDERS.__getitem__, required=True, **_bound(trace.spec, "order")
        )
        if trace.spec.order == "nchw":
            st.number_input("Batch N", 1, LARGEST_BATCH, width=150, **_bound(trace.spec, "batch"))
        st.markdown(f"Shape **{say_shape(trace)}**", width="content")
    st.html(memory_html(trace))
    st.markdown(explain_order(trace))
    show_code(KEY, {"PyTorch": torch_pixels(trace), "PyTorch with these numbers": torch_corner(trace)})


def memory_html(trace: PixelsTrace) -> str:
    """Write the corner's numbers in the order in which memory holds them; between them others are left out."""
    cells = []
    row_before = None
    for row, column, channel in trace.memory(trace.spec.order):
        line = (row, channel) if trace.spec.order != "hwc" else row
        if row_before is not None and line != row_before:
            cells.append('<li class="cnp-gap" aria-hidden="true">…</li>')
        row_before = line
        byte = int(trace.corner[row, column, channel])
        value = minus(number(float(trace.scaled(channel)[byte])))
        place = f"row {trace.at[0] + row}, column {trace.at[1] + column}"
        cells.append(
            f'<li class="cnp-{WORDS[channel]}" title="{escape(f"{WORDS[channel]} of {place}")}">'
            f"<b>{NAMES[channel]}</b>{escape(value)}<i>{trace.at[0] + row}, {trace.at[1] + column}</i></li>"
        )
    return f'{STYLE}<ol class="cnp" aria-label="The corner’s numbers in memory">{"".join(cells)}</ol>'


STYLE = """<style>
.cnp { display: grid; grid-template-columns: repeat(auto-fill, minmax(3.4rem, 1fr)); gap: 3px; list-style: none;
  margin: 0 !important; padding: 0 !important; max-width: 37rem;
  font-variant-numeric: tabular-nums; }
.cnp li { display: flex; flex-direction: column; align-items: center; padding: 0 0 2px; margin: 0;
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-top: 5px solid; border-radius: 3px;
  font-size: 0.95rem; line-height: 1.25; }
.cnp b { font-size: 0.75rem; } .cnp i { font-size: 0.72rem; font-style: normal; white-space: nowrap; }
.cnp .cnp-red { border-top-color: #d1242f; } .cnp .cnp-green { border-top-color: #1a7f37; border-top-style: double; }
.cnp .cnp-blue { border-top-color: #0969da; border-top-style: groove; }
.cnp .cnp-gap { border-color: transparent; justify-content: center; }
</style>"""


def _bound(spec: PixelsSpec, attribute: str) -> dict[str, Any]:
    """Give the arguments that tie a widget to an attribute of the spec."""
    key, value = f"{KEY}_{attribute}", getattr(spec, attribute)
    return bound(key, value, _take, attribute, key)


def _take(attribute: str, key: str) -> None:
    spec, _ = PixelsSpec.from_query(viewed_query(KEY)[0])
    keep(KEY, replace(spec, **{attribute: st.session_state[key]}).to_query())
