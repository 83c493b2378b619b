"""The code that gives the same picture with several channels: PyTorch and Keras, short enough to paste.

>>> from cnnviz.lessons.channels.trace import trace_channels
>>> from cnnviz.lessons.channels.spec import ChannelsSpec
>>> print(torch_code(trace_channels(ChannelsSpec(inputs=4, outputs=4, groups=2)), numbers=False))
import torch
from torch import nn
<BLANKLINE>
x = torch.randn(1, 4, 5, 5)  # N, C, H, W
conv = nn.Conv2d(4, 4, kernel_size=3, groups=2, bias=False)
y = conv(x)
print(conv.weight.shape)  # torch.Size([4, 2, 3, 3]): out, in / groups, kh, kw
print(y.shape)  # torch.Size([1, 4, 3, 3])
"""

from __future__ import annotations

from numpy.typing import NDArray

from cnnviz.explain.grids import comment_lines, np, pair_text
from cnnviz.lessons.channels.trace import Array, ChannelsTrace
from cnnviz.lessons.channels.words import is_depthwise
from cnnviz.state.numbers import store_number

DOUBLE = ", dtype=torch.float64)"
SINGLE = ', dtype="float32")'
FROM_PICTURE = "# from H, W, C: picture.permute(2, 0, 1)[None]"


def torch_code(trace: ChannelsTrace, *, numbers: bool) -> str:
    """Write PyTorch: with `numbers`, the stage's own channels and kernels; else layers and a random input."""
    return "\n".join(_torch_numbers(trace) if numbers else _torch_layers(trace))


def _torch_layers(trace: ChannelsTrace) -> list[str]:
    spec = trace.spec
    height, width = spec.size
    start = [
        "import torch",
        "from torch import nn",
        "",
        f"x = torch.randn(1, {spec.inputs}, {height}, {width})  # N, C, H, W",
    ]
    if spec.is_rgb:
        start.append(FROM_PICTURE)
    bias = "" if trace.bias else ", bias=False"
    steps = {"kernel_size": pair_text(spec.kernel), **_steps(trace)}
    shape = tuple(trace.weight.shape)
    weight = f"torch.Size({list(shape)}): out, in / groups, kh, kw"
    if spec.separable:
        settings = ", ".join(f"{name}={value}" for name, value in _grouped(steps, spec.inputs).items())
        return [
            *start,
            f"depthwise = nn.Conv2d({spec.inputs}, {spec.inputs}, {settings}, bias=False)",
            f"pointwise = nn.Conv2d({spec.inputs}, {spec.outputs}, kernel_size=1{bias})",
            "y = pointwise(depthwise(x))",
            f"print(depthwise.weight.shape)  # {weight}",
            f"print(pointwise.weight.shape)  # torch.Size([{spec.outputs}, {spec.inputs}, 1, 1])",
            _torch_shape(trace),
        ]
    settings = ", ".join(f"{name}={value}" for name, value in _grouped(steps, spec.groups).items())
    return [
        *start,
        f"conv = nn.Conv2d({spec.inputs}, {spec.outputs}, {settings}{bias})",
        "y = conv(x)",
        f"print(conv.weight.shape)  # {weight}",
        _torch_shape(trace),
    ]


def _torch_numbers(trace: ChannelsTrace) -> list[str]:
    spec = trace.spec
    settings = _grouped(_steps(trace), spec.used_groups)
    bias = {"bias": "b"} if trace.bias else {}
    lines = ["import torch", "import torch.nn.functional as F", ""]
    lines += _stack("x = torch.tensor([", trace.inputs, f"]{DOUBLE}[None]  # N, C, H, W")
    lines += _weights("w = torch.tensor([", trace, f"]{DOUBLE}  # out, in / groups, kh, kw")
    if trace.mixing is not None:
        lines += _table("v = torch.tensor([", trace.mixing, f"]{DOUBLE}[:, :, None, None]  # out, in, 1, 1")
    if trace.bias:
        lines.append(f"b = torch.tensor({_list(trace.bias)}{DOUBLE}")
    lines.append("")
    if trace.mixing is None:
        lines.append(f"y = F.conv2d({_arguments('x, w', {**bias, **settings})})")
    else:
        lines.append(f"m = F.conv2d({_arguments('x, w', settings)})  # depthwise")
        lines.append(f"y = F.conv2d({_arguments('m, v', bias)})  # pointwise")
    return [*lines, _torch_shape(trace), *_expected(trace, "print(y[0, {}])")]


def _grouped(settings: dict[str, str], groups: int) -> dict[str, str]:
    return settings | ({"groups": str(groups)} if groups > 1 else {})


def _arguments(first: str, settings: dict[str, str]) -> str:
    return ", ".join([first, *(f"{name}={value}" for name, value in settings.items())])


def _torch_shape(trace: ChannelsTrace) -> str:
    return f"print(y.shape)  # torch.Size([1, {trace.spec.outputs}, {trace.rows.size}, {trace.columns.size}])"


def _steps(trace: ChannelsTrace) -> dict[str, str]:
    stride = {"stride": pair_text(trace.spec.stride)} if trace.spec.stride != (1, 1) else {}
    padding = {"padding": pair_text(trace.spec.padding)} if trace.spec.padding != (0, 0) else {}
    return stride | padding


