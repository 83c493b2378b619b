"""Files of weights that want something else than to be read: each with what the learner is told."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import warnings
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
    yield "a far place in the memo", archive(b"\x80\x02}r\xff\xff\xff\x7f."), "damaged"
    yield "a tensor alone", saved(torch.ones(9)), "a single tensor"
    yield "a list", saved([torch.ones(2)]), "a list"
    yield "other things", saved({"epoch": 3, "lr": 0.1}), "holds `epoch`, `lr`, but no tensors"
    yield "text", b"To whom it may concern, " * 9, "no file of weights"
    yield "a picture", b"\x89PNG\r\n\x1a\n" + bytes(99), "no file of weights"
    yield "noise", bytes(range(1, 256)) * 9, "no file of weights"
    yield "nothing", b"", "0 bytes"


def _called(name: str, *arguments: bytes) -> bytes:
    """A pickle's steps that call a name with what other steps make."""
    return f"c{name.replace('.', chr(10))}".encode().replace(b"torch\n_utils\n", b"torch._utils\n") + b"\n(" + b"".join(
        arguments
    ) + b"tR"  # fmt: skip


def _number(value: int) -> bytes:
    return pickle.dumps(value, 2)[2:-1]


def _shared(steps: int, key: bool) -> bytes:
    """A tuple of two that are one, of two that are one ..., which is short to write and endless to walk through."""
    made = b"(K\x01t" + b"".join(b"q%c0h%ch%c\x86" % (n, n, n) for n in range(steps))
    return b"\x80\x02}" + (made + b"K\x01s." if key else b"K\x01" + made + b"s.")


