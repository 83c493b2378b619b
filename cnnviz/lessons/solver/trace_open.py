"""Which numbers fit the open places of a chain: every value within the bounds is tried, or an axis is run backwards.

>>> from cnnviz.lessons.solver.spec_open import read_open
>>> solved = solve_open(read_open("256: conv 3 s2 p?; pool 4 s1 -> 125"))
>>> [found.values for found in solved.answers], solved.answers[0].sizes
([(1,)], (256, 128, 125))
>>> solved = solve_open(read_open("?: conv 3 s2 p1; pool 4 s1 -> 125"))
>>> [found.values for found in solved.answers]
[(255,), (256,)]
>>> solved = solve_open(read_open("256: conv 3 s2 p?; pool 4 s1 -> 200"))
>>> [(found.values, found.sizes[-1]) for found in solved.near]
[((64,), 188)]

**Complete:** within `bounds_of` nothing that works is missing; `total` counts it all, of which the `MOST_KEPT` simplest
are kept. **Ranked:** the fewest oddities (see `solver.oddities`), then the smallest numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from cnnviz.engine.axis_layer import AxisLayer, layer_loss, layer_size
from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.lessons.solver.spec_layer import CHAIN_BOUNDS, read_layer
from cnnviz.lessons.solver.spec_open import FIRST, LAST, SIZES, OpenChain, Spot, fill
from cnnviz.lessons.solver.trace import oddities, weigh
from cnnviz.lessons.solver.trace_chain import inputs_of_chain, nearest_outputs

TWO_OPEN: dict[str, Pair] = {
    "kernel": (1, 32), "stride": (1, 16), "padding": (0, 16), "dilation": (1, 16), "output_padding": (0, 15),
}  # fmt: skip
"""Where to look if two settings are open; if only one is, wherever a chain may go."""
MOST_KEPT = 400
MOST_SPAN, MOST_RUN = 64, 512
"""Of a wide range of inputs, this many are listed for one combination, and for all of them."""
SEARCHED = 160

Layers = tuple[AxisLayer, ...]
Combination = tuple[tuple[int, ...], Layers]
Run = tuple[tuple[int, ...], Layers, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """Values of the open spots, in their order, and the sizes from the input to the output."""

    values: tuple[int, ...]
    sizes: tuple[int, ...]
    lost: int
    oddities: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Solved:
    """All that works, simplest first; if nothing does, `near` has the nearest outputs, or `fault` says why none is."""

    chain: OpenChain
    answers: tuple[Found, ...]
    total: int
    near: tuple[Found, ...]
    fault: str


def bounds_of(chain: OpenChain, spot: Spot) -> Pair:
    """Give the smallest and the largest value that is tried for an open spot."""
    if spot in {FIRST, LAST}:
        return SIZES
    settings = [one for one in chain.open if one not in {FIRST, LAST}]
    return (CHAIN_BOUNDS if len(settings) == 1 else TWO_OPEN)[spot.setting]


@lru_cache(maxsize=64)
def solve_open(chain: OpenChain) -> Solved:
    """Find every value of the open numbers that makes the chain come out."""
    combinations, fault = _combinations(chain)
    if chain.size is None:
        return _backwards(chain, combinations, fault)
    run = _Runner(chain.size)
    runs = [(values, layers, run(layers)) for values, layers in combinations]
    runs = [one for one in runs if one[2] and one[2][-1] <= SIZES[1]]
    if not runs:
        return Solved(chain, (), 0, (), fault or _first_fault(combinations, chain.size))
    if chain.output is None:
        return _solved(chain, [((*values, sizes[-1]), layers, sizes) for values, layers, sizes in runs])
    if fits := [one for one in runs if one[2][-1] == chain.output]:
        return _solved(chain, fits)
    near = []
    for end in _either_side({sizes[-1] for _, _, sizes in runs}, chain.output):
        near.append(min((_found(*one) for one in runs if one[2][-1] == end), key=_rank))
    return Solved(chain, (), 0, tuple(near), "")


class _Runner:
    """Run sizes through layers, remembering what each layer did: most combinations share most layers."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.known: dict[tuple[AxisLayer, int], int] = {}

    def __call__(self, layers: Layers) -> tuple[int, ...]:
        """Give all sizes, or nothing where a layer cannot work."""
        n, sizes = self.size, [self.size]
        for layer in layers:
            if (layer, n) not in self.known:
                try:
                    self.known[layer, n] = layer_size(layer, n)
                except SpecError:
                    self.known[layer, n] = 0
            n = self.known[layer, n]
            if n == 0:
                return ()
            sizes.append(n)
        return tuple(sizes)


