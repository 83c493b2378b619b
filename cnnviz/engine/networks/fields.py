"""What one unit of a layer sees of the picture, one axis at a time: size, stride and place of its receptive field.

>>> picture = AxisField()
>>> after = window_field(picture, 7, 2, 3)            # the first layer of a ResNet
>>> after.size, after.stride, after.padding
(7, 2, 3)
>>> after = window_field(after, 3, 2, 1)              # its max pool
>>> after.size, after.stride, after.padding
(11, 4, 5)

A layer's units stand in a row: the first has its centre at `centre` (which may be between two cells, hence the doubled
number inside), the next is `stride` cells further. `padding` is how far the first field hangs over the picture's edge.
Strides become fractions where a network makes its maps larger again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cnnviz.engine.arithmetic import effective_kernel
from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.layers.kinds import (
    AdaptivePool,
    Concat,
    Conv,
    ConvTranspose,
    Crop,
    Flatten,
    Layer,
    Linear,
    Mean,
    Pad,
    PixelShuffle,
    Pool,
    Upsample,
    View,
)
from cnnviz.engine.networks.layers.shapes import crop_margins, mean_axes
from cnnviz.engine.networks.layers.windows import LayerError, layer_pads

Length = int | Fraction
LARGEST_NUMBER = 10**38
"""Thousands of strides one behind another would multiply to numbers that take minutes to work with."""


@dataclass(frozen=True, slots=True)
class AxisField:
    """The receptive fields of a row of units; a fresh one is the picture's own cells."""

    size: Length = 1
    stride: Length = 1
    centre2: Length = 0
    """Twice the place of the first field's centre, in cells of the picture: its first cell is 0."""
    aligned: bool = True
    """False: branches with different strides or centres met on the way."""

    @property
    def centre(self) -> Fraction:
        """Where the first field's centre is."""
        return Fraction(self.centre2) / 2

    @property
    def padding(self) -> Length:
        """How many cells of the first field lie before the picture."""
        return _plain(Fraction(self.size - 1 - self.centre2) / 2)

    def span(self, unit: int) -> tuple[Length, Length]:
        """Give the first cell of a unit's field, and the one behind its last.

        >>> AxisField(3, 2, 0).span(1)
        (1, 4)
        """
        first = _plain(Fraction(self.centre2 - self.size + 1) / 2 + unit * self.stride)
        return first, first + self.size


Fields = tuple[AxisField, ...]


def window_field(field: AxisField, kernel: int, stride: int = 1, before: int = 0, dilation: int = 1) -> AxisField:
    """Slide a window over units: it sees as far as the outer two do."""
    reach = dilation * (kernel - 1)
    return AxisField(
        field.size + reach * field.stride,
        field.stride * stride,
        field.centre2 + field.stride * (reach - 2 * before),
        field.aligned,
    )


def layer_fields(layer: Layer, fields: Sequence[Fields], shapes: Sequence[Shape], output: Shape) -> Fields:
    """Give the fields behind a layer, one for each spatial axis of the picture; once a layer sees all, it stays.

    >>> far = (AxisField(stride=10**36),) * 2
    >>> layer_fields(Conv(1, 1, stride=1000), [far], [(1, 1, 1)], (1, 1, 1))
    Traceback (most recent call last):
    cnnviz.engine.networks.layers.windows.LayerError: The strides up to here multiply to a number of more than 38 \
digits; receptive fields are not followed so far.
    """
    after = _fields(layer, fields, shapes, output)
    numbers = [number for field in after for number in (field.size, field.stride, field.centre2)]
    if any(abs(one.numerator) > LARGEST_NUMBER or one.denominator > LARGEST_NUMBER for one in numbers):
        raise LayerError(
            "stride",
            "The strides up to here multiply to a number of more than 38 digits; receptive fields are not followed so "
            "far.",
            "(PyTorch does it without a word.)",
        )
    return after


