"""The Learned kernels lesson: what a network has learned to look for, as pictures, and which pictures excite it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.networks.seeing.maps import Eyes, Maps, see
from cnnviz.engine.networks.trace import cached_trace
from cnnviz.lessons.learned_kernels.code import kernel_codes
from cnnviz.lessons.learned_kernels.examples import LEARNED_KERNELS_PRESETS
from cnnviz.lessons.learned_kernels.figure import norms_figure
from cnnviz.lessons.learned_kernels.spec import BESIDE, COMPARED, SCALES, KernelsSpec
from cnnviz.lessons.learned_kernels.trace import (
    COLOUR,
    Sheet,
    Weights,
    chosen,
    count_kernels,
    has_colour,
    sheet,
    weights_before,
    weights_of,
)
from cnnviz.lessons.learned_kernels.trace_match import Match, count_alike, nearest
from cnnviz.lessons.learned_kernels.view_excite import offer_weights, patch_under, show_exciting
from cnnviz.lessons.learned_kernels.view_state import KEY, linked, remembered, settled, show_view_and_layer
from cnnviz.lessons.learned_kernels.words import (
    count_words,
    kernel_alt,
    kernel_name,
    match_formula,
    match_words,
    sheet_alt,
    signed,
)
from cnnviz.lessons.learned_kernels.words_links import filters_link, stage_link
from cnnviz.lessons.registry import LESSONS
from cnnviz.ui.lesson_pictures import picture_row, show_code, show_examples
from cnnviz.ui.notes import inform, show_notes
from cnnviz.ui.picture import IMG, default_picture
from cnnviz.ui.subject import Subject, choose_subject
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.viewer import Answer, Choice, Mark, Panel, Slider, keep, show_pictures, viewed_query
from cnnviz.ui.widgets import is_dark, show_chart

SLICE_WORDS = {"-1": "colour", "0": "red", "1": "green", "2": "blue"}


def show_learned_kernels() -> None:
    """Draw the whole lesson."""
    row = picture_row()
    subject = choose_subject(KEY, row=row)
    query, answer = viewed_query(KEY)
    spec, notes = settled(query, subject)
    spec = _clicked(spec, subject, answer)
    keep(KEY, linked(spec, subject), answer)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        show_view_and_layer(spec, subject)
        _examples(spec, subject)
    show_notes(remembered(notes, linked(spec, subject)))
    if subject.eyes.source == "random":
        inform(
            f"{subject.eyes.network.title} has random weights here: it has learned nothing, and what you see is what "
            "chance looks like. Load its published weights to see what training makes of them.",
            icon=":material/casino:",
        )  # fmt: skip
    (show_exciting if spec.exciting else _show_kernels)(spec, subject)


def _examples(spec: KernelsSpec, subject: Subject) -> None:
    state = {name: text for name, text in linked(spec, subject).items() if name not in {"see", "z"}}
    show_examples(KEY, LEARNED_KERNELS_PRESETS, {IMG: default_picture(), **state}, st.container(width="content"))


def _clicked(spec: KernelsSpec, subject: Subject, answer: Answer | None) -> KernelsSpec:
    """Take the kernel, or the patch, that was clicked."""
    if answer is None or answer.click is None:
        return spec
    panel, row, column = answer.click
    if spec.exciting:
        number = patch_under(subject.eyes, spec, row, column)
        return spec if panel or number is None else replace(spec, patch=number)
    if panel > (spec.beside == "before"):
        return spec
    found = _sheet(spec, weights_of(subject.eyes, spec.layer)).hit(row, column)
    return replace(spec, kernel=found[0], channel=found[1]) if found else spec


def _sheet(spec: KernelsSpec, weights: Weights) -> Sheet:
    return sheet(weights, spec.kernel, spec.channel, each=spec.scale == "kernel")


def _show_kernels(spec: KernelsSpec, subject: Subject) -> None:
    """Draw the kernels of a layer, and one of them large with what it is compared to."""
    eyes = subject.eyes
    weights = weights_of(eyes, spec.layer)
    colour = has_colour(eyes, weights, spec.layer)
    one = chosen(weights, spec.kernel, spec.channel)
    match = nearest(one, spec.free)
    before = weights_before(eyes.network.name, spec.layer) if eyes.source == "ours" else None
    panels = _panels(spec, subject, weights, before, match)
    show_pictures(
        panels, key=KEY, look=spec.look, controls=_controls(spec, weights, colour, before is not None),
        label="Kernels", note=_note(spec, weights, colour, match),
    )  # fmt: skip
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(match_words(match, spec.free, colour and spec.channel == COLOUR))
        if match:
            st.latex(match_formula(match, spec.free))
        _links(spec, subject, one)
    with right:
        _counted(spec, weights, before, colour)
    with st.expander("Do it in PyTorch", icon=":material/code:"):
        show_code(KEY, kernel_codes(eyes, spec, match))
        offer_weights(eyes)


def _note(spec: KernelsSpec, weights: Weights, colour: bool, match: Match | None) -> str:
    count, channels, height, width = weights.shape
    said = [f"{spec.layer}: {count} kernels of {channels}×{height}×{width}"]
    page = _sheet(spec, weights)
    if page.counts[0] < count or (page.matrix and page.counts[1] < channels):
        said.append(f"kernels {page.first[0]} to {page.first[0] + page.counts[0] - 1} are shown")
        if page.matrix:
            said[-1] += f", inputs {page.first[1]} to {page.first[1] + page.counts[1] - 1}"
    if spec.scale == "kernel":
        said.append("on the sheet every weight is divided by the largest of its tile")
    name = kernel_name(spec.kernel, spec.channel, colour, channels)
    if match:
        near = f"like {match.title}" if match.alike else "like nothing hand-made"
        said.append(f"{name}: {near}, cosine {signed(match.cosine)}")
    return " · ".join(said)


def _controls(spec: KernelsSpec, weights: Weights, colour: bool, trained: bool) -> list[Slider | Choice]:
    count, channels = weights.shape[:2]
    beside = {name: label for name, label in BESIDE.items() if name != "before" or trained}
    found: list[Slider | Choice] = []
    if count > 1:
        found.append(Slider("o", "Kernel", 0, count - 1, spec.kernel))
    if channels > 1:
        words = SLICE_WORDS if colour else {}
        found.append(Slider("i", "Input channel", -1 if colour else 0, channels - 1, spec.channel, words=words))
    found.append(Choice("beside", "Beside it", beside, spec.beside if spec.beside in beside else "match"))
    if weights[0, 0].size > 1:
        if spec.beside == "match":
            found.append(Choice("by", "Compared", COMPARED, spec.compare))
        found.append(Choice("scale", "Colour scale", SCALES, spec.scale))
    return found


def _panels(
    spec: KernelsSpec, subject: Subject, weights: Weights, before: Weights | None, match: Match | None
) -> list[Panel]:
    colour = has_colour(subject.eyes, weights, spec.layer)
    whole = colour and spec.channel == COLOUR
    page = _sheet(spec, weights)
    row, column = page.place(spec.kernel, spec.channel)
    mark = Mark(row, column, *page.shown)
    reach = 1.0 if spec.scale == "kernel" else float(np.abs(weights).max())
    scale: dict[str, Any] = {"kind": "rgb" if whole else "signed", "low": -reach, "high": reach, "linked": False}
    name = kernel_name(spec.kernel, spec.channel, colour, weights.shape[1])
    title = name[0].upper() + name[1:]
    told = sheet_alt(spec.layer, weights, colour)
    scale["about"] = f"{weights.shape[2]} × {weights.shape[3]} weights each"
    panels = [Panel(spec.layer, page.array, click=True, marks=[mark], alt=told, **scale)]
    large = _large(title, weights, spec, whole)
    if spec.beside == "before" and before is not None:
        told = f"The same kernels before training. {told}"
        panels.append(Panel("Before training", _sheet(spec, before).array, click=True, marks=[mark], alt=told, **scale))
        return [*panels, large, _large(f"{title}, before", before, spec, whole)]
    if spec.beside == "picture":
        return [*panels, large, *_on_the_picture(spec, subject)]
    return [*panels, large, *_matched(chosen(weights, spec.kernel, spec.channel), match, whole)]


def _large(title: str, weights: Weights, spec: KernelsSpec, whole: bool) -> Panel:
    one = weights[spec.kernel]
    values = np.moveaxis(one, 0, -1) if whole else one[max(spec.channel, 0)]
    reach = float(np.abs(values).max()) or 1.0
    kind: Any = "rgb" if whole else "signed"
    return Panel(title, values, kind, low=-reach, high=reach, linked=False, alt=kernel_alt(title, values))


def _matched(one: np.ndarray, match: Match | None, whole: bool) -> list[Panel]:
    """Draw the nearest hand-made kernel as near as it gets, and what it does not explain, both in one scale."""
    if match is None:
        return []
    reach = float(np.abs(one).max()) or 1.0
    left = one - match.fitted
    what = "Sum of slices − match" if whole else "Kernel − match"
    entry = match.source.entry
    title = entry.title if entry and match.alike else "Nothing alike"
    return [
        Panel(title, match.fitted, "signed", low=-reach, high=reach, linked=False, alt=kernel_alt(title, match.fitted)),
        Panel(what, left, "signed", low=-reach, high=reach, linked=False, alt=kernel_alt(what, left)),
    ]


def _on_the_picture(spec: KernelsSpec, subject: Subject) -> list[Panel]:
    """Draw the network's input and the map that this kernel makes of what reaches it."""
    eyes = subject.eyes
    with out_of_turn():
        found = _map(subject.digest, spec.layer, spec.kernel, eyes, subject.x)
    fields = cached_trace(eyes.network).row(spec.layer).receptive_field
    step = tuple(float(field.stride) for field in fields)
    offset = tuple(float(field.centre) - (float(field.stride) - 1) / 2 for field in fields)
    picture = subject.shown
    return [
        Panel(subject.title, picture, "rgb" if picture.ndim == 3 else "grey", alt=subject.alt),
        Panel(
            f"Map {spec.kernel} of {spec.layer}", found, "signed",
            step=(step[0], step[1]), offset=(offset[0], offset[1]),
            alt=f"The map of kernel {spec.kernel}, before the ReLU: from {found.min():.3g} to {found.max():.3g}.",
        ),
    ]  # fmt: skip


