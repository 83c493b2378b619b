"""The worker: single steps, pace, bounds, what it sends; then a real process with the real experiment."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.training import worker as training_worker
from cnnviz.engine.training.experiments import MOST_BYTES, Knobs, Settings, Tick, checked, find, opening, seeded
from cnnviz.engine.training.process import WorkerProcess
from cnnviz.engine.training.wire import WireError, decode, encode
from cnnviz.engine.training.worker import Worker
from cnnviz.errors import SpecError
from cnnviz.lessons.cnn_or_mlp.trace import experiment as cnn_or_mlp
from cnnviz.lessons.fine_tuning.trace import experiment as fine_tuning
from cnnviz.lessons.train_filter.spec import TrainFilterSpec
from cnnviz.lessons.train_filter.trace import experiment as train_filter

SMALL: dict[str, Any] = {"size": 3, "count": 20, "rate": 0.1, "steps": 8, "seed": 3}


def counting(settings: Settings, knobs: Knobs) -> Iterator[Tick]:
    """Counts, and tells its rate."""
    if settings.get("fail") == "spec":
        raise SpecError("fail", "This cannot be trained.")
    for step in range(int(settings.get("end", 10**6)) + 1):
        if step == settings.get("fail"):
            raise RuntimeError("broken")
        loss = float("nan") if step == settings.get("diverge") else knobs.rate
        array = np.zeros(MOST_BYTES if step == settings.get("large") else 1, np.float64)
        yield Tick({"loss": loss}, lambda step=step, array=array: {"at": array + step})  # type: ignore[misc]


class Desk:
    """A worker without a process, and a clock that the test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(training_worker, "find", lambda name: counting)
        self.now = 100.0
        self.told: list[tuple[dict[str, Any], dict[str, np.ndarray]]] = []
        self.worker = Worker(self.hear, clock=lambda: self.now)

    def hear(self, message: bytes) -> None:
        read = decode(io.BytesIO(message))
        assert read
        self.told.append(read)

    def do(self, do: str, run: int = 1, **about: Any) -> None:
        if do == "start":
            about = {"experiment": "counting", "settings": {"rate": 0.5, "steps": 40, **about}}
        self.worker.obey({"do": do, "run": run, **about})

    def work(self, seconds: float, tick: float = 0.01) -> None:
        """Let time pass; a step takes a hundredth of a second."""
        until = self.now + seconds
        while self.now < until:
            wait = self.worker.wait()
            self.now += tick if wait is None else max(wait, tick)
            if wait is not None and self.now <= until:
                self.worker.work()

    @property
    def last(self) -> dict[str, Any]:
        return self.told[-1][0]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_it_starts_before_the_first_step_and_steps_one_by_one(desk: Desk) -> None:
    desk.do("start")
    assert (desk.last["state"], desk.last["step"], desk.last["curves"]) == ("paused", 0, {"loss": [[0], [0.5]]})
    desk.work(1)
    assert len(desk.told) == 1
    desk.do("step")
    desk.work(1)
    assert (desk.last["state"], desk.last["step"]) == ("paused", 1)
    desk.do("step", count=3)
    desk.work(1)
    assert desk.last["step"] == 4
    assert desk.told[-1][1]["at"].tolist() == [4.0]


def test_it_keeps_its_pace_and_sends_eight_pictures_a_second(desk: Desk) -> None:
    desk.do("start", pace=20, steps=1000)
    desk.do("play")
    desk.work(10, tick=0.001)
    assert 195 <= desk.last["step"] <= 201
    assert len(desk.told) <= 8 * 10 + 3
    steps = [step for head, _ in desk.told for step in head["curves"].get("loss", [[]])[0]]
    assert steps == list(range(len(steps)))


def test_it_ends_after_its_steps_and_can_be_paused_before(desk: Desk) -> None:
    desk.do("start", steps=30)
    desk.do("play")
    desk.work(0.1)
    desk.do("pause")
    assert desk.last["state"] == "paused"
    at = desk.last["step"]
    desk.work(1)
    assert desk.last["step"] == at
    desk.do("play")
    desk.work(2)
    assert (desk.last["state"], desk.last["step"]) == ("done", 30)
    assert desk.worker.wait() is None


def test_an_experiment_may_end_by_itself(desk: Desk) -> None:
    desk.do("start", end=5)
    desk.do("play")
    desk.work(1)
    assert (desk.last["state"], desk.last["step"]) == ("done", 5)


def test_time_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    spent = iter(range(0, 10**6, 4))
    monkeypatch.setattr(time, "process_time", lambda: next(spent))
    desk.do("start", steps=5000)
    desk.do("play")
    desk.work(3)
    assert desk.last["state"] == "stopped"
    assert desk.last["step"] < 20
    assert "60 seconds" in desk.last["message"]


def test_the_rate_is_turned_and_remembered(desk: Desk) -> None:
    desk.do("start")
    desk.do("step")
    desk.work(0.1)
    desk.do("set", rate=0.25, steps=3)
    for wrong in ({"rate": -1}, {"steps": 10**9}, {"rate": "x"}):
        desk.do("set", **wrong)
    desk.do("play")
    desk.work(1)
    assert (desk.last["state"], desk.last["step"]) == ("done", 3)
    assert desk.last["rates"] == [[0, 0.5], [1, 0.25]]
    assert desk.last["curves"]["loss"][1][-1] == 0.25


