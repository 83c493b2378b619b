import re
import sys
import types
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from torch import nn
from torch.nn.functional import conv2d

from cnnviz.lessons.channels.code import keras_code, torch_code
from cnnviz.lessons.channels.examples import CHANNELS_PRESETS
from cnnviz.lessons.channels.trace import ChannelsTrace, trace_channels
from cnnviz.lessons.channels.words import compare_cost, explain_groups, explain_parts, shape_rows
from tests.explain.running import run
from tests.lessons.channels.specs import WORKING, traced
from tests.lessons.convolution.specs import examples


def check_torch(trace: ChannelsTrace) -> None:
    names = run(torch_code(trace, numbers=True))
    np.testing.assert_allclose(names["y"][0].numpy(), np.array(trace.outputs), rtol=1e-9, atol=1e-6)
    layers = run(torch_code(trace, numbers=False))
    assert layers["y"].shape == (1, *np.array(trace.outputs).shape)
    made = [layers[name] for name in ("conv", "depthwise", "pointwise") if name in layers]
    assert made[0].weight.shape == trace.weight.shape
    assert (made[-1].bias is not None) == bool(trace.bias)
    weights = sum(layer.weight.numel() for layer in made)
    assert weights == compare_cost(trace).layers[0][1]


# As much of Keras 3 as the code of the page uses: Keras itself is too large to install for a test.


class Layer:
    def __init__(self, *filters, kernel_size, strides=1, groups=1, depth_multiplier=1, use_bias=True):
        self.filters, self.groups, self.many, self.biased = filters, groups, depth_multiplier, use_bias
        self.kernel = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        self.strides = strides

    def bias(self, weights):
        return torch.from_numpy(weights.pop(0)) if self.biased else None

    @staticmethod
    def tensor(weight, *order):
        return torch.from_numpy(weight.transpose(order).copy())


class Conv2D(Layer):
    def build(self, weights, channels):
        weight = weights.pop(0)
        assert weight.shape == (*self.kernel, channels // self.groups, *self.filters)
        b = self.bias(weights)
        self.run = lambda x: conv2d(x, self.tensor(weight, 3, 2, 0, 1), b, stride=self.strides, groups=self.groups)
        return self.filters[0]


class DepthwiseConv2D(Layer):
    def build(self, weights, channels):
        assert isinstance(self.strides, int), "Keras: equal strides only"
        weight = weights.pop(0)
        assert weight.shape == (*self.kernel, channels, self.many)
        flat = self.tensor(weight, 2, 3, 0, 1).reshape(channels * self.many, 1, *self.kernel)
        b = self.bias(weights)
        self.run = lambda x: conv2d(x, flat, b, stride=self.strides, groups=channels)
        return channels * self.many


class SeparableConv2D(Layer):
    def build(self, weights, channels):
        assert isinstance(self.strides, int), "Keras: equal strides only"
        depthwise, pointwise = weights.pop(0), weights.pop(0)
        assert depthwise.shape == (*self.kernel, channels, 1)
        assert pointwise.shape == (1, 1, channels, *self.filters)
        first, second = self.tensor(depthwise, 2, 3, 0, 1), self.tensor(pointwise, 3, 2, 0, 1)
        b = self.bias(weights)
        self.run = lambda x: conv2d(conv2d(x, first, stride=self.strides, groups=channels), second, b)
        return self.filters[0]


class ZeroPadding2D:
    def __init__(self, padding):
        self.padding = (padding, padding) if isinstance(padding, int) else padding

    def build(self, _, channels):
        return channels

    def run(self, x):
        rows, columns = self.padding
        return nn.functional.pad(x, (columns, columns, rows, rows))


class Sequential:
    def __init__(self, layers):
        self.shape, *self.layers = layers

    def set_weights(self, weights):
        left, channels = list(weights), self.shape[-1]
        for layer in self.layers:
            channels = layer.build(left, channels)
        assert not left

    def predict(self, x):
        assert x.shape[1:] == self.shape
        y = torch.from_numpy(x.transpose(0, 3, 1, 2).copy())
        for layer in self.layers:
            y = layer.run(y)
        return y.numpy().transpose(0, 2, 3, 1)


def check_keras(trace: ChannelsTrace) -> None:
    keras: Any = types.ModuleType("keras")
    keras.Sequential, keras.Input = Sequential, tuple
    names = (Conv2D, DepthwiseConv2D, SeparableConv2D, ZeroPadding2D)
    keras.layers = types.SimpleNamespace(**{layer.__name__: layer for layer in names})
    sys.modules["keras"] = keras
    try:
        y = run(keras_code(trace))["y"]
    finally:
        del sys.modules["keras"]
    expected = np.array(trace.outputs).transpose(1, 2, 0)[None]
    assert y.shape == expected.shape
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=np.abs(expected).max() * 1e-5 + 1e-4)


@pytest.mark.parametrize("preset", CHANNELS_PRESETS, ids=lambda preset: preset.name)
def test_code_of_every_preset_gives_the_picture(preset):
    check_torch(traced(**preset.state))
    check_keras(traced(**preset.state))


@examples(60)
@given(WORKING)
def test_torch_code_gives_any_picture(spec):
    check_torch(trace_channels(spec))


@examples(60)
@given(WORKING)
def test_keras_code_gives_any_picture(spec):
    spec = type(spec).from_query({k: v for k, v in spec.to_query().items() if k not in {"xe", "we", "ve"}})[0]
    check_keras(trace_channels(spec))


