"""What a learner can ask of one transposed convolution on small grids: the spec of its page.

>>> TransposedSpec(size=(2, 3), padding=((1, 1), (1, 1))).to_query()
{'n': '2x3', 'p': '1'}
>>> spec, notes = TransposedSpec.from_query({"n": "2", "s": "3", "op": "2", "how": "zeros", "p": "same"})
>>> spec.size, spec.stride, spec.output_padding, spec.how, notes
((2, 2), (3, 3), (2, 2), 'zeros', ['The link asks for padding “same”, but that is not a whole number. It is 0 now.'])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from cnnviz.engine.grids import GridSource, Pair
from cnnviz.state.filled import read_filled, write_filled
from cnnviz.state.grids import parse_edits, parse_source, show_edits, show_source
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from cnnviz.state.query import Field, Sides, parse_choice, parse_int, parse_pair, parse_sides, show_pair, show_sides

BOUNDS: dict[str, Pair] = {
    "input": (1, 8),
    "kernel": (1, 5),
    "stride": (1, 4),
    "padding": (0, 4),
    "dilation": (1, 3),
    "output_padding": (0, 3),
    "seed": (0, 9999),
}
"""The smallest and largest value of every number on the stage."""

LARGEST_PICTURE = 16
"""The stage draws at most so many rows and columns of what the stamps cover."""

LARGEST_MATRIX = 49
"""The stage draws at most so many rows and columns of the matrix."""

VIEWS = {
    "stamp": "Stamp and add",
    "zeros": "Insert zeros",
    "matrix": "Matrix",
    "all": "All three",
    "overlap": "Overlap",
    "round": "Round trip",
}
"""The ways to look at one transposed convolution: the URL's word and its label."""

WITH_MATRIX = ("matrix", "all")

VALUES = GridSource("from-one")
WEIGHTS = GridSource("guide")
NONE: Sides = ((0, 0), (0, 0))


@dataclass(frozen=True, slots=True)
class TransposedSpec:
    """Sizes, steps and numbers of one transposed convolution, and how to look at it; pairs are (rows, columns)."""

    size: Pair = (3, 3)
    kernel: Pair = (3, 3)
    stride: Pair = (2, 2)
    padding: Sides = NONE
    dilation: Pair = (1, 1)
    output_padding: Pair = (0, 0)
    how: str = "stamp"
    values: GridSource = VALUES
    weights: GridSource = WEIGHTS
    seed: int = 0

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[TransposedSpec, list[str]]:
        """Read a URL (or what a browser sent): the spec, and a sentence for every value that was no good."""
        found, notes = read_filled(FIELDS, _ATTRIBUTES, query)
        return cls(**found), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write_filled(FIELDS, _ATTRIBUTES, self)


_KERNEL_SIDE = BOUNDS["kernel"][1]

FIELDS = (
    Field("n", "input size", parse_pair(*BOUNDS["input"]), show_pair, (3, 3)),
    Field("k", "kernel size", parse_pair(*BOUNDS["kernel"]), show_pair, (3, 3)),
    Field("s", "stride", parse_pair(*BOUNDS["stride"]), show_pair, (2, 2)),
    Field("p", "padding", parse_sides(*BOUNDS["padding"]), show_sides, NONE),
    Field("d", "dilation", parse_pair(*BOUNDS["dilation"]), show_pair, (1, 1)),
    Field("op", "output padding", parse_pair(*BOUNDS["output_padding"]), show_pair, (0, 0)),
    Field("how", "the view", parse_choice(VIEWS), str, "stamp"),
    Field("x", "the input's numbers", parse_source(INPUT_PATTERNS), show_source, VALUES),
    Field("xe", "the input's changed cells", parse_edits(), show_edits, ()),
    Field("w", "the kernel's numbers", parse_source(KERNEL_PATTERNS, _KERNEL_SIDE), show_source, WEIGHTS),
    Field("we", "the kernel's changed cells", parse_edits(_KERNEL_SIDE), show_edits, ()),
    Field("seed", "the seed", parse_int(*BOUNDS["seed"]), str, 0),
)
"""The whole spec as it stands in a URL, in this order."""

_ATTRIBUTES = {
    "n": "size",
    "k": "kernel",
    "s": "stride",
    "p": "padding",
    "d": "dilation",
    "op": "output_padding",
    "how": "how",
    "x": "values",
    "w": "weights",
    "seed": "seed",
}

assert set(_ATTRIBUTES.values()) == {field.name for field in fields(TransposedSpec)}
