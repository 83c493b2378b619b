"""The state of the Filters page between a link and a spec."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.engine.pictures.kernels import LIBRARY
from cnnviz.lessons.filters.examples import FILTERS_PRESETS
from cnnviz.lessons.filters.spec import COLOURS, FIELDS, KINDS, PADDINGS, SIZES, VIEWS, FiltersSpec
from cnnviz.state.kernels import KernelSource, sized_kernel
from cnnviz.state.look import Look
from cnnviz.state.padding import MODES
from cnnviz.state.preset import Preset
from tests.lessons.convolution.specs import examples

SIDES = st.integers(0, 20_000)
KERNELS = st.sampled_from(list(LIBRARY)).flatmap(
    lambda name: st.builds(
        lambda size, edits: (sized_kernel(name, size) if size else KernelSource(name)).edit(*edits),
        st.sampled_from(LIBRARY[name].sizes or (0,)),
        st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(-9, 9)),
    )
)
SPECS = st.builds(
    FiltersSpec,
    kernel=KERNELS,
    stride=st.integers(1, 8),
    dilation=st.integers(1, 8),
    padding=st.sampled_from(list(PADDINGS)),
    amount=st.integers(0, 32),
    mode=st.sampled_from(list(MODES)),
    colour=st.sampled_from(list(COLOURS)),
    flip=st.booleans(),
    bias=st.integers(-255, 255),
    relu=st.booleans(),
    kind=st.sampled_from(list(KINDS)),
    contrast=st.integers(1, 10),
    view=st.sampled_from(list(VIEWS)),
    errors=st.booleans(),
    at=st.none() | st.tuples(SIDES, SIDES),
    channel=st.integers(0, 2),
    look=st.none() | st.builds(Look, SIDES, SIDES, st.integers(1, 20_000)),
)
NAMES = [field.name for field in (*FIELDS, *SIZES)]


@examples(200)
@given(SPECS)
def test_a_link_brings_back_the_state(spec: FiltersSpec) -> None:
    assert FiltersSpec.from_query(spec.to_query()) == (spec, [])


@examples(300)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30) | st.sampled_from(["box-5", "2", "1.5", "3x3"])))
def test_every_link_gives_a_spec(query: dict[str, str]) -> None:
    spec, notes = FiltersSpec.from_query(query)
    assert FiltersSpec.from_query(spec.to_query()) == (spec, [])
    assert all(note.endswith("now.") for note in notes)


@pytest.mark.parametrize("preset", FILTERS_PRESETS, ids=lambda preset: preset.name)
def test_an_example_is_written_as_the_page_writes_it(preset: Preset) -> None:
    state = dict(preset.state)
    named = state.pop("img", None)
    assert named is None or named in SAMPLES
    spec, notes = FiltersSpec.from_query(state)
    assert notes == []
    assert spec.to_query() == state


def test_the_sliders_size_becomes_the_nearest_that_there_is() -> None:
    assert FiltersSpec.from_query({"k": "gaussian", "n": "8"})[0].kernel.own_size in {7, 9}
    assert FiltersSpec.from_query({"k": "sobel-x", "n": "9"})[0].kernel == KernelSource("sobel-x")
    spec, _ = FiltersSpec.from_query({"k": "gaussian-7-1.5", "ke": "0.0 3", "sigma": "2.5"})
    assert spec.to_query() == {"k": "gaussian-7-2.5"}
