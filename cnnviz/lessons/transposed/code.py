"""The code that gives the same picture: a transposed convolution in PyTorch and Keras, short enough to paste.

>>> from cnnviz.lessons.transposed.trace import trace_transposed
>>> from cnnviz.lessons.transposed.spec import TransposedSpec
>>> trace = trace_transposed(TransposedSpec(padding=((1, 1), (1, 1)), output_padding=(1, 1)))
>>> print(torch_layer(trace))
import torch
from torch import nn
<BLANKLINE>
x = torch.randn(1, 1, 3, 3)  # N, C, H, W
up = nn.ConvTranspose2d(1, 1, kernel_size=3, stride=2, padding=1, output_padding=1, bias=False)
y = up(x)
print(y.shape)  # torch.Size([1, 1, 6, 6])
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from cnnviz.lessons.transposed.trace import TransposedAxis, TransposedTrace
from cnnviz.state.numbers import show_number, store_number

DOUBLE = ", dtype=torch.float64)"


def torch_layer(trace: TransposedTrace) -> str:
    """Write a PyTorch layer and a random input; on a round trip two layers that share their weights."""
    rows, columns = trace.axes
    settings = {"kernel_size": _pair(trace.spec.kernel), **_settings(trace), "bias": "False"}
    lines = ["import torch", "from torch import nn", ""]
    if trace.trip:
        there = {key: value for key, value in settings.items() if key != "output_padding"}
        lines += [f"picture = torch.randn(1, 1, {rows.size}, {columns.size})  # N, C, H, W"]
        source = "picture"
        if _is_uneven(trace):
            lines.append(f"padded = nn.functional.pad(picture, {_torch_sides(trace)})  # left, right, top, bottom")
            source = "padded"
        lines += [f"conv = nn.Conv2d(1, 1, {_arguments(there)})", f"x = conv({source})"]
    else:
        lines += [f"x = torch.randn(1, 1, {rows.n}, {columns.n})  # N, C, H, W"]
    lines.append(f"up = nn.ConvTranspose2d(1, 1, {_arguments(settings)})")
    if trace.trip:
        lines.append("up.weight = conv.weight  # the same kernel, there and back")
    return "\n".join([*lines, f"y = up(x){_crop(trace)}", _torch_shape(trace)])


def torch_numbers(trace: TransposedTrace) -> str:
    """Write PyTorch with the stage's own numbers."""
    first = trace.trip.picture if trace.trip else trace.values
    name = "picture" if trace.trip else "x"
    arguments = _arguments(_settings(trace))
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F",
            "",
            *_rows(f"{name} = torch.tensor(", first, f"{DOUBLE}.reshape(1, 1, {_size(first)})  # N, C, H, W"),
            *_rows("w = torch.tensor(", trace.weight, f"{DOUBLE}.reshape(1, 1, {_size(trace.weight)})"),
            "",
            *_there(trace),
            f"y = F.conv_transpose2d(x, w{', ' if arguments else ''}{arguments}){_crop(trace)}",
            _torch_shape(trace),
            "print(y[0, 0])",
            *_expected(trace),
        ]
    )


def keras_code(trace: TransposedTrace) -> str:
    """Write Keras 3 with the stage's own numbers; channels come last there, and the kernel is (kH, kW, out, in)."""
    height, width = trace.values.shape
    single = ', dtype="float32")'
    apart = max(trace.spec.stride) > 1 and max(trace.spec.dilation) > 1
    return "\n".join(
        [
            "import keras",
            "import numpy as np",
            "",
            *(["# x is what the convolution gave."] if trace.trip else []),
            *_rows("x = np.array(", trace.values, f"{single}.reshape(1, {height}, {width}, 1)  # N, H, W, C"),
            *_rows("w = np.array(", trace.weight, f"{single}.reshape({_size(trace.weight)}, 1, 1)"),
            *(_keras_wide_kernel(trace) if apart else []),
            "",
            "model = keras.Sequential([",
            "    keras.Input(x.shape[1:]),",
            f"    keras.layers.Conv2DTranspose(1, {_arguments(_keras_settings(trace, apart=apart))}),",
            *_keras_ends(trace),
            "])",
            "model.set_weights([w])",
            "y = model.predict(x)",
            f"print(y.shape)  # (1, {_size(trace.output)}, 1)",
            "print(y[0, :, :, 0])",
            *_expected(trace),
        ]
    )


