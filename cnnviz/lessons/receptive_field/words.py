r"""Receptive fields in words and formulas, with the numbers of the chosen layer.

>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> trace = trace_network(ARCHITECTURES["vgg16"])
>>> print(formula(trace, "features.2"))
\begin{aligned} r &= r_\text{before} + d\,(k - 1)\,j_\text{before} \\ &= 3 + 1 \cdot (3 - 1) \cdot 1 = 5 \\ j &= s \cdot j_\text{before} = 1 \cdot 1 = 1 \end{aligned}
"""  # noqa: E501 - a formula as it is sent

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from cnnviz.engine.networks.cut import cut
from cnnviz.engine.networks.fields import AxisField, Length
from cnnviz.engine.networks.graph import INPUT
from cnnviz.engine.networks.layers.kinds import (
    AdaptivePool,
    Add,
    Concat,
    Conv,
    ConvTranspose,
    Crop,
    Flatten,
    Linear,
    Mean,
    Multiply,
    Norm,
    Pad,
    PixelShuffle,
    Pool,
    Upsample,
    View,
)
from cnnviz.engine.networks.trace import NetworkTrace, Row
from cnnviz.explain.network import layer_words, say_shape
from cnnviz.lessons.receptive_field.trace import QUIET, ExactField, Unit, centre_of
from cnnviz.lessons.receptive_field.trace_effective import EffectiveField
from cnnviz.quoting import as_markdown

MOST_NAMED = 3


def number(value: Length) -> str:
    """Write a length: whole, as a short decimal, or as a fraction.

    >>> number(32), number(Fraction(7, 2)), number(Fraction(32, 7))
    ('32', '3.5', '32/7')
    """
    exact = Fraction(value)
    if exact.denominator in {1, 2, 4, 8}:
        return f"{float(exact):g}" if abs(exact) < 10**6 else f"{float(exact):.0f}"
    return f"{exact.numerator}/{exact.denominator}"


def lengths(fields: Sequence[AxisField], what: str) -> str:
    """Write a number of both axes, once if they agree.

    >>> lengths((AxisField(3), AxisField(5)), "size"), lengths((AxisField(3), AxisField(3)), "size")
    ('3×5', '3')
    """
    said = [number(getattr(field, what)) for field in fields]
    return said[0] if len(set(said)) == 1 else "×".join(said)


def field_before(trace: NetworkTrace, row: Row) -> AxisField:
    """Give the field of what a layer reads first, down the picture."""
    name = trace.network.inputs_of(row.name)[0]
    return AxisField() if name == INPUT else trace.row(name).receptive_field[0]


def formula(trace: NetworkTrace, layer: str) -> str:
    """Write how the chosen layer makes field and stride, down the picture, with its numbers."""
    row = trace.row(layer)
    before, after = field_before(trace, row), row.receptive_field[0]
    kind = row.node.layer
    r, j = number(before.size), number(before.stride)
    if isinstance(kind, (Conv, Pool)) and len(kind.kernel) == len(row.receptive_field):
        k, s, d = kind.kernel[0], kind.stride[0], kind.dilation[0]
        return (
            r"\begin{aligned} r &= r_\text{before} + d\,(k - 1)\,j_\text{before} \\ "
            rf"&= {r} + {d} \cdot ({k} - 1) \cdot {j} = {number(after.size)} \\ "
            rf"j &= s \cdot j_\text{{before}} = {s} \cdot {j} = {number(after.stride)} \end{{aligned}}"
        )
    if isinstance(kind, ConvTranspose) and len(kind.kernel) == len(row.receptive_field):
        k, s, d = kind.kernel[0], kind.stride[0], kind.dilation[0]
        return (
            r"\begin{aligned} r &= r_\text{before} + \biggl\lfloor \frac{d\,(k - 1)}{s} \biggr\rfloor "
            r"j_\text{before} \\ "
            rf"&= {r} + \biggl\lfloor \frac{{{d * (k - 1)}}}{{{s}}} \biggr\rfloor \cdot {j} = {number(after.size)} \\ "
            rf"j &= j_\text{{before}} / s = {j} / {s} = {number(after.stride)} \end{{aligned}}"
        )
    if isinstance(kind, (Add, Multiply, Concat)):
        names = trace.network.inputs_of(layer)
        sizes = [number(trace.row(n).receptive_field[0].size) if n != INPUT else "1" for n in names]
        shown = ",".join(sizes[:6]) + (r",\dots" if len(sizes) > 6 else "")
        return rf"\begin{{aligned}} r &= \text{{union of }} {shown} = {number(after.size)} \\ j &= {number(after.stride)} \end{{aligned}}"  # noqa: E501
    return rf"r = {r} \to {number(after.size)}, \qquad j = {j} \to {number(after.stride)}"


