"""The Networks lesson: what published networks are made of, what they cost, and why tools disagree about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from cnnviz.engine.networks.code.sized import write_code
from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.swap import swapped
from cnnviz.engine.networks.trace import NetworkTrace, trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.explain.network import COUNT_WORDS, COUNTS, cost, memory, say_shape, short, stage_of, total
from cnnviz.figures.network import bars_figure, compare_figure, treemap_figure
from cnnviz.lessons.networks.examples import NETWORKS_PRESETS
from cnnviz.lessons.networks.spec import MEASURES, SWAPS, VIEWS, NetworksSpec
from cnnviz.state.network_choice import OWN, NetworkChoice, show_size
from cnnviz.state.preset import Preset
from cnnviz.ui.lesson_pictures import show_code
from cnnviz.ui.network import (
    choose,
    chosen_network,
    follow,
    network_names,
    network_title,
    network_trace,
    read_size,
    why_not,
)
from cnnviz.ui.network_table import show_table
from cnnviz.ui.notes import show_notes
from cnnviz.ui.rows import show_rows
from cnnviz.ui.share import current_query, publish
from cnnviz.ui.widgets import bound, example_box, is_dark, note_of, open_preset, show_chart, standing_preset

KEY = "networks"
UNITS = {"mac": "MACs", "flop": "FLOPs", "bias": "MACs + biases", "torchinfo": "mult-adds", "all": "operations"}
MOST_COMPARED = 6
MOST_BARS = 9
LEAST_SHARE = 0.002
"""Stages with a smaller part of everything get no bars."""


def show_networks() -> None:
    """Draw the whole lesson."""
    query, _ = current_query(KEY)
    spec, notes = NetworksSpec.from_query(query)
    spec = replace(spec, choice=follow(spec.choice, "net" in query or "c" in query))
    publish(KEY, spec.to_query(), None)
    _controls(spec)
    notes = [*notes, *why_not(spec.choice)]
    show_notes([*notes, *([st.session_state.pop(f"{KEY}_wrong")] if f"{KEY}_wrong" in st.session_state else [])])
    trace = network_trace(spec.choice)
    _headline(spec, trace)
    if spec.view == "compare":
        _compare(spec, trace)
        return
    if spec.view == "where":
        _where(spec, trace)
    show_table(trace, count=spec.count, batch=spec.choice.batch, unit=UNITS[spec.count])
    with st.expander("The same in PyTorch", icon=":material/code:"):
        show_code(KEY, {"PyTorch": write_code(trace)}, file_name=f"{trace.network.name}.py")


def _controls(spec: NetworksSpec) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Network",
            network_names(),
            format_func=network_title,
            width=230,
            **_bound(spec.choice.name, "network"),
        )
        st.text_input(
            "Input",
            placeholder=show_size(_own_size(spec.choice)).replace(".", "×"),
            help="Channels, rows and columns, like 3×224×224. One number is enough for the side.",
            width=130,
            **_bound(show_size(spec.choice.size).replace(".", "×"), "size"),
        )
        _sliders(spec)
        example_box(KEY, NETWORKS_PRESETS, _preset(spec), open_preset)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Show", list(VIEWS), format_func=VIEWS.__getitem__, required=True, **_bound(spec.view, "view")
        )
        st.selectbox(
            "Count", list(COUNTS), format_func=COUNTS.__getitem__, width=230, help="Why do tools disagree? Each counts "
            "something else.", **_bound(spec.count, "count"),
        )  # fmt: skip


def _sliders(spec: NetworksSpec) -> None:
    """Draw the sliders for the picture's side and the batch; both also show a value that a link chose between steps."""
    own = _own_size(spec.choice)
    size = spec.choice.size or own
    if len(size) == 3 and size[1] == size[2]:
        sides = sorted({*range(32, 513, 32), own[1], size[1]})
        st.select_slider("Side", sides, width=190, **_bound(size[1], "side"))
    batches = sorted({*(2**power for power in range(9)), spec.choice.batch})
    st.select_slider("Batch", batches, width=150, **_bound(spec.choice.batch, "batch"))


