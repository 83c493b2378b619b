"""A network up to one of its layers.

>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> len(cut(ARCHITECTURES["vgg16"], "features.4"))
5
"""

from __future__ import annotations

from dataclasses import replace

from cnnviz.engine.networks.graph import Network
from cnnviz.errors import SpecError
from cnnviz.quoting import one_line


def cut(network: Network, layer: str) -> Network:
    """Keep what a layer depends on, and nothing behind it.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> len(cut(ARCHITECTURES["vgg16"], "features.4")), cut(ARCHITECTURES["resnet18"], "layer1.0.add").nodes[-1].name
    (5, 'layer1.0.add')
    """
    needed = {layer}
    kept = []
    for node in reversed(network.nodes):
        if node.name in needed:
            inputs = network.inputs_of(node.name)
            needed.update(inputs)
            kept.append(replace(node, inputs=inputs))
    if not kept:
        raise SpecError("layer", f"The network has no layer “{one_line(layer)}”.")
    return Network(network.name, network.title, network.input, kept[::-1], note=network.note)
