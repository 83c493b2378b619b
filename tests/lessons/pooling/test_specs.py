import json
from pathlib import Path

import pytest
from hypothesis import given

from cnnviz.lessons.downsampling.examples import DOWNSAMPLING_PRESETS
from cnnviz.lessons.downsampling.spec import DownsamplingSpec
from cnnviz.lessons.pooling.examples import POOLING_PRESETS
from cnnviz.lessons.pooling.spec import PoolingSpec, parse_stride, show_stride
from cnnviz.lessons.shuffle.examples import SHUFFLE_PRESETS
from cnnviz.lessons.shuffle.spec import ShuffleSpec
from tests.lessons.convolution.specs import examples
from tests.lessons.pooling.specs import DOWNSAMPLING_SPECS, POOLING_SPECS, SHUFFLE_SPECS, traced

TRUTH = json.loads((Path(__file__).parents[2] / "truth" / "arithmetic.json").read_text())
PRESETS = [
    *((PoolingSpec, preset) for preset in POOLING_PRESETS),
    *((DownsamplingSpec, preset) for preset in DOWNSAMPLING_PRESETS),
    *((ShuffleSpec, preset) for preset in SHUFFLE_PRESETS),
]
IDS = [f"{kind.__name__}-{preset.name}" for kind, preset in PRESETS]


def pool(name):
    preset = next(preset for preset in POOLING_PRESETS if preset.name == name)
    return traced(PoolingSpec, "&".join(f"{key}={text}" for key, text in preset.state.items()))


@examples(200)
@given(POOLING_SPECS | DOWNSAMPLING_SPECS | SHUFFLE_SPECS)
def test_a_link_brings_every_state_back(spec):
    query = spec.to_query()
    assert type(spec).from_query(query) == (spec, [])
    assert type(spec).from_query(query)[0].to_query() == query


@pytest.mark.parametrize("kind", [PoolingSpec, DownsamplingSpec, ShuffleSpec])
def test_what_cannot_be_read_is_named_and_the_rest_is_kept(kind):
    assert kind().to_query() == {}
    spec, notes = kind.from_query(
        {"n": "99", "x": "ones", "op": "median", "look": "up", "way": "out", "r": "9", "xe": "?"}
    )
    assert spec.values.pattern == "ones"
    assert all(note.startswith("The link asks for ") for note in notes)
    assert len(notes) >= 3
    assert spec == kind.from_query({"x": "ones"})[0]


def test_a_stride_may_follow_the_window():
    assert parse_stride(show_stride(None)) is None
    assert PoolingSpec(kernel=(3, 2)).steps == (3, 2)
    assert PoolingSpec(kernel=(3, 2), stride=(2, 2)).to_query() == {"k": "3x2", "s": "2"}
    assert PoolingSpec(kernel=(2, 2), stride=(2, 2)).to_query() == {"s": "2"}


def test_what_an_operation_does_not_have_waits():
    spec = PoolingSpec(op="norm", area="global", padding=(1, 1), dilation=(2, 2), unpool=True)
    assert (spec.used_area, spec.used_padding, spec.used_dilation, spec.undone) == ("windows", (0, 0), (1, 1), False)
    assert PoolingSpec.from_query(spec.to_query()) == (spec, [])


@pytest.mark.parametrize(("kind", "preset"), PRESETS, ids=IDS)
def test_presets_are_canonical_and_can_be_drawn(kind, preset):
    spec, notes = kind.from_query(preset.state)
    assert notes == []
    assert spec.to_query() == preset.state
    traced(kind, "&".join(f"{key}={text}" for key, text in preset.state.items()))
    assert preset.note.endswith(".") and len(preset.note) < 260


@pytest.mark.parametrize("presets", [POOLING_PRESETS, DOWNSAMPLING_PRESETS, SHUFFLE_PRESETS])
def test_presets_have_names_and_states_of_their_own(presets):
    assert len({preset.name for preset in presets}) == len(presets)
    assert len({tuple(preset.state.items()) for preset in presets}) == len(presets)


def test_the_lectures_numbers():
    lecture = TRUTH["lecture"]
    assert pool("feature-map").values.tolist() == lecture["pool_feature_map"]
    assert pool("feature-map").output.tolist() == lecture["pool_result"]
    assert pool("slide-window").values.tolist() == lecture["slide_7x7"]
    assert pool("slide-window").output[1, 3] == 7
    assert (pool("slide-window").winners == 1 * 7 + 5).sum() == 3
    assert pool("one-row").output.tolist() == [[7]]
    assert pool("global-average").output[0, 0] == pytest.approx(75 / 49)
    assert pool("global-max").output.tolist() == [[2.49]]
    assert pool("chain").output.shape == (13, 13)
    size = 256
    kernel, stride, padding = lecture["chain_256"]["layers"][0][1:]
    assert (size + 2 * padding - kernel) // stride + 1 - 3 == lecture["chain_256"]["out"]


def test_the_guides_numbers():
    assert pool("guide-max").values.tolist() == TRUTH["guide_numeric"]["input"]
    assert pool("guide-max").output.tolist() == TRUTH["guide_numeric"]["max3"]
    assert pool("guide-average").output[0, 0] == pytest.approx(15 / 9)


def test_the_notes_of_the_rules_are_right():
    assert pool("ceil").output.shape == (4, 4)
    assert pool("ceil-dropped").output.shape == (2, 2)
    assert pool("padding-never-wins").output.max() == -1
    assert pool("average-padding").output[0, 0] == pytest.approx(4 / 9)
    assert pool("adaptive").reads[0] == ((0, 1, 2), (2, 3, 4), (4, 5, 6))
    assert sorted(set(pool("adaptive-uneven").divisors.ravel().tolist())) == [4, 6, 9]
    assert pool("norm").output[0, 0] == 5
    assert (pool("unpool").unpooled > 0).sum() == 9


def test_the_lectures_feature_map_is_what_its_filter_makes():
    trace = traced(DownsamplingSpec)
    assert trace.dense.tolist() == TRUTH["lecture"]["pool_feature_map"]


def test_the_notes_of_the_comparison_are_right():
    def compare(name):
        preset = next(preset for preset in DOWNSAMPLING_PRESETS if preset.name == name)
        return traced(DownsamplingSpec, "&".join(f"{key}={text}" for key, text in preset.state.items()))

    dot = compare("dot")
    assert (dot.strided == 1).all() and dot.largest.max() == 9 and dot.mean.max() == 3
    board = compare("checkerboard")
    assert (board.strided == 0).all() and (board.largest == 1).all() and (board.mean == 0.5).all()
    same = compare("average-is-convolution")
    assert same.strided == pytest.approx(same.mean)
    odd = compare("odd")
    assert (odd.strided.shape, odd.largest.shape, odd.parts) == ((4, 4), (3, 3), None)
