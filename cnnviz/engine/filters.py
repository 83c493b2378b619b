"""A picture through a kernel, as PyTorch computes it, and where each pixel of the result was made.

>>> step = np.array([[0, 0, 9, 9]] * 3, np.uint8)
>>> filter_picture(step, ((-1, 0, 1),)).tolist()
[[9.0, 9.0], [9.0, 9.0], [9.0, 9.0]]
>>> filter_picture(step, ((1 / 3, 1 / 3, 1 / 3),), stride=2, padding="same").tolist()
[[0.0, 6.0], [0.0, 6.0]]

Kernels that are whole numbers over one divisor (1/9, 1/16) are summed in whole numbers and divided once, so that a
blur of plain 51 is 51 exactly. Others are summed in float32, as on every network.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.arithmetic import Padding, effective_kernel, full_padding, same_padding
from cnnviz.engine.fast import correlate
from cnnviz.engine.settings import Array, layer_axes
from cnnviz.engine.windows import AxisWindows, PaddingMode, pad
from cnnviz.spec.filters import FiltersSpec
from cnnviz.spec.grids import Rows
from cnnviz.spec.kernels import kernel_rows, whole_rows
from cnnviz.spec.query import Pair

Plane = NDArray[np.float32]
Axes = tuple[AxisWindows, AxisWindows]

WHOLE_IN_FLOAT32 = 1 << 24
LUMA_65536 = (19595, 38470, 7471)
"""Rec. 601 in units of 1/65536, as Pillow's convert("L") has it."""


@dataclass(frozen=True, eq=False)
class FilterTrace:
    """A picture's planes (C, H, W), its result of as many planes, and the windows of both axes."""

    spec: FiltersSpec
    planes: NDArray[np.generic]
    rows: Rows
    """The kernel as it lies on the picture: turned, if the spec says so."""
    axes: Axes
    result: Plane
    largest: float
    """The largest absolute value before bias and ReLU: the scale of the colours."""

    @property
    def size(self) -> Pair:
        """The rows and columns of the result."""
        return self.axes[0].size, self.axes[1].size


