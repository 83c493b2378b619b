"""A file of weights, opened: the names and shapes of its tensors, and each tensor when it is asked for.

    with open_weights(path) as file:
        file.shapes["conv1.weight"], file["conv1.weight"]       # (64, 3, 7, 7), the tensor

Names come as torchvision writes them: without what wrappers put before them (``module.``), and DenseNet's newer ones.
What the file says of itself was worked out in a process of its own (`listing`); here only numbers are copied,
each from its place in the file.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any

from cnnviz.engine.networks.weights.claim import BYTES, Claim, check_claim, dense_strides
from cnnviz.engine.networks.weights.words import DAMAGED, GONE, short_name
from cnnviz.engine.tasks.pool import CAUSES, pool
from cnnviz.errors import CnnvizError, WeightsError, WorkerError

FLOATS = {"float16", "bfloat16", "float32", "float64"}
SPREAD, ROOM = 2, 64 * 2**20
"""A tensor's values may lie among others': so many times its own bytes are read for it, or so many bytes."""


class WeightsFile(Mapping[str, Any]):
    """The tensors of a file by their names; each is read when it is asked for."""

    def __init__(self, claims: Mapping[str, Claim], file: BufferedReader) -> None:
        self._claims, self._file = claims, file
        self._room = ROOM
        self.shapes = {name: one.shape for name, one in claims.items()}

    def __getitem__(self, name: str) -> Any:
        """Read a tensor; before this, hold its shape against what it is for."""
        import torch  # noqa: PLC0415

        claim = self._claims[name]
        check_kind(name, claim.dtype)
        dtype = getattr(torch, claim.dtype)
        if claim.span == 0:
            return torch.empty(claim.shape, dtype=dtype)
        self._room -= max(0, claim.span - SPREAD * math.prod(claim.shape)) * BYTES[claim.dtype]
        if self._room < 0:
            raise WeightsError(
                f"The values of {short_name(name)} lie too far apart in the file. Save it again with every tensor "
                "made `.contiguous()`."
            )
        values = torch.empty(claim.span, dtype=dtype)
        self._read(name, values)
        return values.as_strided(claim.shape, claim.strides)

    def read_into(self, name: str, place: Any) -> None:
        """Read a tensor to its place in a network; straight into it where the file holds it as the network does."""
        import torch  # noqa: PLC0415

        claim = self._claims[name]
        dense = claim.dtype == "float32" and claim.strides == dense_strides(claim.shape)
        if dense and place.dtype == torch.float32 and place.is_contiguous() and tuple(place.shape) == claim.shape:
            self._read(name, place.view(-1))
        else:
            place.copy_(self[name])

    def _read(self, name: str, values: Any) -> None:
        """Fill a row of values from where the tensor begins."""
        import torch  # noqa: PLC0415

        room: Any = values.view(torch.uint8).numpy()
        self._file.seek(self._claims[name].start)
        if self._file.readinto(room) < room.nbytes:
            raise WeightsError(f"{DAMAGED}: it ended while {short_name(name)} was read.")

    def __iter__(self) -> Iterator[str]:
        """Give the names."""
        return iter(self.shapes)

    def __len__(self) -> int:
        """Count the tensors."""
        return len(self.shapes)


@contextmanager
def open_weights(path: Path) -> Iterator[WeightsFile]:
    """Open a file by what it holds, whatever its name ends in; a `WeightsError` says what is wrong with it."""
    try:
        file = path.open("rb")
    except OSError:
        raise WeightsError(GONE) from None
    with file:
        yield WeightsFile(_listing(path.resolve(), os.fstat(file.fileno()).st_size), file)


def check_kind(name: str, kind: str) -> None:
    """Refuse values that no weights are."""
    if kind not in FLOATS:
        raise WeightsError(f"{short_name(name)} has values of type {kind}; weights are {', '.join(sorted(FLOATS))}.")


def _listing(path: Path, size: int) -> dict[str, Claim]:
    """Have the file's tensors listed elsewhere; what comes back is held against the file once more."""
    try:
        found = pool().ask("weights", path=str(path))
    except WorkerError as error:
        raise WeightsError(f"The file was not read, because {CAUSES[error.cause]}.") from error
    except CnnvizError as error:
        raise WeightsError(str(error)) from None
    try:
        claims = {name: Claim(*about) for name, about in found.items()}
        for name, claim in claims.items():
            check_claim(name, claim, size)
    except (TypeError, AttributeError):
        raise WeightsError(f"{DAMAGED}: its tensors could not be listed.") from None
    return claims
