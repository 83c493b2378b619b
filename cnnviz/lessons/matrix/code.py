"""The code that builds the matrix of a convolution and checks it, short enough to paste.

>>> from cnnviz.lessons.matrix.trace import trace_matrix
>>> from cnnviz.lessons.matrix.spec import MatrixSpec
>>> print(layers_code(trace_matrix(MatrixSpec(size=(1, 5), kernel=(1, 3)))))
import torch
import torch.nn.functional as F
from torch import nn
<BLANKLINE>
x = torch.randn(1, 1, 1, 5)  # N, C, H, W
dense = nn.Linear(5, 3, bias=False)
conv = nn.Conv2d(1, 1, kernel_size=(1, 3), bias=False)
local = nn.Parameter(torch.randn(3, 3))  # each output has a kernel of its own
<BLANKLINE>
windows = F.unfold(x, kernel_size=(1, 3))[0].T  # a row for each output
y_dense = dense(x.flatten())
y_local = (local * windows).sum(1)
y_conv = (conv.weight.flatten() * windows).sum(1)
print(torch.allclose(y_conv, conv(x).flatten(), atol=1e-5))  # True
print(dense.weight.numel(), local.numel(), conv.weight.numel())  # 15 9 3
"""

from __future__ import annotations

from cnnviz.explain.grids import comment_lines, grid_lines, pair_text
from cnnviz.lessons.matrix.trace import MatrixTrace

MODES = {"zeros": "", "circular": ', mode="circular"'}
LARGEST_COMMENT = 100
"""A matrix with at most so many entries stands below the code."""


def matrix_code(trace: MatrixTrace) -> str:
    """Write PyTorch that convolves each picture with a single 1: the results are the columns of the matrix."""
    height, width = trace.conv.values.shape
    outputs, inputs = trace.used.shape
    weight = "w.flip(-2, -1)" if trace.spec.flip else "w"
    arguments = ", ".join(["x", weight, *_steps(trace)])
    turned = "  # true convolution turns the kernel" if trace.spec.flip else ""
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F",
            "",
            *grid_lines("x", trace.conv.values, "  # N, C, H, W"),
            *grid_lines("w", trace.conv.weight),
            "",
            "def conv(x):",
            *_pad(trace, "    "),
            f"    return F.conv2d({arguments}){turned}",
            "",
            "# Pictures with a single 1, one for each input.",
            f"basis = torch.eye({inputs}, dtype=torch.float64).reshape({inputs}, 1, {height}, {width})",
            f"M = conv(basis).reshape({inputs}, {outputs}).T  # a column for each input",
            "y = conv(x).flatten()",
            f"print(M.shape)  # torch.Size([{outputs}, {inputs}])",
            "print(torch.allclose(M @ x.flatten(), y))  # True",
            "print(M)",
            *(comment_lines(trace.matrix) if trace.used.size <= LARGEST_COMMENT else []),
        ]
    )


def layers_code(trace: MatrixTrace) -> str:
    """Write PyTorch for the three layers, with their parameters counted; a library has no locally connected layer."""
    height, width = trace.conv.values.shape
    outputs, inputs = trace.used.shape
    kernel = pair_text(trace.spec.kernel)
    settings = ", ".join([f"kernel_size={kernel}", *_steps(trace)])
    counts = trace.counts
    padded = _pad(trace, "")
    source = "padded" if padded else "x"
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F",
            "from torch import nn",
            "",
            f"x = torch.randn(1, 1, {height}, {width})  # N, C, H, W",
            f"dense = nn.Linear({inputs}, {outputs}, bias=False)",
            f"conv = nn.Conv2d(1, 1, {settings}, bias=False)",
            f"local = nn.Parameter(torch.randn({outputs}, {counts.shared}))  # each output has a kernel of its own",
            "",
            *(line.replace("x = ", "padded = ", 1) for line in padded),
            f"windows = F.unfold({source}, {settings})[0].T  # a row for each output",
            "y_dense = dense(x.flatten())",
            "y_local = (local * windows).sum(1)",
            "y_conv = (conv.weight.flatten() * windows).sum(1)",
            f"print(torch.allclose(y_conv, conv({source}).flatten(), atol=1e-5))  # True",
            "print(dense.weight.numel(), local.numel(), conv.weight.numel())"
            f"  # {counts.dense} {counts.local} {counts.shared}",
        ]
    )


def _pad(trace: MatrixTrace, indent: str) -> list[str]:
    (top, bottom), (left, right) = trace.conv.padding
    if not any((top, bottom, left, right)):
        return []
    mode = MODES[trace.spec.mode]
    return [f"{indent}x = F.pad(x, ({left}, {right}, {top}, {bottom}){mode})  # left, right, top, bottom"]


def _steps(trace: MatrixTrace) -> list[str]:
    steps = {"stride": trace.spec.stride, "dilation": trace.spec.dilation}
    return [f"{name}={pair_text(pair)}" for name, pair in steps.items() if pair != (1, 1)]
