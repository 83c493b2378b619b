"""A wall of maps as the browser gets it: rows of tiles in one message, with their codes, colours and names.

>>> tiles = Tiles("relu1", np.zeros((8, 4, 4), np.float32), "score", chosen=True, names=("map 0",) * 8)
>>> head, parts = unwrap(wall_message([tiles], {"label": "Maps"}))
>>> head["panels"][0]["size"], head["panels"][0]["channels"], len(parts)
([4, 4], 8, 1)
>>> unwrap(wall_message([tiles], {"label": "Maps"}, have=[head["panels"][0]["digest"]]))[1]
[]

The codes are those of the viewer (`cnnviz.figures.codes`), one plane a map: what the browser writes under the mouse is
the number itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from cnnviz.figures.codes import Array, digest_of, encode
from cnnviz.figures.panels import HEAD_BYTES, unwrap

__all__ = ["Bar", "Tiles", "spans", "unwrap", "wall_message"]

Kind = Literal["rgb", "grey", "signed", "score"]


@dataclass(frozen=True, eq=False)
class Tiles:
    """One row of the wall: maps of one layer side by side, or one row of numbers."""

    title: str
    array: Array
    """(C, H, W): one tile a map; (F,): a row of cells; (H, W) or (H, W, 3) of uint8: a picture."""
    kind: Kind
    layer: str = ""
    """What a click chooses; empty: nothing."""
    about: str = ""
    """Shape and more, beside the title."""
    alt: str = ""
    numbers: Sequence[int] = ()
    """The channels of the tiles, or the numbers of the cells; empty: 0, 1, 2 ..."""
    names: Sequence[str] = ()
    """What a screen reader says of each tile."""
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    """The values of the first and the last colour: one each for every tile, or one for all."""
    off: Collection[int] = ()
    """Channels that are switched off."""
    chosen: bool = False
    open: bool = False
    """Its tiles are drawn large even where there are many."""
    block: int = 1
    """How many cells of the map on a side one cell of the tile is the mean of."""
    alike: float | None = None
    """How alike the layer is for the second picture."""
    inset: bool = False
    """The row belongs to the one above it."""
    linked: str = ""
    """Rows of the same link show the same cell: maps and their flattened row."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A class: its chance and its score, and what they were."""

    name: str
    number: int
    chance: float
    score: float
    before: tuple[float, float] | None = None
    """Chance and score of what it is compared with."""
    right: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """The classes beside the wall."""

    bars: Sequence[Bar] = ()
    title: str = "Scores"
    now: str = ""
    before: str = ""
    """What the two bars of a class are, if there are two."""
    note: str = ""
    alt: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def wall_message(
    rows: Sequence[Tiles],
    more: Mapping[str, Any],
    *,
    scores: Scores | None = None,
    have: Collection[str] = (),
) -> bytes:
    """Write rows as one message; the codes of arrays that the browser has (by their digests) are left out."""
    bodies: dict[str, bytes] = {}
    told = [_row(row, have, bodies) for row in rows]
    head = {"panels": told, "scores": _scores(scores) if scores else None, **more}
    text = json.dumps(head, separators=(",", ":")).encode()
    return b"".join([len(text).to_bytes(HEAD_BYTES, "little"), text, *bodies.values()])


def spans(kind: Kind, arrays: Sequence[Array]) -> tuple[float, float]:
    """Give the values of the first and the last colour of some arrays together.

    >>> spans("signed", [np.array([-3.0, 1.0])]), spans("score", [np.array([0.5, 1.0])])
    ((-3.0, 3.0), (0.0, 1.0))
    """
    if kind in {"rgb", "grey"}:
        return 0.0, 255.0
    high = max((float(np.abs(one).max()) for one in arrays if one.size), default=0.0) or 1.0
    return (-high if kind == "signed" else 0.0), high


def _row(row: Tiles, have: Collection[str], bodies: dict[str, bytes]) -> dict[str, Any]:
    form = "picture" if row.array.dtype == np.uint8 else "cells" if row.array.ndim == 1 else "maps"
    array = row.array if form == "picture" else row.array[None] if form == "cells" else np.moveaxis(row.array, 0, -1)
    if form == "maps" and array.shape[2] == 1:
        array = array[..., 0]
    name = digest_of(array)
    told: dict[str, Any] = {
        "title": row.title, "layer": row.layer, "about": row.about, "alt": row.alt, "kind": row.kind, "form": form,
        "size": list(array.shape[:2]), "numbers": list(row.numbers) or list(range(_count(row, form))),
        "names": list(row.names), "low": _short(row.low), "high": _short(row.high), "off": sorted(row.off),
        "chosen": row.chosen, "open": row.open, "block": row.block, "alike": row.alike, "inset": row.inset,
        "linked": row.linked, "digest": name, "length": 0,
        "channels": 1 if array.ndim == 2 else array.shape[2],
    }  # fmt: skip
    if name not in have and name not in bodies:
        codes = encode(array)
        bodies[name] = codes.body
        told |= {"length": len(codes.body), "bytes": codes.bytes_each, "decimals": codes.decimals}
    return told


def _count(row: Tiles, form: str) -> int:
    return 1 if form == "picture" else len(row.array)


def _short(values: Sequence[float]) -> list[float]:
    return [float(f"{one:.5g}") for one in values]


def _scores(scores: Scores) -> dict[str, Any]:
    return {
        "title": scores.title, "now": scores.now, "before": scores.before, "note": scores.note, "alt": scores.alt,
        "bars": [
            {
                "name": one.name, "number": one.number, "chance": round(one.chance, 6), "score": round(one.score, 4),
                "before": [round(number, 6) for number in one.before] if one.before else None, "right": one.right,
            }
            for one in scores.bars
        ],
        **scores.more,
    }  # fmt: skip
