"""Transposed convolution: the backward view of a convolution, as PyTorch computes it.

>>> import numpy as np
>>> convolve_transpose(np.array([[1, 2]]), np.array([[[1, 10, 100]]]), stride=2).tolist()
[[1, 10, 102, 20, 200]]

Every input cell paints the whole kernel, scaled by its value; where paintings overlap they add up.
Computed the other way round, as a convolution: `stride` - 1 zeros between the inputs, a margin that lets
the turned kernel touch each input with every tap, less the padding, which a transposed convolution takes away.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.engine.arithmetic import Padding, both_sides, effective_kernel, transposed_size, whole
from cnnviz.engine.convolution import convolve_padded, weight_rank
from cnnviz.engine.settings import Array, PerAxis, batched, check_bias, check_groups, named_axis, per_axis, real_array
from cnnviz.engine.windows import axis_windows, check_room
from cnnviz.errors import SpecError


def convolve_transpose(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: PerAxis = 1,
    padding: int | Sequence[Padding] = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Array:
    """Convolve backwards (N, C, *spatial) or (C, *spatial) with weights (C, out / groups, *kernel).

    >>> convolve_transpose([[1, 2]], [[[1, 10, 100]]], stride=2, padding=1).tolist()
    [[10, 102, 20]]
    >>> convolve_transpose([[1, 2]], [[[1, 10, 100]]], stride=2, padding=1, output_padding=1).tolist()
    [[10, 102, 20, 200]]
    >>> convolve_transpose([[1, 2]], [[[1, 10, 100]]], stride=2, padding=((2, 0),)).tolist()
    [[102, 20, 200]]

    `padding` is one number or one an axis (a number or (before, after)): what is cut off, as in PyTorch the
    padding of the convolution that this one turns back. The types are those of `convolve`.
    """
    weight = real_array("weight", weight)
    rank = weight_rank(weight)
    x, with_batch = batched(real_array("input", x), rank)
    groups = whole("groups", groups, 1)
    if len(weight) != x.shape[1]:
        raise SpecError(
            "weight",
            f"The input has {x.shape[1]} channels, but the weight reads {len(weight)}: the weight of a transposed "
            f"convolution is (in, out / groups, *kernel), so its first axis must be {x.shape[1]}.",
        )
    outputs = weight.shape[1] * groups
    if groups > 1:
        check_groups(groups, len(weight), outputs)
    if bias is not None:
        bias = real_array("bias", bias)
        check_bias(bias, outputs)
    if isinstance(padding, str):
        raise SpecError(
            "padding", f"A transposed convolution takes padding away, so {padding!r} has no meaning: give numbers."
        )
    strides, dilations = per_axis("stride", stride, rank), per_axis("dilation", dilation, rank)
    paddings = per_axis("padding", padding, rank)
    extras = per_axis("output_padding", output_padding, rank)
    settings = x.shape[2:], weight.shape[2:], strides, paddings, dilations, extras
    axes = []
    for axis, (n, kernel, s, p, d, extra) in enumerate(zip(*settings, strict=True)):
        with named_axis(rank, axis, settings):
            size = transposed_size(n, kernel, s, p, d, extra)
        reach = effective_kernel(kernel, d)
        x = _spread(x, 2 + axis, s, reach - 1 - both_sides(p)[0], size + reach - 1)
        axes.append(axis_windows(size + reach - 1, kernel, 1, (0, 0), d))
    out = convolve_padded(x, _turned(weight, groups), bias, axes, groups)
    return out if with_batch else out[0]


def _spread(x: Array, axis: int, stride: int, margin: int, length: int) -> Array:
    """Put the cells of an axis `stride` apart on an axis of zeros, the first at `margin`; outside ones fall off.

    >>> _spread(np.array([1, 2, 3]), 0, 2, -1, 4).tolist()
    [0, 2, 0, 3]
    """
    check_room("stride", (*x.shape[:axis], length, *x.shape[axis + 1 :]))
    spread = np.zeros((*x.shape[:axis], length, *x.shape[axis + 1 :]), x.dtype)
    skipped = max(-(margin // stride), 0)
    first = margin + skipped * stride
    kept = min(x.shape[axis] - skipped, -((first - length) // stride))
    if kept > 0:
        target = np.moveaxis(spread, axis, 0)
        target[first : first + (kept - 1) * stride + 1 : stride] = np.moveaxis(x, axis, 0)[skipped : skipped + kept]
    return spread


def _turned(weight: Array, groups: int) -> Array:
    """Turn weights (in, out / groups, *kernel) into those of a convolution, (out, in / groups, *kernel), and round."""
    inputs, outputs, *kernel = weight.shape
    by_group = weight.reshape(groups, inputs // groups, outputs, *kernel).swapaxes(1, 2)
    swapped = by_group.reshape(groups * outputs, inputs // groups, *kernel)
    return np.flip(swapped, tuple(range(2, swapped.ndim)))
