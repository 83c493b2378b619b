"""What a learner can ask of an experiment with convolutions: the spec of the Properties page.

>>> PropertiesSpec(prop="linear", scales=(3, -1)).to_query()
{'prop': 'linear', 'a': '3', 'b': '-1'}
>>> PropertiesSpec.from_query({"prop": "shift", "border": "round"})[1]
['The link asks for the border “round”, but the choices are valid, zeros, circular. It is valid now.']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from cnnviz.engine.grids import GridSource, Pair
from cnnviz.state.grids import parse_edits, parse_source, show_edits, show_source
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, parse_pair, read, show_flag, show_pair, write

BOUNDS: dict[str, Pair] = {
    "input": (1, 8),
    "kernel": (1, 5),
    "second": (1, 4),
    "stride": (1, 4),
    "scale": (-3, 3),
    "shift": (-4, 4),
    "seed": (0, 9999),
}
"""The smallest and largest value of every number on the stage."""

PROPERTIES = {
    "commutative": "Commutative",
    "linear": "Linear",
    "shift": "Shift-equivariant",
    "associative": "Associative",
    "separable": "Separable",
    "stride": "Stride = drop",
}
"""The experiments: the URL's word and its label."""

BORDERS = {"valid": "None (valid)", "zeros": "Zeros (same)", "circular": "Circular (same)"}
"""What stands around the input."""

INPUTS = {word: label for word, label in INPUT_PATTERNS.items() if word not in {"rising", "falling"}}
KERNELS = dict(KERNEL_PATTERNS)


@dataclass(frozen=True, slots=True)
class PropertiesSpec:
    """An experiment, and the numbers that it is made with.

    `values` fill the first input, `others` the second; `weights` fill the kernel, `seconds` the second kernel.
    `scales` are the factors of the two inputs. `turned` asks for true convolution, where it makes a difference.
    """

    prop: str = "commutative"
    size: Pair = (5, 5)
    kernel: Pair = (3, 3)
    second: Pair = (2, 2)
    stride: Pair = (1, 1)
    border: str = "valid"
    turned: bool = True
    scales: Pair = (2, 1)
    shift: Pair = (1, 1)
    values: GridSource = GridSource("guide")  # noqa: RUF009 - frozen
    others: GridSource = GridSource("counting")  # noqa: RUF009
    weights: GridSource = GridSource("guide")  # noqa: RUF009
    seconds: GridSource = GridSource("difference")  # noqa: RUF009
    seed: int = 0

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[PropertiesSpec, list[str]]:
        """Read a URL (or what a browser sent): the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        for name in SOURCES:
            found[name] = replace(found[name], edits=found.pop(f"{name}e"))
        found["scales"] = found.pop("a"), found.pop("b")
        found["shift"] = found.pop("down"), found.pop("right")
        return cls(**{_ATTRIBUTES.get(name, name): value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        values: dict[str, Any] = {name: getattr(self, attribute) for name, attribute in _ATTRIBUTES.items()}
        for name in SOURCES:
            values[f"{name}e"] = values[name].edits
            if values[name].edits:
                values[name] = replace(values[name], edits=())
        values["a"], values["b"] = self.scales
        values["down"], values["right"] = self.shift
        return write(FIELDS, values)


SOURCES = ("x", "h", "w", "v")

_DEFAULT = PropertiesSpec()
_SIDE = BOUNDS["kernel"][1]
_SCALE, _SHIFT = parse_int(*BOUNDS["scale"]), parse_int(*BOUNDS["shift"])

FIELDS = (
    Field("prop", "the property", parse_choice(PROPERTIES), str, _DEFAULT.prop),
    Field("n", "input size", parse_pair(*BOUNDS["input"]), show_pair, _DEFAULT.size),
    Field("k", "kernel size", parse_pair(*BOUNDS["kernel"]), show_pair, _DEFAULT.kernel),
    Field("k2", "size of the second kernel", parse_pair(*BOUNDS["second"]), show_pair, _DEFAULT.second),
    Field("s", "stride", parse_pair(*BOUNDS["stride"]), show_pair, _DEFAULT.stride),
    Field("border", "the border", parse_choice(BORDERS), str, _DEFAULT.border),
    Field("flip", "the flipped kernel", parse_flag, show_flag, _DEFAULT.turned),
    Field("a", "the factor a", _SCALE, str, _DEFAULT.scales[0]),
    Field("b", "the factor b", _SCALE, str, _DEFAULT.scales[1]),
    Field("down", "the shift downwards", _SHIFT, str, _DEFAULT.shift[0]),
    Field("right", "the shift to the right", _SHIFT, str, _DEFAULT.shift[1]),
    Field("x", "the input's numbers", parse_source(INPUT_PATTERNS, 8), show_source, _DEFAULT.values),
    Field("xe", "the input's changed cells", parse_edits(8), show_edits, ()),
    Field("h", "the second input's numbers", parse_source(INPUT_PATTERNS, 8), show_source, _DEFAULT.others),
    Field("he", "the second input's changed cells", parse_edits(8), show_edits, ()),
    Field("w", "the kernel's numbers", parse_source(KERNEL_PATTERNS, _SIDE), show_source, _DEFAULT.weights),
    Field("we", "the kernel's changed cells", parse_edits(_SIDE), show_edits, ()),
    Field("v", "the second kernel's numbers", parse_source(KERNEL_PATTERNS, _SIDE), show_source, _DEFAULT.seconds),
    Field("ve", "the second kernel's changed cells", parse_edits(_SIDE), show_edits, ()),
    Field("seed", "the seed", parse_int(*BOUNDS["seed"]), str, 0),
)
"""The whole spec as it stands in a URL, in this order."""

_ATTRIBUTES = {
    "prop": "prop",
    "n": "size",
    "k": "kernel",
    "k2": "second",
    "s": "stride",
    "border": "border",
    "flip": "turned",
    "x": "values",
    "h": "others",
    "w": "weights",
    "v": "seconds",
    "seed": "seed",
}

assert {*_ATTRIBUTES.values(), "scales", "shift"} == {field.name for field in fields(PropertiesSpec)}
