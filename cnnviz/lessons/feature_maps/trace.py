"""All maps of a network on one wall: which layers get a row, in which order maps stand, and how alike two pictures are.

>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> from cnnviz.engine.networks.trace import trace_network
>>> wall_layers(trace_network(ARCHITECTURES["digits_lenet"]))[:4]
['conv1', 'relu1', 'pool1', 'conv2']
>>> wall_layers(trace_network(ARCHITECTURES["resnet50"]))[:4]
['relu', 'maxpool', 'layer1.2.relu_out', 'layer2.3.relu_out']

A small network shows every layer. A larger one is folded into stages, of which the wall shows what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Concat,
    Dropout,
    Flatten,
    Mean,
    Norm,
    Pool,
)
from cnnviz.engine.networks.seeing.maps import Maps
from cnnviz.engine.networks.trace import NetworkTrace, Row

MOST_ROWS, LEAST_ROWS = 14, 4
NEVER_NEGATIVE = {"relu", "relu6", "sigmoid", "hardsigmoid", "softmax"}
PAGE = 64
"""Maps of the chosen layer at once."""
THIN = 24
"""Maps of another layer of a network with many."""
THIN_SIDE, OPEN_SIDE = 32, 112
"""Cells on a side of a map as it is sent: of layers that were not chosen, and of the one that was."""


def layers_with_maps(trace: NetworkTrace) -> list[Row]:
    """Give the layers that can be looked at: with maps or a row of numbers, and not the one before over again."""
    return [row for row in trace.rows if len(row.output_shape) in {1, 3} and not isinstance(row.node.layer, Dropout)]


def is_flat(row: Row) -> bool:
    """Tell a row of numbers from maps.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> from cnnviz.engine.networks.trace import trace_network
    >>> [is_flat(trace_network(ARCHITECTURES["shapes_vgg"]).row(name)) for name in ("pool3", "gap", "fc")]
    [False, True, True]
    """
    return len(row.output_shape) == 1 or row.output_shape[1:] == (1, 1)


def wall_layers(trace: NetworkTrace, chosen: str = "") -> list[str]:
    """Name the layers that get a row: all, or what comes out of every stage, and the chosen one in any case."""
    rows = layers_with_maps(trace)
    names = [row.name for row in _folded(trace, rows)]
    known = {row.name for row in rows}
    if chosen not in names and chosen in known:
        order = [row.name for row in rows]
        names = sorted([*names, chosen], key=order.index)
    return names


def default_layer(trace: NetworkTrace) -> str:
    """Choose a layer to begin with: what comes out of the first convolution."""
    rows = [row for row in layers_with_maps(trace) if not is_flat(row)]
    shown = [name for name in wall_layers(trace) if not is_flat(trace.row(name))]
    first = next((row.name for row in rows if isinstance(row.node.layer, Activation)), "")
    return first if first in shown else shown[0] if shown else rows[0].name if rows else trace.rows[0].name


def _folded(trace: NetworkTrace, rows: list[Row]) -> list[Row]:
    """Fold layers into stages, no more than it takes to fit on the wall."""
    if len(rows) <= MOST_ROWS:
        return rows
    rows = [row for row in rows if not isinstance(row.node.layer, Flatten)]
    blocks = _last_of(_merged(trace, rows), _block)
    tries = (_merged(trace, rows), blocks, _last_of(blocks, lambda row: row.output_shape))
    for one in tries:
        if LEAST_ROWS <= len(one) <= MOST_ROWS:
            return one
    return _last_of(blocks, lambda row: row.output_shape[1:] or row.name)


def _merged(trace: NetworkTrace, rows: list[Row]) -> list[Row]:
    """Leave out a layer whose result goes straight into an activation or a normalisation."""
    inside = {
        name
        for row in rows
        if isinstance(row.node.layer, Activation | BatchNorm | Norm)
        for name in trace.network.inputs_of(row.name)
    }
    return [row for row in rows if row.name not in inside]


def _block(row: Row) -> str:
    """Name the block that a layer belongs to; a layer that stands by itself is its own."""
    path = row.name.split(".")
    if path[0].startswith("inception"):
        return path[0]
    return ".".join(path[:2]) if len(path) > 2 else row.name


def _last_of(rows: list[Row], key: Callable[[Row], object]) -> list[Row]:
    """Keep the last of every run of rows with the same key."""
    return [row for row, after in zip(rows, [*rows[1:], None], strict=True) if after is None or key(row) != key(after)]


def stage_of(trace: NetworkTrace, names: Sequence[str], name: str) -> list[str]:
    """Name the layers that a row of the wall stands for: those since the row above it, itself the last."""
    order = [row.name for row in layers_with_maps(trace)]
    above = [one for one in names if order.index(one) < order.index(name)]
    start = order.index(above[-1]) + 1 if above else 0
    return order[start : order.index(name) + 1]


def never_negative(trace: NetworkTrace, name: str) -> bool:
    """Tell whether a layer's numbers start at zero whatever the picture is.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> from cnnviz.engine.networks.trace import trace_network
    >>> trace = trace_network(ARCHITECTURES["digits_lenet"])
    >>> [name for name in ("conv1", "relu1", "pool1", "flatten", "fc1") if never_negative(trace, name)]
    ['relu1', 'pool1', 'flatten']
    """
    known = {row.name: row.node.layer for row in trace.rows}
    while name in known:
        layer = known[name]
        if isinstance(layer, Activation):
            return layer.how in NEVER_NEGATIVE
        inputs = trace.network.inputs_of(name)
        if isinstance(layer, Concat | Add):
            return all(never_negative(trace, one) for one in inputs)
        if not isinstance(layer, Pool | AdaptivePool | Mean | Dropout | Flatten):
            return False
        name = inputs[0]
    return False


def activity(maps: Maps) -> NDArray[np.float64]:
    """Measure how active each map is: the mean of its absolute values.

    >>> activity(np.array([[[1.0, -3.0]], [[0.0, 1.0]]], np.float32)).tolist()
    [2.0, 0.5]
    """
    means: NDArray[np.float64] = np.abs(maps.reshape(len(maps), -1)).mean(axis=1, dtype=float)
    return means


def map_order(maps: Maps, how: str) -> list[int]:
    """Give the maps' numbers as the network has them ("net"), or the most active first ("act")."""
    if how == "net":
        return list(range(len(maps)))
    return [int(one) for one in np.argsort(-activity(maps), kind="stable")]


