import re

import pytest
from hypothesis import given, settings

from cnnviz.engine.arithmetic import output_size
from cnnviz.lessons.transposed.trace import trace_transposed
from cnnviz.lessons.transposed.words import (
    explain_added,
    explain_cost,
    explain_equivalent,
    explain_overlap,
    explain_relation,
    explain_shared_sizes,
    explain_size,
    explain_trip,
)
from tests.lessons.transposed.specs import WORKING, traced

RELATIONS = {
    "8": {"n": "2", "s": "1"},
    "9": {"n": "6", "k": "4", "s": "1", "p": "2"},
    "10": {"n": "5", "s": "1", "p": "1"},
    "11": {"n": "7", "s": "1", "p": "2"},
    "12": {"n": "2"},
    "13": {"n": "3", "p": "1"},
    "14": {"n": "3", "p": "1", "op": "1"},
}


def result(formula: str) -> int:
    """The number behind the last sign of equality."""
    return int(re.findall(r"= (\d+)", formula)[-1])


def computed(formula: str) -> int:
    """Compute the last line that has signs of its own: numbers, plus, minus, dots for times, floors have none."""
    line = formula.removesuffix(r"\end{aligned}").rsplit("&= ", 1)[-1].rsplit(" = ", 1)[0]
    line = line.replace(r"\cdot", "*").replace("&", "").replace(r"\quad", "").replace("\\\\", "")
    return int(eval(line, {"__builtins__": {}}))


@pytest.mark.parametrize("number", RELATIONS)
def test_the_guides_relations_by_their_numbers(number):
    trace = traced(**RELATIONS[number])
    (relation,) = explain_relation(trace)
    assert relation.title == f"Relation {number}"
    assert result(relation.formula) == trace.rows.size


@settings(deadline=None, max_examples=200, derandomize=True)
@given(WORKING)
def test_formulas_come_to_the_size(spec):
    trace = trace_transposed(spec)
    sizes = explain_size(trace)
    assert len(sizes) == (1 if trace.rows == trace.columns else 2)
    for axis, formula, relation in zip(trace.axes, sizes, explain_relation(trace), strict=False):
        assert computed(formula) == result(formula) == axis.size
        assert computed(relation.formula) == result(relation.formula) == axis.size
        for text in (formula, relation.formula):
            assert text.count("{") == text.count("}")
            assert r"\left" not in text


@settings(deadline=None, max_examples=150, derandomize=True)
@given(WORKING)
def test_shared_sizes_are_those_that_a_convolution_rounds_off(spec):
    trace = trace_transposed(spec)
    axis = trace.rows
    text = explain_shared_sizes(trace).split("Columns:", maxsplit=1)[0]
    sharing = []
    for size in range(1, 40):
        try:
            found = output_size(size, axis.kernel, axis.stride, axis.padding, axis.dilation)
        except ValueError:
            continue
        if found == axis.n:
            sharing.append(size)
    if axis.output_padding >= axis.stride:
        assert "legal because" in text
    else:
        assert axis.size in sharing
        for size in sharing:
            assert re.search(rf"\b{size}\b", text)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(WORKING)
def test_costs_are_counted(spec):
    trace = trace_transposed(spec)
    cost = explain_cost(trace)
    spread = (trace.rows.size, trace.columns.size)
    assert cost.windows == spread[0] * spread[1] * trace.weight.size
    assert cost.matrix == trace.output.size * trace.values.size
    entries = sum(len(cells) for axis in [trace.rows] for cells in axis.stamps[axis.cut[0] : axis.cut[0] + axis.size])
    across = sum(len(cells) for axis in [trace.columns] for cells in axis.stamps[axis.cut[0] : axis.cut[0] + axis.size])
    assert cost.needed == entries * across <= cost.stamps
    assert cost.sentence.endswith(".")
    for text in (explain_overlap(trace), explain_shared_sizes(trace)):
        assert text.endswith(".")


def test_the_equivalent_convolution_in_numbers():
    table = explain_equivalent(traced(p="1", op="1"))
    assert "| 3, turned |" in table
    assert "| 2 − 1 = 1 |" in table
    assert "| 3 + 2·1 = 5 |" in table
    assert "| 3 − 1 − 1 = 1 |" in table
    assert "| (6 + 2 − 3) mod 2 = 1 |" in table
    assert "| | Rows | Columns |" in explain_equivalent(traced(n="2x3"))
    assert "2 − 3 − 1 = −2" in explain_equivalent(traced(k="2", p="3", n="5"))


def test_added_cells_are_sums():
    assert explain_added(traced(p="1")) == ""
    assert "does not append zeros" in explain_added(traced(p="1", op="1"))
    assert "no stamp reaches" in explain_added(traced(op="1"))


def test_checkerboard_in_words():
    assert "do not fit" in explain_overlap(traced())
    assert "checkerboard but for the rim" in explain_overlap(traced(k="4"))
    assert "side by side" in explain_overlap(traced(k="2"))
    assert "no checkerboard" in explain_overlap(traced(s="1"))


def test_the_round_trip_in_words():
    assert explain_trip(traced()) == ""
    assert "not the old values" in explain_trip(traced(how="round"))
    assert "all of them are the old values" in explain_trip(traced(how="round", k="1", s="1", w="ones"))
