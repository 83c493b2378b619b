from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.errors import SpecError
from cnnviz.lessons.pixels.examples import PIXELS_PRESETS
from cnnviz.lessons.pixels.spec import CHANNELS, FIELDS, ORDERS, OVER, SCALES, PixelsSpec
from cnnviz.state.look import Look, parse_look, show_look
from cnnviz.state.preset import Preset
from tests.lessons.convolution.specs import examples

SIDES = st.integers(0, 20_000)
SPECS = st.builds(
    PixelsSpec,
    scale=st.sampled_from(list(SCALES)),
    over=st.sampled_from(list(OVER)),
    channels=st.sampled_from(list(CHANNELS)),
    tint=st.booleans(),
    order=st.sampled_from(list(ORDERS)),
    batch=st.integers(1, 256),
    at=st.none() | st.tuples(SIDES, SIDES),
    look=st.none() | st.builds(Look, SIDES, SIDES, st.integers(1, 20_000)),
)


@examples(200)
@given(SPECS)
def test_a_link_brings_back_the_state(spec: PixelsSpec) -> None:
    assert PixelsSpec.from_query(spec.to_query()) == (spec, [])


@examples(200)
@given(st.dictionaries(st.sampled_from([field.name for field in FIELDS]), st.text(max_size=30)))
def test_every_link_gives_a_spec(query: dict[str, str]) -> None:
    spec, notes = PixelsSpec.from_query(query)
    assert PixelsSpec.from_query(spec.to_query()) == (spec, [])
    assert all(note.endswith("now.") for note in notes)


@pytest.mark.parametrize("preset", PIXELS_PRESETS, ids=lambda preset: preset.name)
def test_an_example_is_written_as_the_page_writes_it(preset: Preset) -> None:
    state = dict(preset.state)
    named = state.pop("img", None)
    assert named is None or named in SAMPLES
    spec, notes = PixelsSpec.from_query(state)
    assert notes == []
    assert spec.to_query() == state


@pytest.mark.parametrize("text", ["1.2", "1.2.0", "a.b.c", "1.2.3.4", "-1.2.3", "99999.1.1", "1.2.٣"])
def test_a_bad_look_is_named(text: str) -> None:
    with pytest.raises(SpecError, match="a view reads"):
        parse_look(text)


def test_a_look_is_short() -> None:
    assert parse_look(show_look(Look(1, 2, 3))) == Look(1, 2, 3)
    assert parse_look("") is None
