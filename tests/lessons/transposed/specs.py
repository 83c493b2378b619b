"""Specs of transposed convolutions for property tests: every setting of the stage, most of them possible."""

from __future__ import annotations

from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.lessons.transposed.spec import BOUNDS, VIEWS, TransposedSpec
from cnnviz.lessons.transposed.trace import TransposedTrace, check_transposed, trace_transposed
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from tests.lessons.convolution.specs import sources


def bounded(name: str) -> st.SearchStrategy[int]:
    return st.integers(*BOUNDS[name])


def pairs(name: str) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(bounded(name), bounded(name)) | bounded(name).map(lambda both: (both, both))


SIDES = st.tuples(bounded("padding"), bounded("padding"))

SPECS = st.builds(
    TransposedSpec,
    size=pairs("input"),
    kernel=pairs("kernel"),
    stride=pairs("stride"),
    padding=st.tuples(SIDES, SIDES) | bounded("padding").map(lambda p: ((p, p), (p, p))),
    dilation=pairs("dilation"),
    output_padding=pairs("output_padding"),
    how=st.sampled_from(list(VIEWS)),
    values=sources(INPUT_PATTERNS, 16),
    weights=sources(KERNEL_PATTERNS, BOUNDS["kernel"][1]),
    seed=bounded("seed"),
)
"""Every spec that a learner can reach, the impossible ones included."""


def small(high: int, low: int = 1) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(low, high), st.integers(low, high))


def works(spec: TransposedSpec) -> bool:
    try:
        check_transposed(spec)
    except SpecError:
        return False
    return True


WORKING = st.builds(
    TransposedSpec,
    size=small(5),
    kernel=small(4),
    stride=small(3),
    padding=st.tuples(small(3, 0), small(3, 0)),
    dilation=small(2),
    output_padding=small(1, 0) | st.just((0, 0)),
    how=st.sampled_from(list(VIEWS)),
    values=sources(INPUT_PATTERNS, 6),
    weights=sources(KERNEL_PATTERNS, 4),
    seed=st.integers(0, 3),
).filter(works)
"""Specs that can be computed."""


def traced(**query: str) -> TransposedTrace:
    spec, notes = TransposedSpec.from_query(query)
    assert not notes
    return trace_transposed(spec)
