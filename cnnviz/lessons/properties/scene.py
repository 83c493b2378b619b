"""The scenes of the experiments: path A, path B, and their difference.

>>> from cnnviz.lessons.properties.trace import trace_properties
>>> from cnnviz.lessons.properties.spec import PropertiesSpec
>>> scene = properties_scene(trace_properties(PropertiesSpec()))
>>> scene.shape, scene.notes[0]
('f ∗ g = g ∗ f · 5×5 → 7×7', 'A − B is 0 in all 49 cells.')
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cnnviz.lessons.properties.scene_words import experiment_notes, headline
from cnnviz.lessons.properties.trace import PropertiesTrace
from cnnviz.stage.axis_maps import data_links, picked_links
from cnnviz.stage.scene import Arrangement, AxisLinks, Grid, Link, Scene
from cnnviz.stage.windows import fraction_texts

Column = tuple[str, ...]
RESULT = "y"
"""The scale that both results and their difference share."""


def properties_scene(trace: PropertiesTrace) -> Scene:
    """Draw an experiment."""
    grids, links, arrangements = SCENES[trace.spec.prop](trace)
    words = ", ".join(f"{grid.title} of {grid.values.shape[0]} by {grid.values.shape[1]}" for grid in grids)
    notes = experiment_notes(trace)
    return Scene(
        grids=(*grids, _difference(trace)),
        links=(*links, *_difference_links(trace)),
        shape=headline(trace),
        notes=notes,
        alt=f"{words}. {notes[0]}",
        arrangements=arrangements,
        signs=("",) * len(grids),
        steps="difference",
        tall=True,
        deep=True,
    )


Parts = tuple[tuple[Grid, ...], tuple[Link, ...], tuple[Arrangement, ...]]


def _commutative(trace: PropertiesTrace) -> Parts:
    sign = "∗" if trace.spec.turned else "⋆"
    grids = (
        _source(trace, "input", "f", "input"),
        _kernel(trace, "g"),
        _path(trace, "a", f"A: f {sign} g"),
        _path(trace, "b", f"B: g {sign} f"),
    )
    links = (
        _convolution(trace, "input", "a", "kernel", trace.spec.turned),
        _convolution(trace, "kernel", "b", "input", trace.spec.turned),
    )
    wide = (("input", "kernel"), ("a",), ("b",), ("difference",))
    return grids, links, _arranged(wide, ("input", "kernel"), ("a", "b"))


def _linear(trace: PropertiesTrace) -> Parts:
    grids = (
        _source(trace, "input", "f", "input"),
        _source(trace, "other", "h", "input"),
        Grid("scales", "a, b", "kernel", trace["scales"], symbol="s"),
        _kernel(trace, "w"),
        _plain(trace, "mixed", "a·f + b·h", "input", "m"),
        _plain(trace, "first", "f ⋆ w", "output", "F"),
        _plain(trace, "last", "h ⋆ w", "output", "H"),
        _path(trace, "a", "A"),
        _path(trace, "b", "B"),
    )
    links = (
        *_sum(trace, "input", "other", "mixed"),
        _convolution(trace, "mixed", "a", "kernel"),
        _convolution(trace, "input", "first", "kernel"),
        _convolution(trace, "other", "last", "kernel"),
        *_sum(trace, "first", "last", "b"),
    )
    wide: Arrangement = (
        (("input", "other"), ("scales", "kernel"), ("mixed",), ("first", "last"), ("a", "b"), ("difference",)),
    )
    rows: Arrangement = (
        (("input",), ("other",), ("scales", "kernel")),
        (("mixed",), ("first", "last"), ("a", "b"), ("difference",)),
    )
    tall: Arrangement = (
        (("input",), ("other",)),
        (("scales", "kernel"), ("mixed",)),
        (("first",), ("last",)),
        (("a",), ("b",), ("difference",)),
    )
    return grids, links, (wide, rows, tall)


def _shift(trace: PropertiesTrace) -> Parts:
    grids = (
        _source(trace, "input", "x", "input"),
        _kernel(trace, "w"),
        _plain(trace, "shifted", "Shifted x", "input", "Sx", rule="copy"),
        _plain(trace, "first", "x ⋆ w", "output", "F"),
        _path(trace, "a", "A"),
        _path(trace, "b", "B: shifted", rule="copy"),
    )
    links = (
        _pick(trace, "input", "shifted"),
        _convolution(trace, "shifted", "a", "kernel"),
        _convolution(trace, "input", "first", "kernel"),
        _pick(trace, "first", "b"),
    )
    wide: Arrangement = ((("input",), ("kernel",), ("shifted", "first"), ("a", "b"), ("difference",)),)
    two: Arrangement = (
        (("input",), ("shifted",), ("a",)),
        (("kernel",), ("first",), ("b",), ("difference",)),
    )
    tall: Arrangement = (
        (("input",), ("kernel",)),
        (("shifted",), ("a",)),
        (("first",), ("b",)),
        (("difference",),),
    )
    return grids, links, (wide, two, tall)


def _associative(trace: PropertiesTrace) -> Parts:
    turned = trace.spec.turned
    sign = "∗" if turned else "⋆"
    grids = (
        _source(trace, "input", "x", "input"),
        _kernel(trace, "g"),
        _kernel(trace, "h", "second"),
        _plain(trace, "middle", f"x {sign} g", "output", "m"),
        _plain(trace, "combined", "g ∗ h", "kernel", "c"),
        _path(trace, "a", "A"),
        _path(trace, "b", "B"),
    )
    links = (
        _convolution(trace, "input", "middle", "kernel", turned),
        _convolution(trace, "middle", "a", "second", turned),
        _convolution(trace, "kernel", "combined", "second", True),
        _convolution(trace, "input", "b", "combined", turned),
    )
    wide: Arrangement = ((("input",), ("kernel", "second"), ("middle", "combined"), ("a", "b"), ("difference",)),)
    two: Arrangement = (
        (("input",), ("kernel",), ("second",), ("combined",)),
        (("middle",), ("a",), ("b",), ("difference",)),
    )
    tall: Arrangement = (
        (("input",), ("kernel", "second")),
        (("middle",), ("combined",)),
        (("a",), ("b",), ("difference",)),
    )
    return grids, links, (wide, two, tall)


def _separable(trace: PropertiesTrace) -> Parts:
    grids = (
        _source(trace, "input", "x", "input"),
        _kernel(trace, "w"),
        Grid("singular", "σ", "kernel", trace["singular"], symbol="σ"),
        _plain(trace, "near", "Column·row", "kernel", "w′", scale="w"),
        _plain(trace, "column", "Col", "kernel", "c"),
        _plain(trace, "row", "Row", "kernel", "r"),
        _plain(trace, "middle", "x ⋆ column", "output", "m"),
        _path(trace, "a", "A: x ⋆ w"),
        _path(trace, "b", "B: ⋆ row"),
    )
    rows, columns = trace["near"].shape
    links = (
        Link("column", "near", "row", *_outer(rows, columns)[:2]),
        _convolution(trace, "input", "a", "kernel"),
        _convolution(trace, "input", "middle", "column"),
        _convolution(trace, "middle", "b", "row"),
    )
    wide: Arrangement = (
        (("input", "singular"), ("kernel", "near"), ("column", "row"), ("middle",), ("a", "b"), ("difference",)),
    )
    two: Arrangement = (
        (("input",), ("kernel",), ("column",), ("singular", "row"), ("near",)),
        (("middle",), ("a",), ("b",), ("difference",)),
    )
    tall: Arrangement = (
        (("input",), ("kernel",)),
        (("singular", "row"), ("column",), ("near",)),
        (("middle",),),
        (("a",), ("b",), ("difference",)),
    )
    return grids, links, (wide, two, tall)


def _stride(trace: PropertiesTrace) -> Parts:
    grids = (
        _source(trace, "input", "x", "input"),
        _kernel(trace, "w"),
        _plain(trace, "first", "Stride 1", "output", "F"),
        _path(trace, "a", "A: strided"),
        _path(trace, "b", "B: kept", rule="copy"),
    )
    links = (
        _convolution(trace, "input", "a", "kernel"),
        _convolution(trace, "input", "first", "kernel"),
        _pick(trace, "first", "b"),
    )
    wide: Arrangement = ((("input",), ("kernel",), ("first",), ("a", "b"), ("difference",)),)
    two: Arrangement = (
        (("input",), ("kernel",)),
        (("first",), ("a",), ("b",), ("difference",)),
    )
    tall: Arrangement = (
        (("input",), ("kernel",)),
        (("first",),),
        (("a",), ("b",), ("difference",)),
    )
    return grids, links, (wide, two, tall)


SCENES = {
    "commutative": _commutative,
    "linear": _linear,
    "shift": _shift,
    "associative": _associative,
    "separable": _separable,
    "stride": _stride,
}


def _arranged(wide: tuple[Column, ...], first: Column, paths: Column) -> tuple[Arrangement, ...]:
    """Side by side; or what is given above both paths, the difference last."""
    given = tuple((name,) for name in first)
    results = tuple((name,) for name in paths)
    return (wide,), (given, (*results, ("difference",))), (given, results, (("difference",),))


def _source(trace: PropertiesTrace, name: str, symbol: str, role: Any) -> Grid:
    return Grid(name, symbol, role, trace[name], editable=True, symbol=symbol)


def _kernel(trace: PropertiesTrace, symbol: str, name: str = "kernel") -> Grid:
    values = trace[name]
    return Grid(name, symbol, "kernel", values, texts=fraction_texts(values), editable=True, symbol=symbol)


def _plain(trace: PropertiesTrace, name: str, title: str, role: Any, symbol: str, **more: Any) -> Grid:
    return Grid(name, title, role, trace[name], symbol=symbol, **more)


def _path(trace: PropertiesTrace, name: str, title: str, **more: Any) -> Grid:
    return Grid(name, title, "output", trace[name], symbol=name.upper(), scale=RESULT, **more)


def _difference(trace: PropertiesTrace) -> Grid:
    return Grid("difference", "A − B", "output", trace["difference"], symbol="(A − B)", scale=RESULT)


def _convolution(trace: PropertiesTrace, source: str, target: str, weight: str, flip: bool = False) -> Link:
    rows, columns = trace.axes[target]
    return Link(source, target, weight, data_links(rows, flip), data_links(columns, flip))


def _pick(trace: PropertiesTrace, source: str, target: str) -> Link:
    shape, (rows, columns) = trace[source].shape, trace.picks[target]
    return Link(source, target, None, picked_links(shape[0], rows), picked_links(shape[1], columns))


def _sum(trace: PropertiesTrace, first: str, second: str, target: str) -> tuple[Link, Link]:
    """Add two grids, each times its factor."""
    rows, columns = trace[target].shape
    down = _same(rows, 0)
    return (
        Link(first, target, "scales", down, _same(columns, 0)),
        Link(second, target, "scales", down, _same(columns, 1)),
    )


def _difference_links(trace: PropertiesTrace) -> tuple[Link, Link]:
    rows, columns = (_same(size, 0) for size in trace["difference"].shape)
    return Link("a", "difference", None, rows, columns), Link("b", "difference", None, rows, columns, sign=-1)


@lru_cache(maxsize=256)
def _same(size: int, tap: int) -> AxisLinks:
    """Link every cell to the cell in its own place, through one weight."""
    return AxisLinks(size, tuple((at,) for at in range(size)), (tap,))


@lru_cache(maxsize=256)
def _outer(rows: int, columns: int) -> tuple[AxisLinks, AxisLinks]:
    """Link a product of column and row: source is the column, weight the row."""
    along = AxisLinks(1, ((0,),) * columns, tuple((at,) for at in range(columns)))
    return _same(rows, 0), along
