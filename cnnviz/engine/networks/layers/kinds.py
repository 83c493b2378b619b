"""The layers that a network is made of: what each asks for, in PyTorch's words, and nothing about sizes that follow.

>>> Conv(64, 7, stride=2, padding=3)
Conv(64, 7, stride=2, padding=3)
>>> Conv(64, (3, 1), padding=(1, 0)).kernel, Conv(8, 5, rank=1).padding
((3, 1), ((0, 0),))

One number stands for all axes, as in PyTorch; inside, every axis has its own, and padding is always (before, after).
`channels_in` and `features_in` may stay open: then a layer takes what comes, as PyTorch's lazy layers do. Pasted code
says them, and may be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from cnnviz.engine.networks.layers.base import PADDING_WORDS, Layer, Pads, check, nearest_divisor, pads, spread, whole
from cnnviz.errors import SpecError

__all__ = ["ACTIVATIONS", "Layer", "Pads"]


@dataclass(frozen=True, slots=True, repr=False)
class Conv(Layer):
    """A convolution of one, two or three spatial axes."""

    kind: ClassVar[str] = "conv"
    channels: int
    kernel: Any
    stride: Any = 1
    padding: Any = 0
    dilation: Any = 1
    groups: int = 1
    bias: bool = True
    padding_mode: str = "zeros"
    channels_in: int | None = None
    rank: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        check(self, "channels", "groups", "rank")
        spread(self, "kernel", "stride", "dilation")
        object.__setattr__(self, "padding", pads(self.padding, self.rank))
        if self.padding == "same" and max(self.stride) > 1:
            raise SpecError("padding", "padding='same' works only with stride 1; give the padding as a number.")
        if self.channels % self.groups:
            raise SpecError(
                "groups",
                f"{self.channels} output channels cannot be parted into {self.groups} equal groups; "
                f"{nearest_divisor(self.channels, self.groups)} groups can.",
            )


@dataclass(frozen=True, slots=True, repr=False)
class ConvTranspose(Layer):
    """A transposed convolution; its padding takes cells away from the output."""

    kind: ClassVar[str] = "conv_transpose"
    channels: int
    kernel: Any
    stride: Any = 1
    padding: Any = 0
    output_padding: Any = 0
    groups: int = 1
    bias: bool = True
    dilation: Any = 1
    channels_in: int | None = None
    rank: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        check(self, "channels", "groups", "rank")
        spread(self, "kernel", "stride", "dilation")
        spread(self, "output_padding", least=0)
        object.__setattr__(self, "padding", pads(self.padding, self.rank))
        if self.padding in PADDING_WORDS:
            raise SpecError("padding", "A transposed convolution needs its padding as a number.")
        for more, stride, dilation in zip(self.output_padding, self.stride, self.dilation, strict=True):
            if more >= max(stride, dilation):
                raise SpecError(
                    "output_padding",
                    f"output_padding is {more}, but it must be smaller than the stride or the dilation: "
                    f"at most {max(stride, dilation) - 1}.",
                )


@dataclass(frozen=True, slots=True, repr=False)
class Pool(Layer):
    """Max, average or L2 pooling; without a stride the window's size is the stride."""

    kind: ClassVar[str] = "pool"
    kernel: Any
    stride: Any = None
    padding: Any = 0
    dilation: Any = 1
    ceil_mode: bool = False
    how: Literal["max", "avg", "lp"] = "max"
    count_include_pad: bool = True
    rank: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        check(self, "rank")
        if self.stride is None:
            object.__setattr__(self, "stride", self.kernel)
        spread(self, "kernel", "stride", "dilation")
        object.__setattr__(self, "padding", pads(self.padding, self.rank))
        for reach, (before, after) in zip(self.kernel, self.padding, strict=True):
            if 2 * max(before, after) > reach:
                raise SpecError(
                    "padding",
                    f"Padding {max(before, after)} is more than half of the window {reach}: "
                    f"at most {reach // 2} works.",
                )


@dataclass(frozen=True, slots=True, repr=False)
class AdaptivePool(Layer):
    """Pooling to a given output size; None keeps an axis, 1 is global pooling."""

    kind: ClassVar[str] = "adaptive_pool"
    size: Any = 1
    how: Literal["max", "avg"] = "avg"
    rank: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        check(self, "rank")
        wanted = tuple(self.size) if isinstance(self.size, (tuple, list)) else (self.size,) * self.rank
        if len(wanted) != self.rank:
            raise SpecError("size", f"The size names {len(wanted)} axes, but the layer has {self.rank}.")
        object.__setattr__(self, "size", tuple(None if one is None else whole("size", one, 1) for one in wanted))


@dataclass(frozen=True, slots=True, repr=False)
class BatchNorm(Layer):
    """Batch normalisation: two parameters a channel if affine."""

    kind: ClassVar[str] = "batch_norm"
    features_in: int | None = None
    affine: bool = True
    rank: int = 2


