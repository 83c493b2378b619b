"""One layer of the network that is being built: its settings, its arithmetic, its place, and what comes behind it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cnnviz.engine.networks.graph import INPUT, Network, Node
from cnnviz.engine.networks.layers.kinds import Flatten, Linear
from cnnviz.engine.networks.trace import NetworkTrace
from cnnviz.errors import SpecError
from cnnviz.explain.network import row_notes
from cnnviz.lessons.build.spec_layers import (
    KINDS,
    Setting,
    first_of,
    is_even,
    read_axes,
    settings_of,
    show_axes,
)
from cnnviz.lessons.build.trace import add_shortcut, change, insert_between, joins, newest
from cnnviz.lessons.build.view_edits import add_behind, moved, removed
from cnnviz.lessons.build.view_state import KEY, WRONG, Built, choose_layer, current, edit
from cnnviz.lessons.build.words import layer_title, row_arithmetic, size_axes, size_latex
from cnnviz.quoting import as_markdown
from cnnviz.ui.share import fresh
from cnnviz.ui.widgets import bound

APART = f"{KEY}_apart"


def show_layer(built: Built) -> None:
    """Choose a layer; change it on the left, read it on the right."""
    trace, place = built.trace, built.spec.at
    places = list(range(len(built.network.nodes) + 1))
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.selectbox(
            "Layer", places, format_func=lambda one: layer_title(trace, one),
            help="Type a part of its name to find it.", **bound(f"{KEY}_layer", place, _chosen, among=places),
        )  # fmt: skip
        node = built.network.nodes[place - 1] if place else None
        if node is not None:
            _settings(node)
            _places(built)
        _add(built, node)
    with right:
        _reading(trace, node)


def _chosen() -> None:
    choose_layer(st.session_state[f"{KEY}_layer"])


def _settings(node: Node) -> None:
    """Show a small form; every change counts at once."""
    settings = settings_of(node.layer)
    axes = [one for one in settings if one.form == "axes"]
    uneven = any(not is_even(getattr(node.layer, one.name)) for one in axes)
    apart = uneven or bool(st.session_state.get(APART))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for setting in settings:
            _widget(node, setting, apart)
    if axes and getattr(node.layer, "rank", 2) > 1:
        st.checkbox(
            "Rows and columns apart", key=APART, disabled=uneven, help="Then type 3×1, or “same” as a padding."
        )  # fmt: skip


def _widget(node: Node, setting: Setting, apart: bool) -> None:
    value: Any = getattr(node.layer, setting.name)
    help_text = setting.help or None
    if setting.form == "flag":
        st.checkbox(setting.label, help=help_text, **_bound(setting, bool(value)))
    elif setting.form == "choice":
        words = list(dict.fromkeys([value, *setting.words]))
        st.selectbox(setting.label, sorted(words), width=150, help=help_text, **_bound(setting, value))
    elif setting.form == "share":
        st.number_input(setting.label, 0.0, 1.0, step=0.05, width=140, help=help_text, **_bound(setting, float(value)))
    elif setting.form == "axes" and (apart or isinstance(value, str) or value is None or None in value):
        st.text_input(setting.label, width=105, help=help_text, **_bound(setting, show_axes(value), "text"))
    else:
        number = int(first_of(value)) if setting.form == "axes" else int(value)
        high = max(int(setting.high), number)
        wide = 140 if high > 999 else 130
        low = min(int(setting.low), number)
        st.number_input(setting.label, low, high, step=1, width=wide, help=help_text, **_bound(setting, number))


def _bound(setting: Setting, value: Any, form: str = "") -> dict[str, Any]:
    key = f"{KEY}_set_{setting.name}{form}"
    return bound(key, value, _set, setting.name, key)


def _set(name: str, key: str) -> None:
    """Give the chosen layer another setting."""
    built = current()
    node = built.network[built.chosen]
    setting = next((one for one in settings_of(node.layer) if one.name == name), None)
    if setting is None:
        return
    value: Any = st.session_state[key]
    rank = getattr(node.layer, "rank", 1)
    try:
        if setting.form == "axes":
            value = read_axes(name, str(value), rank)
            largest = 0 if isinstance(value, str) else max(max(x) if isinstance(x, tuple) else x for x in value)
            if largest > setting.high:
                raise SpecError(name, f"{setting.label} {largest} is too large here: {setting.high:g} is the limit.")
        change(built.network, node.name, **{name: value})
    except SpecError as error:
        st.session_state[WRONG] = error.message
        return
    edit(lambda network: (change(network, node.name, **{name: value}), node.name))


def _places(built: Built) -> None:
    """Move or remove the layer, or lead a shortcut to it."""
    name = built.chosen
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Earlier", icon=":material/arrow_back:", on_click=fresh(moved), args=(name, -1))
        st.button("Later", icon=":material/arrow_forward:", on_click=fresh(moved), args=(name, 1))
        st.button("Remove", icon=":material/delete:", on_click=fresh(removed), args=(name,))
        with st.popover("Shortcut", icon=":material/call_merge:"):
            _shortcut(built)


def _shortcut(built: Built) -> None:
    """Ask where a shortcut begins and how it joins; it ends behind the chosen layer."""
    place = built.spec.at
    starts = list(range(place))
    key = f"{KEY}_start"
    if st.session_state.get(key) not in starts:
        st.session_state[key] = max(place - 2, 0)
    st.markdown(f"Lead the result of an earlier layer past others, and join it behind **{as_markdown(built.chosen)}**.")
    st.selectbox("From", starts, format_func=lambda one: layer_title(built.trace, one), key=key)
    st.segmented_control(
        "Join", ["add", "concat"], format_func={"add": "Add", "concat": "Concatenate"}.__getitem__, default="add",
        required=True, key=f"{KEY}_join",
    )  # fmt: skip
    st.button("Add the shortcut", icon=":material/check:", on_click=fresh(_shortcut_added), args=(built.chosen,))


def _shortcut_added(end: str) -> None:
    place = st.session_state[f"{KEY}_start"]
    if not isinstance(place, int):
        return  # a label from before the last edit

    def make(network: Network) -> tuple[Network, str]:
        start = network.nodes[place - 1].name if place else INPUT
        after = add_shortcut(network, start, end, st.session_state[f"{KEY}_join"])
        return after, newest(network, after)

    edit(make)


def _add(built: Built, node: Node | None) -> None:
    """Put a new layer behind the chosen one; where branches meet, also on one of them."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox("New layer", list(KINDS), format_func=KINDS.__getitem__, key=f"{KEY}_kind", width=240)
        ways = [""]
        if node is not None and joins(node.layer):
            ways += built.network.inputs_of(node.name)
            st.selectbox(
                "Where", ways, format_func=lambda way: f"on the way from {way}" if way else "behind it",
                key=f"{KEY}_where", width=220,
            )  # fmt: skip
        behind = "the input" if node is None else node.name
        st.button(
            "Add", icon=":material/add:", type="primary", on_click=fresh(_added), args=(built.chosen,),
            key=f"{KEY}_add", help=f"Behind {as_markdown(behind)}",
        )  # fmt: skip


