"""The augmentations agree with torch, with colorsys and with plain loops, and a seed gives the same everywhere."""

from __future__ import annotations

import colorsys
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody calls it so
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from cnnviz.lessons.augmentation.spec import TASKS, AugmentSpec
from cnnviz.lessons.augmentation.spec_ops import OPS, PLACES
from cnnviz.lessons.augmentation.trace import GAP, change_of, trace_augment
from cnnviz.lessons.augmentation.trace_apply import apply, fitted, reduced
from cnnviz.lessons.augmentation.trace_boxes import inside, middle_box, move_box
from cnnviz.lessons.augmentation.trace_cases import case_of
from cnnviz.lessons.augmentation.trace_colour import blur, brighten, saturate, stretch, turn_hue
from cnnviz.lessons.augmentation.trace_draw import (
    Drawn,
    crop_matrix,
    cut_box,
    draw_rung,
    draw_variant,
    kept,
    matrix_of,
    paste_box,
)
from tests.lessons.augmentation.test_spec import SPECS
from tests.lessons.convolution.specs import examples

RNG = np.random.default_rng(5)
PIXELS = RNG.integers(0, 256, (24, 31, 3), dtype=np.uint8)
SECOND = RNG.integers(0, 256, (24, 31, 3), dtype=np.uint8)
LUMA = torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64).view(3, 1, 1)


def tensor(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1).double()


def close(ours: np.ndarray, theirs: torch.Tensor, atol: float = 2e-3) -> None:
    np.testing.assert_allclose(ours, theirs.permute(1, 2, 0).numpy(), atol=atol, rtol=0)


# Colours


@pytest.mark.parametrize("factor", [0.0, 0.4, 1.0, 1.7, 2.0])
def test_brightness_contrast_and_saturation_are_torchvisions_definitions(factor: float) -> None:
    x, floats = tensor(PIXELS), PIXELS.astype(np.float32)
    close(brighten(floats.copy(), factor), (x * factor).clamp(0, 255))
    grey = (x * LUMA).sum(0)
    close(stretch(floats.copy(), factor), (factor * x + (1 - factor) * grey.mean()).clamp(0, 255))
    close(saturate(floats.copy(), factor), (factor * x + (1 - factor) * grey).clamp(0, 255))


@examples(60)
@given(st.floats(-180, 180), st.integers(0, 2**32 - 1))
def test_the_hue_turns_as_in_colorsys(degrees: float, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (3, 4, 3), dtype=np.uint8)
    pixels[0, 0], pixels[0, 1] = 77, (200, 200, 10)
    ours = turn_hue(pixels.astype(np.float32), degrees)
    for pixel, mine in zip(pixels.reshape(-1, 3), ours.reshape(-1, 3), strict=True):
        hue, saturation, value = colorsys.rgb_to_hsv(*(pixel / 255))
        theirs = np.array(colorsys.hsv_to_rgb((hue + degrees / 360) % 1, saturation, value)) * 255
        np.testing.assert_allclose(mine, theirs, atol=2e-3)


def test_a_whole_turn_of_the_hue_changes_nothing() -> None:
    np.testing.assert_allclose(turn_hue(PIXELS.astype(np.float32), 360), PIXELS, atol=1e-3)


@pytest.mark.parametrize("sigma", [0.1, 0.7, 2.0, 5.0])
def test_the_blur_is_scipys(sigma: float) -> None:
    reach = min(max(1, math.ceil(3 * sigma)), 23)
    theirs = ndimage.gaussian_filter(
        PIXELS.astype(np.float64), (sigma, sigma, 0), mode="mirror", radius=(reach, min(math.ceil(3 * sigma), 30), 0)
    )
    np.testing.assert_allclose(blur(PIXELS.astype(np.float32), sigma), theirs, atol=2e-3)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 9, 3), (5, 2, 3)])
