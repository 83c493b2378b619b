"""A file of PyTorch's: a ZIP archive, or, before 2020, pickles with the numbers behind them.

Both hold one pickle that says which tensors there are, and the numbers apart from it. The pickle is read for what it
says (`pickled`), and each tensor is looked for where its numbers lie.
"""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

from cnnviz.engine.networks.weights.archive import Member, open_archive
from cnnviz.engine.networks.weights.claim import BYTES, Claim, check_claim
from cnnviz.engine.networks.weights.pickled import LONGEST_PICKLE, NO_WEIGHTS, Piece, Storage, read_pickle
from cnnviz.engine.networks.weights.words import DAMAGED, MOST_TENSORS, SAVE, many, short_name
from cnnviz.errors import WeightsError

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
"""With these two an old file begins."""
INSIDE = ("state_dict", "model_state_dict", "model", "net", "network", "weights", "params")
"""Where training scripts put the weights among other things."""
DEEPEST = 3
OTHER_ORDER = "The file was written on a computer that writes the bytes of a number the other way round."


def list_torch(file: BinaryIO, size: int) -> dict[str, Claim]:
    """List the tensors of a file; a `WeightsError` says what is wrong with it."""
    archive = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    return _list_archive(file, size) if archive else _list_old(file, size)


def _list_archive(file: BinaryIO, size: int) -> dict[str, Claim]:
    table, members = open_archive(file, size)
    pieces = _state_of(read_pickle(io.BytesIO(table)))
    if order := members.get("byteorder"):
        file.seek(order.start)
        if file.read(min(order.size, 9)) != b"little":
            raise WeightsError(OTHER_ORDER)
    return {name: _claim(name, one, _in_archive(name, one, members)) for name, one in pieces.items()}


def _in_archive(name: str, piece: Piece, members: Mapping[str, Member]) -> int:
    """Give the first byte of a piece's storage."""
    storage = _storage(name, piece)
    member = members.get(f"data/{storage.key}")
    if member is None or member.size != storage.size * BYTES[storage.dtype]:
        held = member.size if member else 0
        raise WeightsError(
            f"{DAMAGED}: {short_name(name)} needs {many(storage.size)} values of type {storage.dtype}, and "
            f"{held:,} bytes are there for them."
        )
    return member.start


def _list_old(file: BinaryIO, size: int) -> dict[str, Claim]:
    head = io.BytesIO(file.read(LONGEST_PICKLE))
    storages: dict[str, Storage] = {}
    if read_pickle(head) != MAGIC or read_pickle(head) != PROTOCOL:
        raise WeightsError(NO_WEIGHTS)
    system = read_pickle(head)
    if isinstance(system, dict) and system.get("little_endian") is False:
        raise WeightsError(OTHER_ORDER)
    pieces = _state_of(read_pickle(head, storages))
    starts = _old_places(file, size, head, storages)
    listed = {}
    for name, piece in pieces.items():
        storage = _storage(name, piece)
        if storage.key not in starts:
            raise WeightsError(f"{DAMAGED}: the numbers of {short_name(name)} are missing.")
        listed[name] = _claim(name, piece, starts[storage.key])
    return listed


def _old_places(file: BinaryIO, size: int, head: BinaryIO, storages: Mapping[str, Storage]) -> dict[str, int]:
    """Find where each storage begins: they lie behind the pickles, in the order that the last of these says."""
    order = read_pickle(head)
    if not isinstance(order, list) or len(order) > MOST_TENSORS or not all(type(key) is str for key in order):
        raise WeightsError(f"{DAMAGED}: it does not say in which order its numbers lie.")
    starts: dict[str, int] = {}
    place = head.tell()
    for key in order:
        file.seek(place)
        count = file.read(8)
        storage = storages.get(key)
        if storage is None or key in starts or count != struct.pack("<q", min(max(storage.size, -1), 2**62)):
            raise WeightsError(f"{DAMAGED}: the numbers in it are not those that it says it has.")
        starts[key] = place + 8
        place += 8 + storage.size * BYTES[storage.dtype]
        if storage.size < 0 or place > size:
            raise WeightsError(f"{DAMAGED}: its numbers end before they should.")
    return starts


def _state_of(loaded: Any, depth: int = 0) -> dict[str, Piece]:
    """Find the state dict in what a file holds."""
    if not isinstance(loaded, dict):
        kind = "a single tensor" if isinstance(loaded, Piece) else f"a {type(loaded).__name__}"
        raise WeightsError(f"The file holds {kind}, not tensors by their names. Save those with {SAVE}.")
    pieces = {name: one for name, one in loaded.items() if isinstance(name, str) and isinstance(one, Piece)}
    if pieces:
        return pieces
    for place in INSIDE:
        if depth < DEEPEST and isinstance(loaded.get(place), dict):
            return _state_of(loaded[place], depth + 1)
    names = ", ".join(short_name(name) for name in list(loaded)[:4]) or "nothing"
    raise WeightsError(f"The file holds {names}, but no tensors by their names. Save those with {SAVE}.")


def _storage(name: str, piece: Piece) -> Storage:
    if not isinstance(piece.storage, Storage) or piece.special:
        raise WeightsError(f"{short_name(name)} is no plain tensor, but one that is worked out when it is read.")
    return piece.storage


def _claim(name: str, piece: Piece, start: int) -> Claim:
    """Say where a piece lies, if it lies within its storage, which begins at `start`."""
    storage = _storage(name, piece)
    if not isinstance(piece.shape, tuple) or not isinstance(piece.strides, tuple) or type(piece.offset) is not int:
        raise WeightsError(f"{DAMAGED}: what it says of {short_name(name)} is no shape and place.")
    whole = Claim(storage.dtype, piece.shape, piece.strides, start)
    check_claim(name, whole, sys.maxsize)
    if whole.span == 0:
        return whole
    if piece.offset < 0 or piece.offset + whole.span > storage.size:
        raise WeightsError(f"{DAMAGED}: {short_name(name)} reaches beyond the numbers that it looks at.")
    return whole._replace(start=start + piece.offset * BYTES[storage.dtype])
