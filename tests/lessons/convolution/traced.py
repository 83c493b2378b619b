"""Specs for the tests of the words and the code: every setting of the stage, small enough to be quick."""

from hypothesis import assume
from hypothesis import strategies as st

from cnnviz.engine.grids import GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.convolution.trace import ConvolutionTrace, trace_convolution
from cnnviz.state.padding import MODES
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS


def pairs(low: int, high: int) -> st.SearchStrategy:
    return st.tuples(st.integers(low, high), st.integers(low, high))


SPECS = st.builds(
    ConvolutionSpec,
    size=pairs(1, 9),
    kernel=pairs(1, 4),
    stride=pairs(1, 3),
    padding=st.sampled_from(["valid", "same", "full"]) | st.tuples(pairs(0, 3), pairs(0, 3)),
    dilation=pairs(1, 3),
    mode=st.sampled_from(list(MODES)),
    flip=st.booleans(),
    values=st.sampled_from(list(INPUT_PATTERNS)).map(GridSource),
    weights=st.sampled_from(list(KERNEL_PATTERNS)).map(GridSource),
    seed=st.integers(0, 3),
)


@st.composite
def traces(draw: st.DrawFn) -> ConvolutionTrace:
    spec = draw(SPECS)
    try:
        return trace_convolution(spec)
    except SpecError:
        assume(False)
        raise


def traced(**query: str) -> ConvolutionTrace:
    spec, notes = ConvolutionSpec.from_query(query)
    assert not notes
    return trace_convolution(spec)
