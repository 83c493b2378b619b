"""Following a name behind a dot, or brackets behind a value, in pasted code."""

from __future__ import annotations

import ast
from typing import Any

from cnnviz.engine.networks.code.functions import slice_layer
from cnnviz.engine.networks.code.run import LONGEST_NAME, Run, said
from cnnviz.engine.networks.code.values import (
    ClassValue,
    CodeError,
    Function,
    Instance,
    Leaf,
    Library,
    Method,
    Sequence,
    Size,
    Tensor,
    TooMuchError,
    Unknown,
)
from cnnviz.engine.networks.layers.kinds import BatchNorm, Conv, ConvTranspose, Linear
from cnnviz.errors import SpecError

Scope = dict[str, Any]

LEAF_NUMBERS = {
    "in_channels": "channels_in", "out_channels": "channels", "in_features": "features_in", "out_features": "features",
    "num_features": "features_in", "kernel_size": "kernel", "stride": "stride", "groups": "groups",
}  # fmt: skip
TORCH_METHODS_OF_MODULES = {
    "parameters", "children", "modules", "named_parameters", "named_children", "named_modules", "train", "eval", "to",
    "cuda", "cpu", "apply", "add_module", "register_module", "register_buffer", "register_parameter", "requires_grad_",
    "forward", "state_dict", "load_state_dict", "zero_grad", "float", "half", "append", "extend", "insert", "items",
    "values", "keys", "get_submodule",
}  # fmt: skip


class Lookups:
    """What knows the names behind a dot."""

    run: Run

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Follow an expression."""
        raise NotImplementedError

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Any:
        return self.attribute(node, self.value(node.value, scope), node.attr)

    def attribute(self, node: ast.AST, owner: Any, name: str) -> Any:  # noqa: PLR0911 - one case a kind of value
        """Look a name up on a value."""
        if isinstance(owner, Library):
            long = len(owner.path) + len(name) >= LONGEST_NAME
            return Unknown("a name") if long else Library(f"{owner.path}.{name}")
        if isinstance(owner, Tensor):
            if name == "shape":
                return Size(owner.shape)
            return Unknown(name) if name in {"device", "dtype", "data", "T", "grad"} else Method(owner, name)
        if isinstance(owner, Instance):
            return self._of_instance(node, owner, name)
        if isinstance(owner, Sequence) and name in owner.children:
            return owner.children[name]
        if isinstance(owner, Leaf):
            return self._of_leaf(owner, name)
        if isinstance(owner, ClassValue):
            return owner.constants.get(name, Unknown(name))
        if isinstance(owner, (Sequence, list, dict, str, Size)):
            return Method(owner, name)
        return Unknown(name)

    def _of_instance(self, node: ast.AST, owner: Instance, name: str) -> Any:
        if name in owner.attributes:
            return owner.attributes[name]
        if name in owner.cls.functions:
            return Function(owner.cls.functions[name], owner)
        if name in owner.cls.constants:
            return owner.cls.constants[name]
        if name == "training":
            return False  # what a network answers with, not how it learns
        if name in TORCH_METHODS_OF_MODULES:
            return Method(owner, name)
        raise CodeError(node, f"“{name[:40]}” is used here, but nothing of that name was made in {owner.cls.name}.")

    @staticmethod
    def _of_leaf(owner: Leaf, name: str) -> Any:
        if name in {"weight", "bias"}:
            return owner
        if name in LEAF_NUMBERS and isinstance(owner.layer, (Conv, ConvTranspose, Linear, BatchNorm)):
            found = getattr(owner.layer, LEAF_NUMBERS[name], None)
            return Unknown(name) if found is None else found
        return Method(owner, name)

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        owner = self.value(node.value, scope)
        if isinstance(owner, Tensor):
            where = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            try:
                layer = slice_layer(owner, [self.value(one, scope) for one in where])
            except SpecError as error:
                raise CodeError(node, error.message) from None
            return self.run.emit(layer, [owner], "crop", node)
        place = self.value(node.slice, scope)
        if isinstance(owner, Size):
            if owner.shape is None and place != 0:
                return Unknown("a size")
            owner = owner.all
        if isinstance(owner, Sequence):
            return self.child(node, owner, place)
        if not isinstance(owner, (list, tuple, dict, str)):
            return Unknown("an element")
        try:
            return self.run.perform(node, "[]", owner, place)
        except TooMuchError:
            raise
        except (KeyError, IndexError, TypeError, ValueError):
            raise CodeError(node, f"There is no element {said(self.run, node, place)} here.") from None

    def child(self, node: ast.AST, owner: Sequence, place: Any) -> Any:
        """Look up a member of a container of layers."""
        names = self.run.perform(node, "dict.keys", owner.children)
        if isinstance(place, slice):
            if place.step == 0:
                raise CodeError(node, "A slice cannot go in steps of 0.")
            self.run.perform(node, "dict.items", owner.children)
            return Sequence({str(i): owner.children[name] for i, name in enumerate(names[place])}, owner.runs)
        if isinstance(place, str) and place in owner.children:
            return owner.children[place]
        if isinstance(place, int) and -len(names) <= place < len(names):
            return owner.children[names[place]]
        raise CodeError(node, f"There is no member {said(self.run, node, place)}; there are {len(names)}.")