def _fields(  # noqa: PLR0911, PLR0912 - one case a layer
    layer: Layer, fields: Sequence[Fields], shapes: Sequence[Shape], output: Shape
) -> Fields:
    first = fields[0]
    if len(fields) > 1 and not isinstance(layer, Crop):
        return tuple(join(axes) for axes in zip(*fields, strict=True))
    spatial = shapes[0][1:]
    if len(spatial) != len(first) or isinstance(layer, Linear):
        return _all(first, spatial) if isinstance(layer, (Linear, Flatten, View, Conv, Concat)) else first
    match layer:
        case Conv():
            sides = layer_pads(layer, spatial)
            axes = zip(first, layer.kernel, layer.stride, (pad[0] for pad in sides), layer.dilation, strict=True)
            return tuple(window_field(*axis) for axis in axes)
        case Pool():
            axes = zip(first, layer.kernel, layer.stride, (p[0] for p in layer.padding), layer.dilation, strict=True)
            return tuple(window_field(*axis) for axis in axes)
        case ConvTranspose():
            zipped = zip(first, layer.kernel, layer.stride, layer.padding, layer.dilation, strict=True)
            return tuple(_turned(field, k, s, p[0], d) for field, k, s, p, d in zipped)
        case AdaptivePool():
            return tuple(_adaptive(field, n, m) for field, n, m in zip(first, spatial, output[1:], strict=True))
        case Mean():
            gone = mean_axes(layer, shapes[0])
            return tuple(
                _adaptive(f, n, 1) if axis + 1 in gone else f
                for axis, (f, n) in enumerate(zip(first, spatial, strict=True))
            )
        case Flatten() | View():
            return _all(first, spatial)
        case Upsample():
            return tuple(
                _enlarged(field, Fraction(m, n), smooth=layer.mode != "nearest")
                for field, n, m in zip(first, spatial, output[1:], strict=True)
            )
        case PixelShuffle(factor=factor, down=down):
            if down:
                return tuple(window_field(field, factor, factor) for field in first)
            return tuple(_enlarged(field, Fraction(factor), smooth=False) for field in first)
        case Crop():
            return tuple(_moved(f, m[0]) for f, m in zip(first, crop_margins(layer, shapes), strict=True))
        case Pad():
            return tuple(_moved(field, -margin[0]) for field, margin in zip(first, layer.margins, strict=True))
        case _:
            return first


def join(fields: Sequence[AxisField]) -> AxisField:
    """Join branches: from where the first begins to where the last ends.

    >>> join([AxisField(3, 1, 0), AxisField(5, 1, 0)])
    AxisField(size=5, stride=1, centre2=0, aligned=True)
    >>> join([AxisField(3, 1, 0), AxisField(3, 1, 1)]).aligned
    False
    """
    head = fields[0]
    if all(field == head for field in fields[1:]):
        return head
    # A branch without spatial stride (a global gate) sees all from everywhere: it does not set the place.
    moving = [field for field in fields if field.stride] or list(fields)
    first2 = min(field.centre2 - field.size for field in fields)
    last2 = max(field.centre2 + field.size for field in fields)
    aligned = all(
        field.aligned and field.stride == moving[0].stride and field.centre2 == moving[0].centre2 for field in moving
    )
    size = _plain(Fraction(last2 - first2) / 2)
    return AxisField(size, max(field.stride for field in moving), _plain(Fraction(first2 + last2) / 2), aligned)


def _all(fields: Fields, spatial: Shape) -> Fields:
    """See all units at once."""
    if len(fields) != len(spatial):
        return fields
    return tuple(_adaptive(field, n, 1) for field, n in zip(fields, spatial, strict=True))


def _adaptive(field: AxisField, n: int, m: int) -> AxisField:
    if m == n:
        return field
    if m == 1:
        whole = window_field(field, n)
        return AxisField(whole.size, 0, whole.centre2, field.aligned)
    # Window o covers floor(o * n / m) .. ceil((o + 1) * n / m); the widest decides, the first has its place. Of the
    # starts between two cells, which go through all parts of a cell, the last one before a cell makes it widest.
    parts = m // math.gcd(n, m)
    widest = -((1 - parts - n * parts // m) // parts)
    step = field.stride * Fraction(n, m)
    middle2 = field.centre2 + field.stride * (Fraction(n, m) - 1)
    return AxisField(field.size + (widest - 1) * field.stride, _plain(step), _plain(middle2), field.aligned)


def _turned(field: AxisField, kernel: int, stride: int, before: int, dilation: int) -> AxisField:
    """Give the fields behind a transposed convolution: each unit reads as many as its kernel, parted by the stride."""
    reach = effective_kernel(kernel, dilation) - 1
    centre2 = field.centre2 + Fraction(field.stride * (2 * before - reach), stride)
    return AxisField(
        field.size + (reach // stride) * field.stride,
        _plain(Fraction(field.stride) / stride),
        _plain(centre2),
        field.aligned,
    )


def _enlarged(field: AxisField, factor: Fraction, *, smooth: bool) -> AxisField:
    """Give the fields behind an enlargement, whose cells are parts of the cells before."""
    return AxisField(
        field.size + field.stride if smooth else field.size,
        _plain(field.stride / factor),
        _plain(field.centre2 + field.stride * (1 / factor - 1)),
        field.aligned,
    )


def _moved(field: AxisField, units: int) -> AxisField:
    return AxisField(field.size, field.stride, field.centre2 + 2 * units * field.stride, field.aligned)


def _plain(number: Length) -> Length:
    """Write a whole fraction as a whole number."""
    return int(number) if not isinstance(number, int) and number.denominator == 1 else number
