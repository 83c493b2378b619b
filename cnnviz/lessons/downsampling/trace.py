"""One input made smaller in five ways, computed with everything that there is to see.

>>> trace = trace_downsampling(DownsamplingSpec())
>>> trace.strided.tolist() == trace.kept.tolist(), trace.largest.tolist()
(True, [[3, 2, 0], [3, 3, 0], [3, 2, 0]])
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from cnnviz.engine.arithmetic import same_padding
from cnnviz.engine.convolution import correlate_plane
from cnnviz.engine.patterns import fill_input, fill_kernel
from cnnviz.engine.pooling import means_of, winners_of
from cnnviz.engine.shuffle import check_blocks, pixel_unshuffle
from cnnviz.engine.windows import AxisWindows, axis_windows, pad
from cnnviz.errors import SpecError
from cnnviz.lessons.downsampling.spec import DownsamplingSpec

Array = NDArray[Any]
Axes = tuple[AxisWindows, AxisWindows]


@dataclass(frozen=True)
class DownsamplingTrace:
    """A spec with its numbers: `dense` is the convolution with stride 1, of which `kept` keeps every factor-th.

    `strided_axes` and `dense_axes` map the padded input, `pool_axes` the bare one. `winners` name the cell of the input
    that each maximum came from. `parts` are the channels of the unshuffled input: None where the factor does not
    divide its size.
    """

    spec: DownsamplingSpec
    strided_axes: Axes
    dense_axes: Axes
    pool_axes: Axes
    values: Array
    padded: Array
    weight: Array
    strided: Array
    dense: Array
    kept: Array
    largest: Array
    winners: Array
    mean: Array
    parts: Array | None


def trace_downsampling(spec: DownsamplingSpec) -> DownsamplingTrace:
    """Compute the comparison, or say which setting makes it impossible.

    >>> trace_downsampling(DownsamplingSpec(look="shuffle", size=(7, 7)))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: 7 cells cannot be cut into blocks of 2: 1 is left over. Take 6 or 8.
    """
    check_downsampling(spec)
    strided, dense = _axes(spec, spec.factor), _axes(spec, 1)
    values = fill_input(spec.values, spec.size, spec.seed)
    weight = fill_kernel(spec.weights, spec.kernel, spec.seed)
    padded = pad(values, dense)
    every = correlate_plane(padded, weight, dense)
    pooled = _pool_axes(spec.size, spec.factor)
    largest, winners = winners_of(values[None, None], pooled)
    divides = not any(size % spec.factor for size in spec.size)
    return DownsamplingTrace(
        spec=spec,
        strided_axes=strided,
        dense_axes=dense,
        pool_axes=pooled,
        values=values,
        padded=padded,
        weight=weight,
        strided=correlate_plane(padded, weight, strided),
        dense=every,
        kept=every[:: spec.factor, :: spec.factor],
        largest=largest[0, 0],
        winners=winners[0, 0],
        mean=means_of(values[None, None], pooled)[0, 0],
        parts=pixel_unshuffle(values[None], spec.factor) if divides else None,
    )


def check_downsampling(spec: DownsamplingSpec) -> None:
    """Say which setting makes the picture impossible, if one does."""
    alike = spec.size[0] == spec.size[1]
    for size, where in zip(spec.size, ("In the rows: ", "In the columns: "), strict=True):
        if size < spec.factor:
            raise SpecError(
                "factor",
                f"{'' if alike else where}A pooling window of {spec.factor} does not fit into {size} cells: "
                f"{spec.factor - size} too few. Take a larger input{f', or a factor of {size}' if size > 1 else ''}.",
            )
        if spec.look == "shuffle":
            check_blocks(size, spec.factor, "" if alike else where)


def _pool_axes(size: tuple[int, int], factor: int) -> Axes:
    return axis_windows(size[0], factor, factor), axis_windows(size[1], factor, factor)


def _axes(spec: DownsamplingSpec, stride: int) -> Axes:
    """Map both axes of a convolution, padded as if its stride were 1, so that only the stride differs."""
    rows, columns = (
        axis_windows(size, kernel, stride, same_padding(size, kernel))
        for size, kernel in zip(spec.size, spec.kernel, strict=True)
    )
    return rows, columns
