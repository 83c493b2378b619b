"""The kernels of a layer, laid out to be looked at, and what can be counted about them.

>>> tiles = np.arange(8.0).reshape(2, 1, 2, 2)                      # two kernels of 2 by 2
>>> page = sheet(tiles, 0, 0)
>>> page.zoom, page.array.shape, page.place(1, 0), page.hit(0, 24), page.hit(0, 17)
(8, (16, 40), (0, 24), (1, 0), None)

Kernels of one channel, or colour kernels, fill a sheet row by row. Others are a matrix: a row of slices for each kernel
(output channel), a column for each input channel; large layers are shown a page at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.graph import Network
from cnnviz.engine.networks.layers.kinds import Conv, Linear
from cnnviz.engine.networks.seeing.maps import Eyes
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.networks.zoo.trained import TRAINED

Weights = NDArray[np.float32]
"""(kernels, input channels of each, rows, columns)."""

MOST_TILES = 64
"""Kernels on a page, where each is one tile."""
MOST_ACROSS = 16
"""Kernels, and input channels, on a page of slices."""
MOST_POINTS = 64
"""The same for kernels of 1 by 1."""
SHEET_SIDE, MOST_ZOOM = 240, 8
"""Cells on a side of a sheet, about: a weight is so many cells that kernels do not look like one grid."""
TRAINING_SEED = 7
DEAD = 0.05
"""A kernel whose norm is below this part of the layer's middle one counts as dead."""
COLOURS = 3
COLOUR = -1
"""In the place of an input channel: red, green and blue together."""


def kernel_layers(network: Network) -> list[str]:
    """Name the layers that slide kernels over maps.

    >>> kernel_layers(ARCHITECTURES["digits_lenet"])
    ['conv1', 'conv2']
    """
    return [node.name for node in network if isinstance(node.layer, Conv) and node.layer.rank == 2]


def unit_layers(network: Network) -> list[str]:
    """Name the layers whose units can be excited: kernels and dense layers, before their ReLU.

    >>> unit_layers(ARCHITECTURES["digits_lenet"])
    ['conv1', 'conv2', 'fc1', 'fc2']
    """
    return [
        node.name
        for node in network
        if isinstance(node.layer, Linear) or (isinstance(node.layer, Conv) and node.layer.rank == 2)
    ]


def weights_of(eyes: Eyes, layer: str) -> Weights:
    """Give a layer's weights."""
    return _weights(eyes.module, eyes.network, layer)


def _weights(module: object, network: Network, layer: str) -> Weights:
    home = next(node.home for node in network if node.name == layer)
    found: Weights = module.get_submodule(home).weight.detach().numpy()  # type: ignore[attr-defined]
    return found


@lru_cache(maxsize=8)
def weights_before(name: str, layer: str) -> Weights | None:
    """Give the weights with which the training of one of our own networks began; None: it is not ours."""
    if name not in TRAINED:
        return None
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    from cnnviz.engine.networks.modules import build_module  # noqa: PLC0415

    with torch.random.fork_rng(devices=[]):  # as assets/networks/train.py does it
        torch.manual_seed(TRAINING_SEED)
        module = build_module(ARCHITECTURES[name], seed=TRAINING_SEED)
        for part in module.modules():
            if isinstance(part, nn.Conv2d):
                nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
    return _weights(module, ARCHITECTURES[name], layer)


def has_colour(eyes: Eyes, weights: Weights, layer: str) -> bool:
    """Tell whether a layer's kernels look at a colour picture itself."""
    first = kernel_layers(eyes.network)[0]
    return layer == first and eyes.input[0] == COLOURS == weights.shape[1]


def chosen(weights: Weights, kernel: int, channel: int) -> NDArray[np.float64]:
    """Give one slice as a matrix; for a colour kernel the sum of its slices: what it does to a grey picture."""
    one = weights[kernel].astype(float)
    picked: NDArray[np.float64] = one.sum(0) if channel == COLOUR else one[channel]
    return picked


