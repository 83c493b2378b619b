"""An MLP and a convolutional network with as many parameters: how wide the second has to be, and every sum.

>>> sizes = find_sizes(32, "max")
>>> sizes.widths, parameters(mlp_lines(32)), parameters(cnn_lines(sizes))
((16, 61), 25450, 25497)
>>> cnn_lines(sizes)[0]
LayerSize(layer='Conv2d(1, 16, 5, padding=2)', weights=(5, 5, 1, 16), biases=16)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

PIXELS, CLASSES, KERNEL = 784, 10, 5
CLOSE = 0.01
"""Networks whose parameters differ by less are called equal; among them the one with the usual widths is taken."""
AFTER_CONVS = 5
"""Rows and columns that the flat end has left: 28, pooled 14, unpadded 10, pooled 5."""


@dataclass(frozen=True, slots=True)
class LayerSize:
    """One layer and its parameters: the factors whose product is the number of weights, and the biases."""

    layer: str
    weights: tuple[int, ...]
    biases: int

    @property
    def total(self) -> int:
        """Count both."""
        return math.prod(self.weights) + self.biases


@dataclass(frozen=True, slots=True)
class Sizes:
    """The channels of the CNN's two convolutions and, if it ends flat, the units of its hidden layer."""

    end: str
    widths: tuple[int, ...]


def parameters(lines: Sequence[LayerSize]) -> int:
    """Add up a network's parameters."""
    return sum(line.total for line in lines)


def mlp_lines(hidden: int) -> tuple[LayerSize, ...]:
    """List the layers of the MLP."""
    return _linear(PIXELS, hidden), _linear(hidden, CLASSES)


def cnn_lines(sizes: Sizes) -> tuple[LayerSize, ...]:
    """List the layers of the convolutional network."""
    first, second = sizes.widths[:2]
    convs = _conv(1, first, ", padding=2"), _conv(first, second, "")
    if sizes.end == "max":
        return *convs, _linear(second, CLASSES)
    return *convs, _linear(second * AFTER_CONVS**2, sizes.widths[2]), _linear(sizes.widths[2], CLASSES)


@lru_cache(maxsize=128)
def find_sizes(hidden: int, end: str) -> Sizes:
    """Choose the CNN's widths so that it has as many parameters as the MLP, to a hundredth if possible."""
    wanted = parameters(mlp_lines(hidden))
    if end == "max":
        return _best([_fitting(end, wanted, first) for first in range(4, 33)], wanted, 4)
    # Half of what a small MLP has would go into the convolutions alone: the widest convolutions that fit are best.
    for first in (8, 6, 4):
        found = _best([_fitting(end, wanted, first, second) for second in range(first, 2 * first + 1)], wanted, 2)
        if _off(found, wanted) <= CLOSE:
            break
    return found


def _fitting(end: str, wanted: int, *widths: int) -> Sizes:
    """Choose the last width, of which every further one costs the same."""
    one, two = (parameters(cnn_lines(Sizes(end, (*widths, last)))) for last in (1, 2))
    return Sizes(end, (*widths, max(1, 1 + round((wanted - one) / (two - one)))))


def _best(candidates: Sequence[Sizes], wanted: int, usual: int) -> Sizes:
    """Take the candidate whose second width is nearest to so many times the first, among those that are close."""

    def rank(sizes: Sizes) -> tuple[bool, float]:
        off, (first, second) = _off(sizes, wanted), sizes.widths[:2]
        return off > CLOSE, off if off > CLOSE else abs(second / first - usual)

    return min(candidates, key=rank)


def _off(sizes: Sizes, wanted: int) -> float:
    return abs(parameters(cnn_lines(sizes)) - wanted) / wanted


def _conv(before: int, after: int, options: str) -> LayerSize:
    return LayerSize(f"Conv2d({before}, {after}, {KERNEL}{options})", (KERNEL, KERNEL, before, after), after)


def _linear(before: int, after: int) -> LayerSize:
    return LayerSize(f"Linear({before}, {after})", (before, after), after)
