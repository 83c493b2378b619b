from dataclasses import fields

import pytest
from hypothesis import given

from cnnviz.errors import SpecError
from cnnviz.lessons.channels.examples import CHANNELS_PRESETS
from cnnviz.lessons.channels.spec import (
    BOUNDS,
    FIELDS,
    INPUT_PATTERNS,
    ONE_BIAS,
    WEIGHT_PATTERNS,
    ChannelsSpec,
    parse_bias,
    show_bias,
)
from cnnviz.state.indexed import parse_indexed
from tests.lessons.channels.specs import SPECS
from tests.lessons.convolution.specs import examples


@examples(300)
@given(SPECS)
def test_a_spec_comes_back_from_its_query(spec):
    assert ChannelsSpec.from_query(spec.to_query()) == (spec, [])


def test_the_default_has_an_empty_query():
    assert ChannelsSpec().to_query() == {}
    assert len({field.name for field in FIELDS}) == len(fields(ChannelsSpec))


@pytest.mark.parametrize("name", ["c", "o", "g", "n", "k", "s", "p", "out"])
def test_bounds_are_named_and_kept(name):
    spec, notes = ChannelsSpec.from_query({name: "99"})
    assert len(notes) == 1 and "99" in notes[0] and "the largest is" in notes[0]
    assert spec == ChannelsSpec()


@pytest.mark.parametrize(
    ("query", "phrase"),
    [
        ({"x": "cat"}, "the choices are random"),
        ({"we": "0.0.0 1"}, "reads like 0.0.0.0 9"),
        ({"we": "0.0.3.0 1"}, "an index lies below 6, 6, 3, 3"),
        ({"xe": "6.0.0 1"}, "an index lies below 6, 9, 9"),
        ({"ve": "0.0 two"}, "is not a number"),
        ({"b": "1 2 3 4 5 6 7"}, "up to 6 numbers"),
        ({"layer": "deep"}, "the choices are convolution, separable"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_named(query, phrase):
    spec, notes = ChannelsSpec.from_query(query)
    assert spec == ChannelsSpec()
    assert len(notes) == 1 and phrase in notes[0]


def test_there_is_one_form_of_each_state():
    assert ChannelsSpec(outputs=2, shown=5).shown == 1
    assert ChannelsSpec(separable=True, groups=3) == ChannelsSpec(separable=True)
    assert ChannelsSpec(separable=True, inputs=4).used_groups == 4


def test_bias_in_a_link():
    assert (parse_bias("no"), parse_bias("yes")) == ((), ONE_BIAS)
    assert show_bias(parse_bias("0")) == "0"
    assert show_bias(parse_bias("1/9 0 2")) == "1/9 0 2"
    with pytest.raises(SpecError):
        parse_bias("")


def test_links_of_edits_stay_short():
    spec, notes = ChannelsSpec.from_query({"xe": "1.0.2 9", "we": "0.1.2.2 -1", "ve": "1.2 3"})
    assert not notes
    assert spec.value_edits == (((1, 0, 2), 9),)
    assert spec.weight_edits == (((0, 1, 2, 2), -1),)
    assert spec.mixing_edits == (((1, 2), 3),)
    assert parse_indexed(6, 6)("0.0+1_0.0 2") == (((0, 0), 2),)


@pytest.mark.parametrize("preset", CHANNELS_PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_canonical_and_says_what_to_look_at(preset):
    spec, notes = ChannelsSpec.from_query(preset.state)
    assert not notes
    assert spec.to_query() == dict(preset.state)
    assert 40 < len(preset.note) < 260 and preset.note.endswith(".")
    assert preset.title and preset.source


def test_presets_have_names_of_their_own():
    assert len({preset.name for preset in CHANNELS_PRESETS}) == len(CHANNELS_PRESETS)
    assert len({tuple(preset.state.items()) for preset in CHANNELS_PRESETS}) == len(CHANNELS_PRESETS)


def test_the_default_patterns_exist():
    spec = ChannelsSpec()
    assert spec.values in INPUT_PATTERNS and spec.weights in WEIGHT_PATTERNS
    assert all(low <= high for low, high in BOUNDS.values())
