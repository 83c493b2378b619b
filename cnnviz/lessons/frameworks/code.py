"""One layer in the words of each framework, and how to get one framework's padding in another.

>>> from cnnviz.lessons.frameworks.spec import FrameworksSpec
>>> list(framework_codes(FrameworksSpec()))
['“Same” in PyTorch', 'PyTorch', 'PyTorch’s padding in Keras', 'Keras', 'ONNX', 'Caffe']
>>> print(framework_codes(FrameworksSpec())["Keras"])
import keras
<BLANKLINE>
same = keras.layers.Conv2D(1, 7, strides=2, padding="same")
# 224 -> 112, padded by 2 before and 3 after
valid = keras.layers.Conv2D(1, 7, strides=2, padding="valid")
# 224 -> 109, not padded
"""

from __future__ import annotations

from cnnviz.lessons.frameworks.code_transposed import keras_lines, transposed_codes
from cnnviz.lessons.frameworks.spec import FrameworksSpec
from cnnviz.lessons.frameworks.trace import Placed, place_all

HELPER = '''

# For every input size:
def pad_same(x, kernel, stride=1, dilation=1, value=0.0):
    """Pad rows and columns as TensorFlow's "same" does."""
    sides = []
    reach = dilation * (kernel - 1) + 1
    for size in (x.shape[-1], x.shape[-2]):
        last = (size - 1) // stride * stride  # where the last window begins
        total = max(last + reach - size, 0)
        sides += [total // 2, total - total // 2]
    return F.pad(x, sides, value=value)
'''


def framework_codes(spec: FrameworksSpec) -> dict[str, str]:
    """Write every code that works with these settings."""
    if spec.operation == "transposed":
        return transposed_codes(spec)
    rows = {row.name: row for row in place_all(spec)}
    codes = {
        "“Same” in PyTorch": _same_in_torch(spec, rows["onnx_upper"]),
        "PyTorch": _torch(spec, rows),
        "PyTorch’s padding in Keras": _torch_in_keras(spec, rows),
        "Keras": keras_lines(spec, rows, _keras_layer, _result),
        "ONNX": _onnx(spec, rows),
        "Caffe": _caffe(spec, rows["caffe"]),
    }
    return {name: code for name, code in codes.items() if code}


def _torch_layer(spec: FrameworksSpec, padding: str = "", *, ceil: bool = False) -> str:
    pool = spec.operation == "pool"
    settings = [
        *([str(spec.kernel)] if pool else ["1", "1", str(spec.kernel)]),
        *([f"stride={spec.stride}"] if spec.stride != (spec.kernel if pool else 1) else []),
        *([f"padding={padding}"] if padding not in {"", "0"} else []),
        *([f"dilation={spec.dilation}"] if spec.dilation > 1 else []),
        *(["ceil_mode=True"] if ceil else []),
    ]
    return f"nn.{'MaxPool2d' if pool else 'Conv2d'}({', '.join(settings)})"


def _start(spec: FrameworksSpec, *, functional: bool = False) -> list[str]:
    more = ["from torch.nn import functional as F"] if functional else []
    return ["import torch", "from torch import nn", *more, "", f"x = torch.randn(1, 1, {spec.input}, {spec.input})"]


def _shape(size: int) -> str:
    return f"# torch.Size([1, 1, {size}, {size}])"


def _torch(spec: FrameworksSpec, rows: dict[str, Placed]) -> str:
    lines = []
    forms = {
        "torch": _torch_layer(spec, str(spec.padding)),
        "torch_same": _torch_layer(spec, '"same"'),
        "torch_ceil": _torch_layer(spec, str(spec.padding), ceil=True),
    }
    for name, form in forms.items():
        if name in rows and rows[name].works:
            lines += [f"layer = {form}", "print(layer(x).shape)", _shape(rows[name].size)]
    return "\n".join([*_start(spec), *lines]) if lines else ""


