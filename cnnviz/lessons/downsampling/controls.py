"""What can be moved on the Down-sampling stage: the input, the factor, and the kernel where one is shown.

>>> [control.name for control in downsampling_controls(Desk(DownsamplingSpec(look="pool")))][:4]
['preset', 'look', 'input', 'factor']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cnnviz.lessons.downsampling.examples import DOWNSAMPLING_PRESETS
from cnnviz.lessons.downsampling.scene import downsampling_scene
from cnnviz.lessons.downsampling.spec import BOUNDS, LOOKS, DownsamplingSpec
from cnnviz.lessons.downsampling.trace import check_downsampling, trace_downsampling
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import Desk
from cnnviz.stage.moves import Move, Setting, differs, number_move, pair_moves, together
from cnnviz.stage.operation import Operation
from cnnviz.stage.typed import grid_reader, only_if
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS

Spec = DownsamplingSpec
INPUT = Setting("input", "size", "Input", BOUNDS["input"])
FACTOR = Setting("factor", "factor", "Factor", BOUNDS["factor"])
KERNEL = Setting("kernel", "kernel", "Kernel", BOUNDS["kernel"])
PAIRS = ("size", "kernel")
NO_KERNEL = "Nothing here has a kernel. Compare “All five” or “Stride and dropping”, then type its kernel."


def is_apart(spec: Spec) -> bool:
    """Tell whether the rows differ from the columns, so that one slider cannot stand for both."""
    return differs(spec, PAIRS)


def downsampling_moves(spec: Spec, *, apart: bool) -> Iterator[Move[Spec]]:
    """List the sliders of a spec."""
    yield from pair_moves(spec, INPUT, apart=apart)
    yield number_move(spec, FACTOR)
    if spec.convolves:
        yield from pair_moves(spec, KERNEL, apart=apart)


def downsampling_controls(desk: Desk[Spec]) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    spec, apart = desk.spec, "apart" in desk.locks
    looks = {look: (label, replace(spec, look=look)) for look, label in LOOKS.items()}
    controls = [
        desk.presets(DOWNSAMPLING_PRESETS),
        desk.choice("look", "Compare", spec.look, looks),
        *(desk.slider(move) for move in downsampling_moves(spec, apart=apart)),
        desk.lock("apart", "Rows and columns apart", together(spec, PAIRS)),
        desk.patterns("values", "Input numbers", INPUT_PATTERNS),
    ]
    if spec.convolves:
        controls.append(desk.patterns("weights", "Kernel numbers", KERNEL_PATTERNS))
    grids = ("values", "weights") if spec.convolves else ("values",)
    return [*controls, desk.reroll(BOUNDS["seed"], grids)]


def mend_downsampling(desk: Desk[Spec]) -> list[Mend]:
    """Find the nearest settings that work.

    >>> [mend.label for mend in mend_downsampling(Desk(DownsamplingSpec(look="shuffle", size=(7, 7))))]
    ['Input 6']
    """
    return _mends(desk) or _mends(Desk(together(desk.spec, PAIRS))) or _mends(Desk(replace(desk.spec, factor=2)))


def _mends(desk: Desk[Spec]) -> list[Mend]:
    return desk.mends(downsampling_moves(desk.spec, apart="apart" in desk.locks), check_downsampling)


DOWNSAMPLING = Operation(
    key="downsampling",
    read=DownsamplingSpec.from_query,
    scene=lambda spec: downsampling_scene(trace_downsampling(spec)),
    controls=downsampling_controls,
    mends=mend_downsampling,
    presets=DOWNSAMPLING_PRESETS,
    apart=is_apart,
    grids={"input": ("values", BOUNDS["input"][1]), "kernel": ("weights", BOUNDS["kernel"][1])},
    bare=("values", "weights", "seed"),
    typed={
        "Kernel": only_if(
            lambda spec: spec.convolves, grid_reader("weights", BOUNDS["kernel"][1], size="kernel"), NO_KERNEL
        )
    },
)
