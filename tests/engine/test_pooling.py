import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.pooling import (
    adaptive_avg_pool,
    adaptive_max_pool,
    adaptive_windows,
    avg_pool,
    global_avg_pool,
    global_max_pool,
    lp_pool,
    max_pool,
)
from cnnviz.errors import SpecError
from tests.engine.loops import loop_average, loop_max

TRUTH = json.loads((Path(__file__).parents[1] / "truth" / "arithmetic.json").read_text())
F = torch.nn.functional
MAX = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVG = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
LP = {1: F.lp_pool1d, 2: F.lp_pool2d, 3: F.lp_pool3d}
ADAPTIVE_MAX = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}
ADAPTIVE_AVG = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}


def torch_says(call):
    try:
        return call()
    except RuntimeError:
        return None


def random_layer(rng, rank):
    kernel = rng.integers(1, 5, rank).tolist()
    return {
        "kernel": kernel,
        "stride": None if rng.integers(4) == 0 else rng.integers(1, 4, rank).tolist(),
        "padding": [int(rng.integers(0, k // 2 + 1)) + int(rng.random() < 0.1) for k in kernel],
        "ceil_mode": bool(rng.integers(2)),
    }


def test_the_guide_and_lecture_numbers():
    guide = np.array(TRUTH["guide_numeric"]["input"])[None]
    assert max_pool(guide, 3, stride=1)[0].tolist() == TRUTH["guide_numeric"]["max3"]
    features = np.array(TRUTH["lecture"]["pool_feature_map"])[None]
    assert max_pool(features, 2)[0].tolist() == TRUTH["lecture"]["pool_result"]


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_max_pooling_and_its_winners_are_those_of_torch(rank):
    rng = np.random.default_rng(rank)
    refusals = 0
    for turn in range(250):
        layer = random_layer(rng, rank)
        kernel, dilation = layer.pop("kernel"), rng.integers(1, 3, rank).tolist()
        x = rng.integers(-2, 3, (2, 2, *rng.integers(1, 9, rank)))  # few values: many ties
        values = x.astype(np.float64)
        if turn % 3 == 0:
            values[rng.random(x.shape) < 0.1] = np.nan
        if turn % 5 == 0:
            values[rng.random(x.shape) < 0.3] = -np.inf
        theirs = torch_says(
            lambda v=values, k=kernel, d=dilation, s=layer: MAX[rank](
                torch.from_numpy(v), k, dilation=d, return_indices=True, **s
            )
        )
        if theirs is None:
            refusals += 1
            with pytest.raises(SpecError):
                max_pool(x, kernel, dilation=dilation, **layer)
            continue
        found, winners = max_pool(values, kernel, dilation=dilation, return_indices=True, **layer)
        assert np.array_equal(found, theirs[0].numpy(), equal_nan=True)
        real = winners >= 0  # a dilated window over a small input can read padding alone: torch's index is arbitrary
        assert np.array_equal(winners[real], theirs[1].numpy()[real])
        assert np.isneginf(found[~real]).all()
        plain = max_pool(values, kernel, dilation=dilation, **layer)
        assert np.array_equal(plain, found, equal_nan=True)
    assert 10 < refusals < 200


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_mean_pooling_is_that_of_torch(rank):
    rng = np.random.default_rng(rank)
    refusals = 0
    for _ in range(250):
        layer = random_layer(rng, rank) | {"count_include_pad": bool(rng.integers(2))}
        kernel = layer.pop("kernel")
        x = rng.integers(-9, 10, (2, *rng.integers(1, 9, rank)))
        theirs = torch_says(lambda x=x, k=kernel, s=layer: AVG[rank](torch.from_numpy(x).double(), k, **s))
        # avg_pool3d alone also refuses a window that only fits with its padding; we treat all ranks alike.
        if theirs is None and rank == 3 and any(n < k for n, k in zip(x.shape[1:], kernel, strict=True)):
            continue
        if theirs is None:
            refusals += 1
            with pytest.raises(SpecError):
                avg_pool(x, kernel, **layer)
            continue
        ours = avg_pool(x, kernel, **layer)
        assert ours.dtype == np.float64
        assert np.allclose(ours, theirs.numpy(), rtol=1e-14, atol=1e-14)
    assert 10 < refusals < 200


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("p", [1, 2, 3, 4, 1.5, float("inf"), -float("inf"), -2])
def test_norm_pooling_is_that_of_torch_where_torch_has_a_number(rank, p):
    rng = np.random.default_rng(rank)
    for _ in range(40):
        layer = random_layer(rng, rank)
        del layer["padding"]
        kernel = layer.pop("kernel")
        x = rng.integers(-9, 10, (2, *rng.integers(4, 9, rank))).astype(float)
        arguments: Any = kernel, layer["stride"], layer["ceil_mode"]
        if rank == 1:  # torch.lp_pool1d takes no lists
            arguments = [each[0] if isinstance(each, list) else each for each in arguments]
        theirs = LP[rank](torch.from_numpy(x), p, *arguments).numpy()
        ours = lp_pool(x, kernel, p, **layer) if rank > 1 else lp_pool(x, kernel[0], p, rank=1, **layer)
        assert ours.shape == theirs.shape
        defined = ~np.isnan(theirs)
        assert np.allclose(ours[defined], theirs[defined], rtol=1e-9, atol=1e-9)
        assert np.isfinite(ours).all()


def test_norm_pooling_of_a_negative_sum_is_its_real_root():
    assert np.allclose(lp_pool([[-2.0, -2.0]], 2, 3), [[-(16 ** (1 / 3))]])
    assert np.allclose(lp_pool([[-2.0, 2.0]], 2, 1.5), [[(2 * 2**1.5) ** (1 / 1.5)]])
    assert np.allclose(lp_pool([[3.0, 4.0]], 2, 2, padding=((1, 1),), dilation=1, stride=1), [[3, 5, 4]])


@settings(deadline=None, max_examples=80)
@given(data=st.data(), rank=st.integers(1, 3))
def test_asymmetric_padding_and_dilation_against_plain_loops(data, rank):
    def draw(low, high):
        return tuple(data.draw(st.integers(low, high)) for _ in range(rank))

    kernel, stride, dilation = draw(1, 4), draw(1, 3), draw(1, 2)
    padding = tuple((data.draw(st.integers(0, k // 2)), data.draw(st.integers(0, k // 2))) for k in kernel)
    spatial = tuple(d * (k - 1) + 1 + more for k, d, more in zip(kernel, dilation, draw(0, 3), strict=True))
    x = np.random.default_rng(data.draw(st.integers(0, 99))).integers(-9, 10, spatial)
    setting = {"stride": stride, "padding": padding, "dilation": dilation}
    for include in (True, False):
        ours = avg_pool(x[None], kernel, count_include_pad=include, **setting)[0]
        wanted = loop_average(x, kernel, stride, padding, dilation, count_include_pad=include)
        assert np.allclose(ours, wanted, rtol=1e-14, atol=1e-14)
    found, winners = max_pool(x[None], kernel, return_indices=True, **setting)
    values, indices = loop_max(x, kernel, stride, padding, dilation)
    assert found.dtype == x.dtype
    assert np.array_equal(found[0], values)
    assert np.array_equal(winners[0], indices)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_adaptive_pooling_is_that_of_torch(rank):
    rng = np.random.default_rng(rank)
    for turn in range(80):
        x = rng.integers(-3, 4, (2, 2, *rng.integers(1, 9, rank))).astype(float)
        if turn % 4 == 0:
            x[rng.random(x.shape) < 0.1] = np.nan
        size = rng.integers(1, 7, rank).tolist()
        if rank > 1 and turn % 3 == 0:
            size[0] = None
        theirs, where = ADAPTIVE_MAX[rank](torch.from_numpy(x), size, return_indices=True)
        ours, winners = adaptive_max_pool(x, size, return_indices=True, rank=rank)
        assert np.array_equal(ours, theirs.numpy(), equal_nan=True)
        assert np.array_equal(winners, where.numpy())
        means = ADAPTIVE_AVG[rank](torch.from_numpy(x), size).numpy()
        assert np.allclose(adaptive_avg_pool(x, size, rank=rank), means, rtol=1e-13, atol=1e-13, equal_nan=True)


@settings(deadline=None, max_examples=100)
@given(n=st.integers(1, 60), outputs=st.integers(1, 60))
def test_adaptive_windows_cover_everything_and_are_as_even_as_can_be(n, outputs):
    windows = adaptive_windows(n, outputs)
    assert len(windows) == outputs
    assert {cell for start, stop in windows for cell in range(start, stop)} == set(range(n))
    lengths = {stop - start for start, stop in windows}
    assert max(lengths) <= -(-n // outputs) + 1
    assert min(lengths) >= max(n // outputs, 1)


def test_global_pooling():
    x = np.random.default_rng(0).integers(-9, 10, (2, 3, 4, 5))
    assert np.array_equal(global_max_pool(x), x.max(axis=(2, 3), keepdims=True))
    assert np.allclose(global_avg_pool(x), x.mean(axis=(2, 3), keepdims=True))
    assert global_avg_pool(x[0], rank=1).shape == (3, 4, 1)


@pytest.mark.parametrize("kind", ["bool", "uint8", "int16", "int64", "float32", "float64"])
def test_types(kind):
    x = np.array([[0, 1, 1, 0]]).astype(kind)
    assert max_pool(x, 2, padding=1).dtype == kind
    assert max_pool(x, 2, padding=1).tolist() == [[0, 1, 0]]
    assert max_pool(x, 2, padding=1, return_indices=True)[1].tolist() == [[0, 1, 3]]
    assert avg_pool(x, 2).dtype == (kind if kind.startswith("float") else "float64")
    assert max_pool(x.astype(np.float16), 2).dtype == np.float32
    lowest = np.full((1, 2), np.iinfo(np.int64).min)
    assert max_pool(lowest, 2, stride=1, padding=1, return_indices=True)[1].tolist() == [[0, 0, 1]]


def test_the_rank_follows_from_the_kernel_or_the_shape():
    assert max_pool(np.ones((2, 3, 8)), (2,)).shape == (2, 3, 4)
    assert max_pool(np.ones((2, 3, 8)), 2, rank=1).shape == (2, 3, 4)
    assert max_pool(np.ones((2, 4, 8)), 2).shape == (2, 2, 4)
    assert max_pool(np.ones((2, 4, 4, 8)), 2).shape == (2, 4, 2, 4)
    assert max_pool(np.ones((2, 4, 4, 8)), (2, 2, 2)).shape == (2, 2, 2, 4)
    assert max_pool(np.ones((1, 2, 4, 4, 8)), 2).shape == (1, 2, 2, 2, 4)
    assert max_pool(np.ones((0, 2, 4, 4)), 2).shape == (0, 2, 2, 2)
    assert max_pool(np.ones((0, 2, 4, 4)), 2, return_indices=True)[1].shape == (0, 2, 2, 2)


@pytest.mark.parametrize(
    ("call", "field", "words"),
    [
        (lambda: max_pool(np.ones((1, 5, 5)), 3, padding=2), "padding", ["is 2", "window of 3", "half of that, 1"]),
        (lambda: avg_pool(np.ones((1, 5, 5)), (3, 5), padding=(2, 2)), "padding", ["In the rows", "1 too many"]),
        (lambda: max_pool(np.ones((1, 5, 5)), 3, padding=cast(Any, "same")), "padding", ["'same'"]),
        (lambda: max_pool(np.ones((1, 2, 2)), 3), "kernel", ["3 cells", "only 2", "1 too few"]),
        (lambda: max_pool(np.ones((1, 5, 5)), 0), "kernel", ["0", "at least 1"]),
        (lambda: max_pool(np.ones((1, 5, 5)), 2, stride=0), "stride", ["0", "at least 1"]),
        (lambda: max_pool(np.ones((5, 5)), (2, 2)), "input", ["2 axes", "(1, 5, 5)"]),
        (lambda: max_pool(np.ones((5, 5)), (2, 2, 2, 2)), "kernel", ["4 axes"]),
        (lambda: lp_pool(np.ones((1, 5, 5)), 2, 0), "p", ["is 0", "2 gives the length"]),
        (lambda: lp_pool(np.ones((1, 5, 5)), 2, float("nan")), "p", ["is nan", "2 gives the length"]),
        (lambda: adaptive_avg_pool(np.ones((1, 5, 5)), 0), "output_size", ["0", "at least 1"]),
        (lambda: adaptive_max_pool(np.ones((1, 5, 5)), cast(Any, (1, 2.5))), "output_size", ["2.5", "whole number"]),
    ],
)
def test_a_refusal_says_what_is_wrong_and_by_how_much(call, field, words):
    with pytest.raises(SpecError) as caught:
        call()
    assert caught.value.field == field
    assert [word for word in words if word not in str(caught.value)] == []
