r"""The words and formulas of the Filters page.

>>> from cnnviz.lessons.filters.trace import trace_filter
>>> trace = trace_filter(np.full((1, 9, 9), 51, np.uint8), FiltersSpec(bias=-10, relu=True))
>>> say_size(trace)
'9×9 → 7×7'
>>> pixel_formula(trace_pixel(trace, (0, 0)))[-42:]
'\\\\ y &= \\max(0,\\, 0 - 10) = 0\\end{aligned}'
"""

from __future__ import annotations

import re
from typing import Literal

import numpy as np

from cnnviz.engine.arithmetic import effective_kernel
from cnnviz.engine.grids import Rows
from cnnviz.engine.pictures.kernels import whole_rows
from cnnviz.explain.notation import factor, minus, number, ordinal, summand
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.lessons.filters.trace import FilterTrace
from cnnviz.lessons.filters.trace_borders import BordersTrace
from cnnviz.lessons.filters.trace_pixel import PixelTrace, trace_pixel  # noqa: F401 - the doctest takes a pixel apart
from cnnviz.state.kernels import kernel_rows
from cnnviz.state.numbers import fraction_text
from cnnviz.state.padding import MODES

CHANNELS = ("Red", "Green", "Blue")
MOST_TERMS = 25
"""Longer sums are shortened to their first and last rows."""
LONGEST_LINE = 26
"""So many signs of a formula fit a phone."""
ABOUT_ONE = 0.01


def weight_sum(rows: Rows) -> float:
    """Add up the weights; exact where they are whole over a divisor.

    >>> weight_sum(((0.1,) * 10,))
    1.0
    """
    whole, divisor = whole_rows(rows)
    return float(sum(map(sum, whole))) / divisor


def drawn_as(spec: FiltersSpec) -> Literal["picture", "signed"]:
    """Say how the result is drawn: as a picture where the kernel keeps brightness or only adds, else signed."""
    if spec.kind != "auto":
        return "picture" if spec.kind == "picture" else "signed"
    rows = kernel_rows(spec.kernel)
    keeps, adds = abs(weight_sum(rows) - 1) <= ABOUT_ONE, min(map(min, rows)) >= 0
    return "picture" if keeps or adds else "signed"


def brightest(trace: FilterTrace) -> float:
    """Give the value that a picture shows as white: 255, or what the kernel makes of white if it only adds."""
    total = weight_sum(trace.rows)
    adds = min(map(min, trace.rows)) >= 0 and total > 0
    return 255.0 if not adds or abs(total - 1) <= ABOUT_ONE else 255.0 * total


def say_size(trace: FilterTrace) -> str:
    """Write the sizes before and after."""
    height, width = trace.planes.shape[1:]
    return f"{height}×{width} → {trace.size[0]}×{trace.size[1]}"


def say_result(trace: FilterTrace) -> str:
    """Give the line under the pictures: the sizes, the range, and what ReLU leaves."""
    low, high = float(trace.result.min()), float(trace.result.max())
    parts = [say_size(trace), f"values {minus(number(low))} to {minus(number(high))}"]
    if trace.spec.relu:
        left = np.count_nonzero(trace.result) / trace.result.size
        parts.append(f"{100 * left:.3g} % above 0")
    return " · ".join(parts)


def explain_kernel(trace: FilterTrace) -> str:
    """Say what the kernel does, and what the sum of its weights tells."""
    entry, total = trace.spec.kernel.entry, weight_sum(trace.rows)
    about = entry.about if entry and not trace.spec.kernel.edits else "A kernel of your own."
    if abs(total) < 1e-6:
        tells = "The weights add up to 0: where the picture is flat the answer is 0, whatever its brightness."
    elif abs(total - 1) <= ABOUT_ONE:
        tells = "The weights add up to 1: flat areas keep their brightness."
    else:
        tells = f"The weights add up to {minus(number(total))}: flat areas become that many times as bright."
    if any(isinstance(value, float) for row in trace.rows for value in row) and whole_rows(trace.rows)[1] > 1:
        tells += f" They are whole numbers over {whole_rows(trace.rows)[1]}."
    return f"**{trace.spec.kernel.title}.** {about} {tells}"


def explain_reach(trace: FilterTrace) -> str:
    """Say how far the window reaches and what its stride skips."""
    (kh, kw), spec = (len(trace.rows), len(trace.rows[0])), trace.spec
    reach = [effective_kernel(axis.kernel, axis.dilation) for axis in trace.axes]
    parts = []
    if spec.dilation > 1:
        parts.append(
            f"Dilation {spec.dilation} spreads {kh * kw} weights over {reach[0]}×{reach[1]} pixels: "
            f"{reach[0] * reach[1] - kh * kw} of them are holes."
        )
    if spec.stride > 1:
        parts.append(
            f"Stride {spec.stride} computes one pixel in {spec.stride**2}: the same as the result without stride, "
            f"every {ordinal(spec.stride)} row and column of it."
        )
    if spec.padding == "same" and spec.stride > 1:
        before, after = trace.axes[0].padding
        parts.append(
            f"“Same” promises the input's size, which a stride cannot keep (PyTorch refuses it). "
            f"Here it pads as without stride: {before} before, {after} after."
        )
    if spec.flip:
        parts.append("The kernel is turned by 180°: a convolution as mathematics has it; PyTorch does not turn it.")
    return " ".join(parts)


