"""Climbing to what excites a unit, and the best patches: against plain PyTorch and plain loops."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
import torch

from cnnviz.engine.networks.seeing.maps import own_eyes, random_eyes, see
from cnnviz.engine.pictures.digits import digit_sheet
from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.lessons.learned_kernels.spec import Climb
from cnnviz.lessons.learned_kernels.trace import unit_layers, weights_of
from cnnviz.lessons.learned_kernels.trace_excite import Ascent, answer, climbing_size, unit_row
from cnnviz.lessons.learned_kernels.trace_patches import album_of, best_patches, cut_patch

SHORT = Climb(steps=12)


def climbed(eyes, layer: str, channel: int, climb: Climb, seconds: float = 60.0) -> Ascent:
    ascent = Ascent(eyes, layer, channel, climb)
    while not ascent.done:
        ascent.advance(eyes, seconds)
    return ascent


@pytest.mark.parametrize("layer", unit_layers(own_eyes("digits_lenet").network))
def test_an_answer_is_the_layers_output(layer) -> None:
    eyes = own_eyes("digits_lenet")
    x = eyes.prepare(digit_sheet()[4, 2])
    with torch.inference_mode():
        found = answer(eyes, torch.from_numpy(x)[None], layer)[0].numpy()
    np.testing.assert_array_equal(found, see(eyes, x, keep=(layer,)).maps[layer])


@pytest.mark.parametrize(("layer", "place"), [("conv2", "unit"), ("conv2", "map"), ("fc2", "unit")])
def test_climbing_climbs_and_its_curve_ends_at_the_pictures_own_value(layer, place) -> None:
    eyes = own_eyes("digits_lenet")
    ascent = climbed(eyes, layer, 3, Climb(steps=24, place=place))
    assert len(ascent.curve) == 25 and ascent.curve[-1] > ascent.curve[0] + 0.5
    maps = see(eyes, ascent.picture, keep=(layer,)).maps[layer][3]
    value = maps if maps.ndim == 0 else maps.mean() if place == "map" else maps[5, 5]
    assert ascent.curve[-1] == pytest.approx(float(value), rel=1e-5)
    assert 0 <= ascent.picture.min() and ascent.picture.max() <= 1


def test_slices_do_not_change_the_picture_and_seeds_do() -> None:
    eyes = own_eyes("digits_lenet")
    whole, sliced = climbed(eyes, "conv2", 1, SHORT), climbed(eyes, "conv2", 1, SHORT, seconds=0.0)
    np.testing.assert_array_equal(whole.picture, sliced.picture)
    assert whole.curve == sliced.curve
    assert not np.array_equal(whole.picture, climbed(eyes, "conv2", 1, Climb(steps=12, seed=1)).picture)


def test_a_single_step_goes_along_the_gradient() -> None:
    eyes = own_eyes("digits_lenet")
    before = Ascent(eyes, "conv1", 2, Climb(steps=1, jitter=0, blur=0, fade=0, rate=0.01))
    start = before.picture
    x = torch.from_numpy(start)[None].requires_grad_()
    (slope,) = torch.autograd.grad(eyes.module(x, keep=("conv1",))["conv1"][0, 2, 14, 14], x)
    before.advance(eyes, 60)
    expected = np.clip(start + 0.01 * (slope / slope.std())[0].numpy(), 0, 1)
    np.testing.assert_allclose(before.picture, expected, atol=1e-7)
    weights = weights_of(eyes, "conv1")[2, 0]
    np.testing.assert_allclose(slope[0, 0, 12:17, 12:17].numpy(), weights, rtol=1e-6)


def test_published_networks_climb_on_smaller_pictures() -> None:
    eyes = random_eyes("squeezenet1_1")
    assert climbing_size(eyes) == (3, 128, 128)
    ascent = climbed(eyes, "features.3.squeeze", 1, Climb(steps=3))
    assert ascent.pixels.shape == (128, 128, 3) and len(ascent.curve) == 4
    assert unit_row(eyes, "features.3.squeeze").output_shape[0] == 16


def test_where_the_gradient_is_zero_it_says_so() -> None:
    eyes = random_eyes("digits_lenet")
    with torch.no_grad():
        eyes.module.get_submodule("conv2").weight.zero_()
    ascent = climbed(eyes, "conv2", 0, SHORT)
    assert ascent.flat and ascent.done and len(ascent.curve) == 1


def test_the_best_digits_are_those_of_a_plain_loop() -> None:
    eyes = own_eyes("digits_lenet")
    best = best_patches(eyes, "conv2")
    digits = torch.from_numpy(digit_sheet().reshape(1000, 1, 28, 28).astype(np.float32) / 255)
    with torch.inference_mode():
        maps = torch.nn.functional.conv2d(
            eyes.module(digits, keep=("pool1",))["pool1"], *cast(Any, map(torch.from_numpy, _conv2(eyes)))
        ).numpy()[:, 5]
    strongest = sorted(range(1000), key=lambda number: -maps[number].max())[:9]
    for number, found, kept in zip(strongest, best.places[5], best.values[5], strict=True):
        assert kept == pytest.approx(float(maps[number].max()), rel=1e-5)
        assert tuple(found) == (number, *np.unravel_index(maps[number].argmax(), maps[number].shape))
    assert (np.diff(best.values, axis=1) <= 0).all()
    assert best.fires[5] == (maps.max((1, 2)) > 0).mean()


def _conv2(eyes) -> tuple[np.ndarray, np.ndarray]:
    layer = eyes.module.get_submodule("conv2")
    return layer.weight.numpy(), layer.bias.numpy()


def test_a_patch_is_what_decides_the_unit() -> None:
    eyes = own_eyes("digits_lenet")
    best = best_patches(eyes, "conv2")
    patch = cut_patch(eyes, best, 7, 2)
    top, left, bottom, right = patch.box
    assert patch.pixels.shape == (14, 14)
    covered = np.full_like(patch.picture, 90)  # all but the patch: the unit must not notice
    covered[top:bottom, left:right] = patch.picture[top:bottom, left:right]
    _, row, column = best.places[7, 2]
    value = see(eyes, eyes.prepare(covered), keep=("conv2",)).maps["conv2"][7, row, column]
    assert value == pytest.approx(patch.value, rel=1e-5)


def test_fields_over_the_border_are_cut_with_nothing_beyond_it() -> None:
    eyes = own_eyes("digits_lenet")
    best = best_patches(eyes, "conv1")
    for channel in range(8):
        for number in range(9):
            patch = cut_patch(eyes, best, channel, number)
            top, left, bottom, right = patch.box
            assert np.isfinite(patch.pixels).sum() == (bottom - top) * (right - left)


def test_dense_layers_see_whole_pictures_and_scores_find_their_class() -> None:
    eyes = own_eyes("digits_lenet")
    best = best_patches(eyes, "fc2")
    for number in range(9):
        patch = cut_patch(eyes, best, 7, number)
        assert patch.title == "a 7" and patch.pixels.shape == (28, 28)


def test_the_gallery_gives_up_to_three_places_each_apart_from_one_another() -> None:
    eyes = random_eyes("squeezenet1_1")
    assert album_of(eyes).count == len(SAMPLES)
    best = best_patches(eyes, "features.0")
    for channel in range(0, 64, 9):
        for number in set(best.places[channel, :, 0].tolist()):
            spots = [place[1:] for place in best.places[channel] if place[0] == number]
            assert len(spots) <= 3
            for first in range(len(spots)):
                for second in range(first):
                    assert np.abs(spots[first] - spots[second]).max() > 0