def _twice(name: str) -> bytes:
    """An archive with two parts that some readers take for one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.writestr("a/data.pkl", claims(16, (1, 1, 3, 3), (9, 9, 3, 1)))
        made.writestr(name, pickle.dumps(Command("never"), 2))
        made.writestr("a/data/0", bytes(64))
    return file.getvalue()


def _changed(data: bytes, place: int, more: bytes) -> bytes:
    return data[:place] + more + data[place + len(more) :]


def archives() -> Iterator[tuple[str, bytes, str]]:
    """Archives that say two things at once: readers would not agree on them."""
    good = archive(claims(16, (1, 1, 3, 3), (9, 9, 3, 1)))
    yield "capitals", _twice("a/DATA.PKL"), "differ only by capitals"
    yield "capitals in a folder", _twice("A/data.pkl"), "differ only by capitals"
    yield "twice", _twice("a/data.pkl"), "twice"
    yield "two tables", _twice("b/data.pkl"), "it has no data.pkl"
    yield "a name of 501 letters", _twice("a/" + "x" * 499), "name has 501 letters"
    yield "a name behind a name", _twice("a/data.pklx").replace(b"data.pklx", b"data.pkl\0"), "goes on behind its end"
    second = good.index(b"PK\x03\x04", 4)
    yield "another name before the numbers", _changed(good, second + 30, b"b"), "calls itself something else"
    yield "packed before the numbers", _changed(good, second + 8, b"\x08"), "calls itself something else"
    yield "another size before the numbers", _changed(good, second + 18, b"\x09"), "calls itself something else"
    listed = good.index(b"PK\x01\x02")
    other = good.index(b"PK\x01\x02", listed + 4)
    yield "two in one place", _changed(good, other + 42, bytes(4)), "lies where another one lies"
    yield "far away", _changed(good, other + 42, b"\xff\xff\xff\x7f"), "damaged"
    yield "in the list itself", _changed(good, other + 42, struct.pack("<I", listed)), "damaged"
    yield "longer than it is", _changed(good, other + 20, struct.pack("<II", 120, 120)), "damaged"
    yield "the bytes the other way round", good.replace(b"little", b"bigbig"), "the other way round"


def programs() -> Iterator[tuple[str, bytes, str]]:
    """Pickles that call only what tensors need, or nothing, and still want the whole computer."""
    storage = _called("torch.storage.UntypedStorage".replace("torch.storage", "torch"), _number(10**10))
    yield "a counter of a storage", archive(b"\x80\x02" + _called("collections.Counter", storage) + b"."), "`Counter`"
    yield "a size", archive(b"\x80\x02" + _called("torch.Size", storage) + b"."), "wants to call `Size`"
    yield "a storage", archive(b"\x80\x02" + storage + b"."), "wants to call `UntypedStorage`"
    yield "a type that is called", archive(b"\x80\x02" + _called("torch.float32", _number(1)) + b"."), "no function"
    yield "a storage's kind", archive(b"\x80\x02" + _called("torch.FloatStorage", _number(10**10)) + b"."), "damaged"
    yield "a tensor of nothing", archive(b"\x80\x02" + _called("torch._utils._rebuild_tensor_v2") + b"."), "damaged"
    yield "a state for a function", archive(b"\x80\x02ctorch._utils\n_rebuild_tensor\n}b."), "damaged"
    slots = b"ctorch._utils\n_rebuild_tensor\n(NX\x04\0\0\0nameK\x01"
    yield "new names for a function", archive(b"\x80\x02" + slots + b"d\x86b."), "damaged"
    yield "a dictionary's state", archive(b"\x80\x02" + _called("collections.OrderedDict") + b"}b."), "holds nothing"
    yield "walked through", archive(_shared(200, key=False)), "no tensors by their names"
    yield "walked through as a key", archive(_shared(200, key=True)), "more than 2 seconds"
    yield "deep", archive(b"\x80\x02}K\x01" + b"]" * 200_000 + b"a" * 199_999 + b"s."), "no tensors by their names"
    yield "a million steps", archive(b"\x80\x02" + b"N0" * 1_000_000 + b"N."), "longer than that of any network"
    yield "a huge number", archive(b"\x80\x02}K\x01\x8b" + struct.pack("<I", 10**6) + b"\x7f" * 10**6 + b"s."), "no ten"
    yield "a long array", archive(b"\x80\x05\x96" + struct.pack("<Q", 2**33) + b"."), "damaged"
    yield "an array that is there", archive(b"\x80\x05\x96" + struct.pack("<Q", 4) + b"1234."), "objects of its own"
    yield "a string that is not there", archive(b"\x80\x02X\xff\xff\xff\xff."), "damaged"
    yield "the same, old", old_pickles(b"\x80\x02X\xff\xff\xff\xff."), "damaged"
    inside = {"model": {"model": {"model": {"model": {"model": SMALL}}}}}
    yield "boxes in boxes", saved(inside), "holds `model`, but no tensors"


def tensors() -> Iterator[tuple[str, bytes, str]]:
    """Tensors that are not what they say."""
    yield "beyond its storage", archive(claims(16, (1, 1, 5, 5), (25, 25, 5, 1))), "reaches beyond the numbers"
    yield "backwards through its storage", archive(claims(16, (1, 1, 3, 3), (9, 9, -3, 1))), "no type, shape and place"
    yield "a truth for a side", archive(claims(16, (True, 1, 3, 3), (9, 9, 3, 1))), "no type, shape and place"
    yield "fewer steps than sides", archive(claims(16, (1, 1, 3, 3), (3, 1))), "axes"
    yield "nine axes", archive(claims(16, (1,) * 9, (1,) * 9)), "axes"
    yield "endless sides", archive(claims(16, (10**4000,), (1,))), "no type, shape and place"
    yield "many sides", archive(claims(16, (2**61,) * 8, (1,) * 8)), "larger than the whole file"
    yield "far steps", archive(claims(16, (2, 2), (2**61, 1))), "damaged"
    yield "endless steps", archive(claims(16, (2, 2), (10**4000, 1))), "damaged"
    yield "more numbers than are there", archive(claims(17, (1, 1, 3, 3), (9, 9, 3, 1))), "64 bytes are there"
    yield "less than no numbers", archive(claims(-16, (1, 1, 3, 3), (9, 9, 3, 1))), "damaged"
    yield "a name of four million letters", archive(pickle.dumps({"x" * 4_000_000: 1}, 2)), "no tensors"
    yield "conjugate", saved({"conv.weight": torch.ones(2, dtype=torch.complex64).conj().imag}), "no plain tensor"
    yield "a long name", saved({"denselayer1.norm" * 100: torch.ones(1)}), "name has 1,600 letters"


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
    yield "a hole", headed({"a": _entry(place=[4, 12])}, bytes(12)), "bytes that belong to no tensor"
    yield "backwards", headed({"a": _entry(place=[8, 0])}, bytes(8)), "it has -8"
    yield "four million letters", headed({"denselayer1" * 360_000: _entry()}, bytes(8)), "name has 3,960,000 letters"
    yield "501 letters", headed({"x" * 501: _entry()}, bytes(8)), "name has 501 letters"
    entry = json.dumps(_entry()).encode()
    yield "one name twice", headed(b'{"a": ' + entry + b', "a": ' + entry + b"}", bytes(8)), "lists `a` twice"
    yield "more behind it", headed({"a": _entry()}, bytes(9)), "its last 1 bytes belong to no tensor"
    yield "an endless number", headed(b'{"a": {"dtype": "F32", "shape": [' + b"9" * 5000 + b"]}}"), "no JSON text"
    yield "a large number", headed({"a": _entry(shape=[10**4000])}, bytes(8)), "far more bytes"
