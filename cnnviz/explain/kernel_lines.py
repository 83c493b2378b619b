"""The lines of code that make a kernel.

>>> kernel_lines(KernelSource("motion-flat", size=3))
['kernel = torch.ones(1, 3) / 3']
"""

from __future__ import annotations

from cnnviz.engine.grids import Rows
from cnnviz.engine.pictures.kernels import whole_rows
from cnnviz.state.kernels import KernelSource, kernel_rows


def kernel_lines(source: KernelSource) -> list[str]:
    """Give the lines that make a kernel: by its formula where it has one, else its numbers."""
    size, sigma = source.own_size, source.own_sigma
    simple = {
        "box": f"torch.ones({size}, {size}) / {size * size}",
        "motion": f"torch.eye({size}) / {size}",
        "motion-up": f"torch.eye({size}).flip(1) / {size}",
        "motion-flat": f"torch.ones(1, {size}) / {size}",
    }
    if source.name in simple and not source.edits:
        return [f"kernel = {simple[source.name]}"]
    if source.name not in {"gaussian", "unsharp", "log"} or source.edits:
        return tensor_lines("kernel", *whole_rows(kernel_rows(source)))
    lines = [f"i = torch.arange({size}, dtype=torch.float64) - {size // 2}"]
    if source.name == "log":
        return [
            *lines,
            f"q = (i[:, None] ** 2 + i ** 2) / (2 * {sigma:g} ** 2)",
            "kernel = (q - 1) * torch.exp(-q)",
            "kernel = (kernel - kernel.mean()).float()  # flat areas give 0",
        ]
    lines += [f"bell = torch.exp(-(i ** 2) / (2 * {sigma:g} ** 2))", "bell = bell / bell.sum()"]
    if source.name == "gaussian":
        return [*lines, "kernel = torch.outer(bell, bell).float()"]
    return [*lines, "kernel = -torch.outer(bell, bell).float()", f"kernel[{size // 2}, {size // 2}] += 2"]


def tensor_lines(name: str, rows: Rows, divisor: int) -> list[str]:
    """Write numbers as a tensor of floats."""
    texts = [[repr(float(value)) if value % 1 else str(int(value)) for value in row] for row in rows]
    if not any("." in text for row in texts for text in row):
        texts[0][0] += ".0"  # one decimal makes all of them floats
    lines = [f"[{', '.join(row)}]" for row in texts]
    head = f"{name} = torch.tensor(["
    body = f",\n{' ' * len(head)}".join(lines)
    return f"{head}{body}]){f' / {divisor}' if divisor > 1 else ''}".split("\n")
