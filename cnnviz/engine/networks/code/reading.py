"""Pasted code, read and mended in a process of its own, within limits; each text once.

>>> parsed = read_text("nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(4 * 26 * 26, 10))", (1, 28, 28))
>>> parsed.problems, len(parsed.network)
((), 3)

What takes too much is a `Parsed` without a network, whose one problem says what was too much and what helps.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from cnnviz.engine.networks.code.fixes import Mend
from cnnviz.engine.networks.code.reader import LONGEST_CODE, Parsed
from cnnviz.engine.networks.code.sized import read_code
from cnnviz.engine.networks.code.values import Problem
from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.tasks.pool import AGAIN, CAUSES, failure, pool
from cnnviz.errors import WorkerError

R = TypeVar("R")
HELP = {
    "time": "use fewer or smaller loops, lists and numbers",
    "memory": "use smaller lists, words and numbers",
    "failed": "change it, and it is read again",
    "died": "change it, and it is read again",
    "start": "tell whoever runs it",
}
LATER = "try again in a moment"


class Kept(Generic[R]):
    """Results by what they are of, the newest `most`; who asks for one that is being made waits for that one.

    >>> kept = Kept(2)
    >>> kept.take("a", lambda: 1), kept.take("a", lambda: 2), kept.find("b")
    (1, 1, None)
    """

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._results: OrderedDict[Hashable, Future[R]] = OrderedDict()

    def find(self, key: Hashable) -> R | None:
        """Give a result that is there."""
        with self._lock:
            future = self._results.get(key)
        return future.result() if future and future.done() and not future.exception() else None

    def take(self, key: Hashable, make: Callable[[], R]) -> R:
        """Give a result, or make it; what cannot be made is not kept."""
        with self._lock:
            future = self._results.get(key)
            mine = future is None
            if future is None:
                future = self._results[key] = Future()
            self._results.move_to_end(key)
            while len(self._results) > self._most:
                self._results.popitem(last=False)
        if mine:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._results.pop(key, None)
                future.set_exception(error)
        return future.result()


_READ: Kept[Parsed] = Kept(64)
_MENDED: Kept[list[Mend]] = Kept(32)


def read_text(text: str, size: Shape | None) -> Parsed:
    """Read code for pictures of a size."""
    if len(text) > LONGEST_CODE:
        return read_code(text, size)  # which looks no further than at its length
    try:
        return _READ.take((text, size), lambda: _read(text, size))
    except WorkerError as error:
        return _unread(error)


def text_read_before(text: str, size: Shape | None) -> Parsed | None:
    """Give what was read already; it takes no time."""
    return _READ.find((text, size))


def mend_text(text: str, size: Shape | None) -> list[Mend]:
    """Find the smallest changes of the text that mend it; none if looking for them takes too much."""
    try:
        return _MENDED.take((text, size), lambda: _mend(text, size))
    except WorkerError:
        return []


def mended_before(text: str, size: Shape | None) -> list[Mend] | None:
    """Give what was found already."""
    return _MENDED.find((text, size))


def _read(text: str, size: Shape | None) -> Parsed:
    try:
        parsed: Any = pool().ask("code", text=text, size=size)
    except WorkerError as error:
        if error.cause in AGAIN:
            return _unread(error)
        raise
    return parsed if isinstance(parsed, Parsed) else _unread(failure("died"))


def _mend(text: str, size: Shape | None) -> list[Mend]:
    try:
        return [one for one in pool().ask("mends", text=text, size=size) if isinstance(one, Mend)]
    except WorkerError as error:
        if error.cause in AGAIN:
            return []
        raise


def _unread(error: WorkerError) -> Parsed:
    said = f"This code was not read, because {CAUSES[error.cause]}: {HELP.get(error.cause, LATER)}."
    return Parsed(None, (Problem(0, said),))
