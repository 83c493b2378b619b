r"""The words and formulas of the gradient.

>>> import numpy as np
>>> from cnnviz.lessons.filter_chains.trace_gradient import trace_gradient
>>> from cnnviz.lessons.filter_chains.spec import FilterChainsSpec
>>> ramp = np.tile(np.arange(0, 80, 10, dtype=np.uint8), (6, 1))
>>> trace = trace_gradient(ramp, FilterChainsSpec(view="gradient", at=(2, 3)))
>>> "{10^2 + 0^2} = 10" in slope_formula(trace), say_at(trace)
(True, 'At row 2, column 3 the picture gets brighter to the right. Click a pixel to see its own.')
>>> say_direction(-135.0), say_direction(20.0)
('upwards and to the left', 'to the right')
"""

from __future__ import annotations

import math

from cnnviz.lessons.filter_chains.spec import OPERATORS
from cnnviz.lessons.filter_chains.trace_gradient import LEAST, GradientTrace
from cnnviz.lessons.filter_chains.words import number
from cnnviz.state.numbers import fraction_text, show_number

WAYS = (
    "to the right", "downwards and to the right", "downwards", "downwards and to the left",
    "to the left", "upwards and to the left", "upwards", "upwards and to the right",
)  # fmt: skip
"""Towards the brighter side, in steps of 45 degrees from 0 on."""


def say_direction(degrees: float) -> str:
    """Name the direction in which it gets brighter."""
    return WAYS[round(degrees / 45) % len(WAYS)]


def slope_formula(trace: GradientTrace) -> str:
    """Give magnitude and angle of the marked pixel, with its numbers."""
    gx, gy = (float(part[trace.at]) for part in (trace.gx, trace.gy))
    length, angle = math.hypot(gx, gy), math.degrees(math.atan2(gy, gx))
    x, y, size, turn = (_tex(value) for value in (gx, gy, length, angle))
    squares = " + ".join(f"({part})^2" if part.startswith("-") else f"{part}^2" for part in (x, y))
    told = rf"{turn}^\circ" if length >= LEAST else r"\text{none}"
    return (
        rf"\begin{{aligned}} \lVert g \rVert &= \sqrt{{g_x^2 + g_y^2}} \\ &= \sqrt{{{squares}}} = {size} \\[4pt] "
        rf"\varphi &= \operatorname{{atan2}}(g_y, g_x) \\ &= \operatorname{{atan2}}({y}, {x}) = {told} \end{{aligned}}"
    )


def _tex(value: float) -> str:
    text = show_number(round(value, 2), 4)
    return "0" if text == "-0" else text


def kernel_formulas(trace: GradientTrace) -> list[str]:
    """Write both kernels with what they are divided by."""
    over = "" if trace.unit == 1 else rf"\frac{{1}}{{{show_number(trace.unit)}}}"
    return [f"k_{axis} = {over}{_matrix(kernel.tolist())}" for axis, kernel in zip("xy", trace.kernels, strict=True)]


def _matrix(rows: list[list[float]]) -> str:
    body = r" \\ ".join(" & ".join(fraction_text(value) for value in row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def explain_pair(trace: GradientTrace) -> str:
    """Say what the two kernels measure."""
    name = OPERATORS[trace.spec.operator]
    smooth = {
        "sobel": "It weighs three lines 1, 2, 1, so noise counts less.",
        "prewitt": "It takes the plain mean of three lines.",
        "scharr": "It weighs three lines 3, 10, 3, so slanted edges come out as strong as upright ones.",
        "central": "It looks at one line only: the sharpest of the four, and the noisiest.",
    }[trace.spec.operator]
    scale = (
        f" Divided by {show_number(trace.unit)}, a ramp that rises by 1 a pixel gives exactly 1."
        if trace.unit != 1
        else " A ramp that rises by 1 a pixel gives exactly 1."
    )
    blur = (
        f" The picture was blurred first (σ = {show_number(trace.spec.blur)}): fewer false edges, and softer true ones."
        if trace.spec.blur
        else ""
    )
    return f"**{name}** takes right less left, and below less above. {smooth}{scale}{blur}"


def say_share(trace: GradientTrace) -> str:
    """Say how much of the picture is an edge, in one line under the pictures."""
    return (
        f"{trace.share:.1%} of the pixels rise by at least {show_number(trace.spec.threshold)} grey levels a pixel; "
        f"the steepest by {number(float(trace.magnitude.max()))}."
    )


def explain_direction(trace: GradientTrace) -> str:
    """Say how to read the colours."""
    return (
        "**The colour is a direction.** Find it on the wheel: the gradient points from the wheel’s middle to it, "
        "towards the brighter side, across the edge. Right is red (0°), down is yellow-green (90°), left is cyan "
        "(±180°), up is violet (−90°); the angle turns downwards because rows count downwards. Weak gradients are "
        f"dark, those below the threshold black: their direction is noise. Full colour from {number(trace.full)} on."
    )


def say_at(trace: GradientTrace) -> str:
    """Say what the marked pixel shows."""
    row, column = trace.at
    gx, gy = float(trace.gx[row, column]), float(trace.gy[row, column])
    if math.hypot(gx, gy) < LEAST:
        return f"Row {row}, column {column} is flat: it has no direction."
    way = say_direction(math.degrees(math.atan2(gy, gx)))
    weak = "" if math.hypot(gx, gy) >= trace.spec.threshold else " It is below the threshold, so it is left out."
    return f"At row {row}, column {column} the picture gets brighter {way}.{weak} Click a pixel to see its own."