def reduced(maps: Maps, side: int) -> tuple[Maps, int]:
    """Shrink maps to at most so many cells a side, by the mean over blocks; and say how large the blocks are.

    >>> small, block = reduced(np.arange(24, dtype=np.float32).reshape(1, 4, 6), 3)
    >>> small.tolist(), block
    ([[[3.5, 5.5, 7.5], [15.5, 17.5, 19.5]]], 2)
    """
    block = -(-max(maps.shape[1:]) // side)
    if block == 1:
        return maps, 1
    small: NDArray[Any] = maps
    for axis in (1, 2):
        starts = np.arange(0, maps.shape[axis], block)
        counts = np.diff(np.append(starts, maps.shape[axis])).astype(np.float32)
        small = np.add.reduceat(small, starts, axis=axis) / counts.reshape((-1, 1) if axis == 1 else (-1,))
    return small.astype(np.float32), block


def likeness(one: Maps, other: Maps) -> float:
    """Measure how alike two layers' maps are: the cosine between them, 1 where they point the same way.

    >>> likeness(np.array([3.0, 4.0]), np.array([6.0, 8.0])), likeness(np.array([1.0, 0.0]), np.array([0.0, 2.0]))
    (1.0, 0.0)
    """
    a, b = one.ravel().astype(float), other.ravel().astype(float)
    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    return round(float(a @ b) / lengths, 12) if lengths else 0.0