@st.cache_data(max_entries=8, show_spinner=False, scope="session")
def _map(digest: str, layer: str, kernel: int, _eyes: Eyes, _x: Maps) -> Maps:
    """Send the picture through, once a session: it may be the learner’s own, so sessions share nothing of it."""
    found: Maps = see(_eyes, _x, keep=(layer,)).maps[layer][kernel].copy()
    return found


def _counted(spec: KernelsSpec, weights: Weights, before: Weights | None, colour: bool) -> None:
    """Count the layer's kernels, and draw their norms."""
    now = count_kernels(weights, colour)
    was = count_kernels(before, colour) if before is not None else None
    slices = weights.reshape(-1, *weights.shape[2:])
    alike = count_alike(slices, spec.free)
    alike_before = count_alike(before.reshape(slices.shape), spec.free) if before is not None else 0
    total = len(slices) if slices[0].size > 1 else 0
    norms = {"after": now.norms.tolist(), **({"before": was.norms.tolist()} if was else {})}
    ends = f"{now.norms.min():.3g} to {now.norms.max():.3g}"
    show_chart(
        f"{KEY}_norms", norms_figure(norms, spec.kernel, dark=is_dark()),
        f"The norms of the {len(now.norms)} kernels of {spec.layer}: {ends}.",
    )  # fmt: skip
    st.markdown(count_words(now, alike, total, was, alike_before))


def _links(spec: KernelsSpec, subject: Subject, one: np.ndarray) -> None:
    """Offer the kernel to the Filters page and to the stage."""
    place: DeltaGenerator = st.container(horizontal=True, gap="small")
    filters, stage = filters_link(one), stage_link(one, subject.shown)
    if filters:
        picture = {IMG: subject.query[IMG]} if IMG in subject.query else {}
        place.page_link(
            LESSONS["filters"].page,
            label="On your photo",
            icon=":material/blur_on:",
            query_params={**picture, **filters},
        )
    if stage:
        place.page_link(
            LESSONS["convolution"].page, label="On the stage", icon=":material/grid_on:", query_params=stage
        )
    else:
        side = max(one.shape)
        place.markdown(f":small[The stage holds kernels up to 7×7; this one is {side}×{side}.]")
