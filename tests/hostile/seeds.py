"""Small sound pictures of every format and mode, and what becomes of them when their bytes are changed at random."""

from __future__ import annotations

import io
import random
import struct
import traceback
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

from cnnviz.engine.pictures.decode import decode_image
from cnnviz.errors import ImageError
from tests.hostile.write import bmp, chunk, exif, plain_tiff, png

WIDTH, HEIGHT = 23, 17
RUNS = b"\x04\x01\x00\x00\x02\x01\x02\x00\x00\x01"
INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def saved(image: Image.Image, kind: str, **settings: object) -> bytes:
    file = io.BytesIO()
    image.copy().save(file, kind, **settings)  # saving leaves marks on an image
    return file.getvalue()


def colours(channels: int = 3, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, channels), dtype=np.uint8)


@lru_cache
def seeds() -> dict[str, bytes]:
    """Name -> file. The name starts with the format."""
    rgb, rgba = Image.fromarray(colours()), Image.fromarray(colours(4))
    plane, cmyk = Image.fromarray(colours()[..., 0]), Image.fromarray(colours(4), "CMYK")
    palette, bits = rgb.quantize(40), plane.convert("1")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wide = np.random.default_rng(2).integers(0, 2**16, (HEIGHT, WIDTH), dtype=np.uint16)
    deep = [row.tobytes() for row in np.random.default_rng(3).integers(0, 2**16, (HEIGHT, WIDTH * 4)).astype(">u2")]
    frames = {"save_all": True, "append_images": [rgb.rotate(90), rgb.rotate(180)], "duration": 50}
    return {
        "png rgb": saved(rgb, "PNG", icc_profile=profile, exif=exif(6)),
        "png rgba": saved(rgba, "PNG"),
        "png la": saved(rgba.convert("LA"), "PNG"),
        "png palette": saved(palette, "PNG", transparency=bytes(range(0, 200, 5))),
        "png 1 bit": saved(bits, "PNG"),
        "png grey 16": saved(Image.fromarray(wide), "PNG"),
        "png rgba 16": png(WIDTH, HEIGHT, deep, bits=16, colours=6),
        "png grey key": png(8, 2, [b"\x1b"] * 2, bits=1, colours=0, before=[chunk(b"tRNS", b"\x00\x01")]),
        "png animated": saved(rgb, "PNG", **frames),
        "jpeg rgb": saved(rgb, "JPEG", icc_profile=profile, exif=exif(3)),
        "jpeg grey": saved(plane, "JPEG"),
        "jpeg cmyk": saved(cmyk, "JPEG"),
        "jpeg progressive": saved(rgb, "JPEG", progressive=True),
        "webp": saved(rgb, "WEBP", exif=exif(8), icc_profile=profile),
        "webp lossless": saved(rgba, "WEBP", lossless=True),
        "webp animated": saved(rgb, "WEBP", **frames),
        "gif": saved(palette, "GIF", transparency=3),
        "gif animated": saved(rgb, "GIF", **frames),
        "bmp": saved(rgb, "BMP"),
        "bmp palette": saved(palette, "BMP"),
        "bmp 1 bit": saved(bits, "BMP"),
        "bmp runs": bmp(4, 2, 8, RUNS, compression=1, palette=bytes(range(8)) * 128),
        "tiff": saved(rgb, "TIFF"),
        "tiff lzw": saved(rgba, "TIFF", compression="tiff_lzw"),
        "tiff jpeg": saved(rgb, "TIFF", compression="jpeg"),
        "tiff fax": saved(bits, "TIFF", compression="group4"),
        "tiff cmyk": saved(cmyk, "TIFF", compression="packbits"),
        "tiff 16": plain_tiff(WIDTH, HEIGHT, [wide.astype(">u2").tobytes()], bits=[16], endian=">"),
        "tiff float": saved(Image.fromarray(wide.astype(np.float32)), "TIFF"),
        "tiff tiles": plain_tiff(
            32, 32, [zlib.compress(bytes(range(256)))] * 4,
            compression=8, tiled=True, more={322: (4, [16]), 323: (4, [16])},
        ),
        "tiff ycbcr": plain_tiff(
            WIDTH, HEIGHT, [zlib.compress(rgb.convert("YCbCr").tobytes())],
            bits=[8] * 3, colours=6, compression=8, more={530: (3, [1, 1])},
        ),
        "tiff pages": saved(rgb, "TIFF", save_all=True, append_images=[plane.copy()]),
    }  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with a few changes of the kinds that break parsers."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        # Headers are where the trouble is: half of the changes go into the first bytes.
        reach = min(len(changed), 128) if chance.random() < 0.5 else len(changed)
        if not reach:
            break
        at = chance.randrange(reach)
        kind = chance.randrange(7)
        if kind == 0:
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            changed[at] = chance.randrange(256)
        elif kind == 2:
            number = chance.choice(INTERESTING)
            form = chance.choice(("<I", ">I", "<H", ">H"))
            packed = struct.pack(form, number & (0xFFFFFFFF if form[1] == "I" else 0xFFFF))
            changed[at : at + len(packed)] = packed
        elif kind == 3:
            del changed[at : at + chance.choice((1, 2, 4, 16, 100))]
        elif kind == 4:
            other = chance.randrange(len(changed))
            changed[at:at] = changed[other : other + chance.choice((1, 4, 12, 64))]
        elif kind == 5:
            changed[at:at] = chance.randbytes(chance.choice((1, 2, 4, 16)))
        elif len(changed) > 64 and chance.random() < 0.3:
            del changed[at:]
    return mended(bytes(changed)) if chance.random() < 0.5 else bytes(changed)


def mended(data: bytes) -> bytes:
    """A PNG whose checksums are right again, so that the change reaches what is behind them."""
    if not data.startswith(b"\x89PNG"):
        return data
    pieces, position = [data[:8]], 8
    while position + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, position)
        if position + 12 + size > len(data):
            break
        pieces.append(chunk(data[position + 4 : position + 8], data[position + 8 : position + 8 + size]))
        position += 12 + size
    return b"".join([*pieces, data[position:]])


def outcome(data: bytes) -> str:
    """What came out: "picture", or the sentence; anything but our own error is passed on, and so are our own slips."""
    try:
        picture = decode_image(data)
    except ImageError as error:
        slip = error.__cause__
        if slip is not None and not isinstance(slip, struct.error | IndexError | OSError):
            last = traceback.extract_tb(slip.__traceback__)[-1]
            assert Path(last.filename).parent.name != "engine", f"{slip!r} in {last.filename}:{last.lineno}"
        assert str(error).count("\n") == 0 and len(str(error)) > 30, str(error)
        return str(error)
    assert picture.pixels.dtype == np.uint8 and picture.pixels.ndim == 3 and picture.pixels.shape[2] == 3
    assert 0 < picture.pixels.size <= 3 * 2**20
    return "picture"
