"""Following the statements of pasted code: assignments, classes, functions, loops and branches."""

from __future__ import annotations

import ast
from collections.abc import Sequence as AbstractSequence
from typing import Any

from cnnviz.engine.networks.code.calls import Calls
from cnnviz.engine.networks.code.expressions import asks_whether_it_is_run
from cnnviz.engine.networks.code.lookups import Scope
from cnnviz.engine.networks.code.run import LONGEST_NAME, Run, member_name
from cnnviz.engine.networks.code.values import (
    ClassValue,
    CodeError,
    Function,
    Instance,
    Leaf,
    Library,
    Sequence,
    Tensor,
    TooMuchError,
    Unknown,
    is_module,
)

MODULE_BASES = {"Module", "LightningModule", "Sequential"}


class _ReturnError(Exception):
    """Leaves a function; not an error, but Python has no other way out."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class _BreakError(Exception):
    """Leaves a loop."""


class _ContinueError(Exception):
    """Goes on with a loop's next turn."""


class Reader(Calls):
    """Follows pasted code from its first statement to its last."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.expressions: list[Any] = []
        """The values of the statements at the top that are nothing but an expression."""

    def read(self, body: AbstractSequence[ast.stmt]) -> None:
        """Follow the statements at the top; one that cannot be followed is named and passed over."""
        for statement in body:
            try:
                if isinstance(statement, ast.Expr):
                    self.expressions.append(self.value(statement.value, self.run.globals))
                else:
                    self.statement(statement, self.run.globals)
            except TooMuchError:
                raise
            except CodeError as error:
                self.run.problem(error.line or statement.lineno, error.message)
            except (_ReturnError, _BreakError, _ContinueError):
                self.run.problem(statement, "return, break and continue belong into a function or a loop.")

    def block(self, body: AbstractSequence[ast.stmt], scope: Scope) -> None:
        """Follow statements; one that cannot be followed is named, and the others still count."""
        for statement in body:
            try:
                self.statement(statement, scope)
            except TooMuchError:
                raise
            except CodeError as error:
                self.run.problem(error.line or statement.lineno, error.message)
                self._keep_going(statement, scope)

    def _keep_going(self, statement: ast.stmt, scope: Scope) -> None:
        """After a statement that failed its target is unknown, unless it was a tensor: that goes on as it was."""
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                kept = scope.get(target.id) if isinstance(target, ast.Name) else None
                if not isinstance(kept, Tensor):
                    self.assign(target, Unknown("what failed"), scope)
        elif isinstance(statement, ast.Return):
            values = self.run.perform(statement, "dict.values", scope)
            tensors = [one for one in values if isinstance(one, Tensor)]
            raise _ReturnError(tensors[-1] if tensors else Unknown("what failed"))

    def statement(self, node: ast.stmt, scope: Scope) -> None:
        """Follow one statement."""
        self.run.step(node)
        maker = getattr(self, f"_do_{type(node).__name__.lower()}", None)
        if maker is None:
            self.run.problem(node, f"“{type(node).__name__.lower()}” is not followed here.")
            return
        with self.run.deeper(node):
            maker(node, scope)

    # Names

    def _do_import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            self.run.step(node)
            if len(alias.name) <= LONGEST_NAME:
                first = alias.name.partition(".")[0]
                scope[alias.asname or first] = Library(alias.name if alias.asname else first)

    def _do_importfrom(self, node: ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            self.run.step(node)
            if alias.name == "*" or len(node.module or "") > LONGEST_NAME:
                continue
            scope[alias.asname or alias.name] = Library(f"{node.module or ''}.{alias.name}".lstrip("."))

    def _do_assign(self, node: ast.Assign, scope: Scope) -> None:
        value = self.value(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)

    def _do_annassign(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self.assign(node.target, self.value(node.value, scope), scope)

    def _do_augassign(self, node: ast.AugAssign, scope: Scope) -> None:
        before = self.value(node.target, scope)
        self.assign(node.target, self.combine(node, node.op, before, self.value(node.value, scope)), scope)

    def assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Put a value under a name, an attribute or an index."""
        self.run.step(target)
        if isinstance(target, ast.Name):
            scope[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target, value, scope)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, scope)
        elif isinstance(target, ast.Attribute):
            owner = self.value(target.value, scope)
            if isinstance(owner, Instance):
                owner.attributes[target.attr] = value
            elif isinstance(owner, Leaf) and target.attr == "requires_grad":
                owner.frozen = value is False
            elif isinstance(owner, Sequence):
                owner.children[target.attr] = value
        elif isinstance(target, ast.Subscript):
            owner, place = self.value(target.value, scope), self.value(target.slice, scope)
            self._set_item(target, owner, place, value)

    def _set_item(self, target: ast.AST, owner: Any, place: Any, value: Any) -> None:
        if isinstance(owner, Sequence) and isinstance(place, (int, str)):
            names = self.run.perform(target, "dict.keys", owner.children)
            inside = isinstance(place, int) and -len(names) <= place < len(names)
            owner.children[names[place] if inside else member_name(target, place)] = value
        elif isinstance(owner, dict) and isinstance(place, (str, int)):
            self.put(target, owner, place, value)
        elif isinstance(owner, list) and isinstance(place, int) and -len(owner) <= place < len(owner):
            self.put(target, owner, place, value)
        elif isinstance(owner, (list, dict)):
            raise CodeError(target, "There is no such place to put a value.")

    def _unpack(self, target: ast.Tuple | ast.List, value: Any, scope: Scope) -> None:
        if isinstance(value, (Unknown, Tensor)):
            for one in target.elts:
                self.assign(one, value if isinstance(value, Tensor) else Unknown("a part"), scope)
            if isinstance(value, Tensor):
                self.run.problem(target, "A tensor is taken apart here, which is not followed.")
            return
        items = self.items(target, value)
        if len(items) != len(target.elts) or any(isinstance(one, ast.Starred) for one in target.elts):
            raise CodeError(target, f"{len(target.elts)} names for {len(items)} values.")
        for one, item in zip(target.elts, items, strict=True):
            self.assign(one, item, scope)

    # Classes and functions

    def _do_classdef(self, node: ast.ClassDef, scope: Scope) -> None:
        functions: dict[str, ast.FunctionDef] = {}
        constants: dict[str, Any] = {}
        module = False
        for base_node in node.bases:
            base = self.value(base_node, scope)
            if isinstance(base, ClassValue):
                self.run.perform(node, "**{}", functions, base.functions)
                self.run.perform(node, "**{}", constants, base.constants)
                module = module or base.is_module
            elif isinstance(base, Library):
                module = module or base.path.rpartition(".")[2] in MODULE_BASES
        for statement in node.body:
            self.run.step(statement)
            if isinstance(statement, ast.FunctionDef):
                functions[statement.name] = statement
            elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
                self.block([statement], constants)
        module = module or "forward" in functions
        scope[node.name] = ClassValue(node.name, functions, constants, module, node.lineno)

    def _do_functiondef(self, node: ast.FunctionDef, scope: Scope) -> None:
        scope[node.name] = Function(node)

    def run_function(self, node: ast.AST, function: Function, args: list[Any], keywords: dict[str, Any]) -> Any:
        """Follow a function of the code with the given arguments."""
        definition = function.definition
        takes = definition.args
        parts = (takes.posonlyargs, takes.args, takes.kwonlyargs, definition.decorator_list, args, keywords)
        self.run.touch(node, definition.name, *parts)
        with self.run.deeper(node):
            static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in definition.decorator_list)
            owned = function.owner is not None and not static
            scope = self._bind(node, definition, [function.owner, *args] if owned else args, keywords)
            try:
                self.block(definition.body, scope)
            except _ReturnError as returned:
                return returned.value
            except (_BreakError, _ContinueError):
                self.run.problem(node, "break and continue belong into a loop.")
            return None

    def _bind(self, node: ast.AST, definition: ast.FunctionDef, args: list[Any], keywords: dict[str, Any]) -> Scope:
        spec = definition.args
        names = [one.arg for one in [*spec.posonlyargs, *spec.args]]
        scope: Scope = dict(zip(names, args, strict=False))
        if len(args) > len(names):
            if spec.vararg is None:
                raise CodeError(node, f"{definition.name} takes {len(names)} arguments, but gets {len(args)}.")
            scope[spec.vararg.arg] = tuple(args[len(names) :])
        elif spec.vararg is not None:
            scope[spec.vararg.arg] = ()
        keyword_names = names + [one.arg for one in spec.kwonlyargs]
        extra = {}
        for name, value in keywords.items():
            if name in keyword_names:
                scope[name] = value
            else:
                extra[name] = value
        if spec.kwarg is not None:
            scope[spec.kwarg.arg] = extra
        elif extra:
            raise CodeError(node, f"{definition.name} has no argument “{next(iter(extra))[:30]}”.")
        defaults = dict(zip(names[len(names) - len(spec.defaults) :], spec.defaults, strict=True))
        defaults |= {one.arg: d for one, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d is not None}
        for name in keyword_names:
            if name not in scope:
                if name not in defaults:
                    raise CodeError(node, f"{definition.name} needs “{name}”, which is not given.")
                scope[name] = self.value(defaults[name], self.run.globals)
        return scope

    def _do_return(self, node: ast.Return, scope: Scope) -> None:
        raise _ReturnError(self.value(node.value, scope) if node.value is not None else None)

    # Branches and loops

    def _do_if(self, node: ast.If, scope: Scope) -> None:
        if asks_whether_it_is_run(node.test):
            return self.block(node.body, scope)
        truth = self.truth(self.value(node.test, scope))
        if truth is None:
            self.run.problem(node, "What this depends on is not known here; the first branch is followed.")
        return self.block(node.orelse if truth is False else node.body, scope)

    def _do_for(self, node: ast.For, scope: Scope) -> None:
        for item in self.items(node.iter, self.value(node.iter, scope)):
            self.run.step(node)
            self.assign(node.target, item, scope)
            try:
                self.block(node.body, scope)
            except _BreakError:
                return
            except _ContinueError:
                continue
        self.block(node.orelse, scope)

    def _do_while(self, node: ast.While, scope: Scope) -> None:
        while True:
            self.run.step(node)
            truth = self.truth(self.value(node.test, scope))
            if truth is None:
                raise CodeError(node, "When this loop ends is not known here; it is left out.")
            if not truth:
                return
            try:
                self.block(node.body, scope)
            except _BreakError:
                return
            except _ContinueError:
                continue

    def _do_break(self, _: ast.Break, __: Scope) -> None:
        raise _BreakError

    def _do_continue(self, _: ast.Continue, __: Scope) -> None:
        raise _ContinueError

    # The rest

    def _do_expr(self, node: ast.Expr, scope: Scope) -> None:
        self.value(node.value, scope)

    def _do_with(self, node: ast.With, scope: Scope) -> None:
        self.block(node.body, scope)

    def _do_try(self, node: ast.Try, scope: Scope) -> None:
        for body in (node.body, node.orelse, node.finalbody):
            self.block(body, scope)

    def _do_nothing(self, _: ast.stmt, __: Scope) -> None:
        """Pass over what changes no network."""

    _do_pass = _do_assert = _do_delete = _do_raise = _do_global = _do_nonlocal = _do_nothing


def modules_in(scope: Scope) -> dict[str, Any]:
    """Find the names at the top that stand for modules, in their order."""
    return {name: value for name, value in scope.items() if is_module(value)}
