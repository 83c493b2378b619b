"""The Receptive field lesson: which pixels one unit sees, in how many ways, and how much each of them counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.networks.trace import NetworkTrace, Row
from cnnviz.engine.pictures.decode import Picture
from cnnviz.engine.pictures.fitted import Pixels, fitted
from cnnviz.engine.shelf import Shelf
from cnnviz.errors import SpecError
from cnnviz.lessons.receptive_field.code import effective_code, exact_code
from cnnviz.lessons.receptive_field.examples import RECEPTIVE_FIELD_PRESETS
from cnnviz.lessons.receptive_field.figure import growth_figure
from cnnviz.lessons.receptive_field.spec import MEASURED_ON, MORE, ReceptiveFieldSpec
from cnnviz.lessons.receptive_field.trace import ExactField, exact_field, listed_rows
from cnnviz.lessons.receptive_field.trace_effective import (
    MEASURING,
    SEEDS,
    EffectiveField,
    effective_field,
    field_on_picture,
)
from cnnviz.lessons.receptive_field.trace_view import clear_as, foggy, log_ways
from cnnviz.lessons.receptive_field.view_controls import KEY, WRONG, can_be_trained, linked, settle, show_controls
from cnnviz.lessons.receptive_field.words import (
    TABLE,
    centre_words,
    dips,
    effective_words,
    formula,
    lengths,
    note,
    sentences,
    table,
    unit_words,
    warnings,
    why,
)
from cnnviz.state.network_choice import NetworkChoice
from cnnviz.ui.lesson_pictures import picture_row, show_code, show_examples
from cnnviz.ui.network import chosen_network
from cnnviz.ui.notes import show_notes, warn
from cnnviz.ui.picture import choose_picture, picture_alt, picture_query
from cnnviz.ui.rows import show_rows
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.viewer import Choice, Mark, Panel, Slider, keep, show_pictures, viewed_query
from cnnviz.ui.waiting import computing
from cnnviz.ui.widgets import is_dark, show_chart

FITTED, MEASURED = "_receptive_field_picture", "_receptive_field_measured"
MOST_KEPT = 16
FIELDS = Shelf(MOST_KEPT, MEASURING)
"""Fields on noise, which are the same for all learners."""
FEW_WAYS = 1000
"""Fewer ways are shown as they are, more as powers of ten."""


def show_receptive_field() -> None:
    """Draw the whole lesson."""
    row = picture_row()
    picture = choose_picture(KEY, row=row)
    query, answer = viewed_query(KEY)
    spec, trace, notes = settle(query, answer.click if answer else None)
    keep(KEY, linked(spec, trace), answer)
    _examples(linked(replace(spec, look=None), trace), row)
    show_controls(spec, trace, row)
    show_notes([*notes, *([st.session_state.pop(WRONG)] if WRONG in st.session_state else [])])
    if trace is None:
        return
    _show(spec, trace, picture)


def _show(spec: ReceptiveFieldSpec, trace: NetworkTrace, picture: Picture) -> None:
    """Draw everything below the controls; the spec names a layer and a unit that are there."""
    assert spec.at is not None
    row, size = trace.row(spec.layer), trace.input
    with out_of_turn():
        field = _exact(spec.choice.name, spec.choice.code, size, spec.layer, spec.at)
    pixels = _fitted(picture, size)
    effective, wrong = _measured(spec, size, pixels) if spec.more == "effective" else (None, "")
    rows = listed_rows(trace, spec.layer)
    show_pictures(
        _panels(spec, row, pixels, field, effective),
        key=KEY, look=spec.look, controls=_controls(spec, rows), label="Receptive field",
        note=note(trace, row, field),
    )  # fmt: skip
    if wrong:
        warn(wrong, icon=":material/hourglass_disabled:")
    for remark in warnings(trace, spec.layer):
        warn(remark, icon=":material/warning:")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(" ".join([*sentences(trace, row, field), centre_words(row, spec.at)]))
        if effective:
            st.markdown(" ".join(effective_words(effective, field)))
        st.latex(formula(trace, spec.layer))
        st.markdown(why(row))
        st.markdown(f":small[{_fitted_words(picture, size)}]")
    with right:
        show_chart(f"{KEY}_growth", growth_figure(trace, rows, spec.layer, dark=is_dark()), _growth_alt(rows, row))
        if words := dips(rows):
            st.markdown(f":small[{words}]")
    with st.expander(f"All layers of {trace.network.title}", icon=":material/table_rows:"):
        show_rows(f"All layers of {trace.network.title}", TABLE, table(trace, rows, spec.layer), words=3)
    with st.expander("Measure it in PyTorch", icon=":material/code:"):
        codes = {
            "Exact field": exact_code(trace, spec.layer, spec.at),
            "Effective field": effective_code(trace, spec.layer, spec.at, SEEDS, spec.on),
        }
        show_code(KEY, codes if spec.more != "effective" else dict(reversed(codes.items())))


def _examples(state: dict[str, str], row: DeltaGenerator) -> None:
    """Offer the examples; they are about networks, so the learner's picture stays."""
    here = picture_query()
    presets = [replace(preset, state={**here, **preset.state}) for preset in RECEPTIVE_FIELD_PRESETS]
    show_examples(KEY, presets, state, row)


