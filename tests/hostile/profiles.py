"""Colour profiles made by hand, small enough to know what they must do."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

# sRGB's primaries as seen under D50, the white of all profiles: one column of X, Y, Z a channel.
SRGB_XYZ = np.array([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]])
D50 = (0.9642, 1.0, 0.8249)


def _number(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_number, values))


def gamma(power: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(power * 256)) + bytes(2)


def profile(space: bytes, tags: dict[bytes, bytes], *, kind: bytes = b"mntr", between: bytes = b"XYZ ") -> bytes:
    """An ICC profile of version 2."""
    tags = {b"wtpt": xyz(D50), b"cprt": b"text" + bytes(4) + b"none\x00" + bytes(3)} | tags
    place, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags.items():
        table += name + struct.pack(">II", place + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = b"none" + struct.pack(">I", 0x02400000) + kind + space + between + bytes(12) + b"acsp" + bytes(28)
    header += b"".join(map(_number, D50))
    total = place + len(body)
    return struct.pack(">I", total) + header.ljust(124, b"\x00") + struct.pack(">I", len(tags)) + table + body


def rgb_profile(columns: np.ndarray = SRGB_XYZ, power: float = 2.2) -> bytes:
    tags = {f"{name}XYZ".encode(): xyz(columns[:, index].tolist()) for index, name in enumerate("rgb")}
    return profile(b"RGB ", tags | {f"{name}TRC".encode(): gamma(power) for name in "rgb"})


def grey_profile(power: float) -> bytes:
    return profile(b"GRAY", {b"kTRC": gamma(power)})


def cmyk_profile() -> bytes:
    """Ink that only knows two things: no black ink is paper white, full black ink is black."""
    straight = bytes(range(256))
    grid = b"".join(
        bytes((0 if black else 255, 128, 128)) for _ in range(8) for black in (0, 1)
    )  # cyan, magenta and yellow count for nothing; black changes fastest
    matrix = b"".join(map(_number, (1, 0, 0, 0, 1, 0, 0, 0, 1)))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + matrix + straight * 4 + grid + straight * 3
    return profile(b"CMYK", {b"A2B0": table}, kind=b"prtr", between=b"Lab ")


def encoded(linear: np.ndarray) -> np.ndarray:
    """The sRGB codes, 0 to 255, of linear light, 0 to 1."""
    linear = np.clip(linear, 0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
