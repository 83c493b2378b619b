r"""The words and formulas of one transposed convolution, with the learner's own numbers in them.

>>> from cnnviz.lessons.transposed.trace import trace_transposed
>>> from cnnviz.lessons.transposed.spec import TransposedSpec
>>> trace = trace_transposed(TransposedSpec(padding=((1, 1), (1, 1)), output_padding=(1, 1)))
>>> print(explain_size(trace)[0])
\begin{aligned}
H_\text{out} &= W_\text{out} \\
&= (H-1)\,s + d\,(k-1) + 1 \\
&\quad - 2p + p_\text{out} \\
&= (3-1)\cdot 2 + 1\cdot(3-1) + 1 \\
&\quad - 2\cdot 1 + 1 \\
&= 7 - 2 + 1 = 6
\end{aligned}
>>> explain_relation(trace)[0].title
'Relation 14'
>>> explain_shared_sizes(trace)
'A convolution with these settings gives 3 for the sizes 5 and 6 alike. Output padding 1 leads back to 6.'
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.engine.arithmetic import output_size
from cnnviz.explain.notation import minus
from cnnviz.lessons.transposed.trace import TransposedAxis, TransposedTrace
from cnnviz.lessons.transposed.words_costs import TransposedCost, explain_cost, explain_overlap, explain_trip

__all__ = [
    "Relation",
    "TransposedCost",
    "explain_added",
    "explain_cost",
    "explain_equivalent",
    "explain_overlap",
    "explain_relation",
    "explain_shared_sizes",
    "explain_size",
    "explain_trip",
]

SIDES = (("top", "bottom"), ("left", "right"))
NAMES = ("Rows", "Columns")


@dataclass(frozen=True, slots=True)
class Relation:
    """One of the guide's relations: its number, when it holds, and the formula with the numbers in."""

    title: str
    when: str
    formula: str


def explain_size(trace: TransposedTrace) -> tuple[str, ...]:
    """Write the output size as LaTeX: one formula if both axes are alike, else one for each, rows first."""
    rows, columns = trace.axes
    if rows == columns:
        return (_size_formula(rows, "H", SIDES[0], r"H_\text{out} &= W_\text{out} \\" + "\n&="),)
    return (
        _size_formula(rows, "H", SIDES[0], r"H_\text{out} &="),
        _size_formula(columns, "W", SIDES[1], r"W_\text{out} &="),
    )


def _size_formula(axis: TransposedAxis, letter: str, sides: tuple[str, str], start: str) -> str:
    """Write letters, then numbers, then the result: what the stamps cover, less the padding."""
    before, after = axis.padding
    if before == after:
        letters, numbers = "2p", rf"2\cdot {before}"
    else:
        letters = " - ".join(rf"p_\text{{{side}}}" for side in sides)
        numbers = f"{before} - {after}"
    extra = f" + {axis.output_padding}" if axis.output_padding else ""
    return "\n".join(
        (
            r"\begin{aligned}",
            rf"{start} ({letter}-1)\,s + d\,(k-1) + 1 \\",
            rf"&\quad - {letters} + p_\text{{out}} \\",
            rf"&= ({axis.n}-1)\cdot {axis.stride} + {axis.dilation}\cdot({axis.kernel}-1) + 1 \\",
            rf"&\quad - {numbers} + {axis.output_padding} \\",
            rf"&= {axis.covered} - {before + after}{extra} = {axis.size}",
            r"\end{aligned}",
        )
    )


def explain_relation(trace: TransposedTrace) -> tuple[Relation, ...]:
    """Name the guide's relation that holds, with the numbers in: one, or one for the rows and one for the columns."""
    rows, columns = trace.axes
    return (_relation(rows),) if rows == columns else (_relation(rows), _relation(columns))


def _relation(axis: TransposedAxis) -> Relation:
    before, after = axis.padding
    k, i, s = axis.reach, axis.n, axis.stride
    if before != after or axis.leftover != axis.output_padding:
        return _beyond_the_guide(axis)
    p, a = before, axis.output_padding
    letters, numbers = r"s\,(i'-1) + k", rf"{s}\cdot({i}-1) + {k}"
    if s == 1 and p == 0:
        written = ("8", "no padding, stride 1", r"i' + (k-1)", rf"{i} + ({k}-1)")
    elif s == 1 and 2 * p == k - 1:
        written = ("10", "half padding, stride 1", r"i'", f"{i}")
    elif s == 1 and p == k - 1:
        written = ("11", "full padding, stride 1", r"i' - (k-1)", rf"{i} - ({k}-1)")
    elif s == 1:
        written = ("9", "any padding, stride 1", r"i' + (k-1) - 2p", rf"{i} + ({k}-1) - 2\cdot {p}")
    elif a:
        when = "stride over 1, and a cells that the convolution did not use"
        written = ("14", when, r"s\,(i'-1) + a + k - 2p", rf"{s}\cdot({i}-1) + {a} + {k} - 2\cdot {p}")
    elif p == 0:
        written = ("12", "no padding, stride over 1", letters, numbers)
    else:
        written = ("13", "padding, stride over 1", f"{letters} - 2p", rf"{numbers} - 2\cdot {p}")
    return _written(*written, size=axis.size)


