"""What the Learned kernels page asks for, made into what can be shown: a layer and a kernel that are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from cnnviz.explain.network import layer_words
from cnnviz.lessons.learned_kernels.spec import VIEWS, KernelsSpec
from cnnviz.lessons.learned_kernels.trace import COLOUR, has_colour, kernel_layers, unit_layers, weights_of
from cnnviz.quoting import one_line
from cnnviz.ui.subject import NAMES, Subject, own_query
from cnnviz.ui.viewer import keep, viewed_query
from cnnviz.ui.widgets import bound

KEY = "learned_kernels"
NETWORK = f"_{KEY}_network"
"""In the session: the network to which the page's layer belongs."""
NOTES = f"_{KEY}_notes"


def settled(query: Mapping[str, str], subject: Subject) -> tuple[KernelsSpec, list[str]]:
    """Read a spec and put what is not there into reach; say what had to change."""
    query = own_query(query, subject)
    name = subject.choice.network
    if st.session_state.get(NETWORK, name) != name and "net" not in st.query_params:
        query = {word: text for word, text in query.items() if word in {*NAMES, "img", "view"}}
    st.session_state[NETWORK] = name
    spec, notes = KernelsSpec.from_query(query)
    spec, more = _layer(spec, subject)
    return _kernel(spec, subject, notes + more)


def layers_of(spec: KernelsSpec, subject: Subject) -> list[str]:
    """Name the layers that the view can show."""
    return (unit_layers if spec.exciting else kernel_layers)(subject.eyes.network)


def default_layer(spec: KernelsSpec, subject: Subject) -> str:
    """The first kernels; or the scores."""
    return layers_of(spec, subject)[-1 if spec.exciting else 0]


def _layer(spec: KernelsSpec, subject: Subject) -> tuple[KernelsSpec, list[str]]:
    names = layers_of(spec, subject)
    if not spec.layer:
        return replace(spec, layer=default_layer(spec, subject)), []
    if spec.layer in names:
        return spec, []
    what = "units" if spec.exciting else "kernels"
    layer = default_layer(spec, subject)
    note = f"{subject.eyes.network.title} has no {what} in a layer “{one_line(spec.layer)}”; you see {layer} now."
    return replace(spec, layer=layer, kernel=0, channel=COLOUR), [note]


def _kernel(spec: KernelsSpec, subject: Subject, notes: list[str]) -> tuple[KernelsSpec, list[str]]:
    weights = weights_of(subject.eyes, spec.layer)
    count = len(weights)
    if spec.kernel >= count:
        what = "channels" if spec.exciting else "kernels"
        asked = f"The link asks for number {spec.kernel}, but {spec.layer} has {count} {what}, from 0."
        notes.append(f"{asked} It is 0 now.")
        spec = replace(spec, kernel=0)
    if spec.exciting:
        return replace(spec, channel=COLOUR), notes
    colour, channels = has_colour(subject.eyes, weights, spec.layer), weights.shape[1]
    if spec.channel >= channels:
        notes.append(
            f"The link asks for input channel {spec.channel}, but the kernels of {spec.layer} have {channels}, from 0."
        )
        spec = replace(spec, channel=COLOUR)
    if spec.channel == COLOUR and not colour:
        spec = replace(spec, channel=0)
    return spec, notes


def linked(spec: KernelsSpec, subject: Subject) -> dict[str, str]:
    """Write a settled spec for the URL; what goes without saying is left out."""
    if spec.layer == default_layer(spec, subject):
        spec = replace(spec, layer="")
    if spec.channel == 0:
        layer = spec.layer or default_layer(spec, subject)
        if not spec.exciting and not has_colour(subject.eyes, weights_of(subject.eyes, layer), layer):
            spec = replace(spec, channel=COLOUR)
    return subject.query | spec.to_query()


def remembered(notes: list[str], state: dict[str, str]) -> list[str]:
    """Keep what was wrong with a link in sight until the learner moves on: the end of a climb runs the page again."""
    held: tuple[dict[str, str], list[str]] | None = st.session_state.get(NOTES)
    if not notes and held and held[0] == state:
        return held[1]
    st.session_state[NOTES] = (state, notes)
    return notes


def show_view_and_layer(spec: KernelsSpec, subject: Subject) -> None:
    """Draw what is chosen besides the kernel."""
    nodes = {node.name: node for node in subject.eyes.network}

    def take(name: str) -> None:
        asked, _ = settled(viewed_query(KEY)[0], subject)
        value = st.session_state[f"{KEY}_{name}"]
        if name == "layer":
            asked = replace(asked, layer=value, kernel=0, channel=COLOUR, patch=0)
        elif value and value != asked.view:
            asked = replace(asked, view=value, patch=0)
            if asked.layer not in layers_of(asked, subject):
                asked = replace(asked, layer="", kernel=0)
            asked, _ = _kernel(_layer(asked, subject)[0], subject, [])
        keep(KEY, linked(asked, subject))

    view = bound(f"{KEY}_view", spec.view, take, "view")
    st.segmented_control("View", list(VIEWS), format_func=VIEWS.__getitem__, **view)
    layers = layers_of(spec, subject)
    st.selectbox(
        "Layer", layers, width=380,
        format_func=lambda name: f"{name} · {layer_words(nodes[name].layer)}" if name in nodes else name,
        **bound(f"{KEY}_layer", spec.layer, take, "layer", among=layers),
    )  # fmt: skip