def _same_in_torch(spec: FrameworksSpec, same: Placed) -> str:
    before, after = same.before, same.after
    filled = ", value=-torch.inf" if spec.operation == "pool" else ""
    return "\n".join(
        [
            *_start(spec, functional=True),
            f"x = F.pad(x, ({before}, {after}, {before}, {after}){filled})  # left, right, top, bottom",
            f"layer = {_torch_layer(spec)}",
            "print(layer(x).shape)",
            _shape(same.size) + HELPER,
        ]
    ).rstrip()


def _keras_layer(spec: FrameworksSpec, padding: str) -> str:
    start = f"MaxPooling2D({spec.kernel}" if spec.operation == "pool" else f"Conv2D(1, {spec.kernel}"
    dilation = f", dilation_rate={spec.dilation}" if spec.dilation > 1 else ""
    return f'keras.layers.{start}, strides={spec.stride}{dilation}, padding="{padding}")'


def _result(spec: FrameworksSpec, row: Placed) -> str:
    padded = f"padded by {row.before} before and {row.after} after" if row.before or row.after else "not padded"
    return f"# {spec.input} -> {row.size}, {padded}"


def _torch_in_keras(spec: FrameworksSpec, rows: dict[str, Placed]) -> str:
    """Pad by hand first; a maximum is padded by what never wins."""
    row = rows["torch"]
    by_keras = not (spec.dilation > 1 and (spec.stride > 1 or spec.operation == "pool"))
    if not (row.works and by_keras):
        return ""
    p, n = spec.padding, spec.input
    filled = ', constant_values=float("-inf")' if spec.operation == "pool" else ""
    return "\n".join(
        [
            "import keras",
            "",
            f"x = keras.random.normal((1, {n}, {n}, 1))  # N, H, W, C",
            f"x = keras.ops.pad(x, ((0, 0), ({p}, {p}), ({p}, {p}), (0, 0)){filled})",
            f"layer = {_keras_layer(spec, 'valid')}",
            f"y = layer(x)  # {row.size} rows and columns, on PyTorch's cells",
        ]
    )


def _onnx(spec: FrameworksSpec, rows: dict[str, Placed]) -> str:
    pool = spec.operation == "pool"
    lines = ["from onnx import helper", "", "common = dict("]
    lines += [f"    {name}=[{number}, {number}]," for name, number in _onnx_numbers(spec)]
    lines += [")"]
    inputs = '["x"]' if pool else '["x", "w"]'
    for name in ("notset", "upper", "lower", "valid"):
        row = rows[f"onnx_{name}"]
        pads = "pads=[" + ", ".join([str(spec.padding)] * 4) + "]"
        padding = pads if name == "notset" else f'auto_pad="{row.setting}"'
        if row.works:
            make = f'helper.make_node("{"MaxPool" if pool else "Conv"}", {inputs}, ["y"], {padding}, **common)'
            lines += [f"{name} = {make}", _result(spec, row)]
    return "\n".join(lines)


def _onnx_numbers(spec: FrameworksSpec) -> list[tuple[str, int]]:
    return [("kernel_shape", spec.kernel), ("strides", spec.stride), ("dilations", spec.dilation)]


def _caffe(spec: FrameworksSpec, row: Placed) -> str:
    if not row.works:
        return ""
    pool = spec.operation == "pool"
    numbers = [f"    kernel_size: {spec.kernel}", f"    stride: {spec.stride}", f"    pad: {spec.padding}"]
    if spec.dilation > 1:
        numbers.append(f"    dilation: {spec.dilation}")
    kind, group = ("Pooling", "pooling_param") if pool else ("Convolution", "convolution_param")
    first = "    pool: MAX" if pool else "    num_output: 1"
    rounds = ", rounded up" if pool else ""
    return "\n".join(
        [
            _result(spec, row) + rounds,
            "layer {",
            '  name: "layer"',
            f'  type: "{kind}"',
            '  bottom: "x"',
            '  top: "y"',
            f"  {group} {{",
            first,
            *numbers,
            "  }",
            "}",
        ]
    )