def _written(number: str, when: str, letters: str, numbers: str, *, size: int) -> Relation:
    formula = rf"\begin{{aligned}} o' &= {letters} \\ &= {numbers} = {size} \end{{aligned}}"
    return Relation(f"Relation {number}", when, formula)


def _beyond_the_guide(axis: TransposedAxis) -> Relation:
    """Write what no relation of the guide covers: sides that differ, or output padding from the stride on."""
    before, after = axis.padding
    extra = axis.output_padding
    formula = (
        r"\begin{aligned} o' &= s\,(i'-1) + k \\ &\quad - p_\text{before} - p_\text{after} + p_\text{out} \\"
        rf" &= {axis.stride}\cdot({axis.n}-1) + {axis.reach} \\ &\quad - {before} - {after} + {extra} = {axis.size}"
        r" \end{aligned}"
    )
    why = "two sides that differ" if before != after else "output padding from the stride on"
    return Relation("Beyond the relations", why, formula)


def explain_equivalent(trace: TransposedTrace) -> str:
    """Give the ordinary convolution over an input with zeros that does the same, as a table."""
    rows, columns = trace.axes
    axes = [("", rows)] if rows == columns else list(zip(NAMES, trace.axes, strict=True))
    head = "| | " + " | ".join(name or "Value" for name, _ in axes) + " |"
    line = "|---|" + "---|" * len(axes)
    made = (
        ("kernel $k' = k$", [_kernel_text(axis) for _, axis in axes]),
        ("stride $s' = 1$", ["1" for _ in axes]),
        ("zeros between inputs, $s - 1$", [f"{axis.stride} − 1 = {axis.stride - 1}" for _, axis in axes]),
        ("stretched input $\\tilde{i}'$", [_stretched_text(axis) for _, axis in axes]),
        ("padding $p' = k - p - 1$", [_padding_text(axis) for _, axis in axes]),
        ("more zeros at the end, $a$", [_leftover_text(axis) for _, axis in axes]),
    )
    return "\n".join([head, line, *(f"| {name} | {' | '.join(cells)} |" for name, cells in made)])


def _kernel_text(axis: TransposedAxis) -> str:
    return f"{axis.kernel}, turned" if axis.dilation == 1 else f"{axis.kernel}, turned, over {axis.reach} cells"


def _stretched_text(axis: TransposedAxis) -> str:
    between = (axis.n - 1) * (axis.stride - 1)
    return f"{axis.n} + {axis.n - 1}·{axis.stride - 1} = {axis.n + between}"


def _padding_text(axis: TransposedAxis) -> str:
    before, after = (f"{axis.reach} − {side} − 1 = {minus(str(axis.reach - side - 1))}" for side in axis.padding)
    return before if before == after else f"{before} and {after}"


def _leftover_text(axis: TransposedAxis) -> str:
    """Write a = (i + 2p - k) mod s, or the output padding where that is something else."""
    if axis.leftover != axis.output_padding:
        return str(axis.output_padding)
    total = sum(axis.padding)
    return f"({axis.size} + {total} − {axis.reach}) mod {axis.stride} = {axis.leftover}"


def explain_shared_sizes(trace: TransposedTrace) -> str:
    """List the input sizes of a convolution that share one output size: output padding chooses between them."""
    rows, columns = trace.axes
    if rows == columns:
        return _shared(rows)
    return f"Rows: {_shared(rows)} Columns: {_shared(columns)}"


def _shared(axis: TransposedAxis) -> str:
    least = axis.size - axis.output_padding
    sizes = [size for size in range(least, least + axis.stride) if size > 0 and _outputs(axis, size) == axis.n]
    if axis.output_padding >= axis.stride:
        return (
            f"Output padding {axis.output_padding} is legal because it is smaller than the dilation, "
            f"but a convolution with stride {axis.stride} would not give {axis.n} for {axis.size}."
        )
    if len(sizes) < 2:
        return (
            f"A convolution with these settings gives {axis.n} only for the size {axis.size}: "
            "there is nothing to choose, and output padding stays 0."
        )
    *firsts, last = map(str, sizes)
    return (
        f"A convolution with these settings gives {axis.n} for the sizes {', '.join(firsts)} and {last} alike. "
        f"Output padding {axis.output_padding} leads back to {axis.size}."
    )


def _outputs(axis: TransposedAxis, size: int) -> int:
    try:
        return output_size(size, axis.kernel, axis.stride, axis.padding, axis.dilation)
    except ValueError:
        return 0


def explain_added(trace: TransposedTrace) -> str:
    """Say what the cells are that output padding adds."""
    if not any(axis.output_padding for axis in trace.axes):
        return ""
    beyond = any(axis.beyond for axis in trace.axes)
    told = "Output padding does not append zeros. It cuts less off the end, so the added cells are sums of stamps."
    if beyond:
        return f"{told} Here it asks for more than padding cuts: no stamp reaches the last cells."
    return f"{told} That is why it must be smaller than the stride or the dilation."
