"""What a block of a network's picture says: its sizes with their arithmetic, its parameters, its cost, what it sees.

>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> row = trace_network(ARCHITECTURES["resnet18"]).rows[0]
>>> for line in row_arithmetic(row):
...     print(line)
3×224×224 → 64×112×112
rows and columns: ⌊(224 + 2·3 − 1·(7 − 1) − 1) / 2⌋ + 1 = 112
parameters: 64·3·7·7 = 9,408
multiply-accumulates: 9,408·112·112 = 118,013,952
sees 7×7 of the picture
"""

from __future__ import annotations

import math
from html import escape

from cnnviz.engine.networks.graph import INPUT
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Dropout,
    Layer,
    Linear,
    Mean,
    Multiply,
    Norm,
    Pool,
)
from cnnviz.engine.networks.trace import NetworkTrace, Row
from cnnviz.explain.layer_size import size_formula, size_line
from cnnviz.explain.network import field_words, layer_words, say_shape, short
from cnnviz.lessons.build.trace_links import axis_layer
from cnnviz.lessons.build.trace_parts import Part

AXES = {1: ("samples",), 2: ("rows", "columns"), 3: ("frames", "rows", "columns")}
FAMILIES = {
    "conv": "Convolution", "up": "Transposed, enlarging", "pool": "Pooling", "norm": "Normalisation",
    "act": "Activation, dropout", "dense": "Dense", "join": "Branches meet", "stage": "Folded stage", "other": "Other",
}  # fmt: skip


def family_of(layer: Layer) -> str:  # noqa: PLR0911 - one case a family
    """Say which colour and pattern a layer has.

    >>> family_of(Conv(1, 1)), family_of(Add()), family_of(Linear(1))
    ('conv', 'join', 'dense')
    """
    match layer:
        case Conv():
            return "conv"
        case Pool() | AdaptivePool() | Mean():
            return "pool"
        case BatchNorm() | Norm():
            return "norm"
        case Activation() | Dropout():
            return "act"
        case Linear():
            return "dense"
        case Add() | Concat() | Multiply():
            return "join"
        case ConvTranspose():
            return "up"
        case _:
            return "up" if layer.kind in {"upsample", "pixel_shuffle"} else "other"


def row_arithmetic(row: Row) -> list[str]:
    """Write a layer's sizes, parameters, cost and field, each with its numbers."""
    joined = " + " if isinstance(row.node.layer, Add) else ", "
    lines = [f"{joined.join(say_shape(one) for one in row.inputs)} → {say_shape(row.output_shape)}"]
    axes = size_axes(row)
    for names, line in axes:
        lines.append(f"{names}: {line}")
    if row.params:
        lines.append(f"parameters: {_params(row)}{row.params:,}")
    if row.macs:
        lines.append(f"multiply-accumulates: {_macs(row)}{row.macs:,}")
    if len(row.output_shape) > 1 and row.receptive_field:
        lines.append(f"sees {field_words(row)} of the picture")
    return lines


def size_axes(row: Row) -> list[tuple[str, str]]:
    """Write the size of every axis of a layer with a window, alike ones together."""
    found: dict[str, list[str]] = {}
    names = AXES.get(len(row.inputs[0]) - 1, ())
    for axis, name in enumerate(names):
        layer = axis_layer(row, axis)
        if layer is None:
            return []
        found.setdefault(size_line(layer, row.inputs[0][1 + axis]), []).append(name)
    return [(_and(words), line) for line, words in found.items()]


def size_latex(row: Row) -> list[tuple[str, str]]:
    """Write the same as formulas in LaTeX, with letters, numbers and the result."""
    found: dict[str, list[str]] = {}
    for axis, name in enumerate(AXES.get(len(row.inputs[0]) - 1, ())):
        layer = axis_layer(row, axis)
        if layer is None:
            return []
        found.setdefault(size_formula(layer, row.inputs[0][1 + axis]), []).append(name)
    return [(_and(words).capitalize(), line) for line, words in found.items()]


def _and(words: list[str]) -> str:
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"


