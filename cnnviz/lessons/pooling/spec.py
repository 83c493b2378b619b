"""What a learner can ask of one pooling on small grids: the spec of the Pooling page.

>>> PoolingSpec(kernel=(3, 3), stride=(2, 2), padding=(1, 1)).to_query()
{'k': '3', 's': '2', 'p': '1'}
>>> spec, notes = PoolingSpec.from_query({"op": "mean", "k": "9"})
>>> spec.op, spec.kernel, spec.steps
('mean', (2, 2), (2, 2))
>>> notes
['The link asks for window size “9”, but the largest is 7. It is 2 now.']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from cnnviz.engine.grids import GridSource, Pair
from cnnviz.state.grids import parse_edits, parse_source, show_edits, show_source
from cnnviz.state.patterns import INPUT_PATTERNS
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, parse_pair, read, show_flag, show_pair, write

FEATURES = GridSource("features")

BOUNDS: dict[str, Pair] = {
    "input": (1, 16),
    "kernel": (1, 7),
    "stride": (1, 7),
    "padding": (0, 3),
    "dilation": (1, 4),
    "outputs": (1, 8),
    "seed": (0, 9999),
}
"""The smallest and largest value of every number on the stage."""

OPERATIONS = {"max": "Maximum", "mean": "Average", "norm": "L2 norm"}
"""What becomes of a window: the URL's word and its label."""

AREAS = {"windows": "Sliding", "adaptive": "Adaptive", "global": "Global"}
"""How windows are laid: of a size that slides, as many as asked for, or one that is the whole input."""

TIED = "window"
"""The URL's word for a stride that is always as large as the window."""

BORDER = (0, 0)
UNDILATED = (1, 1)


def parse_stride(text: str) -> Pair | None:
    """Read a stride, or the word for one that follows the window.

    >>> parse_stride("2x1"), parse_stride("window")
    ((2, 1), None)
    """
    return None if text.strip().lower() == TIED else parse_pair(*BOUNDS["stride"])(text)


def show_stride(stride: Pair | None) -> str:
    """Write a stride."""
    return show_pair(stride) if stride else TIED


@dataclass(frozen=True, slots=True)
class PoolingSpec:
    """Operation, windows and numbers of one pooling; the numbers of each axis in the order (rows, columns).

    Not every operation has every setting: only a maximum can be dilated or undone, and an L2 norm has no padding. What
    an operation does not have stays in the spec and waits; `used_...` say what counts.
    """

    op: str = "max"
    area: str = "windows"
    size: Pair = (6, 6)
    kernel: Pair = (2, 2)
    stride: Pair | None = None
    padding: Pair = BORDER
    dilation: Pair = UNDILATED
    ceil: bool = False
    count_pad: bool = True
    outputs: Pair = (3, 3)
    unpool: bool = False
    values: GridSource = FEATURES
    seed: int = 0

    @property
    def steps(self) -> Pair:
        """The stride in numbers.

        >>> PoolingSpec(kernel=(2, 3)).steps
        (2, 3)
        """
        return self.stride or self.kernel

    @property
    def used_area(self) -> str:
        """How windows are laid: PyTorch has no adaptive L2 norm."""
        return "windows" if self.op == "norm" else self.area

    @property
    def used_padding(self) -> Pair:
        """The padding, where the operation has one."""
        return BORDER if self.op == "norm" else self.padding

    @property
    def used_dilation(self) -> Pair:
        """The dilation, where the operation has one."""
        return self.dilation if self.op == "max" else UNDILATED

    @property
    def undone(self) -> bool:
        """Whether the pooling is followed by its unpooling: only sliding maxima know where they came from."""
        return self.unpool and self.op == "max" and self.area == "windows"

    @property
    def grid(self) -> Pair:
        """How many windows an adaptive or global pooling has."""
        return self.outputs if self.used_area == "adaptive" else (1, 1)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[PoolingSpec, list[str]]:
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
    Field("op", "operation", parse_choice(OPERATIONS), str, "max"),
    Field("area", "kind of windows", parse_choice(AREAS), str, "windows"),
    Field("n", "input size", parse_pair(*BOUNDS["input"]), show_pair, (6, 6)),
    Field("k", "window size", parse_pair(*BOUNDS["kernel"]), show_pair, (2, 2)),
    Field("s", "stride", parse_stride, show_stride, None),
    Field("p", "padding", parse_pair(*BOUNDS["padding"]), show_pair, BORDER),
    Field("d", "dilation", parse_pair(*BOUNDS["dilation"]), show_pair, UNDILATED),
    Field("ceil", "rounding up", parse_flag, show_flag, False),
    Field("pad", "counting the padding", parse_flag, show_flag, True),
    Field("o", "output size", parse_pair(*BOUNDS["outputs"]), show_pair, (3, 3)),
    Field("back", "unpooling", parse_flag, show_flag, False),
    Field("x", "the input's numbers", parse_source(INPUT_PATTERNS), show_source, FEATURES),
    Field("xe", "the input's changed cells", parse_edits(), show_edits, ()),
    Field("seed", "the seed", parse_int(*BOUNDS["seed"]), str, 0),
)
"""The whole spec as it stands in a URL, in this order."""

_ATTRIBUTES = {
    "op": "op",
    "area": "area",
    "n": "size",
    "k": "kernel",
    "s": "stride",
    "p": "padding",
    "d": "dilation",
    "ceil": "ceil",
    "pad": "count_pad",
    "o": "outputs",
    "back": "unpool",
    "x": "values",
    "seed": "seed",
}

assert set(_ATTRIBUTES.values()) == {field.name for field in fields(PoolingSpec)}
