from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.engine.pictures.samples import sample
from cnnviz.errors import SpecError
from cnnviz.lessons.matching.examples import MATCHING_PRESETS
from cnnviz.lessons.matching.spec import (
    CHANGES,
    CHANNELS,
    CONTRAST,
    FIELDS,
    LIGHT,
    MATCHES,
    MOST_SIDE,
    NOISE,
    OVERLAP,
    PATCHES,
    SCORES,
    SIZE,
    THRESHOLD,
    TURN,
    MatchingSpec,
    fitted_box,
    parse_box,
    parse_place,
)
from cnnviz.state.look import Look
from cnnviz.state.preset import Preset
from tests.lessons.convolution.specs import examples

SIDES, LENGTHS = st.integers(0, 20_000), st.integers(1, MOST_SIDE)
SPECS = st.builds(
    MatchingSpec,
    source=st.sampled_from(["", *SAMPLES]),
    box=st.none() | st.tuples(SIDES, SIDES, LENGTHS, LENGTHS),
    score=st.sampled_from(list(SCORES)),
    channels=st.sampled_from(list(CHANNELS)),
    turn=st.integers(*TURN),
    size=st.integers(*SIZE),
    light=st.integers(*LIGHT),
    contrast=st.integers(*CONTRAST),
    noise=st.integers(*NOISE),
    matches=st.integers(*MATCHES),
    threshold=st.integers(*THRESHOLD),
    overlap=st.integers(*OVERLAP),
    at=st.none() | st.tuples(SIDES, SIDES),
    against=st.sampled_from(list(CHANGES)),
    look=st.none() | st.builds(Look, SIDES, SIDES, st.integers(1, 20_000)),
)


@examples(200)
@given(SPECS)
def test_a_link_brings_back_the_state(spec: MatchingSpec) -> None:
    assert MatchingSpec.from_query(spec.to_query()) == (spec, [])


@examples(200)
@given(st.dictionaries(st.sampled_from([field.name for field in FIELDS]), st.text(max_size=30)))
def test_every_link_gives_a_spec(query: dict[str, str]) -> None:
    spec, notes = MatchingSpec.from_query(query)
    assert MatchingSpec.from_query(spec.to_query()) == (spec, [])
    assert all(note.endswith("now.") for note in notes)


@pytest.mark.parametrize("preset", MATCHING_PRESETS, ids=lambda preset: preset.name)
def test_an_example_is_written_as_the_page_writes_it(preset: Preset) -> None:
    state = dict(preset.state)
    assert state.pop("img") in SAMPLES
    spec, notes = MatchingSpec.from_query(state)
    assert notes == []
    assert spec.to_query() == state


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1.2.3", "reads row"),
        ("1.2.0.4", "height is 0 and the smallest is 1"),
        ("1.2.4.129", "width is 129 and the largest is 128"),
        ("99999.1.4.4", "reads row"),
        ("1.2.3.٣", "reads row"),
    ],
)
def test_a_bad_rectangle_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(SpecError, match=reason):
        parse_box(text)


@pytest.mark.parametrize("text", ["1", "1.2.3", "a.b", "-1.2", "20001.1"])
def test_a_bad_window_is_named(text: str) -> None:
    with pytest.raises(SpecError, match="reads row"):
        parse_place(text)


SIZES = st.tuples(st.integers(1, 300), st.integers(1, 300))


@examples(300)
@given(st.none() | st.tuples(SIDES, SIDES, st.integers(1, 5000), st.integers(1, 5000)), SIZES)
def test_a_rectangle_always_ends_up_inside_the_picture(
    box: tuple[int, int, int, int] | None, size: tuple[int, int]
) -> None:
    (row, column, height, width), note = fitted_box(box, size)
    assert 1 <= height <= MOST_SIDE and 1 <= width <= MOST_SIDE
    assert 0 <= row and row + height <= size[0] and 0 <= column and column + width <= size[1]
    assert bool(note) == (box is not None and box != (row, column, height, width))
    assert fitted_box((row, column, height, width), size) == ((row, column, height, width), "")


@pytest.mark.parametrize("name", PATCHES)
def test_the_patch_of_a_sample_lies_inside_it(name: str) -> None:
    assert fitted_box(None, sample(name).pixels.shape[:2], name) == (PATCHES[name], "")
