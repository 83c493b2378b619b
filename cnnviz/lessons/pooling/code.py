"""The code that gives the same pooling: PyTorch and Keras, short enough to paste.

>>> from cnnviz.lessons.pooling.trace import trace_pooling
>>> from cnnviz.lessons.pooling.spec import PoolingSpec
>>> print(pooling_torch_code(trace_pooling(PoolingSpec()), numbers=False))
import torch
from torch import nn
<BLANKLINE>
x = torch.randn(1, 1, 6, 6)  # N, C, H, W
pool = nn.MaxPool2d(2)
y = pool(x)
print(y.shape)  # torch.Size([1, 1, 3, 3])
"""

from __future__ import annotations

from cnnviz.engine.arithmetic import effective_kernel
from cnnviz.explain.grids import comment_lines, grid_lines, pair_text
from cnnviz.lessons.pooling.trace import PoolingTrace

LAYERS = {"max": "MaxPool2d", "mean": "AvgPool2d", "norm": "LPPool2d"}
FUNCTIONS = {"max": "max_pool2d", "mean": "avg_pool2d", "norm": "lp_pool2d"}
ADAPTIVE = {"max": "AdaptiveMaxPool2d", "mean": "AdaptiveAvgPool2d"}
KERAS = {"max": "MaxPooling2D", "mean": "AveragePooling2D"}
KERAS_GLOBAL = {"max": "GlobalMaxPooling2D", "mean": "GlobalAveragePooling2D"}


def pooling_torch_code(trace: PoolingTrace, *, numbers: bool) -> str:
    """Write PyTorch: with `numbers`, the stage's own input; else a layer and a random input."""
    return "\n".join(_torch_numbers(trace) if numbers else _torch_layer(trace))


def _torch_layer(trace: PoolingTrace) -> list[str]:
    height, width = trace.values.shape
    lines = ["import torch", "from torch import nn", "", f"x = torch.randn(1, 1, {height}, {width})  # N, C, H, W"]
    if not trace.sliding:
        return [
            *lines,
            f"pool = nn.{ADAPTIVE[trace.spec.op]}({pair_text(trace.spec.grid)})",
            "y = pool(x)",
            _shape(trace),
        ]
    settings = _settings(trace)
    if trace.unpooled is None:
        return [*lines, f"pool = nn.{LAYERS[trace.spec.op]}({settings})", "y = pool(x)", _shape(trace)]
    return [
        *lines,
        f"pool = nn.MaxPool2d({settings}, return_indices=True)",
        f"unpool = nn.MaxUnpool2d({_unpool_settings(trace)})",
        "y, where = pool(x)",
        _shape(trace),
        "z = unpool(y, where, output_size=x.shape)",
        f"print(z.shape)  # torch.Size([1, 1, {height}, {width}])",
    ]


def _torch_numbers(trace: PoolingTrace) -> list[str]:
    grid = grid_lines("x", trace.values, "  # N, C, H, W")
    lines = ["import torch", "import torch.nn.functional as F", "", *grid, ""]
    if not trace.sliding:
        name = {"max": "adaptive_max_pool2d", "mean": "adaptive_avg_pool2d"}[trace.spec.op]
        lines.append(f"y = F.{name}(x, {pair_text(trace.spec.grid)})")
    elif trace.unpooled is None:
        lines.append(f"y = F.{FUNCTIONS[trace.spec.op]}(x, {_settings(trace)})")
    else:
        lines.append(f"y, where = F.max_pool2d(x, {_settings(trace)}, return_indices=True)")
    lines += [_shape(trace), "print(y[0, 0])", *comment_lines(trace.output)]
    if trace.unpooled is not None:
        lines += [
            f"z = F.max_unpool2d(y, where, {_unpool_settings(trace)}, output_size=x.shape)",
            "print(z[0, 0])",
            *comment_lines(trace.unpooled),
        ]
    return lines