def explain_threshold(trace: FilterTrace) -> str:
    """Say what bias and ReLU do together."""
    spec = trace.spec
    if not spec.relu:
        return "Switch ReLU on to cut off all that is negative; then the bias moves the threshold." if spec.bias else ""
    if spec.bias < 0:
        return (
            f"Bias {minus(number(spec.bias))} and ReLU are a threshold: only answers above {number(-spec.bias)} are "
            "left, and they are smaller by as much."
        )
    return "ReLU sets every negative answer to 0: of the two signs of an edge one is left." + (
        f" Bias {number(spec.bias)} lifts answers down to {minus(number(-spec.bias))} over the threshold."
        if spec.bias
        else ""
    )


def size_formula(trace: FilterTrace) -> str:
    """Give the size of the result with its numbers, rows and columns."""
    lines = []
    for name, axis in zip(("H", "W"), trace.axes, strict=True):
        (before, after), reach = axis.padding, effective_kernel(axis.kernel, axis.dilation)
        lines += [
            rf"r_{name} &= {axis.dilation} \cdot ({axis.kernel} - 1) + 1 = {reach}",
            rf"{name}' &= \biggl\lfloor \frac{{{axis.n} + {before} + {after} - {reach}}}{{{axis.stride}}} "
            rf"\biggr\rfloor + 1 = {axis.size}",
        ]
    return r"\begin{aligned} " + r" \\[2pt] ".join(lines) + r" \end{aligned}"


def pixel_formula(pixel: PixelTrace) -> str:
    """Write the sum out: every pixel times its weight, the divisor, bias and ReLU."""
    terms = [
        [_term(value, weight) for value, weight in zip(values, weights, strict=True)]
        for values, weights in zip(pixel.values.tolist(), pixel.weights, strict=True)
    ]
    lines = [r" \\ &\quad ".join(_wrapped(terms))]
    if pixel.divisor > 1:
        whole = sum(float(value) for value in pixel.products.ravel())
        lines.append(rf"&= \frac{{{number(whole)}}}{{{pixel.divisor}}} = {number(pixel.total)}")
        head = rf"z &= \tfrac{{1}}{{{pixel.divisor}}} \bigl( {lines[0]} \bigr) \\ {lines[1]}"
    else:
        head = rf"z &= {lines[0]} \\ &= {number(pixel.total)}"
    return rf"\begin{{aligned}}{head}{_ending(pixel)}\end{{aligned}}"


def _wrapped(terms: list[list[str]]) -> list[str]:
    """Break a sum into lines that fit a phone; leave out the middle of a long one."""
    flat = [term for row in terms for term in row]
    skipped = len(flat) - MOST_TERMS
    if skipped > 0:
        flat = [*flat[:8], rf"\dots\ (\text{{{skipped + MOST_TERMS - 11} more}})", *flat[-3:]]
    lines: list[str] = []
    for term in flat:
        joined = f"{lines[-1]} + {term}" if lines else term
        if lines and len(_seen(joined)) <= LONGEST_LINE:
            lines[-1] = joined
        else:
            lines.append(f"+ {term}" if lines else term)
    return lines


def _seen(formula: str) -> str:
    """Strip what is not drawn."""
    return re.sub(r"\\[a-z]+|[{}\\ ]", "", formula.replace(r"\cdot", "."))


def _term(value: float, weight: float) -> str:
    return rf"{number(value)} \cdot {factor(number(weight))}"


def _ending(pixel: PixelTrace) -> str:
    """Add the bias and cut at zero."""
    spec = pixel.spec
    if not spec.bias and not spec.relu:
        return ""
    with_bias = number(pixel.total)
    if spec.bias:
        with_bias += f" {summand(number(spec.bias))}"
    inside = rf"\max(0,\, {with_bias})" if spec.relu else with_bias
    return rf" \\ y &= {inside} = {number(pixel.result)}"


def explain_pixel(pixel: PixelTrace) -> str:
    """Say which pixel it is and what it read."""
    row, column, height, width = pixel.window
    colour = f", channel {CHANNELS[pixel.channel].lower()}" if len(pixel.filtered.planes) > 1 else ""
    outside = int(pixel.outside.sum())
    ends = row + height - 1, column + width - 1
    said = (
        f"Row {pixel.at[0]}, column {pixel.at[1]} of the result{colour} is **{minus(number(pixel.result))}**. "
        f"Its window covers rows {minus(str(row))} to {ends[0]} and columns {minus(str(column))} to {ends[1]} "
        "of the picture."
    )
    if outside:
        source = "zeros" if pixel.spec.mode == "zeros" else f"copies ({MODES[pixel.spec.mode].lower()})"
        said += f" {outside} of its {pixel.outside.size} values lie beyond the border: {source}."
    return said


def explain_borders(borders: BordersTrace) -> str:
    """Say what is compared, and which mode is closest."""
    best, worst = (pick(borders.cases, key=lambda case: case.mean) for pick in (min, max))
    height, width = borders.crop[2:]
    if not borders.touched:
        return "This kernel reads one pixel only: it meets no border."
    if worst.mean == 0:
        return "All four modes are right here: what they make up is what lies beyond the border."
    return (
        f"The middle {height}×{width} pixels were cut out and filtered with each padding mode. What really lies beyond "
        f"the border is known here, so the error can be measured: {MODES[best.mode].lower()} is closest "
        f"({number(best.mean)} on average), {MODES[worst.mode].lower()} furthest off ({number(worst.mean)}). "
        f"{borders.touched} pixels, {100 * borders.share:.3g} % of the crop, feel the border; all others are exact."
    )


def border_table(borders: BordersTrace) -> list[list[str]]:
    """For each padding mode: its name, the largest error, and the mean error where the border is felt."""
    return [[MODES[case.mode], number(case.largest), number(case.mean)] for case in borders.cases]


def kernel_alt(rows: Rows) -> str:
    """Read the kernel out."""
    return "; ".join(" ".join(minus(fraction_text(value)) for value in row) for row in rows)
