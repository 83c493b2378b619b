"""One map of a network from close: the kernels that made it, the maps that feed it, and one of its cells taken apart.

spec = settle(spec, subject)      # before the URL is kept: the cell that was just clicked, the map that was opened
show_map(subject, spec)           # below the wall of maps
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import numpy as np
import streamlit as st

from cnnviz.engine.seeing import Maps
from cnnviz.engine.unit import UnitTrace, cached_trace, field_box, part_maps, plane_of, read_maps, trace_unit
from cnnviz.engine.unit_shelf import MapShelf
from cnnviz.engine.unit_stage import MOST_MAPS, MOST_UNITS, Neighbourhood, neighbourhood
from cnnviz.errors import SpecError
from cnnviz.explain.filters import minus, number
from cnnviz.explain.unit import (
    agreement_words,
    dark_words,
    field_words,
    mean_words,
    off_words,
    place_words,
    said,
    sum_words,
    unit_formula,
    way_words,
)
from cnnviz.figures.unit import Card, cards_html
from cnnviz.scenes.unit import COLOURS, pin_of, unit_pack
from cnnviz.spec.network import INPUT
from cnnviz.spec.query import Pair
from cnnviz.spec.view import View
from cnnviz.ui.runtime import out_of_turn
from cnnviz.ui.stage import read_commit, stage
from cnnviz.ui.subject import Subject
from cnnviz.ui.viewer import Mark, Panel, parse_answer, show_pictures

KEY = "one_map"
STAGE = f"{KEY}_stage"
OPENED = f"_{KEY}_opened"
SHOWN = f"_{KEY}_shown"
ANSWERED = f"_{KEY}_viewer_answered"
PAGE = f"{KEY}_page"
HELD = f"_{KEY}_held"
MOST_HELD = 16 * 2**20
"""Bytes of a learner's own maps that a session keeps; more are computed again."""
MAP_PANEL = 1
BOX = f"{KEY}_stage_box"
STYLE = f"""<style>
.st-key-{BOX} button[aria-label="Copy link"], .st-key-{BOX} .cnv-panel {{ display: none; }}
.st-key-{BOX} .cnv:not(.cnv-alone) .cnv-shape {{ font-size: 1.1rem; overflow-wrap: anywhere; }}
.st-key-{BOX} .cnv-body {{ grid-template-columns: minmax(0, 1fr); }}
@media (min-width: 761px) {{ .st-key-{BOX} .cnv:not(.cnv-alone) .cnv-plot {{ height: clamp(24rem, 64vh, 44rem); }} }}
</style>"""
"""This stage has nothing to set, so its grids take the whole width. The page's address names the cell: the stage's own
link would only have its cursor."""


class MapSpec(Protocol):
    """What a page must know of the map: which layer and channel, which cell, and what is switched off."""

    @property
    def layer(self) -> str:
        """The node's name."""

    @property
    def channel(self) -> int:
        """The map, or the number of the unit in a layer without maps."""

    @property
    def at(self) -> Pair | None:
        """Row and column of the chosen cell; None: the strongest."""

    @property
    def off(self) -> frozenset[tuple[str, int]]:
        """Switched-off channels: layer and channel."""


Spec = TypeVar("Spec", bound=Any)


@st.cache_resource
def _shelf() -> MapShelf:
    """Keep the maps of the last looks at pictures that are nobody's own: one shelf for all sessions."""
    return MapShelf()


def settle(spec: Spec, subject: Subject) -> Spec:
    """Take the learner's last click into the spec: a cell of the map, or another map that was opened."""
    opened = st.session_state.pop(OPENED, None)
    cell = _clicked()
    network, layer, channel, at = st.session_state.get(SHOWN) or ("", "", 0, None)
    if opened is not None:
        first = {"page": 1} if hasattr(spec, "page") else {}
        return replace(spec, layer=opened[0], channel=opened[1], at=None, **first)
    if network == subject.choice.network and layer != spec.layer and at == spec.at:
        return replace(spec, at=None)  # a cell of another layer's map: this one begins with its strongest
    if cell is not None and (network, layer, channel) == (subject.choice.network, spec.layer, spec.channel):
        return replace(spec, at=cell)
    return spec


