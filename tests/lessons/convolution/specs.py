"""Specs for property tests: every setting of the stage at all its values, with edited and with typed numbers."""

from __future__ import annotations

import os
from dataclasses import replace

from hypothesis import Phase, settings
from hypothesis import strategies as st

from cnnviz.engine.grids import CUSTOM, GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.spec import BOUNDS, ConvolutionSpec
from cnnviz.lessons.convolution.trace import check_convolution
from cnnviz.state.numbers import parse_number
from cnnviz.state.padding import MODES, NAMED_PADDING
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS

SHARE = float(os.environ.get("CNNVIZ_EXAMPLES", "0.5"))


def examples(count: int) -> settings:
    """Half as many examples as asked for, the same ones in every run; CNNVIZ_EXAMPLES=2 takes four times as many."""
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    return settings(
        max_examples=max(20, round(count * SHARE)), derandomize=True, deadline=None, database=None, phases=phases
    )


def bounded(name: str) -> st.SearchStrategy[int]:
    return st.integers(*BOUNDS[name])


def pairs(name: str) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(bounded(name), bounded(name)) | bounded(name).map(lambda both: (both, both))


def decimal(millionths: int) -> int | float:
    return parse_number(f"{millionths / 1e6:.6f}")


def fraction(above: int, below: int) -> int | float:
    return parse_number(f"{above}/{below}")


# What `parse_number` makes of a text is what a cell can hold.
CELLS = (
    st.integers(-99_999, 99_999)
    | st.sampled_from(["0.1", "0.000001", "99998.999999", "1/9", "-2/3"]).map(parse_number)
    | st.integers(-99_999_000_000, 99_999_000_000).map(decimal)
    | st.builds(fraction, st.integers(-9999, 9999), st.integers(1, 999))
)


@st.composite
def sources(draw: st.DrawFn, patterns: dict[str, str], side: int) -> GridSource:
    """A pattern or typed rows, with or without edited cells."""
    if draw(st.booleans()):
        source = GridSource(draw(st.sampled_from(sorted(patterns))))
    else:
        height, width = draw(st.integers(1, 3)), draw(st.integers(1, 5))
        row = st.lists(CELLS, min_size=width, max_size=width).map(tuple)
        source = GridSource(CUSTOM, tuple(draw(st.lists(row, min_size=height, max_size=height))))
    places = st.tuples(st.integers(0, side - 1), st.integers(0, side - 1))
    edits = draw(st.dictionaries(places, CELLS, max_size=4))
    return replace(source, edits=tuple(sorted((*place, value) for place, value in edits.items())))


SIDES = st.tuples(bounded("padding"), bounded("padding"))
PADDINGS = st.sampled_from(NAMED_PADDING) | st.tuples(SIDES, SIDES) | bounded("padding").map(lambda p: ((p, p), (p, p)))

SPECS = st.builds(
    ConvolutionSpec,
    size=pairs("input"),
    kernel=pairs("kernel"),
    stride=pairs("stride"),
    padding=PADDINGS,
    dilation=pairs("dilation"),
    mode=st.sampled_from(sorted(MODES)),
    flip=st.booleans(),
    values=sources(INPUT_PATTERNS, BOUNDS["input"][1]),
    weights=sources(KERNEL_PATTERNS, BOUNDS["kernel"][1]),
    seed=bounded("seed"),
)
"""Every spec that a learner can reach, the impossible ones included."""


def works(spec: ConvolutionSpec) -> bool:
    try:
        check_convolution(spec)
    except SpecError:
        return False
    return True


WORKING = st.builds(
    lambda spec, kernel, dilation: replace(spec, kernel=kernel, dilation=dilation),
    SPECS,
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.integers(1, 2), st.integers(1, 2)),
).filter(works)
"""Specs that can be computed; smaller kernels, so that they are easily found."""
