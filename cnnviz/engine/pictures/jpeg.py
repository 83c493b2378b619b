"""The header of a JPEG: its size, how its data are stored, and only the segments that its pixels need.

A JPEG in one pass is decoded line by line, and reduced on the way, whatever its size. A progressive one, or one
with a pass for each colour, holds all its coefficients in memory, 2 bytes each, and is decoded once for each pass.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cnnviz.engine.pictures.header import DAMAGED, PROFILE_BYTES, Header
from cnnviz.engine.pictures.kinds import CUT_OFF
from cnnviz.engine.pictures.limits import check_sides, working_size
from cnnviz.engine.pictures.tags import orientation_of
from cnnviz.errors import ImageError

MOST_SCANS = 100
# Passes times millions of pixels: a usual progressive picture of 60 million pixels has 10 passes.
MOST_WORK = 800
_MOST_SEGMENTS = 10_000
_MARKER = re.compile(rb"\xff([\x01-\xfe])")
_MARKER_IN_DATA = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}
_PROGRESSIVE = {0xC2, 0xCA}
_RARE_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF}
_TABLES = {0xC4, 0xCC, 0xDB, 0xDD}
_ALONE = {0x01, *range(0xD0, 0xD9)}
_SCAN, _END = 0xDA, 0xD9


def read_jpeg(data: bytes) -> Header:
    """Read all segments up to the first scan, and keep those that matter to the pixels."""
    kept, profile = [b"\xff\xd8"], dict[int, bytes]()
    frame, progressive, orientation = b"", False, 1
    position = 2
    for _ in range(_MOST_SEGMENTS):
        marker, start, stop = _segment(data, position)
        body = data[start + 2 : stop]
        if marker in _RARE_FRAMES or (marker in _FRAMES and frame):
            raise ImageError(DAMAGED)
        if marker in _FRAMES:
            frame, progressive = body, marker in _PROGRESSIVE
        elif marker == 0xE1 and body.startswith(b"Exif\x00\x00") and orientation == 1:
            orientation = orientation_of(body)
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\x00") and len(body) > 14:
            profile[body[12]] = body[14:]
        colour = (marker == 0xE0 and body.startswith(b"JFIF")) or (marker == 0xEE and body.startswith(b"Adobe"))
        if marker in _FRAMES | _TABLES or colour:
            kept.append(data[start - 2 : stop])
        if marker == _SCAN:
            break
        position = stop
    if marker != _SCAN or not _sound(frame) or not body:
        raise ImageError(DAMAGED)
    lean = b"".join((*kept, memoryview(data)[start - 2 :]))
    colours = b"".join(profile[number] for number in sorted(profile))
    several = progressive or body[0] < frame[5]
    passes = _passes(data, stop) if several else 1
    return replace(_header(frame, lean, several, passes), orientation=orientation, profile=_sized(colours))


def _segment(data: bytes, position: int) -> tuple[int, int, int]:
    """The next marker, where its segment starts and where it stops."""
    while True:
        match = _MARKER.search(data, position)
        if match is None:
            raise ImageError(CUT_OFF)
        marker, start = match[1][0], match.end()
        if marker == _END:
            raise ImageError(CUT_OFF)
        if marker not in _ALONE:
            break
        position = start
    size = int.from_bytes(data[start : start + 2], "big")
    if start + size > len(data):
        raise ImageError(CUT_OFF)
    if size < 2:
        raise ImageError(DAMAGED)
    return marker, start, start + size


def _sound(frame: bytes) -> bool:
    """Whether the frame header holds what the estimate of its memory is made from."""
    if len(frame) < 6 or frame[0] != 8 or frame[5] not in (1, 3, 4) or len(frame) != 6 + 3 * frame[5]:
        return False
    return all(1 <= part <= 4 for sampling in frame[7::3] for part in divmod(sampling, 16))


def _passes(data: bytes, position: int) -> int:
    """How often the decoder will go over the picture."""
    passes = 1
    while match := _MARKER_IN_DATA.search(data, position):
        marker, position = match[1][0], match.end()
        if marker == _END:
            break
        if marker not in _ALONE:
            position += max(2, int.from_bytes(data[position : position + 2], "big"))
        passes += marker == _SCAN
        if passes > MOST_SCANS:
            break
    return passes


def _header(frame: bytes, lean: bytes, several: bool, passes: int) -> Header:
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    check_sides(width, height, "JPEG")
    if passes > MOST_SCANS or passes * width * height > MOST_WORK * 10**6:
        raise ImageError(
            f"This JPEG is stored in {'over ' if passes > MOST_SCANS else ''}{min(passes, MOST_SCANS)} passes, which "
            "would take too long to decode: save it anew as an ordinary (not progressive) JPEG."
        )
    across, down = working_size(width, height)
    fits = min(width // across, height // down)
    shares = [(sampling >> 4) * (sampling & 15) for sampling in frame[7::3]]
    largest = max(sampling >> 4 for sampling in frame[7::3]) * max(sampling & 15 for sampling in frame[7::3])
    coefficients = 2 * (width + 32) * (height + 32) * sum(shares) / largest if several else 0
    return Header(
        "JPEG",
        width,
        height,
        lean,
        core=1 if frame[5] == 1 else 4,
        extra=coefficients,
        why="a progressive JPEG is held in memory at its full size",
        remedy="save it as an ordinary (not progressive) JPEG, or make it {size} or smaller",
        shrink=next(scale for scale in (8, 4, 2, 1) if fits >= scale),
    )


def _sized(profile: bytes) -> bytes | None:
    return profile if 0 < len(profile) <= PROFILE_BYTES else None
