"""The oracle of receptive fields: PyTorch's gradient of a network with positive weights and nothing cut off."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cnnviz.engine.networks.cut import cut
from cnnviz.engine.networks.graph import Network, Shape
from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.trace import Row, trace_network
from cnnviz.lessons.receptive_field.trace import Unit
from cnnviz.lessons.receptive_field.trace_effective import counting_twin

LEAST = 1e-13
"""Where a map is enlarged, PyTorch's own rounding leaves weights of this size where they should be zero."""


def gradient(
    network: Network, layer: str, unit: Unit, size: Shape | None = None, *, ones: bool = False
) -> NDArray[Any]:
    """Sum over the picture's channels; weights are means, or ones."""
    trace = trace_network(cut(network, layer), size)
    module = build_module(counting_twin(trace), trace.input).double().eval()
    with torch.no_grad():
        for parameter in module.parameters():
            weight = 1.0 if ones else 1 / max(parameter[0].numel(), 1)
            parameter.fill_(weight if parameter.dim() > 1 else 0)
    x = torch.ones(1, *trace.input, dtype=torch.double, requires_grad=True)
    y = module(x)[0]
    chosen = y[unit] if y.dim() == 1 else y[(slice(None), *unit)]
    (found,) = torch.autograd.grad(chosen.sum(), x)
    return found[0].sum(0).numpy()


def units(row: Row) -> list[Unit]:
    """The corners, the middle and one between of a layer."""
    sizes = row.output_shape if len(row.output_shape) == 1 else row.output_shape[1:]
    places = ([0] * len(sizes), [n - 1 for n in sizes], [n // 2 for n in sizes], [n // 3 for n in sizes])
    return list(dict.fromkeys(tuple(place) for place in places))


def measured(network: Network, layer: str, unit: Unit, size: Shape | None = None) -> NDArray[np.bool_]:
    found = gradient(network, layer, unit, size)
    return found > LEAST * found.max() if LEAST and _enlarges(network) else found > 0


def _enlarges(network: Network) -> bool:
    return any(node.layer.kind == "upsample" for node in network)
