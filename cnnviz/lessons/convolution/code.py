"""The code that gives the same picture: PyTorch and Keras, short enough to paste.

>>> from cnnviz.lessons.convolution.trace import trace_convolution
>>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
>>> trace = trace_convolution(ConvolutionSpec(size=(7, 7), stride=(2, 2), padding=((1, 1), (1, 1))))
>>> print(torch_code(trace, numbers=False))
import torch
from torch import nn
<BLANKLINE>
x = torch.randn(1, 1, 7, 7)  # N, C, H, W
conv = nn.Conv2d(1, 1, kernel_size=3, padding=1, stride=2, bias=False)
y = conv(x)
print(y.shape)  # torch.Size([1, 1, 4, 4])
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from cnnviz.engine.arithmetic import same_padding
from cnnviz.lessons.convolution.trace import ConvolutionTrace
from cnnviz.state.numbers import show_number, store_number

TURNED = "# true convolution turns the kernel"
NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
KERAS_NAMES = {"stride": "strides", "dilation": "dilation_rate"}
TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def torch_code(trace: ConvolutionTrace, *, numbers: bool) -> str:
    """Write PyTorch: with `numbers`, the stage's own input and kernel; else a layer and a random input."""
    return "\n".join(_torch_numbers(trace) if numbers else _torch_layer(trace))


def _torch_layer(trace: ConvolutionTrace) -> list[str]:
    height, width = trace.values.shape
    by_hand = _is_uneven(trace)
    padding = {} if by_hand else _torch_padding(trace)
    if padding and trace.spec.mode != "zeros":
        padding["padding_mode"] = f'"{trace.spec.mode}"'
    settings = {"kernel_size": _pair(trace.spec.kernel), **padding, **_steps(trace), "bias": "False"}
    arguments = ", ".join(f"{name}={value}" for name, value in settings.items())
    lines = ["import torch", "from torch import nn"]
    if by_hand:
        lines.append("import torch.nn.functional as F")
    lines += ["", f"x = torch.randn(1, 1, {height}, {width})  # N, C, H, W"]
    if by_hand:
        lines.append(_torch_pad(trace))
    lines.append(f"conv = nn.Conv2d(1, 1, {arguments}){_full_comment(trace)}")
    if trace.spec.flip:
        lines += ["with torch.no_grad():", f"    conv.weight.copy_(conv.weight.flip(-2, -1))  {TURNED}"]
    return [*lines, "y = conv(x)", _torch_shape(trace)]


def _torch_numbers(trace: ConvolutionTrace) -> list[str]:
    (height, width), (kernel_height, kernel_width) = trace.values.shape, trace.weight.shape
    by_hand = _is_uneven(trace) or (trace.spec.mode != "zeros" and _is_padded(trace))
    weight = "w.flip(-2, -1)" if trace.spec.flip else "w"
    settings = {**({} if by_hand else _torch_padding(trace)), **_steps(trace)}
    arguments = ", ".join(["x", weight, *(f"{name}={value}" for name, value in settings.items())])
    comments = _full_comment(trace) + (f"  {TURNED}" if trace.spec.flip else "")
    double = ", dtype=torch.float64)"
    return [
        "import torch",
        "import torch.nn.functional as F",
        "",
        *_rows("x = torch.tensor(", trace.values, f"{double}.reshape(1, 1, {height}, {width})  # N, C, H, W"),
        *_rows("w = torch.tensor(", trace.weight, f"{double}.reshape(1, 1, {kernel_height}, {kernel_width})"),
        "",
        *([_torch_pad(trace)] if by_hand else []),
        f"y = F.conv2d({arguments}){comments}",
        _torch_shape(trace),
        "print(y[0, 0])",
        *_expected(trace),
    ]


def _torch_padding(trace: ConvolutionTrace) -> dict[str, str]:
    """Give the layer's padding, by its name where PyTorch knows that name."""
    if trace.spec.padding == "same":
        return {"padding": '"same"'}
    (top, _), (left, _) = trace.padding
    return {"padding": _pair((top, left))} if top or left else {}


def _torch_pad(trace: ConvolutionTrace) -> str:
    (top, bottom), (left, right) = trace.padding
    mode = TORCH_MODES[trace.spec.mode]
    return f'x = F.pad(x, ({left}, {right}, {top}, {bottom}), mode="{mode}")  # left, right, top, bottom'


def _torch_shape(trace: ConvolutionTrace) -> str:
    height, width = trace.output.shape
    return f"print(y.shape)  # torch.Size([1, 1, {height}, {width}])"


def _full_comment(trace: ConvolutionTrace) -> str:
    return '  # PyTorch has no padding="full"' if trace.spec.padding == "full" else ""


