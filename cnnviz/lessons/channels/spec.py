"""What a learner can ask of a layer with several channels: the spec of the Channels lesson.

>>> ChannelsSpec(inputs=4, outputs=4, groups=2).to_query()
{'c': '4', 'o': '4', 'g': '2'}
>>> spec, notes = ChannelsSpec.from_query({"c": "9", "layer": "separable", "we": "0.1.2.2 -1"})
>>> spec.inputs, spec.used_groups, spec.weight_edits, notes
(3, 3, (((0, 1, 2, 2), -1),), ['The link asks for input channels “9”, but the largest is 6. It is 3 now.'])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from cnnviz.engine.grids import Number, Pair
from cnnviz.errors import SpecError
from cnnviz.state.indexed import Edits, parse_indexed, show_indexed
from cnnviz.state.numbers import parse_number, store_number
from cnnviz.state.query import Field, parse_choice, parse_int, parse_pair, read, show_pair, write

MOST_CHANNELS = 6
BOUNDS: dict[str, Pair] = {
    "input": (1, 9),
    "kernel": (1, 3),
    "stride": (1, 3),
    "padding": (0, 2),
    "inputs": (1, MOST_CHANNELS),
    "outputs": (1, MOST_CHANNELS),
    "groups": (1, MOST_CHANNELS),
    "shown": (0, MOST_CHANNELS - 1),
    "seed": (0, 9999),
}
"""The smallest and largest value of every number of the lesson."""

COLOURS = ("Red", "Green", "Blue")
LAYERS = ("convolution", "separable")
VIEWS = {"one": "One output channel in full", "all": "All maps"}

INPUT_PATTERNS = {
    "random": "Random integers",
    "patch": "Lecture: red, green, blue",
    "pixels": "Lecture: purple, white, black",
    "house": "A house, 9×9",
    "bars": "A bar in each channel",
    "counting": "Counting through all channels",
    "ones": "Ones",
}
"""What can fill the input channels: the URL's word and its label."""

WEIGHT_PATTERNS = {
    "random": "Random integers",
    "slices": "Lecture: red, green, blue",
    "edges": "Edges (1 0 −1)",
    "lines": "Lines, four directions",
    "grey": "Grey, and two colour differences",
    "identity": "Pick one channel",
    "box": "Box (average)",
    "ones": "Ones (sum)",
    "counting": "Counting",
}
"""What can fill the kernels: the URL's word and its label."""

ONE_BIAS: tuple[Number, ...] = (1, -1, 2, -2, 3, -3)
"""What a bias begins with: one number an output channel."""


