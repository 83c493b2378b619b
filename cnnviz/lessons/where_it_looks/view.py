"""The lesson Where it looks: three maps of what speaks for a class, and a test of how right they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.networks.seeing.cache import LOOKING
from cnnviz.engine.networks.seeing.maps import Eyes, Seen, see
from cnnviz.engine.networks.weights.published import RANDOM, WeightsChoice
from cnnviz.lessons.where_it_looks.code import looking_code
from cnnviz.lessons.where_it_looks.examples import WHERE_PRESETS
from cnnviz.lessons.where_it_looks.figure import fading_figure
from cnnviz.lessons.where_it_looks.spec import FILLS, SHOWS, WAYS, WhereSpec
from cnnviz.lessons.where_it_looks.trace import (
    COVERING,
    Cam,
    Occlusion,
    Plane,
    faded,
    grad_cam,
    lit,
    looking_layers,
    occlusion,
    places,
    saliency,
)
from cnnviz.lessons.where_it_looks.words import (
    cam_formula,
    cam_words,
    fading_words,
    occlusion_formula,
    occlusion_words,
    saliency_formula,
    saliency_words,
    score_words,
)
from cnnviz.quoting import one_line
from cnnviz.ui.lesson_pictures import picture_row, show_code
from cnnviz.ui.notes import show_notes
from cnnviz.ui.subject import Subject, choose_subject, own_query
from cnnviz.ui.viewer import Choice, Control, Mark, Panel, Slider, Switch, keep, show_pictures, viewed_query
from cnnviz.ui.waiting import computing
from cnnviz.ui.weights.state import Held, made_eyes
from cnnviz.ui.widgets import bound, example_box, is_dark, note_of, open_preset, show_chart, standing_preset

KEY = "where_it_looks"
COVERED = f"_{KEY}_covered"
MOST_COVERED = 8
QUICK_SIDE = 64
"""Inputs up to this side are covered at once; larger ones when the learner asks for it."""


def show_where() -> None:
    """Draw the whole lesson."""
    row = picture_row()
    subject = choose_subject(KEY, row=row)
    query, answer = viewed_query(KEY)
    spec, notes = WhereSpec.from_query(own_query(query, subject))
    eyes = _random(subject.choice.network) if spec.random and subject.eyes.source != "random" else subject.eyes
    eyes = replace(eyes, classes=subject.eyes.classes)
    layers = looking_layers(eyes.network)
    spec, more = _settled(spec, eyes, layers, answer.click if answer else None)
    keep(KEY, subject.query | spec.to_query(), answer)
    with computing(), LOOKING.one():
        seen = see(eyes, subject.x)
    number = seen.best(1)[0] if spec.number is None else spec.number
    _choose_class(eyes, seen, spec, row)
    with subject.rest:
        _examples(subject.query | replace(spec, look=None).to_query(), row)
        show_notes([*notes, *more])
        st.markdown(score_words(eyes, seen, number) + _about(spec, subject))
        _show(spec, subject, eyes, number, layers)


def _random(network: str) -> Eyes:
    """Give the network as it was before any training, made once for all sessions."""
    with computing():
        return made_eyes(network, Held(WeightsChoice(RANDOM)))


def _settled(
    spec: WhereSpec, eyes: Eyes, layers: Sequence[str], click: tuple[int, int, int] | None
) -> tuple[WhereSpec, list[str]]:
    """Make the spec one that this network can draw; say what had to change."""
    notes = []
    if spec.number is not None and spec.number >= len(eyes.classes):
        notes.append(f"The link asks for class {spec.number}, but the last one is {len(eyes.classes) - 1}.")
        spec = replace(spec, number=None)
    if spec.layer and spec.layer not in layers:
        notes.append(f"Grad-CAM needs a layer with places; “{one_line(spec.layer)}” is none. You see {layers[-1]} now.")
        spec = replace(spec, layer="")
    if spec.depth:
        spec = replace(spec, layer=layers[min(spec.depth, len(layers)) - 1], depth=0)
    if spec.layer == layers[-1]:
        spec = replace(spec, layer="")
    side = min(eyes.input[1:])
    if spec.patch is not None and spec.patch > side // 2:
        notes.append(f"A patch of {spec.patch} covers too much of {side} pixels; the largest here is {side // 2}.")
        spec = replace(spec, patch=side // 2)
    if click is not None:
        panel, row, column = click
        scale = _step(spec, eyes) if panel == 3 and spec.show == "numbers" else 1
        spec = replace(spec, at=(row * scale + scale // 2, column * scale + scale // 2))
    if spec.at is not None and any(place >= size for place, size in zip(spec.at, eyes.input[1:], strict=True)):
        spec = replace(spec, at=None)
    return spec, notes


def _patch(spec: WhereSpec, eyes: Eyes) -> int:
    return spec.patch or max(2, round(min(eyes.input[1:]) / 5))


def _step(spec: WhereSpec, eyes: Eyes) -> int:
    """Every second pixel where the picture is small; seven to fourteen places a side where it is large."""
    side = min(eyes.input[1:])
    usual = 2 if side <= 32 else 4 if side <= QUICK_SIDE else max(side // 7, 1)
    return min(spec.step or usual, max(_patch(spec, eyes), usual))


def _choose_class(eyes: Eyes, seen: Seen, spec: WhereSpec, row: DeltaGenerator) -> None:
    """Offer the classes, the likeliest first; the first choice is whichever that is."""
    widget = f"{KEY}_class"

    def take() -> None:
        chosen = st.session_state[widget]
        st.query_params.pop("class", None)
        if chosen >= 0:
            st.query_params["class"] = str(chosen)

    def title(number: int) -> str:
        return f"Best: {eyes.classes[seen.best(1)[0]]}" if number < 0 else eyes.classes[number]

    names = [-1, *seen.best(len(eyes.classes))]
    with row:
        st.selectbox(
            "Class", names, format_func=title, width=190,
            **bound(widget, -1 if spec.number is None else spec.number, take, among=names),
        )  # fmt: skip


def _examples(state: dict[str, str], row: DeltaGenerator) -> None:
    here = standing_preset(WHERE_PRESETS, state)
    example_box(KEY, WHERE_PRESETS, here, open_preset, place=row, width=220)
    if here:
        st.markdown(note_of(here))


def _about(spec: WhereSpec, subject: Subject) -> str:
    if spec.random or subject.eyes.source == "random":
        return " The weights are **random**: whatever the maps show now, nothing was learned."
    return ""


def _show(spec: WhereSpec, subject: Subject, eyes: Eyes, number: int, layers: Sequence[str]) -> None:
    layer = spec.layer or layers[-1]
    with computing(), LOOKING.one():
        slope = saliency(eyes, subject.x, number, spec.way)  # type: ignore[arg-type]
        cam = grad_cam(eyes, subject.x, number, layer)
    covered = _covered(spec, subject, eyes, number)
    place = _place(spec, covered)
    size = (subject.x.shape[1], subject.x.shape[2])
    show_pictures(
        _panels(spec, subject, (slope, cam, covered), place),
        key=KEY, look=spec.look, controls=_controls(spec, eyes, subject, layers), label="Where it looks",
        note=f"{eyes.network.title}: {eyes.classes[number]}",
    )  # fmt: skip
    if covered is None:
        _offer_covering(spec, subject, eyes, number)
    name = eyes.classes[number]
    first, second, third = st.columns(3, gap="large")
    with first:
        st.markdown(saliency_words(spec.way))
        st.latex(saliency_formula(spec.way, name))
    with second:
        st.markdown(cam_words(cam, layer))
        st.latex(cam_formula(cam))
    with third:
        if covered is not None:
            drop = float(covered.drops[place])
            st.markdown(occlusion_words(covered, covered.box(*place, size), drop, name))
            st.latex(occlusion_formula(covered, drop))
    _show_test(subject, eyes, number, {"Gradient": slope, "Grad-CAM": cam.fine}, covered)
    with st.expander("The same in PyTorch", icon=":material/code:"):
        show_code(KEY, {"PyTorch": looking_code(eyes, layer, number, _patch(spec, eyes), _step(spec, eyes))})


def _controls(spec: WhereSpec, eyes: Eyes, subject: Subject, layers: Sequence[str]) -> list[Control]:
    words = {str(number): name for number, name in enumerate(layers, 1)}
    here = layers.index(spec.layer or layers[-1]) + 1
    controls: list[Control] = [
        Choice("way", "Gradient", WAYS, spec.way),
        Slider("l", "Grad-CAM at", 1, len(layers), here, words=words),
        Slider("patch", "Patch", 1, min(eyes.input[1:]) // 2, _patch(spec, eyes)),
        Choice("cover", "Covered with", FILLS, spec.fill),
        Choice("show", "Drawn", SHOWS, spec.show),
    ]
    if subject.eyes.source != "random":
        controls.append(Switch("random", "Random weights", spec.random))
    return controls


def _place(spec: WhereSpec, covered: Occlusion | None) -> tuple[int, int]:
    """Give the place of the patch: where the learner clicked, or where it costs most."""
    if covered is None:
        return 0, 0
    if spec.at is None:
        return covered.worst
    rows, columns = covered.drops.shape
    return min(spec.at[0] // covered.step, rows - 1), min(spec.at[1] // covered.step, columns - 1)


def _panels(
    spec: WhereSpec, subject: Subject, maps: tuple[Plane, Cam, Occlusion | None], place: tuple[int, int]
) -> list[Panel]:
    slope, cam, covered = maps
    shown = subject.shown
    size = (shown.shape[0], shown.shape[1])
    marks = [Mark(*covered.box(*place, size), "covered")] if covered is not None else []
    panels = [
        Panel(
            "The picture", shown, "rgb" if shown.ndim == 3 else "grey", click=True, marks=marks,
            alt=f"{subject.alt} A rectangle marks the covered patch. Click to move it.",
        )
    ]  # fmt: skip
    light = spec.show == "light"
    for title, importance, said in (
        (WAYS[spec.way], slope, "how much each pixel moves the score"),
        ("Grad-CAM", cam.fine, "where the layer's maps speak for the class"),
    ):
        signed = title == WAYS["times"]
        panels.append(
            Panel(title, lit(shown, np.abs(importance)), "rgb", click=True, alt=f"The picture, bright where: {said}.")
            if light
            else Panel(title, importance, "signed" if signed else "score", click=True, alt=f"Numbers: {said}.")
        )
    if covered is not None:
        panels.append(_covered_panel(covered, shown, light))
    return panels


def _covered_panel(covered: Occlusion, shown: NDArray[np.uint8], light: bool) -> Panel:
    step = covered.step
    if not light:
        return Panel(
            "Score lost when covered", covered.drops, "signed", step=(step, step), click=True,
            alt="How far the score falls when a patch around each place is covered.",
        )  # fmt: skip
    large = np.maximum(covered.drops, 0).repeat(step, 0).repeat(step, 1)[: shown.shape[0], : shown.shape[1]]
    return Panel(
        "Score lost when covered", lit(shown, large), "rgb", click=True,
        alt="The picture, bright where covering a patch makes the score fall.",
    )  # fmt: skip


def _covered(spec: WhereSpec, subject: Subject, eyes: Eyes, number: int) -> Occlusion | None:
    """Cover small pictures at once; of large ones give what this session measured."""
    how = _how(spec, eyes)
    if max(eyes.input[1:]) <= QUICK_SIDE:
        with computing(), LOOKING.one():
            return next(found for _, _, found in occlusion(eyes, subject.x, number, **how) if found)
    held: dict[tuple[Any, ...], Occlusion] = st.session_state.get(COVERED, {})
    return held.get(_covered_name(spec, subject, eyes, number))


def _covered_name(spec: WhereSpec, subject: Subject, eyes: Eyes, number: int) -> tuple[Any, ...]:
    return subject.digest, eyes.digest, number, _patch(spec, eyes), _step(spec, eyes), spec.fill


def _how(spec: WhereSpec, eyes: Eyes) -> dict[str, Any]:
    return {"patch": _patch(spec, eyes), "step": _step(spec, eyes), "fill": spec.fill}


def _offer_covering(spec: WhereSpec, subject: Subject, eyes: Eyes, number: int) -> None:
    """Cover a large picture when asked: it takes seconds, and any other move stops it."""
    how = _how(spec, eyes)
    count = math.prod(places((eyes.input[1], eyes.input[2]), how["step"]))
    place = st.empty()
    if not place.button(f"Cover {count} places, one after the other", icon=":material/hide_image:", key=f"{KEY}_cover"):
        return
    bar = place.progress(0.0, f"Covering {count} places …")
    with computing(), COVERING.one():
        for done, _, found in occlusion(eyes, subject.x, number, **how):
            bar.progress(done / count, f"{done} of {count} places. Move anything to stop.")
            if found is not None:
                held = st.session_state.get(COVERED, {}) | {_covered_name(spec, subject, eyes, number): found}
                st.session_state[COVERED] = dict(list(held.items())[-MOST_COVERED:])
    st.rerun()


def _show_test(subject: Subject, eyes: Eyes, number: int, maps: dict[str, Plane], covered: Occlusion | None) -> None:
    """Put the maps to the test, against pixels in random order."""
    height, width = subject.x.shape[1:]
    if covered is not None:
        step = covered.step
        maps["Covering"] = covered.drops.repeat(step, 0).repeat(step, 1)[:height, :width]
    chance = np.random.default_rng(0).random((height, width)).astype(np.float32)
    with computing(), LOOKING.one():
        curves = {
            title: faded(eyes, subject.x, number, np.abs(plane) if title == "Gradient" else plane)
            for title, plane in (*maps.items(), ("Random order", chance))
        }
    st.subheader("Which map is right?", anchor=False)
    st.markdown(fading_words({title: values for title, values in curves.items() if title != "Random order"}))
    said = "; ".join(f"{title} from {100 * v[0]:.0f} to {100 * v[len(v) // 4]:.0f} %" for title, v in curves.items())
    show_chart(
        f"{KEY}_fading", fading_figure(curves, eyes.classes[number], dark=is_dark()),
        f"The chance of the class while pixels are covered, the most important first. At a quarter: {said}.",
    )  # fmt: skip
