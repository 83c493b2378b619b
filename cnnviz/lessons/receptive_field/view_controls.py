"""What the Receptive field page asks for: its network, its layer and its unit, and how they follow one another.

The unit stays over the same place of the picture while the learner moves through the layers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.networks.trace import NetworkTrace, Row
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.explain.network import layer_words, say_shape
from cnnviz.lessons.receptive_field.spec import LEAST_SIDE, MOST_SIDE, STEP, ReceptiveFieldSpec
from cnnviz.lessons.receptive_field.trace import Unit, centre_of, default_layer, listed_rows, middle_unit, unit_over
from cnnviz.quoting import one_line
from cnnviz.state.network_choice import OWN, NetworkChoice, show_size
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
from cnnviz.ui.viewer import keep, viewed_query
from cnnviz.ui.widgets import bound

KEY = "receptive_field"
WRONG = f"{KEY}_wrong"
NAMES = ("net", "c")
"""What names a network in a link."""
PLACE = f"_{KEY}_place"
"""In the session: the place of the picture over which the unit stands, for the network and size that it belongs to."""

Settled = tuple[ReceptiveFieldSpec, NetworkTrace | None, list[str]]


def settle(query: Mapping[str, str], click: tuple[int, int, int] | None = None) -> Settled:
    """Read a spec and make it one that can be drawn: a layer and a unit that are there; say what had to change.

    Without a trace there is nothing to draw: the last sentence says why.
    """
    spec, remarks = ReceptiveFieldSpec.from_query(query)
    choice = follow(spec.choice, any(name in st.query_params for name in NAMES))
    if choice.name != spec.choice.name and any(name in query for name in NAMES):
        # The network of the page before: size, layer and unit were another one's.
        choice = replace(choice, size=None)
        spec = replace(spec, layer="", at=None, look=None)
    choice, trace, notes = _drawable(choice)
    spec = replace(spec, choice=choice)
    if trace is None:
        return replace(spec, step=0), None, remarks + notes
    if spec.on == "trained" and not can_be_trained(spec):
        notes.append(f"{trace.network.title} has no trained weights here for this input; they are random ones now.")
        spec = replace(spec, on="picture")
    names = [row.name for row in trace.rows]
    if spec.layer and spec.layer not in names:
        shown = one_line(spec.layer)
        notes.append(f"This network has no layer “{shown}”, or it does not get that far; you see another one now.")
        spec = replace(spec, layer="", at=None)
    if not spec.layer:
        spec = replace(spec, layer=default_layer(trace), at=None)
    spec, more = _unit(spec, trace)
    if spec.step:
        rows = listed_rows(trace, spec.layer)
        spec = moved(spec, trace, rows[min(spec.step, len(rows)) - 1].name)
    if click and len(trace.row(spec.layer).output_shape) == 3:
        place = (Fraction(click[1]), Fraction(click[2]))
        spec = replace(spec, at=unit_over(trace.row(spec.layer), place))
        _pin(spec, place)
    return spec, trace, remarks + notes + more


def can_be_trained(spec: ReceptiveFieldSpec) -> bool:
    """Say whether the network, as it stands, comes with weights that learned something."""
    if spec.choice.name not in TRAINED:
        return False
    return spec.choice.size in {None, ARCHITECTURES[spec.choice.name].input}


def linked(spec: ReceptiveFieldSpec, trace: NetworkTrace | None) -> dict[str, str]:
    """Write a spec for the URL; the unit in the middle needs no name."""
    if trace is not None and spec.layer and spec.at == middle_unit(trace.row(spec.layer)):
        spec = replace(spec, at=None)
    return spec.to_query()


def _drawable(choice: NetworkChoice) -> tuple[NetworkChoice, NetworkTrace | None, list[str]]:
    """Send a picture through the network, if it takes pictures of a size that can be drawn."""
    trace = network_trace(choice)
    title = trace.network.title
    if len(trace.input) != 3 or min(trace.input[1:]) < LEAST_SIDE:
        size = say_shape(trace.input)
        return choice, None, [f"{title} takes {size}, which is no picture: choose a network that looks at pictures."]
    notes = why_not(choice)
    if max(trace.input[1:]) > MOST_SIDE:
        rows, columns = (min(side, MOST_SIDE) for side in trace.input[1:])
        less = (trace.input[0], rows, columns)
        notes.append(f"Here the input has at most {MOST_SIDE} pixels on a side: it is {say_shape(less)} now.")
        choice = replace(choice, size=less)
        trace = network_trace(choice)
    if trace.fault and trace.faulty:
        fault = f"With {say_shape(trace.input)} the network stops at {trace.faulty.name}: {trace.fault.message}"
        if not trace.rows:
            return choice, None, [*notes, fault]
        notes.append(f"{fault} The layers before it can be looked at.")
    return choice, trace, notes


def _unit(spec: ReceptiveFieldSpec, trace: NetworkTrace) -> tuple[ReceptiveFieldSpec, list[str]]:
    """Check the unit; without one it is the middle one."""
    row = trace.row(spec.layer)
    flat = len(row.output_shape) == 1
    sizes = row.output_shape if flat else row.output_shape[1:]
    if spec.at is None:
        return replace(spec, at=middle_unit(row)), []
    if len(spec.at) == len(sizes) and all(one < n for one, n in zip(spec.at, sizes, strict=True)):
        return spec, []
    asked = ".".join(str(one) for one in spec.at)
    note = f"The link asks for the unit {asked}, but {row.name} gives {say_shape(row.output_shape)}."
    return replace(spec, at=middle_unit(row)), [f"{note} You see the one in the middle now."]


def moved(spec: ReceptiveFieldSpec, trace: NetworkTrace, layer: str) -> ReceptiveFieldSpec:
    """Go to another layer: to the unit of it that stands over the same place."""
    before, after = trace.row(spec.layer), trace.row(layer)
    if spec.at is None or spec.at == middle_unit(before):
        return replace(spec, layer=layer, at=middle_unit(after), step=0)
    held = st.session_state.get(PLACE)
    if held is None or held[0] != _belongs(spec) or held[1] != (spec.layer, spec.at):
        held = (_belongs(spec), None, centre_of(before, spec.at))
    place = held[2]
    spec = replace(spec, layer=layer, at=unit_over(after, place), step=0)
    _pin(spec, place)
    return spec


def _pin(spec: ReceptiveFieldSpec, place: tuple[Fraction, ...]) -> None:
    st.session_state[PLACE] = (_belongs(spec), (spec.layer, spec.at), place)


def _belongs(spec: ReceptiveFieldSpec) -> tuple[Any, ...]:
    return spec.choice.name, spec.choice.size, spec.choice.code


def show_controls(spec: ReceptiveFieldSpec, trace: NetworkTrace | None, row: DeltaGenerator) -> None:
    """Draw the network in the picture's row, and layer and unit in one of their own."""
    row.selectbox(
        "Network", network_names(), format_func=network_title, width=200, **_bound(spec.choice.name, "network")
    )
    row.text_input(
        "Input", placeholder=show_size(network_trace(replace(spec.choice, size=None)).input).replace(".", "×"),
        help=f"Channels, rows and columns, like 3×224×224; one number for the side. Up to {MOST_SIDE}.", width=130,
        **_bound(show_size(spec.choice.size).replace(".", "×"), "size"),
    )  # fmt: skip
    if trace is None or spec.at is None:
        return
    rows = {one.name: one for one in listed_rows(trace, spec.layer)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Layer", list(rows), format_func=lambda name: _layer_title(rows, name), width=420,
            **_bound(spec.layer, "layer", among=rows),
        )  # fmt: skip
        _unit_inputs(spec, rows[spec.layer])