@dataclass(frozen=True, slots=True)
class ChannelsSpec:
    """Sizes (rows, columns), channels, groups and numbers of one layer, and which output channel is looked at.

    `separable` is a depthwise layer followed by a pointwise one; it has a group for every input channel.
    `padding` is the same before and after. An empty `bias` is no bias.
    """

    size: Pair = (5, 5)
    kernel: Pair = (3, 3)
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    inputs: int = 3
    outputs: int = 2
    groups: int = 1
    separable: bool = False
    view: str = "one"
    shown: int = 0
    bias: tuple[Number, ...] = ()
    values: str = "random"
    value_edits: Edits = ()
    weights: str = "random"
    weight_edits: Edits = ()
    mixing_edits: Edits = ()
    seed: int = 0

    def __post_init__(self) -> None:
        """Keep one form of each state: the shown channel exists, and a separable layer has no groups of its own."""
        object.__setattr__(self, "shown", min(self.shown, self.outputs - 1))
        if self.separable:
            object.__setattr__(self, "groups", 1)

    @property
    def used_groups(self) -> int:
        """How many groups the (first) convolution has."""
        return self.inputs if self.separable else self.groups

    @property
    def is_rgb(self) -> bool:
        """Three input channels are called red, green and blue."""
        return self.inputs == len(COLOURS)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[ChannelsSpec, list[str]]:
        """Read a URL (or what a browser sent): the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        found["layer"] = found["layer"] == "separable"
        return cls(**{_ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        values = {name: getattr(self, attribute) for name, attribute in _ATTRIBUTES.items()}
        values["layer"] = LAYERS[self.separable]
        return write(FIELDS, values)


def parse_bias(text: str) -> tuple[Number, ...]:
    """Read a bias: ``no``, ``yes`` for the numbers that it begins with, or one number an output channel.

    >>> parse_bias("2 0 -1")
    (2, 0, -1, 0, 0, 0)
    """
    word = text.strip().lower()
    if word in {"no", "yes"}:
        return ONE_BIAS if word == "yes" else ()
    numbers = tuple(parse_number(part) for part in word.replace("_", " ").split())
    if not 1 <= len(numbers) <= MOST_CHANNELS:
        raise SpecError("", f"a bias is “yes”, “no”, or up to {MOST_CHANNELS} numbers")
    return numbers + (0,) * (MOST_CHANNELS - len(numbers))


def show_bias(bias: tuple[Number, ...]) -> str:
    """Write a bias as short as it can be read back.

    >>> show_bias((2, 0, -1, 0, 0, 0)), show_bias(ONE_BIAS), show_bias(())
    ('2 0 -1', 'yes', 'no')
    """
    if not bias or bias == ONE_BIAS:
        return "yes" if bias else "no"
    last = max((at for at, value in enumerate(bias) if value), default=0)
    return " ".join(store_number(value) for value in bias[: last + 1])


_SIDE, _KERNEL = BOUNDS["input"][1], BOUNDS["kernel"][1]

FIELDS = (
    Field("n", "input size", parse_pair(*BOUNDS["input"]), show_pair, (5, 5)),
    Field("k", "kernel size", parse_pair(*BOUNDS["kernel"]), show_pair, (3, 3)),
    Field("s", "stride", parse_pair(*BOUNDS["stride"]), show_pair, (1, 1)),
    Field("p", "padding", parse_pair(*BOUNDS["padding"]), show_pair, (0, 0)),
    Field("c", "input channels", parse_int(*BOUNDS["inputs"]), str, 3),
    Field("o", "output channels", parse_int(*BOUNDS["outputs"]), str, 2),
    Field("g", "groups", parse_int(*BOUNDS["groups"]), str, 1),
    Field("layer", "the layer", parse_choice(LAYERS), str, "convolution"),
    Field("maps", "the maps to show", parse_choice(VIEWS), str, "one"),
    Field("out", "the output channel", parse_int(*BOUNDS["shown"]), str, 0),
    Field("b", "the bias", parse_bias, show_bias, ()),
    Field("x", "the input's numbers", parse_choice(INPUT_PATTERNS), str, "random"),
    Field("xe", "the input's changed cells", parse_indexed(MOST_CHANNELS, _SIDE, _SIDE), show_indexed, ()),
    Field("w", "the kernels' numbers", parse_choice(WEIGHT_PATTERNS), str, "random"),
    Field(
        "we",
        "the kernels' changed cells",
        parse_indexed(MOST_CHANNELS, MOST_CHANNELS, _KERNEL, _KERNEL),
        show_indexed,
        (),
    ),
    Field("ve", "the pointwise changed weights", parse_indexed(MOST_CHANNELS, MOST_CHANNELS), show_indexed, ()),
    Field("seed", "the seed", parse_int(*BOUNDS["seed"]), str, 0),
)
"""The whole spec as it stands in a URL, in this order."""

_ATTRIBUTES = {
    "n": "size",
    "k": "kernel",
    "s": "stride",
    "p": "padding",
    "c": "inputs",
    "o": "outputs",
    "g": "groups",
    "layer": "separable",
    "maps": "view",
    "out": "shown",
    "b": "bias",
    "x": "values",
    "xe": "value_edits",
    "w": "weights",
    "we": "weight_edits",
    "ve": "mixing_edits",
    "seed": "seed",
}

assert set(_ATTRIBUTES.values()) == {field.name for field in fields(ChannelsSpec)}
