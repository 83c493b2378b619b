"""Specs of the Volumes lesson for property tests: every setting at all its values, with changed numbers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.lessons.volumes.spec import BOUNDS, DIMENSIONS, INPUT_PATTERNS, KERNEL_PATTERNS, VolumesSpec
from cnnviz.lessons.volumes.trace import VolumesTrace, check_volumes, trace_volumes
from tests.lessons.convolution.specs import CELLS


def triples(name: str) -> st.SearchStrategy[tuple[int, int, int]]:
    one = st.integers(*BOUNDS[name])
    return st.tuples(one, one, one) | st.tuples(one, one).map(lambda pair: (pair[0], pair[1], pair[1]))


def edits(name: str):
    one = st.integers(0, BOUNDS[name][1] - 1)
    return st.dictionaries(st.tuples(one, one, one), CELLS, max_size=2).map(lambda found: tuple(sorted(found.items())))


SPECS = st.builds(
    VolumesSpec,
    size=triples("input"),
    kernel=triples("kernel"),
    stride=triples("stride"),
    padding=triples("padding"),
    dilation=triples("dilation"),
    dims=st.sampled_from(sorted(DIMENSIONS)),
    values=st.sampled_from(sorted(INPUT_PATTERNS)),
    value_edits=edits("input"),
    weights=st.sampled_from(sorted(KERNEL_PATTERNS)),
    weight_edits=edits("kernel"),
    seed=st.integers(*BOUNDS["seed"]),
)
"""Every spec that a learner can reach, the impossible ones included."""


def works(spec: VolumesSpec) -> bool:
    try:
        check_volumes(spec)
    except SpecError:
        return False
    return True


WORKING = SPECS.filter(works)


def plain(spec: VolumesSpec) -> VolumesSpec:
    """The oracles' tolerance is for numbers of a usual size."""
    return replace(spec, value_edits=(), weight_edits=())


def traced(**query: str) -> VolumesTrace:
    spec, notes = VolumesSpec.from_query(query)
    assert notes == [], "a test's own link must be readable"
    return trace_volumes(spec)