def _keras_settings(trace: TransposedTrace, *, apart: bool) -> dict[str, str]:
    rows, columns = trace.axes
    settings = {"kernel_size": _pair((rows.reach, columns.reach) if apart else trace.spec.kernel)}
    if trace.spec.stride != (1, 1):
        settings["strides"] = _pair(trace.spec.stride)
    if trace.spec.dilation != (1, 1) and not apart:
        settings["dilation_rate"] = _pair(trace.spec.dilation)
    return {**settings, "use_bias": "False"}


def _keras_wide_kernel(trace: TransposedTrace) -> list[str]:
    """Spread the kernel by hand."""
    (down, across), (rows, columns) = trace.spec.dilation, trace.axes
    return [
        "# Keras refuses stride and dilation together: spread the kernel by hand.",
        f'wide = np.zeros(({rows.reach}, {columns.reach}, 1, 1), dtype="float32")',
        f"wide[::{down}, ::{across}] = w",
        "w = wide",
    ]


def _keras_ends(trace: TransposedTrace) -> list[str]:
    """Cut what padding takes away, and what Keras adds where the stride is longer than the kernel."""
    (top, left), ends = (axis.cut[0] for axis in trace.axes), [_keras_end(axis) for axis in trace.axes]
    bottom, right = (max(end, 0) for end in ends)
    below, beside = (max(-end, 0) for end in ends)
    lines = []
    if any((top, bottom, left, right)):
        lines.append(f"    keras.layers.Cropping2D((({top}, {bottom}), ({left}, {right}))),  # what padding cuts away")
    if below or beside:
        lines.append(f"    keras.layers.ZeroPadding2D(((0, {below}), (0, {beside}))),  # no stamp reaches these cells")
    return lines


def _keras_end(axis: TransposedAxis) -> int:
    return axis.cut[1] - axis.beyond + max(axis.stride - axis.reach, 0)


def _settings(trace: TransposedTrace) -> dict[str, str]:
    """Give what a layer is told; PyTorch knows one padding an axis, so uneven sides are cut by hand."""
    spec = trace.spec
    (top, _), (left, _) = spec.padding
    padding = (0, 0) if _is_uneven(trace) else (top, left)
    ones = {"stride": spec.stride, "dilation": spec.dilation}
    zeros = {"padding": padding, "output_padding": spec.output_padding}
    found = {name: _pair(pair) for name, pair in ones.items() if pair != (1, 1)}
    found |= {name: _pair(pair) for name, pair in zeros.items() if pair != (0, 0)}
    return {name: found[name] for name in ("stride", "padding", "output_padding", "dilation") if name in found}


def _there(trace: TransposedTrace) -> list[str]:
    """Write the convolution of a round trip."""
    if trace.trip is None:
        return []
    source, settings = "picture", _settings(trace)
    settings.pop("output_padding", None)
    lines = []
    if _is_uneven(trace):
        lines.append(f"padded = F.pad(picture, {_torch_sides(trace)})  # left, right, top, bottom")
        source = "padded"
    return [*lines, f"x = F.conv2d({source}, w{', ' if settings else ''}{_arguments(settings)})"]


def _crop(trace: TransposedTrace) -> str:
    """Cut by hand what a layer cannot."""
    if not _is_uneven(trace):
        return ""
    (top, _), (left, _) = trace.spec.padding
    height, width = trace.output.shape
    return f"[..., {top}:{top + height}, {left}:{left + width}]  # PyTorch cuts both ends alike: cut by hand"


def _torch_sides(trace: TransposedTrace) -> str:
    (top, bottom), (left, right) = trace.spec.padding
    return f"({left}, {right}, {top}, {bottom})"


def _torch_shape(trace: TransposedTrace) -> str:
    return f"print(y.shape)  # torch.Size([1, 1, {_size(trace.output)}])"


def _is_uneven(trace: TransposedTrace) -> bool:
    return any(before != after for before, after in trace.spec.padding)


def _arguments(settings: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items())


def _pair(pair: tuple[int, int]) -> str:
    """Write 3 for (3, 3), as everybody does."""
    return str(pair[0]) if pair[0] == pair[1] else str(pair)


def _size(grid: NDArray[Any]) -> str:
    return ", ".join(map(str, grid.shape))


def _rows(start: str, grid: NDArray[Any], end: str) -> list[str]:
    """Write a grid as nested lists, its columns aligned."""
    cells = [[store_number(value) for value in row] for row in grid.tolist()]
    return [f"{start}[", *(f"    [{line}]," for line in _aligned(cells)), f"]{end}"]


def _expected(trace: TransposedTrace) -> list[str]:
    """Write the output as comments, rounded as on the stage."""
    cells = [[show_number(value) for value in row] for row in trace.output.tolist()]
    return [f"# {line}" for line in _aligned(cells)]


def _aligned(cells: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [", ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
