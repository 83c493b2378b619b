r"""The words and the code of a pixel shuffle.

>>> from cnnviz.lessons.shuffle.trace import trace_shuffle
>>> from cnnviz.lessons.shuffle.spec import ShuffleSpec
>>> print(explain_shapes(trace_shuffle(ShuffleSpec())))
\begin{aligned}
C \times H \times W &\to C r^2 \times \tfrac{H}{r} \times \tfrac{W}{r} \\
1 \times 6 \times 6 &\to 4 \times 3 \times 3
\end{aligned}
"""

from __future__ import annotations

from cnnviz.explain.grids import comment_lines
from cnnviz.lessons.shuffle.trace import ShuffleTrace
from cnnviz.state.numbers import store_number


def explain_shapes(trace: ShuffleTrace) -> str:
    """Write both shapes as LaTeX: in letters, then in numbers."""
    before, after = ((r" \times ".join(map(str, shape))) for shape in (trace.source.shape, trace.result.shape))
    letters = (
        r"C \times H \times W &\to C r^2 \times \tfrac{H}{r} \times \tfrac{W}{r}"
        if trace.spec.way == "unshuffle"
        else r"C r^2 \times H \times W &\to C \times r H \times r W"
    )
    return f"\\begin{{aligned}}\n{letters} \\\\\n{before} &\\to {after}\n\\end{{aligned}}"


def explain_places(trace: ShuffleTrace) -> str:
    """Write which number goes where, as LaTeX."""
    small, large = r"c r^2 + i\,r + j,\; h,\; w", r"c,\; h\,r + i,\; w\,r + j"
    left, right = (small, large) if trace.spec.way == "unshuffle" else (large, small)
    return rf"\begin{{aligned}}&z[{left}] \\ &= x[{right}]\end{{aligned}}"


def explain_meaning(trace: ShuffleTrace) -> str:
    """Say what happens to the numbers."""
    factor = trace.spec.factor
    block = f"{factor}×{factor} block"
    if trace.spec.way == "unshuffle":
        return (
            f"Every {block} hands its {factor**2} numbers to {factor**2} channels, one place each. "
            "The picture gets smaller, and nothing is lost: pixel shuffle undoes it exactly."
        )
    return (
        f"{factor**2} channels give one number each to every {block}. The picture gets larger without inventing a "
        "single number: the layers before must have computed them all. Nothing overlaps, unlike in a transposed "
        "convolution."
    )


def explain_shuffle_price(trace: ShuffleTrace) -> str:
    """Say what it costs now and later."""
    coarse, fine = trace.coarse.shape[0], trace.fine.shape[0]
    return (
        f"The shuffle itself has no parameters and computes nothing. But a 3×3 convolution needs 9 weights for every "
        f"channel that it reads: {9 * coarse} on the small side with its {coarse} channels, {9 * fine} on the large."
    )


def shuffle_torch_code(trace: ShuffleTrace) -> str:
    """Write PyTorch with the stage's own numbers."""
    name = "pixel_unshuffle" if trace.spec.way == "unshuffle" else "pixel_shuffle"
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F",
            "",
            *_numbers(trace, "torch.tensor", ", dtype=torch.float64", (1, *trace.source.shape), "  # N, C, H, W"),
            f"z = F.{name}(x, {trace.spec.factor})",
            f"print(z.shape)  # torch.Size([1, {', '.join(map(str, trace.result.shape))}])",
            "print(z[0, 0])",
            *comment_lines(trace.result[0]),
        ]
    )


def shuffle_numpy_code(trace: ShuffleTrace) -> str:
    """Write NumPy, which shows that a shuffle only renames places."""
    factor = trace.spec.factor
    if trace.spec.way == "unshuffle":
        turn = [
            f"z = x.reshape(C, H // {factor}, {factor}, W // {factor}, {factor}).transpose(0, 2, 4, 1, 3)",
            f"z = z.reshape(C * {factor**2}, H // {factor}, W // {factor})",
        ]
    else:
        turn = [
            f"z = x.reshape(C // {factor**2}, {factor}, {factor}, H, W).transpose(0, 3, 1, 4, 2)",
            f"z = z.reshape(C // {factor**2}, H * {factor}, W * {factor})",
        ]
    return "\n".join(
        [
            "import numpy as np",
            "",
            *_numbers(trace, "np.array", "", trace.source.shape, "  # C, H, W"),
            "C, H, W = x.shape",
            *turn,
            f"print(z.shape)  # ({', '.join(map(str, trace.result.shape))})",
            "print(z[0])",
            *comment_lines(trace.result[0]),
        ]
    )


def _numbers(trace: ShuffleTrace, call: str, kind: str, shape: tuple[int, ...], comment: str) -> list[str]:
    """Write all channels below each other, and their shape."""
    cells = [[store_number(value) for value in row] for channel in trace.source.tolist() for row in channel]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [", ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    sizes = ", ".join(map(str, shape))
    return [f"x = {call}([", *(f"    [{line}]," for line in lines), f"]{kind}).reshape({sizes}){comment}", ""]
