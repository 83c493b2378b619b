"""What can be moved on the Signals stage: five sliders (six when the sides of the padding are apart), and choices.

>>> [move.name for move in signal_moves(SignalSpec(), sides=True)]
['input', 'kernel', 'stride', 'padding_before', 'padding_after', 'dilation']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from cnnviz.engine.arithmetic import same_padding
from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.lessons.signals.examples import SIGNALS_PRESETS
from cnnviz.lessons.signals.scene import signal_scene
from cnnviz.lessons.signals.spec import BOUNDS, KERNELS, SIGNALS, SignalSpec
from cnnviz.lessons.signals.trace import check_signal, signal_padding, trace_signal
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import Desk
from cnnviz.stage.moves import Move, Setting, number_move
from cnnviz.stage.operation import Operation
from cnnviz.state.padding import MODES, NAMED_PADDING

Spec = SignalSpec
SIZES = (
    Setting("input", "size", "Signal", BOUNDS["input"]),
    Setting("kernel", "kernel", "Kernel", BOUNDS["kernel"]),
    Setting("stride", "stride", "Stride", BOUNDS["stride"]),
)
DILATION = Setting("dilation", "dilation", "Dilation", BOUNDS["dilation"])
BY_HAND = "by hand"
ENDS = ("before", "after")


def signal_moves(spec: Spec, *, sides: bool) -> list[Move[Spec]]:
    """List the sliders of a spec."""
    moves = [number_move(spec, setting) for setting in SIZES]
    moves.extend(_padding_moves(spec, sides=sides))
    moves.append(number_move(spec, DILATION))
    return moves


def _padding_moves(spec: Spec, *, sides: bool) -> Iterator[Move[Spec]]:
    drawn, bounds = drawn_sides(spec), BOUNDS["padding"]

    def setter(end: int) -> Callable[[int], Spec]:
        other = drawn[1 - end]
        return lambda at: replace(spec, padding=(other, at) if end else (at, other))

    if not sides:
        yield Move("padding", "Padding", "padding", bounds, drawn[0], lambda at: replace(spec, padding=(at, at)))
        return
    for end, word in enumerate(ENDS):
        yield Move(f"padding_{word}", f"Padding {word}", "padding", bounds, drawn[end], setter(end))


def drawn_sides(spec: Spec) -> Pair:
    """Give the padding that the sliders show: what a name came to, or the nearest numbers where it cannot be."""
    try:
        before, after = signal_padding(spec)
    except SpecError:
        before, after = same_padding(spec.size, spec.kernel, spec.stride, spec.dilation, convention="tf")
    most = BOUNDS["padding"][1]
    return min(before, most), min(after, most)


def signal_controls(desk: Desk[Spec]) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    spec, sides = desk.spec, "sides" in desk.locks
    now = _shown(spec, sides=sides)

    def also(other: Spec, mover: str) -> tuple[tuple[str, str], ...]:
        then = _shown(other, sides=sides)
        return tuple((name, value) for name, value in then.items() if name != mover and now[name] != value)

    borders = {name: (name.capitalize(), replace(spec, padding=name)) for name in NAMED_PADDING}
    borders[BY_HAND] = (BY_HAND.capitalize(), replace(spec, padding=drawn_sides(spec)))
    modes = {mode: (label, replace(spec, mode=mode)) for mode, label in MODES.items()}
    turns = {
        "as it is": ("Cross-correlation", replace(spec, flip=False)),
        "turned": ("Convolution", replace(spec, flip=True)),
    }
    joined = spec if isinstance(spec.padding, str) else replace(spec, padding=(spec.padding[0],) * 2)
    return [
        desk.presets(SIGNALS_PRESETS),
        *(desk.slider(move, also) for move in signal_moves(spec, sides=sides)),
        desk.choice("padding_name", "Border", _border(spec), borders, also=also),
        desk.choice("mode", "Padding with", spec.mode, modes),
        desk.choice(
            "flip",
            "Turn the kernel",
            "turned" if spec.flip else "as it is",
            turns,
            help="Cross-correlation lays the kernel as it is; convolution in mathematics turns it first.",
        ),
        desk.patterns("values", "Signal numbers", SIGNALS),
        desk.patterns("weights", "Kernel numbers", KERNELS),
        _reroll(desk),
        desk.lock("sides", "Padding sides apart", joined),
    ]


def _reroll(desk: Desk[Spec]) -> Control[Spec]:
    """Make the button for new noise; where nothing is random yet, the signal becomes noise."""
    spec, (low, high) = desk.spec, BOUNDS["seed"]
    fresh = replace(spec, seed=low + (spec.seed - low + 1) % (high - low + 1))
    if spec.values.pattern not in {"noise", "noisy-step", "noisy-wave"} and spec.weights.pattern != "random":
        fresh = replace(fresh, values=replace(spec.values, pattern="noise", rows=(), edits=()))
    label = "New random numbers"
    return Control("reroll", label, "button", "", (desk.option("", label, fresh),))


def _border(spec: Spec) -> str:
    return spec.padding if isinstance(spec.padding, str) else BY_HAND


def _shown(spec: Spec, *, sides: bool) -> dict[str, str]:
    moves = {move.name: str(move.value) for move in _padding_moves(spec, sides=sides)}
    return {"padding_name": _border(spec), **moves}


def mend_signal(desk: Desk[Spec]) -> list[Mend]:
    """Find the nearest settings that work.

    >>> [mend.label for mend in mend_signal(Desk(SignalSpec(size=3, kernel=4)))]
    ['Signal 4', 'Kernel 3', 'Padding 1']
    """
    sides = "sides" in desk.locks
    if mends := desk.mends(signal_moves(desk.spec, sides=sides), check_signal):
        return mends
    bare = Desk(replace(desk.spec, padding="valid", mode="zeros"))  # without padding a smaller kernel always works
    mends = bare.mends(signal_moves(bare.spec, sides=False), check_signal)
    return [Mend(f"No padding, {mend.label.lower()}", mend.query) for mend in mends]


SIGNALS_OPERATION = Operation(
    key="signals",
    read=SignalSpec.from_query,
    scene=lambda spec: signal_scene(trace_signal(spec)),
    controls=signal_controls,
    mends=mend_signal,
    presets=SIGNALS_PRESETS,
    sides=lambda spec: not isinstance(spec.padding, str) and spec.padding[0] != spec.padding[1],
    grids={
        "input": ("values", BOUNDS["input"][1]),
        "kernel": ("weights", BOUNDS["kernel"][1]),
        "laid": ("weights", BOUNDS["kernel"][1]),
    },
    bare=("values", "weights", "seed"),
)
