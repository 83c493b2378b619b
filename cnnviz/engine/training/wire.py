"""What server and worker say to each other: one line of JSON, and after it the bytes of its arrays.

>>> text, body = encode({"run": 3}, {"filter": np.eye(2, dtype=np.float32)})
>>> head, arrays = decode(io.BytesIO(text + body))
>>> head["run"], arrays["filter"].tolist()
(3, [[1.0, 0.0], [0.0, 1.0]])
>>> decode(io.BytesIO(b"")) is None
True

Nothing is ever unpickled: an array is its type (one of `TYPES`), its sizes and its bytes, all bounded.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.training.experiments import MOST_BYTES, Arrays

__all__ = ["TYPES", "WireError", "decode", "encode", "io"]

TYPES = ("float32", "float64", "int64", "int32", "uint8", "bool")
MOST_LINE = 2**20
MOST_AXES = 6


class WireError(ValueError):
    """What came through the pipe is no message: the other side is not to be trusted any more."""


def encode(head: Mapping[str, Any], arrays: Arrays | None = None) -> tuple[bytes, bytes]:
    """Write a message: its line, and the bytes of its arrays."""
    kept = {name: np.ascontiguousarray(array) for name, array in (arrays or {}).items()}
    wrong = [name for name, array in kept.items() if array.dtype.name not in TYPES]
    if wrong:
        raise WireError(f"An array is of one of the types {', '.join(TYPES)}; these are not: {', '.join(wrong)}.")
    about = [[name, array.dtype.name, list(array.shape)] for name, array in kept.items()]
    body = b"".join(array.tobytes() for array in kept.values())
    if len(body) > MOST_BYTES:
        raise WireError(f"The arrays of a message have {len(body)} bytes, and at most {MOST_BYTES} may be sent.")
    return json.dumps({**head, "arrays": about}).encode() + b"\n", body


def decode(stream: BinaryIO) -> tuple[dict[str, Any], dict[str, NDArray[Any]]] | None:
    """Read the next message; None: the other side has gone."""
    line = stream.readline(MOST_LINE)
    if not line:
        return None
    try:
        head = json.loads(line)
        sizes = [_size(one) for one in head.pop("arrays", [])]
    except (ValueError, TypeError, AttributeError) as error:
        raise WireError("That is no message.") from error
    if sum(count for *_, count in sizes) > MOST_BYTES:
        raise WireError("The arrays are too large.")
    arrays = {}
    for name, kind, shape, count in sizes:
        body = stream.read(count)
        if len(body) < count:
            return None
        arrays[name] = np.frombuffer(body, kind).reshape(shape)
    return head, arrays


def _size(about: Any) -> tuple[str, np.dtype[Any], tuple[int, ...], int]:
    name, kind, shape = about
    if kind not in TYPES or not isinstance(name, str) or not isinstance(shape, list) or len(shape) > MOST_AXES:
        raise WireError("That is no array.")
    if not all(isinstance(side, int) and 0 <= side <= MOST_BYTES for side in shape):
        raise WireError("That is no size.")
    dtype = np.dtype(kind)
    return name, dtype, tuple(shape), math.prod(shape) * dtype.itemsize