def _layer_title(rows: dict[str, Row], name: str) -> str:
    return f"{name} · {layer_words(rows[name].node.layer)}" if name in rows else name


def _unit_inputs(spec: ReceptiveFieldSpec, row: Row) -> None:
    assert spec.at is not None
    flat = len(row.output_shape) == 1
    sizes = row.output_shape if flat else row.output_shape[1:]
    labels = ("Number",) if flat else ("Row", "Column") if len(sizes) == 2 else tuple(f"Axis {n}" for n in range(9))
    for axis, (label, n, one) in enumerate(zip(labels, sizes, spec.at, strict=False)):
        st.number_input(
            f"{label} of the unit", 0, max(n - 1, 1), width=150, disabled=n == 1,
            help=f"0 to {n - 1}. Or click a pixel of the picture." if not flat else f"0 to {n - 1}.",
            **_bound(one, f"unit{axis}"),
        )  # fmt: skip


def _bound(value: Any, name: str, among: Collection[Any] | None = None) -> dict[str, Any]:
    return bound(f"{KEY}_{name}", value, _take, name, among=among)


def _take(name: str) -> None:
    """Put what was moved into the URL."""
    query, _ = viewed_query(KEY)
    spec, trace, _ = settle({word: text for word, text in query.items() if word != STEP.name})
    value = st.session_state[f"{KEY}_{name}"]
    choice = spec.choice
    if name == "network":
        choose(value)
        choice = replace(choice, name=value, size=None, code=choice.code if value == OWN else "")
        on = "picture" if spec.on == "trained" else spec.on  # trained weights belong to one network
        spec, trace = ReceptiveFieldSpec(choice, more=spec.more, on=on), None
    elif name == "size":
        size, wrong = read_size(value, chosen_network(replace(choice, size=None)))
        if wrong:
            st.session_state[WRONG] = wrong
        else:
            spec = replace(spec, choice=replace(choice, size=size), at=None, look=None)
            trace = None
    elif trace is not None and name == "layer":
        spec = moved(spec, trace, value)
    elif trace is not None and spec.at is not None:
        axis = int(name.removeprefix("unit"))
        unit: Unit = (*spec.at[:axis], int(value), *spec.at[axis + 1 :])
        spec = replace(spec, at=unit)
        _pin(spec, centre_of(trace.row(spec.layer), unit))
    keep(KEY, linked(spec, trace))
