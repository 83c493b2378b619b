"""The kernel library: the classic filters by name, up to 15 x 15, some of them in many sizes.

>>> LIBRARY["sobel-x"].make(0, 0)
((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
>>> LIBRARY["box"].sizes[-1], LIBRARY["gaussian"].sigma
(15, 1.0)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from cnnviz.engine.grids import Number, Rows

LARGEST_KERNEL = 15
LARGEST_DIVISOR = 1 << 16
SIGMAS = (0.3, 6.0)
"""The narrowest and the widest bell."""


@dataclass(frozen=True, slots=True)
class KernelEntry:
    """A kernel of the library. `sizes` and `sigma` say what may be chosen; a fixed kernel has neither."""

    title: str
    group: str
    about: str
    make: Callable[[int, float], Rows]
    size: int = 0
    sizes: tuple[int, ...] = ()
    sigma: float = 0.0


def _tidy(value: Fraction) -> Number:
    return int(value) if value.denominator == 1 else float(value)


def _over(rows: Rows, divisor: int) -> Rows:
    """Divide whole numbers; a quotient that is whole stays whole."""
    return tuple(tuple(_tidy(Fraction(value) / divisor) for value in row) for row in rows)


def _fixed(*rows: tuple[Number, ...], over: int = 1) -> Callable[[int, float], Rows]:
    kernel = _over(rows, over) if over > 1 else rows
    return lambda _size, _sigma: kernel


def _box(size: int, _: float) -> Rows:
    return _over(((1,) * size,) * size, size * size)


def _binomial(size: int, _: float) -> Rows:
    line = [math.comb(size - 1, i) for i in range(size)]
    return _over(tuple(tuple(a * b for b in line) for a in line), 4 ** (size - 1))


def _gaussian(size: int, sigma: float) -> Rows:
    bell = [math.exp(-((i - (size - 1) / 2) ** 2) / (2 * sigma**2)) for i in range(size)]
    line = [value / sum(bell) for value in bell]
    return tuple(tuple(a * b for b in line) for a in line)


def _unsharp(size: int, sigma: float) -> Rows:
    """Twice the picture less its blur."""
    middle = size // 2
    return tuple(
        tuple((2 if (r, c) == (middle, middle) else 0) - value for c, value in enumerate(row))
        for r, row in enumerate(_gaussian(size, sigma))
    )


def _log(size: int, sigma: float) -> Rows:
    """The Laplacian of the bell, sampled, scaled to -1 in the middle, its mean taken off: flat regions give 0."""
    squares = [(i - size // 2) ** 2 for i in range(size)]
    wave = [[((a + b) / (2 * sigma**2) - 1) * math.exp(-(a + b) / (2 * sigma**2)) for b in squares] for a in squares]
    mean = sum(map(sum, wave)) / size**2
    return tuple(tuple(value - mean for value in row) for row in wave)


def _streak(*, rising: bool = False, flat: bool = False) -> Callable[[int, float], Rows]:
    """The mean along a line."""

    def make(size: int, _: float) -> Rows:
        if flat:
            return _over(((1,) * size,), size)
        return _over(
            tuple(tuple(int(c == (size - 1 - r if rising else r)) for c in range(size)) for r in range(size)), size
        )

    return make


_ODD, _EVERY = tuple(range(3, LARGEST_KERNEL + 1, 2)), tuple(range(2, LARGEST_KERNEL + 1))
_RAMP = "The difference of the two neighbours, smoothed along the edge"

Entries = dict[str, tuple[Any, ...]]
"""By name: the title, what it does, how it is made; and for those in sizes: size, sizes and sigma."""

_NONE: Entries = {
    "identity": ("Identity", "Every pixel stays what it is.", _fixed((0, 0, 0), (0, 1, 0), (0, 0, 0))),
}
_BLURS: Entries = {
    "box": ("Box blur", "The mean of the window.", _box, 3, _EVERY),
    "gaussian": ("Gaussian", "A mean in which near pixels count more: a bell.", _gaussian, 5, _ODD, 1.0),
    "binomial": ("Binomial", "A bell out of whole numbers, 1 2 1 over 4 each way.", _binomial, 3, (3, 5, 7)),
    "motion": ("Motion blur \\", "The mean along a diagonal: a shaken camera.", _streak(), 9, _EVERY),
    "motion-up": ("Motion blur /", "The mean along the other diagonal.", _streak(rising=True), 9, _EVERY),
    "motion-flat": ("Motion blur —", "The mean along a row; one row of weights.", _streak(flat=True), 9, _EVERY),
}
_SHARPENERS: Entries = {
    "sharpen": ("Sharpen", "The picture less its Laplacian.", _fixed((0, -1, 0), (-1, 5, -1), (0, -1, 0))),
    "sharpen-all": (
        "Sharpen, eight neighbours",
        "As sharpen, and the diagonals too.",
        _fixed((-1,) * 3, (-1, 9, -1), (-1,) * 3),
    ),
    "unsharp": ("Unsharp mask", "Twice the picture less its Gaussian blur.", _unsharp, 5, _ODD, 1.0),
}
_EDGES: Entries = {
    "sobel-x": ("Sobel, columns", f"{_RAMP}: upright edges.", _fixed((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))),
    "sobel-y": ("Sobel, rows", f"{_RAMP}: level edges.", _fixed((-1, -2, -1), (0, 0, 0), (1, 2, 1))),
    "prewitt-x": ("Vertical edges (Prewitt)", "Right less left, three rows.", _fixed(*[(-1, 0, 1)] * 3)),
    "prewitt-y": ("Horizontal edges (Prewitt)", "Below less above.", _fixed((-1,) * 3, (0,) * 3, (1,) * 3)),
    "edges-rising": (
        "Diagonal edges /",
        "Below right less above left: edges that rise, like /.",
        _fixed((-1, -1, 0), (-1, 0, 1), (0, 1, 1)),
    ),
    "edges-falling": (
        "Diagonal edges \\",
        "Above right less below left: edges that fall, like \\.",
        _fixed((0, 1, 1), (-1, 0, 1), (-1, -1, 0)),
    ),
    "scharr-x": (
        "Scharr, columns",
        "A Sobel that treats all directions alike.",
        _fixed((-3, 0, 3), (-10, 0, 10), (-3, 0, 3)),
    ),
    "scharr-y": ("Scharr, rows", "The same for level edges.", _fixed((-3, -10, -3), (0, 0, 0), (3, 10, 3))),
    "roberts-a": ("Roberts \\", "The oldest: a pixel less its diagonal neighbour.", _fixed((1, 0), (0, -1))),
    "roberts-b": ("Roberts /", "Along the other diagonal.", _fixed((0, 1), (-1, 0))),
    "difference": ("Difference [1 −1]", "A pixel less its right neighbour: two weights.", _fixed((1, -1))),
    "difference-y": ("Difference, down", "A pixel less the one below.", _fixed((1,), (-1,))),
    "central-x": ("Central difference", "Half the right less the left neighbour.", _fixed((-1, 0, 1), over=2)),
    "central-y": ("Central difference, down", "Half the lower less the upper one.", _fixed((-1,), (0,), (1,), over=2)),
    "emboss": (
        "Emboss",
        "An edge detector that keeps the picture: a relief.",
        _fixed((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
    ),
}
_CURVES: Entries = {
    "laplacian": (
        "Laplacian, four neighbours",
        "Four neighbours less four times the middle.",
        _fixed((0, 1, 0), (1, -4, 1), (0, 1, 0)),
    ),
    "laplacian-all": (
        "Laplacian, eight neighbours",
        "All neighbours less eight times the middle.",
        _fixed((1,) * 3, (1, -8, 1), (1,) * 3),
    ),
    "log": ("Laplacian of Gaussian", "Blur first, then the Laplacian: dots of one size answer.", _log, 9, _ODD, 1.4),
}
_PATTERNS: Entries = {
    "line-flat": ("Horizontal lines", "A bright line on dark.", _fixed((-1,) * 3, (2,) * 3, (-1,) * 3)),
    "line-upright": ("Vertical lines", "The same, turned.", _fixed(*[(-1, 2, -1)] * 3)),
    "line-falling": ("Diagonal lines \\", "Along the diagonal.", _fixed((2, -1, -1), (-1, 2, -1), (-1, -1, 2))),
    "line-rising": ("Diagonal lines /", "Along the other diagonal.", _fixed((-1, -1, 2), (-1, 2, -1), (2, -1, -1))),
    "rising": (
        "Template / (0.1, 0.9)",
        "The lecture’s template of a stroke.",
        _fixed((1, 1, 9), (1, 9, 1), (9, 1, 1), over=10),
    ),
    "falling": ("Template \\ (0.1, 0.9)", "Its mirror image.", _fixed((9, 1, 1), (1, 9, 1), (1, 1, 9), over=10)),
    "cross": ("Lecture’s X", "The sum along both diagonals.", _fixed((1, 0, 1), (0, 1, 0), (1, 0, 1))),
    "guide": (
        "The guide’s 3×3",
        "The kernel of the guide to convolution arithmetic.",
        _fixed((0, 1, 2), (2, 2, 0), (0, 1, 2)),
    ),
    "bump": ("Lecture’s −1 3 −1", "The lecture’s 1-D kernel, laid along the rows.", _fixed((-1, 3, -1))),
}

LIBRARY: MappingProxyType[str, KernelEntry] = MappingProxyType(
    {
        name: KernelEntry(title, group, *rest)
        for group, entries in {
            "Nothing": _NONE,
            "Blur": _BLURS,
            "Sharpen": _SHARPENERS,
            "Edges": _EDGES,
            "Second derivative": _CURVES,
            "Patterns": _PATTERNS,
        }.items()
        for name, (title, *rest) in entries.items()
    }
)
"""The URL's word of every kernel, and what it is."""


@lru_cache(maxsize=512)
def whole_rows(rows: Rows) -> tuple[Rows, int]:
    """Write a kernel as whole numbers over one divisor, if there is a small one; else as it is, over 1.

    >>> whole_rows(((0.1, 0.9),)), whole_rows(((0.5, 1 / 3),)), whole_rows(((2**0.5, 1),))
    ((((1, 9),), 10), (((3, 2),), 6), (((1.4142135623730951, 1),), 1))
    """
    parts = [[Fraction(value).limit_denominator(LARGEST_DIVISOR) for value in row] for row in rows]
    fits = all(
        float(part) == value
        for row, line in zip(rows, parts, strict=True)
        for value, part in zip(row, line, strict=True)
    )
    divisor = math.lcm(*(part.denominator for line in parts for part in line)) if fits else 0
    if not 1 <= divisor <= LARGEST_DIVISOR:
        return rows, 1
    return tuple(tuple(int(part * divisor) for part in line) for line in parts), divisor
