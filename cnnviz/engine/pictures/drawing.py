"""What was drawn: strokes of a round pen, and its colours.

A stroke is a list of points, right and down, from 0 to 1000 across the pad.

>>> Drawing((((250, 200), (260, 180)), ((255, 800),))).points
3
"""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[int, int]
Stroke = tuple[Point, ...]
Strokes = tuple[Stroke, ...]

ACROSS = 1000
"""The pad's width and height in its own units."""

USUAL_PEN = 80
WHITE_ON_BLACK = ("ffffff", "000000")


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was drawn, and with what."""

    strokes: Strokes = ()
    pen: int = USUAL_PEN
    """The brush's width, in thousandths of the pad."""
    colours: tuple[str, str] = WHITE_ON_BLACK
    """Of the ink and of the paper, as six hexadecimal digits; a network without colours sees white on black."""
    fill: bool = False
    """Whether the inside of every stroke is filled."""

    @property
    def points(self) -> int:
        """How many points it has."""
        return sum(map(len, self.strokes))
