"""A picture through a kernel, as PyTorch computes it.

>>> step = np.array([[0, 0, 9, 9]] * 3, np.uint8)
>>> filter_picture(step, ((-1, 0, 1),)).tolist()
[[9.0, 9.0], [9.0, 9.0], [9.0, 9.0]]
>>> filter_picture(step, ((1 / 3, 1 / 3, 1 / 3),), stride=2, padding="same").tolist()
[[0.0, 6.0], [0.0, 6.0]]

Kernels that are whole numbers over one divisor (1/9, 1/16) are summed in whole numbers and divided once, so that a
blur of plain 51 is 51 exactly. Others are summed in float32, as on every network.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.arithmetic import Padding, full_padding, same_padding
from cnnviz.engine.fast import correlate
from cnnviz.engine.grids import Pair, Rows
from cnnviz.engine.pictures.kernels import whole_rows
from cnnviz.engine.settings import Array, layer_axes
from cnnviz.engine.windows import AxisWindows, PaddingMode, pad

Plane = NDArray[np.float32]
Axes = tuple[AxisWindows, AxisWindows]

WHOLE_IN_FLOAT32 = 1 << 24


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
