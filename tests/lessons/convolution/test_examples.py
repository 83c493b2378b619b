import json
import re
from pathlib import Path

import pytest

from cnnviz.lessons.convolution.examples import CONVOLUTION_PRESETS, find_preset
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.convolution.trace import ConvolutionTrace, trace_convolution
from cnnviz.state.preset import GUIDE, LECTURES

TRUTH = json.loads((Path(__file__).parents[2] / "truth" / "arithmetic.json").read_text())
BY_NAME = {preset.name: preset for preset in CONVOLUTION_PRESETS}


def traced(name: str) -> ConvolutionTrace:
    return trace_convolution(ConvolutionSpec.from_query(BY_NAME[name].state)[0])


@pytest.mark.parametrize("preset", CONVOLUTION_PRESETS, ids=lambda preset: preset.name)
def test_state_is_canonical_and_computes(preset):
    spec, notes = ConvolutionSpec.from_query(preset.state)
    assert notes == []
    assert spec.to_query() == preset.state
    assert trace_convolution(spec).output.size
    assert find_preset({**preset.state, "at": "output.0.0"}) is preset


@pytest.mark.parametrize("preset", CONVOLUTION_PRESETS, ids=lambda preset: preset.name)
def test_wording(preset):
    assert re.fullmatch(r"[a-z0-9-]+", preset.name)
    assert preset.title[0].isupper()
    assert not preset.title.endswith(".")
    assert preset.note.endswith(".")
    assert len(preset.note) <= 180
    assert preset.group in {GUIDE, LECTURES}
    assert preset.source.startswith("Guide, figure " if preset.group == GUIDE else "Lecture: ")


def test_names_titles_and_states_are_unique():
    count = len(CONVOLUTION_PRESETS)
    assert len(BY_NAME) == count
    assert len({preset.title for preset in CONVOLUTION_PRESETS}) == count
    assert len({tuple(sorted(preset.state.items())) for preset in CONVOLUTION_PRESETS}) == count


def test_presets_come_group_by_group():
    groups = [preset.group for preset in CONVOLUTION_PRESETS]
    assert groups == sorted(groups, key=[GUIDE, LECTURES].index)


def test_states_cannot_be_changed():
    with pytest.raises(TypeError):
        BY_NAME["lost"].state["n"] = "9"  # type: ignore[index]


@pytest.mark.parametrize("fixture", TRUTH["guide_fixtures"], ids=str)
def test_every_figure_of_the_guide_is_there(fixture):
    guide = [preset.name for preset in CONVOLUTION_PRESETS if preset.group == GUIDE]
    wanted = {axis: fixture[axis] for axis in "iokspd"}

    def settings(name: str) -> dict[str, int]:
        rows = traced(name).rows
        i, o, k, s, d = rows.n, rows.size, rows.kernel, rows.stride, rows.dilation
        return {"i": i, "o": o, "k": k, "s": s, "p": rows.padding[0], "d": d}

    assert [name for name in guide if settings(name) == wanted]


def test_numbers_of_the_guide():
    numbers = TRUTH["guide_numeric"]
    trace = traced("guide-numbers")
    assert trace.values.tolist() == numbers["input"]
    assert trace.weight.tolist() == numbers["kernel"]
    assert trace.output.tolist() == numbers["valid"]
    assert traced("guide-numbers-strided").output.tolist() == numbers["pad1_stride2"]


def test_filter_match_and_mismatch():
    lecture = TRUTH["lecture"]
    six_small_products = 6 * 0.1 * 0.1  # the slide writes them down, but its sum leaves them out
    for name in ("match", "search"):
        assert traced(name).output.max() == pytest.approx(lecture["filter_match"] + six_small_products)
    for name in ("mismatch", "search-in-vain"):
        assert traced(name).output.max() == pytest.approx(lecture["filter_mismatch"])
    assert traced("match").output.shape == (1, 1)


def test_sobel_on_the_slide():
    trace = traced("sobel")
    assert trace.values.tolist() == TRUTH["lecture"]["slide_7x7"]
    assert trace.weight.tolist() == TRUTH["lecture"]["slide_sobel"]
    assert trace.output[1, 3] == 1
    assert traced("sobel-strided").output.tolist() == trace.output[::2, ::2].tolist()


def test_feature_map_on_the_slide():
    trace = traced("same-x")
    assert trace.values.tolist() == TRUTH["lecture"]["pool_input"]
    assert trace.weight.tolist() == TRUTH["lecture"]["pool_kernel"]
    assert trace.output.tolist() == TRUTH["lecture"]["pool_feature_map"]


def test_one_dimension():
    assert traced("one-row").output.tolist() == [[16]]
    assert traced("one-row-same").output.tolist() == [[8, 16, -7]]
    assert traced("one-row-full").output.tolist() == [[-5, 8, 16, -7, 0]]
    assert traced("alignment").output == pytest.approx(1.0)
    everywhere = traced("alignment-all").output[0]
    assert everywhere.tolist() == pytest.approx([0.14, 0.66, 0.46, 1.0, 1.2, 0.24, 0.8])


def test_claims_of_the_notes():
    assert traced("padding-2").output.shape == (7, 7)
    assert traced("padding-1").output.shape == (5, 5)
    assert (traced("full").output.min(), traced("full").output.max()) == (1, 9)
    assert traced("lost").rows.unread == traced("lost").columns.unread == (5,)
    reach = traced("dilation-reach")
    assert len(reach.rows.unread) == len(reach.columns.unread) == 2
    assert 25 - reach.rows.kernel * reach.columns.kernel == 16
    assert (traced("blur-small").weight == 1 / 9).all()
    assert (traced("blur-large").weight == 1 / 25).all()
    assert traced("blur-small").output[0].tolist() == pytest.approx([0, 0, 3, 6, 9])
    assert traced("edge-difference").output[0].tolist() == [0, 0, 0, -9, 0, 0]
    assert traced("edge-vertical").output.max() == traced("edge-diagonal").output.max() == 36
    assert not traced("edge-horizontal").output.any()
    assert traced("sharpen").output[0].tolist() == [0, 0, -9, 18, 9]


def test_flip_on_an_impulse():
    kernel = traced("true-convolution").weight
    assert traced("true-convolution").output.tolist() == kernel.tolist()
    assert traced("cross-correlation").output.tolist() == kernel[::-1, ::-1].tolist()


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_padding_modes(mode):
    assert traced(mode).rows.mode == mode


def test_an_unknown_state_is_no_preset():
    assert find_preset({"n": "5", "s": "3"}) is None


def test_the_same_state_written_otherwise():
    assert find_preset({"n": "5x5", "k": "3", "s": "1"}) is BY_NAME["guide-numbers"]
