"""What a learner can ask of one pixel shuffle or unshuffle: the spec of the Pixel shuffle page.

>>> ShuffleSpec(way="shuffle", factor=3).to_query()
{'way': 'shuffle', 'r': '3'}
>>> ShuffleSpec(cells=(2, 3), channels=2).coarse, ShuffleSpec(cells=(2, 3), channels=2).fine
((8, 2, 3), (2, 4, 6))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from cnnviz.engine.grids import GridSource, Pair
from cnnviz.state.grids import parse_edits, parse_source, show_edits, show_source
from cnnviz.state.patterns import INPUT_PATTERNS
from cnnviz.state.query import Field, parse_choice, parse_int, parse_pair, read, show_pair, write

COUNTING = GridSource("counting")

BOUNDS: dict[str, Pair] = {"cells": (1, 4), "factor": (2, 4), "channels": (1, 3), "seed": (0, 9999)}
"""The smallest and largest value of every number on the stage."""

MOST_CHANNELS = 18
"""The stage draws a grid for each channel of the small side."""

WAYS = {"unshuffle": "Unshuffle: space → channels", "shuffle": "Shuffle: channels → space"}
"""Which way the numbers go: the URL's word and its label."""


@dataclass(frozen=True, slots=True)
class ShuffleSpec:
    """Which way, by what factor, and how large: `cells` counts rows and columns of the small side."""

    way: str = "unshuffle"
    factor: int = 2
    cells: Pair = (3, 3)
    channels: int = 1
    values: GridSource = COUNTING
    seed: int = 0

    @property
    def fine(self) -> tuple[int, int, int]:
        """The shape of the large side: C, H, W."""
        rows, columns = self.cells
        return self.channels, rows * self.factor, columns * self.factor

    @property
    def coarse(self) -> tuple[int, int, int]:
        """The shape of the small side, with more channels: C, H, W."""
        return self.channels * self.factor**2, *self.cells

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[ShuffleSpec, list[str]]:
        """Read a URL (or what a browser sent): the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        found["x"] = replace(found["x"], edits=found.pop("xe"))
        return cls(**{_ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        values: dict[str, Any] = {name: getattr(self, attribute) for name, attribute in _ATTRIBUTES.items()}
        values["xe"] = self.values.edits
        if self.values.edits:
            values["x"] = replace(self.values, edits=())
        return write(FIELDS, values)


FIELDS = (
    Field("way", "direction", parse_choice(WAYS), str, "unshuffle"),
    Field("r", "factor", parse_int(*BOUNDS["factor"]), str, 2),
    Field("n", "size of the small side", parse_pair(*BOUNDS["cells"]), show_pair, (3, 3)),
    Field("c", "number of channels", parse_int(*BOUNDS["channels"]), str, 1),
    Field("x", "the numbers", parse_source(INPUT_PATTERNS), show_source, COUNTING),
    Field("xe", "the changed cells", parse_edits(), show_edits, ()),
    Field("seed", "the seed", parse_int(*BOUNDS["seed"]), str, 0),
)
"""The whole spec as it stands in a URL, in this order."""

_ATTRIBUTES = {
    "way": "way",
    "r": "factor",
    "n": "cells",
    "c": "channels",
    "x": "values",
    "seed": "seed",
}

assert set(_ATTRIBUTES.values()) == {field.name for field in fields(ShuffleSpec)}
