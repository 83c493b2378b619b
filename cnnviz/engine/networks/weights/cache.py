"""The networks with their weights that are kept in memory, for all sessions of this process.

They are made one at a time: a large file read twice at once would need twice the memory.
"""

from __future__ import annotations

import math

from cnnviz.engine.networks.weights.fitting import MOST_BYTES, needed_shapes
from cnnviz.engine.shelf import Shelf
from cnnviz.engine.turns import Turns

SHELF = Shelf(MOST_BYTES, Turns("get a network ready"))


def weight_of(name: str) -> int:
    """Give the bytes of a network's weights in memory."""
    return 4 * sum(math.prod(shape) for shape in needed_shapes(name).values())
