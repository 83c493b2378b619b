"""Fine-tuning: what is frozen does not move in a single bit, what is shared is never touched, and the rest learns."""

from __future__ import annotations

import contextlib
import io
from itertools import islice

import numpy as np
import pytest

from cnnviz.engine.networks.seeing.maps import own_eyes, see
from cnnviz.engine.pictures.drawn import KINDS, NEW_KINDS
from cnnviz.engine.training.experiments import MOST_BYTES, Knobs, Tick, opening
from cnnviz.errors import SpecError
from cnnviz.lessons.fine_tuning import spec as words
from cnnviz.lessons.fine_tuning.code import fine_tuning_code
from cnnviz.lessons.fine_tuning.examples import FINE_TUNING_PRESETS
from cnnviz.lessons.fine_tuning.figure import layers_html
from cnnviz.lessons.fine_tuning.spec import STARTS, WAYS, FineTuningSpec
from cnnviz.lessons.fine_tuning.trace import as_tensor, build_ways, draw_task, experiment
from cnnviz.lessons.fine_tuning.trace_ways import LAYERS, NETWORK, learning, learns, parameters_of


def ticks(spec: FineTuningSpec, count: int) -> list[Tick]:
    return list(islice(experiment(spec.settings(), Knobs(spec.rate)), count))


def test_the_kinds_are_those_that_can_be_drawn() -> None:
    assert words.OLD_KINDS == KINDS
    assert words.NEW_KINDS == NEW_KINDS


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("way", WAYS)
def test_the_parameters_that_learn_are_those_that_torch_would_move(way: str, start: str) -> None:
    (made,), _ = build_ways(FineTuningSpec(ways=(way,), start=start), 0.1)
    moving = [one for group in made.optimiser.param_groups for one in group["params"]]
    assert sum(one.numel() for one in moving) == learning(way, start, 3)
    assert all(one.requires_grad for one in moving)
    assert not any(one.requires_grad for one in made.fixed.parameters())
    assert list(made.weights()) == [layer.name for layer in LAYERS]
    numels = [parameters_of(layer, 3) for layer in LAYERS]
    every = sum(one.numel() for part in (made.fixed, made.moving, made.head) for one in part.parameters())
    assert sum(numels) == every


def test_the_parts_see_what_the_whole_network_sees() -> None:
    spec = FineTuningSpec(kinds=("star", "moon"), count=1, ways=("block",), start="conv3_1")
    task = draw_task(spec)
    (way,), old_head = build_ways(spec, 0.1)
    eyes = own_eyes(NETWORK)
    whole = [see(eyes, eyes.prepare(picture)).scores.argmax() for picture in task.held[:6]]
    halfway = way.halfway("held", as_tensor(task.held), np.arange(6))
    assert way.answers(halfway, old_head).tolist() == whole


def test_what_is_frozen_does_not_move_bit_for_bit() -> None:
    import torch

    shared = {name: one.clone() for name, one in own_eyes(NETWORK).module.state_dict().items()}
    spec = FineTuningSpec(count=2, start="conv4_2")
    task = draw_task(spec)
    ways, _ = build_ways(spec, 0.01)
    x, y = as_tensor(task.learn), torch.from_numpy(task.labels)
    everything = np.arange(len(y))
    for way in ways:
        for _ in range(3):
            way.learn(way.halfway("learn", x, everything), y, 0.01)
        now, shares = way.weights(), way.moved()
        for layer, share in zip(LAYERS, shares, strict=True):
            still = torch.equal(now[layer.name], way.begun[layer.name])
            assert still == (not learns(layer.name, way.name, spec.start))
            assert (share == 0) == still
        for name, part in way.fixed.named_children():
            for kind, one in part.named_parameters():
                assert torch.equal(one, shared[f"{name}.{kind}"])
    assert all(torch.equal(one, shared[name]) for name, one in own_eyes(NETWORK).module.state_dict().items())
    assert not any(one.requires_grad for one in own_eyes(NETWORK).module.parameters())


def test_a_new_head_learns_and_the_old_one_stays_right() -> None:
    spec = FineTuningSpec(kinds=("heart", "arrow", "stripes"), ways=("head",), rate=0.02, steps=40)
    first, *_, last = ticks(spec, 41)
    assert last.numbers["head loss"] < 0.5
    assert last.numbers["head new"] > 0.75, "chance is 0.33"
    assert last.numbers["head old"] == first.numbers["head old"] > 0.95
    assert not last.look()["moved"][0, :-1].any()


def test_features_that_move_forget_and_the_same_seed_gives_the_same_numbers() -> None:
    spec = FineTuningSpec(ways=("head", "block", "all", "scratch"), count=3, rate=0.01, steps=8)
    one, two = ticks(spec, 9), ticks(spec, 9)
    assert [tick.numbers for tick in one] == [tick.numbers for tick in two]
    begin, end = one[0].numbers, one[-1].numbers
    assert set(begin) == {"head new", "head old", "block new", "block old", "all new", "all old", "scratch new"}
    assert begin["head new"] == begin["block new"] == begin["all new"]
    assert end["all old"] < 0.7 < end["head old"]
    looked = one[-1].look()
    assert np.array_equal(looked["answers"], two[-1].look()["answers"])
    assert looked["moved"].shape == (4, len(LAYERS))
    assert sum(array.nbytes for array in looked.values()) < MOST_BYTES


@pytest.mark.parametrize("way", WAYS)
def test_the_code_gives_the_same_numbers(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.serving import ROOT

    monkeypatch.chdir(ROOT)
    spec = FineTuningSpec(kinds=("moon", "circle"), count=2, ways=(way,), start="conv4_2", steps=10)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(fine_tuning_code(spec, way), {})  # our own words
    last = ticks(spec, 11)[-1].numbers
    learned, total = learning(way, spec.start, 2), sum(parameters_of(layer, 2) for layer in LAYERS)
    assert f"{learned} of {total} learn" in printed.getvalue()
    told = printed.getvalue().split("step 10: ")[1]
    assert float(told.split("loss ")[1].split(",")[0]) == pytest.approx(last[f"{way} loss"], abs=2e-3)


def test_the_first_look_has_all_that_the_page_draws() -> None:
    first = opening(experiment.__module__, FineTuningSpec(ways=("head", "scratch")).settings())
    assert first.arrays["moved"].shape == (2, 9)
    assert not first.arrays["moved"].any()
    assert first.arrays["answers"].shape == (2, 8)


def test_the_table_locks_what_is_frozen() -> None:
    html = layers_html({"block": [0.0] * 6 + [0.1, 0.2, 0.3], "all": [0.05] * 9}, start="conv4_1", classes=4)
    assert html.count("frozen: 0") == 6
    assert "10.0 %" in html
    assert f"{learning('block', 'conv4_1', 4):,}" in html


def test_presets_and_settings_come_back() -> None:
    for preset in FINE_TUNING_PRESETS:
        spec, notes = FineTuningSpec.from_query(preset.state)
        assert not notes
        assert spec.to_query() == dict(preset.state)
        assert FineTuningSpec.from_settings(spec.settings()) == spec
    with pytest.raises(SpecError, match="kinds"):
        FineTuningSpec.from_settings({"kinds": "heart"})
    with pytest.raises(SpecError, match="twice"):
        words.parse_words(NEW_KINDS, 2, 3)("heart.heart")
