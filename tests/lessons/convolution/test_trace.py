from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from hypothesis import given

from cnnviz.engine.grids import GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.spec import BOUNDS, ConvolutionSpec
from cnnviz.lessons.convolution.trace import check_convolution, resolve_padding, trace_convolution
from cnnviz.state.padding import MODES, NAMED_PADDING
from tests.lessons.convolution.specs import SPECS, examples

TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def by_torch(spec: ConvolutionSpec, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The same convolution by PyTorch, which is told nothing but the spec and the numbers."""
    x, w = (torch.tensor(array, dtype=torch.float64)[None, None] for array in (values, weight))
    if spec.flip:
        w = w.flip(-2, -1)
    mode: Any = spec.mode
    steps: dict[str, Any] = {"stride": spec.stride, "dilation": spec.dilation}
    if spec.padding in {"valid", "same"} and spec.mode == "zeros":
        return F.conv2d(x, w, padding=spec.padding, **steps)[0, 0].numpy()
    if spec.padding == "same":
        layer = torch.nn.Conv2d(
            1, 1, spec.kernel, padding="same", padding_mode=mode, bias=False, dtype=torch.float64, **steps
        )
        with torch.no_grad():
            layer.weight.copy_(w)
            return layer(x)[0, 0].numpy()
    if spec.padding == "full":
        pad = [cells for axis in (1, 0) for cells in [spec.dilation[axis] * (spec.kernel[axis] - 1)] * 2]
    else:
        sides: Any = ((0, 0), (0, 0)) if spec.padding == "valid" else spec.padding
        (top, bottom), (left, right) = sides
        pad = [left, right, top, bottom]
    return F.conv2d(F.pad(x, pad, mode=TORCH_MODES[spec.mode]), w, **steps)[0, 0].numpy()


def assert_like_torch(spec: ConvolutionSpec) -> None:
    """The same numbers, or a refusal on both sides; what is only too wide for the stage, PyTorch may do."""
    try:
        trace = trace_convolution(spec)
    except SpecError as error:
        assert error.message.endswith(".")
        if "the stage draws at most" not in error.message:
            with pytest.raises((RuntimeError, ValueError)):
                by_torch(spec, np.ones(spec.size), np.ones(spec.kernel))
        return
    theirs = by_torch(spec, trace.values, trace.weight)
    assert trace.output.shape == theirs.shape == (trace.rows.size, trace.columns.size)
    if trace.values.dtype.kind == trace.weight.dtype.kind == "i":
        assert trace.output.dtype.kind == "i"
        assert trace.output.tolist() == theirs.tolist()
    else:
        scale = np.abs(trace.values).max() * np.abs(trace.weight).sum()
        assert np.abs(trace.output - theirs).max() <= 1e-13 * scale


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("padding", [*NAMED_PADDING, ((1, 1), (1, 1)), ((2, 0), (1, 3)), ((0, 0), (0, 0))], ids=str)
def test_a_grid_of_specs_against_torch(mode, padding):
    sizes, kernels = [(1, 1), (5, 5), (7, 4), (16, 9)], [(1, 1), (3, 3), (2, 3), (4, 1)]
    strides, dilations = [(1, 1), (2, 2), (1, 3)], [(1, 1), (2, 2), (3, 1)]
    for size, kernel, stride, dilation in product(sizes, kernels, strides, dilations):
        random = GridSource("random")
        flip = (size[0] + kernel[1]) % 2 == 1
        assert_like_torch(ConvolutionSpec(size, kernel, stride, padding, dilation, mode, flip, random, random, 5))


@examples(300)
@given(SPECS)
def test_any_spec_against_torch(spec):
    assert_like_torch(spec)


@examples(150)
@given(SPECS)
def test_checking_and_computing_agree(spec):
    try:
        padding, (rows, columns) = check_convolution(spec)
    except SpecError as error:
        with pytest.raises(SpecError) as caught:
            trace_convolution(spec)
        assert (caught.value.field, caught.value.message) == (error.field, error.message)
        return
    trace = trace_convolution(spec)
    assert (trace.padding, trace.rows, trace.columns) == (padding, rows, columns)
    assert trace.axes == (rows, columns)
    assert trace.values.shape == spec.size
    assert trace.weight.shape == spec.kernel
    assert trace.padded.shape == (rows.padded_size, columns.padded_size)
    (top, _), (left, _) = padding
    inside = trace.padded[top : top + spec.size[0], left : left + spec.size[1]]
    assert (inside == trace.values).all()


@examples(150)
@given(SPECS)
def test_every_output_is_the_sum_that_its_windows_name(spec):
    """What the stage highlights and writes out, product by product, is what the output says."""
    try:
        trace = trace_convolution(spec)
    except SpecError:
        return
    weight = trace.weight[::-1, ::-1] if spec.flip else trace.weight
    for row, column in {(0, 0), (trace.rows.size - 1, trace.columns.size - 1)}:
        window = trace.padded[np.ix_(trace.rows.reads[row], trace.columns.reads[column])]
        assert trace.output[row, column] == pytest.approx((window * weight).sum(), rel=1e-12, abs=1e-9)


def test_the_default_is_the_figure_of_the_guide():
    trace = trace_convolution(ConvolutionSpec())
    assert trace.output.tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]
    assert trace.padded is trace.values


@pytest.mark.parametrize(
    ("settings", "padding"),
    [
        ({"padding": "valid"}, ((0, 0), (0, 0))),
        ({"padding": "same"}, ((1, 1), (1, 1))),
        ({"padding": "same", "kernel": (2, 4)}, ((0, 1), (1, 2))),
        ({"padding": "same", "kernel": (1, 3), "dilation": (1, 4)}, ((0, 0), (4, 4))),
        ({"padding": "full", "kernel": (2, 4)}, ((1, 1), (3, 3))),
        ({"padding": "full", "stride": (2, 2)}, ((2, 2), (2, 2))),
        ({"padding": ((0, 1), (2, 3))}, ((0, 1), (2, 3))),
    ],
)
def test_named_padding(settings, padding):
    assert resolve_padding(ConvolutionSpec(**settings)) == padding


@pytest.mark.parametrize(
    ("settings", "field", "words"),
    [
        ({"size": (2, 2)}, "kernel", "The kernel reaches over 3 cells, but the padded input has only 2: 1 too few"),
        ({"size": (5, 2)}, "kernel", "In the columns: The kernel reaches over 3"),
        ({"padding": "same", "stride": (1, 2)}, "padding", "a stride of 2 divides it: PyTorch refuses"),
        ({"padding": "full", "kernel": (5, 5), "dilation": (2, 2)}, "padding", "reaches over 9 cells needs 8"),
        ({"padding": "full", "kernel": (1, 7), "dilation": (1, 3)}, "padding", "reaches over 19 cells needs 18"),
        ({"padding": ((5, 5), (5, 5)), "mode": "reflect"}, "padding", "at most 4: 5 is 1 too many"),
        ({"padding": ((6, 0), (0, 0)), "mode": "circular"}, "padding", "In the rows: .* at most 5: 6 is 1 too many"),
    ],
)
def test_what_is_impossible_is_explained(settings, field, words):
    with pytest.raises(SpecError, match=words) as caught:
        trace_convolution(ConvolutionSpec(**settings))
    assert caught.value.field == field


def test_the_largest_numbers_stay_exact():
    nines, side, reach = 99_999, BOUNDS["input"][1], BOUNDS["kernel"][1]
    values = GridSource("custom", ((nines,) * side,) * side)
    weights = GridSource("custom", ((nines,) * reach,) * reach)
    trace = trace_convolution(ConvolutionSpec((side, side), (reach, reach), values=values, weights=weights))
    assert (trace.output == reach * reach * nines * nines).all()
