'''Pasted PyTorch, read without ever being executed.

>>> code = """
... class Net(nn.Module):
...     def __init__(self):
...         super().__init__()
...         self.conv = nn.Conv2d(1, 6, 5)
...         self.fc = nn.Linear(6 * 14 * 14, 10)
...
...     def forward(self, x):
...         x = F.max_pool2d(F.relu(self.conv(x)), 2)
...         return self.fc(x.view(x.size(0), -1))
... """
>>> parsed = parse(code, (1, 32, 32))
>>> [(node.name, node.line) for node in parsed.network]
[('conv', 9), ('relu', 9), ('max_pool2d', 9), ('view', 10), ('fc', 10)]
>>> parse("nn.Sequential(nn.Conv2d(3, 8, 3), nn.LSTM(8, 8))").problems
(Problem(line=1, message='nn.LSTM is not a layer that is known here.'),)
'''

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cnnviz.engine.networks.code.run import LONGEST_NAME, Measure, Run, name_modules
from cnnviz.engine.networks.code.statements import Reader, modules_in
from cnnviz.engine.networks.code.values import (
    MODULES,
    ClassValue,
    CodeError,
    Leaf,
    Place,
    Problem,
    Tensor,
    TooMuchError,
)
from cnnviz.engine.networks.code.values import Sequence as Modules
from cnnviz.engine.networks.code.writer import to_torch
from cnnviz.engine.networks.graph import INPUT, Network, Shape
from cnnviz.engine.networks.layers.base import Layer
from cnnviz.errors import SpecError

__all__ = ["Parsed", "parse", "to_torch"]

LONGEST_CODE = 100_000
DEEPEST_TREE = 150
DEEPEST_BRACKETS = 60
MOST_OPERATORS = 800
DEEPEST_BLOCKS = 30
DEFAULT_SIZE = (3, 224, 224)


@dataclass(frozen=True)
class Parsed:
    """What a text says: a network if there is one, and everything that was not understood, with its line."""

    network: Network | None
    problems: tuple[Problem, ...] = ()
    size: Shape | None = None
    """The input's size that the code itself names, without the batch."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where in the text each node's layer was made, or its function is called."""
    calls: Mapping[str, ast.Call] = field(default_factory=dict)
    """Where in the text each node's layer is called by itself."""
    text: str = ""
    """The text that the places count in: as it was pasted, without an indent of all lines."""
    work: int = 0
    """How much of what a reading may do this one did."""


def parse(text: str, size: Sequence[int] | None = None, *, measure: Measure | None = None) -> Parsed:
    """Read code; `measure` works out sizes on the way, for code that asks for them (see `networks/code/sized.py`)."""
    tree, problem = _tree(text)
    if tree is None:
        return Parsed(None, (problem,) if problem else ())
    run = Run(shape_of=measure or _no_measure)
    reader = Reader(run)
    try:
        reader.read(tree.body)
        root = _root(run, reader)
        if root is None:
            if not run.problems:
                run.problem(0, "No network was found. Paste an nn.Sequential, or a class with __init__ and forward.")
            return Parsed(None, tuple(run.problems))
        name_modules(run, root)
        hint = run.size_hint[1:] if run.size_hint else None
        start = tuple(size) if size else hint or DEFAULT_SIZE
        result = reader.run_module(tree.body[-1], root, [Tensor(INPUT, start)], {})
    except TooMuchError as error:
        run.problem(error.line, error.message)
        return Parsed(None, tuple(run.problems))
    except CodeError as error:
        run.problem(error.line, error.message)
        return Parsed(None, tuple(run.problems))
    network = _network(run, result, start)
    problems = tuple(sorted(run.problems, key=lambda one: one.line))
    return Parsed(network, problems, hint, run.places, run.calls, dedented(text), run.work)


def _network(run: Run, result: Any, start: Shape) -> Network | None:
    if isinstance(result, (tuple, list)):
        tensors = [one for one in result if isinstance(one, Tensor)]
        if tensors and len(result) > 1:
            run.problem(0, "forward gives more than one result; the first is taken as the output.")
        result = tensors[0] if tensors else None
    if not run.nodes:
        run.problem(0, "forward runs no layer that is known here.")
        return None
    output = result.node if isinstance(result, Tensor) and result.node != INPUT else ""
    if not isinstance(result, Tensor):
        run.problem(0, "What forward returns was not found; its last layer is taken as the output.")
    try:
        return Network("pasted", "Your network", start, run.nodes, output)
    except SpecError as error:
        run.problem(0, error.message)
        return None


