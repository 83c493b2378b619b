import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.grids import CUSTOM
from cnnviz.lessons.transposed.examples import OVERLAP, TRANSPOSED_PRESETS, WAYS
from cnnviz.lessons.transposed.spec import BOUNDS, FIELDS, VIEWS, TransposedSpec
from cnnviz.lessons.transposed.trace import trace_transposed
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from cnnviz.state.preset import GUIDE, LECTURES
from tests.lessons.convolution.specs import examples
from tests.lessons.transposed.specs import SPECS, traced

BY_NAME = {preset.name: preset for preset in TRANSPOSED_PRESETS}
GUIDE_FIGURES = {  # i', k, s, p, d -> o' of the convolution that is turned back, as the guide counts them
    "guide-no-padding": (4, 3, 1, 0, 1, 2),
    "guide-padding": (5, 4, 1, 2, 1, 6),
    "guide-same": (5, 3, 1, 1, 1, 5),
    "guide-full": (5, 3, 1, 2, 1, 7),
    "guide-strides": (5, 3, 2, 0, 1, 2),
    "guide-padding-strides": (5, 3, 2, 1, 1, 3),
    "guide-padding-strides-odd": (6, 3, 2, 1, 1, 3),
    "guide-dilation": (7, 3, 1, 0, 2, 3),
}


def preset_trace(name):
    return traced(**BY_NAME[name].state)


def check_bounds(spec: TransposedSpec) -> None:
    names = {
        "size": "input",
        "kernel": "kernel",
        "stride": "stride",
        "dilation": "dilation",
        "output_padding": "output_padding",
    }
    for attribute, name in names.items():
        low, high = BOUNDS[name]
        assert all(type(number) is int and low <= number <= high for number in getattr(spec, attribute))
    assert all(0 <= cells <= BOUNDS["padding"][1] for side in spec.padding for cells in side)
    assert spec.how in VIEWS
    assert spec.values.pattern in {*INPUT_PATTERNS, CUSTOM}
    assert spec.weights.pattern in {*KERNEL_PATTERNS, CUSTOM}


@examples(300)
@given(SPECS)
def test_a_link_gives_the_spec_back(spec):
    assert TransposedSpec.from_query(spec.to_query()) == (spec, [])


@examples(300)
@given(
    st.dictionaries(
        st.sampled_from([field.name for field in FIELDS]),
        st.text(max_size=12) | st.sampled_from(["0", "9", "2x2", "1.1.1.1", "-1"]),
    )
)
def test_any_link_gives_a_spec_and_a_sentence_for_what_was_no_good(query):
    spec, notes = TransposedSpec.from_query(query)
    check_bounds(spec)
    for note in notes:
        assert re.fullmatch(r"(?s)The link asks for .*\. It is .* now\.", note)
    again, silence = TransposedSpec.from_query(spec.to_query())
    assert (again, silence) == (spec, [])


def test_the_plain_page_has_no_query():
    assert TransposedSpec().to_query() == {}


@pytest.mark.parametrize("preset", TRANSPOSED_PRESETS, ids=lambda preset: preset.name)
def test_presets_are_canonical_and_compute(preset):
    spec, notes = TransposedSpec.from_query(preset.state)
    assert notes == []
    assert spec.to_query() == preset.state
    assert trace_transposed(spec).output.size
    assert re.fullmatch(r"[a-z0-9-]+", preset.name)
    assert preset.title[0].isalnum()
    assert not preset.title.endswith(".")
    assert preset.note.endswith(".")
    assert len(preset.note) <= 180
    assert preset.source


def test_presets_are_unique_and_come_group_by_group():
    assert len(BY_NAME) == len({preset.title for preset in TRANSPOSED_PRESETS}) == len(TRANSPOSED_PRESETS)
    assert len({tuple(sorted(preset.state.items())) for preset in TRANSPOSED_PRESETS}) == len(TRANSPOSED_PRESETS)
    groups = [preset.group for preset in TRANSPOSED_PRESETS]
    assert groups == sorted(groups, key=[GUIDE, WAYS, LECTURES, OVERLAP].index)


@pytest.mark.parametrize("name", GUIDE_FIGURES)
def test_every_transposed_figure_of_the_guide(name):
    image, kernel, stride, padding, dilation, outputs = GUIDE_FIGURES[name]
    trace = preset_trace(name)
    for axis in trace.axes:
        assert (axis.size, axis.kernel, axis.stride, axis.dilation, axis.n) == (
            image,
            kernel,
            stride,
            dilation,
            outputs,
        )
        assert axis.padding == (padding, padding)
        assert axis.leftover == axis.output_padding
    assert trace.spec.how == "zeros"


def test_claims_of_the_notes():
    stamp = preset_trace("one-stamp")
    assert stamp.output[1:4, 1:4].tolist() == stamp.weight.tolist()
    assert preset_trace("guide-padding").rows.margin == (1, 1)
    assert preset_trace("guide-full").rows.margin == (0, 0)
    assert preset_trace("guide-dilation").rows.margin == (4, 4)
    assert preset_trace("one-dimension").matrix.T.tolist() == [
        [1, 2, 3, 0, 0, 0, 0],
        [0, 0, 1, 2, 3, 0, 0],
        [0, 0, 0, 0, 1, 2, 3],
    ]
    assert preset_trace("u-net").output.shape == (8, 8)
    assert preset_trace("u-net").counts.tolist() == [[1] * 8] * 8
    assert preset_trace("bottleneck").output.tolist() == (2 * preset_trace("bottleneck").weight).tolist()
    assert preset_trace("doubling").output.shape == (8, 8)
    assert set(preset_trace("checkerboard").output.ravel().tolist()) == {1, 2, 4}
    even = preset_trace("no-checkerboard").output
    assert (even[2:-2, 2:-2] == 4).all()
    assert preset_trace("bilinear").weight.sum() == 4
    assert (preset_trace("five-of-five").output.shape, preset_trace("six-of-six").output.shape) == ((5, 5), (6, 6))
    five, six = preset_trace("five-of-five").output, preset_trace("six-of-six").output
    assert six[:5, :5].tolist() == five.tolist()
    assert six[5].any(), "the added row is not zeros"
    blocks = preset_trace("round-trip-blur")
    assert blocks.output[:2, :2].tolist() == [[blocks.trip.picture[:2, :2].sum()] * 2] * 2
    assert not preset_trace("round-trip-exact").trip.difference.any()
    assert preset_trace("round-trip").trip.difference.any()