def _controls(spec: ReceptiveFieldSpec, rows: list[Row]) -> list[Slider | Choice]:
    names = [row.name for row in rows]
    words = {str(number): name for number, name in enumerate(names, 1)}
    controls: list[Slider | Choice] = [Choice("more", "Third picture", MORE, spec.more)]
    if spec.more == "effective":
        options = {word: title for word, title in MEASURED_ON.items() if word != "trained" or can_be_trained(spec)}
        controls.append(Choice("on", "Gradient measured on", options, spec.on))
    if len(names) > 1:
        controls.insert(0, Slider("l", "Depth", 1, len(names), names.index(spec.layer) + 1, words=words))
    return controls


def _panels(
    spec: ReceptiveFieldSpec, row: Row, pixels: Pixels, field: ExactField, effective: EffectiveField | None
) -> list[Panel]:
    top, left, height, width = field.box
    where = f"rows {top} to {top + height - 1}, columns {left} to {left + width - 1}"
    marks = [Mark(top, left, height, width, "field")] if field.count else []
    unit = unit_words(row, field.unit)
    spatial = len(row.output_shape) == len(row.receptive_field) + 1
    weighed = effective is not None and not effective.dead
    shown = foggy(pixels, field.mask)
    if effective is not None and weighed:
        shown = clear_as(pixels, np.where(field.mask, effective.weight, 0).astype(np.float32))
    panels = [
        Panel(
            "The network’s input", pixels, "rgb", click=spatial, marks=marks,
            alt=f"{picture_alt()} A rectangle marks what the unit sees: {where}."
            + (" Click to choose the unit over a pixel." if spatial else ""),
        ),
        Panel(
            "What counts, over the picture" if weighed else "What the unit sees", shown, "rgb", click=spatial,
            alt=f"The same picture; all that the unit ({unit}) does not see lies in fog. It sees {field.count} pixels, "
            f"in {where}" + (f", with {field.holes} pixels left out." if field.holes else ".")
            + (" Pixels stand the clearer the more they move the unit." if weighed else ""),
        ),
    ]  # fmt: skip
    if spec.more == "ways" and field.count:
        few = field.ways.max() < FEW_WAYS
        ways = np.where(field.mask, field.ways, np.nan).astype(np.float32) if few else log_ways(field.ways)
        low, high = float(np.nanmin(ways)), max(float(np.nanmax(ways)), 0.1)
        low = 0.0 if few or low == high else low
        most = f"{high:.0f}" if few else f"10 to the power of {high:.1f}"
        panels.append(
            Panel(
                "Ways to the unit" if few else "Ways to the unit, as powers of 10", ways, "score",
                low=low, high=high, click=spatial,
                alt=f"In how many ways each pixel reaches the unit: up to {most}, most near the middle of the field.",
            )
        )  # fmt: skip
    elif effective is not None and not effective.dead:
        weight = np.where(field.mask, effective.weight, np.nan).astype(np.float32)
        panels.append(
            Panel(
                "Effective field: gradient", weight, "score", low=0, high=1, click=spatial,
                alt=f"How much each pixel moves the unit; {effective.pixels(0.95)} pixels hold 95 % of the energy.",
            )
        )  # fmt: skip
    return panels


