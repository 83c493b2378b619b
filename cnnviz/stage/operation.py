"""An operation on the stage: how its state is read, drawn, moved, mended and typed into. A lesson shows one.

>>> from cnnviz.lessons.convolution.controls import CONVOLUTION
>>> spec, messages = CONVOLUTION.read({"n": "7"})
>>> CONVOLUTION.scene(spec).shape
'7×7 → 5×5'
>>> json.loads(pack(CONVOLUTION, spec, apart=False, sides=False))["controls"][1]["name"]
'input'
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic

from cnnviz.stage.controls import Control, Mend, Query, patch, patched
from cnnviz.stage.desk import Desk
from cnnviz.stage.moves import SpecT, changed
from cnnviz.stage.pack import Pack, write_json
from cnnviz.stage.scene import Scene
from cnnviz.stage.typed import Reader
from cnnviz.state.preset import Preset

__all__ = ["Operation", "json", "pack"]


@dataclass(frozen=True, eq=False)
class Operation(Generic[SpecT]):
    """What a lesson needs of its operation.

    `read` takes a query to a spec and a sentence for every value that was no good. `scene` draws a spec or raises
    the `SpecError` that the learner will read. `controls` and `mends` work on a desk, which knows the spec and what
    is apart. `apart` and `sides` say what a spec forces apart. `grids` maps the name of a grid that can be typed
    into to the attribute that holds its numbers and the largest side of the grid. Where a spec holds many grids in one
    attribute, `edit` changes a cell: given the spec, the grid's name, row, column and number. `bare` names the
    attributes that say nothing about what is possible: specs that differ only there are mended alike, and only once.
    `typed` names what can be typed or pasted whole, beside a grid and its size, and reads the text into the spec.
    """

    key: str
    read: Callable[[Mapping[str, str]], tuple[SpecT, list[str]]]
    scene: Callable[[SpecT], Scene]
    controls: Callable[[Desk[SpecT]], list[Control[SpecT]]]
    mends: Callable[[Desk[SpecT]], list[Mend]]
    presets: tuple[Preset, ...] = ()
    apart: Callable[[SpecT], bool] = lambda _: False
    sides: Callable[[SpecT], bool] = lambda _: False
    grids: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    edit: Callable[[SpecT, str, int, int, int | float], SpecT] | None = None
    bare: tuple[str, ...] = ()
    typed: Mapping[str, Reader[SpecT]] = field(default_factory=dict)

    def preset(self, spec: SpecT) -> Preset | None:
        """Find the example that a spec is."""
        here = spec.to_query()
        return next((preset for preset in self.presets if preset.state == here), None)


@lru_cache(maxsize=512)
def pack(operation: Operation[Any], spec: Any, *, apart: bool, sides: bool) -> bytes:
    """Write the pack of a spec; a lecture's students ask for the same few, so the last ones are kept."""
    desk = Desk(spec, apart=apart, sides=sides)
    query: Query = desk.query(spec)

    def mend(other: Any) -> list[Mend]:
        ways = _ways_out(operation, _bare(operation, other), apart=apart, sides=sides)
        here = desk.query(other) if ways else {}
        return [Mend(label, patched(here, changes)) for label, changes in ways]

    return write_json(Pack(operation.scene, mend).build(spec, query, operation.controls(desk)))


def _bare(operation: Operation[SpecT], spec: SpecT) -> SpecT:
    fields = spec.__dataclass_fields__
    return changed(spec, {name: fields[name].default for name in operation.bare}) if operation.bare else spec


@lru_cache(maxsize=8192)
def _ways_out(
    operation: Operation[Any], spec: Any, *, apart: bool, sides: bool
) -> tuple[tuple[str, dict[str, str | None]], ...]:
    desk = Desk(spec, apart=apart, sides=sides)
    here = desk.query(spec)
    return tuple((mend.label, patch(here, mend.query)) for mend in operation.mends(desk))