@pytest.mark.parametrize(
    ("about", "state", "says"),
    [
        ({"fail": 3}, "failed", "went wrong"),
        ({"fail": "spec"}, "failed", "cannot be trained"),
        ({"diverge": 2}, "stopped", "no number any more"),
        ({"large": 0}, "failed", "went wrong"),
        ({"steps": 0}, "failed", "1 to 5000"),
        ({"rate": -1}, "failed", "learning rate"),
        ({"list": [1]}, "failed", "setting"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_the_others_go_on(desk: Desk, about: Any, state: str, says: str) -> None:
    desk.do("start", run=2)
    desk.do("start", **about)
    desk.do("play")
    desk.work(1)
    assert (desk.last["run"], desk.last["state"]) == (1, state)
    assert says in desk.last["message"]
    desk.do("step", run=2)
    desk.work(0.1)
    assert (desk.last["run"], desk.last["step"]) == (2, 1)


def test_two_take_turns_and_a_dropped_one_is_gone(desk: Desk) -> None:
    for run in (1, 2):
        desk.do("start", run=run, steps=1000)
        desk.do("play", run=run)
    desk.work(1)
    steps = {head["run"]: head["step"] for head, _ in desk.told}
    assert abs(steps[1] - steps[2]) < 20
    desk.do("drop", run=1)
    count = len(desk.told)
    desk.do("play", run=1)
    desk.work(0.5)
    assert {head["run"] for head, _ in desk.told[count:]} == {2}


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_through_a_pipe_is_read_or_refused(body: bytes) -> None:
    try:
        read = decode(io.BytesIO(body))
    except WireError:
        return
    assert read is None or isinstance(read[0], dict)


@pytest.mark.parametrize(
    "about", [[["a", "object", [1]]], [["a", "float32", [-1]]], [["a", "float32", [2**19]]], [["a", "uint8"]], 7]
)
def test_an_array_that_is_none_is_refused(about: Any) -> None:
    with pytest.raises(WireError):
        decode(io.BytesIO(b'{"arrays": ' + str(about).replace("'", '"').encode() + b"}\n" + b"\0" * 99))


def test_every_experiment_is_found_and_hostile_settings_are_not_let_in() -> None:
    for experiment in (cnn_or_mlp, fine_tuning, train_filter):
        assert find(experiment.__module__) is experiment
    with pytest.raises(SpecError, match="no experiment"):
        find("os.system")
    wrong: Any
    for wrong in ({}, {"rate": 1, "steps": 5, "x": "y" * 999}, {"rate": 1, "steps": 5, "x": 10**400}):
        with pytest.raises(SpecError):
            checked(wrong)
    for wrong in ({"size": 10**6}, {"count": "many"}, {"noise": float("nan")}, {"eval": "1"}, {"optimiser": "lbfgs"}):
        with pytest.raises(SpecError):
            opening(train_filter.__module__, {**SMALL, **wrong})


def test_a_seed_leaves_torch_as_it_was() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    with seeded(1):
        one = torch.rand(2)
    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(1)
    assert torch.equal(one, torch.rand(2))


class Office:
    """Waits for what a real process says."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, Any], dict[str, np.ndarray]]] = []
        self.signs: list[float] = []
        self.ended: list[str] = []
        self.news = threading.Condition()
        self.worker = WorkerProcess(self.heard, self.lost)

    def heard(self, _worker: Any, head: Any, arrays: Any) -> None:
        with self.news:
            if head["run"]:
                self.told.append((head, arrays))
            self.signs.append(head["spent"])
            self.news.notify_all()

    def lost(self, _worker: Any, how: str) -> None:
        with self.news:
            self.ended.append(how)
            self.news.notify_all()

    def until(self, right: Any) -> None:
        with self.news:
            assert self.news.wait_for(right, timeout=120)


def test_a_real_process_trains_as_this_one_would_and_ends_with_its_pipe() -> None:
    office = Office()
    try:
        office.worker.send({"do": "start", "run": 4, "experiment": train_filter.__module__, "settings": SMALL})
        office.worker.send({"do": "play", "run": 4})
        office.until(lambda: office.told and office.told[-1][0].get("state") == "done")
    finally:
        office.worker.close()
    office.until(lambda: office.ended)
    assert office.ended == ["code 0"]
    ticks = find(train_filter.__module__)(SMALL, Knobs(0.1))
    for _ in range(SMALL["steps"] + 1):
        tick = next(ticks)
    for name, array in tick.look().items():
        assert np.array_equal(array, office.told[-1][1][name])
    if hasattr(os, "kill"):
        with pytest.raises(ProcessLookupError):
            os.kill(office.worker.pid, 0)


def test_a_process_gives_signs_of_life_while_it_waits() -> None:
    office = Office()
    office.until(lambda: len(office.signs) >= 3)
    assert office.signs == sorted(office.signs)
    assert not office.told
    office.worker.close()
    office.until(lambda: office.ended)


def test_a_killed_process_is_noticed() -> None:
    office = Office()
    office.worker.kill()
    office.until(lambda: office.ended)
    assert office.ended[0].startswith("code ")
    begin = time.monotonic()
    office.worker.send({"do": "play", "run": 1})  # nobody listens: nothing waits
    assert time.monotonic() - begin < 60
    assert not encode({"run": 1})[1]


def test_the_spec_and_the_settings_are_the_same() -> None:
    spec = TrainFilterSpec(size=7, optimiser="adam", decay=True, noise=0.25, pace=0)
    assert TrainFilterSpec.from_settings(spec.settings()) == spec
