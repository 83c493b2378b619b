"""The code that gives the same numbers along one axis: PyTorch, and NumPy as a check.

>>> from cnnviz.lessons.signals.trace import trace_signal
>>> from cnnviz.lessons.signals.spec import SignalSpec
>>> print(torch_layer(trace_signal(SignalSpec(padding=(1, 1), stride=2))))
import torch
from torch import nn
<BLANKLINE>
x = torch.randn(1, 1, 9)  # N, C, L
conv = nn.Conv1d(1, 1, kernel_size=3, padding=1, stride=2, bias=False)
y = conv(x)
print(y.shape)  # torch.Size([1, 1, 5])
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from cnnviz.lessons.convolution.trace import ConvolutionTrace
from cnnviz.state.numbers import show_number, store_number

TURNED = "# true convolution turns the kernel"
TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def torch_layer(trace: ConvolutionTrace) -> str:
    """Write a layer and a random signal."""
    axis, by_hand = trace.columns, _by_hand(trace)
    settings = {"kernel_size": axis.kernel, **({} if by_hand else _padding(trace)), **_steps(trace), "bias": "False"}
    arguments = ", ".join(f"{name}={value}" for name, value in settings.items())
    lines = ["import torch", "from torch import nn"]
    if by_hand:
        lines.append("import torch.nn.functional as F")
    lines += ["", f"x = torch.randn(1, 1, {axis.n})  # N, C, L"]
    if by_hand:
        lines.append(_pad(trace))
    lines.append(f"conv = nn.Conv1d(1, 1, {arguments}){_full(trace)}")
    if trace.spec.flip:
        lines += ["with torch.no_grad():", f"    conv.weight.copy_(conv.weight.flip(-1))  {TURNED}"]
    return "\n".join([*lines, "y = conv(x)", _shape(trace)])


def torch_numbers(trace: ConvolutionTrace) -> str:
    """Write PyTorch with the stage's own numbers."""
    by_hand = _by_hand(trace)
    weight = "w.flip(-1)" if trace.spec.flip else "w"
    settings = {**({} if by_hand else _padding(trace)), **_steps(trace)}
    arguments = ", ".join(["x", weight, *(f"{name}={value}" for name, value in settings.items())])
    ending = ", dtype=torch.float64).reshape(1, 1, -1)"
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F",
            "",
            f"x = torch.tensor({_list(trace.values)}{ending}  # N, C, L",
            f"w = torch.tensor({_list(trace.weight)}{ending}",
            *([_pad(trace)] if by_hand else []),
            f"y = F.conv1d({arguments}){_full(trace)}{f'  {TURNED}' if trace.spec.flip else ''}",
            _shape(trace),
            "print(y[0, 0])",
            f"# {_shown(trace)}",
        ]
    )


def numpy_code(trace: ConvolutionTrace) -> str:
    """Write the same with `np.convolve`, which always turns the kernel."""
    axis = trace.columns
    before, after = axis.padding
    turned = trace.spec.flip
    lines = [
        "import numpy as np",
        "",
        f"x = np.array({_list(trace.values)})",
        f"w = np.array({_list(trace.weight)})",
    ]
    mode = "valid"
    if before or after:
        reach = axis.dilation * (axis.kernel - 1)
        if trace.spec.mode == "zeros" and before == after == reach and axis.dilation == 1:
            mode = "full"
        else:
            lines.append(f'x = np.pad(x, ({before}, {after}), mode="{NUMPY_MODES[trace.spec.mode]}")')
    weight = "w"
    if axis.dilation > 1:
        lines += [
            f"spread = np.zeros({axis.dilation * (axis.kernel - 1) + 1})  # dilation: zeros between the weights",
            f"spread[::{axis.dilation}] = w",
        ]
        weight = "spread"
    if not turned:
        weight += "[::-1]"
    remark = "" if turned else "  # np.convolve turns the kernel, so turn it back first"
    steps = f"[::{axis.stride}]" if axis.stride > 1 else ""
    lines += [f'y = np.convolve(x, {weight}, mode="{mode}"){steps}{remark}', "print(y)", f"# {_shown(trace)}"]
    return "\n".join(lines)


def _by_hand(trace: ConvolutionTrace) -> bool:
    """Say whether a layer cannot pad like this."""
    before, after = trace.columns.padding
    copies = trace.spec.mode != "zeros" and bool(before or after)
    return copies or (trace.spec.padding != "same" and before != after)


def _padding(trace: ConvolutionTrace) -> dict[str, Any]:
    if trace.spec.padding == "same":
        return {"padding": '"same"'}
    before = trace.columns.padding[0]
    return {"padding": before} if before else {}


def _steps(trace: ConvolutionTrace) -> dict[str, Any]:
    steps = {"stride": trace.columns.stride, "dilation": trace.columns.dilation}
    return {name: step for name, step in steps.items() if step > 1}


def _pad(trace: ConvolutionTrace) -> str:
    before, after = trace.columns.padding
    return f'x = F.pad(x, ({before}, {after}), mode="{TORCH_MODES[trace.spec.mode]}")  # before, after'


def _shape(trace: ConvolutionTrace) -> str:
    return f"print(y.shape)  # torch.Size([1, 1, {trace.columns.size}])"


def _full(trace: ConvolutionTrace) -> str:
    return '  # PyTorch has no padding="full"' if trace.spec.padding == "full" and not _by_hand(trace) else ""


def _list(grid: NDArray[Any]) -> str:
    return f"[{', '.join(map(store_number, grid[0].tolist()))}]"


def _shown(trace: ConvolutionTrace) -> str:
    return ", ".join(show_number(value) for value in trace.output[0].tolist())
