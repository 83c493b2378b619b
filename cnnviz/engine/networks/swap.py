"""The same network with other convolutions: all dense, or all depthwise and pointwise.

>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> trace = trace_network(ARCHITECTURES["vgg11"])
>>> light = trace_network(swapped(trace, "separable"))
>>> trace.row("features.18").params, sum(r.params for r in light.rows if r.name.startswith("features.18"))
(2359808, 267264)
>>> light.output_shape == trace.output_shape
True
"""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.networks.graph import Network, Node
from cnnviz.engine.networks.layers.kinds import Conv
from cnnviz.engine.networks.trace import NetworkTrace, trace_network

__all__ = ["swapped", "trace_network"]


def swapped(trace: NetworkTrace, swap: str) -> Network:
    """Give a network whose convolutions are of another kind; sizes stay what they were.

    "separable": every convolution with a window of more than one cell becomes one that filters each channel alone,
    and a 1x1 convolution that mixes them. "dense": convolutions in groups lose their groups.
    """
    network = trace.network
    arriving = {row.name: row.inputs[0][0] for row in trace.rows}
    nodes: list[Node] = []
    for node in network.nodes:
        layer, inputs = node.layer, network.inputs_of(node.name)
        if isinstance(layer, Conv) and swap == "dense" and layer.groups > 1:
            nodes.append(replace(node, layer=replace(layer, groups=1), inputs=inputs))
        elif isinstance(layer, Conv) and swap == "separable" and layer.groups == 1 and max(layer.kernel) > 1:
            channels = arriving.get(node.name, layer.channels)
            alone = replace(layer, channels=channels, channels_in=channels, groups=channels, bias=False)
            first = f"{node.name}.depthwise"
            home = f"{node.module}.depthwise" if node.module else ""
            nodes.append(replace(node, name=first, layer=alone, inputs=inputs, module=home))
            mix = Conv(layer.channels, 1, bias=layer.bias, rank=layer.rank)
            # Both hang below the old name, for PyTorch has no module with members that is a layer too.
            nodes.append(replace(node, layer=mix, inputs=(first,), module=f"{node.home}.pointwise"))
        else:
            nodes.append(replace(node, inputs=inputs))
    return replace(network, nodes=nodes, title=f"{network.title}, {swap}", input=trace.input)
