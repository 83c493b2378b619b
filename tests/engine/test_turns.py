"""Turns are fair, bounded for one person and in total, and always given back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnviz.engine import turns as module
from cnnviz.engine.turns import Person, Ticket, Turns, asking, who_asks
from cnnviz.errors import BusyError, ImageError

PATIENCE = 60.0


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.005)


@pytest.fixture
def crowd() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(40) as pool:
        yield pool


class Hall:
    """People who queue up one after the other, and end when they are let go."""

    def __init__(self, turns: Turns, crowd: ThreadPoolExecutor) -> None:
        self.turns, self.crowd = turns, crowd
        self.order: list[object] = []
        self.told: list[tuple[object, int]] = []
        self.heard = threading.Condition()
        self.joined = 0
        self._join = turns.join
        turns.join = self._counted  # type: ignore[method-assign]

    def comes(self, name: object, *, does: Callable[[], object] = lambda: None):
        """Let somebody come, and wait until they stand where they have to: in the queue, or inside."""
        before = self.joined
        done = self.crowd.submit(self._visit, name, does)
        done.add_done_callback(lambda _: self._ring())
        self.until(lambda: done.done() or self.joined > before)
        return done

    def until(self, what: Callable[[], bool]) -> None:
        with self.heard:
            assert self.heard.wait_for(what, PATIENCE), "it froze"

    def _counted(self, name: object = None) -> Ticket:
        ticket = self._join(name)
        self.joined += 1
        self._ring()
        return ticket

    def _visit(self, name: object, does: Callable[[], object]) -> None:
        with asking(Person(name, lambda before: self._tell(name, before))), self.turns.one():
            self.order.append(name)
            self._ring()
            does()

    def _tell(self, name: object, before: int) -> None:
        self.told.append((name, before))
        self._ring()

    def _ring(self) -> None:
        with self.heard:
            self.heard.notify_all()


def test_first_come_first_served_and_everybody_is_told_where_they_stand(crowd: ThreadPoolExecutor) -> None:
    turns = Turns("measure", most_waiting=40)
    hall = Hall(turns, crowd)
    with turns.one():
        visits = [hall.comes(number) for number in range(30)]
        assert (turns.inside, turns.waiting) == (1, 30)
        hall.until(lambda: {(number, number + 1) for number in range(30)} <= set(hall.told))
    for visit in visits:
        visit.result(PATIENCE)
    assert hall.order == list(range(30))
    assert (turns.inside, turns.waiting) == (0, 0)


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_never_more_at_once_than_there_are_turns(crowd: ThreadPoolExecutor, at_once: int) -> None:
    turns, inside, most, gate = Turns("measure", at_once), [], [], threading.Lock()

    def visit(_: int) -> None:
        with turns.one():
            with gate:
                inside.append(1)
                most.append(len(inside))
            with gate:
                inside.pop()

    list(crowd.map(visit, range(80)))
    assert max(most) <= at_once
    assert (turns.inside, turns.waiting) == (0, 0)


def test_one_person_has_one_turn_and_one_place(crowd: ThreadPoolExecutor) -> None:
    turns, go = Turns("measure", at_once=2, error=ImageError), threading.Event()
    hall = Hall(turns, crowd)
    first = hall.comes("ada", does=lambda: go.wait(PATIENCE))
    second = hall.comes("ada")
    assert (turns.inside, turns.waiting) == (1, 1), "the other turn stays free for somebody else"
    third = hall.comes("ada")
    with pytest.raises(ImageError, match="asked for something else"):
        second.result(PATIENCE)
    assert turns.waiting == 1
    hall.comes("grace").result(PATIENCE)
    assert hall.order == ["ada", "grace"], "who comes later passes somebody who has a turn already"
    go.set()
    for visit in (first, third):
        visit.result(PATIENCE)
    assert hall.order == ["ada", "grace", "ada"]


def test_nobody_in_particular_may_have_several() -> None:
    turns = Turns("measure", at_once=2)
    tickets = [turns.join() for _ in range(3)]
    assert (turns.inside, turns.waiting) == (2, 1)
    for ticket in tickets:
        turns.leave(ticket)
    assert (turns.inside, turns.waiting) == (0, 0)


def test_whoever_has_a_turn_has_it_again() -> None:
    turns = Turns("measure", longest=0)
    with turns.one(), turns.one():
        assert turns.inside == 1
    assert turns.inside == 0
    with turns.one():
        assert turns.inside == 1


def test_the_queue_has_a_most(crowd: ThreadPoolExecutor) -> None:
    turns = Turns("measure a field", most_waiting=2, error=ImageError)
    hall = Hall(turns, crowd)
    with turns.one():
        visits = [hall.comes(name) for name in ("ada", "grace")]
        with pytest.raises(ImageError, match="2 others already wait to measure a field, and no more"):
            hall.comes("mary").result(PATIENCE)
        visits.append(hall.comes("ada"))  # her older place makes room for the newer one
        assert turns.waiting == 2
    with pytest.raises(ImageError):
        visits.pop(0).result(PATIENCE)
    for visit in visits:
        visit.result(PATIENCE)


def test_a_wait_has_an_end(crowd: ThreadPoolExecutor) -> None:
    turns = Turns("measure", longest=0)
    with turns.one():
        late = crowd.submit(Hall(turns, crowd)._visit, "ada", lambda: None)
        with pytest.raises(BusyError, match="Others measure at this moment, and 0 seconds were not enough"):
            late.result(PATIENCE)
        assert turns.waiting == 0


def test_who_goes_away_leaves_no_place_behind(crowd: ThreadPoolExecutor) -> None:
    class Gone(BaseException):
        pass

    def leave(_before: int) -> None:
        raise Gone

    turns = Turns("measure")
    hall = Hall(turns, crowd)
    held = turns.join()
    with pytest.raises(Gone), asking(Person("ada", leave)), turns.one():
        raise AssertionError("it was nobody's turn")
    assert turns.waiting == 0
    after = hall.comes("grace")
    turns.leave(held)
    after.result(PATIENCE)
    with pytest.raises(RuntimeError, match="on purpose"), turns.one():
        raise RuntimeError("on purpose")
    assert (turns.inside, turns.waiting) == (0, 0)


def test_who_asks_is_known_inside_and_forgotten_outside() -> None:
    assert who_asks() is None
    with asking(Person("ada")):
        with asking(Person("grace")):
            assert who_asks() == "grace"
        assert who_asks() == "ada"
    assert who_asks() is None
