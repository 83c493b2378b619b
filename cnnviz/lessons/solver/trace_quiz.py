"""Practice questions: from a level and a seed always the same question, with the slips that learners make.

>>> quiz = make_quiz(2, 7)
>>> quiz == make_quiz(2, 7), quiz.ask, quiz.layers[0].stride > 1
(True, 'size', True)
>>> make_quiz(1, 3).slips.get(make_quiz(1, 3).answer) is None
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from cnnviz.engine.axis_layer import AxisLayer, layer_size
from cnnviz.errors import SpecError
from cnnviz.lessons.solver.trace_chain import chain_size

MOST_TRIES = 1000


@dataclass(frozen=True)
class Quiz:
    """One question: the size behind the layers, or the padding with which the only layer keeps the size.

    `slips` maps wrong answers to what the learner probably did.
    """

    level: int
    seed: int
    ask: str
    n: int
    layers: tuple[AxisLayer, ...]
    answer: int
    slips: dict[int, str]


Draft = tuple[str, int, tuple[AxisLayer, ...]]


@lru_cache(maxsize=1024)
def make_quiz(level: int, seed: int) -> Quiz:
    """Draw a question: the same level and seed give everybody the same one."""
    draw = Random(f"cnnviz {level} {seed}")
    for _ in range(MOST_TRIES):
        ask, n, layers = LEVEL_DRAFTS[level](draw)
        size = chain_size(layers, n)
        if size is not None and size > 1:
            answer = layers[0].padding[0] if ask == "padding" else size
            slips = _padding_slips(layers[0]) if ask == "padding" else _size_slips(n, layers)
            return Quiz(level, seed, ask, n, layers, answer, _wrong(slips, answer))
    raise AssertionError(f"level {level} asks the impossible")


def _wrong(slips: Iterator[tuple[int, str]], answer: int) -> dict[int, str]:
    """Keep the first reason for every wrong answer."""
    kept: dict[int, str] = {}
    for value, slip in slips:
        if value != answer:
            kept.setdefault(value, slip)
    return kept


def _plain(draw: Random) -> Draft:
    if draw.random() < 0.35:
        kernel = draw.choice((3, 5, 7, 9, 11))
        return "padding", draw.randint(8, 64), (AxisLayer("conv", kernel, 1, (kernel // 2,) * 2),)
    padding = draw.randint(0, 3)
    return "size", draw.randint(5, 64), (AxisLayer("conv", draw.randint(2, 7), 1, (padding, padding)),)


def _strided(draw: Random) -> Draft:
    padding = draw.randint(0, 3)
    layer = AxisLayer("conv", draw.randint(2, 7), draw.randint(2, 4), (padding, padding))
    return "size", draw.randint(8, 128), (layer,)


def _dilated_or_pooled(draw: Random) -> Draft:
    kind = draw.choice(("dilated", "keep", "pool"))
    dilation = draw.randint(2, 4)
    if kind == "keep":
        kernel = draw.choice((3, 5, 7))
        padding = dilation * (kernel // 2)
        return "padding", draw.randint(24, 64), (AxisLayer("conv", kernel, 1, (padding, padding), dilation),)
    padding = draw.randint(0, 2)
    if kind == "dilated":
        layer = AxisLayer("conv", draw.randint(2, 5), draw.randint(1, 2), (padding, padding), dilation)
        return "size", draw.randint(16, 64), (layer,)
    kernel = draw.randint(2, 4)
    padding = min(padding, kernel // 2)
    layer = AxisLayer("pool", kernel, draw.randint(1, 4), (padding, padding), ceil=draw.random() < 0.4)
    return "size", draw.randint(8, 64), (layer,)


def _transposed(draw: Random) -> Draft:
    stride, padding = draw.randint(1, 4), draw.randint(0, 2)
    extra = draw.randint(0, stride - 1)
    layer = AxisLayer("transposed", draw.randint(2, 5), stride, (padding, padding), output_padding=extra)
    return "size", draw.randint(2, 32), (layer,)


def _two_layers(draw: Random) -> Draft:
    padding = draw.randint(0, 3)
    first = AxisLayer("conv", draw.randint(3, 7), draw.randint(1, 2), (padding, padding))
    kernel, border = draw.randint(2, 4), draw.randint(0, 1)
    second = draw.choice(
        (
            AxisLayer("pool", kernel, draw.choice((1, kernel))),
            AxisLayer("conv", kernel + 1, draw.randint(1, 3), (border, border)),
            AxisLayer("transposed", kernel, 2),
        )
    )
    return "size", draw.choice((28, 32, 64, 100, 128, 224, 256)), (first, second)


LEVEL_DRAFTS: dict[int, Callable[[Random], Draft]] = {
    1: _plain,
    2: _strided,
    3: _dilated_or_pooled,
    4: _transposed,
    5: _two_layers,
}


def _padding_slips(layer: AxisLayer) -> Iterator[tuple[int, str]]:
    """Guess what went wrong with the padding that keeps the size."""
    yield 2 * layer.padding[0], "both sides"
    yield layer.kernel // 2, "no dilation"
    yield layer.kernel - 1, "both sides"
    yield layer.kernel, "kernel"
    yield layer.padding[0] + 1, "one more"
    yield layer.padding[0] - 1, "one less"


def _size_slips(n: int, layers: tuple[AxisLayer, ...]) -> Iterator[tuple[int, str]]:
    """Compute the size in the ways in which it is often computed wrongly; in a chain each slip in any layer."""
    answer = chain_size(layers, n) or 0
    if len(layers) > 1:
        yield from ((value, slip) for value, slip in _chain_slips(n, layers) if value > 0)
    for index, layer in enumerate(layers):
        for slip, changed in _changed_layers(layer).items():
            size = chain_size((*layers[:index], changed, *layers[index + 1 :]), n)
            if size is not None:
                yield size, slip
    yield answer - 1, "plus one" if layers[-1].kind != "transposed" else "one less"
    yield answer + 1, "one more"


def _chain_slips(n: int, layers: tuple[AxisLayer, ...]) -> Iterator[tuple[int, str]]:
    yield chain_size(layers[:1], n) or 0, "first layer only"
    yield chain_size(layers[1:], n) or 0, "last layer only"
    yield chain_size(layers[::-1], n) or 0, "order"


def _changed_layers(layer: AxisLayer) -> dict[str, AxisLayer]:
    """Give the layer with one thing forgotten or mixed up."""
    before = layer.padding[0]
    changed = {}
    if layer.kind == "transposed":
        changed["no output padding"] = replace(layer, output_padding=0)
        changed["no padding"] = replace(layer, padding=(0, 0))
        changed["padding once"] = replace(layer, padding=(before, 0))
        changed["forwards"] = replace(layer, kind="conv", output_padding=0)
        return {slip: one for slip, one in changed.items() if one != layer}
    changed["padding once"] = replace(layer, padding=(before, 0))
    changed["no padding"] = replace(layer, padding=(0, 0))
    changed["no dilation"] = replace(layer, dilation=1)
    changed["no stride"] = replace(layer, stride=1)
    changed["rounded up"] = replace(layer, kind="pool", ceil=True)
    if layer.ceil:
        changed["rounded down"] = replace(layer, ceil=False)
    return {slip: one for slip, one in changed.items() if one != layer}


def padded_size(quiz: Quiz, padding: int) -> int | None:
    """Tell what size the layer of a padding question gives with another padding.

    >>> padded_size(Quiz(1, 0, "padding", 8, (AxisLayer("conv", 3, 1, (1, 1)),), 1, {}), 0)
    6
    """
    try:
        return layer_size(replace(quiz.layers[0], padding=(padding, padding)), quiz.n)
    except SpecError:
        return None
