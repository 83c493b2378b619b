"""Links of one axis that are read off the index map in other ways than window by window.

>>> from cnnviz.engine.windows import axis_windows
>>> axis = axis_windows(3, kernel=2, padding=(1, 0))
>>> data_links(axis).reads, data_links(axis).taps  # the first window meets one cell that is not padding
(((0,), (0, 1), (1, 2)), ((1,), (0, 1), (0, 1)))
>>> reader_links(axis).reads, reader_links(axis).taps  # who read each data cell, and through which weight
(((0, 1), (1, 2), (2,)), ((1, 0), (1, 0), (1,)))

The functions are cached: every scene that shares an axis gets the same object, which a pack then stores once.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.windows import AxisWindows
from cnnviz.stage.scene import AxisLinks

Ragged = tuple[tuple[int, ...], ...]
CellLinks = tuple[tuple[tuple[int, int], ...], ...]

STRUCTURAL_ZERO = "·"
"""What stands in a matrix where there is no weight."""


@lru_cache(maxsize=2048)
def data_links(axis: AxisWindows, flip: bool = False) -> AxisLinks:
    """Link windows to the data cells that they read, without a padding ring: added zeros are left out."""
    origin = axis.origin.tolist()
    last = axis.kernel - 1
    pairs = [
        [(origin[position], last - tap if flip else tap) for tap, position in enumerate(row) if origin[position] >= 0]
        for row in axis.reads.tolist()
    ]
    return _ragged(axis.n, pairs)


@lru_cache(maxsize=2048)
def reader_links(axis: AxisWindows) -> AxisLinks:
    """Link data cells to the outputs that read them: the map of the backward pass, and of a transposed convolution."""
    first = axis.padding[0]
    return _ragged(axis.size, [list(axis.readers[first + cell]) for cell in range(axis.n)])


@lru_cache(maxsize=2048)
def tap_links(axis: AxisWindows) -> AxisLinks:
    """Link weights to the padded cells that they meet, each for one output: the index map turned on its side."""
    reads = tuple(map(tuple, axis.reads.T.tolist()))
    return AxisLinks(axis.padded_size, reads, tuple(range(axis.size)))


@lru_cache(maxsize=256)
def all_links(size: int) -> AxisLinks:
    """Link one target to every cell of the source."""
    every = tuple(range(size))
    return AxisLinks(size, (every,), every)


@lru_cache(maxsize=1024)
def picked_links(size: int, sources: tuple[int, ...]) -> AxisLinks:
    """Link every target to one source cell, or to none where it is -1: a shift, or the rows that a stride keeps.

    >>> picked_links(3, (-1, 0, 1)).reads
    ((), (0,), (1,))
    """
    return _ragged(size, [[(source, 0)] if source >= 0 else [] for source in sources])


def entry_links(used: NDArray[np.intp]) -> CellLinks:
    """Give for every output its (input, entry) where there is a weight, counted row after row.

    >>> entry_links(np.array([[0, 1, -1], [-1, 0, 1]]))
    (((0, 0), (1, 1)), ((1, 4), (2, 5)))
    """
    entries = np.flatnonzero(used.ravel() >= 0)
    ends = np.cumsum(np.count_nonzero(used >= 0, axis=1)).tolist()
    pairs = tuple(zip((entries % used.shape[1]).tolist(), entries.tolist(), strict=True))
    return tuple(pairs[start:end] for start, end in pairwise([0, *ends]))


def _ragged(size: int, pairs: list[list[tuple[int, int]]]) -> AxisLinks:
    reads: Ragged = tuple(tuple(source for source, _ in row) for row in pairs)
    taps: Ragged = tuple(tuple(tap for _, tap in row) for row in pairs)
    return AxisLinks(size, reads, taps)


@lru_cache(maxsize=256)
def straight(size: int, tap: int = 0) -> AxisLinks:
    """Link each cell to the cell at its own place, all through one weight."""
    return AxisLinks(size, tuple((cell,) for cell in range(size)), (tap,))


@lru_cache(maxsize=256)
def spread(size: int, cell: int = 0, cells: int = 1) -> AxisLinks:
    """Link all cells to one: a bias is added everywhere."""
    return AxisLinks(cells, ((cell,),) * size, (0,))
