"""Edits that both the form and the table make: layers put in, moved and taken out."""

from __future__ import annotations

from cnnviz.engine.networks.graph import INPUT, Network, Shape
from cnnviz.engine.networks.trace import NetworkTrace
from cnnviz.lessons.build.spec_layers import new_layer
from cnnviz.lessons.build.trace import insert_after, insert_between, joins, move, newest, remove
from cnnviz.lessons.build.view_state import current, edit


def moved(name: str, by: int) -> None:
    """Let a layer change places with its neighbour."""
    edit(lambda network: (move(network, name, by), name))


def removed(name: str) -> None:
    """Take a layer out, and choose the one before it."""

    def make(network: Network) -> tuple[Network, str]:
        before = network.inputs_of(name)
        return remove(network, name), max(before, key=lambda one: _order(network, one))

    edit(make)


def _order(network: Network, name: str) -> int:
    return next((place for place, node in enumerate(network.nodes) if node.name == name), -1)


def add_behind(name: str, kind: str, way: str = "") -> None:
    """Put a new layer behind another; or, where branches meet, on one of the ways there."""
    built = current()

    def make(network: Network) -> tuple[Network, str]:
        on_way = bool(way) and name != INPUT and joins(network[name].layer) and way in network.inputs_of(name)
        source = way if on_way else name
        layer = new_layer(kind, _arrives(built.trace, source))
        after = insert_between(network, way, name, layer) if on_way else insert_after(network, name, layer)
        return after, newest(network, after)

    edit(make)


def _arrives(trace: NetworkTrace, name: str) -> Shape:
    if name == INPUT:
        return trace.input
    return next((row.output_shape for row in trace.rows if row.name == name), trace.input)
