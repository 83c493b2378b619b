from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from cnnviz.errors import SpecError
from cnnviz.lessons.channels.spec import INPUT_PATTERNS, WEIGHT_PATTERNS, ChannelsSpec
from cnnviz.lessons.channels.trace import ChannelsTrace, check_channels, trace_channels
from cnnviz.lessons.channels.trace_patterns import CHANNELS, LECTURE_SLICES, SLICES, fill_channel, fill_slice
from tests.lessons.channels.specs import SPECS, WORKING, traced
from tests.lessons.convolution.specs import examples


def by_torch(trace: ChannelsTrace) -> np.ndarray:
    import torch
    from torch.nn.functional import conv2d

    spec = trace.spec
    x = torch.tensor(np.array(trace.inputs), dtype=torch.float64)[None]
    w = torch.tensor(trace.weight, dtype=torch.float64)
    bias = torch.tensor(trace.bias, dtype=torch.float64) if trace.bias else None
    settings: dict[str, Any] = {"stride": spec.stride, "padding": spec.padding, "groups": spec.used_groups}
    if trace.mixing is None:
        return conv2d(x, w, bias, **settings)[0].numpy()
    v = torch.tensor(trace.mixing, dtype=torch.float64)[:, :, None, None]
    return conv2d(conv2d(x, w, **settings), v, bias)[0].numpy()


@examples(250)
@given(WORKING)
def test_outputs_are_those_of_torch(spec):
    trace = trace_channels(spec)
    np.testing.assert_allclose(np.array(trace.outputs), by_torch(trace), rtol=1e-9, atol=1e-6)
    kernels = spec.inputs if spec.separable else spec.outputs
    assert trace.weight.shape == (kernels, spec.inputs // spec.used_groups, *spec.kernel)


@examples(100)
@given(WORKING)
def test_partial_maps_are_those_of_one_channel_alone(spec):
    """Silence all other channels: what is left is the partial map."""
    trace = trace_channels(replace(spec, bias=(), separable=False))
    for output, parts in enumerate(trace.parts):
        assert len(parts) == len(trace.group(output))
        for channel, part in zip(trace.group(output), parts, strict=True):
            silent = tuple(plane * (at == channel) for at, plane in enumerate(trace.inputs))
            alone = by_torch(replace(trace, inputs=silent))
            np.testing.assert_allclose(part, alone[output], rtol=1e-9, atol=1e-6)


@examples(100)
@given(WORKING)
def test_small_integers_stay_exact_and_arrays_read_only(spec):
    spec = replace(spec, values="random", weights="random", value_edits=(), weight_edits=(), mixing_edits=(), bias=())
    trace = trace_channels(spec)
    for plane in (*trace.padded, *trace.outputs, *(part for parts in trace.parts for part in parts)):
        assert plane.dtype.kind == "i"
        assert not plane.flags.writeable


@examples(200)
@given(SPECS)
def test_an_impossible_layer_is_explained(spec):
    try:
        check_channels(spec)
    except SpecError as error:
        assert error.field in {"groups", "kernel"}
        assert error.message.endswith(".") and len(error.message) > 40
        with pytest.raises(SpecError):
            trace_channels(spec)
    else:
        assert spec.separable or (spec.inputs % spec.groups == 0 and spec.outputs % spec.groups == 0)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            {"c": "4", "o": "6", "g": "3"},
            "3 groups cannot share 4 input channels equally: 1 is left over. Groups must divide both channel counts, "
            "4 in and 6 out: 1 or 2 works.",
        ),
        (
            {"c": "6", "o": "4", "g": "6"},
            "6 groups cannot share 4 output channels equally: 4 are left over. Groups must divide both channel counts, "
            "6 in and 4 out: 1 or 2 works.",
        ),
        (
            {"c": "3", "o": "2", "g": "2"},
            "2 groups cannot share 3 input channels equally: 1 is left over. Groups must divide both channel counts, "
            "3 in and 2 out: only 1 works.",
        ),
        (
            {"n": "2x5"},
            "In the rows: The kernel reaches over 3 cells, but the padded input has only 2: 1 too few. "
            "Add padding, or take a kernel of at most 2.",
        ),
    ],
    ids=str,
)
def test_what_is_wrong_and_what_works(query, message):
    with pytest.raises(SpecError) as caught:
        traced(**query)
    assert caught.value.message == message


