"""The scenes of one transposed convolution: three ways to compute it, how often its stamps overlap, and a round trip.

>>> from cnnviz.lessons.transposed.trace import trace_transposed
>>> from cnnviz.lessons.transposed.spec import TransposedSpec
>>> scene = transposed_scene(trace_transposed(TransposedSpec(padding=((1, 1), (1, 1)), output_padding=(1, 1))))
>>> scene.shape
'3×3 → 6×6'
>>> scene.notes[0]
'Padding cuts 1 row at the top and 1 column on the left off what the stamps cover.'

The grids `input`, `kernel` and `output` are in every scene, so the cursor stays when the view changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnviz.lessons.transposed.scene_links import (
    kept_origins,
    kept_stamp_links,
    matrix_entries,
    matrix_texts,
    padded_same_links,
    same_links,
    stamp_links,
    stretched_links,
    stretched_origins,
)
from cnnviz.lessons.transposed.scene_words import alt_text, notes, shape_text
from cnnviz.lessons.transposed.trace import RoundTrip, TransposedTrace
from cnnviz.stage.scene import Arrangement, Grid, Link, Scene, Shows
from cnnviz.stage.windows import fraction_texts, padded_grid, window_links
from cnnviz.state.numbers import show_number

THREE = (
    ((("input",), ("kernel",), ("output",)),),
    ((("input",), ("kernel", "output")),),
    ((("input",), ("kernel",)), (("output",),)),
    ((("input",),), (("kernel",), ("output",))),
)
OVERLAP = (
    ((("input", "kernel"), ("output",), ("counts",)),),
    ((("input",), ("kernel",), ("output",), ("counts",)),),
    ((("input",), ("kernel",)), (("output",), ("counts",))),
    ((("input",), ("kernel",)), (("output",),), (("counts",),)),
)
MATRIX = (
    ((("input", "kernel", "output"), ("matrix",), ("x",), ("y",)),),
    ((("input",), ("kernel",), ("output",)), (("matrix",), ("x",), ("y",))),
    ((("input",), ("kernel",)), (("output",),), (("matrix",), ("x",), ("y",))),
)
ALL = (
    ((("input", "kernel", "output"), ("stretched", "turned", "result"), ("matrix",), ("x",), ("y",)),),
    (
        (("input",), ("kernel",), ("output",)),
        (("stretched",), ("turned",), ("result",)),
        (("matrix",), ("x",), ("y",)),
    ),
    (
        (("input",), ("kernel",), ("output",)),
        (("stretched",),),
        (("turned",), ("result",)),
        (("matrix",), ("x",), ("y",)),
    ),
)
ROUND = (
    ((("image", "kernel"), ("input",), ("output",), ("difference",)),),
    ((("image",), ("kernel",), ("input",), ("output",), ("difference",)),),
    ((("image",), ("kernel",), ("input",)), (("output",), ("difference",))),
    ((("image",), ("kernel",)), (("input",), ("output",)), (("difference",),)),
)


FEW_ROWS = 9
"""A matrix with more rows gets more height."""


def transposed_scene(trace: TransposedTrace) -> Scene:
    """Draw what the spec asks to see."""
    views = {"stamp": _stamps, "zeros": _zeros, "matrix": _matrix, "all": _all, "overlap": _overlap}
    if trace.trip:
        return _round(trace, trace.trip)
    return views[trace.spec.how](trace)


def _stamps(trace: TransposedTrace) -> Scene:
    """Every input cell stamps the kernel, times its own value; overlapping stamps add up; padding cuts the rim off."""
    return _scene(trace, (_input(trace), _kernel(trace), _canvas(trace)), (_stamp_link(trace),), THREE, ("×", "="))


def _zeros(trace: TransposedTrace) -> Scene:
    """The same as a convolution of the turned kernel with the input, spread by zeros."""
    grids = (
        _stretched(trace, "input", editable=True),
        _turned(trace, "kernel", editable=True),
        Grid("output", "Output", "output", trace.output, symbol="y"),
    )
    return _scene(trace, grids, (_window_link(trace, "input", "kernel", "output"),), THREE, ("⋆", "="))


def _matrix(trace: TransposedTrace) -> Scene:
    """The same as a matrix times a column; beside it the stamps, for every cell has a twin."""
    return _scene(
        trace,
        (_input(trace), _kernel(trace), _canvas(trace), *_product_grids(trace)),
        (_stamp_link(trace), _product_link(trace)),
        MATRIX,
        ("×", "=", "", "·", "="),
        twins=(("input", "x"), ("output", "y")),
        shows=(Shows("matrix", "kernel", matrix_entries(*trace.axes)[0]),),
        tall=trace.output.size > FEW_ROWS,
    )


def _all(trace: TransposedTrace) -> Scene:
    """All three ways beside each other."""
    return _scene(
        trace,
        (
            _input(trace),
            _kernel(trace),
            _canvas(trace),
            _stretched(trace, "stretched"),
            _turned(trace, "turned"),
            Grid("result", "Output", "output", trace.output, symbol="y"),
            *_product_grids(trace),
        ),
        (_stamp_link(trace), _window_link(trace, "stretched", "turned", "result"), _product_link(trace)),
        ALL,
        ("×", "=", "", "⋆", "=", "", "·", "="),
        twins=(("input", "stretched", "x"), ("kernel", "turned"), ("output", "result", "y")),
        shows=(Shows("matrix", "kernel", matrix_entries(*trace.axes)[0]),),
        tall=trace.output.size > FEW_ROWS,
    )


def _overlap(trace: TransposedTrace) -> Scene:
    """How many stamps fall on every cell."""
    counts = Grid("counts", "Stamps per cell", "kernel", trace.counts, **_rim(trace))
    return _scene(
        trace,
        (_input(trace), _kernel(trace), _canvas(trace), counts),
        (_stamp_link(trace),),
        OVERLAP,
        ("×", "=", ""),
        twins=(("output", "counts"),),
    )


def _round(trace: TransposedTrace, trip: RoundTrip) -> Scene:
    """A convolution and its transpose: the shape comes back, the values do not."""
    (rows, columns), (down, across) = trace.axes, trip.axes
    there = Link("image", "input", "kernel", window_links(down), window_links(across))
    back = Link("input", "output", "kernel", kept_stamp_links(rows), kept_stamp_links(columns))
    more = Link("output", "difference", None, same_links(rows.size), same_links(columns.size))
    less = Link("image", "difference", None, padded_same_links(down), padded_same_links(across), sign=-1)
    return _scene(
        trace,
        (
            padded_grid("image", "Picture", _padded(trip), trip.axes, symbol="a"),
            _kernel(trace),
            Grid("input", "Convolved", "input", trip.middle, symbol="x"),
            Grid("output", "Back again", "output", trace.output, symbol="y", scale="values"),
            _difference(trip),
        ),
        (back, there, more, less),
        ROUND,
        ("⋆", "→", "→", ""),
        twins=(("output", "difference", "image"),),
    )


def _difference(trip: RoundTrip) -> Grid:
    values, note = trip.difference, "back − picture"
    return Grid("difference", "Difference", "output", values, symbol="e", scale="values", note=note)


def _scene(
    trace: TransposedTrace,
    grids: tuple[Grid, ...],
    links: tuple[Link, ...],
    arrangements: tuple[Arrangement, ...],
    signs: tuple[str, ...],
    **more: Any,
) -> Scene:
    return Scene(
        grids=grids,
        links=links,
        shape=shape_text(trace),
        notes=tuple(notes(trace)),
        alt=alt_text(trace),
        arrangements=arrangements,
        signs=signs,
        steps="output",
        **more,
    )


def _input(trace: TransposedTrace) -> Grid:
    return Grid("input", "Input", "input", trace.values, editable=True, symbol="x")


def _kernel(trace: TransposedTrace) -> Grid:
    texts = fraction_texts(trace.weight)
    return Grid("kernel", "Kernel", "kernel", trace.weight, texts=texts, editable=True, symbol="w")


def _canvas(trace: TransposedTrace) -> Grid:
    return Grid("output", "Output", "output", trace.canvas, symbol="y", **_rim(trace))


def _rim(trace: TransposedTrace) -> dict[str, Any]:
    """Say what of a canvas is cut away."""
    ring = (*trace.rows.cut, *trace.columns.cut)
    if not any(ring):
        return {}
    return {"ring": ring, "cut": True, "origins": tuple(map(kept_origins, trace.axes)), "note": "− cut"}


def _stretched(trace: TransposedTrace, name: str, *, editable: bool = False) -> Grid:
    ring = (*trace.rows.margin, *trace.columns.margin)
    origins = (stretched_origins(trace.rows), stretched_origins(trace.columns))
    note = "+ zeros" if trace.stretched.size > trace.values.size else ""
    return Grid(
        name, "Input", "input", trace.stretched, ring=ring, origins=origins, editable=editable, symbol="x", note=note
    )


def _turned(trace: TransposedTrace, name: str, *, editable: bool = False) -> Grid:
    turned = trace.turned
    rows, columns = (tuple(range(side - 1, -1, -1)) for side in turned.shape)
    return Grid(
        name,
        "Kernel",
        "kernel",
        turned,
        origins=(rows, columns),
        texts=fraction_texts(turned),
        editable=editable,
        symbol="w",
        note="turned",
    )


def _product_grids(trace: TransposedTrace) -> tuple[Grid, Grid, Grid]:
    rows, columns = trace.axes
    weights = fraction_texts(trace.weight) or tuple(map(show_number, trace.weight.ravel().tolist()))
    texts = matrix_texts(rows, columns, weights)
    blocks = (columns.size if rows.size > 1 else 0, columns.n if rows.n > 1 else 0)
    return (
        Grid("matrix", "Matrix Cᵀ", "kernel", trace.matrix, texts=texts, symbol="Cᵀ", blocks=blocks),
        Grid("x", "x", "input", trace.values.reshape(-1, 1), symbol="vec x", size="flat"),
        Grid("y", "y", "output", trace.output.reshape(-1, 1), symbol="vec y", size="flat"),
    )


def _stamp_link(trace: TransposedTrace) -> Link:
    return Link("input", "output", "kernel", stamp_links(trace.rows), stamp_links(trace.columns))


def _window_link(trace: TransposedTrace, source: str, weight: str, target: str) -> Link:
    return Link(source, target, weight, stretched_links(trace.rows), stretched_links(trace.columns))


def _product_link(trace: TransposedTrace) -> Link:
    return Link("x", "y", "matrix", cells=matrix_entries(*trace.axes)[1])


def _padded(trip: RoundTrip) -> np.ndarray[Any, Any]:
    rows, columns = trip.axes
    padded: np.ndarray[Any, Any] = np.pad(trip.picture, (rows.padding, columns.padding))
    return padded
