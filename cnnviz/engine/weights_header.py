"""The head of a safetensors file, checked to the last number before anything of its size is made.

The file opens with eight bytes, the length of a JSON text; the text says of every tensor its type, its shape, and from
which byte to which byte it lies in the rest of the file.

>>> entry = {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]}
>>> _tensor("fc.weight", entry, room=12)
Claim(shape=(2, 3), dtype='F16', start=0, end=12)
"""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import Any, NamedTuple

from cnnviz.errors import WeightsError
from cnnviz.quoting import one_line
from cnnviz.spec.network import Shape

LONGEST_HEADER = 4 * 2**20
MOST_TENSORS = 20_000
MOST_AXES = 8
BYTES = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2,
    "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1, "C64": 8,
}  # fmt: skip
NO_MARKS = dict.fromkeys(map(ord, "`$<>"))
"""Signs that a name loses: it stands between backticks."""
DAMAGED = "The file is damaged or cut short"


class Claim(NamedTuple):
    """What the head says of a tensor; the bytes count from the end of the head."""

    shape: Shape
    dtype: str
    start: int
    end: int


def read_header(path: Path) -> dict[str, Claim]:
    """Read the head of a safetensors file; a `WeightsError` says what is wrong with it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        opening = file.read(8)
        length = struct.unpack("<Q", opening)[0] if len(opening) == 8 else 0
        if not 2 <= length <= min(LONGEST_HEADER, size - 8):
            raise WeightsError(
                f"{DAMAGED}: its head should take {length:,} of the file’s {size:,} bytes, and at most "
                f"{LONGEST_HEADER:,} are read."
            )
        text = file.read(length)
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        raise WeightsError("The file calls itself safetensors, but its head is no JSON text.") from None
    if not isinstance(entries, dict):
        raise WeightsError("The file calls itself safetensors, but its head lists no tensors.")
    entries.pop("__metadata__", None)
    if not 0 < len(entries) <= MOST_TENSORS:
        raise WeightsError(f"The file lists {len(entries):,} tensors; from 1 to {MOST_TENSORS:,} are read.")
    claims = {name: _tensor(name, entry, size - 8 - length) for name, entry in entries.items()}
    _check_order(claims)
    return claims


def _tensor(name: str, entry: Any, room: int) -> Claim:
    """Read one entry; its bytes must be as many as its shape needs, and lie in the file."""
    shown = short_name(name)
    try:
        dtype, shape, (start, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        numbers = [*shape, start, end]
        good = dtype in BYTES and len(shape) <= MOST_AXES and all(type(one) is int and one >= 0 for one in numbers)
    except (TypeError, KeyError, ValueError):
        good = False
    if not good:
        raise WeightsError(f"{DAMAGED}: what its head says of {shown} is no type, shape and place.")
    needed = math.prod(shape) * BYTES[dtype]
    if needed != end - start:
        raise WeightsError(
            f"{DAMAGED}: {shown} claims {_sides(shape)} values of type {dtype}, {needed:,} bytes, but it has "
            f"{end - start:,}."
        )
    if end > room:
        raise WeightsError(f"{DAMAGED}: {shown} should end at byte {end:,} of its data, which ends at {room:,}.")
    return Claim(tuple(shape), dtype, start, end)


def _check_order(claims: dict[str, Claim]) -> None:
    """Tensors lie one behind the other: two that share bytes could make a small file into a large network."""
    last = 0
    for name, claim in sorted(claims.items(), key=lambda item: (item[1].start, item[1].end)):
        if claim.start < last:
            raise WeightsError(f"{DAMAGED}: {short_name(name)} lies where another tensor lies already.")
        last = claim.end


def _sides(shape: Shape) -> str:
    return "×".join(f"{side}" if side < 10**12 else "…" for side in shape) or "no"


def short_name(name: object) -> str:
    """Show a name out of a file as code: on one line, without marks of its own, not too long.

    >>> short_name("fc.weight"), short_name("a`b<script> c")
    ('`fc.weight`', '`abscript c`')
    """
    return f"`{one_line(str(name).translate(NO_MARKS), 60)}`"
