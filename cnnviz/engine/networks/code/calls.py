"""Following a call in pasted code: layers, functions of tensors, modules, and the few built-in ones that matter."""

from __future__ import annotations

import ast
from typing import Any

from cnnviz.engine.networks.code.functions import function_layer, function_parameters
from cnnviz.engine.networks.code.layers import bind, is_layer, make_layer, parameters
from cnnviz.engine.networks.code.lookups import Scope
from cnnviz.engine.networks.code.methods import Methods
from cnnviz.engine.networks.code.operations import LISTS, NUMBERS
from cnnviz.engine.networks.code.run import check_number, member_name
from cnnviz.engine.networks.code.values import (
    BATCH,
    MODULES,
    ClassValue,
    CodeError,
    Function,
    Instance,
    Leaf,
    Library,
    Method,
    Place,
    Sequence,
    Size,
    Tensor,
    TooMuchError,
    Unknown,
)
from cnnviz.errors import SpecError

FUNCTIONAL = ("torch.nn.functional.", "torch.special.", "torch.")
TRIALS = {"randn", "rand", "zeros", "ones", "empty", "randint"}
"""What makes a tensor to try a network with: its size is the input's."""

UNREADABLE = (SpecError, KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)
"""What making a layer raises if its settings are of the wrong kind."""


