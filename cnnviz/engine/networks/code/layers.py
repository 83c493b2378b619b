"""PyTorch's layers by name: the parameters in their order, and the layer that they make.

>>> make_layer("Conv2d", {"in_channels": 3, "out_channels": 8, "kernel_size": 3, "padding": 1})
Conv(8, 3, padding=1, channels_in=3)
>>> bind("MaxPool2d", [2], {"ceil_mode": True})
{'kernel_size': 2, 'ceil_mode': True}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnnviz.engine.networks.layers.base import verify
from cnnviz.engine.networks.layers.kinds import (
    ACTIVATIONS,
    Activation,
    AdaptivePool,
    BatchNorm,
    Conv,
    ConvTranspose,
    Dropout,
    Flatten,
    Layer,
    Linear,
    Norm,
    Pad,
    PixelShuffle,
    Pool,
    Upsample,
)
from cnnviz.errors import SpecError

Arguments = Mapping[str, Any]

CONV = "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode device dtype"
TURNED = (
    "in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode device dtype"
)
MAX_POOL = "kernel_size stride padding dilation return_indices ceil_mode"
AVERAGE_POOL = "kernel_size stride padding ceil_mode count_include_pad divisor_override"
BATCH_NORM = "num_features eps momentum affine track_running_stats device dtype"

PARAMETERS = {
    "Conv": CONV, "LazyConv": CONV.removeprefix("in_channels "), "ConvTranspose": TURNED,
    "LazyConvTranspose": TURNED.removeprefix("in_channels "), "MaxPool": MAX_POOL, "AvgPool": AVERAGE_POOL,
    "LPPool": "norm_type kernel_size stride ceil_mode", "AdaptiveAvgPool": "output_size",
    "AdaptiveMaxPool": "output_size return_indices", "BatchNorm": BATCH_NORM,
    "LazyBatchNorm": BATCH_NORM.removeprefix("num_features "), "InstanceNorm": BATCH_NORM, "Dropout": "p inplace",
    "ZeroPad": "padding", "ReflectionPad": "padding", "ReplicationPad": "padding", "CircularPad": "padding",
    "ConstantPad": "padding value",
}  # fmt: skip
"""Layers that come in 1, 2 and 3 dimensions: the number stands behind the name, as in `Conv2d`."""

FLAT_PARAMETERS = {
    "Linear": "in_features out_features bias device dtype", "LazyLinear": "out_features bias device dtype",
    "Flatten": "start_dim end_dim", "Dropout": "p inplace", "AlphaDropout": "p inplace", "Identity": "",
    "GroupNorm": "num_groups num_channels eps affine device dtype",
    "LayerNorm": "normalized_shape eps elementwise_affine bias device dtype",
    "LocalResponseNorm": "size alpha beta k", "Upsample": "size scale_factor mode align_corners recompute_scale_factor",
    "UpsamplingNearest2d": "size scale_factor", "UpsamplingBilinear2d": "size scale_factor",
    "PixelShuffle": "upscale_factor", "PixelUnshuffle": "downscale_factor",
    "LeakyReLU": "negative_slope inplace", "PReLU": "num_parameters init device dtype", "ELU": "alpha inplace",
    "CELU": "alpha inplace", "Softmax": "dim", "LogSoftmax": "dim", "Softmax2d": "", "GELU": "approximate",
    "Softplus": "beta threshold", "Hardtanh": "min_val max_val inplace",
    **dict.fromkeys(("ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid"), "inplace"),
    **dict.fromkeys(("Tanh", "Sigmoid", "LogSigmoid"), ""),
}  # fmt: skip

BY_CLASS = {cls: how for how, cls in ACTIVATIONS.items()} | {"Softmax2d": "softmax"}
IGNORED = {"device", "dtype", "inplace", "return_indices", "eps", "momentum", "alpha", "beta", "k", "approximate"}
REQUIRED = {
    "in_channels", "out_channels", "kernel_size", "in_features", "out_features", "num_features", "output_size",
    "num_groups", "num_channels", "normalized_shape", "upscale_factor", "downscale_factor",
}  # fmt: skip


def split(name: str) -> tuple[str, int]:
    """Part a class's name from its number of dimensions.

    >>> split("Conv2d"), split("Linear"), split("Dropout2d"), split("UpsamplingNearest2d")
    (('Conv', 2), ('Linear', 0), ('Dropout', 2), ('UpsamplingNearest2d', 0))
    """
    if name.endswith(("1d", "2d", "3d")) and name[:-2] in PARAMETERS:
        return name[:-2], int(name[-2])
    return name, 0


def is_layer(name: str) -> bool:
    """Say whether a class of `torch.nn` is known here."""
    stem, rank = split(name)
    return rank > 0 or stem in FLAT_PARAMETERS


def parameters(name: str) -> list[str]:
    """Give the names of a class's parameters, in order."""
    stem, rank = split(name)
    return (PARAMETERS[stem] if rank else FLAT_PARAMETERS[stem]).split()


