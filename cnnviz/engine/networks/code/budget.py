"""How much a reading of pasted code may do: every step, and all that Python does in one go, is paid for before it is done.

>>> budget = Budget()
>>> budget.perform(None, "sum", [1, 2, 3]), budget.work
(6, 5)
>>> shared = [0]
>>> for _ in range(40):
...     shared = [shared, shared]  # a million million members, in forty lists
>>> budget.perform(None, "==", shared, [0])
Traceback (most recent call last):
cnnviz.engine.networks.code.values.TooMuchError: With “==” the code makes or compares more values than are followed here (about 1,000,000 in all).

While Python sums, sorts, compares, copies or writes out, nothing else runs in this process: a step that takes a minute
would stop all learners.
"""  # noqa: E501 - the sentence is as long as it is

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cnnviz.engine.networks.code.operations import OPERATIONS
from cnnviz.engine.networks.code.values import Method, Size, Tensor, TooMuchError

MOST_WORK = 1_000_000
"""Values made, touched or compared in one reading."""
MOST_STEPS = 40_000
STEP = MOST_WORK // MOST_STEPS
"""What following one expression or statement costs, in such values."""
MOST_DEPTH = 40
SIZED = (list, tuple, dict, str, range)


@dataclass
class Budget:
    """What one reading has done."""

    work: int = 0
    depth: int = 0

    def step(self, node: ast.AST | None) -> None:
        """Count a step; too many end the reading."""
        self.work += STEP
        if self.work > MOST_WORK:
            raise TooMuchError(node, _too_much(""))

    def spend(self, node: ast.AST | None, amount: int, name: str = "") -> None:
        """Count work before it is done; too much ends the reading."""
        if amount > MOST_WORK - self.work:
            raise TooMuchError(node, _too_much(name))
        self.work += amount

    def perform(self, node: ast.AST | None, name: str, *values: Any) -> Any:
        """Do what Python does in one go, if it can be paid for: the only place where that happens to values of code."""
        operation = OPERATIONS[name]
        self.spend(node, operation.cost(lambda *parts: self.measure(node, name, *parts), *values), name)
        return operation.function(*values)

    def touch(self, node: ast.AST | None, name: str, *values: Any) -> None:
        """Pay for what the reader itself does with each of some values, but not with their members."""
        self.spend(node, 4 * (len(values) + sum(len(one) for one in values if isinstance(one, SIZED))), name)

    def walk(self, node: ast.AST | None, name: str, *values: Any) -> None:
        """Pay for what the reader itself does with some values and all their members."""
        self.spend(node, self.measure(node, name, *values), name)

    def measure(self, node: ast.AST | None, name: str, *values: Any) -> int:
        """Count all members of values, and theirs, as often as they occur; a count beyond the budget stops early.

        >>> Budget().measure(None, "==", [1, [2, "word"]], 3)
        10
        """
        left = MOST_WORK - self.work
        level: list[Any] = list(values)
        size = depth = 0
        while level:
            depth += 1
            if depth > MOST_DEPTH:
                raise TooMuchError(node, f"Lists are nested more than {MOST_DEPTH} deep here, which is not followed.")
            size += len(level)
            inner: list[Any] = []
            for one in level:
                kind = type(one)
                if kind in {list, tuple}:
                    inner += one
                elif kind in {str, range}:
                    size += len(one)
                elif kind is dict:
                    inner += one
                    inner += one.values()
                    # Keys of numbers can be made to collide: looking one up then compares it with all others.
                    size += sum(type(key) is tuple for key in one) ** 2
                elif kind is Tensor:
                    size += len(one.node)
                elif kind is Method:
                    inner.append(one.owner)
                elif kind is Size:
                    size += len(one.all)
                if size + len(inner) > left:
                    raise TooMuchError(node, _too_much(name))
            level = inner
        return size

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


def _too_much(name: str) -> str:
    if not name:
        return "The code does not come to an end within the steps that are followed here."
    return f"With “{name}” the code makes or compares more values than are followed here (about {MOST_WORK:,} in all)."