class Calls(Methods):
    """What knows calls; running a function's body is the statements' part."""

    def run_function(self, node: ast.AST, function: Function, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Follow a function of the code."""
        raise NotImplementedError

    def _call(self, node: ast.Call, scope: Scope) -> Any:
        callee = self._callee(node, scope)
        if isinstance(callee, Library) and callee.path == "super":
            return Unknown("super")
        args = self._spread(node.args, scope)
        keywords: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, dict):
                for name, one in self.run.perform(node, "dict.items", value):
                    keywords[member_name(node, name)] = one
        if isinstance(callee, Library):
            return self._library(node, callee.path, args, keywords)
        return self.apply(node, callee, args, keywords)

    def _callee(self, node: ast.Call, scope: Scope) -> Any:
        return self.value(node.func, scope)

    def apply(self, node: ast.Call, callee: Any, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Call a value of the code."""
        if isinstance(callee, ClassValue):
            return self.instantiate(node, callee, args, keywords)
        if isinstance(callee, Function):
            return self.run_function(node, callee, args, keywords)
        if isinstance(callee, Method):
            return self.method(node, callee, args, keywords)
        if isinstance(callee, MODULES):
            self.run.called = callee if isinstance(callee, Leaf) else None
            return self.run_module(node, callee, args, keywords)
        return self._pass_through(node, "This call", args)

    def _pass_through(self, node: ast.AST, what: str, args: list[Any]) -> Any:
        """Go on with the tensor that went in, where it is not known what happens to it."""
        tensor = next((one for one in args if isinstance(one, Tensor)), None)
        if tensor is None:
            return Unknown(what)
        self.run.problem(node, f"{what} is not known here. It is left out, so the sizes behind it may be wrong.")
        return tensor

    # Libraries

    def _library(self, node: ast.Call, path: str, args: list[Any], keywords: dict[str, Any]) -> Any:
        name = path.rpartition(".")[2]
        if path.startswith("torch.nn.") and not path.startswith(("torch.nn.functional.", "torch.nn.init.")):
            return self._nn(node, path.removeprefix("torch.nn."), args, keywords)
        if path in NUMBERS or path in LISTS:
            return self._builtin(node, path, args)
        if any(isinstance(one, Tensor) for one in [*args, *keywords.values()]) or name in {"cat", "concat"}:
            return self.tensor_function(node, name if path.startswith("torch.") else "", path, args, keywords)
        if path.startswith("torch.") and name in TRIALS:
            self._hint(node, args[0] if args and isinstance(args[0], (tuple, list)) else args)
            return Unknown("a tensor")
        if path in {"summary", "torchsummary.summary", "torchinfo.summary"}:
            sizes = next((one for one in [*args[1:], *keywords.values()] if isinstance(one, (tuple, list))), ())
            self._hint(node, [1, *sizes] if path == "torchsummary.summary" or len(sizes) == 3 else sizes)
        if path.startswith("torchvision.models."):
            self.run.problem(node, f"{path} is not part of the code. Its network may be in the list of known ones.")
        elif path == "setattr" and len(args) == 3 and isinstance(args[0], Instance) and isinstance(args[1], str):
            args[0].attributes[member_name(node, args[1])] = args[2]
        return Unknown(path)

    def _hint(self, node: ast.AST, sizes: Any) -> None:
        self.run.touch(node, "a size", sizes)
        whole = [one for one in sizes if isinstance(one, int) and not isinstance(one, bool) and 0 < one <= 100_000]
        if 2 <= len(whole) == len(sizes) <= 5:
            self.run.size_hint = tuple(whole)

    def _nn(self, node: ast.Call, name: str, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Make a module of `torch.nn`."""
        if name in {"Sequential", "ModuleList", "ModuleDict"}:
            return self._container(node, name, args)
        if not is_layer(name):
            if name[:1].isupper() and name not in {"Parameter", "ParameterList", "Module"} and "Loss" not in name:
                self.run.problem(node, f"nn.{name[:40]} is not a layer that is known here.")
            return Unknown(f"nn.{name[:40]}")
        names = parameters(name)
        self.run.walk(node, f"nn.{name}", args, keywords)
        try:
            given = {key: value for key, value in bind(name, args, keywords).items() if not is_open(value)}
            layer = make_layer(name, given)
        except UNREADABLE as error:
            message = error.message if isinstance(error, SpecError) else "A value that it needs is not known here."
            raise CodeError(node, f"nn.{name}: {message}") from None
        places = dict(zip(names, node.args, strict=False))
        places |= {one.arg: one.value for one in node.keywords if one.arg}
        starred = any(isinstance(one, ast.Starred) for one in node.args) or any(
            one.arg is None for one in node.keywords
        )
        return Leaf(layer, None if starred else Place(node, places), node.lineno)

    def _container(self, node: ast.Call, name: str, args: list[Any]) -> Sequence:
        runs = name == "Sequential"
        first = args[0] if args else []
        self.run.touch(node, f"nn.{name}", args, first)
        if isinstance(first, dict):
            children = {member_name(node, key): value for key, value in first.items()}
        elif len(args) == 1 and isinstance(first, (list, tuple)):
            pairs = all(isinstance(one, (list, tuple)) and len(one) == 2 for one in first)
            children = (
                {member_name(node, key): one for key, one in first}
                if pairs and first
                else {str(i): one for i, one in enumerate(first)}
            )
        else:
            children = {str(i): one for i, one in enumerate(args)}
        for child_name, child in children.items():
            told = isinstance(child, Unknown) and child.what.startswith("nn.")
            if not isinstance(child, MODULES) and not told:
                self.run.problem(
                    node, f"Member {child_name} of nn.{name} is not a layer that is known here; it is left out."
                )
        return Sequence({key: one for key, one in children.items() if isinstance(one, MODULES)}, runs)

    def tensor_function(self, node: ast.Call, name: str, path: str, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Follow a function of tensors: it becomes a layer, or is named and passed over."""
        given = {key: value for key, value in keywords.items() if not is_open(value)}
        self.run.walk(node, path[:60], args, keywords)
        try:
            found = function_layer(name, args, given) if name else None
        except UNREADABLE as error:
            message = error.message if isinstance(error, SpecError) else "A value that it needs is not known here."
            raise CodeError(node, f"{path.rpartition('.')[2]}: {message}") from None
        if found is None:
            inside = [one for value in [*args, *keywords.values()] for one in flat(value)]
            return self._pass_through(node, path[:60], inside)
        layer, inputs = found
        first = 0 if path.startswith("x.") else 1
        names = function_parameters(name)
        places = dict(zip(names, node.args[first:], strict=False))
        places |= {one.arg: one.value for one in node.keywords if one.arg}
        return self.run.emit(layer, inputs, name, node, place=Place(node, places))

    def _builtin(  # noqa: PLR0911 - one case a function
        self, node: ast.Call, path: str, args: list[Any]
    ) -> Any:
        self.run.touch(node, path, *args)
        if path in NUMBERS:
            plain = [list(self.items(node, one)) if isinstance(one, (Sequence, Size)) else one for one in args]
            if path != "len" and any(is_open(one) for value in plain for one in flat(value)):
                return Unknown(path)
            if not args or (path == "str" and not isinstance(plain[0], (int, float, str))):
                return Unknown(path)
            try:
                return check_number(node, self.run.perform(node, path, *plain[: 1 if path == "str" else None]))
            except TooMuchError:
                raise
            except (TypeError, ValueError, ArithmeticError):
                raise CodeError(node, f"{path} of this cannot be worked out.") from None
        if path == "range":
            if not all(isinstance(one, int) for one in args) or not 1 <= len(args) <= 3:
                raise CodeError(node, "How often this loop runs is not known here.")
            return check_number(node, self.run.perform(node, path, *args)) if len(args) < 3 or args[2] else []
        if path in {"dict", "collections.OrderedDict"}:
            pairs = args[0] if args else {}
            return self.run.perform(node, path, pairs) if isinstance(pairs, dict) or _pairs(pairs) else Unknown(path)
        lists = [self.items(node, one) for one in args if not isinstance(one, (int, Unknown))]
        if len(lists) < len([one for one in args if not isinstance(one, int)]) or not lists:
            return [] if not args else Unknown(path)
        if path == "zip":
            return self.run.perform(node, path, *lists)
        if path == "enumerate":
            return self.run.perform(node, path, lists[0], args[1] if len(args) > 1 and isinstance(args[1], int) else 0)
        return self.run.perform(node, path, lists[0])

    # Modules and methods

    def instantiate(self, node: ast.AST, cls: ClassValue, args: list[Any], keywords: dict[str, Any]) -> Instance:
        """Make an object of a class in the code."""
        made = Instance(cls)
        if "__init__" in cls.functions:
            self.run_function(node, Function(cls.functions["__init__"], made), args, keywords)
        return made

    def run_module(self, node: ast.AST, module: Any, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Send tensors through a module."""
        inputs = [one for one in [*args, *keywords.values()] if isinstance(one, Tensor)]
        if not inputs:
            return Unknown("a result")
        with self.run.deeper(node):
            self.run.step(node)
            if isinstance(module, Leaf):
                layer = module.layer
                return self.run.emit(layer, inputs[:1], type(layer).__name__.lower(), node, module)
            if isinstance(module, Sequence):
                if not module.runs:
                    raise CodeError(node, "A ModuleList or ModuleDict cannot be called; loop over its members.")
                result = inputs[0]
                for child in self.items(node, module):
                    result = self.run_module(node, child, [result], {})
                return result
            if not isinstance(module, Instance):  # something unknown was put into a container
                return self._pass_through(node, "A member of this container", args)
            if "forward" not in module.cls.functions:
                raise CodeError(node, f"{module.cls.name} has no forward.")
            self.run.within.append(self.run.paths.get(id(module), ""))
            try:
                return self.run_function(node, Function(module.cls.functions["forward"], module), args, keywords)
            finally:
                self.run.within.pop()


def is_open(value: Any) -> bool:
    """Say whether a value is not known, so that PyTorch's default has to do."""
    return isinstance(value, (Unknown, Library, type(BATCH), Method))


def flat(value: Any) -> list[Any]:
    """List a value's members, or itself."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _pairs(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(
        isinstance(one, (list, tuple)) and len(one) == 2 and isinstance(one[0], (str, int)) for one in value
    )
