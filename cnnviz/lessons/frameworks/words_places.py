"""Places along an axis, in words.

>>> on_cell(Fraction(3)), on_cell(Fraction(1, 2)), amount(Fraction(-3, 2))
('on cell 3', 'between cells 0 and 1', '1½ cells')
"""

from __future__ import annotations

from fractions import Fraction

HALF = Fraction(1, 2)


def say_place(place: Fraction, *, sign: bool = False) -> str:
    """Write a place in input cells, which is whole or ends in a half.

    >>> [say_place(Fraction(n, 2)) for n in (-3, -1, 0, 1, 4)], say_place(Fraction(1), sign=True)
    (['−1½', '−½', '0', '½', '2'], '+1')
    """
    whole, half = divmod(abs(place), 1)
    before = "−" if place < 0 else "+" if sign and place else ""
    return before + (str(whole) if whole or not half else "") + ("½" if half else "")


def on_cell(place: Fraction) -> str:
    """Say where a place is."""
    if place.denominator == 1:
        return f"on cell {say_place(place)}" if place >= 0 else f"on padding cell {say_place(place)}"
    return f"between cells {say_place(place - HALF)} and {say_place(place + HALF)}"


def amount(shift: Fraction) -> str:
    """Say how far."""
    return f"{say_place(abs(shift))} {'cell' if abs(shift) <= 1 else 'cells'}"