def keras_code(trace: ConvolutionTrace) -> str:
    """Write Keras 3 with the stage's own numbers; channels come last there.

    >>> from cnnviz.lessons.convolution.trace import trace_convolution
    >>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
    >>> code = keras_code(trace_convolution(ConvolutionSpec(padding="same")))
    >>> print([line.strip() for line in code.splitlines() if "Conv2D" in line][0])
    keras.layers.Conv2D(1, kernel_size=3, padding="same", use_bias=False),
    """
    (height, width), (kernel_height, kernel_width) = trace.values.shape, trace.weight.shape
    single = ', dtype="float32")'
    shape = f"{single}.reshape(1, {height}, {width}, 1)  # N, H, W, C"
    return "\n".join(
        [
            "import keras",
            "import numpy as np",
            "",
            *_rows("x = np.array(", trace.values, shape),
            *_rows("w = np.array(", trace.weight, f"{single}.reshape({kernel_height}, {kernel_width}, 1, 1)"),
            *([f"w = w[::-1, ::-1].copy()  {TURNED}"] if trace.spec.flip else []),
            "",
            *_keras_model(trace),
            "print(y.shape)  # ({}, {}, {}, {})".format(1, *trace.output.shape, 1),
            "print(y[0, :, :, 0])",
            *_expected(trace),
        ]
    )


def _keras_model(trace: ConvolutionTrace) -> list[str]:
    """Write the layers, and around them what Keras has no layer for."""
    (top, bottom), (left, right) = trace.padding
    (down, across), padded = trace.spec.stride, _is_padded(trace)
    by_numpy = padded and trace.spec.mode != "zeros"
    by_layer = padded and not by_numpy and trace.spec.padding != "same"
    apart = max(trace.spec.stride) > 1 and max(trace.spec.dilation) > 1
    steps = {KERAS_NAMES[name]: pair for name, pair in _steps(trace).items() if not (apart and name == "stride")}
    if padded and not by_numpy and not by_layer:
        steps["padding"] = '"same"'
    settings = {"kernel_size": _pair(trace.spec.kernel), **steps, "use_bias": "False"}
    sides = f"(({top}, {bottom}), ({left}, {right}))"
    lines = []
    if by_numpy:
        mode = NUMPY_MODES[trace.spec.mode]
        lines.append(f'x = np.pad(x, ((0, 0), {sides[1:-1]}, (0, 0)), mode="{mode}")')
    if by_layer and not apart:
        lines += _same_warning(trace)
    lines += ["model = keras.Sequential([", "    keras.Input(x.shape[1:]),"]
    if by_layer:
        lines.append(f"    keras.layers.ZeroPadding2D({sides}),  # (top, bottom), (left, right)")
    arguments = ", ".join(f"{name}={value}" for name, value in settings.items())
    lines += [f"    keras.layers.Conv2D(1, {arguments}),", "])", "model.set_weights([w])", "y = model.predict(x)"]
    if apart:
        lines += [
            "# Keras refuses stride and dilation together: convolve with stride 1, then take the steps.",
            f"y = y[:, ::{down}, ::{across}, :]",
        ]
    return lines


def _same_warning(trace: ConvolutionTrace) -> list[str]:
    """Say what Keras' "same" would pad where one could take it for the padding of the stage."""
    if max(trace.spec.stride) == 1:
        return []
    keras = tuple(same_padding(axis.n, axis.kernel, axis.stride, axis.dilation, convention="tf") for axis in trace.axes)
    if keras == trace.padding:
        return []
    return [f'# With this stride padding="same" would be another padding in Keras: {keras}.']


def _is_padded(trace: ConvolutionTrace) -> bool:
    return any(map(any, trace.padding))


def _is_uneven(trace: ConvolutionTrace) -> bool:
    """Say whether a layer cannot pad like this: only "same" gives two sides of an axis different paddings."""
    return trace.spec.padding != "same" and any(before != after for before, after in trace.padding)


def _steps(trace: ConvolutionTrace) -> dict[str, str]:
    steps = {"stride": trace.spec.stride, "dilation": trace.spec.dilation}
    return {name: _pair(pair) for name, pair in steps.items() if pair != (1, 1)}


def _pair(pair: tuple[int, int]) -> str:
    """Write 3 for (3, 3), as everybody does."""
    return str(pair[0]) if pair[0] == pair[1] else str(pair)


def _rows(start: str, grid: NDArray[Any], end: str) -> list[str]:
    """Write a grid as nested lists, its columns aligned."""
    cells = [[store_number(value) for value in row] for row in grid.tolist()]
    return [f"{start}[", *(f"    [{line}]," for line in _aligned(cells)), f"]{end}"]


def _expected(trace: ConvolutionTrace) -> list[str]:
    """Write the output as comments, rounded as on the stage."""
    cells = [[show_number(value) for value in row] for row in trace.output.tolist()]
    return [f"# {line}" for line in _aligned(cells)]


def _aligned(cells: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [", ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
