"""A spec in a URL: one typed table of fields drives both reading and writing.

A URL with bad values never breaks a page: what is readable is kept, what is not is named in a
plain message, and the rest takes its default.

>>> size = Field("n", "input size", parse_pair(1, 16), show_pair, (5, 5))
>>> read([size], {"n": "7x5"})
({'n': (7, 5)}, [])
>>> read([size], {"n": "99"})
({'n': (5, 5)}, ['The link asks for input size “99”, but the largest is 16. It is 5 now.'])
>>> write([size], {"n": (7, 5)}), write([size], {"n": (5, 5)})
({'n': '7x5'}, {})
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.quoting import one_line

Sides = tuple[Pair, Pair]
"""Padding: (top, bottom), (left, right)."""

LONGEST_VALUE = 6000
"""No setting needs more characters than 16 x 16 changed cells, each with a number to its last decimal."""


@dataclass(frozen=True)
class Field:
    """One setting: its name in the URL, what to call it, how to read and write it, its default."""

    name: str
    label: str
    parse: Callable[[str], Any]
    show: Callable[[Any], str]
    default: Any


def read(fields: Iterable[Field], query: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Take every readable field of a query; name each one that is not, and give it its default."""
    values: dict[str, Any] = {}
    notes: list[str] = []
    for field in fields:
        values[field.name] = field.default
        text = query.get(field.name)
        if text is None:
            continue
        try:
            if not isinstance(text, str):
                raise SpecError(field.name, "that is not text")
            if len(text) > LONGEST_VALUE:
                raise SpecError(field.name, "that is far too long")
            values[field.name] = field.parse(text)
        except SpecError as error:
            asked, reason = one_line(text), error.message.rstrip(".")
            now = "" if field.default == "" else one_line(field.show(field.default))
            notes.append(f"The link asks for {field.label} “{asked}”, but {reason}. It is {now or 'empty'} now.")
    return values, notes


def write(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, str]:
    """Give the query of these values: only what differs from its default, so that links stay short."""
    return {f.name: f.show(values[f.name]) for f in fields if values[f.name] != f.default}


def parse_int(low: int, high: int) -> Callable[[str], int]:
    """Make a reader of one integer between two bounds, both included."""

    def parse(text: str) -> int:
        tidy = text.strip()
        digits = tidy.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
            raise SpecError("", "that is not a whole number")
        value = int(tidy)
        if value > high:
            raise SpecError("", f"the largest is {high}")
        if value < low:
            raise SpecError("", f"the smallest is {low}")
        return value

    return parse


def parse_pair(low: int, high: int) -> Callable[[str], Pair]:
    """Make a reader of ``7`` (both axes) or ``7x5`` (rows x columns)."""
    one = parse_int(low, high)

    def parse(text: str) -> Pair:
        parts = text.lower().replace("\N{MULTIPLICATION SIGN}", "x").split("x")
        if len(parts) == 1:
            return (one(parts[0]),) * 2
        if len(parts) == 2:
            return one(parts[0]), one(parts[1])
        raise SpecError("", "a size is one number, or rows x columns like 7x5")

    return parse


def show_pair(pair: Pair) -> str:
    """Write a pair as short as it can be read back.

    >>> show_pair((3, 3)), show_pair((3, 5))
    ('3', '3x5')
    """
    rows, columns = pair
    return str(rows) if rows == columns else f"{rows}x{columns}"


def parse_sides(low: int, high: int) -> Callable[[str], Sides]:
    """Make a reader of padding: one number, ``rows x columns``, or ``top.bottom.left.right``.

    >>> [parse_sides(0, 4)(text) for text in ("1", "1x2", "0.1.2.3")]
    [((1, 1), (1, 1)), ((1, 1), (2, 2)), ((0, 1), (2, 3))]
    """
    one, pair = parse_int(low, high), parse_pair(low, high)

    def parse(text: str) -> Sides:
        if "." in text:
            parts = [one(part) for part in text.split(".")]
            if len(parts) != 4:
                raise SpecError("", "four sides read top.bottom.left.right")
            top, bottom, left, right = parts
            return (top, bottom), (left, right)
        rows, columns = pair(text)
        return (rows, rows), (columns, columns)

    return parse


def show_sides(sides: Sides) -> str:
    """Write padding as short as it can be read back.

    >>> show_sides(((1, 1), (2, 2))), show_sides(((0, 1), (2, 3)))
    ('1x2', '0.1.2.3')
    """
    (top, bottom), (left, right) = sides
    if top == bottom and left == right:
        return show_pair((top, left))
    return f"{top}.{bottom}.{left}.{right}"


def parse_choice(choices: Iterable[str]) -> Callable[[str], str]:
    """Make a reader of one word out of a list."""
    known = tuple(choices)

    def parse(text: str) -> str:
        word = text.strip().lower()
        if word not in known:
            raise SpecError("", f"the choices are {', '.join(known)}")
        return word

    return parse


def parse_flag(text: str) -> bool:
    """Read a switch: 1 or 0."""
    word = text.strip().lower()
    if word not in {"0", "1", "true", "false"}:
        raise SpecError("", "a switch is 1 or 0")
    return word in {"1", "true"}


def show_flag(value: bool) -> str:
    """Write a switch."""
    return "1" if value else "0"
