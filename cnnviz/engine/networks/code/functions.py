"""What code does with tensors: functions of `torch` and `torch.nn.functional`, and methods of a tensor.

>>> layer, inputs = function_layer("max_pool2d", [Tensor("conv", (8, 6, 6)), 2], {})
>>> layer, inputs[0].node
(Pool(2, stride=2), 'conv')
>>> function_layer("view", [Tensor("pool", (16, 5, 5)), -1, 400], {})[0]
View(shape=400)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnnviz.engine.networks.code.layers import is_layer, make_layer, margins
from cnnviz.engine.networks.code.values import BATCH, Size, Tensor
from cnnviz.engine.networks.code.words import PAD_MODES
from cnnviz.engine.networks.layers.base import verify
from cnnviz.engine.networks.layers.kinds import (
    ACTIVATIONS,
    Activation,
    Add,
    Concat,
    Crop,
    Dropout,
    Flatten,
    Layer,
    Mean,
    Multiply,
    Norm,
    Pad,
    View,
)
from cnnviz.errors import SpecError

Found = tuple[Layer, Sequence[Tensor]]

SAME_TENSOR = {
    "contiguous", "clone", "detach", "float", "half", "double", "to", "cuda", "cpu", "requires_grad_", "type",
    "type_as",
}  # fmt: skip
"""Methods that give the same numbers in the same shape: no layer."""

PARAMETERS = {
    "max_pool": "kernel_size stride padding dilation ceil_mode return_indices",
    "avg_pool": "kernel_size stride padding ceil_mode count_include_pad divisor_override",
    "lp_pool": "norm_type kernel_size stride ceil_mode",
    "adaptive_avg_pool": "output_size", "adaptive_max_pool": "output_size return_indices",
    "interpolate": "size scale_factor mode align_corners recompute_scale_factor antialias",
    "upsample": "size scale_factor mode align_corners", "pixel_shuffle": "upscale_factor",
    "pixel_unshuffle": "downscale_factor", "dropout": "p training inplace", "pad": "pad mode value",
    "flatten": "start_dim end_dim", "mean": "dim keepdim", "amax": "dim keepdim",
    "leaky_relu": "negative_slope inplace",
    "local_response_norm": "size alpha beta k", "layer_norm": "normalized_shape weight bias eps",
    "unsqueeze": "dim", "squeeze": "dim",
}  # fmt: skip
CLASSES = {
    "max_pool": "MaxPool", "avg_pool": "AvgPool", "lp_pool": "LPPool", "adaptive_avg_pool": "AdaptiveAvgPool",
    "adaptive_max_pool": "AdaptiveMaxPool", "interpolate": "Upsample", "upsample": "Upsample",
    "pixel_shuffle": "PixelShuffle", "pixel_unshuffle": "PixelUnshuffle",
}  # fmt: skip
OUR_MODES = {theirs: ours for ours, theirs in PAD_MODES.items()}


def function_layer(  # noqa: PLR0911 - one case a family
    name: str, positional: Sequence[Any], keywords: Mapping[str, Any]
) -> Found | None:
    """Give the layer that a function stands for, and the tensors that it reads; None: it is not known here."""
    name = name.rstrip("_") if name.rstrip("_") in ACTIVATIONS else name
    if name in {"cat", "concat", "concatenate"}:
        return _concat(positional, keywords)
    given = dict(keywords)
    first = given.pop("input", None) if "input" in given else positional[0] if positional else None
    rest = list(positional[1:] if "input" not in keywords else positional)
    if not isinstance(first, Tensor):
        return None
    if name in {"add", "mul"}:
        return _both(Add() if name == "add" else Multiply(), first, rest, given)
    if name in {"view", "reshape"}:
        return _view(first, rest, given), [first]
    stem, rank = (name[:-2], int(name[-2])) if name.endswith(("1d", "2d", "3d")) else (name, 0)
    bound = _bind(stem, rest, given)
    if stem in CLASSES:
        cls = f"{CLASSES[stem]}{rank}d" if rank else CLASSES[stem]
        return (make_layer(cls, bound), [first]) if is_layer(cls) else None
    if name in ACTIVATIONS:
        return verify(Activation(name, slope=bound.get("negative_slope"))), [first]
    maker = _MAKERS.get(stem)
    return (verify(maker(first, bound, rank)), [first]) if maker else None


def function_parameters(name: str) -> list[str]:
    """Give the names of a function's parameters behind the tensor.

    >>> function_parameters("max_pool2d")[:3]
    ['kernel_size', 'stride', 'padding']
    """
    stem = name[:-2] if name.endswith(("1d", "2d", "3d")) else name
    return PARAMETERS.get(stem, "").split()


def _bind(stem: str, positional: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    names = PARAMETERS.get(stem, "").split()
    if stem in PARAMETERS and len(positional) > len(names):
        raise SpecError("arguments", f"{stem} takes {len(names)} numbers at most, but gets {len(positional)}.")
    return dict(zip(names, positional, strict=False)) | dict(keywords)


def _concat(positional: Sequence[Any], keywords: Mapping[str, Any]) -> Found | None:
    tensors = keywords.get("tensors", positional[0] if positional else None)
    axis = keywords.get("dim", keywords.get("axis", positional[1] if len(positional) > 1 else 0))
    if not isinstance(tensors, (list, tuple)) or not all(isinstance(one, Tensor) for one in tensors):
        return None
    if not isinstance(axis, int):
        return None
    if axis == 0:
        raise SpecError("dim", "cat without dim joins along the batch; for channels write dim=1.")
    return Concat(axis), tuple(tensors)


def _both(layer: Layer, first: Tensor, rest: Sequence[Any], given: Mapping[str, Any]) -> Found | None:
    other = rest[0] if rest else given.get("other")
    return (layer, [first, other]) if isinstance(other, Tensor) else None


def _view(first: Tensor, rest: Sequence[Any], given: Mapping[str, Any]) -> Layer:
    """Read the sizes of `view` and `reshape`; the first is the batch."""
    sizes = list(rest) or [given.get("shape", given.get("size"))]
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list, Size)):
        sizes = list(sizes[0].all if isinstance(sizes[0], Size) else sizes[0])
    flat: list[Any] = []
    for one in sizes:
        flat += one if isinstance(one, (tuple, list)) else [one]
    if not flat or any(one != BATCH and (not isinstance(one, int) or isinstance(one, bool)) for one in flat):
        raise SpecError("shape", "The sizes of view could not be followed.")
    if BATCH in flat[1:]:
        raise SpecError("shape", "The batch must stay the first axis of view.")
    if len(flat) == 1:
        raise SpecError("shape", "view with one size joins the batch with the features; begin with x.size(0).")
    return Flatten() if flat[1:] == [-1] else verify(View(tuple(flat[1:])))


def _axes(dim: Any, first: Tensor) -> tuple[int, ...]:
    axes = tuple(dim) if isinstance(dim, (tuple, list)) else (dim,)
    if not all(isinstance(one, int) for one in axes):
        raise SpecError("dim", "Over which axes it goes could not be followed; write dim=(2, 3).")
    if 0 in axes or (first.shape and -len(first.shape) - 1 in axes):
        raise SpecError("dim", "It would go over the batch, axis 0; the pictures of a batch stay apart here.")
    return axes


def _mean(how: str) -> Callable[[Tensor, Mapping[str, Any], int], Layer]:
    def make(first: Tensor, given: Mapping[str, Any], _: int) -> Layer:
        dim = given.get("dim", given.get("axis"))
        if dim is None:
            raise SpecError("dim", f"{how} without dim makes one number of the whole batch; write dim=(2, 3).")
        return Mean(_axes(dim, first), bool(given.get("keepdim")), "max" if how == "amax" else "mean")

    return make


def _pad(_: Tensor, given: Mapping[str, Any], __: int) -> Layer:
    flat = given.get("pad")
    if not isinstance(flat, (tuple, list)) or len(flat) % 2:
        raise SpecError("padding", "pad takes two numbers an axis, the last axis first: (left, right, top, bottom).")
    mode = OUR_MODES.get(given.get("mode", "constant"))
    if mode is None:
        raise SpecError("mode", f"The modes of pad are {', '.join(OUR_MODES)}.")
    rank = max(len(flat) // 2, 2)
    if all(isinstance(one, int) and one <= 0 for one in flat) and any(flat):
        return Crop(margins=margins([-one for one in flat], rank), rank=rank)
    return Pad(margins(flat, rank), mode, rank)


def _squeeze(first: Tensor, given: Mapping[str, Any], _: int) -> Layer:
    """Drop axes of one cell; the batch stays, though PyTorch drops a batch of one too."""
    if first.shape is None:
        raise SpecError("dim", "The size before squeeze is not known.")
    dim = given.get("dim")
    axes = range(1, len(first.shape) + 1) if dim is None else _axes(dim, first)
    gone = {(one if one > 0 else one + len(first.shape) + 1) - 1 for one in axes}
    return View(tuple(n for axis, n in enumerate(first.shape) if axis not in gone or n != 1))


def _unsqueeze(first: Tensor, given: Mapping[str, Any], _: int) -> Layer:
    dim = given.get("dim")
    if first.shape is None or not isinstance(dim, int) or dim == 0:
        raise SpecError("dim", "Which axis unsqueeze adds could not be followed.")
    place = dim - 1 if dim > 0 else dim + len(first.shape) + 1
    return View((*first.shape[:place], 1, *first.shape[place:]))


def _flatten(_: Tensor, given: Mapping[str, Any], __: int) -> Layer:
    return Flatten(given.get("start_dim", 0), given.get("end_dim", -1))


def _dropout(_: Tensor, given: Mapping[str, Any], rank: int) -> Layer:
    return Dropout(given.get("p", 0.5), rank > 0, rank or 2)


def _response_norm(_: Tensor, given: Mapping[str, Any], __: int) -> Layer:
    return Norm("response", given.get("size", 5))


def _layer_norm(_: Tensor, given: Mapping[str, Any], __: int) -> Layer:
    shape = given.get("normalized_shape")
    axes = tuple(shape) if isinstance(shape, (tuple, list)) else ()
    return Norm("layer", affine=False, shape=axes)


_MAKERS: dict[str, Callable[[Tensor, Mapping[str, Any], int], Layer]] = {
    "mean": _mean("mean"), "amax": _mean("amax"), "pad": _pad, "squeeze": _squeeze, "unsqueeze": _unsqueeze,
    "flatten": _flatten, "dropout": _dropout, "alpha_dropout": _dropout, "local_response_norm": _response_norm,
    "layer_norm": _layer_norm,
}  # fmt: skip


def slice_layer(first: Tensor, parts: Sequence[Any]) -> Layer:
    """Read ``x[:, :, 1:-1, 1:-1]`` as a crop.

    >>> slice_layer(Tensor("a", (3, 8, 8)), [slice(None), slice(None), slice(1, -1), slice(2, None)])
    Crop(margins=(1, (2, 0)))
    """
    if first.shape is None or len(parts) > len(first.shape) + 1:
        raise SpecError("slice", "The size before the brackets is not known.")
    if any(not isinstance(one, slice) or one.step not in {None, 1} for one in parts):
        raise SpecError("slice", "Only slices like x[:, :, 1:-1, 1:-1] are followed in brackets behind a tensor.")
    if any(one != slice(None) for one in parts[:2]):
        raise SpecError("slice", "Slices of the batch or of the channels are not followed here.")
    cut = []
    for n, one in zip(first.shape[1:], [*parts[2:], *[slice(None)] * (len(first.shape) - 1)], strict=False):
        start, stop, _ = one.indices(n)
        cut.append((start, n - max(stop, start)))
    return Crop(margins=tuple(cut), rank=len(cut))
