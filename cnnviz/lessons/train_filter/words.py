r"""What a training has found, in words and with its numbers.

>>> from cnnviz.lessons.train_filter.trace_match import best_match
>>> from cnnviz.lessons.train_filter.trace_pictures import template
>>> match = best_match(template(5, "\\", 1), ("/", "\\"))
>>> found_words(match, -2.0).split(". ")[0]
'The filter is most like the stroke “\\”, moved by 1 to the right: correlation **1.00**'
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cnnviz.explain.notation import factor, minus, summand
from cnnviz.lessons.train_filter.trace_match import Match

CLEAR = 0.5
"""From this correlation on, a filter is called like a stroke."""
NAMES = {"/": "/", "\\": "\\", "|": "|", "-": "—"}


def shift_words(match: Match) -> str:
    """Say where in the filter the stroke lies.

    >>> from cnnviz.lessons.train_filter.trace_match import best_match
    >>> from cnnviz.lessons.train_filter.trace_pictures import template
    >>> shift_words(best_match(template(5, "-", 2), ("-",)))
    ', moved by 2 downwards'
    """
    if not match.shift:
        return ""
    way = ("downwards", "upwards") if match.direction == "-" else ("to the right", "to the left")
    return f", moved by {abs(match.shift)} {way[match.shift < 0]}"


def found_words(match: Match, weight: float) -> str:
    """Say what the filter looks like, and what the sign of the last weight makes of it."""
    size = abs(match.correlation)
    if size < CLEAR:
        return (
            f"The filter is not like any stroke yet: its best correlation with a hand-made one is "
            f"**{match.correlation:.2f}**."
        )
    negative = " the negative of" if match.correlation < 0 else ""
    said = (
        f"The filter is most like{negative} the stroke “{NAMES[match.direction]}”{shift_words(match)}: correlation "
        f"**{match.correlation:.2f}**. "
    )
    if match.shift:
        said += "The maximum looks at all places, so it does not matter where in the filter the stroke lies. "
    if weight >= 0:
        return said + "The last weight is positive: what the filter finds speaks **for** the diagonal."
    if match.direction == "/":
        return said + "The last weight is negative: what the filter finds speaks **against** the diagonal."
    return said + (
        "The last weight is negative: the filter finds what the pictures **without** the diagonal show, and that "
        "speaks against it. The scores are as right; the filter is another one."
    )


def stuck_words(weight: float, other: str, state: str, accuracy: float) -> str:
    """Say why a training that starts with a negative weight may never get anywhere."""
    if other == "noise" and weight < 0 and accuracy < 0.9 and state in ("done", "stopped", "paused"):
        return (
            "It is stuck: its last weight is negative, so only what the other pictures show could help, and they show "
            "nothing. Another seed starts with another sign."
        )
    return ""


def numbers_words(numbers: Mapping[str, float], others: NDArray[np.floating]) -> str:
    """Write the latest numbers in one line."""
    names = {
        "loss": "Loss", "accuracy": "of the batch right", "held-out accuracy": "of the held-out pictures right",
    }  # fmt: skip
    said = []
    for name, words in names.items():
        value = numbers.get(name)
        if value is not None and math.isfinite(value):
            said.append(f"{words} **{value:.3f}**" if name == "loss" else f"**{100 * value:.0f} %** {words}")
    return " · ".join([*said, f"last weight **{minus(f'{others[1]:.2f}')}**"])


def model_formula(size: int) -> str:
    """Write the network as one formula."""
    last = size - 1
    return (
        r"\begin{aligned}y_{r,\,c} &= \sum_{i=0}^{" + str(last) + r"} \sum_{j=0}^{" + str(last) + "}"
        r" f_{i,\,j}\; x_{r+i,\,c+j} + b\\ \text{score} &= w \cdot \max_{r,\,c}\, y_{r,\,c} + a\end{aligned}"
    )


def example_formula(largest: float, score: float, others: NDArray[np.floating]) -> str:
    r"""Write the score of one picture with its numbers.

    >>> print(example_formula(2.0, 5.5, np.array([0.1, 3.0, -0.5])))
    \begin{aligned}\text{score} &= 3.000 \cdot 2.000 - 0.500 = 5.500\\ p &= \frac{1}{1 + e^{-5.50}} = 0.996\end{aligned}
    """
    weight, bias = float(others[1]), float(others[2])
    chance = 1 / (1 + math.exp(-max(-700.0, min(700.0, score))))
    return (
        rf"\begin{{aligned}}\text{{score}} &= {weight:.3f} \cdot {factor(f'{largest:.3f}')} {summand(f'{bias:.3f}')}"
        rf" = {score:.3f}\\ p &= \frac{{1}}{{1 + e^{{{-score:.2f}}}}} = {chance:.3f}\end{{aligned}}"
    )
