"""From what a network saw to the rows of the wall: which maps, in which order, with which colours and names.

>>> from cnnviz.engine.pictures.digits import digit
>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.seeing.maps import own_eyes, see
>>> eyes = own_eyes("digits_lenet")
>>> spec, trace = FeatureMapsSpec(layer="pool2", channel=3), trace_network(eyes.network)
>>> names = wall_layers(trace, "pool2")
>>> rows = wall_rows(trace, names, see(eyes, eyes.prepare(digit(7, 3)), keep=names), spec)
>>> [row.title for row in rows][:3], rows[5].chosen, rows[5].names[3][:12]
(['conv1', 'relu1', 'pool1'], True, 'pool2, map 3')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cnnviz.engine.networks.seeing.maps import Eyes, Maps, Seen
from cnnviz.engine.networks.trace import NetworkTrace
from cnnviz.explain.network import say_shape
from cnnviz.lessons.feature_maps.figure import Bar, Kind, Scores, Tiles, spans
from cnnviz.lessons.feature_maps.spec import FeatureMapsSpec
from cnnviz.lessons.feature_maps.trace import (
    OPEN_SIDE,
    PAGE,
    THIN,
    THIN_SIDE,
    activity,
    is_flat,
    likeness,
    map_order,
    never_negative,
    reduced,
    stage_of,
    wall_layers,
)

__all__ = ["score_bars", "wall_layers", "wall_rows"]

FEW = 10
"""Classes that are all shown, in their own order; of more only the best."""
BEST = 8


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer on the wall, before anything of it is shown."""

    name: str
    flat: bool
    kind: Kind
    shown: tuple[int, ...]
    """Its channels that get a tile, in their order."""
    chosen: bool
    open: bool
    """One of many large layers: it has more room than the others."""


def wall_rows(
    trace: NetworkTrace, names: Sequence[str], seen: Seen, spec: FeatureMapsSpec, other: Seen | None = None
) -> list[Tiles]:
    """Make a row of every named layer; behind the chosen one, two more: the other picture's maps and the difference."""
    layers = [_layer(trace, name, seen.maps[name], spec) for name in names]
    rows: list[Tiles] = []
    for layer in layers:
        rows.append(_row(layer, stage_of(trace, names, layer.name), seen, spec, other))
        if layer.chosen and other is not None:
            rows += _compared(rows[-1], layer, other)
    return _coloured(rows, spec.scale)


def _layer(trace: NetworkTrace, name: str, maps: Maps, spec: FeatureMapsSpec) -> _Layer:
    row, chosen = trace.row(name), name == spec.layer
    kind: Kind = "score" if never_negative(trace, name) else "signed"
    if is_flat(row):
        return _Layer(name, True, kind, tuple(range(maps.size)), chosen, open=False)
    order = map_order(maps, spec.order)
    start = (spec.page - 1) * PAGE if chosen else 0
    many = max(one.output_shape[0] for one in trace.rows if len(one.output_shape) == 3) > PAGE
    count = PAGE if chosen or not many else THIN
    return _Layer(name, False, kind, tuple(order[start : start + count]), chosen, open=chosen and many)


def _row(layer: _Layer, stage: Sequence[str], seen: Seen, spec: FeatureMapsSpec, other: Seen | None) -> Tiles:
    name, maps = layer.name, seen.maps[layer.name]
    shape = say_shape(maps.shape) if not layer.flat else f"{maps.size:,} numbers"
    count = len(maps)
    about = shape if len(layer.shown) in {count, maps.size} else f"{len(layer.shown)} of {shape}"
    words = f", the last of {len(stage)} layers from {stage[0]}" if len(stage) > 1 else ""
    off = {channel for where, channel in spec.off if where == name}
    array, block = _cut(layer, maps)
    return Tiles(
        name, array, layer.kind, layer=name, about=about, numbers=layer.shown, names=_names(layer, maps, off), off=off,
        alt=f"{name}: {shape}{words}" + (f", {len(off)} switched off" if off else "")
        + ("; arrow keys go from number to number" if layer.flat else ""),
        chosen=layer.chosen, open=layer.open, block=block,
        alike=None if other is None else likeness(maps, other.maps[name]),
    )  # fmt: skip


