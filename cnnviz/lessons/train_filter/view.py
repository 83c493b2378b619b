"""The Train a filter lesson: one filter learns to find a diagonal, and everything moves while it does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.engine.training.experiments import Arrays, Progress
from cnnviz.lessons.learned_kernels.words_links import filters_link, stage_link
from cnnviz.lessons.registry import LESSONS
from cnnviz.lessons.train_filter.code import train_filter_code
from cnnviz.lessons.train_filter.examples import TRAIN_FILTER_PRESETS
from cnnviz.lessons.train_filter.figure import curves_figure, scores_figure, unchecked
from cnnviz.lessons.train_filter.spec import BOUNDS, OPTIMISERS, OTHERS, TrainFilterSpec
from cnnviz.lessons.train_filter.trace import SHOWN, experiment
from cnnviz.lessons.train_filter.trace_match import (
    Examples,
    Match,
    best_match,
    corner,
    directions_of,
    examples,
    on_sheet,
    peaks,
    window_around,
)
from cnnviz.lessons.train_filter.words import (
    NAMES,
    example_formula,
    found_words,
    model_formula,
    numbers_words,
    shift_words,
    stuck_words,
)
from cnnviz.state.learning import PACES
from cnnviz.ui.lesson_pictures import show_code
from cnnviz.ui.notes import show_notes
from cnnviz.ui.share import current_query, publish
from cnnviz.ui.training import show_training
from cnnviz.ui.viewer import Mark, Panel, show_pictures
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

KEY = "train_filter"
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
COUNTS = (2, 5, 10, 20, 50, 100, 200, 500, 1000)
LENGTHS = (50, 100, 200, 300, 400, 600, 800, 1000, 2000)
NOISES = tuple(round(0.05 * one, 2) for one in range(13))
MOST_KEPT = 16
TOO_LARGE = 1e9
"""Numbers beyond this are drawn as none: steps that are too long soon get there."""


def show_train_filter() -> None:
    """Draw the whole lesson."""
    query, _ = current_query(KEY)
    spec, notes = TrainFilterSpec.from_query(query)
    state = spec.to_query()
    publish(KEY, state, None)
    _controls(spec, state)
    show_notes(notes)
    show_training(KEY, experiment, spec.settings(), lambda progress: _draw(spec, progress))
    with st.expander("The same in PyTorch", icon=":material/code:"):
        st.markdown("It gives the same numbers as this page, as long as the learning rate stays as it is.")
        show_code(KEY, {"PyTorch": train_filter_code(spec)})


def _controls(spec: TrainFilterSpec, state: dict[str, str]) -> None:
    here = standing_preset(TRAIN_FILTER_PRESETS, state)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        example_box(KEY, TRAIN_FILTER_PRESETS, here, open_preset, width=300)
        st.slider("Filter size", *(int(one) for one in BOUNDS["size"]), width=150, **_bound(spec.size, "size"))
        step_slider("Noise", NOISES, spec.noise, width=150, **_bound(spec.noise, "noise"))
        step_slider("Learning rate", RATES, spec.rate, width=170, **_bound(spec.rate, "rate"))
        st.selectbox(
            "Optimiser", list(OPTIMISERS), format_func=OPTIMISERS.__getitem__, width=185,
            **_bound(spec.optimiser, "optimiser"),
        )  # fmt: skip
        low, high = BOUNDS["seed"]
        st.number_input("Seed", int(low), int(high), width=95, **_bound(spec.seed, "seed"))
        with st.popover("More", icon=":material/tune:"):
            st.selectbox(
                "Pictures without the diagonal show", list(OTHERS), format_func=OTHERS.__getitem__,
                **_bound(spec.other, "other"),
            )  # fmt: skip
            step_slider("Pictures to learn from", COUNTS, spec.count, width=300, **_bound(spec.count, "count"))
            step_slider("Steps", LENGTHS, spec.steps, width=300, **_bound(spec.steps, "steps"))
            st.selectbox("Speed", list(PACES), format_func=PACES.__getitem__, **_bound(spec.pace, "pace"))
            st.toggle(
                "Weight decay", help="Each step also shrinks all weights a little: what is of no use fades away.",
                **_bound(spec.decay, "decay"),
            )  # fmt: skip
    if here:
        st.markdown(note_of(here))


def _draw(spec: TrainFilterSpec, progress: Progress) -> None:
    """Draw what is known now; this runs several times a second while it learns."""
    arrays = {name: np.where(np.abs(one) < TOO_LARGE, one, np.nan) for name, one in progress.arrays.items()}
    found, others, maps, scores = (arrays[name] for name in ("filter", "others", "maps", "scores"))
    shown = _examples(replace(spec, size=1, rate=0.1, optimiser="sgd", decay=False, steps=1, pace=0))
    sane = all(bool(np.isfinite(one).all()) for one in arrays.values())
    match = best_match(np.nan_to_num(found), directions_of(spec.other))
    show_pictures(
        _panels(spec, progress.step, arrays, shown, match), key=KEY, label="The filter, and what it does", quiet=True
    )
    dark = is_dark()
    left, right = st.columns(2, gap="medium")
    with left:
        show_chart(
            f"{KEY}_curves", unchecked(curves_figure(progress.curves, spec.steps, dark=dark)), _curves_alt(progress)
        )
    with right:
        show_chart(
            f"{KEY}_scores", unchecked(scores_figure(scores, shown.labels, dark=dark)),
            _scores_alt(scores, shown.labels),
        )  # fmt: skip
    if not sane:
        return
    st.markdown(numbers_words(progress.numbers, others))
    words, sums = st.columns(2, gap="large")
    with words:
        st.markdown(found_words(match, float(others[1])))
        accuracy = progress.numbers.get("held-out accuracy", 0.0)
        if stuck := stuck_words(float(others[1]), spec.other, progress.state, accuracy):
            st.markdown(stuck)
        _links(found, maps, shown)
    with sums:
        st.latex(model_formula(spec.size))
        st.markdown("The first picture, which has the diagonal, and the first one without it:")
        for number in (0, 1):
            st.latex(example_formula(float(maps[number].max()), float(scores[number]), others))


def _panels(spec: TrainFilterSpec, step: int, arrays: Arrays, shown: Examples, match: Match) -> list[Panel]:
    found, maps, scores = (arrays[name] for name in ("filter", "maps", "scores"))
    order = list(shown.order)
    tops = peaks(maps[order])
    marks = [
        Mark(row + top, column + left, spec.size, spec.size, style="window" if scores[number] > 0 else "weight")
        for number, (row, column), (top, left) in zip(
            order, (corner(place) for place in range(len(order))), tops.tolist(), strict=True
        )
    ]
    return [
        Panel(
            "Filter", found, "signed", linked=False, high=_reach(found),
            alt=f"The filter after {step} steps. Correlation with the hand-made one: {match.correlation:.2f}.",
        ),
        Panel(
            f"By hand “{NAMES[match.direction]}”", match.hand, "signed", linked=False, high=1,
            alt=f"The hand-made filter that is most like it: 0.9 on a stroke “{NAMES[match.direction]}”"
            f"{shift_words(match)}, 0.1 elsewhere. Their correlation is {match.correlation:.2f}.",
        ),
        Panel(
            "Best fit", shown.sheet, low=0, high=1, marks=marks, about="16 pictures of 28 × 28 pixels",
            alt="Sixteen pictures: the upper eight have the diagonal, the lower eight have not. A frame on each shows "
            "where the filter answers most: solid if the network says diagonal, dashed if not.",
        ),
        Panel(
            "Answers", on_sheet(maps[order], (spec.size - 1) // 2), "signed", high=_reach(maps),
            about=f"16 maps of {maps.shape[-2]} × {maps.shape[-1]} cells",
            alt="The sixteen maps of answers, each lying where the middle of the filter’s window lies.",
        ),
    ]  # fmt: skip


def _reach(values: NDArray[np.floating]) -> float:
    """Give the largest size of what is a number."""
    return float(np.nan_to_num(np.abs(values)).max()) or 1.0


@st.cache_resource(max_entries=MOST_KEPT, show_spinner=False)
def _examples(spec: TrainFilterSpec) -> Examples:
    """Draw the held-out pictures once for all who learn from such pictures."""
    return examples(spec, SHOWN)


def _links(found: NDArray[np.floating], maps: NDArray[np.floating], shown: Examples) -> None:
    """Offer the filter to the Filters page, and to the stage if it fits."""
    with st.container(horizontal=True, gap="small"):
        st.page_link(
            LESSONS["filters"].page, label="This filter on a photo", icon=":material/blur_on:",
            query_params=filters_link(found),
        )  # fmt: skip
        window = window_around(shown.sheet, peaks(maps[:1])[0], len(found))
        if stage := stage_link(found, window):
            st.page_link(
                LESSONS["convolution"].page, label="This filter on the stage", icon=":material/grid_on:",
                query_params=stage,
            )  # fmt: skip
        else:
            st.markdown(f":small[The stage holds filters up to 7×7; this one is {len(found)}×{len(found)}.]")


def _curves_alt(progress: Progress) -> str:
    said = [f"{name} {value:.3g}" for name, value in progress.numbers.items()]
    return f"Loss and accuracy over {progress.step} steps. Now: {', '.join(said)}."


def _scores_alt(scores: NDArray[np.floating], labels: NDArray[np.floating]) -> str:
    right = [int(((scores > 0) & (labels == 1)).sum()), int(((scores <= 0) & (labels == 0)).sum())]
    return (
        f"The scores of the held-out pictures: {right[0]} of {int(labels.sum())} with the diagonal lie above 0, "
        f"{right[1]} of {int((1 - labels).sum())} without it below."
    )


def _bound(value: Any, name: str) -> dict[str, Any]:
    return bound_field(KEY, TrainFilterSpec, value, name)
