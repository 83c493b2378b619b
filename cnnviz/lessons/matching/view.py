"""The lesson "Match a template": cut a patch out, slide it over the picture, see the score of every window."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.pictures.decode import Picture
from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.engine.pictures.samples import sample
from cnnviz.errors import SpecError
from cnnviz.lessons.matching.code import torch_map, torch_row
from cnnviz.lessons.matching.examples import MATCHING_PRESETS
from cnnviz.lessons.matching.figure import curve_figure
from cnnviz.lessons.matching.spec import CHANGES, MOST_SIDE, Box, MatchingSpec, fitted_box
from cnnviz.lessons.matching.trace import MatchingTrace, trace_matching
from cnnviz.lessons.matching.trace_curve import Curve, trace_curve
from cnnviz.lessons.matching.trace_patch import Pixels, make_patch, planes_of, scaled_size
from cnnviz.lessons.matching.view_panels import (
    controls,
    map_panel,
    picture_panel,
    source_panel,
    template_panel,
    window_panels,
)
from cnnviz.lessons.matching.words import (
    SHORT,
    byte_words,
    comparison,
    explain_brightness,
    explain_score,
    rule,
    say_matches,
)
from cnnviz.lessons.matching.words import score_formula as window_formula
from cnnviz.lessons.matching.words_curve import curve_alt, explain_changes, explain_threshold, say_digits
from cnnviz.lessons.registry import LESSONS
from cnnviz.ui.lesson_pictures import picture_row, show_code, show_examples
from cnnviz.ui.notes import inform, refuse, show_notes
from cnnviz.ui.picture import choose_picture, picture_alt, picture_title
from cnnviz.ui.rows import show_rows
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.viewer import Answer, keep, show_pictures, viewed_query
from cnnviz.ui.widgets import bound, is_dark, show_chart

KEY = "matching"
FIRST = "coffee"
"""The page opens with a sample that no example uses: an example names its picture, and the first one is not named."""

SEEN = "_matching_seen"
"""In the session: which pictures the rectangle and the window were chosen on."""

AXES = {
    "turn": "Turned by, in degrees anticlockwise",
    "size": "Size, in percent",
    "light": "Brightness added",
    "contrast": "Contrast, in percent",
    "noise": "Noise, standard deviation in grey levels",
}
HOW = "Drag a rectangle on the picture to cut out a template (keys: B, arrows, Enter). Click to look at one window."


def show_matching() -> None:
    """Draw the whole lesson."""
    row = picture_row()
    picture = choose_picture(KEY, default=FIRST, row=row)
    query, answer = viewed_query(KEY)
    spec, notes = MatchingSpec.from_query(query)
    source = sample(spec.source) if spec.source else picture
    spec = _forget_old_places(spec, picture, source)
    spec, remark = _take_hands(spec, answer, source)
    keep(KEY, spec.to_query(), answer)
    box, moved = fitted_box(spec.box, source.pixels.shape[:2], spec.source or _sample_name())
    _choose_template(spec, box, row)
    show_examples(KEY, MATCHING_PRESETS, spec.to_query(), row)
    show_notes(notes)
    if remark or moved:
        inform(remark or moved, icon=":material/crop:")
    other = source.pixels if spec.source else None
    try:
        with out_of_turn():
            trace = trace_matching(picture.pixels, other, box, spec)
            curve = trace_curve(trace, source.pixels)
    except SpecError as error:
        refuse(error.message, icon=":material/block:")
        _show_viewer(spec, None, picture, other, box)
        return
    _show_viewer(spec, trace, picture, other, box)
    _show_window(trace)
    left, right = st.columns(2, gap="large")
    with left:
        _show_comparison(trace)
        _show_matches(trace)
    with right:
        _show_curve(trace, curve)
    show_code(KEY, {"PyTorch": torch_map(trace), "Multiply and sum, one row": torch_row(trace)})


def _sample_name() -> str:
    """Give the sample that is the picture, or nothing for a picture of one's own."""
    return next((name for name, one in SAMPLES.items() if one.title == picture_title()), "")


def _forget_old_places(spec: MatchingSpec, picture: Picture, source: Picture) -> MatchingSpec:
    """Drop the rectangle and the window of the picture before, unless the link has changed them as well."""
    before = st.session_state.get(SEEN)
    if before:
        if before[0] != source.digest and spec.box == before[1]:
            spec = replace(spec, box=None)
        if before[2] != picture.digest and spec.at == before[3]:
            spec = replace(spec, at=None)
    st.session_state[SEEN] = (source.digest, spec.box, picture.digest, spec.at)
    return spec


