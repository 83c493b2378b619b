"""What every layer has in common: how it is written, and how its numbers are read.

>>> pads(1, 2), pads((1, 2), 2), pads(((0, 1), (2, 3)), 2)
(((1, 1), (1, 1)), ((1, 1), (2, 2)), ((0, 1), (2, 3)))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar

from cnnviz.errors import SpecError
from cnnviz.quoting import one_line

Pads = tuple[tuple[int, int], ...]
Padding = int | str | Sequence[int | tuple[int, int]]

LARGEST_SETTING = 1_000_000
MOST_AXES = 64
PADDING_WORDS = ("valid", "same")
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
WORDS = {
    "padding_mode": PADDING_MODES,
    "mode": (*PADDING_MODES, "nearest", "linear", "bilinear", "bicubic", "trilinear", "area"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Layer:
    """What every layer is: an immutable value that says only what its writer said."""

    kind: ClassVar[str] = "layer"
    arity: ClassVar[int] = 1
    """How many inputs it takes; 0 means any number, -1 one or two."""

    def __repr__(self) -> str:
        """Write it as one would type it."""
        said = []
        for field, default, by_name in _signature(type(self)):
            value = getattr(self, field)
            if not by_name or (value != default and _short(value) != repr(default)):
                said.append(f"{field}={_short(value)}" if by_name else f"{_short(value)}")
        return f"{type(self).__name__}({', '.join(said)})"


def pads(padding: Padding, rank: int) -> Pads | str:
    """Read a padding: a number, one an axis, (before, after) an axis, or a word.

    >>> pads("same", 2), pads("valid", 1)
    ('same', ((0, 0),))
    """
    if isinstance(padding, str):
        if padding not in PADDING_WORDS:
            raise SpecError("padding", f"The padding “{one_line(padding, 20)}” is neither a number nor valid nor same.")
        return "same" if padding == "same" else ((0, 0),) * rank
    if not isinstance(padding, (tuple, list)):
        return ((whole("padding", padding, 0),) * 2,) * rank
    if len(padding) == 1 and rank > 1:
        padding = [padding[0]] * rank
    if len(padding) != rank:
        raise SpecError("padding", f"The padding names {len(padding)} axes, but the layer has {rank}.")
    sides = [one if isinstance(one, (tuple, list)) else (one, one) for one in padding]
    if any(len(one) != 2 for one in sides):
        raise SpecError("padding", "The padding of an axis is one number, or before and after.")
    return tuple((whole("padding", before, 0), whole("padding", after, 0)) for before, after in sides)


def spread(layer: Layer, *names: str, least: int = 1) -> None:
    """Replace one number by one for each axis."""
    rank: int = getattr(layer, "rank")  # noqa: B009 - every layer that calls this has one
    for name in names:
        value = getattr(layer, name)
        numbers = tuple(value) if isinstance(value, (tuple, list)) else (value,) * rank
        if len(numbers) == 1:
            numbers *= rank
        if len(numbers) != rank:
            raise SpecError(name, f"{name} names {len(numbers)} axes, but the layer has {rank}.")
        object.__setattr__(layer, name, tuple(whole(name, number, least) for number in numbers))


def check(layer: Layer, *names: str) -> None:
    """Refuse what is no positive whole number."""
    for name in names:
        whole(name, getattr(layer, name), 1)


def verify(layer: Layer) -> Layer:
    """Check that every setting is of its kind: what comes from pasted text may be anything.

    >>> from cnnviz.engine.networks.layers.kinds import Dropout
    >>> verify(Dropout("import os"))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: p must be a number, not import os.
    """
    for field in fields(layer):
        value = getattr(layer, field.name)
        kind = str(field.type)
        if value is None and ("None" in kind or kind == "Any"):
            continue
        if "tuple" in kind:
            if not isinstance(value, tuple) or not all(type(one) is int for one in value):
                raise SpecError(field.name, f"{field.name} must be whole numbers, not {one_line(value, 20)}.")
            if len(value) > MOST_AXES:
                raise SpecError(field.name, f"{field.name} names {len(value)} axes; {MOST_AXES} is the limit.")
        elif kind == "bool" and not isinstance(value, bool):
            raise SpecError(field.name, f"{field.name} must be True or False, not {one_line(value, 20)}.")
        elif kind.startswith("int"):
            whole(field.name, value, -LARGEST_SETTING if field.name in {"start", "end", "axis"} else 1)
        elif kind.startswith("float") and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise SpecError(field.name, f"{field.name} must be a number, not {one_line(value, 20)}.")
        elif field.name in WORDS and value not in WORDS[field.name]:
            raise SpecError(field.name, f"{field.name} must be one of {', '.join(WORDS[field.name])}.")
    return layer


def whole(name: str, value: Any, least: int) -> int:
    """Check that a setting is a whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise SpecError(name, f"{name} must be a whole number, not {one_line(value, 20)}.")
    if value < least:
        raise SpecError(name, f"{name} is {value}; {least} is the smallest that works.")
    if value > LARGEST_SETTING:
        raise SpecError(name, f"{name} is {value:,}; {LARGEST_SETTING:,} is the largest that is worked out here.")
    return value


def nearest_divisor(number: int, wanted: int) -> int:
    """Give the divisor that is nearest to what was wanted.

    >>> nearest_divisor(1_000_000, 7), nearest_divisor(12, 5)
    (8, 4)
    """
    small = [one for one in range(1, math.isqrt(number) + 1) if number % one == 0]
    return min([*small, *(number // one for one in small)], key=lambda one: (abs(one - wanted), one))


def _signature(kind: type[Layer]) -> tuple[tuple[str, Any, bool], ...]:
    return tuple((f.name, None if f.default is MISSING else f.default, f.default is not MISSING) for f in fields(kind))


def _short(value: Any) -> str:
    """Write one number for all axes where they agree."""
    if isinstance(value, tuple) and value and all(isinstance(one, tuple) for one in value):
        value = tuple(one[0] if one[0] == one[1] else one for one in value)
    if isinstance(value, tuple) and len(value) >= 1 and len(set(value)) == 1 and not isinstance(value[0], tuple):
        value = value[0]
    return repr(value)
