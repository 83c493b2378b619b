r"""The words and formulas of a layer with several channels, with the learner's own numbers in them.

>>> from cnnviz.lessons.channels.trace import trace_channels
>>> from cnnviz.lessons.channels.spec import ChannelsSpec
>>> trace = trace_channels(ChannelsSpec())
>>> [(row["What"], row["PyTorch"], row["Keras"]) for row in shape_rows(trace)][:2]
[('Input', '(1, 3, 5, 5)', '(1, 5, 5, 3)'), ('Weight w', '(2, 3, 3, 3)', '(3, 3, 3, 2)')]
>>> print(explain_parts(trace)[0])
y_{0} = \sum_{c=0}^{2} x_{c} \star w_{0,c}
>>> compare_cost(trace).layers
(('This layer, dense', 54, 486), ('Depthwise + pointwise', 33, 297))
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from cnnviz.lessons.channels.trace import ChannelsTrace
from cnnviz.state.numbers import show_number

LINE_SIGNS = 24
"""About as many signs of a sum fit on one line of a phone."""


def explain_parts(trace: ChannelsTrace) -> tuple[str, ...]:
    """Write what the shown output channel is, and its first cell with the numbers of each partial map."""
    shown, group = trace.spec.shown, trace.group(trace.spec.shown)
    formulas = [_definition(trace)]
    terms = []
    for at, channel in enumerate(group):
        if trace.mixing is None:
            terms.append(_number(trace.parts[shown][at][0, 0].item()))
        else:
            weight, value = trace.mixing[shown, channel].item(), trace.parts[channel][0][0, 0].item()
            terms.append(rf"{_number(weight)}\cdot {_number(value)}")
    if trace.bias:
        terms.append(_number(trace.bias[shown]))
    if len(terms) > 1:
        lines = _lines(terms)
        value = trace.outputs[shown][0, 0].item()
        shown_value = show_number(value)
        sign = "=" if abs(float(shown_value) - value) < 1e-9 else r"\approx"
        formulas.append(
            r"\begin{aligned}"
            + "\n"
            + rf"y_{{{shown}}}[0,0] &= "
            + " \\\\\n&\\quad + ".join(lines)
            + f" \\\\\n&{sign} {shown_value}\n"
            + r"\end{aligned}"
        )
    return tuple(formulas)


def _lines(terms: list[str]) -> list[str]:
    """Break a sum where it grows too long for a phone."""
    lines: list[list[str]] = [[]]
    for term in terms:
        signs = sum(len(one.replace(r"\cdot ", "·")) + 3 for one in (*lines[-1], term))
        if lines[-1] and signs > LINE_SIGNS:
            lines.append([])
        lines[-1].append(term)
    return [" + ".join(line) for line in lines]


def _definition(trace: ChannelsTrace) -> str:
    shown, group = trace.spec.shown, trace.group(trace.spec.shown)
    bias = rf" + b_{{{shown}}}" if trace.bias else ""
    first, last = group.start, group.stop - 1
    if trace.mixing is not None:
        total = rf"\sum_{{c=0}}^{{{last}}} v_{{{shown},c}}\,m_c" if last else rf"v_{{{shown},0}}\,m_0"
        return (
            r"\begin{aligned}"
            + "\n"
            + r"m_c &= x_c \star w_{c,0} \\"
            + f"\ny_{{{shown}}} &= {total}{bias}\n"
            + r"\end{aligned}"
        )
    if len(group) == 1:
        return rf"y_{{{shown}}} = x_{{{first}}} \star w_{{{shown},0}}{bias}"
    slot = "c" if not first else rf"c-{first}"
    return rf"y_{{{shown}}} = \sum_{{c={first}}}^{{{last}}} x_{{c}} \star w_{{{shown},{slot}}}{bias}"


def _number(value: float) -> str:
    text = show_number(value)
    return f"({text})" if value < 0 else text


def explain_groups(trace: ChannelsTrace) -> str:
    """Say which channels meet, and why the groups must divide their numbers."""
    spec = trace.spec
    if spec.separable:
        return (
            f"The depthwise step has a group for each of the {_count(spec.inputs, 'channel')}: it looks at neighbours, "
            "but adds nothing across channels. The pointwise step is a 1×1 convolution: "
            "it mixes the channels of one pixel, and looks at no neighbours."
        )
    if spec.inputs == 1 and spec.groups == 1:
        many = f" {spec.outputs} kernels give {spec.outputs} maps." if spec.outputs > 1 else ""
        return f"With one input channel, a kernel has one slice, and its map is the output.{many}"
    if spec.groups == 1:
        mix = " A kernel of one cell mixes the channels of one pixel." if spec.kernel == (1, 1) else ""
        return (
            f"Dense: every output channel reads all {spec.inputs} input channels. Its kernel has a slice for each of "
            f"them; the {spec.inputs} partial maps are added up.{mix}"
        )
    inside, share = spec.inputs // spec.groups, spec.outputs // spec.groups
    name = "Depthwise: " if inside == 1 else ""
    return (
        f"{name}{spec.groups} groups of {_count(inside, 'input channel')} and {_count(share, 'output channel')}. "
        f"A kernel has only {_count(inside, 'slice')}, so the layer has 1/{spec.groups} of the dense layer's weights; "
        "nothing passes from one group to another."
    )


def shape_rows(trace: ChannelsTrace) -> list[dict[str, str]]:
    """List every shape in PyTorch's order (N, C, H, W) and in Keras' (N, H, W, C)."""
    spec = trace.spec
    rows = [_pictures("Input", spec.inputs, *spec.size)]
    rows.append(_weights("Depthwise w" if spec.separable else "Weight w", trace))
    if spec.separable:
        rows.append(_pictures("Maps m", spec.inputs, trace.rows.size, trace.columns.size))
        rows.append(
            {
                "What": "Pointwise v",
                "PyTorch": str((spec.outputs, spec.inputs, 1, 1)),
                "Keras": str((1, 1, spec.inputs, spec.outputs)),
            }
        )
    if trace.bias:
        rows.append({"What": "Bias b", "PyTorch": str((spec.outputs,)), "Keras": str((spec.outputs,))})
    rows.append(_pictures("Output", spec.outputs, trace.rows.size, trace.columns.size))
    return rows


ORDERS = {
    "PyTorch": "Pictures: N, C, H, W. Weights: out, in / groups, kh, kw.",
    "Keras": "Pictures: N, H, W, C. Weights: kh, kw, in / groups, out (depthwise: in, multiplier).",
}
"""What the numbers of a shape count, in order."""


def _pictures(name: str, channels: int, height: int, width: int) -> dict[str, str]:
    return {"What": name, "PyTorch": str((1, channels, height, width)), "Keras": str((1, height, width, channels))}


def _weights(name: str, trace: ChannelsTrace) -> dict[str, str]:
    outputs, inside, height, width = trace.weight.shape
    keras = (height, width, inside, outputs)
    if is_depthwise(trace):
        keras = (height, width, trace.spec.inputs, outputs // trace.spec.inputs)
    return {"What": name, "PyTorch": str((outputs, inside, height, width)), "Keras": str(keras)}


def is_depthwise(trace: ChannelsTrace) -> bool:
    """Tell whether Keras has the layer of its own for this one: a group for each of several channels."""
    return trace.spec.used_groups == trace.spec.inputs > 1 or trace.spec.separable


@dataclass(frozen=True, slots=True)
class Costs:
    """Layers side by side (name, weights, multiplications), the ratios as formulas, and a sentence.

    Biases are not counted; products with padding are.
    """

    layers: tuple[tuple[str, int, int], ...]
    formulas: tuple[str, ...]
    sentence: str


def compare_cost(trace: ChannelsTrace) -> Costs:
    """Count weights and multiplications of this layer, the dense one, and depthwise + pointwise."""
    spec = trace.spec
    cells, taps = trace.rows.size * trace.columns.size, prod(spec.kernel)
    dense = spec.inputs * spec.outputs * taps
    separable = spec.inputs * taps + spec.inputs * spec.outputs
    both = (("Dense", dense, dense * cells), ("Depthwise + pointwise", separable, separable * cells))
    fully = spec.inputs * prod(spec.size) * spec.outputs * cells
    flat = (
        f"A fully connected layer from all {_count(spec.inputs * prod(spec.size), 'number')} to all "
        f"{spec.outputs * cells:,} would need {_count(fully, 'weight')}."
    )
    if spec.separable:
        layers = (("This layer", separable, separable * cells), both[0])
        return Costs(layers, _separable_formulas(trace), f"{_compared(separable, dense)} {flat}")
    if spec.groups == 1:
        return Costs((("This layer, dense", *both[0][1:]), both[1]), _separable_formulas(trace), flat)
    own = dense // spec.groups
    formula = (
        r"\frac{\text{in groups}}{\text{dense}} = \frac{1}{\text{groups}} = "
        rf"\frac{{{own}}}{{{dense}}} = \frac{{1}}{{{spec.groups}}}"
    )
    sentence = f"A {spec.groups}th of the weights" if spec.groups > 3 else f"{_part(spec.groups)} of the weights"
    return Costs(
        (("This layer", own, own * cells), *both), (formula,), f"{sentence} and of the multiplications. {flat}"
    )


def _part(groups: int) -> str:
    return {2: "Half", 3: "A third"}[groups]


def _separable_formulas(trace: ChannelsTrace) -> tuple[str, ...]:
    """Write the ratio of depthwise + pointwise to dense: one over the outputs, and one over the kernel's cells."""
    spec = trace.spec
    taps, outputs, inputs = prod(spec.kernel), spec.outputs, spec.inputs
    dense, separable = inputs * outputs * taps, inputs * taps + inputs * outputs
    height, width = spec.kernel
    area = rf"{height}^2" if height == width else rf"{height}\cdot {width}"
    letters = "k^2" if height == width else "k_h k_w"
    ratio = separable / dense
    shown = show_number(ratio, 3)
    sign = "=" if float(shown) == ratio else r"\approx"
    return (
        "\\begin{aligned}\n"
        r"\frac{\text{depthwise + pointwise}}{\text{dense}} &= "
        rf"\frac{{1}}{{C_\text{{out}}}} + \frac{{1}}{{{letters}}} \\"
        "\n"
        rf"&= \frac{{1}}{{{outputs}}} + \frac{{1}}{{{area}}} \\"
        "\n"
        rf"&= \frac{{{separable}}}{{{dense}}} {sign} {shown}"
        "\n\\end{aligned}",
    )


def _compared(separable: int, dense: int) -> str:
    if separable < dense:
        return f"{_count(dense - separable, 'weight')} fewer than the dense layer."
    if separable == dense:
        return "As many weights as the dense layer: here the two steps save nothing."
    return (
        f"{_count(separable - dense, 'weight')} more than the dense layer: "
        "the two steps only pay with several outputs and a kernel of several cells."
    )


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}" + ("" if number == 1 else "s")
