"""The head of a safetensors file, checked to the last number.

The file opens with eight bytes, the length of a JSON text; the text says of every tensor its type, its shape, and from
which byte to which byte it lies in the rest of the file. Tensors lie one behind the other and fill it.

>>> entry = {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]}
>>> _tensor("fc.weight", entry, room=12)
_Entry(dtype='float16', shape=(2, 3), start=0, end=12)
"""

from __future__ import annotations

import json
import math
import struct
from collections import Counter
from typing import Any, BinaryIO, NamedTuple

from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.weights.claim import BYTES, Claim, dense_strides
from cnnviz.engine.networks.weights.words import DAMAGED, MOST_AXES, MOST_TENSORS, many, short_name
from cnnviz.errors import WeightsError

LONGEST_HEADER = 4 * 2**20
TYPES = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "I32": "int32",
    "I16": "int16", "I8": "int8", "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8", "BOOL": "bool",
    "F8_E4M3": "float8_e4m3fn", "F8_E5M2": "float8_e5m2", "C64": "complex64",
}  # fmt: skip


class _Entry(NamedTuple):
    """What the head says of a tensor; the bytes count from the end of the head."""

    dtype: str
    shape: Shape
    start: int
    end: int


def list_safetensors(file: BinaryIO, size: int) -> dict[str, Claim]:
    """Read the head of a safetensors file; a `WeightsError` says what is wrong with it."""
    length = struct.unpack("<Q", file.read(8))[0]
    if not 2 <= length <= min(LONGEST_HEADER, size - 8):
        raise WeightsError(
            f"{DAMAGED}: its head should take {length:,} of the file’s {size:,} bytes, and at most "
            f"{LONGEST_HEADER:,} are read."
        )
    try:
        entries = json.loads(file.read(length), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        if isinstance(error, WeightsError):
            raise
        raise WeightsError("The file calls itself safetensors, but its head is no JSON text.") from None
    if not isinstance(entries, dict):
        raise WeightsError("The file calls itself safetensors, but its head lists no tensors.")
    entries.pop("__metadata__", None)
    if not 0 < len(entries) <= MOST_TENSORS:
        raise WeightsError(f"The file lists {len(entries):,} tensors; from 1 to {MOST_TENSORS:,} are read.")
    begin = 8 + length
    claims = {name: _tensor(name, entry, size - begin) for name, entry in entries.items()}
    _check_order(claims, size - begin)
    return {
        name: Claim(one.dtype, one.shape, dense_strides(one.shape), begin + one.start) for name, one in claims.items()
    }


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of JSON whose names all differ: readers do not agree on what a second one means."""
    found = dict(pairs)
    if len(found) < len(pairs):
        name = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise WeightsError(f"{DAMAGED}: its head lists {short_name(name)} twice.")
    return found


def _tensor(name: str, entry: Any, room: int) -> _Entry:
    """Read one entry; its bytes must be as many as its shape needs, and lie in the file."""
    shown = short_name(name)
    try:
        dtype, shape, (start, end) = TYPES[entry["dtype"]], entry["shape"], entry["data_offsets"]
        numbers = [*shape, start, end]
        good = len(shape) <= MOST_AXES and all(type(one) is int and one >= 0 for one in numbers)
    except (TypeError, KeyError, ValueError):
        good = False
    if not good:
        raise WeightsError(f"{DAMAGED}: what its head says of {shown} is no type, shape and place.")
    needed = math.prod(shape) * BYTES[dtype]
    if needed != end - start:
        raise WeightsError(
            f"{DAMAGED}: {shown} claims {_sides(shape)} values of type {dtype}, {many(needed)} bytes, but it has "
            f"{many(end - start)}."
        )
    if end > room:
        raise WeightsError(f"{DAMAGED}: {shown} should end at byte {many(end)} of its data, which ends at {room:,}.")
    return _Entry(dtype, tuple(shape), start, end)


def _check_order(claims: dict[str, _Entry], room: int) -> None:
    """Tensors lie one behind the other: two that share bytes could make a small file into a large network."""
    last = 0
    for name, claim in sorted(claims.items(), key=lambda item: (item[1].start, item[1].end)):
        if claim.start < last:
            raise WeightsError(f"{DAMAGED}: {short_name(name)} lies where another tensor lies already.")
        if claim.start > last:
            raise WeightsError(f"{DAMAGED}: before {short_name(name)} lie bytes that belong to no tensor.")
        last = claim.end
    if last < room:
        raise WeightsError(f"{DAMAGED}: its last {room - last:,} bytes belong to no tensor.")


def _sides(shape: Shape) -> str:
    return "×".join(f"{side}" if side < 10**12 else "…" for side in shape) or "no"
