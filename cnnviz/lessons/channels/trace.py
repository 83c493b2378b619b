"""A layer with several channels, computed with everything that there is to see of it.

>>> trace = trace_channels(ChannelsSpec(inputs=2, outputs=2, size=(3, 3), values="counting", weights="ones"))
>>> [part.item() for part in trace.parts[0]], trace.outputs[0].item()  # a map for each input channel, and their sum
([36, 117], 153)
>>> trace.weight.shape  # (out, in / groups, *kernel)
(2, 2, 3, 3)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.windows import AxisWindows, axis_windows, pad
from cnnviz.errors import SpecError
from cnnviz.lessons.channels.spec import ChannelsSpec
from cnnviz.lessons.channels.trace_patterns import fill_channel, weight_slices
from cnnviz.state.indexed import Edits

AXES = ("rows", "columns")

Array = NDArray[Any]
Planes = tuple[Array, ...]


@dataclass(frozen=True)
class ChannelsTrace:
    """A spec with its numbers.

    `slices` holds for each kernel one plane for each channel that it reads, and `parts` what each of them makes of its
    channel. A separable layer has one kernel for each input channel; `mixing` (out, in) then makes the outputs out of
    the maps. Without a bias, `bias` is empty.
    """

    spec: ChannelsSpec
    rows: AxisWindows
    columns: AxisWindows
    inputs: Planes
    padded: Planes
    slices: tuple[Planes, ...]
    parts: tuple[Planes, ...]
    mixing: Array | None
    bias: tuple[float, ...]
    outputs: Planes

    @property
    def axes(self) -> tuple[AxisWindows, AxisWindows]:
        """Both index maps, rows first."""
        return self.rows, self.columns

    @property
    def weight(self) -> Array:
        """The weight of the (first) convolution as PyTorch holds it: (out, in / groups, *kernel)."""
        return np.array(self.slices)

    def group(self, output: int) -> range:
        """Which input channels an output channel reads; in a separable layer, which maps.

        >>> trace_channels(ChannelsSpec(inputs=6, outputs=4, groups=2)).group(2)
        range(3, 6)
        """
        if self.mixing is not None:
            return range(self.spec.inputs)
        inside = self.spec.inputs // self.spec.groups
        first = output // (self.spec.outputs // self.spec.groups) * inside
        return range(first, first + inside)


def trace_channels(spec: ChannelsSpec) -> ChannelsTrace:
    """Compute a layer for the stage, or say which setting makes it impossible.

    >>> trace_channels(ChannelsSpec(inputs=4, outputs=6, groups=3))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: 3 groups cannot share 4 input channels equally: 1 is left over. Groups must divide both \
