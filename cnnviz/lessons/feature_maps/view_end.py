"""The end of a network: what flattening and global average pooling do, and each number's share in a class's score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from cnnviz.lessons.feature_maps.figure import Kind, Tiles, spans
from cnnviz.lessons.feature_maps.figure_chart import shares_figure
from cnnviz.lessons.feature_maps.spec import FeatureMapsSpec
from cnnviz.lessons.feature_maps.trace_end import Ending, Watched
from cnnviz.lessons.feature_maps.view_controls import KEY, Take
from cnnviz.lessons.feature_maps.view_wall import show_wall
from cnnviz.lessons.feature_maps.words import flatten_formula, flatten_words, pool_formula, pool_words
from cnnviz.ui.subject import Subject
from cnnviz.ui.widgets import bound, is_dark, show_chart

MOST_TILES = 64
END = f"{KEY}_end"


def show_end(subject: Subject, spec: FeatureMapsSpec, watched: Watched, take: Take) -> None:
    """Draw the section; nothing where the network ends in maps."""
    eyes = subject.eyes
    label = watched.seen.best(1)[0] if spec.label is None else spec.label
    end = watched.end(label)
    if end is None:
        return
    flat = end.kind == "flatten"
    st.subheader("At the end: from maps to one score", anchor=False)

    def taken() -> None:
        take(replace(spec, label=st.session_state[f"{KEY}_class"]))

    left, right = st.columns([2, 3], gap="large")
    with left:
        st.selectbox(
            "Score of the class", range(len(eyes.classes)), format_func=eyes.classes.__getitem__, width=220,
            **bound(f"{KEY}_class", label, taken, among=range(len(eyes.classes))),
        )  # fmt: skip
        name = eyes.classes[label]
        st.markdown(flatten_words(end, name) if flat else pool_words(end, name))
        st.latex(flatten_formula(end) if flat else pool_formula(end))
    with right:
        hint = "Point at a cell: it is framed in every row, and its number stands here."
        head = {"label": "The end of the network", "hint": hint, "plain": True, "off": [], "chosen": None,
                "channel": -1, "colours": "Each row has its own scale; orange is negative."}  # fmt: skip
        show_wall(_rows(end), head, key=END)
    show_chart(f"{KEY}_shares", shares_figure(end, name, dark=is_dark()), _shares_alt(end, name))


def _rows(end: Ending) -> list[Tiles]:
    maps = end.maps[:MOST_TILES]
    whole = len(maps) == len(end.maps)
    size = f"{len(end.maps)}×{end.maps.shape[1]}×{end.maps.shape[2]}"
    what = f"{end.row.size:,} numbers"
    kind: Kind = "score" if end.maps.min() >= 0 else "signed"
    found = [
        _tiles(end.layer, maps, kind, size if whole else f"{len(maps)} of {size}"),
        _tiles(end.by, end.row, kind, what),
        _tiles("weights", end.weights, "signed", f"{what} of the class"),
        _tiles("shares", end.shares, "signed", "number × weight"),
    ]
    places = replace(_tiles("places", end.activation[None], "signed", "all maps’ shares, place by place"), linked="")
    return [*(found if whole else [found[0], *(replace(row, linked="") for row in found[1:])]), places]


def _tiles(title: str, array: np.ndarray, kind: Kind, about: str) -> Tiles:
    low, high = spans(kind, [array])
    names = [f"{title}, map {number}" for number in range(len(array))] if array.ndim == 3 else []
    return Tiles(
        title, array, kind, about=about, low=(low,), high=(high,), linked="end", names=names,
        alt=f"{title}: {about}" + ("; arrow keys go from number to number" if array.ndim == 1 else ""),
    )  # fmt: skip


def _shares_alt(end: Ending, name: str) -> str:
    shares = end.map_shares
    said = ", ".join(f"map {number}: {shares[number]:.2f}" for number in np.argsort(-np.abs(shares))[:3])
    return f"How much each map of {end.layer} adds to the score of {name}; the largest: {said}."