def test_the_blur_of_tiny_pictures_keeps_plain_ones(shape: tuple[int, ...]) -> None:
    np.testing.assert_allclose(blur(np.full(shape, 9, np.float32), 4), 9, rtol=1e-6)


# Places


@pytest.mark.parametrize("border", ["zeros", "replicate", "reflect"])
@pytest.mark.parametrize("seed", range(4))
def test_moves_read_the_picture_as_torch_does(border: str, seed: int) -> None:
    drawn = draw_variant(AugmentSpec(on=PLACES, seed=seed), 0)
    height, width = PIXELS.shape[:2]
    back = np.linalg.inv(np.vstack([matrix_of(drawn, (height, width)), [0, 0, 1]]))
    rows, columns = np.mgrid[:height, :width]
    row, column = (back[i, 0] * rows + back[i, 1] * columns + back[i, 2] for i in range(2))
    grid = torch.from_numpy(np.stack([2 * column / (width - 1) - 1, 2 * row / (height - 1) - 1], -1))
    mode = {"zeros": "zeros", "replicate": "border", "reflect": "reflection"}[border]
    theirs = F.grid_sample(tensor(PIXELS)[None], grid[None], padding_mode=mode, align_corners=True)[0]
    ours = apply(PIXELS, drawn, border=border)  # type: ignore[arg-type]
    assert np.abs(ours - theirs.permute(1, 2, 0).numpy()).max() < 0.51


@pytest.mark.parametrize(("name", "axis"), [("hflip", 1), ("vflip", 0)])
def test_flips_are_exact(name: str, axis: int) -> None:
    drawn: Any = {name: True}
    assert np.array_equal(apply(PIXELS, replace(Drawn(), **drawn)), np.flip(PIXELS, axis))


def test_nothing_drawn_changes_nothing() -> None:
    assert np.array_equal(apply(PIXELS, Drawn()), PIXELS)


def test_a_crop_of_whole_pixels_is_torchs_enlargement() -> None:
    drawn = Drawn(crop=(6 / 24, 0, 12 / 24, 1))
    ours = apply(PIXELS, drawn, border="replicate")
    part = tensor(PIXELS)[None, :, 6:18]
    theirs = F.interpolate(part, size=(24, 31), mode="bilinear", align_corners=False)[0]
    inner = np.abs(ours - theirs.permute(1, 2, 0).numpy())[2:-2]  # torch repeats the crop's own edge
    assert inner.max() < 0.51


@examples(100)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from(OPS["crop"].grid[1:]))
def test_a_crop_fits_in_and_has_its_area(area: float, down: float, along: float, ratio: float, most: float) -> None:
    from cnnviz.lessons.augmentation.trace_draw import _with

    drawn = _with(Drawn(), "crop", most, (area, down, along, ratio), 0)
    assert drawn.crop
    top, left, height, width = drawn.crop
    assert top >= 0 and left >= 0 and top + height <= 1 + 1e-9 and left + width <= 1 + 1e-9
    assert height * width == pytest.approx(1 - most / 100 * area)
    assert 3 / 4 - 1e-9 <= width / height <= 4 / 3 + 1e-9


def test_the_crops_matrix_sends_its_corners_to_the_corners() -> None:
    size = (40, 60)
    moved = move_box((10, 12, 20, 30), crop_matrix((10 / 40, 12 / 60, 20 / 40, 30 / 60), size), size)
    assert moved.box == (0, 0, 40, 60)
    assert moved.seen == pytest.approx(1)


# What is drawn


