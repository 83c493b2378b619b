import json
import random
from itertools import product
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine import fast, planes
from cnnviz.engine.convolution import convolve, correlate_plane
from cnnviz.engine.settings import layer_axes
from cnnviz.engine.windows import PADDING_MODES, axis_windows, pad
from cnnviz.errors import SpecError
from tests.engine.loops import loop_convolve

TRUTH = json.loads((Path(__file__).parents[1] / "truth" / "arithmetic.json").read_text())
F = torch.nn.functional
TORCH_CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


def torch_convolve(x, weight, bias=None, *, padding=0, padding_mode="zeros", **settings):
    """torch's answer for float64, or None if it refuses; other padding modes as torch.nn.Conv does them."""
    rank = weight.ndim - 2
    x, weight = torch.from_numpy(x).double(), torch.from_numpy(weight).double()
    bias = None if bias is None else torch.from_numpy(bias).double()
    try:
        if padding_mode != "zeros":
            both = [side for axis in reversed(range(rank)) for side in (padding[axis], padding[axis])]
            x, padding = F.pad(x, both, mode=padding_mode), 0
        return TORCH_CONV[rank](x, weight, bias, padding=padding, **settings).numpy()
    except RuntimeError:
        return None


def agree(x, weight, bias=None, **settings):
    theirs = torch_convolve(x, weight, bias, **settings)
    if theirs is None:
        with pytest.raises(SpecError):
            convolve(x, weight, bias, **settings)
        return
    ours = convolve(x, weight, bias, **settings)
    assert ours.shape == theirs.shape
    assert ours.dtype == np.int64
    assert np.array_equal(ours, theirs)


def test_the_guide_numbers():
    guide = TRUTH["guide_numeric"]
    x, kernel = np.array(guide["input"])[None], np.array(guide["kernel"])[None, None]
    assert convolve(x, kernel)[0].tolist() == guide["valid"]
    assert convolve(x, kernel, padding=1, stride=2)[0].tolist() == guide["pad1_stride2"]


def test_the_lecture_grids():
    lecture = TRUTH["lecture"]
    x, kernel = np.array(lecture["pool_input"])[None], np.array(lecture["pool_kernel"])[None, None]
    assert convolve(x, kernel, padding="same")[0].tolist() == lecture["pool_feature_map"]
    slide, sobel = np.array(lecture["slide_7x7"])[None], np.array(lecture["slide_sobel"])[None, None]
    assert np.array_equal(convolve(slide, sobel), torch_convolve(slide, sobel))
    # A Sobel kernel turned round is its own negative.
    assert np.array_equal(convolve(slide, sobel, flip=True), -convolve(slide, sobel))


RANDOM = random.Random(0)
GRID_2D = RANDOM.sample(
    list(product((1, 4, 7), (3, 6), (1, 2, 3), (1, 3), (1, 2, 3), (1, 2), (0, 1, 2), (0, 1), (1, 2), (1, 3))), 500
)


@pytest.mark.parametrize("chunk", range(5))
def test_wide_grid_in_two_dimensions(chunk):
    rng = np.random.default_rng(chunk)
    for h, w, kh, kw, sh, sw, ph, pw, dh, dw in GRID_2D[chunk::5]:
        groups = int(rng.choice([1, 1, 2, 3]))
        outs = groups * int(rng.integers(1, 3))
        ins = int(rng.integers(1, 3))
        x = rng.integers(-9, 10, (int(rng.integers(1, 3)), ins * groups, h, w))
        weight, bias = rng.integers(-4, 5, (outs, ins, kh, kw)), rng.integers(-9, 10, outs)
        agree(x, weight, bias, stride=(sh, sw), padding=(ph, pw), dilation=(dh, dw), groups=groups)


