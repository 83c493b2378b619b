"""The three views of the Translation lesson: their pictures, controls, charts, words and code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.errors import SpecError
from cnnviz.figures.chart import Figure
from cnnviz.lessons.translation.code import torch_move, torch_stride, torch_template
from cnnviz.lessons.translation.figure import scores_figure, shift_figure
from cnnviz.lessons.translation.spec import BLURS, BOUNDS, LAYERS, TURN_STEP, VIEWS, WAYS, ZOOM_STEP, TranslationSpec
from cnnviz.lessons.translation.trace import MoveTrace, trace_move
from cnnviz.lessons.translation.trace_stride import StrideTrace, trace_stride
from cnnviz.lessons.translation.trace_template import REACH, TemplateTrace, trace_template
from cnnviz.lessons.translation.words import (
    capital,
    chosen_pixel,
    explain_move,
    move_alt,
    move_formula,
    move_table,
    name_move,
    say_difference,
)
from cnnviz.lessons.translation.words_stride import (
    WAY,
    curve_alt,
    explain_global,
    explain_stride,
    name_layer,
    stride_formula,
    stride_table,
)
from cnnviz.lessons.translation.words_template import (
    explain_template,
    explain_winners,
    say_scores,
    scores_alt,
    shift_alt,
    template_formula,
    weights_formula,
)
from cnnviz.state.padding import MODES
from cnnviz.ui.lesson_pictures import show_code
from cnnviz.ui.notes import refuse
from cnnviz.ui.picture import picture_alt
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.viewer import Choice, Control, Kind, Mark, Panel, Slider, show_pictures
from cnnviz.ui.widgets import is_dark, show_chart

KEY = "translation"

Grey = NDArray[np.uint8]


def show_move(grey: Grey, spec: TranslationSpec) -> None:
    """Filter then move, move then filter, and their difference."""
    try:
        with out_of_turn():
            trace = trace_move(grey, spec)
    except SpecError as error:
        _show_refusal(grey, spec, _move_controls(spec), error)
        return
    with out_of_turn():
        show_pictures(
            _move_panels(trace), key=KEY, controls=_move_controls(spec), look=spec.look, label="Filter and move",
            note=f"{capital(name_move(spec))}: {say_difference(trace.numbers['all'])}",
        )  # fmt: skip
    words, numbers = st.columns(2, gap="large")
    with words:
        st.subheader("Does the order matter?", anchor=False)
        for sentence in explain_move(trace):
            st.markdown(sentence)
        st.latex(move_formula(trace))
    with numbers:
        st.subheader("How much the paths differ", anchor=False)
        _show_table("Where", move_table(trace))
    show_code(KEY, {"PyTorch": torch_move(trace)})


def _move_panels(trace: MoveTrace) -> list[Panel]:
    kind, high = _colours(trace.moved_after, trace.moved_before)
    wrong = trace.numbers["all"].largest or 1.0
    pixel: dict[str, Any] = {"click": True, "marks": _pixel(trace.difference, trace.spec)}
    return [
        Panel("Picture", trace.grey, alt=f"{picture_alt()}; in grey"),
        Panel("A: filter, move", trace.moved_after, kind, high=high, alt=move_alt(trace, "after"), **pixel),
        Panel("B: move, filter", trace.moved_before, kind, high=high, alt=move_alt(trace, "before"), **pixel),
        Panel("B − A", trace.difference, "signed", high=wrong, alt=move_alt(trace, "difference"), **pixel),
    ]


def _pixel(difference: NDArray[np.float32], spec: TranslationSpec) -> list[Mark]:
    """Mark the pixel that was clicked."""
    return [Mark(*chosen_pixel(difference, spec.at), 1, 1, "this pixel", "output")] if spec.at else []


def _colours(one: NDArray[np.float32], other: NDArray[np.float32]) -> tuple[Kind, float]:
    """Draw two results alike: grey as long as nothing is negative, and from one scale."""
    high = max(float(np.abs(plane).max()) for plane in (one, other))
    if min(float(one.min()), float(other.min())) < 0:
        return "signed", high
    return "grey", max(255.0, high)


def _move_controls(spec: TranslationSpec) -> list[Control]:
    return [
        Choice("view", "Look at", VIEWS, spec.view),
        Slider("right", "Right", *BOUNDS["move"], spec.right),
        Slider("down", "Down", *BOUNDS["move"], spec.down),
        Slider("part", "Part of a pixel, right", 0, 0.75, spec.part, 0.25),
        Slider("turn", "Turn", *BOUNDS["turn"], spec.turn, TURN_STEP),
        Slider("zoom", "Scale, %", *BOUNDS["zoom"], spec.zoom, ZOOM_STEP),
        *_kernel_size(spec),
        Choice("mode", "Border", MODES, spec.mode),
    ]


def _kernel_size(spec: TranslationSpec) -> list[Control]:
    entry = spec.kernel.entry
    if entry is None or not entry.sizes:
        return []
    step = entry.sizes[1] - entry.sizes[0]
    return [Slider("n", "Kernel size", entry.sizes[0], entry.sizes[-1], spec.kernel.own_size, step)]


def show_stride(grey: Grey, spec: TranslationSpec) -> None:
    """Make small then move, move then make small, and what a blur repairs."""
    try:
        with out_of_turn():
            trace = trace_stride(grey, spec)
    except SpecError as error:
        _show_refusal(grey, spec, _stride_controls(spec), error)
        return
    here = trace.numbers[spec.blur]
    with out_of_turn():
        show_pictures(
            _stride_panels(trace), key=KEY, controls=_stride_controls(spec), look=spec.look, label="Stride",
            note=f"{capital(name_layer(spec))}, moved by {spec.shift} {WAY[spec.way]}: {say_difference(here)}",
        )  # fmt: skip
    words, numbers = st.columns(2, gap="large")
    with words:
        st.subheader("Does the result move along?", anchor=False)
        for sentence in explain_stride(trace):
            st.markdown(sentence)
        st.latex(stride_formula(trace))
        st.markdown(explain_global(trace))
    with numbers:
        st.subheader("The difference for every shift", anchor=False)
        names = {blur: f"blur {blur}×{blur}" if blur else "no blur" for blur in trace.curves}
        curves = {names[blur]: curve for blur, curve in trace.curves.items()}
        _show_chart(
            "curve",
            shift_figure(
                curves, range(9), at=spec.shift, across="shift in pixels", up="mean difference", dark=is_dark()
            ),
            curve_alt(trace),
        )
        _show_table("Before dropping", stride_table(trace))
    show_code(KEY, {"PyTorch": torch_stride(trace)})


def _stride_panels(trace: StrideTrace) -> list[Panel]:
    spec = trace.spec
    place: dict[str, Any] = {
        "step": (spec.stride, spec.stride), "offset": ((1 - spec.stride) / 2,) * 2,
        "click": True, "marks": _pixel(trace.difference, spec),
    }  # fmt: skip
    flat = (trace.moved_after, trace.moved_before)
    kind, high = _colours(*flat)
    layer = name_layer(spec) + (f", blur {spec.blur}×{spec.blur}" if spec.blur else "")
    alts = (
        f"{layer}; the result moved by {spec.shift}/{spec.stride} of a pixel",
        f"The picture moved by {spec.shift} pixels, then {layer}",
        f"The second path less the first: {say_difference(trace.numbers[spec.blur])}",
    )
    return [
        Panel("Picture", trace.grey, alt=f"{picture_alt()}; in grey"),
        Panel("A: shrink, move", flat[0], kind, high=high, alt=alts[0], **place),
        Panel("B: move, shrink", flat[1], kind, high=high, alt=alts[1], **place),
        Panel(
            "B − A",
            trace.difference,
            "signed",
            high=max(trace.numbers[0].largest, trace.numbers[trace.compared].largest) or 1.0,
            alt=alts[2],
            **place,
        ),
    ]


def _stride_controls(spec: TranslationSpec) -> list[Control]:
    return [
        Choice("view", "Look at", VIEWS, spec.view),
        Choice("layer", "Layer", LAYERS, spec.layer),
        *(_kernel_size(spec) if spec.layer == "conv" else [Slider("w", "Window", *BOUNDS["window"], spec.window)]),
        Slider("s", "Stride", *BOUNDS["stride"], spec.stride),
        Slider("t", "Shift", *BOUNDS["shift"], spec.shift),
        Choice("way", "Direction", WAYS, spec.way),
        Choice("blur", "Blur before dropping", BLURS, str(spec.blur)),
    ]


def show_template(spec: TranslationSpec) -> None:
    """A template that lies still against one that slides."""
    trace = trace_template(spec)
    show_pictures(
        _template_panels(trace), key=KEY, controls=_template_controls(spec), look=spec.look, label="Template",
        note=say_scores(trace),
    )  # fmt: skip
    words, numbers = st.columns(2, gap="large")
    with words:
        st.subheader("Still or sliding?", anchor=False)
        for sentence in explain_template(trace):
            st.markdown(sentence)
        st.latex(template_formula(trace))
        st.markdown("How many weights each needs:")
        st.latex(weights_formula(trace))
    with numbers:
        st.subheader("Score against the move", anchor=False)
        low, high = BOUNDS["digit move"]
        curves = {"still": [pair[0] for pair in trace.curve], "sliding": [pair[1] for pair in trace.curve]}
        _show_chart(
            "shifts",
            shift_figure(
                curves,
                range(low, high + 1),
                at=spec.digit_right,
                across="move to the right",
                up="score",
                dark=is_dark(),
            ),
            shift_alt(trace),
        )
        st.subheader("Ten hypotheses", anchor=False)
        st.markdown(explain_winners(trace))
        _show_chart(
            "scores",
            scores_figure(trace.dense.tolist(), trace.sliding.tolist(), spec.digit, dark=is_dark()),
            scores_alt(trace),
        )
    show_code(KEY, {"PyTorch": torch_template(trace)})


def _template_panels(trace: TemplateTrace) -> list[Panel]:
    spec = trace.spec
    template = trace.templates[spec.digit]
    name = f"a handwritten {spec.digit}"
    where = f"{spec.digit_down} down and {spec.digit_right} right"
    return [
        Panel("Digit", trace.digit, high=1, alt=f"{name}: the template’s weights are these pixels over their length"),
        Panel("Moved", trace.moved, high=1, alt=f"{name}, moved {where}"),
        Panel(
            "Still: w · x",
            template * trace.moved,
            "score",
            low=0,
            high=float((template * trace.digit).max()),
            alt=f"The products of the dense unit; their sum is {trace.dense[spec.digit]:.2f}",
        ),
        Panel(
            "Sliding",
            trace.scores,
            "score",
            low=0,
            alt=f"The score at every place of the template; the largest is {trace.sliding[spec.digit]:.2f}",
            offset=(-0.5, -0.5),
            marks=[Mark(REACH, REACH, 1, 1, "still", "weight"), Mark(*trace.peak, 1, 1, "largest", "output")],
            linked=False,
        ),
    ]


def _template_controls(spec: TranslationSpec) -> list[Control]:
    return [
        Choice("view", "Look at", VIEWS, spec.view),
        Slider("dx", "Right", *BOUNDS["digit move"], spec.digit_right),
        Slider("dy", "Down", *BOUNDS["digit move"], spec.digit_down),
        Slider("digit", "Digit", *BOUNDS["digit"], spec.digit),
        Slider("hand", "Hand", *BOUNDS["hand"], spec.hand),
    ]


def _show_refusal(grey: Grey, spec: TranslationSpec, controls: list[Control], error: SpecError) -> None:
    """Keep the picture and the controls, and say why there is no result."""
    panel = Panel("Picture", grey, alt=f"{picture_alt()}; in grey")
    show_pictures([panel], key=KEY, controls=controls, look=spec.look)
    refuse(error.message, icon=":material/block:")


def _show_table(what: str, rows: Sequence[Sequence[str]]) -> None:
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    st.markdown(f"| {what} | Largest | Mean | Changed |\n|:--|--:|--:|--:|\n{lines}")


def _show_chart(name: str, figure: Figure, alt: str) -> None:
    show_chart(f"{KEY}_{name}", figure, alt)
