"""What a learner asks the Solver: from which size to which, typed as “56 -> 112”.

>>> parse_question("56 -> 112")
Question(size=(56, 56), wanted=(112, 112))
>>> parse_question("7x5 to 4 × 3").axes
((7, 4), (5, 3))
>>> parse_question("56")
Traceback (most recent call last):
...
cnnviz.errors.SpecError: “56” is one size. Write two with an arrow between them, like “56 -> 112”.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.quoting import one_line
from cnnviz.state.query import show_pair

LARGEST = 9999
LONGEST_QUESTION = 60
ARROW = re.compile(r"[\-=–—−]*>|[→⟶⇒➔➜↦]|\bto\b|\binto\b|(?<=\d)\s*[-–—−]\s*(?=\d)")
HINT = "like “56 -> 112”, or “7x5 -> 4x3” for rows and columns apart"


@dataclass(frozen=True, slots=True)
class Question:
    """Two sizes, each (rows, columns)."""

    size: Pair
    wanted: Pair

    @property
    def axes(self) -> tuple[Pair, Pair]:
        """For the rows and for the columns: from which size to which."""
        return (self.size[0], self.wanted[0]), (self.size[1], self.wanted[1])

    @property
    def alike(self) -> bool:
        """Whether rows and columns ask the same."""
        return self.axes[0] == self.axes[1]

    def __str__(self) -> str:
        """Write the question as it can be typed."""
        return f"{show_pair(self.size)} -> {show_pair(self.wanted)}"


def parse_question(text: str) -> Question:
    """Read “56 -> 112”, “224→56”, “56 to 112”, “7x5 -> 4x3”; say in a sentence what cannot be read."""
    tidy = " ".join(text.lower().split())
    if not tidy:
        raise SpecError("q", f"Write two sizes with an arrow between them, {HINT}.")
    if len(tidy) > LONGEST_QUESTION:
        raise SpecError("q", f"That is too long for two sizes. Write them with an arrow between them, {HINT}.")
    shown = one_line(tidy)
    parts = [part.strip() for part in ARROW.split(tidy)]
    if len(parts) == 1 and re.fullmatch(r"\d+ \d+", tidy):
        parts = tidy.split()
    if len(parts) == 1:
        one = re.fullmatch(r"[\d x×*]+", tidy)
        start = f"“{shown}” is one size." if one else f"“{shown}” has no arrow."
        raise SpecError("q", f"{start} Write two with an arrow between them, like “56 -> 112”.")
    if len(parts) > 2:
        raise SpecError(
            "q", f"“{shown}” has {len(parts) - 1} arrows, but one layer needs one. A chain has more layers."
        )
    return Question(_size(parts[0], "before the arrow"), _size(parts[1], "after the arrow"))


def _size(text: str, where: str) -> Pair:
    numbers = [number.strip() for number in re.split(r"[x×*]|\bby\b", text)]
    if not text:
        raise SpecError("q", f"The size {where} is missing. Write two sizes, {HINT}.")
    shown = one_line(text)
    for number in numbers:
        if not (number.isascii() and number.isdigit()):
            raise SpecError("q", f"“{shown}” {where} is not a size. A size is a whole number, {HINT}.")
    if len(numbers) > 2:
        raise SpecError("q", f"“{shown}” has {len(numbers)} numbers, but a size is rows x columns: leave channels out.")
    values = [int(number[:9]) for number in numbers]
    for value in values:
        if value < 1:
            raise SpecError("q", f"A size of {value} {where} has no cells: 1 is the smallest.")
        if value > LARGEST:
            raise SpecError("q", f"{value} {where} is too large: {LARGEST} is the limit.")
    return values[0], values[-1]


def show_question_text(text: str) -> str:
    """Write a question for a URL, without the signs that a URL must disguise.

    >>> show_question_text("7x5 -> 4x3"), show_question_text("what?")
    ('7x5-4x3', 'what?')
    """
    try:
        return str(parse_question(text)).replace(" -> ", "-")
    except SpecError:
        return text


def parse_question_text(text: str) -> str:
    """Tidy a question that can be read; keep any other text as it was typed, so that it can be mended."""
    if len(text) > 2 * LONGEST_QUESTION:
        raise SpecError("", f"a question has at most {LONGEST_QUESTION} characters")
    try:
        return str(parse_question(text))
    except SpecError:
        return " ".join(text.split())
