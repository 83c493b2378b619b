"""Files of weights that want something else than to be read: each with what the learner is told."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

import torch
from safetensors.torch import save

SMALL = {"conv.weight": torch.ones(1, 1, 3, 3), "conv.bias": torch.ones(1)}


class Command:
    """Unpickled freely, it would make a folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.folder,)


class _Storage:
    def __init__(self, count: int) -> None:
        self.count = count


class _Pickler(pickle.Pickler):
    """Writes a state dict as PyTorch does, with storages that claim any number of values."""

    def persistent_id(self, thing: Any) -> Any:
        return ("storage", torch.FloatStorage, "0", "cpu", thing.count) if isinstance(thing, _Storage) else None


class _Claim:
    def __init__(self, count: int, shape: tuple[int, ...], stride: tuple[int, ...]) -> None:
        self.made: tuple[Any, ...] = (_Storage(count), 0, shape, stride, False, {})

    def __reduce__(self) -> tuple[Any, ...]:
        return torch._utils._rebuild_tensor_v2, self.made


def saved(state: Any, *, old: bool = False) -> bytes:
    file = io.BytesIO()
    torch.save(state, file, _use_new_zipfile_serialization=not old)
    return file.getvalue()


def archive(pickled: bytes, *, packed: bool = False, **more: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        made.writestr("a/data.pkl", pickled)
        made.writestr("a/data/0", more.pop("data", bytes(64)))
        made.writestr("a/byteorder", b"little")
        made.writestr("a/version", b"3\n")
        for name, body in more.items():
            made.writestr(f"a/{name.replace('_', '.')}", body)
    return file.getvalue()


def claims(count: int, shape: tuple[int, ...], stride: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    _Pickler(file, 2).dump({"conv.weight": _Claim(count, shape, stride)})
    return file.getvalue()


def headed(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def old_pickles(state: bytes) -> bytes:
    head = b"".join(pickle.dumps(one, 2) for one in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}))
    return head + state + pickle.dumps(["0"], 2)


def _entry(dtype: Any = "F32", shape: Any = (2,), place: Any = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": place}


def pickled_files(folder: str) -> Iterator[tuple[str, bytes, str]]:
    """PyTorch files; whoever runs the program in one of them makes `folder`."""
    command = pickle.dumps({"conv.weight": Command(folder)}, 2)
    late = pickle.dumps({"conv.weight": 1, "then": Command(folder)}, 4)
    yield "a program", archive(command), "wants to call `mkdir`"
    yield "a program, bare", command, "wants to call `mkdir`"
    yield "a program in an old file", old_pickles(command), "wants to call `mkdir`"
    yield "a program by newer means", archive(late), "build objects of its own"
    yield "print", archive(pickle.dumps(print, 2)), "wants to call `print`"
    yield "a whole module", saved(torch.nn.Linear(2, 2)), "wants to call `Linear` of `torch.nn.modules.linear`"
    yield "a sparse tensor", saved({"a": torch.eye(3).to_sparse()}), "_rebuild_sparse_tensor"
    yield "a long array of nothing", archive(pickle.dumps({"a": bytearray(9)}, 2)), "wants to call"
    good = saved(SMALL)
    for share in (0.1, 0.5, 0.9, 0.99):
        yield f"cut at {share}", good[: int(len(good) * share)], "damaged or cut short"
    old = saved(SMALL, old=True)
    for share in (0.2, 0.6, 0.98):
        yield f"old, cut at {share}", old[: int(len(old) * share)], "damaged or cut short"
    yield "packed", archive(pickle.dumps({}, 2), packed=True, data=bytes(10**7)), "unpack to more"
    yield "another archive before it", b"PK\x03\x04" + bytes(500) + good, "does not fit"
    yield (
        "a long list of contents",
        b"PK\x03\x04" + b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 1, 1, 2**31, 0, 0),
        "fit",
    )
    yield "a program of TorchScript", archive(b"N.", constants_pkl=b"N."), "TorchScript"
    yield "an archive of something else", archive(b"N.").replace(b"data.pkl", b"data.xml"), "no data.pkl"
    yield "a claim in the archive", archive(claims(10**12, (10**6, 10**6), (10**6, 1))), "damaged"
    yield "a claim in an old file", old_pickles(claims(10**9, (10**9,), (1,))), "damaged"
    yield "one value, shown often", archive(claims(16, (10**9, 10**9), (0, 0))), "larger than the whole file"
    yield "the same in PyTorch’s own words", saved({"a": torch.ones(1).expand(10**6, 10**6)}), "larger than the whole"
    yield "a far place in the memo", archive(b"\x80\x02}r\xff\xff\xff\x7f."), "no tensors by their names"
    yield "a tensor alone", saved(torch.ones(9)), "a single tensor"
    yield "a list", saved([torch.ones(2)]), "a list"
    yield "other things", saved({"epoch": 3, "lr": 0.1}), "holds `epoch`, `lr`, but no tensors"
    yield "text", b"To whom it may concern, " * 9, "no file of weights"
    yield "a picture", b"\x89PNG\r\n\x1a\n" + bytes(99), "no file of weights"
    yield "noise", bytes(range(1, 256)) * 9, "no file of weights"
    yield "nothing", b"", "0 bytes"


def safetensors_files() -> Iterator[tuple[str, bytes, str]]:
    good = save(SMALL)
    yield "cut in its numbers", good[:-9], "ends at"
    yield "cut in its head", good[:40], "its head should take"
    yield "a head that never ends", headed({"a": _entry()}, bytes(8), 2**62), "its head should take"
    yield "a head that is no text", headed(b'{"a": nonsense}  '), "no JSON text"
    yield "a head in the depths", headed(b'{"a":' + b"[" * 200_000), "no JSON text"
    yield "no tensors", headed({"__metadata__": {"a": "b"}}), "0 tensors"
    yield "too many tensors", headed({str(n): _entry(place=(0, 8)) for n in range(20_001)}), "20,001 tensors"
    yield "a huge shape", headed({"a": _entry(shape=[2**40, 2**40], place=[0, 8])}, bytes(8)), "it has 8"
    yield "a huge shape and place", headed({"a": _entry(shape=[2**40], place=[0, 2**42])}, bytes(8)), "should end at"
    yield "a shape below nothing", headed({"a": _entry(shape=[-2], place=[0, 8])}, bytes(8)), "no type, shape and place"
    yield "a shape of words", headed({"a": _entry(shape=["2"])}, bytes(8)), "no type, shape and place"
    yield "a shape of truths", headed({"a": _entry(shape=[True, 2])}, bytes(8)), "no type, shape and place"
    yield "many axes", headed({"a": _entry(shape=[1] * 9 + [2])}, bytes(8)), "no type, shape and place"
    yield "an unknown type", headed({"a": _entry(dtype="F99")}, bytes(8)), "no type, shape and place"
    yield "a list for a type", headed({"a": _entry(dtype=[1])}, bytes(8)), "no type, shape and place"
    yield "no entry", headed({"a": 7}, bytes(8)), "no type, shape and place"
    yield "two in one place", headed({"a": _entry(), "b": _entry()}, bytes(8)), "lies where another"
    yield "a hole", headed({"a": _entry(place=[4, 12])}, bytes(12)), "safetensors says"
    yield "backwards", headed({"a": _entry(place=[8, 0])}, bytes(8)), "it has -8"
