"""The sizes of layers that slide a window; and the error that a layer raises, in PyTorch's words and in plain ones.

>>> conv_shape(Conv(16, 5), (3, 28, 28))
(16, 24, 24)
"""

from __future__ import annotations

from cnnviz.engine.arithmetic import effective_kernel, output_size, same_padding, transposed_size
from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.layers.kinds import (
    AdaptivePool,
    Conv,
    ConvTranspose,
    Pads,
    Pool,
)
from cnnviz.errors import SpecError


class LayerError(SpecError):
    """A layer that cannot work on what arrives: `message` in plain words, `torch` in PyTorch's.

    `wanted` and `got` are the numbers that do not agree, if it is about two numbers.
    """

    def __init__(self, field: str, message: str, torch: str, wanted: int | None = None, got: int | None = None) -> None:
        super().__init__(field, message)
        self.torch = torch
        self.wanted, self.got = wanted, got


def say(shape: Shape) -> str:
    """Write a size as slides do.

    >>> say((16, 24, 24))
    '16×24×24'
    """
    return "×".join(str(one) for one in shape)


def batched(shape: Shape) -> str:
    """Write a size as PyTorch's messages do, with a batch of one."""
    return str([1, *shape])


def layer_pads(layer: Conv, spatial: Shape) -> Pads:
    """Give the padding as numbers, also where it is called "same"."""
    if layer.padding == "same":
        return tuple(
            same_padding(n, kernel, 1, dilation)
            for n, kernel, dilation in zip(spatial, layer.kernel, layer.dilation, strict=True)
        )
    pads: Pads = layer.padding
    return pads


def spatial_of(shape: Shape, rank: int, what: str) -> Shape:
    """Give the spatial part of a size, or say that the layer expects another number of axes."""
    if len(shape) != rank + 1:
        rank_words = f"{rank + 1}D (unbatched) or {rank + 2}D (batched)"
        is_conv = "conv" in what
        arrived = f"a list of {shape[0]} numbers" if len(shape) == 1 else f"{say(shape)}"
        raise LayerError(
            "rank",
            f"It expects channels and {rank} spatial {'axis' if rank == 1 else 'axes'}, but {arrived} arrives.",
            f"Expected {rank_words} input to {what}, but got input of size: {batched(shape)}"
            if is_conv
            else f"non-empty {rank + 1}D or {rank + 2}D (batch mode) tensor expected for input",
            rank + 1,
            len(shape),
        )
    return shape[1:]


def check_channels(layer: Conv | ConvTranspose, shape: Shape) -> None:
    """Compare the channels that a layer was made for with those that arrive."""
    wanted, got = layer.channels_in, shape[0]
    turned = isinstance(layer, ConvTranspose)
    if wanted is not None and wanted != got:
        weight = (
            [wanted, layer.channels // layer.groups, *layer.kernel]
            if turned
            else [layer.channels, wanted // layer.groups, *layer.kernel]
        )
        given = "transposed=1" if turned else f"groups={layer.groups}"
        raise LayerError(
            "channels_in",
            f"It is made for {count(wanted, 'channel')}, but {got} {'arrives' if got == 1 else 'arrive'}.",
            f"Given {given}, weight of size {weight}, expected input{batched(shape)} to have {wanted} channels, "
            f"but got {got} channels instead",
            wanted,
            got,
        )
    if got % layer.groups:
        raise LayerError(
            "groups",
            f"{count(got, 'channel')} cannot be parted into {layer.groups} equal groups.",
            "in_channels must be divisible by groups",
            layer.groups,
            got,
        )


def conv_shape(layer: Conv, shape: Shape) -> Shape:
    """Give a convolution's output size."""
    spatial = spatial_of(shape, layer.rank, f"conv{layer.rank}d")
    check_channels(layer, shape)
    pads = layer_pads(layer, spatial)
    _check_wrap(layer, shape, pads)
    axes = zip(spatial, layer.kernel, layer.stride, pads, layer.dilation, strict=True)
    try:
        return (layer.channels, *(output_size(n, k, s, p, d) for n, k, s, p, d in axes))
    except SpecError as error:
        padded = " x ".join(str(n + sum(pad)) for n, pad in zip(spatial, pads, strict=True))
        reach = " x ".join(str(effective_kernel(k, d)) for k, d in zip(layer.kernel, layer.dilation, strict=True))
        raise LayerError(
            "kernel",
            error.message,
            f"Calculated padded input size per channel: ({padded}). Kernel size: ({reach}). "
            "Kernel size can't be greater than actual input size",
        ) from None


def _check_wrap(layer: Conv, shape: Shape, pads: Pads) -> None:
    """Mirrored and circular padding can only repeat what is there."""
    if layer.padding_mode not in {"reflect", "circular"}:
        return
    for axis, (n, pad) in enumerate(zip(shape[1:], pads, strict=True)):
        most = n - 1 if layer.padding_mode == "reflect" else n
        if max(pad) > most:
            word = "mirrored" if layer.padding_mode == "reflect" else "wrapped"
            raise LayerError(
                "padding",
                f"{max(pad)} cells are to be {word}, but an axis of {n} has only {most} to give.",
                f"Argument #4: Padding size should be less than the corresponding input dimension, but got: padding "
                f"{pad} at dimension {axis + 2} of input {batched(shape)}",
            )


def conv_transpose_shape(layer: ConvTranspose, shape: Shape) -> Shape:
    """Give a transposed convolution's output size."""
    spatial = spatial_of(shape, layer.rank, f"conv_transpose{layer.rank}d")
    check_channels(layer, shape)
    axes = zip(spatial, layer.kernel, layer.stride, layer.padding, layer.dilation, layer.output_padding, strict=True)
    try:
        return (layer.channels, *(transposed_size(*axis) for axis in axes))
    except SpecError as error:
        sizes = " x ".join(str(one) for one in spatial)
        raise LayerError(
            "padding",
            error.message,
            f"Given input size per channel: ({sizes}). Output size is too small",
        ) from None


def pool_shape(layer: Pool, shape: Shape) -> Shape:
    """Give a pooling's output size."""
    spatial = spatial_of(shape, layer.rank, "pool")
    axes = list(zip(spatial, layer.kernel, layer.stride, layer.padding, layer.dilation, strict=True))
    try:
        return (shape[0], *(output_size(n, k, s, p, d, ceil_mode=layer.ceil_mode) for n, k, s, p, d in axes))
    except SpecError as error:
        given = "x".join(str(one) for one in shape)
        sizes = [max((n + sum(p) - effective_kernel(k, d)) // s + 1, 0) for n, k, s, p, d in axes]
        counted = "x".join(str(one) for one in (shape[0], *sizes))
        message = f"Given input size: ({given}). Calculated output size: ({counted}). Output size is too small"
        raise LayerError("kernel", error.message.replace("kernel", "window"), message) from None


def adaptive_shape(layer: AdaptivePool, shape: Shape) -> Shape:
    """Give an adaptive pooling's output size: what was asked for."""
    spatial = spatial_of(shape, layer.rank, "pool")
    return (shape[0], *(n if wanted is None else wanted for n, wanted in zip(spatial, layer.size, strict=True)))


def count(number: int, word: str) -> str:
    """Say a number of things."""
    return f"{number} {word}" if number == 1 else f"{number:,} {word}s"