def why(row: Row) -> str:  # noqa: PLR0911 - one case a kind of layer
    """Say what a kind of layer does to the field."""
    match row.node.layer:
        case Conv() | Pool():
            return "$k$: window, $d$: dilation, $s$: stride, $j$: pixels from one unit to the next."
        case ConvTranspose():
            return "Its units read few cells, but stand closer together: $j$ becomes smaller."
        case Add() | Multiply() | Concat():
            return "Branches meet: the unit sees what any of them sees."
        case AdaptivePool() | Mean():
            return "Its window is as large as its input asks for: the widest counts."
        case Linear():
            return "A dense layer reads everything."
        case Flatten() | View():
            return "The numbers stay what they are; as one list they see the whole picture together."
        case Upsample() | PixelShuffle():
            return "The map gets finer, not the view: units stand closer together."
        case Crop() | Pad():
            return "The field stays as large; the first unit stands elsewhere."
        case _:
            return "It reads the place where it stands: the field stays as it is."


def unit_words(row: Row, unit: Unit) -> str:
    """Name a unit.

    >>> from cnnviz.engine.networks.trace import trace_network
    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> unit_words(trace_network(ARCHITECTURES["lenet5"]).row("s4"), (2, 3))
    'row 2, column 3 of 16×5×5'
    """
    if len(unit) == 2:
        return f"row {unit[0]}, column {unit[1]} of {say_shape(row.output_shape)}"
    return f"number {'.'.join(map(str, unit))} of {say_shape(row.output_shape)}"


def note(trace: NetworkTrace, row: Row, field: ExactField) -> str:
    """Write the line under the pictures."""
    whole = math.prod(trace.input[1:])
    height, width = field.box[2:]
    stride = lengths(row.receptive_field, "stride")
    return f"{row.name}: {height}×{width} pixels · {100 * field.count / whole:.3g} % of the picture · stride {stride}"


def sentences(trace: NetworkTrace, row: Row, field: ExactField) -> list[str]:
    """Say what there is to see, in LaTeX where it is a number."""
    top, left, height, width = field.box
    whole = math.prod(trace.input[1:])
    if not field.count:
        return ["This unit sees only padding: no pixel of the picture can change it."]
    said = [
        f"Layer **{as_markdown(row.name)}** ({layer_words(row.node.layer)}), {unit_words(row, field.unit)}, sees rows "
        f"${top}$ to ${top + height - 1}$ and columns ${left}$ to ${left + width - 1}$: "
        f"${height} \\times {width}$ pixels."
    ]
    said += _against_formula(trace, row, field)
    if field.holes:
        said.append(
            f"Inside this rectangle ${_whole(field.holes)}$ of ${_whole(height * width)}$ pixels are never read: "
            "holes of dilation or stride."
        )
    if field.count == whole:
        said.append("It sees the whole picture.")
    most = field.ways.max()
    if most > 1:
        least = field.ways[field.mask].min()
        said.append(
            f"The busiest pixel reaches the unit in ${_large(most)}$ ways, the least used one in ${_large(least)}$ "
            "(through one channel a layer)."
        )
    return said


def _against_formula(trace: NetworkTrace, row: Row, field: ExactField) -> list[str]:
    """Say why the rectangle has not the size that the formula gives."""
    fields, picture = row.receptive_field, trace.input[1:]
    if len(field.unit) != len(fields):
        return []
    top, left, height, width = field.box
    spans = [axis.span(one) for axis, one in zip(fields, field.unit, strict=True)]
    clipped = [(max(first, 0), min(end, n)) for (first, end), n in zip(spans, picture, strict=True)]
    size = " \\times ".join(number(axis.size) for axis in fields)
    if clipped != [(top, top + height), (left, left + width)]:
        return [
            f"The formula gives ${size}$, for units that are all alike; behind uneven windows, an enlargement or the "
            "border, fields differ from unit to unit."
        ]
    if clipped == spans:
        return []
    if any(axis.size > n for axis, n in zip(fields, picture, strict=True)):
        return [
            f"Its field would be ${size}$, larger than the picture of ${picture[0]} \\times {picture[1]}$: "
            "the rest of it is padding."
        ]
    return [f"Its field would be ${size}$; here the picture’s border cuts it off, and the rest is padding."]


