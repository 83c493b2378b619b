from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given

from cnnviz.engine.transposed import convolve_transpose
from cnnviz.errors import SpecError
from cnnviz.lessons.transposed.spec import LARGEST_MATRIX, LARGEST_PICTURE, TransposedSpec
from cnnviz.lessons.transposed.trace import TransposedTrace, matrix_weights, trace_transposed, transposed_axis
from tests.lessons.convolution.specs import examples
from tests.lessons.transposed.specs import SPECS, WORKING, traced

GRID = list(product(range(1, 5), range(1, 5), range(1, 5), range(4), range(1, 4), range(3)))


def tensor(array) -> torch.Tensor:
    return torch.tensor(np.array(array), dtype=torch.float64)[None, None]


def by_torch(trace: TransposedTrace) -> np.ndarray:
    """Torch without padding, then cut: it knows no uneven padding."""
    spec = trace.spec
    whole = F.conv_transpose2d(
        tensor(trace.values),
        tensor(trace.weight),
        stride=spec.stride,
        dilation=spec.dilation,
        output_padding=spec.output_padding,
    )[0, 0].numpy()
    (top, bottom), (left, right) = spec.padding
    return whole[top : whole.shape[0] - bottom, left : whole.shape[1] - right]


def test_every_square_setting_is_torchs():
    """Where torch refuses, so do we."""
    agreed = 0
    for n, kernel, stride, padding, dilation, extra in GRID:
        spec = TransposedSpec(
            (n, n), (kernel, kernel), (stride, stride), ((padding, padding),) * 2, (dilation, dilation), (extra, extra)
        )
        x, w = tensor(np.arange(n * n).reshape(n, n) + 1), tensor(np.arange(kernel * kernel).reshape(kernel, kernel))
        try:
            expected = F.conv_transpose2d(x, w, stride=stride, padding=padding, dilation=dilation, output_padding=extra)
        except RuntimeError:
            with pytest.raises(SpecError):
                trace_transposed(spec)
            continue
        try:
            trace = trace_transposed(replace(spec, weights=replace(spec.weights, pattern="counting")))
        except SpecError as error:
            assert "That is legal" in error.message
            assert (n - 1) * stride + dilation * (kernel - 1) + 1 + extra > LARGEST_PICTURE
            continue
        assert trace.output.tolist() == expected[0, 0].tolist()
        agreed += 1
    assert agreed > 1000


@examples(300)
@given(WORKING)
def test_any_trace_is_torchs_and_the_engines(spec):
    trace = trace_transposed(spec)
    np.testing.assert_allclose(trace.output, by_torch(trace), rtol=1e-9, atol=1e-6)
    other = convolve_transpose(
        trace.values[None], trace.weight[None, None],
        stride=spec.stride, padding=spec.padding, dilation=spec.dilation, output_padding=spec.output_padding,
    )[0]  # fmt: skip
    np.testing.assert_allclose(trace.output, other, rtol=1e-9, atol=1e-6)


@examples(200)
@given(WORKING)
def test_three_ways_and_one_result(spec):
    trace = trace_transposed(spec)
    rows, columns = trace.axes
    by_matrix = (trace.matrix @ trace.values.ravel()).reshape(trace.output.shape)
    np.testing.assert_allclose(by_matrix, trace.output, rtol=1e-9, atol=1e-6)
    windows = F.conv2d(tensor(trace.stretched), tensor(trace.turned.copy()), dilation=spec.dilation)[0, 0].numpy()
    kept = windows[rows.start : rows.start + rows.size, columns.start : columns.start + columns.size]
    np.testing.assert_allclose(kept, trace.output, rtol=1e-9, atol=1e-6)


@examples(150)
@given(WORKING)
def test_the_matrix_is_the_convolutions_transposed(spec):
    """Column by column: the convolution of every unit picture is a row of the transposed matrix's transpose."""
    trace = trace_transposed(replace(spec, how="stamp"))
    (top, bottom), (left, right) = spec.padding
    height, width = trace.output.shape
    units = torch.eye(height * width, dtype=torch.float64).reshape(-1, 1, height, width)
    padded = F.pad(units, (left, right, top, bottom))
    maps = F.conv2d(padded, tensor(trace.weight), stride=spec.stride, dilation=spec.dilation)
    there = maps[:, 0, : trace.rows.n, : trace.columns.n].reshape(height * width, -1).numpy()
    np.testing.assert_allclose(trace.matrix, there, rtol=0, atol=0)


