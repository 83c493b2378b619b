"""Pasted code: what is read must be what PyTorch builds and runs."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from cnnviz.engine.networks.code.sized import read_code
from cnnviz.engine.networks.trace import trace_network
from tests.engine.networks.code.pasted import SNIPPETS


def built(text):
    """Make the module that a snippet of our own describes, as its reader would."""
    scope: dict[str, Any] = {"torch": torch, "nn": nn, "F": nn.functional}
    exec(compile(text, "snippet", "exec"), scope)  # our own text, in a test
    modules = [value for value in scope.values() if isinstance(value, nn.Module)]
    if modules:
        return modules[-1]
    return [v for v in scope.values() if isinstance(v, type) and issubclass(v, nn.Module) and v is not nn.Module][-1]()


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_reads_as_pytorch_runs_it(name):
    size, text = SNIPPETS[name]
    parsed = read_code(text, size)
    assert parsed.problems == ()
    assert parsed.network is not None
    trace = trace_network(parsed.network, size)
    assert trace.fault is None
    module = built(text).eval()
    seen = []
    for path, layer in module.named_modules():
        if not list(layer.children()) and not isinstance(layer, nn.Sequential):
            layer.register_forward_hook(lambda _, __, out, path=path: seen.append((path, tuple(out.shape[1:]))))
    with torch.no_grad():
        out = module(torch.zeros(2, *size))
    assert tuple(out.shape[1:]) == trace.output_shape
    assert trace.params == sum(p.numel() for p in module.parameters())
    assert trace.trainable == sum(p.numel() for p in module.parameters() if p.requires_grad)
    theirs = [(path, shape) for path, shape in seen]
    homes = {path for path, _ in theirs}
    ours = [(row.node.home, row.output_shape) for row in trace.rows if row.node.home in homes]
    assert ours == theirs


HOSTILE = {
    "parentheses": "(" * 5000 + ")" * 5000,
    "signs": "x=" + "-" * 90_000 + "1",
    "sum": "x=" + "+".join(["1"] * 20_000),
    "dots": "x" + ".a" * 30_000,
    "calls": "f" + "()" * 30_000,
    "endless": "while True:\n  x = 1",
    "long loop": "for i in range(10**9):\n  pass",
    "nested loops": "\n".join(" " * i + f"for a{i} in range(100):" for i in range(18)) + "\n" + " " * 18 + "x = 1",
    "tower": "x = 9**9**9**9",
    "long list": "x = [0] * 10**9",
    "long word": "x = 'a' * 10**9",
    "format bomb": "x = '%999999999d' % 1",
    "digits": "x = " + "9" * 90_000,
    "doubling list": "x = [1]\nfor i in range(60):\n  x = x + x",
    "recursion": "def f(x):\n  return f(x)\nf(1)",
    "own forward": "class A(nn.Module):\n  def forward(self, x):\n    return self.forward(x)",
    "member of itself": "m = nn.Sequential()\nm.append(m)",
    "list of itself": "m = nn.ModuleList()\nm.append(m)\nmodel = nn.Sequential(m)",
    "lambda": "f = lambda x: f(x)\nf(1)",
    "comprehension": "x = [i for a in range(1000) for b in range(1000) for i in range(1000)]",
    "nul": "a\0b",
    "half a letter": "x = '\ud800'",
    "shift": "x = 1 << 99999999",
    "huge layer": "nn.Conv2d(10**9, 10**9, 10**9)",
    "many layers": "layers = []\nfor i in range(5000):\n  layers.append(nn.ReLU())\nm = nn.Sequential(*layers)",
    "too long": "x = 1\n" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code_gets_a_sentence(name):
    parsed = read_code(HOSTILE[name], (3, 32, 32))
    assert parsed.network is None
    assert parsed.problems and all(one.message.endswith(".") for one in parsed.problems)


def test_nothing_in_the_text_is_executed(tmp_path):
    target = tmp_path / "made"
    for text in (f"open({str(target)!r}, 'w')", f"__import__('pathlib').Path({str(target)!r}).touch()", "exec('1/0')"):
        read_code(text + "\nnn.Sequential(nn.ReLU())", (3, 8, 8))
    assert not target.exists()


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("nn.Sequential(\n  nn.Conv2d(3, 8, 3),\n  nn.LSTM(8, 8),\n  nn.ReLU())", 3, "nn.LSTM"),
        ("m = nn.Sequential(nn.Conv2d(3, 8))", 1, "kernel_size"),
        ("m = nn.Sequential(nn.ReLU(), nn.Conv2d(3, 8, 3, pading=1))", 1, "pading"),
        ("m = nn.Sequential(nn.ReLU(), nn.Conv2d(3, 8, 3, groups=3))", 1, "2 groups can"),
        (
            "class A(nn.Module):\n  def forward(self, x):\n    x = torch.relu(x)\n    return torch.fft.fft2(x)",
            4,
            "fft2",
        ),
        ("class A(nn.Module):\n  def forward(self, x):\n    x = F.relu(x)\n    return self.head(x)", 4, "head"),
        (
            "class A(nn.Module):\n  def __init__(self, n):\n    self.n = n\n  def forward(self, x):\n    return x",
            0,
            "n",
        ),
        ("model = nn.Sequential(nn.ReLU()\n", 1, "Python"),
    ],
)
def test_what_is_not_understood_is_named_with_its_line(text, line, word):
    parsed = read_code(text, (3, 16, 16))
    assert any((one.line == line or not line) and word in one.message for one in parsed.problems), parsed.problems


def test_the_rest_is_still_read():
    parsed = read_code("nn.Sequential(nn.Conv2d(3, 8, 3), nn.LSTM(8, 8), nn.ReLU(), nn.Flatten())", (3, 16, 16))
    assert parsed.network is not None
    assert [node.layer.kind for node in parsed.network] == ["conv", "activation", "flatten"]


def test_the_size_in_the_code_is_taken_if_none_is_given():
    parsed = read_code("m = nn.Sequential(nn.Conv2d(1, 8, 3))\nx = torch.randn(8, 1, 28, 28)\ny = m(x)")
    assert parsed.network is not None
    assert parsed.size == (1, 28, 28) == parsed.network.input


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(SNIPPETS)), st.randoms(use_true_random=False))
def test_mutilated_code_never_gets_more_than_sentences(name, random):
    size, text = SNIPPETS[name]
    for _ in range(random.randint(1, 6)):
        a, b = sorted((random.randrange(len(text) + 1), random.randrange(len(text) + 1)))
        b = min(b, a + random.choice([1, 3, 40]))
        text = random.choice(
            [text[:a] + text[b:], text[:a] + text[a:b] * 2 + text[b:], text[:b] + "]0-x(:"[a % 6] + text[b:]]
        )
    parsed = read_code(text, size)
    if parsed.network:
        trace_network(parsed.network, size)
