from itertools import pairwise

import pytest
from hypothesis import given

from cnnviz.lessons.volumes.examples import VOLUMES_PRESETS
from cnnviz.lessons.volumes.spec import BOUNDS, FIELDS, VolumesSpec, parse_triple, show_triple
from tests.lessons.convolution.specs import examples
from tests.lessons.volumes.specs import SPECS, works


@examples(200)
@given(SPECS)
def test_a_spec_comes_back_from_its_link(spec):
    assert VolumesSpec.from_query(spec.to_query()) == (spec, [])


def test_the_default_needs_no_link():
    assert VolumesSpec().to_query() == {}
    assert all(field.parse(field.show(field.default)) == field.default for field in FIELDS if field.default != ())


@pytest.mark.parametrize(
    ("text", "triple"),
    [("3", (3, 3, 3)), ("4x5", (4, 5, 5)), ("4X5×6", (4, 5, 6)), (" 1 x 2 x 3 ", (1, 2, 3))],
)
def test_triples(text, triple):
    assert parse_triple(1, 6)(text) == triple
    assert parse_triple(1, 6)(show_triple(triple)) == triple


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("n", "7", "the largest is 6"),
        ("n", "1x2x3x4", "a size is one number, frames x sides like 4x5"),
        ("k", "0x3", "the smallest is 1"),
        ("d", "", "that is not a whole number"),
        ("dim", "4", "the choices are 1, 2, 3"),
        ("x", "dots", "the choices are dot, dot-left, edge"),
        ("xe", "0.0 1", "a changed number reads like 0.0.0 9"),
        ("we", "0.3.0 1", "an index lies below 3, 3, 3"),
    ],
)
def test_what_cannot_be_read_is_named(name, text, reason):
    spec, notes = VolumesSpec.from_query({name: text})
    assert spec == VolumesSpec()
    assert len(notes) == 1 and reason in notes[0]


@pytest.mark.parametrize("preset", VOLUMES_PRESETS, ids=lambda preset: preset.name)
def test_presets_are_canonical_and_work(preset):
    spec, notes = VolumesSpec.from_query(preset.state)
    assert notes == []
    assert spec.to_query() == dict(preset.state)
    assert works(spec)
    assert preset.note.endswith(".") and preset.title


def test_presets_differ():
    assert len({preset.name for preset in VOLUMES_PRESETS}) == len(VOLUMES_PRESETS)
    assert len({tuple(sorted(preset.state.items())) for preset in VOLUMES_PRESETS}) == len(VOLUMES_PRESETS)
    groups = [preset.group for preset in VOLUMES_PRESETS]
    assert sum(one != other for one, other in pairwise(groups)) == len(set(groups)) - 1, "groups stand together"


def test_bounds_reach_what_the_lesson_promises():
    assert BOUNDS["input"] == (1, 6) and BOUNDS["kernel"] == (1, 3)
