"""The links of a transposed convolution, one axis at a time: stamps, windows over the stretched input, matrix entries.

>>> from cnnviz.lessons.transposed.trace import transposed_axis
>>> axis = transposed_axis(2, 3, stride=2)
>>> stamp_links(axis).reads  # the cell in the middle gets stamps of both inputs
((0,), (0,), (0, 1), (1,), (1,))
>>> stretched_origins(axis)
(-1, -1, 0, -1, 1, -1, -1)

The functions are cached: every scene that shares an axis gets the same object, which a pack then stores once.
"""

from __future__ import annotations

from functools import lru_cache

from cnnviz.engine.windows import AxisWindows, axis_windows
from cnnviz.lessons.transposed.trace import TransposedAxis, matrix_weights
from cnnviz.stage.axis_maps import STRUCTURAL_ZERO, CellLinks, entry_links
from cnnviz.stage.scene import ADDED, AxisLinks

Origins = tuple[int, ...]


@lru_cache(maxsize=256)
def matrix_entries(rows: TransposedAxis, columns: TransposedAxis) -> tuple[tuple[int, ...], CellLinks]:
    """Give the weight of every entry of the matrix, and for every output its (input, entry) where there is a weight."""
    used = matrix_weights(rows, columns)
    return tuple(used.ravel().tolist()), entry_links(used)


@lru_cache(maxsize=256)
def matrix_texts(rows: TransposedAxis, columns: TransposedAxis, weights: tuple[str, ...]) -> tuple[str, ...]:
    """Write every entry of the matrix: its weight, or the sign for a structural zero."""
    signs = (*weights, STRUCTURAL_ZERO)  # the last is what -1 picks
    return tuple(map(signs.__getitem__, matrix_entries(rows, columns)[0]))


@lru_cache(maxsize=2048)
def stamp_links(axis: TransposedAxis) -> AxisLinks:
    """Link every cell of the canvas to the inputs that stamp on it."""
    reads = tuple(tuple(cell for cell, _ in stamps) for stamps in axis.stamps)
    return AxisLinks(axis.n, reads, tuple(tuple(tap for _, tap in stamps) for stamps in axis.stamps))


@lru_cache(maxsize=2048)
def kept_stamp_links(axis: TransposedAxis) -> AxisLinks:
    """Link every output to the inputs that stamp on it."""
    whole, kept = stamp_links(axis), slice(axis.cut[0], axis.cut[0] + axis.size)
    return AxisLinks(axis.n, whole.reads[kept], whole.taps[kept])


@lru_cache(maxsize=2048)
def stretched_links(axis: TransposedAxis) -> AxisLinks:
    """Link every output to its window over the stretched input."""
    reads = axis_windows(axis.stretched - axis.start, axis.kernel, 1, 0, axis.dilation).reads[: axis.size] + axis.start
    return AxisLinks(axis.stretched, tuple(map(tuple, reads.tolist())), tuple(range(axis.kernel)))


@lru_cache(maxsize=2048)
def stretched_origins(axis: TransposedAxis) -> Origins:
    """Say of every position of the stretched input which data cell it shows, or that it is an added zero."""
    cells = [ADDED if step else cell for cell in range(axis.n) for step in range(axis.stride)]
    before, after = axis.margin
    return (ADDED,) * before + tuple(cells[: axis.stretched - before - after]) + (ADDED,) * after


@lru_cache(maxsize=2048)
def kept_origins(axis: TransposedAxis) -> Origins:
    """Say of every position of the canvas which output it is, or that it is cut away."""
    before, after = axis.cut
    return (ADDED,) * before + tuple(range(axis.size)) + (ADDED,) * after


@lru_cache(maxsize=64)
def same_links(size: int) -> AxisLinks:
    """Link every cell to the cell in the same place."""
    return AxisLinks(size, tuple((cell,) for cell in range(size)), (0,))


@lru_cache(maxsize=1024)
def padded_same_links(axis: AxisWindows) -> AxisLinks:
    """Link every cell to the same cell of a padded grid."""
    return AxisLinks(axis.padded_size, tuple((axis.padding[0] + cell,) for cell in range(axis.n)), (0,))