def luma(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make a colour picture grey in whole numbers, exactly as Pillow's ``convert("L")`` does.

    >>> luma(np.array([[[255, 0, 0], [10, 20, 30]]], np.uint8)).tolist()
    [[76, 18]]
    """
    red, green, blue = (pixels[..., k].astype(np.uint32) * weight for k, weight in enumerate(LUMA_65536))
    total = red
    total += green
    total += blue
    total += 1 << 15
    total >>= 16
    return total.astype(np.uint8)


def picture_planes(pixels: NDArray[np.uint8], *, colour: bool) -> NDArray[np.uint8]:
    """Give the planes (C, H, W) that are filtered: three, or one of luma."""
    return np.ascontiguousarray(np.moveaxis(pixels, 2, 0)) if colour else luma(pixels)[None]


def filter_picture(
    planes: NDArray[np.generic],
    rows: Rows,
    *,
    stride: int = 1,
    dilation: int = 1,
    padding: str | int = "valid",
    mode: PaddingMode = "zeros",
    flip: bool = False,
    bias: float = 0.0,
    relu: bool = False,
) -> Plane:
    """Filter a picture (H, W) or every plane of (C, H, W) by itself with one kernel.

    `padding` is "valid", "same", "full" or a number. "Same" with a stride pads as much as it would with stride 1.
    """
    axes = picture_axes(
        (planes.shape[-2], planes.shape[-1]), rows, stride=stride, dilation=dilation, padding=padding, mode=mode
    )
    result = correlate_planes(planes if planes.ndim == 3 else planes[None], turned(rows) if flip else rows, axes)
    finish(result, bias, relu=relu)
    return result if planes.ndim == 3 else result[0]


def trace_filter(planes: NDArray[np.generic], spec: FiltersSpec) -> FilterTrace:
    """Filter planes (C, H, W) as the spec asks."""
    rows = kernel_rows(spec.kernel)
    axes = picture_axes(
        (planes.shape[1], planes.shape[2]),
        rows,
        stride=spec.stride,
        dilation=spec.dilation,
        padding=spec.amount if spec.padding == "hand" else spec.padding,
        mode=spec.mode,
    )
    rows = turned(rows) if spec.flip else rows
    result = correlate_planes(planes, rows, axes)
    largest = float(max(result.max(), -result.min()))
    finish(result, spec.bias, relu=spec.relu)
    return FilterTrace(spec, planes, rows, axes, result, largest)


def picture_axes(
    size: Pair, rows: Rows, *, stride: int = 1, dilation: int = 1, padding: str | int = 0, mode: PaddingMode = "zeros"
) -> Axes:
    """Map both axes, or say why the kernel does not fit."""
    kernel = len(rows), len(rows[0])
    sides: list[Padding] = []
    for n, taps in zip(size, kernel, strict=True):
        if padding == "same":
            sides.append(same_padding(n, taps, 1, dilation))
        elif padding == "full":
            sides.append(full_padding(taps, dilation))
        else:
            sides.append(0 if isinstance(padding, str) else padding)
    down, along = layer_axes(size, kernel, stride=stride, padding=sides, dilation=dilation, mode=mode)
    return down, along


def turned(rows: Rows) -> Rows:
    """Turn a kernel by 180 degrees.

    >>> turned(((1, 2), (3, 4)))
    ((4, 3), (2, 1))
    """
    return tuple(row[::-1] for row in rows[::-1])


def correlate_planes(planes: NDArray[np.generic], rows: Rows, axes: Axes) -> Plane:
    """Slide the kernel over every plane; the sums are exact if pixels and weights are whole."""
    whole, divisor = whole_rows(rows)
    exact = planes.dtype.kind in "biu" and all(isinstance(value, int) for row in whole for value in row)
    weights = np.array(whole, np.float64)
    kind: type[np.floating] = np.float32
    if exact and float(np.abs(weights).sum()) * float(planes.max(initial=0)) >= WHOLE_IN_FLOAT32:
        kind = np.float64
    padded = pad(planes, axes).astype(kind, copy=False)[:, None]
    result: Array = correlate(padded, weights.astype(kind)[None, None], axes, exact=exact)[:, 0]
    if divisor != 1:
        result /= kind(divisor)
    return result.astype(np.float32, copy=False)


def finish(result: Plane, bias: float, *, relu: bool) -> None:
    """Add the bias and cut off what is negative, in place."""
    if bias:
        result += np.float32(bias)
    if relu:
        np.maximum(result, 0, out=result)


def panel_place(axes: Axes) -> tuple[tuple[float, float], tuple[float, float]]:
    """Say where the result lies on the picture: how many pixels one of its pixels spans, and where the first begins.

    >>> panel_place(picture_axes((9, 9), ((1, 1, 1),) * 3, stride=2))
    ((2.0, 2.0), (0.5, 0.5))
    """
    offsets = [(effective_kernel(axis.kernel, axis.dilation) - axis.stride) / 2 - axis.padding[0] for axis in axes]
    return (float(axes[0].stride), float(axes[1].stride)), (offsets[0], offsets[1])


def window_of(axes: Axes, at: Pair) -> tuple[int, int, int, int]:
    """Say which pixels of the picture a pixel of the result reads: row, column (may be negative), height, width.

    >>> window_of(picture_axes((9, 9), ((1, 1, 1),) * 3, stride=2, padding=1), (0, 2))
    (-1, 3, 3, 3)
    """
    tops = [place * axis.stride - axis.padding[0] for place, axis in zip(at, axes, strict=True)]
    reach = [effective_kernel(axis.kernel, axis.dilation) for axis in axes]
    return tops[0], tops[1], reach[0], reach[1]
