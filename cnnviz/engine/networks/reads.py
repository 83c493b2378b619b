"""Which cells each layer reads, one axis at a time: the ground that exact receptive fields stand on.

>>> layer_reads(Conv(1, 3, padding=1, rank=1), (4,), (4,))[0].tolist()
[[-1, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, -1]]
>>> layer_reads(AdaptivePool(2, rank=1), (5,), (2,))[0].tolist()     # windows that are not alike
[[0, 1, 2], [2, 3, 4]]

Row o of such a table lists what unit o of the output reads; -1 is padding, which is no cell. The same cell may stand
there twice, where a border is mirrored or repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.layers.kinds import AdaptivePool, Conv, ConvTranspose, Crop, Layer, Pad, Pool, Upsample
from cnnviz.engine.networks.layers.shapes import crop_margins
from cnnviz.engine.networks.layers.windows import layer_pads

Reads = NDArray[np.int64]
PADDING = -1


def layer_reads(  # noqa: PLR0911 - one case a kind of layer
    layer: Layer, spatial: Shape, output: Shape, shapes: Sequence[Shape] = ()
) -> tuple[Reads, ...] | None:
    """Give a table for each spatial axis; None for a layer that does not read window by window.

    `spatial` and `output` are the sizes of the axes before and after; `shapes` are all inputs, for a crop.
    """
    sizes = list(zip(spatial, output, strict=True)) if len(spatial) == len(output) else []
    settings: Any = layer
    match layer:
        case Conv():
            sides = layer_pads(layer, spatial)
            axes = zip(sizes, layer.kernel, layer.stride, sides, layer.dilation, strict=True)
            return tuple(
                _bordered(window_reads(m, k, s, p[0], d), n, layer.padding_mode) for (n, m), k, s, p, d in axes
            )
        case Pool():
            axes = zip(sizes, layer.kernel, layer.stride, layer.padding, layer.dilation, strict=True)
            return tuple(_bordered(window_reads(m, k, s, p[0], d), n) for (n, m), k, s, p, d in axes)
        case ConvTranspose():
            axes = zip(sizes, layer.kernel, layer.stride, layer.padding, layer.dilation, strict=True)
            return tuple(_turned(n, m, k, s, p[0], d) for (n, m), k, s, p, d in axes)
        case AdaptivePool():
            return tuple(adaptive_reads(n, m) for n, m in sizes)
        case Upsample():
            factors = settings.scale or [None] * len(sizes)
            return tuple(_enlarged(n, m, factor, layer) for (n, m), factor in zip(sizes, factors, strict=True))
        case Crop():
            margins = crop_margins(layer, shapes)
            return tuple(np.arange(m)[:, None] + margin[0] for (_, m), margin in zip(sizes, margins, strict=True))
        case Pad():
            around = zip(sizes, layer.margins, strict=True)
            return tuple(_bordered(np.arange(m)[:, None] - margin[0], n, layer.mode) for (n, m), margin in around)
        case _:
            return None


def window_reads(outputs: int, kernel: int, stride: int, before: int, dilation: int) -> Reads:
    """List the places that a sliding window covers, also those outside."""
    return np.arange(outputs)[:, None] * stride - before + np.arange(kernel)[None] * dilation


def _bordered(places: Reads, n: int, mode: str = "zeros") -> Reads:
    """Find the cells that stand at places beyond the border."""
    inside = (places >= 0) & (places < n)
    if mode == "replicate":
        return np.clip(places, 0, n - 1)
    if mode == "circular":
        return places % n
    if mode == "reflect" and n > 1:
        around = places % (2 * n - 2)
        return np.minimum(around, 2 * n - 2 - around)
    return np.where(inside, places, PADDING)


def _turned(n: int, m: int, kernel: int, stride: int, before: int, dilation: int) -> Reads:  # noqa: PLR0917
    """List, for a transposed convolution, the inputs whose stamps reach each output."""
    places = np.arange(m)[:, None] + before - np.arange(kernel)[None] * dilation
    cells = places // stride
    return np.where((places % stride == 0) & (cells >= 0) & (cells < n), cells, PADDING)


def adaptive_reads(n: int, m: int) -> Reads:
    """List the windows of adaptive pooling: from floor(o n / m) to ceil((o + 1) n / m)."""
    starts = np.arange(m) * n // m
    ends = -(-(np.arange(m) + 1) * n // m)
    places = starts[:, None] + np.arange(int((ends - starts).max()))[None]
    return np.where(places < ends[:, None], places, PADDING)


def _enlarged(n: int, m: int, factor: int | None, layer: Upsample) -> Reads:
    """List what an enlarged cell is mixed from; a neighbour of weight zero is not read."""
    step = Fraction(1, factor) if factor else Fraction(n, m)
    if layer.mode == "area":
        return adaptive_reads(n, m)
    if layer.mode.startswith("nearest"):
        half = Fraction(1, 2) if layer.mode == "nearest-exact" else 0
        return np.array([[min(int((o + half) * step), n - 1)] for o in range(m)])
    cubic = layer.mode == "bicubic"
    rows = []
    for o in range(m):
        if layer.align_corners:
            place = o * Fraction(n - 1, m - 1) if m > 1 else Fraction(0)
        else:
            place = (o + Fraction(1, 2)) * step - Fraction(1, 2)
            place = place if cubic else max(place, Fraction(0))
        first = place.numerator // place.denominator
        taps = range(-1, 3) if cubic else range(2)
        rows.append([min(max(first + tap, 0), n - 1) if place != first or tap == 0 else PADDING for tap in taps])
    return np.array(rows)