@dataclass(frozen=True, slots=True, repr=False)
class Norm(Layer):
    """Normalisation of one picture by itself: over groups of channels, each channel, neighbours, or the last axes."""

    kind: ClassVar[str] = "norm"
    how: Literal["group", "instance", "response", "layer"] = "group"
    groups: int = 1
    affine: bool = True
    shape: tuple[int, ...] = ()
    features_in: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Activation(Layer):
    """A function of each number by itself, or softmax over the channels."""

    kind: ClassVar[str] = "activation"
    how: str = "relu"
    slope: float | None = None


ACTIVATIONS = {
    "relu": "ReLU", "relu6": "ReLU6", "leaky_relu": "LeakyReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU",
    "silu": "SiLU", "mish": "Mish", "softplus": "Softplus", "hardswish": "Hardswish", "hardsigmoid": "Hardsigmoid",
    "hardtanh": "Hardtanh", "celu": "CELU", "tanh": "Tanh", "sigmoid": "Sigmoid", "logsigmoid": "LogSigmoid",
    "softmax": "Softmax", "log_softmax": "LogSoftmax", "prelu": "PReLU", "identity": "Identity",
}  # fmt: skip
"""The name in code (`F.relu`) and the class in `torch.nn`."""


@dataclass(frozen=True, slots=True, repr=False)
class Dropout(Layer):
    """Sets numbers (or whole channels) to zero while training."""

    kind: ClassVar[str] = "dropout"
    p: float = 0.5
    channels: bool = False
    rank: int = 2


@dataclass(frozen=True, slots=True, repr=False)
class Flatten(Layer):
    """Joins axes into one; axis 0 is the batch."""

    kind: ClassVar[str] = "flatten"
    start: int = 1
    end: int = -1


@dataclass(frozen=True, slots=True, repr=False)
class View(Layer):
    """Lays the same numbers out in another shape; the batch is left out, and one size may be -1."""

    kind: ClassVar[str] = "view"
    shape: tuple[int, ...] = (-1,)


@dataclass(frozen=True, slots=True, repr=False)
class Linear(Layer):
    """A dense layer on the last axis."""

    kind: ClassVar[str] = "linear"
    features: int
    bias: bool = True
    features_in: int | None = None

    def __post_init__(self) -> None:
        """Check the number."""
        check(self, "features")


@dataclass(frozen=True, slots=True, repr=False)
class Add(Layer):
    """Adds its inputs, cell by cell: the end of a residual branch."""

    kind: ClassVar[str] = "add"
    arity: ClassVar[int] = 0


@dataclass(frozen=True, slots=True, repr=False)
class Multiply(Layer):
    """Multiplies its inputs, cell by cell: a gate."""

    kind: ClassVar[str] = "multiply"
    arity: ClassVar[int] = 0


@dataclass(frozen=True, slots=True, repr=False)
class Concat(Layer):
    """Puts its inputs behind one another; axis 1 is the channels."""

    kind: ClassVar[str] = "concat"
    arity: ClassVar[int] = 0
    axis: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class Upsample(Layer):
    """Makes a picture larger without parameters, by a factor or to a size."""

    kind: ClassVar[str] = "upsample"
    scale: Any = 2
    size: Any = None
    mode: str = "nearest"
    align_corners: bool = False
    rank: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        if self.size is not None:
            object.__setattr__(self, "scale", None)
            spread(self, "size")
        else:
            spread(self, "scale")


@dataclass(frozen=True, slots=True, repr=False)
class PixelShuffle(Layer):
    """Moves channels into space (or back, `down`)."""

    kind: ClassVar[str] = "pixel_shuffle"
    factor: int = 2
    down: bool = False

    def __post_init__(self) -> None:
        """Check the number."""
        check(self, "factor")


@dataclass(frozen=True, slots=True, repr=False)
class Crop(Layer):
    """Cuts its first input: to a size around the centre, by margins, or to the size of its second input."""

    kind: ClassVar[str] = "crop"
    arity: ClassVar[int] = -1
    size: Any = None
    margins: Any = None
    rank: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        if self.size is not None:
            spread(self, "size")
        if self.margins is not None:
            object.__setattr__(self, "margins", pads(self.margins, self.rank))


@dataclass(frozen=True, slots=True, repr=False)
class Pad(Layer):
    """Adds cells around a picture, as a layer of its own."""

    kind: ClassVar[str] = "pad"
    margins: Any = 0
    mode: str = "zeros"
    rank: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        object.__setattr__(self, "margins", pads(self.margins, self.rank))


@dataclass(frozen=True, slots=True, repr=False)
class Mean(Layer):
    """Averages over axes (1 is the channels): global pooling as `x.mean([2, 3])` writes it."""

    kind: ClassVar[str] = "mean"
    axes: tuple[int, ...] = (2, 3)
    keep: bool = False
    how: Literal["mean", "max"] = "mean"
