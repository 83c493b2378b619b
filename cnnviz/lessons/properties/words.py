r"""The laws behind the experiments, and what was measured, with the learner's own numbers.

>>> from cnnviz.lessons.properties.trace import trace_properties
>>> from cnnviz.lessons.properties.spec import PropertiesSpec
>>> print(explain_property(trace_properties(PropertiesSpec("stride", stride=(2, 2)))).formula)
y^{(s)}_{i} = \sum_u x_{s\,i + u}\, w_u = y^{(1)}_{s\,i}
>>> explain_property(trace_properties(PropertiesSpec("separable"))).measures
(('Rank', '2'), ('Error of the kernel', '2.45'), ('Share of its norm', '58%'))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cnnviz.lessons.properties.trace import PropertiesTrace
from cnnviz.state.numbers import show_number

Measures = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Law:
    """A law: its title, its formula in LaTeX, sentences on why it holds and where it ends, and measured numbers."""

    title: str
    formula: str
    sentences: tuple[str, ...]
    measures: Measures


def explain_property(trace: PropertiesTrace) -> Law:
    """Explain the experiment that is shown."""
    return LAWS[trace.spec.prop](trace)


def _commutative(trace: PropertiesTrace) -> Law:
    return Law(
        "Why they agree" if trace.spec.turned else "Why they do not agree",
        r"\begin{aligned}(f * g)_n &= \sum_k f_k\, g_{n-k} \\ &= \sum_j f_{n-j}\, g_j = (g * f)_n\end{aligned}",
        (
            "Put j = n − k into the sum: f and g have changed places. The minus sign is the turn of the kernel.",
            "Cross-correlation has a plus sign there, and the step fails: the result comes out turned by half a turn.",
            "Both grids here are seen as surrounded by zeros, so every window that touches counts.",
        ),
        _difference(trace),
    )


def _linear(trace: PropertiesTrace) -> Law:
    a, b = trace.spec.scales
    return Law(
        "Why it is linear",
        r"\begin{aligned}G(a f + b h) &= a\,G f + b\,G h \\ "
        rf"G({_signed(a)} f + {_signed(b)} h) &= {_signed(a)}\,G f + {_signed(b)}\,G h\end{{aligned}}",
        (
            "G stands for the convolution with w. Each output is a sum of inputs, each times a fixed weight.",
            "A bias or a ReLU after it would break this law; that is why a network needs them.",
        ),
        _difference(trace),
    )


def _signed(number: int) -> str:
    return str(number) if number >= 0 else f"({number})"


def _shift(trace: PropertiesTrace) -> Law:
    measures = list(_difference(trace))
    if trace.inner is not None and trace.spec.border != "circular":
        measures.append(("Cells clear of the border", str(int(trace.inner.sum()))))
    return Law(
        "Shift, then convolve: or the other way round",
        r"G(T f) = T(G f)",
        (
            "T shifts a picture. Every output has the same weights, so what moves in the input moves in the output.",
            "At the border this ends: cells are lost on one side, and zeros come in on the other. "
            "With circular borders nothing is lost.",
            "With stride s, only shifts by multiples of s move the output by whole cells.",
            "This is equivariance: the output moves along. Invariance, an output that stays, needs pooling over all.",
        ),
        tuple(measures),
    )


def _associative(trace: PropertiesTrace) -> Law:
    (g_rows, g_columns), (h_rows, h_columns) = trace["kernel"].shape, trace["second"].shape
    rows, columns = trace["combined"].shape
    weights = g_rows * g_columns + h_rows * h_columns
    return Law(
        "Two kernels in a row",
        r"(x * g) * h = x * (g * h)",
        (
            f"{g_rows}×{g_columns} and {h_rows}×{h_columns} make {rows}×{columns}: along each axis, k₁ + k₂ − 1.",
            f"{weights} weights do what {rows * columns} would. "
            "But without something nonlinear between them, two layers can do no more than one.",
            "g ∗ h is a true convolution, also where x is cross-correlated.",
        ),
        (*_difference(trace), ("Weights, in two", str(weights)), ("Weights, in one", str(rows * columns))),
    )


def _separable(trace: PropertiesTrace) -> Law:
    rows, columns = trace["kernel"].shape
    exact = trace.rank <= 1
    measures: Measures = (("Rank", str(trace.rank)),)
    if exact:
        measures += (("Weights, at once", str(rows * columns)), ("Weights, in two", str(rows + columns)))
    else:
        measures += (
            ("Error of the kernel", show_number(trace.missed, 3)),
            ("Share of its norm", f"{trace.missed_share:.0%}"),
        )
    terms = " + ".join(rf"{show_number(value, 3)}\,u_{at}v_{at}^T" for at, value in enumerate(trace.singular[:3], 1))
    more = r" + \dots" if len(trace.singular) > 3 else ""
    end = (
        "All singular values but the first are 0, so one column times one row is the whole kernel."
        if exact
        else "Path B keeps the first term only. No other column and row come nearer to the kernel."
    )
    return Law(
        "Singular values",
        rf"\begin{{aligned}}w &= \sum_i \sigma_i\, u_i v_i^T \\ &= {terms}{more}\end{{aligned}}",
        ("Every kernel is a sum of columns times rows, weighted by its singular values σ.", end),
        measures,
    )


def _stride(trace: PropertiesTrace) -> Law:
    kept, every, weights = trace["a"].size, trace["first"].size, trace["kernel"].size
    return Law(
        "A stride only skips",
        r"y^{(s)}_{i} = \sum_u x_{s\,i + u}\, w_u = y^{(1)}_{s\,i}",
        ("Output i of the strided layer reads the same window as output s·i of the plain one.",),
        (("Products, strided", f"{kept * weights:,}"), ("Products, then dropped", f"{every * weights:,}")),
    )


LAWS: dict[str, Callable[[PropertiesTrace], Law]] = {
    "commutative": _commutative,
    "linear": _linear,
    "shift": _shift,
    "associative": _associative,
    "separable": _separable,
    "stride": _stride,
}


def _difference(trace: PropertiesTrace) -> Measures:
    cells = trace["difference"].size
    return ("Cells that differ", f"{trace.differing} of {cells}"), ("Largest difference", show_number(trace.largest))