def _params(row: Row) -> str:
    """Write the product that gives the parameters."""
    layer, inputs = row.node.layer, row.inputs[0]
    match layer:
        case Conv():
            product = [layer.channels, inputs[0] // layer.groups, *layer.kernel]
        case ConvTranspose():
            product = [inputs[0], layer.channels // layer.groups, *layer.kernel]
        case Linear():
            product = [layer.features, inputs[-1]]
        case BatchNorm():
            return f"2·{inputs[0]} = " if layer.affine else ""
        case _:
            return ""
    biases = f" + {row.costs.biases}" if row.costs.biases else ""
    return "·".join(str(one) for one in product) + biases + " = "


def _macs(row: Row) -> str:
    places = row.output_shape[1:]
    if isinstance(row.node.layer, ConvTranspose):
        places = row.inputs[0][1:]
    elif isinstance(row.node.layer, Linear):
        places = row.output_shape[:-1]
    return "·".join([f"{row.costs.weights:,}", *(str(one) for one in places)]) + " = " if places else ""


def part_lines(part: Part) -> list[str]:
    """Write what a block says of itself, its title first."""
    row = part.row
    if part.folded:
        said = [f"{part.title}: {len(part.nodes)} layers"]
        if part.rows:
            said.append(f"{say_shape(part.rows[0].inputs[0])} → {say_shape(part.rows[-1].output_shape)}")
        said.append(f"parameters: {sum(one.params for one in part.rows):,}")
        said.append(f"multiply-accumulates: {sum(one.macs for one in part.rows):,}")
        return [*said, "Click to open it."]
    words = f"{part.title}: {layer_words(part.nodes[0].layer)}"
    return [words, *(row_arithmetic(row) if row else ["It cannot work yet."])]


def part_hover(part: Part) -> str:
    """Write the same as Plotly's HTML."""
    title, first, *more = part.title, *part_lines(part)
    bold = f"<b>{escape(title, quote=False)}</b>{escape(first.removeprefix(title), quote=False)}"
    return "<br>".join([bold, *(escape(one, quote=False) for one in more)])


def picture_alt(trace: NetworkTrace, parts: list[Part]) -> str:
    """Say what the picture shows."""
    branches = sum(len(part.reads) > 1 and not part.folded for part in parts)
    said = [f"{trace.network.title} as blocks, from {say_shape(trace.input)} on"]
    names = []
    for part in parts[:14]:
        size = f" to {say_shape(part.rows[-1].output_shape)}" if part.rows else ", which cannot work yet"
        names.append(f"{part.title}{size}")
    said.append("; ".join(names) + (f"; and {len(parts) - 14} more" if len(parts) > 14 else ""))
    if branches:
        said.append(f"Branches meet at {branches} {'place' if branches == 1 else 'places'}")
    return ". ".join(one for one in said if one) + "."


def layer_title(trace: NetworkTrace, place: int) -> str:
    """Name a layer in the list of layers.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> from cnnviz.engine.networks.trace import trace_network
    >>> trace = trace_network(ARCHITECTURES["lecture_cnn"])
    >>> layer_title(trace, 0), layer_title(trace, 1)
    ('Input 1×32×32', '1 · conv · Convolution 1, 3×3')
    """
    if place == 0:
        return f"Input {say_shape(trace.input)}"
    node = trace.network.nodes[place - 1]
    reads = [name for name in trace.network.inputs_of(node.name) if name != INPUT]
    far = f" ({' and '.join(reads)})" if len(reads) > 1 else ""
    return f"{place} · {node.name} · {layer_words(node.layer)}{far}"


def summary(trace: NetworkTrace) -> str:
    """Say in one line what the network is now."""
    count = len(trace.network.nodes)
    layers = f"{count} layer{'' if count == 1 else 's'}"
    return f"{layers}, {short(trace.params)} parameters, {short(trace.macs)} multiply-accumulates"


def spatial(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Give what a block is drawn by: height, depth and thickness; a list of numbers has only a length."""
    if len(shape) == 1:
        return 0, 0, shape[0]
    if len(shape) == 2:
        return shape[1], 1, shape[0]
    return shape[-2], shape[-1], math.prod(shape[:-2])
