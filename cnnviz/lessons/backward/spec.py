"""What a learner can ask of the backward pass of one convolution: the spec of the Backward page.

>>> BackwardSpec(size=(1, 5), kernel=(1, 3), gradient=GridSource("onehot")).to_query()
{'n': '1x5', 'k': '1x3', 'g': 'onehot'}
>>> BackwardSpec.from_query({"grad": "dz"})[1]
['The link asks for the gradient that is shown “dz”, but the choices are y, dx, dw, db, all. It is dx now.']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from cnnviz.engine.grids import GridSource, Pair
from cnnviz.state.grids import parse_edits, parse_source, show_edits, show_source
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from cnnviz.state.query import (
    Field,
    Sides,
    parse_choice,
    parse_int,
    parse_pair,
    parse_sides,
    read,
    show_pair,
    show_sides,
    write,
)

GUIDE = GridSource("guide")
ONES = GridSource("ones")
ONE_HOT = "onehot"
NO_PADDING: Sides = ((0, 0), (0, 0))

BOUNDS: dict[str, Pair] = {
    "input": (1, 9),
    "kernel": (1, 5),
    "stride": (1, 4),
    "padding": (0, 4),
    "dilation": (1, 3),
    "cell": (0, 16),
    "seed": (0, 9999),
}
"""The smallest and largest value of every number on the stage."""

LARGEST_GRADIENT = 17
"""An output of 9 cells, 4 cells of padding on each side and a kernel of one cell."""

GRADIENTS = {
    "ones": "Ones",
    ONE_HOT: "A single 1",
    "counting": "Counting",
    "random": "Random integers",
}
"""What can fill dL/dy: the URL's word and its label."""

SHOWN = {"y": "y", "dx": "dL/dx", "dw": "dL/dw", "db": "dL/db", "all": "All"}
"""What the stage shows: the forward pass, one gradient, or all of them."""

WAYS = {"stamps": "Stamps", "zeros": "Zeros inserted"}
"""Two ways to see dL/dx."""


@dataclass(frozen=True, slots=True)
class BackwardSpec:
    """A convolution, the gradient that comes back to its output, and what is looked at.

    `hot` is the cell of dL/dy that holds the single 1; `nudge` the cell that is changed by a small step. Both stay
    inside their grids: a cell beyond the last one means the last one.
    """

    size: Pair = (5, 5)
    kernel: Pair = (3, 3)
    stride: Pair = (1, 1)
    padding: Sides = NO_PADDING
    dilation: Pair = (1, 1)
    shown: str = "dx"
    way: str = "stamps"
    values: GridSource = GUIDE
    weights: GridSource = GUIDE
    gradient: GridSource = ONES
    hot: Pair = (0, 0)
    nudge: Pair = (2, 2)
    seed: int = 0

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[BackwardSpec, list[str]]:
        """Read a URL (or what a browser sent): the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        for name in "xwg":
            found[name] = replace(found[name], edits=found.pop(f"{name}e"))
        return cls(**{_ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        values: dict[str, Any] = {name: getattr(self, attribute) for name, attribute in _ATTRIBUTES.items()}
        for name in "xwg":
            values[f"{name}e"] = values[name].edits
            if values[name].edits:
                values[name] = replace(values[name], edits=())
        return write(FIELDS, values)


FIELDS = (
    Field("n", "input size", parse_pair(*BOUNDS["input"]), show_pair, (5, 5)),
    Field("k", "kernel size", parse_pair(*BOUNDS["kernel"]), show_pair, (3, 3)),
    Field("s", "stride", parse_pair(*BOUNDS["stride"]), show_pair, (1, 1)),
    Field("p", "padding", parse_sides(*BOUNDS["padding"]), show_sides, NO_PADDING),
    Field("d", "dilation", parse_pair(*BOUNDS["dilation"]), show_pair, (1, 1)),
    Field("grad", "the gradient that is shown", parse_choice(SHOWN), str, "dx"),
    Field("way", "the way to see dL/dx", parse_choice(WAYS), str, "stamps"),
    Field("x", "the input's numbers", parse_source(INPUT_PATTERNS), show_source, GUIDE),
    Field("xe", "the input's changed cells", parse_edits(), show_edits, ()),
    Field("w", "the kernel's numbers", parse_source(KERNEL_PATTERNS, 7), show_source, GUIDE),
    Field("we", "the kernel's changed cells", parse_edits(7), show_edits, ()),
    Field("g", "the numbers of dL/dy", parse_source(GRADIENTS, LARGEST_GRADIENT), show_source, ONES),
    Field("ge", "the changed cells of dL/dy", parse_edits(LARGEST_GRADIENT), show_edits, ()),
    Field("hot", "the cell of the single 1", parse_pair(*BOUNDS["cell"]), show_pair, (0, 0)),
    Field("nudge", "the cell that is nudged", parse_pair(*BOUNDS["cell"]), show_pair, (2, 2)),
    Field("seed", "the seed", parse_int(*BOUNDS["seed"]), str, 0),
)
"""The whole spec as it stands in a URL, in this order."""

_ATTRIBUTES = {
    "n": "size",
    "k": "kernel",
    "s": "stride",
    "p": "padding",
    "d": "dilation",
    "grad": "shown",
    "way": "way",
    "x": "values",
    "w": "weights",
    "g": "gradient",
    "hot": "hot",
    "nudge": "nudge",
    "seed": "seed",
}

assert set(_ATTRIBUTES.values()) == {field.name for field in fields(BackwardSpec)}
