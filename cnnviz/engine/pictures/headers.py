"""The headers of PNG, GIF, BMP and WebP files, and a lean copy of each: only what the pixels need.

The decoder never sees texts, comments, thumbnails, maker's notes, later frames or anything behind the
picture: what is not handed over cannot explode, mislead or be shown. All of this is read before decoding.

>>> picture = b"," + bytes(4) + bytes([3, 0, 2, 0, 0, 2, 0])
>>> header = read_header("GIF", b"GIF89a" + bytes([3, 0, 2, 0, 0, 0, 0]) + picture + picture + b";")
>>> header.width, header.height, header.frames
(3, 2, 'an animation: its first frame is shown')
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

from cnnviz.engine.pictures.header import DAMAGED, PROFILE_BYTES, Header
from cnnviz.engine.pictures.jpeg import read_jpeg
from cnnviz.engine.pictures.kinds import CUT_OFF
from cnnviz.engine.pictures.tags import orientation_of
from cnnviz.engine.pictures.tiff import read_tiff
from cnnviz.errors import ImageError

ANIMATION = "an animation: its first frame is shown"
_PNG_START = 8
_MOST_CHUNKS = 200_000
# Bytes a decoded pixel takes, by PNG's colour type: grey, RGB, palette, grey with alpha, RGB with alpha.
_PNG_CORE = {0: 1, 2: 4, 3: 1, 4: 4, 6: 4}
# Run lengths of a BMP are unpacked byte by byte in Python.
_MOST_RUN_PIXELS, _MOST_RUN_BYTES = 2**20, 2**20


def read_header(kind: str, data: bytes) -> Header:
    """Read the header of a file of one of the six kinds; an ImageError says why it cannot be a picture."""
    try:
        header = _READERS[kind](data)
    except (IndexError, struct.error) as error:
        raise ImageError(CUT_OFF) from error
    header.check()
    return header


def _read_png(data: bytes) -> Header:
    chunks = _png_chunks(data)
    name, start, stop = next(chunks)
    if name != b"IHDR" or stop - start != 13:
        raise ImageError(DAMAGED)
    width, height, bits, colours = struct.unpack_from(">IIBB", data, start)
    if bits not in (1, 2, 4, 8, 16):
        raise ImageError(DAMAGED)
    kept = [data[: stop + 4]]
    seen = dict[bytes, bytes]()
    key: tuple[int, ...] = ()
    packed = False
    for name, start, stop in chunks:
        if name in (b"IDAT", b"PLTE", b"IEND") or (name == b"tRNS" and colours == 3):
            kept.append(data[start - 8 : stop + 4])
            packed = packed or name == b"IDAT"
        elif name == b"tRNS":
            key = _png_key(data[start:stop], bits, colours)
        elif name in (b"iCCP", b"eXIf", b"acTL") and stop - start <= PROFILE_BYTES:
            seen.setdefault(name, data[start:stop])
    if not packed:
        raise ImageError(DAMAGED)
    animated = seen.get(b"acTL", b"")[:4] > b"\x00\x00\x00\x01"
    return Header(
        "PNG",
        width,
        height,
        b"".join(kept),
        core=_PNG_CORE.get(colours, 4) * (2 if (bits, colours) == (16, 0) else 1),
        orientation=orientation_of(seen.get(b"eXIf")),
        profile=_unzipped(seen.get(b"iCCP", b"")),
        frames=ANIMATION if animated else "",
        key=key,
        bits=bits,
    )


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk's name and where its content starts and stops, up to the end of the picture."""
    position = _PNG_START
    for _ in range(_MOST_CHUNKS):
        size, name = struct.unpack_from(">I4s", data, position)
        start, stop = position + 8, position + 8 + size
        if not name.isalpha():
            raise ImageError(DAMAGED)
        if stop + 4 > len(data):
            raise ImageError(CUT_OFF)
        yield name, start, stop
        if name == b"IEND":
            return
        position = stop + 4
    raise ImageError(DAMAGED)


