"""Convolution arithmetic backwards: which layers turn one size into another? All of it is closed form.

>>> from cnnviz.lessons.solver.spec_question import parse_question
>>> solution = solve(parse_question("56 -> 112"), "transposed")
>>> [(a.rows.kernel, a.rows.stride, a.rows.padding[0]) for a in solution.answers[:3]]
[(2, 2, 0), (4, 2, 1), (6, 2, 2)]
>>> solve(parse_question("56 -> 112"), "conv").total
0

For each kernel, dilation and padding the room in which the window moves is known. As the output is
``room // stride + 1``, the strides that give it lie between two divisions, and nothing is tried in vain.

**Complete:** within `BOUNDS` no layer is missing. Two spellings of one layer are listed once: a kernel of one cell has
no dilation (unless the filter fixes it, or a large output padding needs it), and ceil mode stands there only where it
changes the size.

**Ranked:** the fewest oddities (see `oddities`) first, of which the `HEAVY` count twice; then the smallest kernel, the
fewest lost cells, the least padding, the smallest stride.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from itertools import product
from operator import ne

from cnnviz.engine.arithmetic import output_size, same_padding
from cnnviz.engine.axis_layer import AxisLayer, layer_loss, layer_size
from cnnviz.engine.grids import Pair
from cnnviz.lessons.solver.spec import BOUNDS, Filters
from cnnviz.lessons.solver.spec_question import Question

Frame = tuple[int, int, Pair]
"""A kernel, a dilation, a padding: what the window is before it moves."""

MIXED_AXES = 40
MOST_MIXED = 200
NO_FILTERS = Filters()
HEAVY = frozenset({"dilated", "outside", "cut"})
"""Oddities that count twice: few layers have them, and they change more than a border."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One layer that gives the wanted size; `oddities` are those of both axes."""

    rows: AxisLayer
    columns: AxisLayer
    oddities: tuple[str, ...]

    @property
    def alike(self) -> bool:
        """Whether one number says each setting."""
        return self.rows == self.columns


@dataclass(frozen=True, slots=True)
class Solution:
    """All answers of one kind, simplest first.

    If rows and columns ask differently, `shared` answers have one number for both axes and come first; `total` counts
    every pairing, of which the simplest `MOST_MIXED` follow.
    """

    question: Question
    kind: str
    answers: tuple[Answer, ...]
    total: int
    shared: int


@lru_cache(maxsize=256)
def solve(question: Question, kind: str, filters: Filters = NO_FILTERS) -> Solution:
    """Find every layer of a kind that answers the question and passes the filters."""
    (n, wanted), (m, other) = question.axes
    rows = solve_axis(kind, n, wanted, filters)
    if question.alike:
        answers = tuple(Answer(layer, layer, odd) for layer, odd in rows)
        return Solution(question, kind, answers, len(answers), len(answers))
    columns = solve_axis(kind, m, other, filters)
    theirs = dict(columns)
    both = [(layer, odd, theirs[layer]) for layer, odd in rows if layer in theirs]
    both.sort(key=lambda one: weigh(_union(one[1], one[2])))
    shared = [Answer(layer, layer, _union(mine, others)) for layer, mine, others in both]
    mixed = _mixed(question, rows, columns)
    total = _pairings(question, rows, columns)
    return Solution(question, kind, (*shared, *mixed), total, len(shared))


Ranked = tuple[tuple[AxisLayer, tuple[str, ...]], ...]


@lru_cache(maxsize=512)
def solve_axis(kind: str, n: int, wanted: int, filters: Filters = NO_FILTERS) -> Ranked:
    """Find every layer of one axis with its oddities, simplest first.

    >>> solve_axis("conv", 7, 4, Filters(kernel=3, stride=2))[0]
    (AxisLayer(kind='conv', kernel=3, stride=2, padding=(1, 1), dilation=1, output_padding=0, ceil=False), ())
    """
    search = _transposed if kind == "transposed" else _windowed
    found = ((layer, oddities(layer, n)) for layer in search(kind, n, wanted, filters))
    if filters.exact:
        found = ((layer, odd) for layer, odd in found if "lost" not in odd)
    return tuple(sorted(found, key=lambda one: _rank(one[0], one[1], n)))


