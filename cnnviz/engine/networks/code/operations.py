"""What Python does in one go with values of pasted code: each operation, and what it costs to do it.

>>> OPERATIONS["*"].cost(len, [0] * 5, 1000), OPERATIONS["enumerate"].cost(len, [0] * 5, 0)
(5001, 21)

A cost counts the values that are made or touched. It is worked out from lengths, or by `measure`, which counts the
members of members too: what compares, hashes or writes out a value goes through all of them.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Measure = Callable[..., int]

LARGEST_POWER = 64


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done, and its cost: a function of `measure` and of the same values."""

    function: Callable[..., Any]
    cost: Callable[..., int]


def _whole(measure: Measure, *values: Any) -> int:
    """Go through all members of all values."""
    return measure(*values)


def _lengths(_: Measure, *values: Any) -> int:
    """Go through the values, but not into their members."""
    return 1 + sum(_length(one) for one in values)


def _pairs(_: Measure, *values: Any) -> int:
    """Make a pair, or an entry, of each member: four times as much as copying it."""
    return 1 + 4 * sum(_length(one) for one in values)


def _nothing(_: Measure, *__: Any) -> int:
    """Touch no member at all."""
    return 1


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (list, tuple, str, dict, range)) else 0


def _repeated(_: Measure, left: Any, right: Any) -> int:
    """Repeat a list or a word."""
    times = [one for one in (left, right) if isinstance(one, int)]
    return 1 + (_length(left) + _length(right)) * max(0, *times, 0)


def _rounded(measure: Measure, value: Any, digits: Any = 0) -> int:
    """Round: to the left of the point, Python works out a power of ten first."""
    return measure(value) + (max(0, -digits) if isinstance(digits, int) else 0)


def _summed(measure: Measure, members: Any, start: Any = 0) -> int:
    """Add up: lists are copied again with every list that comes."""
    return measure(members, start) * (1 + (_length(members) if isinstance(start, (list, tuple)) else 0))


def _multiplied(measure: Measure, members: Any, *more: Any) -> int:
    """Multiply: the number grows with every factor."""
    return measure(members, *more) * (1 + _length(members))


def _zipped(_: Measure, *lists: Any) -> int:
    """Take rows across lists."""
    return 1 + min((len(one) for one in lists), default=0) * (4 + len(lists))


def _looked_up(measure: Measure, owner: Any, place: Any, *_: Any) -> int:
    """Find an element: a key is hashed, and compared with those that have the same hash; a slice is copied."""
    if isinstance(owner, dict):
        return measure(place) * (1 + len(owner) * isinstance(place, tuple))
    return 1 + (_length(owner) if isinstance(place, slice) else measure(place))


def _inserted(_: Measure, owner: Any, *__: Any) -> int:
    """Move the members behind a place."""
    return 1 + len(owner) // 8


def _extended(_: Measure, __: Any, more: Any) -> int:
    return 1 + _length(more)


def _put(owner: dict[Any, Any] | list[Any], place: Any, value: Any) -> None:
    owner[place] = value


OPERATORS: Mapping[str, Operation] = {
    "+": Operation(operator.add, _lengths), "-": Operation(operator.sub, _lengths),
    "*": Operation(operator.mul, _repeated), "/": Operation(operator.truediv, _lengths),
    "//": Operation(operator.floordiv, _lengths), "%": Operation(operator.mod, _lengths),
    "**": Operation(operator.pow, _nothing),
}  # fmt: skip
COMPARISONS: Mapping[str, Operation] = {
    "==": Operation(operator.eq, _whole), "!=": Operation(operator.ne, _whole), "<": Operation(operator.lt, _whole),
    "<=": Operation(operator.le, _whole), ">": Operation(operator.gt, _whole), ">=": Operation(operator.ge, _whole),
    "is": Operation(lambda a, b: a is b or (a is None and b is None), _nothing),
    "is not": Operation(lambda a, b: a is not b, _nothing),
    "in": Operation(lambda a, b: a in b, _whole), "not in": Operation(lambda a, b: a not in b, _whole),
}  # fmt: skip
NUMBERS: Mapping[str, Operation] = {
    "int": Operation(int, _whole), "float": Operation(float, _whole), "max": Operation(max, _whole),
    "min": Operation(min, _whole), "abs": Operation(abs, _whole), "round": Operation(round, _rounded),
    "sum": Operation(sum, _summed), "len": Operation(len, _nothing), "bool": Operation(bool, _nothing),
    "str": Operation(str, _whole), "math.floor": Operation(math.floor, _whole),
    "math.ceil": Operation(math.ceil, _whole), "math.sqrt": Operation(math.sqrt, _whole),
    "math.log2": Operation(math.log2, _whole), "math.prod": Operation(math.prod, _multiplied),
    "numpy.prod": Operation(math.prod, _multiplied), "divmod": Operation(divmod, _whole),
}  # fmt: skip
"""Built-in functions that give a number, a word, or one of the members."""
LISTS: Mapping[str, Operation] = {
    "list": Operation(list, _lengths), "tuple": Operation(tuple, _lengths), "range": Operation(range, _nothing),
    "zip": Operation(lambda *lists: list(zip(*lists, strict=False)), _zipped),
    "enumerate": Operation(lambda members, start: list(enumerate(members, start)), _pairs),
    "reversed": Operation(lambda members: members[::-1], _lengths), "sorted": Operation(list, _lengths),
    "dict": Operation(dict, _pairs), "collections.OrderedDict": Operation(dict, _pairs),
    "iter": Operation(list, _lengths),
}  # fmt: skip
"""Built-in functions that give a list, a tuple or a dictionary."""
METHODS: Mapping[str, Operation] = {
    "list.append": Operation(list.append, _nothing), "list.extend": Operation(list.extend, _extended),
    "list.insert": Operation(list.insert, _inserted), "list.pop": Operation(list.pop, _inserted),
    "list.reverse": Operation(list.reverse, _lengths), "dict.get": Operation(dict.get, _looked_up),
    "dict.items": Operation(lambda owner: [tuple(pair) for pair in owner.items()], _pairs),
    "dict.keys": Operation(list, _lengths), "dict.values": Operation(lambda owner: list(owner.values()), _lengths),
}  # fmt: skip
"""Methods of lists and dictionaries; the members of a container of layers are a dictionary too."""
WITHIN: Mapping[str, Operation] = {
    "[]": Operation(operator.getitem, _looked_up), "[]=": Operation(_put, _looked_up),
    "**{}": Operation(operator.ior, _pairs), "an f-string": Operation("".join, _whole),
}  # fmt: skip
"""What the other signs do: brackets behind a value, two stars in a call or a dictionary, and braces in a word."""

OPERATIONS: Mapping[str, Operation] = OPERATORS | COMPARISONS | NUMBERS | LISTS | METHODS | WITHIN  # type: ignore[operator]
