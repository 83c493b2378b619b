"""The CNN or MLP lesson: two networks of one size learn a few digits, and are tested on moved ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.engine.training.experiments import Arrays, Progress
from cnnviz.figures.side_by_side import Line, Told, answers_html, line_of, lines_figure
from cnnviz.lessons.cnn_or_mlp.code import cnn_or_mlp_code
from cnnviz.lessons.cnn_or_mlp.examples import CNN_OR_MLP_PRESETS
from cnnviz.lessons.cnn_or_mlp.spec import ENDS, HIDDEN, MOST_EACH, MOST_SHIFT, CnnOrMlpSpec
from cnnviz.lessons.cnn_or_mlp.trace import NAMES, experiment, said
from cnnviz.lessons.cnn_or_mlp.trace_digits import DIGITS, draw_digits
from cnnviz.lessons.cnn_or_mlp.trace_sizes import LayerSize, cnn_lines, find_sizes, mlp_lines, parameters
from cnnviz.lessons.cnn_or_mlp.words import TEMPLATES, distance_words, ending_words, equal_words, parameters_words
from cnnviz.state.learning import MOST_SEED, PACES, RATES
from cnnviz.ui.lesson_pictures import show_code
from cnnviz.ui.notes import show_notes
from cnnviz.ui.share import current_query, publish
from cnnviz.ui.training import show_training
from cnnviz.ui.viewer import Panel, show_pictures
from cnnviz.ui.widgets import (
    bound_field,
    example_box,
    is_dark,
    note_of,
    open_preset,
    show_chart,
    standing_preset,
    step_slider,
)

KEY = "cnn_or_mlp"
LENGTHS = (30, 80, 150, 200, 300, 400, 600)
GAP = 2
MOST_KEPT = 16
Layers = tuple[LayerSize, ...]


def show_cnn_or_mlp() -> None:
    """Draw the whole lesson."""
    query, _ = current_query(KEY)
    spec, notes = CnnOrMlpSpec.from_query(query)
    state = spec.to_query()
    publish(KEY, state, None)
    layers = mlp_lines(spec.hidden), cnn_lines(find_sizes(spec.hidden, spec.end))
    _controls(spec, state, layers)
    show_notes(notes)
    show_training(KEY, experiment, spec.settings(), lambda progress: _draw(spec, progress))
    _sizes(layers)
    with st.expander("The same in PyTorch", icon=":material/code:"):
        st.markdown("Run it in cnnviz’s own folder, where the digits are. The numbers are those of this page.")
        show_code(KEY, {"PyTorch": cnn_or_mlp_code(spec)})


def _controls(spec: CnnOrMlpSpec, state: dict[str, str], layers: tuple[Layers, Layers]) -> None:
    here = standing_preset(CNN_OR_MLP_PRESETS, state)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        example_box(KEY, CNN_OR_MLP_PRESETS, here, open_preset, width=320)
        st.slider("Examples a digit", 1, MOST_EACH, width=140, **_bound(spec.count, "count"))
        st.slider("Moved by, learning", 0, MOST_SHIFT, width=140, **_bound(spec.shift, "shift"))
        st.slider("Moved by, test", 0, MOST_SHIFT, width=140, **_bound(spec.moved, "moved"))
        st.slider(
            "Hidden units", *HIDDEN, width=140, **_bound(spec.hidden, "hidden"),
            help="Of the MLP. The CNN gets as many channels as make the two equal in parameters.",
        )  # fmt: skip
        step_slider("Learning rate", RATES, spec.rate, width=160, **_bound(spec.rate, "rate"))
        with st.popover("More", icon=":material/tune:"):
            st.selectbox("The CNN ends with", list(ENDS), format_func=ENDS.__getitem__, **_bound(spec.end, "end"))
            st.number_input("Seed", 0, MOST_SEED, **_bound(spec.seed, "seed"))
            step_slider("Steps", LENGTHS, spec.steps, width=300, **_bound(spec.steps, "steps"))
            st.selectbox("Speed", list(PACES), format_func=PACES.__getitem__, **_bound(spec.pace, "pace"))
    mlp, cnn = (parameters(lines) for lines in layers)
    st.markdown(
        (f"{note_of(here)} " if here else "") + f":small[Parameters: MLP **{mlp:,}**, CNN **{cnn:,}**.]"
    )  # fmt: skip


def _draw(spec: CnnOrMlpSpec, progress: Progress) -> None:
    """Draw what is known now; this runs several times a second while they learn."""
    arrays = {name: np.nan_to_num(one) for name, one in progress.arrays.items()}
    charts, pictures = st.columns([3, 2], gap="medium")
    with pictures:
        show_pictures(_panels(spec, progress.step, arrays), key=KEY, label="What the first layers look for", quiet=True)
        _answers(spec, arrays["chances"])
    with charts:
        _charts(spec, progress, arrays["by distance"])
        st.markdown(distance_words(arrays["by distance"], progress.step, spec))
        st.markdown(TEMPLATES)
        st.markdown(ending_words(spec.end))


def _charts(spec: CnnOrMlpSpec, progress: Progress, by_distance: NDArray[np.float64]) -> None:
    dark = is_dark()
    curves, reach = progress.curves, max(spec.steps, 1)
    distances = list(range(MOST_SHIFT + 1))
    far = [Line(name, distances, one.round(3).tolist(), look, signs=True)
           for look, (name, one) in enumerate(zip(NAMES, by_distance, strict=True))]  # fmt: skip
    losses, accuracies = (
        [line_of(name, curves.get(f"{name} {what}"), look) for look, name in enumerate(NAMES)]
        for what in ("loss", "accuracy")
    )
    chance = (1 / DIGITS, "chance")
    figures = {
        "distance": lines_figure(
            far, x="pixels moved", y="held-out right", reach=MOST_SHIFT, share=True, guide=chance, dark=dark
        ),
        "accuracy": lines_figure(
            accuracies, x="step", y="moved digits right", reach=reach, share=True, guide=chance, dark=dark
        ),
        "loss": lines_figure(losses, x="step", y="loss", reach=reach, dark=dark),
    }  # fmt: skip
    now = ", ".join(f"{name} {value:.3g}" for name, value in progress.numbers.items())
    told = [f"{line.name}: {', '.join(f'{value:.0%}' for value in line.y if value is not None)}." for line in far]
    alts = {
        "distance": "Share of held-out digits read, by how far they are moved, 0 to 6 pixels. " + " ".join(told),
        "accuracy": f"Share of moved digits read, over {progress.step} steps. Now: {now}.",
        "loss": f"Loss over {progress.step} steps. Now: {now}.",
    }
    _chart("distance", figures, alts)
    left, right = st.columns(2, gap="small")
    with left:
        _chart("accuracy", figures, alts)
    with right:
        _chart("loss", figures, alts)


def _chart(name: str, figures: dict[str, dict[str, Any]], alts: dict[str, str]) -> None:
    show_chart(f"{KEY}_{name}", figures[name], alts[name])


def _panels(spec: CnnOrMlpSpec, step: int, arrays: Arrays) -> list[Panel]:
    templates, kernels = arrays["templates"], arrays["kernels"]
    total = find_sizes(spec.hidden, spec.end).widths[0]
    return [
        Panel(
            f"MLP: {len(templates)} of {spec.hidden} templates", _sheet(templates, 4), "signed", linked=False,
            about="28 × 28 weights each",
            alt=f"The weights of the MLP’s first hidden units after {step} steps, each as a picture of 28 by 28: "
            "blurred strokes at fixed places. Largest size of a weight: "
            f"{np.abs(templates).max():.2f}.",
        ),
        Panel(
            f"CNN: {len(kernels)} of {total} kernels", _sheet(kernels, 4), "signed", linked=False,
            about="5 × 5 weights each",
            alt=f"The kernels of the CNN’s first layer after {step} steps, each 5 by 5. Largest size of a weight: "
            f"{np.abs(kernels).max():.2f}.",
        ),
    ]  # fmt: skip


def _sheet(planes: NDArray[np.floating], a_row: int) -> NDArray[np.float32]:
    """Lay small pictures in rows, with a gap that has no value."""
    count, height, width = planes.shape
    rows = -(-count // a_row)
    sheet = np.full((rows * (height + GAP) - GAP, min(count, a_row) * (width + GAP) - GAP), np.nan, np.float32)
    for number, plane in enumerate(planes):
        top, left = (number // a_row) * (height + GAP), (number % a_row) * (width + GAP)
        sheet[top : top + height, left : left + width] = plane
    return sheet


def _answers(spec: CnnOrMlpSpec, chances: NDArray[np.floating]) -> None:
    """Show one held-out digit of every kind, moved as in the test, with both answers."""
    told = {
        name: [Told(str(best), best == truth, sure) for truth, (best, sure) in enumerate(map(said, ones))]
        for name, ones in zip(NAMES, chances, strict=True)
    }
    pictures = list(_shown(spec.count, spec.moved, spec.seed))
    by = f"moved by up to {spec.moved} pixels" if spec.moved else "not moved"
    st.html(answers_html(pictures, [str(one) for one in range(DIGITS)], told, caption=f"Held-out digits, {by}"))


@st.cache_resource(max_entries=MOST_KEPT, show_spinner=False)
def _shown(count: int, moved: int, seed: int) -> NDArray[np.uint8]:
    """Give the digits of the table, once for all who have the same settings."""
    return np.rint(draw_digits(count, moved, seed).held[:DIGITS] * 255).astype(np.uint8)


def _sizes(layers: tuple[Layers, Layers]) -> None:
    """Write out every parameter of both networks."""
    with st.expander("Equal in size: every parameter counted", icon=":material/calculate:", expanded=True):
        for column, name, lines in zip(st.columns(2, gap="large"), NAMES, layers, strict=True):
            with column:
                st.markdown(f"**{name}**: weights and biases, layer by layer")
                st.markdown(parameters_words(lines))
        st.markdown(equal_words(*(parameters(lines) for lines in layers)))


def _bound(value: Any, name: str) -> dict[str, Any]:
    return bound_field(KEY, CnnOrMlpSpec, value, name)
