r"""The words and formulas of a convolution as a matrix, with the learner's own numbers in them.

>>> from cnnviz.lessons.matrix.trace import trace_matrix
>>> from cnnviz.lessons.matrix.spec import MatrixSpec
>>> trace = trace_matrix(MatrixSpec(size=(1, 4), kernel=(1, 3), flip=True))
>>> for formula in explain_matrix(trace):
...     print(formula)
C = \begin{bmatrix} w_3 & w_2 & w_1 & 0 \\ 0 & w_3 & w_2 & w_1 \end{bmatrix}
C = \begin{bmatrix} 3 & 2 & 1 & 0 \\ 0 & 3 & 2 & 1 \end{bmatrix}
>>> explain_zeros(trace)
'2 of the 8 entries (25%) are zero whatever the weights are. The other 6 entries hold the 3 weights of the kernel.'
"""

from __future__ import annotations

from cnnviz.lessons.matrix.trace import MatrixTrace
from cnnviz.state.numbers import fraction_text

LARGEST_FORMULA = 7
"""A formula has at most so many rows and columns."""

WIDEST_FORMULA = 30
"""... and so many characters in its widest row, so that it fits on a phone."""


def explain_matrix(trace: MatrixTrace) -> tuple[str, ...]:
    """Write a small matrix as LaTeX: with letters, and with the numbers."""
    if max(trace.used.shape) > LARGEST_FORMULA:
        return ()
    letters = [_letter(trace, cell) for cell in range(trace.conv.weight.size)]
    numbers = [fraction_text(value) for value in trace.conv.weight.ravel().tolist()]
    formulas = [_matrix(trace, letters)]
    if sum(max(map(len, column)) for column in zip(*_cells(trace, numbers), strict=True)) <= WIDEST_FORMULA:
        formulas.append(_matrix(trace, numbers))
    return tuple(formulas)


def _letter(trace: MatrixTrace, cell: int) -> str:
    height, width = trace.conv.weight.shape
    if min(height, width) == 1:
        return f"w_{cell + 1}"
    return f"w_{{{cell // width + 1}{cell % width + 1}}}"


def _cells(trace: MatrixTrace, texts: list[str]) -> list[list[str]]:
    return [["0" if cell < 0 else texts[cell] for cell in row] for row in trace.used.tolist()]


def _matrix(trace: MatrixTrace, texts: list[str]) -> str:
    rows = r" \\ ".join(" & ".join(row) for row in _cells(trace, texts))
    return rf"C = \begin{{bmatrix}} {rows} \end{{bmatrix}}"


def explain_product(trace: MatrixTrace) -> str:
    """Say how a row and a column of the matrix read."""
    outputs, inputs = trace.used.shape
    flat = min(trace.conv.values.shape) == 1
    lay = "" if flat else " Input and output are laid out as columns, row after row: $x = \\text{vec}\\,X$."
    return (
        f"$y = C\\,x$ with {_count(outputs, 'output')} and {_count(inputs, 'input')}.{lay} "
        "A **row** of $C$ is the window of one output: point at a cell of $y$. "
        "A **column** says where one input goes: point at a cell of $x$. "
        "Every entry that is not a dot is a weight of the kernel: point at one, and all its copies light up."
    )


def explain_zeros(trace: MatrixTrace) -> str:
    """Count the zeros of the matrix, and the copies of each weight."""
    counts = trace.counts
    share = counts.zeros / counts.dense
    zeros = "is" if counts.zeros == 1 else "are"
    weights = _count(counts.shared, "weight")
    hold = "holds" if counts.lines == 1 else "hold"
    if not counts.zeros:
        return f"None of the {_count(counts.dense, 'entry')} is zero by structure: each window sees the whole input."
    return (
        f"{counts.zeros} of the {_count(counts.dense, 'entry')} ({share:.0%}) {zeros} zero whatever the weights are. "
        f"The other {_count(counts.lines, 'entry')} {hold} the {weights} of the kernel."
    )


def explain_layers(trace: MatrixTrace) -> str:
    """Give the parameters of three layers of this size as a table."""
    outputs, inputs = trace.used.shape
    counts = trace.counts
    weights = counts.shared
    return "\n".join(
        [
            "| Layer | Parameters | |",
            "|---|---|---|",
            f"| Dense | inputs × outputs | {inputs} × {outputs} = **{counts.dense:,}** |",
            f"| Locally connected | outputs × kernel | {outputs} × {weights} = **{counts.local:,}** |",
            f"| Convolutional | kernel | **{weights:,}** |",
        ]
    )


def explain_saving(trace: MatrixTrace) -> str:
    """Compare the kernel with a dense matrix of the same size, and tell which idea saves what."""
    counts = trace.counts
    less = counts.dense / counts.shared
    if less > 1:
        saving = f"A dense matrix of this size has {less:.3g} times the parameters of the kernel."
    elif less == 1:
        saving = "A dense matrix of this size has as many parameters as the kernel."
    else:
        saving = (
            "A dense matrix of this size has fewer parameters than the kernel: some weights only ever meet padding."
        )
    missing = counts.local - counts.lines
    padded = f" {missing} of the {counts.local} local weights only ever meet zeros of the padding." if missing else ""
    return (
        f"{saving} Two ideas save them: *local* windows remove lines, and *sharing* uses one kernel in all windows. "
        f"Biases are not counted.{padded}"
    )


def explain_work(trace: MatrixTrace) -> str:
    """Say why nobody builds the matrix."""
    counts = trace.counts
    return (
        f"Nobody builds $C$ to convolve: it stores {counts.dense:,} numbers in place of {counts.shared:,}, "
        f"and a full product multiplies {counts.dense:,} times where {_count(counts.lines, 'product')} "
        f"{'is' if counts.lines == 1 else 'are'} enough. But it shows that a convolution is linear, "
        "and its transpose $C^\\top$ is the transposed convolution, which also carries gradients back."
    )


def _count(number: int, word: str) -> str:
    if number == 1:
        return f"1 {word}"
    return f"{number:,} {word[:-1]}ies" if word.endswith("y") else f"{number:,} {word}s"
