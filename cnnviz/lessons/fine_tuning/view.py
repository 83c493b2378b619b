"""The Fine-tuning lesson: a trained network learns a new task in several ways; what moves is marked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.engine.training.experiments import Progress
from cnnviz.figures.side_by_side import Told, answers_html, line_of, lines_figure
from cnnviz.lessons.fine_tuning.code import fine_tuning_code
from cnnviz.lessons.fine_tuning.examples import FINE_TUNING_PRESETS
from cnnviz.lessons.fine_tuning.figure import layers_html
from cnnviz.lessons.fine_tuning.spec import (
    LEAST_KINDS,
    MOST_EACH,
    MOST_KINDS,
    NEW_KINDS,
    OLD_KINDS,
    STARTS,
    WAYS,
    FineTuningSpec,
)
from cnnviz.lessons.fine_tuning.trace import SHOWN, draw_task, experiment
from cnnviz.lessons.fine_tuning.words import cost_words, head_formula, new_words, old_words, way_name
from cnnviz.state.learning import MOST_SEED, PACES, RATES
from cnnviz.ui.lesson_pictures import show_code
from cnnviz.ui.notes import show_notes, warn
from cnnviz.ui.share import current_query, publish
from cnnviz.ui.training import show_training
from cnnviz.ui.widgets import (
    bound,
    example_box,
    is_dark,
    note_of,
    open_preset,
    show_chart,
    standing_preset,
    step_slider,
)

KEY = "fine_tuning"
LENGTHS = (20, 40, 60, 100, 150, 200, 300)
LOOKS = {"head": 1, "block": 2, "all": 0, "scratch": 3}
"""Which colour, dash and sign each way has."""
MOST_KEPT = 16
Pictures = tuple[NDArray[np.uint8], NDArray[np.int64]]


def show_fine_tuning() -> None:
    """Draw the whole lesson."""
    query, _ = current_query(KEY)
    spec, notes = FineTuningSpec.from_query(query)
    state = spec.to_query()
    publish(KEY, state, None)
    _controls(spec, state)
    show_notes(notes)
    if refused := st.session_state.pop(f"_{KEY}_refused", ""):
        warn(refused, icon=":material/block:")
    show_training(KEY, experiment, spec.settings(), lambda progress: _draw(spec, progress))
    with st.expander("The same in PyTorch: freeze, replace, train", icon=":material/code:"):
        st.markdown(
            "`requires_grad_(False)` freezes; the new head takes the old one’s place. Run it in cnnviz’s own folder, "
            "where the weights are; its numbers are those of this page, up to rounding."
        )
        show_code(KEY, {way_name(way, spec.start): fine_tuning_code(spec, way) for way in spec.ways})


def _controls(spec: FineTuningSpec, state: dict[str, str]) -> None:
    here = standing_preset(FINE_TUNING_PRESETS, state)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        example_box(KEY, FINE_TUNING_PRESETS, here, open_preset, width=320)
        st.multiselect(
            "Classes of the new task", [*NEW_KINDS, *OLD_KINDS], max_selections=MOST_KINDS, width=300,
            help="Heart, moon and arrow are new to the network; the ten others it was trained with.",
            **_bound(list(spec.kinds), "kinds"),
        )  # fmt: skip
        st.slider("Examples a class", 1, MOST_EACH, width=150, **_bound(spec.count, "count"))
        step_slider("Learning rate", RATES, spec.rate, width=160, **_bound(spec.rate, "rate"))
        with st.popover("More", icon=":material/tune:"):
            st.selectbox("The last layers begin with", list(STARTS), **_bound(spec.start, "start"))
            st.number_input("Seed", 0, MOST_SEED, **_bound(spec.seed, "seed"))
            step_slider("Steps", LENGTHS, spec.steps, width=300, **_bound(spec.steps, "steps"))
            st.selectbox("Speed", list(PACES), format_func=PACES.__getitem__, **_bound(spec.pace, "pace"))
    st.pills(
        "What learns", list(WAYS), format_func=lambda way: way_name(way, spec.start), selection_mode="multi",
        **_bound(list(spec.ways), "ways"),
    )  # fmt: skip
    if here:
        st.markdown(note_of(here))


def _draw(spec: FineTuningSpec, progress: Progress) -> None:
    """Draw what is known now; this runs several times a second while they learn."""
    arrays = {which: np.nan_to_num(one) for which, one in progress.arrays.items()}
    tables, charts = st.columns([3, 2], gap="large")
    with tables:
        moves = dict(zip(spec.ways, arrays["moved"].tolist(), strict=True))
        st.html(layers_html(moves, start=spec.start, classes=len(spec.kinds)))
        _answers(spec, arrays["answers"])
    with charts:
        _chart(spec, progress, "new", "new task right", (1 / len(spec.kinds), "chance"))
        _chart(spec, progress, "old", "ten old classes right", (0.1, "chance"))
        _chart(spec, progress, "loss", "loss", None)
    new, old = st.columns(2, gap="large")
    with new:
        st.markdown(new_words(progress.numbers, spec, progress.step))
        st.latex(head_formula(len(spec.kinds)))
    with old:
        st.markdown(old_words(progress.numbers, spec.start))
        if progress.step:
            st.markdown(cost_words(spec.ways, arrays["seconds"].tolist(), spec.start))


def _chart(spec: FineTuningSpec, progress: Progress, what: str, label: str, guide: tuple[float, str] | None) -> None:
    """Draw one number of all ways over the steps."""
    shown = [way for way in spec.ways if what != "old" or way != "scratch"]
    curves = {way: progress.curves.get(f"{way} {what}") for way in shown}
    lines = [
        line_of(way_name(way, spec.start), curve, LOOKS[way], signs=what != "loss") for way, curve in curves.items()
    ]
    if not lines:
        return
    now = ", ".join(f"{line.name} {line.y[-1]:.3g}" for line in lines if line.y and line.y[-1] is not None)
    show_chart(
        f"{KEY}_{what}",
        lines_figure(
            lines, x="step", y=label, reach=max(spec.steps, 1), share=what != "loss", guide=guide, dark=is_dark()
        ),
        f"{label.capitalize()}, over {progress.step} steps. Now: {now or 'nothing yet'}.",
    )  # fmt: skip


def _answers(spec: FineTuningSpec, answers: NDArray[np.int64]) -> None:
    """Show some held-out pictures, with what each way says they are."""
    pictures, labels = _shown(replace(spec, count=1, ways=("head",), start=STARTS[0], rate=0.001, steps=1, pace=0))
    told = {
        way_name(way, spec.start): [
            Told(spec.kinds[int(one)], int(one) == label) for one, label in zip(ones, labels.tolist(), strict=True)
        ]
        for way, ones in zip(spec.ways, answers, strict=True)
    }
    truths = [spec.kinds[one] for one in labels]
    st.html(answers_html(list(pictures), truths, told, caption="Held-out pictures, and answers"))


@st.cache_resource(max_entries=MOST_KEPT, show_spinner=False)
def _shown(spec: FineTuningSpec) -> Pictures:
    """Draw the pictures of the table once for all who have the same task."""
    task = draw_task(spec)
    return task.held[:SHOWN], task.held_labels[:SHOWN]


def _bound(value: Any, which: str) -> dict[str, Any]:
    return bound(f"{KEY}_{which}", value, _take, which)


def _take(which: str) -> None:
    """Put what was moved into the URL; a task of one class, or no way at all, is refused with a sentence."""
    query, _ = current_query(KEY)
    spec, _ = FineTuningSpec.from_query(query)
    taken = st.session_state[f"{KEY}_{which}"]
    if which == "kinds" and len(taken) < LEAST_KINDS:
        st.session_state[f"_{KEY}_refused"] = (
            f"A task needs at least {LEAST_KINDS} classes to tell apart; with {len(taken)} there is nothing to learn. "
            "Add another one first, then take this one away."
        )
        return
    if which == "ways" and not taken:
        st.session_state[f"_{KEY}_refused"] = "At least one way has to learn. Choose another one first."
        return
    if which == "ways":
        taken = [way for way in WAYS if way in taken]
    changes: dict[str, Any] = {which: tuple(taken) if isinstance(taken, list) else taken}
    publish(KEY, replace(spec, **changes).to_query(), None)
