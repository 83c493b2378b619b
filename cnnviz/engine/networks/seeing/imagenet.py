"""The names of ImageNet's 1000 classes, in the order in which published networks score them.

>>> imagenet_classes()[0], imagenet_classes()[207], len(set(imagenet_classes()))
('tench', 'golden retriever', 1000)
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

NAMES = Path(__file__).resolve().parents[4] / "assets" / "networks" / "imagenet_classes.txt"
APART = {134: "crane (bird)", 517: "crane (machine)", 638: "maillot", 639: "maillot (tank suit)"}
"""Classes whose first names are the same."""


@lru_cache(maxsize=1)
def imagenet_classes() -> tuple[str, ...]:
    """Give one short name a class: the first of its synonyms."""
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    return tuple(APART.get(number, line.split(",")[0]) for number, line in enumerate(lines))