def _either_side(sizes: set[int], wanted: int) -> list[int]:
    below = max((size for size in sizes if size < wanted), default=0)
    above = min((size for size in sizes if size > wanted), default=0)
    return [size for size in (below, above) if size]


def _combinations(chain: OpenChain) -> tuple[list[Combination], str]:
    """Make the layers for all values of the open settings; also say why a layer has none."""
    variants: list[list[tuple[tuple[int, ...], AxisLayer]]] = []
    fault = ""
    for index in range(len(chain.layers)):
        mine, reason = _variants(chain, index)
        variants.append(mine)
        fault = fault or (reason if not mine else "")
    return [
        (tuple(value for values, _ in chosen for value in values), tuple(layer for _, layer in chosen))
        for chosen in product(*variants)
    ], fault


def _variants(chain: OpenChain, index: int) -> tuple[list[tuple[tuple[int, ...], AxisLayer]], str]:
    spots = [spot for spot in chain.open if spot.layer == index and spot not in {FIRST, LAST}]
    ranges = []
    for spot in spots:
        low, high = bounds_of(chain, spot)
        ranges.append(range(low, high + 1))
    found, reason = [], ""
    for values in product(*ranges):
        layer = fill(chain, dict(zip(spots, values, strict=True))).layers[index]
        try:
            found.append((values, _axis(layer.text())))
        except SpecError as error:
            reason = f"Layer {index + 1}: {error.message}"
    return found, reason


@lru_cache(maxsize=4096)
def _axis(text: str) -> AxisLayer:
    return read_layer(text).axis(0)


def _first_fault(combinations: list[Combination], size: int) -> str:
    """Say where the plainest combination stops."""
    n = size
    for number, layer in enumerate(combinations[0][1] if combinations else (), start=1):
        try:
            n = layer_size(layer, n)
        except SpecError as error:
            return f"Layer {number}: {error.message}"
    return f"The sizes grow beyond {SIZES[1]}."


def _backwards(chain: OpenChain, combinations: list[Combination], fault: str) -> Solved:
    """Find the input sizes; each combination has a whole range of them, or none."""
    assert chain.output is not None
    runs: list[Run] = []
    total, most = 0, min(max(MOST_RUN // max(len(combinations), 1), 4), MOST_SPAN)
    for values, layers in combinations:
        span = inputs_of_chain(layers, chain.output)
        if span and span[0] <= SIZES[1]:
            last = min(span[1], SIZES[1])
            total += last - span[0] + 1
            kept = min(last, span[0] + most - 1)
            runs += [((n, *values), layers, _Runner(n)(layers)) for n in range(span[0], kept + 1)]
    if runs:
        return _solved(chain, runs, total)
    near: dict[int, list[Found]] = {}
    for values, layers in combinations:
        for output in nearest_outputs(layers, chain.output, SEARCHED):
            span = inputs_of_chain(layers, output)
            if span and span[0] <= SIZES[1] and output <= SIZES[1]:
                near.setdefault(output, []).append(_found((span[0], *values), layers, _Runner(span[0])(layers)))
    closest = _either_side(set(near), chain.output)
    reason = fault or ("" if closest else f"No input up to {SIZES[1]} comes near it.")
    return Solved(chain, (), 0, tuple(min(near[output], key=_rank) for output in closest), reason)


def _solved(chain: OpenChain, runs: list[Run], total: int | None = None) -> Solved:
    ranked = sorted((_found(*run) for run in runs), key=_rank)
    return Solved(chain, tuple(ranked[:MOST_KEPT]), len(runs) if total is None else total, (), "")


def _found(values: tuple[int, ...], layers: Layers, sizes: tuple[int, ...]) -> Found:
    odd: dict[str, None] = {}
    weight = lost = 0
    for layer, n in zip(layers, sizes, strict=False):
        mine, loss = _judged(layer, n)
        odd.update(dict.fromkeys(mine))
        weight, lost = weight + weigh(mine), lost + loss
    return Found(values, sizes, lost, tuple(odd), weight)


@lru_cache(maxsize=8192)
def _judged(layer: AxisLayer, n: int) -> tuple[tuple[str, ...], int]:
    return oddities(layer, n), layer_loss(layer, n)


def _rank(found: Found) -> tuple[int, tuple[int, ...]]:
    return found.weight, found.values


def put_in(chain: OpenChain, found: Found) -> Iterator[tuple[Spot, int]]:
    """Pair the open spots with their values."""
    yield from zip(chain.open, found.values, strict=True)
