"""What a learner can ask of a convolution of a short film: the spec of the Volumes lesson.

A film is a volume of frames, rows and columns (T, H, W), and every setting has a number for each of these axes.

>>> VolumesSpec(size=(3, 5, 5), kernel=(2, 3, 3), dims=2).to_query()
{'n': '3x5', 'k': '2x3', 'dim': '2'}
>>> spec, notes = VolumesSpec.from_query({"n": "6x4x5", "k": "9", "xe": "0.1.2 9"})
>>> spec.size, spec.kernel, spec.value_edits, notes
((6, 4, 5), (3, 3, 3), (((0, 1, 2), 9),), ['The link asks for kernel size “9”, but the largest is 3. It is 3 now.'])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.state.indexed import Edits, parse_indexed, show_indexed
from cnnviz.state.query import Field, parse_choice, parse_int, read, write

Triple = tuple[int, int, int]
"""One number for the frames, one for the rows and one for the columns."""

BOUNDS: dict[str, Pair] = {
    "input": (1, 6),
    "kernel": (1, 3),
    "stride": (1, 3),
    "padding": (0, 2),
    "dilation": (1, 2),
    "seed": (0, 9999),
}
"""The smallest and largest value of every number of the lesson; they are the same on all axes."""

DIMENSIONS = {1: "1-D", 2: "2-D", 3: "3-D"}
"""How many axes the kernel moves along: one pixel through time, one frame after the other, or the film."""

INPUT_PATTERNS = {
    "dot": "A dot that moves right",
    "dot-left": "A dot that moves left",
    "edge": "An edge that moves right",
    "flash": "A flash in the middle frame",
    "still": "A still picture",
    "counting": "Counting through all frames",
    "random": "Random integers",
}
"""What can fill the film: the URL's word and its label."""

KERNEL_PATTERNS = {
    "moving": "A dot that moves right",
    "difference": "Difference in time",
    "box": "Box (average)",
    "edge": "Edge in space, summed over time",
    "identity": "Identity",
    "ones": "Ones (sum)",
    "random": "Random integers",
}
"""What can fill the kernel: the URL's word and its label."""


def parse_triple(low: int, high: int) -> Callable[[str], Triple]:
    """Make a reader of ``3`` (all axes), ``4x5`` (frames x both sides) or ``4x5x6`` (frames x rows x columns).

    >>> parse_triple(1, 6)("4x5"), parse_triple(1, 6)("4x5x6")
    ((4, 5, 5), (4, 5, 6))
    """
    one = parse_int(low, high)

    def parse(text: str) -> Triple:
        parts = [one(part) for part in text.lower().replace("\N{MULTIPLICATION SIGN}", "x").split("x", 3)]
        if len(parts) == 1:
            return (parts[0],) * 3
        if len(parts) == 2:
            return parts[0], parts[1], parts[1]
        if len(parts) == 3:
            return parts[0], parts[1], parts[2]
        raise SpecError("", "a size is one number, frames x sides like 4x5, or frames x rows x columns like 4x5x6")

    return parse


def show_triple(triple: Triple) -> str:
    """Write a triple as short as it can be read back.

    >>> show_triple((3, 3, 3)), show_triple((4, 5, 5)), show_triple((4, 5, 6))
    ('3', '4x5', '4x5x6')
    """
    frames, rows, columns = triple
    if rows != columns:
        return f"{frames}x{rows}x{columns}"
    return str(frames) if frames == rows else f"{frames}x{rows}"


def _parse_dimensions(text: str) -> int:
    return int(parse_choice(map(str, DIMENSIONS))(text))


@dataclass(frozen=True, slots=True)
class VolumesSpec:
    """Sizes, steps and numbers of one convolution of a film; every triple in the order frames, rows, columns.

    With `dims` of 2 the kernel looks at one frame at a time; with 1, at the middle pixel through all frames. What is
    set for the other axes then waits. Padding is the same before and after, in time as in space.
    """

    size: Triple = (4, 5, 5)
    kernel: Triple = (3, 3, 3)
    stride: Triple = (1, 1, 1)
    padding: Triple = (0, 0, 0)
    dilation: Triple = (1, 1, 1)
    dims: int = 3
    values: str = "dot"
    value_edits: Edits = ()
    weights: str = "moving"
    weight_edits: Edits = ()
    seed: int = 0

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[VolumesSpec, list[str]]:
        """Read a URL (or what a browser sent): the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(**{_ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write(FIELDS, {name: getattr(self, attribute) for name, attribute in _ATTRIBUTES.items()})


_FILM, _KERNEL = (BOUNDS["input"][1],) * 3, (BOUNDS["kernel"][1],) * 3

FIELDS = (
    Field("n", "input size", parse_triple(*BOUNDS["input"]), show_triple, (4, 5, 5)),
    Field("k", "kernel size", parse_triple(*BOUNDS["kernel"]), show_triple, (3, 3, 3)),
    Field("s", "stride", parse_triple(*BOUNDS["stride"]), show_triple, (1, 1, 1)),
    Field("p", "padding", parse_triple(*BOUNDS["padding"]), show_triple, (0, 0, 0)),
    Field("d", "dilation", parse_triple(*BOUNDS["dilation"]), show_triple, (1, 1, 1)),
    Field("dim", "the dimensions", _parse_dimensions, str, 3),
    Field("x", "the film's numbers", parse_choice(INPUT_PATTERNS), str, "dot"),
    Field("xe", "the film's changed cells", parse_indexed(*_FILM), show_indexed, ()),
    Field("w", "the kernel's numbers", parse_choice(KERNEL_PATTERNS), str, "moving"),
    Field("we", "the kernel's changed cells", parse_indexed(*_KERNEL), show_indexed, ()),
    Field("seed", "the seed", parse_int(*BOUNDS["seed"]), str, 0),
)
"""The whole spec as it stands in a URL, in this order."""

_ATTRIBUTES = {
    "n": "size",
    "k": "kernel",
    "s": "stride",
    "p": "padding",
    "d": "dilation",
    "dim": "dims",
    "x": "values",
    "xe": "value_edits",
    "w": "weights",
    "we": "weight_edits",
    "seed": "seed",
}

assert set(_ATTRIBUTES.values()) == {field.name for field in fields(VolumesSpec)}
