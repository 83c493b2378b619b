"""How large a picture may be, checked on its header before one pixel of it is decoded.

>>> check_sides(30, 40, "PNG")
>>> check_sides(3, 0, "PNG")
Traceback (most recent call last):
cnnviz.errors.ImageError: This picture is 3×0 pixels, so there is nothing in it: save it anew.
>>> working_size(4000, 3000)
(1182, 886)
"""

from __future__ import annotations

import math

from cnnviz.errors import ImageError

FILE_BYTES = 20 * 2**20
LONGEST_SIDE = 20_000
MOST_PIXELS = 24_000_000
MOST_JPEG_PIXELS = 100_000_000
# A JPEG is made smaller while it is decoded; a WebP is held in memory three times.
_MOST = {"JPEG": MOST_JPEG_PIXELS, "WEBP": 14_000_000}
WORKING_PIXELS = 2**20
# What decoding may take, as estimated from the header; the tests measure that the truth stays under 200 MB.
PEAK_BYTES = 185_000_000
# Scanning a strip or mapping its colours takes a few copies of at most a strip.
STRIP_PIXELS = 2**19
STRIP_BYTES = STRIP_PIXELS * 24


def check_file(size: int) -> None:
    """Refuse an empty file and one that is too large, by its number of bytes."""
    if not size:
        raise ImageError("The file is empty: choose it again, or save the picture anew as PNG or JPEG.")
    if size > FILE_BYTES:
        raise ImageError(
            f"The file has {math.ceil(size / 2**20 * 10) / 10:.1f} MB, and at most {FILE_BYTES // 2**20} MB are read: "
            "make the picture smaller, or save it as JPEG."
        )


def check_sides(width: int, height: int, kind: str) -> None:
    """Refuse sizes that no picture has, or that would take too much memory."""
    if width <= 0 or height <= 0:
        raise ImageError(f"This picture is {width}×{height} pixels, so there is nothing in it: save it anew.")
    if max(width, height) > LONGEST_SIDE:
        raise ImageError(
            f"This picture is {width:,}×{height:,} pixels, and no side may be longer than {LONGEST_SIDE:,}: "
            "crop it or make it smaller."
        )
    most = _MOST.get(kind, MOST_PIXELS)
    if width * height > most:
        across, down = fitting(width, height, most)
        other = "" if kind == "JPEG" else f", or save it as JPEG (up to {MOST_JPEG_PIXELS // 10**6} million)"
        raise ImageError(
            f"This picture has {width * height / 1e6:.1f} million pixels ({width:,}×{height:,}), and at most "
            f"{most // 10**6} million are read: make it {across:,}×{down:,} or smaller{other}."
        )


def check_memory(width: int, height: int, estimate: float, why: str, remedy: str) -> None:
    """Refuse what would take too much memory to decode, although it is not too large; {size} is what would not."""
    if estimate > PEAK_BYTES:
        across, down = fitting(width, height, int(width * height * PEAK_BYTES / estimate * 0.95))
        raise ImageError(
            f"Decoding this picture would take {estimate / 1e6:.0f} MB of memory, and {PEAK_BYTES // 10**6} MB are "
            f"allowed, because {why}: {remedy.format(size=f'{across:,}×{down:,}')}."
        )


def fitting(width: int, height: int, most: int) -> tuple[int, int]:
    """The largest size of (nearly) the same shape with at most so many pixels."""
    if width * height <= most:
        return width, height
    scale = math.sqrt(most / (width * height))
    short = max(1, int(min(width, height) * scale))
    long = min(max(1, int(max(width, height) * scale)), most // short)
    return (long, short) if width > height else (short, long)


def working_size(width: int, height: int) -> tuple[int, int]:
    """The size that a picture is worked on with."""
    return fitting(width, height, WORKING_PIXELS)


def block_of(width: int, height: int) -> int:
    """By how much to average whole pixels before the last, finer step to the working size."""
    return max(1, int(math.sqrt(width * height / WORKING_PIXELS) / 2))
