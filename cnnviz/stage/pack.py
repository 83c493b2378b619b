"""A pack: the scene of a spec, and for every position of every live control its scene, or the readable error.

The browser looks pictures up in the pack, so that dragging a slider never waits for the server. Arrays and
index lists are sent once, however many scenes share them; the whole is compressed JSON.

>>> from cnnviz.stage.pack import Wire
>>> wire = Wire()
>>> array = np.array([[1, 2], [3, 4]])
>>> wire.array(array), wire.array(array), wire.array(array / 3)
(0, 0, 1)
>>> wire.arrays
[[0, [1, 2, 3, 4]], [5, [33333, 66667, 100000, 133333]]]
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from typing import Any, Generic

import numpy as np
import orjson
from numpy.typing import NDArray

from cnnviz.errors import SpecError
from cnnviz.stage.controls import Control, Mend, Query, SpecT, patch
from cnnviz.stage.scene import AxisLinks, Grid, Link, Scene

VERSION = 1
DIGITS = 6
"""Numbers that are not integers travel with so many digits before and after the point in all ..."""

DECIMALS = 6
"""... unless all of them end: what was typed into a cell has at most so many decimals, and arrives as it was typed."""

LARGEST_EXACT = 10**9
SAME = 1e-3
"""Of the last decimal: sums of numbers that end differ by less than that from numbers that end."""

COMPRESSION = 1
"""Level 9 would save a fifth of the bytes and take four times as long."""

LARGE, STRONGER = 300_000, 4
"""A pack of so many bytes is compressed more: a millisecond, and a fifth less to send."""

Json = dict[str, Any]


class Wire:
    """Scenes on their way to the browser; what they share is stored once.

    An array travels as [decimals, integers]: integers are faster to write and to read than floats,
    and compress better.
    """

    def __init__(self) -> None:
        self.arrays: list[list[Any]] = []
        self.axes: list[Json] = []
        self.scenes: list[Json] = []
        self._seen: dict[int, int] = {}
        self._grids: dict[int, Json] = {}
        self._kept: list[object] = []  # an id is only good while its object lives

    def array(self, values: NDArray[Any]) -> int:
        """Store an array and give its number."""
        return self._once(values, self.arrays, _integers)

    def axis(self, axis: AxisLinks) -> int:
        """Store the links of one axis and give their number."""
        return self._once(axis, self.axes, _axis)

    def scene(self, scene: Scene) -> int:
        """Store a scene and give its number."""
        return self._once(scene, self.scenes, self._scene)

    def _once(self, item: Any, store: list[Any], write: Callable[[Any], Any]) -> int:
        number = self._seen.get(id(item))
        if number is None:
            self._kept.append(item)
            written = write(item)
            number = self._seen[id(item)] = len(store)
            store.append(written)
        return number

    def _scene(self, scene: Scene) -> Json:
        wire: Json = {
            "grids": [self._written(grid) for grid in scene.grids],
            "links": [self._link(link) for link in scene.links],
            "shape": scene.shape,
            "alt": scene.alt,
            "arrangements": scene.arrangements,
        }
        extras: Json = {
            "notes": scene.notes,
            "signs": scene.signs,
            "steps": scene.steps,
            "tall": int(scene.tall),
            "twins": scene.twins,
            "shows": [{"grid": one.grid, "of": one.of, "cells": one.cells} for one in scene.shows],
            "deep": int(scene.deep),
            "tallPhone": int(scene.tall_phone),
            "close": int(scene.close),
            "comfort": scene.comfort,
        }
        return wire | {key: value for key, value in extras.items() if value}

    def _written(self, grid: Grid) -> Json:
        wire = self._grids.get(id(grid))
        if wire is None:
            self._kept.append(grid)
            wire = self._grids[id(grid)] = self._grid(grid)
        return wire

    def _grid(self, grid: Grid) -> Json:
        wire: Json = {
            "name": grid.name,
            "title": grid.title,
            "role": grid.role,
            "rows": grid.values.shape[0],
            "cols": grid.values.shape[1],
            "values": self.array(grid.values),
        }
        for key, attribute, plain in _GRID_EXTRAS:
            value = getattr(grid, attribute)
            if value and value != plain:
                wire[key] = 1 if value is True else value
        for key, array in (("divisors", grid.divisors), ("winners", grid.winners)):
            if array is not None:
                wire[key] = self.array(array)
        return wire

    def _link(self, link: Link) -> Json:
        wire: Json = {"from": link.source, "into": link.target}
        if link.weight:
            wire["by"] = link.weight
        if link.sign != 1:
            wire["sign"] = link.sign
        if link.edges:
            wire["edges"] = 1
        if link.cells is not None:
            wire["cells"] = link.cells
        elif link.rows and link.columns:
            wire |= {"rows": self.axis(link.rows), "cols": self.axis(link.columns)}
        return wire


class Pack(Generic[SpecT]):
    """Collect what one stage needs; `picture` draws a spec or raises the error that the learner will read."""

    def __init__(self, picture: Callable[[SpecT], Scene], mend: Callable[[SpecT], list[Mend]]) -> None:
        self._picture = picture
        self._mend = mend
        self._wire = Wire()
        self._errors: list[Json] = []
        self._shown: dict[SpecT, Json] = {}

    def build(self, spec: SpecT, query: Query, controls: Sequence[Control[SpecT]]) -> Json:
        """Draw the spec and its neighbours."""
        here = self.show(spec, query)
        if "error" in here and (mends := self._errors[here["error"]]["mends"]):
            here = {**here, "ghost": mends[0]["set"]}
        return {
            "v": VERSION,
            "here": here,
            "controls": [self._control(control, query) for control in controls],
            "arrays": self._wire.arrays,
            "axes": self._wire.axes,
            "scenes": self._wire.scenes,
            "errors": self._errors,
        }

    def show(self, spec: SpecT, query: Query) -> Json:
        """Give the number of a spec's scene, or of its error."""
        shown = self._shown.get(spec)
        if shown is None:
            try:
                shown = {"scene": self._wire.scene(self._picture(spec))}
            except SpecError as error:
                mends = [{"label": mend.label, "set": patch(query, mend.query)} for mend in self._mend(spec)]
                self._errors.append({"field": error.field, "text": error.message, "mends": mends})
                shown = {"error": len(self._errors) - 1}
            self._shown[spec] = shown
        return shown

    def _control(self, control: Control[SpecT], base: Query) -> Json:
        wire: Json = {"name": control.name, "label": control.label, "kind": control.kind, "value": control.value}
        if control.help:
            wire["help"] = control.help
        if control.whole:
            wire["whole"] = 1
        options = []
        for option in control.options:
            entry: Json = {"v": option.value, "set": option.query if control.whole else patch(base, option.query)}
            if option.label != option.value:
                entry["label"] = option.label
            if option.group:
                entry["group"] = option.group
            if option.also:
                entry["also"] = dict(option.also)
            if control.live:
                entry.update(self.show(option.spec, base))
            options.append(entry)
        return {**wire, "options": options}


