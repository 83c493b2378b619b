"""Room in memory is counted while something lives, whoever forgets it, and from all threads."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

from cnnviz.engine.room import Room


class Thing:
    pass


def test_what_is_forgotten_gives_its_room_back() -> None:
    room, things = Room(10), [Thing() for _ in range(6)]
    assert [room.hold(thing, 2) for thing in things] == [True] * 5 + [False]
    assert room.taken == 10
    things.pop(0)
    assert room.taken == 8
    assert room.hold(things[-1], 2)
    assert not room.hold(Thing(), 1)
    assert room.taken == 10
    things.clear()
    assert room.taken == 0


def test_a_circle_gives_its_room_back_when_it_is_collected() -> None:
    room, thing = Room(10), Thing()
    thing.itself = thing  # type: ignore[attr-defined]
    assert room.hold(thing, 10)
    del thing
    gc.collect()
    assert room.taken == 0


def test_many_threads_count_right() -> None:
    room = Room(50)

    def visit(_: int) -> bool:
        thing = Thing()
        fits = room.hold(thing, 3)
        return fits and 0 < room.taken <= 50

    with ThreadPoolExecutor(16) as crowd:
        assert all(crowd.map(visit, range(2000)))
    assert room.taken == 0
