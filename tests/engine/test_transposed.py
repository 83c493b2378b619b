from itertools import product
from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.arithmetic import both_sides, lost_cells
from cnnviz.engine.convolution import convolve
from cnnviz.engine.settings import per_axis
from cnnviz.engine.transposed import convolve_transpose
from cnnviz.errors import SpecError
from tests.engine.loops import loop_transpose

F = torch.nn.functional
TORCH_CONV = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def agree(x, weight, bias=None, **settings):
    arrays: list[Any] = [None if array is None else torch.from_numpy(array).double() for array in (x, weight, bias)]
    try:
        theirs = TORCH_CONV[weight.ndim - 2](*arrays, **settings).numpy()
    except RuntimeError:
        with pytest.raises(SpecError):
            convolve_transpose(x, weight, bias, **settings)
        return
    ours = convolve_transpose(x, weight, bias, **settings)
    assert ours.shape == theirs.shape
    assert ours.dtype == np.int64
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_wide_grid_against_torch(rank):
    rng = np.random.default_rng(rank)
    for _ in range(200):
        groups, ins, outs = (int(rng.integers(1, 3)) for _ in range(3))
        spatial, kernel = rng.integers(1, 5, rank), rng.integers(1, 4, rank)
        stride, padding, dilation, extra = (
            rng.integers(low, high, rank).tolist() for low, high in ((1, 4), (0, 3), (1, 3), (0, 3))
        )
        batch = [int(rng.integers(1, 3))] if rng.integers(2) else []
        x = rng.integers(-9, 10, (*batch, ins * groups, *spatial))
        weight = rng.integers(-4, 5, (ins * groups, outs, *kernel))
        bias = rng.integers(-9, 10, outs * groups)
        agree(
            *(x, weight, bias), stride=stride, padding=padding, dilation=dilation, output_padding=extra, groups=groups
        )


@settings(deadline=None, max_examples=60)
@given(data=st.data(), rank=st.integers(1, 3))
def test_asymmetric_padding_against_a_plain_loop(data, rank):
    def draw(low, high):
        return tuple(data.draw(st.integers(low, high)) for _ in range(rank))

    spatial, kernel, stride, dilation = draw(1, 4), draw(1, 3), draw(1, 3), draw(1, 2)
    padding = tuple(zip(draw(0, 4), draw(0, 4), strict=True))
    extra = tuple(max(s, d) - 1 for s, d in zip(stride, dilation, strict=True))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    x, weight = rng.integers(-9, 10, (2, *spatial)), rng.integers(-4, 5, (2, 2, *kernel))
    setting = {"stride": stride, "padding": padding, "output_padding": extra, "dilation": dilation}
    wanted = loop_transpose(x, weight, stride, padding, dilation, output_padding=extra)
    grown = [
        (n - 1) * s + d * (k - 1) + 1 + e
        for n, s, d, k, e in zip(spatial, stride, dilation, kernel, extra, strict=True)
    ]
    if any(size <= before + after for size, (before, after) in zip(grown, padding, strict=True)):
        with pytest.raises(SpecError, match="too few"):
            convolve_transpose(x, weight, **setting)
        return
    assert np.array_equal(convolve_transpose(x, weight, **setting), wanted)


def test_it_is_the_transpose_of_the_convolution():
    rng = np.random.default_rng(0)
    padding: Any
    for stride, padding in product((1, 2, 3), (0, 1, ((1, 0), (2, 1)))):
        x, weight = rng.integers(-9, 10, (3, 7, 8)), rng.integers(-4, 5, (2, 3, 3, 4))
        y = convolve(x, weight, stride=stride, padding=padding)
        other = rng.integers(-9, 10, y.shape)
        sides = [both_sides(each) for each in per_axis("padding", padding, 2)]
        lost = [lost_cells(n, k, stride, p) for n, k, p in zip(x.shape[1:], (3, 4), sides, strict=True)]
        back = convolve_transpose(other, weight, stride=stride, padding=padding, output_padding=lost)
        assert back.shape == x.shape
        assert (y * other).sum() == (x * back).sum()


def test_types_and_large_pictures():
    rng = np.random.default_rng(1)
    x = rng.random((1, 2, 150, 140)).astype(np.float32)
    weight = rng.standard_normal((2, 3, 4, 4)).astype(np.float32)
    ours = convolve_transpose(x, weight, stride=2, padding=1)
    exact = F.conv_transpose2d(torch.from_numpy(x).double(), torch.from_numpy(weight).double(), stride=2, padding=1)
    assert ours.dtype == np.float32
    assert np.abs(ours - exact.numpy()).max() < 1e-5
    assert convolve_transpose(x.astype(np.float16)[0, :, :5], weight).dtype == np.float32
    assert convolve_transpose([[1, 2]], [[[0.5]]]).dtype == np.float64


@pytest.mark.parametrize(
    ("call", "field", "words"),
    [
        (
            lambda: convolve_transpose(np.ones((1, 3)), np.ones((1, 1, 3)), output_padding=1),
            "output_padding",
            ["is 1", "here 1", "0 or less"],
        ),
        (
            lambda: convolve_transpose(np.ones((1, 1, 3)), np.ones((1, 1, 3, 3)), padding=(2, 0)),
            "padding",
            ["In the rows", "2 + 2", "3 cells", "leaves -1", "2 too few"],
        ),
        (lambda: convolve_transpose(np.ones((2, 3)), np.ones((1, 2, 3))), "weight", ["2 channels", "reads 1", "be 2"]),
        (lambda: convolve_transpose(np.ones((1, 3)), np.ones((1, 2, 3)), [1.0]), "bias", ["(1,)", "(2,)"]),
        (lambda: convolve_transpose(np.ones((3, 3)), np.ones((3, 2, 3)), groups=2), "groups", ["2 groups", "3 input"]),
        (
            lambda: convolve_transpose(np.ones((1, 3)), np.ones((1, 1, 3)), padding=cast(Any, "same")),
            "padding",
            ["'same'"],
        ),
        (lambda: convolve_transpose(np.ones((1, 3)), np.ones((1, 1, 3)), stride=0), "stride", ["0", "at least 1"]),
    ],
)
def test_a_refusal_says_what_is_wrong_and_by_how_much(call, field, words):
    with pytest.raises(SpecError) as caught:
        call()
    assert caught.value.field == field
    assert [word for word in words if word not in str(caught.value)] == []
