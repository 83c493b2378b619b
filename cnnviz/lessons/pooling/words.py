r"""The words and formulas of one pooling, with the learner's own numbers in them.

>>> from cnnviz.lessons.pooling.trace import trace_pooling
>>> from cnnviz.lessons.pooling.spec import PoolingSpec
>>> trace = trace_pooling(PoolingSpec(size=(4, 4), stride=(3, 3), padding=(1, 1), ceil=True))
>>> print(explain_pooled_size(trace)[0])
\begin{aligned}
H_\text{out} &= W_\text{out} \\
&= \biggl\lceil \dfrac{H + 2p - k}{s} \biggr\rceil + 1 \\
&= \biggl\lceil \dfrac{4 + 2\cdot 1 - 2}{3} \biggr\rceil + 1 \\
&= \lceil 1.33\ldots \rceil + 1 = 2 + 1 = 3 \to 2
\end{aligned}
>>> explain_rounding(trace).split(". ")[-1]
'So there are 2.'
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.engine.arithmetic import effective_kernel
from cnnviz.engine.windows import AxisWindows
from cnnviz.lessons.pooling.trace import PoolingTrace, Reads
from cnnviz.state.numbers import show_number

LETTERS = ("H", "W")


def explain_pooled_size(trace: PoolingTrace) -> tuple[str, ...]:
    """Write the output size as LaTeX: one formula if both axes are alike, else one for each, rows first."""
    if trace.spec.used_area == "global":
        return (r"H_\text{out} = W_\text{out} = 1",)
    if not trace.sliding:
        rows, columns = (_windows(reads, letter) for reads, letter in zip(trace.reads, LETTERS, strict=True))
        return (rows,) if trace.reads[0] == trace.reads[1] else (rows, columns)
    first, second = trace.axes
    both = r"H_\text{out} &= W_\text{out} \\" + "\n&="
    if first == second:
        return (_formula(trace, first, "H", both),)
    return tuple(
        _formula(trace, axis, letter, rf"{letter}_\text{{out}} &=")
        for axis, letter in zip(trace.axes, LETTERS, strict=True)
    )


def _formula(trace: PoolingTrace, axis: AxisWindows, letter: str, start: str) -> str:
    """Write letters, then numbers, then the result, each on a line of its own: a phone is narrow."""
    signs = "ceil" if trace.spec.ceil else "floor"
    pads, padding = (" + 2p", rf" + 2\cdot {axis.padding[0]}") if axis.padding[0] else ("", "")
    if axis.dilation > 1:
        letters = rf"{letter}{pads} - d\,(k-1) - 1"
        numbers = rf"{axis.n}{padding} - {axis.dilation}\cdot({axis.kernel}-1) - 1"
    else:
        letters, numbers = f"{letter}{pads} - k", f"{axis.n}{padding} - {axis.kernel}"
    dropped = rf" \to {axis.size}" if wanted_size(axis, ceil=trace.spec.ceil) != axis.size else ""
    return "\n".join(
        (
            r"\begin{aligned}",
            rf"{start} {_rounded(letters, 's', signs)} + 1 \\",
            rf"&= {_rounded(numbers, str(axis.stride), signs)} + 1 \\",
            rf"&= {_quotient(axis, signs)}{dropped}",
            r"\end{aligned}",
        )
    )


def _rounded(above: str, below: str, signs: str) -> str:
    # Of a fixed size: KaTeX 0.16 draws a sign that grows with its content from a broken path.
    return rf"\biggl\l{signs} \dfrac{{{above}}}{{{below}}} \biggr\r{signs}"


def _quotient(axis: AxisWindows, signs: str) -> str:
    above, below = _room(axis), axis.stride
    rounded = wanted_size(axis, ceil=signs == "ceil") - 1
    if above % below == 0:
        return rf"\l{signs} {rounded} \r{signs} + 1 = {rounded + 1}"
    exact = f"{int(100 * above / below) / 100:.2f}".rstrip("0")
    dots = "" if (100 * above) % below == 0 else r"\ldots"
    return rf"\l{signs} {exact}{dots} \r{signs} + 1 = {rounded} + 1 = {rounded + 1}"


def _room(axis: AxisWindows) -> int:
    """Count the cells that the first window leaves over."""
    return axis.n + sum(axis.padding) - effective_kernel(axis.kernel, axis.dilation)


def wanted_size(axis: AxisWindows, *, ceil: bool) -> int:
    """Give what the formula says; a last window that would start behind the input is not yet dropped."""
    room = _room(axis)
    return (-(-room // axis.stride) if ceil else room // axis.stride) + 1


def _windows(reads: Reads, letter: str) -> str:
    """Write the windows of an adaptive pooling: from where to where, and how many cells."""
    cells, outputs = reads[-1][-1] + 1, len(reads)
    lines = [
        rf"\text{{from }} \lfloor i\,{letter}/{letter}_\text{{out}} \rfloor",
        rf"\text{{to before }} \lceil (i+1)\,{letter}/{letter}_\text{{out}} \rceil",
    ]
    lines += [
        rf"\lfloor {i}\cdot {cells}/{outputs} \rfloor = {window[0]},\quad "
        rf"\lceil {i + 1}\cdot {cells}/{outputs} \rceil = {window[-1] + 1}"
        for i, window in enumerate(reads)
    ]
    body = (chr(92) * 2 + "\n").join(lines)
    return f"\\begin{{gathered}}\n{body}\n\\end{{gathered}}"


def explain_rounding(trace: PoolingTrace) -> str:
    """Say what becomes of a division that does not come out even, ceil mode's odd rule included."""
    if trace.spec.used_area == "global":
        return "The window is the whole input, whatever its size, so the output is always 1×1."
    if not trace.sliding:
        return (
            "Here the output size is the question, and the windows are the answer: window i begins at the rounded-down "
            "part of the input and ends before the rounded-up one."
        )
    axis = next((axis for axis in trace.axes if wanted_size(axis, ceil=trace.spec.ceil) != axis.size), trace.axes[0])
    wanted = wanted_size(axis, ceil=trace.spec.ceil)
    if wanted != axis.size:
        before = axis.padding[0]
        inside = "the input, or in the padding before it" if before else "the input"
        return (
            f"Rounding up asks for {wanted} windows. But the last window must start inside {inside}, "
            f"and number {wanted} would start behind the input. It is dropped. So there {_are(axis.size)}."
        )
    uneven = [one for one in trace.axes if _room(one) % one.stride]
    if not uneven:
        return "The windows fit exactly: rounding up or down makes no difference."
    if trace.spec.ceil:
        return (
            "The division leaves a remainder, and ceil mode rounds it up: one more window, which may hang over the "
            "end. It must start inside the input or the padding before it."
        )
    return "The division leaves a remainder, and it is rounded down: what is left over at the end is never read."


