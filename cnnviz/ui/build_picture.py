"""The picture of the network that is built: flat, or solid and turned; what is clicked, and where that layer opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import streamlit as st

from cnnviz.engine.build_links import stage_links
from cnnviz.engine.build_parts import Part, openable
from cnnviz.explain.build import picture_alt, plain, summary
from cnnviz.explain.network import layer_words, say_shape
from cnnviz.figures.build import build_figure, picture_width
from cnnviz.figures.build_solid import solid_message
from cnnviz.spec.build import MOST_ABOVE, MOST_SIDE, MOST_ZOOM, VIEWS, Turn
from cnnviz.spec.network import INPUT
from cnnviz.ui.build_state import KEY, Built, choose_key, current, show
from cnnviz.ui.share import fresh, freshen
from cnnviz.ui.stage import boot
from cnnviz.ui.widgets import is_dark

PICTURE, SOLID = f"{KEY}_picture", f"{KEY}_solid"
LAST = f"{KEY}_pointed"
SEEN = f"_{KEY}_solid_seq"
PAGES = Path(__file__).resolve().parents[2] / "pages"
LINKS = {
    "convolution": ("Convolution", ":material/grid_on:"),
    "transposed": ("Transposed convolution", ":material/open_in_full:"),
    "pooling": ("Pooling", ":material/compress:"),
    "channels": ("Channels and groups", ":material/layers:"),
    "signals": ("Signals", ":material/show_chart:"),
    "volumes": ("Volumes", ":material/view_in_ar:"),
    "shuffle": ("Pixel shuffle", ":material/shuffle:"),
}


@st.cache_resource
def _component() -> Callable[..., Any]:
    """Register the component: once a process, or again when a developer changed its files."""
    return st.components.v2.component("cnnviz_solid", js=boot("solid.js"), isolate_styles=False)


def show_picture(built: Built, parts: list[Part], bind: Callable[[str, Any], dict[str, Any]]) -> None:
    """Draw the picture, and below it what is chosen; `bind` ties a widget to the page's state."""
    spec, trace = built.spec, built.trace
    chosen = next((part.key for part in parts if any(node.name == built.chosen for node in part.nodes)), INPUT)
    dark = is_dark()
    if spec.view == "3d":
        message = solid_message(trace, parts, chosen=chosen, dark=dark, turn=spec.turn)
        message["seq"] = st.session_state.get(SEEN, 0)
        _component()(data=orjson.dumps(message).decode(), key=SOLID, on_commit_change=freshen)
        _way(built, bind)
    else:
        _flat(built, parts, chosen, bind)
    _chosen(built)
    folded = openable(built.network, spec.opened)
    if folded or spec.opened:
        st.multiselect(
            "Open stages", [*spec.opened, *folded], placeholder="Click a folded stage, or choose it here",
            **bind("opened", list(spec.opened)),
        )  # fmt: skip


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


def _flat(built: Built, parts: list[Part], chosen: str, bind: Callable[[str, Any], dict[str, Any]]) -> None:
    figure = build_figure(built.trace, parts, chosen=chosen, dark=is_dark())
    inside = f".st-key-{KEY}_scroll"  # on a phone it scrolls; the row in it stays, and takes the keyboard's focus
    st.html(
        f"<style>{inside} {{ overflow-x: auto; }} {inside} > :first-child {{ min-width: {picture_width(parts)}px; }}"
        f"{inside} > :last-child {{ position: sticky; left: 0; }}</style>"
    )
    with st.container(key=f"{KEY}_scroll"):
        st.plotly_chart(
            figure, theme=None, config={"displayModeBar": False, "doubleClick": False}, key=PICTURE,
            on_select=fresh(_pointed), selection_mode="points", alt=picture_alt(built.trace, parts),
        )  # fmt: skip
        _way(built, bind)


def _pointed() -> None:
    """Choose the layer that was clicked, or open the stage."""
    key = pointed_at(st.session_state[PICTURE]["selection"]["points"], st.session_state.get(LAST, ""))
    st.session_state[LAST] = key
    choose_key(key)


def pointed_at(points: Sequence[Mapping[str, Any]], last: str) -> str:
    """Name the block that was clicked; a second click on one takes the selection away: it means the block again.

    >>> pointed_at([{"customdata": "conv1"}], ""), pointed_at([{"customdata": ["bn1"]}], ""), pointed_at([], "bn1")
    ('conv1', 'bn1', 'bn1')
    """
    said = points[0].get("customdata", "") if points else last
    return str(said[0] if isinstance(said, list) and said else said)


def take_picture() -> None:
    """Take over from where the solid picture is seen, and what was clicked in it; before anything is drawn."""
    found = parse_turned(st.session_state.get(SOLID))
    if found is None or found[0] <= st.session_state.get(SEEN, 0):
        return
    seq, turn, pick = found
    st.session_state[SEEN] = seq
    show(replace(current().spec, turn=turn))
    if pick:
        choose_key(pick)


def parse_turned(sent: object) -> tuple[int, Turn, str] | None:
    """Read what a browser sent.

    >>> parse_turned({"commit": {"seq": 3, "turn": [20, 30, 1], "pick": "conv1"}})
    (3, (20, 30, 1), 'conv1')
    >>> parse_turned({"commit": {"seq": 3, "turn": [20, 300, 1], "pick": ""}}) is None
    True
    """
    match sent:
        case {"commit": {"seq": int(seq), "turn": [int(side), int(above), int(zoom)], "pick": str(pick)}}:
            seen = abs(side) <= MOST_SIDE and 0 <= above <= MOST_ABOVE and 1 <= zoom <= MOST_ZOOM
            if seen and 0 < seq < 2**31:
                return seq, (side, above, zoom), pick
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
        st.markdown(f"**{plain(node.name)}**: {layer_words(node.layer)}.", width="content")
        if links:
            st.markdown("Open on the stage:", width="content")
        for link in links:
            label, icon = LINKS[link.page]
            st.page_link(
                PAGES / f"{link.page}.py", label=label, icon=icon, query_params=link.query, width="content",
                help=" ".join(link.notes) or None,
            )  # fmt: skip
    notes = list(dict.fromkeys(note for link in links for note in link.notes))
    if notes:
        st.markdown(f":small[{' '.join(notes)}]")
