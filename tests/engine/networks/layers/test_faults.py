"""What a layer refuses, in PyTorch's own words: the words are compared with what PyTorch really says."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from cnnviz.engine.networks.layers.kinds import (
    AdaptivePool,
    Add,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Flatten,
    Layer,
    Linear,
    Mean,
    Norm,
    PixelShuffle,
    Pool,
    View,
)
from cnnviz.engine.networks.layers.shapes import layer_shape
from cnnviz.engine.networks.layers.windows import LayerError
from cnnviz.errors import SpecError

FAULTS: dict[str, tuple[Layer, list[tuple[int, ...]], Callable[..., Any]]] = {
    "channels": (Conv(16, 5, channels_in=6), [(3, 28, 28)], nn.Conv2d(6, 16, 5)),
    "one channel": (Conv(16, 5, channels_in=1), [(3, 28, 28)], nn.Conv2d(1, 16, 5)),
    "groups": (
        Conv(8, 3, groups=4, channels_in=4), [(8, 9, 9)], nn.Conv2d(4, 8, 3, groups=4),
    ),
    "kernel": (Conv(16, 5), [(3, 2, 2)], nn.Conv2d(3, 16, 5)),
    "dilated kernel": (
        Conv(16, 3, padding=1, dilation=4), [(3, 6, 5)], nn.Conv2d(3, 16, 3, padding=1, dilation=4),
    ),
    "1-D": (Conv(4, 9, rank=1), [(3, 4)], nn.Conv1d(3, 4, 9)),
    "conv on a list": (Conv(4, 3), [(30,)], nn.Conv2d(3, 4, 3)),
    "conv1d on a picture": (Conv(4, 3, rank=1), [(3, 4, 4)], nn.Conv1d(3, 4, 3)),
    "transposed channels": (ConvTranspose(4, 3, channels_in=6), [(7, 4, 4)], nn.ConvTranspose2d(6, 4, 3)),
    "pool": (Pool(2), [(16, 1, 1)], nn.MaxPool2d(2)),
    "pool 3": (Pool(3, how="avg"), [(16, 2, 1)], nn.AvgPool2d(3)),
    "pool on a list": (Pool(2), [(30,)], nn.MaxPool2d(2)),
    "linear": (Linear(120, features_in=400), [(576,)], nn.Linear(400, 120)),
    "linear, not flattened": (Linear(120, features_in=400), [(16, 6, 6)], nn.Linear(400, 120)),
    "batch norm": (BatchNorm(16), [(32, 4, 4)], nn.BatchNorm2d(16).eval()),
    "batch norm rank": (BatchNorm(16), [(16,)], nn.BatchNorm2d(16).eval()),
    "group norm": (
        Norm("group", groups=4, features_in=6), [(6, 4, 4)],
        lambda x: nn.functional.group_norm(x, 4),
    ),
    "layer norm": (Norm("layer", shape=(7,)), [(3, 6)], nn.LayerNorm(7)),
    "add": (Add(), [(16, 28, 28), (16, 30, 30)], torch.add),
    "add channels": (Add(), [(16, 28, 28), (8, 28, 28)], torch.add),
    "concat": (Concat(), [(16, 28, 28), (16, 30, 30)], lambda a, b: torch.cat([a, b], 1)),
    "view": (View((400,)), [(16, 6, 6)], lambda x: x.view(-1, 400)),
    "shuffle": (PixelShuffle(2), [(7, 4, 4)], nn.PixelShuffle(2)),
    "unshuffle": (PixelShuffle(2, down=True), [(4, 5, 4)], nn.PixelUnshuffle(2)),
    "flatten": (Flatten(2), [(5,)], lambda x: torch.flatten(x, 2)),
}  # fmt: skip
# Where PyTorch's words hold what only it can know, the beginning must agree.
BEGINNINGS = {"group norm": "Expected number of channels in input to be divisible by num_groups"}


@pytest.mark.parametrize("name", FAULTS)
def test_the_words_are_pytorchs(name):
    layer, shapes, run = FAULTS[name]
    with pytest.raises((RuntimeError, ValueError, IndexError)) as theirs:
        run(*(torch.zeros(1, *shape) for shape in shapes))
    with pytest.raises(LayerError) as ours:
        layer_shape(layer, shapes)
    said = str(theirs.value).split("\n", maxsplit=1)[0]
    if name in BEGINNINGS:
        assert ours.value.torch.startswith(BEGINNINGS[name])
        assert said.startswith(BEGINNINGS[name])
    else:
        assert ours.value.torch == said
    assert not ours.value.message[0].islower() and ours.value.message.endswith(".")


@pytest.mark.parametrize(
    ("layer", "shape", "word"),
    [
        (View((400,)), (16, 6, 6), "576"),
        (Linear(10, features_in=400), (16, 5, 5), "flattened it would be 400"),
        (Conv(4, 7), (1, 5, 5), "2 too few"),
        (Flatten(0), (4, 4, 4), "keep the pictures apart"),
        (Mean((4,)), (3, 4, 4), "axes 1 to 3"),
        (Conv(4, 3, padding=5, padding_mode="reflect"), (3, 4, 4), "only 3"),
    ],
)
def test_plain_words_say_by_how_much(layer, shape, word):
    with pytest.raises(LayerError, match=word):
        layer_shape(layer, [shape])


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: Conv(0, 3), "channels"),
        (lambda: Conv(6, 3, groups=4), "3 groups can"),
        (lambda: Conv(4, 3, stride=2, padding="same"), "stride 1"),
        (lambda: Conv(4, (3, 3, 3)), "3 axes"),
        (lambda: Conv(4, 3, padding="large"), "“large”"),
        (lambda: Pool(2, padding=2), "at most 1"),
        (lambda: ConvTranspose(4, 3, stride=2, output_padding=2), "at most 1"),
        (lambda: Linear(10**9), "1,000,000"),
        (lambda: AdaptivePool(0), "0"),
        (lambda: Conv(4, 2.5), "whole number"),
    ],
)
def test_what_no_layer_can_be_is_refused_at_once(make, word):
    with pytest.raises(SpecError, match=word):
        make()
