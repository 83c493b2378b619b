"""Texts made at random from the reader's own tables: what is added to a table is tried without a word here.

`python -m tests.hostile.code_fuzz 10000` tries ten thousand, and says which took longest and most memory.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from random import Random

from cnnviz.engine.networks.code import functions as code_functions
from cnnviz.engine.networks.code import layers as code_layers
from cnnviz.engine.networks.code.functions import SAME_TENSOR
from cnnviz.engine.networks.code.layers import FLAT_PARAMETERS
from cnnviz.engine.networks.code.lookups import LEAF_NUMBERS, TORCH_METHODS_OF_MODULES
from cnnviz.engine.networks.code.operations import COMPARISONS, LISTS, METHODS, NUMBERS, OPERATIONS, OPERATORS
from cnnviz.engine.networks.layers.kinds import ACTIVATIONS
from tests.hostile.code_child import Child

LAYERS = [*FLAT_PARAMETERS, *(f"{name}{rank}d" for name in code_layers.PARAMETERS for rank in (1, 2, 3))]
CONTAINERS = ["Sequential", "ModuleList", "ModuleDict"]
FUNCTIONS = [
    *ACTIVATIONS, *code_functions.PARAMETERS, *(f'{name}2d' for name in code_functions.PARAMETERS), "cat", "add",
    "mul", "view", "reshape",
]  # fmt: skip
OF_TENSORS = [*sorted(SAME_TENSOR), "size", "dim", *FUNCTIONS]

NAMES = "abcdmtw"
ATOMS = [
    *NAMES, *NAMES, "x", "self", "0", "1", "-1", "2", "3", "8", "1.5", "10**12", "-10**9", "5000", "4999", "True",
    "None", "'ab'", "''", "'same'", "'9' * 4999", "[]", "()", "{}", "[0] * 5000", "(1, 2) * 2500", "range(5000)",
    "range(30)", "[range(5000)] * 5000", "[[0] * 5000] * 5000", "[(i, i) for i in range(50)]", "[a, b, c]", "(a, b)",
    "{'a': a}", "{t: a}", "x.shape", "x.size(0)", "x.size()", "a[1:]", "a[::-1]", "lambda x: x", "nn", "torch", "...",
    "b'a'", "2j",
]  # fmt: skip
GROWING = [
    "{0} = [{0}, {0}]", "{0} = ({0}, {0})", "{0} = [{0}]", "{0} = ({0},)", "{0} = {0} + {0}", "{0} = {0} * 2",
    "{0} = {{'a': {0}, 'b': {0}}}", "{0} = {{1: {0}}}", "{0} = {{{0}: {0}}}", "{0} = nn.Sequential({0}, {0})",
    "{0} = nn.ModuleList([{0}, {0}])", "{0} = f'{{{0}}}{{{0}}}'", "{0}.append({0})", "{0}.append([{0}])",
    "{0}.extend({0})", "{0} = {0}.a", "{0} = ({0} * 1.0) ** 64", "{0} = {0} * {0}", "{0} = {0}.b",
    "{0} = list(enumerate({0}))", "{0} = [*{0}, *{0}]", "{0} = {{**{0}, {0}: 1}}",
    "{0} = [u + (v,) for u in {0} for v in (-1, -2)]",
]  # fmt: skip
STARTS = [
    "[0]", "(0,)", "{}", "'ab'", "1", "range(5000)", "nn.ReLU()", "nn.Sequential()", "[0] * 5000", "[()]",
    "[nn.ReLU()] * 300",
]  # fmt: skip
OFTEN = [2, 2, 3, 5, 8, 12, 12, 40, 40, 300, 4000]
STATEMENTS = [
    "<any>", "<any>", "<name> = <any>", "<name> += <any>", "<name>[<any>] = <any>", "<name>.a = <any>",
    "self.<name> = <any>", "a, b = <any>", "x = <any>", "x = F.relu(x) + <any>", "setattr(self, <any>, <any>)",
    "a = b = c = <any>", "a, *b = <any>", "return <any>", "nn.Sequential(*<name>)",
    "self.l = nn.Sequential(<any>, <name>)", "del <name>", "<name>: int = <any>", "import a.b as <name>",
]  # fmt: skip
AROUND = [
    "", "", "", "", "", "", "", "", "", "", "for i in range(3000):", "while True:", "for <name> in <any>:",
    "if <any>:", "try:", "with a:", "def f(x, *a, **b):", "class B:",
]  # fmt: skip
EXPRESSIONS = [
    "nn.<layer>(<arguments>)", "nn.<container>(<arguments>)", "F.<function>(<arguments>)",
    "torch.<function>(x, <arguments>)", "x.<tensor>(<arguments>)", "(<any>).<module>(<arguments>)",
    "(<any>).<number>", "[<any> for i in <any>]", "{i: <any> for i in <any>}", "[<any> for i in range(5000)]",
    "(<any> if <any> else <any>)", "(<any> and <any> or not <any>)", "(lambda i: <any>)(<arguments>)", "-(<any>)",
    "(<any>)(<arguments>)", "(<any>)[<any>:]", "{<any>: <any>}", "[*<any>, <any>]", "(w := <any>)",
    "torch.randn(<arguments>)", "self.<name>(x)", "dict(a=<any>, **<any>)", "x[:, :, <any>:]",
    "F.<function>(x, <any>)", "nn.Conv2d(3, 8, <any>)", "nn.Sequential(*[<any>] * 3000)",
]  # fmt: skip
TABLES = {
    "layer": LAYERS, "container": CONTAINERS, "function": FUNCTIONS, "tensor": OF_TENSORS, "name": list(NAMES),
    "module": sorted(TORCH_METHODS_OF_MODULES), "number": sorted(LEAF_NUMBERS),
}  # fmt: skip


class Texts:
    """Makes one text from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def text(self) -> str:
        """Write some values that grow, then what works with them; sometimes as a network's forward."""
        lines = [line for name in NAMES for line in self._grown(name)]
        for _ in range(self.random.randint(1, 8)):
            lines += self._statement()
        if self.random.random() < 0.5:
            made = [f"  {line}" for line in lines]
            forward = [f"    {line}" for _ in range(self.random.randint(1, 4)) for line in self._statement()]
            kind = self.random.choice(["  def __init__(self, a=1):", "  def __init__(self):"])
            lines = ["class A(nn.Module):", kind, *[f"  {line}" for line in made], "  def forward(self, x):"]
            lines += ["    x = nn.Conv2d(3, 4, 3)(x)", *forward]
            lines.append(f"    return {self._expression(3)}")
        text = "\n".join(lines)
        if self.random.random() < 0.1:
            text = self._mutilated(text)
        return text

    def _grown(self, name: str) -> list[str]:
        lines = [f"{name} = {self.random.choice(STARTS)}"]
        if self.random.random() < 0.4:
            grow = self.random.choice(GROWING).format(name)
            lines += [f"for i in range({self.random.choice(OFTEN)}):", f"  {grow}"]
        return lines

    def _statement(self) -> list[str]:
        inner = self._filled(self.random.choice(STATEMENTS), 3)
        around = self._filled(self.random.choice(AROUND), 2)
        if around == "try:":
            return ["try:", f"  {inner}", "finally:", "  0"]
        return [around, f"  {inner}"] if around else [inner]

    def _expression(self, depth: int) -> str:
        if depth <= 0 or self.random.random() < 0.1:
            return self.random.choice(ATOMS)
        if self.random.random() < 0.6:
            return written(self.random.choice(sorted(OPERATIONS)), lambda: self._expression(depth - 1), self.random)
        return self._filled(self.random.choice(EXPRESSIONS), depth - 1)

    def _filled(self, template: str, depth: int) -> str:
        """Put something into each place of a template."""
        return re.sub(r"<(\w+)>", lambda place: self._part(place[1], depth), template)

    def _part(self, kind: str, depth: int) -> str:
        if kind in TABLES:
            return self.random.choice(TABLES[kind])
        return self._arguments(depth) if kind == "arguments" else self._expression(depth)

    def _arguments(self, depth: int) -> str:
        kinds = [self.random.choice(["", "", "", "*", "dim=", "mode=", "**"]) for _ in range(self.random.randint(0, 3))]
        kinds.sort(key=["", "*", "dim=", "mode=", "**"].index)  # as Python wants them
        return ", ".join(kind + self._expression(depth) for kind in kinds)

    def _mutilated(self, text: str) -> str:
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randrange(len(text) + 1)
            text = (
                text[:at]
                + self.random.choice(["(", "]", "\n", " ", "*", ":", "0", "é", "'"])
                + text[at + self.random.randrange(3) :]
            )
        return text


