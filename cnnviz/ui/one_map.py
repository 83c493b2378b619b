"""One map of a network from close: the kernels that made it, the maps that feed it, and one of its cells taken apart.

spec = settle(spec, subject)      # before the URL is kept: the cell that was just clicked, the map that was opened
show_map(subject, spec, turn)     # below the wall of maps; `turn` puts a page of input maps into the URL
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import numpy as np
import streamlit as st

from cnnviz.engine.grids import Pair
from cnnviz.engine.networks.seeing.cache import LOOKING, OWN_MAPS, MapShelf, OwnMaps
from cnnviz.engine.networks.seeing.maps import Maps
from cnnviz.engine.networks.seeing.unit import UnitTrace, field_box, plane_of, read_maps, trace_unit
from cnnviz.engine.networks.seeing.unit_windows import Neighbourhood, neighbourhood
from cnnviz.engine.networks.trace import cached_trace
from cnnviz.errors import SpecError
from cnnviz.explain.notation import minus, number
from cnnviz.explain.unit import (
    agreement_words,
    dark_words,
    field_words,
    mean_words,
    off_words,
    place_words,
    sum_words,
    unit_formula,
    way_words,
)
from cnnviz.stage.unit import pin_of, unit_pack
from cnnviz.state.view import View
from cnnviz.ui.notes import warn
from cnnviz.ui.one_map_inputs import KEY, OPENED, choose_page, show_inputs
from cnnviz.ui.reconnect import first_number
from cnnviz.ui.stage import read_commit, stage
from cnnviz.ui.subject import Subject
from cnnviz.ui.viewer import Mark, Panel, parse_answer, show_pictures
from cnnviz.ui.waiting import computing

STAGE = f"{KEY}_stage"
SHOWN = f"_{KEY}_shown"
ANSWERED = f"_{KEY}_viewer_answered"
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
    def inputs(self) -> int:
        """Which page of the maps that feed it."""

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
        return replace(spec, layer=opened[0], channel=opened[1], at=None, page=1, inputs=1)
    if network == subject.choice.network and layer != spec.layer and at == spec.at:
        return replace(spec, at=None)  # a cell of another layer's map: this one begins with its strongest
    if cell is not None and (network, layer, channel) == (subject.choice.network, spec.layer, spec.channel):
        return replace(spec, at=cell)
    return spec


def _clicked() -> Pair | None:
    """Read a click on the map, once."""
    sent = st.session_state.get(f"{KEY}_viewer")
    answer = parse_answer(sent.get("answer")) if isinstance(sent, dict) else None
    if answer is None or answer.seq <= int(st.session_state.get(ANSWERED, first_number())):
        return None
    st.session_state[ANSWERED] = answer.seq
    return answer.click[1:] if answer.click and answer.click[0] == MAP_PANEL else None


def _maps(subject: Subject, spec: MapSpec) -> dict[str, Maps]:
    """Look once at each picture for each layer. What came of a learner's own picture stays in its session."""
    key = (subject.digest, spec.layer, spec.off)

    def look() -> dict[str, Maps]:
        return read_maps(subject.eyes, subject.x, spec.layer, spec.off)

    with computing():
        if not subject.own:
            return _shelf().get(key, look)
        held: tuple[Any, dict[str, Maps]] | None = st.session_state.get(HELD)
        if held is None or held[0] != key:
            with LOOKING.one():
                maps = look()
            st.session_state.pop(HELD, None)
            del held  # the room of the last maps is free before the next ones ask for it
            size = sum(one.nbytes for one in maps.values())
            own = OwnMaps(maps)
            if size <= MOST_HELD and OWN_MAPS.hold(own, size):
                st.session_state[HELD] = (key, own)
            return own
        return held[1]


def show_map(subject: Subject, spec: MapSpec, turn: Callable[[int], None]) -> None:
    """Show the map, one of its cells written out and on the stage, and the maps that feed it."""
    try:
        maps = _maps(subject, spec)
        unit = trace_unit(subject.eyes, maps, spec.layer, spec.channel, spec.at, spec.off)
    except SpecError as error:
        warn(error.message, icon=":material/grid_off:")
        return
    st.session_state[SHOWN] = (subject.choice.network, spec.layer, spec.channel, spec.at)
    st.subheader(
        f"{'Map' if unit.chosen.spatial else 'Unit'} {unit.chosen.channel} of {unit.chosen.name}", anchor=False
    )
    close, below = st.container(), st.container()
    with below:  # before what stands above it: the stage is what a click asks for
        page = choose_page(unit, spec.inputs, turn)
        _show_stage(subject, spec, neighbourhood(subject.eyes, maps, unit, page), page)
    with close:
        _show_cell(subject, unit, maps)
    show_inputs(subject, unit, maps, page)


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
        "seq": max(commit.seq if commit else 0, first_number()),
        "state": {"unit": name} | view.to_query(),
        "messages": [],
        "home": "feature_maps",
    }
    with st.container(key=BOX):
        st.html(STYLE)
        stage(unit_pack(near, head), key=STAGE)
