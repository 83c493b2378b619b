"""The shelf: networks with their weights, kept for all sessions of this process, within a number of bytes.

>>> shelf = Shelf(limit=100)
>>> shelf.take("a", 60, lambda: "A"), shelf.take("b", 60, lambda: "B"), shelf.find("a"), shelf.find("b")
('A', 'B', None, 'B')

What was not used for longest goes first, and before the new one is made, so that they never lie in memory together.
One is made at a time: a large file read twice at once would need twice the memory.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from cnnviz.engine.weights import MOST_BYTES, needed_shapes


class Shelf:
    """Things by their keys, with what each weighs in bytes; the least recently used ones go."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._things: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._making = threading.Lock()

    @property
    def bytes(self) -> int:
        """What all of them weigh."""
        with self._lock:
            return sum(weight for _, weight in self._things.values())

    def find(self, key: str) -> Any | None:
        """Give what stands under a key, if it is still there."""
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key][0]

    def take(self, key: str, weight: int, make: Callable[[], Any]) -> Any:
        """Give what stands under a key; if nothing does, make room, make it and keep it."""
        found = self.find(key)
        if found is not None:
            return found
        with self._making:
            found = self.find(key)  # another session made it meanwhile
            if found is not None:
                return found
            with self._lock:
                total = sum(each for _, each in self._things.values())
                while self._things and total + weight > self.limit:
                    total -= self._things.popitem(last=False)[1][1]
            made = make()
            with self._lock:
                self._things[key] = (made, weight)
            return made


SHELF = Shelf(MOST_BYTES)


def weight_of(name: str) -> int:
    """Give the bytes of a network's weights in memory."""
    return 4 * sum(math.prod(shape) for shape in needed_shapes(name).values())
