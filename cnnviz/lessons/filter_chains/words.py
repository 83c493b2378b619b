r"""The words and formulas of two kernels in sequence.

>>> import numpy as np
>>> from cnnviz.lessons.filter_chains.trace import trace_sequence
>>> from cnnviz.lessons.filter_chains.spec import FilterChainsSpec
>>> trace = trace_sequence(np.full((9, 9), 90, np.uint8), FilterChainsSpec(mode="valid"))
>>> size_formula(trace)
'\\begin{aligned} 3 + 3 - 1 &= 5 \\quad\\text{rows} \\\\ 3 + 3 - 1 &= 5 \\quad\\text{columns} \\end{aligned}'
>>> say_difference(trace)
'Two steps and one step give the same numbers in every pixel, to the last digit.'
"""

from __future__ import annotations

import math

from cnnviz.explain.notation import POWERS, in_words, minus
from cnnviz.lessons.filter_chains.trace import Kernel, SequenceTrace
from cnnviz.state.numbers import fraction_text


def number(value: float, digits: int = 4) -> str:
    """Write a number for reading: a true minus, thousands apart, powers of ten for what is tiny.

    >>> number(-26.20987), number(1048576), number(0.0000381), number(0.0)
    ('−26.21', '1,048,576', '3.8·10⁻⁵', '0')
    """
    if value and abs(value) < 1e-3:
        power = math.floor(math.log10(abs(value)))
        return minus(f"{value / 10**power:.2g}·10{str(power).translate(POWERS)}")
    if abs(value) >= 10**digits:
        return minus(f"{round(value):,}")
    return in_words(value, digits)


def say_size(kernel: Kernel) -> str:
    """Write a kernel's size.

    >>> import numpy as np
    >>> say_size(Kernel(np.ones((3, 5), int), 1))
    '3×5'
    """
    return "×".join(map(str, kernel.shape))


def say_difference(trace: SequenceTrace) -> str:
    """Say how far the two ways are apart, in one line under the pictures."""
    if not trace.parts:
        if trace.exact:
            return "Two steps and one step give the same numbers in every pixel, to the last digit."
        largest = max(trace.inside or 0.0, trace.border)
        return f"Two steps and one step give the same picture: they differ by {number(largest)} at most, by rounding."
    inside = "there is no inside" if trace.inside is None else f"inside {_tiny(trace)}"
    return (
        f"Largest difference of two steps and one: {inside}, at the border {number(trace.border)}; "
        f"{trace.parts:,} of {trace.difference.size:,} pixels differ."
    )


def _tiny(trace: SequenceTrace) -> str:
    inside = trace.inside or 0.0
    return f"{number(inside)} (rounding)" if 0 < inside <= trace.rounding else number(inside)


def explain_sequence(trace: SequenceTrace) -> str:
    """Say what the combined kernel is, and why the two ways part where they do."""
    first, second, combined = (say_size(one) for one in (trace.first, trace.second, trace.combined))
    told = (
        f"A {first} and then a {second} kernel do the work of one {combined} kernel: the two kernels convolved. "
        "A weighted sum of weighted sums is again a weighted sum."
    )
    if trace.spec.relu:
        return f"{told}\n\n{_explain_relu(trace)}"
    return f"{told}\n\n{_explain_border(trace)}"


def _explain_relu(trace: SequenceTrace) -> str:
    if trace.one_kernel:
        return (
            "**The ReLU changes nothing here**: after the first kernel no number that counts is below 0. Take a "
            "first kernel with negative weights, such as Sobel."
        )
    return (
        "**With a ReLU in between it is no longer one kernel.** The ReLU turns negative numbers into 0, and what is "
        "0 cannot be weighed back: no kernel does the same at once. This is why layers of a network have one; "
        "without it any number of layers would be worth a single layer."
    )


