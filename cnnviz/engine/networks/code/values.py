"""What pasted code is about while it is read: modules, tensors, the unknown batch, and what was not understood.

Nothing here is ever executed as Python: these are the only things that a name in the code can stand for, besides
numbers, words, tuples, lists and dictionaries of them.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.layers.base import Layer
from cnnviz.errors import CnnvizError


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not understood, and the line where it stands (0: the text as a whole)."""

    line: int
    message: str


class CodeError(CnnvizError):
    """Code that cannot be followed; it ends the statement, never the reading."""

    def __init__(self, node: ast.AST | None, message: str) -> None:
        super().__init__(message)
        self.line = int(getattr(node, "lineno", 0) or 0)
        self.message = message


class TooMuchError(CodeError):
    """Code that would take too long to follow; it ends the reading."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a layer's call stands in the text, and where each of its arguments does, by PyTorch's name."""

    call: ast.Call
    arguments: Mapping[str, ast.expr] = field(default_factory=dict)


class Opaque:
    """What is written in a sentence as what it is, without all that it holds."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Name the kind of value."""
        return f"<{type(self).__name__.lower()}>"


@dataclass(eq=False, repr=False, slots=True)
class Leaf(Opaque):
    """A module that is one layer."""

    layer: Layer
    place: Place | None
    line: int
    frozen: bool = False


@dataclass(eq=False, repr=False, slots=True)
class Sequence(Opaque):
    """`nn.Sequential`, or a `ModuleList` or `ModuleDict` (then `runs` is false: it cannot be called)."""

    children: dict[str, Any]
    runs: bool = True


@dataclass(eq=False, repr=False, slots=True)
class Instance(Opaque):
    """An object of a class in the code."""

    cls: ClassValue
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, repr=False, slots=True)
class ClassValue(Opaque):
    """A class in the code, with the functions of the classes that it extends."""

    name: str
    functions: dict[str, ast.FunctionDef]
    constants: dict[str, Any]
    is_module: bool
    line: int


@dataclass(eq=False, repr=False, slots=True)
class Function(Opaque):
    """A function in the code; `owner` is the object that it is called on."""

    definition: ast.FunctionDef
    owner: Instance | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """A name of a library, like `torch.nn.functional.relu`."""

    path: str


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a tensor, a list, a dictionary, a word or a module, before it is called."""

    owner: Any
    name: str


@dataclass(frozen=True, slots=True)
class Tensor:
    """What a layer gives: the node's name, and the size without the batch where it could be worked out."""

    node: str
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class Size:
    """A tensor's size as the code sees it: the batch, then the shape; None: only the batch is known."""

    shape: Shape | None

    @property
    def all(self) -> tuple[Any, ...]:
        """List the sizes."""
        return (BATCH, *(self.shape or ()))


@dataclass(frozen=True, slots=True)
class Batch:
    """The number of pictures, which nobody knows yet."""


BATCH = Batch()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that is not followed (a device, an optimiser); it hurts only where a layer needs it."""

    what: str


Module = Leaf | Sequence | Instance
MODULES = (Leaf, Sequence, Instance)


def is_module(value: Any) -> bool:
    """Say whether a value can be called with a picture.

    >>> is_module(3)
    False
    """
    return isinstance(value, (Leaf, Sequence)) or (isinstance(value, Instance) and value.cls.is_module)