def _take_hands(spec: MatchingSpec, answer: Answer | None, source: Picture) -> tuple[MatchingSpec, str]:
    """Put a drawn rectangle or a clicked window into the spec; a sentence if the rectangle did not fit."""
    remark = ""
    if answer and answer.box:
        box, remark = fitted_box(answer.box[1:], source.pixels.shape[:2])
        spec = replace(spec, box=box, at=None)
    elif answer and answer.click:
        panel, row, column = answer.click
        box, _ = fitted_box(spec.box, source.pixels.shape[:2], spec.source or _sample_name())
        tall, wide = scaled_size(box, spec)
        if panel == 0:  # the window whose middle was clicked
            spec = replace(spec, at=(max(0, row - (tall - 1) // 2), max(0, column - (wide - 1) // 2)))
        else:
            spec = replace(spec, at=(row, column))
    if answer:
        before = st.session_state[SEEN]
        st.session_state[SEEN] = (before[0], spec.box, before[2], spec.at)
    return spec, remark


def _choose_template(spec: MatchingSpec, box: Box, row: DeltaGenerator) -> None:
    """Let the learner choose where the template is from, and its rectangle by numbers."""
    with row:
        st.selectbox(
            "Template from",
            ["", *SAMPLES],
            format_func=lambda name: SAMPLES[name].title if name else "This picture",
            width=170,
            **_bound("source", spec.source),
        )
        with st.popover("Rectangle", icon=":material/crop_free:"):
            names = ("Row", "Column", "Height", "Width")
            for side, (name, value) in enumerate(zip(names, box, strict=True)):
                low, high = (0, 20_000) if side < 2 else (1, MOST_SIDE)
                key = f"{KEY}_box_{side}"
                st.number_input(name, low, high, **bound(key, value, _take_box))


def _take_box() -> None:
    numbers = tuple(int(st.session_state[f"{KEY}_box_{side}"]) for side in range(4))
    spec, _ = MatchingSpec.from_query(viewed_query(KEY)[0])
    keep(KEY, replace(spec, box=(numbers[0], numbers[1], numbers[2], numbers[3]), at=None).to_query())


def _show_viewer(
    spec: MatchingSpec, trace: MatchingTrace | None, picture: Picture, other: Pixels | None, box: Box
) -> None:
    """Show the picture, the template and the map; without a map if there is none."""
    planes = trace.picture if trace else planes_of(picture.pixels, spec.channels)
    source = None if other is None else planes_of(other, spec.channels)
    template = trace.template if trace else make_patch(planes if source is None else source, box, spec).pixels
    panels = [picture_panel(planes, picture_alt(), box, trace, drag=source is None)]
    if source is not None:
        panels.append(source_panel(source, SAMPLES[spec.source].alt, box))
    panels.append(template_panel(template))
    if trace:
        panels.append(map_panel(trace))
    show_pictures(
        panels,
        key=KEY,
        controls=controls(spec),
        look=spec.look,
        label="Match a template",
        note=say_matches(trace) if trace else "",
    )
    st.markdown(f":small[{HOW}]")  # a caption's grey is too weak


def _show_window(trace: MatchingTrace) -> None:
    """Show what happens in one window: both patches, their products, and the sum."""
    at = trace.at
    which = "the window you chose" if trace.spec.at else "the best match"
    does = "Subtract, square and sum" if trace.spec.score == "ssd" else "Multiply and sum"
    st.subheader(f"{does}, at {which}", anchor=False)
    words, formula = st.columns(2, gap="large")
    with words:
        st.markdown(explain_score(trace))
        _link_to_the_lecture()
    with formula:
        st.latex(rule(trace))
        st.latex(window_formula(trace))
    show_pictures(
        window_panels(trace, [byte_words()]),
        key=f"{KEY}_window",
        label="One window",
        quiet=True,
        note=f"Row {at[0]}, column {at[1]}. Press Numbers to read the products; 0 is black, 1 is white.",
    )


def _link_to_the_lecture() -> None:
    lesson = LESSONS["convolution"]
    with st.container(horizontal=True, gap="small"):
        for name, label in (("match", "The lecture’s 3×3 match"), ("mismatch", "Its mismatch"), ("search", "A search")):
            st.page_link(
                lesson.page,
                label=label,
                icon=":material/arrow_forward:",
                query_params=dict(lesson.example(name).state),
            )


def _show_comparison(trace: MatchingTrace) -> None:
    """Show the four scores at the windows that matter."""
    st.subheader("Four scores, the same windows", anchor=False)
    show_rows("Four scores", ("Window (row, column)", "Mean", *SHORT.values()), comparison(trace))
    st.markdown(f"Bold: the best of the windows. {explain_brightness(trace)}")


def _show_matches(trace: MatchingTrace) -> None:
    """Say which windows count as matches."""
    st.subheader("Which windows count", anchor=False)
    digits = say_digits(trace) if _sample_name() == "digits" else ""
    st.markdown(f"{explain_threshold(trace)} {digits}")


def _show_curve(trace: MatchingTrace, curve: Curve) -> None:
    """Show how the score falls when the template changes."""
    st.subheader("When the template changes", anchor=False)
    spec = trace.spec
    st.segmented_control(
        "The score against",
        list(CHANGES),
        format_func=CHANGES.__getitem__,
        required=True,
        **_bound("against", spec.against),
    )
    if np.isnan(curve.shares).all():
        st.markdown("Nothing to divide by: the template compared with itself scores 0.")
        return
    show_chart(
        f"{KEY}_curve", curve_figure(curve, AXES[spec.against], spec.threshold, dark=is_dark()), curve_alt(curve)
    )
    st.markdown(explain_changes(trace, curve))


def _bound(attribute: str, value: Any) -> dict[str, Any]:
    """Give the arguments that tie a widget to an attribute of the spec."""
    key = f"{KEY}_{attribute}"
    return bound(key, value, _take, attribute, key)


def _take(attribute: str, key: str) -> None:
    spec, _ = MatchingSpec.from_query(viewed_query(KEY)[0])
    keep(KEY, replace(spec, **{attribute: st.session_state[key]}).to_query())
