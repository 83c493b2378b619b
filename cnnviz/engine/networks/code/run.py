"""The state of one reading of pasted code: what was found, what was not understood, and how much was done.

Reading follows the code with values of its own (`values`), within a budget (`budget`); it never calls
anything that the code names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cnnviz.engine.networks.code.budget import Budget
from cnnviz.engine.networks.code.values import (
    CodeError,
    Instance,
    Leaf,
    Library,
    Module,
    Place,
    Problem,
    Tensor,
    TooMuchError,
)
from cnnviz.engine.networks.code.values import Sequence as Modules
from cnnviz.engine.networks.graph import MOST_NODES, Node, Shape
from cnnviz.engine.networks.layers.base import Layer
from cnnviz.errors import SpecError
from cnnviz.quoting import one_line

MOST_PROBLEMS = 40
LONGEST_WORD = 60
LONGEST_PROBLEM = 500
"""Letters of a sentence that repeats pasted code."""
LARGEST_NUMBER = 10**12
LONGEST_LIST = 5000
LONGEST_NAME = 200
LAYER = 20
"""What a layer costs, and each of its inputs, in values of the budget: every page goes over all of them again."""

Measure = Callable[[Layer, Sequence[Shape]], Shape]

KNOWN_NAMES = {
    "torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional", "np": "numpy", "numpy": "numpy", "math": "math",
    "torchvision": "torchvision", "models": "torchvision.models", "OrderedDict": "collections.OrderedDict",
    "partial": "functools.partial",
}  # fmt: skip
"""What names usually stand for, if the imports were not pasted too."""


@dataclass(kw_only=True)
class Run(Budget):
    """One reading."""

    shape_of: Measure
    """Works out the size that a layer gives."""
    problems: list[Problem] = field(default_factory=list)
    told: set[Problem] = field(default_factory=set)
    """The same problems, to be found at once: a loop may meet one of them thousands of times."""
    nodes: list[Node] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    """Where the layer of a node stands in the text: its making, or the call of a function."""
    calls: dict[str, ast.Call] = field(default_factory=dict)
    """Where a node's layer is called with its input, if the code calls it by itself."""
    paths: dict[int, str] = field(default_factory=dict)
    """The dotted name of every module, by identity."""
    size_hint: tuple[int, ...] | None = None
    """The size of a tensor that the code makes to try the network with, the batch included."""
    globals: dict[str, Any] = field(default_factory=lambda: {name: Library(path) for name, path in KNOWN_NAMES.items()})
    used: dict[str, int] = field(default_factory=dict)
    """The names of the nodes, and how often each was asked for."""
    called: Leaf | None = None
    """The layer that the code itself calls just now, not a container of it."""
    within: list[str] = field(default_factory=list)
    """The dotted names of the objects whose forward is being followed."""

    def problem(self, node: ast.AST | int | None, message: str) -> None:
        """Note what was not understood, once."""
        if len(self.problems) >= MOST_PROBLEMS:
            return
        line = node if isinstance(node, int) else int(getattr(node, "lineno", 0) or 0)
        found = Problem(line, one_line(message, LONGEST_PROBLEM))
        if found not in self.told:
            self.told.add(found)
            self.problems.append(found)

    def emit(  # noqa: PLR0917 - what a node is made of
        self,
        layer: Layer,
        inputs: Sequence[Tensor],
        name: str,
        node: ast.AST | None,
        leaf: Leaf | None = None,
        place: Place | None = None,
    ) -> Tensor:
        """Put a layer into the network."""
        if len(self.nodes) >= MOST_NODES:
            raise TooMuchError(node, f"The network has more than {MOST_NODES:,} layers.")
        home = self.paths.get(id(leaf), "") if leaf else ""
        base = home or ".".join([*[path for path in self.within[-1:] if path], name])
        # The names of a node and of what it reads stand in all that is written about the network.
        self.spend(node, LAYER + len(base) + sum(LAYER + len(one.node) for one in inputs), "a layer")
        full = base
        while full in self.used:
            self.used[base] += 1
            full = f"{base}#{self.used[base]}"
        self.used[full] = 1
        line = getattr(node, "lineno", None)
        module = home if home and home != full else ""
        self.nodes.append(
            Node(full, layer, tuple(one.node for one in inputs), module, bool(leaf and leaf.frozen), line)
        )
        found = leaf.place if leaf else place
        if found:
            self.places[full] = found
        if isinstance(node, ast.Call) and (place or (leaf and leaf is self.called)):
            self.calls[full] = node
        return Tensor(full, self._shape(layer, inputs))

    def _shape(self, layer: Layer, inputs: Sequence[Tensor]) -> Shape | None:
        shapes = [one.shape for one in inputs if one.shape is not None]
        if len(shapes) < len(inputs):
            return None
        try:
            return self.shape_of(layer, shapes)
        except SpecError:  # the trace says so, at the layer
            return None


