"""What a learner can ask of a convolution along one axis: the spec of the first half of the Signals page.

>>> SignalSpec(size=7, padding=(1, 1)).to_query()
{'n': '7', 'p': '1'}
>>> spec, notes = SignalSpec.from_query({"n": "25", "p": "1.2", "k": "5"})
>>> spec.size, spec.padding, spec.kernel, notes
(9, (1, 2), 5, ['The link asks for signal length “25”, but the largest is 24. It is 9 now.'])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields

from cnnviz.engine.grids import GridSource, Pair
from cnnviz.errors import SpecError
from cnnviz.state.filled import read_filled, write_filled
from cnnviz.state.grids import parse_edits, parse_source, show_edits, show_source
from cnnviz.state.padding import MODES, NAMED_PADDING
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, show_flag

BOUNDS: dict[str, Pair] = {
    "input": (1, 24),
    "kernel": (1, 7),
    "stride": (1, 5),
    "padding": (0, 6),
    "dilation": (1, 4),
    "seed": (0, 9999),
}
"""The smallest and largest value of every number on the stage."""

SIGNALS = {
    "lecture": "Lecture 5, 7, 0, …",
    "counting": "Counting from 1",
    "impulse": "Impulse",
    "step": "Step",
    "pulse": "Pulse",
    "ramp": "Ramp",
    "wave": "Wave",
    "noise": "Noise",
    "noisy-step": "Step with noise",
    "noisy-wave": "Wave with noise",
    "ones": "Ones",
}
"""What can fill the signal: the URL's word and its label."""

KERNELS = {
    "lecture": "Lecture −1, 3, −1",
    "identity": "Identity",
    "average": "Moving average",
    "smooth": "Smooth (binomial)",
    "difference": "Difference [1 −1]",
    "slope": "Slope",
    "echo": "Fading echo",
    "counting": "Counting from 1",
    "ones": "Ones (sum)",
    "random": "Random integers",
}
"""What can fill the kernel: the URL's word and its label."""

LECTURE = GridSource("lecture")


def parse_sides(text: str) -> str | Pair:
    """Read ``valid``, ``same``, ``full``, one number, or ``before.after``.

    >>> parse_sides("same"), parse_sides("2"), parse_sides("0.3")
    ('same', (2, 2), (0, 3))
    """
    word = text.strip().lower()
    if word in NAMED_PADDING:
        return word
    one = parse_int(*BOUNDS["padding"])
    parts = [one(part) for part in word.split(".")]
    if len(parts) > 2:
        raise SpecError("", "two sides read before.after")
    return parts[0], parts[-1]


def show_sides(padding: str | Pair) -> str:
    """Write padding as short as it can be read back."""
    if isinstance(padding, str):
        return padding
    before, after = padding
    return str(before) if before == after else f"{before}.{after}"


def _row(patterns: Iterable[str], name: str) -> Callable[[str], GridSource]:
    """Make a reader of a pattern's name or of one row of numbers."""
    low, high = BOUNDS[name]
    one = parse_source(patterns, high)

    def parse(text: str) -> GridSource:
        source = one(text)
        if len(source.rows) > low:
            raise SpecError("", "it must be one row of numbers, like 1+2+3")
        return source

    return parse


@dataclass(frozen=True, slots=True)
class SignalSpec:
    """Lengths, steps, border and numbers of one convolution along a line; padding is a name or (before, after)."""

    size: int = 9
    kernel: int = 3
    stride: int = 1
    padding: str | Pair = "valid"
    dilation: int = 1
    mode: str = "zeros"
    flip: bool = False
    values: GridSource = LECTURE
    weights: GridSource = LECTURE
    seed: int = 0

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[SignalSpec, list[str]]:
        """Read a URL (or what a browser sent): the spec, and a sentence for every value that was no good."""
        found, notes = read_filled(FIELDS, _ATTRIBUTES, query)
        return cls(**found), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write_filled(FIELDS, _ATTRIBUTES, self)


FIELDS = (
    Field("n", "signal length", parse_int(*BOUNDS["input"]), str, 9),
    Field("k", "kernel length", parse_int(*BOUNDS["kernel"]), str, 3),
    Field("s", "stride", parse_int(*BOUNDS["stride"]), str, 1),
    Field("p", "padding", parse_sides, show_sides, "valid"),
    Field("d", "dilation", parse_int(*BOUNDS["dilation"]), str, 1),
    Field("mode", "padding mode", parse_choice(MODES), str, "zeros"),
    Field("flip", "the flipped kernel", parse_flag, show_flag, False),
    Field("x", "the signal's numbers", _row(SIGNALS, "input"), show_source, LECTURE),
    Field("xe", "the signal's changed cells", parse_edits(BOUNDS["input"][1]), show_edits, ()),
    Field("w", "the kernel's numbers", _row(KERNELS, "kernel"), show_source, LECTURE),
    Field("we", "the kernel's changed cells", parse_edits(BOUNDS["kernel"][1]), show_edits, ()),
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

assert set(_ATTRIBUTES.values()) == {field.name for field in fields(SignalSpec)}
