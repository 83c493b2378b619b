"""The neighbourhood of a cell, ready for the stage: the windows of a few input maps, and all steps up to the cell.

>>> span_of(at=9, size=28, kernel=3, stride=1, dilation=1)          # a neighbour on either side
(8, 10)
>>> span_of(at=0, size=28, kernel=3, stride=1, dilation=1), span_of(at=9, size=55, kernel=11, stride=4, dilation=1)
((0, 1), (9, 9))

The cell's own sum is the middle one of its neighbours', so that the window can be moved about. Input maps that add
little here are left out one by one, and stand as one map: their partial maps added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import Pair
from cnnviz.engine.networks.layers.kinds import Activation, Conv
from cnnviz.engine.networks.layers.windows import layer_pads
from cnnviz.engine.networks.reads import layer_reads
from cnnviz.engine.networks.seeing.maps import Eyes, Maps
from cnnviz.engine.networks.seeing.pooling_window import Numbers, Window
from cnnviz.engine.networks.seeing.unit import UnitTrace, plane_of
from cnnviz.engine.networks.seeing.unit_steps import Bent, Scaled, Step, Terms, WeightedSum, bend

MOST_MAPS = 4
"""Input maps that fit on the stage side by side."""
MOST_UNITS = 12
"""The same where each is a single number."""
LARGEST = 11
"""Cells along the side of an input window on the stage."""
AROUND = 1
"""Neighbours on either side: more would leave no room for the digits of small weights ..."""
AROUND_POINTS = 2
"""... but the window of a 1 by 1 kernel is small."""

Reads = tuple[tuple[tuple[int, int], ...], ...]
"""For every output along an axis its (place in the patch, place in the kernel)."""


@dataclass(frozen=True, eq=False)
class Patch:
    """What the sums near a cell read, and what each of a few input maps adds to them."""

    channels: tuple[int, ...]
    """The input maps that are shown, the one that adds most first."""
    values: Numbers
    """(channels, rows, columns), padding included."""
    weights: Numbers
    parts: Numbers
    rest: Numbers | None
    """What all others add; None if there are no others."""
    others: int
    total: Numbers
    """All of it, with the bias."""
    bias: float | None
    rows: tuple[int, ...]
    """Which rows of the input maps these are; -1: padding."""
    columns: tuple[int, ...]
    reads: tuple[Reads, Reads]
    flat: bool
    """Whether the input maps are single numbers."""


@dataclass(frozen=True, eq=False)
class Later:
    """A step behind the sum: a map of numbers made of the map before."""

    step: Step
    values: Numbers
    winner: int = -1
    """For the largest of a window: which cell of the map before, row after row."""
    divisor: int = 0
    reads: tuple[int, ...] = ()
    """For pooling: the cells of the map before that count, row after row."""


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Everything that the stage shows of a cell."""

    unit: UnitTrace
    first: Pair
    """The row and column of the first sum in the maker's map."""
    patch: Patch | None
    terms: tuple[tuple[str, Numbers], ...]
    """Of a layer that joins maps: their names and the numbers near the cell."""
    later: tuple[Later, ...]
    cut: bool
    """Whether steps are left out, because they read more than the stage holds."""

    @property
    def sums(self) -> Numbers:
        """The maker's numbers near the cell."""
        if self.patch is not None:
            return self.patch.total
        stacked = np.stack([values for _, values in self.terms])
        joined: Numbers = stacked.sum(0) if self.how == "add" else stacked.prod(0)
        return joined

    @property
    def how(self) -> str:
        """How the terms are joined."""
        return self.unit.maker.detail.how if isinstance(self.unit.maker.detail, Terms) else "sum"

    @property
    def pin(self) -> Pair:
        """Where the chosen cell stands in the last map."""
        if self.later and len(self.later[-1].values.ravel()) == 1:
            return 0, 0
        at = self.unit.maker.at
        return at[0] - self.first[0], at[1] - self.first[1]