@pytest.mark.parametrize("query", [{}, {"layer": "separable"}, {"c": "4", "o": "4", "g": "2"}], ids=str)
def test_printed_shapes_and_numbers_stand_below(query, capsys):
    trace = traced(**query)
    for numbers in (False, True):
        code = torch_code(trace, numbers=numbers)
        run(code)
        for line in capsys.readouterr().out.splitlines():
            if line.startswith("torch.Size"):
                assert line in code
    comments = [line[2:] for line in torch_code(trace, numbers=True).splitlines() if line.startswith("# ")]
    np.testing.assert_allclose(
        [[float(cell) for cell in line.split(",")] for line in comments], trace.outputs[trace.spec.shown], rtol=1e-3
    )


def test_keras_takes_its_own_layer_where_it_has_one():
    assert "DepthwiseConv2D(kernel_size=3, use_bias=False)" in keras_code(traced(o="3", g="3"))
    assert "depth_multiplier=2" in keras_code(traced(c="2", o="4", g="2"))
    assert "SeparableConv2D(4, kernel_size=3, use_bias=False)" in keras_code(traced(o="4", layer="separable"))
    assert "Conv2D(4, kernel_size=3, groups=2, use_bias=False)" in keras_code(traced(c="4", o="4", g="2"))
    assert "SeparableConv2D" not in keras_code(traced(n="9", s="2x1", layer="separable"))


def test_code_lines_fit():
    for preset in CHANNELS_PRESETS:
        trace = traced(**preset.state)
        for code in (torch_code(trace, numbers=False), torch_code(trace, numbers=True), keras_code(trace)):
            assert max(map(len, code.splitlines())) <= 100


# Words


def test_ratio_of_depthwise_and_pointwise_has_the_numbers_in():
    (formula,) = compare_cost(traced(o="4", layer="separable")).formulas
    assert r"\frac{1}{C_\text{out}} + \frac{1}{k^2}" in formula
    assert r"\frac{1}{4} + \frac{1}{3^2}" in formula
    assert r"\frac{39}{108} \approx 0.361" in formula
    assert 39 / 108 == pytest.approx(1 / 4 + 1 / 9)


@examples(100)
@given(WORKING)
def test_costs_are_counted_right(spec):
    trace = trace_channels(spec)
    cost = compare_cost(trace)
    cells = trace.rows.size * trace.columns.size
    assert all(multiplications == weights * cells for _, weights, multiplications in cost.layers)
    named = {name: weights for name, weights, _ in cost.layers}
    own = trace.weight.size + (0 if trace.mixing is None else trace.mixing.size)
    assert cost.layers[0][1] == own
    dense = named.get("Dense", own)
    assert dense == spec.inputs * spec.outputs * spec.kernel[0] * spec.kernel[1]
    assert cost.sentence.endswith("weights.") or cost.sentence.endswith("weight.")


def test_what_two_steps_cost_too_much():
    assert "fewer than the dense layer" in compare_cost(traced(o="4", layer="separable")).sentence
    assert "more than the dense layer" in compare_cost(traced(o="1", layer="separable")).sentence
    assert "save nothing" in compare_cost(traced(c="1", o="2", k="1x2", layer="separable")).sentence


@examples(100)
@given(WORKING)
def test_the_sum_of_the_parts_is_written_out(spec):
    trace = trace_channels(spec)
    definition, *numbers = explain_parts(trace)
    assert definition.count("{") == definition.count("}")
    assert ("b_{" in definition) == bool(trace.bias)
    if numbers:
        lines = numbers[0].splitlines()
        shown = [re.sub(r"\\[a-z]+ ?", "·", line) for line in lines if "begin" not in line and "end" not in line]
        assert max(map(len, shown)) <= 45


@pytest.mark.parametrize(
    ("query", "phrase"),
    [
        ({}, "Dense: every output channel reads all 3 input channels."),
        ({"k": "1"}, "mixes the channels of one pixel"),
        ({"c": "4", "o": "4", "g": "2"}, "2 groups of 2 input channels and 2 output channels."),
        ({"o": "3", "g": "3"}, "Depthwise: 3 groups of 1 input channel and 1 output channel."),
        ({"layer": "separable"}, "The pointwise step is a 1×1 convolution"),
        ({"c": "1", "o": "4"}, "4 kernels give 4 maps."),
    ],
    ids=str,
)
def test_what_is_said_of_the_groups(query, phrase):
    assert phrase in explain_groups(traced(**query))


def test_shapes_in_both_orders():
    trace = traced(o="4", layer="separable", b="yes")
    rows = {row["What"]: (row["PyTorch"], row["Keras"]) for row in shape_rows(trace)}
    assert rows == {
        "Input": ("(1, 3, 5, 5)", "(1, 5, 5, 3)"),
        "Depthwise w": ("(3, 1, 3, 3)", "(3, 3, 3, 1)"),
        "Maps m": ("(1, 3, 3, 3)", "(1, 3, 3, 3)"),
        "Pointwise v": ("(4, 3, 1, 1)", "(1, 1, 3, 4)"),
        "Bias b": ("(4,)", "(4,)"),
        "Output": ("(1, 4, 3, 3)", "(1, 3, 3, 4)"),
    }
    four = {row["What"]: row["PyTorch"] for row in shape_rows(traced(n="9", p="1", c="1", o="4"))}
    assert (four["Input"], four["Weight w"], four["Output"]) == ("(1, 1, 9, 9)", "(4, 1, 3, 3)", "(1, 4, 9, 9)")
    depthwise = {row["What"]: row["Keras"] for row in shape_rows(traced(c="2", o="4", g="2"))}
    assert depthwise["Weight w"] == "(3, 3, 2, 2)"
