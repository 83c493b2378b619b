from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.errors import SpecError
from cnnviz.lessons.augmentation.examples import AUGMENT_PRESETS
from cnnviz.lessons.augmentation.spec import (
    ALSO,
    BORDERS,
    COUNTS,
    DEFAULT_ON,
    FIELDS,
    SWITCH,
    TASKS,
    VIEWS,
    AugmentSpec,
    parse_box,
    parse_on,
    parse_strength,
)
from cnnviz.lessons.augmentation.spec_ops import OPS
from cnnviz.state.look import Look
from cnnviz.state.preset import Preset
from tests.lessons.convolution.specs import examples

SIDES = st.integers(0, 20_000)
STRENGTHS = st.fixed_dictionaries({}, optional={name: st.sampled_from(op.grid) for name, op in OPS.items()})
SPECS = st.builds(
    AugmentSpec,
    view=st.sampled_from(list(VIEWS)),
    on=st.sets(st.sampled_from(list(OPS))).map(lambda names: tuple(name for name in OPS if name in names)),
    strengths=STRENGTHS,
    one=st.sampled_from(list(OPS)),
    seed=st.integers(0, 99),
    count=st.sampled_from(list(COUNTS)),
    pick=st.integers(0, 24),
    rung=st.integers(0, 4),
    border=st.sampled_from(list(BORDERS)),
    second=st.sampled_from(list(SAMPLES)),
    digit=st.integers(0, 9),
    box=st.none() | st.tuples(SIDES, SIDES, st.integers(1, 20_000), st.integers(1, 20_000)),
    also=st.sampled_from(list(ALSO)),
    task=st.sampled_from(["", *TASKS]),
    look=st.none() | st.builds(Look, SIDES, SIDES, st.integers(1, 20_000)),
)


@examples(300)
@given(SPECS)
def test_a_link_brings_back_the_state(spec: AugmentSpec) -> None:
    assert AugmentSpec.from_query(spec.to_query()) == (spec, [])


@examples(200)
@given(st.dictionaries(st.sampled_from([field.name for field in FIELDS]), st.text(max_size=30)))
def test_every_link_gives_a_spec(query: dict[str, str]) -> None:
    spec, notes = AugmentSpec.from_query(query)
    assert AugmentSpec.from_query(spec.to_query()) == (spec, [])
    assert all(note.endswith("now.") for note in notes)


@pytest.mark.parametrize("preset", AUGMENT_PRESETS, ids=lambda preset: preset.name)
def test_an_example_is_written_as_the_page_writes_it(preset: Preset) -> None:
    state = dict(preset.state)
    named = state.pop("img", None)
    assert named is None or named in SAMPLES
    spec, notes = AugmentSpec.from_query(state)
    assert notes == []
    assert spec.to_query() == state


def test_examples_have_names_of_their_own() -> None:
    assert len({preset.name for preset in AUGMENT_PRESETS}) == len(AUGMENT_PRESETS)


@pytest.mark.parametrize("name", OPS)
def test_a_switch_of_the_viewer_turns_one_on_and_off(name: str) -> None:
    spec, notes = AugmentSpec.from_query({"on": "none", SWITCH + name: "1"})
    assert (spec.on, notes) == ((name,), [])
    spec, _ = AugmentSpec.from_query({**spec.to_query(), SWITCH + name: "0"})
    assert (spec.on, spec.to_query()) == ((), {"on": "none"})


def test_strength_zero_is_off() -> None:
    spec = AugmentSpec(on=("rotate", "noise"), strengths={"rotate": 0})
    assert spec.active == ("noise",)
    assert not spec.mixes


def test_the_ladder_has_one() -> None:
    assert AugmentSpec(view="ladder", one="mix").active == ("mix",)
    assert AugmentSpec(view="ladder", one="mix").mixes


def test_the_choice_stays_on_the_sheet() -> None:
    assert AugmentSpec(count="9", pick=24).pick == 8


@pytest.mark.parametrize("name", OPS)
def test_every_strength_of_a_slider_can_be_read(name: str) -> None:
    op = OPS[name]
    read = parse_strength(op.high, op.step)
    assert [read(f"{value:g}") for value in op.grid] == op.grid
    assert op.default in op.grid
    assert op.grid[-1] == op.high
    assert all("{" not in op.words(value) for value in op.grid)


@pytest.mark.parametrize("text", ["", "-5", "1e3", "nan", "5.5.5", "99999", "٣"])
def test_a_bad_strength_is_named(text: str) -> None:
    with pytest.raises(SpecError):
        parse_strength(90, 5)(text)


@pytest.mark.parametrize("text", ["1.2.3", "1.2.0.4", "a.b.c.d", "1.2.3.4.5", "99999.1.1.1"])
def test_a_bad_box_is_named(text: str) -> None:
    with pytest.raises(SpecError, match="a rectangle reads"):
        parse_box(text)


def test_what_is_on_is_put_in_order() -> None:
    assert parse_on("sat.crop.SAT.bright.hflip.rotate") == DEFAULT_ON
    assert parse_on("") == ()
