"""Places in a link: a pixel of a picture, a layer of a network, a unit of a layer.

>>> show_pixel(parse_pixel("12.40")), show_unit(parse_unit("3.4")), parse_layer(" layer1.0.conv1 ")
('12.40', '3.4', 'layer1.0.conv1')
"""

from __future__ import annotations

import re

from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.state.look import LARGEST_SIDE

LONGEST_NAME = 120


def parse_pixel(text: str) -> Pair | None:
    """Read a pixel: row.column.

    >>> parse_pixel("12.40"), parse_pixel("")
    ((12, 40), None)
    """
    if not text.strip():
        return None
    match = re.fullmatch(r"(\d{1,5})\.(\d{1,5})", text.strip(), flags=re.ASCII)
    if not match or max(int(match[1]), int(match[2])) > LARGEST_SIDE:
        raise SpecError("", "a pixel reads row.column, like 12.40")
    return int(match[1]), int(match[2])


def show_pixel(pixel: Pair | None) -> str:
    """Write a pixel."""
    return f"{pixel[0]}.{pixel[1]}" if pixel else ""


def parse_layer(text: str) -> str:
    """Read a layer's name.

    >>> parse_layer(" layer1.0.conv1 ")
    'layer1.0.conv1'
    """
    name = text.strip()
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise SpecError("", f"a layer’s name has at most {LONGEST_NAME} letters")
    return name


def parse_unit(text: str) -> tuple[int, ...] | None:
    """Read a unit.

    >>> parse_unit("3.4"), parse_unit("17"), parse_unit("")
    ((3, 4), (17,), None)
    """
    if not text.strip():
        return None
    if not re.fullmatch(r"\d{1,7}(\.\d{1,5})?", text.strip(), flags=re.ASCII):
        raise SpecError("", "a unit reads row.column, like 3.4")
    return tuple(int(one) for one in text.strip().split("."))


def show_unit(unit: tuple[int, ...] | None) -> str:
    """Write a unit."""
    return ".".join(str(one) for one in unit) if unit is not None else ""
