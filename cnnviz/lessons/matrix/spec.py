"""What a learner can ask of one convolution that is written as a matrix: the spec of its page.

>>> MatrixSpec(size=(1, 5), kernel=(1, 3), padding="full", flip=True).to_query()
{'n': '1x5', 'k': '1x3', 'p': 'full', 'flip': '1'}
>>> spec, notes = MatrixSpec.from_query({"n": "3", "mode": "mirror", "how": "layers"})
>>> spec.size, spec.how, notes
((3, 3), 'layers', ['The link asks for padding mode “mirror”, but the choices are zeros, circular. It is zeros now.'])

It is the spec of a convolution with one word more, so that everything that works on one works on the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from cnnviz.engine.grids import GridSource, Pair
from cnnviz.lessons.convolution.spec import ConvolutionSpec, parse_padding, show_padding
from cnnviz.state.filled import read_filled, write_filled
from cnnviz.state.grids import parse_edits, parse_source, show_edits, show_source
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, parse_pair, show_flag, show_pair

BOUNDS: dict[str, Pair] = {
    "input": (1, 10),
    "kernel": (1, 5),
    "stride": (1, 4),
    "padding": (0, 6),
    "dilation": (1, 3),
    "seed": (0, 9999),
}
"""The smallest and largest value of every number on the stage."""

VIEWS = {"matrix": "Convolution as matrix", "layers": "Three layers"}
"""The ways to look at it: the URL's word and its label."""

LARGEST = {"matrix": (49, 64), "layers": (16, 25)}
"""The stage draws at most so many outputs and inputs in each view."""

MODES = {"zeros": "Zeros", "circular": "Circular"}
"""What padding holds; mirrored cells would make an entry the sum of several weights."""

VALUES = WEIGHTS = GridSource("from-one")


@dataclass(frozen=True, slots=True)
class MatrixSpec(ConvolutionSpec):
    """Sizes, steps, border and numbers of one convolution, and whether to compare it with other layers."""

    size: Pair = (4, 4)
    values: GridSource = VALUES
    weights: GridSource = WEIGHTS
    how: str = "matrix"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[MatrixSpec, list[str]]:
        """Read a URL (or what a browser sent): the spec, and a sentence for every value that was no good."""
        found, notes = read_filled(FIELDS, _ATTRIBUTES, query)
        return cls(**found), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write_filled(FIELDS, _ATTRIBUTES, self)


_KERNEL_SIDE = BOUNDS["kernel"][1]

FIELDS = (
    Field("n", "input size", parse_pair(*BOUNDS["input"]), show_pair, (4, 4)),
    Field("k", "kernel size", parse_pair(*BOUNDS["kernel"]), show_pair, (3, 3)),
    Field("s", "stride", parse_pair(*BOUNDS["stride"]), show_pair, (1, 1)),
    Field("p", "padding", parse_padding, show_padding, "valid"),
    Field("d", "dilation", parse_pair(*BOUNDS["dilation"]), show_pair, (1, 1)),
    Field("mode", "padding mode", parse_choice(MODES), str, "zeros"),
    Field("flip", "the flipped kernel", parse_flag, show_flag, False),
    Field("how", "the view", parse_choice(VIEWS), str, "matrix"),
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
    "mode": "mode",
    "flip": "flip",
    "how": "how",
    "x": "values",
    "w": "weights",
    "seed": "seed",
}

assert set(_ATTRIBUTES.values()) == {field.name for field in fields(MatrixSpec)}
