"""Experiments with convolutions: two ways to one result, computed apart, and their difference.

>>> trace = trace_properties(PropertiesSpec())
>>> trace["a"].shape, trace.differing, trace.largest  # f * g and g * f
((7, 7), 0, 0.0)
>>> trace_properties(PropertiesSpec(turned=False)).differing  # cross-correlation does not commute
46
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.convolution import correlate_plane
from cnnviz.engine.grids import Pair
from cnnviz.engine.patterns import fill_input, fill_kernel
from cnnviz.engine.planes import factor
from cnnviz.engine.windows import axis_windows, pad
from cnnviz.lessons.properties.spec import PropertiesSpec
from cnnviz.lessons.properties.trace_maps import (
    Axes,
    Picks,
    associative_axes,
    bordered_axes,
    full_axes,
    picked,
    shift_picks,
    untouched,
)

Array = NDArray[Any]

TINY = 1e-12
"""Below this share of the largest number, a difference is rounding and not a difference."""


@dataclass(frozen=True)
class PropertiesTrace:
    """One experiment: all grids by their names, the index map of each convolution, and what the difference comes to.

    The paths end in the grids `a` and `b`; `difference` is a - b. `axes` maps the result of a convolution to its index
    maps; `picks` maps a grid that only repeats another's rows and columns to which they are (-1: none, so zero).
    `inner` counts the cells that no border and no filling can reach, where the experiment knows them. `singular` holds
    the singular values of the kernel.
    """

    spec: PropertiesSpec
    grids: Mapping[str, Array]
    axes: Mapping[str, Axes] = field(default_factory=dict)
    picks: Mapping[str, Picks] = field(default_factory=dict)
    inner: Array | None = None
    singular: tuple[float, ...] = ()

    def __getitem__(self, name: str) -> Array:
        return self.grids[name]

    @property
    def differing(self) -> int:
        """Count the cells in which the paths differ."""
        return int(np.count_nonzero(self.grids["difference"]))

    @property
    def largest(self) -> float:
        """Give the largest difference, as it is without its sign."""
        return float(np.abs(self.grids["difference"]).max())

    @property
    def rank(self) -> int:
        """Count the singular values that are not zero."""
        return sum(value > TINY * max(self.singular) for value in self.singular)

    @property
    def missed(self) -> float:
        """Give the norm of what the nearest column times row misses of the kernel."""
        return math.sqrt(math.fsum(value * value for value in self.singular[1:]))

    @property
    def missed_share(self) -> float:
        """Give `missed` as a share of the kernel's own norm."""
        norm = math.sqrt(math.fsum(value * value for value in self.singular))
        return self.missed / norm if norm else 0.0


def trace_properties(spec: PropertiesSpec) -> PropertiesTrace:
    """Run both paths of an experiment, or say which setting makes it impossible.

    >>> trace_properties(PropertiesSpec("stride", size=(2, 2)))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: The kernel reaches over 3 cells, but the padded input has only 2: 1 too few. \
Add padding, or take a kernel of at most 2.
    """
    return EXPERIMENTS[spec.prop](spec)


def check_properties(spec: PropertiesSpec) -> None:
    """Say which setting makes an experiment impossible, without computing it.

    >>> check_properties(PropertiesSpec("stride", size=(2, 2)))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: The kernel reaches over 3 cells, but the padded input has only 2: 1 too few. \
Add padding, or take a kernel of at most 2.
    """
    if spec.prop == "associative":
        associative_axes(spec)
    elif spec.prop != "commutative":
        bordered_axes(spec, spec.size, spec.kernel)  # a stride asks for nothing more


def _commutative(spec: PropertiesSpec) -> PropertiesTrace:
    """F * g and g * f, each with every window that touches."""
    f, g = _input(spec), _kernel(spec)
    over_f, over_g = full_axes(spec.size, spec.kernel), full_axes(spec.kernel, spec.size)
    a, b = _apply(f, g, over_f, spec.turned), _apply(g, f, over_g, spec.turned)
    return _traced(spec, {"input": f, "kernel": g, "a": a, "b": b}, axes={"a": over_f, "b": over_g})


def _linear(spec: PropertiesSpec) -> PropertiesTrace:
    """Convolve a sum, and sum two convolutions."""
    f, w = _input(spec), _kernel(spec)
    h = fill_input(spec.others, spec.size, spec.seed + 1)
    axes = bordered_axes(spec, spec.size, spec.kernel)
    scales = np.array([spec.scales])
    mixed = spec.scales[0] * f + spec.scales[1] * h
    first, second = correlate_plane(pad(f, axes), w, axes), correlate_plane(pad(h, axes), w, axes)
    grids = {
        "input": f,
        "other": h,
        "scales": scales,
        "mixed": mixed,
        "kernel": w,
        "first": first,
        "last": second,
        "a": correlate_plane(pad(mixed, axes), w, axes),
        "b": spec.scales[0] * first + spec.scales[1] * second,
    }
    return _traced(spec, grids, axes=dict.fromkeys(("first", "last", "a"), axes))