def keras_code(trace: ChannelsTrace) -> str:
    """Write Keras 3 with the stage's own numbers; channels come last there.

    >>> from cnnviz.lessons.channels.trace import trace_channels
    >>> from cnnviz.lessons.channels.spec import ChannelsSpec
    >>> code = keras_code(trace_channels(ChannelsSpec(outputs=3, groups=3)))
    >>> print([line.strip() for line in code.splitlines() if "Conv2D" in line][0])
    keras.layers.DepthwiseConv2D(kernel_size=3, use_bias=False),
    """
    spec = trace.spec
    rows, columns = spec.padding
    lines = ["import keras", "import numpy as np", ""]
    lines += _stack("x = np.array([", trace.inputs, f"]{SINGLE}")
    lines.append("x = x.transpose(1, 2, 0)[None]  # C, H, W becomes N, H, W, C")
    lines += _weights("w = np.array([", trace, f"]{SINGLE}")
    layers, weights, order = _keras_layers(trace)
    lines += order
    if trace.mixing is not None:
        lines += _table("v = np.array([", trace.mixing, f"]{SINGLE}.T[None, None]  # 1, 1, in, out")
    if trace.bias:
        lines.append(f"b = np.array({_list(trace.bias)}{SINGLE}")
    lines += ["", "model = keras.Sequential([", "    keras.Input(x.shape[1:]),"]
    if rows or columns:
        lines.append(f"    keras.layers.ZeroPadding2D({pair_text(spec.padding)}),")
    lines += [f"    keras.layers.{layer}," for layer in layers]
    lines += ["])", f"model.set_weights([{', '.join(weights)}])", "y = model.predict(x)"]
    lines.append(f"print(y.shape)  # (1, {trace.rows.size}, {trace.columns.size}, {spec.outputs})")
    return "\n".join([*lines, *_expected(trace, "print(y[0, :, :, {}])")])


def _keras_layers(trace: ChannelsTrace) -> tuple[list[str], list[str], list[str]]:
    """Choose the layers, name their weights in Keras' order, and write how w gets into that order."""
    spec = trace.spec
    kernel = {"kernel_size": pair_text(spec.kernel)}
    stride = {"strides": pair_text(spec.stride)} if spec.stride != (1, 1) else {}
    no_bias, bias = {"use_bias": "False"}, ["b"] if trace.bias else []
    end = {} if trace.bias else no_bias
    last = ["w = w.transpose(2, 3, 1, 0)  # becomes kh, kw, in / groups, out"]
    # Keras' depthwise layers take only one stride for both axes.
    if not is_depthwise(trace) or spec.stride[0] != spec.stride[1]:
        grouped = {"groups": str(spec.used_groups)} if spec.used_groups > 1 else {}
        if spec.separable:
            first = _arguments(f"Conv2D({spec.inputs}", {**kernel, **stride, **grouped, **no_bias})
            return (
                [f"{first})", _arguments(f"Conv2D({spec.outputs}", {"kernel_size": "1", **end}) + ")"],
                ["w", "v", *bias],
                last,
            )
        layer = _arguments(f"Conv2D({spec.outputs}", {**kernel, **stride, **grouped, **end})
        return [f"{layer})"], ["w", *bias], last
    if spec.separable:
        layer = _arguments(f"SeparableConv2D({spec.outputs}", {**kernel, **stride, **end})
        order = ["w = w.transpose(2, 3, 0, 1)  # becomes kh, kw, in, 1"]
        return [f"{layer})"], ["w", "v", *bias], order
    many = spec.outputs // spec.inputs
    settings = {**kernel, **stride, **({"depth_multiplier": str(many)} if many > 1 else {}), **end}
    layer = ", ".join(f"{name}={value}" for name, value in settings.items())
    height, width = spec.kernel
    order = [f"w = w.reshape({spec.inputs}, {many}, {height}, {width}).transpose(2, 3, 0, 1)  # kh, kw, in, many"]
    return [f"DepthwiseConv2D({layer})"], ["w", *bias], order


# Numbers


def _stack(start: str, planes: tuple[Array, ...], end: str) -> list[str]:
    """Write one grid after the other, a row a line."""
    lines = [start]
    for plane in planes:
        rows = [", ".join(cells) for cells in _aligned(plane)]
        lines += [
            f"    {'[[' if at == 0 else ' ['}{row}]{']' if at == len(rows) - 1 else ''}," for at, row in enumerate(rows)
        ]
    return [*lines, end]


def _weights(start: str, trace: ChannelsTrace, end: str) -> list[str]:
    """Write a slice a line: kernels are small."""
    lines = [start]
    for kernel in trace.slices:
        slices = [f"[{', '.join(_list(row) for row in plane.tolist())}]" for plane in kernel]
        last = len(slices) - 1
        lines += [f"    {'[' if at == 0 else ' '}{text}{']' if at == last else ''}," for at, text in enumerate(slices)]
    return [*lines, end]


def _table(start: str, table: NDArray[np.generic], end: str) -> list[str]:
    return [start, *(f"    [{', '.join(cells)}]," for cells in _aligned(table)), end]


def _list(values: object) -> str:
    return f"[{', '.join(store_number(value) for value in np.asarray(values).tolist())}]"


def _aligned(grid: NDArray[np.generic]) -> list[list[str]]:
    cells = [[store_number(value) for value in row] for row in np.asarray(grid).tolist()]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [[cell.rjust(width) for cell, width in zip(row, widths, strict=True)] for row in cells]


def _expected(trace: ChannelsTrace, command: str) -> list[str]:
    """Print the shown output channel, with what it must be as comments."""
    return [command.format(trace.spec.shown), *comment_lines(trace.outputs[trace.spec.shown])]
