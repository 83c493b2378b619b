"""A transposed convolution in the words of each framework, and how to get one framework's cut in another.

>>> from cnnviz.lessons.frameworks.spec import FrameworksSpec
>>> codes = transposed_codes(FrameworksSpec("transposed", 7, 3, 2, 1))
>>> list(codes)
['“Same” in PyTorch', 'PyTorch', 'PyTorch’s cut in Keras', 'Keras', 'ONNX', 'Caffe']
>>> print(codes["PyTorch"])
import torch
from torch import nn
<BLANKLINE>
x = torch.randn(1, 1, 7, 7)
layer = nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1)
print(layer(x).shape)
# torch.Size([1, 1, 13, 13])
"""

from __future__ import annotations

from collections.abc import Callable

from cnnviz.lessons.frameworks.spec import FrameworksSpec
from cnnviz.lessons.frameworks.trace_placed import Placed
from cnnviz.lessons.frameworks.trace_transposed import place_transposed


def transposed_codes(spec: FrameworksSpec) -> dict[str, str]:
    """Write every code that works with these settings."""
    rows = {row.name: row for row in place_transposed(spec)}
    codes = {
        "“Same” in PyTorch": _same_in_torch(spec, rows["onnx_upper"]),
        "PyTorch": _torch(spec, rows["torch"]),
        "PyTorch’s cut in Keras": _torch_in_keras(spec, rows),
        "Keras": keras_lines(spec, rows, _keras_layer, _result),
        "ONNX": _onnx(spec, rows),
        "Caffe": _caffe(spec, rows["caffe"]),
    }
    return {name: code for name, code in codes.items() if code}


def _layer(spec: FrameworksSpec, padding: int = 0, extra: int = 0) -> str:
    settings = [
        "1, 1", str(spec.kernel),
        *([f"stride={spec.stride}"] if spec.stride > 1 else []),
        *([f"padding={padding}"] if padding else []),
        *([f"output_padding={extra}"] if extra else []),
        *([f"dilation={spec.dilation}"] if spec.dilation > 1 else []),
    ]  # fmt: skip
    return f"nn.ConvTranspose2d({', '.join(settings)})"


def _start(spec: FrameworksSpec) -> list[str]:
    return ["import torch", "from torch import nn", "", f"x = torch.randn(1, 1, {spec.input}, {spec.input})"]


def _shape(size: int) -> str:
    return f"# torch.Size([1, 1, {size}, {size}])"


def _torch(spec: FrameworksSpec, row: Placed) -> str:
    if not row.works:
        return ""
    layer = _layer(spec, spec.padding, spec.output_padding)
    return "\n".join([*_start(spec), f"layer = {layer}", "print(layer(x).shape)", _shape(row.size)])


def _same_in_torch(spec: FrameworksSpec, same: Placed) -> str:
    """Cut by hand what “same” cuts; what it adds holds the bias alone."""
    lines = [*_start(spec), f"layer = {_layer(spec)}", "y = layer(x)"]
    if same.added:
        lines += [
            "bias = layer.bias.reshape(1, -1, 1, 1)  # all there is where no stamp reaches",
            f"wide = bias.repeat(1, 1, {same.size}, {same.size})",
            "wide[..., : y.shape[-2], : y.shape[-1]] = y",
            "y = wide",
        ]
    elif same.before or same.after:
        end = same.before + same.size
        lines.append(
            f"y = y[..., {same.before}:{end}, {same.before}:{end}]  # cut {same.before} before, {same.after} after"
        )
    return "\n".join([*lines, "print(y.shape)", _shape(same.size)])


def _keras_layer(spec: FrameworksSpec, padding: str) -> str:
    dilation = f", dilation_rate={spec.dilation}" if spec.dilation > 1 else ""
    return f'keras.layers.Conv2DTranspose(1, {spec.kernel}, strides={spec.stride}{dilation}, padding="{padding}")'


def _result(spec: FrameworksSpec, row: Placed) -> str:
    cut = f"{row.before} cut off before and {row.after} after" if row.before or row.after else "nothing cut off"
    added = f", {row.added} added at the end" if row.added else ""
    return f"# {spec.input} -> {row.size}, {cut}{added}"


def keras_lines(
    spec: FrameworksSpec,
    rows: dict[str, Placed],
    layer: Callable[[FrameworksSpec, str], str],
    result: Callable[[FrameworksSpec, Placed], str],
) -> str:
    """Write both of Keras's paddings, as far as they work; `layer` writes one, `result` what comes of it."""
    lines = []
    for padding in ("same", "valid"):
        row = rows[f"keras_{padding}"]
        if row.works:
            lines += [f"{padding} = {layer(spec, padding)}", result(spec, row)]
    return "\n".join(["import keras", "", *lines]) if lines else ""


def _torch_in_keras(spec: FrameworksSpec, rows: dict[str, Placed]) -> str:
    """Let Keras cut nothing, and cut by hand."""
    torch, valid = rows["torch"], rows["keras_valid"]
    if not torch.works or not valid.works or torch.before + torch.size > valid.size:
        return ""
    p, end, n = torch.before, torch.before + torch.size, spec.input
    return "\n".join(
        [
            "import keras",
            "",
            f"x = keras.random.normal((1, {n}, {n}, 1))  # N, H, W, C",
            f"layer = {_keras_layer(spec, 'valid')}",
            f"y = layer(x)[:, {p}:{end}, {p}:{end}]  # {torch.size} rows and columns, as PyTorch's",
        ]
    )


def _onnx(spec: FrameworksSpec, rows: dict[str, Placed]) -> str:
    numbers = {"kernel_shape": spec.kernel, "strides": spec.stride, "dilations": spec.dilation}
    lines = ["from onnx import helper", "", "common = dict("]
    lines += [f"    {name}=[{number}, {number}]," for name, number in numbers.items()]
    lines += [")"]
    o, p = spec.output_padding, spec.padding
    extra = f", output_padding=[{o}, {o}]" if o else ""
    size = rows["torch"].size
    settings = {
        "notset": f"pads=[{p}, {p}, {p}, {p}]{extra}", "upper": 'auto_pad="SAME_UPPER"',
        "lower": 'auto_pad="SAME_LOWER"', "valid": 'auto_pad="VALID"', "shape": f"output_shape=[{size}, {size}]",
    }  # fmt: skip
    for name, setting in settings.items():
        row = rows[f"onnx_{name}"]
        if row.works:
            lines.append(f'{name} = helper.make_node("ConvTranspose", ["x", "w"], ["y"], {setting}, **common)')
            lines.append(_result(spec, row))
    return "\n".join(lines)


def _caffe(spec: FrameworksSpec, row: Placed) -> str:
    if not row.works:
        return ""
    dilation = [f"    dilation: {spec.dilation}"] if spec.dilation > 1 else []
    return "\n".join([
        _result(spec, row), "layer {", '  name: "layer"', '  type: "Deconvolution"', '  bottom: "x"', '  top: "y"',
        "  convolution_param {", "    num_output: 1", f"    kernel_size: {spec.kernel}", f"    stride: {spec.stride}",
        f"    pad: {spec.padding}", *dilation, "  }", "}",
    ])  # fmt: skip