channel counts, 4 in and 6 out: 1 or 2 works.
    """
    return replace(_compute(replace(spec, view="one", shown=0)), spec=spec)


def check_channels(spec: ChannelsSpec) -> tuple[AxisWindows, AxisWindows]:
    """Map both axes without computing anything, or say which setting makes it impossible."""
    if not spec.separable:
        check_groups(spec)
    return _windows(spec, 0), _windows(spec, 1)


def check_axis(axis: int, spec: ChannelsSpec) -> None:
    """Say which setting makes one axis impossible, whatever the other is."""
    _windows(spec, axis)


def check_groups(spec: ChannelsSpec) -> None:
    """Say it when the groups do not divide the channels."""
    for side, channels in (("input", spec.inputs), ("output", spec.outputs)):
        left = channels % spec.groups
        if left:
            both = [g for g in range(1, spec.inputs + 1) if spec.inputs % g == 0 and spec.outputs % g == 0]
            *firsts, last = map(str, both)
            choice = f"{', '.join(firsts)} or {last} works" if firsts else f"only {last} works"
            raise SpecError(
                "groups",
                f"{spec.groups} groups cannot share {channels} {side} channel{'s' if channels > 1 else ''} equally: "
                f"{left} {'is' if left == 1 else 'are'} left over. Groups must divide both channel counts, "
                f"{spec.inputs} in and {spec.outputs} out: {choice}.",
            )


def _windows(spec: ChannelsSpec, axis: int) -> AxisWindows:
    settings = spec.size[axis], spec.kernel[axis], spec.stride[axis], spec.padding[axis]
    try:
        return axis_windows(*settings)
    except SpecError as error:
        pairs = (spec.size, spec.kernel, spec.stride, spec.padding)
        where = "" if all(rows == columns for rows, columns in pairs) else f"In the {AXES[axis]}: "
        raise SpecError(error.field, where + error.message) from None


@lru_cache(maxsize=512)
def _compute(spec: ChannelsSpec) -> ChannelsTrace:
    axes = check_channels(spec)
    inputs, padded = filled_inputs(*input_settings(spec))
    slices = filled_kernels(*kernel_settings(spec))
    stack = _parts(np.array(padded), np.array(slices), axes, spec.used_groups)
    bias = spec.bias[: spec.outputs]
    mixing = None
    if spec.separable:
        mixing = _mixing(spec.weights, spec.mixing_edits, spec.outputs, spec.inputs, spec.seed)
        sums = np.tensordot(mixing, stack[:, 0], 1)
    else:
        sums = stack.sum(axis=1)
    if bias:
        sums = sums + np.array(bias).reshape(-1, 1, 1)
    sums.setflags(write=False)
    stack.setflags(write=False)
    parts = tuple(tuple(kernel) for kernel in stack)
    return ChannelsTrace(spec, *axes, inputs, padded, slices, parts, mixing, bias, tuple(sums))


def _parts(padded: Array, weight: Array, axes: tuple[AxisWindows, AxisWindows], groups: int) -> Array:
    """Correlate each channel of a group with each slice that reads it, without adding up: (out, in / groups, *map)."""
    rows, columns = axes
    outputs, inside, height, width = weight.shape
    windows = padded[:, rows.reads[:, None, :, None], columns.reads[None, :, None, :]]
    cells = windows.reshape(groups, 1, inside, rows.size * columns.size, height * width)
    taps = weight.reshape(groups, outputs // groups, inside, height * width, 1)
    product: Array = np.matmul(cells, taps)
    return product.reshape(outputs, inside, rows.size, columns.size)


InputSettings = tuple[str, Edits, int, tuple[int, int], tuple[int, int], int]
KernelSettings = tuple[str, Edits, int, int, int, tuple[int, int], int]


def input_settings(spec: ChannelsSpec) -> InputSettings:
    """Take out of a spec what its inputs hang on."""
    return spec.values, spec.value_edits, spec.inputs, spec.size, spec.padding, spec.seed


def kernel_settings(spec: ChannelsSpec) -> KernelSettings:
    """Take out of a spec what its kernels hang on."""
    kernels = spec.inputs if spec.separable else spec.outputs
    return spec.weights, spec.weight_edits, kernels, spec.inputs, spec.used_groups, spec.kernel, spec.seed


@lru_cache(maxsize=512)
def filled_inputs(  # noqa: PLR0917 - positional, because that is what a cache sees
    pattern: str, edits: Edits, channels: int, size: tuple[int, int], padding: tuple[int, int], seed: int
) -> tuple[Planes, Planes]:
    """Fill and pad every channel; the same arrays come back as long as they hold the same."""
    inputs = tuple(
        _changed(fill_channel(pattern, channel, size, seed), _of(edits, (channel,))) for channel in range(channels)
    )
    axes = tuple(axis_windows(n, 1, 1, p) for n, p in zip(size, padding, strict=True))
    padded = tuple(pad(plane, axes) for plane in inputs)
    for plane in padded:
        plane.setflags(write=False)
    return inputs, padded


@lru_cache(maxsize=512)
def filled_kernels(  # noqa: PLR0917 - positional, because that is what a cache sees
    pattern: str, edits: Edits, outputs: int, inputs: int, groups: int, shape: tuple[int, int], seed: int
) -> tuple[Planes, ...]:
    """Fill every slice of every kernel."""
    slices = weight_slices(pattern, outputs, inputs, groups, shape, seed)
    if not edits:
        return slices
    return tuple(
        tuple(_changed(plane, _of(edits, (output, at))) for at, plane in enumerate(kernel))
        for output, kernel in enumerate(slices)
    )


@lru_cache(maxsize=512)
def _mixing(pattern: str, edits: Edits, outputs: int, inputs: int, seed: int) -> Array:
    """Give the weights of the pointwise layer, (out, in): the same pattern, with kernels of one cell."""
    slices = weight_slices(pattern, outputs, inputs, 1, (1, 1), seed)
    mixing = _changed(np.array([[plane.item() for plane in kernel] for kernel in slices]), edits)
    mixing.setflags(write=False)
    return mixing


def _of(edits: Edits, start: tuple[int, ...]) -> Edits:
    """Take the edits of one plane."""
    return tuple((index[len(start) :], value) for index, value in edits if index[: len(start)] == start)


def _changed(plane: Array, edits: Edits) -> Array:
    """Put changed numbers into a plane, as far as they lie in it."""
    inside = [(index, value) for index, value in edits if all(at < n for at, n in zip(index, plane.shape, strict=True))]
    if not inside:
        return plane
    kind = float if plane.dtype.kind == "f" or any(isinstance(value, float) for _, value in inside) else int
    plane = plane.astype(kind)
    for index, value in inside:
        plane[index] = value
    plane.setflags(write=False)
    return plane
