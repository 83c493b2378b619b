from __future__ import annotations

import colorsys
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch.nn import functional

from cnnviz.lessons.filter_chains.spec import OPERATORS, FilterChainsSpec
from cnnviz.lessons.filter_chains.trace_gradient import (
    LEAST,
    WHEEL_SIDE,
    bell,
    colour_wheel,
    gradient_pair,
    ramp_answer,
    smooth,
    trace_gradient,
)
from tests.lessons.convolution.specs import examples

PICTURES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12)))


def correlated(x: torch.Tensor, kernel: np.ndarray) -> torch.Tensor:
    rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = functional.pad(x, (columns, columns, rows, rows), mode="replicate")
    return functional.conv2d(padded, torch.from_numpy(kernel).double()[None, None])


@examples(200)
@given(PICTURES, st.sampled_from(list(OPERATORS)), st.sampled_from([0.0, 0.5, 1.5]), st.sampled_from([0.0, 8.0, 50.0]))
def test_the_maps_are_what_torch_computes(picture: np.ndarray, operator: str, blur: float, threshold: float) -> None:
    spec = FilterChainsSpec(view="gradient", operator=operator, blur=blur, threshold=threshold)
    trace = trace_gradient(picture, spec)
    x = torch.from_numpy(picture.astype(np.float64))[None, None]
    if blur:
        x = correlated(x, np.outer(bell(blur), bell(blur)))
    along, down = gradient_pair(operator)
    gx, gy = (correlated(x, kernel / ramp_answer(along))[0, 0].numpy() for kernel in (along, down))
    magnitude = np.hypot(gx, gy)
    for ours, theirs in ((trace.gx, gx), (trace.gy, gy), (trace.magnitude, magnitude)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-3)
    sure = np.abs(magnitude - max(threshold, LEAST)) > 5e-4
    assert np.array_equal(np.isnan(trace.angle)[sure], (magnitude < max(threshold, LEAST))[sure])
    steep = ~np.isnan(trace.angle) & (magnitude > 1)
    turn = (trace.angle - np.degrees(np.arctan2(gy, gx)) + 180) % 360 - 180
    assert np.abs(turn[steep]).max(initial=0) < 0.1
    assert not trace.colours[np.isnan(trace.angle)].any()
    assert trace.share == pytest.approx(float((~np.isnan(trace.angle)).mean()))


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("turn", range(0, 360, 30))
def test_a_ramp_has_its_own_slope_and_direction(operator: str, turn: int) -> None:
    down, along = np.mgrid[0:15, 0:15]
    slope = 4 * (math.cos(math.radians(turn)) * (along - 7) + math.sin(math.radians(turn)) * (down - 7))
    trace = trace_gradient(np.rint(128 + slope).astype(np.uint8), FilterChainsSpec(operator=operator, threshold=0.5))
    assert trace.magnitude[7, 7] == pytest.approx(4, abs=0.6)
    assert abs((trace.angle[7, 7] - turn + 180) % 360 - 180) < 10
    red, green, blue = trace.colours[7, 7] / 255
    hue = colorsys.rgb_to_hsv(red, green, blue)[0] * 360
    assert abs((hue - float(trace.angle[7, 7]) + 180) % 360 - 180) < 3


def test_the_wheel_has_the_colour_of_each_direction() -> None:
    middle = WHEEL_SIDE // 2
    wheel = colour_wheel()
    for turn in range(0, 360, 15):
        down, along = math.sin(math.radians(turn)) * 40, math.cos(math.radians(turn)) * 40
        colour = wheel[middle + round(down), middle + round(along)] / 255
        hue = colorsys.rgb_to_hsv(*colour)[0] * 360
        assert abs((hue - turn + 180) % 360 - 180) < 4
    assert wheel[0, 0].tolist() == [128] * 3


def test_a_flat_picture_has_no_direction_anywhere() -> None:
    trace = trace_gradient(np.full((5, 6), 80, np.uint8), FilterChainsSpec(threshold=0.0))
    assert trace.share == 0
    assert np.isnan(trace.angle).all()
    assert not trace.colours.any()


def test_the_steepest_pixel_is_marked_until_one_is_chosen() -> None:
    picture = np.zeros((9, 9), np.uint8)
    picture[4, 6] = 255
    assert trace_gradient(picture, FilterChainsSpec(operator="central")).at in {(4, 5), (4, 7), (3, 6), (5, 6)}
    assert trace_gradient(picture, FilterChainsSpec(at=(99, 2))).at == (8, 2)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.3])
def test_a_blur_is_a_column_and_a_row(sigma: float) -> None:
    x = np.random.default_rng(1).random((20, 17)).astype(np.float32)
    theirs = correlated(torch.from_numpy(x).double()[None, None], np.outer(bell(sigma), bell(sigma)))
    np.testing.assert_allclose(smooth(x, bell(sigma)), theirs[0, 0].numpy(), atol=1e-6)
    assert bell(sigma).sum() == pytest.approx(1)
