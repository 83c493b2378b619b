"""The sum under the stage, read back as a learner reads it, and what the engine says it must be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from cnnviz.engine.trace import ConvolutionTrace

NUMBER = r"\(?(−?[\d./]+)\)?"
TERM = re.compile(rf"(\[)?{NUMBER}\s*×\s*{NUMBER}\]?")
SUM = re.compile(r"y\[(\d+), (\d+)\] = (.*) = (−?[\d.e]+)(?: \d+ terms? in \[brackets\].*)?")


@dataclass(frozen=True)
class Sum:
    """An output cell, its terms (cell, weight, whether it reads padding) and what they come to."""

    row: int
    col: int
    terms: tuple[tuple[float, float, bool], ...]
    result: float


def read_sum(text: str) -> Sum:
    found = SUM.fullmatch(text.strip())
    assert found, f"no sum in {text!r}"
    row, col, terms, result = found.groups()
    parts = [TERM.fullmatch(part.strip()) for part in terms.split(" + ")]
    assert all(parts), f"not a sum of products: {terms!r}"
    read = tuple((_number(part[2]), _number(part[3]), part[1] is not None) for part in parts if part)
    return Sum(int(row), int(col), read, _number(result))


def expected_sum(trace: ConvolutionTrace, row: int, col: int) -> Sum:
    """The same from the engine's arrays and index maps."""
    weight = trace.weight[::-1, ::-1] if trace.spec.flip else trace.weight
    (top, _), (left, _) = trace.padding
    height, width = trace.values.shape
    terms = []
    for u, y in enumerate(trace.rows.reads[row].tolist()):
        for v, x in enumerate(trace.columns.reads[col].tolist()):
            inside = top <= y < top + height and left <= x < left + width
            terms.append((float(trace.padded[y, x]), float(weight[u, v]), not inside))
    return Sum(row, col, tuple(terms), float(f"{trace.output[row, col]:.6g}"))


def readers_of(trace: ConvolutionTrace, row: int, col: int) -> int:
    """How many outputs read an input cell, its copies in the padding included."""
    count = 1
    for axis, cell in ((trace.rows, row), (trace.columns, col)):
        shown = [at for at, origin in enumerate(axis.origin.tolist()) if origin == cell]
        count *= len({output for at in shown for output, _ in axis.readers[at]})
    return count


def _number(text: str) -> float:
    return float(Fraction(text.replace("−", "-")))
