"""Who trains, who waits, and what ends a training: the pool with workers that only note what they are told."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

from cnnviz.engine.training import pool as training_pool
from cnnviz.engine.training.experiments import Curve, Progress
from cnnviz.engine.training.pool import AWAY, IDLE, MOST_HELD, PAUSED, SILENT, STUCK, Pool
from cnnviz.engine.training.session import Training
from cnnviz.errors import SpecError

SETTINGS = {"rate": 0.1, "steps": 50, "pace": 20}
FIRST = Progress(0, {"loss": Curve(np.array([0]), np.array([0.7]))}, {"filter": np.zeros(1)})


class FakeWorker:
    """Obeys nothing and remembers everything."""

    def __init__(self, heard: Any, lost: Any) -> None:
        self.say, self.lost = heard, lost
        self.sent: list[dict[str, Any]] = []
        self.ready = self.closed = self.killed = False
        self.since = self.used = self.heard = self.spent = 0.0

    def send(self, command: dict[str, Any]) -> None:
        self.sent.append(command)

    def close(self) -> None:
        self.closed = True

    def kill(self) -> None:
        self.killed = True

    def told(self, do: str) -> list[int]:
        return [one["run"] for one in self.sent if one["do"] == do]

    def beat(self, spent: float) -> None:
        self.say(self, {"run": 0, "spent": spent}, {})

    def tell(self, run: int, step: int, state: str, message: str = "", **numbers: float) -> None:
        curves = {name: [[step], [value]] for name, value in numbers.items()}
        head = {
            "run": run, "step": step, "state": state, "message": message, "seconds": 0.1, "curves": curves, "rates": [],
            "spent": self.spent,
        }  # fmt: skip
        self.say(self, head, {"filter": np.full(1, step)})


class Hall:
    """A pool, its clock and its workers."""

    def __init__(self) -> None:
        self.now = 0.0
        self.workers: list[FakeWorker] = []
        self.pool = Pool(launch=self.launch, clock=lambda: self.now)
        self.pool._watch = self.pool  # type: ignore[assignment]  # nobody watches but the test

    def launch(self, heard: Any, lost: Any) -> Any:
        self.workers.append(FakeWorker(heard, lost))
        return self.workers[-1]

    def learner(self, owner: object = None, **settings: Any) -> Training:
        return Training("filter", {**SETTINGS, **settings}, FIRST, owner=owner, at=self.pool)

    def pass_time(self, seconds: float, *looking: Training) -> None:
        self.now += seconds
        for training in looking:
            training.progress()
        self.pool.look_after()


@pytest.fixture
def hall() -> Hall:
    return Hall()


def states(*trainings: Training) -> list[tuple[str, int]]:
    return [(one.progress().state, one.progress().place) for one in trainings]


def test_two_train_and_the_others_wait_in_the_order_in_which_they_came(hall: Hall) -> None:
    learners = [hall.learner() for _ in range(4)]
    assert not hall.workers
    for one in learners:
        one.play()
    assert states(*learners) == [("starting", 0), ("starting", 0), ("waiting", 1), ("waiting", 2)]
    assert learners[3].progress().training == 2
    assert len(hall.workers) == 2
    first, second = hall.workers
    first.tell(1, 1, "playing", loss=0.5)
    assert learners[0].progress().curves["loss"].values.tolist() == [0.7, 0.5]
    first.tell(1, 50, "done")
    assert states(*learners) == [("done", 0), ("starting", 0), ("starting", 0), ("waiting", 1)]
    assert first.told("start") == [1, 3]
    learners[3].pause()
    second.tell(2, 50, "done")
    assert states(learners[3]) == [("new", 0)]
    assert not second.told("start") == [2, 4]


def test_a_person_has_one_place_and_waits_in_one(hall: Hall) -> None:
    first, second, third = (hall.learner(owner="ada") for _ in range(3))
    for training in (first, second, third):
        training.play()
    assert [one.progress().state for one in (first, second, third)] == ["paused", "paused", "starting"]
    assert hall.pool.busy() == 1
    other = hall.learner(owner="grace")
    other.play()
    late = [hall.learner(owner="mary") for _ in range(3)]
    for training in late:
        training.play()
    assert [one.progress().state for one in late] == ["new", "new", "waiting"]
    assert late[2].progress().place == 1


def test_the_queue_has_a_most_and_who_is_too_late_keeps_what_was_learned(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_pool, "MOST_WAITING", 2)
    crowd = [hall.learner(owner=number) for number in range(4)]
    for training in crowd:
        training.play()
    late = hall.learner(owner="ada")
    late.play()
    assert (late.progress().state, late.progress().place) == ("new", 0)
    assert "2 others wait for a place to train already" in late.progress().message
    crowd[0].stop()
    late.play()
    assert (late.progress().state, late.progress().place, late.progress().message) == ("waiting", 2, "")


def test_while_others_wait_nobody_trains_slowly(hall: Hall) -> None:
    learners = [hall.learner() for _ in range(3)]
    for one in learners:
        one.play()
    assert [command["pace"] for command in hall.workers[0].sent if command["do"] == "set"] == [0]
    hall.workers[1].tell(2, 50, "done")
    assert [command["pace"] for command in hall.workers[0].sent if command["do"] == "set"] == [0, 20]


def test_a_pause_gives_the_place_away_and_play_waits_for_the_same_worker(hall: Hall) -> None:
    one, two, three = (hall.learner() for _ in range(3))
    for each in (one, two, three):
        each.play()
    hall.workers[0].tell(1, 7, "playing")
    one.pause()
    assert states(one, three) == [("paused", 0), ("starting", 0)]
    one.play()
    assert states(one) == [("waiting", 1)]
    hall.workers[1].tell(2, 50, "done")
    assert states(one) == [("waiting", 1)], "its model is in the other process"
    hall.workers[0].tell(3, 50, "done")
    assert states(one) == [("starting", 0)]
    assert hall.workers[0].told("play") == [1, 3, 1]


def test_single_steps_need_no_place(hall: Hall) -> None:
    one, two, three = (hall.learner() for _ in range(3))
    one.play()
    two.play()
    three.step()
    assert states(three) == [("starting", 0)]
    worker = next(worker for worker in hall.workers if 3 in worker.told("step"))
    worker.tell(3, 0, "paused")
    assert states(three) == [("starting", 0)], "the step itself has not come"
    worker.tell(3, 1, "paused")
    assert states(three) == [("paused", 0)]
    assert three.progress().arrays["filter"].tolist() == [1]


def test_who_does_not_look_is_stopped_and_who_looks_is_not(hall: Hall) -> None:
    away, here = hall.learner(), hall.learner()
    away.play()
    here.play()
    for worker, run in zip(hall.workers, (1, 2), strict=True):
        worker.tell(run, 1, "playing")
    hall.pass_time(AWAY - 1, here)
    hall.workers[1].tell(2, 2, "playing")
    hall.pass_time(2, here)
    assert states(away, here) == [("stopped", 0), ("playing", 0)]
    assert "away" in away.progress().message
    assert hall.workers[0].told("drop") == [1]


def test_a_session_that_ends_takes_its_training_with_it(hall: Hall) -> None:
    training, waiting = hall.learner(), [hall.learner() for _ in range(2)]
    training.play()
    for one in waiting:
        one.play()
    del training
    gc.collect()
    hall.pool.look_after()
    assert hall.workers[0].told("drop") == [1]
    assert states(*waiting) == [("starting", 0), ("starting", 0)]


def test_a_dead_worker_is_a_sentence_and_the_next_training_gets_a_new_one(hall: Hall) -> None:
    one, two, three = (hall.learner() for _ in range(3))
    for each in (one, two, three):
        each.play()
    hall.workers[0].lost(hall.workers[0], "code -9")
    assert states(one, two, three) == [("failed", 0), ("starting", 0), ("starting", 0)]
    assert "code -9" in one.progress().message
    assert len(hall.workers) == 3
    assert hall.workers[2].told("play") == [3]


@pytest.mark.parametrize("ready", [True, False])
def test_a_worker_that_says_nothing_any_more_is_ended(hall: Hall, ready: bool) -> None:
    training = hall.learner()
    training.play()
    if ready:
        hall.workers[0].tell(1, 1, "playing")
    seconds = 0.0
    while not hall.workers[0].killed and seconds < 2 * SILENT:
        hall.pass_time(5, training)
        seconds += 5
    assert SILENT < seconds <= SILENT + 5
    assert states(training) == [("failed", 0)]
    assert "no sign of life" in training.progress().message


def test_a_worker_that_computes_without_an_end_is_ended(hall: Hall) -> None:
    training = hall.learner()
    training.play()
    worker = hall.workers[0]
    worker.tell(1, 1, "playing")
    spent = worker.spent
    while not worker.killed and spent < 2 * STUCK:
        hall.pass_time(2, training)
        worker.beat(spent := spent + 2)
    assert STUCK < spent <= STUCK + 4
    assert states(training) == [("failed", 0)]
    assert "20 seconds without finishing a step" in training.progress().message


@pytest.mark.parametrize("ready", [True, False])
def test_a_busy_machine_is_waited_for(hall: Hall, ready: bool) -> None:
    training = hall.learner()
    training.play()
    worker = hall.workers[0]
    if ready:
        worker.tell(1, 0, "playing")
    for second in range(0, int(SILENT) - 10, 10):  # it gets a tenth of a core
        worker.beat(second / 10)
        hall.pass_time(10, training)
    assert not worker.killed
    worker.tell(1, 1, "playing")
    for second in range(0, 10 * int(STUCK), 10):
        worker.beat(worker.spent + 1)
        worker.tell(1, 2 + second, "playing")
        hall.pass_time(10, training)
    assert states(training) == [("playing", 0)]


def test_idle_workers_go_and_paused_trainings_are_kept_for_a_while(hall: Hall) -> None:
    training = hall.learner()
    training.play()
    hall.workers[0].tell(1, 1, "playing")
    training.pause()
    hall.pass_time(PAUSED - 1)
    assert not hall.workers[0].closed
    hall.pass_time(2)
    assert states(training) == [("stopped", 0)]
    hall.pass_time(IDLE - 1)
    assert not hall.workers[0].closed
    hall.pass_time(2)
    assert hall.workers[0].closed
    hall.pool.warm()
    assert len(hall.workers) == 2


def test_a_worker_holds_only_so_many(hall: Hall) -> None:
    learners = [hall.learner() for _ in range(MOST_HELD + 1)]
    for number, one in enumerate(learners):
        hall.now = number
        one.step()
        hall.workers[0].tell(number + 1, 1, "paused")
    assert len(hall.workers) == 1
    assert states(learners[0], learners[1]) == [("stopped", 0), ("paused", 0)]
    assert hall.workers[0].told("drop") == [1]


def test_rate_and_steps_change_while_it_learns_and_hostile_ones_do_not(hall: Hall) -> None:
    training = hall.learner()
    training.play()
    training.turn(rate=0.5, steps=80)
    assert {"do": "set", "run": 1, "rate": 0.5, "steps": 80} in hall.workers[0].sent
    for wrong in ({"rate": float("nan")}, {"rate": -1.0}, {"steps": 10**9}, {"steps": 0.5}, {"pace": 1e-9}):
        with pytest.raises(SpecError):
            training.turn(**wrong)
    with pytest.raises(SpecError):
        hall.learner(steps="many")


def test_no_process_is_a_sentence() -> None:
    def refuse(*_: Any) -> Any:
        raise OSError(11, "Resource temporarily unavailable")

    pool = Pool(launch=refuse)
    for press in ("play", "step"):
        training = Training("filter", SETTINGS, FIRST, at=pool)
        getattr(training, press)()
        assert states(training) == [("failed", 0)]
        assert "Resource temporarily unavailable" in training.progress().message


def test_what_a_worker_says_of_others_changes_nothing(hall: Hall) -> None:
    one, two = hall.learner(), hall.learner()
    one.play()
    two.play()
    hall.workers[1].tell(1, 30, "done")
    hall.workers[0].tell(99, 30, "done")
    assert states(one, two) == [("starting", 0), ("starting", 0)]
    hall.pool.close()
    assert all(worker.closed for worker in hall.workers)
    assert states(one, two) == [("stopped", 0), ("stopped", 0)]
