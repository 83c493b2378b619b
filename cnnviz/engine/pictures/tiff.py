"""The header of a TIFF: its size, how its pixels are stored, and only the tags that its pixels need.

A TIFF may be one strip or tile as large as the picture, or larger: the decoder unpacks a piece at once.
"""

from __future__ import annotations

from cnnviz.engine.pictures.header import DAMAGED, PROFILE_BYTES, Header
from cnnviz.engine.pictures.limits import check_sides
from cnnviz.engine.pictures.tags import ORIENTATION, Directory, read_directory
from cnnviz.errors import ImageError

WIDTH, HEIGHT, BITS, COMPRESSION, COLOURS = 256, 257, 258, 259, 262
SAMPLES, ROWS, PLANAR, TILE_WIDTH, TILE_HEIGHT, FORMAT = 277, 278, 284, 322, 323, 339
PROFILE, MAKE, SUBFILES, KIND_OF_PAGE, DNG = 34675, 271, 330, 254, 50706
# Besides: fill order, strips and tiles with their lengths, fax options, predictor, colour map, extra samples,
# JPEG tables, and how YCbCr is sampled and scaled.
_NEEDED = frozenset((WIDTH, HEIGHT, BITS, COMPRESSION, COLOURS, SAMPLES, ROWS, PLANAR, TILE_WIDTH, TILE_HEIGHT, FORMAT))
_KEPT = _NEEDED | {266, 273, 279, 292, 293, 317, 320, 324, 325, 338, 347, 529, 530, 531, 532}
_MOST_VALUES = 100_000
_READABLE = {1, 2, 3, 4, 5, 7, 8, 32773, 32946}
_UNREADABLE = {6: "old-style JPEG", 34925: "LZMA", 34887: "LERC", 50000: "Zstandard", 50001: "WebP"}
_SEPARATE, _YCBCR, _SENSOR = 2, 6, (32803, 34892)


def read_tiff(data: bytes) -> Header:
    """Read the first directory, and keep the tags that matter to the pixels."""
    tags = read_directory(data)
    _refuse(tags)
    width, height = tags.number(WIDTH), tags.number(HEIGHT)
    check_sides(width, height, "TIFF")
    samples = tags.number(SAMPLES, 1)
    bits = tags.numbers(BITS, (1,))
    if not 1 <= samples <= 8 or max(bits) > 64:
        raise ImageError(DAMAGED)
    pixel_bits = sum(bits[:samples]) if len(bits) >= samples else bits[0] * samples
    orientation = tags.number(ORIENTATION, 1)
    wide = bits[0] > 16 or (bits[0] == 16 and tags.number(FORMAT, 1) != 1)
    narrow = 2 if bits[0] > 8 else 1
    return Header(
        "TIFF",
        width,
        height,
        tags.without_others(_KEPT),
        core=(4 if wide else narrow) if samples == 1 else 4,
        extra=_piece(tags, width, height, pixel_bits, samples),
        why="its pixels are packed in large pieces, each of which must be unpacked whole",
        remedy="save it as PNG or JPEG",
        orientation=orientation if 1 <= orientation <= 8 else 1,
        profile=tags.raw(PROFILE, PROFILE_BYTES),
        frames="a file of several pages: the first page is shown" if tags.next_at else "",
        bits=bits[0],
        inverted=tags.number(COLOURS) == 0 and bits[0] > 8,
        unsigned=tags.number(FORMAT, 1) == 1,
    )


def _refuse(tags: Directory) -> None:
    """Refuse what is no picture, what is packed in a way that is not read here, and what is inconsistent."""
    pointed = SUBFILES in tags.entries and MAKE in tags.entries and tags.number(KIND_OF_PAGE) & 1
    if DNG in tags.entries or tags.number(COLOURS) in _SENSOR or pointed:
        raise ImageError("This is a camera's raw file: develop it with any photo program to JPEG, or to TIFF or PNG.")
    compression = tags.number(COMPRESSION, 1)
    if compression not in _READABLE:
        name = _UNREADABLE.get(compression, f"method {compression}")
        raise ImageError(
            f"This TIFF is compressed by {name}, which is not read here: "
            "save it with LZW or without compression, or as PNG."
        )
    kept = {tag: entry for tag, entry in tags.entries.items() if tag in _KEPT}
    single = (WIDTH, HEIGHT, COMPRESSION, COLOURS, SAMPLES, ROWS, PLANAR, TILE_WIDTH, TILE_HEIGHT)
    readable = all(kept[tag].count == 1 and tags.numbers(tag) for tag in single if tag in kept)
    if tags.repeated or not readable or WIDTH not in kept or HEIGHT not in kept:
        raise ImageError(DAMAGED)
    most = max(entry.count for entry in kept.values())
    if most > _MOST_VALUES:
        raise ImageError(
            f"This TIFF is cut into {most:,} pieces, and at most {_MOST_VALUES:,} are read: save it anew as PNG."
        )


def _piece(tags: Directory, width: int, height: int, pixel_bits: int, samples: int) -> float:
    """Bytes of the largest strip or tile: unpacked, and packed once more for the codec."""
    rows = min(tags.number(ROWS, height) or height, height)
    if TILE_WIDTH in tags.entries:
        width, rows = tags.number(TILE_WIDTH), tags.number(TILE_HEIGHT)
    if tags.number(COMPRESSION, 1) == 1 and tags.number(COLOURS) != _YCBCR:
        return 0.0
    planes = samples if tags.number(PLANAR, 1) == _SEPARATE else 1
    unpacked = width * rows * pixel_bits / 8 / planes
    as_colours = width * rows * 4 if tags.number(COLOURS) == _YCBCR else 0
    return unpacked + as_colours + len(tags.data)
