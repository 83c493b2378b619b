r"""How numbers and names are written: with a true minus in sentences, as LaTeX in formulas.

>>> minus(number(-2.5)), factor("-2.5"), summand("-2.5"), summand("2.5")
('−2.5', '(-2.5)', '- 2.5', '+ 2.5')
>>> brief(12345.6), brief_tex(12345.6)
('1.23·10⁴', '1.23 \\cdot 10^{4}')
"""

from __future__ import annotations

import math

from cnnviz.state.numbers import show_number

POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ORDINALS = (
    "", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
)  # fmt: skip


def minus(text: str) -> str:
    """Write a true minus sign."""
    return text.replace("-", "−")


def number(value: float) -> str:
    """Write a number of a sum: at most two decimals more than whole.

    >>> number(12.0), number(-0.33333), number(12345.678), number(7.826e-5)
    ('12', '-0.3333', '12345.68', '0.00007826')
    """
    if value == int(value):
        return str(int(value))
    if abs(value) >= 10:
        text = f"{value:.2f}"
    else:  # four digits, and never an exponent, which a formula would draw as a product
        text = f"{value:.{min(9, max(3, 3 - math.floor(math.log10(abs(value)))))}f}"
    return text.rstrip("0").rstrip(".") or "0"


def in_words(value: float, digits: int = 4) -> str:
    """Write a number as a sentence does: with at most so many digits that count.

    >>> in_words(-0.02471, 2)
    '−0.025'
    """
    return minus(show_number(value, digits))


def brief(value: float) -> str:
    """Write a number with three digits that count, for text.

    >>> brief(0.00047), brief(61.7), brief(-0.5), brief(-1.5e-7)
    ('0.00047', '61.7', '−0.5', '−1.50·10⁻⁷')
    """
    if _is_handy(value):
        return minus(_three_digits(value))
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{minus(mantissa)}·10{str(int(exponent)).translate(POWERS)}"


def brief_tex(value: float) -> str:
    r"""Write a number with three digits that count, for a formula.

    >>> print(brief_tex(0.25), brief_tex(-1.5e-7))
    0.25 -1.5 \cdot 10^{-7}
    """
    if _is_handy(value):
        return _three_digits(value)
    mantissa, exponent = f"{value:.3g}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def factor(written: str) -> str:
    """Put a negative number in brackets, as behind a sign of times or plus."""
    return f"({written})" if written.startswith("-") else written


def summand(written: str) -> str:
    """Write a number with the sign that joins it to what stands before it."""
    return f"- {written[1:]}" if written.startswith("-") else f"+ {written}"


def ordinal(count: int) -> str:
    """Name a place.

    >>> [ordinal(one) for one in (1, 12, 13, 21, 22, 23, 111)]
    ['first', 'twelfth', '13th', '21st', '22nd', '23rd', '111th']
    """
    if count < len(ORDINALS):
        return ORDINALS[count]
    tail = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{tail}"


def in_text(name: str) -> str:
    r"""Write a name inside the text of a formula.

    >>> print(in_text("black_and_tan #2"))
    black\_and\_tan \#2
    """
    return name.replace("_", r"\_").replace("&", r"\&").replace("%", r"\%").replace("#", r"\#")


def _is_handy(value: float) -> bool:
    return value == 0 or 1e-4 <= abs(value) < 1e4


def _three_digits(value: float) -> str:
    return f"{float(f'{value:.3g}'):.6f}".rstrip("0").rstrip(".")
