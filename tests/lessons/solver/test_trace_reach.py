from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.axis_layer import AxisLayer
from cnnviz.lessons.solver.spec import Filters
from cnnviz.lessons.solver.spec_layer import KINDS
from cnnviz.lessons.solver.trace import solve_axis
from cnnviz.lessons.solver.trace_reach import inputs_for, loosened, nearest_inputs, reach_of
from tests.lessons.convolution.specs import examples
from tests.lessons.solver.oracle import everything, passes, size_of

FILTERS = {
    "none": Filters(),
    "ceil": Filters(ceil=True),
    "exact": Filters(exact=True),
    "odd": Filters(odd=True, stride=2),
    "uneven": Filters(pads="uneven", kernel=3),
    "same": Filters(pads="same"),
    "same, exact": Filters(pads="same", exact=True),
    "output padding": Filters(output_padding=2, dilation=2),
    "nothing passes": Filters(odd=True, kernel=2),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
def test_the_sizes_within_reach(kind, filters):
    for n in (1, 2, 5, 16, 57):
        passing = [
            (layer.stride, size)
            for size, layers in everything(kind, n, filters.pads).items()
            for layer in layers
            if passes(layer, n, filters)
        ]
        reach = reach_of(kind, n, filters)
        assert set(reach.sizes) == {size for _, size in passing}
        for stride, (low, high) in reach.strides.items():
            sizes = [size for step, size in passing if step == stride]
            assert (low, high) == (min(sizes), max(sizes))


def distance(sizes: tuple[int, ...], wanted: int) -> int | None:
    return min((abs(size - wanted) for size in sizes), default=None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
def test_the_nearest_input_works_and_none_is_nearer(kind, filters):
    for n, wanted in ((5, 9), (9, 30), (12, 2), (7, 7)):
        nearest = nearest_inputs(kind, n, wanted, filters)
        working = tuple(m for m in range(1, 320) if solve_axis(kind, m, wanted, filters))
        if not working:
            assert nearest == ()
            continue
        gap = distance(working, n)
        assert nearest == tuple(m for m in working if abs(m - n) == gap)


@pytest.mark.parametrize("kind", KINDS)
def test_the_nearest_output_works(kind):
    reach = reach_of(kind, 30)
    for wanted in range(1, 400, 7):
        nearest = reach.nearest(wanted)
        assert nearest
        assert all(solve_axis(kind, 30, size) for size in nearest)
        assert {abs(size - wanted) for size in nearest} == {distance(reach.sizes, wanted)}


@st.composite
def layers(draw: st.DrawFn) -> AxisLayer:
    kind = draw(st.sampled_from(sorted(KINDS)))
    kernel, stride, dilation = draw(st.integers(1, 6)), draw(st.integers(1, 5)), draw(st.integers(1, 3))
    before = draw(st.integers(0, kernel // 2 if kind == "pool" else 4))
    uneven = kind == "conv" and draw(st.booleans())
    extra = draw(st.integers(0, max(stride, dilation) - 1)) if kind == "transposed" else 0
    ceil = kind == "pool" and draw(st.booleans())
    return AxisLayer(kind, kernel, stride, (before, before + uneven), dilation, extra, ceil)


@examples(300)
@given(layers(), st.integers(1, 20), st.integers(0, 6))
def test_inputs_for_an_output(layer, low, more):
    high = low + more
    inputs = [n for n in range(1, 240) if low <= (size_of(layer, n) or 0) <= high]
    expected = (inputs[0], inputs[-1]) if inputs else None
    assert inputs_for(layer, low, high) == expected
    if inputs:
        assert inputs == list(range(inputs[0], inputs[-1] + 1)), "a range without gaps"


def test_which_filter_hides_the_answers():
    filters = Filters(odd=True, exact=True)
    assert not solve_axis("conv", 224, 112, filters)
    counts = loosened("conv", 224, 112, filters)
    assert set(counts) == {"odd", "exact"}
    for name, count in counts.items():
        without: Any = {name: False}
        assert len(solve_axis("conv", 224, 112, replace(filters, **without))) == count
