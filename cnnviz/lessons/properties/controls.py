"""What can be moved on the Properties stage: only what the chosen experiment uses.

>>> def sliders(prop):
...     return [control.name for control in properties_controls(Desk(PropertiesSpec(prop))) if control.kind == "slider"]
>>> sliders("linear"), sliders("shift")
(['input', 'kernel', 'a', 'b'], ['input', 'kernel', 'stride', 'down', 'right'])
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cnnviz.lessons.properties.examples import PROPERTIES_PRESETS
from cnnviz.lessons.properties.scene import properties_scene
from cnnviz.lessons.properties.spec import BORDERS, BOUNDS, PROPERTIES, PropertiesSpec
from cnnviz.lessons.properties.trace import check_properties, trace_properties
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import Desk
from cnnviz.stage.moves import Move, Setting, changed, differs, pair_moves, together
from cnnviz.stage.operation import Operation
from cnnviz.stage.typed import Reader, grid_reader, only_if
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS

Spec = PropertiesSpec
SIZES = {
    "input": Setting("input", "size", "Input", BOUNDS["input"]),
    "kernel": Setting("kernel", "kernel", "Kernel", BOUNDS["kernel"]),
    "second": Setting("second", "second", "Second kernel", BOUNDS["second"]),
    "stride": Setting("stride", "stride", "Stride", BOUNDS["stride"]),
}
PAIRS = tuple(setting.attribute for setting in SIZES.values())
USED = {
    "commutative": ("input", "kernel"),
    "linear": ("input", "kernel"),
    "shift": ("input", "kernel", "stride"),
    "associative": ("input", "kernel", "second"),
    "separable": ("input", "kernel"),
    "stride": ("input", "kernel", "stride"),
}
"""The sizes that an experiment uses."""

TURNABLE = ("commutative", "associative")
TURN_HELP = "Convolution in mathematics turns the kernel by 180 degrees; what PyTorch calls convolution does not."


def is_apart(spec: Spec) -> bool:
    """Tell whether the rows differ from the columns in a size that the experiment uses."""
    return differs(spec, tuple(SIZES[name].attribute for name in USED[spec.prop]))


def properties_moves(spec: Spec, *, apart: bool) -> list[Move[Spec]]:
    """List the sliders of the chosen experiment."""
    moves = [move for name in USED[spec.prop] for move in pair_moves(spec, SIZES[name], apart=apart)]
    if spec.prop == "linear":
        moves += _two(spec, "scales", ("a", "b"), ("Factor a", "Factor b"), BOUNDS["scale"])
    if spec.prop == "shift":
        moves += _two(spec, "shift", ("down", "right"), ("Shift down", "Shift right"), BOUNDS["shift"])
    return moves


def _two(
    spec: Spec, attribute: str, names: tuple[str, str], labels: tuple[str, str], bounds: tuple[int, int]
) -> Iterator[Move[Spec]]:
    """Make a slider for each half of a pair that is never moved as one."""
    first, second = getattr(spec, attribute)

    def to_first(at: int) -> Spec:
        return changed(spec, {attribute: (at, second)})

    def to_second(at: int) -> Spec:
        return changed(spec, {attribute: (first, at)})

    yield Move(names[0], labels[0], attribute, bounds, first, to_first)
    yield Move(names[1], labels[1], attribute, bounds, second, to_second)


def properties_controls(desk: Desk[Spec]) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    spec = desk.spec
    lock = desk.lock("apart", "Rows and columns apart", together(spec, PAIRS))
    sliders = [desk.slider(move) for move in properties_moves(spec, apart="apart" in desk.locks)]
    return [desk.presets(PROPERTIES_PRESETS), *sliders, *_choices(desk), lock]


def _choices(desk: Desk[Spec]) -> Iterator[Control[Spec]]:
    spec = desk.spec
    laws = {word: (label, replace(spec, prop=word)) for word, label in PROPERTIES.items()}
    if spec.prop != "stride" and spec.stride == (1, 1):  # with stride 1 there would be nothing to see
        laws["stride"] = (PROPERTIES["stride"], replace(spec, prop="stride", stride=(2, 2)))
    yield desk.choice("prop", "Property", spec.prop, laws)
    if spec.prop != "commutative":
        borders = {word: (label, replace(spec, border=word)) for word, label in BORDERS.items()}
        yield desk.choice("border", "Border", spec.border, borders)
    if spec.prop in TURNABLE:
        turns = {
            "turned": ("Convolution ∗", replace(spec, turned=True)),
            "as it is": ("Cross-correlation ⋆", replace(spec, turned=False)),
        }
        yield desk.choice("flip", "Operation", "turned" if spec.turned else "as it is", turns, help=TURN_HELP)
    yield desk.patterns("values", "Input numbers", INPUT_PATTERNS)
    attributes = ["values", "weights"]
    if spec.prop == "linear":
        yield desk.patterns("others", "Second input", INPUT_PATTERNS)
        attributes.append("others")
    yield desk.patterns("weights", "Kernel numbers", KERNEL_PATTERNS)
    if spec.prop == "associative":
        yield desk.patterns("seconds", "Second kernel", KERNEL_PATTERNS)
        attributes.append("seconds")
    yield desk.reroll(BOUNDS["seed"], attributes)


def mend_properties(desk: Desk[Spec]) -> list[Mend]:
    """Find the nearest settings that work.

    >>> [mend.label for mend in mend_properties(Desk(PropertiesSpec("stride", size=(2, 2))))]
    ['Input 3', 'Kernel 2', 'Border: zeros (same)']
    """
    spec = desk.spec
    mends = desk.mends(properties_moves(spec, apart="apart" in desk.locks), check_properties)
    if spec.border == "valid":
        mends.append(Mend("Border: zeros (same)", desk.query(replace(spec, border="zeros"))))
    return mends or [Mend("No border", desk.query(replace(spec, border="valid")))]


def _only(prop: str, what: str, reader: Reader[Spec]) -> Reader[Spec]:
    otherwise = f"Only the property “{PROPERTIES[prop]}” has {what}. Choose it first."
    return only_if(lambda spec: spec.prop == prop, reader, otherwise)


PROPERTIES_OPERATION = Operation(
    key="properties",
    read=PropertiesSpec.from_query,
    scene=lambda spec: properties_scene(trace_properties(spec)),
    controls=properties_controls,
    mends=mend_properties,
    presets=PROPERTIES_PRESETS,
    apart=is_apart,
    grids={
        "input": ("values", BOUNDS["input"][1]),
        "other": ("others", BOUNDS["input"][1]),
        "kernel": ("weights", BOUNDS["kernel"][1]),
        "second": ("seconds", BOUNDS["second"][1]),
    },
    typed={
        "Second input": _only("linear", "a second input", grid_reader("others", BOUNDS["input"][1], size="size")),
        "Second kernel": _only(
            "associative", "a second kernel", grid_reader("seconds", BOUNDS["second"][1], size="second")
        ),
    },
    bare=("values", "others", "weights", "seconds", "scales", "shift", "turned", "seed"),
)