@examples(150)
@given(SPECS.map(lambda spec: replace(spec, view="sheet")))
def test_what_is_drawn_stays_in_its_range(spec: AugmentSpec) -> None:
    drawn = draw_variant(spec, spec.pick)
    on, strength = spec.is_on, spec.strength
    assert abs(drawn.angle) <= (strength("rotate") if on("rotate") else 0)
    assert max(map(abs, drawn.shift)) <= (strength("shift") / 100 if on("shift") else 0)
    assert abs(drawn.shear) <= (strength("shear") if on("shear") else 0)
    assert abs(drawn.scale - 1) <= (strength("scale") / 100 + 1e-9 if on("scale") else 0)
    for name in ("bright", "contrast", "sat"):
        assert abs(getattr(drawn, name) - 1) <= (strength(name) / 100 + 1e-9 if on(name) else 0)
    assert abs(drawn.hue) <= (strength("hue") if on("hue") else 0)
    assert drawn.blur <= (max(strength("blur"), 0.1) if on("blur") else 0)
    assert 0 <= drawn.weight <= 1
    assert (drawn.cut is not None) == on("cut")
    assert not (drawn.hflip and not on("hflip"))
    assert not (drawn.weight != 1 and drawn.paste)


@examples(60)
@given(SPECS.map(lambda spec: replace(spec, view="sheet")), st.sampled_from([n for n in OPS if "mix" not in n]))
def test_each_has_its_own_numbers(spec: AugmentSpec, name: str) -> None:
    other = next(one for one in ("rotate", "bright") if one != name)
    attribute = {"rotate": "angle", "bright": "bright"}[other]
    both, alone = spec.switched(other, True).switched(name, True), spec.switched(other, True).switched(name, False)
    assert getattr(draw_variant(both, 2), attribute) == getattr(draw_variant(alone, 2), attribute)


def test_a_seed_gives_these_numbers_on_every_machine() -> None:
    drawn = draw_variant(AugmentSpec(on=tuple(OPS), seed=7), 3)
    assert (round(drawn.angle, 6), round(drawn.bright, 6), round(drawn.hue, 6)) == ANGLE_BRIGHT_HUE
    assert draw_variant(AugmentSpec(on=("rotate",), seed=8), 3).angle != drawn.angle


ANGLE_BRIGHT_HUE = (-5.679447, 1.26518, -8.856717)


def test_the_draws_fill_their_range_evenly() -> None:
    spec = AugmentSpec(on=("rotate", "hflip", "mix"), strengths={"rotate": 90, "hflip": 30, "mix": 1})
    drawn = [draw_variant(replace(spec, seed=seed), index) for seed in range(40) for index in range(16)]
    angles = np.array([one.angle for one in drawn])
    assert abs(angles.mean()) < 6
    assert abs(np.abs(angles).mean() - 45) < 4
    assert abs(np.mean([one.hflip for one in drawn]) - 0.3) < 0.06
    assert abs(np.mean([one.weight for one in drawn]) - 0.5) < 0.05  # Beta(1, 1) is uniform


@pytest.mark.parametrize("name", OPS)
def test_the_ladder_climbs(name: str) -> None:
    # A middle grey disc in colour: everything has something to change.
    rows, columns = np.mgrid[:40, :50]
    disc = np.where(((rows - 15) ** 2 + (columns - 20) ** 2 < 100)[..., None], (200, 120, 60), (60, 90, 130))
    trace = trace_augment(disc.astype(np.uint8), AugmentSpec(view="ladder", one=name), second=SECOND)
    changes = [change_of(trace.picture, rung, np.eye(3)[:2]).mean for rung in trace.rungs]
    assert changes[0] == 0
    if name not in {"hflip", "vflip"}:
        assert changes[-1] > changes[1] > 0
    assert len(trace.rungs) == 5


def test_a_flip_on_the_ladder_flips_once_p_is_large_enough() -> None:
    spec = AugmentSpec(view="ladder", one="hflip", strengths={"hflip": 100})
    flipped = [draw_rung(spec, "hflip", part).hflip for part in (0, 0.25, 0.5, 0.75, 1)]
    assert flipped == sorted(flipped)
    assert flipped[-1]
    assert not flipped[0]


# Damage and mixing