def written(name: str, operand: Callable[[], str], random: Random) -> str:
    """Write an operation of the reader's table as code."""
    if name in OPERATORS or name in COMPARISONS:
        return f"({operand()} {name} {operand()})"
    if name in NUMBERS or name in LISTS:
        return f"{name}({', '.join(random.choice(['', '', '', '*']) + operand() for _ in range(random.randint(0, 3)))})"
    if name in METHODS:
        given = ", ".join(operand() for _ in range(random.randint(0, 2)))
        return f"({operand()}).{name.rpartition('.')[2]}({given})"
    return {
        "[]": lambda: f"({operand()})[{operand()}]",
        "[]=": lambda: f"{{{operand()}: {operand()}}}",
        "**{}": lambda: f"{{**{operand()}, **{operand()}}}",
        "an f-string": lambda: f"f'{{{random.choice(NAMES)}}}{{{random.choice(NAMES)}}}'",
    }[name]()


def texts(number: int, first: int = 0) -> Iterator[tuple[int, str]]:
    """Make texts, each with its seed."""
    for seed in range(first, first + number):
        yield seed, Texts(seed).text()


def main(number: int, first: int) -> None:
    """Try many; say what was worst."""
    worst = {"seconds": (0.0, 0), "megabytes": (0.0, 0)}
    read = errors = 0
    with Child() as child:
        for seed, text in texts(number, first):
            answer = child.read(text, (3, 16, 16))
            worst["seconds"] = max(worst["seconds"], (answer.seconds, seed))
            worst["megabytes"] = max(worst["megabytes"], (answer.megabytes, -seed))
            read += answer.layers > 0
            if answer.error:
                errors += 1
                print(f"--- {seed}\n{text}\n{answer.error}", flush=True)
    print(f"{number} texts, {read} with layers, {errors} errors, worst (value, seed): {worst}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
