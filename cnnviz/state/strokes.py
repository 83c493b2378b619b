"""A drawing: its strokes, its pen and its colours, and how they stand in a link.

>>> one = ((250, 200), (260, 180), (255, 800))
>>> pack_strokes((one,)), unpack_strokes(pack_strokes((one,))) == (one,)
('0PwMUnBJ4mB', True)

A stroke is a list of points, right and down, from 0 to 1000 across the pad. In a link every number is the step from
the point before, in letters of six bits: five of the number and one that says whether it goes on.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator

from cnnviz.engine.pictures.drawing import ACROSS, USUAL_PEN, WHITE_ON_BLACK, Point, Stroke, Strokes
from cnnviz.errors import SpecError
from cnnviz.state.query import Field, parse_flag, parse_int, show_flag

MOST_STROKES, MOST_POINTS = 100, 1200
LONGEST_LINK = 2500
"""Letters of a drawing that still go into a link."""
PENS = (20, 200)

_LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_NUMBERS = {letter: number for number, letter in enumerate(_LETTERS)}
_COLOUR = re.compile(r"[0-9a-f]{6}")


def pack_strokes(strokes: Strokes) -> str:
    """Write strokes as letters that a URL can hold."""
    return ".".join("".join(_letters(stroke)) for stroke in strokes)


def unpack_strokes(text: str) -> Strokes:
    """Read packed strokes.

    >>> unpack_strokes("0P!")
    Traceback (most recent call last):
    ...
    cnnviz.errors.SpecError: it is no drawing that was packed here; copy the whole link
    """
    if not text:
        return ()
    strokes = []
    for part in text.split("."):
        numbers = list(_numbers(part))
        if not numbers or len(numbers) % 2:
            raise _broken()
        strokes.append(tuple(_walk(numbers)))
    if len(strokes) > MOST_STROKES or sum(map(len, strokes)) > MOST_POINTS:
        raise SpecError("ink", f"a drawing has at most {MOST_STROKES} strokes and {MOST_POINTS:,} points")
    return tuple(strokes)


def _letters(stroke: Stroke) -> Iterator[str]:
    before = (0, 0)
    for point in stroke:
        for here, there in zip(point, before, strict=True):
            step = here - there
            number = 2 * step if step >= 0 else -2 * step - 1
            while number > 31:
                yield _LETTERS[32 | number & 31]
                number >>= 5
            yield _LETTERS[number]
        before = point


def _numbers(text: str) -> Iterator[int]:
    number = shift = 0
    for letter in text:
        if letter not in _NUMBERS or shift > 10:
            raise _broken()
        bits = _NUMBERS[letter]
        number |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            yield -(number + 1) // 2 if number % 2 else number // 2
            number = shift = 0
    if shift:
        raise _broken()


def _walk(steps: list[int]) -> Iterator[Point]:
    right = down = 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        right, down = right + dx, down + dy
        if not (0 <= right <= ACROSS and 0 <= down <= ACROSS):
            raise SpecError("ink", "a line of it leaves the pad")
        yield right, down


def _broken() -> SpecError:
    return SpecError("ink", "it is no drawing that was packed here; copy the whole link")


def read_strokes(sent: object) -> Strokes | None:
    """Read strokes as the pad sends them, each a flat list of numbers; None if anything in them is wrong.

    >>> read_strokes([[1, 2, 3, 4], [5, 6]]), read_strokes([[1, 2, 3]])
    ((((1, 2), (3, 4)), ((5, 6),)), None)
    """
    if not isinstance(sent, list) or len(sent) > MOST_STROKES:
        return None
    strokes, room = [], MOST_POINTS
    for one in sent:
        if not isinstance(one, list) or not one or len(one) % 2 or len(one) > 2 * room:
            return None
        if not all(type(number) is int and 0 <= number <= ACROSS for number in one):
            return None
        room -= len(one) // 2
        strokes.append(tuple(zip(one[::2], one[1::2], strict=True)))
    return tuple(strokes)


def flat(strokes: Iterable[Stroke]) -> list[list[int]]:
    """Write strokes as the pad reads them."""
    return [[number for point in stroke for number in point] for stroke in strokes]


def parse_colours(text: str) -> tuple[str, str]:
    """Read the colours of ink and paper.

    >>> parse_colours("FFD700.102040")
    ('ffd700', '102040')
    """
    parts = text.strip().lower().split(".")
    if len(parts) != 2 or not all(map(_COLOUR.fullmatch, parts)):
        raise SpecError("dye", "colours of ink and paper read ffd700.102040: red, green and blue from 00 to ff")
    return parts[0], parts[1]


DRAWING_FIELDS = (
    Field("ink", "the drawing", unpack_strokes, pack_strokes, ()),
    Field("pen", "the pen’s width", parse_int(*PENS), str, USUAL_PEN),
    Field("dye", "the drawing’s colours", parse_colours, ".".join, WHITE_ON_BLACK),
    Field("fill", "filled strokes", parse_flag, show_flag, False),
)
