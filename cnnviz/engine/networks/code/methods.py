"""Following a method of a tensor, a module, a list or a dictionary in pasted code."""

from __future__ import annotations

import ast
from typing import Any

from cnnviz.engine.networks.code.expressions import Expressions
from cnnviz.engine.networks.code.functions import SAME_TENSOR
from cnnviz.engine.networks.code.operations import METHODS
from cnnviz.engine.networks.code.run import LONGEST_LIST, leaves, member_name, members, said
from cnnviz.engine.networks.code.values import (
    MODULES,
    CodeError,
    Method,
    Sequence,
    Size,
    Tensor,
    Unknown,
)


class Methods(Expressions):
    """What knows methods; functions of tensors and running a module are the calls' part."""

    def run_module(self, node: ast.AST, module: Any, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Send tensors through a module."""
        raise NotImplementedError

    def tensor_function(self, node: ast.Call, name: str, path: str, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Follow a function of tensors."""
        raise NotImplementedError

    def method(  # noqa: PLR0911 - one case a kind of value
        self, node: ast.Call, method: Method, args: list[Any], keywords: dict[str, Any]
    ) -> Any:
        """Follow a method."""
        owner, name = method.owner, method.name
        if isinstance(owner, Tensor):
            return self._tensor_method(node, owner, name, args, keywords)
        if isinstance(owner, Size):
            return Unknown(name)
        if isinstance(owner, MODULES):
            return self._module_method(node, owner, name, args, keywords)
        if isinstance(owner, list):
            return self._list_method(node, owner, name, args)
        if isinstance(owner, dict) and f"dict.{name}" in METHODS:
            if name == "get" and not args:
                return None
            try:
                return self.run.perform(node, f"dict.{name}", owner, *(args[:2] if name == "get" else ()))
            except TypeError:
                raise CodeError(node, f"There is no element {said(self.run, node, args[0])} here.") from None
        return Unknown(name)

    def _tensor_method(
        self, node: ast.Call, owner: Tensor, name: str, args: list[Any], keywords: dict[str, Any]
    ) -> Any:
        if name in SAME_TENSOR:
            return owner
        if name in {"size", "dim", "ndimension"}:
            if name != "size":
                return Unknown("a size") if owner.shape is None else len(owner.shape) + 1
            axis = args[0] if args else keywords.get("dim")
            return Size(owner.shape) if axis is None else self._one_size(node, owner, axis)
        return self.tensor_function(node, name, f"x.{name}", [owner, *args], keywords)

    def _one_size(self, node: ast.AST, owner: Tensor, axis: Any) -> Any:
        sizes = Size(owner.shape).all
        if owner.shape is None and axis != 0:
            return Unknown("a size")
        if isinstance(axis, int) and -len(sizes) <= axis < len(sizes):
            return sizes[axis]
        raise CodeError(node, f"There is no axis {said(self.run, node, axis)}; there are 0 to {len(sizes) - 1}.")

    def _module_method(  # noqa: PLR0911 - one case a method
        self, node: ast.Call, owner: Any, name: str, args: list[Any], keywords: dict[str, Any]
    ) -> Any:
        if name == "forward":
            return self.run_module(node, owner, args, keywords)
        if name in {"parameters", "modules"}:
            return leaves(self.run, node, owner)
        if name in {"named_parameters", "named_modules"}:
            return [(self.run.paths.get(id(leaf), "?"), leaf) for leaf in leaves(self.run, node, owner)]
        if name == "requires_grad_":
            for leaf in leaves(self.run, node, owner):
                leaf.frozen = bool(args) and args[0] is False
            return owner
        if name in {"add_module", "register_module"} and len(args) == 2 and isinstance(args[0], str):
            members(owner)[member_name(node, args[0])] = args[1]
            return None
        if isinstance(owner, Sequence):
            return self._sequence_method(node, owner, name, args)
        if name in {"children", "named_children"}:
            found = [(key, one) for key, one in self._pairs(node, owner) if isinstance(one, MODULES)]
            return found if name == "named_children" else [one for _, one in found]
        return owner if name in {"train", "eval", "to", "cuda", "cpu", "float", "half", "apply"} else Unknown(name)

    def _pairs(self, node: ast.AST, owner: Any) -> list[tuple[str, Any]]:
        return self.run.perform(node, "dict.items", members(owner))  # type: ignore[no-any-return]

    def _sequence_method(self, node: ast.Call, owner: Sequence, name: str, args: list[Any]) -> Any:
        if name in {"append", "extend"} and args:
            more = [args[0]] if name == "append" else self.items(node, args[0])
            for one in more:
                if not isinstance(one, MODULES):
                    self.run.problem(node, "What is appended here is not a layer that is known; it is left out.")
                    continue
                if len(owner.children) >= LONGEST_LIST:
                    raise CodeError(node, f"A list of layers grows beyond {LONGEST_LIST:,} here.")
                owner.children[str(len(owner.children))] = one
            return owner
        if name in {"children", "values"}:
            return self.items(node, owner)
        if name in {"named_children", "items"}:
            return self._pairs(node, owner)
        if name == "keys":
            return self.run.perform(node, "dict.keys", owner.children)
        return owner if name in {"train", "eval", "to", "cuda", "cpu", "float", "apply"} else Unknown(name)

    def _list_method(self, node: ast.Call, owner: list[Any], name: str, args: list[Any]) -> Any:
        if name == "extend" and len(args) == 1:
            args = [self.items(node, args[0])]
        elif name == "pop" and owner:
            args = args[:1] if args and isinstance(args[0], int) and -len(owner) <= args[0] < len(owner) else []
        elif not (
            (name == "append" and len(args) == 1)
            or (name == "insert" and len(args) == 2 and isinstance(args[0], int))
            or name == "reverse"
        ):
            return Unknown(name)
        more = len(args[0]) if name == "extend" else name in {"append", "insert"}
        if len(owner) + more > LONGEST_LIST:
            raise CodeError(node, f"A list grows beyond {LONGEST_LIST:,} here.")
        return self.run.perform(node, f"list.{name}", owner, *args[: 0 if name == "reverse" else 2])
