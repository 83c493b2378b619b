"""A network: a graph of named layers, in the order in which they run.

>>> net = Network("tiny", "A tiny network", (1, 28, 28), [
...     Node("conv1", Conv(8, 3, padding=1)),
...     Node("relu", Activation("relu")),
...     Node("conv2", Conv(8, 3, padding=1)),
...     Node("sum", Add(), ("conv2", "relu")),
... ])
>>> net.inputs_of("conv2"), net.inputs_of("sum"), net.inputs_of("conv1")
(('relu',), ('conv2', 'relu'), ('input',))

A node without named inputs reads the node before it; the first reads `"input"`, the picture. Names are dotted as
PyTorch's are (`layer1.0.conv1`), so that weights find their place. One module may run more than once: then its nodes
share `module`, and its parameters count once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from cnnviz.engine.networks.layers.kinds import Activation, Add, Conv, Layer
from cnnviz.errors import SpecError

__all__ = ["INPUT", "Activation", "Add", "Conv", "Draft", "Network", "Node", "Shape"]

INPUT = "input"
MOST_NODES = 4000
Shape = tuple[int, ...]
"""Channels, then space: without the batch."""


@dataclass(frozen=True, slots=True)
class Node:
    """A layer at its place in a network."""

    name: str
    layer: Layer
    inputs: tuple[str, ...] = ()
    module: str = ""
    """Where its parameters live; empty: under its own name."""
    frozen: bool = False
    """Its parameters do not learn."""
    line: int | None = None
    """The line of pasted code that runs it."""

    @property
    def home(self) -> str:
        """The name of the module that it runs."""
        return self.module or self.name


@dataclass(frozen=True)
class Network:
    """Nodes in running order; what the last one gives is the network's output, unless `output` names another."""

    name: str
    title: str
    input: Shape
    nodes: Sequence[Node]
    output: str = ""
    note: str = ""
    """One sentence for learners: where it comes from, what is special."""
    _reads: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check that every input is there before it is read, and that no name is used twice."""
        object.__setattr__(self, "nodes", tuple(self.nodes))
        object.__setattr__(self, "input", tuple(self.input))
        if len(self.nodes) > MOST_NODES:
            raise SpecError("network", f"The network has {len(self.nodes):,} layers; {MOST_NODES:,} is the limit.")
        reads: dict[str, tuple[str, ...]] = {}
        before = INPUT
        for node in self.nodes:
            if node.name in reads or node.name == INPUT:
                raise SpecError("name", f"Two layers are called “{node.name}”; each needs a name of its own.")
            inputs = node.inputs or (before,)
            for name in inputs:
                if name != INPUT and name not in reads:
                    raise SpecError("inputs", f"“{node.name}” reads “{name}”, which is not there before it.")
            _check_arity(node, inputs)
            reads[node.name] = inputs
            before = node.name
        if self.output and self.output not in reads:
            raise SpecError("output", f"The output “{self.output}” is none of the layers.")
        object.__setattr__(self, "_reads", reads)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, name: str) -> Node:
        return next(node for node in self.nodes if node.name == name)

    @property
    def last(self) -> str:
        """The node whose result is the network's."""
        return self.output or (self.nodes[-1].name if self.nodes else INPUT)

    def inputs_of(self, name: str) -> tuple[str, ...]:
        """Give the names of what a node reads."""
        return self._reads[name]

    def changed(self, layers: Mapping[str, Layer]) -> Network:
        """Put other layers at the named places."""
        return replace(
            self, nodes=[replace(node, layer=layers[node.name]) if node.name in layers else node for node in self.nodes]
        )


def _check_arity(node: Node, inputs: tuple[str, ...]) -> None:
    wanted = node.layer.arity
    if (wanted == 1 and len(inputs) != 1) or (wanted == -1 and len(inputs) > 2):
        need = "one input" if wanted == 1 else "one input or two"
        raise SpecError("inputs", f"“{node.name}” ({node.layer.kind}) takes {need}, not {len(inputs)}.")


class Draft:
    """Builds a network layer by layer; `add` gives the layer's name, for branches to come back to.

    >>> net = Draft("two", "Two layers", (3, 8, 8))
    >>> with net.within("features"):
    ...     first = net.add("0", Conv(4, 3))
    >>> net.add("1", Conv(4, 3), first), net.done().nodes[0].name
    ('1', 'features.0')
    """

    def __init__(self, name: str, title: str, size: Shape, note: str = "") -> None:
        self.name, self.title, self.size, self.note = name, title, size, note
        self.nodes: list[Node] = []
        self.last = INPUT
        self._path: list[str] = []

    def add(self, name: str, layer: Layer, *inputs: str, module: str = "") -> str:
        """Put a layer behind the last one, or behind the named ones."""
        full = ".".join([*self._path, name])
        home = ".".join([*self._path, module]) if module else ""
        self.nodes.append(Node(full, layer, inputs or (self.last,), home))
        self.last = full
        return full

    def chain(self, layers: Iterable[Layer], start: int = 0) -> str:
        """Put layers behind one another, numbered as `nn.Sequential` does."""
        for number, layer in enumerate(layers, start):
            self.add(str(number), layer)
        return self.last

    @contextmanager
    def within(self, path: str) -> Iterator[str]:
        """Name the layers that follow as members of a module; gives what the block starts from."""
        self._path.append(path)
        try:
            yield self.last
        finally:
            self._path.pop()

    def done(self) -> Network:
        """Give the network."""
        return Network(self.name, self.title, self.size, self.nodes, note=self.note)