def bind(name: str, positional: Sequence[Any], keywords: Arguments) -> dict[str, Any]:
    """Bring positional and keyword arguments under their names."""
    names = parameters(name)
    if len(positional) > len(names):
        raise SpecError("arguments", f"nn.{name} takes {len(names)} arguments at most, but gets {len(positional)}.")
    bound = dict(zip(names, positional, strict=False))
    for keyword, value in keywords.items():
        if keyword not in names:
            raise SpecError("arguments", f"nn.{name} has no argument “{keyword[:30]}”; it has {', '.join(names)}.")
        if keyword in bound:
            raise SpecError("arguments", f"nn.{name} gets “{keyword}” twice.")
        bound[keyword] = value
    missing = [one for one in names if one in REQUIRED and one not in bound]
    if missing:
        raise SpecError("arguments", f"nn.{name} needs {' and '.join(missing)}.")
    return bound


def make_layer(name: str, given: Arguments) -> Layer:
    """Make the layer of a class from arguments under PyTorch's names."""
    stem, rank = split(name)
    if stem in BY_CLASS and not rank:
        return verify(Activation(BY_CLASS[stem], slope=given.get("negative_slope")))
    return verify(_MAKERS[stem](given, rank))


def _renamed(given: Arguments, names: Mapping[str, str]) -> dict[str, Any]:
    """Take what was given under our names; None where PyTorch's default is None stays out."""
    return {ours: given[theirs] for theirs, ours in names.items() if theirs in given}


SAME = {name: name for name in ("stride", "padding", "dilation", "groups", "bias", "padding_mode", "output_padding")}
CHANNELS = {"in_channels": "channels_in", "out_channels": "channels", "kernel_size": "kernel", **SAME}


def _conv(given: Arguments, rank: int) -> Layer:
    return Conv(**_renamed(given, CHANNELS), rank=rank)


def _turned(given: Arguments, rank: int) -> Layer:
    renamed = _renamed(given, CHANNELS)
    if renamed.pop("padding_mode", "zeros") != "zeros":
        raise SpecError("padding_mode", "A transposed convolution pads with zeros only.")
    return ConvTranspose(**renamed, rank=rank)


def _pool(how: str) -> Callable[[Arguments, int], Layer]:
    names = {"kernel_size": "kernel", **{n: n for n in ("stride", "padding", "ceil_mode", "count_include_pad")}}
    if how == "max":
        names["dilation"] = "dilation"

    def make(given: Arguments, rank: int) -> Layer:
        if given.get("return_indices"):
            raise SpecError("return_indices", "Pooling that also returns its winners is not followed here.")
        return Pool(**_renamed(given, names), how=how, rank=rank)  # type: ignore[arg-type]

    return make


def _adaptive(how: str) -> Callable[[Arguments, int], Layer]:
    def make(given: Arguments, rank: int) -> Layer:
        return AdaptivePool(given["output_size"], how=how, rank=rank)  # type: ignore[arg-type]

    return make


def _batch_norm(given: Arguments, rank: int) -> Layer:
    return BatchNorm(given.get("num_features"), given.get("affine", True), rank=rank)