def write_json(value: Json) -> bytes:
    """Write JSON without a superfluous character.

    >>> write_json({"shape": "7×7", "rows": (0, 1)}).decode()
    '{"shape":"7×7","rows":[0,1]}'
    """
    return orjson.dumps(value)


def seal(body: bytes, head: Json) -> bytes:
    r"""Put what changes with every answer in front of a pack that may be kept, and compress it.

    The head may hold what somebody typed, half of a character among it: only the slower writer takes that.

    >>> json.loads(zlib.decompress(seal(b'{"scenes":[]}', {"seq": 3, "messages": ["\ud800"]})))
    {'seq': 3, 'messages': ['\ud800'], 'scenes': []}
    """
    written = json.dumps(head, separators=(",", ":")).encode()
    return zlib.compress(b"%s,%s" % (written[:-1], body[1:]), STRONGER if len(body) > LARGE else COMPRESSION)


_GRID_EXTRAS: tuple[tuple[str, str, object], ...] = (
    ("ring", "ring", (0, 0, 0, 0)),
    ("origins", "origins", None),
    ("texts", "texts", None),
    ("edit", "editable", False),
    ("symbol", "symbol", ""),
    ("scale", "scale", ""),
    ("note", "note", ""),
    ("added", "added", ""),
    ("cut", "cut", False),
    ("frame", "frame", ""),
    ("blocks", "blocks", (0, 0)),
    ("size", "size", ""),
    ("bars", "bars", 0),
    ("line", "line", False),
    ("rule", "rule", "sum"),
)
"""What is sent only where it says something: the key, the attribute, and what goes without saying."""


def _integers(values: NDArray[Any]) -> list[Any]:
    cells = values.ravel()
    if cells.dtype.kind != "f":
        return [0, cells.tolist()]
    largest = float(np.abs(cells).max(initial=1))
    if largest < LARGEST_EXACT:
        scaled = cells * 10**DECIMALS
        whole = np.rint(scaled)
        if np.abs(scaled - whole).max(initial=0) < SAME:
            numbers = whole.astype(np.int64)
            common = int(np.gcd.reduce(numbers))
            decimals = next(d for d in range(DECIMALS + 1) if not common % 10 ** (DECIMALS - d))
            return [decimals, (numbers // 10 ** (DECIMALS - decimals)).tolist()]
    decimals = max(0, DIGITS - len(str(int(largest))))
    return [decimals, np.rint(cells * 10**decimals).astype(np.int64).tolist()]


def _axis(axis: AxisLinks) -> Json:
    return {"size": axis.source_size, "reads": axis.reads, "taps": axis.taps}