def _settings(trace: PoolingTrace) -> str:
    """Write the settings that are not PyTorch's own: its stride is the window if nothing is said."""
    spec = trace.spec
    settings = ["2"] if spec.op == "norm" else []
    settings.append(pair_text(spec.kernel))
    if spec.steps != spec.kernel:
        settings.append(f"stride={pair_text(spec.steps)}")
    if any(spec.used_padding):
        settings.append(f"padding={pair_text(spec.used_padding)}")
    if max(spec.used_dilation) > 1:
        settings.append(f"dilation={pair_text(spec.used_dilation)}")
    if spec.ceil:
        settings.append("ceil_mode=True")
    if spec.op == "mean" and any(spec.padding) and not spec.count_pad:
        settings.append("count_include_pad=False")
    return ", ".join(settings)


def _unpool_settings(trace: PoolingTrace) -> str:
    """Write the settings of the unpooling; it knows no dilation, so it is told how far the window reaches."""
    spec = trace.spec
    kernel, dilation = spec.kernel, spec.dilation
    reach = effective_kernel(kernel[0], dilation[0]), effective_kernel(kernel[1], dilation[1])
    settings = [pair_text(reach)]
    if spec.steps != reach:
        settings.append(f"stride={pair_text(spec.steps)}")
    if any(spec.padding):
        settings.append(f"padding={pair_text(spec.padding)}")
    return ", ".join(settings)


def _shape(trace: PoolingTrace) -> str:
    height, width = trace.output.shape
    return f"print(y.shape)  # torch.Size([1, 1, {height}, {width}])"


def pooling_keras_code(trace: PoolingTrace) -> str:
    r"""Write Keras 3 with the stage's own numbers, or say that Keras has no such layer.

    >>> from cnnviz.lessons.pooling.trace import trace_pooling
    >>> from cnnviz.lessons.pooling.spec import PoolingSpec
    >>> code = pooling_keras_code(trace_pooling(PoolingSpec(kernel=(3, 3), padding=(1, 1))))
    >>> print("\n".join(line for line in code.splitlines() if "pad" in line or "Pooling" in line))
    x = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-np.inf)
    y = keras.layers.MaxPooling2D(3, strides=3)(x)
    """
    if missing := _missing_in_keras(trace):
        return f"# {missing}"
    height, width = trace.values.shape
    grid = ["x = np.array([", *grid_lines("x", trace.values)[1:-1]]
    grid.append(f'], dtype="float32").reshape(1, {height}, {width}, 1)  # N, H, W, C')
    lines = ["import keras", "import numpy as np", "", *grid, ""]
    if trace.spec.used_area == "global":
        lines.append(f"y = keras.layers.{KERAS_GLOBAL[trace.spec.op]}(keepdims=True)(x)")
    else:
        lines += [*_keras_padding(trace), _keras_layer(trace)]
    shown = "print(y.shape)  # (1, {}, {}, 1)".format(*trace.output.shape)
    return "\n".join([*lines, shown, "print(y[0, :, :, 0])", *comment_lines(trace.output)])


def _keras_padding(trace: PoolingTrace) -> list[str]:
    sides = ", ".join(f"({axis.padding[0]}, {axis.padding[1] + axis.overhang})" for axis in trace.axes)
    if not any(axis.padded_size > axis.n for axis in trace.axes):
        return []
    fill = ", constant_values=-np.inf" if trace.spec.op == "max" else ""
    return [f"x = np.pad(x, ((0, 0), {sides}, (0, 0)){fill})"]


def _keras_layer(trace: PoolingTrace) -> str:
    spec = trace.spec
    return f"y = keras.layers.{KERAS[spec.op]}({pair_text(spec.kernel)}, strides={pair_text(spec.steps)})(x)"


def _missing_in_keras(trace: PoolingTrace) -> str:
    """Say what Keras has no layer for."""
    spec = trace.spec
    padded = any(axis.padded_size > axis.n for axis in trace.axes)
    if spec.op == "norm":
        return "Keras has no L2 pooling. Square, average, multiply by the window’s size, and take the root."
    if spec.used_area == "adaptive":
        return "Not every version of Keras has adaptive pooling. Where the sizes divide, slide a window of that size."
    if max(spec.used_dilation) > 1:
        return "Keras has no dilated pooling."
    if spec.op == "mean" and padded and (not spec.count_pad or any(axis.overhang for axis in trace.axes)):
        return "Keras has no average with this padding and these divisors: its “valid” divides by the whole window."
    return ""
