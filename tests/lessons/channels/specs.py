"""Specs of the Channels lesson for property tests: every setting at all its values, with edits."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.lessons.channels.spec import (
    BOUNDS,
    INPUT_PATTERNS,
    MOST_CHANNELS,
    ONE_BIAS,
    VIEWS,
    WEIGHT_PATTERNS,
    ChannelsSpec,
)
from cnnviz.lessons.channels.trace import ChannelsTrace, check_channels, trace_channels
from tests.lessons.convolution.specs import CELLS


def bounded(name: str) -> st.SearchStrategy[int]:
    return st.integers(*BOUNDS[name])


def pairs(name: str) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(bounded(name), bounded(name)) | bounded(name).map(lambda both: (both, both))


def edits(*sides: int):
    index = st.tuples(*(st.integers(0, side - 1) for side in sides))
    return st.dictionaries(index, CELLS, max_size=2).map(lambda found: tuple(sorted(found.items())))


BIASES = st.sampled_from([(), (), ONE_BIAS, (0,) * MOST_CHANNELS, (5, 0, 0.5, 0, 0, 0)])
SIDE, KERNEL = BOUNDS["input"][1], BOUNDS["kernel"][1]

SPECS = st.builds(
    ChannelsSpec,
    size=pairs("input"),
    kernel=pairs("kernel"),
    stride=pairs("stride"),
    padding=pairs("padding"),
    inputs=bounded("inputs"),
    outputs=bounded("outputs"),
    groups=bounded("groups"),
    separable=st.booleans(),
    view=st.sampled_from(sorted(VIEWS)),
    shown=bounded("shown"),
    bias=BIASES,
    values=st.sampled_from(sorted(INPUT_PATTERNS)),
    value_edits=edits(MOST_CHANNELS, SIDE, SIDE),
    weights=st.sampled_from(sorted(WEIGHT_PATTERNS)),
    weight_edits=edits(MOST_CHANNELS, MOST_CHANNELS, KERNEL, KERNEL),
    mixing_edits=edits(MOST_CHANNELS, MOST_CHANNELS),
    seed=bounded("seed"),
)
"""Every spec that a learner can reach, the impossible ones included."""


def works(spec: ChannelsSpec) -> bool:
    try:
        check_channels(spec)
    except SpecError:
        return False
    return True


DENSE = [(1, 1, 1), (1, 4, 1), (3, 2, 1), (6, 6, 1)]
GROUPED = st.sampled_from([*DENSE, (4, 4, 2), (6, 4, 2), (6, 3, 3), (3, 3, 3), (2, 6, 2), (6, 6, 6)])
WORKING = st.builds(
    lambda spec, channels: replace(spec, inputs=channels[0], outputs=channels[1], groups=channels[2]), SPECS, GROUPED
).filter(works)
"""Specs that can be computed."""


def traced(**query: str) -> ChannelsTrace:
    spec, notes = ChannelsSpec.from_query(query)
    assert not notes
    return trace_channels(spec)
