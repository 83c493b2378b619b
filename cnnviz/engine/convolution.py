"""Convolution as PyTorch computes it (a cross-correlation), and convolution proper, in 1, 2 and 3 dimensions.

>>> import numpy as np
>>> image = np.array([[[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]])
>>> kernel = np.array([[[[0, 1, 2], [2, 2, 0], [0, 1, 2]]]])
>>> convolve(image, kernel).tolist()
[[[12, 12, 17], [10, 17, 19], [9, 6, 14]]]

The type of the result: whole numbers (and truth values) give int64 and are exact to the last unit;
otherwise numpy's rules decide, and nothing is computed in less than float32.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.engine.arithmetic import whole
from cnnviz.engine.fast import correlate, window_view
from cnnviz.engine.settings import (
    Array,
    LayerPadding,
    PerAxis,
    batched,
    check_bias,
    check_groups,
    layer_axes,
    real_array,
)
from cnnviz.engine.windows import AxisWindows, PaddingMode, pad
from cnnviz.errors import SpecError


def convolve(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PerAxis = 1,
    padding: LayerPadding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
    flip: bool = False,
) -> Array:
    """Convolve (N, C, *spatial) or (C, *spatial) with weights (out, C / groups, *kernel).

    >>> convolve([[1, 2, 3, 4]], [[[1, 10]]]).tolist()
    [[21, 32, 43]]
    >>> convolve([[1, 2, 3, 4]], [[[1, 10]]], flip=True).tolist()
    [[12, 23, 34]]
    >>> convolve([[1, 2, 3, 4]], [[[1, 10]]], [1000], padding=((1, 0),), stride=2).tolist()
    [[1010, 1032]]

    `stride` and `dilation` are one number, or one an axis. `padding` is one number, one an axis
    (a number or (before, after)), or "valid", "same", "full". `flip` turns the kernel by 180 degrees,
    which is what mathematics calls a convolution.
    """
    weight = real_array("weight", weight)
    rank = weight_rank(weight)
    x, with_batch = batched(real_array("input", x), rank)
    groups = whole("groups", groups, 1)
    if groups > 1:
        check_groups(groups, x.shape[1], len(weight))
    if x.shape[1] != weight.shape[1] * groups:
        raise _channels_differ(x.shape[1], weight, groups)
    if bias is not None:
        bias = real_array("bias", bias)
        check_bias(bias, len(weight))
    axes = layer_axes(
        x.shape[2:], weight.shape[2:], stride=stride, padding=padding, dilation=dilation, mode=padding_mode
    )
    out = convolve_padded(
        pad(x, axes), np.flip(weight, tuple(range(2, weight.ndim))) if flip else weight, bias, axes, groups
    )
    return out if with_batch else out[0]


def correlate_plane(padded: Array, weight: Array, axes: Sequence[AxisWindows]) -> Array:
    """Correlate one padded plane (or line, or volume) with one kernel. Nothing is checked: for inner loops.

    >>> from cnnviz.engine.windows import axis_windows
    >>> axes = (axis_windows(3, kernel=2, padding=(1, 0)),)
    >>> correlate_plane(pad(np.array([1, 2, 3]), axes), np.array([10, 1]), axes).tolist()
    [1, 12, 23]

    `padded` is what ``windows.pad`` makes of the input for these axes. The result has numpy's type.
    """
    columns = window_view(padded[None, None], axes).reshape(weight.size, -1)
    product: Array = weight.ravel() @ columns
    return product.reshape([axis.size for axis in axes])


def convolve_padded(
    padded: Array, weight: Array, bias: Array | None, axes: Sequence[AxisWindows], groups: int
) -> Array:
    """Convolve what is padded and checked already, in a type in which the result is exact if it can be.

    >>> from cnnviz.engine.windows import axis_windows
    >>> ones = np.ones((1, 1, 4), np.uint8)
    >>> convolve_padded(ones, ones[..., :2] * 255, None, (axis_windows(4, 2),), 1).tolist()
    [[[510, 510, 510]]]
    """
    inputs = (padded, weight) if bias is None else (padded, weight, bias)
    common = np.result_type(*inputs)
    exact = common.kind in "biu" or not any(array.dtype.kind == "f" for array in inputs)
    kind = _exact_type(padded, weight, bias) if exact else common
    out = correlate(padded.astype(kind, copy=False), weight.astype(kind, copy=False), axes, groups, exact=exact)
    if bias is not None:
        out += bias.astype(kind, copy=False).reshape(-1, *(1,) * len(axes))
    return out.astype(np.int64) if exact else out


def _exact_type(x: Array, weight: Array, bias: Array | None) -> np.dtype[np.generic]:
    """Choose the fastest type in which no sum of these whole numbers can be rounded.

    BLAS has no integers, but a float32 counts exactly to 2**24 and a float64 to 2**53.
    """
    bound = _largest(x) * _largest_sum(weight) + (0 if bias is None else _largest(bias))
    for kind, limit in ((np.float32, 1 << 24), (np.float64, 1 << 53), (np.int64, 1 << 63)):
        if bound < limit:
            return np.dtype(kind)
    raise SpecError(
        "input",
        f"With whole numbers this large, a sum could reach {bound:.1e}, but 64 bits hold no more than 9.2e+18: "
        "take smaller numbers, or write them as decimals (1.0).",
    )


def _largest(array: Array) -> int:
    """Find the largest absolute value, as a Python integer, which cannot overflow."""
    return max(int(array.max()), -int(array.min())) if array.size else 0


def _largest_sum(weight: Array) -> int:
    """Bound the sum of the absolute weights of any output channel."""
    taps = weight[0].size if len(weight) else 0
    largest = _largest(weight)
    if largest * taps < 1 << 12:  # small enough to stay in float32 with any picture of 8 bits
        return largest * taps
    if largest < 1 << 40:
        return int(np.abs(weight.astype(np.int64)).reshape(len(weight), -1).sum(axis=1).max())
    return largest * taps


def weight_rank(weight: Array) -> int:
    """Read from the weights how many spatial dimensions there are.

    >>> weight_rank(np.ones((8, 3, 5, 5)))
    2
    """
    rank = weight.ndim - 2
    if rank not in {1, 2, 3}:
        raise SpecError(
            "weight",
            f"The weight has {weight.ndim} axes, but it needs 3, 4 or 5: (out, in / groups, *kernel) with 1, 2 or 3 "
            f"kernel axes. A single kernel becomes a weight with kernel[None, None].",
        )
    if 0 in weight.shape:
        raise SpecError("weight", f"The weight has shape {weight.shape}, but every axis needs at least 1 entry.")
    return rank


def _channels_differ(channels: int, weight: Array, groups: int) -> SpecError:
    """Say that input and weights disagree about the channels."""
    wanted = weight.shape[1] * groups
    shared = f" in each of {groups} groups" if groups > 1 else ""
    return SpecError(
        "weight",
        f"The input has {channels} channels, but the weight reads {weight.shape[1]}{shared}, {wanted} in all: "
        f"give an input of {wanted} channels, or a weight of shape "
        f"({len(weight)}, {max(channels // groups, 1)}, {', '.join(map(str, weight.shape[2:]))}).",
    )
