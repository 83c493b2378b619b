"""A shelf: what was made once is there for all sessions of this process, within a limit.

>>> shelf = Shelf(limit=100)
>>> shelf.take("a", 60, lambda: "A"), shelf.take("b", 60, lambda: "B"), shelf.find("a"), shelf.find("b")
('A', 'B', None, 'B')

Weights are bytes, or whatever the limit counts. What was not used for longest goes first, and before the new one is
made, so that they never lie in memory together. Whoever needs what is not there takes a turn; who comes while it is
made finds it there. A person who goes from one thing to the next makes room at their own expense: only the last
`MOST_A_PERSON` that they used are theirs, and what is nobody's any more goes before what somebody still uses.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import chain
from typing import Any

from cnnviz.engine.turns import Turns, who_asks

MOST_A_PERSON = 3
MOST_PERSONS = 2000


class Shelf:
    """Things by their keys, with what each weighs."""

    def __init__(self, limit: int, turns: Turns | None = None) -> None:
        self.limit, self.turns = limit, turns or Turns("make something ready")
        self._things: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._used: OrderedDict[Hashable, list[Hashable]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """What all of them weigh."""
        with self._lock:
            return self._weight()

    def find(self, key: Hashable) -> Any | None:
        """Give what stands under a key, if it is still there."""
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            self._note(key)
            return self._things[key][0]

    def take(self, key: Hashable, weight: int, make: Callable[[], Any]) -> Any:
        """Give what stands under a key; if nothing does, make room, make it and keep it."""
        found = self.find(key)
        if found is not None:
            return found
        with self.turns.one():
            found = self.find(key)  # another session made it meanwhile
            if found is not None:
                return found
            with self._lock:
                self._note(key)
                while self._things and self._weight() + weight > self.limit:
                    del self._things[self._next_to_go()]
            made = make()
            with self._lock:
                self._things[key] = (made, weight)
            return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._things.clear()
            self._used.clear()

    def _weight(self) -> int:
        return sum(weight for _, weight in self._things.values())

    def _note(self, key: Hashable) -> None:
        """Remember who uses what."""
        name = who_asks()
        if name is not None:
            others = [each for each in self._used.pop(name, []) if each != key]
            self._used[name] = [*others, key][-MOST_A_PERSON:]
            while len(self._used) > MOST_PERSONS:
                self._used.popitem(last=False)

    def _next_to_go(self) -> Hashable:
        in_use = set(chain.from_iterable(self._used.values()))
        return next((key for key in self._things if key not in in_use), next(iter(self._things)))