def test_noise_has_its_deviation_and_is_the_same_again() -> None:
    grey = np.full((200, 200, 3), 128, np.uint8)
    noisy = apply(grey, Drawn(noise=0.1, seed=(3, 1)))
    assert noisy.std() == pytest.approx(25.5, rel=0.02)
    assert np.array_equal(noisy, apply(grey, Drawn(noise=0.1, seed=(3, 1))))
    assert not np.array_equal(noisy, apply(grey, Drawn(noise=0.1, seed=(3, 2))))
    one = apply(grey, Drawn(noise=0.1), grey=True)
    assert np.array_equal(one[..., 0], one[..., 2])


def test_salt_and_pepper_come_in_equal_parts() -> None:
    salted = apply(np.full((200, 300, 3), 128, np.uint8), Drawn(salt=0.2))
    assert (salted == 0).all(axis=2).mean() == pytest.approx(0.1, abs=0.01)
    assert (salted == 255).all(axis=2).mean() == pytest.approx(0.1, abs=0.01)
    assert (salted == 128).all(axis=2).mean() == pytest.approx(0.8, abs=0.01)


@examples(60)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.02, 0.6), st.integers(1, 60), st.integers(1, 60))
def test_the_hidden_square_is_inside(down: float, along: float, area: float, height: int, width: int) -> None:
    box = cut_box(Drawn(cut=(down, along, area)), (height, width))
    assert box
    row, column, rows, columns = box
    assert 0 <= row <= row + rows <= height
    assert 0 <= column <= column + columns <= width
    assert rows == columns >= 1


def test_mix_up_is_the_weighted_sum_and_cut_mix_a_part() -> None:
    mixed = apply(PIXELS, Drawn(weight=0.3), second=SECOND)
    np.testing.assert_allclose(mixed, 0.3 * PIXELS + 0.7 * SECOND, atol=0.501)
    drawn = Drawn(paste=(0.25, 0.5, 0.5, 0.25))
    row, column, height, width = paste_box(drawn, (24, 31)) or (0, 0, 0, 0)
    pasted = apply(PIXELS, drawn, second=SECOND)
    from_second = np.zeros((24, 31), bool)
    from_second[row : row + height, column : column + width] = True
    assert np.array_equal(pasted[from_second], SECOND[from_second])
    assert np.array_equal(pasted[~from_second], PIXELS[~from_second])
    assert kept(drawn, (24, 31)) == pytest.approx(1 - from_second.mean())


def test_without_a_second_picture_nothing_is_mixed() -> None:
    assert np.array_equal(apply(PIXELS, Drawn(weight=0.3)), PIXELS)


# The whole


