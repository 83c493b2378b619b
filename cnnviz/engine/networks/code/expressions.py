"""Following an expression of pasted code to its value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from cnnviz.engine.networks.code.lookups import Lookups, Scope
from cnnviz.engine.networks.code.operations import LARGEST_POWER
from cnnviz.engine.networks.code.run import check_number
from cnnviz.engine.networks.code.values import (
    BATCH,
    CodeError,
    Function,
    Library,
    Method,
    Sequence,
    Size,
    Tensor,
    TooMuchError,
    Unknown,
)
from cnnviz.engine.networks.layers.kinds import Add, Multiply

SIGNS: Mapping[type[ast.operator | ast.cmpop], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


class Expressions(Lookups):
    """What knows expressions."""

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Follow an expression."""
        self.run.step(node)
        maker = getattr(self, f"_{type(node).__name__.lower()}", None)
        if maker is None:
            return Unknown(type(node).__name__)
        with self.run.deeper(node):
            return check_number(node, maker(node, scope))

    def _constant(self, node: ast.Constant, _: Scope) -> Any:
        if isinstance(node.value, str) and not node.value.isascii():
            return node.value.encode(errors="replace").decode()  # half a letter ("\ud800") cannot stand on a page
        return node.value if isinstance(node.value, (int, float, str, bool, type(None))) else Unknown("constant")

    def _name(self, node: ast.Name, scope: Scope) -> Any:
        if node.id in scope:
            return scope[node.id]
        if node.id in self.run.globals:
            return self.run.globals[node.id]
        return Library(node.id)

    def _tuple(self, node: ast.Tuple, scope: Scope) -> Any:
        return tuple(self._spread(node.elts, scope))

    def _list(self, node: ast.List, scope: Scope) -> Any:
        return list(self._spread(node.elts, scope))

    def _spread(self, nodes: list[ast.expr], scope: Scope) -> list[Any]:
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                values += self.items(node, self.value(node.value, scope))
            else:
                values.append(self.value(node, scope))
        return values

    def _dict(self, node: ast.Dict, scope: Scope) -> Any:
        made: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                more = self.value(value, scope)
                self.run.perform(value, "**{}", made, more if isinstance(more, dict) else {})
            else:
                self.put(key, made, self._key(key, scope), self.value(value, scope))
        return made

    def _key(self, node: ast.expr, scope: Scope) -> Any:
        key = self.value(node, scope)
        if not isinstance(key, (str, int, float, bool, tuple, type(None))):
            raise CodeError(node, "Only words and numbers can be keys here.")
        return key

    def _joinedstr(self, node: ast.JoinedStr, scope: Scope) -> Any:
        parts = [self.value(one.value if isinstance(one, ast.FormattedValue) else one, scope) for one in node.values]
        words = [str(part) if isinstance(part, (str, int, float)) else "?" for part in parts]
        return self.run.perform(node, "an f-string", words)

    def _unaryop(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self.value(node.operand, scope)
        if isinstance(node.op, ast.Not):
            truth = self.truth(value)
            return Unknown("not") if truth is None else not truth
        if isinstance(value, (int, float)):
            return -value if isinstance(node.op, ast.USub) else +value if isinstance(node.op, ast.UAdd) else ~int(value)
        return Unknown("sign")

    def _binop(self, node: ast.BinOp, scope: Scope) -> Any:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        return self.combine(node, node.op, left, right)

    def combine(self, node: ast.AST, op: ast.operator, left: Any, right: Any) -> Any:
        """Follow an operator between two values."""
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return self._tensors(node, op, left, right)
        if isinstance(left, Size) or isinstance(right, Size) or BATCH in (left, right):
            return Unknown("the batch")
        simple = (int, float, str, list, tuple)
        if not isinstance(left, simple) or not isinstance(right, simple):
            return Unknown("arithmetic")
        if isinstance(op, ast.Pow):
            if not (isinstance(left, (int, float)) and isinstance(right, (int, float)) and abs(right) <= LARGEST_POWER):
                raise CodeError(node, f"Powers are followed up to {LARGEST_POWER}.")
        elif isinstance(op, ast.Mult):
            self._check_repeated(node, left, right)
        elif isinstance(op, ast.Mod) and isinstance(left, str):
            raise CodeError(node, "Words are not put together with % here; write an f-string.")
        try:
            return self.run.perform(node, SIGNS[type(op)], left, right)
        except TooMuchError:
            raise
        except ZeroDivisionError:
            raise CodeError(node, "This divides by zero.") from None
        except (KeyError, TypeError, ValueError, OverflowError):
            raise CodeError(node, "This arithmetic is not followed here.") from None

    @staticmethod
    def _check_repeated(node: ast.AST, left: Any, right: Any) -> None:
        """Refuse a list times a large number before it is made."""
        for one, times in ((left, right), (right, left)):
            if isinstance(one, (str, list, tuple)) and isinstance(times, int):
                check_number(node, range(max(0, len(one) * times)))

    def _tensors(self, node: ast.AST, op: ast.operator, left: Any, right: Any) -> Any:
        both = isinstance(left, Tensor) and isinstance(right, Tensor)
        if both and isinstance(op, (ast.Add, ast.Sub)):
            return self.run.emit(Add(), [left, right], "add", node)
        if both and isinstance(op, (ast.Mult, ast.Div)):
            return self.run.emit(Multiply(), [left, right], "mul", node)
        tensor = left if isinstance(left, Tensor) else right
        other = right if tensor is left else left
        if not isinstance(other, (int, float, Unknown)):
            self.run.problem(node, "This operation on a tensor is not followed; it is left out.")
        return tensor  # a number for all cells: the size stays

    def _compare(self, node: ast.Compare, scope: Scope) -> Any:
        left = self.value(node.left, scope)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node, scope)
            opaque = (Unknown, Tensor, Library, Method, type(BATCH), Size)
            none = left is None or right is None
            if (isinstance(left, opaque) or isinstance(right, opaque)) and not none:
                return Unknown("a comparison")
            try:
                if not self.run.perform(node, SIGNS[type(op)], left, right):
                    return False
            except TypeError:
                return Unknown("a comparison")
            left = right
        return True

    def _boolop(self, node: ast.BoolOp, scope: Scope) -> Any:
        value: Any = None
        for one in node.values:
            value = self.value(one, scope)
            truth = self.truth(value)
            if truth is None:
                return value
            if truth != isinstance(node.op, ast.And):
                return value
        return value

    def _ifexp(self, node: ast.IfExp, scope: Scope) -> Any:
        truth = self.truth(self.value(node.test, scope))
        return self.value(node.orelse if truth is False else node.body, scope)

    @staticmethod
    def truth(value: Any) -> bool | None:
        """Say whether a value counts as true; None: nobody knows here."""
        if isinstance(value, (Unknown, Tensor, Library, type(BATCH))):
            return None
        if isinstance(value, (bool, int, float, str, list, tuple, dict, type(None), range)):
            return bool(value)
        return True

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp, scope: Scope) -> Any:
        made: list[Any] = []
        inside = self.run.perform(node, "dict", scope)
        self._comprehend(node.generators, 0, inside, lambda inner: made.append(self.value(node.elt, inner)))
        return made

    _generatorexp = _listcomp
    _setcomp = _listcomp

    def _dictcomp(self, node: ast.DictComp, scope: Scope) -> Any:
        made: dict[Any, Any] = {}

        def take(inner: Scope) -> None:
            self.put(node, made, self._key(node.key, inner), self.value(node.value, inner))

        self._comprehend(node.generators, 0, self.run.perform(node, "dict", scope), take)
        return made

    def _comprehend(
        self, generators: list[ast.comprehension], depth: int, scope: Scope, take: Callable[[Scope], None]
    ) -> None:
        if depth == len(generators):
            take(scope)
            return
        one = generators[depth]
        with self.run.deeper(one.iter):
            for item in self.items(one.iter, self.value(one.iter, scope)):
                self.run.step(one.iter)
                self.assign(one.target, item, scope)
                if all(self.truth(self.value(test, scope)) is not False for test in one.ifs):
                    self._comprehend(generators, depth + 1, scope, take)

    def put(self, node: ast.AST, owner: dict[Any, Any] | list[Any], place: Any, value: Any) -> None:
        """Put a value under a key, or at a place of a list."""
        try:
            self.run.perform(node, "[]=", owner, place, value)
        except TypeError:
            raise CodeError(node, "Only words and numbers can be keys here.") from None

    def assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Put a value where an assignment says."""
        raise NotImplementedError

    def items(self, node: ast.AST, value: Any) -> list[Any]:
        """List what a loop or a star goes over."""
        if isinstance(value, Sequence):
            return self.run.perform(node, "dict.values", value.children)  # type: ignore[no-any-return]
        if isinstance(value, Size):
            value = value.all
        if isinstance(value, (list, tuple, range, str, dict)):
            return self.run.perform(node, "list", check_number(node, value))  # type: ignore[no-any-return]
        raise CodeError(node, "What this goes over is not known here.")

    def _starred(self, node: ast.Starred, scope: Scope) -> Any:
        return self.value(node.value, scope)

    def _lambda(self, node: ast.Lambda, _: Scope) -> Any:
        definition = ast.FunctionDef(
            name="lambda", args=node.args, body=[ast.copy_location(ast.Return(node.body), node.body)],
            decorator_list=[], lineno=node.lineno, col_offset=0,
        )  # fmt: skip
        return Function(definition)

    def _namedexpr(self, node: ast.NamedExpr, scope: Scope) -> Any:
        value = self.value(node.value, scope)
        self.assign(node.target, value, scope)
        return value

    def _slice(self, node: ast.Slice, scope: Scope) -> Any:
        parts = [self.value(one, scope) if one is not None else None for one in (node.lower, node.upper, node.step)]
        if any(one is not None and not isinstance(one, int) for one in parts):
            raise CodeError(node, "The bounds of this slice are not known here.")
        return slice(*parts)


def asks_whether_it_is_run(test: ast.expr) -> bool:
    """Recognise ``__name__ == "__main__"``, either way round."""
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
        return False
    sides = [test.left, test.comparators[0]]
    names = [one.id for one in sides if isinstance(one, ast.Name)]
    words = [one.value for one in sides if isinstance(one, ast.Constant)]
    return names == ["__name__"] and words == ["__main__"]
