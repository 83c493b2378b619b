"""What the Feature maps page asks for: its layer, order and colours, the second picture, and what is switched off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.networks.trace import NetworkTrace
from cnnviz.engine.pictures.digits import digit
from cnnviz.engine.pictures.drawn import draw
from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.engine.pictures.samples import sample
from cnnviz.explain.network import layer_words, say_shape
from cnnviz.lessons.feature_maps.spec import ORDERS, SAMPLE, SCALES, FeatureMapsSpec
from cnnviz.lessons.feature_maps.trace import PAGE, default_layer, is_flat, layers_with_maps
from cnnviz.lessons.feature_maps.words import off_title
from cnnviz.quoting import one_line
from cnnviz.state.subject import DIGIT, KINDS
from cnnviz.ui.subject import Subject
from cnnviz.ui.widgets import bound

KEY = "feature_maps"
NO_SECOND = ""
SECOND_HAND, SECOND_SEED = 5, 3

Take = Callable[[FeatureMapsSpec], None]


def settle_spec(spec: FeatureMapsSpec, trace: NetworkTrace, classes: int) -> tuple[FeatureMapsSpec, list[str]]:
    """Make a spec one that can be drawn: a layer, a map and a cell that are there; say what had to change."""
    notes: list[str] = []
    rows = {row.name: row for row in layers_with_maps(trace)}
    if spec.layer and spec.layer not in rows:
        notes.append(f"This network has no layer “{one_line(spec.layer)}” to look at; you see another one now.")
    if spec.layer not in rows:
        spec = replace(spec, layer=default_layer(trace), channel=0, at=None, page=1)
    row = rows[spec.layer]
    count = row.output_shape[0]
    if spec.channel >= count:
        notes.append(f"{row.name} has {count:,} maps, 0 to {count - 1}, and no map {spec.channel}. You see map 0 now.")
        spec = replace(spec, channel=0, at=None)
    if spec.at is not None and (
        is_flat(row) or any(a >= n for a, n in zip(spec.at, row.output_shape[1:], strict=True))
    ):
        notes.append(f"{row.name} gives {say_shape(row.output_shape)}: there is no cell {spec.at[0]}.{spec.at[1]}.")
        spec = replace(spec, at=None)
    gone = {(name, at) for name, at in spec.off if name not in rows or at >= rows[name].output_shape[0]}
    if gone:
        notes.append(f"Not in this network, so it cannot be off: {'; '.join(map(off_title, sorted(gone)))[:120]}.")
        spec = replace(spec, off=spec.off - gone)
    pages = 1 if is_flat(row) else -(-count // PAGE)
    if spec.page > pages:
        notes.append(f"{row.name} has {pages} {'page' if pages == 1 else 'pages'} of maps. You see the last one now.")
        spec = replace(spec, page=pages)
    if spec.label is not None and spec.label >= classes:
        notes.append(f"There are classes 0 to {classes - 1}, and no class {spec.label}.")
        spec = replace(spec, label=None)
    return spec, notes


def second_pixels(name: str) -> tuple[NDArray[np.uint8], str, str]:
    """Give the second picture, its title and what it shows."""
    word, *rest = name.split(".")
    if word == DIGIT:
        return digit(int(rest[0]), int(rest[1])), f"A {rest[0]}", f"A handwritten {rest[0]}, white on black."
    if word == SAMPLE:
        return sample(rest[0]).pixels, SAMPLES[rest[0]].title, SAMPLES[rest[0]].alt
    return draw(word, int(rest[0])), word.capitalize(), f"A picture drawn by rule: {word}."


def second_names(subject: Subject, now: str) -> list[str]:
    """Offer pictures to compare with: none, those that suit the network, and the one that the link asks for."""
    if subject.eyes.network.name == "digits_lenet":
        offered = [f"{DIGIT}.{number}.{SECOND_HAND}" for number in range(10)]
    elif subject.eyes.network.name == "shapes_vgg":
        offered = [f"{kind}.{SECOND_SEED}" for kind in KINDS]
    else:
        offered = [f"{SAMPLE}.{name}" for name in SAMPLES]
    return [NO_SECOND, *([now] if now and now not in offered else []), *offered]


def _second_title(name: str) -> str:
    if not name:
        return "Nothing"
    word, *rest = name.split(".")
    if word == SAMPLE:
        return SAMPLES[rest[0]].title
    return f"Digit {rest[0]}, hand {rest[1]}" if word == DIGIT else f"{word.capitalize()} {rest[0]}"


def show_controls(
    subject: Subject, spec: FeatureMapsSpec, trace: NetworkTrace, take: Take, place: DeltaGenerator
) -> None:
    """Draw the row of controls; `take` puts another spec into the URL."""
    rows = {row.name: row for row in layers_with_maps(trace)}

    def taken(name: str) -> None:
        take(_changed(spec, name, st.session_state[f"{KEY}_{name}"]))

    def title(name: str) -> str:
        return f"{name} · {layer_words(rows[name].node.layer)}" if name in rows else name

    with place:
        st.selectbox(
            "Layer",
            list(rows),
            format_func=title,
            width=240,
            **bound(f"{KEY}_layer", spec.layer, taken, "layer", among=rows),
        )
        shape = rows[spec.layer].output_shape
        if not is_flat(rows[spec.layer]) and shape[0] > PAGE:
            pages = -(-shape[0] // PAGE)
            st.number_input(
                f"Page, 1 to {pages}", 1, pages, width=120, help=f"{PAGE} of {shape[0]:,} maps at once.",
                **bound(f"{KEY}_page", spec.page, taken, "page"),
            )  # fmt: skip
        st.segmented_control(
            "Colours over", list(SCALES), format_func=SCALES.__getitem__,
            **bound(f"{KEY}_scale", spec.scale, taken, "scale"),
        )  # fmt: skip
        st.segmented_control(
            "Order", list(ORDERS), format_func=ORDERS.__getitem__,
            help="Active: the mean of the absolute values of a map is large.",
            **bound(f"{KEY}_order", spec.order, taken, "order"),
        )  # fmt: skip
        seconds = second_names(subject, spec.vs)
        st.selectbox(
            "Compare with", seconds, format_func=_second_title, width=170,
            **bound(f"{KEY}_vs", spec.vs, taken, "vs", among=seconds),
        )  # fmt: skip


def _changed(spec: FeatureMapsSpec, name: str, value: str | int | None) -> FeatureMapsSpec:
    if value is None:
        return spec
    if name == "layer":
        return replace(spec, layer=str(value), channel=0, at=None, page=1, inputs=1)
    if name == "page":
        return replace(spec, page=int(value))
    if name == "scale":
        return replace(spec, scale=str(value))
    return replace(spec, order=str(value), page=1) if name == "order" else replace(spec, vs=str(value))
