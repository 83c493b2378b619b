"""One layer in PyTorch's words: as a module of `torch.nn`, or as what it does to its inputs.

>>> module_words(Conv(8, 3, stride=2), (3, 9, 9)), module_words(Add(), None)
('nn.Conv2d(3, 8, 3, stride=2)', '')
>>> expression(Flatten(), ["x"])
'torch.flatten(x, 1)'
"""

from __future__ import annotations

from typing import Any

from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.layers.kinds import (
    ACTIVATIONS,
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

PAD_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def keeps_state(layer: Layer) -> bool:
    """Say whether a layer has parameters, or behaves differently while it learns."""
    return (
        isinstance(layer, (Conv, ConvTranspose, Linear, BatchNorm, Dropout))
        or (isinstance(layer, Norm) and layer.how != "response")
        or (isinstance(layer, Activation) and layer.how == "prelu")
    )


def padded(layer: Layer, x: str) -> str:
    """Pad first where the two sides of an axis differ, which PyTorch's convolutions cannot."""
    if isinstance(layer, Conv) and not _even(layer.padding):
        return f"F.pad({x}, {_flat(layer.padding)}, mode={PAD_MODES[layer.padding_mode]!r})"
    return x


def _even(padding: Any) -> bool:
    return isinstance(padding, str) or all(before == after for before, after in padding)


def _flat(margins: Pads) -> tuple[int, ...]:
    return tuple(one for margin in reversed(margins) for one in margin)


def one_or_all(numbers: Any) -> Any:
    """Write one number where all axes agree.

    >>> one_or_all((3, 3)), one_or_all((1, 3)), one_or_all("same")
    (3, (1, 3), 'same')
    """
    return numbers[0] if isinstance(numbers, tuple) and len(set(numbers)) == 1 else numbers


def _said(**settings: Any) -> str:
    """Write the settings that differ from PyTorch's defaults."""
    defaults = {
        "stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True, "padding_mode": "zeros",
        "output_padding": 0,         "ceil_mode": False, "count_include_pad": True, "affine": True,
    }  # fmt: skip
    return "".join(f", {name}={value!r}" for name, value in settings.items() if value != defaults[name])


def module_words(layer: Layer, shape: Shape | None) -> str:  # noqa: PLR0911, PLR0912 - one case a layer
    """Write a layer as a module of `torch.nn`; nothing, if it is none."""
    match layer:
        case Conv():
            return _conv(layer, shape)
        case ConvTranspose():
            lazy = "" if shape else "Lazy"
            first = f"{shape[0]}, " if shape else ""
            return (
                f"nn.{lazy}ConvTranspose{layer.rank}d({first}{layer.channels}, {one_or_all(layer.kernel)}"
                + _said(
                    stride=one_or_all(layer.stride), padding=one_or_all(tuple(b for b, _ in layer.padding)),
                    output_padding=one_or_all(layer.output_padding), groups=layer.groups, bias=layer.bias,
                    dilation=one_or_all(layer.dilation),
                )
                + ")"
            )  # fmt: skip
        case Linear():
            first = f"{shape[-1]}, " if shape else ""
            return f"nn.{'' if shape else 'Lazy'}Linear({first}{layer.features}{_said(bias=layer.bias)})"
        case BatchNorm():
            rank = layer.rank if not shape else max(len(shape) - 1, 1)
            return (
                f"nn.{'' if shape else 'Lazy'}BatchNorm{rank}d({shape[0] if shape else ''}{_said(affine=layer.affine)})"
            )
        case Dropout():
            return f"nn.Dropout{f'{layer.rank}d' if layer.channels else ''}({layer.p})"
        case Norm(how="group"):
            return (
                f"nn.GroupNorm({layer.groups}, {shape[0] if shape else layer.features_in}{_said(affine=layer.affine)})"
            )
        case Norm(how="instance"):
            rank = len(shape) - 1 if shape else 2
            return f"nn.InstanceNorm{rank}d({shape[0] if shape else layer.features_in}, affine={layer.affine})"
        case Norm(how="layer"):
            return f"nn.LayerNorm({layer.shape}" + ("" if layer.affine else ", elementwise_affine=False") + ")"
        case Norm():
            return f"nn.LocalResponseNorm({layer.groups})"
        case Activation():
            return f"nn.{ACTIVATIONS[layer.how]}({_activation_setting(layer)})"
        case Pool() if _even(layer.padding):
            return f"nn.{_pool(layer, class_like=True)})"
        case AdaptivePool():
            return f"nn.Adaptive{layer.how.capitalize()}Pool{layer.rank}d({one_or_all(layer.size)})"
        case Flatten():
            return "nn.Flatten()" if (layer.start, layer.end) == (1, -1) else f"nn.Flatten({layer.start}, {layer.end})"
        case Upsample():
            return f"nn.Upsample({_upsample(layer)})"
        case PixelShuffle():
            return f"nn.Pixel{'Unshuffle' if layer.down else 'Shuffle'}({layer.factor})"
        case _:
            return ""


def _conv(layer: Conv, shape: Shape | None) -> str:
    even = _even(layer.padding)
    padding = layer.padding if isinstance(layer.padding, str) else one_or_all(tuple(b for b, _ in layer.padding))
    settings = _said(
        stride=one_or_all(layer.stride),
        padding=padding if even else 0,
        dilation=one_or_all(layer.dilation),
        groups=layer.groups,
        bias=layer.bias,
        padding_mode=layer.padding_mode if even else "zeros",
    )
    first = f"{shape[0]}, " if shape else ""
    return (
        f"nn.{'' if shape else 'Lazy'}Conv{layer.rank}d({first}{layer.channels}, {one_or_all(layer.kernel)}{settings})"
    )


def _activation_setting(layer: Activation) -> str:
    if layer.how in {"softmax", "log_softmax"}:
        return "dim=1"
    return f"{layer.slope}" if layer.slope is not None else ""


def _pool(layer: Pool, *, class_like: bool) -> str:
    """Write a pooling's name and settings, without the bracket that closes them."""
    kernel, stride = one_or_all(layer.kernel), one_or_all(layer.stride)
    padding = one_or_all(tuple(before for before, _ in layer.padding))
    name = {"max": "MaxPool", "avg": "AvgPool", "lp": "LPPool"}[layer.how]
    if not class_like:
        name = f"{layer.how}_pool"
    said = f", stride={stride}" if layer.stride != layer.kernel else ""
    norm = "2, " if layer.how == "lp" else ""
    if layer.how != "lp":
        said += _said(padding=padding if _even(layer.padding) else 0)
    if layer.how == "max":
        said += _said(dilation=one_or_all(layer.dilation))
    said += _said(ceil_mode=layer.ceil_mode)
    if layer.how == "avg":
        said += _said(count_include_pad=layer.count_include_pad)
    return f"{name}{layer.rank}d({norm}{kernel}{said}"


def _upsample(layer: Upsample) -> str:
    size = f"size={one_or_all(layer.size)}" if layer.size is not None else f"scale_factor={one_or_all(layer.scale)}"
    mode = "" if layer.mode == "nearest" else f", mode={layer.mode!r}"
    return size + mode + (", align_corners=True" if layer.align_corners else "")


def expression(layer: Layer, inputs: list[str]) -> str:  # noqa: PLR0911, PLR0912 - one case a layer
    """Write what a layer without state does to its inputs."""
    x = inputs[0]
    match layer:
        case Activation(how="identity"):
            return x
        case Activation():
            said = _activation_setting(layer)
            return f"F.{layer.how}({x}{', ' if said else ''}{said})"
        case Pool() if _even(layer.padding):
            return f"F.{_pool(layer, class_like=False).replace('(', f'({x}, ', 1)})"
        case Pool():
            value = ", value=-float('inf')" if layer.how == "max" else ""
            padded_x = f"F.pad({x}, {_flat(layer.padding)}{value})"
            return f"F.{_pool(layer, class_like=False).replace('(', f'({padded_x}, ', 1)})"
        case AdaptivePool():
            return f"F.adaptive_{layer.how}_pool{layer.rank}d({x}, {one_or_all(layer.size)})"
        case Norm():
            return f"F.local_response_norm({x}, {layer.groups})"
        case Flatten():
            more = "" if layer.end == -1 else f", {layer.end}"
            return f"torch.flatten({x}, {layer.start}{more})"
        case View():
            return f"{x}.reshape({x}.shape[0], {', '.join(str(one) for one in layer.shape)})"
        case Add():
            return " + ".join(inputs)
        case Multiply():
            return " * ".join(inputs)
        case Concat():
            return f"torch.cat([{', '.join(inputs)}], dim={layer.axis})"
        case Upsample():
            return f"F.interpolate({x}, {_upsample(layer)})"
        case PixelShuffle():
            return f"F.pixel_{'unshuffle' if layer.down else 'shuffle'}({x}, {layer.factor})"
        case Pad():
            return f"F.pad({x}, {_flat(layer.margins)}, mode={PAD_MODES[layer.mode]!r})"
        case Mean():
            keep = ", keepdim=True" if layer.keep else ""
            axes = one_or_all(layer.axes) if len(layer.axes) == 1 else layer.axes
            return f"{x}.{'amax' if layer.how == 'max' else 'mean'}({axes}{keep})"
        case Crop():
            return _crop(layer, inputs)
        case _:
            return x


def _crop(layer: Crop, inputs: list[str]) -> str:
    x = inputs[0]
    if layer.margins is not None:
        return f"F.pad({x}, {tuple(-one for one in _flat(layer.margins))})"
    wanted = f"{inputs[1]}.shape[2:]" if len(inputs) > 1 else repr(layer.size)
    return f"centre_crop({x}, {wanted})"
