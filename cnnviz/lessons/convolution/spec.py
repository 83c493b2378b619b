"""What a learner can ask of one 2-D convolution on small grids: the spec of the Convolution page.

>>> ConvolutionSpec(size=(7, 5), padding=((1, 1), (1, 1))).to_query()
{'n': '7x5', 'p': '1'}
>>> spec, notes = ConvolutionSpec.from_query({"n": "6", "k": "3", "p": "same", "s": "0"})
>>> spec.size, spec.padding, spec.stride
((6, 6), 'same', (1, 1))
>>> notes
['The link asks for stride “0”, but the smallest is 1. It is 1 now.']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from cnnviz.engine.grids import GridSource, Pair
from cnnviz.state.filled import read_filled, write_filled
from cnnviz.state.grids import parse_edits, parse_source, show_edits, show_source
from cnnviz.state.padding import MODES, NAMED_PADDING
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from cnnviz.state.query import (
    Field,
    Sides,
    parse_choice,
    parse_flag,
    parse_int,
    parse_pair,
    parse_sides,
    show_flag,
    show_pair,
    show_sides,
)

GUIDE = GridSource("guide")

BOUNDS: dict[str, Pair] = {
    "input": (1, 16),
    "kernel": (1, 7),
    "stride": (1, 5),
    "padding": (0, 6),
    "dilation": (1, 4),
    "seed": (0, 9999),
}
"""The smallest and largest value of every number on the stage."""


def parse_padding(text: str) -> str | Sides:
    """Read ``valid``, ``same``, ``full``, one number, ``rows x columns``, or ``top.bottom.left.right``.

    >>> parse_padding("1"), parse_padding("1x2"), parse_padding("0.1.2.3")
    (((1, 1), (1, 1)), ((1, 1), (2, 2)), ((0, 1), (2, 3)))
    """
    word = text.strip().lower()
    if word in NAMED_PADDING:
        return word
    return parse_sides(*BOUNDS["padding"])(word)


def show_padding(padding: str | Sides) -> str:
    """Write padding as short as it can be read back.

    >>> show_padding(((1, 1), (2, 2))), show_padding(((0, 1), (2, 3)))
    ('1x2', '0.1.2.3')
    """
    return padding if isinstance(padding, str) else show_sides(padding)


@dataclass(frozen=True, slots=True)
class ConvolutionSpec:
    """Sizes, steps, border and numbers of one convolution; the numbers of each axis in the order (rows, columns)."""

    size: Pair = (5, 5)
    kernel: Pair = (3, 3)
    stride: Pair = (1, 1)
    padding: str | Sides = "valid"
    dilation: Pair = (1, 1)
    mode: str = "zeros"
    flip: bool = False
    values: GridSource = GUIDE
    weights: GridSource = GUIDE
    seed: int = 0

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[ConvolutionSpec, list[str]]:
        """Read a URL (or what a browser sent): the spec, and a sentence for every value that was no good."""
        found, notes = read_filled(FIELDS, _ATTRIBUTES, query)
        return cls(**found), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write_filled(FIELDS, _ATTRIBUTES, self)


FIELDS = (
    Field("n", "input size", parse_pair(*BOUNDS["input"]), show_pair, (5, 5)),
    Field("k", "kernel size", parse_pair(*BOUNDS["kernel"]), show_pair, (3, 3)),
    Field("s", "stride", parse_pair(*BOUNDS["stride"]), show_pair, (1, 1)),
    Field("p", "padding", parse_padding, show_padding, "valid"),
    Field("d", "dilation", parse_pair(*BOUNDS["dilation"]), show_pair, (1, 1)),
    Field("mode", "padding mode", parse_choice(MODES), str, "zeros"),
    Field("flip", "the flipped kernel", parse_flag, show_flag, False),
    Field("x", "the input's numbers", parse_source(INPUT_PATTERNS), show_source, GUIDE),
    Field("xe", "the input's changed cells", parse_edits(), show_edits, ()),
    Field("w", "the kernel's numbers", parse_source(KERNEL_PATTERNS, 7), show_source, GUIDE),
    Field("we", "the kernel's changed cells", parse_edits(7), show_edits, ()),
    Field("seed", "the seed", parse_int(*BOUNDS["seed"]), str, 0),
)
"""The whole spec as it stands in a URL, in this order."""

_ATTRIBUTES = {
    "n": "size",
    "k": "kernel",
    "s": "stride",
    "p": "padding",
    "d": "dilation",
    "mode": "mode",
    "flip": "flip",
    "x": "values",
    "w": "weights",
    "seed": "seed",
}

assert set(_ATTRIBUTES.values()) == {field.name for field in fields(ConvolutionSpec)}
