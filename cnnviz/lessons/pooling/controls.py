"""What can be moved on the Pooling stage: the windows that slide, or their number, and how they are counted.

>>> [move.name for move in pooling_moves(PoolingSpec(), apart=False)]
['input', 'kernel', 'stride', 'padding', 'dilation']
>>> [move.name for move in pooling_moves(PoolingSpec(op="mean", area="adaptive"), apart=False)]
['input', 'outputs']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from cnnviz.lessons.pooling.examples import POOLING_PRESETS
from cnnviz.lessons.pooling.scene import pooling_scene
from cnnviz.lessons.pooling.spec import AREAS, BOUNDS, OPERATIONS, PoolingSpec
from cnnviz.lessons.pooling.trace import check_axis, check_pooling, trace_pooling
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import Also, Desk
from cnnviz.stage.moves import Move, Setting, differs, pair_moves, together
from cnnviz.stage.operation import Operation
from cnnviz.state.patterns import INPUT_PATTERNS

Spec = PoolingSpec
INPUT = Setting("input", "size", "Input", BOUNDS["input"])
KERNEL = Setting("kernel", "kernel", "Window", BOUNDS["kernel"])
STRIDE = Setting("stride", "stride", "Stride", BOUNDS["stride"])
PADDING = Setting("padding", "padding", "Padding", BOUNDS["padding"])
DILATION = Setting("dilation", "dilation", "Dilation", BOUNDS["dilation"])
OUTPUTS = Setting("outputs", "outputs", "Output", BOUNDS["outputs"])
PAIRS = {
    "windows": ("size", "kernel", "stride", "padding", "dilation"),
    "adaptive": ("size", "outputs"),
    "global": ("size",),
}


def is_apart(spec: Spec) -> bool:
    """Tell whether the rows differ from the columns, so that one slider cannot stand for both."""
    return differs(_untied(spec), PAIRS[spec.used_area])


def pooling_moves(spec: Spec, *, apart: bool) -> Iterator[Move[Spec]]:
    """List the sliders of a spec: only those that its operation has."""
    yield from pair_moves(spec, INPUT, apart=apart)
    if spec.used_area == "adaptive":
        yield from pair_moves(spec, OUTPUTS, apart=apart)
    if spec.used_area != "windows":
        return
    yield from pair_moves(spec, KERNEL, apart=apart)
    yield from pair_moves(_untied(spec), STRIDE, apart=apart)
    if spec.op != "norm":
        yield from pair_moves(spec, PADDING, apart=apart)
    if spec.op == "max":
        yield from pair_moves(spec, DILATION, apart=apart)


def pooling_controls(desk: Desk[Spec]) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    spec, apart = desk.spec, "apart" in desk.locks
    also = stride_followers(spec, apart=apart)
    sliders = [desk.slider(move, also) for move in pooling_moves(spec, apart=apart)]
    switches = list(_switches(desk, also)) if spec.used_area == "windows" else []
    lock = desk.lock("apart", "Rows and columns apart", joined(spec))
    return [desk.presets(POOLING_PRESETS), *_choices(desk), *sliders, *switches, lock, *_numbers(desk)]


def _choices(desk: Desk[Spec]) -> Iterator[Control[Spec]]:
    spec = desk.spec
    operations = {op: (label, replace(spec, op=op)) for op, label in OPERATIONS.items()}
    areas = {area: (label, replace(spec, area=area)) for area, label in AREAS.items()}
    yield desk.choice("op", "Take the", spec.op, operations)
    if spec.op != "norm":
        help = (
            "Sliding windows have a size; adaptive pooling is told how many outputs to make; global pooling makes one."
        )
        yield desk.choice("area", "Windows", spec.area, areas, help=help)


def _switches(desk: Desk[Spec], also: Also[Spec]) -> Iterator[Control[Spec]]:
    spec = desk.spec
    tied, free = replace(spec, stride=None), _untied(spec)
    yield _switch(desk, "tied", "Stride = window", spec.stride is None, free, tied, also)
    yield _switch(desk, "ceil", "Round up (ceil mode)", spec.ceil, replace(spec, ceil=False), replace(spec, ceil=True))
    if spec.op == "mean":
        without, counting = replace(spec, count_pad=False), replace(spec, count_pad=True)
        yield _switch(desk, "count_pad", "Padding counts", spec.count_pad, without, counting)
    if spec.op == "max":
        pool, back = replace(spec, unpool=False), replace(spec, unpool=True)
        yield _switch(desk, "unpool", "Then unpool", spec.unpool, pool, back)


def _switch(  # noqa: PLR0917 - off, then on
    desk: Desk[Spec], name: str, label: str, on: bool, off_spec: Spec, on_spec: Spec, also: Also[Spec] | None = None
) -> Control[Spec]:
    options = [desk.option("0", "off", off_spec), desk.option("1", "on", on_spec)]
    if also:
        options = [replace(option, also=also(option.spec, name)) for option in options]
    return Control(name, label, "switch", "1" if on else "0", tuple(options), live=True)


def _numbers(desk: Desk[Spec]) -> Iterator[Control[Spec]]:
    yield desk.patterns("values", "Input numbers", INPUT_PATTERNS)
    yield desk.reroll(BOUNDS["seed"], ("values",))


def stride_followers(spec: Spec, *, apart: bool) -> Also[Spec]:
    """Say what else moves with a control: a tied stride follows the window, and a stride of its own is not tied."""

    def shown(one: Spec) -> dict[str, str]:
        strides = pair_moves(_untied(one), STRIDE, apart=apart)
        return {"tied": "1" if one.stride is None else "0", **{move.name: str(move.value) for move in strides}}

    now = shown(spec)

    def also(other: Spec, mover: str) -> tuple[tuple[str, str], ...]:
        if other.used_area != "windows":
            return ()
        return tuple((name, value) for name, value in shown(other).items() if name != mover and now[name] != value)

    return also


def mend_pooling(desk: Desk[Spec]) -> list[Mend]:
    """Find the nearest settings that work.

    >>> [mend.label for mend in mend_pooling(Desk(PoolingSpec(padding=(2, 2))))]
    ['Padding 1', 'Window 4']
    """
    return _mends(desk) or list(_mends_together(joined(desk.spec)))


@lru_cache(maxsize=512)
def _mends_together(spec: Spec) -> tuple[Mend, ...]:
    """Mend a spec with its axes together; many specs with their axes apart come down to the same."""
    if mends := _mends(Desk(spec)):
        return tuple(mends)
    bare = Desk(replace(spec, padding=(0, 0), dilation=(1, 1)))  # then a smaller window always works
    mends = [Mend(f"No padding, {mend.label.lower()}", mend.query) for mend in _mends(bare)]
    return tuple(mends) or (Mend("No padding, no dilation", bare.query(bare.spec)),)


def _mends(desk: Desk[Spec]) -> list[Mend]:
    return desk.mends(pooling_moves(desk.spec, apart="apart" in desk.locks), check_pooling, check_axis)


def joined(spec: Spec) -> Spec:
    """Give the columns what the rows have."""
    pairs = tuple(name for name in PAIRS[spec.used_area] if name != "stride" or spec.stride)
    return together(spec, pairs)


def _untied(spec: Spec) -> Spec:
    return replace(spec, stride=spec.steps)


POOLING = Operation(
    key="pooling",
    read=PoolingSpec.from_query,
    scene=lambda spec: pooling_scene(trace_pooling(spec)),
    controls=pooling_controls,
    mends=mend_pooling,
    presets=POOLING_PRESETS,
    apart=is_apart,
    grids={"input": ("values", BOUNDS["input"][1])},
    bare=("values", "seed"),
)
