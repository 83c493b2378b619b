import sys
import types
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from torch import nn

from cnnviz.lessons.transposed.code import keras_code, torch_layer, torch_numbers
from cnnviz.lessons.transposed.examples import TRANSPOSED_PRESETS
from cnnviz.lessons.transposed.trace import trace_transposed
from tests.explain.running import run
from tests.lessons.transposed.specs import WORKING, traced


class Conv2DTranspose:
    """As Keras documents it: `valid` gives (n - 1) * stride + max(reach, stride) cells."""

    weight: torch.Tensor

    def __init__(self, filters, kernel_size, strides=1, dilation_rate=1, *, use_bias=True):
        assert filters == 1
        assert not use_bias
        assert min(np.max(strides), np.max(dilation_rate)) == 1, "Keras refuses both together"
        self.kernel = np.broadcast_to(kernel_size, 2)
        self.stride, self.dilation = np.broadcast_to(strides, 2), np.broadcast_to(dilation_rate, 2)

    def __call__(self, x):
        y = nn.functional.conv_transpose2d(
            x, self.weight, stride=tuple(self.stride.tolist()), dilation=tuple(self.dilation.tolist())
        )
        rows, columns = np.maximum(self.stride - (self.dilation * (self.kernel - 1) + 1), 0).tolist()
        return nn.functional.pad(y, (0, columns, 0, rows))


class Cropping2D:
    def __init__(self, sides):
        (self.top, self.bottom), (self.left, self.right) = sides

    def __call__(self, x):
        return x[..., self.top : x.shape[2] - self.bottom, self.left : x.shape[3] - self.right]


class ZeroPadding2D(Cropping2D):
    def __call__(self, x):
        return nn.functional.pad(x, (self.left, self.right, self.top, self.bottom))


class Sequential:
    def __init__(self, layers):
        self.shape, *self.layers = layers

    def set_weights(self, weights):
        (weight,) = weights
        layer = self.layers[0]
        assert weight.shape == (*layer.kernel, 1, 1)
        layer.weight = torch.from_numpy(weight.transpose(3, 2, 0, 1).copy())

    def predict(self, x):
        assert x.shape[1:] == self.shape
        y = torch.from_numpy(x.transpose(0, 3, 1, 2).copy())
        for layer in self.layers:
            y = layer(y)
        return y.numpy().transpose(0, 2, 3, 1)


@pytest.fixture(autouse=True)
def keras(monkeypatch):
    module: Any = types.ModuleType("keras")
    module.Sequential, module.Input = Sequential, tuple
    module.layers = types.SimpleNamespace(
        Conv2DTranspose=Conv2DTranspose, Cropping2D=Cropping2D, ZeroPadding2D=ZeroPadding2D
    )
    monkeypatch.setitem(sys.modules, "keras", module)


def check(trace):
    layer = run(torch_layer(trace))
    assert layer["y"].shape == (1, 1, *trace.output.shape)
    assert layer["x"].shape == (1, 1, *trace.values.shape)
    exact = run(torch_numbers(trace))
    np.testing.assert_allclose(exact["y"][0, 0].numpy(), trace.output, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(exact["x"][0, 0].numpy(), trace.values, rtol=1e-9, atol=1e-6)
    y = run(keras_code(trace))["y"]
    assert y.shape == (1, *trace.output.shape, 1)
    scale = max(1.0, float(np.abs(trace.values).max() * np.abs(trace.weight).max()) * trace.weight.size)
    np.testing.assert_allclose(y[0, :, :, 0], trace.output, rtol=1e-4, atol=1e-5 * scale)


@pytest.mark.parametrize("preset", TRANSPOSED_PRESETS, ids=lambda preset: preset.name)
def test_code_of_every_example(preset):
    check(traced(**preset.state))


@settings(deadline=None, max_examples=80, derandomize=True)
@given(WORKING)
def test_code_gives_any_picture(spec):
    check(trace_transposed(spec))


@pytest.mark.parametrize(
    "query", [{}, {"p": "1", "op": "1"}, {"p": "0.1.1.0"}, {"how": "round", "p": "1"}, {"d": "2"}], ids=str
)
def test_printed_output_stands_below(query, capsys):
    trace = traced(**query)
    code = torch_numbers(trace)
    run(code)
    printed = capsys.readouterr().out.splitlines()[0]
    assert f"print(y.shape)  # {printed}" in code
    comments = [line[2:] for line in code.splitlines() if line.startswith("# ")]
    assert [[float(cell) for cell in line.split(",")] for line in comments] == trace.output.tolist()


def test_the_layer_is_told_what_differs_from_its_defaults():
    plain = torch_layer(traced(s="1"))
    assert "nn.ConvTranspose2d(1, 1, kernel_size=3, bias=False)" in plain
    assert "stride=(1, 2)" in torch_layer(traced(s="1x2"))
    assert "cut by hand" in torch_layer(traced(p="0.1.0.0"))
    assert "up.weight = conv.weight" in torch_layer(traced(how="round"))
