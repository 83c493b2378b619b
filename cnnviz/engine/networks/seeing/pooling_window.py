"""What one pooling cell read: its window on the map before, and the cell that won or weighs most.

>>> plane = np.array([[1.0, 4.0, 0.0], [2.0, 3.0, 0.0]])
>>> window = pool_window(Pool(2, stride=1), plane, at=(0, 0), output=(1, 2))
>>> window.value, window.winner, pool_window(Pool(2, stride=1, how="avg"), plane, (0, 1), (1, 2)).value
(4.0, (0, 1), 1.75)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import Pair
from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.layers.kinds import Layer, Mean, Pool
from cnnviz.engine.networks.reads import layer_reads, window_reads

Numbers = NDArray[np.float64]
Plane = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Window:
    """A pooling window; cells that are `outside` do not take part, or as zeros if the mean counts them."""

    values: Numbers
    outside: NDArray[np.bool_]
    how: str
    winner: Pair
    """The place in the window of the largest number; of a mean, of the one that weighs most."""
    divisor: int
    first: Pair
    """The row and the column of the map where the window begins, padding included."""

    @property
    def value(self) -> float:
        """The largest number, or the mean."""
        if self.how == "max":
            return float(self.values[self.winner])
        return float(self.values[~self.outside].sum()) / self.divisor


def pool_window(layer: Layer, plane: Plane, at: Pair, output: Shape) -> Window:
    """Find the cells that a pooling cell read, and which of them counts."""
    down, along = pool_reads(layer, plane.shape, output)
    rows, columns = down[at[0]], along[at[1]]
    outside = ~np.logical_and.outer(rows >= 0, columns >= 0)
    values = np.where(outside, 0.0, plane[np.ix_(np.maximum(rows, 0), np.maximum(columns, 0))].astype(float))
    how = "max" if getattr(layer, "how", "") == "max" else "mean"
    compared = np.where(outside, -np.inf, values if how == "max" else np.abs(values))
    row, column = np.unravel_index(int(compared.argmax()), compared.shape)
    divisor = int((~outside).sum())
    if isinstance(layer, Pool) and layer.count_include_pad:
        divisor = _counted(layer, plane.shape, at)
    first = _first(rows), _first(columns)
    return Window(values, outside, how, (int(row), int(column)), divisor, first)


def pool_reads(layer: Layer, spatial: Shape, output: Shape) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List what pooling reads along each axis; -1 is outside."""
    if isinstance(layer, Mean):
        return np.arange(spatial[0])[None], np.arange(spatial[1])[None]
    reads = layer_reads(layer, spatial, output)
    assert reads is not None
    return reads[0], reads[1]


def _first(places: NDArray[np.int64]) -> int:
    """Say where a window begins: so many cells before the first one that is inside as there are outside."""
    inside = np.flatnonzero(places >= 0)
    return int(places[inside[0]] - inside[0])


def _counted(layer: Pool, spatial: Shape, at: Pair) -> int:
    """Count the cells that a mean is divided by: padding counts, what lies beyond it does not."""
    count = 1
    for place, n, kernel, stride, (before, after) in zip(
        at, spatial, layer.kernel, layer.stride, layer.padding, strict=True
    ):
        covered = window_reads(place + 1, kernel, stride, before, 1)[place]
        count *= int((covered < n + after).sum())
    return count
