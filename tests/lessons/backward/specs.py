"""Specs of the Backward and the Properties lesson for property tests: every setting, with edited and typed numbers."""

from __future__ import annotations

from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.lessons.backward import spec as backward
from cnnviz.lessons.backward.spec import GRADIENTS, SHOWN, WAYS, BackwardSpec
from cnnviz.lessons.backward.trace import check_backward
from cnnviz.lessons.properties import spec as properties
from cnnviz.lessons.properties.spec import BORDERS, PROPERTIES, PropertiesSpec
from cnnviz.lessons.properties.trace import trace_properties
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from tests.lessons.convolution.specs import sources


def pairs(bounds: tuple[int, int]) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(*bounds), st.integers(*bounds)) | st.integers(*bounds).map(lambda both: (both, both))


def sides(bounds: tuple[int, int]) -> st.SearchStrategy[tuple[tuple[int, int], tuple[int, int]]]:
    even = pairs(bounds).map(lambda pair: ((pair[0], pair[0]), (pair[1], pair[1])))
    return even | st.tuples(pairs(bounds), pairs(bounds))


BACKWARD_SPECS = st.builds(
    BackwardSpec,
    **{name: pairs(backward.BOUNDS[name]) for name in ("kernel", "stride", "dilation")},
    padding=sides(backward.BOUNDS["padding"]),
    size=pairs(backward.BOUNDS["input"]),
    shown=st.sampled_from(sorted(SHOWN)),
    way=st.sampled_from(sorted(WAYS)),
    values=sources(INPUT_PATTERNS, 9),
    weights=sources(KERNEL_PATTERNS, 5),
    gradient=sources(GRADIENTS, 9),
    hot=pairs(backward.BOUNDS["cell"]),
    nudge=pairs(backward.BOUNDS["cell"]),
    seed=st.integers(0, 9999),
)


def properties_specs(*props: str) -> st.SearchStrategy[PropertiesSpec]:
    """Specs of these experiments: to filter the others out would draw six specs for one."""
    return st.builds(
        PropertiesSpec,
        prop=st.sampled_from(props),
        size=pairs(properties.BOUNDS["input"]),
        kernel=pairs(properties.BOUNDS["kernel"]),
        second=pairs(properties.BOUNDS["second"]),
        stride=pairs(properties.BOUNDS["stride"]),
        border=st.sampled_from(sorted(BORDERS)),
        turned=st.booleans(),
        scales=pairs(properties.BOUNDS["scale"]),
        shift=pairs(properties.BOUNDS["shift"]),
        values=sources(INPUT_PATTERNS, 8),
        others=sources(INPUT_PATTERNS, 8),
        weights=sources(KERNEL_PATTERNS, 5),
        seconds=sources(KERNEL_PATTERNS, 4),
        seed=st.integers(0, 9999),
    )


PROPERTIES_SPECS = properties_specs(*sorted(PROPERTIES))


def works(spec: BackwardSpec | PropertiesSpec) -> bool:
    try:
        check_backward(spec) if isinstance(spec, BackwardSpec) else trace_properties(spec)
    except SpecError:
        return False
    return True
