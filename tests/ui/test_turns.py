"""Whose turn it is to compute."""

from __future__ import annotations

import threading

import pytest

from cnnviz.ui import turns


def test_sessions_compute_in_turn_and_nobody_waits_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 5)
    together, most = [], []

    @turns.in_turn
    def compute(depth: int) -> None:
        together.append(1)
        most.append(len(together))
        if depth:
            compute(depth - 1)  # a fragment inside a page: the same thread enters again
        together.pop()

    threads = [threading.Thread(target=compute, args=(1,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert max(most) == 2, "one thread at a time, itself twice"

    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.01)
    slow, done = threading.Event(), threading.Event()

    def hold() -> None:
        slow.set()
        done.wait(20)

    holder = threading.Thread(target=turns.in_turn(hold))
    holder.start()
    assert slow.wait(20)
    assert turns.in_turn(lambda: "went ahead")() == "went ahead"
    done.set()
    holder.join(timeout=20)


def test_who_comes_back_waits_no_longer_than_who_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.01)
    others, done = threading.Event(), threading.Event()

    @turns.in_turn
    def hold() -> None:
        others.set()
        done.wait(60)

    holder = threading.Thread(target=hold)

    @turns.in_turn
    def page() -> str:
        with turns.out_of_turn():
            holder.start()
            assert others.wait(60)
        return "went ahead"

    came = threading.Event()

    def visit() -> None:
        if page() == "went ahead":
            came.set()

    visitor = threading.Thread(target=visit, daemon=True)
    visitor.start()
    try:
        assert came.wait(30), "the page still waits for its turn"
    finally:
        done.set()
        holder.join(timeout=60)
    visitor.join(timeout=60)
    assert turns.in_turn(lambda: "next")() == "next"


def test_a_crash_gives_the_turn_back() -> None:
    def crash() -> None:
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        turns.in_turn(crash)()
    nothing = turns.in_turn(lambda: None)
    other = threading.Thread(target=nothing)
    other.start()
    other.join(timeout=0.2)
    assert not other.is_alive(), "the next session still waits"