def _fitted(picture: Picture, size: tuple[int, ...]) -> Pixels:
    """Cut and scale the session's picture; kept in the session, so that it is made and sent once."""
    held = st.session_state.get(FITTED)
    wanted = (picture.digest, size[0] == 1, size[1:])
    if held is None or held[0] != wanted:
        held = wanted, fitted(picture.pixels, size[1], size[2], size[0])
        st.session_state[FITTED] = held
    pixels: Pixels = held[1]
    return pixels


def _fitted_words(picture: Picture, size: tuple[int, ...]) -> str:
    grey = " and made grey" if size[0] == 1 and not picture.is_grey else ""
    return (
        f"The picture ({picture.height}×{picture.width}) is cut around its middle and scaled to {size[1]}×{size[2]}"
        f"{grey}, as the network takes it. Which pixels a unit sees does not depend on what they show; how much "
        "each of them counts does."
    )


@st.cache_data(max_entries=MOST_KEPT, show_spinner=False)
def _exact(name: str, code: str, size: tuple[int, ...], layer: str, unit: tuple[int, ...]) -> ExactField:
    """Find the field once for all learners: it depends on no picture."""
    return exact_field(chosen_network(NetworkChoice(name, size, code)), layer, unit, size)


def _effective(name: str, code: str, size: tuple[int, ...], layer: str, unit: tuple[int, ...]) -> EffectiveField:
    """Measure a field on noise once for all learners."""
    found: EffectiveField = FIELDS.take(
        (name, code, size, layer, unit),
        1,
        lambda: effective_field(chosen_network(NetworkChoice(name, size, code)), layer, unit, size),
    )
    return found


def _measured(spec: ReceptiveFieldSpec, size: tuple[int, ...], pixels: Pixels) -> tuple[EffectiveField | None, str]:
    """Measure the effective field while others have their turn."""
    assert spec.at is not None
    choice = spec.choice
    try:
        with computing("Measuring gradients …"):
            if spec.on == "noise":
                return _effective(choice.name, choice.code, size, spec.layer, spec.at), ""
            return _on_picture(spec, size, pixels), ""
    except SpecError as error:
        return None, error.message


def _on_picture(spec: ReceptiveFieldSpec, size: tuple[int, ...], pixels: Pixels) -> EffectiveField:
    """Measure it on the session's picture, which is nobody else's: the last result stays in the session."""
    assert spec.at is not None
    wanted = (st.session_state[FITTED][0], spec.choice.name, spec.choice.code, size, spec.layer, spec.at, spec.on)
    held = st.session_state.get(MEASURED)
    if held is None or held[0] != wanted:
        network = replace(chosen_network(replace(spec.choice, size=size)), input=size)
        with MEASURING.one():
            found = field_on_picture(network, spec.layer, spec.at, pixels, trained=spec.on == "trained")
        held = st.session_state[MEASURED] = wanted, found
    measured: EffectiveField = held[1]
    return measured


def _growth_alt(rows: list[Row], row: Row) -> str:
    said: list[Any] = [lengths(one.receptive_field, "size") for one in (rows[0], row, rows[-1])]
    stride = lengths(row.receptive_field, "stride")
    return (
        f"The field grows from {said[0]} pixels after {rows[0].name} to {said[2]} after {rows[-1].name}; "
        f"{row.name} has {said[1]}, and stride {stride}."
    )
