"""A network as Keras code: channels last, padding as layers of its own where Keras has no number for it.

>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> print(keras_network(trace_network(ARCHITECTURES["lecture_cnn"])))
import keras
from keras import layers
<BLANKLINE>
inputs = keras.Input((32, 32, 1))
x = layers.Conv2D(1, 3)(inputs)
x = layers.ReLU()(x)
x = layers.Flatten()(x)  # Keras flattens rows, columns, channels: other weights than PyTorch's
x = layers.Dense(1)(x)
x = layers.Activation("sigmoid")(x)
model = keras.Model(inputs, x)
model.summary()
"""

from __future__ import annotations

from typing import Any

from cnnviz.engine.networks.code.words import one_or_all
from cnnviz.engine.networks.code.writer import plain_name, variable_names
from cnnviz.engine.networks.graph import INPUT
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Crop,
    Dropout,
    Flatten,
    Layer,
    Linear,
    Mean,
    Multiply,
    Norm,
    Pad,
    PixelShuffle,
    Pool,
    Upsample,
    View,
)
from cnnviz.engine.networks.layers.shapes import crop_margins
from cnnviz.engine.networks.trace import NetworkTrace, Row

FLATTEN_NOTE = "  # Keras flattens rows, columns, channels: other weights than PyTorch's"
ACTIVATIONS = {
    "sigmoid": '"sigmoid"', "tanh": '"tanh"', "gelu": '"gelu"', "silu": '"silu"', "softplus": '"softplus"',
    "selu": '"selu"', "elu": '"elu"', "mish": '"mish"', "hardswish": '"hard_silu"', "softmax": '"softmax"',
    "log_softmax": '"log_softmax"', "logsigmoid": '"log_sigmoid"', "celu": '"celu"', "hardsigmoid": '"hard_sigmoid"',
    "hardtanh": '"hard_tanh"', "relu6": '"relu6"', "identity": '"linear"',
}  # fmt: skip


def keras_network(trace: NetworkTrace) -> str:
    """Write the functional form; what Keras has no layer for is said in a comment, and stops nothing."""
    variable = variable_names(trace.network)
    variable[INPUT] = "inputs"
    size = ", ".join(str(one) for one in (*trace.input[1:], trace.input[0]))
    lines = [
        "import keras",
        "from keras import layers",
        "",
        f"inputs = keras.Input(({size}{',' * (size.count(',') < 1)}))",
    ]
    kept: dict[str, str] = {}
    for row in trace.rows:
        inputs = [variable[name] for name in trace.network.inputs_of(row.name)]
        steps = _steps(row)
        shared = row.node.home
        x = inputs[0] if len(inputs) == 1 else f"[{', '.join(inputs)}]"
        if isinstance(row.node.layer, Crop):
            x = inputs[0]
        for number, step in enumerate(steps):
            target = variable[row.name]
            code, _, note = step.partition("  #")
            if row.node.module and number == len(steps) - 1 and shared in kept:
                code = kept[shared]
            elif _is_shared(trace, shared) and number == len(steps) - 1:
                kept[shared] = plain_name(shared).replace("x_", "layer_", 1)
                lines.append(f"{kept[shared]} = {code}")
                code = kept[shared]
            lines.append(f"{target} = {code}({x})" + (f"  #{note}" if note else ""))
            x = target
    if any("tf." in line for line in lines):
        lines.insert(1, "import tensorflow as tf")
    return "\n".join([*lines, f"model = keras.Model(inputs, {variable[trace.network.last]})", "model.summary()"])


def _is_shared(trace: NetworkTrace, home: str) -> bool:
    return any(row.node.module == home for row in trace.rows)


def _said(**settings: Any) -> str:
    return "".join(f", {name}={value!r}" for name, value in settings.items())