@pytest.mark.parametrize("rank", [1, 3])
def test_wide_grid_in_one_and_three_dimensions(rank):
    rng = np.random.default_rng(rank)
    for _ in range(150):
        groups, ins, outs = (int(rng.integers(1, 3)) for _ in range(3))
        spatial, kernel = rng.integers(1, 7, rank), rng.integers(1, 4, rank)
        stride, padding, dilation = (rng.integers(low, 3, rank).tolist() for low in (1, 0, 1))
        x = rng.integers(-9, 10, (ins * groups, *spatial))
        weight = rng.integers(-4, 5, (outs * groups, ins, *kernel))
        agree(x, weight, stride=stride, padding=padding, dilation=dilation, groups=groups)


@pytest.mark.parametrize("mode", PADDING_MODES)
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_padding_modes(mode, rank):
    rng = np.random.default_rng(rank)
    for _ in range(40):
        spatial, kernel = rng.integers(1, 6, rank), rng.integers(1, 4, rank)
        padding = rng.integers(0, 4, rank).tolist()
        x, weight = rng.integers(-9, 10, (2, 1, *spatial)), rng.integers(-4, 5, (2, 1, *kernel))
        agree(x, weight, padding=padding, padding_mode=mode)


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("name", ["valid", "same"])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_named_padding(name, rank):
    rng = np.random.default_rng(rank)
    for _ in range(40):
        spatial, kernel = rng.integers(1, 6, rank), rng.integers(1, 5, rank)
        dilation, stride = rng.integers(1, 3, rank).tolist(), rng.choice([1, 1, 1, 2], rank).tolist()
        x, weight = rng.integers(-9, 10, (1, *spatial)), rng.integers(-4, 5, (1, 1, *kernel))
        agree(x, weight, padding=name, dilation=dilation, stride=stride)


@settings(deadline=None, max_examples=60)
@given(data=st.data(), rank=st.integers(1, 3))
def test_asymmetric_padding_and_full_against_a_plain_loop(data, rank):
    def draw(low, high):
        return tuple(data.draw(st.integers(low, high)) for _ in range(rank))

    spatial, kernel, stride, dilation = draw(1, 5), draw(1, 3), draw(1, 3), draw(1, 2)
    numbers = tuple(zip(draw(0, 3), draw(0, 3), strict=True))
    full = tuple((d * (k - 1),) * 2 for k, d in zip(kernel, dilation, strict=True))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    x, weight = rng.integers(-9, 10, (2, *spatial)), rng.integers(-4, 5, (2, 1, *kernel))
    for padding, sides in (("full", full), (numbers, numbers)):
        reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
        if any(n + sum(pair) < r for n, pair, r in zip(spatial, sides, reach, strict=True)):
            with pytest.raises(SpecError, match="too few"):
                convolve(x, weight, stride=stride, padding=padding, dilation=dilation, groups=2)
            continue
        ours = convolve(x, weight, stride=stride, padding=padding, dilation=dilation, groups=2)
        assert np.array_equal(ours, loop_convolve(x, weight, stride, sides, dilation, groups=2))


def test_convolution_proper_is_that_of_scipy():
    from scipy.signal import convolve as scipy_convolve

    rng = np.random.default_rng(0)
    for rank in (1, 2, 3):
        x, kernel = rng.integers(-9, 10, (5,) * rank), rng.integers(-4, 5, (3, 2, 4)[:rank])
        ours = convolve(x[None], kernel[None, None], padding="full", flip=True)[0]
        assert np.array_equal(ours, scipy_convolve(x, kernel, method="direct"))


# ------------------------------------------------------------------------------------------- types


@pytest.mark.parametrize(
    ("x", "weight", "result"),
    [
        ("int64", "int64", "int64"),
        ("uint8", "int8", "int64"),
        ("uint64", "int64", "int64"),
        ("bool", "bool", "int64"),
        ("float32", "float32", "float32"),
        ("float32", "float64", "float64"),
        ("uint8", "float32", "float32"),
        ("int64", "float32", "float64"),
        ("float16", "float16", "float32"),
        ("float16", "uint8", "float32"),
        ("float64", "bool", "float64"),
    ],
)
def test_the_type_of_the_result(x, weight, result):
    ours = convolve(np.ones((1, 4), x), np.ones((1, 1, 3), weight))
    assert ours.dtype == result
    assert ours.tolist() == [[3, 3]]


