"""The directory of tags that TIFF files and EXIF blocks begin with: read by hand, so that nothing in it can explode.

>>> exif = bytes.fromhex("4d4d002a00000008 0001 0112 0003 00000001 00060000 00000000")
>>> orientation_of(b"Exif" + bytes(2) + exif), orientation_of(b"nonsense")
(6, 1)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from cnnviz.engine.pictures.kinds import CUT_OFF
from cnnviz.errors import ImageError

ORIENTATION = 274
# Byte, short, long: the only types in which a TIFF tells sizes. Others are kept as bytes.
_CODES = {1: "B", 3: "H", 4: "I"}
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_ENTRY = 12


@dataclass(frozen=True)
class Entry:
    """One tag: its type, how many values it has, where its entry stands and where its values do."""

    type: int
    count: int
    at: int
    values_at: int


@dataclass(frozen=True)
class Directory:
    """The first directory of a block of tags."""

    data: bytes
    endian: str
    at: int
    entries: dict[int, Entry]
    repeated: bool
    next_at: int

    def numbers(self, tag: int, default: tuple[int, ...] = ()) -> tuple[int, ...]:
        """The first few whole numbers of a tag; the default where the tag is missing or of another type."""
        entry = self.entries.get(tag)
        if entry is None or entry.type not in _CODES or not entry.count:
            return default
        form = f"{self.endian}{min(entry.count, 16)}{_CODES[entry.type]}"
        if entry.values_at + struct.calcsize(form) > len(self.data):
            raise ImageError(CUT_OFF)
        return struct.unpack_from(form, self.data, entry.values_at)

    def number(self, tag: int, default: int = 0) -> int:
        """The first whole number of a tag."""
        return self.numbers(tag, (default,))[0]

    def raw(self, tag: int, most: int) -> bytes | None:
        """The bytes of a tag, unless they are missing, cut off or too many."""
        entry = self.entries.get(tag)
        if entry is None:
            return None
        size = entry.count * _TYPE_BYTES.get(entry.type, 1)
        found = self.data[entry.values_at : entry.values_at + size]
        return found if 0 < size <= most and len(found) == size else None

    def without_others(self, kept: frozenset[int]) -> bytes:
        """The file with no tags but these in its only directory: nothing else can be read from it."""
        entries = [entry for tag, entry in self.entries.items() if tag in kept]
        listed = b"".join(self.data[entry.at : entry.at + _ENTRY] for entry in entries)
        directory = struct.pack(f"{self.endian}H", len(entries)) + listed + bytes(4)
        return b"".join((self.data[: self.at], directory, memoryview(self.data)[self.at + len(directory) :]))


def read_directory(data: bytes) -> Directory:
    """The first directory of a TIFF file or of an EXIF block; ImageError where there is none."""
    endian = {b"II\x2a\x00": "<", b"MM\x00\x2a": ">"}.get(data[:4])
    if endian is None:
        raise ImageError("This TIFF has no directory of tags.")
    try:
        (at,) = struct.unpack_from(f"{endian}I", data, 4)
        (count,) = struct.unpack_from(f"{endian}H", data, at)
        found = [struct.unpack_from(f"{endian}HHI", data, at + 2 + _ENTRY * index) for index in range(count)]
        values = [struct.unpack_from(f"{endian}I", data, at + 10 + _ENTRY * index)[0] for index in range(count)]
        (next_at,) = struct.unpack_from(f"{endian}I", data, at + 2 + _ENTRY * count)
    except struct.error as error:
        raise ImageError(CUT_OFF) from error
    entries: dict[int, Entry] = {}
    for index, ((tag, type_, size), value) in enumerate(zip(found, values, strict=True)):
        here = at + 2 + _ENTRY * index
        inline = size * _TYPE_BYTES.get(type_, 1) <= 4
        entries.setdefault(tag, Entry(type_, size, here, here + 8 if inline else value))
    return Directory(data, endian, at, entries, len(entries) < count, next_at)


def orientation_of(exif: bytes | None) -> int:
    """How a camera was held, 1 to 8; 1 where the block does not say, or says nonsense."""
    if not exif:
        return 1
    try:
        value = read_directory(exif.removeprefix(b"Exif\x00\x00")).number(ORIENTATION, 1)
    except ImageError:
        return 1
    return value if 1 <= value <= 8 else 1
