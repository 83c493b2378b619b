"""As much of Keras 3 as the code of the page uses, on PyTorch: Keras itself is too large to install for a test."""

import types
from typing import Any

import numpy as np
import torch
from torch import nn


class ZeroPadding2D:
    def __init__(self, padding):
        (self.top, self.bottom), (self.left, self.right) = padding

    def __call__(self, x):
        return nn.functional.pad(x, (self.left, self.right, self.top, self.bottom))


class Conv2D:
    weight: torch.Tensor

    def __init__(self, filters, kernel_size, strides=1, padding="valid", dilation_rate=1, *, use_bias=True):
        assert filters == 1
        assert not use_bias
        both = [np.max(strides), np.max(dilation_rate)]
        assert min(both) == 1, "Keras: `strides > 1` not supported in conjunction with `dilation_rate > 1`"
        assert padding == "valid" or np.max(strides) == 1, "with a stride, Keras pads differently"
        self.settings = {"stride": strides, "padding": padding, "dilation": dilation_rate}
        self.kernel_size = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size

    def __call__(self, x):
        return nn.functional.conv2d(x, self.weight, **self.settings)


class Sequential:
    def __init__(self, layers):
        self.shape, *self.layers = layers

    def set_weights(self, weights):
        (weight,) = weights
        convolution = self.layers[-1]
        assert weight.shape == (*convolution.kernel_size, 1, 1)
        convolution.weight = torch.from_numpy(weight.transpose(3, 2, 0, 1).copy())

    def predict(self, x):
        assert x.shape[1:] == self.shape
        y = torch.from_numpy(x.transpose(0, 3, 1, 2).copy())
        for layer in self.layers:
            y = layer(y)
        return y.numpy().transpose(0, 2, 3, 1)


def module() -> types.ModuleType:
    keras: Any = types.ModuleType("keras")
    keras.Sequential, keras.Input = Sequential, tuple
    keras.layers = types.SimpleNamespace(ZeroPadding2D=ZeroPadding2D, Conv2D=Conv2D)
    return keras
