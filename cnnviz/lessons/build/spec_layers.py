"""The layers that can be put into a network, each as it begins, and the settings of each with their bounds.

>>> new_layer("conv", (16, 28, 28)), new_layer("linear", (400,))
(Conv(32, 3, padding=1), Linear(10))
>>> [setting.name for setting in settings_of(Conv(8, 3))]
['channels', 'kernel', 'stride', 'padding', 'dilation', 'groups', 'bias']
>>> read_axes("kernel", "3×1", 2), read_axes("padding", "same", 2), read_axes("padding", "0.1", 1)
((3, 1), 'same', ((0, 1),))
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cnnviz.engine.networks.graph import Shape
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
    PixelShuffle,
    Pool,
    Upsample,
)
from cnnviz.errors import SpecError
from cnnviz.quoting import one_line

KINDS = {
    "conv": "Convolution", "depthwise": "Depthwise convolution", "conv1": "1×1 convolution", "relu": "ReLU",
    "max": "Max pooling", "avg": "Average pooling", "global": "Global average pooling", "bn": "Batch norm",
    "dropout": "Dropout", "flatten": "Flatten", "linear": "Dense", "up": "Transposed convolution",
    "upsample": "Enlarge", "shuffle": "Pixel shuffle", "sigmoid": "Sigmoid", "softmax": "Softmax",
}  # fmt: skip
MOST_CHANNELS = 4096
MOST_FEATURES = 100_000


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a layer: its name in the spec, what to call it, and its bounds; or the words it may be."""

    name: str
    label: str
    low: float = 1
    high: float = 1
    form: str = "number"
    """number, axes (one number an axis), flag, share (0 to 1), or choice."""
    words: tuple[str, ...] = ()
    help: str = ""


WINDOW = (
    Setting("kernel", "Kernel", 1, 31, "axes", help="The window’s side. 3×1 gives rows and columns apart."),
    Setting("stride", "Stride", 1, 16, "axes", help="How far the window steps."),
    Setting("padding", "Padding", 0, 15, "axes", help="Zeros around the map, on every side."),
    Setting("dilation", "Dilation", 1, 16, "axes", help="How far the window’s taps lie apart."),
)
BIAS = Setting("bias", "Bias", form="flag")


