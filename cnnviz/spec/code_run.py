"""The state of one reading of pasted code: what was found, what was not understood, and how much was done.

Reading follows the code with values of its own (`code_values`), within a budget of steps and depth; it never calls
anything that the code names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cnnviz.errors import SpecError
from cnnviz.quoting import one_line
from cnnviz.spec.code_values import CodeError, Instance, Leaf, Library, Module, Place, Problem, Tensor, TooMuchError
from cnnviz.spec.code_values import Sequence as Modules
from cnnviz.spec.layer import Layer
from cnnviz.spec.network import MOST_NODES, Node, Shape

MOST_STEPS = 40_000
MOST_DEPTH = 40
MOST_PROBLEMS = 40
LONGEST_WORD = 60
LONGEST_PROBLEM = 500
"""Letters of a sentence that repeats pasted code."""
LARGEST_NUMBER = 10**12
LONGEST_LIST = 5000

Measure = Callable[[Layer, Sequence[Shape]], Shape]

KNOWN_NAMES = {
    "torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional", "np": "numpy", "numpy": "numpy", "math": "math",
    "torchvision": "torchvision", "models": "torchvision.models", "OrderedDict": "collections.OrderedDict",
    "partial": "functools.partial",
}  # fmt: skip
"""What names usually stand for, if the imports were not pasted too."""


@dataclass
class Run:
    """One reading."""

    measure: Measure
    problems: list[Problem] = field(default_factory=list)
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
    steps: int = 0
    depth: int = 0
    used: set[str] = field(default_factory=set)
    called: Leaf | None = None
    """The layer that the code itself calls just now, not a container of it."""
    within: list[str] = field(default_factory=list)
    """The dotted names of the objects whose forward is being followed."""

    def step(self, node: ast.AST) -> None:
        """Count a step; too many end the reading."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooMuchError(node, "The code does not come to an end within the steps that are followed here.")

    @contextmanager
    def deeper(self, node: ast.AST) -> Iterator[None]:
        """Enter a call or a nested expression; too many end the reading."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            self.depth -= 1
            raise TooMuchError(node, f"The code is nested more than {MOST_DEPTH} deep here.")
        try:
            yield
        finally:
            self.depth -= 1

    def problem(self, node: ast.AST | int | None, message: str) -> None:
        """Note what was not understood, once."""
        line = node if isinstance(node, int) else int(getattr(node, "lineno", 0) or 0)
        found = Problem(line, one_line(message, LONGEST_PROBLEM))
        if found not in self.problems and len(self.problems) < MOST_PROBLEMS:
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
        full, number = base, 1
        while full in self.used:
            number += 1
            full = f"{base}#{number}"
        self.used.add(full)
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
            return self.measure(layer, shapes)
        except SpecError:  # the trace says so, at the layer
            return None


def name_modules(run: Run, root: Module) -> None:
    """Give every module its dotted name, as PyTorch's `named_modules` does: by the first way that leads to it."""
    stack: list[tuple[str, Module]] = [("", root)]
    taken: set[str] = set()
    while stack:
        path, module = stack.pop()
        if id(module) in run.paths:
            continue
        while path in taken:  # two names that are one word
            path += "_"
        taken.add(path)
        run.paths[id(module)] = path
        children = (
            module.children
            if isinstance(module, Modules)
            else module.attributes
            if isinstance(module, Instance)
            else {}
        )
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


def leaves(module: Module) -> list[Leaf]:
    """List the layers inside a module."""
    found, seen, stack = [], set(), [module]
    while stack:
        one = stack.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Leaf):
            found.append(one)
        children = (
            one.children.values()
            if isinstance(one, Modules)
            else one.attributes.values()
            if isinstance(one, Instance)
            else ()
        )
        stack += [child for child in reversed(list(children)) if isinstance(child, (Leaf, Modules, Instance))]
    return found


def check_number(node: ast.AST, value: Any) -> Any:
    """Refuse numbers and lists that grow beyond bounds."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not abs(value) <= LARGEST_NUMBER:
        raise CodeError(node, "A number grows beyond 1,000,000,000,000 here.")
    if isinstance(value, (list, tuple, str, range)) and len(value) > LONGEST_LIST:
        raise CodeError(node, f"A list grows beyond {LONGEST_LIST:,} here.")
    return value
