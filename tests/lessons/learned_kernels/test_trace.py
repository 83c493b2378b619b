"""Sheets of kernels, and how alike kernels are: against plain loops, numpy and the library itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.networks.seeing.maps import own_eyes
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.pictures.kernels import LIBRARY
from cnnviz.lessons.learned_kernels.trace import (
    COLOUR,
    chosen,
    count_kernels,
    has_colour,
    kernel_layers,
    sheet,
    unit_layers,
    weights_before,
    weights_of,
)
from cnnviz.lessons.learned_kernels.trace_match import chance_level, count_alike, hand_made, nearest, overlap, resampled
from cnnviz.state.kernels import KernelSource, kernel_rows


def ramp(*shape: int) -> np.ndarray:
    return np.arange(1.0, math.prod(shape) + 1, dtype=np.float32).reshape(shape)


@given(
    st.integers(1, 80), st.integers(1, 40), st.integers(1, 7), st.integers(1, 7), st.data(),
)  # fmt: skip
def test_every_tile_of_a_sheet_is_the_slice_that_a_click_on_it_gives(count, channels, height, width, data) -> None:
    weights = ramp(count, channels, height, width)
    kernel, channel = data.draw(st.integers(0, count - 1)), data.draw(st.integers(0, channels - 1))
    page = sheet(weights, kernel, channel)
    row, column = page.place(kernel, channel)
    rows, columns = page.shown
    tile = page.array[row : row + rows, column : column + columns]
    assert np.array_equal(tile[:: page.zoom, :: page.zoom], weights[kernel, channel])
    assert page.hit(row + rows - 1, column + columns - 1) == (kernel, channel)
    for spot in np.ndindex(*page.array.shape[::]):
        if spot[0] % 7 == 0 and spot[1] % 11 == 0:
            found = page.hit(*spot)
            assert (found is None) == np.isnan(page.array[spot])
            if found:
                start = page.place(*found)
                inner = (spot[0] - start[0]) // page.zoom, (spot[1] - start[1]) // page.zoom
                assert weights[found][inner] == page.array[spot]


def test_colour_kernels_keep_their_channels_together() -> None:
    weights = ramp(10, 3, 3, 3)
    page = sheet(weights, 9, COLOUR)
    row, column = page.place(9, COLOUR)
    assert page.array.shape[2] == 3
    assert np.array_equal(page.array[row, column], weights[9, :, 0, 0])
    assert page.hit(row, column) == (9, COLOUR)
    assert np.array_equal(chosen(weights, 4, COLOUR), weights[4].sum(0))
    assert np.array_equal(chosen(weights, 4, 1), weights[4, 1])


def test_a_scale_for_each_makes_every_largest_weight_one() -> None:
    weights = ramp(4, 2, 3, 3)
    weights[2] = 0
    page = sheet(weights, 0, 0, each=True)
    for kernel in range(4):
        row, column = page.place(kernel, 1)
        tile = page.array[row : row + page.shown[0], column : column + page.shown[1]]
        assert np.abs(tile).max() == (kernel != 2)


def test_layers_are_those_with_weights() -> None:
    resnet = ARCHITECTURES["resnet18"]
    assert kernel_layers(resnet)[0] == "conv1" and len(kernel_layers(resnet)) == 20
    assert unit_layers(resnet)[-1] == "fc"
    eyes = own_eyes("shapes_vgg")
    assert has_colour(eyes, weights_of(eyes, "conv1_1"), "conv1_1")
    assert not has_colour(eyes, weights_of(eyes, "conv1_2"), "conv1_2")


@pytest.mark.parametrize(("name", "layer"), [("digits_lenet", "conv2"), ("shapes_vgg", "conv1_1")])
def test_before_training_are_normal_numbers_of_the_same_shape(name, layer) -> None:
    before, after = weights_before(name, layer), weights_of(own_eyes(name), layer)
    assert before is not None and before.shape == after.shape
    assert before.std() == pytest.approx(math.sqrt(2 / after[0].size), rel=0.15)  # Kaiming's deviation
    assert not np.allclose(before, after, atol=0.01)
    assert weights_before("resnet18", "conv1") is None


def test_counting() -> None:
    weights = np.random.default_rng(0).normal(size=(6, 3, 5, 5)).astype(np.float32)
    weights[4] *= 1e-3
    found = count_kernels(weights, colour=True)
    assert found.dead == (4,)
    np.testing.assert_allclose(found.norms, [np.linalg.norm(one) for one in weights.astype(float)])
    assert found.grey is not None and 0 < found.grey < 1
    assert count_kernels(weights, colour=False).grey is None


@given(st.integers(1, 9), st.integers(1, 9))
def test_resampling_keeps_what_is_flat_and_what_has_the_size(before, after) -> None:
    np.testing.assert_allclose(overlap(before, after, before).sum(1), 1)
    assert np.array_equal(overlap(before, before, before), np.eye(before))


@given(st.integers(1, 6), st.integers(2, 6), st.integers(1, 6))
def test_resampling_agrees_with_a_fine_grid(before, times, after) -> None:
    values = np.random.default_rng(before).normal(size=before)
    fine = np.repeat(values, after * times)  # every target cell is a whole number of these
    expected = fine.reshape(after, -1).mean(1)
    np.testing.assert_allclose(overlap(before, after, before) @ values, expected, atol=1e-12)


@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize("name", LIBRARY)
def test_every_hand_made_kernel_is_found_again_turned_over_and_scaled(name, free) -> None:
    kernel = np.array(kernel_rows(KernelSource(name)), dtype=float)
    side = max(kernel.shape)
    match = nearest(-3 * resampled(kernel, side, side), free)
    if free and np.ptp(resampled(kernel, side, side)) < 1e-9:
        assert match is None
        return
    assert match is not None
    assert abs(match.cosine) == pytest.approx(1)
    assert match.left == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(match.fitted, -3 * resampled(kernel, side, side), atol=1e-9)


@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize("shape", [(3, 3), (5, 5), (7, 7), (1, 7)])
def test_the_nearest_is_the_best_of_plain_comparisons(shape, free) -> None:
    kernel = np.random.default_rng(5).normal(size=shape)
    match = nearest(kernel, free)
    assert match is not None
    best = 0.0
    for row in hand_made(*shape)[1]:
        a, b = kernel.ravel(), row
        if free:
            a, b = a - a.mean(), b - b.mean()
        if np.linalg.norm(b) > 1e-9:
            best = max(best, abs(a @ b) / np.linalg.norm(a) / np.linalg.norm(b))
    assert abs(match.cosine) == pytest.approx(best)
    left = ((kernel - match.fitted) ** 2).sum() / ((kernel - (kernel.mean() if free else 0)) ** 2).sum()
    assert match.left == pytest.approx(left)
    other = nearest(kernel, not free)
    assert other is not None
    if other.name == match.name:
        assert match.other == pytest.approx(other.cosine)


def test_what_has_no_direction_has_no_match() -> None:
    assert nearest(np.ones((1, 1)), False) is None
    assert nearest(np.zeros((3, 3)), False) is None
    assert nearest(np.full((3, 3), 0.7), True) is None
    assert nearest(np.full((3, 3), 0.7), False) is not None
    assert count_alike(np.ones((4, 1, 1)), False) == 0


def test_chance_is_less_in_larger_kernels_and_one_in_twenty() -> None:
    levels = [chance_level(side, side, False) for side in (2, 3, 5, 7)]
    assert levels == sorted(levels, reverse=True)
    others = np.random.default_rng(77).normal(size=(1000, 5, 5))
    assert 20 <= count_alike(others, False) <= 90


def test_training_made_kernels_more_alike_to_hand_made_ones() -> None:
    after, before = weights_of(own_eyes("digits_lenet"), "conv1"), weights_before("digits_lenet", "conv1")
    assert before is not None
    assert count_alike(after[:, 0], False) > count_alike(before[:, 0], False)
