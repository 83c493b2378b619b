r"""The sum of products behind one output cell, written out with its numbers.

>>> from cnnviz.lessons.convolution.trace import trace_convolution
>>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
>>> print(explain_sum(trace_convolution(ConvolutionSpec(padding=((1, 1), (1, 1)))), 0, 0))
\begin{aligned}
y_{0,0} &= [0\cdot 0] + [0\cdot 1] + [0\cdot 2] \\
&\quad + [0\cdot 2] + 3\cdot 2 + 3\cdot 0 \\
&\quad + [0\cdot 0] + 0\cdot 1 + 0\cdot 2 \\
&= 6
\end{aligned}

Square brackets mark the products with padding.
"""

from __future__ import annotations

import re

from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.trace import ConvolutionTrace
from cnnviz.state.numbers import show_number, store_number

LINE_SIGNS = 20
"""About as many signs of a formula fit on one line of a phone."""

LONGEST_EXACT = 8
"""A number that takes more signs than this is rounded."""


def explain_sum(trace: ConvolutionTrace, row: int, column: int) -> str:
    """Write one output cell as LaTeX, rows and columns counted from 0: a kernel row begins a new line."""
    height, width = trace.output.shape
    if not (0 <= row < height and 0 <= column < width):
        raise SpecError(
            "at",
            f"The output has no cell in row {row}, column {column}: "
            f"its rows go from 0 to {height - 1}, its columns from 0 to {width - 1}.",
        )
    lines = [line for terms in _terms(trace, row, column) for line in _broken(terms)]
    value = trace.output[row, column].item()
    shown = show_number(value)
    sign = "=" if abs(float(shown) - value) < 1e-9 else r"\approx"
    total = " \\\\\n&\\quad + ".join(" + ".join(line) for line in lines)
    start = rf"\begin{{aligned}}{chr(10)}y_{{{row},{column}}} &= "
    return f"{start}{total} \\\\\n&{sign} {shown}\n\\end{{aligned}}"


def _terms(trace: ConvolutionTrace, row: int, column: int) -> list[list[str]]:
    """Write the products of one window, a list for each kernel row."""
    weight = trace.weight[::-1, ::-1] if trace.spec.flip else trace.weight
    (top, _), (left, _) = trace.padding
    height, width = trace.values.shape
    rows, columns = trace.rows.reads[row].tolist(), trace.columns.reads[column].tolist()
    terms = []
    for y, weights in zip(rows, weight.tolist(), strict=True):
        line = []
        for x, factor in zip(columns, weights, strict=True):
            product = rf"{_number(trace.padded[y, x].item())}\cdot {_number(factor)}"
            inside = top <= y < top + height and left <= x < left + width
            line.append(product if inside else f"[{product}]")
        terms.append(line)
    return terms


def _number(value: float) -> str:
    r"""Write a factor: fractions upright, negative numbers in parentheses.

    >>> _number(-1 / 9), _number(0.25), _number(-2)
    ('(-\\tfrac{1}{9})', '0.25', '(-2)')
    """
    text = store_number(abs(value))
    if "/" in text:
        text = r"\tfrac{{{}}}{{{}}}".format(*text.split("/"))
    elif len(text) > LONGEST_EXACT:
        text = show_number(abs(value))
    return f"(-{text})" if value < 0 else text


def _broken(terms: list[str]) -> list[list[str]]:
    """Break a kernel row where it grows too long for a phone."""
    lines: list[list[str]] = [[]]
    for term in terms:
        used = sum(_signs(earlier) + 1 for earlier in lines[-1])
        if lines[-1] and used + _signs(term) > LINE_SIGNS:
            lines.append([])
        lines[-1].append(term)
    return lines


def _signs(latex: str) -> int:
    """Count the signs that a reader sees; a small fraction is as wide as its longer half."""
    text = re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", lambda match: max(match.groups(), key=len), latex)
    return len(text.replace(r"\cdot ", "·"))