def _own_size(choice: NetworkChoice) -> Shape:
    """Give the input that the network is made for; asking for it traces nothing."""
    return chosen_network(replace(choice, size=None)).input


def _preset(spec: NetworksSpec) -> Preset | None:
    """Find the example that stands on the page."""
    state = spec.to_query()
    return standing_preset(NETWORKS_PRESETS, state)


def _headline(spec: NetworksSpec, trace: NetworkTrace) -> None:
    """Say the numbers that papers give."""
    batch = spec.choice.batch
    if preset := _preset(spec):
        st.markdown(note_of(preset))
    elif trace.network.note:
        st.markdown(f"**{trace.network.title}.** {trace.network.note}")
    unit = UNITS[spec.count]
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "Parameters", short(trace.params), width="content", help=f"{trace.params:,}, all of them counted once."
        )
        st.metric(
            unit, short(total(trace, spec.count) * batch), width="content", help=f"{total(trace, spec.count) * batch:,}"
        )
        st.metric(
            "Maps, training", memory(trace.activations, batch), width="content",
            help="What all layers give, as float32: training keeps it for the way back.",
        )  # fmt: skip
        st.metric(
            "Maps, answering", memory(trace.peak(), batch), width="content",
            help="The most that must be held at once if each map is let go after its last reader.",
        )  # fmt: skip
        st.metric("Weights", memory(trace.params), width="content", help="The parameters as float32.")
        st.metric("Output", say_shape(trace.output_shape), width="content")
    st.markdown(f":small[{COUNTS[spec.count]}: {COUNT_WORDS[spec.count]}]")
    with st.expander("Why tools disagree", icon=":material/calculate:"):
        _counts(spec, trace)


def shares(trace: NetworkTrace, measure: str, count: str) -> dict[str, int]:
    """Give every layer's part of a measure."""
    if measure == "work":
        return {row.name: cost(row, count) for row in trace.rows}
    return {row.name: row.params if measure == "params" else row.outputs for row in trace.rows}


def _where(spec: NetworksSpec, trace: NetworkTrace) -> None:
    dark = is_dark()
    parts: dict[str, dict[str, int]] = {}
    labels = {"params": "Parameters", "work": UNITS[spec.count], "maps": "Numbers in maps"}
    for measure, label in labels.items():
        stages: dict[str, int] = {}
        for name, number in shares(trace, measure, spec.count).items():
            stages[stage_of(name)] = stages.get(stage_of(name), 0) + number
        parts[label] = stages
    share = {
        name: max(stage[name] / (sum(stage.values()) or 1) for stage in parts.values())
        for name in next(iter(parts.values()))
    }
    keep = sorted((name for name in share if share[name] >= LEAST_SHARE), key=lambda name: -share[name])[:MOST_BARS]
    ordered = [name for name in share if name in keep]
    left, right = st.columns(2, gap="large")
    with left:
        figure = bars_figure({m: {name: s[name] for name in ordered} for m, s in parts.items()}, dark=dark)
        show_chart(f"{KEY}_bars", figure, _bars_alt(parts))
    with right:
        st.segmented_control(
            "Area",
            list(MEASURES),
            format_func=MEASURES.__getitem__,
            required=True,
            **_bound(spec.measure, "measure"),
        )
        sizes = shares(trace, spec.measure, spec.count)
        figure = treemap_figure(trace, sizes, dark=dark)
        heavy = max(sizes, key=sizes.__getitem__, default="")
        show_chart(
            f"{KEY}_tree", figure,
            f"{MEASURES[spec.measure]} as areas; the largest is {heavy} with {short(sizes.get(heavy, 0))}.",
        )  # fmt: skip


def _bars_alt(parts: Mapping[str, Mapping[str, int]]) -> str:
    said = []
    for measure, stages in parts.items():
        whole = sum(stages.values()) or 1
        name = max(stages, key=stages.__getitem__)
        said.append(f"{measure}: most in {name}, {100 * stages[name] / whole:.0f} %")
    return "; ".join(said) + "."


