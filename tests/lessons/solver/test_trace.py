"""The Solver by brute force, both ways: what it gives is right, and nothing within the bounds is missing."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.axis_layer import AxisLayer
from cnnviz.lessons.solver.spec import BOUNDS, PADS, Filters
from cnnviz.lessons.solver.spec_layer import KINDS
from cnnviz.lessons.solver.spec_question import Question, parse_question
from cnnviz.lessons.solver.trace import HEAVY, MOST_MIXED, oddities, solve, solve_axis, weigh
from tests.lessons.convolution.specs import examples
from tests.lessons.solver.oracle import brute, everything, numbers, size_of

SIZES = (1, 2, 3, 5, 7, 8, 13, 16, 56, 57, 224)
FILTERS = {
    "none": Filters(),
    "ceil": Filters(ceil=True),
    "exact": Filters(exact=True, ceil=True),
    "odd": Filters(odd=True),
    "uneven": Filters(pads="uneven"),
    "same": Filters(pads="same"),
    "kernel": Filters(kernel=4),
    "one cell": Filters(kernel=1, dilation=3),
    "stride": Filters(stride=2, padding=1),
    "dilation": Filters(dilation=2),
    "output padding": Filters(output_padding=1),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
def test_nothing_is_missing_and_nothing_is_wrong(kind, filters):
    for n in SIZES:
        reachable = everything(kind, n, filters.pads)
        some = sorted(reachable)[:: 1 if filters == Filters() or len(reachable) < 40 else 5]
        for wanted in {*some, 1, 2, n, 2 * n, max(reachable) + 1}:
            found = [layer for layer, _ in solve_axis(kind, n, wanted, filters)]
            assert len(found) == len(set(found)), "a layer is listed once"
            assert set(found) == brute(kind, n, wanted, filters), (n, wanted)


def fixed(name: str) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(*BOUNDS[name])


ANY_FILTERS = st.builds(
    Filters,
    kernel=fixed("kernel"),
    stride=fixed("stride"),
    padding=fixed("padding"),
    dilation=fixed("dilation"),
    output_padding=fixed("output_padding"),
    pads=st.sampled_from(sorted(PADS)),
    exact=st.booleans(),
    odd=st.booleans(),
    ceil=st.booleans(),
)


@examples(150)
@given(st.sampled_from(sorted(KINDS)), st.sampled_from(SIZES), st.integers(1, 30), ANY_FILTERS)
def test_any_mixture_of_filters(kind, n, wanted, filters):
    found = {layer for layer, _ in solve_axis(kind, n, wanted, filters)}
    assert found == brute(kind, n, wanted, filters)


def test_respelled_layers_really_are_the_same_in_torch():
    x, w = torch.arange(1.0, 8).reshape(1, 1, 7), torch.tensor([[[2.0]]])
    conv = torch.nn.functional.conv1d
    assert torch.equal(conv(x, w, stride=2, dilation=1), conv(x, w, stride=2, dilation=4))


def torch_size(layer: AxisLayer, n: int) -> int:
    x = torch.zeros(1, 1, n)
    k, s, (p, after), d = numbers(layer)
    if layer.kind == "pool":
        if p != after or p > k // 2:  # a layer of its own
            x, p = torch.nn.functional.pad(x, (p, after)), 0
        return torch.nn.functional.max_pool1d(x, k, s, p, d, ceil_mode=layer.ceil).shape[-1]
    if layer.kind == "transposed":
        w = torch.zeros(1, 1, k)
        extra = layer.output_padding
        return torch.nn.functional.conv_transpose1d(x, w, stride=s, padding=p, output_padding=extra, dilation=d).shape[
            -1
        ]
    return torch.nn.functional.conv1d(
        torch.nn.functional.pad(x, (p, after)), torch.zeros(1, 1, k), None, s, 0, d
    ).shape[-1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n", "wanted"), [(7, 4), (5, 3), (6, 6), (3, 1), (12, 5), (4, 9)])
@pytest.mark.parametrize("pads", PADS)
def test_torch_agrees_with_every_answer(kind, n, wanted, pads):
    for layer, _ in solve_axis(kind, n, wanted, Filters(pads=pads, ceil=True)):
        assert torch_size(layer, n) == wanted, layer


def test_the_questions_of_the_lectures():
    def best(text: str, kind: str, count: int = 1) -> list[tuple[int, int, int]]:
        answers = solve(parse_question(text), kind).answers[:count]
        return [(a.rows.kernel, a.rows.stride, a.rows.padding[0]) for a in answers]

    assert best("224 -> 112", "conv", 2) == [(2, 2, 0), (3, 2, 1)]
    assert best("224 -> 112", "pool") == [(2, 2, 0)]
    assert best("224 -> 56", "conv") == [(4, 4, 0)]
    assert best("56 -> 112", "transposed", 2) == [(2, 2, 0), (4, 2, 1)]
    assert best("7 -> 4", "conv") == [(3, 2, 1)]
    assert best("5 -> 5", "conv", 2) == [(1, 1, 0), (3, 1, 1)]
    assert not solve(parse_question("5 -> 100"), "conv").answers
    assert (3, 2, 1) in best("256 -> 128", "conv", 5)


def test_the_ranking():
    for kind in KINDS:
        for n, wanted in ((56, 28), (7, 4), (7, 14), (9, 3)):
            ranked = solve_axis(kind, n, wanted)
            weights = [weigh(odd) for _, odd in ranked]
            assert weights == sorted(weights)
            assert all(odd == oddities(layer, n) for layer, odd in ranked)
            for (layer, odd), (after, later) in pairwise(ranked):
                if weigh(odd) == weigh(later):
                    assert layer.kernel <= after.kernel
    assert weigh(("dilated",)) == 2
    assert weigh(("lost", "even")) == 2
    assert "dilated" in HEAVY


@pytest.mark.parametrize(
    ("layer", "n", "odd"),
    [
        (AxisLayer("conv", 3, 2, (1, 1)), 7, ()),
        (AxisLayer("conv", 3, 2, (1, 1)), 8, ("lost",)),
        (AxisLayer("conv", 2, 2), 8, ("even",)),
        (AxisLayer("conv", 3, 1, (1, 2)), 8, ("uneven",)),
        (AxisLayer("conv", 3, 1, dilation=2), 8, ("dilated",)),
        (AxisLayer("conv", 1, 2), 7, ("gaps",)),
        (AxisLayer("conv", 3, 4, (0, 0)), 3, ("idle",)),
        (AxisLayer("conv", 1, 1, (1, 1)), 5, ("outside",)),
        (AxisLayer("pool", 2, 2), 8, ()),
        (AxisLayer("pool", 2, 2), 2, ()),
        (AxisLayer("pool", 1, 1), 8, ("single",)),
        (AxisLayer("pool", 3, 2, (1, 1)), 7, ("shared", "padded")),
        (AxisLayer("pool", 2, 2, ceil=True), 7, ("ceil",)),
        (AxisLayer("transposed", 4, 2, (1, 1)), 7, ()),
        (AxisLayer("transposed", 3, 2, (1, 1), output_padding=1), 7, ("extra", "overlap")),
        (AxisLayer("transposed", 1, 2), 7, ("overlap", "gaps")),
        (AxisLayer("transposed", 2, 1, (2, 2)), 9, ("cut",)),
    ],
)
def test_oddities(layer, n, odd):
    assert oddities(layer, n) == odd


def test_gaps_and_outside_are_what_the_windows_say():
    from cnnviz.engine.windows import axis_windows

    for n in (1, 4, 7):
        for layers in everything("conv", n, "uneven").values():
            for layer in sorted(layers, key=str)[::7]:
                windows = axis_windows(n, *numbers(layer))
                told = oddities(layer, n)
                inside: Any = (windows.reads >= layer.padding[0]) & (windows.reads < layer.padding[0] + n)
                only_padding = bool((~inside).all(axis=1)[[0, -1]].any())
                if layer.dilation == 1:
                    assert ("outside" in told) == only_padding, (n, layer)
                assert ("lost" in told) == (windows.lost > 0)


# Rows and columns apart


@pytest.mark.parametrize("kind", KINDS)
def test_rows_and_columns_apart(kind):
    question = parse_question("7x5 -> 4x3")
    filters = Filters(ceil=True)
    solution = solve(question, kind, filters)
    rows, columns = brute(kind, 7, 4, filters), brute(kind, 5, 3, filters)
    shared, mixed = solution.answers[: solution.shared], solution.answers[solution.shared :]
    assert {answer.rows for answer in shared} == rows & columns
    assert all(answer.rows == answer.columns for answer in shared)
    assert len(mixed) <= MOST_MIXED
    for answer in mixed:
        assert answer.rows in rows and answer.columns in columns
        assert answer.rows != answer.columns
        if answer.rows.ceil or answer.columns.ceil:
            both = [AxisLayer("pool", *numbers(one), ceil=True) for one in (answer.rows, answer.columns)]
            assert [size_of(both[0], 7), size_of(both[1], 5)] == [4, 3], "in torch, ceil mode holds for both"


def test_the_total_counts_every_pair():
    question = Question((7, 5), (4, 3))
    for kind, ceil in (("conv", False), ("transposed", False), ("pool", False), ("pool", True)):
        filters = Filters(ceil=ceil)
        rows, columns = brute(kind, 7, 4, filters), brute(kind, 5, 3, filters)

        def fits(row: AxisLayer, column: AxisLayer) -> bool:
            if row.ceil == column.ceil:
                return True
            one, other = (AxisLayer("pool", *numbers(layer), ceil=True) for layer in (row, column))
            return size_of(one, 7) == 4 and size_of(other, 5) == 3

        pairs = sum(fits(row, column) for row in rows for column in columns)
        assert solve(question, kind, filters).total == pairs


def test_alike_axes_are_solved_once():
    solution = solve(parse_question("8 -> 4"), "conv")
    assert solution.total == solution.shared == len(solution.answers)
    assert all(answer.alike for answer in solution.answers)
