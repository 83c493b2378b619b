"""The ZIP archive that PyTorch writes: its members, none of them packed, each in a place of its own in the file.

Readers of archives do not agree: on capital letters, on names that stand twice, on the list at the end and what stands
before each member. Here all of that must say the same, so that whoever reads the file reads what was checked.
"""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO, NamedTuple

from cnnviz.engine.networks.weights.claim import check_names
from cnnviz.engine.networks.weights.pickled import LONGEST_PICKLE
from cnnviz.engine.networks.weights.words import DAMAGED, MOST_TENSORS, SAVE, short_name
from cnnviz.errors import WeightsError

LONGEST_DIRECTORY = 8 * 2**20
TAIL = 22 + 0xFFFF
"""The record at the end of an archive, and its longest comment."""
HEAD = 30
"""Bytes before a member's name."""
LATER, LARGE, UTF8 = 8, 0xFFFFFFFF, 0x800
"""Marks of a head: sizes stand behind the data; a size stands in a larger field; the name is in UTF-8."""


class Member(NamedTuple):
    """Where the bytes of a member lie in the file."""

    start: int
    size: int


def open_archive(file: BinaryIO, size: int) -> tuple[bytes, dict[str, Member]]:
    """Give the table of contents (a pickle) and the other members by their names behind its folder."""
    directory = _directory_length(file, size)
    if not 0 < directory <= min(LONGEST_DIRECTORY, size):
        raise WeightsError(f"{DAMAGED}: the list of contents at its end is missing or does not fit into it.")
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(members, size)
            pickles = [one for one in members if one.filename.split("/")[-1] == "data.pkl"]
            if len(pickles) != 1:
                raise WeightsError("The file is a ZIP archive, but not one of PyTorch’s: it has no data.pkl.")
            if pickles[0].file_size > LONGEST_PICKLE:
                raise WeightsError(f"The file’s table of contents has more than {LONGEST_PICKLE // 2**20} MB.")
            table = archive.read(pickles[0])
            places = _places(file, members, archive.start_dir)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeDecodeError, struct.error) as error:
        raise WeightsError(f"{DAMAGED}: it cannot be opened as an archive ({short_name(error)}).") from None
    folder = pickles[0].filename.removesuffix("data.pkl")
    return table, {name.removeprefix(folder): place for name, place in places.items() if name.startswith(folder)}


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse what would unpack to more than it is, programs, and names that readers do not agree on."""
    if len(members) > MOST_TENSORS:
        raise WeightsError(f"The file has {len(members):,} parts; at most {MOST_TENSORS:,} are read.")
    packed = [one for one in members if one.compress_type != zipfile.ZIP_STORED or one.flag_bits & 1]
    if packed or any(one.file_size != one.compress_size for one in members) or sum(
        one.file_size for one in members
    ) > size:  # fmt: skip
        raise WeightsError(
            "The file is a packed archive that would unpack to more than it is. PyTorch’s own files are not "
            f"packed: save the weights again with {SAVE}."
        )
    names = [one.filename for one in members]
    check_names(names, "a part")
    known: dict[str, str] = {}
    for one in members:
        if one.orig_filename != one.filename:
            raise WeightsError(f"{DAMAGED}: the name of its part {short_name(one.filename)} goes on behind its end.")
        other = known.setdefault(one.filename.casefold(), one.filename)
        if other is not one.filename:
            how = "twice" if other == one.filename else f"beside {short_name(other)}: they differ only by capitals"
            raise WeightsError(f"The file has a part {short_name(one.filename)} {how}, so it was not read.")
    if any(name.endswith("/constants.pkl") or "/code/" in name for name in names):
        raise WeightsError(f"The file is a TorchScript program, not weights alone. Save those with {SAVE}.")


def _places(file: BinaryIO, members: list[zipfile.ZipInfo], end: int) -> dict[str, Member]:
    """Find where each member's bytes lie; no two share any, and its own head says what the list says."""
    places: dict[str, Member] = {}
    last = 0
    for one in sorted(members, key=lambda one: one.header_offset):
        if one.header_offset < last:
            raise WeightsError(f"{DAMAGED}: its part {short_name(one.filename)} lies where another one lies already.")
        file.seek(one.header_offset)
        sign, flags, method, packed, unpacked, name, more = struct.unpack("<4s2xHH8xII2H", file.read(HEAD))
        said = file.read(name).decode("utf-8" if flags & UTF8 else "cp437")
        sizes = {packed, unpacked} - {LARGE, one.file_size} - ({0} if flags & LATER else set())
        if sign != b"PK\x03\x04" or method != zipfile.ZIP_STORED or said != one.orig_filename or sizes:
            raise WeightsError(f"{DAMAGED}: its part {short_name(one.filename)} calls itself something else.")
        start = one.header_offset + HEAD + name + more
        last = start + one.file_size
        places[one.filename] = Member(start, one.file_size)
    if last > end:
        raise WeightsError(f"{DAMAGED}: a part of it lies where its list of contents lies.")
    return places


def _directory_length(file: BinaryIO, size: int) -> int:
    """Give the bytes of an archive's list of contents; 0 if there is none, or not right before the end records.

    Readers differ on what to do with an archive that has something before it; there is none of PyTorch's that has.
    """
    base = max(0, size - TAIL)
    file.seek(base)
    tail = file.read(TAIL)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        return 0
    length, start = struct.unpack_from("<II", tail, end + 12)
    stop = base + end
    if end >= 20 and tail[end - 20 : end - 16] == b"PK\x06\x07":  # a larger record for large archives
        stop = struct.unpack_from("<Q", tail, end - 12)[0]
        file.seek(min(stop, size))
        record = file.read(56)
        length, start = struct.unpack_from("<QQ", record, 40) if len(record) == 56 else (0, 0)
    file.seek(0)
    return int(length) if start + length == stop else 0
