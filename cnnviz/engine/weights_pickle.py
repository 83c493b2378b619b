"""A file of PyTorch's, looked through before PyTorch reads it: nothing in it runs, and nothing in it unpacks to more.

Such a file is a ZIP archive of uncompressed members, or, before 2020, pickles with the numbers behind them. A pickle is
a program for building objects. `torch.load(weights_only=True)` refuses to call what is not on its list; we read the
program first, without running it, so that a learner is told which call it was, and hold it to a shorter list.

>>> import pickle
>>> scan_pickle(io.BytesIO(pickle.dumps({"a": 1}, protocol=2)))
>>> scan_pickle(io.BytesIO(pickle.dumps(print, protocol=2)))
Traceback (most recent call last):
    ...
cnnviz.errors.WeightsError: The file wants to call `print` of `__builtin__` ...
"""

from __future__ import annotations

import io
import pickletools
import struct
import zipfile
from pathlib import Path
from typing import BinaryIO

from cnnviz.engine.weights_header import DAMAGED, MOST_TENSORS, short_name
from cnnviz.errors import WeightsError

LONGEST_PICKLE = 16 * 2**20
LONGEST_DIRECTORY = 8 * 2**20
MOST_STEPS = 3_000_000
OLD_PICKLES = 5
"""Before the numbers of an old file: a magic number, a version, the system, the tensors, their order."""
TAIL = 22 + 0xFFFF
"""The record at the end of an archive, and its longest comment."""

HARMLESS = {
    ("collections", "OrderedDict"), ("collections", "Counter"), ("torch._utils", "_rebuild_tensor"),
    ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_parameter"), ("torch", "Size"),
    ("torch", "device"), ("torch.nn.parameter", "Parameter"), ("torch.storage", "UntypedStorage"),
    *(("torch", name) for name in (
        "float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool",
    )),
    *(("torch", f"{kind}Storage") for kind in (
        "Float", "Half", "BFloat16", "Double", "Long", "Int", "Short", "Char", "Byte", "Bool",
    )),
}  # fmt: skip
"""What a file of weights needs; each only describes data."""
SAVE = '`torch.save(model.state_dict(), "weights.pth")`'


def check_torch_file(path: Path) -> bool:
    """Look through a file before `torch.load`; tell whether it is an archive, which can be mapped into memory."""
    with path.open("rb") as file:
        archive = file.read(4) == b"PK\x03\x04"
        file.seek(0)
        if archive:
            _check_archive(file, path.stat().st_size)
        else:
            for _ in range(OLD_PICKLES):
                scan_pickle(file)
    return archive


def _check_archive(file: BinaryIO, size: int) -> None:
    """Refuse archives that are broken, or that unpack to more than they are."""
    if not 0 < _directory_length(file, size) <= min(LONGEST_DIRECTORY, size):
        raise WeightsError(f"{DAMAGED}: the list of contents at its end is missing or does not fit into it.")
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > MOST_TENSORS:
                raise WeightsError(f"The file has {len(members):,} parts; at most {MOST_TENSORS:,} are read.")
            packed = [one for one in members if one.compress_type != zipfile.ZIP_STORED or one.flag_bits & 1]
            if packed or sum(one.file_size for one in members) > size:
                raise WeightsError(
                    "The file is a packed archive that would unpack to more than it is. PyTorch’s own files are not "
                    f"packed: save the weights again with {SAVE}."
                )
            names = [one.filename for one in members]
            if any(name.endswith("/constants.pkl") or "/code/" in name for name in names):
                raise WeightsError(f"The file is a TorchScript program, not weights alone. Save those with {SAVE}.")
            pickles = [one for one in members if one.filename.split("/")[-1] == "data.pkl"]
            if len(pickles) != 1:
                raise WeightsError("The file is a ZIP archive, but not one of PyTorch’s: it has no data.pkl.")
            if pickles[0].file_size > LONGEST_PICKLE:
                raise WeightsError(f"The file’s table of contents has more than {LONGEST_PICKLE // 2**20} MB.")
            scan_pickle(io.BytesIO(archive.read(pickles[0])))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, UnicodeDecodeError) as error:
        raise WeightsError(f"{DAMAGED}: it cannot be opened as an archive ({short_name(error)}).") from None


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


def scan_pickle(file: BinaryIO) -> None:
    """Follow a pickle to its end without doing what it says; a call that weights do not need is named."""
    try:
        for step, (code, argument, _) in enumerate(pickletools.genops(file)):
            if step > MOST_STEPS:
                raise WeightsError("The file’s table of contents is longer than that of any network here.")
            if code.name == "GLOBAL":
                module, name = str(argument).split(" ", 1)
                if (module, name) not in HARMLESS:
                    raise WeightsError(_refusal(module, name))
            elif code.name in {"STACK_GLOBAL", "INST", "OBJ", "NEWOBJ_EX", "EXT1", "EXT2", "EXT4"}:
                raise WeightsError(_refusal("", ""))
    except WeightsError:
        raise
    except (ValueError, IndexError, EOFError, OverflowError, UnicodeDecodeError, MemoryError, struct.error):
        raise WeightsError(
            f"{DAMAGED}, or it is no file of weights: safetensors and PyTorch’s .pth and .pt files are read."
        ) from None


def _refusal(module: str, name: str) -> str:
    call = f"call {short_name(name)} of {short_name(module)}" if name else "build objects of its own"
    return (
        f"The file wants to {call} when it is read, so it was not read: weights need no program. "
        f"Save the weights alone with {SAVE}."
    )
