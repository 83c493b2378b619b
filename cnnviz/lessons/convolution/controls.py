"""What can be moved on the Convolution stage: five sliders (or more, when axes and sides are apart), and choices.

>>> [move.name for move in convolution_moves(ConvolutionSpec(), apart=False, sides=False)]
['input', 'kernel', 'stride', 'padding', 'dilation']
>>> [move.name for move in convolution_moves(ConvolutionSpec(), apart=True, sides=True)][6:10]
['padding_top', 'padding_bottom', 'padding_left', 'padding_right']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from cnnviz.engine.arithmetic import same_padding
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.examples import CONVOLUTION_PRESETS
from cnnviz.lessons.convolution.scene import convolution_scene
from cnnviz.lessons.convolution.spec import BOUNDS, ConvolutionSpec
from cnnviz.lessons.convolution.trace import check_axis, check_convolution, resolve_padding, trace_convolution
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import Desk
from cnnviz.stage.moves import Move, Setting, differs, even, is_uneven, padding_moves, pair_moves, together
from cnnviz.stage.operation import Operation
from cnnviz.state.padding import MODES, NAMED_PADDING
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from cnnviz.state.query import Sides

Spec = ConvolutionSpec
SIZES = (
    Setting("input", "size", "Input", BOUNDS["input"]),
    Setting("kernel", "kernel", "Kernel", BOUNDS["kernel"]),
    Setting("stride", "stride", "Stride", BOUNDS["stride"]),
)
DILATION = Setting("dilation", "dilation", "Dilation", BOUNDS["dilation"])
PAIRS = ("size", "kernel", "stride", "padding", "dilation")
BY_HAND = "by hand"


def is_apart(spec: Spec) -> bool:
    """Tell whether the rows differ from the columns, so that one slider cannot stand for both."""
    return differs(spec, PAIRS)


def has_sides(spec: Spec) -> bool:
    """Tell whether some padding differs before and after."""
    return is_uneven(spec.padding)


def convolution_moves(spec: Spec, *, apart: bool, sides: bool) -> list[Move[Spec]]:
    """List the sliders of a spec; one slider moves both axes, or both sides, unless they are apart."""
    moves = [move for setting in SIZES for move in pair_moves(spec, setting, apart=apart)]
    moves.extend(padding_moves(spec, drawn_padding(spec), BOUNDS["padding"], apart=apart, sides=sides))
    moves.extend(pair_moves(spec, DILATION, apart=apart))
    return moves


def convolution_controls(desk: Desk[Spec]) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    spec, apart, sides = desk.spec, "apart" in desk.locks, "sides" in desk.locks
    padding = PaddingControls(spec, apart=apart, sides=sides)
    sliders = [desk.slider(move, padding.moved_by) for move in convolution_moves(spec, apart=apart, sides=sides)]
    locks = [
        desk.lock("apart", "Rows and columns apart", together(spec, PAIRS)),
        desk.lock("sides", "Padding sides apart", even(spec)),
    ]
    return [desk.presets(CONVOLUTION_PRESETS), *sliders, *_choices(desk, padding), *locks]


def _choices(desk: Desk[Spec], padding: PaddingControls) -> Iterator[Control[Spec]]:
    spec = desk.spec
    borders = {name: (name.capitalize(), replace(spec, padding=name)) for name in NAMED_PADDING}
    borders[BY_HAND] = (BY_HAND.capitalize(), replace(spec, padding=drawn_padding(spec)))
    modes = {mode: (label, replace(spec, mode=mode)) for mode, label in MODES.items()}
    turns = {"as it is": ("As it is", replace(spec, flip=False)), "turned": ("By 180°", replace(spec, flip=True))}
    yield desk.choice("padding_name", "Border", padding_name(spec), borders, also=padding.moved_by)
    yield desk.choice("mode", "Padding with", spec.mode, modes)
    yield desk.choice(
        "flip",
        "Turn the kernel",
        "turned" if spec.flip else "as it is",
        turns,
        help="Cross-correlation takes the kernel as it is; convolution in mathematics turns it by 180 degrees.",
    )
    yield desk.patterns("values", "Input numbers", INPUT_PATTERNS)
    yield desk.patterns("weights", "Kernel numbers", KERNEL_PATTERNS)
    yield desk.reroll(BOUNDS["seed"], ("values", "weights"))


def mend_convolution(desk: Desk[Spec]) -> list[Mend]:
    """Find the nearest settings that work.

    >>> [mend.label for mend in mend_convolution(Desk(ConvolutionSpec(size=(3, 3), kernel=(4, 4))))]
    ['Input 4', 'Kernel 3', 'Padding 1']
    """
    return _mends(desk) or list(_mends_together(together(desk.spec, PAIRS), "sides" in desk.locks))


@lru_cache(maxsize=512)
def _mends_together(spec: Spec, sides: bool) -> tuple[Mend, ...]:
    """Mend a spec with its axes together; many specs with their axes apart come down to the same."""
    plain = Desk(even(spec))
    if mends := _mends(Desk(spec, sides=sides)) or _mends(plain):
        return tuple(mends)
    bare = Desk(replace(plain.spec, padding="valid"))  # without padding a smaller kernel always works
    return tuple(Mend(f"No padding, {mend.label.lower()}", mend.query) for mend in _mends(bare))


def _mends(desk: Desk[Spec]) -> list[Mend]:
    moves = convolution_moves(desk.spec, apart="apart" in desk.locks, sides="sides" in desk.locks)
    return desk.mends(moves, check_convolution, check_axis)


class PaddingControls:
    """What the controls of the padding show: other controls move them too, as a larger kernel does in "same"."""

    def __init__(self, spec: Spec, *, apart: bool, sides: bool) -> None:
        self._apart, self._sides = apart, sides
        self._now = self._shown(spec)

    def moved_by(self, spec: Spec, mover: str) -> tuple[tuple[str, str], ...]:
        """List the padding controls that another spec shows elsewhere."""
        then = self._shown(spec)
        return tuple((name, value) for name, value in then.items() if name != mover and self._now[name] != value)

    def _shown(self, spec: Spec) -> dict[str, str]:
        moves = padding_moves(spec, drawn_padding(spec), BOUNDS["padding"], apart=self._apart, sides=self._sides)
        return {"padding_name": padding_name(spec), **{move.name: str(move.value) for move in moves}}


def padding_name(spec: Spec) -> str:
    """Name the border of a spec: valid, same, full, or numbers that were set by hand."""
    return spec.padding if isinstance(spec.padding, str) else BY_HAND


def drawn_padding(spec: Spec) -> Sides:
    """Give the padding that the sliders show: what a name came to, or the nearest numbers where it cannot be.

    >>> drawn_padding(ConvolutionSpec(stride=(2, 2), padding="same"))  # as TensorFlow pads it
    ((1, 1), (1, 1))
    """
    try:
        return resolve_padding(spec)
    except SpecError:
        most = BOUNDS["padding"][1]
        rows, columns = (
            same_padding(spec.size[axis], spec.kernel[axis], spec.stride[axis], spec.dilation[axis], convention="tf")
            for axis in (0, 1)
        )
        top, bottom, left, right = (min(most, cells) for cells in (*rows, *columns))
        return (top, bottom), (left, right)


CONVOLUTION = Operation(
    key="convolution",
    read=ConvolutionSpec.from_query,
    scene=lambda spec: convolution_scene(trace_convolution(spec)),
    controls=convolution_controls,
    mends=mend_convolution,
    presets=CONVOLUTION_PRESETS,
    apart=is_apart,
    sides=has_sides,
    grids={"input": ("values", BOUNDS["input"][1]), "kernel": ("weights", BOUNDS["kernel"][1])},
    bare=("values", "weights", "seed"),
)
