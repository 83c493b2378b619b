"""What a browser unpacks is the array itself: whole numbers exactly, others rounded to the decimals that were kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnnviz.figures.codes import LARGEST, LARGEST_SHORT, decode, digest_of, encode
from tests.lessons.convolution.specs import examples

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9)) | st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))
WHOLE = st.one_of(
    arrays.arrays(np.uint8, SHAPES),
    arrays.arrays(np.int64, SHAPES, elements=st.integers(-LARGEST, LARGEST)),
    arrays.arrays(np.int16, SHAPES),
    arrays.arrays(np.float32, SHAPES, elements=st.integers(-(2**24), 2**24)),
)
FLOATS = arrays.arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6) | st.floats(-1, 1) | st.just(np.nan))


@examples(300)
@given(WHOLE)
def test_whole_numbers_come_back_as_they_were(array: np.ndarray) -> None:
    codes = encode(array)
    assert codes.decimals == 0
    assert np.array_equal(decode(codes, array.shape[:2]), array)


@examples(300)
@given(FLOATS)
def test_decimals_come_back_correctly_rounded(array: np.ndarray) -> None:
    if np.isnan(array).all():
        return
    codes = encode(array)
    back = decode(codes, array.shape[:2])
    assert np.array_equal(np.isnan(back), np.isnan(array))
    assert np.nanmax(np.abs(back - array)) <= 0.5 * 10.0**-codes.decimals * (1 + 1e-9)


@pytest.mark.parametrize("largest", [0.001, 0.9, 1, 3.2, 32.767, 255, 1020.5, 3276.7, 32767.4])
def test_two_bytes_hold_five_digits(largest: float) -> None:
    codes = encode(np.array([[largest, -largest / 3 + 1e-4]]))
    assert codes.bytes_each == 2
    assert codes.decimals == 6 or largest * 10 ** (codes.decimals + 1) > LARGEST_SHORT


def test_asked_for_decimals_are_kept() -> None:
    array = np.array([[255.125, -0.25]])
    codes = encode(array, 3)
    assert (codes.bytes_each, codes.decimals) == (4, 3)
    assert np.array_equal(decode(codes, (1, 2)), array)


@pytest.mark.parametrize("bad", [np.inf, -np.inf, 1e12])
def test_what_no_picture_can_hold_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="picture cannot show"):
        encode(np.array([[0.5, bad]]))


def test_a_strided_view_is_read_as_it_looks() -> None:
    pixels = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)
    assert np.array_equal(decode(encode(pixels[..., 1]), (5, 7)), pixels[..., 1])
    assert digest_of(pixels[..., 1]) == digest_of(pixels[..., 1].copy())
    assert digest_of(pixels[..., 1]) != digest_of(pixels[..., 2])


def test_a_photo_gets_smaller() -> None:
    y, x = np.mgrid[:256, :256]
    photo = (127 + 80 * np.sin(x / 30) * np.cos(y / 50)).astype(np.uint8)
    assert len(encode(photo).body) < photo.size / 2


def test_a_map_without_a_single_value_is_empty() -> None:
    empty = np.full((3, 4), np.nan, np.float32)
    assert np.isnan(decode(encode(empty), (3, 4))).all()