def _group_norm(given: Arguments, _: int) -> Layer:
    return Norm("group", given["num_groups"], given.get("affine", True), features_in=given["num_channels"])


def _layer_norm(given: Arguments, _: int) -> Layer:
    shape = given["normalized_shape"]
    axes = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    return Norm("layer", affine=given.get("elementwise_affine", True), shape=axes)


def _upsample(mode: str | None = None) -> Callable[[Arguments, int], Layer]:
    def make(given: Arguments, _: int) -> Layer:
        size, scale = given.get("size"), given.get("scale_factor")
        if size is None and scale is None:
            raise SpecError("scale_factor", "Enlarging needs a size or a scale_factor.")
        scales = scale if isinstance(scale, (tuple, list)) else (scale, scale)
        if size is None and any(not float(one or 0).is_integer() or one < 1 for one in scales):
            raise SpecError("scale_factor", "Only whole factors are followed here; give the size instead.")
        chosen = mode or given.get("mode", "nearest")
        whole = tuple(int(one) for one in scales) if size is None else 2
        corners = bool(given.get("align_corners")) or mode == "bilinear"
        return Upsample(whole, size, chosen, align_corners=corners)

    return make


def _pad(mode: str) -> Callable[[Arguments, int], Layer]:
    def make(given: Arguments, rank: int) -> Layer:
        return Pad(margins(given["padding"], rank), mode, rank=rank)

    return make


def margins(padding: Any, rank: int) -> tuple[tuple[int, int], ...]:
    """Read padding as PyTorch's padding layers write it: the last axis first.

    >>> margins((1, 2, 3, 4), 2)
    ((3, 4), (1, 2))
    """
    flat = list(padding) if isinstance(padding, (tuple, list)) else [padding] * (2 * rank)
    if len(flat) % 2 or len(flat) > 2 * rank:
        raise SpecError("padding", f"Padding of {rank} axes takes two numbers an axis, the last axis first.")
    flat += [0] * (2 * rank - len(flat))
    pairs = [(flat[2 * axis], flat[2 * axis + 1]) for axis in range(rank)]
    return tuple(reversed(pairs))


_MAKERS: dict[str, Callable[[Arguments, int], Layer]] = {
    "Conv": _conv, "LazyConv": _conv, "ConvTranspose": _turned, "LazyConvTranspose": _turned,
    "MaxPool": _pool("max"), "AvgPool": _pool("avg"), "LPPool": _pool("lp"), "AdaptiveAvgPool": _adaptive("avg"),
    "AdaptiveMaxPool": _adaptive("max"), "BatchNorm": _batch_norm, "LazyBatchNorm": _batch_norm,
    "InstanceNorm": lambda given, _: Norm(
        "instance", affine=given.get("affine", False), features_in=given["num_features"]
    ),
    "Dropout": lambda given, rank: Dropout(given.get("p", 0.5), rank > 0, rank or 2),
    "AlphaDropout": lambda given, _: Dropout(given.get("p", 0.5)),
    "Linear": lambda given, _: Linear(given["out_features"], given.get("bias", True), given.get("in_features")),
    "LazyLinear": lambda given, _: Linear(given["out_features"], given.get("bias", True)),
    "Flatten": lambda given, _: Flatten(given.get("start_dim", 1), given.get("end_dim", -1)),
    "GroupNorm": _group_norm, "LayerNorm": _layer_norm,
    "LocalResponseNorm": lambda given, _: Norm("response", given.get("size", 5)),
    "Upsample": _upsample(), "UpsamplingNearest2d": _upsample("nearest"), "UpsamplingBilinear2d": _upsample("bilinear"),
    "PixelShuffle": lambda given, _: PixelShuffle(given["upscale_factor"]),
    "PixelUnshuffle": lambda given, _: PixelShuffle(given["downscale_factor"], down=True),
    "ZeroPad": _pad("zeros"), "ConstantPad": _pad("zeros"), "ReflectionPad": _pad("reflect"),
    "ReplicationPad": _pad("replicate"), "CircularPad": _pad("circular"),
}  # fmt: skip
