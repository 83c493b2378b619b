"""Two networks of one size on moved digits: their sizes, their digits, and what they learn."""

from __future__ import annotations

import contextlib
import io
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from cnnviz.engine.pictures.digits import digit_sheet
from cnnviz.engine.training.experiments import MOST_BYTES, Knobs, Tick
from cnnviz.errors import SpecError
from cnnviz.lessons.cnn_or_mlp.code import cnn_or_mlp_code
from cnnviz.lessons.cnn_or_mlp.examples import CNN_OR_MLP_PRESETS
from cnnviz.lessons.cnn_or_mlp.spec import ENDS, HIDDEN, MOST_SHIFT, CnnOrMlpSpec
from cnnviz.lessons.cnn_or_mlp.trace import build_nets, experiment
from cnnviz.lessons.cnn_or_mlp.trace_digits import DIGITS, draw_digits, moved
from cnnviz.lessons.cnn_or_mlp.trace_sizes import cnn_lines, find_sizes, mlp_lines, parameters
from cnnviz.lessons.cnn_or_mlp.words import distance_words

SMALL = CnnOrMlpSpec(count=2, hidden=8, steps=12)


def ticks(spec: CnnOrMlpSpec, count: int, rate: float | None = None) -> list[Tick]:
    return list(islice(experiment(spec.settings(), Knobs(spec.rate if rate is None else rate)), count))


@pytest.mark.parametrize("end", ENDS)
def test_both_have_as_many_parameters_at_every_size(end: str) -> None:
    for hidden in range(HIDDEN[0], HIDDEN[1] + 1):
        mlp, cnn = parameters(mlp_lines(hidden)), parameters(cnn_lines(find_sizes(hidden, end)))
        assert abs(cnn - mlp) <= 0.01 * mlp


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("hidden", [8, 33, 64])
def test_torch_counts_the_same_parameters_layer_by_layer(hidden: int, end: str) -> None:
    import torch
    from torch import nn

    sizes = find_sizes(hidden, end)
    for net, lines in zip(build_nets(hidden, sizes), (mlp_lines(hidden), cnn_lines(sizes)), strict=True):
        layers = [one for one in net if isinstance(one, nn.Conv2d | nn.Linear)]
        assert [sum(weights.numel() for weights in layer.parameters()) for layer in layers] == [
            line.total for line in lines
        ]
        assert net(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


@given(down=some.integers(-4, 4), right=some.integers(-4, 4))
def test_a_move_is_a_move(down: int, right: int) -> None:
    picture = np.arange(1.0, 26).reshape(5, 5)
    wide = np.pad(picture, 4)
    assert np.array_equal(moved(picture, down, right), wide[4 - down : 9 - down, 4 - right : 9 - right])


def test_who_is_tested_was_not_learned_from() -> None:
    digits = draw_digits(count=30, moved=0, seed=3)
    learned = {one.tobytes() for one in digits.learn}
    assert not learned & {one.tobytes() for one in digits.held}
    assert np.array_equal(digits.held[:10], digits.far[0][:10])
    sheet = {one.tobytes(): number for number, row in enumerate(digit_sheet().astype(np.float32) / 255) for one in row}
    assert [sheet[one.tobytes()] for one in digits.held] == digits.held_labels.tolist()
    assert [sheet[one.tobytes()] for one in digits.learn] == digits.labels.tolist()


def test_no_move_in_the_test_is_longer_than_asked_for() -> None:
    still, by_two = (draw_digits(count=1, moved=most, seed=5).held for most in (0, 2))
    for before, after in zip(still, by_two, strict=True):
        assert any(np.array_equal(moved(before, row, col), after) for row in range(-2, 3) for col in range(-2, 3))
    assert not np.array_equal(still, by_two)


def test_the_same_seed_gives_the_same_numbers() -> None:
    one, two, other = ticks(SMALL, 8), ticks(SMALL, 8), ticks(CnnOrMlpSpec(count=2, hidden=8, steps=12, seed=2), 8)
    assert [tick.numbers for tick in one] == [tick.numbers for tick in two]
    assert one[-1].numbers != other[-1].numbers
    for name, array in one[-1].look().items():
        assert np.array_equal(array, two[-1].look()[name])
    assert sum(array.nbytes for array in one[-1].look().values()) < MOST_BYTES


def test_both_learn_and_only_one_of_them_survives_a_move() -> None:
    spec = CnnOrMlpSpec(count=10, hidden=16, rate=0.01, moved=4, steps=40)
    first, *_, last = ticks(spec, 41)
    assert last.numbers["MLP loss"] < 0.5
    assert last.numbers["CNN loss"] < 0.5
    told = last.look()["by distance"]
    assert told.shape == (2, MOST_SHIFT + 1)
    assert told[:, 0].min() > 0.5, "chance is 0.1"
    assert told[0, 4] < 0.4 < told[1, 4]
    assert "scores collapse" in distance_words(told, 40, spec)
    assert max(first.numbers.values()) < 0.35
    chances = last.look()["chances"]
    assert chances.shape == (2, DIGITS, 10)
    assert np.allclose(chances.sum(-1), 1, atol=1e-5)


def test_a_rate_of_zero_moves_nothing_and_the_rate_may_be_turned() -> None:
    knobs = Knobs(0.0)
    training = experiment(SMALL.settings(), knobs)
    before = next(training).look()["templates"].copy()
    still = next(training).look()["templates"].copy()
    assert np.array_equal(before, still)
    knobs.rate = 0.01
    assert not np.array_equal(before, next(training).look()["templates"])


@pytest.mark.parametrize("spec", [SMALL, CnnOrMlpSpec(count=3, shift=2, moved=1, hidden=12, end="flat", steps=50)])
def test_the_code_gives_the_same_numbers(spec: CnnOrMlpSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.serving import ROOT

    monkeypatch.chdir(ROOT)
    steps = 10
    code = cnn_or_mlp_code(spec).replace(f"range(1, {spec.steps + 1})", f"range(1, {steps + 1})")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code.replace("% 50", f"% {steps}"), {})  # our own words
    last = ticks(spec, steps + 1)[-1].numbers
    for name in ("MLP", "CNN"):
        told = (
            f"step {steps}: {name} loss {last[f'{name} loss']:.4f}, moved digits right: {last[f'{name} accuracy']:.1%}"
        )
        assert told in printed.getvalue()


def test_presets_and_settings_come_back() -> None:
    for preset in CNN_OR_MLP_PRESETS:
        spec, notes = CnnOrMlpSpec.from_query(preset.state)
        assert not notes
        assert spec.to_query() == dict(preset.state)
        assert CnnOrMlpSpec.from_settings(spec.settings()) == spec
    with pytest.raises(SpecError, match="hidden"):
        CnnOrMlpSpec.from_settings({"hidden": 10**6})
    with pytest.raises(SpecError, match="no setting"):
        CnnOrMlpSpec.from_settings({"evil": 1})
