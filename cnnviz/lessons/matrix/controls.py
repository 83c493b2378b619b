"""What can be moved on the stage of the matrix form: five sliders (or more, when apart), borders, views and numbers.

>>> [move.name for move in matrix_moves(MatrixSpec(), apart=False, sides=False)]
['input', 'kernel', 'stride', 'padding', 'dilation']
>>> [mend.label for mend in mend_matrix(Desk(MatrixSpec(size=(2, 2))))]
['Input 3', 'Kernel 2', 'Padding 1']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cnnviz.lessons.convolution.controls import BY_HAND, PaddingControls, drawn_padding, padding_name
from cnnviz.lessons.convolution.trace import check_axis
from cnnviz.lessons.matrix.examples import MATRIX_PRESETS
from cnnviz.lessons.matrix.scene import matrix_scene
from cnnviz.lessons.matrix.spec import BOUNDS, MODES, VIEWS, MatrixSpec
from cnnviz.lessons.matrix.trace import check_matrix, trace_matrix
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import MOST_MENDS, Desk, works
from cnnviz.stage.moves import Move, Setting, differs, even, is_uneven, padding_moves, pair_moves, together
from cnnviz.stage.operation import Operation
from cnnviz.state.padding import NAMED_PADDING
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS

Spec = MatrixSpec
FIRST = (
    Setting("input", "size", "Input", BOUNDS["input"]),
    Setting("kernel", "kernel", "Kernel", BOUNDS["kernel"]),
    Setting("stride", "stride", "Stride", BOUNDS["stride"]),
)
DILATION = Setting("dilation", "dilation", "Dilation", BOUNDS["dilation"])
PAIRS = ("size", "kernel", "stride", "padding", "dilation")


def is_apart(spec: Spec) -> bool:
    """Tell whether the rows differ from the columns, so that one slider cannot stand for both."""
    return differs(spec, PAIRS)


def has_sides(spec: Spec) -> bool:
    """Tell whether some padding differs before and after."""
    return is_uneven(spec.padding)


def matrix_moves(spec: Spec, *, apart: bool, sides: bool) -> list[Move[Spec]]:
    """List the sliders of a spec; one slider moves both axes, or both sides, unless they are apart."""
    moves = [move for setting in FIRST for move in pair_moves(spec, setting, apart=apart)]
    moves.extend(padding_moves(spec, drawn_padding(spec), BOUNDS["padding"], apart=apart, sides=sides))
    moves.extend(pair_moves(spec, DILATION, apart=apart))
    return moves


def matrix_controls(desk: Desk[Spec]) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    spec, apart, sides = desk.spec, "apart" in desk.locks, "sides" in desk.locks
    padding = PaddingControls(spec, apart=apart, sides=sides)
    return [
        desk.presets(MATRIX_PRESETS),
        *(desk.slider(move, padding.moved_by) for move in matrix_moves(spec, apart=apart, sides=sides)),
        *_choices(desk, padding),
        desk.lock("apart", "Rows and columns apart", together(spec, PAIRS)),
        desk.lock("sides", "Padding sides apart", even(spec)),
    ]


def _choices(desk: Desk[Spec], padding: PaddingControls) -> Iterator[Control[Spec]]:
    spec = desk.spec
    views = {how: (label, replace(spec, how=how)) for how, label in VIEWS.items()}
    borders = {name: (name.capitalize(), replace(spec, padding=name)) for name in NAMED_PADDING}
    borders[BY_HAND] = (BY_HAND.capitalize(), replace(spec, padding=drawn_padding(spec)))
    modes = {mode: (label, replace(spec, mode=mode)) for mode, label in MODES.items()}
    turns = {"as it is": ("As it is", replace(spec, flip=False)), "turned": ("By 180°", replace(spec, flip=True))}
    yield desk.choice("how", "Look at it as", spec.how, views)
    yield desk.choice("padding_name", "Border", padding_name(spec), borders, also=padding.moved_by)
    yield desk.choice("mode", "Padding with", spec.mode, modes, help="Circular: what leaves at one end comes in again.")
    yield desk.choice(
        "flip",
        "Turn the kernel",
        "turned" if spec.flip else "as it is",
        turns,
        help="Convolution in mathematics turns the kernel by 180 degrees; networks leave it as it is.",
    )
    yield desk.patterns("values", "Input numbers", INPUT_PATTERNS)
    yield desk.patterns("weights", "Kernel numbers", KERNEL_PATTERNS)
    yield desk.reroll(BOUNDS["seed"], ("values", "weights"))


def mend_matrix(desk: Desk[Spec]) -> list[Mend]:
    """Find the nearest settings that work; three matrices that are too large can be looked at as one."""
    mends = _mends(desk)
    one = replace(desk.spec, how="matrix")
    if desk.spec.how != "matrix" and works(one, check_matrix):
        return [*mends[: MOST_MENDS - 1], Mend(VIEWS["matrix"], desk.query(one))]
    if mends:
        return mends
    joined = Desk(together(even(desk.spec), PAIRS))
    plain = Desk(replace(joined.spec, padding="valid", stride=(1, 1), dilation=(1, 1), mode="zeros"))
    small = replace(plain.spec, size=(4, 4), kernel=(3, 3))
    return _mends(joined) or [Mend("Input 4, kernel 3, no padding", plain.query(small))]


def _mends(desk: Desk[Spec]) -> list[Mend]:
    moves = matrix_moves(desk.spec, apart="apart" in desk.locks, sides="sides" in desk.locks)
    return desk.mends(moves, check_matrix, check_axis)


MATRIX = Operation(
    key="matrix",
    read=MatrixSpec.from_query,
    scene=lambda spec: matrix_scene(trace_matrix(spec)),
    controls=matrix_controls,
    mends=mend_matrix,
    presets=MATRIX_PRESETS,
    apart=is_apart,
    sides=has_sides,
    grids={"input": ("values", BOUNDS["input"][1]), "kernel": ("weights", BOUNDS["kernel"][1])},
    bare=("values", "weights", "seed"),
)
