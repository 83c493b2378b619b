"""Files that mean harm, or come from an accident: each with a part of the one sentence that must answer it.

`python -m tests.hostile.corpus FOLDER` writes them to a folder, to try them by hand on the running app.
"""

from __future__ import annotations

import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.hostile.seeds import seeds
from tests.hostile.write import (
    PNG_START,
    bmp,
    chunk,
    exif,
    gif,
    gif_frame,
    plain_tiff,
    png,
    png_header,
    riff,
    segment,
    tiff,
)

PICTURE = ""  # expected where the file is a picture after all
CUT = "cut off"
BROKEN = "damaged or of a rare kind"


class Hostile(NamedTuple):
    """A file, what it is, and a part of the sentence that must answer it; nothing where it is a sound picture."""

    name: str
    data: bytes
    sentence: str


def corpus() -> list[Hostile]:
    """All hostile files."""
    makers: tuple[Callable[[], Iterator[tuple[str, bytes, str]]], ...] = (
        _nothing, _strangers, _truncated, _absurd_png, _absurd_others, _jpegs, _tiffs, _bombs, _broken, _polyglots,
    )  # fmt: skip
    return [Hostile(*found) for maker in makers for found in maker()]


def _nothing() -> Iterator[tuple[str, bytes, str]]:
    yield "empty", b"", "The file is empty"
    yield "one byte", b"\x89", CUT
    yield "zeros", bytes(5000), "only zeros"
    yield "text", b"Dear sir or madam,\n" * 40, "not a picture"
    yield "random", bytes((i * i * 7 + i * 31) % 251 for i in range(4000)), "not a picture"
    yield "program", b"MZ\x90\x00" + bytes(300), "not a picture"
    yield "too many bytes", b"\x89PNG\r\n\x1a\n" + bytes(20 * 2**20), "20.1 MB, and at most 20 MB"
    yield "far too many bytes", bytes(31 * 2**20), "31.0 MB, and at most 20 MB"


def _strangers() -> Iterator[tuple[str, bytes, str]]:
    box = b"\x00\x00\x00\x18"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    yield "svg", svg, "SVG drawing"
    yield "svg after xml", b"\xef\xbb\xbf<?xml version='1.0'?>\n<!DOCTYPE svg>\n" + svg, "SVG drawing"
    yield "svg in utf-16", svg.decode().encode("utf-16"), "SVG drawing"
    yield "svg of entities", b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>', "SVG drawing"
    yield "web page", b"<!DOCTYPE html><html><body><img src=x onerror=alert(1)></body></html>", "web page"
    yield "pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF document"
    yield "pdf after junk", b"\n\n\n%PDF-1.7\n", "PDF document"
    yield "eps named png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n", "PostScript"
    yield "eps with preview", b"\xc5\xd0\xd3\xc6" + bytes(40), "PostScript"
    yield "heic", box + b"ftypheic" + bytes(60), "HEIC"
    yield "heif", box + b"ftypmif1" + bytes(60), "HEIC"
    yield "avif", box + b"ftypavif" + bytes(60), "AVIF"
    yield "mp4", box + b"ftypisom" + bytes(60), "video"
    yield "webm", b"\x1a\x45\xdf\xa3" + bytes(60), "video"
    yield "psd", b"8BPS\x00\x01" + bytes(60), "Photoshop"
    yield "xcf", b"gimp xcf v011" + bytes(60), "GIMP"
    yield "jpeg 2000", b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(60), "JPEG 2000"
    yield "jpeg xl", b"\xff\x0a" + bytes(60), "JPEG XL"
    yield "icon", b"\x00\x00\x01\x00\x01\x00" + bytes(60), "icon"
    yield "pnm", b"P6 4 4 255\n" + bytes(48), "unusual kind"
    yield "exr", b"\x76\x2f\x31\x01" + bytes(60), "high dynamic range"
    yield "cr2", b"II\x2a\x00\x10\x00\x00\x00CR\x02\x00" + bytes(60), "raw file"
    yield "cr3", box + b"ftypcrx " + bytes(60), "raw file"
    yield "raf", b"FUJIFILMCCD-RAW 0201" + bytes(60), "raw file"
    yield "dng", plain_tiff(4, 4, [bytes(16)], more={50706: (1, [1, 4, 0, 0])}), "raw file"
    yield "nef", plain_tiff(4, 4, [bytes(16)], more={254: (4, [1]), 330: (4, [8]), 271: (2, b"CAMERA\x00")}), "raw file"
    yield "sensor data", plain_tiff(4, 4, [bytes(16)], colours=32803), "raw file"
    yield "bigtiff", b"II\x2b\x00\x08\x00\x00\x00" + bytes(60), "BigTIFF"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.png", seeds()["png rgb"])
    yield "zip", archive.getvalue(), "ZIP archive"
    yield "svgz", b"\x1f\x8b\x08\x00" + bytes(60), "compressed archive"


