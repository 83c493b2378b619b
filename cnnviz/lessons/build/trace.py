"""Edits of a network, each a pure function: the network afterwards, or a sentence that says why not.

>>> from cnnviz.engine.networks.graph import Draft
>>> draft = Draft("", "", (1, 28, 28))
>>> _ = draft.chain([Conv(6, 5), Pool(2), Linear(10)])
>>> network = draft.done()
>>> [node.name for node in insert_after(network, "1", Flatten())]
['0', '1', 'flatten', '2']
>>> [node.name for node in move(network, "1", -1)], [node.name for node in remove(network, "1")]
(['1', '0', '2'], ['0', '2'])
>>> change(network, "0", kernel=3)["0"].layer
Conv(6, 3)
>>> add_shortcut(network, "input", "0", "add").inputs_of("add")
('0', 'input')
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cnnviz.engine.networks.graph import INPUT, Network, Node
from cnnviz.engine.networks.layers.base import verify
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    Add,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Crop,
    Flatten,
    Layer,
    Linear,
    Multiply,
    Norm,
    Pool,
    View,
)
from cnnviz.errors import SpecError
from cnnviz.quoting import one_line

MERGES: dict[str, type[Layer]] = {"add": Add, "concat": Concat}
NAMES = {"batch_norm": "bn", "linear": "fc", "conv_transpose": "up", "adaptive_pool": "global_pool"}


def explicit(network: Network) -> Network:
    """Name the inputs of every layer, so that layers may come and go between them."""
    return replace(network, nodes=[replace(node, inputs=network.inputs_of(node.name)) for node in network])


def fresh_name(network: Network, layer: Layer) -> str:
    """Find a name for a new layer that no other has.

    >>> fresh_name(Network("", "", (1, 4, 4), [Node("conv", Conv(1, 1))]), Conv(1, 1))
    'conv2'
    """
    word = layer.how if isinstance(layer, Activation) else NAMES.get(layer.kind, layer.kind)
    taken = {node.name for node in network} | {node.home for node in network}
    number, name = 1, word
    while name in taken:
        number += 1
        name = f"{word}{number}"
    return name


def insert_after(network: Network, name: str, layer: Layer) -> Network:
    """Put a layer behind another (or behind the input): whoever read that one reads the new one."""
    network = explicit(network)
    at = _place(network, name) + 1
    new = Node(fresh_name(network, layer), layer, (name,))
    nodes = [_rewired(node, {name: new.name}) for node in network]
    last = new.name if network.last == name else network.last
    return _made(network, [*nodes[:at], new, *nodes[at:]], last)


def insert_between(network: Network, source: str, target: str, layer: Layer) -> Network:
    """Put a layer on one way only: the one from a layer to one of its readers."""
    network = explicit(network)
    at = _layer(network, target)
    if source not in network.inputs_of(target):
        raise SpecError("inputs", f"“{target}” does not read “{source}”.")
    new = Node(fresh_name(network, layer), layer, (source,))
    nodes = [_rewired(node, {source: new.name}) if node.name == target else node for node in network]
    return _made(network, [*nodes[:at], new, *nodes[at:]], network.last)


def remove(network: Network, name: str) -> Network:
    """Take a layer out; whoever read it reads its input. Of a layer that joins branches, the later branch stays."""
    network = explicit(network)
    gone = network.nodes[_layer(network, name)]
    kept = gone.inputs[0]
    if not isinstance(gone.layer, Crop):
        kept = max(gone.inputs, key=lambda one: _place(network, one))
    nodes = []
    for node in network:
        if node.name == name:
            continue
        wired = _rewired(node, {name: kept})
        if len(set(wired.inputs)) < len(set(node.inputs)):
            raise SpecError(
                "inputs",
                f"“{name}” is all there is on one of the ways into “{node.name}”; without it both ways would be the "
                f"same. Remove “{node.name}” first.",
            )
        nodes.append(wired)
    last = kept if network.last == name else network.last
    if lost := _unread(nodes, last) - _unread(network.nodes, network.last):
        branch = next(one.name for one in reversed(nodes) if one.name in lost)
        raise SpecError(
            "inputs",
            f"Without “{name}”, nothing would read the branch that ends with “{branch}”. Remove the layers of that "
            f"branch first, the last one first.",
        )
    return _made(network, nodes, last)


def move(network: Network, name: str, by: int) -> Network:
    """Let a layer change places with the one before it (-1) or after it (+1) on its chain."""
    network = explicit(network)
    at = _layer(network, name)
    if by > 0:
        readers = [node for node in network if name in node.inputs]
        if not readers:
            raise SpecError("name", f"“{name}” is the last layer already.")
        if len(readers) > 1:
            raise SpecError("name", f"{len(readers)} layers read “{name}”: a fork stays where it is.")
        after = readers[0]
        if len(after.inputs) > 1:
            raise SpecError("name", f"“{after.name}” joins branches; “{name}” cannot pass it.")
        return _swapped(network, at, _place(network, after.name))
    node = network.nodes[at]
    if len(node.inputs) > 1:
        raise SpecError("name", f"“{name}” joins branches; it stays where they meet.")
    before = node.inputs[0]
    if before == INPUT:
        raise SpecError("name", f"“{name}” reads the input: nothing comes before it.")
    return _swapped(network, _place(network, before), at)


def _swapped(network: Network, first: int, second: int) -> Network:
    """Exchange two layers, of which the second reads the first."""
    a, b = network.nodes[first], network.nodes[second]
    if len(a.inputs) > 1:
        raise SpecError("name", f"“{a.name}” joins branches; “{b.name}” cannot pass it.")
    if sum(a.name in node.inputs for node in network) > 1 or network.last == a.name:
        raise SpecError("name", f"More than one layer reads “{a.name}”: “{b.name}” cannot pass this fork.")
    nodes = [_rewired(node, {b.name: a.name}) for node in network]
    nodes[first], nodes[second] = replace(b, inputs=a.inputs), replace(a, inputs=(b.name,))
    return _made(network, nodes, a.name if network.last == b.name else network.last)


def change(network: Network, name: str, **settings: Any) -> Network:
    """Give a layer other settings; a module that runs more than once changes wherever it runs."""
    node = network.nodes[_layer(network, name)]
    layer = verify(replace(node.layer, **settings))
    return network.changed({one.name: layer for one in network if one.home == node.home})


def add_shortcut(network: Network, start: str, end: str, how: str) -> Network:
    """Lead the result of a layer (or the input) past others and join it again behind `end`: added or concatenated."""
    network = explicit(network)
    if not network.nodes or end == INPUT:
        raise SpecError("end", "A shortcut needs a layer that it leads past.")
    if _place(network, start) >= _place(network, end):
        raise SpecError("start", f"A shortcut leads forward: “{start}” does not come before “{end}”.")
    if any(set(node.inputs) >= {start, end} for node in network):
        raise SpecError("start", f"“{start}” and “{end}” are joined already.")
    layer = MERGES[how]()
    new = Node(fresh_name(network, layer), layer, (end, start))
    at = _place(network, end) + 1
    nodes = [_rewired(node, {end: new.name}) for node in network]
    last = new.name if network.last == end else network.last
    return _made(network, [*nodes[:at], new, *nodes[at:]], last)


def loosen(network: Network) -> Network:
    """Let every layer take what comes: forget for how many channels or numbers it was made."""
    layers: dict[str, Layer] = {}
    for node in network:
        match node.layer:
            case Conv() | ConvTranspose() if node.layer.channels_in is not None:
                layers[node.name] = replace(node.layer, channels_in=None)
            case Linear() | BatchNorm() if node.layer.features_in is not None:
                layers[node.name] = replace(node.layer, features_in=None)
            case Norm(how="group" | "instance") if node.layer.features_in is not None:
                layers[node.name] = replace(node.layer, features_in=None)
            case View() if len(node.layer.shape) == 1:
                layers[node.name] = Flatten()
            case _:
                pass
    return network.changed(layers)


def joins(layer: Layer) -> bool:
    """Say whether a layer is where branches meet."""
    return isinstance(layer, (Add, Multiply, Concat))


def index_of(network: Network, name: str) -> int:
    """Give the place of a layer: the input has -1."""
    return _place(network, name)


def newest(before: Network, after: Network) -> str:
    """Name the layer that an edit has put in."""
    old = {node.name for node in before}
    return next(node.name for node in after if node.name not in old)


def _place(network: Network, name: str) -> int:
    if name == INPUT:
        return -1
    for place, node in enumerate(network.nodes):
        if node.name == name:
            return place
    raise SpecError("name", f"There is no layer “{one_line(name)}”.")


def _layer(network: Network, name: str) -> int:
    if name == INPUT:
        raise SpecError("name", "The input is no layer: it stays where it is.")
    return _place(network, name)


def _rewired(node: Node, names: dict[str, str]) -> Node:
    return replace(node, inputs=tuple(names.get(one, one) for one in node.inputs))


def _unread(nodes: Iterable[Node], last: str) -> set[str]:
    nodes = list(nodes)
    read = {name for node in nodes for name in node.inputs} | {last}
    return {node.name for node in nodes} - read


def _made(network: Network, nodes: list[Node], last: str) -> Network:
    """Make the network; its output is named only where it is not the last layer."""
    output = "" if not nodes or last in {nodes[-1].name, INPUT} else last
    return replace(network, nodes=nodes, output=output)


__all__ = ["MERGES", "Pool", "add_shortcut", "change", "insert_after", "insert_between", "loosen", "move", "remove"]
