"""The page that builds a network: a picture to point at, one layer's settings, and the table behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from cnnviz.engine.networks.graph import Network
from cnnviz.engine.networks.trace import NetworkTrace
from cnnviz.explain.network import layer_words
from cnnviz.explain.network_keras import keras_network
from cnnviz.lessons.build.spec import BuildSpec
from cnnviz.lessons.build.spec_examples import BUILD_PRESETS, find_preset
from cnnviz.lessons.build.trace import index_of
from cnnviz.lessons.build.trace_parts import find_parts, opened_for
from cnnviz.lessons.build.trace_text import mends, write_network
from cnnviz.lessons.build.view_layer import show_layer
from cnnviz.lessons.build.view_picture import show_picture, take_picture
from cnnviz.lessons.build.view_state import FUTURE, KEY, PAST, WRONG, Built, adopt, can, current, remember, show, step
from cnnviz.lessons.build.view_table import show_sheet, take_table
from cnnviz.quoting import Markdown, as_markdown
from cnnviz.state.network_choice import LONGEST_LINK, OWN, NetworkChoice, pack_code, show_size
from cnnviz.ui.lesson_pictures import show_code
from cnnviz.ui.network import choose, network_names, network_title, read_size
from cnnviz.ui.network_table import show_table
from cnnviz.ui.notes import refuse, show_notes, warn
from cnnviz.ui.share import fresh
from cnnviz.ui.widgets import bound


def show_build() -> None:
    """Draw the whole page."""
    take_picture()
    take_table()
    built = current()
    show(built.spec)
    _bar(built)
    with st.container():  # always one, or what stands below would be made anew when words go, and lose the keyboard
        show_notes(built.notes)
        if wrong := st.session_state.pop(WRONG, ""):
            warn(wrong, icon=":material/block:")
        if built.spec.example:
            preset = find_preset(built.spec.example)
            st.markdown(f"**{preset.title}.** {preset.note}")
    parts = find_parts(built.trace, built.spec.opened)
    with st.container():
        show_picture(built, parts, _bound)
    with st.container():
        _fault(built)
    show_layer(built)
    st.subheader("All layers", anchor=False)
    show_sheet(built, parts)
    if built.trace.rows:
        with st.expander("Operations and receptive fields of all layers", icon=":material/table_rows:"):
            show_table(built.trace)
    with st.expander("The network in code", icon=":material/code:"):
        _codes(built.trace)


def _bar(built: Built) -> None:
    """Say where to start from, and go back and forth."""
    spec = built.spec
    titles = {preset.name: preset.title for preset in BUILD_PRESETS}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Start from", network_names(), format_func=lambda name: "Yours" if name == OWN else network_title(name),
            width=220, **_bound("network", OWN if spec.example else spec.choice.name),
        )  # fmt: skip
        st.selectbox(
            "Example", list(titles), index=None, format_func=titles.__getitem__, placeholder="Choose an example",
            width=280, **_bound("example", spec.example or None),
        )  # fmt: skip
        st.text_input(
            "Input", width=130, help="Channels, rows and columns, like 3×32×32. One number is enough for the side.",
            **_bound("size", show_size(built.network.input).replace(".", "×")),
        )  # fmt: skip
        st.button("Undo", icon=":material/undo:", disabled=not can(PAST), on_click=fresh(step), args=(PAST,))
        st.button("Redo", icon=":material/redo:", disabled=not can(FUTURE), on_click=fresh(step), args=(FUTURE,))
        st.toggle(
            "Channels follow",
            help="On: after an edit, every layer takes as many channels as arrive. Off: layers keep what they were "
            "made for, as in PyTorch, and an edit can break the layers behind it.",
            **_bound("follow", spec.follow),
        )


def _fault(built: Built) -> None:
    """Say what does not fit, and offer what mends it."""
    trace = built.trace
    if trace.faulty is None or trace.fault is None:
        return
    count = len(trace.skipped)
    waits = "" if not count else " One more layer waits for it." if count == 1 else f" {count} more layers wait for it."
    refuse(
        Markdown(
            f"**{as_markdown(trace.faulty.name)}** ({layer_words(trace.faulty.layer)}) does not fit. "
            f"{as_markdown(trace.fault.message)}{waits}"
        ),
        icon=":material/error:",
    )
    found = _cached_mends(trace, built.spec.follow)
    with st.container(horizontal=True, gap="small"):
        for number, (sentence, network) in enumerate(found):
            st.button(
                as_markdown(sentence),
                key=f"{KEY}_mend_{number}",
                icon=":material/build:",
                on_click=fresh(adopt),
                args=(built, network, trace.faulty.name),
            )
        if built.chosen != trace.faulty.name:
            st.button(
                "Show this layer", icon=":material/my_location:", on_click=fresh(_find), args=(trace.faulty.name,)
            )
    if not found:
        st.markdown("No single change was found that mends it. Undo, or change the layers before it.")


def _find(name: str) -> None:
    """Choose a layer, and open the stages that it is in."""
    built = current()
    opened = opened_for(built.network, built.spec.opened, name)
    show(replace(built.spec, at=index_of(built.network, name) + 1, opened=opened))


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs={NetworkTrace: lambda trace: repr(trace.network)})
def _cached_mends(trace: NetworkTrace, follow: bool) -> list[tuple[str, Network]]:
    return mends(trace, follow=follow)


def _codes(trace: NetworkTrace) -> None:
    text = write_network(trace.network)
    if trace.fault or not trace.rows:
        st.code(text, language="python", wrap_lines=True)
    else:
        show_code(KEY, {"PyTorch": text, "Keras": keras_network(trace)}, file_name="network.py")
    if len(pack_code(text)) > LONGEST_LINK:
        st.markdown(
            f":small[With {len(trace.network)} layers, this is too long for a link. Save the code to share it.]"
        )


def _bound(name: str, value: Any) -> dict[str, Any]:
    return bound(f"{KEY}_{name}", value, _take, name)


def _take(name: str) -> None:
    """Put what was changed into the URL."""
    value = st.session_state[f"{KEY}_{name}"]
    built = current()
    spec = built.spec
    if name == "network":
        remember(spec)
        choose(value)
        show(BuildSpec(NetworkChoice(value, None, spec.choice.code), **_way_of_looking(spec)))
    elif name == "example":
        if value:
            remember(spec)
            show(BuildSpec(example=value, **_way_of_looking(spec)))
    elif name == "size":
        size, wrong = read_size(value, built.network)
        if wrong:
            st.session_state[WRONG] = wrong
        else:
            remember(spec)
            show(replace(spec, choice=replace(spec.choice, size=size)))
    elif name == "opened":
        show(replace(spec, opened=tuple(value)))
    else:
        show(replace(spec, **dict[str, Any]({name: value})))


def _way_of_looking(spec: BuildSpec) -> dict[str, Any]:
    """Give what stays when another network is chosen."""
    return {"view": spec.view, "turn": spec.turn, "follow": spec.follow}


__all__ = ["KEY", "show_build"]
