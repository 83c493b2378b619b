"""A network in words and numbers: what each layer is, what it costs by which count, and what is odd about it.

>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> trace = trace_network(ARCHITECTURES["resnet50"])
>>> layer_words(trace.rows[0].node.layer), short(trace.params), short(total(trace, "mac"))
('Convolution 64, 7×7, stride 2, padding 3', '25.6 M', '4.09 G')
>>> row_notes(trace.rows[0])[0]
'Rows and columns: 112.5 is rounded down to 112; the last row of the padding is never read.'
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.layers.kinds import (
    ACTIVATIONS,
    Activation,
    AdaptivePool,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Crop,
    Dropout,
    Flatten,
    Layer,
    Linear,
    Mean,
    Norm,
    Pad,
    PixelShuffle,
    Pool,
    Upsample,
    View,
)
from cnnviz.engine.networks.trace import NetworkTrace, Row

COUNTS: Mapping[str, str] = {
    "mac": "Multiply-accumulates",
    "flop": "FLOPs, two a MAC",
    "bias": "MACs and biases",
    "torchinfo": "torchinfo’s mult-adds",
    "all": "Every operation",
}
"""Ways to count: the URL's word and its label."""

COUNT_WORDS: Mapping[str, str] = {
    "mac": "One multiplication and one addition count as one, in convolutions and dense layers only. "
    "Most papers count so, and many of them call it FLOPs.",
    "flop": "The same twice: a multiplication and an addition are two operations.",
    "bias": "Adding the bias counts one more for each output.",
    "torchinfo": "Every parameter counts once for each place where it is used, and a batch norm’s only once: "
    "so biases and batch norms are in it, a little.",
    "all": "Two for each multiply-accumulate, and also biases, batch norm, activation, pooling and additions.",
}
POOLS = {"max": "Max pooling", "avg": "Average pooling", "lp": "L2 pooling"}
AXES = {1: ("Samples",), 2: ("Rows", "Columns"), 3: ("Frames", "Rows", "Columns")}
ONE = {"Samples": "sample", "Rows": "row", "Columns": "column", "Frames": "frame"}
UNITS = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))


def short(number: float) -> str:
    """Write a large number in three digits.

    >>> short(911), short(25_557_032), short(4_089_184_256), short(999_600)
    ('911', '25.6 M', '4.09 G', '1.00 M')
    """
    for size, unit in UNITS:
        if number >= size * 0.9995:
            digits = 2 if number < 9.995 * size else 1 if number < 99.95 * size else 0
            return f"{number / size:.{digits}f} {unit}"
    return f"{number:,.0f}"


def say_shape(shape: Shape) -> str:
    """Write a size.

    >>> say_shape((64, 112, 112))
    '64×112×112'
    """
    return "×".join(str(one) for one in shape)


def memory(numbers: int, batch: int = 1) -> str:
    """Write how much memory numbers take as float32.

    >>> memory(1_000_000), memory(300)
    ('4.00 MB', '1.20 kB')
    """
    count = numbers * 4 * batch
    return f"{short(count)}B" if count >= 1000 else f"{count} B"


def layer_words(layer: Layer) -> str:  # noqa: PLR0911, PLR0912 - one case a layer
    """Say what a layer is, on one line."""
    match layer:
        case Conv():
            depthwise = layer.groups > 1 and layer.groups == layer.channels
            name = "Depthwise convolution" if depthwise else "Convolution"
            more = [] if depthwise or layer.groups == 1 else [f"{layer.groups} groups"]
            return ", ".join([f"{name} {layer.channels}", *_window(layer), *more])
        case ConvTranspose():
            return ", ".join([f"Transposed convolution {layer.channels}", *_window(layer)])
        case Pool():
            return ", ".join([POOLS[layer.how], *_window(layer), *(["rounding up"] if layer.ceil_mode else [])])
        case AdaptivePool():
            whole = all(one == 1 for one in layer.size)
            kind = "Global" if whole else "Adaptive"
            to = "" if whole else f" to {'×'.join('as it is' if one is None else str(one) for one in layer.size)}"
            return f"{kind} {'average' if layer.how == 'avg' else 'max'} pooling{to}"
        case BatchNorm():
            return "Batch norm"
        case Norm():
            return {"group": "Group norm", "instance": "Instance norm", "layer": "Layer norm"}.get(
                layer.how, "Local response norm"
            )
        case Activation():
            return ACTIVATIONS[layer.how]
        case Dropout():
            return f"Dropout {layer.p:g}"
        case Flatten():
            return "Flatten"
        case View():
            return f"Lay out as {'×'.join('?' if one == -1 else str(one) for one in layer.shape)}"
        case Linear():
            return f"Dense {layer.features:,}"
        case Concat():
            return "Concatenate"
        case Upsample():
            by = say_shape(layer.size) if layer.size else "×".join(str(one) for one in sorted(set(layer.scale)))
            return f"Enlarge {'to' if layer.size else 'by'} {by}, {layer.mode}"
        case PixelShuffle():
            return f"Pixel {'unshuffle' if layer.down else 'shuffle'} {layer.factor}"
        case Crop():
            return "Crop"
        case Pad():
            return f"Pad, {layer.mode}"
        case Mean():
            return "Mean" if layer.how == "mean" else "Maximum"
        case _:
            return layer.kind.capitalize()


