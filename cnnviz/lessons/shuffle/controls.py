"""What can be moved on the Pixel shuffle stage: the way, the factor, and the sizes.

>>> [control.name for control in shuffle_controls(Desk(ShuffleSpec()))]
['preset', 'way', 'factor', 'cells', 'channels', 'apart', 'values', 'reroll']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cnnviz.lessons.shuffle.examples import SHUFFLE_PRESETS
from cnnviz.lessons.shuffle.scene import shuffle_scene
from cnnviz.lessons.shuffle.spec import BOUNDS, WAYS, ShuffleSpec
from cnnviz.lessons.shuffle.trace import check_shuffle, trace_shuffle
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import Desk
from cnnviz.stage.moves import Move, Setting, differs, number_move, pair_moves, together
from cnnviz.stage.operation import Operation
from cnnviz.state.patterns import INPUT_PATTERNS

Spec = ShuffleSpec
FACTOR = Setting("factor", "factor", "Factor", BOUNDS["factor"])
CELLS = Setting("cells", "cells", "Small side", BOUNDS["cells"])
CHANNELS = Setting("channels", "channels", "Channels", BOUNDS["channels"])
PAIRS = ("cells",)


def is_apart(spec: Spec) -> bool:
    """Tell whether the rows differ from the columns, so that one slider cannot stand for both."""
    return differs(spec, PAIRS)


def shuffle_moves(spec: Spec, *, apart: bool) -> Iterator[Move[Spec]]:
    """List the sliders of a spec."""
    yield number_move(spec, FACTOR)
    yield from pair_moves(spec, CELLS, apart=apart)
    yield number_move(spec, CHANNELS)


def shuffle_controls(desk: Desk[Spec]) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    spec = desk.spec
    ways = {way: (label, replace(spec, way=way)) for way, label in WAYS.items()}
    return [
        desk.presets(SHUFFLE_PRESETS),
        desk.choice("way", "Way", spec.way, ways),
        *(desk.slider(move) for move in shuffle_moves(spec, apart="apart" in desk.locks)),
        desk.lock("apart", "Rows and columns apart", together(spec, PAIRS)),
        desk.patterns("values", "Numbers", INPUT_PATTERNS),
        desk.reroll(BOUNDS["seed"], ("values",)),
    ]


def mend_shuffle(desk: Desk[Spec]) -> list[Mend]:
    """Find the nearest settings that work.

    >>> [mend.label for mend in mend_shuffle(Desk(ShuffleSpec(factor=4, channels=2)))]
    ['Factor 3', 'Channels 1']
    """
    smaller = Desk(replace(desk.spec, channels=1))
    return _mends(desk) or [Mend("Channels 1", smaller.query(smaller.spec))]


def _mends(desk: Desk[Spec]) -> list[Mend]:
    return desk.mends(shuffle_moves(desk.spec, apart="apart" in desk.locks), check_shuffle)


SHUFFLE = Operation(
    key="shuffle",
    read=ShuffleSpec.from_query,
    scene=lambda spec: shuffle_scene(trace_shuffle(spec)),
    controls=shuffle_controls,
    mends=mend_shuffle,
    presets=SHUFFLE_PRESETS,
    apart=is_apart,
    grids={"fine0": ("values", BOUNDS["cells"][1] * BOUNDS["factor"][1])},
    bare=("values", "seed"),
)