def oddities(layer: AxisLayer, n: int) -> tuple[str, ...]:
    """Name what makes a layer unusual on this input; a layer without oddities is a plain answer.

    >>> oddities(AxisLayer("conv", 4, 2, (1, 1)), 225), oddities(AxisLayer("transposed", 3, 2, (1, 1)), 4)
    (('lost', 'even'), ('overlap',))
    """
    before, after = layer.padding
    size, reach = layer_size(layer, n), layer.reach
    pools, transposed = layer.kind == "pool", layer.kind == "transposed"
    start_of_last = (size - 1) * layer.stride
    windows = n if transposed else size
    told = {
        "lost": not (transposed or layer.ceil) and n + before + after > start_of_last + reach,
        "even": layer.kind == "conv" and layer.kernel % 2 == 0,
        "single": pools and layer.kernel == 1,
        "shared": pools and layer.stride < layer.kernel,
        "padded": pools and before + after > 0,
        "ceil": layer.ceil,
        "dilated": layer.dilation > 1,
        "uneven": before != after,
        "extra": layer.output_padding > 0,
        "overlap": transposed and layer.kernel % layer.stride > 0,
        "gaps": layer.stride > reach and windows > 1,
        "idle": layer.stride > 1 and windows == 1 and not (pools and layer.stride == layer.kernel),
        "outside": not transposed and (before >= reach or start_of_last >= before + n),
        "cut": transposed and (before >= reach or (n - 1) * layer.stride - before >= size),
    }
    return tuple(name for name, holds in told.items() if holds)


def weigh(odd: tuple[str, ...]) -> int:
    """Count oddities, the heavy ones twice."""
    return len(odd) + len(HEAVY.intersection(odd))


def _rank(layer: AxisLayer, odd: tuple[str, ...], n: int) -> tuple[int, ...]:
    lost = layer_loss(layer, n) if "lost" in odd else 0
    last = layer.dilation, layer.output_padding, layer.padding[1]
    return weigh(odd), layer.kernel, lost, layer.padding[0], layer.stride, *last


