"""Whose turn it is to compute: one session at a time.

Python computes in one thread at a time anyway. When ten scripts run side by side all ten are late, and the thread that
talks to the browsers, which gives up its place at every message, gets it back last. 300 learners, 10 s think time,
pairs of runs on two cores that others kept busy: p95 5.5 s became 1.3 s and 2.6 s became 0.9 s; on quiet cores it is
0.2 to 0.4 s. What takes seconds has queues of its own (`cnnviz.ui.waiting`), and leaves this turn to the others.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import ParamSpec, TypeVar

LONGEST_WAIT = 2.0

_turn = threading.RLock()  # a page's fragment runs inside the page: the same thread may enter twice

P = ParamSpec("P")
R = TypeVar("R")


def in_turn(function: Callable[P, R]) -> Callable[P, R]:
    """Let one session at a time run `function`; for what computes for some milliseconds, such as a lesson's fragment.

    >>> @in_turn
    ... def lesson(kernel):
    ...     return kernel * kernel
    >>> lesson(3)
    9

    Below `st.fragment`, so that it counts when Streamlit runs only the fragment again. Nobody waits longer than
    `LONGEST_WAIT` for a session that takes its time: then both run side by side, as they would have done anyway.
    """

    @functools.wraps(function)
    def waits_for_its_turn(*args: P.args, **kwargs: P.kwargs) -> R:
        mine = _turn.acquire(timeout=LONGEST_WAIT)
        try:
            return function(*args, **kwargs)
        finally:
            if mine:
                with suppress(RuntimeError):  # it was given back by `out_of_turn`, and not had again in time
                    _turn.release()

    return waits_for_its_turn


def let_paint(seconds: float) -> None:
    """Wait while the browser paints what it has got, before a page goes on with what may come later.

    A browser shows nothing of a run before it has drawn all that arrived with it. What the hand waits for comes first,
    then this, then the rest; if the hand moves meanwhile, the rest is never computed.
    """
    with out_of_turn():
        time.sleep(seconds)


@contextmanager
def out_of_turn() -> Iterator[None]:
    """Let others have their turn while this one computes something long, such as a large picture.

    >>> with out_of_turn():
    ...     total = sum(range(10))
    """
    held = 0
    with suppress(RuntimeError):  # there is no other way to ask a lock how often this thread holds it
        while True:
            _turn.release()
            held += 1
    try:
        yield
    finally:
        while held and _turn.acquire(timeout=LONGEST_WAIT):  # only the first can fail: then it goes on beside them
            held -= 1
