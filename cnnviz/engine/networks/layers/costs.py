"""What a layer costs: its parameters, its multiply-accumulates, and what else it computes.

>>> layer_costs(Conv(64, 7, stride=2, padding=3, bias=False), [(3, 224, 224)], (64, 112, 112))
Costs(weights=9408, biases=0, buffers=0, macs=118013952, additions=0, elementwise=0)

Tools disagree about cost because they count different columns: multiply-accumulates of convolutions and dense layers
alone; their biases too; or every operation on every number. So the columns are kept apart here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Conv,
    ConvTranspose,
    Layer,
    Linear,
    Mean,
    Multiply,
    Norm,
    Pool,
    Upsample,
)


@dataclass(frozen=True, slots=True)
class Costs:
    """The columns, for one picture."""

    weights: int = 0
    biases: int = 0
    """Biases, and the shifts of a normalisation."""
    buffers: int = 0
    """Numbers that are stored but not learned: running means and variances, and their counter."""
    macs: int = 0
    """Multiply-accumulates of convolutions and dense layers, without biases."""
    additions: int = 0
    """One for each output that gets a bias."""
    elementwise: int = 0
    """Operations on single numbers: normalising (2), activation (1), pooling (1 for each cell of a window), adding."""


FREE = Costs()


def layer_costs(  # noqa: PLR0911 - one case a layer
    layer: Layer, shapes: Sequence[Shape], output: Shape
) -> Costs:
    """Count everything, for one picture."""
    outputs = math.prod(output)
    first = shapes[0]
    match layer:
        case Conv():
            weights = layer.channels * (first[0] // layer.groups) * math.prod(layer.kernel)
            macs = outputs * (first[0] // layer.groups) * math.prod(layer.kernel)
            return Costs(weights, layer.channels * layer.bias, 0, macs, outputs * layer.bias)
        case ConvTranspose():
            weights = first[0] * (layer.channels // layer.groups) * math.prod(layer.kernel)
            # Every input cell is multiplied by the whole stamp, also where the stamp is cropped.
            macs = math.prod(first) * (layer.channels // layer.groups) * math.prod(layer.kernel)
            return Costs(weights, layer.channels * layer.bias, 0, macs, outputs * layer.bias)
        case Linear():
            rows = outputs // layer.features
            weights = first[-1] * layer.features
            return Costs(weights, layer.features * layer.bias, 0, rows * weights, outputs * layer.bias)
        case BatchNorm():
            scale = first[0] * layer.affine
            return Costs(scale, scale, 2 * first[0] + 1, 0, 0, 2 * outputs)
        case Norm():
            scale = 0 if layer.how == "response" or not layer.affine else math.prod(layer.shape or first[:1])
            return Costs(scale, scale, 0, 0, 0, 2 * outputs)
        case Activation():
            return Costs(int(layer.how == "prelu"), 0, 0, 0, 0, 0 if layer.how == "identity" else outputs)
        case Pool():
            return Costs(elementwise=outputs * math.prod(layer.kernel))
        case AdaptivePool() | Mean():
            return Costs(elementwise=math.prod(first))
        case Add() | Multiply():
            return Costs(elementwise=outputs * (len(shapes) - 1))
        case Upsample():
            return Costs(elementwise=0 if layer.mode == "nearest" else outputs * 2 ** len(first[1:]))
        case _:
            return FREE
