"""The Feature maps lesson: a picture, every layer's maps, and the scores; maps switched off, and pictures compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from cnnviz.engine.networks.seeing.cache import LOOKING
from cnnviz.engine.networks.seeing.maps import Seen, see
from cnnviz.engine.networks.trace import NetworkTrace, cached_trace
from cnnviz.lessons.feature_maps.examples import FEATURE_MAPS_PRESETS
from cnnviz.lessons.feature_maps.figure import Scores
from cnnviz.lessons.feature_maps.figure_wall import picture_row as picture_tile
from cnnviz.lessons.feature_maps.figure_wall import score_bars, wall_layers, wall_rows
from cnnviz.lessons.feature_maps.spec import FeatureMapsSpec, show_off
from cnnviz.lessons.feature_maps.trace import PAGE, is_flat
from cnnviz.lessons.feature_maps.trace_end import Watched, watch
from cnnviz.lessons.feature_maps.view_controls import KEY, second_pixels, settle_spec, show_controls
from cnnviz.lessons.feature_maps.view_end import show_end
from cnnviz.lessons.feature_maps.view_wall import keep_wall, show_wall, walled_query
from cnnviz.lessons.feature_maps.words import COLOURS, HINT, ORDERS, moved, off_title, verdict
from cnnviz.state.subject import DRAWING
from cnnviz.ui import one_map
from cnnviz.ui.lesson_pictures import picture_row
from cnnviz.ui.notes import show_notes
from cnnviz.ui.subject import Subject, choose_subject, own_query
from cnnviz.ui.turns import let_paint
from cnnviz.ui.viewer import Answer
from cnnviz.ui.waiting import computing
from cnnviz.ui.widgets import example_box, note_of, open_preset

WALL_SECONDS = 0.3
"""A browser needs so long to paint the wall after a stroke; what is below it comes then."""


def show_feature_maps() -> None:
    """Draw the whole lesson."""
    subject = choose_subject(KEY, row=picture_row())
    query, answer = walled_query(KEY)
    trace = cached_trace(subject.eyes.network, subject.x.shape)
    spec, notes = _read(own_query(query, subject), answer)
    spec, more = settle_spec(spec, trace, len(subject.eyes.classes))
    before, spec = spec, one_map.settle(spec, subject)
    if (spec.layer, spec.channel) != (before.layer, before.channel):
        spec = replace(spec, page=spec.channel // PAGE + 1 if spec.order == "net" else 1)
    state = {**subject.query, **spec.to_query()}
    keep_wall(KEY, state, answer)

    def take(other: FeatureMapsSpec) -> None:
        keep_wall(KEY, {**subject.query, **other.to_query()}, None)

    with subject.rest:
        above = st.container(key=f"{KEY}_choices")
        watched = _show_wall(subject, spec, trace)
    if subject.choice.way == DRAWING:
        let_paint(WALL_SECONDS)
    with above:
        controls = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        show_controls(subject, spec, trace, take, controls)
        here = next((one for one in FEATURE_MAPS_PRESETS if _full(one.state) == _full(state)), None)
        example_box(KEY, FEATURE_MAPS_PRESETS, here, open_preset, place=controls, width=230)
        if here:
            st.markdown(note_of(here))
        show_notes([*notes, *more])
    one_map.show_map(subject, spec, lambda page: take(replace(spec, inputs=page)))
    show_end(subject, spec, watched, take)


def _full(state: Any) -> dict[str, str]:
    """Give a state with the picture that its network shows by itself."""
    return {**({"see": "star.4"} if state["net"] == "shapes_vgg" else {"see": "digit.7.3"}), **state}


def _read(query: dict[str, str], answer: Answer | None) -> tuple[FeatureMapsSpec, list[str]]:
    """Read the URL, and put in what was chosen on the wall."""
    spec, notes = FeatureMapsSpec.from_query(query)
    if answer is None or not answer.controls:
        return spec, notes
    other, _ = FeatureMapsSpec.from_query({**query, **answer.controls})
    if other.layer != spec.layer:
        other = replace(other, page=1)
    if (other.layer, other.channel) != (spec.layer, spec.channel):
        other = replace(other, inputs=1)
    return other.switched(), notes


def _show_wall(subject: Subject, spec: FeatureMapsSpec, trace: NetworkTrace) -> Watched:
    names = wall_layers(trace, spec.layer)
    eyes = subject.eyes
    with computing(), LOOKING.one():
        watched = watch(eyes, subject.x, names, spec.off)
        seen = watched.seen
        before = see(eyes, subject.x) if spec.off else None
        second, pictures = None, []
        if subject.choice.way != DRAWING:  # the pad beside the wall shows it
            pictures.append(picture_tile(subject.title, subject.shown, subject.alt))
        if spec.vs:
            pixels, title, alt = second_pixels(spec.vs)
            second = see(eyes, eyes.prepare(pixels), names, spec.off)
            pictures.append(picture_tile(f"Second: {title}", eyes.crop(pixels), alt))
        rows = wall_rows(trace, names, seen, spec, second)
    head = _head(spec, trace)
    show_wall([*pictures, *rows], head, key=KEY, scores=_scores(subject, spec, seen, before, second))
    return watched


def _scores(subject: Subject, spec: FeatureMapsSpec, seen: Seen, before: Seen | None, second: Seen | None) -> Scores:
    """Compare with what the scores were, or with the second picture's."""
    eyes = subject.eyes
    note = verdict(eyes.classes, seen.chances, subject.label)
    if before is not None:
        note = f"{moved(eyes.classes, before, seen)} {note}"
        return score_bars(eyes, seen, before, label=subject.label, now="now", then="all maps on", note=note)
    if second is not None:
        first, other = (verdict(eyes.classes, one.chances, "") for one in (seen, second))
        note = f"First: {first} Second: {other}"
        return score_bars(eyes, second, seen, label=subject.label, now="second", then="first", note=note)
    return score_bars(eyes, seen, None, label=subject.label, note=note)


def _head(spec: FeatureMapsSpec, trace: NetworkTrace) -> dict[str, Any]:
    row = trace.row(spec.layer)
    what = "number" if is_flat(row) else "map"
    chosen = (spec.layer, spec.channel)
    return {
        "label": "Feature maps",
        "hint": HINT,
        "colours": f"{COLOURS[spec.scale]} {ORDERS[spec.order]}".strip(),
        "channel": spec.channel,
        "chosen": {
            "title": f"{spec.layer}, {what} {spec.channel}", "key": show_off((chosen,)), "off": chosen in spec.off,
            "can": True,
        },
        "off": [{"key": show_off((one,)), "title": off_title(one)} for one in sorted(spec.off)],
    }  # fmt: skip