@dataclass(frozen=True, eq=False)
class Sheet:
    """Kernels side by side. Gaps are NaN."""

    array: NDArray[np.float32]
    """(H, W), or (H, W, 3) for colour kernels; every weight is a square of `zoom` by `zoom` cells."""
    tile: tuple[int, int]
    """Rows and columns of a kernel, in weights."""
    zoom: int
    gap: int
    """Cells between tiles."""
    across: int
    """Tiles in a row."""
    first: tuple[int, int]
    """The kernel and the input channel of the first tile."""
    counts: tuple[int, int]
    """How many kernels and input channels are on it."""
    matrix: bool
    """A row is a kernel, a column an input channel; else every tile is a kernel."""

    def place(self, kernel: int, channel: int) -> tuple[int, int]:
        """Give the row and column of a tile's first cell."""
        if self.matrix:
            down, right = kernel - self.first[0], channel - self.first[1]
        else:
            down, right = divmod(kernel - self.first[0], self.across)
        return down * (self.shown[0] + self.gap), right * (self.shown[1] + self.gap)

    @property
    def shown(self) -> tuple[int, int]:
        """Rows and columns of a tile, in cells."""
        return self.tile[0] * self.zoom, self.tile[1] * self.zoom

    def hit(self, row: int, column: int) -> tuple[int, int] | None:
        """Give the kernel and the input channel under a cell; None between tiles. A whole kernel's channel is 0."""
        height, width = self.shown
        down, in_row = divmod(row, height + self.gap)
        right, in_column = divmod(column, width + self.gap)
        if in_row >= height or in_column >= width or right >= self.across:
            return None
        if self.matrix:
            return (self.first[0] + down, self.first[1] + right) if down < self.counts[0] else None
        number = down * self.across + right
        return (self.first[0] + number, self.first[1]) if number < self.counts[0] else None


def sheet(weights: Weights, kernel: int, channel: int, *, each: bool = False) -> Sheet:
    """Lay out the page on which a kernel's slice stands; `each` divides every tile by its largest weight."""
    channels, height, width = weights.shape[1:]
    points = height == width == 1
    if channel == COLOUR or channels == 1:
        most = MOST_TILES
        first = (kernel // most * most, channel)
        cut = weights[first[0] : first[0] + most]
        tiles = np.moveaxis(cut, 1, -1) if channel == COLOUR else cut[:, 0]
        across = math.ceil(math.sqrt(len(tiles)))
    else:
        most = MOST_POINTS if points else MOST_ACROSS
        first = (kernel // most * most, channel // most * most)
        cut = weights[first[0] : first[0] + most, first[1] : first[1] + most]
        tiles, across = cut.reshape(-1, height, width), cut.shape[1]
    if each:
        largest = np.abs(tiles).reshape(len(tiles), -1).max(1)
        below = np.where(largest > 0, largest, 1).reshape(-1, *(1,) * (tiles.ndim - 1))
        tiles = (tiles / below).astype(np.float32)
    cells = max(across * (width + 1), math.ceil(len(tiles) / across) * (height + 1))
    zoom = max(1, min(MOST_ZOOM, SHEET_SIDE // cells))
    gap = 0 if points else zoom
    tiles = tiles.repeat(zoom, 1).repeat(zoom, 2)
    matrix = channel != COLOUR and channels > 1
    counts = (cut.shape[0], cut.shape[1] if matrix else 1)
    return Sheet(_laid(tiles, across, gap), (height, width), zoom, gap, across, first, counts, matrix)


def _laid(tiles: NDArray[np.float32], across: int, gap: int) -> NDArray[np.float32]:
    """Put tiles (N, h, w, ...) in rows, with NaN between them."""
    height, width = tiles.shape[1:3]
    down = math.ceil(len(tiles) / across)
    size = (down * (height + gap) - gap, across * (width + gap) - gap, *tiles.shape[3:])
    array = np.full(size, np.nan, np.float32)
    for number, tile in enumerate(tiles):
        row, column = (one * (side + gap) for one, side in zip(divmod(number, across), (height, width), strict=True))
        array[row : row + height, column : column + width] = tile
    return array


@dataclass(frozen=True, eq=False)
class KernelCount:
    """What can be counted about a layer's kernels."""

    norms: NDArray[np.float64]
    """The length of every kernel, all its channels together."""
    dead: tuple[int, ...]
    mean: float
    spread: float
    grey: float | None
    """For colour kernels: the part of the squares that is alike in red, green and blue."""


def count_kernels(weights: Weights, colour: bool) -> KernelCount:
    """Count.

    >>> found = count_kernels(np.stack([np.ones((3, 3, 3)), np.zeros((3, 3, 3)), -np.ones((3, 3, 3))]), True)
    >>> found.norms.round(3).tolist(), found.dead, found.grey
    ([5.196, 0.0, 5.196], (1,), 1.0)
    """
    flat = weights.reshape(len(weights), -1).astype(float)
    norms = np.sqrt((flat**2).sum(1))
    dead = tuple(int(one) for one in np.flatnonzero(norms <= DEAD * np.median(norms)))
    total = float((flat**2).sum())
    grey = None
    if colour:
        alike = weights.astype(float).mean(1)
        grey = COLOURS * float((alike**2).sum()) / total if total else 1.0
    return KernelCount(norms, dead, float(flat.mean()), float(flat.std()), grey)
