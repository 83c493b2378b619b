"""One cell of one layer: what it read, and what came of it, by our own arithmetic on the numbers that it read.

>>> Scaled(3.0, mean=1.0, variance=3.99999, epsilon=1e-5, gamma=0.5, beta=-1.0).value
-0.5
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import Pair
from cnnviz.engine.networks.graph import INPUT, Shape
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Conv,
    Flatten,
    Layer,
    Linear,
    Mean,
    Multiply,
    Pool,
)
from cnnviz.engine.networks.reads import layer_reads
from cnnviz.engine.networks.seeing.maps import Eyes, Maps
from cnnviz.engine.networks.seeing.pooling_window import Numbers, Plane, Window, pool_window


@dataclass(frozen=True, eq=False)
class WeightedSum:
    """The sum of products of a convolution or a dense layer; `values` and `weights` are (channels, rows, columns)."""

    channels: tuple[int, ...]
    """Which of the source's maps it reads."""
    values: Numbers
    weights: Numbers
    outside: NDArray[np.bool_]
    """Which cells of the window are padding."""
    bias: float | None
    rows: tuple[int, ...]
    """The source's rows that the window covers; -1 is padding."""
    columns: tuple[int, ...]

    @property
    def products(self) -> Numbers:
        """Number times weight."""
        return self.values * self.weights

    @property
    def parts(self) -> Numbers:
        """What each input map adds."""
        parts: Numbers = self.products.sum((1, 2))
        return parts

    @property
    def value(self) -> float:
        """All of it."""
        return float(self.products.sum()) + (self.bias or 0.0)

    def by_weight(self) -> list[int]:
        """Order the places in `channels` by what they add here, of either sign, the largest first."""
        return [int(one) for one in np.argsort(-np.abs(self.parts), kind="stable")]


@dataclass(frozen=True, slots=True)
class Scaled:
    """Batch norm with what it remembers."""

    x: float
    mean: float
    variance: float
    epsilon: float
    gamma: float
    beta: float

    @property
    def scale(self) -> float:
        """The factor of its straight line."""
        return self.gamma / sqrt(self.variance + self.epsilon)

    @property
    def shift(self) -> float:
        """What it adds after that."""
        return self.beta - self.mean * self.scale

    @property
    def value(self) -> float:
        """The line's value."""
        return (self.x - self.mean) * self.scale + self.beta


@dataclass(frozen=True, slots=True)
class Bent:
    """An activation."""

    x: float
    how: str
    value: float


@dataclass(frozen=True, slots=True)
class Same:
    """A number that was only laid elsewhere."""

    x: float

    @property
    def value(self) -> float:
        """The same."""
        return self.x


@dataclass(frozen=True, slots=True)
class Terms:
    """The cells of several maps, added or multiplied."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    how: str

    @property
    def value(self) -> float:
        """Their sum or product."""
        return float(sum(self.values) if self.how == "add" else np.prod(self.values))


Detail = WeightedSum | Window | Scaled | Bent | Same | Terms | None


@dataclass(frozen=True, eq=False)
class Step:
    """A cell: what the network has there (`given`), and how it came about."""

    name: str
    channel: int
    at: Pair
    layer: Layer | None
    given: float
    detail: Detail
    off: bool
    before: Pair
    """The cell of the map before that it goes on with."""
    spatial: bool
    """Whether it is a cell of a map; else a single number of a list."""

    @property
    def value(self) -> float:
        """What our own arithmetic makes of the numbers that it read."""
        return self.given if self.detail is None else self.detail.value


def trace_step(
    eyes: Eyes,
    name: str,
    channel: int,
    at: Pair,
    *,
    maps: Mapping[str, Maps],
    plane: Plane | None,
    inputs: Sequence[str],
    shape: Shape,
    off: bool,
    source: str = "",
) -> Step:
    """Take one cell apart: `plane` is the one map that it was made of, `shape` that of the maps which feed a maker."""
    own = maps[name]
    here = own[channel].reshape(1, -1) if own.ndim == 1 else own[channel]
    given, spatial = float(here[at]), own.ndim == 3
    layer = eyes.network[name].layer if name != INPUT else None
    detail: Detail = None
    before = at
    if plane is not None and layer is not None:
        detail, before = _of_one(eyes, name, layer, channel, at, plane, here.shape)
    elif isinstance(layer, (Conv, Linear)):
        detail = _weighted(eyes, name, layer, channel, at, maps[inputs[0]], shape, here.shape)
    elif isinstance(layer, (Add, Multiply)) and all(maps[one].shape == own.shape for one in inputs):
        values = tuple(float(maps[one][channel].reshape(here.shape)[at]) for one in inputs)
        detail = Terms(tuple(inputs), values, "add" if isinstance(layer, Add) else "multiply")
    return Step(name, channel, at, layer, given, detail, off, before, spatial)


def _of_one(  # noqa: PLR0917 - as above
    eyes: Eyes, name: str, layer: Layer, channel: int, at: Pair, plane: Plane, output: Shape
) -> tuple[Detail, Pair]:
    """Take apart what was made of one map; say which of its cells goes on."""
    if isinstance(layer, (Pool, AdaptivePool, Mean)):
        window = pool_window(layer, plane, at, output)
        return window, (window.first[0] + window.winner[0], window.first[1] + window.winner[1])
    if isinstance(layer, Flatten):
        cell = divmod(channel % plane.size, plane.shape[1])
        return Same(float(plane[cell])), cell
    x = float(plane[at])
    if isinstance(layer, BatchNorm):
        return scaled(eyes, name, channel, x), at
    if isinstance(layer, Activation):
        return Bent(x, layer.how, float(bend(eyes, name, layer, np.array(x)))), at
    return Same(x), at


def scaled(eyes: Eyes, name: str, channel: int, x: float) -> Scaled:
    """Give batch norm's numbers of a channel."""
    norm = eyes.module.get_submodule(eyes.network[name].home)
    gamma, beta = (1.0, 0.0) if norm.weight is None else (float(norm.weight[channel]), float(norm.bias[channel]))
    return Scaled(x, float(norm.running_mean[channel]), float(norm.running_var[channel]), norm.eps, gamma, beta)


