"""A link from a layer of a network to the stage that shows its operation.

>>> StageOpen("signals", {"n": "7"}).notes
()
>>> smaller(224, 16, 3), smaller(9, 16, 3)
(14, 9)
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StageOpen:
    """A page, its state, and what had to be made smaller to fit there."""

    page: str
    query: dict[str, str]
    notes: tuple[str, ...] = ()


def smaller(n: int, most: int, step: int) -> int:
    """Find the largest size within the stage that leaves as many cells over as `n` does."""
    return n if n <= most else most - (most - n) % step