@examples(40)
@given(SPECS, st.integers(1, 40), st.integers(1, 40))
def test_every_spec_makes_pictures_of_its_size(spec: AugmentSpec, height: int, width: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    trace = trace_augment(pixels, spec, second=SECOND)
    assert trace.variant.shape == pixels.shape
    assert trace.variant.dtype == np.uint8
    assert trace.mask().shape == pixels.shape[:2]
    assert 0 <= trace.change.share <= 1
    assert trace.change.counts.sum() == 2 * height * width
    if trace.sheet:
        assert len(trace.sheet.drawn) == int(spec.count)
        for index in range(int(spec.count)):
            row, column, rows, columns = trace.sheet.layout.place(index)
            assert (
                trace.sheet.layout.at(row, column)
                == trace.sheet.layout.at(row + rows - 1, column + columns - 1)
                == index
            )
            assert trace.sheet.array[row : row + rows, column : column + columns].shape == (rows, columns, 3)
        assert trace.sheet.layout.at(10**4, 10**4) == int(spec.count) - 1


def test_a_tile_of_the_sheet_is_the_variant_in_small() -> None:
    rows, columns = np.mgrid[:300, :400]
    smooth = np.stack([rows * 255 // 300, columns * 255 // 400, (rows + columns) * 255 // 700], 2).astype(np.uint8)
    spec = AugmentSpec(on=(*PLACES, "bright", "contrast", "sat", "hue", "cut"), border="reflect", count="9")
    for pick in (0, 4, 8):
        trace = trace_augment(smooth, replace(spec, pick=pick))
        assert trace.sheet
        row, column, height, width = trace.sheet.layout.place(pick)
        tile = trace.sheet.array[row : row + height, column : column + width].astype(float)
        assert np.median(np.abs(tile - fitted(trace.variant, (height, width)))) <= 2
    assert trace.sheet and trace.sheet.array.shape[0] == 3 * height + 2 * GAP


def test_small_pictures_are_enlarged_on_the_sheet_pixel_by_pixel() -> None:
    trace = trace_augment(PIXELS, AugmentSpec(on=()))
    assert trace.sheet
    assert trace.sheet.layout.tile == (72, 93)
    assert np.array_equal(trace.sheet.array[:72:3, :93:3], PIXELS)


@pytest.mark.parametrize("shape", [(500, 3, 3), (3, 1000, 3), (999, 1001, 3), (7, 7, 3)])
def test_pictures_of_any_proportion_are_reduced(shape: tuple[int, ...]) -> None:
    small = reduced(np.full(shape, 50, np.uint8), 128)
    assert max(small.shape[:2]) <= 128
    assert min(small.shape[:2]) >= 1
    assert (small == 50).all()


# Boxes


@examples(80)
@given(SPECS.map(lambda spec: replace(spec, view="sheet", on=PLACES)), st.integers(8, 60), st.integers(8, 60))
def test_the_new_box_holds_the_moved_mask(spec: AugmentSpec, height: int, width: int) -> None:
    trace = trace_augment(np.zeros((height, width, 3), np.uint8), spec)
    rows, columns = np.nonzero(trace.mask())
    moved = trace.moved
    assert 0 <= moved.seen <= 1
    if not len(rows):
        return
    if moved.box is None:
        assert moved.seen < 1e-6
        return
    top, left, tall, wide = moved.box
    assert top <= rows.min() and rows.max() < top + tall
    assert left <= columns.min() and columns.max() < left + wide
    assert 0 <= top and top + tall <= height and 0 <= left and left + wide <= width


def test_a_box_out_of_the_picture_is_none() -> None:
    matrix = np.array([[1.0, 0, 100], [0, 1.0, 0]])
    assert move_box((0, 0, 5, 5), matrix, (20, 20)).box is None


@pytest.mark.parametrize("size", [(1, 1), (2, 5), (300, 451)])
def test_boxes_start_inside(size: tuple[int, int]) -> None:
    for box in (middle_box(size), inside((20_000, 20_000, 5, 5), size), inside((0, 0, 20_000, 20_000), size)):
        assert box[2] >= 1 and box[3] >= 1
        assert box[0] + box[2] <= size[0] and box[1] + box[3] <= size[1]


# Samples of the tasks


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("name", OPS)
def test_every_task_shows_every_augmentation(task: str, name: str) -> None:
    for strength in (OPS[name].step, OPS[name].default, OPS[name].high):
        steps = case_of(task, name, strength)
        assert 2 <= len(steps) <= 3
        assert len({step.title for step in steps}) == len(steps)
        assert all(step.alt and step.pixels.dtype == np.uint8 and step.pixels.shape[2] == 3 for step in steps)


def test_a_turned_six_is_near_a_nine() -> None:
    six, turned, nine = (step.pixels[..., 0].astype(float) for step in case_of("digit", "rotate", 180))

    def near(a: np.ndarray, b: np.ndarray) -> float:
        shifts = [np.roll(a, (down, along), (0, 1)) for down in range(-4, 5) for along in range(-4, 5)]
        return max(float((one * b).sum() / np.sqrt((one**2).sum() * (b**2).sum())) for one in shifts)

    assert near(turned, nine) > near(six, nine)
    assert np.array_equal(turned, six[::-1, ::-1])
