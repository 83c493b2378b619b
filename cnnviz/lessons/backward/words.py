r"""The words and formulas of a backward pass, with the learner's own numbers in them.

>>> from cnnviz.lessons.backward.trace import trace_backward
>>> from cnnviz.lessons.backward.spec import BackwardSpec
>>> trace = trace_backward(BackwardSpec(size=(6, 6), stride=(2, 2)))
>>> [part.title for part in explain_gradients(trace)]
['dL/dx: every output gives back through its weights', 'dL/dw: a weight sums over all its outputs', 'dL/db: the sum']
>>> print(explain_gradients(trace)[2].formulas[0])
\dfrac{\partial L}{\partial b} = \sum_o \dfrac{\partial L}{\partial y_o} = 4
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.engine.windows import AxisWindows
from cnnviz.lessons.backward.trace import BackwardTrace
from cnnviz.state.numbers import show_number


@dataclass(frozen=True, slots=True)
class Explanation:
    """One gradient: a title, formulas in LaTeX and a plain sentence."""

    title: str
    formulas: tuple[str, ...]
    sentence: str


def explain_gradients(trace: BackwardTrace) -> tuple[Explanation, ...]:
    """Explain dL/dx, dL/dw and dL/db, the one that is shown first."""
    parts = {"dx": _input(trace), "dw": _weight(trace), "db": _bias(trace)}
    first = trace.spec.shown
    names = [first, *(name for name in parts if name != first)] if first in parts else list(parts)
    return tuple(parts[name] for name in names)


def explain_line(trace: BackwardTrace) -> str:
    """Say the lectures' statement for one row of cells with stride 1, with its numbers; else nothing.

    >>> from cnnviz.lessons.backward.trace import trace_backward
    >>> from cnnviz.lessons.backward.spec import BackwardSpec
    >>> explain_line(trace_backward(BackwardSpec(size=(1, 3), kernel=(1, 2))))
    'dL/dx = Conv(dL/dy, [1, 0]) = [0, 1, 1], with padding 1: the kernel [0, 1], turned round.'
    """
    one_row = trace.values.shape[0] == trace.weight.shape[0] == trace.output.shape[0] == 1
    axis = trace.columns
    padding = axis.kernel - 1 - axis.padding[0]
    if not one_row or axis.stride != 1 or axis.dilation != 1 or padding < 0 or axis.kernel == 1:
        return ""
    turned, kernel, dx = (_list(row) for row in (trace.weight[0, ::-1], trace.weight[0], trace.dx[0]))
    return f"dL/dx = Conv(dL/dy, {turned}) = {dx}, with padding {padding}: the kernel {kernel}, turned round."


def _list(row: object) -> str:
    numbers: list[float] = row.tolist()  # type: ignore[attr-defined]
    return f"[{', '.join(map(show_number, numbers))}]"


def _input(trace: BackwardTrace) -> Explanation:
    s, p, d = _letters(trace)
    rule = "\n".join(
        (
            r"\begin{aligned}",
            rf"{_d('x_i')} &= \sum_{{o,\,u}} {_d('y_o')}\; w_u \\",
            rf"&\text{{over all}}\;\; {s}o + {d}u{p} = i",
            r"\end{aligned}",
        )
    )
    sizes = [_size_formula(axis, letter) for axis, letter in zip(trace.axes, "HW", strict=True)]
    alike = _settings(trace.rows) == _settings(trace.columns)
    sentence = (
        "PyTorch calls this conv_transpose2d. It is a full convolution of dL/dy with the kernel turned by half a turn; "
        "a stride puts zeros between the cells of dL/dy, and padding is cut off again."
    )
    parts = sentence, _uneven(trace), _lost(trace)
    return Explanation(
        "dL/dx: every output gives back through its weights",
        (rule, *(sizes[:1] if alike else sizes)),
        " ".join(part for part in parts if part),
    )


def _weight(trace: BackwardTrace) -> Explanation:
    s, p, d = _letters(trace)
    rule = rf"{_d('w_u')} = \sum_o {_d('y_o')}\; x_{{{s}o + {d}u{p}}}"
    count = trace.gradient.size
    products = "one product" if count == 1 else f"{count} products"
    stride, dilation = (_pair(pair) for pair in (trace.spec.stride, trace.spec.dilation))
    sentence = (
        f"A convolution of x with dL/dy as its kernel. Forward, the stride {stride} stood before o and the dilation "
        f"{dilation} before u; now the sum runs over o. "
        f"So the stride acts as a dilation, and the dilation as a stride. Each weight sums {products}."
    )
    return Explanation("dL/dw: a weight sums over all its outputs", (rule,), sentence)


def _bias(trace: BackwardTrace) -> Explanation:
    total = show_number(trace.db[0, 0].item(), 6)
    rule = rf"{_d('b')} = \sum_o {_d('y_o')} = {total}"
    return Explanation("dL/db: the sum", (rule,), "The bias is added to every output with the factor 1.")


def _d(name: str) -> str:
    return rf"\dfrac{{\partial L}}{{\partial {name}}}"


def _letters(trace: BackwardTrace) -> tuple[str, str, str]:
    """Write stride, padding and dilation: numbers where both axes agree, else letters; nothing where neutral."""
    before = tuple(axis.padding[0] for axis in trace.axes)
    pairs = trace.spec.stride, before, trace.spec.dilation
    s, p, d = ((str(rows) if rows == columns else letter) for (rows, columns), letter in zip(pairs, "spd", strict=True))
    return _factor(s), "" if p == "0" else f" - {p}", _factor(d)


def _factor(text: str) -> str:
    return "" if text == "1" else rf"{text}\,"


def _settings(axis: AxisWindows) -> tuple[object, ...]:
    return axis.n, axis.kernel, axis.stride, axis.padding, axis.dilation


def _size_formula(axis: AxisWindows, letter: str) -> str:
    """Write the size of dL/dx: that of x, and how the sizes of a transposed convolution lead back to it."""
    before, after = axis.padding
    padding, cut = ("2p", rf"2\cdot {before}") if before == after else (r"p_1 - p_2", rf"{before} - {after}")
    start = rf"{letter} &= s\,(o-1) + d\,(k-1) + 1 - {padding} + \text{{lost}} \\"
    numbers = rf"{axis.stride}\cdot({axis.size}-1) + {axis.dilation}\cdot({axis.kernel}-1) + 1 - {cut} + {axis.lost}"
    return "\n".join((r"\begin{aligned}", start, rf"&= {numbers} \\", rf"&= {axis.n}", r"\end{aligned}"))


def _uneven(trace: BackwardTrace) -> str:
    if not trace.is_uneven:
        return ""
    return (
        "The padding differs before ($p_1$) and after ($p_2$): no layer can do that, so F.pad goes first, "
        "and of the gradient only the cells of x are kept."
    )


def _lost(trace: BackwardTrace) -> str:
    lost = [axis.lost for axis in trace.axes]
    if not any(lost):
        return ""
    count = str(lost[0]) if lost[0] == lost[1] else f"{lost[0]} (rows) and {lost[1]} (columns)"
    return (
        f"The stride lost {count} at the end of the padded input: no window ended there. In conv_transpose2d this is "
        "the output_padding."
    )


def _pair(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]} by {pair[1]}"