@pytest.mark.parametrize("size", [3, 2**12, 2**20, 2**30, 2**40, 2**57])
def test_whole_numbers_stay_exact_whatever_their_size(size):
    rng = np.random.default_rng(size)
    x, weight = rng.integers(-size, size + 1, (1, 5, 6)), rng.integers(-4, 5, (1, 1, 3, 3))
    wanted = loop_convolve(x.astype(object), weight.astype(object), (1, 1), ((0, 0), (0, 0)), (1, 1))
    assert convolve(x, weight).tolist() == wanted.tolist()


def test_whole_numbers_that_no_integer_could_hold_are_refused():
    with pytest.raises(SpecError, match=r"2\.8e\+19.*9\.2e\+18") as caught:
        convolve(np.full((1, 3), 2**62), np.full((1, 1, 3), 2))
    assert caught.value.field == "input"


def test_empty_batches_pass():
    assert convolve(np.ones((0, 1, 5, 5)), np.ones((2, 1, 3, 3))).shape == (0, 2, 3, 3)
    assert convolve(np.ones((0, 1, 5), int), np.ones((2, 1, 3), int)).shape == (0, 2, 3)


def test_inputs_are_left_alone_and_results_are_new():
    x = np.ones((1, 4, 4))
    out = convolve(x, np.ones((1, 1, 1, 1)), [2.0])
    assert x.tolist() == np.ones((1, 4, 4)).tolist()
    assert not np.shares_memory(out, x)
    view = np.arange(64.0).reshape(8, 8).T[::2, ::-1]
    assert np.array_equal(
        convolve(view[None], np.ones((1, 1, 2, 2))), convolve(view.copy()[None], np.ones((1, 1, 2, 2)))
    )


@pytest.mark.parametrize("mode", PADDING_MODES)
def test_correlate_plane_is_convolve_without_the_checks(mode):
    rng = np.random.default_rng(0)
    x, kernel = rng.integers(-9, 10, (6, 5)), rng.integers(-4, 5, (3, 2))
    axes = (axis_windows(6, 3, 2, (1, 2), 1, mode), axis_windows(5, 2, 1, (0, 1), 2, mode))
    ours = correlate_plane(pad(x, axes), kernel, axes)
    settings = {"stride": (2, 1), "padding": ((1, 2), (0, 1)), "dilation": (1, 2), "padding_mode": mode}
    assert np.array_equal(ours, convolve(x[None], kernel[None, None], **settings)[0])


# ------------------------------------------------------------------------------------- large images


def within_rounding(ours, x, weight, method="", **settings):
    """Compare with float64, relative to the sum of the absolute products that every result is made of."""
    exact = torch_convolve(x, weight, **settings)
    scale = torch_convolve(np.abs(x), np.abs(weight), **settings)
    # A sum of n products in any order is off by at most n roundings; spectra are as good for the whole plane only.
    allowed = 1e-6 * (scale.max() if method == "fft" else scale) + 1e-30
    assert ours.dtype == np.float32
    assert (np.abs(ours - exact) <= allowed).all()


@pytest.mark.parametrize(
    ("size", "rank_one", "method"),
    [(3, False, "columns"), (7, False, "bands"), (31, False, "fft"), (3, True, "separable"), (15, True, "separable")],
)
@pytest.mark.parametrize("setting", [{}, {"stride": (2, 3)}, {"dilation": (2, 1)}, {"padding": (3, 1)}], ids=str)
def test_large_planes_by_every_method(size, rank_one, method, setting):
    rng = np.random.default_rng(size)
    x = rng.standard_normal((1, 1, 301, 413)).astype(np.float32)
    weight = rng.standard_normal((1, 1, size, size)).astype(np.float32)
    if rank_one:
        weight = (weight[:, :, :, :1] * weight[:, :, :1, :]).astype(np.float32)
    if not setting:
        axes = layer_axes(x.shape[2:], weight.shape[2:])
        assert fast.choose_method(x, weight, axes, 1) == method
    within_rounding(convolve(x, weight, **setting), x, weight, method="fft" if size == 31 else "", **setting)


