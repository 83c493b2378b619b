"""One part of the Filter chains page: its panels, its controls, the line under them, and the words below."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cnnviz.engine.grids import Pair
from cnnviz.engine.settings import Array
from cnnviz.ui.viewer import Control, Mark, Panel

SAMPLED = 1 << 14
STRONGEST = 99.7

Block = tuple[str, ...]
"""A heading, a text, and formulas that stand between the two."""


@dataclass(frozen=True, eq=False)
class Part:
    """What is drawn, and what is written in the left and the right column."""

    panels: list[Panel]
    controls: list[Control]
    note: str
    left: list[Block] = field(default_factory=list)
    right: list[Block] = field(default_factory=list)


def pixel_mark(at: Pair) -> list[Mark]:
    """Frame one pixel."""
    return [Mark(*at)]


def reach_of(*arrays: Array) -> float:
    """Choose the value of full colour: what all but a few in a thousand pixels stay below, so that none outshines all.

    >>> reach_of(np.array([[-3.0, 2.0]])), reach_of(np.zeros((2, 2)))
    (3.0, 1.0)
    """
    ends = []
    for array in arrays:
        some = np.abs(array.ravel()[:: max(1, array.size // SAMPLED)])
        ends.append(float(np.percentile(some, STRONGEST, method="higher")))
    return max(ends) or 1.0
