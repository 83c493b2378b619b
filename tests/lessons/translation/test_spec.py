from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.pictures.gallery import DEFAULT_SAMPLE, SAMPLES
from cnnviz.lessons.translation.examples import TRANSLATION_PRESETS
from cnnviz.lessons.translation.spec import BLURS, BOUNDS, FIELDS, LAYERS, PARTS, SIZE, VIEWS, WAYS, TranslationSpec
from cnnviz.state.kernels import kernel_rows, parse_kernel
from cnnviz.state.look import Look
from cnnviz.state.padding import MODES
from cnnviz.state.preset import Preset
from tests.lessons.convolution.specs import examples


def bounded(name: str, step: int = 1) -> st.SearchStrategy[int]:
    low, high = BOUNDS[name]
    return st.integers(low // step, high // step).map(lambda steps: steps * step)


SIDES = st.integers(0, 20_000)
SPECS = st.builds(
    TranslationSpec,
    view=st.sampled_from(list(VIEWS)),
    kernel=st.sampled_from(["sobel-x", "box-9", "gaussian-7-1.5", "laplacian", "difference", "1 -2_3 0.5"]).map(
        parse_kernel
    ),
    down=bounded("move"),
    right=bounded("move"),
    part=st.sampled_from(PARTS),
    turn=bounded("turn", 5),
    zoom=bounded("zoom", 5),
    mode=st.sampled_from(list(MODES)),
    layer=st.sampled_from(list(LAYERS)),
    stride=bounded("stride"),
    window=bounded("window"),
    shift=bounded("shift"),
    way=st.sampled_from(list(WAYS)),
    blur=st.sampled_from([int(size) for size in BLURS]),
    digit=bounded("digit"),
    hand=bounded("hand"),
    digit_down=bounded("digit move"),
    digit_right=bounded("digit move"),
    at=st.none() | st.tuples(SIDES, SIDES),
    look=st.none() | st.builds(Look, SIDES, SIDES, st.integers(1, 20_000)),
)


@examples(200)
@given(SPECS)
def test_a_link_brings_back_the_state(spec: TranslationSpec) -> None:
    assert TranslationSpec.from_query(spec.to_query()) == (spec, [])


@examples(200)
@given(st.dictionaries(st.sampled_from([field.name for field in (*FIELDS, SIZE)]), st.text(max_size=30)))
def test_every_link_gives_a_spec(query: dict[str, str]) -> None:
    spec, notes = TranslationSpec.from_query(query)
    assert TranslationSpec.from_query(spec.to_query()) == (spec, [])
    assert all(note.endswith("now.") for note in notes)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("view", "mlp", "the choices are move, stride, template"),
        ("right", "33", "the largest is 32"),
        ("down", "1.5", "that is not a whole number"),
        ("part", "0.3", "the parts of a pixel are 0, 0.25, 0.5, 0.75"),
        ("turn", "-92", "turns go in steps of 5, such as -95 or -90"),
        ("zoom", "201", "the largest is 200"),
        ("s", "0", "the smallest is 1"),
        ("blur", "4", "the choices are 0, 3, 5, 7"),
        ("digit", "10", "the largest is 9"),
        ("dx", "13", "the largest is 12"),
        ("k", "sobel", "a kernel is a name such as sobel-x"),
    ],
)
def test_a_bad_value_is_named(name: str, text: str, said: str) -> None:
    spec, (note,) = TranslationSpec.from_query({name: text, "hand": "2"})
    assert said in note
    assert spec.to_query() == {"hand": "2"}


def test_the_slider_resizes_a_kernel_that_comes_in_sizes() -> None:
    spec, _ = TranslationSpec.from_query({"k": "gaussian-5-2", "n": "8"})
    assert spec.to_query() == {"k": "gaussian-7-2"}
    assert len(kernel_rows(spec.kernel)) == 7
    assert TranslationSpec.from_query({"k": "sobel-x", "n": "8"})[0].to_query() == {}


@pytest.mark.parametrize("preset", TRANSLATION_PRESETS, ids=lambda preset: preset.name)
def test_an_example_is_written_as_the_page_writes_it(preset: Preset) -> None:
    state = dict(preset.state)
    named = state.pop("img", None)
    # The default picture would not stand in the link that the page writes.
    assert (named in SAMPLES and named != DEFAULT_SAMPLE) == (state.get("view") != "template")
    spec, notes = TranslationSpec.from_query(state)
    assert notes == []
    assert spec.to_query() == state
