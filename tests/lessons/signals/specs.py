"""Specs of the Signals lesson for property tests: every setting at all its values, with edited and typed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from hypothesis import strategies as st

from cnnviz.engine.grids import CUSTOM, GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.signals.spec import BOUNDS, KERNELS, SIGNALS, SignalSpec
from cnnviz.lessons.signals.trace import check_signal
from cnnviz.state.padding import MODES, NAMED_PADDING
from tests.lessons.convolution.specs import CELLS


def bounded(name: str) -> st.SearchStrategy[int]:
    return st.integers(*BOUNDS[name])


@st.composite
def rows(draw: st.DrawFn, patterns: Mapping[str, str], side: int) -> GridSource:
    """A pattern or one typed row, with or without edited cells."""
    typed = st.lists(CELLS, min_size=1, max_size=side).map(lambda row: GridSource(CUSTOM, (tuple(row),)))
    source = draw(st.sampled_from(sorted(patterns)).map(GridSource) | typed)
    edits = draw(st.dictionaries(st.integers(0, side - 1), CELLS, max_size=3))
    return replace(source, edits=tuple((0, column, value) for column, value in sorted(edits.items())))


SPECS = st.builds(
    SignalSpec,
    size=bounded("input"),
    kernel=bounded("kernel"),
    stride=bounded("stride"),
    padding=st.sampled_from(NAMED_PADDING) | st.tuples(bounded("padding"), bounded("padding")),
    dilation=bounded("dilation"),
    mode=st.sampled_from(sorted(MODES)),
    flip=st.booleans(),
    values=rows(SIGNALS, BOUNDS["input"][1]),
    weights=rows(KERNELS, BOUNDS["kernel"][1]),
    seed=bounded("seed"),
)
"""Every spec that a learner can reach, the impossible ones included."""


def works(spec: SignalSpec) -> bool:
    try:
        check_signal(spec)
    except SpecError:
        return False
    return True


def spec_of(query: str | Mapping[str, str]) -> SignalSpec:
    spec, notes = SignalSpec.from_query(dict(parse_qsl(query)) if isinstance(query, str) else query)
    assert not notes
    return spec
