"""The size that a layer gives, from the sizes that it gets; and the fault, in PyTorch's words and in plain ones.

>>> layer_shape(Conv(16, 5), [(3, 28, 28)])
(16, 24, 24)
>>> try:
...     layer_shape(Conv(16, 5, channels_in=6), [(3, 28, 28)])
... except LayerError as fault:
...     print(fault, "|", fault.torch)
It is made for 6 channels, but 3 arrive. | Given groups=1, weight of size [16, 6, 5, 5], expected input[1, 3, 28, 28] to have 6 channels, but got 3 channels instead

Sizes are without the batch, which PyTorch's words have as 1.
"""  # noqa: E501 - PyTorch's sentence is as long as it is

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.layers.base import MOST_AXES
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Crop,
    Dropout,
    Flatten,
    Layer,
    Linear,
    Mean,
    Multiply,
    Norm,
    Pad,
    Pads,
    PixelShuffle,
    Pool,
    Upsample,
    View,
)
from cnnviz.engine.networks.layers.windows import (
    LayerError,
    adaptive_shape,
    batched,
    conv_shape,
    conv_transpose_shape,
    count,
    pool_shape,
    say,
    spatial_of,
)

LARGEST_ELEMENTS = 10**12


def layer_shape(layer: Layer, shapes: Sequence[Shape]) -> Shape:
    """Give the output's size, or raise a `LayerError`."""
    shape = _SHAPES[type(layer)](layer, *shapes)
    if len(shape) > MOST_AXES:
        raise LayerError(
            "shape",
            f"Its output has {len(shape)} axes; {MOST_AXES} are the most that are followed here.",
            "(PyTorch itself works with 64 axes at most in many of its functions.)",
        )
    if math.prod(shape) > LARGEST_ELEMENTS:
        raise LayerError(
            "size", f"Its output {say(shape)} would have over a million million numbers.", "CUDA out of memory."
        )
    return shape


def _batch_norm(layer: BatchNorm, shape: Shape) -> Shape:
    if layer.rank > 1 and len(shape) != layer.rank + 1:
        raise LayerError(
            "rank",
            f"It expects channels and {layer.rank} spatial axes, but {say(shape)} arrives.",
            f"expected {layer.rank + 2}D input (got {len(shape) + 1}D input)",
        )
    if layer.features_in is not None and layer.features_in != shape[0]:
        raise LayerError(
            "features_in",
            f"It is made for {count(layer.features_in, 'channel')}, but {shape[0]} arrive.",
            f"running_mean should contain {shape[0]} elements not {layer.features_in}",
            layer.features_in,
            shape[0],
        )
    return shape


def _norm(layer: Norm, shape: Shape) -> Shape:
    if layer.how == "layer" and layer.shape and shape[-len(layer.shape) :] != layer.shape:
        wanted = ", ".join(str(one) for one in layer.shape)
        raise LayerError(
            "shape",
            f"It normalises over the last axes {say(layer.shape)}, but {say(shape)} arrives.",
            f"Given normalized_shape={list(layer.shape)}, expected input with shape [*, {wanted}], but got input of "
            f"size{batched(shape)}",
        )
    if layer.how == "group" and (shape[0] % layer.groups or layer.features_in not in {None, shape[0]}):
        made = f", and it is made for {layer.features_in}" if layer.features_in not in {None, shape[0]} else ""
        raise LayerError(
            "groups",
            f"{shape[0]} channels arrive in {layer.groups} groups{made}.",
            f"Expected weight to be a vector of size equal to the number of channels in input, but got weight of "
            f"shape [{layer.features_in}] and input of shape {batched(shape)}"
            if made
            else f"Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{batched(shape)} and num_groups={layer.groups}",
        )
    return shape


def _same(_: Layer, shape: Shape) -> Shape:
    return shape


