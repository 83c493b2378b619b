"""The specs of the Backward and the Properties lesson, and their examples."""

import re

import pytest
from hypothesis import given

from cnnviz.lessons.backward.controls import BACKWARD
from cnnviz.lessons.backward.spec import BackwardSpec
from cnnviz.lessons.properties.controls import PROPERTIES_OPERATION
from cnnviz.lessons.properties.spec import PROPERTIES, PropertiesSpec
from cnnviz.state.view import FIELDS as VIEW_FIELDS
from tests.lessons.backward.specs import BACKWARD_SPECS, PROPERTIES_SPECS
from tests.lessons.convolution.specs import examples

CASES = [(operation, preset) for operation in (BACKWARD, PROPERTIES_OPERATION) for preset in operation.presets]


@examples(150)
@given(BACKWARD_SPECS | PROPERTIES_SPECS)
def test_any_spec_comes_back_from_its_link(spec):
    query = spec.to_query()
    back, notes = type(spec).from_query(query)
    assert notes == []
    assert back == spec
    assert not set(query) & {field.name for field in VIEW_FIELDS}, "the view has names of its own"


@pytest.mark.parametrize("kind", [BackwardSpec, PropertiesSpec])
def test_bad_values_are_named_and_the_rest_is_kept(kind):
    spec, notes = kind.from_query({"n": "6", "k": "99", "s": "two", "x": "what", "seed": "1"})
    assert spec.size == (6, 6)
    assert spec.seed == 1
    assert (spec.kernel, spec.stride) == (kind().kernel, kind().stride)
    assert len(notes) == 3
    assert "the largest is 5" in notes[0]


@pytest.mark.parametrize(("operation", "preset"), CASES, ids=lambda one: getattr(one, "name", ""))
def test_examples_are_canonical_and_possible(operation, preset):
    spec, notes = operation.read(preset.state)
    assert notes == []
    assert spec.to_query() == preset.state
    assert operation.preset(spec) is preset
    assert operation.scene(spec).shape


@pytest.mark.parametrize(("operation", "preset"), CASES, ids=lambda one: getattr(one, "name", ""))
def test_wording_of_examples(operation, preset):
    assert re.fullmatch(r"[a-z0-9-]+", preset.name)
    assert not preset.title.endswith(".")
    assert preset.note.endswith(".")
    assert len(preset.note) <= 200
    assert preset.source.startswith("Lecture: ")


@pytest.mark.parametrize("operation", [BACKWARD, PROPERTIES_OPERATION], ids=["backward", "properties"])
def test_examples_have_names_titles_and_states_of_their_own(operation):
    presets = operation.presets
    for values in (
        {p.name for p in presets},
        {p.title for p in presets},
        {tuple(sorted(p.state.items())) for p in presets},
    ):
        assert len(values) == len(presets)
    groups = [preset.group for preset in presets]
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index), "group by group"


def test_every_property_has_examples():
    assert {preset.group for preset in PROPERTIES_OPERATION.presets} == set(PROPERTIES.values())
