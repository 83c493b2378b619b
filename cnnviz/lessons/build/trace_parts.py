"""The parts that a picture of a network shows: layers, and stages that are folded into one block.

>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> trace = trace_network(ARCHITECTURES["resnet18"])
>>> [part.key for part in find_parts(trace)][3:7]
['maxpool', 'layer1', 'layer2', 'layer3']
>>> [part.key for part in find_parts(trace, ["layer1"])][4:7]
['layer1.0', 'layer1.1', 'layer2']
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cnnviz.engine.networks.code.words import keeps_state
from cnnviz.engine.networks.graph import INPUT, Network, Node
from cnnviz.engine.networks.layers.kinds import Activation, Add, Concat, Dropout, Multiply
from cnnviz.engine.networks.trace import NetworkTrace, Row

FOLD_FROM = 56
"""Networks of more layers fold."""
FEWEST = 6
"""A picture of fewer blocks opens its largest stage by itself."""
CHUNK = 40
SMALL = 2
BETWEEN = (Activation, Add, Concat, Dropout, Multiply)
"""Layers that code often writes without a module, so their names say no stage."""


@dataclass(frozen=True)
class Part:
    """One block of the picture: a layer, or a folded stage; `reads` are the keys of the parts before it."""

    key: str
    title: str
    nodes: tuple[Node, ...]
    rows: tuple[Row, ...]
    reads: tuple[str, ...]

    @property
    def folded(self) -> bool:
        """Say whether it stands for several layers."""
        return len(self.nodes) > 1

    @property
    def row(self) -> Row | None:
        """What leaves it."""
        return self.rows[-1] if self.rows and self.rows[-1].name == self.nodes[-1].name else None


@dataclass(frozen=True)
class _Group:
    key: str
    title: str
    nodes: tuple[Node, ...]


def find_parts(trace: NetworkTrace, opened: Collection[str] = ()) -> list[Part]:
    """Part a network; small ones into their layers, large ones into stages, of which some may be open."""
    network = trace.network
    rows = {row.name: row for row in trace.rows}
    groups = _groups(network, opened)
    part_of = {node.name: group.key for group in groups for node in group.nodes} | {INPUT: INPUT}
    parts = []
    for group in groups:
        reads = [part_of[name] for node in group.nodes for name in network.inputs_of(node.name)]
        found = tuple(dict.fromkeys(one for one in reads if one != group.key))
        here = tuple(rows[node.name] for node in group.nodes if node.name in rows)
        parts.append(Part(group.key, group.title, group.nodes, here, found))
    return parts


def openable(network: Network, opened: Collection[str] = ()) -> list[str]:
    """List the stages that are folded now."""
    return [group.key for group in _groups(network, opened) if len(group.nodes) > 1]


def opened_for(network: Network, opened: Collection[str], name: str) -> tuple[str, ...]:
    """Open as many stages as it takes to see a layer.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> opened_for(ARCHITECTURES["resnet18"], ["layer4"], "layer1.0.conv2")
    ('layer4', 'layer1', 'layer1.0')
    """
    found = list(opened)
    while True:
        group = next((one for one in _groups(network, found) if any(node.name == name for node in one.nodes)), None)
        if group is None or len(group.nodes) == 1:
            return tuple(found)
        found.append(group.key)


def stages(network: Network, opened: Collection[str]) -> list[str]:
    """Keep only those open stages that the network has."""
    known: list[str] = []
    for _ in range(len(opened)):
        known += [key for key in openable(network, known) if key in opened]
    return known


def _groups(network: Network, opened: Collection[str]) -> list[_Group]:
    nodes = network.nodes
    if len(nodes) <= FOLD_FROM:
        return [_single(node) for node in nodes]
    items = list(zip(nodes, _paths(nodes), strict=True))
    also: set[str] = set()
    groups = _fold(items, 0, "", opened)
    while len(groups) < FEWEST and (large := max(groups, key=lambda group: len(group.nodes))).nodes[1:]:
        also.add(large.key)
        groups = _fold(items, 0, "", {*opened, *also})
    return groups


def _single(node: Node) -> _Group:
    return _Group(node.name, node.name, (node,))


def _fold(
    items: Sequence[tuple[Node, tuple[str, ...]]], depth: int, prefix: str, opened: Collection[str]
) -> list[_Group]:
    runs: list[list[tuple[Node, tuple[str, ...]]]] = []
    for item in items:
        word = item[1][depth : depth + 1]
        if runs and word and runs[-1][0][1][depth : depth + 1] == word:
            runs[-1].append(item)
        else:
            runs.append([item])
    if len(runs) > FOLD_FROM:
        return _chunks(items, prefix, opened)
    found: list[_Group] = []
    seen: dict[str, int] = {}
    for run in runs:
        name = ".".join(run[0][1][: depth + 1])
        seen[name] = seen.get(name, 0) + 1
        key = name if seen[name] == 1 else f"{name}~{seen[name]}"
        if len(run) <= SMALL:
            found += [_single(node) for node, _ in run]
        elif key in opened:
            found += _fold(run, depth + 1, key, opened)
        else:
            found.append(_Group(key, key.split("~", maxsplit=1)[0], tuple(node for node, _ in run)))
    return found


def _chunks(items: Sequence[tuple[Node, tuple[str, ...]]], prefix: str, opened: Collection[str]) -> list[_Group]:
    """Fold a long row of layers without stages into pieces."""
    found: list[_Group] = []
    length = max(CHUNK, -(-len(items) // CHUNK))
    for start in range(0, len(items), length):
        nodes = tuple(node for node, _ in items[start : start + length])
        key = f"{prefix}:{start + 1}-{start + len(nodes)}"
        if key in opened or len(nodes) == 1:
            found += [_single(node) for node in nodes]
        else:
            found.append(_Group(key, f"{nodes[0].name} … {nodes[-1].name}", nodes))
    return found


def _paths(nodes: Sequence[Node]) -> list[tuple[str, ...]]:
    """Part the names into words; an activation without a path belongs to where the layer before it is.

    >>> from cnnviz.engine.networks.layers.kinds import Activation, Conv
    >>> _paths([Node("layer1_0_conv1", Conv(1, 1)), Node("relu#2", Activation()), Node("fc", Conv(1, 1))])
    [('layer1', '0', 'conv1'), ('layer1', '0', 'relu#2'), ('fc',)]
    """
    named = [_words(node) for node in nodes]
    found: list[tuple[str, ...]] = []
    following: list[tuple[str, ...]] = []
    coming: tuple[str, ...] = ()
    for words in reversed(named):
        coming = words or coming
        following.append(coming)
    for node, words, after in zip(nodes, named, reversed(following), strict=True):
        before = found[-1][:-1] if found else ()
        if not words and not isinstance(node.layer, BETWEEN):  # a pooling, say: it parts stages, or lies within one
            before = tuple(a for a, b in zip(before, after[:-1], strict=False) if a == b)
        found.append(words or (*before, node.name))
    return found


def _words(node: Node) -> tuple[str, ...]:
    plain = node.name.split("#", maxsplit=1)[0]
    if not keeps_state(node.layer) and "." not in plain:
        return ()
    return tuple(one for one in re.split(r"[._]", plain) if one) or (node.name,)
