"""One pixel of a filtered picture, taken apart: what it read, what it was multiplied by, and the same on the stage.

>>> from cnnviz.lessons.filters.trace import trace_filter
>>> planes = np.arange(16, dtype=np.uint8).reshape(1, 4, 4)
>>> pixel = trace_pixel(trace_filter(planes, FiltersSpec(padding="same")), (0, 0))
>>> pixel.values.tolist(), int(pixel.outside.sum()), pixel.total, pixel.result
([[0, 0, 0], [0, 0, 1], [0, 4, 5]], 5, 7.0, 7.0)
>>> stage_spec(pixel).to_query()["x"]
'0 0 0 0_0 0 1 2_0 4 5 6_0 8 9 10'
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import CUSTOM, GridSource, Pair, Rows
from cnnviz.engine.pictures.kernels import whole_rows
from cnnviz.engine.windows import AxisWindows
from cnnviz.errors import SpecError
from cnnviz.lessons.channels.spec import BOUNDS as CHANNEL_BOUNDS
from cnnviz.lessons.channels.spec import ChannelsSpec
from cnnviz.lessons.convolution.spec import BOUNDS as STAGE_BOUNDS
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.lessons.filters.trace import FilterTrace, window_of
from cnnviz.state.kernels import kernel_rows

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class PixelTrace:
    """A pixel of the result: `values` and `outside` are as large as the kernel."""

    filtered: FilterTrace
    at: Pair
    channel: int
    values: NDArray[Any]
    """What the window reads, copies and zeros of the border included."""
    outside: NDArray[np.bool_]
    """Which of them lie beyond the border."""
    window: tuple[int, int, int, int]
    """Row, column, height and width of the window on the picture; the first two may be negative."""
    weights: Rows
    """Whole numbers over `divisor` if it can be, turned if the spec turns them."""
    divisor: int
    total: float
    """The sum of the products, divided."""
    result: float

    @property
    def spec(self) -> FiltersSpec:
        """What the learner asked for."""
        return self.filtered.spec

    @property
    def products(self) -> NDArray[np.float64]:
        """Pixel times weight, before the divisor."""
        return self.values.astype(np.float64) * np.array(self.weights, np.float64)


def trace_pixel(filtered: FilterTrace, at: Pair, channel: int = 0) -> PixelTrace:
    """Take the pixel apart; one beyond the result becomes the last one."""
    rows, columns = (min(place, size - 1) for place, size in zip(at, filtered.size, strict=True))
    channel = min(channel, len(filtered.planes) - 1)
    down, along = (_read(axis, place) for axis, place in zip(filtered.axes, (rows, columns), strict=True))
    values, outside = _gather(filtered.planes[channel], filtered.axes, down, along)
    weights, divisor = whole_rows(filtered.rows)
    total = float((values.astype(np.float64) * np.array(weights, np.float64)).sum()) / divisor
    result = float(filtered.result[channel, rows, columns])
    window = window_of(filtered.axes, (rows, columns))
    return PixelTrace(filtered, (rows, columns), channel, values, outside, window, weights, divisor, total, result)


def _read(axis: AxisWindows, place: int) -> Indices:
    """List the positions of the padded axis that an output reads."""
    return place * axis.stride + np.arange(axis.kernel) * axis.dilation


def _gather(
    plane: NDArray[Any], axes: tuple[AxisWindows, AxisWindows], down: Indices, along: Indices
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Read cells of the padded picture; say which of them lie beyond its border."""
    sources = [axis.origin[places] for axis, places in zip(axes, (down, along), strict=True)]
    values = plane[np.ix_(*(np.maximum(source, 0) for source in sources))]
    values = np.where(np.logical_and.outer(*(source >= 0 for source in sources)), values, plane.dtype.type(0))
    inside = [
        (places >= axis.padding[0]) & (places < axis.padding[0] + axis.n)
        for axis, places in zip(axes, (down, along), strict=True)
    ]
    return values, ~np.logical_and.outer(*inside)


