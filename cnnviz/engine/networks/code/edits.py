"""Changing one number in pasted code, where it stands, and leaving everything else as it was.

>>> from cnnviz.engine.networks.code.reader import parse
>>> parsed = parse("nn.Sequential(nn.Conv2d(3, 8, 5), nn.Conv2d(4, 8, kernel_size=3))", (3, 8, 8))
>>> edited(parsed.text, parsed.places["1"], "in_channels", 8)
'nn.Sequential(nn.Conv2d(3, 8, 5), nn.Conv2d(8, 8, kernel_size=3))'
>>> edited(parsed.text, parsed.places["0"], "padding", 2)
'nn.Sequential(nn.Conv2d(3, 8, 5, padding=2), nn.Conv2d(4, 8, kernel_size=3))'
"""

from __future__ import annotations

import ast
from typing import Any

from cnnviz.engine.networks.code.values import Place


def edited(text: str, place: Place, name: str, value: Any) -> str:
    """Give an argument another value; one that is not there is added by its name."""
    argument = place.arguments.get(name)
    if argument is not None:
        start, end = _span(text, argument)
        return text[:start] + str(value) + text[end:]
    _, end = _span(text, place.call)
    inside = text[: end - 1].rstrip()
    comma = "" if inside.endswith(("(", ",")) else ","
    space = " " if comma or inside.endswith(",") else ""
    return f"{inside}{comma}{space}{name}={value}{text[len(inside) :]}"


def all_arguments(text: str, call: ast.Call, words: str) -> str:
    """Put other arguments into a call of a tensor's method."""
    start, end = _span(text, call)
    _, head = _span(text, call.func)
    return text[:head] + f"({words})" + text[max(end, start) :]


def wrapped(text: str, call: ast.Call, before: str, after: str) -> str:
    """Put words around the first argument of a call."""
    start, end = _span(text, call.args[0])
    return text[:start] + before + text[start:end] + after + text[end:]


def put_before(text: str, call: ast.Call, words: str) -> str:
    """Put words before a call."""
    start, _ = _span(text, call)
    return text[:start] + words + text[start:]


def _span(text: str, node: ast.expr) -> tuple[int, int]:
    """Give where a node begins and ends in the text; Python counts columns in bytes."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def place(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode(errors="ignore"))

    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return place(node.lineno, node.col_offset), place(end_line, end_column)
