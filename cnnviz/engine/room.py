"""Room in memory for what sessions keep: so many bytes for all of them together, given back when a session forgets.

>>> room, picture = Room(100), frozenset({"a picture"})
>>> room.hold(picture, 80), room.hold(frozenset({"another"}), 30), room.taken
(True, False, 80)
>>> del picture
>>> room.taken
0
"""

from __future__ import annotations

import threading
import weakref
from collections import deque


class Room:
    """So many bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._taken = 0
        self._given_back: deque[int] = deque()
        """Sizes of what was forgotten; a collector may append at any moment, also while the lock is held."""
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """How many of them are in use."""
        with self._lock:
            return self._count()

    def hold(self, thing: object, size: int) -> bool:
        """Count a thing for as long as it lives; tell whether there is room for it."""
        with self._lock:
            if self._count() + size > self.limit:
                return False
            self._taken += size
        weakref.finalize(thing, self._given_back.append, size).atexit = False
        return True

    def _count(self) -> int:
        while self._given_back:
            self._taken -= self._given_back.popleft()
        return self._taken
