"""The maps that were kept for the last looks, shared by all sessions, and never more than fits.

Whoever needs what is not there takes one of the turns at `LOOKING`; who comes while it is made finds it there.

>>> shelf = MapShelf(budget=100)
>>> maps = shelf.get(("a",), lambda: {"relu": np.zeros((2, 3, 3), np.float32)})
>>> shelf.get(("a",), lambda: {}) is maps, shelf.bytes
(True, 72)
>>> _ = shelf.get(("b",), lambda: {"relu": np.ones((1, 3, 3), np.float32)})
>>> shelf.bytes                                                        # the older one had to go
36
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np

from cnnviz.engine.limits import OWN_MAPS_MB
from cnnviz.engine.networks.seeing.maps import Maps
from cnnviz.engine.room import Room
from cnnviz.engine.turns import Turns

BUDGET = 64 * 2**20
LOOKING = Turns("look into a network", at_once=2)
"""A look of a large network takes some hundred megabytes while it lasts."""


OWN_MAPS = Room(OWN_MAPS_MB.value() * 2**20)
"""For maps of learners' own pictures, which their sessions keep; without room they are computed again."""


class OwnMaps(dict[str, Maps]):
    """Maps that a session keeps for itself."""


class MapShelf:
    """Sets of maps by their key; the one that was not asked for longest goes first."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._kept: OrderedDict[Hashable, dict[str, Maps]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """How much is kept."""
        return sum(_size(maps) for maps in self._kept.values())

    def get(self, key: Hashable, make: Callable[[], dict[str, Maps]]) -> dict[str, Maps]:
        """Give what is kept, or make it; the newest stays even if it is larger than all that fits."""
        found = self._find(key)
        if found is not None:
            return found
        with LOOKING.one():
            found = self._find(key)  # another session made it meanwhile
            if found is not None:
                return found
            made = {name: np.ascontiguousarray(maps) for name, maps in make().items()}
            with self._lock:
                self._kept[key] = made
                while len(self._kept) > 1 and self.bytes > self._budget:
                    self._kept.popitem(last=False)
            return made

    def _find(self, key: Hashable) -> dict[str, Maps] | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)


def _size(maps: dict[str, Maps]) -> int:
    return sum(one.nbytes for one in maps.values())
