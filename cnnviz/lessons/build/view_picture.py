"""The picture of the network that is built: flat, or solid and turned; what is clicked, and where that layer opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import orjson
import streamlit as st

from cnnviz.engine.networks.graph import INPUT
from cnnviz.explain.network import layer_words, say_shape
from cnnviz.lessons.build.figure import build_figure, picture_width
from cnnviz.lessons.build.figure_solid import solid_message
from cnnviz.lessons.build.spec import MOST_ABOVE, MOST_SIDE, MOST_ZOOM, VIEWS, Turn
from cnnviz.lessons.build.trace_links import stage_links
from cnnviz.lessons.build.trace_parts import Part, openable
from cnnviz.lessons.build.view_state import KEY, Built, choose_key, current, show
from cnnviz.lessons.build.words import picture_alt, summary
from cnnviz.lessons.registry import LESSONS
from cnnviz.quoting import as_markdown
from cnnviz.ui.component import Component
from cnnviz.ui.reconnect import first_number
from cnnviz.ui.share import freshen
from cnnviz.ui.widgets import is_dark

FLAT, SOLID = Component("build/flat", "The picture"), Component("build/solid", "The picture")
MOST_PICKS = 64
LINKS = {
    "convolution": ("Convolution", ":material/grid_on:"),
    "transposed": ("Transposed convolution", ":material/open_in_full:"),
    "pooling": ("Pooling", ":material/compress:"),
    "channels": ("Channels and groups", ":material/layers:"),
    "signals": ("Signals", ":material/show_chart:"),
    "volumes": ("Volumes", ":material/view_in_ar:"),
    "shuffle": ("Pixel shuffle", ":material/shuffle:"),
}


def show_picture(built: Built, parts: list[Part], bind: Callable[[str, Any], dict[str, Any]]) -> None:
    """Draw the picture, and below it what is chosen; `bind` ties a widget to the page's state."""
    spec, trace = built.spec, built.trace
    chosen = next((part.key for part in parts if any(node.name == built.chosen for node in part.nodes)), INPUT)
    dark = is_dark()
    if spec.view == "3d":
        message = solid_message(trace, parts, chosen=chosen, dark=dark, turn=spec.turn)
        _draw(SOLID, message)
        _way(built, bind)
    else:
        _room_for(parts)
        with st.container(key=f"{KEY}_scroll"):
            figure = build_figure(trace, parts, chosen=chosen, dark=dark)
            _draw(FLAT, {"alt": picture_alt(trace, parts), "figure": orjson.Fragment(figure.to_json())})
            _way(built, bind)
    _chosen(built)
    folded = openable(built.network, spec.opened)
    if folded or spec.opened:
        st.multiselect(
            "Open stages", [*spec.opened, *folded], placeholder="Click a folded stage, or choose it here",
            **bind("opened", list(spec.opened)),
        )  # fmt: skip


def _draw(picture: Component, message: dict[str, Any]) -> None:
    message["seq"] = _seen(picture)
    picture(orjson.dumps(message).decode(), key=_key(picture), on_commit_change=freshen)


def _way(built: Built, bind: Callable[[str, Any], dict[str, Any]]) -> None:
    """Choose flat or solid; and say what the network is."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.segmented_control(
            "View", list(VIEWS), format_func=VIEWS.__getitem__, required=True, label_visibility="collapsed",
            **bind("view", built.spec.view),
        )  # fmt: skip
        st.markdown(
            f"**{summary(built.trace)}.** :small[Point at a block for its arithmetic, click it to choose it.]",
            help="A block’s height grows with the square root of its map’s side, its width with the logarithm of "
            "its channels; a list of numbers is a thin bar.",
        )


def _room_for(parts: list[Part]) -> None:
    """On a phone the picture scrolls; the row below it stays, and takes the keyboard's focus."""
    inside = f".st-key-{KEY}_scroll"
    st.html(
        f"<style>{inside} {{ overflow-x: auto; }} {inside} > :first-child {{ min-width: {picture_width(parts)}px; }}"
        f"{inside} > :last-child {{ position: sticky; left: 0; }}</style>"
    )


def take_picture() -> None:
    """Take over what was clicked, and from where the solid picture is seen; before anything is drawn."""
    for picture in (FLAT, SOLID):
        sent, seen = parse_picture(st.session_state.get(_key(picture))), _seen(picture)
        if sent is None or sent.seq <= seen:
            continue
        if sent.turn:
            show(replace(current().spec, turn=sent.turn))
        for seq, block in sent.picks:
            if seq > seen:
                choose_key(block)
        st.session_state[f"_{_key(picture)}_seq"] = (
            sent.seq
        )  # at last: a run that is broken off before does it all again


def _key(picture: Component) -> str:
    return f"{KEY}_{picture.name}"


def _seen(picture: Component) -> int:
    return int(st.session_state.get(f"_{_key(picture)}_seq", first_number()))


@dataclass(frozen=True)
class Sent:
    """What a picture sent: the number of the message, the blocks clicked (each with its number), and the view."""

    seq: int
    picks: tuple[tuple[int, str], ...]
    turn: Turn | None = None


def parse_picture(sent: object) -> Sent | None:
    """Read what a browser sent; nothing in it is believed.

    >>> parse_picture({"commit": {"seq": 3, "picks": [[2, "layer1"], [3, "conv1"], "x"]}})
    Sent(seq=3, picks=((2, 'layer1'), (3, 'conv1')), turn=None)
    >>> parse_picture({"commit": {"seq": 3, "picks": [], "turn": [20, 30, 1]}}).turn
    (20, 30, 1)
    >>> parse_picture({"commit": {"seq": 3, "picks": [], "turn": [20, 300, 1]}}) is None
    True
    """
    match sent:
        case {"commit": {"seq": int(seq), "picks": list(listed), **rest}} if 0 < seq < 2**31:
            picks = tuple((number, key) for number, key in map(_pick, listed[-MOST_PICKS:]) if 0 < number <= seq)
            if "turn" not in rest:
                return Sent(seq, picks)
            turn = _turn(rest["turn"])
            return Sent(seq, picks, turn) if turn else None
    return None


def _pick(sent: object) -> tuple[int, str]:
    match sent:
        case [int(number), str(key)]:
            return number, key
    return 0, ""


def _turn(sent: object) -> Turn | None:
    match sent:
        case [int(side), int(above), int(zoom)]:
            seen = abs(side) <= MOST_SIDE and 0 <= above <= MOST_ABOVE and 1 <= zoom <= MOST_ZOOM
            return (side, above, zoom) if seen else None
    return None


def _chosen(built: Built) -> None:
    """Name the chosen layer, and lead to the stages that show it cell by cell."""
    if built.chosen == INPUT:
        st.markdown(f"**Input** {say_shape(built.trace.input)}. Choose a layer to change it.")
        return
    node = built.network[built.chosen]
    row = next((one for one in built.trace.rows if one.name == node.name), None)
    links = stage_links(row) if row else []
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{KEY}_chosen"):
        st.markdown(f"**{as_markdown(node.name)}**: {layer_words(node.layer)}.", width="content")
        if links:
            st.markdown("Open on the stage:", width="content")
        for link in links:
            label, icon = LINKS[link.page]
            st.page_link(
                LESSONS[link.page].page, label=label, icon=icon, query_params=link.query, width="content",
                help=" ".join(link.notes) or None,
            )  # fmt: skip
    notes = list(dict.fromkeys(note for link in links for note in link.notes))
    if notes:
        st.markdown(f":small[{' '.join(notes)}]")