def _window(layer: Any) -> list[str]:
    """Say a window's settings where they are not the usual ones."""
    said = ["×".join(str(one) for one in layer.kernel)]
    usual = layer.kernel if isinstance(layer, Pool) else (1,) * layer.rank
    if layer.stride != usual:
        said.append(f"stride {_axes(layer.stride)}")
    if isinstance(layer.padding, str):
        said.append(f"padding {layer.padding}")
    elif any(any(pad) for pad in layer.padding):
        said.append(f"padding {_axes(tuple(b if b == a else f'{b}+{a}' for b, a in layer.padding))}")
    if any(one > 1 for one in layer.dilation):
        said.append(f"dilation {_axes(layer.dilation)}")
    return said


def _axes(values: tuple[Any, ...]) -> str:
    return str(values[0]) if len(set(values)) == 1 else "×".join(str(one) for one in values)


def cost(row: Row, count: str) -> int:
    """Count a layer's operations for one picture.

    >>> from cnnviz.engine.networks.trace import trace_network
    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> dense = trace_network(ARCHITECTURES["lecture_cnn"]).row("fc")
    >>> [cost(dense, count) for count in COUNTS]
    [900, 1800, 901, 901, 1801]
    """
    costs = row.costs
    if count == "torchinfo":
        places = math.prod(row.output_shape[1:]) if isinstance(row.node.layer, (Conv, ConvTranspose)) else 1
        return (costs.weights + costs.biases) * places
    return {
        "mac": costs.macs,
        "flop": 2 * costs.macs,
        "bias": costs.macs + costs.additions,
        "all": 2 * costs.macs + costs.additions + costs.elementwise,
    }[count]


def total(trace: NetworkTrace, count: str) -> int:
    """Count a network's operations for one picture."""
    return sum(cost(row, count) for row in trace.rows)


def row_notes(row: Row) -> list[str]:
    """Say what a reader might trip over."""
    notes = []
    names = AXES.get(len(row.inputs[0]) - 1, ("Rows", "Columns"))
    for one in row.rounding:
        name = names[one.axis]
        exact = f"{float(one.exact):g}" if one.exact.denominator in {2, 4, 5, 8} else _fraction(one.exact)
        cells = f"the last {ONE[name]}" if one.lost == 1 else f"the last {one.lost} {name.lower()}"
        what = f"{cells} of the padding {'is' if one.lost == 1 else 'are'} never read"
        if one.lost_data:
            lost = ONE[name] if one.lost_data == 1 else name.lower()
            what = f"{one.lost_data} {lost} of the input {'is' if one.lost_data == 1 else 'are'} never read"
        notes.append(f"{name}: {exact} is rounded down to {math.floor(one.exact)}; {what}.")
    if len(notes) == 2 and notes[0].split(":")[1].replace("row", "") == notes[1].split(":")[1].replace("column", ""):
        notes = [notes[0].replace("Rows:", "Rows and columns:")]
    if row.misaligned:
        notes.append("The branches that meet here do not look at the same places: their units are shifted.")
    if row.shared and row.costs.weights:
        notes.append("The same module again: its parameters are counted where it runs first.")
    if row.node.frozen:
        notes.append("Frozen: its parameters do not learn.")
    return notes


def _fraction(number: Fraction) -> str:
    whole, rest = divmod(number.numerator, number.denominator)
    return f"{whole} {rest}/{number.denominator}"


def field_words(row: Row) -> str:
    """Say how large the receptive field is; "all" once it covers the picture.

    >>> from cnnviz.engine.networks.trace import trace_network
    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> [field_words(row) for row in trace_network(ARCHITECTURES["vgg11"]).rows[:4]]
    ['3×3', '3×3', '4×4', '8×8']
    """
    return "×".join(str(math.ceil(axis.size)) for axis in row.receptive_field)


def stage_of(name: str) -> str:
    """Give the part of a network that a layer belongs to: the first word of its name.

    >>> stage_of("layer1.0.conv2"), stage_of("conv1"), stage_of("features.3"), stage_of("down1_conv1")
    ('layer1', 'conv1', 'features', 'down1')
    """
    first = name.split(".", maxsplit=1)[0].split("#", maxsplit=1)[0]
    return first if "." in name else first.split("_", maxsplit=1)[0] or first