def _clicked() -> Pair | None:
    """Read a click on the map, once."""
    sent = st.session_state.get(f"{KEY}_viewer")
    answer = parse_answer(sent.get("answer")) if isinstance(sent, dict) else None
    if answer is None or answer.seq <= int(st.session_state.get(ANSWERED, 0)):
        return None
    st.session_state[ANSWERED] = answer.seq
    return answer.click[1:] if answer.click and answer.click[0] == MAP_PANEL else None


def _maps(subject: Subject, spec: MapSpec) -> dict[str, Maps]:
    """Look once at each picture for each layer. What came of a learner's own picture stays in its session."""
    key = (subject.digest, spec.layer, spec.off)

    def look() -> dict[str, Maps]:
        return read_maps(subject.eyes, subject.x, spec.layer, spec.off)

    with out_of_turn():
        if not subject.own:
            return _shelf().get(key, look)
        held: tuple[Any, dict[str, Maps]] | None = st.session_state.get(HELD)
        if held is None or held[0] != key:
            maps = look()
            if sum(one.nbytes for one in maps.values()) > MOST_HELD:
                st.session_state.pop(HELD, None)
                return maps
            st.session_state[HELD] = held = (key, maps)
        return held[1]


def show_map(subject: Subject, spec: MapSpec) -> None:
    """Show the map, one of its cells written out and on the stage, and the maps that feed it."""
    try:
        maps = _maps(subject, spec)
        unit = trace_unit(subject.eyes, maps, spec.layer, spec.channel, spec.at, spec.off)
    except SpecError as error:
        st.warning(error.message, icon=":material/grid_off:")
        return
    st.session_state[SHOWN] = (subject.choice.network, spec.layer, spec.channel, spec.at)
    st.subheader(
        f"{'Map' if unit.chosen.spatial else 'Unit'} {unit.chosen.channel} of {unit.chosen.name}", anchor=False
    )
    close, below = st.container(), st.container()
    with below:  # before what stands above it: the stage is what a click asks for
        page = _choose_page(subject, unit)
        _show_stage(subject, spec, neighbourhood(subject.eyes, maps, unit, page), page)
    with close:
        _show_cell(subject, unit, maps)
    _show_inputs(subject, unit, maps, page)


def _show_cell(subject: Subject, unit: UnitTrace, maps: dict[str, Any]) -> None:
    """Show where the cell is and what it sees, and write it out."""
    if not unit.chosen.spatial:
        _show_words(unit)
        return
    pictures, words = st.columns([3, 2], gap="large")
    with pictures:
        _show_pictures(subject, unit, maps)
    with words:
        _show_words(unit)


def _show_pictures(subject: Subject, unit: UnitTrace, maps: dict[str, Any]) -> None:
    """Show the receptive field on the picture, and the cell on its map, which can be clicked."""
    chosen = unit.chosen
    shown, plane = subject.shown, plane_of(maps, chosen.name, chosen.channel)
    trace = cached_trace(subject.eyes.network, subject.x.shape)
    top, left, height, width = box = field_box(trace, chosen.name, chosen.at)
    fields = trace.row(chosen.name).receptive_field
    kind = "grey" if shown.ndim == 2 else "rgb"
    moving = all(field.stride for field in fields)
    step = (float(fields[0].stride), float(fields[1].stride)) if moving else (1.0, 1.0)
    offset = tuple(float(field.centre) + 0.5 - float(field.stride) / 2 for field in fields)
    where = f"rows {top} to {top + height - 1}, columns {left} to {left + width - 1}"
    panels = [
        Panel(
            "What the network sees", shown, kind,  # type: ignore[arg-type]
            alt=f"{subject.alt} A frame marks what the cell sees: {where}.",
            marks=[Mark(top, left, height, width, "field")],
        ),
        Panel(
            f"Map {chosen.channel}", plane, "signed" if plane.min() < 0 else "score",
            alt=f"The map, {plane.shape[0]} by {plane.shape[1]}, values {minus(number(float(plane.min())))} to "
            f"{minus(number(float(plane.max())))}. Click a cell to take it apart.",
            low=None if plane.min() < 0 else 0.0, step=step, offset=(offset[0], offset[1]), linked=moving, click=True,
            marks=[Mark(*chosen.at, 1, 1, "cell", "output")],
        ),
    ]  # fmt: skip
    if height * width < shown.shape[0] * shown.shape[1]:
        seen = np.ascontiguousarray(shown[top : top + height, left : left + width])
        panels.append(Panel("The field alone", seen, kind, alt=f"The same, cut out: {where}.", linked=False))  # type: ignore[arg-type]
    show_pictures(panels, key=KEY, label="One map", note=field_words(box), quiet=True)


