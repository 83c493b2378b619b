"""The traces of the Pooling, Down-sampling and Pixel shuffle lessons, with PyTorch as the oracle."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from torch.nn import functional

from cnnviz.engine.grids import GridSource
from cnnviz.engine.shuffle import pixel_shuffle, pixel_unshuffle
from cnnviz.errors import SpecError
from cnnviz.lessons.downsampling.trace import trace_downsampling
from cnnviz.lessons.pooling.spec import PoolingSpec
from cnnviz.lessons.pooling.trace import PoolingTrace, check_pooling, trace_pooling
from cnnviz.lessons.shuffle.trace import trace_shuffle
from tests.lessons.convolution.specs import examples
from tests.lessons.pooling.specs import DOWNSAMPLING_SPECS, POOLING_SPECS, SHUFFLE_SPECS, works

RANDOM = GridSource("random")


def tensor(array: np.ndarray) -> torch.Tensor:
    return torch.tensor(array, dtype=torch.float64)[None, None]


def by_torch(spec: PoolingSpec, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
    """What PyTorch makes of a spec, and where its maxima come from."""
    if spec.used_area != "windows":
        if spec.op == "mean":
            return functional.adaptive_avg_pool2d(x, spec.grid), None
        return functional.adaptive_max_pool2d(x, spec.grid, return_indices=True)
    settings: dict[str, Any] = {"stride": spec.steps, "ceil_mode": spec.ceil}
    if spec.op == "norm":
        return functional.lp_pool2d(x, 2, spec.kernel, **settings), None
    settings["padding"] = spec.padding
    if spec.op == "mean":
        return functional.avg_pool2d(x, spec.kernel, count_include_pad=spec.count_pad, **settings), None
    return functional.max_pool2d(x, spec.kernel, dilation=spec.dilation, return_indices=True, **settings)


def refused_by_torch(spec: PoolingSpec) -> bool:
    try:
        output, _ = by_torch(spec, torch.zeros(1, 1, *spec.size, dtype=torch.float64))
    except RuntimeError:
        return True
    return bool(torch.isinf(output).any())


def check(trace: PoolingTrace) -> None:
    spec, x = trace.spec, tensor(trace.values)
    output, indices = by_torch(spec, x)
    np.testing.assert_allclose(trace.output, output[0, 0].numpy(), rtol=1e-9, atol=1e-9)
    assert (indices is None) == (trace.indices is None)
    if indices is not None:
        assert trace.indices is not None
        assert trace.indices.tolist() == indices[0, 0].tolist()
        assert (trace.padded.ravel()[trace.winners] == trace.output).all()
    if trace.unpooled is not None:
        assert indices is not None
        reach = tuple(d * (k - 1) + 1 for k, d in zip(spec.kernel, spec.dilation, strict=True))
        back = functional.max_unpool2d(output, indices, reach, spec.steps, spec.padding, output_size=spec.size)
        np.testing.assert_array_equal(trace.unpooled, back[0, 0].numpy())


@examples(400)
@given(POOLING_SPECS.filter(works))
def test_the_numbers_are_pytorchs(spec):
    check(trace_pooling(spec))


@examples(300)
@given(POOLING_SPECS)
def test_what_pytorch_refuses_is_refused(spec):
    assert works(spec) != refused_by_torch(spec)


def test_every_small_window_is_pytorchs():
    settings = product(
        ["max", "mean", "norm"], range(1, 8), range(1, 4), range(1, 4), (0, 1), (False, True), (False, True)
    )
    for op, size, kernel, stride, padding, ceil, flag in settings:
        spec = PoolingSpec(
            op=op,
            size=(size, 7),
            kernel=(kernel, 2),
            stride=(stride, 2),
            padding=(padding, 0),
            ceil=ceil,
            count_pad=flag,
            unpool=flag,
            values=RANDOM,
        )
        if works(spec):
            check(trace_pooling(spec))
        else:
            assert refused_by_torch(spec)


@pytest.mark.parametrize(("size", "outputs"), list(product(range(1, 10), range(1, 9))))
def test_every_adaptive_size_is_pytorchs(size, outputs):
    for op in ("max", "mean"):
        check(trace_pooling(PoolingSpec(op=op, area="adaptive", size=(size, 5), outputs=(outputs, 2), values=RANDOM)))


def test_ceil_modes_odd_rule():
    spec = PoolingSpec(size=(4, 4), kernel=(2, 2), stride=(3, 3), padding=(1, 1), ceil=True)
    assert trace_pooling(spec).output.shape == (2, 2)


def divisors(spec: PoolingSpec) -> Any:
    found = trace_pooling(spec).divisors
    assert found is not None
    return found.tolist()


def test_divisors_count_the_cells_that_count():
    spec = PoolingSpec(op="mean", size=(3, 3), kernel=(2, 2), padding=(1, 1), stride=(2, 2))
    assert divisors(spec) == [[4, 4], [4, 4]]
    assert divisors(replace(spec, count_pad=False)) == [[1, 2], [2, 4]]
    hanging = PoolingSpec(op="mean", size=(3, 3), ceil=True)
    assert divisors(hanging) == [[4, 2], [2, 1]]


def test_whole_numbers_stay_whole():
    unpooled = trace_pooling(PoolingSpec(unpool=True)).unpooled
    assert unpooled is not None and unpooled.dtype.kind == "i"


def test_a_window_without_data_is_refused_in_words():
    with pytest.raises(SpecError, match="reads nothing but padding") as caught:
        check_pooling(PoolingSpec(size=(1, 1), kernel=(2, 2), padding=(1, 1), dilation=(2, 2)))
    assert caught.value.field == "dilation"


# Shuffles


@pytest.mark.parametrize(("factor", "channels", "batch"), list(product((1, 2, 3, 4), (1, 2, 3), (1, 2))))
def test_shuffles_are_pytorchs(factor, channels, batch):
    rng = np.random.default_rng(factor)
    fine = rng.integers(-9, 9, (batch, channels, 2 * factor, 3 * factor))
    coarse = functional.pixel_unshuffle(torch.tensor(fine), factor).numpy()
    assert (pixel_unshuffle(fine, factor) == coarse).all()
    assert (pixel_unshuffle(fine[0], factor) == coarse[0]).all()
    assert (pixel_shuffle(coarse, factor) == fine).all()
    assert (pixel_shuffle(coarse[0], factor) == fine[0]).all()


def test_what_does_not_divide_is_refused_in_words():
    with pytest.raises(SpecError, match="In the columns: 5 cells cannot be cut into blocks of 2: 1 is left over"):
        pixel_unshuffle(np.zeros((1, 4, 5)), 2)
    with pytest.raises(SpecError, match="but there are 6: 2 are left over"):
        pixel_shuffle(np.zeros((6, 2, 2)), 2)


@examples(100)
@given(SHUFFLE_SPECS.filter(works))
def test_both_sides_of_a_shuffle_hold_the_same(spec):
    trace = trace_shuffle(spec)
    assert trace.fine.shape == spec.fine and trace.coarse.shape == spec.coarse
    assert (functional.pixel_shuffle(torch.tensor(trace.coarse), spec.factor).numpy() == trace.fine).all()


# The comparison


@examples(150)
@given(DOWNSAMPLING_SPECS.filter(works))
def test_the_comparison_is_pytorchs(spec):
    trace = trace_downsampling(spec)
    x, w = tensor(trace.values), tensor(trace.weight)
    (top, bottom), (left, right) = (axis.padding for axis in trace.dense_axes)
    padded = functional.pad(x, (left, right, top, bottom))
    near: Any = {"rtol": 1e-9, "atol": 1e-6}
    np.testing.assert_allclose(trace.strided, functional.conv2d(padded, w, stride=spec.factor)[0, 0].numpy(), **near)
    np.testing.assert_allclose(trace.dense, functional.conv2d(padded, w)[0, 0].numpy(), **near)
    np.testing.assert_allclose(trace.kept, trace.strided, **near)
    np.testing.assert_array_equal(trace.largest, functional.max_pool2d(x, spec.factor)[0, 0].numpy())
    np.testing.assert_allclose(trace.mean, functional.avg_pool2d(x, spec.factor)[0, 0].numpy(), **near)
    assert (trace.parts is None) == any(size % spec.factor for size in spec.size)
    if trace.parts is not None:
        np.testing.assert_array_equal(trace.parts, functional.pixel_unshuffle(x, spec.factor)[0].numpy())
    assert trace.strided_axes[0].padded_size == spec.size[0] + spec.kernel[0] - 1
