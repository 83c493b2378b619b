"""Pasted code, read with the sizes worked out on the way.

>>> parsed = read_code("nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(4 * 26 * 26, 10))", (1, 28, 28))
>>> trace_network(parsed.network).output_shape
(10,)
"""

from __future__ import annotations

from collections.abc import Sequence

from cnnviz.engine.networks.code.reader import Parsed, parse
from cnnviz.engine.networks.code.writer import to_torch
from cnnviz.engine.networks.layers.shapes import layer_shape
from cnnviz.engine.networks.trace import NetworkTrace, trace_network

__all__ = ["read_code", "trace_network", "write_code"]


def read_code(text: str, size: Sequence[int] | None = None) -> Parsed:
    """Read code for pictures of a size; the code's own size, or 3 x 224 x 224, if none is given."""
    return parse(text, size, measure=layer_shape)


def write_code(trace: NetworkTrace) -> str:
    """Write a network as PyTorch code, with the channels that really arrive."""
    return to_torch(trace.network, {row.name: row.inputs[0] for row in trace.rows})
