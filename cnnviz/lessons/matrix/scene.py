"""The scenes of a convolution as a matrix: beside its windows, or beside a dense and a locally connected layer.

>>> from cnnviz.lessons.matrix.trace import trace_matrix
>>> from cnnviz.lessons.matrix.spec import MatrixSpec
>>> scene = matrix_scene(trace_matrix(MatrixSpec()))
>>> scene.shape
'4×4 → 2×2'
>>> scene.notes[0]
'The matrix has 4 rows, one for each output, and 16 columns, one for each input; 28 of its 64 entries are zero.'

The grids `input`, `kernel`, `matrix`, `x` and `y` are in both, so the cursor stays when the view changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.windows import AxisWindows
from cnnviz.lessons.convolution.scene import alt_text as convolution_alt
from cnnviz.lessons.convolution.scene import shape_text
from cnnviz.lessons.matrix.scene_grids import entry_texts, own_texts
from cnnviz.lessons.matrix.trace import MatrixTrace, check_matrix, weight_of_entries
from cnnviz.stage.axis_maps import CellLinks, entry_links
from cnnviz.stage.scene import Grid, Link, Scene, Shows
from cnnviz.stage.windows import fraction_texts, padded_grid, unread_notes, window_links

BESIDE = (
    ((("input", "kernel", "output"), ("matrix",), ("x",), ("y",)),),
    ((("input",), ("kernel",), ("output",)), (("matrix",), ("x",), ("y",))),
    ((("input",),), (("kernel",), ("output",)), (("matrix",), ("x",), ("y",))),
    ((("input",), ("kernel",), ("output",)), (("matrix",),), (("x",), ("y",))),
)
LAYERS = (
    (
        (("input", "kernel"), ("dense_x",), ("dense_y",), ("local_x",), ("local_y",), ("x",), ("y",)),
        (("dense",), ("local",), ("matrix",)),
    ),
    (
        (("input",), ("kernel",)),
        (("dense",), ("dense_x",), ("dense_y",)),
        (("local",), ("local_x",), ("local_y",)),
        (("matrix",), ("x",), ("y",)),
    ),
)


def matrix_scene(trace: MatrixTrace) -> Scene:
    """Draw what the spec asks to see."""
    return _layers(trace) if trace.spec.how == "layers" else _beside(trace)


def _beside(trace: MatrixTrace) -> Scene:
    """The windows over the input, and the same numbers as a matrix times a column."""
    conv = trace.conv
    flip = trace.spec.flip
    window = Link("input", "output", "kernel", window_links(conv.rows, flip), window_links(conv.columns, flip))
    return Scene(
        grids=(
            _input(trace),
            _kernel(trace),
            Grid("output", "Output", "output", conv.output, symbol="y"),
            _matrix(trace, "Matrix C"),
            _column("x", "x", "input", conv.values),
            _column("y", "y", "output", conv.output),
        ),
        links=(window, _product("x", "y", "matrix", _entries(trace)[1])),
        shape=shape_text(conv),
        notes=(*_counted(trace), *_named(trace), *unread_notes(conv)),
        alt=f"{convolution_alt(conv)} Beside it the same as a matrix of {_by(trace.used.shape)} times a column.",
        arrangements=BESIDE,
        signs=("∗" if flip else "⋆", "=", "", "·", "="),
        steps="output",
        twins=(("input", "x"), ("output", "y")),
        shows=(Shows("matrix", "kernel", _entries(trace)[0]),),
        tall=True,
    )


def _layers(trace: MatrixTrace) -> Scene:
    """Three layers from the same inputs to as many outputs: dense, locally connected, convolutional."""
    conv, values = trace.conv, trace.conv.values
    flat = values.ravel()
    outputs, inputs = trace.used.shape
    everywhere = _all_entries(outputs, inputs)
    grids = (
        Grid("input", "Input", "input", values, editable=True, symbol="x"),
        _kernel(trace),
        _column("dense_x", "x", "input", values),
        _column("dense_y", "Dense", "output", trace.dense @ flat, symbol="y"),
        _column("local_x", "x", "input", values),
        _column("local_y", "Local", "output", trace.local @ flat, symbol="y"),
        _column("x", "x", "input", values),
        _column("y", "Conv", "output", conv.output, symbol="y"),
        Grid("dense", "Dense", "kernel", trace.dense, symbol="W", scale="layers", blocks=_blocks(trace)),
        Grid(
            "local",
            "Locally connected",
            "kernel",
            trace.local,
            texts=own_texts(trace.used, trace.local),
            symbol="W",
            scale="layers",
            blocks=_blocks(trace),
        ),
        _matrix(trace, "Convolutional"),
    )
    links = (
        _product("dense_x", "dense_y", "dense", everywhere, edges=True),
        _product("local_x", "local_y", "local", _entries(trace)[1], edges=True),
        _product("x", "y", "matrix", _entries(trace)[1], edges=True),
    )
    counts = trace.counts
    return Scene(
        grids=grids,
        links=links,
        shape=shape_text(conv),
        notes=(
            f"Parameters: dense {counts.dense}, locally connected {counts.local}, convolutional {counts.shared}.",
            "Lines of one colour share one weight of the kernel. The outputs of the first two layers come from weights "
            "of their own.",
        ),
        alt=f"Three layers from {inputs} inputs to {outputs} outputs, as graphs and as matrices: dense with "
        f"{counts.dense} weights, locally connected with {counts.local}, convolutional with {counts.shared}.",
        arrangements=LAYERS,
        signs=("",) * (len(grids) - 1),
        steps="y",
        twins=(("input", "dense_x", "local_x", "x"), ("dense_y", "local_y", "y")),
        shows=(Shows("matrix", "kernel", _entries(trace)[0]),),
        tall=True,
    )


def _input(trace: MatrixTrace) -> Grid:
    return padded_grid("input", "Input", trace.conv.padded, trace.conv.axes)


def _kernel(trace: MatrixTrace) -> Grid:
    weight = trace.conv.weight
    return Grid("kernel", "Kernel", "kernel", weight, texts=fraction_texts(weight), editable=True, symbol="w")


def _matrix(trace: MatrixTrace, title: str) -> Grid:
    texts = entry_texts(trace.used, trace.conv.weight)
    return Grid("matrix", title, "kernel", trace.matrix, texts=texts, symbol="C", blocks=_blocks(trace))


def _blocks(trace: MatrixTrace) -> tuple[int, int]:
    """Part the matrix where a row of the output, or of the input, ends."""
    rows, columns = trace.conv.axes
    return (columns.size if rows.size > 1 else 0, columns.n if rows.n > 1 else 0)


def _column(name: str, title: str, role: Any, values: NDArray[Any], symbol: str = "") -> Grid:
    return Grid(name, title, role, values.reshape(-1, 1), symbol=symbol or f"vec {title}", size="flat")


def _product(source: str, target: str, weight: str, cells: CellLinks, *, edges: bool = False) -> Link:
    return Link(source, target, weight, cells=cells, edges=edges)


def _entries(trace: MatrixTrace) -> tuple[tuple[int, ...], CellLinks]:
    rows, columns = check_matrix(trace.spec)
    return _known_entries(rows, columns, trace.spec.flip)


@lru_cache(maxsize=256)
def _known_entries(rows: AxisWindows, columns: AxisWindows, flip: bool) -> tuple[tuple[int, ...], CellLinks]:
    """Give the weight of every entry of the matrix, and for every output its (input, entry) where there is a weight."""
    used = weight_of_entries(rows, columns, flip)
    return tuple(used.ravel().tolist()), entry_links(used)


@lru_cache(maxsize=256)
def _all_entries(outputs: int, inputs: int) -> CellLinks:
    """Link every output with every input."""
    return entry_links(np.zeros((outputs, inputs), np.intp))


def _counted(trace: MatrixTrace) -> Iterator[str]:
    (outputs, inputs), counts = trace.used.shape, trace.counts
    each = f"{_count(outputs, 'row')}, one for each output, and {_count(inputs, 'column')}, one for each input"
    zeros = (
        "none of its entries is zero by structure"
        if not counts.zeros
        else f"{counts.zeros} of its {counts.dense} entries are zero"
    )
    yield f"The matrix has {each}; {zeros}."


def _named(trace: MatrixTrace) -> Iterator[str]:
    """Give the name of the pattern, where it has one."""
    rows, columns = trace.conv.axes
    if trace.spec.stride != (1, 1) or trace.used.size == 1:
        return
    flat = rows.n == rows.size == 1 or columns.n == columns.size == 1
    square = (rows.n, columns.n) == (rows.size, columns.size)
    round_it = trace.spec.mode == "circular" and any(map(any, trace.conv.padding))
    if round_it and square:
        told = (
            "a circulant matrix: each row is the row above, moved round"
            if flat
            else "doubly block circulant: blocks go round, and so do the rows in each block"
        )
    elif round_it:
        return
    elif flat:
        told = "a Toeplitz matrix: each diagonal holds one weight"
    else:
        told = (
            "doubly block Toeplitz: equal blocks along each diagonal, and equal weights along each diagonal of a block"
        )
    yield f"This is {told}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _by(pair: tuple[int, ...]) -> str:
    return " by ".join(map(str, pair))
