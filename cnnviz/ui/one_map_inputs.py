"""The maps that feed one map: a page of them, each with its slice of the kernel and what comes of the two.

page = choose_page(unit, spec.inputs, turn)
show_inputs(subject, unit, maps, page)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from cnnviz.engine.networks.graph import INPUT
from cnnviz.engine.networks.seeing.unit import UnitTrace, part_maps
from cnnviz.engine.networks.seeing.unit_windows import MOST_MAPS, MOST_UNITS
from cnnviz.explain.unit import said
from cnnviz.figures.unit import Card, cards_html
from cnnviz.stage.unit import COLOURS
from cnnviz.ui.share import fresh
from cnnviz.ui.subject import Subject
from cnnviz.ui.widgets import bound, is_dark

KEY = "one_map"
OPENED = f"_{KEY}_opened"
"""Where the session keeps the layer and the channel that the learner has just opened."""
PAGE = f"{KEY}_page"


def choose_page(unit: UnitTrace, page: int, turn: Callable[[int], None]) -> int:
    """Turn the input maps, where there are more than fit; `page` counts from 1, what is given from 0."""
    total = unit.total
    if total is None:
        return 0
    flat = total.weights[0].size == 1 and not unit.maker.spatial
    most, count = (MOST_UNITS if flat else MOST_MAPS), len(total.channels)
    if count <= most:
        return 0
    pages = -(-count // most)
    page = min(page, pages)
    word = "units" if flat else "maps"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            f"Page of input {word}", 1, pages, width=180, **bound(PAGE, page, lambda: turn(st.session_state[PAGE]))
        )
        first = (page - 1) * most
        st.caption(
            f"{first + 1} to {min(first + most, count)} of {count:,} {word}, in the order of what they add to this "
            "cell. The stage shows these, and all others as one."
        )
    return page - 1


def show_inputs(subject: Subject, unit: UnitTrace, maps: dict[str, Any], page: int) -> None:
    """Show the maps that feed this one, each with its kernel and what comes of the two; and open one of them."""
    total, maker = unit.total, unit.maker
    if total is None:
        _open_maps([(step, maker.channel) for step in getattr(maker.detail, "names", ())])
        return
    flat = total.weights[0].size == 1 and not maker.spatial
    most = MOST_UNITS if flat else MOST_MAPS
    order = total.by_weight()[page * most : (page + 1) * most]
    channels = [total.channels[one] for one in order]
    if not flat:
        st.markdown(f"**The maps that feed it**: {said(unit.source)}, each with its slice of the kernel.")
        st.html(cards_html(_cards(subject, unit, maps, order), "dark" if is_dark() else "light"))
    _open_maps([(unit.source, channel) for channel in channels])


def _cards(subject: Subject, unit: UnitTrace, maps: dict[str, Any], order: list[int]) -> list[Card]:
    """Collect the pictures of some input maps."""
    total, maker = unit.total, unit.maker
    assert total is not None
    channels = [total.channels[one] for one in order]
    parts = part_maps(subject.eyes, maps, unit, channels)
    most = float(np.abs(parts).max()) if parts is not None else 0.0
    source = maps[subject.eyes.network.inputs_of(maker.name)[0]]
    planes = source if source.ndim == 3 else total.values
    size = planes.shape[1:]
    rows, columns = ([one for one in axis if one >= 0] or [0] for axis in (total.rows, total.columns))
    window = (
        rows[0] / size[0], columns[0] / size[1], (rows[-1] - rows[0] + 1) / size[0],
        (columns[-1] - columns[0] + 1) / size[1],
    )  # fmt: skip
    adds, largest = total.parts, float(np.abs(total.weights).max())
    cards = []
    for place, (one, channel) in enumerate(zip(order, channels, strict=True)):
        plane = planes[channel]
        part = parts[place] if parts is not None else None
        height, width = part.shape if part is not None else (1, 1)
        cell = (maker.at[0] / height, maker.at[1] / width, 1 / height, 1 / width)
        kind = "grey" if unit.source == INPUT else "signed" if float(planes.min()) < 0 else "score"
        cards.append(
            Card(
                _input_name(unit, channel, len(planes)), plane, kind, total.weights[one], part, float(adds[one]),
                window, cell, channel in unit.dark, largest, most,
            )
        )  # fmt: skip
    return cards


def _input_name(unit: UnitTrace, channel: int, count: int) -> str:
    if unit.source != INPUT:
        return f"Map {channel}"
    return COLOURS[channel] if count == len(COLOURS) else "The picture"


def _open_maps(found: list[tuple[str, int]]) -> None:
    """Offer to go on with one of the maps that feed this one."""
    found = [one for one in found if one[0] != INPUT]
    if not found:
        return
    widget = f"{KEY}_open"
    st.session_state[widget] = None

    def take() -> None:
        st.session_state[OPENED] = st.session_state[widget]

    st.pills(
        "Open one of them", found, format_func=lambda one: f"{one[0]} · {one[1]}", key=widget, on_change=fresh(take)
    )