def _steps(row: Row) -> list[str]:  # noqa: PLR0911, PLR0912 - one case a layer
    """Give the Keras layers that stand for one of ours, in their order."""
    layer: Layer = row.node.layer
    match layer:
        case Conv():
            return _conv(layer)
        case ConvTranspose():
            return _turned(layer)
        case Pool():
            return _pool(layer, row)
        case AdaptivePool() if all(one == 1 for one in layer.size):
            how = "Average" if layer.how == "avg" else "Max"
            return [f"layers.Global{how}Pooling{layer.rank}D(keepdims=True)"]
        case AdaptivePool():
            fits = all(n % m == 0 for n, m in zip(row.inputs[0][1:], row.output_shape[1:], strict=True))
            window = tuple(n // m for n, m in zip(row.inputs[0][1:], row.output_shape[1:], strict=True))
            how = "Average" if layer.how == "avg" else "Max"
            note = "" if fits else "  # PyTorch's windows are uneven here; Keras has none like them"
            return [f"layers.{how}Pooling{layer.rank}D({one_or_all(tuple(max(one, 1) for one in window))}){note}"]
        case BatchNorm() | Norm() | Activation() | Dropout():
            return [_value_by_value(layer, row)]
        case Flatten():
            flat_already = all(one == 1 for one in row.inputs[0][1:])
            return ["layers.Flatten()" + ("" if flat_already else FLATTEN_NOTE)]
        case View():
            sizes = (*row.output_shape[1:], row.output_shape[0])
            return [f"layers.Reshape({sizes})  # channels last: other places than PyTorch's"]
        case Linear():
            return [f"layers.Dense({layer.features}{'' if layer.bias else ', use_bias=False'})"]
        case Add():
            return ["layers.Add()"]
        case Multiply():
            return ["layers.Multiply()"]
        case Concat():
            return ["layers.Concatenate(axis=-1)" if len(row.inputs) > 1 else "layers.Identity()"]
        case Upsample():
            factor = tuple(m // n for n, m in zip(row.inputs[0][1:], row.output_shape[1:], strict=True))
            mode = "" if layer.mode == "nearest" or len(factor) != 2 else f', interpolation="{layer.mode}"'
            return [f"layers.UpSampling{len(factor)}D({one_or_all(factor)}{mode})"]
        case PixelShuffle():
            name = "space_to_depth" if layer.down else "depth_to_space"
            return [f"layers.Lambda(lambda t: tf.nn.{name}(t, {layer.factor}))"]
        case Crop():
            return [f"layers.Cropping{layer.rank}D({_margins(crop_margins(layer, row.inputs))})"]
        case Pad():
            note = "" if layer.mode == "zeros" else f"  # with zeros; PyTorch's mode is {layer.mode}"
            return [f"layers.ZeroPadding{len(layer.margins)}D({_margins(layer.margins)}){note}"]
        case Mean():
            rank = len(row.inputs[0]) - 1
            how = "Average" if layer.how == "mean" else "Max"
            return [f"layers.Global{how}Pooling{rank}D(keepdims={layer.keep})"]
        case _:
            return ["layers.Identity()"]


def _turned(layer: ConvTranspose) -> list[str]:
    """Crop where PyTorch pads; add cells where it has output_padding."""
    more = {"strides": one_or_all(layer.stride)} if max(layer.stride) > 1 else {}
    if max(layer.dilation) > 1:
        more["dilation_rate"] = one_or_all(layer.dilation)
    if not layer.bias:
        more["use_bias"] = False
    made = f"layers.Conv{layer.rank}DTranspose({layer.channels}, {one_or_all(layer.kernel)}{_said(**more)})"
    cut = [(b, a - o) for (b, a), o in zip(layer.padding, layer.output_padding, strict=True)]
    crop = [(max(b, 0), max(a, 0)) for b, a in cut]
    grow = [(0, max(-a, 0)) for _, a in cut]
    steps = [made]
    if any(any(one) for one in crop):
        steps.append(f"layers.Cropping{layer.rank}D({_margins(crop)})")
    if any(any(one) for one in grow):
        steps.append(
            f"layers.ZeroPadding{layer.rank}D({_margins(grow)})  # output_padding; PyTorch computes these cells"
        )
    return steps


def _value_by_value(layer: Layer, row: Row) -> str:  # noqa: PLR0911 - one case a layer
    """Give the Keras layer for one that changes numbers and no size."""
    match layer:
        case BatchNorm():
            return "layers.BatchNormalization(epsilon=1e-5, momentum=0.9)"
        case Norm(how="layer"):
            return "layers.LayerNormalization(epsilon=1e-5)"
        case Norm(how="response"):
            return "layers.Identity()  # Keras has no local response norm"
        case Norm():
            groups = layer.groups if layer.how == "group" else row.inputs[0][0]
            return f"layers.GroupNormalization({groups}, epsilon=1e-5)"
        case Activation(how="relu"):
            return "layers.ReLU()"
        case Activation(how="leaky_relu"):
            return f"layers.LeakyReLU({0.01 if layer.slope is None else layer.slope})"
        case Activation(how="prelu"):
            return "layers.PReLU()"
        case Activation():
            return f"layers.Activation({ACTIVATIONS[layer.how]})"
        case Dropout():
            return f"layers.SpatialDropout{layer.rank}D({layer.p})" if layer.channels else f"layers.Dropout({layer.p})"
        case _:
            return "layers.Identity()"


def _margins(margins: Any) -> str:
    pairs = tuple(tuple(one) for one in margins)
    if len(pairs) == 1:
        return repr(pairs[0])
    even = all(before == after for before, after in pairs)
    return repr(one_or_all(tuple(before for before, _ in pairs))) if even else repr(pairs)


def _conv(layer: Conv) -> list[str]:
    steps = []
    pads: Any = layer.padding if isinstance(layer.padding, str) else [tuple(one) for one in layer.padding]
    # "same" of Keras is PyTorch's as long as the stride is 1 and the kernel odd.
    same = pads == "same" or (
        max(layer.stride) == 1
        and all(
            b == a and 2 * b == (k - 1) * d for (b, a), k, d in zip(pads, layer.kernel, layer.dilation, strict=True)
        )
        and any(b for b, _ in pads)
    )
    settings: dict[str, Any] = {}
    if max(layer.stride) > 1:
        settings["strides"] = one_or_all(layer.stride)
    if same and layer.padding_mode == "zeros":
        settings["padding"] = "same"
    elif any(any(one) for one in pads):
        note = "" if layer.padding_mode == "zeros" else f"  # with zeros; PyTorch's mode is {layer.padding_mode}"
        steps.append(f"layers.ZeroPadding{layer.rank}D({_margins(pads)}){note}")
    if max(layer.dilation) > 1:
        settings["dilation_rate"] = one_or_all(layer.dilation)
    if layer.groups > 1:
        settings["groups"] = layer.groups
    if not layer.bias:
        settings["use_bias"] = False
    return [*steps, f"layers.Conv{layer.rank}D({layer.channels}, {one_or_all(layer.kernel)}{_said(**settings)})"]


def _pool(layer: Pool, row: Row) -> list[str]:
    if layer.how == "lp":
        return [f"layers.AveragePooling{layer.rank}D({one_or_all(layer.kernel)})  # Keras has no L2 pooling"]
    name = "MaxPooling" if layer.how == "max" else "AveragePooling"
    strides = "" if layer.stride == layer.kernel else _said(strides=one_or_all(layer.stride))
    made = f"layers.{name}{layer.rank}D({one_or_all(layer.kernel)}{strides})"
    margins = []
    for n, m, k, s, (before, after), d in zip(
        row.inputs[0][1:], row.output_shape[1:], layer.kernel, layer.stride, layer.padding, layer.dilation, strict=True
    ):
        # Rounding up lets the last window hang over the end: the cells that it lacks are added.
        lacking = (m - 1) * s + d * (k - 1) + 1 - (n + before + after)
        margins.append((before, after + max(lacking, 0)))
    if not any(any(one) for one in margins):
        return [made]
    note = "  # zeros: right for a maximum behind a ReLU" if layer.how == "max" else ""
    return [f"layers.ZeroPadding{layer.rank}D({_margins(margins)}){note}", made]
