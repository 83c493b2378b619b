"""The scene of one cell of a network: the windows of the maps that feed it, their kernels, the sum and what follows.

The grids are named by their order, not by their numbers in the network: `in0`, `k0`, `m0` for the input map that adds
most, `rest` for all that are not shown, `b`, `y` for the sum, and `s0`, `s1` ... for the steps behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.graph import INPUT
from cnnviz.engine.networks.layers.kinds import Activation, BatchNorm
from cnnviz.engine.networks.seeing.unit_steps import Scaled, Step
from cnnviz.engine.networks.seeing.unit_windows import Later, Neighbourhood, Patch, Reads
from cnnviz.stage.axis_maps import spread, straight
from cnnviz.stage.channel_layouts import one_layouts
from cnnviz.stage.pack import Pack, seal, write_json
from cnnviz.stage.scene import ADDED, Arrangement, AxisLinks, Grid, Link, Rule, Scene

COLOURS = ("Red", "Green", "Blue")
NO_SIZE = "\u200b"
"""Said instead of a size that says nothing."""
RELUS = {"relu", "relu6"}


@dataclass(eq=False)
class _Draft:
    """Grids and links on their way to a scene; a sign stands before each grid."""

    grids: list[Grid] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def add(self, sign: str, grid: Grid) -> str:
        self.grids.append(grid)
        self.signs.append(sign)
        return grid.name


def unit_scene(near: Neighbourhood) -> Scene:
    """Draw the neighbourhood of a cell."""
    draft = _Draft()
    columns: tuple[tuple[str, ...], ...] = ()
    extra: tuple[str, ...] = ()
    if near.patch is None:
        columns = _terms(draft, near)
    elif near.patch.flat:
        extra = _row(draft, near.patch)
    else:
        columns, extra = _maps(draft, near, near.patch), _extra(draft, near.patch)
    later = _later(draft, near)
    layouts = one_layouts(columns, extra, "y", later) if columns else _row_layouts(extra, later)
    last = later[-1] if later else "y"
    return Scene(
        grids=tuple(draft.grids),
        links=tuple(draft.links),
        shape=shape_text(near),
        notes=tuple(_notes(near)),
        alt=_alt(near),
        arrangements=layouts,
        signs=tuple(draft.signs[1:]),
        steps=last,
        deep=True,
        tall_phone=True,
    )


def unit_pack(near: Neighbourhood, head: dict[str, Any]) -> bytes:
    """Write what the stage gets: one scene without controls. `head` is its state, and the number it answers."""
    scene = unit_scene(near)
    pack: Pack[Any] = Pack(lambda _: scene, lambda _: [])
    return seal(write_json(pack.build("unit", {}, [])), head)


def pin_of(near: Neighbourhood) -> tuple[str, int, int]:
    """Say where the chosen cell stands."""
    return (f"s{len(near.later) - 1}" if near.later else "y", *near.pin)


def shape_text(near: Neighbourhood) -> str:
    """Say what leads to what."""
    names = [near.unit.source if near.patch else " + ".join(name for name, _ in near.terms)]
    names += [step.name for step in reversed(near.unit.steps)]
    return " → ".join("picture" if name == INPUT else name for name in names)


# The grids


def _maps(draft: _Draft, near: Neighbourhood, patch: Patch) -> tuple[tuple[str, ...], ...]:
    """Draw the shown input maps, each with its kernel and what it adds."""
    alone = len(patch.channels) == 1 and patch.rest is None and patch.bias is None
    columns = []
    ring, origins = _ring(patch)
    down, along = (_axis(reads, size) for reads, size in zip(patch.reads, patch.values.shape[1:], strict=True))
    coloured = near.unit.source == INPUT and len(patch.channels) == len(COLOURS)
    for at, channel in enumerate(patch.channels):
        frame = COLOURS[channel].lower() if coloured else ""
        title = COLOURS[channel] if coloured else f"x[{channel}]"
        dark = " (off)" if channel in near.unit.dark else ""
        source = Grid(
            f"in{at}", f"{title}{dark}", "input", patch.values[at], ring=ring, origins=origins,
            symbol=f"x[{channel}]", scale="inputs", note=NO_SIZE, frame=frame,
        )  # fmt: skip
        weights, name = patch.weights[at], f"w[{channel}]"
        column = [draft.add("", source)]
        column.append(
            draft.add("⋆", Grid(f"k{at}", name, "kernel", weights, symbol=name, scale="kernels", frame=frame))
        )
        draft.links.append(Link(f"in{at}", "y" if alone else f"m{at}", f"k{at}", down, along))
        if not alone:
            name = f"m[{channel}]"
            part = Grid(f"m{at}", name, "output", patch.parts[at], symbol=name, scale="parts", frame=frame)
            column.append(draft.add("=", part))
            draft.links.append(_cell_by_cell(f"m{at}", "y", patch.total))
        columns.append(tuple(column))
    return tuple(columns)


def _extra(draft: _Draft, patch: Patch) -> tuple[str, ...]:
    """Draw all other maps as one, the bias, and the sum."""
    names = []
    shape = patch.total.shape
    if patch.rest is not None:
        title = f"{patch.others} other{'s' if patch.others > 1 else ''}"
        names.append(draft.add("+", Grid("rest", title, "output", patch.rest, symbol="others", scale="parts")))
        draft.links.append(_cell_by_cell("rest", "y", patch.total))
    if patch.bias is not None:
        names.append(draft.add("+", _single("b", "b", patch.bias)))
        draft.links.append(Link("b", "y", None, spread(shape[0]), spread(shape[1])))
    many = len(patch.channels) > 1 or bool(names)
    draft.add("Σ" if many else "=", Grid("y", "Sum" if many else "y", "output", patch.total, symbol="y"))
    return tuple(names)


def _row(draft: _Draft, patch: Patch) -> tuple[str, ...]:
    """Draw a dense layer on single numbers: a row of them, and their weights below."""
    draft.add("", Grid("x", "x", "input", patch.values.reshape(1, -1), symbol="x", note=_which(patch)))
    draft.add("⋆", Grid("w", "w", "kernel", patch.weights.reshape(1, -1), symbol="w"))
    count = len(patch.channels)
    draft.links.append(
        Link("x", "y", "w", AxisLinks(1, ((0,),), (0,)), AxisLinks(count, (tuple(range(count)),), tuple(range(count))))
    )
    return _extra(draft, patch)


def _which(patch: Patch) -> str:
    return f"units {', '.join(map(str, patch.channels))}"


def _row_layouts(extra: tuple[str, ...], later: tuple[str, ...]) -> tuple[Arrangement, ...]:
    end = tuple((name,) for name in (*extra, "y", *later))
    return (((("x",),), (("w",),), end),)


def _terms(draft: _Draft, near: Neighbourhood) -> tuple[tuple[str, ...], ...]:
    """Draw maps that are joined cell by cell."""
    columns = []
    sign = "+" if near.how == "add" else "×"
    for at, (name, values) in enumerate(near.terms):
        title = "picture" if name == INPUT else name
        grid = Grid(f"t{at}", title, "input", values, symbol=f"x{at}", scale="terms", note=NO_SIZE)
        columns.append((draft.add(sign if at else "", grid),))
        if near.how == "add":
            draft.links.append(_cell_by_cell(f"t{at}", "y", values))
    draft.add("=", Grid("y", "Sum" if near.how == "add" else "Product", "output", near.sums, symbol="y"))
    return tuple(columns)


def _later(draft: _Draft, near: Neighbourhood) -> tuple[str, ...]:
    """Draw the steps behind the sum; each is made of the one before it."""
    names: list[str] = []
    before, values = "y", near.sums
    for at, later in enumerate(near.later):
        name = f"s{at}"
        names += _helpers(draft, at, later, values)
        rule, winners, divisors = _rule(later, values)
        title = title_of(later.step)
        draft.add("=" if _helped(later, values) else "→", Grid(
            name, title, "output", later.values, symbol=title.lower().replace(" ", "_"), rule=rule,
            winners=winners, divisors=divisors,
        ))  # fmt: skip
        names.append(name)
        draft.links += _later_links(at, later, before, name, values)
        before, values = name, later.values
    return tuple(names)


def _helpers(draft: _Draft, at: int, later: Later, values: NDArray[Any]) -> list[str]:
    """Draw what a step takes besides: batch norm its scale and its shift, ReLU the zero."""
    detail = later.step.detail
    if isinstance(detail, Scaled):
        return [
            draft.add("×", _single(f"g{at}", "scale", detail.scale)),
            draft.add("+", _single(f"h{at}", "shift", detail.shift)),
        ]
    if _is_max(later, values):
        return [draft.add("max", _single(f"z{at}", "zero", 0))]
    return []


def _helped(later: Later, values: NDArray[Any]) -> bool:
    return isinstance(later.step.detail, Scaled) or _is_max(later, values)


def _single(name: str, title: str, value: float) -> Grid:
    return Grid(name, title, "kernel", np.array([[value]]), symbol=title, size=NO_SIZE)


def _is_max(later: Later, values: NDArray[Any]) -> bool:
    """Say whether an activation is, for these numbers, the larger of each and zero."""
    layer = later.step.layer
    return isinstance(layer, Activation) and layer.how in RELUS and bool((later.values == np.maximum(values, 0)).all())


def _rule(later: Later, values: NDArray[Any]) -> tuple[Rule, NDArray[Any] | None, NDArray[Any] | None]:
    if later.winner >= 0:
        return "max", np.array([[later.winner]]), None
    if later.divisor:
        return "mean", None, np.array([[later.divisor]])
    return ("max" if _is_max(later, values) else "sum"), None, None


def _later_links(at: int, later: Later, before: str, name: str, values: NDArray[Any]) -> list[Link]:
    rows, columns = later.values.shape
    if later.reads:
        return [Link(before, name, None, cells=(tuple((cell, 0) for cell in later.reads),))]
    across = spread(rows), spread(columns)
    if isinstance(later.step.detail, Scaled):
        return [
            Link(before, name, f"g{at}", straight(rows), straight(columns)),
            Link(f"h{at}", name, None, *across),
        ]
    if _is_max(later, values):
        return [Link(before, name, None, straight(rows), straight(columns)), Link(f"z{at}", name, None, *across)]
    return []


def title_of(step: Step) -> str:
    """Name a step in a word."""
    layer: Any = step.layer
    if isinstance(layer, Activation):
        return {"relu": "ReLU", "relu6": "ReLU6"}.get(layer.how, layer.how.capitalize())
    if isinstance(layer, BatchNorm):
        return "Batch norm"
    return {"max": "Max", "avg": "Mean", "mean": "Mean"}.get(getattr(layer, "how", ""), step.name)


def _cell_by_cell(source: str, target: str, values: NDArray[Any]) -> Link:
    return Link(source, target, None, straight(values.shape[0]), straight(values.shape[1]))


def _axis(reads: Reads, size: int) -> AxisLinks:
    return AxisLinks(size, tuple(tuple(place for place, _ in out) for out in reads), tuple(tap for _, tap in reads[0]))


def _ring(patch: Patch) -> tuple[tuple[int, int, int, int], tuple[tuple[int, ...], tuple[int, ...]] | None]:
    """Say which rows and columns of the windows are padding."""
    ends: list[int] = []
    origins = []
    for places in (patch.rows, patch.columns):
        inside = [at for at, place in enumerate(places) if place >= 0]
        first, last = (inside[0], inside[-1]) if inside else (0, -1)
        ends += [first, len(places) - 1 - last]
        origins.append(tuple(at - first if first <= at <= last else ADDED for at in range(len(places))))
    ring = (ends[0], ends[1], ends[2], ends[3])
    return ring, ((origins[0], origins[1]) if any(ring) else None)


# The words


def _notes(near: Neighbourhood) -> list[str]:
    notes = []
    at, first = near.unit.maker.at, near.first
    patch = near.patch
    if near.unit.maker.spatial:
        here = f"y[{at[0] - first[0]}, {at[1] - first[1]}] is row {at[0]}, column {at[1]} of {near.unit.maker.name}"
        notes.append(f"{here}: the grids show its surroundings, and count from their own corner.")
    if patch is not None and not patch.flat:
        kind = near.unit.source if near.unit.source != INPUT else "the picture"
        notes.append(f"x are the maps of {kind}, rows {_range(patch.rows)}, columns {_range(patch.columns)}.")
    if patch is not None and patch.rest is not None:
        row, column = (one - start for one, start in zip(at, first, strict=True)) if near.unit.maker.spatial else (0, 0)
        total = _short(float(patch.rest[row, column]))
        notes.append(f"The other {patch.others} {'units' if patch.flat else 'maps'} add {total} here.")
    if near.cut:
        notes.append("The last steps read more than the stage holds, or are switched off: the formula has them.")
    return notes


def _short(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _range(places: tuple[int, ...]) -> str:
    inside = [place for place in places if place >= 0]
    return f"{inside[0]} to {inside[-1]}" if inside else "none (all padding)"


def _alt(near: Neighbourhood) -> str:
    steps = [title_of(later.step) for later in near.later]
    behind = f"; then {', '.join(steps)}" if steps else ""
    if near.patch is None:
        return f"{len(near.terms)} maps, {'added' if near.how == 'add' else 'multiplied'} cell by cell{behind}."
    height, width = near.patch.values.shape[1:]
    many = len(near.patch.channels)
    rest = f", and {near.patch.others} others as one" if near.patch.others else ""
    return (
        f"{many} input map{'s' if many > 1 else ''}, {height} by {width} cells of each, with their kernels{rest}; "
        f"their sum{behind}."
    )
