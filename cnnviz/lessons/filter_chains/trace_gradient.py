"""The gradient of a picture: two slopes, how steep it is, and which way it rises.

>>> ramp = np.tile(np.arange(0, 80, 10, dtype=np.uint8), (6, 1))
>>> trace = trace_gradient(ramp, FilterChainsSpec(view="gradient"))
>>> [round(float(part[3, 4]), 4) for part in (trace.gx, trace.gy, trace.magnitude, trace.angle)]
[10.0, 0.0, 10.0, 0.0]

Each pair of kernels is divided by what it answers to a ramp that rises by 1 a pixel, so that the slopes are grey levels
a pixel whichever pair is taken. The angle turns as rows and columns count: 0 degrees is brighter to the right, 90
degrees brighter downwards. Borders are repeated, so that the edge of the picture is no edge in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.convolution import convolve
from cnnviz.engine.grids import Pair
from cnnviz.engine.settings import Array
from cnnviz.lessons.filter_chains.spec import FilterChainsSpec
from cnnviz.lessons.filter_chains.trace import Grey
from cnnviz.state.kernels import KernelSource, kernel_rows

HUES, SHADES = 360, 48
WHEEL_SIDE = 101
SAMPLED = 1 << 14
"""So many pixels are enough to know what a strong gradient is in this picture."""
STRONG = 98
"""From this percentile on a gradient has its full colour."""
LEAST = 1e-3
"""A slope of less is rounding, and has no direction."""
REACH = 3
"""A bell is cut off at three sigmas."""


@dataclass(frozen=True, eq=False)
class GradientTrace:
    """All maps of a gradient; `angle` is NaN and `colours` black where it is weaker than the threshold."""

    spec: FilterChainsSpec
    kernels: tuple[Array, Array]
    """The pair as the library has it."""
    unit: float
    """What the pair is divided by."""
    picture: Array
    """What it is laid over: the picture, or its blur."""
    gx: Array
    gy: Array
    magnitude: Array
    angle: Array
    colours: NDArray[np.uint8]
    wheel: NDArray[np.uint8]
    full: float
    """The magnitude from which on a colour is as bright as it gets."""
    share: float
    """The part of the pixels that reach the threshold."""
    at: Pair


def bell(sigma: float) -> NDArray[np.float64]:
    """Sample a Gaussian to three sigmas each way; its sum is 1.

    >>> bell(0.5).round(4).tolist()
    [0.0003, 0.1065, 0.7866, 0.1065, 0.0003]
    """
    reach = math.ceil(REACH * sigma)
    wave = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.asarray(wave / wave.sum())


def smooth(plane: Array, down: Array, along: Array | None = None) -> Array:
    """Correlate with a column, then with a row (the same one if none is given); borders are repeated.

    >>> smooth(np.eye(3, dtype=np.float32), np.array([1.0, 1.0, 1.0])).tolist()
    [[5.0, 3.0, 1.0], [3.0, 3.0, 3.0], [1.0, 3.0, 5.0]]
    """
    row = down if along is None else along
    kernel = np.outer(down, row).astype(np.float32)
    x = plane.astype(np.float32, copy=False)
    return correlate_once(x, kernel)


def correlate_once(plane: Array, kernel: Array) -> Array:
    """Correlate a plane of floats with one kernel, the borders repeated, and keep its size."""
    out: Array = convolve(plane[None], kernel[None, None], padding="same", padding_mode="replicate")[0]
    return out


def gradient_pair(operator: str) -> tuple[Array, Array]:
    """Give the kernels of a pair: along the columns, and down the rows.

    >>> [kernel.tolist() for kernel in gradient_pair("central")]
    [[[-0.5, 0.0, 0.5]], [[-0.5], [0.0], [0.5]]]
    """
    along, down = (np.array(kernel_rows(KernelSource(f"{operator}-{axis}")), np.float64) for axis in "xy")
    return along, down


def ramp_answer(kernel: Array) -> float:
    """Say what a kernel answers to a ramp that rises by 1 a column.

    >>> ramp_answer(gradient_pair("sobel")[0]), ramp_answer(gradient_pair("scharr")[0])
    (8.0, 32.0)
    """
    return float((kernel * np.arange(kernel.shape[1])).sum())


def trace_gradient(picture: Grey, spec: FilterChainsSpec) -> GradientTrace:
    """Compute both slopes, and what follows from them."""
    along, down = gradient_pair(spec.operator)
    unit = ramp_answer(along)
    plane = picture.astype(np.float32)
    if spec.blur:
        plane = smooth(plane, bell(spec.blur))
    # Whole weights first, the division last: so a plain region gives 0 and not a rounding error with a direction.
    whole = 2 if spec.operator == "central" else 1
    gx, gy = (correlate_once(plane, (kernel * whole).astype(np.float32)) for kernel in (along, down))
    gx /= np.float32(unit * whole)
    gy /= np.float32(unit * whole)
    magnitude = np.sqrt(gx * gx + gy * gy)
    degrees = np.arctan2(gy, gx)
    degrees *= np.float32(180 / math.pi)
    weak = magnitude < max(spec.threshold, LEAST)
    full = _full(magnitude, spec.threshold)
    colours = _coloured(degrees, magnitude, weak, full)
    degrees[weak] = np.nan
    share = 1 - float(np.count_nonzero(weak)) / weak.size
    height, width = magnitude.shape
    row, column = spec.at or divmod(int(magnitude.argmax()), width)
    return GradientTrace(
        spec, (along, down), unit, plane, gx, gy, magnitude, degrees, colours, colour_wheel(), full, share,
        (min(row, height - 1), min(column, width - 1)),
    )  # fmt: skip


def _full(magnitude: Array, threshold: float) -> float:
    """Choose the magnitude of full brightness: what the strongest few in a hundred pixels have."""
    flat = magnitude.ravel()
    some = flat[:: max(1, flat.size // SAMPLED)]
    return max(float(np.percentile(some, STRONG)), threshold, 1.0)


def _coloured(degrees: Array, magnitude: Array, weak: NDArray[np.bool_], full: float) -> NDArray[np.uint8]:
    """Look up a colour for each pixel: its hue is the angle, its brightness the magnitude."""
    hues = np.rint(degrees * np.float32(HUES / 360)).astype(np.int16) % HUES
    shades = np.minimum(magnitude * np.float32((SHADES - 1) / full), np.float32(SHADES - 1)).astype(np.int16)
    index = hues * np.int16(SHADES) + shades
    index[weak] = 0  # black
    return _table().take(index, axis=0)


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    """List the colours, hue by hue, from black to full brightness."""
    hue = np.arange(HUES) / HUES * 6
    # The colour circle: each channel is full over a third, none over a third, and ramps between.
    pure = np.stack([np.clip(np.abs((hue + shift) % 6 - 3) - 1, 0, 1) for shift in (0, 4, 2)], axis=-1)
    shades = np.arange(SHADES) / (SHADES - 1)
    table = np.rint(255 * pure[:, None] * shades[:, None]).astype(np.uint8).reshape(-1, 3)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=1)
def colour_wheel() -> NDArray[np.uint8]:
    """Draw the legend: the colour of every direction, seen from the middle, dark to bright.

    >>> middle = WHEEL_SIDE // 2
    >>> colour_wheel()[middle, -1].tolist(), colour_wheel()[middle, middle].tolist()
    ([255, 0, 0], [0, 0, 0])
    """
    middle = WHEEL_SIDE // 2
    down, along = np.mgrid[-middle : middle + 1, -middle : middle + 1].astype(np.float32)
    length = np.sqrt(down * down + along * along)
    wheel = _coloured(np.degrees(np.arctan2(down, along)), length, length > middle + 0.5, middle)
    wheel[length > middle + 0.5] = 128
    wheel.setflags(write=False)
    return wheel
