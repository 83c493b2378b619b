"""Four ways to correlate, and the choice between them by measured cost.

>>> picture, dense = np.ones((1, 1, 1024, 1024), np.float32), np.random.default_rng(0).random((1, 1, 31, 31))
>>> for kernel in (dense[..., :5, :5], dense, np.ones((1, 1, 31, 31))):
...     axes = [axis_windows(1024, size) for size in kernel.shape[2:]]
...     choose_method(picture, kernel, axes, 1)
'bands'
'fft'
'separable'

columns    every window becomes a column, and the layer one matrix product. Any rank, any type, and
           the only way that is right when the input holds inf or nan (0 * inf would spread it).
bands      a kernel column becomes a band matrix, so that one product makes a block of rows; the kernel
           columns are then added up. BLAS does more multiplications than needed, and is faster for it.
separable  a kernel that is a column times a row: two band products.
fft        a product of spectra, for large kernels of any content.

None uses threads of its own (300 users share the machine) and none needs torch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from cnnviz.engine.planes import (
    BAND_ROWS,
    SEPARABLE_COLUMNS,
    SEPARABLE_ROWS,
    by_bands,
    by_fft,
    by_separable,
    factor,
    few,
)
from cnnviz.engine.settings import Array
from cnnviz.engine.windows import AxisWindows, axis_windows  # noqa: F401 - the doctest above maps two axes

Method = Literal["columns", "bands", "separable", "fft"]

# Below this many multiplications, the fixed cost of the other methods is what would be measured.
SMALL_WORK = 1 << 19
# A block of columns is to stay in the second-level cache: half a megabyte of float32.
COLUMN_BLOCK = 1 << 17


def correlate(padded: Array, weight: Array, axes: Sequence[AxisWindows], groups: int = 1, *, exact: bool) -> Array:
    """Correlate padded inputs (N, C, *padded) with weights (O, C / groups, *kernel), one type for both.

    >>> axes = (axis_windows(4, 2),)
    >>> correlate(np.array([[[1, 2, 3, 4]]]), np.array([[[10, 1]]]), axes, exact=True).tolist()
    [[[12, 23, 34]]]

    `exact` says that the values are whole numbers and must stay so, which rules out spectra.
    """
    method = choose_method(padded, weight, axes, groups, exact=exact)
    if method == "columns":
        return _by_columns(padded, weight, axes, groups)
    rows, cols = axes
    out = np.empty((len(padded), len(weight), rows.size, cols.size), padded.dtype)
    outs, ins = len(weight) // groups, weight.shape[1]
    plane_by = {"bands": by_bands, "separable": by_separable, "fft": by_fft}[method]
    for image, result in zip(padded, out, strict=True):
        for o in range(len(weight)):
            first = o // outs * ins
            plane_by(image[first], weight[o, 0], rows, cols, result[o])
            for i in range(1, ins):
                part = np.empty_like(result[o])
                plane_by(image[first + i], weight[o, i], rows, cols, part)
                result[o] += part
    return out


def choose_method(
    padded: Array, weight: Array, axes: Sequence[AxisWindows], groups: int, *, exact: bool = False
) -> Method:
    """Pick the cheapest method that is right for these arrays."""
    outputs = len(padded) * math.prod(axis.size for axis in axes)
    if outputs * weight.size < SMALL_WORK or len(axes) != 2 or padded.dtype.kind != "f":
        return "columns"
    costs = _costs(weight.shape, axes, groups)
    if exact:
        del costs["fft"]
    ways: list[Method] = sorted(costs, key=lambda way: costs[way])
    # What comes after "columns" in the order is not needed, so often nothing has to be looked at.
    for way in ways:
        if way == "separable" and not all(factor(kernel) for plane in weight for kernel in plane):
            continue
        return way if way == "columns" or (_finite(padded) and _finite(weight)) else "columns"
    return "columns"


def _finite(array: Array) -> bool:
    """Look for inf and nan, much faster than cell by cell."""
    return bool(np.isfinite(array.max()) and np.isfinite(array.min()))


def _costs(shape: tuple[int, ...], axes: Sequence[AxisWindows], groups: int) -> dict[Method, float]:
    """Estimate nanoseconds for one output cell of one image, all channels (2 GHz AVX2, measured at 1 Mpx).

    The constants: 0.019 to 0.024 a multiplication in a product, 0.19 a shifted addition, 0.15 a copied cell.
    """
    outs, ins, height, width = shape
    rows, cols = axes
    pairs, taps = outs * ins, ins * height * width
    reach_rows, reach_cols = (height - 1) * rows.dilation + 1, (width - 1) * cols.dilation + 1
    band = (BAND_ROWS - 1) * rows.stride + reach_rows
    down = 0.75 + 0.019 * ((SEPARABLE_ROWS - 1) * rows.stride + reach_rows)
    along = 0.75 + 0.019 * ((SEPARABLE_COLUMNS - 1) * cols.stride + reach_cols)
    return {
        "columns": taps * (0.15 * groups + 0.024 * outs),
        "bands": pairs * width * (0.019 * band + (0.22 if cols.stride == 1 else 0.9)),
        "separable": pairs
        * ((0.19 * height if few(rows) else down) * cols.stride + (0.19 * width if few(cols) else along)),
        "fft": pairs * rows.stride * cols.stride * 0.43 * math.log2(rows.padded_size * cols.padded_size),
    }


def _by_columns(padded: Array, weight: Array, axes: Sequence[AxisWindows], groups: int) -> Array:
    """Copy every window into a column and multiply once; in blocks along the first axis if it is large."""
    batch, outs = len(padded), len(weight)
    sizes = [axis.size for axis in axes]
    taps, across = math.prod(weight.shape[1:]), math.prod(sizes[1:])
    kernels = weight.reshape(groups, outs // groups, taps)
    windows = window_view(padded, axes, groups)
    step = max(1, COLUMN_BLOCK // max(batch * groups * taps * across, 1))
    if step >= sizes[0]:
        product: Array = np.matmul(kernels, windows.reshape(batch, groups, taps, math.prod(sizes)))
        return product.reshape(batch, outs, *sizes)
    out = np.empty((batch, groups, outs // groups, sizes[0] * across), padded.dtype)
    before_first = (slice(None),) * (3 + len(axes))
    for start in range(0, sizes[0], step):
        block = windows[(*before_first, slice(start, start + step))]
        columns = block.reshape(batch, groups, taps, block.shape[3 + len(axes)] * across)
        np.matmul(kernels, columns, out=out[..., start * across : (start + step) * across])
    return out.reshape(batch, outs, *sizes)


def window_view(padded: Array, axes: Sequence[AxisWindows], groups: int = 1) -> Array:
    """View (N, C, *padded) as all its windows, without a copy: (N, groups, C / groups, *kernel, *outputs).

    >>> window_view(np.array([[[1, 2, 3]]]), (axis_windows(3, 2),)).tolist()
    [[[[[1, 2], [2, 3]]]]]
    """
    padded = np.ascontiguousarray(padded)
    batch, channels = padded.shape[:2]
    by_image, by_channel, *by_cell = padded.strides
    inside = channels // groups
    shape = (batch, groups, inside, *(axis.kernel for axis in axes), *(axis.size for axis in axes))
    strides = (
        *(by_image, inside * by_channel, by_channel),
        *(step * axis.dilation for step, axis in zip(by_cell, axes, strict=True)),
        *(step * axis.stride for step, axis in zip(by_cell, axes, strict=True)),
    )
    # Like numpy's as_strided, without its 5 microseconds; the axes were checked against the shape.
    view: Array = np.ndarray(shape, padded.dtype, padded, 0, strides)
    return view
