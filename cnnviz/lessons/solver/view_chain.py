"""The Solver's tools for several layers: the size after each, and which inputs give a wanted output."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cnnviz.engine.axis_layer import AxisLayer
from cnnviz.errors import SpecError
from cnnviz.explain.layer_size import dropped_window, size_formula
from cnnviz.lessons.solver.code import chain_code
from cnnviz.lessons.solver.examples import CHAIN_PRESETS, find_chain_preset
from cnnviz.lessons.solver.spec import SolverSpec
from cnnviz.lessons.solver.spec_layer import (
    CHAIN_BOUNDS,
    CHAIN_KINDS,
    LONGEST_CHAIN,
    ChainLayer,
    parse_chain_text,
    read_chain,
    write_chain,
    write_layer,
)
from cnnviz.lessons.solver.trace_chain import ChainTrace, inputs_of_chain, trace_back, trace_chain
from cnnviz.lessons.solver.view_state import bound, change, complain
from cnnviz.lessons.solver.words_chain import chain_sentence, inputs_sentence, nearby_sizes, say_pair, step_row
from cnnviz.state.preset import Preset
from cnnviz.state.query import parse_pair, show_pair
from cnnviz.ui.cards import Column, html_table, small_print
from cnnviz.ui.notes import refuse
from cnnviz.ui.share import fresh

WRITING = (
    "One layer a line: **conv**, **pool** (maximum), **avgpool** or **transposed**, then its kernel, then what differs "
    "from the usual: **s** stride, **p** padding, **d** dilation, **op** output padding, **c** output channels, "
    "**ceil** for pooling that rounds up. `conv 3 s2 p1 c16`, `pool 2`, `conv 3x5 p1x2`, `conv 3 p same`."
)
CHAIN_TABLE = (
    Column("Layer"),
    Column("Size", number=True),
    Column("Channels", number=True),
    Column("Lost", number=True),
    Column("Sees", number=True),
    Column("Jump", number=True),
    Column("Parameters", number=True),
    Column("Multiplications", number=True),
)
NEW = "solver_new_"
BACK_TABLE = (Column("Layer"), Column("Outputs", number=True), Column("Come from inputs", number=True))


def show_chain(spec: SolverSpec) -> None:
    """Run a size through the layers."""
    layers = _layers(spec, sizes=True)
    if not layers:
        return
    trace = trace_chain(layers, spec.size, spec.channels)
    st.markdown(f"**{chain_sentence(trace)}**")
    if trace.fault:
        refuse(trace.fault.message, icon=":material/block:")
    if not trace.steps:
        return
    start = ["Input", say_pair(trace.size), str(trace.channels), "", "1×1", "1", "", ""]
    rows = [[write_layer(step.layer), *step_row(step).values()] for step in trace.steps]
    rows.append(["Together", "", "", "", "", "", *_totals(trace)])
    st.html(html_table("After each layer", CHAIN_TABLE, [start, *rows]))
    small_print(
        "Sees: the receptive field of one unit, measured on the input. Jump: input cells from one unit to the next. "
        "Parameters count a bias for each output channel; multiplications are for one image."
    )
    formulas, code = st.columns(2, gap="large")
    with formulas:
        st.subheader("Step by step", anchor=False)
        for step in trace.steps:
            st.markdown(f"**{write_layer(step.layer)}**")
            for index in (0,) if step.size[0] == step.size[1] and step.axis(0) == step.axis(1) else (0, 1):
                st.latex(size_formula(step.axis(index), step.size[index], letters=False))
                if note := dropped_window(step.axis(index), step.size[index]):
                    st.markdown(note)
    with code:
        st.subheader("The same in PyTorch", anchor=False)
        st.code(chain_code(trace), language="python", wrap_lines=True)


def _totals(trace: ChainTrace) -> tuple[str, str]:
    parameters = sum(step.parameters for step in trace.steps)
    return f"{parameters:,}", f"{sum(step.multiplications for step in trace.steps):,}"


def show_inputs(spec: SolverSpec) -> None:
    """Say which input sizes give a wanted output, layer by layer from the end."""
    layers = _layers(spec, sizes=False)
    if not layers:
        return
    rows, columns = (tuple(layer.axis(index) for layer in layers) for index in (0, 1))
    if rows == columns:
        _inputs(rows, layers, spec.output)
        return
    for name, axes in (("Rows", rows), ("Columns", columns)):
        st.subheader(name, anchor=False)
        _inputs(axes, layers, spec.output)


def _inputs(axes: tuple[AxisLayer, ...], layers: tuple[ChainLayer, ...], output: int) -> None:
    st.markdown(f"**{inputs_sentence(axes, output)}**")
    left, right = st.columns(2, gap="large")
    back = trace_back(axes, output)
    texts = [
        [write_layer(layer), _span(step.outputs), _span(step.inputs) if step.inputs else "none"]
        for layer, step in zip(reversed(layers), back, strict=False)
    ]
    left.html(html_table("From the last layer to the first", BACK_TABLE, texts))
    found = inputs_of_chain(axes, output)
    near = [[str(n), "too small" if size is None else str(size)] for n, size in nearby_sizes(axes, output)]
    if near:
        picked = [i for i, (n, _) in enumerate(near) if found and found[0] <= int(n) <= found[1]]
        table = (Column("Input", number=True), Column("Output", number=True))
        right.html(html_table("Inputs around it", table, near, picked=picked))


def _span(span: tuple[int, int]) -> str:
    return str(span[0]) if span[0] == span[1] else f"{span[0]} to {span[1]}"


def _layers(spec: SolverSpec, *, sizes: bool) -> tuple[ChainLayer, ...]:
    """Let the learner type, choose or take away layers; give them if they can be read."""
    with st.container(horizontal=True, gap="small"):
        for preset in CHAIN_PRESETS:
            st.button(preset.title, key=f"chain_{preset.name}", on_click=fresh(_use), args=(preset, spec.tool))
    text, beside = st.columns([3, 2], gap="large")
    with text:
        st.text_area("Layers", height=150, max_chars=LONGEST_CHAIN, **bound("layers", spec.layers, parse_chain_text))
    with beside:
        if sizes:
            with st.container(horizontal=True, gap="small"):
                read = parse_pair(1, 4096)
                st.text_input("Input size", max_chars=12, width=140, **bound("size", show_pair(spec.size), read))
                st.number_input("Input channels", 1, 4096, width=160, **bound("channels", spec.channels))
        else:
            st.number_input("Wanted output", 1, 4096, width=180, **bound("output", spec.output))
        with st.container(horizontal=True, gap="small"):
            _add_layer(spec)
            st.button("Take the last away", icon=":material/remove:", on_click=fresh(_drop), args=(spec.layers,))
    with st.expander("How to write a layer", icon=":material/help:"):
        st.markdown(WRITING)
    example = find_chain_preset(spec)
    if example and sizes:
        st.markdown(f"**{example.title}.** {example.note} :small[:gray[{example.source}]]")
    try:
        return read_chain(spec.layers)
    except SpecError as error:
        refuse(error.message, icon=":material/edit:")
        return ()


def _use(preset: Preset, tool: str) -> None:
    """Take an example; on the other tool, ask for the output that it gives."""
    example, _ = SolverSpec.from_query(preset.state)
    output = trace_chain(read_chain(example.layers), example.size).output[0]
    change(layers=example.layers, size=example.size, channels=example.channels, tool=tool, output=output)


def _add_layer(spec: SolverSpec) -> None:
    with st.popover("Add a layer", icon=":material/add:"), st.form("add_layer", border=False):
        st.selectbox("Kind", list(CHAIN_KINDS), format_func=CHAIN_KINDS.__getitem__, key=f"{NEW}kind")
        for name, value in (("kernel", 3), ("stride", 1), ("padding", 0), ("dilation", 1)):
            st.number_input(name.capitalize(), *CHAIN_BOUNDS[name], value=value, key=f"{NEW}{name}")
        st.form_submit_button("Add", icon=":material/check:", on_click=fresh(_append), args=(spec.layers,))


def _append(text: str) -> None:
    """Put the chosen layer behind the others, or say what is wrong with it."""
    numbers: dict[str, Any] = {}
    for name in ("kernel", "stride", "padding", "dilation"):
        numbers[name] = (st.session_state[f"{NEW}{name}"],) * 2
    line = write_layer(ChainLayer(st.session_state[f"{NEW}kind"], **numbers))
    try:
        layers = read_chain(f"{text}\n{line}")
    except SpecError as error:
        complain(error)
    else:
        change(layers=write_chain(layers))


def _drop(text: str) -> None:
    """Take the last line away; the only one stays."""
    lines = text.splitlines()
    change(layers="\n".join(lines[:-1] if len(lines) > 1 else lines)[:LONGEST_CHAIN])