def _compare(spec: NetworksSpec, trace: NetworkTrace) -> None:
    """Draw networks side by side, each for its own input size, or for the typed one."""
    st.multiselect(
        "Compare with", [name for name in ARCHITECTURES if name != spec.choice.name],
        format_func=lambda name: ARCHITECTURES[name].title, max_selections=MOST_COMPARED,
        **_bound(list(spec.others), "others"),
    )  # fmt: skip
    st.segmented_control(
        "And with other convolutions", list(SWAPS), format_func=SWAPS.__getitem__, required=True,
        **_bound(spec.swap, "swap"),
    )  # fmt: skip
    traces = [trace]
    if spec.swap != "none":
        traces.append(trace_network(swapped(trace, spec.swap)))
    for name in spec.others:
        other = ARCHITECTURES[name]
        size = spec.choice.size if spec.choice.size and len(spec.choice.size) == len(other.input) else None
        one = trace_network(other, size)
        traces.append(trace_network(other) if one.fault else one)
    titles = [one.network.title for one in traces]
    measures = {
        "Parameters": [one.params for one in traces],
        UNITS[spec.count]: [total(one, spec.count) for one in traces],
        "Numbers in maps": [one.activations for one in traces],
    }
    said = "; ".join(f"{t}: {short(one.params)} parameters" for t, one in zip(titles, traces, strict=True))
    show_chart(f"{KEY}_compare", compare_figure(titles, measures, dark=is_dark()), said)
    heads = ("Network", "Input", "Parameters", UNITS[spec.count], "Numbers in maps", "Layers")
    rows = [
        (
            one.network.title, say_shape(one.input), f"{one.params:,}", f"{total(one, spec.count):,}",
            f"{one.activations:,}", str(len(one.rows)),
        )
        for one in traces
    ]  # fmt: skip
    show_rows("The networks side by side", heads, rows, words=2)
    st.markdown(" ".join(_against(one, traces[0], spec.count) for one in traces[1:]))


def _against(one: NetworkTrace, other: NetworkTrace, count: str) -> str:
    """Say how much of the larger network's numbers the smaller one has."""
    least, most = sorted((one, other), key=lambda trace: trace.params)
    return (
        f"{least.network.title} has {least.params / max(most.params, 1):.2f} times the parameters of "
        f"{most.network.title}, and {total(least, count) / max(total(most, count), 1):.2f} times its {UNITS[count]}."
    )


def _counts(spec: NetworksSpec, trace: NetworkTrace) -> None:
    """Show every way to count side by side: that is why tools disagree."""
    batch = spec.choice.batch
    rows = [f"| {COUNTS[count]} | {total(trace, count) * batch:,} | {COUNT_WORDS[count]} |" for count in COUNTS]
    st.markdown("\n".join(["| Count | This network | What is counted |", "|:--|--:|:--|", *rows]))


def _bound(value: Any, name: str) -> dict[str, Any]:
    return bound(f"{KEY}_{name}", value, _take, name)


def _take(name: str) -> None:
    """Put what was moved into the URL."""
    query, _ = current_query(KEY)
    spec, _ = NetworksSpec.from_query(query)
    spec = replace(spec, choice=follow(spec.choice, "net" in query or "c" in query))
    value = st.session_state[f"{KEY}_{name}"]
    choice = spec.choice
    if name == "network":
        choose(value)
        choice = replace(choice, name=value, size=None, code=choice.code if value == OWN else "")
    elif name == "size":
        size, wrong = read_size(value, chosen_network(replace(choice, size=None)))
        if wrong:
            st.session_state[f"{KEY}_wrong"] = wrong
        choice = choice if wrong else replace(choice, size=size)
    elif name == "side":
        own = _own_size(choice)
        size = (*(choice.size or own)[:1], value, value)
        choice = replace(choice, size=None if size == own else size)
    elif name == "batch":
        choice = replace(choice, batch=value)
    else:
        spec = replace(spec, **dict[str, Any]({name: tuple(value) if name == "others" else value}))
    publish(KEY, replace(spec, choice=choice).to_query(), None)