def bend(eyes: Eyes, name: str, layer: Activation, x: Numbers) -> Numbers:
    """Apply an activation in double precision."""
    if layer.how == "relu":
        return np.maximum(x, 0)
    if layer.how == "relu6":
        return np.clip(x, 0, 6)
    import torch  # noqa: PLC0415
    from torch.nn import functional as F  # noqa: N812, PLC0415

    numbers = torch.from_numpy(np.asarray(x, float))
    if layer.how == "prelu":
        slope = float(eyes.module.get_submodule(eyes.network[name].home).weight[0])
        return np.where(x < 0, slope * x, x)
    if layer.how == "leaky_relu":
        return np.asarray(F.leaky_relu(numbers, 0.01 if layer.slope is None else layer.slope).numpy())
    return x if layer.how == "identity" else np.asarray(getattr(F, layer.how)(numbers).numpy())


def _weighted(  # noqa: PLR0917 - as above
    eyes: Eyes, name: str, layer: Conv | Linear, channel: int, at: Pair, source: Maps, shape: Shape, output: Shape
) -> WeightedSum:
    module = eyes.module.get_submodule(eyes.network[name].home)
    weight = module.weight[channel].numpy().astype(float)
    bias = None if module.bias is None else float(module.bias[channel])
    if isinstance(layer, Linear):
        planes = source.reshape(shape if len(shape) == 3 else (-1, 1, 1))
        rows, columns = np.arange(planes.shape[1]), np.arange(planes.shape[2])
        return WeightedSum(
            tuple(range(len(planes))), planes.astype(float), weight.reshape(planes.shape),
            np.zeros(planes.shape[1:], bool), bias, tuple(rows.tolist()), tuple(columns.tolist()),
        )  # fmt: skip
    channels = read_channels(layer, channel, len(weight))
    reads = layer_reads(layer, source.shape[1:], output)
    assert reads is not None
    rows, columns = reads[0][at[0]], reads[1][at[1]]
    outside = ~np.logical_and.outer(rows >= 0, columns >= 0)
    values = source[np.ix_(channels, np.maximum(rows, 0), np.maximum(columns, 0))].astype(float)
    values = np.where(outside, 0.0, values)
    return WeightedSum(
        tuple(channels), values, weight, outside, bias, tuple(rows.tolist()), tuple(columns.tolist())
    )  # fmt: skip


def read_channels(layer: Conv, channel: int, inside: int) -> range:
    """List the input maps that an output map reads: those of its group.

    >>> list(read_channels(Conv(8, 3, groups=4), channel=5, inside=2))
    [4, 5]
    """
    first = channel // (layer.channels // layer.groups) * inside
    return range(first, first + inside)
