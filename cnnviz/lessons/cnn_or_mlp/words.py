r"""What the two networks show, in words and with their numbers; and how many parameters they have.

>>> from cnnviz.lessons.cnn_or_mlp.trace_sizes import mlp_lines
>>> print(parameters_words(mlp_lines(32)))
- `Linear(784, 32)`: $784 \cdot 32 + 32 = 25{,}120$
- `Linear(32, 10)`: $32 \cdot 10 + 10 = 330$
- together: $25{,}120 + 330 = \mathbf{25{,}450}$
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnviz.lessons.cnn_or_mlp.spec import CnnOrMlpSpec
from cnnviz.lessons.cnn_or_mlp.trace_sizes import LayerSize, parameters


def parameters_words(lines: Sequence[LayerSize]) -> str:
    """List a network's parameters, layer by layer: weights and biases."""
    times = r" \cdot "
    rows = [
        f"- `{line.layer}`: ${times.join(map(str, line.weights))} + {line.biases} = {_number(line.total)}$"
        for line in lines
    ]
    total = " + ".join(_number(line.total) for line in lines)
    return "\n".join([*rows, rf"- together: ${total} = \mathbf{{{_number(parameters(lines))}}}$"])


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "{,}")


def equal_words(mlp: int, cnn: int) -> str:
    """Say how nearly equal the two sizes are.

    >>> equal_words(25450, 25497)
    'The CNN has **47** parameters more than the MLP: 0.2 %.'
    """
    if mlp == cnn:
        return "Both have exactly as many parameters."
    way = "more" if cnn > mlp else "fewer"
    return f"The CNN has **{abs(cnn - mlp):,}** parameters {way} than the MLP: {100 * abs(cnn - mlp) / mlp:.1f} %."


def distance_words(by_distance: NDArray[np.floating], step: int, spec: CnnOrMlpSpec) -> str:
    """Say how many held-out digits each of them reads, where they were learned and moved.

    >>> told = np.array([[0.66, 0.56, 0.38, 0.24, 0.16, 0.12, 0.1], [0.7, 0.69, 0.69, 0.64, 0.65, 0.57, 0.57]])
    >>> distance_words(told, 150, CnnOrMlpSpec()).split(". ")[1]
    'Moved by 3 pixels: MLP **24 %**, CNN **64 %**'
    """
    if not step:
        return "Nothing is learned yet: both guess, and one digit in ten is right by chance."
    far = max(spec.moved, 1)
    (mlp, cnn), (mlp_far, cnn_far) = by_distance[:, 0], by_distance[:, far]
    lost = [float(mlp - mlp_far), float(cnn - cnn_far)]
    said = (
        f"Held-out digits where they were written: MLP **{mlp:.0%}** right, CNN **{cnn:.0%}**. "
        f"Moved by {far} pixel{'s' * (far > 1)}: MLP **{mlp_far:.0%}**, CNN **{cnn_far:.0%}**. "
    ).replace("%", " %")
    if lost[0] > max(2 * lost[1], 0.1):
        return said + (
            "The MLP’s templates are laid on fixed pixels: when the digit moves off them, their scores collapse. "
            "The CNN slides small kernels, and their peaks move along with the digit."
        )
    if spec.end == "flat" and lost[1] > 0.1:
        return said + (
            "The CNN forgets places only within its poolings: its dense layers, after the flattening, have a weight "
            "for every place again."
        )
    if spec.shift >= far:
        return said + "They have seen moved digits while they learned: that is augmentation, and the MLP needs it most."
    return said


TEMPLATES = (
    "A hidden unit of the MLP has a weight for each of the 784 pixels: a **template** as large as the picture, at one "
    "place. What it learns of a stroke there says nothing about the same stroke two pixels further on. A kernel of "
    "the CNN has 25 weights, and the same ones at **every** place."
)


def ending_words(end: str) -> str:
    """Say what the end of the CNN has to do with it."""
    if end == "max":
        return (
            "At its end the CNN takes each map’s maximum over all places: where the peak stands does not matter any "
            "more. The border does, and so does the pooling’s grid of 2×2, so the curve is not quite level."
        )
    return (
        "Here the CNN flattens its last maps: 5×5 places of each, and a weight for every one of them. Two poolings of "
        "2×2 forgive a pixel or two, no more. Choose the maximum over all places to see the difference."
    )
