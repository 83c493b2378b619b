"""Specs of convolutions as matrices for property tests: every setting of the stage."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.lessons.matrix.spec import BOUNDS, MODES, VIEWS, MatrixSpec
from cnnviz.lessons.matrix.trace import MatrixTrace, check_matrix, trace_matrix
from cnnviz.state.padding import NAMED_PADDING
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from tests.lessons.convolution.specs import sources


def bounded(name: str) -> st.SearchStrategy[int]:
    return st.integers(*BOUNDS[name])


def pairs(name: str) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(bounded(name), bounded(name)) | bounded(name).map(lambda both: (both, both))


SIDES = st.tuples(bounded("padding"), bounded("padding"))

SPECS = st.builds(
    MatrixSpec,
    size=pairs("input"),
    kernel=pairs("kernel"),
    stride=pairs("stride"),
    padding=st.sampled_from(NAMED_PADDING) | st.tuples(SIDES, SIDES),
    dilation=pairs("dilation"),
    mode=st.sampled_from(sorted(MODES)),
    flip=st.booleans(),
    how=st.sampled_from(sorted(VIEWS)),
    values=sources(INPUT_PATTERNS, 10),
    weights=sources(KERNEL_PATTERNS, BOUNDS["kernel"][1]),
    seed=bounded("seed"),
)
"""Every spec that a learner can reach, the impossible ones included."""


def works(spec: MatrixSpec) -> bool:
    try:
        check_matrix(spec)
    except SpecError:
        return False
    return True


def small(high: int, low: int = 1) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(low, high), st.integers(low, high))


WORKING = st.builds(
    lambda spec, size, kernel, padding: replace(spec, size=size, kernel=kernel, dilation=(1, 1), padding=padding),
    SPECS,
    small(5),
    small(3),
    st.sampled_from(["valid", "full"]) | st.tuples(small(1, 0), small(1, 0)),
).filter(works)
"""Specs that can be computed."""


def traced(**query: str) -> MatrixTrace:
    spec, notes = MatrixSpec.from_query(query)
    assert not notes
    return trace_matrix(spec)