def _truncated() -> Iterator[tuple[str, bytes, str]]:
    for name, data in seeds().items():
        # The first frame of an animation, and the first page of a TIFF, may be whole in half a file.
        if name not in ("gif animated", "tiff pages", "png grey key"):
            yield f"half of {name}", data[: len(data) // 2], CUT
    yield "png without its end", seeds()["png rgb"][:-12], CUT
    yield "png header only", seeds()["png rgb"][:33], CUT
    yield "jpeg without its end", seeds()["jpeg rgb"][: -len(seeds()["jpeg rgb"]) // 4], CUT
    yield "jpeg header only", seeds()["jpeg rgb"][:20], CUT
    yield "bmp header only", seeds()["bmp"][:54], CUT
    yield "gif header only", seeds()["gif"][:13], CUT
    yield "webp header only", seeds()["webp"][:30], CUT
    yield "riff only", b"RIFF\x00\x00", CUT
    yield "tiff header only", b"II\x2a\x00\x08\x00\x00\x00", CUT
    yield "tiff with its directory outside", b"MM\x00\x2a\xff\xff\xff\xf0" + bytes(40), CUT


def _absurd_png() -> Iterator[tuple[str, bytes, str]]:
    def claims(width: int, height: int, bits: int = 8, colours: int = 2) -> bytes:
        return (
            PNG_START + png_header(width, height, bits, colours) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND")
        )

    yield "png of no width", claims(0, 5), "0×5 pixels"
    yield "png of no height", claims(5, 0), "5×0 pixels"
    yield "png of 4 billion", claims(2**32 - 1, 2**32 - 1), "no side may be longer than 20,000"
    yield "png 20001 wide", claims(20_001, 1), "20,001×1 pixels, and no side may be longer than 20,000"
    yield "png 20001 high", claims(1, 20_001, 1, 0), "1×20,001 pixels"
    yield "png of 25 Mpx", claims(5000, 5000), "25.0 million pixels (5,000×5,000), and at most 24 million"
    yield "png of 88 Mpx, 1 bit", claims(9400, 9400, 1, 0), "88.4 million pixels"
    yield "png of no known mode", claims(5, 5, 7, 5), BROKEN
    yield "png of no bits", png(4, 1, [b"\x00"], bits=0, colours=0, before=[chunk(b"tRNS", b"\x00\x01")]), BROKEN
    yield "png of unknown compression", PNG_START + chunk(b"IHDR", bytes([0, 0, 0, 5, 0, 0, 0, 5, 8, 2, 0, 9, 0])), CUT
    yield "png that starts late", PNG_START + chunk(b"IDAT") + seeds()["png rgb"][8:], BROKEN
    yield "png without pixels", PNG_START + png_header(5, 5) + chunk(b"IEND"), BROKEN
    yield "png chunk of 4 GB", PNG_START + png_header(5, 5) + b"\xff\xff\xff\xffIDAT" + bytes(90), CUT


def _absurd_others() -> Iterator[tuple[str, bytes, str]]:
    yield "gif of no size", gif(0, 0, [gif_frame(0, 0, 0, 0)]), "0×0 pixels"
    yield "gif 65535 wide", gif(65_535, 1, [gif_frame(0, 0, 1, 1)]), "65,535×1 pixels"
    yield "gif whose frame is elsewhere", gif(1, 1, [gif_frame(60_000, 60_000, 60_000, 60_000)]), "120,000×120,000"
    yield "gif of 36 Mpx", gif(6000, 6000, [gif_frame(0, 0, 1, 1)]), "36.0 million pixels"
    yield "gif without a frame", gif(5, 5, []), "no picture in this GIF"
    yield "bmp of no size", bmp(0, 7, 24, b""), "0×7 pixels"
    yield "bmp of negative width", bmp(-5, 7, 24, b""), BROKEN
    yield "bmp of 2 billion rows", bmp(5, -(2**31), 24, b""), "no side may be longer"
    yield "bmp of 36 Mpx", bmp(6000, 6000, 24, b""), "36.0 million pixels"
    yield "bmp of runs, large", bmp(5000, 4000, 8, bytes(99), compression=1, palette=bytes(1024)), "run-length packed"
    yield "bmp of 1000 colours", bmp(4, 4, 8, bytes(16), palette=bytes(4000)), BROKEN
    yield "bmp with a jpeg inside", bmp(4, 4, 0, bytes(16), compression=4), BROKEN
    big = struct.pack("<I", 0x10)[:4] + (20_000).to_bytes(3, "little") + (4).to_bytes(3, "little")
    yield "webp canvas 20001 wide", riff((b"VP8X", big), (b"VP8 ", bytes(20))), "20,001×5 pixels"
    claim = b"\x2f" + struct.pack("<I", 16_382 | 16_382 << 14)
    yield "webp of 268 Mpx", riff((b"VP8L", claim + bytes(20))), "268.4 million pixels"
    claim = b"\x2f" + struct.pack("<I", 4999 | 3999 << 14)
    yield (
        "webp of 20 Mpx",
        riff((b"VP8L", claim + bytes(20))),
        "20.0 million pixels (5,000×4,000), and at most 14 million",
    )
    yield "webp of nothing", riff((b"JUNK", bytes(20))), BROKEN


def _jpegs() -> Iterator[tuple[str, bytes, str]]:
    def frame(width: int, height: int, marker: int = 0xC0, parts: bytes = b"\x01\x11\x00", bits: int = 8) -> bytes:
        return segment(marker, struct.pack(">BHHB", bits, height, width, len(parts) // 3) + parts)

    three, scan = b"\x01\x11\x00\x02\x11\x00\x03\x11\x00", segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x00\xff\xd9"
    yield "jpeg of no height", b"\xff\xd8" + frame(8, 0) + scan, "8×0 pixels"
    yield "jpeg 65535 wide", b"\xff\xd8" + frame(65_535, 8) + scan, "65,535×8 pixels"
    yield "jpeg of 121 Mpx", b"\xff\xd8" + frame(11_000, 11_000) + scan, "121.0 million pixels"
    yield "progressive jpeg of 90 Mpx", b"\xff\xd8" + frame(10_000, 9000, 0xC2, three) + scan, "progressive JPEG"
    yield "jpeg of one pass a colour, 90 Mpx", b"\xff\xd8" + frame(10_000, 9000, 0xC0, three) + scan, "MB of memory"
    yield (
        "jpeg of 2000 passes",
        b"\xff\xd8" + frame(8, 8, 0xC2, three) + scan[:-2] * 2000 + b"\xff\xd9",
        "over 100 passes",
    )
    yield "large jpeg of 50 passes", b"\xff\xd8" + frame(8000, 4000, 0xC2) + scan[:-2] * 50 + b"\xff\xd9", "50 passes"
    yield "lossless jpeg", b"\xff\xd8" + frame(8, 8, 0xC3) + scan, BROKEN
    yield "jpeg of 12 bits", b"\xff\xd8" + frame(8, 8, 0xC1, bits=12) + scan, BROKEN
    yield "jpeg of two frames", b"\xff\xd8" + frame(8, 8) + frame(9000, 9000) + scan, BROKEN
    yield "jpeg of sampling 0", b"\xff\xd8" + frame(8, 8, parts=b"\x01\x00\x00") + scan, BROKEN
    yield "jpeg of 255 colours", b"\xff\xd8" + frame(8, 8, parts=b"\x01\x11\x00" * 255) + scan, BROKEN
    yield "jpeg without tables", b"\xff\xd8" + frame(8, 8) + scan, BROKEN
    yield "jpeg without a frame", b"\xff\xd8" + scan, BROKEN
    yield "jpeg of empty segments", b"\xff\xd8" + segment(0xFE, b"") * 20_000, BROKEN
    yield "jpeg of filling", b"\xff\xd8" + b"\xff" * 2**20, CUT
    sound = seeds()["jpeg rgb"]
    notes = b"".join(segment(0xE1, b"Exif\x00\x00" + bytes(60_000)) for _ in range(40))
    yield "jpeg of 40 exif blocks", sound[:2] + notes + sound[2:], PICTURE
    yield "jpeg with an exif bomb", sound[:2] + segment(0xE1, _exif_bomb()) + sound[2:], PICTURE
    yield "jpeg with comments", sound[:2] + segment(0xFE, b"<script>" * 8000) * 40 + sound[2:], PICTURE


def _exif_bomb() -> bytes:
    """5,000 tags that all claim the same 60,000 bytes, and a directory that follows itself."""
    entries = b"".join(struct.pack(">HHII", 40_000 + i, 7, 60_000, 8) for i in range(5000))
    return b"Exif\x00\x00MM\x00\x2a" + struct.pack(">IH", 8, 5000) + entries + struct.pack(">I", 8)


def _tiffs() -> Iterator[tuple[str, bytes, str]]:
    packed = zlib.compress(bytes(64))
    tiles = {322: (4, [20_000]), 323: (4, [20_000])}
    yield "tiff of no width", plain_tiff(0, 4, [b""]), "0×4 pixels"
    yield "tiff 4 billion wide", plain_tiff(2**32 - 1, 4, [b""]), "no side may be longer"
    yield "tiff of 36 Mpx", plain_tiff(6000, 6000, [b""]), "36.0 million pixels"
    yield (
        "tiff with a tile of 400 Mpx",
        plain_tiff(8, 8, [packed], compression=8, tiled=True, more=tiles),
        "unpacked whole",
    )
    one = plain_tiff(5900, 4000, [packed], bits=[16] * 4, colours=2, compression=8, more={338: (3, [2])})
    yield "tiff of one strip, 24 Mpx of 8 bytes", one, "unpacked whole"
    yield "tiff in 200,000 strips", plain_tiff(8, 8, [b""] * 200_000, rows=1), "200,000 pieces"
    yield (
        "tiff that claims 4 billion strips",
        tiff({256: (4, [8]), 257: (4, [8])}, [b""]).replace(
            struct.pack("<HHI", 273, 4, 1), struct.pack("<HHI", 273, 4, 2**32 - 1)
        ),
        "4,294,967,295 pieces",
    )
    yield "tiff of lzma", plain_tiff(8, 8, [packed], compression=34925), "compressed by LZMA"
    yield "tiff of old jpeg", plain_tiff(8, 8, [packed], compression=6), "compressed by old-style JPEG"
    yield "tiff of no method", plain_tiff(8, 8, [packed], compression=777), "compressed by method 777"
    yield "tiff of 2 bits of 3 colours", plain_tiff(8, 8, [bytes(64)], bits=[2, 2, 2], colours=2), BROKEN
    yield "tiff of 65535 samples", plain_tiff(8, 8, [bytes(64)], more={277: (3, [65_535])}), BROKEN
    yield "tiff without a size", tiff({258: (3, [8])}, [bytes(64)]), BROKEN
    yield "tiff of nonsense, deflated", plain_tiff(8, 8, [b"nonsense"], compression=8), BROKEN
    sound = plain_tiff(8, 8, [bytes(64)])
    width, height = struct.pack("<HHI", 256, 4, 1), struct.pack("<HHI", 257, 4, 1)
    yield "tiff of two widths", sound.replace(height, width), BROKEN
    yield "tiff with a float for its width", sound.replace(width, struct.pack("<HHI", 256, 11, 1)), BROKEN
    yield (
        "tiff that follows itself",
        tiff({256: (4, [8]), 257: (4, [8]), 258: (3, [8]), 262: (3, [1])}, [bytes(64)], more=72),
        PICTURE,
    )
    yield "tiff with an exif bomb", plain_tiff(8, 8, [bytes(64)], more={34665: (4, [8])}), PICTURE


def _bombs() -> Iterator[tuple[str, bytes, str]]:
    black = zlib.compress(bytes((3 * 3000 + 1) * 3000), 9)
    yield (
        "png that unpacks to more than it claims",
        (PNG_START + png_header(10, 10) + chunk(b"IDAT", black) + chunk(b"IEND")),
        PICTURE,
    )
    million = zlib.compress(bytes(30 * 2**20), 9)
    row = [bytes(12)] * 4
    yield "png with text bombs", png(4, 4, row, before=[chunk(b"zTXt", b"a\x00\x00" + million)] * 80), PICTURE
    yield (
        "png with international text bombs",
        (png(4, 4, row, after=[chunk(b"iTXt", b"a\x00\x01\x00\x00\x00" + million)] * 80)),
        PICTURE,
    )
    yield "png with a profile bomb", png(4, 4, row, before=[chunk(b"iCCP", b"a\x00\x00" + million)]), PICTURE
    yield (
        "png with a million animations",
        png(4, 4, row, before=[chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))]),
        PICTURE,
    )
    yield "png with an exif bomb", png(4, 4, row, before=[chunk(b"eXIf", _exif_bomb()[6:])]), PICTURE
    yield "png of 300,000 chunks", png(4, 4, row, before=[chunk(b"tEXt")] * 300_000), BROKEN
    yield "gif of 3000 frames", gif(1, 1, [gif_frame(0, 0, 1, 1)] * 3000), PICTURE
    yield "gif of comments", gif(1, 1, [b"!\xfe" + b"\x01a" * 2**20 + b"\x00", gif_frame(0, 0, 1, 1)]), PICTURE


def _broken() -> Iterator[tuple[str, bytes, str]]:
    row = [bytes(12)] * 4
    yield "png with a wrong checksum", seeds()["png rgb"][:29] + b"abcd" + seeds()["png rgb"][33:], BROKEN
    yield "png of nonsense pixels", PNG_START + png_header(5, 5) + chunk(b"IDAT", b"x" * 80) + chunk(b"IEND"), BROKEN
    yield "png whose pixels break off", png(4, 4, row)[:45] + png(4, 4, row)[47:], BROKEN
    yield "png with a broken profile", png(4, 4, row, before=[chunk(b"iCCP", b"a\x00\x00nonsense")]), PICTURE
    yield "png with broken texts", png(4, 4, row, before=[chunk(b"iTXt", b"\xff\xfe"), chunk(b"gAMA", b"1")]), PICTURE
    yield "png with broken frames", png(4, 4, row, before=[chunk(b"acTL", b"1"), chunk(b"fcTL", b"1")]), PICTURE
    yield "png of palette without one", png(4, 4, [bytes(4)] * 4, colours=3), PICTURE
    yield "gif of nonsense", gif(4, 4, [gif_frame(0, 0, 4, 4, b"\x04\xff\xff\xff\xff\x00")]), BROKEN
    yield "webp of nonsense", riff((b"VP8L", b"\x2f" + struct.pack("<I", 9 | 9 << 14) + b"nonsense" * 9)), BROKEN


def _polyglots() -> Iterator[tuple[str, bytes, str]]:
    script = b"<html><script>alert(document.cookie)</script></html>"
    sound = seeds()["gif"]
    yield "gif and script", sound + b"/*" + script + b"*/=1;", PICTURE
    yield "png and page", seeds()["png rgb"] + script, PICTURE
    yield (
        "png with a page inside",
        png(4, 4, [bytes(12)] * 4, before=[chunk(b"tEXt", b"Comment\x00" + script)]),
        PICTURE,
    )
    yield "jpeg and zip", seeds()["jpeg rgb"] + b"PK\x03\x04" + bytes(400), PICTURE
    yield (
        "jpeg with php",
        seeds()["jpeg rgb"][:2] + segment(0xFE, b"<?php system('id'); ?>") + seeds()["jpeg rgb"][2:],
        PICTURE,
    )
    yield "bmp and pdf", seeds()["bmp"] + b"%PDF-1.4", PICTURE
    yield "pdf and jpeg", b"%PDF-1.4\n" + seeds()["jpeg rgb"], "PDF document"
    yield "tiff and page", seeds()["tiff"] + script, PICTURE
    yield "webp and page", seeds()["webp"] + script, PICTURE
    yield "held upside down", seeds()["jpeg rgb"][:2] + segment(0xE1, exif(65_535)) + seeds()["jpeg rgb"][2:], PICTURE


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for hostile in corpus():
        (folder / hostile.name.replace(" ", "-").replace(",", "")).write_bytes(hostile.data)
    print(f"{len(corpus())} files in {folder}")
