"""A picture through a kernel, as PyTorch computes it, and where each pixel of the result was made.

>>> spec, _ = FiltersSpec.from_query({"k": "-1 0 1", "p": "valid"})
>>> trace_filter(np.array([[[0, 0, 9, 9]] * 3], np.uint8), spec).result.tolist()
[[[9.0, 9.0], [9.0, 9.0], [9.0, 9.0]]]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.arithmetic import effective_kernel
from cnnviz.engine.grids import Pair, Rows
from cnnviz.engine.pictures.filters import Axes, Plane, correlate_planes, finish, picture_axes, turned
from cnnviz.engine.pictures.grey import luma
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.state.kernels import kernel_rows


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


def picture_planes(pixels: NDArray[np.uint8], *, colour: bool) -> NDArray[np.uint8]:
    """Give the planes (C, H, W) that are filtered: three, or one of luma."""
    return np.ascontiguousarray(np.moveaxis(pixels, 2, 0)) if colour else luma(pixels)[None]


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
