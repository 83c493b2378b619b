"""What a stride does to a moved picture: a layer at every place, a blur if asked for, then every s-th number is kept.

>>> stripes = np.tile(np.array([0, 255], np.uint8), (8, 4))
>>> trace = trace_stride(stripes, TranslationSpec(view="stride", kernel=KernelSource("identity"), shift=1))
>>> trace.moved_after[0].tolist(), trace.moved_before[0].tolist()
([0.0, 0.0, 0.0, 0.0], [255.0, 255.0, 255.0, 255.0])
>>> trace.numbers[0].largest, trace.numbers[5].largest
(255.0, 0.0)

The border is circular, so that nothing is lost at it: all that breaks is the stride's doing. The picture loses the last
rows and columns that do not fill a step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import Pair, Rows
from cnnviz.engine.pictures.filters import filter_picture
from cnnviz.engine.pictures.warp import move, warp
from cnnviz.engine.pooling import avg_pool, max_pool
from cnnviz.errors import SpecError
from cnnviz.lessons.translation.spec import BLURS, BOUNDS, TranslationSpec
from cnnviz.lessons.translation.trace import ROUNDING, Grey, Numbers, Plane, compare
from cnnviz.state.kernels import KernelSource, kernel_rows

FALLBACK_BLUR = 5
"""What the chart compares with while no blur is chosen."""


@dataclass(frozen=True, eq=False)
class StrideTrace:
    """Both paths, and how much they differ for every shift, with a blur and without."""

    spec: TranslationSpec
    grey: Grey
    """The picture, cut to whole steps."""
    moved_after: Plane
    """Path A: made small, then moved by shift / stride."""
    moved_before: Plane
    """Path B: moved, then made small."""
    difference: Plane
    numbers: dict[int, Numbers]
    """By the blur's size: no blur, and the chosen one or `FALLBACK_BLUR`."""
    curves: dict[int, tuple[float, ...]]
    """By the blur's size: the mean difference for each shift from 0 to 8."""
    strongest: tuple[float, float]
    """Global max pooling of the result, before the move and after it."""
    mean: tuple[float, float]
    """Global average pooling, the same."""

    @property
    def compared(self) -> int:
        """The blur that is compared with none."""
        return max(self.numbers)


def trace_stride(grey: Grey, spec: TranslationSpec) -> StrideTrace:
    """Take both paths for the chosen shift, and measure all shifts."""
    grey = whole_steps(grey, spec.stride)
    rounding = 255 * ROUNDING * max(1.0, sum(abs(value) for row in kernel_rows(spec.kernel) for value in row))
    dense = {0: dense_layer(grey, spec)}
    other = spec.blur or FALLBACK_BLUR
    dense[other] = blurred(dense[0], other)
    numbers, curves = {}, {}
    for blur, plane in dense.items():
        measured = [_both(plane, spec, shift, rounding)[3] for shift in range(spec.stride)]
        # A move by whole steps changes nothing, so the differences come round with the stride.
        shifts = range(BOUNDS["shift"][0], BOUNDS["shift"][1] + 1)
        curves[blur] = tuple(measured[shift % spec.stride].mean for shift in shifts)
        numbers[blur] = measured[spec.shift % spec.stride]
    after, before, difference, _ = _both(dense[spec.blur], spec, spec.shift, rounding)
    small = dense[spec.blur][:: spec.stride, :: spec.stride]
    strongest = float(small.max()), float(before.max())
    mean = float(small.mean(dtype=np.float64)), float(before.mean(dtype=np.float64))
    return StrideTrace(spec, grey, after, before, difference, numbers, curves, strongest, mean)


def whole_steps(grey: Grey, stride: int) -> Grey:
    """Cut off the rows and columns that do not fill a step; else a circular picture would not fit itself."""
    height, width = (side - side % stride for side in grey.shape)
    if not height or not width:
        raise SpecError(
            "stride",
            f"The picture has {grey.shape[0]}×{grey.shape[1]} pixels, fewer than a stride of {stride} needs. "
            f"Take a stride of {min(grey.shape)} or less.",
        )
    return np.ascontiguousarray(grey[:height, :width])


def dense_layer(grey: Grey, spec: TranslationSpec) -> Plane:
    """Run the layer at every place, on a circular picture."""
    if spec.layer == "conv":
        return filter_picture(grey, kernel_rows(spec.kernel), padding="same", mode="circular")
    before = (spec.window - 1) // 2
    around = (before, spec.window - 1 - before)
    padded = np.pad(grey.astype(np.float32), (around, around), mode="wrap")[None]
    pool = max_pool if spec.layer == "max" else avg_pool
    pooled: Plane = pool(padded, spec.window, stride=1, rank=2)[0]
    return pooled


def blurred(plane: Plane, size: int) -> Plane:
    """Blur a circular plane by a binomial of this size."""
    return filter_picture(plane, blur_rows(size), padding="same", mode="circular")


def blur_rows(size: int) -> Rows:
    """Give the weights of the blur."""
    assert str(size) in BLURS
    return kernel_rows(KernelSource("binomial", size))


def shift_pair(spec: TranslationSpec, shift: int) -> Pair:
    """Give the move down and right for a shift in the spec's direction."""
    return (0 if spec.way == "right" else shift), (0 if spec.way == "down" else shift)


def _both(dense: Plane, spec: TranslationSpec, shift: int, rounding: float) -> tuple[Plane, Plane, Plane, Numbers]:
    """Take both paths from the layer's result at every place, which moves along with the picture exactly."""
    stride, (down, right) = spec.stride, shift_pair(spec, shift)
    small = np.ascontiguousarray(dense[::stride, ::stride])
    after = warp(small, move(down / stride, right / stride), border="circular", order="bilinear")
    before = _rolled(dense, down, right, stride)
    difference, numbers = compare(before, after, rounding, np.ones(before.shape, bool))
    return after, before, difference, numbers["all"]


def _rolled(dense: Plane, down: int, right: int, stride: int) -> Plane:
    """Move a circular plane, then keep every s-th row and column: without moving what is dropped."""
    rows = (np.arange(0, dense.shape[0], stride) - down) % dense.shape[0]
    columns = (np.arange(0, dense.shape[1], stride) - right) % dense.shape[1]
    picked: NDArray[np.float32] = dense.take(rows, 0).take(columns, 1)
    return picked