def _windowed(kind: str, n: int, wanted: int, filters: Filters) -> Iterator[AxisLayer]:
    """Solve ``room // stride + 1 = wanted`` for a convolution or a pooling."""
    if filters.pads == "same":
        yield from _same(kind, n, wanted, filters)
        return
    for kernel, dilation, padding in frames(kind, filters):
        room = n + sum(padding) - dilation * (kernel - 1) - 1
        if room >= 0:
            most = room // (wanted - 1) if wanted > 1 else BOUNDS["stride"][1]
            for stride in within("stride", filters.stride, room // wanted + 1, most):
                yield AxisLayer(kind, kernel, stride, padding, dilation)
        if kind == "pool" and filters.ceil and padding[0] == padding[1]:
            yield from _ceil(n, wanted, (kernel, dilation, padding), filters)


def _ceil(n: int, wanted: int, frame: Frame, filters: Filters) -> Iterator[AxisLayer]:
    """Pool with the size rounded up, wherever that changes it; as in PyTorch the last window starts inside."""
    kernel, dilation, padding = frame
    room = n + sum(padding) - dilation * (kernel - 1) - 1
    for stride in within("stride", filters.stride, 1, BOUNDS["stride"][1]):
        size = -(-room // stride) + 1
        if size > 1 and (size - 1) * stride >= n + padding[0]:
            size -= 1
        if size == wanted and (room < 0 or room // stride + 1 != wanted):
            yield AxisLayer("pool", kernel, stride, padding, dilation, ceil=True)


def _same(kind: str, n: int, wanted: int, filters: Filters) -> Iterator[AxisLayer]:
    """Pad as TensorFlow's "same" does, which gives n / stride outputs, rounded up; at stride 1 it is PyTorch's."""
    for stride in within("stride", filters.stride, 1, BOUNDS["stride"][1]):
        if -(-n // stride) != wanted:
            continue
        for kernel, dilation in kernels(filters):
            padding = same_padding(n, kernel, stride, dilation, convention="tf")
            yield AxisLayer(kind, kernel, stride, padding, dilation)


def _transposed(kind: str, n: int, wanted: int, filters: Filters) -> Iterator[AxisLayer]:
    """Solve the other way round: what is missing to the wanted size must be an allowed output padding."""
    strides = within("stride", filters.stride, *BOUNDS["stride"])
    for (kernel, dilation, padding), stride in product(frames(kind, filters), strides):
        extra = wanted - ((n - 1) * stride + dilation * (kernel - 1) + 1 - sum(padding))
        if 0 <= extra < max(stride, dilation) and filters.output_padding in {None, extra}:
            twin = kernel == 1 and dilation > 1 and extra < stride
            if not twin or filters.dilation is not None:
                yield AxisLayer(kind, kernel, stride, padding, dilation, extra)


def frames(kind: str, filters: Filters) -> Iterator[Frame]:
    """Run through the windows within the bounds: PyTorch pads a pooling by at most half its kernel."""
    pads = [(p, p) for p in within("padding", filters.padding, *BOUNDS["padding"])]
    if filters.pads == "uneven" and kind != "transposed":
        last = BOUNDS["padding"][1]
        pads += [(before, before + 1) for before, _ in pads if before < last]
    for kernel, dilation in kernels(filters, twins=kind == "transposed"):
        for padding in pads:
            if kind != "pool" or padding[1] <= kernel // 2:
                yield kernel, dilation, padding


def kernels(filters: Filters, *, twins: bool = False) -> list[Pair]:
    """List kernels with their dilations; `twins` keeps a kernel of one cell at every dilation."""
    return [
        (kernel, dilation)
        for kernel in within("kernel", filters.kernel, *BOUNDS["kernel"])
        for dilation in within("dilation", filters.dilation, *BOUNDS["dilation"])
        if (kernel > 1 or dilation == 1 or filters.dilation is not None or twins)
        and (kernel % 2 == 1 or not filters.odd)
    ]


def within(setting: str, fixed: int | None, low: int, high: int) -> range:
    """Give the values of a setting between two ends, within the bounds, and only the fixed one if there is one."""
    least, most = (fixed, fixed) if fixed is not None else BOUNDS[setting]
    return range(max(low, least), min(high, most) + 1)


# Rows and columns apart


def _mixed(question: Question, rows: Ranked, columns: Ranked) -> list[Answer]:
    """Pair the simplest answers of both axes: those that differ in few settings first."""
    mine, theirs = rows[:MIXED_AXES], columns[:MIXED_AXES]
    across = [(j, column, _numbers(column)) for j, (column, _) in enumerate(theirs)]
    pairs = []
    for i, (row, _) in enumerate(mine):
        numbers = _numbers(row)
        for j, column, others in across:
            if row != column and _fit(question, row, column):
                pairs.append((sum(map(ne, numbers, others)), i + j, i, j))
    chosen = [(mine[i], theirs[j]) for *_, i, j in nsmallest(MOST_MIXED, pairs)]
    return [Answer(row, column, _union(odd, odder)) for (row, odd), (column, odder) in chosen]


def _numbers(layer: AxisLayer) -> tuple[object, ...]:
    return layer.kernel, layer.stride, layer.padding, layer.dilation, layer.output_padding


def _fit(question: Question, row: AxisLayer, column: AxisLayer) -> bool:
    """Ceil mode holds for both axes: an axis that does not ask for it must not mind it."""
    (n, _), (m, _) = question.axes
    return row.ceil == column.ceil or (_ignores_ceil(row, n) and _ignores_ceil(column, m))


def _ignores_ceil(layer: AxisLayer, n: int) -> bool:
    if layer.ceil:
        return True
    if layer.padding[0] != layer.padding[1]:  # padded by a layer of its own, of which ceil mode knows nothing
        return False
    size = layer_size(layer, n)
    return output_size(n, layer.kernel, layer.stride, layer.padding, layer.dilation, ceil_mode=True) == size


def _pairings(question: Question, rows: Ranked, columns: Ranked) -> int:
    """Count the pairs that `_fit` without making them."""
    (n, _), (m, _) = question.axes
    (ceil, floor, tolerant), (their_ceil, their_floor, their_tolerant) = _census(rows, n), _census(columns, m)
    return ceil * their_ceil + floor * their_floor + ceil * their_tolerant + tolerant * their_ceil


def _census(ranked: Ranked, n: int) -> tuple[int, int, int]:
    """Count the layers in ceil mode, the others, and those of the others that do not mind it."""
    others = [layer for layer, _ in ranked if not layer.ceil]
    pools = bool(ranked) and ranked[0][0].kind == "pool"
    tolerant = sum(_ignores_ceil(layer, n) for layer in others) if pools else 0
    return len(ranked) - len(others), len(others), tolerant


def _union(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mine + theirs))