def _flatten(layer: Flatten, shape: Shape) -> Shape:
    ranks = len(shape) + 1
    start, end = (one if one >= 0 else one + ranks for one in (layer.start, layer.end))
    for one in (start, end):
        if not 0 <= one < ranks:
            raise LayerError(
                "start",
                f"It names axis {one}, but what arrives has the axes 0 (the batch) to {ranks - 1}.",
                f"Dimension out of range (expected to be in range of [{-ranks}, {ranks - 1}], but got {one})",
            )
    if start == 0 and end > 0:
        raise LayerError(
            "start",
            "It would join the batch with the features; start at axis 1 to keep the pictures apart.",
            "(PyTorch does it without a word; the next layer then sees one long row.)",
        )
    kept = [1, *shape]
    return (*kept[:start], math.prod(kept[start : end + 1]), *kept[end + 1 :])[1:]


def _view(layer: View, shape: Shape) -> Shape:
    have = math.prod(shape)
    known = math.prod(one for one in layer.shape if one != -1)
    open_sizes = layer.shape.count(-1)
    fits = open_sizes <= 1 and known > 0 and (have % known == 0 if open_sizes else have == known)
    if not fits:
        wanted = "×".join("?" if one == -1 else str(one) for one in layer.shape)
        raise LayerError(
            "shape",
            f"It asks for {wanted} a picture, but there are {have:,} numbers ({say(shape)}).",
            f"shape '{[-1, *layer.shape]}' is invalid for input of size {have}",
            known,
            have,
        )
    return tuple(have // known if one == -1 else one for one in layer.shape)


def _linear(layer: Linear, shape: Shape) -> Shape:
    if layer.features_in is not None and layer.features_in != shape[-1]:
        rows = math.prod(shape[:-1])
        hint = (
            f" {say(shape)} is not flattened yet; flattened it would be {math.prod(shape):,} numbers."
            if len(shape) > 1
            else ""
        )
        raise LayerError(
            "features_in",
            f"It is made for {layer.features_in:,} numbers, but {shape[-1]:,} arrive.{hint}",
            f"mat1 and mat2 shapes cannot be multiplied ({rows}x{shape[-1]} and {layer.features_in}x{layer.features})",
            layer.features_in,
            shape[-1],
        )
    return (*shape[:-1], layer.features)


def _add(_: Layer, *shapes: Shape) -> Shape:
    together = shapes[0]
    for shape in shapes[1:]:
        longer = max(len(shape), len(together))
        first, second = ((1,) * (longer - len(one)) + one for one in (together, shape))
        # PyTorch looks from the last axis, and names the first that it finds.
        for axis, (a, b) in reversed(list(enumerate(zip(first, second, strict=True)))):
            if a != b and 1 not in {a, b}:
                raise LayerError(
                    "inputs",
                    f"Two branches of different size meet: {say(together)} and {say(shape)}.",
                    f"The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension "
                    f"{axis + 1}",
                    a,
                    b,
                )
        together = tuple(max(a, b) for a, b in zip(first, second, strict=True))
    return together


def _concat(layer: Concat, *shapes: Shape) -> Shape:
    axis = layer.axis - 1 if layer.axis > 0 else layer.axis + len(shapes[0])
    first = shapes[0]
    for number, shape in enumerate(shapes):
        if len(shape) != len(first) or not 0 <= axis < len(shape):
            raise LayerError(
                "inputs",
                f"Branches with different numbers of axes meet: {say(first)} and {say(shape)}.",
                f"Tensors must have same number of dimensions: got {len(first) + 1} and {len(shape) + 1}",
            )
        for place, (a, b) in enumerate(zip(first, shape, strict=True)):
            if place != axis and a != b:
                raise LayerError(
                    "inputs",
                    f"{say(first)} and {say(shape)} cannot stand behind one another: only the joined axis may differ.",
                    f"Sizes of tensors must match except in dimension {axis + 1}. Expected size {a} but got size {b} "
                    f"for tensor number {number} in the list.",
                    a,
                    b,
                )
    return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])


