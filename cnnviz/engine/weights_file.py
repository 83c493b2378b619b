"""A file of weights, opened: the names, shapes and types of its tensors, and each tensor when it is asked for.

    with open_weights(path) as file:
        file.shapes["conv1.weight"], file["conv1.weight"]       # (64, 3, 7, 7), the tensor

Names come as torchvision writes them: without what wrappers put before them (``module.``), and DenseNet's newer ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cnnviz.engine.weights_header import DAMAGED, MOST_AXES, MOST_TENSORS, read_header, short_name
from cnnviz.engine.weights_pickle import SAVE, check_torch_file
from cnnviz.errors import WeightsError
from cnnviz.spec.network import Shape

INSIDE = ("state_dict", "model_state_dict", "model", "net", "network", "weights", "params")
"""Where training scripts put the weights among other things."""
WRAPPERS = ("module.", "_orig_mod.", "model.", "net.", "network.", "backbone.")
_OLD_DENSENET = re.compile(r"(.*denselayer\d+\.(?:norm|conv))\.([12]\.\w+)")
FLOATS = {"float16", "bfloat16", "float32", "float64"}


class WeightsFile(Mapping[str, Any]):
    """The tensors of a file by their names; a safetensors file reads each when it is asked for."""

    def __init__(self, tensors: Mapping[str, tuple[Shape, str]], read: Any) -> None:
        names = tidy_names(list(tensors))
        self._read = read
        self._names = {tidy: name for name, tidy in names.items()}
        self.shapes = {names[name]: shape for name, (shape, _) in tensors.items()}
        self.types = {names[name]: dtype for name, (_, dtype) in tensors.items()}

    def __getitem__(self, name: str) -> Any:
        """Read a tensor."""
        return self._read(self._names[name])

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
        size = path.stat().st_size
        with path.open("rb") as file:
            opening = file.read(9)
    except OSError:
        raise WeightsError("The file is not there any more.") from None
    if size < 16:
        raise WeightsError(f"The file has {size} bytes: no weights fit into that.")
    if opening[8:9] == b"{":
        yield from _open_safetensors(path)
    else:
        check_torch_file(path)
        yield from _open_torch(path, size)


def _open_safetensors(path: Path) -> Iterator[WeightsFile]:
    import torch  # noqa: F401, PLC0415 - it loads faster before safetensors than inside it
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415

    claims = read_header(path)
    try:
        opened = safe_open(path, framework="pt", device="cpu")
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError(f"{DAMAGED}: safetensors says {short_name(error)}.") from None
    with opened as handle:
        yield WeightsFile({name: (one.shape, one.dtype) for name, one in claims.items()}, handle.get_tensor)


def _open_torch(path: Path, size: int) -> Iterator[WeightsFile]:
    import torch  # noqa: PLC0415

    with path.open("rb") as file:
        mapped = file.read(4) == b"PK\x03\x04"
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    except Exception as error:  # whatever a hostile file brings about in there
        raise WeightsError(f"{DAMAGED}: PyTorch cannot read it ({short_name(_first_line(error))}).") from None
    tensors = _state_of(loaded)
    for name, tensor in tensors.items():
        _check_tensor(name, tensor, size)
    yield WeightsFile(
        {name: (tuple(one.shape), str(one.dtype).removeprefix("torch.")) for name, one in tensors.items()},
        tensors.__getitem__,
    )


def _state_of(loaded: Any, depth: int = 0) -> dict[str, Any]:
    """Find the state dict in what a file holds."""
    import torch  # noqa: PLC0415

    if not isinstance(loaded, dict):
        kind = "a single tensor" if isinstance(loaded, torch.Tensor) else f"a {type(loaded).__name__}"
        raise WeightsError(f"The file holds {kind}, not tensors by their names. Save those with {SAVE}.")
    tensors = {name: one for name, one in loaded.items() if isinstance(name, str) and isinstance(one, torch.Tensor)}
    if tensors:
        if len(tensors) > MOST_TENSORS:
            raise WeightsError(f"The file lists {len(tensors):,} tensors; at most {MOST_TENSORS:,} are read.")
        return tensors
    for place in INSIDE:
        if depth < 3 and isinstance(loaded.get(place), dict):
            return _state_of(loaded[place], depth + 1)
    names = ", ".join(short_name(name) for name in list(loaded)[:4]) or "nothing"
    raise WeightsError(f"The file holds {names}, but no tensors by their names. Save those with {SAVE}.")


def _check_tensor(name: str, tensor: Any, size: int) -> None:
    """Refuse what claims to be larger than the file (one number, shown a billion times), or is no plain tensor."""
    import torch  # noqa: PLC0415

    if tensor.layout is not torch.strided or tensor.device.type != "cpu" or tensor.is_quantized:
        raise WeightsError(f"{short_name(name)} is no plain tensor: it is sparse, quantized or empty.")
    if tensor.dim() > MOST_AXES or math.prod(tensor.shape) * tensor.element_size() > size:
        raise WeightsError(f"{DAMAGED}: {short_name(name)} claims to be larger than the whole file.")


def tidy_names(names: list[str]) -> dict[str, str]:
    """Give each name as torchvision writes it.

    >>> tidy_names(["module.conv1.weight", "module.denselayer1.norm.1.weight"])["module.denselayer1.norm.1.weight"]
    'denselayer1.norm1.weight'
    """
    tidy = {name: name for name in names}
    for wrapper in (*WRAPPERS, *WRAPPERS):
        if all(one.startswith(wrapper) for one in tidy.values()):
            tidy = {name: one.removeprefix(wrapper) for name, one in tidy.items()}
    return {name: _OLD_DENSENET.sub(r"\1\2", one) for name, one in tidy.items()}


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
