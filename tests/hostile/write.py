"""Small writers of picture files, exact to the byte, for what Pillow will not write."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence

PNG_START = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, content: bytes = b"") -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_header(width: int, height: int, bits: int = 8, colours: int = 2, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, interlace))


def png(
    width: int,
    height: int,
    rows: Iterable[bytes],
    *,
    bits: int = 8,
    colours: int = 2,
    before: Sequence[bytes] = (),
    after: Sequence[bytes] = (),
) -> bytes:
    """A PNG of unfiltered rows, with any chunks before and after its pixels."""
    packer = zlib.compressobj(1)
    packed = b"".join([*(packer.compress(b"\x00" + row) for row in rows), packer.flush()])
    pieces = [PNG_START, png_header(width, height, bits, colours), *before, chunk(b"IDAT", packed), *after]
    return b"".join([*pieces, chunk(b"IEND")])


def tiff(
    tags: dict[int, tuple[int, Sequence[int] | bytes]],
    pieces: Sequence[bytes],
    *,
    endian: str = "<",
    tiled: bool = False,
    more: int = 0,
) -> bytes:
    """A TIFF: tags as tag -> (type, values); the offsets and lengths of strips or tiles are filled in."""
    codes = {1: "B", 2: "B", 3: "H", 4: "I", 7: "B", 12: "d"}
    head = (b"II\x2a\x00" if endian == "<" else b"MM\x00\x2a") + bytes(4)
    body, places = bytearray(head), []
    for piece in pieces:
        places.append(len(body))
        body += piece + bytes(len(piece) % 2)
    where, sizes = (324, 325) if tiled else (273, 279)
    tags = {where: (4, places), sizes: (4, [len(piece) for piece in pieces])} | tags
    entries = []
    for tag, (kind, values) in sorted(tags.items()):
        packed = (
            bytes(values) if isinstance(values, bytes) else struct.pack(f"{endian}{len(values)}{codes[kind]}", *values)
        )
        if len(packed) > 4:
            entries.append(struct.pack(f"{endian}HHII", tag, kind, len(values), len(body)))
            body += packed + bytes(len(packed) % 2)
        else:
            entries.append(struct.pack(f"{endian}HHI", tag, kind, len(values)) + packed.ljust(4, b"\x00"))
    struct.pack_into(f"{endian}I", body, 4, len(body))
    return bytes(body + struct.pack(f"{endian}H", len(entries)) + b"".join(entries) + struct.pack(f"{endian}I", more))


def plain_tiff(
    width: int,
    height: int,
    pieces: Sequence[bytes],
    *,
    bits: Sequence[int] = (8,),
    colours: int = 1,
    compression: int = 1,
    rows: int | None = None,
    endian: str = "<",
    more: Mapping[int, tuple[int, Sequence[int] | bytes]] | None = None,
    tiled: bool = False,
) -> bytes:
    """A TIFF with the tags that every TIFF has."""
    tags: dict[int, tuple[int, Sequence[int] | bytes]] = {
        256: (4, [width]),
        257: (4, [height]),
        258: (3, list(bits)),
        259: (3, [compression]),
        262: (3, [colours]),
        277: (3, [len(bits)]),
        278: (4, [rows or height]),
    }
    return tiff({**tags, **(more or {})}, pieces, endian=endian, tiled=tiled)


def gif(width: int, height: int, frames: Sequence[bytes], colours: bytes = bytes(range(6))) -> bytes:
    """A GIF with a colour table of two colours and ready-made blocks."""
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 128, 0, 0) + colours + b"".join(frames) + b";"


def gif_frame(left: int, top: int, width: int, height: int, packed: bytes = b"\x02\x4c\x01\x00") -> bytes:
    return b"," + struct.pack("<HHHHB", left, top, width, height, 0) + b"\x02" + packed


def bmp(width: int, height: int, bits: int, body: bytes, *, compression: int = 0, palette: bytes = b"") -> bytes:
    offset = 54 + len(palette)
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(body), 0, 0, len(palette) // 4, 0)
    return b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset) + head + palette + body


def segment(marker: int, content: bytes) -> bytes:
    """One segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def exif(orientation: int, endian: str = ">") -> bytes:
    """The smallest EXIF block that tells how the camera was held."""
    start = b"MM\x00\x2a" if endian == ">" else b"II\x2a\x00"
    entry = struct.pack(f"{endian}HHIHH", 274, 3, 1, orientation, 0)
    return b"Exif\x00\x00" + start + struct.pack(f"{endian}IH", 8, 1) + entry + bytes(4)


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP container of these chunks."""
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2) for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body