def _png_key(content: bytes, bits: int, colours: int) -> tuple[int, ...]:
    """The colour that counts as transparent, in the values that the decoder gives."""
    key = struct.unpack(f">{len(content) // 2}H", content[: len(content) // 2 * 2])
    if len(key) != {0: 1, 2: 3}.get(colours):
        return ()
    if colours == 0 and bits < 8:
        return (key[0] * 255 // (2**bits - 1),)
    return tuple(value >> 8 for value in key) if (bits, colours) == (16, 2) else key


def _unzipped(content: bytes) -> bytes | None:
    """The colour profile of an iCCP chunk, unless it is broken or far too large."""
    _, _, packed = content.partition(b"\x00")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], PROFILE_BYTES)
    except zlib.error:
        return None
    return profile if profile and unpacker.eof else None


def _read_gif(data: bytes) -> Header:
    width, height = struct.unpack_from("<HH", data, 6)
    position = 13 + _gif_colours(data[10])
    start = data[:position]
    position, control = _gif_frame(data, position)
    left, top, across, down = struct.unpack_from("<HHHH", data, position + 1)
    stop = _gif_blocks(data, position + 11 + _gif_colours(data[position + 9]))
    try:
        _gif_frame(data, stop)
        more = True
    except (ImageError, IndexError):
        more = False
    return Header(
        "GIF",
        max(width, left + across),
        max(height, top + down),
        b"".join((start, control, data[position:stop], b";")),
        core=2,
        frames=ANIMATION if more else "",
    )


def _gif_colours(flags: int) -> int:
    """Bytes of the colour table that the flags announce."""
    return 6 << (flags & 7) if flags & 128 else 0


def _gif_frame(data: bytes, position: int) -> tuple[int, bytes]:
    """Where the next frame stands, and the last control block before it (which says what is transparent)."""
    control = b""
    while data[position] != ord(","):
        if data[position] == ord(";"):
            raise ImageError("There is no picture in this GIF: save it anew, or as PNG.")
        stop = position + 1
        if data[position] == ord("!"):
            stop = _gif_blocks(data, position + 2)
            control = data[position:stop] if data[position + 1] == 0xF9 else control
        position = stop
    return position, control


def _gif_blocks(data: bytes, position: int) -> int:
    """Where a run of blocks, each led by its length, ends."""
    while size := data[position]:
        position += size + 1
    return position + 1


def _read_bmp(data: bytes) -> Header:
    (size,) = struct.unpack_from("<I", data, 14)
    if size == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        compression = 0
    else:
        width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, 18)
    if width < 0:
        raise ImageError(DAMAGED)
    height = abs(height)  # negative where the rows go from top to bottom
    runs = compression in (1, 2)
    if runs and (width * height > _MOST_RUN_PIXELS or len(data) > _MOST_RUN_BYTES):
        raise ImageError(
            f"This BMP is run-length packed, and such are read up to {_MOST_RUN_PIXELS:,} pixels "
            f"and {_MOST_RUN_BYTES // 2**20} MB: save it as PNG."
        )
    return Header("BMP", width, height, data, core=4 if bits > 8 else 1, extra=3 * _MOST_RUN_PIXELS if runs else 0)


def _read_webp(data: bytes) -> Header:
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 > len(data):
        raise ImageError(CUT_OFF)
    name = data[12:16]
    seen, frames = dict[bytes, bytes](), 0
    if name == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        position = 12
        while position + 8 <= len(data):
            chunk, length = struct.unpack_from("<4sI", data, position)
            position += 8
            if chunk in (b"ICCP", b"EXIF") and length <= PROFILE_BYTES:
                seen.setdefault(chunk, data[position : position + length])
            frames += chunk == b"ANMF"
            position += length + length % 2
    elif name == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = (value & 0x3FFF for value in struct.unpack_from("<HH", data, 26))
    elif name == b"VP8L" and data[20] == 0x2F:
        (packed,) = struct.unpack_from("<I", data, 21)
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    else:
        raise ImageError(DAMAGED)
    return Header(
        "WEBP",
        width,
        height,
        data,
        extra=8 * width * height + len(data),  # two canvases, which go before the strips
        why="a WebP picture is held in memory three times",
        orientation=orientation_of(seen.get(b"EXIF")),
        profile=seen.get(b"ICCP"),
        frames=ANIMATION if frames > 1 else "",
    )


_READERS: dict[str, Callable[[bytes], Header]] = {
    "PNG": _read_png,
    "JPEG": read_jpeg,
    "WEBP": _read_webp,
    "GIF": _read_gif,
    "BMP": _read_bmp,
    "TIFF": read_tiff,
}
