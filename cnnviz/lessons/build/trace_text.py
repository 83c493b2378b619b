"""A network that is being built, as text: what is kept, shared and undone is its PyTorch code.

>>> network = read_network("nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU())", (1, 8, 8))
>>> print(write_network(network))
import torch
from torch import nn
<BLANKLINE>
model = nn.Sequential(
    nn.Conv2d(1, 4, 3),
    nn.ReLU(),
)
print(model(torch.zeros(1, 1, 8, 8)).shape)
>>> len(read_network("model = nn.Sequential()", (1, 8, 8)))
0
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cnnviz.engine.networks.code.reader import DEFAULT_SIZE, Parsed
from cnnviz.engine.networks.code.sized import read_code
from cnnviz.engine.networks.code.writer import to_torch
from cnnviz.engine.networks.fixes import find_fixes
from cnnviz.engine.networks.graph import INPUT, Network, Shape
from cnnviz.engine.networks.layers.kinds import Add, Conv, Multiply
from cnnviz.engine.networks.trace import NetworkTrace, trace_network
from cnnviz.errors import SpecError
from cnnviz.lessons.build.trace import insert_between, loosen

NOTHING = re.compile(r"nn\.Sequential\(\s*\)")
NAME, TITLE = "network", "Your network"
MOST_STRIDE = 8


def read_network(text: str, size: Sequence[int] | None = None, parsed: Parsed | None = None) -> Network | None:
    """Read what is being built; an empty `nn.Sequential()` is a network to start from."""
    parsed = parsed or read_code(text, size)
    if parsed.network is not None:
        return replace(parsed.network, name=NAME, title=TITLE)
    if NOTHING.search(text):
        return Network(NAME, TITLE, tuple(size or parsed.size or DEFAULT_SIZE), [])
    return None


def write_network(network: Network) -> str:
    """Write it; a layer that nothing arrives at says what it was made for, or finds out by itself."""
    if not network.nodes:
        size = ", ".join(str(one) for one in network.input)
        return "\n".join([
            "import torch", "from torch import nn", "", "model = nn.Sequential()",
            f"print(model(torch.zeros(1, {size})).shape)",
        ])  # fmt: skip
    arriving: dict[str, Shape] = {row.name: row.inputs[0] for row in trace_network(network).rows}
    for node in network:
        made_for = getattr(node.layer, "channels_in", None) or getattr(node.layer, "features_in", None)
        if made_for is not None:
            rank = getattr(node.layer, "rank", 0)
            arriving[node.name] = (made_for,) + (1,) * rank
    return to_torch(network, arriving)


def mends(trace: NetworkTrace, *, follow: bool = False) -> list[tuple[str, Network]]:
    """Find the smallest changes that mend what does not fit: each in words, and the network after it.

    `follow`: a change may count on layers that take as many channels as arrive.
    """
    if trace.fault is None:
        return []
    free = trace_network(loosen(trace.network), trace.input)
    if free.fault is None:
        return [("Let every layer take as many channels as arrive.", free.network), *_found(trace)]
    return _found(free if follow else trace)


def _found(trace: NetworkTrace) -> list[tuple[str, Network]]:
    return _projection(trace) + [(fix.sentence, fix.apply(trace.network)) for fix in find_fixes(trace)]


def _projection(trace: NetworkTrace) -> list[tuple[str, Network]]:
    """Put a 1×1 convolution on a shortcut that does not fit what it is added to."""
    node = trace.faulty
    if node is None or not isinstance(node.layer, (Add, Multiply)) or len(trace.network.inputs_of(node.name)) != 2:
        return []
    ends = sorted(trace.network.inputs_of(node.name), key=lambda name: _order(trace, name))
    shapes = [trace.input if one == INPUT else trace.row(one).output_shape for one in ends]
    short, long = shapes
    if len(short) != len(long) or len(long) < 2:
        return []
    strides = [-(-a // b) for a, b in zip(short[1:], long[1:], strict=True)]
    if max(strides) > MOST_STRIDE:
        return []
    stride = strides[0] if len(set(strides)) == 1 else tuple(strides)
    try:
        layer = Conv(long[0], 1, stride=stride, bias=False, rank=len(long) - 1)
        after = insert_between(trace.network, ends[0], node.name, layer)
    except SpecError:
        return []
    if node.name not in {row.name for row in trace_network(after, trace.input).rows}:
        return []
    said = f", stride {stride}" if stride != 1 else ""
    return [(f"Put a 1×1 convolution on the shortcut: {long[0]} channels{said}.", after)]


def _order(trace: NetworkTrace, name: str) -> int:
    return -1 if name == INPUT else next(i for i, one in enumerate(trace.network.nodes) if one.name == name)