def _whole(value: float) -> str:
    """Write a whole number for a formula, with commas that leave no gap."""
    return f"{value:,.0f}".replace(",", "{,}")


def _large(value: float) -> str:
    r"""Write a number of ways.

    >>> _large(2025.0), _large(9.34e15)
    ('2{,}025', '9.3 \\cdot 10^{15}')
    """
    if value < 10**6:
        return _whole(value)
    power = math.floor(math.log10(value))
    return rf"{value / 10.0**power:.1f} \cdot 10^{{{power}}}"


def effective_words(effective: EffectiveField, field: ExactField) -> list[str]:
    """Say how much of the field counts."""
    if effective.dead:
        what = "weights that learned" if effective.on == "trained" else "random weights"
        seen = "" if effective.on == "noise" else " on this picture"
        return [f"No gradient came through: with {what} this unit does not move at all{seen}."]
    needed = effective.pixels(0.95)
    share = 100 * needed / max(field.count, 1)
    said = [
        f"Of the ${_whole(field.count)}$ pixels that can change the unit, ${_whole(needed)}$ hold $95\\,\\%$ of the "
        f"gradient’s energy: ${share:.3g}\\,\\%$ of the field."
    ]
    fewer = f", with {effective.factor} times fewer channels so that it is quick" if effective.factor > 1 else ""
    start = "Measured by PyTorch: the gradient of the unit, root mean square over"
    draws = f"{effective.seeds} draws of random weights"
    said.append({
        "trained": f"{start} {effective.seeds} mixes of its channels, with the trained weights and this picture. "
        "Another picture opens other ReLUs, and so has another field.",
        "picture": f"{start} {draws}, with this picture as input (mean 0, deviation 1){fewer}. Where a ReLU is shut "
        "nothing comes through, so the field depends on the picture.",
        "noise": f"{start} {draws} and noise as input{fewer}. A trained network’s field differs.",
    }[effective.on])  # fmt: skip
    return said


def warnings(trace: NetworkTrace, layer: str) -> list[str]:
    """Say what makes the numbers of a field less simple than they look: shifted branches, norms over whole maps."""
    rows = [trace.row(node.name) for node in cut(trace.network, layer)]
    said = []
    if shifted := [row.name for row in rows if row.misaligned]:
        said.append(
            f"Branches that are shifted against each other meet in {_names(shifted)}: their units do not stand over "
            "the same places. The rectangle holds both; centre and stride are those of the larger view."
        )
    norms = [r.name for r in rows if isinstance(r.node.layer, Norm) and r.node.layer.how != "response"]
    if norms:
        said.append(
            f"{_names(norms)} takes mean and deviation over a whole map: strictly, every pixel changes every unit "
            "behind it. The table and the formula count windows only."
        )
    return said


def _names(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(as_markdown(name) for name in names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


TABLE = ("Layer", "What it is", "Output", "Field", "Stride", "Padding", "First centre")


def table(trace: NetworkTrace, rows: Sequence[Row], chosen: str) -> list[list[str]]:
    """List all layers, each with its numbers; the chosen one is bold."""
    lines = []
    for row in rows:
        if isinstance(row.node.layer, QUIET) and row.name != chosen:
            continue
        name = f"**{row.name}**" if row.name == chosen else row.name
        cells = [lengths(row.receptive_field, what) for what in ("size", "stride", "padding", "centre")]
        lines.append([name, layer_words(row.node.layer), say_shape(row.output_shape), *cells])
    return lines


def dips(rows: Sequence[Row]) -> str:
    """Explain why the growing line goes down, if it does."""
    sizes = [row.receptive_field[0].size for row in rows]
    falls = any(after < before for before, after in pairwise(sizes))
    return "Where the line dips, a shorter branch runs beside a longer one; they meet behind it." if falls else ""


def centre_words(row: Row, unit: Unit) -> str:
    """Say over which place a unit stands.

    >>> from cnnviz.engine.networks.trace import trace_network
    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> centre_words(trace_network(ARCHITECTURES["vgg16"]).row("features.30"), (3, 3))
    'Its centre is at row $111.5$, column $111.5$.'
    """
    if len(unit) != 2 or len(row.receptive_field) != 2:
        return ""
    down, along = centre_of(row, unit)
    return f"Its centre is at row ${number(down)}$, column ${number(along)}$."