@examples(150)
@given(WORKING)
def test_counts_are_what_stamps_of_ones_add_up_to(spec):
    trace = trace_transposed(spec)
    (top, _), (left, _) = trace.rows.cut, trace.columns.cut
    ones = torch.ones(trace.values.shape, dtype=torch.float64)[None, None]
    kernel = torch.ones(spec.kernel, dtype=torch.float64)[None, None]
    whole = F.conv_transpose2d(ones, kernel, stride=spec.stride, dilation=spec.dilation)[0, 0].numpy()
    counted = trace.counts[: whole.shape[0], : whole.shape[1]]
    assert counted.tolist() == whole.tolist()
    assert not trace.counts[whole.shape[0] :].any()
    assert trace.counts.shape == trace.canvas.shape
    assert trace.counts[top, left] == trace.rows.kept_counts[0] * trace.columns.kept_counts[0]


@examples(150)
@given(WORKING)
def test_a_round_trip_brings_the_shape_back(spec):
    try:
        trace = trace_transposed(replace(spec, how="round"))
    except SpecError as error:
        assert error.field == "output_padding"
        assert any(extra >= stride for extra, stride in zip(spec.output_padding, spec.stride, strict=True))
        return
    trip = trace.trip
    assert trip is not None
    assert trip.picture.shape == trace.output.shape == trip.difference.shape
    assert trip.middle.shape == spec.size
    (top, bottom), (left, right) = spec.padding
    padded = F.pad(tensor(trip.picture), (left, right, top, bottom))
    there = F.conv2d(padded, tensor(trace.weight), stride=spec.stride, dilation=spec.dilation)[0, 0].numpy()
    np.testing.assert_allclose(trip.middle, there, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(trip.difference, by_torch(trace) - trip.picture, rtol=1e-9, atol=1e-5)


@pytest.mark.parametrize(("kernel", "stride", "dilation", "even"), [
    (3, 2, 1, False), (4, 2, 1, True), (2, 2, 1, True), (3, 1, 1, True),
    (3, 3, 1, True), (4, 3, 1, False), (4, 2, 2, False), (3, 3, 2, True),
])  # fmt: skip
def test_checkerboards(kernel, stride, dilation, even):
    axis = transposed_axis(8, kernel, stride, (0, 0), dilation)
    assert axis.is_even is even
    middle = axis.counts[axis.reach : -axis.reach]
    assert (len(set(middle)) == 1) is even


def test_small_integers_stay_exact():
    assert traced(x="random", w="random", n="5").output.dtype.kind == "i"


def test_arrays_are_read_only():
    trace = traced(p="1", how="round")
    assert trace.trip is not None
    for array in (
        trace.output,
        trace.canvas,
        trace.stretched,
        trace.counts,
        trace.matrix,
        trace.trip.middle,
        trace.trip.difference,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
    assert not matrix_weights(*trace.axes).flags.writeable


@pytest.mark.parametrize(("query", "field", "words"), [
    ({"op": "2"}, "output_padding", "Take 1 or less"),
    ({"n": "1", "p": "2"}, "padding", "2 too few"),
    ({"n": "8", "s": "3"}, "input", f"at most {LARGEST_PICTURE}"),
    ({"n": "5", "how": "matrix"}, "how", f"at most {LARGEST_MATRIX} of each"),
    ({"s": "1", "d": "2", "op": "1", "how": "round"}, "output_padding", "no way there and back"),
    ({"op": "2x0"}, "output_padding", "In the rows: "),
])  # fmt: skip
def test_what_cannot_be_is_said(query, field, words):
    with pytest.raises(SpecError) as caught:
        traced(**query)
    assert caught.value.field == field
    assert words in caught.value.message


@examples(200)
@given(SPECS)
def test_any_setting_gives_a_picture_or_a_sentence(spec):
    try:
        trace = trace_transposed(spec)
    except SpecError as error:
        assert error.message[0].isupper()
        assert error.message.endswith(".")
        return
    assert np.isfinite(trace.output).all()
    assert max(trace.canvas.shape) <= LARGEST_PICTURE
    for axis in trace.axes:
        assert axis.canvas == axis.size + sum(axis.cut)
        assert len(axis.stamps) == axis.canvas