def _shift(spec: PropertiesSpec) -> PropertiesTrace:
    """Shift and convolve, convolve and shift."""
    x, w = _input(spec), _kernel(spec)
    axes = bordered_axes(spec, spec.size, spec.kernel, spec.stride)
    wraps = spec.border == "circular"
    into = shift_picks(spec.size, spec.shift, wraps)
    out = (axes[0].size, axes[1].size)
    moved = output_shift(spec)
    back = shift_picks(out, moved, wraps)
    shifted, first = picked(x, into), correlate_plane(pad(x, axes), w, axes)
    grids = {
        "input": x,
        "shifted": shifted,
        "kernel": w,
        "first": first,
        "a": correlate_plane(pad(shifted, axes), w, axes),
        "b": picked(first, back),
    }
    inner = np.outer(*(untouched(axis, *lists) for axis, *lists in zip(axes, into, back, strict=True)))
    picks = {"shifted": into, "b": back}
    return _traced(spec, grids, axes=dict.fromkeys(("first", "a"), axes), picks=picks, inner=inner)


def output_shift(spec: PropertiesSpec) -> Pair:
    """Say by how many cells the output moves: the shift over the stride, towards zero where that is no whole number.

    >>> output_shift(PropertiesSpec(stride=(2, 2), shift=(-3, 4)))
    (-1, 2)
    """
    rows, columns = (int(cells / stride) for cells, stride in zip(spec.shift, spec.stride, strict=True))
    return rows, columns


def _associative(spec: PropertiesSpec) -> PropertiesTrace:
    """Two kernels one after the other, and the one kernel that they make together."""
    x, g = _input(spec), _kernel(spec)
    h = fill_kernel(spec.seconds, spec.second, spec.seed + 1)
    first, second, together, at_once = associative_axes(spec)
    combined = _apply(g, h, together, True)
    middle = _apply(x, g, first, spec.turned)
    grids = {
        "input": x,
        "kernel": g,
        "second": h,
        "middle": middle,
        "a": _apply(middle, h, second, spec.turned),
        "combined": combined,
        "b": _apply(x, combined, at_once, spec.turned),
    }
    return _traced(spec, grids, axes={"middle": first, "a": second, "combined": together, "b": at_once})


def _separable(spec: PropertiesSpec) -> PropertiesTrace:
    """A kernel, and a column followed by a row that come as near to it as they can."""
    x, w = _input(spec), _kernel(spec)
    at_once = bordered_axes(spec, spec.size, spec.kernel)
    rows, columns = at_once
    down = (rows, axis_windows(spec.size[1], 1))
    along = (axis_windows(rows.size, 1), columns)
    singular = np.linalg.svd(w.astype(float), compute_uv=False)
    column, row = nearest_factors(w)
    middle = correlate_plane(pad(x, down), column[:, None], down)
    grids = {
        "input": x,
        "kernel": w,
        "singular": singular[None],
        "column": column[:, None],
        "row": row[None],
        "near": np.outer(column, row),
        "middle": middle,
        "a": correlate_plane(pad(x, at_once), w, at_once),
        "b": correlate_plane(pad(middle, along), row[None], along),
    }
    return _traced(spec, grids, axes={"a": at_once, "middle": down, "b": along}, singular=tuple(singular.tolist()))


def nearest_factors(kernel: Array) -> tuple[Array, Array]:
    """Give the column and the row whose product comes nearest to a kernel: whole numbers where they are exact.

    >>> column, row = nearest_factors(np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]))
    >>> column.tolist(), row.tolist()
    ([1, 2, 1], [1, 0, -1])
    """
    exact = factor(kernel.astype(float))
    if exact is not None:
        column, row = exact
        whole = kernel.dtype.kind != "f"
        return (column.astype(int), row.astype(int)) if whole else (column, row)
    left, singular, right = np.linalg.svd(kernel.astype(float))
    sign = 1 if left[np.abs(left[:, 0]).argmax(), 0] >= 0 else -1
    scale = sign * np.sqrt(singular[0])
    return left[:, 0] * scale, right[0] * scale


def _stride(spec: PropertiesSpec) -> PropertiesTrace:
    """Step with a stride, or take every step and keep some."""
    x, w = _input(spec), _kernel(spec)
    axes = bordered_axes(spec, spec.size, spec.kernel, spec.stride)
    every = bordered_axes(spec, spec.size, spec.kernel)
    rows, columns = (tuple(range(0, axis.size, step)) for axis, step in zip(every, spec.stride, strict=True))
    full = correlate_plane(pad(x, every), w, every)
    grids = {
        "input": x,
        "kernel": w,
        "first": full,
        "a": correlate_plane(pad(x, axes), w, axes),
        "b": picked(full, (rows, columns)),
    }
    return _traced(spec, grids, axes={"a": axes, "first": every}, picks={"b": (rows, columns)})


EXPERIMENTS: dict[str, Callable[[PropertiesSpec], PropertiesTrace]] = {
    "commutative": _commutative,
    "linear": _linear,
    "shift": _shift,
    "associative": _associative,
    "separable": _separable,
    "stride": _stride,
}


def _traced(spec: PropertiesSpec, grids: dict[str, Array], **more: Any) -> PropertiesTrace:
    difference = grids["a"] - grids["b"]
    if difference.dtype.kind == "f":
        size = max(1.0, *(float(np.abs(grid).max()) for grid in grids.values()))
        difference = np.where(np.abs(difference) < TINY * size, 0.0, difference)
    return PropertiesTrace(spec, grids | {"difference": difference}, **more)


def _input(spec: PropertiesSpec) -> Array:
    return fill_input(spec.values, spec.size, spec.seed)


def _kernel(spec: PropertiesSpec) -> Array:
    return fill_kernel(spec.weights, spec.kernel, spec.seed)


def _apply(x: Array, kernel: Array, axes: Axes, turned: bool) -> Array:
    return correlate_plane(pad(x, axes), kernel[::-1, ::-1] if turned else kernel, axes)
