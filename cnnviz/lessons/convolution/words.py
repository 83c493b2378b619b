r"""The words and formulas of one convolution, with the learner's own numbers in them.

>>> from cnnviz.lessons.convolution.trace import trace_convolution
>>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
>>> trace = trace_convolution(ConvolutionSpec(size=(6, 6), stride=(2, 2)))
>>> print(explain_size(trace)[0])
\begin{aligned}
H_\text{out} &= W_\text{out} \\
&= \biggl\lfloor \dfrac{H + 2p - d\,(k-1) - 1}{s} \biggr\rfloor + 1 \\
&= \biggl\lfloor \dfrac{6 + 2\cdot 0 - 1\cdot(3-1) - 1}{2} \biggr\rfloor + 1 \\
&= \lfloor 1.5 \rfloor + 1 = 1 + 1 = 2
\end{aligned}
>>> explain_border(trace)
'There is no padding, so a corner cell is read only once, but other cells up to 4 times.'
>>> explain_cost(trace).sentence
'9 weights and 36 multiplications turn 36 cells into 4. A dense layer would need 144 weights for that.'
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnnviz.engine.windows import AxisWindows
from cnnviz.lessons.convolution.trace import ConvolutionTrace

SIDES = (("top", "bottom"), ("left", "right"))


def explain_size(trace: ConvolutionTrace) -> tuple[str, ...]:
    """Write the output size as LaTeX: one formula if both axes are alike, else one for each, rows first."""
    rows, columns = trace.axes
    if _settings(rows) == _settings(columns):
        return (_size_formula(rows, "H", SIDES[0], r"H_\text{out} &= W_\text{out} \\" + "\n&="),)
    return (
        _size_formula(rows, "H", SIDES[0], r"H_\text{out} &="),
        _size_formula(columns, "W", SIDES[1], r"W_\text{out} &="),
    )


def _settings(axis: AxisWindows) -> tuple[object, ...]:
    return axis.n, axis.kernel, axis.stride, axis.padding, axis.dilation


def _size_formula(axis: AxisWindows, letter: str, sides: tuple[str, str], start: str) -> str:
    """Write letters, then numbers, then the result, each on a line of its own: a phone is narrow."""
    before, after = axis.padding
    kernel = rf"{axis.dilation}\cdot({axis.kernel}-1) - 1"
    if before == after:
        letters = rf"{letter} + 2p - d\,(k-1) - 1"
        numbers = rf"{axis.n} + 2\cdot {before} - {kernel}"
    else:
        first, last = (rf"p_\text{{{side}}}" for side in sides)
        letters = _two_lines(f"{letter} + {first} + {last}", r"{} - d\,(k-1) - 1")
        numbers = _two_lines(f"{axis.n} + {before} + {after}", f"{{}} - {kernel}")
    room = axis.padded_size - (axis.dilation * (axis.kernel - 1) + 1)
    return "\n".join(
        (
            r"\begin{aligned}",
            rf"{start} {_floor(letters, 's')} + 1 \\",
            rf"&= {_floor(numbers, str(axis.stride))} + 1 \\",
            rf"&= {_quotient(room, axis.stride)} = {axis.size}",
            r"\end{aligned}",
        )
    )


def _floor(above: str, below: str) -> str:
    # Of a fixed size: KaTeX 0.16 draws a floor sign that grows with its content from a broken path.
    size = "Bigg" if "gathered" in above else "bigg"
    return rf"\{size}l\lfloor \dfrac{{{above}}}{{{below}}} \{size}r\rfloor"


def _two_lines(first: str, second: str) -> str:
    return rf"\begin{{gathered}}{first}\\{second}\end{{gathered}}"


def _quotient(above: int, below: int) -> str:
    """Divide and round down; when something is lost, say what is left."""
    if above % below == 0:
        return rf"\lfloor {above // below} \rfloor + 1"
    exact = f"{above / below:.2f}".rstrip("0")
    dots = "" if (100 * above) % below == 0 else r"\ldots"
    return rf"\lfloor {exact}{dots} \rfloor + 1 = {above // below} + 1"


def explain_border(trace: ConvolutionTrace) -> str:
    """Say what happens at the border, and why."""
    sides = [*trace.padding[0], *trace.padding[1]]
    if not any(sides):
        return _unpadded(trace)
    if trace.spec.padding == "full":
        return f"{_padded(trace)} “Full” keeps every window that touches the input, even by a single cell."
    if trace.spec.padding == "same":
        height, width = trace.values.shape
        uneven = f", {uneven_padding(trace)}" if uneven_padding(trace) else ""
        return f"{_padded(trace)} “Same” pads just enough to keep the size, {height}×{width}{uneven}."
    uneven = uneven_padding(trace)
    return f"{_padded(trace)} The padding has {uneven}." if uneven else _padded(trace)


def uneven_padding(trace: ConvolutionTrace) -> str:
    """Say on which side there is more padding, or nothing.

    >>> from cnnviz.lessons.convolution.trace import trace_convolution
    >>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
    >>> uneven_padding(trace_convolution(ConvolutionSpec(kernel=(4, 3), padding="same")))
    'one more row at the bottom than at the top'
    """
    phrases = []
    for (before, after), names, line, at in zip(trace.padding, SIDES, ("row", "column"), ("at", "on"), strict=True):
        if before != after:
            more, less = names if before > after else names[::-1]
            count = abs(before - after)
            extra = f"one more {line}" if count == 1 else f"{count} more {line}s"
            phrases.append(f"{extra} {at} the {more} than {at} the {less}")
    return " and ".join(phrases)


def _unpadded(trace: ConvolutionTrace) -> str:
    rows, columns = trace.axes
    most = int(rows.coverage.max() * columns.coverage.max())
    if rows.unread or columns.unread:
        if most == 1:
            return "There is no padding. No cell is read more than once, and some are not read at all."
    elif most == 1:
        return "There is no padding, and every cell is read exactly once."
    return f"There is no padding, so a corner cell is read only once, but other cells up to {most} times."


def _padded(trace: ConvolutionTrace) -> str:
    """Say what the padding is made of; with zeros, what they do to the sums."""
    where = _where(trace)
    if trace.spec.mode == "reflect":
        return f"The padding {where} mirrors the input; the border cells themselves are not repeated."
    if trace.spec.mode == "replicate":
        return f"The padding {where} repeats the nearest border cell."
    if trace.spec.mode == "circular":
        return f"The padding {where} continues the input from its opposite side, as if it were tiled."
    return f"Zeros are added {where}{_effect_of_zeros(trace)}"


def _effect_of_zeros(trace: ConvolutionTrace) -> str:
    cells = trace.weight.size
    zeros = cells - min(_inside(trace.rows)) * min(_inside(trace.columns))
    if not zeros:
        return ", but no window reads them."
    if cells == 1:
        return ", and the output shows them: a kernel of one cell mixes nothing."
    some = f"all {cells}" if zeros == cells else f"up to {zeros} of {cells}"
    return f". They add nothing to a sum, so the border fades: in a window there, {some} cells are zeros."


def _where(trace: ConvolutionTrace) -> str:
    """Name the padded sides.

    >>> from cnnviz.lessons.convolution.trace import trace_convolution
    >>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
    >>> _where(trace_convolution(ConvolutionSpec(padding=((0, 0), (1, 1)))))
    'on the left and the right'
    """
    padded = [
        name
        for pair, names in zip(trace.padding, SIDES, strict=True)
        for name, count in zip(names, pair, strict=True)
        if count
    ]
    if len(padded) == 4:
        return "all around"
    *firsts, last = [f"the {name}" for name in padded]
    return f"on {', '.join(firsts)} and {last}" if firsts else f"on {last}"


def _inside(axis: AxisWindows) -> list[int]:
    """Count for each window of an axis the taps that meet the input, not the padding."""
    first, last = axis.padding[0], axis.padding[0] + axis.n
    inside: list[int] = ((axis.reads >= first) & (axis.reads < last)).sum(axis=1).tolist()
    return inside


@dataclass(frozen=True, slots=True)
class Cost:
    """What a convolution costs; biases are not counted, for the stage has none.

    `padding_multiplications` are those that meet a padding cell, zero or copied. `dense_weights` is what a
    dense layer from all inputs to all outputs would need.
    """

    weights: int
    multiplications: int
    padding_multiplications: int
    input_cells: int
    output_cells: int

    @property
    def dense_weights(self) -> int:
        """Every output depends on every input through a weight of its own."""
        return self.input_cells * self.output_cells

    @property
    def sentence(self) -> str:
        """Say it all in plain words."""
        padding = f" {self.padding_multiplications} of them meet padding." if self.padding_multiplications else ""
        return (
            f"{_count(self.weights, 'weight')} and {_count(self.multiplications, 'multiplication')} turn "
            f"{_count(self.input_cells, 'cell')} into {self.output_cells}.{padding} "
            f"A dense layer would need {_count(self.dense_weights, 'weight')} for that."
        )


def explain_cost(trace: ConvolutionTrace) -> Cost:
    """Count weights and multiplications, and compare them with a dense layer."""
    weights, outputs = trace.weight.size, trace.output.size
    inside = sum(_inside(trace.rows)) * sum(_inside(trace.columns))
    return Cost(weights, outputs * weights, outputs * weights - inside, trace.values.size, outputs)


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}" + ("" if number == 1 else "s")


def explain_kernel(trace: ConvolutionTrace) -> str:
    """Say what flipping the kernel changes, and what it does not.

    >>> from cnnviz.lessons.convolution.trace import trace_convolution
    >>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
    >>> from cnnviz.engine.grids import GridSource
    >>> explain_kernel(trace_convolution(ConvolutionSpec(weights=GridSource("box"))))
    'This kernel looks the same after half a turn, so convolution and cross-correlation give the same numbers here.'
    """
    if np.array_equal(trace.weight, trace.weight[::-1, ::-1]):
        return (
            "This kernel looks the same after half a turn, "
            "so convolution and cross-correlation give the same numbers here."
        )
    if trace.spec.flip:
        return (
            "The kernel is turned by half a turn before it is laid on the input: this is true convolution. "
            "Sizes, borders and cost are those of cross-correlation; only the numbers differ."
        )
    return (
        "The kernel is laid on the input as it is written: this is cross-correlation, which PyTorch calls convolution. "
        "Flipping the kernel changes the numbers, but not sizes, borders or cost."
    )
