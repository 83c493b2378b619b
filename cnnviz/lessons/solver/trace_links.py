"""Where an answer of the Solver can be seen cell by cell: the page of its operation, with the answer's settings.

>>> from cnnviz.lessons.solver.spec_question import parse_question
>>> layer = AxisLayer("conv", 3, 2, (1, 1))
>>> stage_link(parse_question("7 -> 4"), layer, layer).query
{'n': '7', 's': '2', 'p': '1'}
>>> small = stage_link(parse_question("224 -> 112"), layer, layer)
>>> small.query["n"], small.size, small.output
('16', (16, 16), (8, 8))

A stage holds small grids only. For a larger input the link opens the same layer on the largest input that the stage
holds and that loses equally many cells, so that what there is to see at the border is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.engine.axis_layer import AxisLayer, layer_loss, layer_size
from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution import spec as convolution
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.pooling import spec as pooling
from cnnviz.lessons.pooling.spec import PoolingSpec
from cnnviz.lessons.solver.spec_question import Question
from cnnviz.lessons.transposed import spec as transposed
from cnnviz.lessons.transposed.spec import LARGEST_PICTURE, TransposedSpec
from cnnviz.state.query import show_pair

PAGES = {"conv": "convolution", "transposed": "transposed", "pool": "pooling"}
BOUNDS = {"conv": convolution.BOUNDS, "transposed": transposed.BOUNDS, "pool": pooling.BOUNDS}
SETTINGS = ("kernel", "stride", "dilation", "output_padding")


@dataclass(frozen=True, slots=True)
class StageLink:
    """A page and its state; `size` and `output` are those on the stage, `exact` says that they are the question's."""

    page: str
    query: dict[str, str]
    size: Pair
    output: Pair
    exact: bool


def stage_link(question: Question, rows: AxisLayer, columns: AxisLayer) -> StageLink | None:
    """Find the stage for an answer, or nothing if its settings are beyond the stage."""
    kind = rows.kind
    bounds = BOUNDS[kind]
    for layer in (rows, columns):
        if not all(bounds[name][0] <= getattr(layer, name) <= bounds[name][1] for name in SETTINGS if name in bounds):
            return None
        most = bounds["padding"][1] if kind != "pool" else min(bounds["padding"][1], layer.kernel // 2)
        if max(layer.padding) > most or (kind == "pool" and layer.padding[0] != layer.padding[1]):
            return None
    down, across = (_model(layer, n) for layer, n in zip((rows, columns), question.size, strict=True))
    if not down or not across:
        return None
    size = down, across
    output = layer_size(rows, down), layer_size(columns, across)
    # An empty link would bring back the lesson's last state.
    query = _query(size, rows, columns) or {"n": show_pair(size)}
    return StageLink(PAGES[kind], query, size, output, size == question.size)


def _model(layer: AxisLayer, n: int) -> int | None:
    """Find the largest input, up to the question's, that the stage holds and that loses as many cells."""
    most = BOUNDS[layer.kind]["input"][1]
    if n <= most and _fits(layer, n):
        return n
    loss = layer_loss(layer, n)
    for smaller in range(min(n, most), 0, -1):
        if _fits(layer, smaller) and layer_loss(layer, smaller) == loss and (smaller - n) % layer.stride == 0:
            return smaller
    if layer.kind == "transposed":  # loses nothing, whatever the input
        return next((smaller for smaller in range(min(n, most), 0, -1) if _fits(layer, smaller)), None)
    return None


def _fits(layer: AxisLayer, n: int) -> bool:
    try:
        layer_size(layer, n)
    except SpecError:
        return False
    if layer.kind != "transposed":
        return True
    return (n - 1) * layer.stride + layer.reach + layer.output_padding <= LARGEST_PICTURE


def _query(size: Pair, rows: AxisLayer, columns: AxisLayer) -> dict[str, str]:
    kernel, stride = (rows.kernel, columns.kernel), (rows.stride, columns.stride)
    padding, dilation = (rows.padding, columns.padding), (rows.dilation, columns.dilation)
    if rows.kind == "conv":
        return ConvolutionSpec(size, kernel, stride, padding, dilation).to_query()
    if rows.kind == "transposed":
        extra = rows.output_padding, columns.output_padding
        return TransposedSpec(size, kernel, stride, padding, dilation, extra).to_query()
    steps = None if stride == kernel else stride
    borders = rows.padding[0], columns.padding[0]
    ceil = rows.ceil or columns.ceil
    return PoolingSpec(size=size, kernel=kernel, stride=steps, padding=borders, dilation=dilation, ceil=ceil).to_query()
