"""What can be moved on the Backward stage.

>>> desk = Desk(BackwardSpec(gradient=GridSource("onehot")))
>>> [control.name for control in backward_controls(desk) if control.kind == "slider"]  # doctest: +ELLIPSIS
['input', 'kernel', 'stride', 'padding', 'dilation', 'hot_rows', 'hot_columns', 'nudge_rows', 'nudge_columns']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from cnnviz.engine.grids import GridSource, Pair
from cnnviz.errors import SpecError
from cnnviz.lessons.backward.examples import BACKWARD_PRESETS
from cnnviz.lessons.backward.scene import backward_scene
from cnnviz.lessons.backward.spec import BOUNDS, GRADIENTS, LARGEST_GRADIENT, ONE_HOT, SHOWN, WAYS, BackwardSpec
from cnnviz.lessons.backward.trace import check_axis, check_backward, inside, trace_backward
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import Desk
from cnnviz.stage.moves import Move, Setting, changed, differs, even, is_uneven, padding_moves, pair_moves, together
from cnnviz.stage.operation import Operation
from cnnviz.stage.typed import grid_reader
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS

__all__ = ["BACKWARD", "GridSource", "backward_controls"]

SIZES = (
    Setting("input", "size", "Input", BOUNDS["input"]),
    Setting("kernel", "kernel", "Kernel", BOUNDS["kernel"]),
    Setting("stride", "stride", "Stride", BOUNDS["stride"]),
)
DILATION = Setting("dilation", "dilation", "Dilation", BOUNDS["dilation"])
PAIRS = ("size", "kernel", "stride", "padding", "dilation")
WAY_HELP = "The same numbers: stamp the kernel for every cell of dL/dy, or insert zeros and convolve."


def is_apart(spec: BackwardSpec) -> bool:
    """Tell whether the rows differ from the columns, so that one slider cannot stand for both."""
    return differs(spec, PAIRS)


def has_sides(spec: BackwardSpec) -> bool:
    """Tell whether some padding differs before and after."""
    return is_uneven(spec.padding)


def backward_moves(spec: BackwardSpec, *, apart: bool, sides: bool) -> list[Move[BackwardSpec]]:
    """List the sliders that change the convolution."""
    moves = [move for setting in SIZES for move in pair_moves(spec, setting, apart=apart)]
    moves.extend(padding_moves(spec, spec.padding, BOUNDS["padding"], apart=apart, sides=sides))
    moves.extend(pair_moves(spec, DILATION, apart=apart))
    return moves


def backward_controls(desk: Desk[BackwardSpec]) -> list[Control[BackwardSpec]]:
    """List everything that can be moved, with the state of every position."""
    spec = desk.spec
    moves = [*_desk_moves(desk), *_cell_moves(spec)]
    locks = [
        desk.lock("apart", "Rows and columns apart", together(spec, PAIRS)),
        desk.lock("sides", "Padding sides apart", even(spec)),
    ]
    return [desk.presets(BACKWARD_PRESETS), *map(desk.slider, moves), *_choices(desk), *locks]


def _desk_moves(desk: Desk[BackwardSpec]) -> list[Move[BackwardSpec]]:
    return backward_moves(desk.spec, apart="apart" in desk.locks, sides="sides" in desk.locks)


def _cell_moves(spec: BackwardSpec) -> Iterator[Move[BackwardSpec]]:
    """Make the sliders that choose a cell; they reach as far as the grid, for beyond it there is nothing to choose."""
    try:
        rows, columns = check_backward(spec)
    except SpecError:
        return
    if spec.gradient.pattern == ONE_HOT:
        yield from _cell(spec, "hot", "The 1 at", (rows.size, columns.size))
    if spec.shown != "db":
        yield from _cell(spec, "nudge", "Nudge", spec.size if spec.shown == "dx" else spec.kernel)


def _cell(spec: BackwardSpec, name: str, label: str, shape: Pair) -> Iterator[Move[BackwardSpec]]:
    row, column = inside(getattr(spec, name), shape)

    def to_row(at: int) -> BackwardSpec:
        return changed(spec, {name: (at, column)})

    def to_column(at: int) -> BackwardSpec:
        return changed(spec, {name: (row, at)})

    if shape[0] > 1:
        yield Move(f"{name}_rows", f"{label} row", name, (0, shape[0] - 1), row, to_row)
    if shape[1] > 1:
        yield Move(f"{name}_columns", f"{label} column", name, (0, shape[1] - 1), column, to_column)


def _choices(desk: Desk[BackwardSpec]) -> Iterator[Control[BackwardSpec]]:
    spec = desk.spec
    shown = {word: (label, replace(spec, shown=word)) for word, label in SHOWN.items()}
    yield desk.choice("grad", "Show", spec.shown, shown)
    if spec.shown == "dx":
        ways = {word: (label, replace(spec, way=word)) for word, label in WAYS.items()}
        yield desk.choice("way", "dL/dx by", spec.way, ways, help=WAY_HELP)
    yield desk.patterns("gradient", "Numbers of dL/dy", GRADIENTS)
    yield desk.patterns("values", "Input numbers", INPUT_PATTERNS)
    yield desk.patterns("weights", "Kernel numbers", KERNEL_PATTERNS)
    yield desk.reroll(BOUNDS["seed"], ("gradient", "values", "weights"))


def mend_backward(desk: Desk[BackwardSpec]) -> list[Mend]:
    """Find the nearest settings that work.

    >>> [mend.label for mend in mend_backward(Desk(BackwardSpec(size=(2, 2))))]
    ['Input 3', 'Kernel 2', 'Padding 1']
    """
    return _mends(desk) or list(_mends_together(together(desk.spec, PAIRS), "sides" in desk.locks))


@lru_cache(maxsize=512)
def _mends_together(spec: BackwardSpec, sides: bool) -> tuple[Mend, ...]:
    """Mend a spec with its axes together; many specs with their axes apart come down to the same."""
    return tuple(_mends(Desk(spec, sides=sides)) or _mends(Desk(even(spec))))


def _mends(desk: Desk[BackwardSpec]) -> list[Mend]:
    return desk.mends(_desk_moves(desk), check_backward, check_axis)


def gradient_size(spec: BackwardSpec) -> tuple[str, Pair]:
    """Say how large dL/dy must be: it has the size of y, which no slider sets."""
    rows, columns = check_backward(spec)
    return "dL/dy has the size of y: it", (rows.size, columns.size)


BACKWARD = Operation(
    key="backward",
    read=BackwardSpec.from_query,
    scene=lambda spec: backward_scene(trace_backward(spec)),
    controls=backward_controls,
    mends=mend_backward,
    presets=BACKWARD_PRESETS,
    apart=is_apart,
    sides=has_sides,
    grids={
        "input": ("values", BOUNDS["input"][1]),
        "kernel": ("weights", BOUNDS["kernel"][1]),
        "gradient": ("gradient", LARGEST_GRADIENT),
    },
    bare=("values", "weights", "gradient", "hot", "nudge", "way", "shown", "seed"),
    typed={"dL/dy": grid_reader("gradient", LARGEST_GRADIENT, fits=gradient_size)},
)
