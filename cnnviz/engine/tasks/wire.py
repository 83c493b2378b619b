"""What server and task workers say to each other: lines of JSON, each bounded, and nothing that is ever unpickled.

>>> from cnnviz.engine.networks.layers.kinds import Conv
>>> line = write({"value": Node("conv", Conv(8, 3), line=2)})
>>> read(io.BytesIO(line))
{'value': Node(name='conv', layer=Conv(8, 3), inputs=(), module='', frozen=False, line=2)}

Besides numbers, words and lists of them (which arrive as tuples) a line holds the kinds of values in `KINDS`, by name
and with the fields that differ from what is usual. They are made anew on arrival, and check themselves as they always
do.
"""

from __future__ import annotations

import dataclasses
import io
import json
from functools import cache
from typing import Any, BinaryIO

from cnnviz.engine.networks.code.fixes import Mend
from cnnviz.engine.networks.code.reader import Parsed
from cnnviz.engine.networks.code.values import Problem
from cnnviz.engine.networks.graph import Network, Node
from cnnviz.engine.networks.layers import kinds as layers
from cnnviz.engine.networks.layers.base import Layer

__all__ = ["MOST_BYTES", "WireError", "io", "read", "write"]

MOST_BYTES = 4 * 2**20
"""In a line."""
KIND = "is"
UNSENT = {"places", "calls"}
"""Where things stand in a text: only whoever mends it asks, and that is done where it was read."""
KINDS: dict[str, type[Any]] = {
    **{name: kind for name, kind in vars(layers).items() if isinstance(kind, type) and issubclass(kind, Layer)},
    **{kind.__name__: kind for kind in (Network, Node, Problem, Parsed, Mend)},
}


class WireError(ValueError):
    """What came is no message: the other side is not to be trusted any more."""


def write(message: dict[str, Any]) -> bytes:
    """Write a message as a line; a `WireError` if it would be too long."""
    line = json.dumps(message, default=_fields, separators=(",", ":")).encode() + b"\n"
    if len(line) > MOST_BYTES:
        raise WireError(f"The message has {len(line):,} bytes, and {MOST_BYTES:,} may be sent.")
    return line


def read(stream: BinaryIO) -> dict[str, Any] | None:
    """Read the next message; None: the other side has gone."""
    line = stream.readline(MOST_BYTES)
    if not line:
        return None
    try:
        message = json.loads(line, object_hook=_made) if line.endswith(b"\n") else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WireError("That is no message.") from error
    if not isinstance(message, dict):
        raise WireError("That is no message.")
    return message


def _fields(value: Any) -> dict[str, Any]:
    """Take a value apart; what JSON cannot hold and `KINDS` does not list has no business in a message."""
    name = type(value).__name__
    if KINDS.get(name) is not type(value):
        raise TypeError(f"A message holds no {name}.")
    pairs = ((field, usual, getattr(value, field)) for field, usual in _usual(name))
    return {KIND: name, **{field: one for field, usual, one in pairs if one is not usual and one != usual}}


@cache
def _usual(name: str) -> tuple[tuple[str, Any], ...]:
    """List the fields of a kind that are sent, with the values that need not be."""
    return tuple(
        (one.name, one.default) for one in dataclasses.fields(KINDS[name]) if one.init and one.name not in UNSENT
    )


def _made(about: dict[str, Any]) -> Any:
    """Make a value again."""
    fields = {name: _tuples(value) for name, value in about.items() if name != KIND}
    return KINDS[about[KIND]](**fields) if KIND in about else fields


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if type(value) is list else value