def span_of(at: int, size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """Choose the outputs around one along an axis, first and last: as many as the stage can hold inputs for."""
    reach = dilation * (kernel - 1) + 1
    for around in range(AROUND if kernel > 1 else AROUND_POINTS, 0, -1):
        first, last = max(at - around, 0), min(at + around, size - 1)
        if (last - first) * stride + reach <= LARGEST:
            return first, last
    return at, at


def neighbourhood(eyes: Eyes, maps: Mapping[str, Maps], unit: UnitTrace, page: int = 0) -> Neighbourhood | None:
    """Cut the surroundings of a cell out; None for a layer that is not taken apart. `page` turns the input maps."""
    maker = unit.maker
    output = plane_of(maps, maker.name, maker.channel).shape
    spans, pooled = _spans(eyes, unit, output, maps)
    patch: Patch | None = None
    terms: tuple[tuple[str, Numbers], ...] = ()
    if unit.total is not None:
        patch = _patch(eyes, maps, unit, unit.total, spans, page)
    elif isinstance(maker.detail, Terms):
        box = np.ix_(*(range(first, last + 1) for first, last in spans))
        planes = [plane_of(maps, name, maker.channel).reshape(output) for name in maker.detail.names]
        terms = tuple((n, p[box].astype(float)) for n, p in zip(maker.detail.names, planes, strict=True))
    else:
        return None
    bare = Neighbourhood(unit, (spans[0][0], spans[1][0]), patch, terms, (), cut=False)
    later, cut = _later(eyes, bare, pooled)
    return Neighbourhood(unit, bare.first, patch, terms, later, cut)


def _spans(
    eyes: Eyes, unit: UnitTrace, output: tuple[int, ...], maps: Mapping[str, Maps]
) -> tuple[list[tuple[int, int]], Step | None]:
    """Choose the sums that are shown: a pooling window, if the stage holds what it reads, or the neighbours."""
    maker = unit.maker
    geometry = _geometry(maker)
    pool = next((step for step in reversed(unit.steps) if isinstance(step.detail, Window)), None)
    if pool is not None and isinstance(pool.detail, Window):
        inside = ~pool.detail.outside
        spans = []
        for axis in (0, 1):
            places = np.flatnonzero(inside.any(1 - axis)) + pool.detail.first[axis]
            spans.append((int(places[0]), int(places[-1])))
        sides = [(last - first) * s + d * (k - 1) + 1 for (first, last), (k, s, d) in zip(spans, geometry, strict=True)]
        if max(sides) <= LARGEST:
            return spans, pool
    return [span_of(at, size, *one) for at, size, one in zip(maker.at, output, geometry, strict=True)], None


def _geometry(maker: Step) -> list[tuple[int, int, int]]:
    """Give kernel, stride and dilation of both axes."""
    layer = maker.layer
    if isinstance(layer, Conv):
        return list(zip(layer.kernel, layer.stride, layer.dilation, strict=True))
    return [(1, 1, 1), (1, 1, 1)]


def _patch(  # noqa: PLR0917 - who, what, and where
    eyes: Eyes, maps: Mapping[str, Maps], unit: UnitTrace, total: WeightedSum, spans: list[tuple[int, int]], page: int
) -> Patch:
    maker = unit.maker
    height, width = total.weights.shape[1:]
    flat = total.values.shape[1:] == (1, 1) and not maker.spatial
    most = MOST_UNITS if flat else MOST_MAPS
    order = total.by_weight()
    page = min(page, (len(order) - 1) // most)
    shown = order[page * most : (page + 1) * most]
    if isinstance(maker.layer, Conv):
        source = maps[eyes.network.inputs_of(maker.name)[0]]
        places = [_places(maker.layer, axis, source.shape[1:], span) for axis, span in enumerate(spans)]
        values = _cells(source, total.channels, *places)
        reads = tuple(_taps(maker.layer, axis, span) for axis, span in enumerate(spans))
    else:
        values, places = total.values, [np.array(total.rows), np.array(total.columns)]
        reads = tuple((tuple((tap, tap) for tap in range(size)),) for size in (height, width))
    parts = _parts(values, total.weights, reads)
    others = [one for one in range(len(parts)) if one not in set(shown)]
    return Patch(
        tuple(total.channels[one] for one in shown), values[shown], total.weights[shown], parts[shown],
        parts[others].sum(0) if others else None, len(others), parts.sum(0) + (total.bias or 0.0), total.bias,
        tuple(places[0].tolist()), tuple(places[1].tolist()), (reads[0], reads[1]), flat,
    )  # fmt: skip


def _places(layer: Conv, axis: int, spatial: tuple[int, ...], span: tuple[int, int]) -> NDArray[np.int64]:
    """List the cells of the source along an axis that some outputs read, from the first to the last; -1 is padding."""
    sides = layer_pads(layer, spatial)
    ones = (1,) * layer.rank
    plain = replace(layer, channels=1, groups=1, kernel=ones, stride=ones, dilation=ones, padding=sides)
    padded = layer_reads(plain, spatial, tuple(n + sum(pad) for n, pad in zip(spatial, sides, strict=True)))
    assert padded is not None
    stride, reach = layer.stride[axis], layer.dilation[axis] * (layer.kernel[axis] - 1) + 1
    return padded[axis][span[0] * stride : span[1] * stride + reach, 0]


def _cells(source: Maps, channels: Sequence[int], rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Numbers:
    inside = np.logical_and.outer(rows >= 0, columns >= 0)
    cells = source[np.ix_(np.array(channels), np.maximum(rows, 0), np.maximum(columns, 0))].astype(float)
    return np.where(inside, cells, 0.0)


def _taps(layer: Conv, axis: int, span: tuple[int, int]) -> Reads:
    kernel, stride, dilation = layer.kernel[axis], layer.stride[axis], layer.dilation[axis]
    return tuple(
        tuple((out * stride + tap * dilation, tap) for tap in range(kernel)) for out in range(span[1] - span[0] + 1)
    )


def _parts(values: Numbers, weights: Numbers, reads: tuple[Reads, ...]) -> Numbers:
    """Add up each input map's products at every output."""
    down, along = ([[place for place, _ in out] for out in axis] for axis in reads)
    parts = np.empty((len(values), len(down), len(along)))
    for row, rows in enumerate(down):
        for column, columns in enumerate(along):
            window = values[:, rows][:, :, columns]
            parts[:, row, column] = (window * weights).sum((1, 2))
    return parts


def _later(eyes: Eyes, bare: Neighbourhood, pooled: Step | None) -> tuple[tuple[Later, ...], bool]:
    """Follow the maker's numbers up to the chosen cell, as far as the stage holds them."""
    found: list[Later] = []
    now = bare.sums
    if bare.unit.maker.off:
        return (), len(bare.unit.steps) > 1
    for step in reversed(bare.unit.steps[:-1]):
        detail = step.detail
        if isinstance(detail, Window):
            if step is not pooled:
                return tuple(found), True
            found.append(_pooled(bare, step, detail, now))
        elif isinstance(detail, Scaled):
            found.append(Later(step, now * detail.scale + detail.shift))
        elif isinstance(detail, Bent) and isinstance(step.layer, Activation):
            found.append(Later(step, bend(eyes, step.name, step.layer, now)))
        now = found[-1].values if found else now
        if step.off:
            return tuple(found), step is not bare.unit.chosen
    return tuple(found), False


def _pooled(bare: Neighbourhood, step: Step, detail: Window, now: Numbers) -> Later:
    """Pool the whole of what is shown: it is the window."""
    cells = np.flatnonzero(~detail.outside)
    rows, columns = np.unravel_index(cells, detail.outside.shape)
    width = now.shape[1]
    reads = tuple(
        int((detail.first[0] + row - bare.first[0]) * width + detail.first[1] + column - bare.first[1])
        for row, column in zip(rows, columns, strict=True)
    )
    flat = now.ravel()
    if detail.how == "max":
        winner = max(reads, key=lambda one: flat[one])
        return Later(step, np.array([[flat[winner]]]), winner=winner, reads=reads)
    value = sum(flat[one] for one in reads) / detail.divisor
    return Later(step, np.array([[value]]), divisor=detail.divisor, reads=reads)
