"""Warping agrees with PyTorch's grid sampling and with loops that ask for each pixel where it came from."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import affine_grid, grid_sample

from cnnviz.engine.pictures.warp import Border, Order, compose, flip, inside_index, move, rotate, scale, shear, warp
from cnnviz.errors import CnnvizError

BORDERS: tuple[Border, ...] = ("zeros", "replicate", "reflect", "circular")
ORDERS: tuple[Order, ...] = ("nearest", "bilinear")
SIZE = (7, 9)
MATRICES = {
    "still": move(0, 0),
    "move": move(2, -3),
    "far": move(-20, 25),
    "fraction": move(0.25, -1.5),
    "turn": rotate(23, SIZE),
    "quarter": rotate(90, SIZE),
    "three quarters": rotate(-90, SIZE),
    "half": rotate(180, SIZE),
    "scale": scale(1.7, 0.45, SIZE),
    "shear": shear(0.3, -0.2, SIZE),
    "flip": flip(SIZE),
    "upside down": flip(SIZE, 0),
    "several": compose(rotate(200, SIZE), scale(0.6, 1.3, SIZE), move(1.3, 2.7), flip(SIZE)),
}


def picture(*shape: int, dtype: type = np.float32, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape).astype(dtype)


def read(pixels: np.ndarray, row: int, column: int, border: Border, fill: float) -> np.ndarray:
    """Give one pixel, inside or outside."""
    height, width = pixels.shape[:2]
    if border == "zeros":
        inside = 0 <= row < height and 0 <= column < width
        return pixels[row, column] if inside else np.full(pixels.shape[2:], fill, pixels.dtype)
    place = []
    for index, length in ((row, height), (column, width)):
        if border == "replicate":
            place.append(min(max(index, 0), length - 1))
        elif border == "circular":
            place.append(index % length)
        else:
            there_and_back = [*range(length), *range(length - 2, 0, -1)]
            place.append(there_and_back[index % len(there_and_back)])
    return pixels[place[0], place[1]]


def by_loops(pixels: np.ndarray, matrix: np.ndarray, border: Border, order: Order, fill: float = 0) -> np.ndarray:
    back = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))
    out = np.zeros(pixels.shape, np.float64)
    for i, j in itertools.product(*map(range, pixels.shape[:2])):
        r, c = (float(np.round(part, 9)) for part in (back @ [i, j, 1])[:2])
        if order == "nearest":
            out[i, j] = read(pixels, math.floor(r + 0.5), math.floor(c + 0.5), border, fill)
            continue
        r0, c0 = math.floor(r), math.floor(c)
        for down, right in itertools.product((0, 1), (0, 1)):
            weight = (r - r0 if down else 1 - r + r0) * (c - c0 if right else 1 - c + c0)
            out[i, j] += weight * read(pixels, r0 + down, c0 + right, border, fill).astype(np.float64)
    return out


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("channels", [(), (1,), (2,), (3,), (4,)])
def test_agrees_with_plain_loops(name: str, border: Border, order: Order, channels: tuple[int, ...]) -> None:
    pixels = picture(*SIZE, *channels)
    ours = warp(pixels, MATRICES[name], border=border, order=order, fill=9)
    theirs = by_loops(pixels, MATRICES[name], border, order, 9)
    assert ours.dtype == pixels.dtype
    assert ours.shape == pixels.shape
    np.testing.assert_allclose(ours, theirs, atol=2e-3)


def theta(matrix: np.ndarray, size: tuple[int, int]) -> torch.Tensor:
    """Write a matrix as affine_grid wants it: the way back, x before y, both from -1 to 1 between the outer edges."""
    back = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))
    swap = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1]])
    height, width = size
    pixel = np.array([[width / 2, 0, (width - 1) / 2], [0, height / 2, (height - 1) / 2], [0, 0, 1]])
    return torch.from_numpy((np.linalg.inv(pixel) @ swap @ back @ swap @ pixel)[None, :2])


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize(("border", "theirs"), [("zeros", "zeros"), ("replicate", "border")])
@pytest.mark.parametrize("order", ORDERS)
def test_agrees_with_grid_sample(name: str, border: Border, theirs: str, order: Order) -> None:
    # A place in the middle between two pixels is rounded either way, so nearest gets a matrix without such places.
    matrix = MATRICES[name] if order == "bilinear" else compose(MATRICES[name], move(0.013, 0.017))
    pixels = picture(*SIZE, 3, dtype=np.float64)
    x = torch.from_numpy(pixels).permute(2, 0, 1)[None]
    grid = affine_grid(theta(matrix, SIZE), list(x.shape), align_corners=False)
    expected = grid_sample(x, grid, mode=order, padding_mode=theirs, align_corners=False)[0].permute(1, 2, 0)
    ours = warp(pixels.astype(np.float32), matrix, border=border, order=order)
    np.testing.assert_allclose(ours, expected.numpy(), atol=2e-3)


@given(st.integers(-12, 12), st.integers(-12, 12), st.sampled_from(ORDERS), st.sampled_from([np.uint8, np.float32]))
def test_whole_circular_moves_are_rolls(rows: int, columns: int, order: Order, dtype: type) -> None:
    pixels = picture(5, 6, 3, dtype=dtype)
    moved = warp(pixels, move(rows, columns), border="circular", order=order)
    np.testing.assert_array_equal(moved, np.roll(pixels, (rows, columns), (0, 1)))
    assert moved.flags.c_contiguous
    assert not np.shares_memory(moved, pixels)


@pytest.mark.parametrize("quarters", range(-4, 5))
@pytest.mark.parametrize("order", ORDERS)
def test_quarter_turns_of_a_square_are_exact(quarters: int, order: Order) -> None:
    pixels = picture(6, 6, 3, dtype=np.uint8)
    np.testing.assert_array_equal(
        warp(pixels, rotate(90 * quarters, (6, 6)), order=order, fill=255), np.rot90(pixels, quarters)
    )


@pytest.mark.parametrize("order", ORDERS)
def test_another_size_and_a_fill_for_each_channel(order: Order) -> None:
    pixels = picture(4, 5, 3, dtype=np.uint8)
    for matrix in (move(1, 2), compose(rotate(30, (4, 5)), move(40, 40))):
        result = warp(pixels, matrix, size=(6, 9), order=order, fill=(300, -4, 7))
        assert result.shape == (6, 9, 3)
        assert result.dtype == np.uint8
        assert result[0, 0].tolist() == [255, 0, 7]
    np.testing.assert_array_equal(warp(pixels, move(1, 2), size=(6, 9), order=order)[1:5, 2:7], pixels)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [(1, 1), (1, 5), (5, 1), (2, 2)])
def test_smallest_pictures(border: Border, order: Order, size: tuple[int, int]) -> None:
    pixels = picture(*size, 3)
    for matrix in (rotate(33, size), compose(rotate(33, size), move(-30, 31.5)), scale(0.13, 3, size)):
        np.testing.assert_allclose(
            warp(pixels, matrix, border=border, order=order), by_loops(pixels, matrix, border, order), atol=2e-3
        )


def test_whole_numbers_are_rounded_and_stay_in_their_type() -> None:
    pixels = np.array([[0, 255]], np.uint8)
    mixed = warp(pixels, move(0, 0.25), border="replicate", order="bilinear")
    assert mixed.dtype == np.uint8
    assert mixed.tolist() == [[0, 191]]


def test_many_channels_are_refused_with_a_sentence() -> None:
    with pytest.raises(CnnvizError, match="5 channels"):
        warp(np.zeros((3, 3, 5), np.float32), rotate(10, (3, 3)))


def test_flat_matrices_are_refused_with_a_sentence() -> None:
    with pytest.raises(CnnvizError, match="flat"):
        warp(np.zeros((3, 3)), scale(0, 1, (3, 3)))


def test_joined_matrices_do_the_first_one_first() -> None:
    pixels = picture(5, 5)
    turned_then_moved = warp(warp(pixels, rotate(90, (5, 5))), move(1, 0))
    np.testing.assert_array_equal(warp(pixels, compose(rotate(90, (5, 5)), move(1, 0))), turned_then_moved)


@given(st.integers(1, 6), st.lists(st.integers(-20, 20), min_size=1, max_size=8))
def test_borders_are_numpys_own(length: int, places: list[int]) -> None:
    index = np.array(places)
    line = np.arange(length)
    ours: tuple[tuple[Border, Any], ...] = (("replicate", "edge"), ("reflect", "reflect"), ("circular", "wrap"))
    for border, mode in ours:
        inside, outside = inside_index(index, length, border)
        np.testing.assert_array_equal(inside, np.pad(line, 20, mode=mode)[index + 20])
        assert not outside.any()
    _, outside = inside_index(index, length, "zeros")
    np.testing.assert_array_equal(outside, (index < 0) | (index >= length))
