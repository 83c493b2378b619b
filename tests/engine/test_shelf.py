"""What one person uses up is taken from that person, and what is needed by many is made once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnviz.engine import shelf as module
from cnnviz.engine.shelf import MOST_A_PERSON, Shelf
from cnnviz.engine.turns import Person, Turns, asking
from cnnviz.errors import BusyError


def test_a_person_makes_room_at_their_own_expense() -> None:
    shelf = Shelf(limit=8)
    with asking(Person("grace")):
        shelf.take("hers", 1, lambda: "hers")
    with asking(Person("ada")):
        for seed in range(50):
            shelf.take(seed, 1, lambda: "one of many")
    assert shelf.find("hers") == "hers"
    assert shelf.find(49) is not None
    assert shelf.bytes == 8


def test_what_another_still_uses_stays_when_its_first_user_goes_on() -> None:
    shelf = Shelf(limit=MOST_A_PERSON + 1)
    with asking(Person("ada")):
        shelf.take("shared", 1, lambda: 1)
    with asking(Person("grace")):
        assert shelf.find("shared") == 1
    with asking(Person("ada")):
        for seed in range(10):
            shelf.take(seed, 1, lambda: 1)
    assert shelf.find("shared") == 1


def test_what_is_too_large_for_all_of_them_still_comes() -> None:
    shelf = Shelf(limit=2)
    for name in ("ada", "grace"):
        with asking(Person(name)):
            shelf.take(name, 1, lambda: 1)
    with asking(Person("mary")):
        assert shelf.take("large", 2, lambda: 2) == 2
    assert shelf.find("ada") is shelf.find("grace") is None


def test_persons_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PERSONS", 3)
    shelf = Shelf(limit=100)
    for number in range(20):
        with asking(Person(number)):
            shelf.take("all", 1, lambda: 1)
    assert len(shelf._used) == 3
    shelf.clear()
    assert (shelf.bytes, shelf.find("all"), len(shelf._used)) == (0, None, 0)


def test_a_crowd_that_asks_for_the_same_makes_it_once_and_others_are_told_how_many_wait() -> None:
    shelf, made, go = Shelf(10, Turns("make it", most_waiting=8)), [], threading.Event()

    def make() -> str:
        made.append(1)
        go.wait(60)
        return "it"

    with ThreadPoolExecutor(10) as crowd:
        visits = [crowd.submit(shelf.take, "a", 1, make) for _ in range(9)]
        while shelf.turns.waiting < 8:
            threading.Event().wait(0.002)
        with pytest.raises(BusyError, match="8 others already wait to make it"):
            shelf.take("b", 1, make)
        go.set()
        assert {visit.result(60) for visit in visits} == {"it"}
    assert made == [1]