def _are(count: int) -> str:
    return f"is {count}" if count == 1 else f"are {count}"


def explain_values(trace: PoolingTrace) -> str:
    """Say how a window becomes a number: what wins, what it is divided by, what its root is."""
    if trace.spec.op == "max":
        return _maximum(trace)
    if trace.spec.op == "norm":
        return _norm(trace)
    return _average(trace)


def _maximum(trace: PoolingTrace) -> str:
    assert trace.indices is not None
    different = len(set(trace.indices.ravel().tolist()))
    if trace.output.size == 1:
        winners = "One cell wins."
    elif different == trace.output.size:
        winners = f"{different} different cells win, one a window."
    else:
        cells = "1 cell wins" if different == 1 else f"{different} cells win"
        winners = f"Only {cells} all {trace.output.size} windows: windows that overlap often agree."
    padding = " Padding counts as −∞, so that it never wins." if _is_padded(trace) else ""
    return f"The largest number of each window wins, and the others are forgotten. {winners}{padding}"


def _average(trace: PoolingTrace) -> str:
    assert trace.divisors is not None
    divisors = sorted({int(one) for one in trace.divisors.ravel().tolist()})
    what = f"Every sum is divided by {divisors[0]}." if len(divisors) == 1 else _several(divisors)
    if not trace.sliding:
        return f"Each output is the mean of its window. {what}"
    if not _is_padded(trace):
        return f"Each output is the mean of its window: {_times(trace)} cells. {what}"
    if trace.spec.count_pad and any(trace.spec.padding):
        hang = " What hangs over the end never counts." if any(axis.overhang for axis in trace.axes) else ""
        return f"{what} The zeros of the padding count as cells, and pull the averages at the border towards 0.{hang}"
    return f"{what} Only cells of the input count, so that the border is not pulled towards 0."


def _several(divisors: list[int]) -> str:
    *firsts, last = map(str, divisors)
    return f"The sums are divided by {', '.join(firsts)} or {last}, by how many cells count."


def _norm(trace: PoolingTrace) -> str:
    scaled = ""
    if trace.divisors is not None:
        least = show_number(1 / float(trace.divisors.min()))
        scaled = f" A window that hangs over the end is scaled up as if it were whole, here by up to {least}."
    return (
        f"Each output is the root of the sum of its squares, so signs do not matter and large cells count most.{scaled}"
    )


def _times(trace: PoolingTrace) -> str:
    return "×".join(map(str, trace.spec.kernel))


def _is_padded(trace: PoolingTrace) -> bool:
    return any(axis.padded_size > axis.n for axis in trace.axes)


@dataclass(frozen=True, slots=True)
class PoolingCost:
    """What a pooling costs: nothing to learn, and so many steps of arithmetic. `work` names the steps."""

    work: str
    count: int
    input_cells: int
    output_cells: int
    kept: int

    @property
    def sentence(self) -> str:
        """Say it all in plain words."""
        return (
            f"There is nothing to learn: 0 parameters. {self.count:,} {self.work.lower()} turn {self.input_cells} "
            f"numbers into {self.output_cells}."
        )


def explain_pooling_cost(trace: PoolingTrace) -> PoolingCost:
    """Count the comparisons or additions; finding the largest of four numbers takes three comparisons.

    >>> from cnnviz.lessons.pooling.trace import trace_pooling
    >>> from cnnviz.lessons.pooling.spec import PoolingSpec
    >>> explain_pooling_cost(trace_pooling(PoolingSpec())).sentence
    'There is nothing to learn: 0 parameters. 27 comparisons turn 36 numbers into 9.'
    """
    work = "Comparisons" if trace.spec.op == "max" else "Additions"
    kept = trace.output.size if trace.indices is None else len(set(trace.indices.ravel().tolist()))
    return PoolingCost(work, trace.terms - trace.output.size, trace.values.size, trace.output.size, kept)


def explain_unpooling(trace: PoolingTrace) -> str:
    """Say what comes back when the maxima are put back in their places, or nothing where they are not."""
    if trace.unpooled is None or trace.indices is None:
        return ""
    back = len(set(trace.indices.ravel().tolist()))
    again = "" if back == trace.output.size else " Windows that share a winner write the same number twice."
    return (
        "Max pooling can hand out, beside each maximum, the place where it was. Unpooling puts the maxima back there, "
        f"and zeros everywhere else: {back} of {trace.values.size} numbers return.{again}"
    )
