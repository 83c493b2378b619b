"""A pickle of PyTorch's, read for what it says of tensors: nothing in it runs, nothing is made of what it claims.

A pickle is a program for building objects. Its steps are looked through first, so that a learner is told which call it
was that weights do not need. Then Python's own reader follows it, but all that it may call only takes notes: a tensor
is a `Piece`, its numbers a `Storage`.

>>> import pickle
>>> read_pickle(io.BytesIO(pickle.dumps({"a": 1}, protocol=2)))
{'a': 1}
>>> read_pickle(io.BytesIO(pickle.dumps(print, protocol=2)))
Traceback (most recent call last):
    ...
cnnviz.errors.WeightsError: The file wants to call `print` of `__builtin__` ...
"""

from __future__ import annotations

import io
import pickle
import pickletools
import struct
from typing import Any, BinaryIO, NamedTuple

from cnnviz.engine.networks.weights.words import DAMAGED, SAVE, short_name
from cnnviz.errors import WeightsError

LONGEST_PICKLE = 16 * 2**20
NO_WEIGHTS = f"{DAMAGED}, or it is no file of weights: safetensors and PyTorch’s .pth and .pt files are read."
MOST_STEPS = 500_000
"""Ten times what the largest network here takes, with all that a training keeps beside it."""
STORAGES = {
    "FloatStorage": "float32", "HalfStorage": "float16", "BFloat16Storage": "bfloat16", "DoubleStorage": "float64",
    "LongStorage": "int64", "IntStorage": "int32", "ShortStorage": "int16", "CharStorage": "int8",
    "ByteStorage": "uint8", "BoolStorage": "bool",
}  # fmt: skip
HARMLESS = {
    ("collections", "OrderedDict"), ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"),
    ("torch._utils", "_rebuild_parameter"), ("torch.nn.parameter", "Parameter"),
    *(("torch", name) for name in (*STORAGES, *STORAGES.values())),
}  # fmt: skip
"""What tensors need; each only describes data."""
BUILDERS = {
    "STACK_GLOBAL", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "EXT1", "EXT2", "EXT4", "BYTEARRAY8", "NEXT_BUFFER",
    "READONLY_BUFFER",
}  # fmt: skip
"""Steps that PyTorch never writes."""
MEMO = {"PUT", "BINPUT", "LONG_BINPUT"}
"""Steps that note an object under a number: numbers without end would make a list without end."""


class Storage(NamedTuple):
    """The numbers that tensors look at: their type, the name under which they lie in the file, how many they are."""

    dtype: str
    key: str
    size: int


class Piece(NamedTuple):
    """What a tensor sees of a storage, as the file says it; nothing of this was checked."""

    storage: Any
    offset: Any
    shape: Any
    strides: Any
    special: bool
    """Whether it is no plain view of its numbers."""


class Named(dict[Any, Any]):
    """An ordered dictionary; what PyTorch hangs on it besides is not kept."""

    def __setstate__(self, state: object) -> None:
        """Take no notice."""


class Maker(NamedTuple):
    """What stands for one of the `HARMLESS` names; when it is called it takes notes."""

    name: str

    def __call__(self, *about: Any) -> Any:
        """Note what would be made."""
        if self.name == "OrderedDict":
            return Named(*about)
        if self.name in {"_rebuild_tensor", "_rebuild_tensor_v2"}:
            storage, offset, shape, strides, *more = about
            return Piece(storage, offset, shape, strides, special=any(more[2:]))
        if self.name in {"_rebuild_parameter", "Parameter"} and isinstance(about[0], Piece):
            return about[0]
        raise WeightsError(f"{DAMAGED}: it calls {short_name(self.name)}, which is no function.")


class _Reader(pickle.Unpickler):
    def __init__(self, data: bytes, storages: dict[str, Storage]) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8")
        self._storages = storages

    def find_class(self, module: str, name: str) -> Maker:
        """Give what takes notes in a name's place."""
        if (module, name) not in HARMLESS:
            raise WeightsError(_refusal(module, name))
        return Maker(name)

    def persistent_load(self, about: Any) -> Storage:
        """Note which numbers are meant."""
        kind, storage, key, _, count, *view = about
        good = kind == "storage" and isinstance(storage, Maker) and storage.name in STORAGES
        if not good or type(key) is not str or type(count) is not int or any(view):
            raise pickle.UnpicklingError("no storage")
        found = Storage(STORAGES[storage.name], key, count)
        if self._storages.setdefault(key, found) != found:
            raise pickle.UnpicklingError("two storages of one name")
        return found


def read_pickle(file: BinaryIO, storages: dict[str, Storage] | None = None) -> Any:
    """Read a pickle where the file stands, and leave the file behind it; `storages` gets all that it names."""
    begin = file.tell()
    try:
        length = _check_steps(file)
        file.seek(begin)
        return _Reader(file.read(length), {} if storages is None else storages).load()
    except (WeightsError, MemoryError):
        raise
    except Exception:  # whatever a hostile program brings about in there
        raise WeightsError(NO_WEIGHTS) from None


def _check_steps(file: BinaryIO) -> int:
    """Follow a pickle to its end without doing what it says, and give its length."""
    begin = file.tell()
    for step, (code, argument, _) in enumerate(pickletools.genops(file)):
        if step > MOST_STEPS:
            raise WeightsError("The file’s table of contents is longer than that of any network here.")
        if code.name == "GLOBAL":
            module, name = str(argument).split(" ", 1)
            if (module, name) not in HARMLESS:
                raise WeightsError(_refusal(module, name))
        elif code.name in BUILDERS:
            raise WeightsError(_refusal("", ""))
        elif code.name in MEMO and int(argument or 0) > MOST_STEPS:
            raise struct.error
    return file.tell() - begin


def _refusal(module: str, name: str) -> str:
    call = f"call {short_name(name)} of {short_name(module)}" if name else "build objects of its own"
    return (
        f"The file wants to {call} when it is read, so it was not read: weights need no program. "
        f"Save the weights alone with {SAVE}."
    )
