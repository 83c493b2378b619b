"""The experiment: its pictures, the code that does the same, and that every example shows what it says."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.training.experiments import Curve, Knobs, Tick
from cnnviz.figures.chart import MOST_POINTS, thinned
from cnnviz.lessons.train_filter.code import train_filter_code
from cnnviz.lessons.train_filter.examples import TRAIN_FILTER_PRESETS
from cnnviz.lessons.train_filter.figure import curves_figure, scores_figure
from cnnviz.lessons.train_filter.spec import OPTIMISERS, OTHERS, TrainFilterSpec
from cnnviz.lessons.train_filter.trace import SHOWN, experiment
from cnnviz.lessons.train_filter.trace_match import best_match, corner, directions_of, examples, on_sheet, peaks
from cnnviz.lessons.train_filter.trace_pictures import SIDE, STROKE, WITHOUT, draw_pictures, template, training_data
from cnnviz.lessons.train_filter.words import example_formula, found_words, stuck_words


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """As in a worker: two threads only wait for each other on a busy machine."""
    torch.set_num_threads(1)


def trained(spec: TrainFilterSpec, steps: int = 0) -> tuple[list[Mapping[str, float]], Tick]:
    ticks = experiment(spec.settings(), Knobs(spec.rate))
    numbers = []
    for _ in range((steps or spec.steps) + 1):
        tick = next(ticks)
        numbers.append(tick.numbers)
    return numbers, tick


@pytest.mark.parametrize("other", OTHERS)
def test_pictures_hold_what_they_should(other: str) -> None:
    x, y = draw_pictures(60, 0.0, other, np.random.default_rng(3))
    for picture, label in zip(x, y, strict=True):
        rows, columns = np.nonzero(picture > 0.5)
        if not label and not WITHOUT[other]:
            assert not len(rows)
            continue
        assert len(rows) == STROKE
        down, right = np.unique(np.diff(rows)), np.unique(np.diff(columns))
        direction = {(1, -1): "/", (1, 1): "\\", (1, 0): "|", (0, 1): "-"}[(int(down[0]), int(right[0]))]
        assert len(down) == len(right) == 1
        assert (direction == "/") == bool(label)
        assert direction in directions_of(other)
    spread = np.nonzero(x.max(0) > 0.5)
    assert spread[0].min() < 4 and spread[0].max() > SIDE - 5
    assert spread[1].min() < 4 and spread[1].max() > SIDE - 5


def test_the_same_seed_gives_the_same_training_and_another_one_another() -> None:
    spec = TrainFilterSpec(size=5, count=30, steps=6)
    one, two = (trained(spec)[1].look() for _ in range(2))
    assert all(np.array_equal(one[name], two[name]) for name in one)
    other = trained(TrainFilterSpec(size=5, count=30, steps=6, seed=2))[1].look()
    assert not np.array_equal(one["filter"], other["filter"])


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("other", OTHERS)
def test_the_code_does_the_same(optimiser: str, other: str) -> None:
    spec = TrainFilterSpec(
        size=6, count=50, noise=0.15, other=other, rate=0.05, optimiser=optimiser, decay=optimiser != "sgd", seed=9,
        steps=50,
    )  # fmt: skip
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as said, torch.random.fork_rng():
        exec(train_filter_code(spec), space)  # our own words
    numbers, tick = trained(spec)
    assert np.array_equal(space["net"][0].weight.detach().numpy()[0, 0], tick.look()["filter"])
    assert f"loss {numbers[-1]['loss']:.4f}" in said.getvalue()
    assert f"right: {numbers[-1]['held-out accuracy']:.1%}" in said.getvalue()
    held = space["held_x"][:, 0].numpy()
    assert np.array_equal(held, training_data(spec.count, spec.noise, spec.other, spec.seed)[2])


def test_what_is_shown_agrees_with_plain_loops() -> None:
    spec = TrainFilterSpec(size=4, count=30, steps=3)
    look = trained(spec)[1].look()
    shown = examples(spec, SHOWN)
    bias, weight, offset = look["others"]
    for place, number in enumerate(shown.order):
        row, column = corner(place)
        picture = shown.sheet[row : row + SIDE, column : column + SIDE]
        best, at = -np.inf, (0, 0)
        for r in range(SIDE - 3):
            for c in range(SIDE - 3):
                answer = float((picture[r : r + 4, c : c + 4] * look["filter"]).sum() + bias)
                assert abs(answer - look["maps"][number][r, c]) < 1e-4
                if answer > best:
                    best, at = answer, (r, c)
        assert tuple(peaks(look["maps"][number : number + 1])[0]) == at
        assert abs(weight * best + offset - look["scores"][number]) < 1e-4
        assert shown.labels[number] == (place < SHOWN // 2)
    sheet = on_sheet(look["maps"][list(shown.order)], 1)
    assert sheet.shape == shown.sheet.shape
    assert sheet[1, 1] == look["maps"][0][0, 0]


@given(st.integers(2, 15), st.sampled_from("/\\|-"), st.integers(-7, 7), st.floats(0.1, 9), st.booleans())
@settings(max_examples=80, deadline=None)
def test_the_best_match_of_a_template_is_itself(
    size: int, direction: str, shift: int, scale: float, turned: bool
) -> None:
    shift = max(-(size // 2), min(size // 2, shift))
    hand = template(size, direction, shift)
    if np.ptp(hand) == 0:
        return
    match = best_match(hand * (-scale if turned else scale) + 3, "/\\|-")
    assert abs(match.correlation) == pytest.approx(1)
    assert np.allclose(match.hand, hand) or match.correlation < 0 or size == 2


CLAIMS = {
    "lecture": lambda right, w, match, loss: (
        right > 0.99 and w > 0 and match.direction == "/" and match.correlation > 0.9
    ),
    "other-sign": lambda right, w, match, loss: right > 0.99 and w < 0 and match.direction == "\\",
    "stuck": lambda right, w, match, loss: right < 0.7 and w < 0 and abs(match.correlation) < 0.5,
    "strokes": lambda right, w, match, loss: 0.8 < right < 1 and w < 0 and abs(match.correlation) < 0.6,
    "seven": lambda right, w, match, loss: right > 0.99 and w > 0 and match.correlation > 0.9,
    "noisy": lambda right, w, match, loss: right > 0.9 and match.correlation > 0.8,
    "few": lambda right, w, match, loss: right < 0.85 and loss < 0.02,
    "too-fast": lambda right, w, match, loss: not np.isfinite(loss),
}


@pytest.mark.parametrize("preset", TRAIN_FILTER_PRESETS, ids=lambda preset: preset.name)
def test_every_example_shows_what_it_says(preset: Any) -> None:
    spec, notes = TrainFilterSpec.from_query(preset.state)
    assert not notes
    assert spec.to_query() == dict(preset.state)
    numbers, tick = trained(
        spec, steps={"too-fast": 20, "noisy": 250, "strokes": 250, "few": 250}.get(preset.name, 150)
    )
    look = tick.look()
    match = best_match(np.nan_to_num(look["filter"]), directions_of(spec.other))
    right = [one["held-out accuracy"] for one in numbers if "held-out accuracy" in one][-1]
    weight = float(look["others"][1])
    assert CLAIMS[preset.name](right, weight, match, numbers[-1]["loss"]), (right, weight, match, numbers[-1])
    assert bool(stuck_words(weight, spec.other, "done", right)) == (preset.name == "stuck")
    if preset.name == "lecture":
        assert "**for** the diagonal" in found_words(match, weight)
    if preset.name == "other-sign":
        assert "**without** the diagonal" in found_words(match, weight)


def test_figures_are_valid_and_short() -> None:
    import plotly.graph_objects as go

    long = Curve(np.arange(2001), np.linspace(1, 0, 2001))
    assert len(thinned(long)[0]) <= MOST_POINTS + 1
    assert thinned(long)[0][-1] == 2000
    gap = Curve(np.arange(3), np.array([0.5, np.nan, np.inf]))
    assert thinned(gap)[1] == [0.5, None, None]
    figure = curves_figure({"loss": long, "held-out accuracy": gap}, 2000, dark=True)
    go.Figure(figure)
    scores = np.array([-2.0, -1.0, 0.5, 3.0, np.nan])
    bars = scores_figure(scores, np.array([0, 0, 1, 1, 0]))
    go.Figure(bars)
    assert [sum(one["y"]) for one in bars["data"]] == [2, 3]


def test_a_score_is_written_with_its_numbers() -> None:
    said = example_formula(-1.0, 900.0, np.array([0.0, -2.0, 1.5]))
    assert r"-2.000 \cdot (-1.000) + 1.500" in said
    assert said.endswith(r"= 1.000\end{aligned}")