def new_layer(kind: str, shape: Shape) -> Layer:
    """Make a layer that is likely to fit what arrives."""
    rank = max(len(shape) - 1, 1)
    channels = shape[0]
    made: dict[str, Any] = {
        "conv": lambda: Conv(min(2 * channels, MOST_CHANNELS) if channels > 4 else 16, 3, padding=1, rank=rank),
        "depthwise": lambda: Conv(channels, 3, padding=1, groups=channels, rank=rank),
        "conv1": lambda: Conv(channels, 1, rank=rank),
        "relu": lambda: Activation("relu"),
        "max": lambda: Pool(2, rank=rank),
        "avg": lambda: Pool(2, how="avg", rank=rank),
        "global": lambda: AdaptivePool(1, rank=rank),
        "bn": lambda: BatchNorm(rank=rank),
        "dropout": lambda: Dropout(0.5),
        "flatten": Flatten,
        "linear": lambda: Linear(10),
        "up": lambda: ConvTranspose(max(channels // 2, 1), 2, stride=2, rank=rank),
        "upsample": lambda: Upsample(2, rank=rank),
        "shuffle": lambda: PixelShuffle(2),
        "sigmoid": lambda: Activation("sigmoid"),
        "softmax": lambda: Activation("softmax"),
    }
    layer: Layer = made[kind]()
    return layer


def settings_of(layer: Layer) -> tuple[Setting, ...]:  # noqa: PLR0911 - one case a layer
    """List what can be changed at a layer."""
    channels = Setting("channels", "Channels out", 1, MOST_CHANNELS)
    groups = Setting("groups", "Groups", 1, MOST_CHANNELS, help="As many groups as channels: depthwise.")
    match layer:
        case Conv():
            return (channels, *WINDOW, groups, BIAS)
        case ConvTranspose():
            extra = Setting("output_padding", "Output padding", 0, 15, "axes", help="Rows and columns more at one end.")
            return (channels, *WINDOW, extra, groups, BIAS)
        case Pool():
            window = WINDOW if layer.how == "max" else WINDOW[:3]
            ceil = Setting("ceil_mode", "Round sizes up", form="flag")
            return (Setting("how", "Which", form="choice", words=("max", "avg", "lp")), *window, ceil)
        case AdaptivePool():
            return (
                Setting("how", "Which", form="choice", words=("avg", "max")), Setting("size", "Size", 1, 512, "axes"),
            )  # fmt: skip
        case Activation():
            words = tuple(name for name in ACTIVATIONS if name != "identity")
            return (Setting("how", "Which", form="choice", words=words),)
        case Dropout():
            return (Setting("p", "Share set to zero", 0, 1, "share"),)
        case Linear():
            return (Setting("features", "Numbers out", 1, MOST_FEATURES), BIAS)
        case BatchNorm():
            return (Setting("affine", "Learns scale and shift", form="flag"),)
        case Norm(how="group"):
            return (Setting("groups", "Groups", 1, MOST_CHANNELS),)
        case Upsample() if layer.scale is not None and all(float(one).is_integer() for one in layer.scale):
            modes = {1: "linear", 2: "bilinear", 3: "trilinear"}
            words = ("nearest", modes.get(layer.rank, "nearest"))
            return (Setting("scale", "Factor", 1, 16, "axes"), Setting("mode", "Mode", form="choice", words=words))
        case PixelShuffle():
            return (Setting("factor", "Factor", 1, 8), Setting("down", "The other way (unshuffle)", form="flag"))
        case _:
            return ()


def is_even(value: Any) -> bool:
    """Say whether one number stands for all axes and sides."""
    if isinstance(value, str):
        return False
    flat = [one for axis in value for one in (axis if isinstance(axis, tuple) else (axis,))]
    return len(set(flat)) == 1


def first_of(value: Any) -> int:
    """Give that number."""
    first = value[0]
    return int(first[0] if isinstance(first, tuple) else first)


def show_axes(value: Any) -> str:
    """Write one number an axis, and the two sides of a padding where they differ.

    >>> show_axes((3, 1)), show_axes(((1, 1), (2, 2))), show_axes(((0, 1), (0, 1))), show_axes("same")
    ('3×1', '1×2', '0.1×0.1', 'same')
    """
    if isinstance(value, str):
        return value
    said = []
    for axis in value:
        sides = axis if isinstance(axis, tuple) else (axis,)
        said.append(str(sides[0]) if len(set(sides)) == 1 else ".".join(str(one) for one in sides))
    return "×".join(said)


def read_axes(name: str, text: str, rank: int) -> Any:
    """Read one number an axis, or one for all; a padding also as before.after, or as “same”."""
    tidy = text.strip().lower()
    if name == "padding" and tidy in {"same", "valid"}:
        return tidy
    parts = [part for part in re.split(r"[x×*, ]+", tidy) if part]
    example = "×".join(["3"] * rank)
    if len(parts) not in {1, rank} or not all(re.fullmatch(r"\d{1,5}(\.\d{1,5})?", part, re.ASCII) for part in parts):
        shown = one_line(text, 20)
        raise SpecError(name, f"“{shown}” was not understood: write one number, or one an axis like {example}.")
    if name != "padding" and any("." in part for part in parts):
        raise SpecError(name, f"“{one_line(text, 20)}” was not understood: {name} takes whole numbers.")
    parts *= rank if len(parts) == 1 else 1
    if name == "padding":
        sides = [tuple(int(one) for one in part.split(".")) for part in parts]
        return tuple(one * 2 if len(one) == 1 else one for one in sides)
    return tuple(int(part) for part in parts)
