from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.grids import CUSTOM
from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.engine.pictures.kernels import LIBRARY
from cnnviz.lessons.filter_chains.examples import FILTER_CHAINS_PRESETS
from cnnviz.lessons.filter_chains.spec import (
    BLUR,
    BORDERS,
    FIELDS,
    LEVELS,
    MOST_DETAILS,
    OPERATORS,
    RATIO,
    SHOWS,
    SIGMA,
    SLIDERS,
    THRESHOLD,
    VIEWS,
    WHATS,
    FilterChainsSpec,
)
from cnnviz.state.kernels import KernelSource, parse_kernel, show_kernel
from cnnviz.state.look import Look
from cnnviz.state.preset import Preset
from tests.lessons.convolution.specs import examples

SIDES = st.integers(0, 20_000)
NUMBERS = st.integers(-9, 9) | st.sampled_from([0.5, 1 / 9, -0.25])


def hundredths(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(round(low * 100), round(high * 100)).map(lambda part: part / 100)


def grids(width: int) -> st.SearchStrategy[tuple[tuple[float, ...], ...]]:
    return st.lists(st.tuples(*[NUMBERS] * width), min_size=1, max_size=5).map(tuple)


KERNELS = (
    st.sampled_from(sorted(LIBRARY)).map(KernelSource)
    | st.sampled_from(["box-4", "gaussian-7-1.5", "log-15", "binomial-5"]).map(parse_kernel)
    | st.integers(1, 5).flatmap(grids).map(lambda rows: KernelSource(CUSTOM, rows=rows))
)
SPECS = st.builds(
    FilterChainsSpec,
    view=st.sampled_from(list(VIEWS)),
    show=st.sampled_from(SHOWS),
    first=KERNELS,
    second=KERNELS,
    mode=st.sampled_from(list(BORDERS)),
    relu=st.booleans(),
    operator=st.sampled_from(list(OPERATORS)),
    threshold=hundredths(*THRESHOLD),
    blur=hundredths(*BLUR),
    what=st.sampled_from(list(WHATS)),
    sigma=hundredths(*SIGMA),
    levels=st.integers(*LEVELS),
    drop=st.integers(0, MOST_DETAILS),
    ratio=hundredths(*RATIO),
    at=st.none() | st.tuples(SIDES, SIDES),
    look=st.none() | st.builds(Look, SIDES, SIDES, st.integers(1, 20_000)),
)


@examples(300)
@given(SPECS)
def test_a_link_brings_back_the_state(spec: FilterChainsSpec) -> None:
    assert FilterChainsSpec.from_query(spec.to_query()) == (spec, [])


@examples(300)
@given(st.dictionaries(st.sampled_from([field.name for field in (*FIELDS, *SLIDERS)]), st.text(max_size=30)))
def test_every_link_gives_a_spec(query: dict[str, str]) -> None:
    spec, notes = FilterChainsSpec.from_query(query)
    assert FilterChainsSpec.from_query(spec.to_query()) == (spec, [])
    assert all(note.endswith("now.") for note in notes)


@pytest.mark.parametrize("preset", FILTER_CHAINS_PRESETS, ids=lambda preset: preset.name)
def test_an_example_is_written_as_the_page_writes_it(preset: Preset) -> None:
    state = dict(preset.state)
    assert state.pop("img") in SAMPLES
    spec, notes = FilterChainsSpec.from_query(state)
    assert notes == []
    assert spec.to_query() == state
    assert preset.note.endswith((".", "?"))


def test_examples_have_names_and_states_of_their_own() -> None:
    assert len({preset.name for preset in FILTER_CHAINS_PRESETS}) == len(FILTER_CHAINS_PRESETS)
    assert len({tuple(sorted(preset.state.items())) for preset in FILTER_CHAINS_PRESETS}) == len(FILTER_CHAINS_PRESETS)


def test_the_sliders_size_the_kernels() -> None:
    spec, notes = FilterChainsSpec.from_query({"k1": "box", "n1": "5", "k2": "gaussian", "n2": "8", "s2": "2.5"})
    assert notes == []
    assert (show_kernel(spec.first), show_kernel(spec.second)) == ("box-5", "gaussian-7-2.5")
    kept = FilterChainsSpec.from_query({"k1": "sobel-x", "n1": "5"})[0]
    assert kept.first == KernelSource("sobel-x")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("t", "51", "the largest is 50"),
        ("sigma", "0.1", "the smallest is 0.5"),
        ("ratio", "many", "is not a number"),
        ("k2", "sobel", "a kernel is a name such as"),
        ("n", "9", "the largest is 5"),
    ],
)
def test_a_bad_value_says_what_works(name: str, text: str, reason: str) -> None:
    spec, (note,) = FilterChainsSpec.from_query({name: text, "view": "scale"})
    assert reason in note
    assert spec == FilterChainsSpec(view="scale")
