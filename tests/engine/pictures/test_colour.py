"""Colour profiles: what they say is done, and what is wrong with them does no harm."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from cnnviz.engine.pictures.decode import decode_image
from tests.hostile.profiles import SRGB_XYZ, cmyk_profile, encoded, grey_profile, rgb_profile
from tests.hostile.seeds import colours, saved

RGB = colours()
KINDS = [("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True})]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_srgb_changes_no_value(kind: str, settings: dict[str, object]) -> None:
    data = saved(Image.fromarray(RGB), kind, icc_profile=SRGB.tobytes(), **settings)
    np.testing.assert_array_equal(decode_image(data).pixels, RGB)


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_a_profile_that_swaps_red_and_blue_swaps_them(kind: str, settings: dict[str, object]) -> None:
    swap = rgb_profile(SRGB_XYZ[:, ::-1])
    plain = decode_image(saved(Image.fromarray(RGB), kind, icc_profile=rgb_profile(), **settings)).pixels
    swapped = decode_image(saved(Image.fromarray(RGB[..., ::-1]), kind, icc_profile=swap, **settings)).pixels
    np.testing.assert_allclose(swapped.astype(int), plain, atol=1)


def test_a_gamma_of_one_is_linear_light() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=-1)
    pixels = decode_image(saved(Image.fromarray(ramp), "PNG", icc_profile=rgb_profile(power=1.0))).pixels
    np.testing.assert_allclose(pixels[0, :, 0], encoded(np.arange(256) / 255), atol=2)


def test_wider_primaries_are_mapped_by_their_matrix() -> None:
    wide = np.array([[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]])
    muted = 60 + colours() // 2  # colours that sRGB can show
    pixels = decode_image(saved(Image.fromarray(muted), "PNG", icc_profile=rgb_profile(wide, 2.2))).pixels
    linear = (muted / 255) ** 2.2
    mapped = linear @ (np.linalg.inv(SRGB_XYZ) @ wide).T
    inside = ((mapped > 0) & (mapped < 1)).all(axis=-1)
    assert inside.mean() > 0.4
    np.testing.assert_allclose(pixels[inside], encoded(mapped[inside]), atol=2)


def test_jpeg_carries_its_profile_in_several_segments() -> None:
    big = rgb_profile(SRGB_XYZ[:, ::-1])
    big = len(big + bytes(140_000)).to_bytes(4, "big") + big[4:] + bytes(140_000)
    flat = Image.new("RGB", (16, 16), (200, 30, 30))
    pixels = decode_image(saved(flat, "JPEG", icc_profile=big, quality=95)).pixels
    np.testing.assert_allclose(pixels[8, 8].astype(int), [30, 30, 200], atol=9)


def test_grey_profiles() -> None:
    ramp = np.arange(256, dtype=np.uint8)[None]
    picture = decode_image(saved(Image.fromarray(ramp), "PNG", icc_profile=grey_profile(1.0)))
    np.testing.assert_allclose(picture.pixels[0, :, 0], encoded(ramp[0] / 255), atol=2)
    assert picture.is_grey
    in_colour = decode_image(saved(Image.fromarray(ramp), "PNG", icc_profile=rgb_profile(power=1.0)))
    np.testing.assert_allclose(in_colour.pixels[0, :, 0], encoded(ramp[0] / 255), atol=2)


def test_cmyk_profiles() -> None:
    inks = np.array([[[0, 0, 0, 0], [255, 255, 255, 0], [0, 0, 0, 255]]], np.uint8)
    pixels = decode_image(saved(Image.fromarray(inks, "CMYK"), "TIFF", icc_profile=cmyk_profile())).pixels
    np.testing.assert_allclose(pixels[0].astype(int), [[255] * 3, [255] * 3, [0] * 3], atol=2)


def test_lab_tiff() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    there = ImageCms.buildTransform(SRGB, lab, "RGB", "LAB")
    image = ImageCms.applyTransform(Image.fromarray(RGB), there)
    assert image is not None
    pixels = decode_image(saved(image, "TIFF")).pixels
    assert np.median(np.abs(pixels.astype(int) - RGB)) <= 2
    grey_ = ImageCms.applyTransform(Image.new("RGB", (9, 9), (128, 128, 128)), there)
    assert grey_ is not None
    np.testing.assert_allclose(decode_image(saved(grey_, "TIFF")).pixels.astype(int), 128, atol=2)


@pytest.mark.parametrize(
    "profile",
    [
        b"nonsense",
        bytes(200),
        SRGB.tobytes()[:200],
        SRGB.tobytes()[:128] + b"\xff" * 400,
        cmyk_profile(),
        grey_profile(2.2),
        rgb_profile(np.zeros((3, 3))),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes(),
        b"\x00" * (5 * 2**20),
    ],
    ids=["text", "zeros", "cut", "garbled", "cmyk", "grey", "no colours", "lab", "xyz", "huge"],
)
@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_a_broken_or_unfit_profile_is_ignored(kind: str, settings: dict[str, object], profile: bytes) -> None:
    picture = decode_image(saved(Image.fromarray(RGB), kind, icc_profile=profile, **settings))
    np.testing.assert_array_equal(picture.pixels, RGB)


def test_nothing_of_the_file_is_kept() -> None:
    file = io.BytesIO()
    Image.fromarray(RGB).save(file, "JPEG", comment=b"taken at home", icc_profile=rgb_profile(power=1.0))
    picture = decode_image(file.getvalue())
    kept = [getattr(picture, name) for name in picture.__dataclass_fields__]
    assert not any(isinstance(value, bytes | bytearray | memoryview) for value in kept)
    assert "home" not in repr(picture)
    assert picture.pixels.base is None