def _cut(layer: _Layer, maps: Maps) -> tuple[Maps, int]:
    """Take what is shown of a layer, in the size in which it is sent."""
    if layer.flat:
        return maps.reshape(-1), 1
    return reduced(maps[list(layer.shown)], OPEN_SIDE if layer.chosen else THIN_SIDE)


def _names(layer: _Layer, maps: Maps, off: set[int]) -> list[str]:
    if layer.flat:
        return []
    means = activity(maps[list(layer.shown)])
    return [
        f"{layer.name}, map {number}{', switched off' if number in off else ''}, mean absolute value {mean:.3g}"
        for number, mean in zip(layer.shown, means, strict=True)
    ]


def _compared(row: Tiles, layer: _Layer, other: Seen) -> list[Tiles]:
    """Make the second picture's row of the chosen layer, and the row of differences."""
    theirs, block = _cut(layer, other.maps[layer.name])
    kind: Kind = "signed"
    second = replace(
        row, title="second picture", about="", array=theirs, alike=None, inset=True, layer="", block=block,
        alt=f"{layer.name} of the second picture", names=[f"Second picture: {name}" for name in _plain(layer)],
    )  # fmt: skip
    difference = replace(
        second, title="difference", about="first − second", array=row.array - theirs, kind=kind,
        alt=f"{layer.name}: first picture minus second", names=[f"Difference: {name}" for name in _plain(layer)],
    )  # fmt: skip
    return [second, difference]


def _plain(layer: _Layer) -> list[str]:
    return [] if layer.flat else [f"map {number}" for number in layer.shown]


def _coloured(rows: list[Tiles], scale: str) -> list[Tiles]:
    """Say which values the first and the last colour stand for; rows that are compared share theirs."""
    whole = {kind: spans(kind, [one.array for one in rows if one.kind == kind]) for kind in ("signed", "score")}
    found: list[Tiles] = []
    for index, row in enumerate(rows):
        start = index
        while rows[start].inset:
            start -= 1
        same = [rows[start], *(one for one in rows[start + 1 : start + 3] if one.inset)][:2]
        if scale == "net":
            ends = [whole[row.kind]]
        elif scale == "layer" or row.array.ndim == 1:
            ends = [spans(row.kind, [one.array for one in same])]
        else:
            ends = [spans(row.kind, [one.array[tile] for one in same]) for tile in range(len(row.array))]
        found.append(replace(row, low=[low for low, _ in ends], high=[high for _, high in ends]))
    return found


def score_bars(
    eyes: Eyes, seen: Seen, before: Seen | None, *, label: str, now: str = "", then: str = "", note: str = ""
) -> Scores:
    """Make the bars of the classes; with a second look, two bars each."""
    count = len(seen.scores)
    best = list(range(count))
    if count > FEW:
        pool = {*seen.best(BEST), *(before.best(BEST // 2) if before else ())}
        best = sorted(pool, key=lambda one: -seen.scores[one])[: BEST + 4]
    bars = [
        Bar(
            eyes.classes[one], one, float(seen.chances[one]), float(seen.scores[one]),
            (float(before.chances[one]), float(before.scores[one])) if before else None, eyes.classes[one] == label,
        )
        for one in best
    ]  # fmt: skip
    top = seen.best(1)[0]
    alt = f"The classes with their chances; the largest: {eyes.classes[top]}, {100 * seen.chances[top]:.1f} %"
    title = "Scores" if count <= FEW else f"Scores: the best of {count:,}"
    short = all(len(name) <= 2 for name in eyes.classes)
    return Scores(bars, title, now, then, note, alt, {"short": short})


def picture_row(title: str, pixels: np.ndarray, alt: str) -> Tiles:
    """Make a picture beside the wall."""
    return Tiles(title, pixels, "rgb" if pixels.ndim == 3 else "grey", alt=alt, low=(0,), high=(255,))
