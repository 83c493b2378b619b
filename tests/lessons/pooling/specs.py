"""Specs of the Pooling, Down-sampling and Pixel shuffle lessons for property tests, the impossible ones included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.lessons.downsampling import spec as downsampling
from cnnviz.lessons.downsampling.spec import LOOKS, DownsamplingSpec
from cnnviz.lessons.downsampling.trace import trace_downsampling
from cnnviz.lessons.pooling import spec as pooling
from cnnviz.lessons.pooling.spec import AREAS, OPERATIONS, PoolingSpec
from cnnviz.lessons.pooling.trace import trace_pooling
from cnnviz.lessons.shuffle import spec as shuffle
from cnnviz.lessons.shuffle.spec import WAYS, ShuffleSpec
from cnnviz.lessons.shuffle.trace import trace_shuffle
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from tests.lessons.convolution.specs import sources

TRACES: dict[type, Callable[[Any], Any]] = {
    PoolingSpec: trace_pooling,
    DownsamplingSpec: trace_downsampling,
    ShuffleSpec: trace_shuffle,
}


def pairs(bounds: tuple[int, int]) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(*bounds), st.integers(*bounds)) | st.integers(*bounds).map(lambda both: (both, both))


POOLING_SPECS = st.builds(
    PoolingSpec,
    op=st.sampled_from(sorted(OPERATIONS)),
    area=st.just("windows") | st.sampled_from(sorted(AREAS)),
    size=pairs(pooling.BOUNDS["input"]),
    kernel=pairs((1, 4)) | pairs(pooling.BOUNDS["kernel"]),
    stride=st.none() | pairs((1, 4)) | pairs(pooling.BOUNDS["stride"]),
    padding=pairs((0, 1)) | pairs(pooling.BOUNDS["padding"]),
    dilation=pairs((1, 2)) | pairs(pooling.BOUNDS["dilation"]),
    ceil=st.booleans(),
    count_pad=st.booleans(),
    outputs=pairs(pooling.BOUNDS["outputs"]),
    unpool=st.booleans(),
    values=sources(INPUT_PATTERNS, pooling.BOUNDS["input"][1]),
    seed=st.integers(0, 9999),
)

DOWNSAMPLING_SPECS = st.builds(
    DownsamplingSpec,
    look=st.sampled_from(sorted(LOOKS)),
    size=pairs(downsampling.BOUNDS["input"]),
    factor=st.integers(*downsampling.BOUNDS["factor"]),
    kernel=pairs(downsampling.BOUNDS["kernel"]),
    values=sources(INPUT_PATTERNS, downsampling.BOUNDS["input"][1]),
    weights=sources(KERNEL_PATTERNS, downsampling.BOUNDS["kernel"][1]),
    seed=st.integers(0, 9999),
)

SHUFFLE_SPECS = st.builds(
    ShuffleSpec,
    way=st.sampled_from(sorted(WAYS)),
    factor=st.integers(*shuffle.BOUNDS["factor"]),
    cells=pairs(shuffle.BOUNDS["cells"]),
    channels=st.integers(*shuffle.BOUNDS["channels"]),
    values=sources(INPUT_PATTERNS, 16),
    seed=st.integers(0, 9999),
)


def works(spec: Any) -> bool:
    try:
        TRACES[type(spec)](spec)
    except SpecError:
        return False
    return True


def traced(kind: Any, link: str = "") -> Any:
    spec, notes = kind.from_query(dict(parse_qsl(link)))
    assert not notes, "a test's own link must be readable"
    return TRACES[kind](spec)
