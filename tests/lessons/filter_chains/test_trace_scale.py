from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.filter_chains.spec import FilterChainsSpec
from cnnviz.lessons.filter_chains.trace_gradient import bell, smooth
from cnnviz.lessons.filter_chains.trace_scale import (
    FLOAT_RANGE,
    correlation,
    enlarge,
    gaussian_kernels,
    pyramid,
    trace_alias,
    trace_dog,
    trace_laplace,
)
from tests.lessons.convolution.specs import examples

PICTURES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30)))
NOISE = np.random.default_rng(3).integers(0, 256, (64, 80), dtype=np.uint8)


def blurred(x: np.ndarray, sigma: float) -> np.ndarray:
    """Column by column and row by row, in plain numpy."""
    weights = bell(sigma)
    for axis in (0, 1):
        x = np.apply_along_axis(
            lambda line: np.convolve(np.pad(line, len(weights) // 2, mode="edge"), weights, "valid"), axis, x
        )
    return x


@examples(100)
@given(PICTURES, st.integers(1, 5), st.sampled_from([0.5, 1.0, 2.0]))
def test_levels_are_blurred_and_halved(picture: np.ndarray, levels: int, sigma: float) -> None:
    wanted = picture.astype(np.float64)
    for level in pyramid(picture, levels, sigma):
        np.testing.assert_allclose(level, wanted, atol=1e-3)
        wanted = blurred(wanted, sigma)[::2, ::2]
    assert np.array_equal(pyramid(picture, levels, 0.0)[-1], picture[:: 2**levels, :: 2**levels])


@examples(100)
@given(PICTURES, st.integers(1, 5), st.sampled_from([0.5, 1.0, 3.3]))
def test_a_laplacian_pyramid_gives_the_picture_back(picture: np.ndarray, levels: int, sigma: float) -> None:
    spec = FilterChainsSpec(view="scale", what="laplace", levels=levels, sigma=sigma)
    trace = trace_laplace(picture, spec)
    assert len(trace.details) == min(levels, 4)
    assert trace.error < FLOAT_RANGE
    np.testing.assert_allclose(trace.rebuilt, picture, atol=FLOAT_RANGE)


def test_details_that_are_left_out_are_missing() -> None:
    errors = [
        trace_laplace(NOISE, FilterChainsSpec(what="laplace", levels=3, drop=drop)).error for drop in (0, 1, 2, 3, 4)
    ]
    assert errors[0] < FLOAT_RANGE < 1 < errors[1]
    assert errors[3] == errors[4]  # no more than there are
    spec = FilterChainsSpec(what="laplace", levels=1, drop=1)
    trace = trace_laplace(NOISE, spec)
    np.testing.assert_array_equal(trace.rebuilt, enlarge(trace.rest, NOISE.shape, spec.sigma))


@pytest.mark.parametrize("shape", [(6, 8), (7, 9), (1, 2)])
def test_a_plain_picture_is_enlarged_to_a_plain_one(shape: tuple[int, int]) -> None:
    small = np.full((-(-shape[0] // 2), -(-shape[1] // 2)), 90.0, np.float32)
    np.testing.assert_allclose(enlarge(small, shape, 0.5), 90, rtol=1e-5)


def test_a_blur_before_calms_a_move_by_one_pixel() -> None:
    picture = np.ascontiguousarray(sample("zone").pixels[..., 0])
    spec = FilterChainsSpec(view="scale", levels=2)
    trace = trace_alias(picture, spec)
    moved = picture[:, 1:]
    with_blur, without = pyramid(picture, 2, spec.sigma)[-1], pyramid(picture, 2, 0.0)[-1]
    other, plain = pyramid(moved, 2, spec.sigma)[-1], pyramid(moved, 2, 0.0)[-1]
    inside = (slice(None), slice(8, -8))
    assert trace.moved[1] == pytest.approx(np.abs(without.astype(float) - plain).mean(), rel=1e-4)
    assert np.abs(with_blur - other)[inside].mean() < 3
    assert trace.moved[1] > 50
    assert trace.moved[0] < 3
    np.testing.assert_allclose(trace.blurred, with_blur, atol=1e-3)
    np.testing.assert_array_equal(trace.dropped, without)


def test_means_and_deviations_are_numpys() -> None:
    trace = trace_alias(NOISE, FilterChainsSpec(levels=1))
    for mean, deviation, array in zip(
        trace.means, trace.deviations, (NOISE, trace.blurred, trace.dropped), strict=True
    ):
        assert (mean, deviation) == pytest.approx((array.mean(), array.std()), rel=1e-4)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (2, 3)])
def test_tiny_pictures_have_all_levels(size: tuple[int, int]) -> None:
    picture = np.full(size, 200, np.uint8)
    trace = trace_alias(picture, FilterChainsSpec(levels=5))
    assert trace.blurred.shape == trace.dropped.shape == (1, 1)
    assert trace_dog(picture, FilterChainsSpec()).dog.shape == size


@pytest.mark.parametrize("sigma", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("ratio", [1.1, 1.6, 2.0])
def test_a_difference_of_gaussians_is_nearly_a_laplacian(sigma: float, ratio: float) -> None:
    trace = trace_dog(NOISE, FilterChainsSpec(sigma=sigma, ratio=ratio))
    np.testing.assert_allclose(trace.dog, blurred(NOISE * 1.0, trace.wide) - blurred(NOISE * 1.0, sigma), atol=1e-3)
    reach = len(trace.log_kernel) // 2
    padded = np.pad(NOISE.astype(np.float64), reach, mode="edge")
    row, column = 31, 40
    window = padded[row : row + 2 * reach + 1, column : column + 2 * reach + 1]
    assert trace.log[row, column] == pytest.approx(float((window * trace.log_kernel).sum()), abs=1e-3)
    assert abs(trace.log_kernel.sum()) < 1e-12
    assert min(trace.kernels_match, trace.pictures_match) > 0.99
    assert trace.kernels_match == pytest.approx(np.corrcoef(trace.dog_kernel.ravel(), trace.log_kernel.ravel())[0, 1])
    np.testing.assert_allclose(trace.dog_kernel, trace.log_kernel, atol=0.25 * np.abs(trace.dog_kernel).max())


def test_nearer_sigmas_make_a_better_laplacian() -> None:
    matches = [correlation(*gaussian_kernels(1.0, ratio)[:2]) for ratio in (2.0, 1.6, 1.3, 1.1)]
    assert matches == sorted(matches)


def test_a_dot_is_a_dip() -> None:
    dot = np.zeros((31, 31), np.uint8)
    dot[15, 15] = 255
    trace = trace_dog(dot, FilterChainsSpec())
    assert trace.dog[15, 15] < 0 and trace.log[15, 15] < 0


def test_plain_arrays_correlate_perfectly() -> None:
    assert correlation(np.ones((2, 2)), np.ones((2, 2))) == 1.0
    np.testing.assert_allclose(smooth(np.full((3, 3), 5, np.uint8), bell(1.0)), 5, rtol=1e-6)
