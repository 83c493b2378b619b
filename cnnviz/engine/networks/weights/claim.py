"""What a file of weights claims of a tensor: its type, its shape, and where in the file its numbers lie.

Nothing is made of what a file claims before it was held against the file and, by whoever reads it (`file`),
against the network that the weights are for.

>>> check_claim("fc.weight", Claim("float16", (2, 3), (3, 1), 0), size=12)
>>> check_claim("fc.weight", Claim("float16", (2, 3), (3, 1), 2), size=12)
Traceback (most recent call last):
    ...
cnnviz.errors.WeightsError: The file is damaged or cut short: `fc.weight` should end at byte 14 of 12.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.weights.words import DAMAGED, MOST_AXES, many, short_name
from cnnviz.errors import WeightsError

LONGEST_NAME = 500
LARGEST = 2**62
WRAPPERS = ("module.", "_orig_mod.", "model.", "net.", "network.", "backbone.")
_OLD_DENSENET = re.compile(r"(denselayer\d+\.(?:norm|conv))\.(?=[12]\.\w)")
BYTES = {
    "float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int64": 8, "int32": 4, "int16": 2, "int8": 1,
    "uint64": 8, "uint32": 4, "uint16": 2, "uint8": 1, "bool": 1, "float8_e4m3fn": 1, "float8_e5m2": 1, "complex64": 8,
}  # fmt: skip
"""Of one value, by PyTorch's name of its type."""


class Claim(NamedTuple):
    """Of one tensor: its type, its shape, how many values lie between neighbours of each axis, and its first byte."""

    dtype: str
    shape: Shape
    strides: Shape
    start: int

    @property
    def span(self) -> int:
        """How many values lie from its first to its last, those of others between them too."""
        steps = zip(self.shape, self.strides, strict=True)
        return 1 + sum((side - 1) * stride for side, stride in steps) if 0 not in self.shape else 0


def dense_strides(shape: Shape) -> Shape:
    """Give the steps between neighbours of each axis when all values lie one behind the other.

    >>> dense_strides((8, 3, 5, 5))
    (75, 25, 5, 1)
    """
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def check_claim(name: str, one: Claim, size: int) -> None:
    """Refuse what is no plain tensor, or claims to be larger than the file (one number, shown a billion times)."""
    numbers = (*one.shape, *one.strides, one.start)
    if one.dtype not in BYTES or not all(type(each) is int and 0 <= each < LARGEST for each in numbers):
        raise WeightsError(f"{DAMAGED}: what it says of {short_name(name)} is no type, shape and place.")
    if len(one.shape) != len(one.strides) or len(one.shape) > MOST_AXES:
        raise WeightsError(f"{DAMAGED}: {short_name(name)} has {len(one.shape)} axes; at most {MOST_AXES} are read.")
    if math.prod(one.shape) * BYTES[one.dtype] > size:
        raise WeightsError(f"{DAMAGED}: {short_name(name)} claims to be larger than the whole file.")
    end = one.start + one.span * BYTES[one.dtype]
    if end > size:
        raise WeightsError(f"{DAMAGED}: {short_name(name)} should end at byte {many(end)} of {size:,}.")


def check_names(names: Iterable[str], what: str) -> None:
    """Refuse names that nobody gives."""
    for name in names:
        if len(name) > LONGEST_NAME:
            raise WeightsError(
                f"The file has {what} whose name has {len(name):,} letters ({short_name(name)}); at most "
                f"{LONGEST_NAME} are read."
            )


def tidy_names(names: list[str]) -> Mapping[str, str]:
    """Give each name as torchvision writes it.

    >>> tidy_names(["module.conv1.weight", "module.denselayer1.norm.1.weight"])["module.denselayer1.norm.1.weight"]
    'denselayer1.norm1.weight'
    """
    tidy = {name: name for name in names}
    for wrapper in (*WRAPPERS, *WRAPPERS):
        if all(one.startswith(wrapper) for one in tidy.values()):
            tidy = {name: one.removeprefix(wrapper) for name, one in tidy.items()}
    return {name: _OLD_DENSENET.sub(r"\1", one) for name, one in tidy.items()}
