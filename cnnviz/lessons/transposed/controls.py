"""What can be moved on the stage of the transposed convolution: six sliders (or more, when apart), views and numbers.

>>> [move.name for move in transposed_moves(TransposedSpec(), apart=False, sides=False)]
['input', 'kernel', 'stride', 'padding', 'dilation', 'output_padding']
>>> [mend.label for mend in mend_transposed(Desk(TransposedSpec(output_padding=(2, 2))))]
['Stride 3', 'Output padding 1', 'Dilation 3']
"""

from __future__ import annotations

from dataclasses import replace

from cnnviz.lessons.transposed.examples import TRANSPOSED_PRESETS
from cnnviz.lessons.transposed.scene import transposed_scene
from cnnviz.lessons.transposed.spec import BOUNDS, LARGEST_PICTURE, VIEWS, WITH_MATRIX, TransposedSpec
from cnnviz.lessons.transposed.trace import check_axis, check_transposed, trace_transposed
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import MOST_MENDS, Desk, works
from cnnviz.stage.moves import Move, Setting, differs, even, is_uneven, padding_moves, pair_moves, together
from cnnviz.stage.operation import Operation
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS

Spec = TransposedSpec
FIRST = (
    Setting("input", "size", "Input", BOUNDS["input"]),
    Setting("kernel", "kernel", "Kernel", BOUNDS["kernel"]),
    Setting("stride", "stride", "Stride", BOUNDS["stride"]),
)
LAST = (
    Setting("dilation", "dilation", "Dilation", BOUNDS["dilation"]),
    Setting("output_padding", "output_padding", "Output padding", BOUNDS["output_padding"]),
)
PAIRS = ("size", "kernel", "stride", "padding", "dilation", "output_padding")


def is_apart(spec: Spec) -> bool:
    """Tell whether the rows differ from the columns, so that one slider cannot stand for both."""
    return differs(spec, PAIRS)


def has_sides(spec: Spec) -> bool:
    """Tell whether some padding differs before and after."""
    return is_uneven(spec.padding)


def transposed_moves(spec: Spec, *, apart: bool, sides: bool) -> list[Move[Spec]]:
    """List the sliders of a spec; one slider moves both axes, or both sides, unless they are apart."""
    moves = [move for setting in FIRST for move in pair_moves(spec, setting, apart=apart)]
    moves.extend(padding_moves(spec, spec.padding, BOUNDS["padding"], apart=apart, sides=sides))
    moves.extend(move for setting in LAST for move in pair_moves(spec, setting, apart=apart))
    return moves


def transposed_controls(desk: Desk[Spec]) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    spec, apart, sides = desk.spec, "apart" in desk.locks, "sides" in desk.locks
    views = {how: (label, replace(spec, how=how)) for how, label in VIEWS.items()}
    return [
        desk.presets(TRANSPOSED_PRESETS),
        *(desk.slider(move) for move in transposed_moves(spec, apart=apart, sides=sides)),
        desk.choice("how", "Look at it as", spec.how, views, help="Three ways to compute the same numbers, and more."),
        desk.patterns("values", "Input numbers", INPUT_PATTERNS),
        desk.patterns("weights", "Kernel numbers", KERNEL_PATTERNS),
        desk.reroll(BOUNDS["seed"], ("values", "weights")),
        desk.lock("apart", "Rows and columns apart", together(spec, PAIRS)),
        desk.lock("sides", "Padding sides apart", even(spec)),
    ]


def mend_transposed(desk: Desk[Spec]) -> list[Mend]:
    """Find the nearest settings that work; a matrix that is too large can be looked at in another way."""
    mends = _mends(desk)
    stamps = replace(desk.spec, how="stamp")
    if desk.spec.how in WITH_MATRIX and works(stamps, check_transposed):
        mends = [*mends[: MOST_MENDS - 1], Mend(VIEWS["stamp"], desk.query(stamps))]
    if mends:
        return mends
    joined = Desk(together(desk.spec, PAIRS), sides="sides" in desk.locks)
    plain = replace(joined.spec, stride=(2, 2), dilation=(1, 1), output_padding=(0, 0), padding=((0, 0), (0, 0)))
    small = replace(plain, size=(2, 2))
    return _mends(joined) or [Mend("Input 2, stride 2, no padding", joined.query(small))]


def _mends(desk: Desk[Spec]) -> list[Mend]:
    moves = transposed_moves(desk.spec, apart="apart" in desk.locks, sides="sides" in desk.locks)
    return desk.mends(moves, check_transposed, check_axis)


TRANSPOSED = Operation(
    key="transposed",
    read=TransposedSpec.from_query,
    scene=lambda spec: transposed_scene(trace_transposed(spec)),
    controls=transposed_controls,
    mends=mend_transposed,
    presets=TRANSPOSED_PRESETS,
    apart=is_apart,
    sides=has_sides,
    grids={
        "input": ("values", BOUNDS["input"][1]),
        "kernel": ("weights", BOUNDS["kernel"][1]),
        "image": ("values", LARGEST_PICTURE),
        "stretched": ("values", BOUNDS["input"][1]),
        "turned": ("weights", BOUNDS["kernel"][1]),
    },
    bare=("values", "weights", "seed"),
)