def _root(run: Run, reader: Reader) -> Any:
    """Choose what to show: the last module that the code makes, else the last class of one, made with its defaults."""
    made = list(modules_in(run.globals).values())
    loose = [one for one in reader.expressions if isinstance(one, MODULES)]
    listed = next((one for one in reader.expressions if isinstance(one, (tuple, list)) and one), None)
    whole = [one for one in made if not isinstance(one, Leaf)]
    if made:
        return (whole or made)[-1]
    if loose:
        return loose[-1] if len(loose) == 1 else Modules({str(i): one for i, one in enumerate(loose)})
    if listed and any(isinstance(one, MODULES) for one in listed):
        return Modules({str(i): one for i, one in enumerate(listed) if isinstance(one, MODULES)})
    classes = [one for one in run.globals.values() if isinstance(one, ClassValue) and one.is_module]
    if not classes:
        return None
    with_forward = [one for one in classes if "forward" in one.functions] or classes
    return reader.instantiate(with_forward[-1].functions.get("__init__"), with_forward[-1], [], {})  # type: ignore[arg-type]


def _no_measure(_: Layer, __: Sequence[Shape]) -> Shape:
    raise SpecError("size", "No size is known.")


def _tree(text: str) -> tuple[ast.Module | None, Problem | None]:  # noqa: PLR0911 - one sentence a mistake
    """Parse the text, after a look at how deeply it is nested: Python's own parser gives up badly."""
    if len(text) > LONGEST_CODE:
        return None, Problem(0, f"The text has {len(text):,} characters; {LONGEST_CODE:,} is the limit.")
    if not text.strip():
        return None, None
    text = dedented(text)
    if "\0" in text:
        return None, Problem(0, "The text holds a character that no Python has.")
    deep = _too_deep(text)
    if deep:
        return None, deep
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python has opinions on some numbers; they are for whoever runs it
            tree = ast.parse(text)
    except SyntaxError as error:
        said = (error.msg or "a mistake").split("(")[0].strip()
        return None, Problem(error.lineno or 0, f"This is not Python: {said}.")
    except (ValueError, RecursionError, MemoryError):
        return None, Problem(0, "Python cannot read this text.")
    return (None, Problem(0, "One expression is nested too deeply here.")) if _is_deep(tree) else (tree, None)


def dedented(text: str) -> str:
    """Take away what a copy brings along: an indent of all lines, and the prompts of a session."""
    lines = text.expandtabs(4).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if any(line.lstrip().startswith(">>> ") for line in lines):
        lines = [line.lstrip()[4:] for line in lines if line.lstrip().startswith((">>> ", "... "))]
    full = [line for line in lines if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in full), default=0)
    return "\n".join(line[indent:] for line in lines)


def _is_deep(tree: ast.AST) -> bool:
    """Say whether a tree is deeper than what can be sent to another process; brackets are not all that nests."""
    level: list[Any] = [tree]
    for _ in range(DEEPEST_TREE):
        if not level:
            return False
        inner: list[Any] = []
        for node in level:
            for value in vars(node).values():
                if type(value) is list:
                    inner += [one for one in value if isinstance(one, ast.AST)]
                elif isinstance(value, ast.AST):
                    inner.append(value)
        level = inner
    return True


def _too_deep(text: str) -> Problem | None:
    depth = blocks = operators = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
                operators += 1
            elif token.type == tokenize.NEWLINE:
                operators = 0
            blocks += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
            if token.type == tokenize.NAME and len(token.string) > LONGEST_NAME:
                long = f"A name has {len(token.string):,} letters here; {LONGEST_NAME} is the limit."
                return Problem(token.start[0], long)
            if depth > DEEPEST_BRACKETS or blocks > DEEPEST_BLOCKS:
                return Problem(token.start[0], "Brackets or blocks are nested too deeply here.")
            if operators > MOST_OPERATORS * 10:
                return Problem(token.start[0], "One statement is too long here.")
    except (tokenize.TokenError, SyntaxError, IndexError):
        return None  # Python's parser says it better
    return None
