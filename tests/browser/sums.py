"""The sum under the stage, read back as a learner reads it, and what the engine says it must be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from playwright.sync_api import TimeoutError

from cnnviz.lessons.convolution.trace import ConvolutionTrace
from tests.browser.stage_page import StagePage

NUMBER = r"\(?(−?[\d./]+)\)?"
TERM = re.compile(rf"(\[)?{NUMBER}\s*×\s*{NUMBER}\]?")
SUM = re.compile(r"y\[(\d+), (\d+)\] = (.*) = (−?[\d.e]+)(?: \d+ terms? in \[brackets\].*)?")


@dataclass(frozen=True)
class Sum:
    """An output cell, its terms (cell, weight, whether it reads padding) and what they come to, as it is written."""

    row: int
    col: int
    terms: tuple[tuple[float, float, bool], ...]
    result: str


def read_sum(text: str) -> Sum:
    found = SUM.fullmatch(text.strip())
    assert found, f"no sum in {text!r}"
    row, col, terms, result = found.groups()
    parts = [TERM.fullmatch(part.strip()) for part in terms.split(" + ")]
    assert all(parts), f"not a sum of products: {terms!r}"
    read = tuple((_number(part[2]), _number(part[3]), part[1] is not None) for part in parts if part)
    return Sum(int(row), int(col), read, result)


def assert_sum(text: str, trace: ConvolutionTrace, row: int, col: int) -> None:
    """The text says what the engine's arrays and index maps say, the result rounded to the digits that it shows."""
    said = read_sum(text)
    assert (said.row, said.col, said.terms) == (row, col, expected_terms(trace, row, col))
    decimals = len(said.result.partition(".")[2])
    assert _number(said.result) == round(float(trace.output[row, col]), decimals)
    assert decimals >= 4 or said.result == shown(float(trace.output[row, col]))


def expect_sum(stage: StagePage, trace: ConvolutionTrace, row: int, col: int) -> None:
    """Wait until the sum is right: the answer to the last move may still be on its way."""
    while True:
        text = stage.sum.inner_text()
        try:
            assert_sum(text, trace, row, col)
        except AssertionError:
            try:
                stage.page.wait_for_function(
                    "([node, text]) => node.innerText !== text", arg=[stage.sum.element_handle(), text], timeout=5000
                )
            except TimeoutError:
                assert_sum(text, trace, row, col)
        else:
            return


def shown(value: float) -> str:
    """A number of up to six digits as the stage writes it."""
    return f"{value:.6g}".replace("-", "−")


def expected_terms(trace: ConvolutionTrace, row: int, col: int) -> tuple[tuple[float, float, bool], ...]:
    weight = trace.weight[::-1, ::-1] if trace.spec.flip else trace.weight
    (top, _), (left, _) = trace.padding
    height, width = trace.values.shape
    terms = []
    for u, y in enumerate(trace.rows.reads[row].tolist()):
        for v, x in enumerate(trace.columns.reads[col].tolist()):
            inside = top <= y < top + height and left <= x < left + width
            terms.append((float(trace.padded[y, x]), float(weight[u, v]), not inside))
    return tuple(terms)


def readers_of(trace: ConvolutionTrace, row: int, col: int) -> int:
    """How many outputs read an input cell, its copies in the padding included."""
    count = 1
    for axis, cell in ((trace.rows, row), (trace.columns, col)):
        shown = [at for at, origin in enumerate(axis.origin.tolist()) if origin == cell]
        count *= len({output for at in shown for output, _ in axis.readers[at]})
    return count


def _number(text: str) -> float:
    return float(Fraction(text.replace("−", "-")))
