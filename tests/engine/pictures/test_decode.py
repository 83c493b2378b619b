"""Every format and every mode against pixels that are known."""

from __future__ import annotations

import io
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from cnnviz.engine.pictures import decode as images
from cnnviz.engine.pictures.decode import WORKING_PIXELS, ImageError, Picture, decode_image, grey, picture_of, planes
from cnnviz.errors import CnnvizError
from tests.hostile.seeds import HEIGHT, WIDTH, colours, saved
from tests.hostile.write import bmp, chunk, exif, gif, gif_frame, plain_tiff, png

RGB = colours()
PLANE = RGB[..., 0]
LOSSLESS = [
    ("PNG", {}),
    ("WEBP", {"lossless": True}),
    ("BMP", {}),
    ("TIFF", {}),
    *[("TIFF", {"compression": name}) for name in ("tiff_lzw", "tiff_adobe_deflate", "packbits")],
]


def over_white(values: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Round half up of value·alpha + 255·(1 - alpha), in whole numbers."""
    mixed = values.astype(int) * alpha + 255 * (255 - alpha.astype(int))
    return ((2 * mixed + 255) // 510).astype(np.uint8)


def triple(plane: np.ndarray) -> np.ndarray:
    return np.repeat(plane[..., None], 3, axis=-1)


@pytest.mark.parametrize(("kind", "settings"), LOSSLESS, ids=str)
def test_colour_comes_back_to_the_last_bit(kind: str, settings: dict[str, object]) -> None:
    picture = decode_image(saved(Image.fromarray(RGB), kind, **settings))
    np.testing.assert_array_equal(picture.pixels, RGB)
    assert picture.format.upper() == kind
    assert picture.original == (HEIGHT, WIDTH) == (picture.height, picture.width)
    assert picture.notices == ()
    assert not picture.is_grey


@pytest.mark.parametrize(("kind", "settings"), [*LOSSLESS, ("GIF", {})], ids=str)
def test_grey_comes_back_as_three_equal_channels(kind: str, settings: dict[str, object]) -> None:
    picture = decode_image(saved(Image.fromarray(PLANE), kind, **settings))
    np.testing.assert_array_equal(picture.pixels, triple(PLANE))
    assert picture.is_grey


@pytest.mark.parametrize(
    ("kind", "settings"),
    [("PNG", {}), ("GIF", {}), ("BMP", {}), ("TIFF", {}), *[("TIFF", {"compression": f"group{n}"}) for n in (3, 4)]],
    ids=str,
)
def test_black_and_white(kind: str, settings: dict[str, object]) -> None:
    image = Image.fromarray(PLANE).convert("1")
    picture = decode_image(saved(image, kind, **settings))
    np.testing.assert_array_equal(picture.pixels, triple(np.asarray(image.convert("L"))))


def test_jpeg_is_what_the_library_decodes() -> None:
    smooth = np.linspace(0, 250, WIDTH * HEIGHT * 3).reshape(HEIGHT, WIDTH, 3).astype(np.uint8)
    for settings in ({}, {"progressive": True}, {"subsampling": 0}, {"keep_rgb": True}):
        data = saved(Image.fromarray(smooth), "JPEG", quality=95, **settings)
        picture = decode_image(data)
        assert np.abs(picture.pixels.astype(int) - smooth).max() < 12
        with Image.open(io.BytesIO(data)) as image:
            np.testing.assert_array_equal(picture.pixels, np.asarray(image.convert("RGB")))


def test_the_name_does_not_matter_and_neither_does_the_kind_of_bytes() -> None:
    data = saved(Image.fromarray(RGB), "PNG")
    assert decode_image(cast(Any, bytearray(data))) == decode_image(cast(Any, memoryview(data))) == decode_image(data)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_palette(kind: str) -> None:
    image = Image.fromarray(RGB).quantize(32)
    np.testing.assert_array_equal(decode_image(saved(image, kind)).pixels, np.asarray(image.convert("RGB")))


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_palette_of_few_bits(bits: int) -> None:
    row = np.arange(8) % 2**bits
    packed = np.packbits(((row[:, None] >> np.arange(bits)[::-1]) & 1).astype(np.uint8))
    table = colours(3, seed=9).reshape(-1, 3)[: 2**bits]
    data = png(8, 1, [packed.tobytes()], bits=bits, colours=3, before=[chunk(b"PLTE", table.tobytes())])
    np.testing.assert_array_equal(decode_image(data).pixels[0], table[row])


@pytest.mark.parametrize("alphas", [[0, 60, 255, 255], [255, 0]], ids=["graded", "one clear colour"])
def test_palette_with_transparency_lies_on_white(alphas: list[int]) -> None:
    table = colours(3, seed=5).reshape(-1, 3)[: len(alphas)]
    rows = [bytes(range(len(alphas)))]
    before = [chunk(b"PLTE", table.tobytes()), chunk(b"tRNS", bytes(alphas))]
    pixels = decode_image(png(len(alphas), 1, rows, colours=3, before=before)).pixels
    np.testing.assert_array_equal(pixels[0], over_white(table, np.array(alphas)[:, None]))


def test_transparent_gif_lies_on_white() -> None:
    control = b"!\xf9\x04\x01\x00\x00\x01\x00"
    shown = gif(1, 1, [gif_frame(0, 0, 1, 1)], colours=bytes((9, 8, 7, 1, 2, 3)))
    clear = gif(1, 1, [control + gif_frame(0, 0, 1, 1)], colours=bytes((9, 8, 7, 1, 2, 3)))
    assert decode_image(shown).pixels.tolist() == [[[1, 2, 3]]]
    assert decode_image(clear).pixels.tolist() == [[[255, 255, 255]]]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_alpha_over_white_is_exact(kind: str) -> None:
    rgba = np.stack([*np.meshgrid(np.arange(256), np.arange(256)), np.zeros((256, 256)), np.zeros((256, 256))], -1)
    rgba = rgba.astype(np.uint8)
    rgba[..., 3], rgba[..., 1] = rgba[..., 1], 255 - rgba[..., 1]  # every value with every alpha
    settings = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    pixels = decode_image(saved(Image.fromarray(rgba), kind, **settings)).pixels
    np.testing.assert_array_equal(pixels, over_white(rgba[..., :3], rgba[..., 3:]))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_grey_with_alpha_over_white_is_exact(kind: str) -> None:
    values, alpha = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    pixels = decode_image(saved(Image.fromarray(np.stack([values, alpha], -1), "LA"), kind)).pixels
    np.testing.assert_array_equal(pixels, triple(over_white(values, alpha)))


def test_premultiplied_alpha_over_white() -> None:
    quads = bytes((100, 50, 0, 200, 0, 0, 0, 0, 10, 20, 30, 255))
    data = plain_tiff(3, 1, [quads], bits=[8] * 4, colours=2, more={338: (3, [1])})
    np.testing.assert_allclose(decode_image(data).pixels[0], [[155, 105, 55], [255] * 3, [10, 20, 30]], atol=1)


@pytest.mark.parametrize(
    ("bits", "colours_", "row", "key", "expected"),
    [
        (1, 0, b"\x40", b"\x00\x01", [0, 255, 0, 0]),
        (1, 0, b"\x40", b"\x00\x00", [255, 255, 255, 255]),
        (2, 0, b"\x1b", b"\x00\x01", [0, 255, 170, 255]),
        (4, 0, b"\x01\x2f", b"\x00\x02", [0, 17, 255, 255]),
        (8, 0, b"\x01\x02\x03\x04", b"\x00\x03", [1, 2, 255, 4]),
        (16, 0, b"\x01\x00\x01\x01\x02\x00\x03\x00", b"\x01\x01", [1, 255, 2, 3]),
        (8, 2, b"\x01\x01\x01\x02\x02\x02\x03\x03\x03\x04\x04\x04", b"\x00\x02" * 3, [1, 255, 3, 4]),
        (16, 2, b"\x01\x01" * 3 + b"\x02\x02" * 3 + b"\x03\x03" * 3 + b"\x04\x04" * 3, b"\x02\x02" * 3, [1, 255, 3, 4]),
    ],
)
def test_a_colour_declared_transparent_is_white(
    bits: int, colours_: int, row: bytes, key: bytes, expected: list[int]
) -> None:
    data = png(4, 1, [row], bits=bits, colours=colours_, before=[chunk(b"tRNS", key)])
    assert decode_image(data).pixels[0, :, 1].tolist() == expected


def test_a_bmp_whose_alpha_was_never_filled_in_is_opaque() -> None:
    body = bytes((1, 2, 3, 0)) * 4
    masks = b"\x00\x00\xff\x00\x00\xff\x00\x00\xff\x00\x00\x00\x00\x00\x00\xff"
    plain = bmp(2, 2, 32, body, compression=3)
    head = plain[:14].replace(b"\x36\x00\x00\x00", b"\x46\x00\x00\x00") + b"\x38" + plain[15:54] + masks + body
    assert decode_image(head).pixels.tolist() == [[[3, 2, 1]] * 2] * 2


def test_runs_and_rows_from_top_to_bottom_in_bmp() -> None:
    table = bytes((1, 2, 3, 0)) + bytes((4, 5, 6, 0)) + bytes(4 * 254)
    runs = bmp(4, 2, 8, b"\x04\x01\x00\x00\x02\x01\x02\x00\x00\x01", compression=1, palette=table)
    assert decode_image(runs).pixels[..., 0].tolist() == [[6, 6, 3, 3], [6, 6, 6, 6]]
    down = bmp(1, -2, 24, bytes((1, 1, 1, 0, 9, 9, 9, 0)))
    assert decode_image(down).pixels[..., 0].tolist() == [[1], [9]]


def test_16_bits_are_scaled_and_not_saturated() -> None:
    every = np.arange(2**16, dtype=np.uint16).reshape(256, 256)
    for data in (
        saved(Image.fromarray(every), "PNG"),
        plain_tiff(256, 256, [every.astype("<u2").tobytes()], bits=[16]),
        plain_tiff(256, 256, [every.astype(">u2").tobytes()], bits=[16], endian=">"),
        plain_tiff(256, 256, [zlib.compress(every.astype(">u2").tobytes())], bits=[16], endian=">", compression=8),
        png(256, 256, [triple(row).astype(">u2").tobytes() for row in every], bits=16, colours=2),
        plain_tiff(256, 256, [triple(every).astype("<u2").tobytes()], bits=[16] * 3, colours=2),
        plain_tiff(256, 256, [triple(every).astype(">u2").tobytes()], bits=[16] * 3, colours=2, endian=">"),
    ):
        picture = decode_image(data)
        np.testing.assert_array_equal(picture.pixels, triple(every >> 8))
        assert np.abs(picture.pixels[..., 0] - every / 257).max() < 1
    eight = np.arange(256, dtype=np.uint16)[None] * 257
    np.testing.assert_array_equal(decode_image(saved(Image.fromarray(eight), "PNG")).pixels[0, :, 0], np.arange(256))


def test_16_bits_with_alpha() -> None:
    row = np.array([[40_000, 20_000, 0, 65_535], [40_000, 20_000, 0, 0], [257 * 100, 0, 0, 257 * 51]], ">u2")
    pixels = decode_image(png(3, 1, [row.tobytes()], bits=16, colours=6)).pixels
    assert pixels[0].tolist() == [[156, 78, 0], [255, 255, 255], [224, 204, 204]]
    row = np.array([[40_000, 65_535], [40_000, 0]], ">u2")
    assert decode_image(png(2, 1, [row.tobytes()], bits=16, colours=4)).pixels[0, :, 0].tolist() == [156, 255]


@pytest.mark.parametrize("bits", [1, 8, 16, 32])
def test_where_white_is_zero(bits: int) -> None:
    values = np.array([[0, 1]])
    body = {1: b"\x40", 8: b"\x00\xff", 16: b"\x00\x00\xff\xff", 32: np.array([0, 1], "<f4").tobytes()}[bits]
    form = {339: (3, [3])} if bits == 32 else {}
    data = plain_tiff(2, 1, [body], bits=[bits], colours=0, more=form)
    assert decode_image(data).pixels[..., 0].tolist() == (255 - 255 * values).tolist()


def test_12_bits() -> None:
    body = b"\x00\x0f\xff\x80\x00\x10"  # 0, 4095, 2048, 16
    assert decode_image(plain_tiff(4, 1, [body], bits=[12])).pixels[0, :, 0].tolist() == [0, 255, 128, 1]


@pytest.mark.parametrize(
    ("values", "kind", "sample_format", "expected", "said"),
    [
        ([0, 0.5, 1], "<f4", 3, [0, 128, 255], "0 became 0 and 1 255"),
        ([0, 100, 200], "<f4", 3, [0, 100, 200], "0 became 0 and 255 255"),
        ([-1, 0, 1], "<f4", 3, [0, 128, 255], "-1 became 0 and 1 255"),
        ([np.nan, 0, np.inf], "<f4", 3, [0, 0, 255], "0 became 0"),
        ([np.nan, np.nan, np.nan], "<f4", 3, [0, 0, 0], "0 became 0"),
        ([5000, 6000, 7000], "<f4", 3, [0, 128, 255], "5000 became 0 and 7000 255"),
        ([0, 2**31, 2**32 - 1], "<u4", 1, [0, 128, 255], "4.29497e+09 255"),
        ([-(2**31), 0, 2**31 - 1], "<i4", 2, [0, 128, 255], "became 0"),
        ([0, 7, 255], "<i4", 2, [0, 7, 255], "0 became 0 and 255 255"),
        ([-100, 0, 100], "<i2", 2, [0, 128, 255], "-100 became 0 and 100 255"),
    ],
)
def test_wide_numbers(values: list[float], kind: str, sample_format: int, expected: list[int], said: str) -> None:
    body = np.array(values).astype(kind).tobytes()
    bits = 8 * int(kind[-1])
    picture = decode_image(plain_tiff(3, 1, [body], bits=[bits], more={339: (3, [sample_format])}))
    np.testing.assert_allclose(picture.pixels[0, :, 0].astype(int), expected, atol=1)
    assert said in picture.notices[0]


def test_cmyk_without_a_profile() -> None:
    inks = np.array(
        [[[0, 0, 0, 0], [255, 0, 0, 0], [0, 255, 0, 0], [0, 0, 255, 0], [0, 0, 0, 255], [0, 0, 0, 128]]], "u1"
    )
    expected = [[255] * 3, [0, 255, 255], [255, 0, 255], [255, 255, 0], [0] * 3, [127] * 3]
    assert decode_image(saved(Image.fromarray(inks, "CMYK"), "TIFF")).pixels[0].tolist() == expected
    wide = np.repeat(np.repeat(inks, 16, axis=1), 16, axis=0)
    jpeg = decode_image(saved(Image.fromarray(wide, "CMYK"), "JPEG", quality=95))
    np.testing.assert_allclose(jpeg.pixels[8, 8::16].astype(int), expected, atol=4)


def test_ycbcr_tiff() -> None:
    flat = Image.new("RGB", (16, 16), (200, 100, 50))
    body = zlib.compress(flat.convert("YCbCr").tobytes())
    data = plain_tiff(16, 16, [body], bits=[8] * 3, colours=6, compression=8, more={530: (3, [1, 1])})
    for file in (data, saved(flat, "TIFF", compression="jpeg", quality=95)):
        np.testing.assert_allclose(decode_image(file).pixels[4, 4].astype(int), [200, 100, 50], atol=3)


def test_tiff_in_tiles_and_in_separate_planes() -> None:
    pixels = np.arange(32 * 32, dtype=np.uint16).reshape(32, 32).astype(np.uint8)
    pieces = [pixels[y : y + 16, x : x + 16].tobytes() for y in (0, 16) for x in (0, 16)]
    tiles = {322: (4, [16]), 323: (4, [16])}
    np.testing.assert_array_equal(
        decode_image(plain_tiff(32, 32, pieces, more=tiles, tiled=True)).pixels, triple(pixels)
    )
    packed = [zlib.compress(piece) for piece in pieces]
    np.testing.assert_array_equal(
        decode_image(plain_tiff(32, 32, packed, more=tiles, tiled=True, compression=8)).pixels, triple(pixels)
    )
    separate = [zlib.compress(np.ascontiguousarray(RGB[..., channel]).tobytes()) for channel in range(3)]
    apart = plain_tiff(WIDTH, HEIGHT, separate, bits=[8] * 3, colours=2, compression=8, more={284: (3, [2])})
    np.testing.assert_array_equal(decode_image(apart).pixels, RGB)


ORIENTED = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: a.transpose(1, 0, 2)[:, ::-1],
    7: lambda a: a.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda a: a.transpose(1, 0, 2)[::-1],
}


@pytest.mark.parametrize("orientation", ORIENTED)
@pytest.mark.parametrize("endian", ["<", ">"])
def test_the_picture_is_turned_as_the_camera_was_held(orientation: int, endian: str) -> None:
    expected = ORIENTED[orientation](RGB)
    block = exif(orientation, endian)
    jpeg = saved(Image.fromarray(RGB), "JPEG", exif=block)
    upright = decode_image(saved(Image.fromarray(RGB), "JPEG")).pixels
    np.testing.assert_array_equal(decode_image(jpeg).pixels, ORIENTED[orientation](upright))
    strip = [RGB.tobytes()]
    for data in (
        saved(Image.fromarray(RGB), "PNG", exif=block),
        saved(Image.fromarray(RGB), "WEBP", lossless=True, exif=block),
        plain_tiff(WIDTH, HEIGHT, strip, bits=[8] * 3, colours=2, endian=endian, more={274: (3, [orientation])}),
    ):
        picture = decode_image(data)
        np.testing.assert_array_equal(picture.pixels, expected)
        assert picture.original == expected.shape[:2]


def test_an_animation_gives_its_first_frame_and_says_so() -> None:
    frames = [Image.new("RGB", (6, 5), colour) for colour in ((200, 0, 0), (0, 200, 0), (0, 0, 200))]
    for kind in ("GIF", "PNG", "WEBP"):
        settings = {"lossless": True} if kind == "WEBP" else {}
        picture = decode_image(saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=90, **settings))
        assert (picture.pixels == (200, 0, 0)).all(), kind
        assert picture.notices == ("This is an animation: its first frame is shown.",)
    pages = decode_image(saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    assert (pages.pixels == (200, 0, 0)).all()
    assert pages.notices == ("This is a file of several pages: the first page is shown.",)


def test_large_pictures_are_reduced_with_a_notice() -> None:
    rows, cols = np.mgrid[0:1500, 0:2000]
    smooth = np.stack([rows / 1500 * 255, cols / 2000 * 255, (rows + cols) / 3500 * 255], -1).astype(np.uint8)
    for kind in ("PNG", "JPEG"):
        picture = decode_image(saved(Image.fromarray(smooth), kind))
        assert (picture.width, picture.height) == (1182, 886)
        assert picture.width * picture.height <= WORKING_PIXELS
        assert picture.original == (1500, 2000)
        assert "Reduced from 2000×1500 to 1182×886 pixels (width × height)" in picture.notices[0]
        places = (np.arange(886) + 0.5) * 1500 / 886, (np.arange(1182) + 0.5) * 2000 / 1182
        expected = places[0][:, None] / 1500 * 255 + 0 * places[1]
        assert np.abs(picture.pixels[..., 0] - expected).max() < (2 if kind == "PNG" else 6)
    turned = decode_image(saved(Image.fromarray(smooth), "JPEG", exif=exif(6)))
    assert (turned.width, turned.height, turned.original) == (886, 1182, (2000, 1500))
    assert "from 1500×2000 to 886×1182" in turned.notices[0]


def test_reducing_keeps_a_flat_colour_and_draws_no_halo() -> None:
    pixels = np.zeros((2100, 2100, 4), np.uint8)
    pixels[:, 1050:] = (200, 100, 50, 255)
    pixels[..., 3] = 255
    small = decode_image(saved(Image.fromarray(pixels), "PNG", compress_level=1)).pixels
    assert (small[:, :500] == 0).all() and (small[:, 530:] == (200, 100, 50)).all()
    assert small.max(axis=(0, 1)).tolist() == [200, 100, 50]


@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (20_000, 1), (20_000, 90), (70, 20_000), (1024, 1024)])
def test_unusual_shapes(size: tuple[int, int]) -> None:
    picture = decode_image(saved(Image.new("RGB", size, (10, 20, 30)), "PNG"))
    assert (picture.pixels == (10, 20, 30)).all()
    assert picture.width * picture.height <= WORKING_PIXELS
    assert (size[0] * size[1] <= WORKING_PIXELS) == ((picture.width, picture.height) == size)


def test_a_picture_never_changes_and_knows_itself() -> None:
    first, second = (decode_image(saved(Image.fromarray(RGB), kind)) for kind in ("PNG", "BMP"))
    assert first == second and hash(first) == hash(second) and first.digest == second.digest
    assert picture_of(RGB).digest == first.digest
    other = RGB.copy()
    other[3, 4, 1] ^= 1
    assert picture_of(other) != first
    assert picture_of(np.zeros((2, 8), np.uint8)).digest != picture_of(np.zeros((4, 4), np.uint8)).digest
    with pytest.raises(ValueError, match="read-only"):
        first.pixels[0, 0, 0] = 1
    assert "pixels" not in repr(first)


def test_grey_is_luma_and_planes_are_channels_first() -> None:
    picture = picture_of(RGB)
    np.testing.assert_allclose(grey(picture), RGB @ np.array([0.299, 0.587, 0.114]), atol=1e-4)
    assert grey(picture).dtype == planes(picture).dtype == np.float32
    np.testing.assert_array_equal(planes(picture), RGB.transpose(2, 0, 1))
    np.testing.assert_array_equal(grey(picture_of(PLANE)), PLANE)


@pytest.mark.parametrize("thing", [None, "picture.png", 7, [1, 2], object()])
def test_what_is_not_bytes_is_our_own_error(thing: object) -> None:
    with pytest.raises(ImageError, match="choose a picture"):
        decode_image(thing)  # type: ignore[arg-type]
    assert issubclass(ImageError, CnnvizError)


def test_16_threads_each_get_their_own_picture() -> None:
    kinds = ("PNG", "BMP", "WEBP", "TIFF")
    files = []
    for index in range(100):
        pixels = np.random.default_rng(index).integers(0, 256, (40 + index % 7, 50, 3), dtype=np.uint8)
        kind = kinds[index % 4]
        files.append((pixels, saved(Image.fromarray(pixels), kind, **({"lossless": True} if kind == "WEBP" else {}))))
    with ThreadPoolExecutor(16) as pool:
        pictures: list[Picture] = list(pool.map(lambda file: decode_image(file[1]), files))
    for (pixels, _), picture in zip(files, pictures, strict=True):
        np.testing.assert_array_equal(picture.pixels, pixels)


def test_only_a_few_are_decoded_at_once_and_the_wait_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(Image.fromarray(RGB), "PNG")
    inside, most, gate = [], [], threading.Lock()
    decode = images._decode

    def counted(header: object) -> Picture:
        with gate:
            inside.append(1)
            most.append(len(inside))
        try:
            return decode(header)  # type: ignore[arg-type]
        finally:
            with gate:
                inside.pop()

    monkeypatch.setattr(images, "_decode", counted)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(decode_image, [data] * 60))
    assert max(most) <= images.DECODING.at_once == 2
    monkeypatch.setattr(images.DECODING, "longest", 0)
    held = [images.DECODING.join() for _ in range(2)]
    try:
        with pytest.raises(ImageError, match="Others read a picture at this moment"):
            decode_image(data)
        monkeypatch.setattr(images.DECODING, "most_waiting", 0)
        with pytest.raises(ImageError, match="others already wait to read a picture"):
            decode_image(data)
    finally:
        for ticket in held:
            images.DECODING.leave(ticket)
    monkeypatch.undo()
    assert decode_image(data).pixels.shape == RGB.shape