def _upsample(layer: Upsample, shape: Shape) -> Shape:
    rank = len(layer.size or layer.scale)
    spatial = spatial_of(shape, rank, "upsample")
    return (shape[0], *(layer.size or (int(n * scale) for n, scale in zip(spatial, layer.scale, strict=True))))


def _pixel_shuffle(layer: PixelShuffle, shape: Shape) -> Shape:
    channels, height, width = (shape[0], *spatial_of(shape, 2, "pool"))
    factor = layer.factor
    if layer.down:
        for name, size, axis in (("height", height, -2), ("width", width, -1)):
            if size % factor:
                raise LayerError(
                    "factor",
                    f"The {name} {size} is no multiple of {factor}.",
                    f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but input.size({axis})="
                    f"{size} is not divisible by {factor}",
                )
        return channels * factor**2, height // factor, width // factor
    if channels % factor**2:
        raise LayerError(
            "factor",
            f"{channels} channels are no multiple of {factor}² = {factor**2}.",
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            f"but input.size(-3)={channels} is not divisible by {factor**2}",
        )
    return channels // factor**2, height * factor, width * factor


def crop_margins(layer: Crop, shapes: Sequence[Shape]) -> Pads:
    """Give what is cut off each axis; an odd cell goes after."""
    if layer.margins is not None:
        margins: Pads = layer.margins
        return margins
    wanted = layer.size if layer.size is not None else shapes[1][1:] if len(shapes) > 1 else shapes[0][1:]
    cut = [n - m for n, m in zip(shapes[0][1:], wanted, strict=True)]
    return tuple((one // 2, one - one // 2) for one in cut)


def _crop(layer: Crop, *shapes: Shape) -> Shape:
    wanted = layer.margins or layer.size or shapes[-1][1:]
    spatial_of(shapes[0], len(wanted), "crop")
    margins = crop_margins(layer, shapes)
    spatial = tuple(n - sum(margin) for n, margin in zip(shapes[0][1:], margins, strict=True))
    if any(n < 1 for n in spatial) or any(min(margin) < 0 for margin in margins):
        raise LayerError(
            "size",
            f"{say(shapes[0])} is too small to be cut to that.",
            f"Sizes of tensors must match: cannot crop {batched(shapes[0])}",
        )
    return (shapes[0][0], *spatial)


def _pad(layer: Pad, shape: Shape) -> Shape:
    spatial = spatial_of(shape, len(layer.margins), "pad")
    return (shape[0], *(n + sum(margin) for n, margin in zip(spatial, layer.margins, strict=True)))


def mean_axes(layer: Mean, shape: Shape) -> list[int]:
    """Give the axes that are averaged, counted without the batch."""
    ranks = len(shape) + 1
    axes = sorted({(one if one >= 0 else one + ranks) - 1 for one in layer.axes})
    if not axes or axes[0] < 0 or axes[-1] >= len(shape):
        raise LayerError(
            "axes",
            f"It averages over axes that are not there; what arrives has the axes 1 to {len(shape)}.",
            f"Dimension out of range (expected to be in range of [{-ranks}, {ranks - 1}])",
        )
    return axes


def _mean(layer: Mean, shape: Shape) -> Shape:
    axes = mean_axes(layer, shape)
    return tuple(1 if axis in axes else n for axis, n in enumerate(shape) if layer.keep or axis not in axes)


_SHAPES: dict[type[Layer], Callable[..., Shape]] = {
    Conv: conv_shape, ConvTranspose: conv_transpose_shape, Pool: pool_shape, AdaptivePool: adaptive_shape,
    BatchNorm: _batch_norm, Norm: _norm, Activation: _same, Dropout: _same, Flatten: _flatten, View: _view,
    Linear: _linear, Add: _add, Multiply: _add, Concat: _concat, Upsample: _upsample, PixelShuffle: _pixel_shuffle,
    Crop: _crop, Pad: _pad, Mean: _mean,
}  # fmt: skip