def _show_words(unit: UnitTrace) -> None:
    """Write the cell out."""
    chosen = unit.chosen
    st.markdown(f"{place_words(chosen)} is **{minus(number(chosen.given))}**.")
    for words in (off_words(chosen), way_words(unit), mean_words(unit), sum_words(unit), dark_words(unit)):
        if words:
            st.markdown(words)
    if formula := unit_formula(unit):
        st.latex(formula)
    if words := agreement_words(unit):
        st.markdown(f":small[{words}]")


def _choose_page(subject: Subject, unit: UnitTrace) -> int:
    """Turn the input maps, where there are more than fit; another map begins with its first page."""
    total = unit.total
    if total is None:
        return 0
    flat = total.weights[0].size == 1 and not unit.maker.spatial
    most, count = (MOST_UNITS if flat else MOST_MAPS), len(total.channels)
    if count <= most:
        return 0
    pages = -(-count // most)
    about = (subject.choice.network, unit.maker.name, unit.maker.channel)
    if st.session_state.get(f"_{PAGE}_of") != about:
        st.session_state[f"_{PAGE}_of"] = about
        st.session_state[PAGE] = 1
    word = "units" if flat else "maps"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        page = int(st.number_input(f"Page of input {word}", 1, pages, key=PAGE, width=180))
        first = (page - 1) * most
        st.caption(
            f"{first + 1} to {min(first + most, count)} of {count:,} {word}, in the order of what they add to this "
            "cell. The stage shows these, and all others as one."
        )
    return page - 1


def _show_stage(subject: Subject, spec: MapSpec, near: Neighbourhood | None, page: int) -> None:
    """Open the stage on the cell's surroundings; its cursor stays where the learner puts it."""
    if near is None:
        return
    about = f"{subject.digest} {spec.layer} {spec.channel} {near.unit.chosen.at} {sorted(spec.off)} {page}"
    name = hashlib.blake2b(about.encode(), digest_size=8).hexdigest()
    commit = read_commit(STAGE)
    view = View(pin=pin_of(near))
    if commit and commit.state.get("unit") == name:
        view, _ = View.from_query(commit.state)
    head = {
        "seq": commit.seq if commit else 0,
        "state": {"unit": name} | view.to_query(),
        "messages": [],
        "home": "feature_maps",
    }
    with st.container(key=BOX):
        st.html(STYLE)
        stage(unit_pack(near, head), key=STAGE)


def _show_inputs(subject: Subject, unit: UnitTrace, maps: dict[str, Any], page: int) -> None:
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
        theme = "dark" if st.context.theme.type == "dark" else "light"
        st.html(cards_html(_cards(subject, unit, maps, order), theme))
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
    for number_, (one, channel) in enumerate(zip(order, channels, strict=True)):
        plane = planes[channel]
        part = parts[number_] if parts is not None else None
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
        "Open one of them", found, format_func=lambda one: f"{one[0]} · {one[1]}", key=widget, on_change=take,
    )  # fmt: skip
