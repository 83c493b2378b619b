r"""The words and formulas of a convolution along one axis, with the learner's own numbers in them.

>>> from cnnviz.lessons.signals.trace import trace_signal
>>> from cnnviz.lessons.signals.spec import SignalSpec
>>> trace = trace_signal(SignalSpec(padding="full"))
>>> print(explain_length(trace))
\begin{aligned}
L_\text{out} &= \biggl\lfloor \dfrac{d + p_1 + p_2 - r}{t} \biggr\rfloor + 1 \\
&= \biggl\lfloor \dfrac{9 + 2 + 2 - 3}{1} \biggr\rfloor + 1 = 11
\end{aligned}
>>> explain_alignments(trace)[:60]
'The kernel takes every place where it touches the signal, ev'
"""

from __future__ import annotations

import numpy as np

from cnnviz.explain.notation import ordinal
from cnnviz.lessons.convolution.trace import ConvolutionTrace

LETTERS = (
    "Here $d$ is the length of the signal, $p_1$ and $p_2$ the padding, $r$ the reach of the kernel, $t$ the stride."
)
BORDERS = {
    "zeros": "Padding cells are zeros, so sums at the border are made of fewer numbers.",
    "reflect": "Padding mirrors the signal; the border cells themselves are not repeated.",
    "replicate": "Padding repeats the cell at the border.",
    "circular": "Padding continues the signal from its other end, as if it went round in a circle.",
}


def explain_length(trace: ConvolutionTrace) -> str:
    """Write the output length as LaTeX: letters, then numbers, then the result."""
    axis = trace.columns
    before, after = axis.padding
    letters = r"\biggl\lfloor \dfrac{d + p_1 + p_2 - r}{t} \biggr\rfloor + 1"
    numbers = (
        rf"\biggl\lfloor \dfrac{{{axis.n} + {before} + {after} - {_reach(trace)}}}{{{axis.stride}}} \biggr\rfloor + 1"
    )
    return "\n".join(
        (r"\begin{aligned}", rf"L_\text{{out}} &= {letters} \\", rf"&= {numbers} = {axis.size}", r"\end{aligned}")
    )


def explain_reach(trace: ConvolutionTrace) -> str:
    """Say over how many cells the kernel reaches.

    >>> from cnnviz.lessons.signals.trace import trace_signal
    >>> from cnnviz.lessons.signals.spec import SignalSpec
    >>> explain_reach(trace_signal(SignalSpec(dilation=2)))
    'The 3 weights stand 2 cells apart, so the kernel reaches over 2·(3 − 1) + 1 = 5 cells.'
    """
    axis = trace.columns
    if axis.dilation == 1:
        cells = "1 cell" if axis.kernel == 1 else f"{axis.kernel} cells"
        return f"The kernel reaches over {cells}: one for each weight."
    return (
        f"The {axis.kernel} weights stand {axis.dilation} cells apart, so the kernel reaches over "
        f"{axis.dilation}·({axis.kernel} − 1) + 1 = {_reach(trace)} cells."
    )


def explain_alignments(trace: ConvolutionTrace) -> str:
    """Say which places the kernel takes, with the lectures' short formula where it holds."""
    axis = trace.columns
    reach, name = _reach(trace), trace.spec.padding
    if axis.stride > 1:
        return f"The kernel moves {axis.stride} cells at a time, so only every {ordinal(axis.stride)} place counts."
    plain = axis.dilation == 1
    if name == "full":
        start = "The kernel takes every place where it touches the signal, even by a single cell"
        if not plain:
            return f"{start}: {axis.n} + {reach} − 1 = {axis.size}."
        wrong = axis.n + 2 * (reach - 1)
        slip = f" Some slides say d + 2(s − 1) = {wrong}; that is the length of the padded signal." if reach > 1 else ""
        return f"{start}: d + s − 1 = {axis.n} + {reach} − 1 = {axis.size}.{slip}"
    if name == "same":
        return f"“Same” pads just enough to give as many outputs as there are cells: {axis.size}."
    if not any(axis.padding):
        formula = f"d − (s − 1) = {axis.n} − ({reach} − 1)" if plain else f"{axis.n} − ({reach} − 1)"
        return f"The kernel takes every place where it fits into the signal: {formula} = {axis.size}."
    return f"The padded signal has {axis.padded_size} cells: {axis.padded_size} − ({reach} − 1) = {axis.size} places."


def explain_border(trace: ConvolutionTrace) -> str:
    """Say what the padding is, if there is any."""
    return (
        BORDERS[trace.spec.mode] if any(trace.columns.padding) else "There is no padding: every number is the signal's."
    )


def explain_turn(trace: ConvolutionTrace) -> str:
    """Say what turning the kernel changes.

    >>> from cnnviz.lessons.signals.trace import trace_signal
    >>> from cnnviz.lessons.signals.spec import SignalSpec
    >>> explain_turn(trace_signal(SignalSpec()))
    'This kernel reads the same from both ends, so convolution and cross-correlation agree here.'
    """
    if np.array_equal(trace.weight, trace.weight[:, ::-1]):
        return "This kernel reads the same from both ends, so convolution and cross-correlation agree here."
    if trace.spec.flip:
        return "The kernel is turned before it is laid: this is convolution, as mathematics and NumPy define it."
    return "The kernel is laid as it is written: this is cross-correlation, which PyTorch calls convolution."


def explain_cost(trace: ConvolutionTrace) -> str:
    """Count the multiplications."""
    axis = trace.columns
    weights = "1 weight" if axis.kernel == 1 else f"{axis.kernel} weights"
    return f"{axis.size} × {axis.kernel} = {axis.size * axis.kernel} multiplications, with {weights} that all share."


def _reach(trace: ConvolutionTrace) -> int:
    axis = trace.columns
    return axis.dilation * (axis.kernel - 1) + 1