def _explain_border(trace: SequenceTrace) -> str:
    """Say what happens at the border in this mode, with what was measured."""
    border = number(trace.border)
    if trace.spec.mode == "valid":
        return "**No padding**: every window lies in the picture, so nothing can differ. The picture shrinks instead."
    if trace.spec.mode == "circular":
        return "**Circular padding**: the picture goes round, so it has no border at which the two ways could part."
    if not trace.parts:
        why = (
            "the first kernel is its own mirror image, so its result goes on outside as a mirror, too"
            if trace.spec.mode == "reflect" and _mirrors(trace.first)
            else "these kernels and this picture leave nothing outside that would count"
        )
        return f"**Here the border agrees as well**: {why}."
    why = {
        "zeros": (
            "The first result is cut off at the picture’s edge, and the second kernel reads zeros there. But the first "
            "kernel would have given more than zeros just outside, where it still reaches into the picture."
        ),
        "reflect": (
            "The second kernel reads a mirror of the first result. That is the result of the mirrored picture only if "
            "the first kernel is its own mirror image, and this one is not."
        ),
        "replicate": (
            "The second kernel reads copies of the first result’s last row and column. Filtered copies of the "
            "picture’s last row and column would be something else."
        ),
    }[trace.spec.mode]
    return f"**Only the border differs**, here by up to {border}. {why}"


def _mirrors(kernel: Kernel) -> bool:
    """Tell whether a kernel is the same upside down, and the same from right to left."""
    numbers = kernel.numbers
    return bool((numbers == numbers[::-1]).all() and (numbers == numbers[:, ::-1]).all())


def size_formula(trace: SequenceTrace) -> str:
    """Give the size of the combined kernel."""
    lines = [
        rf"{a} + {b} - 1 &= {c} \quad\text{{{word}}}"
        for a, b, c, word in zip(
            trace.first.shape, trace.second.shape, trace.combined.shape, ("rows", "columns"), strict=True
        )
    ]
    return rf"\begin{{aligned}} {lines[0]} \\ {lines[1]} \end{{aligned}}"


def weight_formula(trace: SequenceTrace) -> str:
    """Give the rule of the combined weights, and its corner with the actual numbers."""
    first, second = trace.first.values, trace.second.values
    a, b, c = (_weight(float(one[0, 0])) for one in (first, second, trace.combined.values))
    equal = "=" if trace.exact else r"\approx"
    return (
        r"\begin{aligned} K[c] &= \sum_{a} k_1[a]\, k_2[c - a] \\ K[0, 0] &= k_1[0, 0] \cdot k_2[0, 0] \\ "
        rf"&{equal} {a} \cdot {b} {equal} {c} \end{{aligned}}"
    )


def _weight(value: float) -> str:
    text = fraction_text(value)
    if len(text) > 9:
        text = f"{value:.3g}"
    if "e" in text:
        digits, power = text.split("e")
        text = rf"{digits} \cdot 10^{{{int(power)}}}"
    return f"({text})" if text.startswith("-") else text


def cost_formula(trace: SequenceTrace) -> str:
    """Compare the weights of two small kernels with those of the large one."""
    sizes = [r"{} \cdot {}".format(*one.shape) for one in (trace.first, trace.second, trace.combined)]
    two, once = trace.first.size + trace.second.size, trace.combined.size
    sign = "<" if two < once else "=" if two == once else ">"
    return (
        rf"\underbrace{{{sizes[0]} + {sizes[1]}}}_{{{two}\text{{ weights}}}} \;{sign}\; "
        rf"\underbrace{{{sizes[2]}}}_{{{once}\text{{ weights}}}}"
    )


def explain_cost(trace: SequenceTrace) -> str:
    """Say what two small kernels save or cost."""
    two, once = trace.products
    count = f"For this picture: **{two:,}** multiplications in two steps, **{once:,}** at once"
    saved = 1 - two / once
    if saved > 0.005:
        count += f", so two steps save {saved:.0%}."
    elif saved < -0.005:
        count += f", so here one step is cheaper by {1 - once / two:.0%}."
    else:
        count += ": the same."
    more = trace.first.size + trace.second.size
    return (
        f"{count} With C channels in and out the weights are {more} C² and {trace.combined.size} C²."
        " And between two steps there is room for a ReLU."
    )


def say_pixel(trace: SequenceTrace) -> str:
    """Give the numbers of the marked pixel."""
    row, column = trace.at
    steps, once = float(trace.steps[row, column]), float(trace.once[row, column])
    return (
        f"Row {row}, column {column}: {number(steps, 6)} in two steps, {number(once, 6)} at once, "
        f"difference {number(float(trace.difference[row, column]), 6)}. Click a pixel to see its own."
    )
