"""PyTorch for the Solver: one line a layer, and a whole program that prints the sizes.

>>> layer = AxisLayer("conv", 3, 2, (1, 1))
>>> layer_line(layer, layer)
'nn.Conv2d(1, 1, 3, stride=2, padding=1)'
>>> layer_line(AxisLayer("pool", 2, 2), AxisLayer("pool", 3, 3))
'nn.MaxPool2d((2, 3))'
"""

from __future__ import annotations

from cnnviz.engine.arithmetic import same_padding
from cnnviz.engine.axis_layer import AxisLayer, layer_size
from cnnviz.engine.grids import Pair
from cnnviz.lessons.solver.spec_question import Question
from cnnviz.lessons.solver.trace_chain import ChainTrace

TORCH_NAMES = {"conv": "Conv2d", "transposed": "ConvTranspose2d", "pool": "MaxPool2d", "avg": "AvgPool2d"}


def layer_line(
    rows: AxisLayer, columns: AxisLayer, channels: Pair = (1, 1), kind: str = "", *, same: bool = False
) -> str:
    """Write one layer; padding that PyTorch's layer cannot do becomes a layer of its own before it.

    >>> layer = AxisLayer("conv", 7, 2, (2, 3))
    >>> print(layer_line(layer, layer))
    nn.Sequential(nn.ZeroPad2d((2, 3, 2, 3)), nn.Conv2d(1, 1, 7, stride=2))
    """
    kind = kind or rows.kind
    pools = kind in {"pool", "avg"}
    by_hand = any(_beyond_the_layer(layer, pools=pools) for layer in (rows, columns))
    padding = _pair(rows.padding[0], columns.padding[0])
    if kind == "conv" and (same or by_hand) and _keeps_size(rows) and _keeps_size(columns):
        padding, by_hand = '"same"', False
    stride, kernel = _pair(rows.stride, columns.stride), _pair(rows.kernel, columns.kernel)
    settings = {
        "stride": "" if stride == (kernel if pools else "1") else stride,
        "padding": "" if padding == "0" or by_hand else padding,
        "output_padding": _unless("0", _pair(rows.output_padding, columns.output_padding)),
        "dilation": _unless("1", _pair(rows.dilation, columns.dilation)),
        "ceil_mode": "True" if rows.ceil or columns.ceil else "",
    }
    first = [kernel] if pools else [str(channels[0]), str(channels[1]), kernel]
    arguments = ", ".join([*first, *(f"{name}={value}" for name, value in settings.items() if value)])
    line = f"nn.{TORCH_NAMES[kind]}({arguments})"
    if not by_hand:
        return line
    sides = (*columns.padding, *rows.padding)
    pad = f"nn.ConstantPad2d({sides}, -torch.inf)" if pools else f"nn.ZeroPad2d({sides})"
    return f"nn.Sequential({pad}, {line})"


def _beyond_the_layer(layer: AxisLayer, *, pools: bool) -> bool:
    """Whether PyTorch's layer cannot pad like this: unevenly, or a pooling by more than half its kernel."""
    before, after = layer.padding
    return before != after or (pools and before > layer.kernel // 2)


def _keeps_size(layer: AxisLayer) -> bool:
    """Whether PyTorch's padding="same" is exactly this padding."""
    return layer.stride == 1 and layer.padding == same_padding(1, layer.kernel, 1, layer.dilation)


def answer_code(question: Question, rows: AxisLayer, columns: AxisLayer) -> str:
    """Write a program that shows that the answer is right.

    >>> from cnnviz.lessons.solver.spec_question import parse_question
    >>> layer = AxisLayer("transposed", 2, 2)
    >>> print(answer_code(parse_question("56 -> 112"), layer, layer))
    import torch
    from torch import nn
    <BLANKLINE>
    x = torch.randn(1, 1, 56, 56)
    layer = nn.ConvTranspose2d(1, 1, 2, stride=2)
    print(layer(x).shape)
    # torch.Size([1, 1, 112, 112])
    """
    height, width = question.size
    out = layer_size(rows, height), layer_size(columns, width)
    keras = _keras_same(question, rows, columns)
    return "\n".join(
        [
            "import torch",
            "from torch import nn",
            "",
            f"x = torch.randn(1, 1, {height}, {width})",
            f"layer = {layer_line(rows, columns)}",
            "print(layer(x).shape)",
            f"# torch.Size([1, 1, {out[0]}, {out[1]}])",
            *([f"# In Keras: {keras}"] if keras else []),
        ]
    )


def _keras_same(question: Question, rows: AxisLayer, columns: AxisLayer) -> str:
    """Write the layer in Keras where its padding is just what Keras calls "same" and PyTorch has no name for."""
    uneven = any(before != after for before, after in (rows.padding, columns.padding))
    axes = list(zip((rows, columns), question.size, strict=True))
    named = all(
        layer.padding == same_padding(n, layer.kernel, layer.stride, layer.dilation, convention="tf")
        for layer, n in axes
    )
    steps, holes = max(rows.stride, columns.stride), max(rows.dilation, columns.dilation)
    if not (uneven and named) or (holes > 1 and (steps > 1 or rows.kind == "pool")):
        return ""
    kernel, stride = _pair(rows.kernel, columns.kernel), _pair(rows.stride, columns.stride)
    dilation = f", dilation_rate={_pair(rows.dilation, columns.dilation)}" if holes > 1 else ""
    start = f"MaxPooling2D({kernel}" if rows.kind == "pool" else f"Conv2D(1, {kernel}"
    return f'keras.layers.{start}, strides={stride}{dilation}, padding="same")'


def chain_code(trace: ChainTrace) -> str:
    """Write the layers that work as one nn.Sequential, each with the size behind it.

    >>> from cnnviz.lessons.solver.trace_chain import trace_chain
    >>> from cnnviz.lessons.solver.spec_layer import read_chain
    >>> print(chain_code(trace_chain(read_chain("conv 3 s2 p1; pool 4 s1"), (256, 256))))
    import torch
    from torch import nn
    <BLANKLINE>
    net = nn.Sequential(
        nn.Conv2d(1, 1, 3, stride=2, padding=1),  # 128 x 128
        nn.MaxPool2d(4, stride=1),  # 125 x 125
    )
    x = torch.randn(1, 1, 256, 256)  # N, C, H, W
    print(net(x).shape)  # torch.Size([1, 1, 125, 125])
    """
    lines = []
    for step in trace.steps:
        same = step.layer.padding == "same"
        line = layer_line(step.axis(0), step.axis(1), step.channels, step.layer.kind, same=same)
        lines.append(f"    {line},  # {step.output[0]} x {step.output[1]}")
    depth = trace.steps[-1].channels[1] if trace.steps else trace.channels
    (height, width), (rows, columns) = trace.size, trace.output
    return "\n".join(
        [
            "import torch",
            "from torch import nn",
            "",
            "net = nn.Sequential(",
            *lines,
            ")",
            f"x = torch.randn(1, {trace.channels}, {height}, {width})  # N, C, H, W",
            f"print(net(x).shape)  # torch.Size([1, {depth}, {rows}, {columns}])",
        ]
    )


def _pair(rows: int, columns: int) -> str:
    """Write 3 for (3, 3), as everybody does."""
    return str(rows) if rows == columns else str((rows, columns))


def _unless(usual: str, text: str) -> str:
    return "" if text == usual else text
