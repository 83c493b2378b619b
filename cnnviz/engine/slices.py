"""Fair slices of computing for pages that ask again and again: nobody waits in a thread, nothing runs in between.

>>> slices = Slices(share=0.25)
>>> with slices.one("ada") as ada, slices.one("grace") as grace, slices.one("mary") as mary:
...     ada, grace.before, mary.before
(Slice(mine=True, before=0), 1, 2)

After each slice comes a rest, so that all of them together take `share` of a core. The next one is for whoever has
waited for longest; who did not ask for `AWAY` seconds has gone, and waits no more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

AWAY = 3.0
LATE = 0.5
"""Whoever is next asks a little after it could begin; so many seconds are made good by a shorter rest."""
MOST_ASKING = 500


@dataclass(frozen=True, slots=True)
class Slice:
    """Whether it is one's turn; if not, how many others come first, and one asks again a little later."""

    mine: bool
    before: int = 0


class Slices:
    """One slice at a time."""

    def __init__(self, share: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.share, self._clock = share, clock
        self._lock = threading.Lock()
        self._asked: dict[Hashable, float] = {}
        """When each of those who wait has asked last, in the order in which they began to."""
        self._busy = False
        self._free_at = clock()

    @contextmanager
    def one(self, name: Hashable) -> Iterator[Slice]:
        """Ask for a slice, and have it if it is one's turn."""
        asked = self._ask(name)
        if not asked.mine:
            yield asked
            return
        start = self._clock()
        try:
            yield asked
        finally:
            with self._lock:
                now, self._busy = self._clock(), False
                begun = max(self._free_at, start - LATE) if self._asked else start
                self._free_at = max(now, begun + (now - start) / self.share)

    def _ask(self, name: Hashable) -> Slice:
        with self._lock:
            now = self._clock()
            for gone in [each for each, asked in self._asked.items() if now - asked > AWAY]:
                del self._asked[gone]
            if name not in self._asked and len(self._asked) >= MOST_ASKING:
                return Slice(False, len(self._asked))
            self._asked[name] = now
            before = list(self._asked).index(name) + self._busy
            if before or now < self._free_at:
                return Slice(False, before)
            del self._asked[name]
            self._busy = True
            return Slice(True)