def name_modules(run: Run, root: Module) -> None:
    """Give every module its dotted name, as PyTorch's `named_modules` does: by the first way that leads to it."""
    stack: list[tuple[str, Module]] = [("", root)]
    taken: dict[str, int] = {}
    while stack:
        path, module = stack.pop()
        if id(module) in run.paths:
            continue
        word = path
        while path in taken:  # two names that are one word
            taken[word] += 1
            path = f"{word}_{taken[word]}"
        taken[path] = 1
        run.paths[id(module)] = path
        children = members(module)
        run.spend(None, (1 + len(children)) * (1 + len(path)), "the names of the modules")
        for name, child in reversed(list(children.items())):
            if isinstance(child, (Leaf, Modules, Instance)):
                word = _word(str(name))
                stack.append((f"{path}.{word}" if path else word, child))
    if isinstance(root, Leaf):
        run.paths[id(root)] = "0"


def _word(name: str) -> str:
    """Write a name as a word: a string may hold anything, and a layer's name stands in pictures, formulas and links.

    >>> _word("conv-1"), _word("<b>[x](y)")
    ('conv-1', '_b__x__y_')
    """
    return one_line(re.sub(r"[^\w -]", "_", name), LONGEST_WORD)


def members(module: Module) -> dict[str, Any]:
    """Give what stands in a module under its name."""
    if isinstance(module, Modules):
        return module.children
    return module.attributes if isinstance(module, Instance) else {}


def leaves(run: Run, node: ast.AST, module: Module) -> list[Leaf]:
    """List the layers inside a module."""
    found, seen, stack = [], set(), [module]
    while stack:
        one = stack.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Leaf):
            found.append(one)
        children = list(members(one).values())
        run.touch(node, "the layers of a module", children)
        stack += [child for child in reversed(children) if isinstance(child, (Leaf, Modules, Instance))]
    return found


def member_name(node: ast.AST, value: Any) -> str:
    """Write the name of a member as PyTorch does; the names of all layers are made of them."""
    if not isinstance(value, (str, int, float)):
        raise CodeError(node, "The name of a member is a word or a number; this is neither.")
    name = str(value)
    if len(name) > LONGEST_NAME:
        raise CodeError(node, f"The name of a member has {len(name):,} letters here; {LONGEST_NAME} is the limit.")
    return name


def said(run: Run, node: ast.AST, value: Any) -> str:
    """Write a value for a sentence, shortened."""
    return str(run.perform(node, "str", value))[:30]


def check_number(node: ast.AST, value: Any) -> Any:
    """Refuse numbers and lists that grow beyond bounds."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not abs(value) <= LARGEST_NUMBER:
        raise CodeError(node, "A number grows beyond 1,000,000,000,000 here.")
    if isinstance(value, (list, tuple, str, range)) and len(value) > LONGEST_LIST:
        raise CodeError(node, f"A list grows beyond {LONGEST_LIST:,} here.")
    return value