def test_the_lectures_numbers():
    np.testing.assert_array_equal(traced(w="slices", o="1").slices[0], LECTURE_SLICES)
    grey = traced(n="3", k="1", o="1", x="patch", w="grey").outputs[0]
    assert grey[0, 0] == pytest.approx(0.299 * 73 + 0.587 * 49 + 0.114 * 32)
    assert grey[0, 0] == pytest.approx(54.238)
    purple = traced(n="3", k="1", o="3", x="pixels", w="identity").outputs
    assert [plane[0, 0] for plane in purple] == [240, 10, 200]
    four = traced(n="9", p="1", c="1", o="4", x="house", w="lines")
    assert np.array(four.outputs).shape == (4, 9, 9)
    assert four.weight.shape == (4, 1, 3, 3)


def test_each_line_filter_answers_to_its_own_line():
    upright, level, falling, rising = traced(n="9", p="1", c="1", o="4", x="house", w="lines").outputs
    assert upright[6, 1] == level[8, 4] == 6  # a wall, the floor
    assert rising[2, 2] == falling[2, 6] == 6  # the roof
    assert max(upright[2, 2], level[6, 1], falling[2, 2], rising[6, 1]) <= 0


def test_another_channel_leaves_the_others_as_they_are():
    few, many = traced(c="2"), traced(c="6", o="6")
    for channel in range(2):
        assert few.inputs[channel] is many.inputs[channel]
        assert few.slices[1][channel] is many.slices[1][channel]


def test_a_separable_layer_is_two_layers():
    two, depthwise = traced(layer="separable", o="4"), traced(o="3", g="3")
    for parts, output in zip(two.parts, depthwise.outputs, strict=True):
        np.testing.assert_array_equal(parts[0], output)
    assert two.mixing is not None and two.mixing.shape == (4, 3)


@pytest.mark.parametrize("pattern", INPUT_PATTERNS)
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (9, 9)])
def test_every_input_pattern_fills_every_channel(pattern, shape):
    for channel in range(6):
        plane = fill_channel(pattern, channel, shape, 3)
        assert plane.shape == shape and not plane.flags.writeable
    assert set(CHANNELS) == set(INPUT_PATTERNS)


@pytest.mark.parametrize("pattern", WEIGHT_PATTERNS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (2, 2), (3, 2), (3, 3)])
def test_every_weight_pattern_fills_every_slice(pattern, shape):
    for output in range(6):
        for channel in range(6):
            plane = fill_slice(pattern, output, channel, shape, 3)
            assert plane.shape == shape and not plane.flags.writeable
    assert set(SLICES) == set(WEIGHT_PATTERNS)


@pytest.mark.parametrize("shape", [(3, 3), (2, 2), (1, 3)])
@pytest.mark.parametrize("output", range(4))
def test_line_filters_are_silent_on_a_flat_picture(output, shape):
    assert fill_slice("lines", output, 0, shape).sum() == 0


def test_edits_outside_the_layer_wait():
    spec = ChannelsSpec(inputs=1, outputs=1, value_edits=(((4, 0, 0), 9),), weight_edits=(((0, 3, 0, 0), 9),))
    plain = trace_channels(ChannelsSpec(inputs=1, outputs=1))
    np.testing.assert_array_equal(trace_channels(spec).outputs[0], plain.outputs[0])
    np.testing.assert_array_equal(trace_channels(replace(spec, inputs=6)).inputs[4][0, 0], 9)
