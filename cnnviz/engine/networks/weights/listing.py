"""The tensors of a file of weights, listed: what the file claims of each, whatever kind of file it is.

    list_weights(path)["fc.bias"]       # Claim("float32", (10,), (1,), start=4096)

It is done in a process of its own (`tasks.worker`), since a hostile file may make even the list long.
"""

from __future__ import annotations

from pathlib import Path

from cnnviz.engine.networks.weights.claim import Claim, check_claim, check_names, tidy_names
from cnnviz.engine.networks.weights.header import list_safetensors
from cnnviz.engine.networks.weights.torch_file import list_torch
from cnnviz.engine.networks.weights.words import GONE, MOST_TENSORS
from cnnviz.errors import WeightsError


def list_weights(path: Path) -> dict[str, Claim]:
    """List the tensors of a file by what it holds, whatever its name ends in; a `WeightsError` says what is wrong."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if size < 16:
                raise WeightsError(f"The file has {size} bytes: no weights fit into that.")
            opening = file.read(9)
            file.seek(0)
            listed = list_safetensors(file, size) if opening[8:9] == b"{" else list_torch(file, size)
    except OSError:
        raise WeightsError(GONE) from None
    if len(listed) > MOST_TENSORS:
        raise WeightsError(f"The file lists {len(listed):,} tensors; at most {MOST_TENSORS:,} are read.")
    check_names(listed, "a tensor")
    for name, one in listed.items():
        check_claim(name, one, size)
    names = tidy_names(list(listed))
    return {names[name]: one for name, one in listed.items()}
