"""One number, as a learner types it and as a page shows it.

>>> parse_number(" 3 "), parse_number("-0.5"), parse_number("1/9")
(3, -0.5, 0.1111111111111111)
>>> show_number(1 / 9), show_number(0.25), show_number(-3.0), show_number(2.430000001)
('0.1111', '0.25', '-3', '2.43')
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache

from cnnviz.errors import SpecError
from cnnviz.quoting import one_line

LARGEST = 99_999
"""No cell may hold more: five digits are the most that a cell can show."""

SMALLEST_STEP = 1e-6
"""A cell is kept to six decimals, so that its text in a URL stays short."""

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?")
_FRACTION = re.compile(r"([+-]?\d+)/(\d+)")
_LONGEST_TEXT = 32


def parse_number(text: str, field: str = "value") -> int | float:
    """Read one cell: an integer, a decimal (with point or comma) or a fraction such as ``1/9``.

    >>> parse_number("0,5")
    0.5
    >>> parse_number("two")
    Traceback (most recent call last):
    ...
    cnnviz.errors.SpecError: “two” is not a number. A cell holds an integer like 3, a decimal like 0.5 or a fraction \
like 1/9.
    """
    tidy = text.strip().replace("\N{MINUS SIGN}", "-").replace(",", ".").lower()
    value: int | float
    if not tidy.isascii() or len(tidy) > _LONGEST_TEXT:
        raise SpecError(field, _not_a_number(text))
    if fraction := _FRACTION.fullmatch(tidy):
        above, below = int(fraction[1]), int(fraction[2])
        if below == 0:
            raise SpecError(field, f"“{one_line(text)}” divides by zero. Take another number below the line.")
        value = float(Fraction(above, below))
    elif _DECIMAL.fullmatch(tidy):
        value = float(tidy)
    else:
        raise SpecError(field, _not_a_number(text))
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise SpecError(field, f"{text.strip()} is too large to show in a cell: {LARGEST} is the limit.")
    value = _keep(value)
    return int(value) if value == int(value) else value


def show_number(value: float, digits: int = 4) -> str:
    """Write a number with at most `digits` significant digits, and no zeros that say nothing."""
    if value == int(value):
        return str(int(value))
    return f"{value:.{digits}g}" if abs(value) < 10**digits else str(round(value))


def store_number(value: float) -> str:
    """Write a number so that `parse_number` gives it back: the form for a URL, short for 1/9 and its like.

    >>> store_number(1 / 9), store_number(0.1), store_number(7)
    ('1/9', '0.1', '7')
    """
    if value == int(value):
        return str(int(value))
    short = f"{value:.6g}"
    if float(short) == value:
        return short
    fraction = Fraction(value).limit_denominator(1000)
    return f"{fraction.numerator}/{fraction.denominator}" if float(fraction) == value else repr(value)


@lru_cache(maxsize=4096)
def fraction_text(value: float) -> str:
    """Write a number as a fraction where that is shorter than its decimals.

    >>> fraction_text(3 / 64), fraction_text(1 / 4), fraction_text(0.1), fraction_text(-2)
    ('3/64', '1/4', '0.1', '-2')
    """
    decimals = show_number(value, 6)
    fraction = Fraction(value).limit_denominator(4096)
    text = f"{fraction.numerator}/{fraction.denominator}"
    return text if len(text) < len(decimals) and abs(float(fraction) - value) < SMALLEST_STEP / 1000 else decimals


def _keep(value: float) -> float:
    """Round to the grid that URLs keep, but leave simple fractions exact: 1/9 must stay 1/9."""
    rounded = round(value / SMALLEST_STEP) * SMALLEST_STEP
    short = float(f"{rounded:.6f}")
    fraction = Fraction(value).limit_denominator(1000)
    return value if float(fraction) == value else short


def _not_a_number(text: str) -> str:
    shown = one_line(text)
    return f"“{shown}” is not a number. A cell holds an integer like 3, a decimal like 0.5 or a fraction like 1/9."
