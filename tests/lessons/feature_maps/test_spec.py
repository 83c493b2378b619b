"""The URL of the Feature maps page: what it can say comes back, and what it cannot gets a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.lessons.feature_maps.spec import FIELDS, MOST_OFF, ORDERS, SCALES, FeatureMapsSpec
from tests.lessons.convolution.specs import examples

LAYERS = st.sampled_from(["conv1", "relu1_2", "layer1.0.conv1", "features.12"])
CHANNELS = st.integers(0, 2047)
SPECS = st.builds(
    FeatureMapsSpec,
    layer=st.just("") | LAYERS,
    channel=CHANNELS,
    at=st.none() | st.tuples(st.integers(0, 223), st.integers(0, 223)),
    off=st.frozensets(st.tuples(LAYERS, CHANNELS), max_size=8),
    order=st.sampled_from(list(ORDERS)),
    scale=st.sampled_from(list(SCALES)),
    vs=st.sampled_from(["", "digit.1.5", "moon.9", "sample.cat"]),
    page=st.integers(1, 32),
    label=st.none() | st.integers(0, 999),
)


@examples(200)
@given(SPECS)
def test_a_link_brings_it_back(spec: FeatureMapsSpec) -> None:
    assert FeatureMapsSpec.from_query(spec.to_query()) == (spec, [])


@examples(200)
@given(st.dictionaries(st.sampled_from([field.name for field in FIELDS]), st.text(max_size=30)))
def test_any_link_is_read(query: dict[str, str]) -> None:
    spec, notes = FeatureMapsSpec.from_query(query)
    assert FeatureMapsSpec.from_query(spec.to_query()) == (spec, [])
    assert all(note.endswith("now.") for note in notes)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"off": "relu1"}, "layer.number"),
        ({"off": "-".join(f"relu1.{number}" for number in range(MOST_OFF + 1))}, "at most 64"),
        ({"vs": "drawing"}, "digit.7.3"),
        ({"vs": "sample.dog"}, "the samples are"),
        ({"vs": "digit.1.100"}, "hands 0 to 99"),
        ({"at": "3"}, "row.column"),
        ({"page": "0"}, "the smallest is 1"),
        ({"c": "-1"}, "the smallest is 0"),
        ({"order": "size"}, "the choices are"),
    ],
)
def test_bad_values_are_named(query: dict[str, str], says: str) -> None:
    spec, (note,) = FeatureMapsSpec.from_query(query)
    assert says in note
    assert spec == FeatureMapsSpec()


def test_no_more_than_the_most_are_switched_off() -> None:
    full = FeatureMapsSpec(off=frozenset(("relu1", number) for number in range(MOST_OFF)), toggle=("relu1", 200))
    assert full.switched().off == full.off