def stage_spec(pixel: PixelTrace) -> ConvolutionSpec:
    """Give the convolution of the stage that computes this pixel out of its neighbourhood, padding written out.

    Where there is room, its neighbours are computed too. The cell is `stage_cell`.
    """
    kernel = len(pixel.weights), len(pixel.weights[0])
    spec, largest = pixel.spec, STAGE_BOUNDS["kernel"][1]
    if max(kernel) > largest:
        raise SpecError(
            "kernel",
            f"The stage holds kernels up to {largest}×{largest}; this one has {kernel[0]}×{kernel[1]}. "
            + _smaller(pixel, largest),
        )
    if spec.dilation > STAGE_BOUNDS["dilation"][1]:
        raise SpecError(
            "dilation", f"The stage spreads kernels by up to {STAGE_BOUNDS['dilation'][1]}, not {spec.dilation}."
        )
    side = STAGE_BOUNDS["input"][1]
    if max(pixel.window[2:]) > side:
        most = (side - 1) // (max(kernel) - 1)
        raise SpecError(
            "dilation",
            f"The window reaches over {pixel.window[2]}×{pixel.window[3]} pixels, and the stage holds {side}×{side}. "
            f"With dilation {min(most, spec.dilation - 1)} it fits.",
        )
    spans = [_span(axis, place, side, STAGE_BOUNDS["stride"][1]) for axis, place in _by_axis(pixel)]
    values = _patch(pixel, spans)
    weights = kernel_rows(spec.kernel)
    stride = spec.stride if any(last > first for first, last, _ in spans) else 1
    return ConvolutionSpec(
        size=(len(values), len(values[0])),
        kernel=kernel,
        stride=(stride, stride),
        dilation=(spec.dilation, spec.dilation),
        flip=spec.flip,
        values=GridSource(CUSTOM, values),
        weights=GridSource(CUSTOM, weights),
    )


def stage_cell(pixel: PixelTrace, stage: ConvolutionSpec) -> Pair:
    """Say which output of the stage is the pixel."""
    side, step = STAGE_BOUNDS["input"][1], STAGE_BOUNDS["stride"][1]
    row, column = (place - _span(axis, place, side, step)[0] for axis, place in _by_axis(pixel))
    return row, column


def channels_spec(pixel: PixelTrace) -> ChannelsSpec:
    """Give the depthwise layer of the Channels page that computes this pixel in all three colours."""
    kernel, spec = (len(pixel.weights), len(pixel.weights[0])), pixel.spec
    largest, side = CHANNEL_BOUNDS["kernel"][1], CHANNEL_BOUNDS["input"][1]
    if max(kernel) > largest or spec.dilation > 1:
        raise SpecError(
            "kernel",
            f"All three channels at once fit on the Channels page up to a {largest}×{largest} kernel without dilation.",
        )
    spans = [_span(axis, place, side, CHANNEL_BOUNDS["stride"][1]) for axis, place in _by_axis(pixel)]
    grids = [_patch(replace(pixel, channel=channel), spans) for channel in range(3)]
    stride = spec.stride if any(last > first for first, last, _ in spans) else 1
    bias = (spec.bias,) * 3 + (0,) * 3 if spec.bias else ()
    return ChannelsSpec(
        size=(len(grids[0]), len(grids[0][0])),
        kernel=kernel,
        stride=(stride, stride),
        inputs=3,
        outputs=3,
        groups=3,
        shown=pixel.channel,
        bias=bias,
        values="ones",
        weights="ones",
        value_edits=tuple(
            ((c, i, j), value)
            for c, grid in enumerate(grids)
            for i, row in enumerate(grid)
            for j, value in enumerate(row)
        ),
        weight_edits=tuple(
            ((c, 0, i, j), value)
            for c in range(3)
            for i, row in enumerate(pixel.filtered.rows)
            for j, value in enumerate(row)
        ),
    )


def _by_axis(pixel: PixelTrace) -> list[tuple[AxisWindows, int]]:
    return list(zip(pixel.filtered.axes, pixel.at, strict=True))


def _span(axis: AxisWindows, place: int, side: int, longest_step: int) -> tuple[int, int, int]:
    """Choose the outputs around one along an axis (first, last) that a grid of `side` can hold, and its size."""
    reach = (axis.kernel - 1) * axis.dilation + 1
    wide = axis.stride <= longest_step and reach + 2 * axis.stride <= side
    first, last = (max(place - 1, 0), min(place + 1, axis.size - 1)) if wide else (place, place)
    return first, last, (last - first) * axis.stride + reach


def _patch(pixel: PixelTrace, spans: list[tuple[int, int, int]]) -> Rows:
    """Cut out of the padded picture what those outputs read."""
    axes = pixel.filtered.axes
    down, along = (first * axis.stride + np.arange(size) for (first, _, size), axis in zip(spans, axes, strict=True))
    values, _ = _gather(pixel.filtered.planes[pixel.channel], axes, down, along)
    return tuple(tuple(int(value) for value in row) for row in values)


def _smaller(pixel: PixelTrace, largest: int) -> str:
    """Say what would fit."""
    entry = pixel.spec.kernel.entry
    fitting = [size for size in entry.sizes if size <= largest] if entry else []
    if entry and fitting:
        return f"{entry.title} in size {fitting[-1]} fits."
    return "Below are its numbers; the sums go on in the same way."