def _added(name: str) -> None:
    add_behind(name, st.session_state[f"{KEY}_kind"], st.session_state.get(f"{KEY}_where", ""))


def _reading(trace: NetworkTrace, node: Node | None) -> None:
    """Write the layer's arithmetic."""
    if node is None:
        st.markdown("Choose a layer, or add one behind the input.")
        return
    row = next((one for one in trace.rows if one.name == node.name), None)
    if row is None:
        st.markdown("It has no size yet: it does not fit, or waits for a layer that does not.")
        return
    lines = row_arithmetic(row)
    words = {f"{names}: {line}" for names, line in size_axes(row)}
    st.markdown("  \n".join(line for line in lines if line not in words))
    for names, latex in size_latex(row):
        st.markdown(f":small[{names}]")
        st.latex(latex)
    for note in row_notes(row):
        st.markdown(f":material/info: {note}")
    if isinstance(node.layer, Linear) and len(row.inputs[0]) > 1:
        st.markdown(":material/info: A dense layer works on the last axis alone: here on every row by itself.")
        st.button("Put Flatten before it", icon=":material/build:", on_click=fresh(_flattened), args=(node.name,))


def _flattened(name: str) -> None:
    edit(lambda network: (insert_between(network, network.inputs_of(name)[0], name, Flatten()), name))
