"""Slices of computing are rare, fair, and given to nobody who has gone."""

from __future__ import annotations

import pytest

from cnnviz.engine import slices as module
from cnnviz.engine.slices import Slice, Slices


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def asked(slices: Slices, clock: Clock, name: str, takes: float = 0.0) -> Slice:
    with slices.one(name) as found:
        clock.now += takes if found.mine else 0
    return found


def test_a_rest_follows_each_slice(clock: Clock) -> None:
    slices = Slices(0.25, clock)
    assert asked(slices, clock, "ada", takes=1.0).mine
    for now in (1.0, 3.99):
        clock.now = now
        assert asked(slices, clock, "ada") == Slice(False, 0), "she waits for nobody"
    clock.now = 4.0
    assert asked(slices, clock, "ada").mine


def test_everybody_has_a_slice_before_anybody_has_two(clock: Clock) -> None:
    slices, order = Slices(0.25, clock), []
    for _ in range(200):
        for name in "abcde":
            clock.now += 0.06
            if asked(slices, clock, name, takes=0.1).mine:
                order.append(name)
    rounds = ["".join(sorted(order[start : start + 5])) for start in range(0, len(order) // 5 * 5, 5)]
    assert set(rounds) == {"abcde"}
    assert len(order) * 0.1 / clock.now == pytest.approx(0.25, rel=0.05), "together they take their share, and have it"


def test_who_waits_knows_how_many_come_first(clock: Clock) -> None:
    slices = Slices(0.25, clock)
    with slices.one("ada") as mine:
        assert mine.mine
        assert [asked(slices, clock, name).before for name in ("grace", "mary", "grace")] == [1, 2, 1]


def test_who_has_gone_is_waited_for_no_more(clock: Clock) -> None:
    slices = Slices(0.25, clock)
    with slices.one("ada"):
        asked(slices, clock, "gone")
        asked(slices, clock, "grace")
    clock.now = 2.0
    assert asked(slices, clock, "grace") == Slice(False, 1)
    clock.now = module.AWAY + 0.1
    assert asked(slices, clock, "grace").mine


def test_a_crash_gives_the_slice_back(clock: Clock) -> None:
    slices = Slices(0.25, clock)
    with pytest.raises(RuntimeError), slices.one("ada"):
        raise RuntimeError
    clock.now = 1.0
    assert asked(slices, clock, "ada").mine


def test_only_so_many_are_remembered(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ASKING", 3)
    slices = Slices(0.25, clock)
    with slices.one("ada"):
        assert [asked(slices, clock, name).before for name in "bcdef"] == [1, 2, 3, 3, 3]
    assert len(slices._asked) == 3