PLANE_WAYS = [planes.by_bands, planes.by_separable, planes.by_fft]


@pytest.mark.parametrize("way", PLANE_WAYS, ids=lambda way: way.__name__)
def test_each_way_alone_for_every_stride_dilation_and_odd_size(way):
    rng = np.random.default_rng(0)
    for _ in range(60):
        kernel_sizes = rng.integers(1, 13, 2)
        column, row = rng.integers(1, 5, kernel_sizes[0]), rng.integers(-4, 0, kernel_sizes[1])
        kernel = np.outer(column, row).astype(np.float64)
        axes = tuple(
            axis_windows(int(rng.integers(60, 150)), int(k), int(rng.integers(1, 4)), 0, int(rng.integers(1, 4)))
            for k in kernel_sizes
        )
        plane = rng.integers(-9, 10, [axis.n for axis in axes]).astype(np.float64)
        out = np.full([axis.size for axis in axes], np.nan)
        way(plane, kernel, *axes, out)
        wanted = correlate_plane(plane, kernel, axes)
        assert np.allclose(out, wanted, rtol=0, atol=1e-7 if way is planes.by_fft else 0)


def test_large_colour_pictures_and_channels():
    rng = np.random.default_rng(1)
    picture = rng.random((2, 3, 200, 301), dtype=np.float32)
    for outs, groups, size in ((3, 3, 3), (6, 3, 7), (2, 1, 3), (16, 1, 3), (3, 1, 21)):
        weight = rng.standard_normal((outs, 3 // groups, size, size)).astype(np.float32)
        ours = convolve(picture, weight, padding="same", groups=groups)
        within_rounding(ours, picture, weight, method="fft" if size == 21 else "", padding=size // 2, groups=groups)


def test_large_pictures_of_whole_numbers_stay_exact():
    rng = np.random.default_rng(2)
    picture = rng.integers(0, 256, (1, 300, 280)).astype(np.uint8)
    for kernel in (rng.integers(-3, 4, (31, 31)), np.ones((15, 15), int), np.outer([1, 2, 1], [-1, 0, 1]) * 1000):
        weight = kernel[None, None]
        agree(picture, weight, padding=(1, 1))


def test_nan_and_inf_touch_only_the_windows_that_read_them():
    x = np.random.default_rng(3).random((1, 1, 256, 256)).astype(np.float32)
    x[0, 0, 100, 100], x[0, 0, 7, 200] = np.nan, np.inf
    for size in (3, 31):
        weight = np.random.default_rng(4).random((1, 1, size, size)).astype(np.float32)
        theirs = torch_convolve(x, weight)
        assert np.array_equal(np.isnan(convolve(x, weight)), np.isnan(theirs))
        assert np.array_equal(np.isinf(convolve(x, weight)), np.isinf(theirs))


def test_factors_are_found_only_where_they_agree_to_the_last_bit():
    gauss = np.exp(-(np.arange(-7, 8) ** 2) / 8)
    assert planes.factor(np.outer(gauss, gauss).astype(np.float32)) is not None
    assert planes.factor(np.outer([1, 2, 1], [-1, 0, 1]).astype(np.float32)) is not None
    factors = planes.factor(np.full((3, 3), 7.0))
    assert factors is not None
    column, row = factors
    assert np.array_equal(np.outer(column, row), np.full((3, 3), 7.0))
    almost = np.outer(gauss, gauss)
    almost[0, 0] *= 1 + 1e-5
    assert planes.factor(almost.astype(np.float32)) is None
    laplace = np.array([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])
    assert planes.factor(laplace) is None
    assert planes.factor(np.zeros((3, 3))) is None
    assert planes.factor(np.full((3, 3), np.nan)) is None


# ----------------------------------------------------------------------------------------- refusals

ONES = np.ones((1, 1, 3, 3))


@pytest.mark.parametrize(
    ("call", "field", "words"),
    [
        (lambda: convolve(np.ones((1, 2, 5)), ONES), "kernel", ["In the rows", "3 cells", "only 2", "1 too few"]),
        (lambda: convolve(np.ones((1, 2, 2)), ONES), "kernel", ["The kernel reaches over 3 cells", "only 2"]),
        (lambda: convolve(np.ones((5, 5)), ONES), "input", ["2 axes", "3 or 4", "(1, 5, 5)"]),
        (lambda: convolve(np.ones((1, 1, 1, 5, 5)), ONES), "input", ["5 axes", "3 or 4"]),
        (lambda: convolve(np.ones((1, 0, 5)), ONES), "input", ["In the rows", "0 cells"]),
        (lambda: convolve(np.ones((2, 5, 5)), ONES), "weight", ["2 channels", "reads 1", "(1, 2, 3, 3)"]),
        (
            lambda: convolve(np.ones((3, 5, 5)), ONES, groups=2),
            "groups",
            ["2 groups", "3 input", "1 are left", "1 or 3"],
        ),
        (lambda: convolve(np.ones((2, 5, 5)), ONES, groups=2), "groups", ["2 groups", "1 output channels"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, groups=0), "groups", ["0", "at least 1"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, [1, 2]), "bias", ["(2,)", "(1,)"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES[0, 0]), "weight", ["2 axes", "kernel[None, None]"]),
        (lambda: convolve(np.ones((1, 5, 5)), np.ones((0, 1, 3, 3))), "weight", ["(0, 1, 3, 3)"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, stride=0), "stride", ["0", "at least 1"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, stride=(1, 2, 3)), "stride", ["3 numbers", "2 axes"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, stride=cast(Any, 1.5)), "stride", ["1.5", "whole number"]),
        (lambda: convolve(np.ones((1, 5)), np.ones((1, 1, 3)), padding=(1, 2)), "padding", ["2 numbers", "((1, 2),)"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, padding="same", stride=2), "padding", ["stride 2", "same"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, padding="same", stride=0), "stride", ["0", "at least 1"]),
        (
            lambda: convolve(np.ones((1, 5, 5)), ONES, padding="same", stride=cast(Any, None)),
            "stride",
            ["None", "whole number"],
        ),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, padding="full", dilation=0), "dilation", ["0", "at least 1"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, padding=10**6), "padding", ["2000005", "1073741824"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, stride=cast(Any, {})), "stride", ["{}", "whole number"]),
        (lambda: convolve(np.ones((1, 5, 5)), ONES, padding="wide"), "padding", ["'wide'", "full"]),
        (
            lambda: convolve(np.ones((1, 5, 5)), ONES, padding_mode=cast(Any, "mirror")),
            "padding_mode",
            ["'mirror'", "circular"],
        ),
        (lambda: convolve(np.ones((1, 5, 5), complex), ONES), "input", ["complex128", "real numbers"]),
        (lambda: convolve([[["a", "b"]]], ONES), "input", ["real numbers"]),
        (lambda: convolve([[[1, 2], [3]]], ONES), "input", ["not equally long"]),
    ],
)
def test_a_refusal_says_what_is_wrong_and_by_how_much(call, field, words):
    with pytest.raises(SpecError) as caught:
        call()
    assert caught.value.field == field
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_single_number_in_a_list_holds_for_all_axes_as_in_torch():
    x = np.arange(25).reshape(1, 1, 5, 5)
    agree(x, np.arange(9).reshape(1, 1, 3, 3), stride=[2], padding=[1], dilation=[1])


def test_the_engine_does_not_import_torch():
    import subprocess
    import sys

    code = (
        "import sys, cnnviz.engine.convolution, cnnviz.engine.transposed, cnnviz.engine.pooling;"
        "sys.exit(bool({'torch', 'scipy', 'streamlit'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
