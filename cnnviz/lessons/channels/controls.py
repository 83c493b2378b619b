"""What can be moved on the Channels stage: sizes, channels and groups by sliders; the layer and the view by choices.

>>> [control.name for control in channels_controls(Desk(ChannelsSpec()))][:9]
['preset', 'inputs', 'outputs', 'groups', 'input', 'kernel', 'stride', 'padding', 'layer']
>>> [mend.label for mend in mend_channels(Desk(ChannelsSpec(inputs=4, outputs=6, groups=3)))]
['Input channels 3', 'Groups 2']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cnnviz.engine.grids import Number
from cnnviz.lessons.channels.examples import CHANNELS_PRESETS
from cnnviz.lessons.channels.scene import channels_scene
from cnnviz.lessons.channels.scene_typed import CHANNEL_READERS
from cnnviz.lessons.channels.spec import (
    BOUNDS,
    INPUT_PATTERNS,
    MOST_CHANNELS,
    ONE_BIAS,
    VIEWS,
    WEIGHT_PATTERNS,
    ChannelsSpec,
)
from cnnviz.lessons.channels.trace import check_axis, check_channels, trace_channels
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import Desk
from cnnviz.stage.moves import Move, Setting, differs, number_move, pair_moves, together
from cnnviz.stage.operation import Operation
from cnnviz.state.indexed import Edits, edited

Spec = ChannelsSpec
PAIRS = ("size", "kernel", "stride", "padding")
SIZES = (
    Setting("input", "size", "Input", BOUNDS["input"]),
    Setting("kernel", "kernel", "Kernel", BOUNDS["kernel"]),
    Setting("stride", "stride", "Stride", BOUNDS["stride"]),
    Setting("padding", "padding", "Padding", BOUNDS["padding"]),
)
CHANNELS = (
    Setting("inputs", "inputs", "Input channels", BOUNDS["inputs"]),
    Setting("outputs", "outputs", "Output channels", BOUNDS["outputs"]),
)
CUSTOM = "custom"


def is_apart(spec: Spec) -> bool:
    """Tell whether the rows differ from the columns, so that one slider cannot stand for both."""
    return differs(spec, PAIRS)


def channels_moves(spec: Spec, *, apart: bool) -> list[Move[Spec]]:
    """List the sliders of a spec; a move of the groups turns a separable layer into one convolution."""

    def regroup(at: int) -> Spec:
        return replace(spec, separable=False, groups=at)

    moves = [number_move(spec, setting) for setting in CHANNELS]
    moves.append(Move("groups", "Groups", "groups", BOUNDS["groups"], spec.used_groups, regroup))
    moves += [move for setting in SIZES for move in pair_moves(spec, setting, apart=apart)]
    return moves


def channels_controls(desk: Desk[Spec]) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    spec, apart = desk.spec, "apart" in desk.locks
    shown = Shown(spec)
    sliders = [desk.slider(move, shown.moved_by) for move in channels_moves(spec, apart=apart)]
    return [
        desk.presets(CHANNELS_PRESETS),
        *sliders,
        *_choices(desk, shown),
        desk.lock("apart", "Rows and columns apart", together(spec, PAIRS)),
    ]


def _choices(desk: Desk[Spec], shown: Shown) -> Iterator[Control[Spec]]:
    spec = desk.spec
    help_text = "Dense reads every channel, depthwise only its own; pointwise is a 1×1 convolution that mixes channels."
    layers = layer_specs(spec)
    yield desk.choice("layer", "Layer", layer_name(spec), layers, help=help_text, also=shown.moved_by)
    views = {view: (label, replace(spec, view=view)) for view, label in VIEWS.items()}
    yield desk.choice("maps", "Show", spec.view, views)
    if spec.outputs > 1:
        outputs = {str(at): (str(at), replace(spec, shown=at)) for at in range(spec.outputs)}
        yield desk.choice("out", "Output channel", str(spec.shown), outputs)
    biases = {"no": ("None", replace(spec, bias=())), "yes": ("One a map", replace(spec, bias=spec.bias or ONE_BIAS))}
    yield desk.choice("bias", "Bias", "yes" if spec.bias else "no", biases)
    fills = {word: (text, replace(spec, values=word, value_edits=())) for word, text in INPUT_PATTERNS.items()}
    yield _fill(desk, "values", "Input numbers", CUSTOM if spec.value_edits else spec.values, fills)
    plain = replace(spec, weight_edits=(), mixing_edits=())
    fills = {word: (text, replace(plain, weights=word)) for word, text in WEIGHT_PATTERNS.items()}
    own = bool(spec.weight_edits or spec.mixing_edits)
    yield _fill(desk, "weights", "Kernel numbers", CUSTOM if own else spec.weights, fills)
    low, high = BOUNDS["seed"]
    fresh = replace(spec, seed=low + (spec.seed - low + 1) % (high - low + 1))
    if "random" not in {spec.values, spec.weights}:
        fresh = replace(fresh, values="random")
    label = "New random numbers"
    yield Control("reroll", label, "button", "", (desk.option("", label, fresh),))


def _fill(desk: Desk[Spec], name: str, label: str, value: str, specs: Mapping[str, tuple[str, Spec]]) -> Control[Spec]:
    """Make the list of what can fill the grids; changed numbers stand in it as “Your own”."""
    options = [desk.option(word, text, spec) for word, (text, spec) in specs.items()]
    if value == CUSTOM:
        options.append(desk.option(CUSTOM, "Your own", desk.spec))
    return Control(name, label, "select", value, tuple(options))


def layer_name(spec: Spec) -> str:
    """Name the layer of a spec.

    >>> layer_name(ChannelsSpec(groups=3)), layer_name(ChannelsSpec(separable=True)), layer_name(ChannelsSpec(groups=2))
    ('depthwise', 'separable', 'grouped')
    """
    if spec.separable:
        return "separable"
    if spec.groups == 1:
        return "dense"
    return "depthwise" if spec.groups == spec.inputs else "grouped"


def layer_specs(spec: Spec) -> dict[str, tuple[str, Spec]]:
    """Say what each choice of a layer leads to; where the channels do not fit, the nearest that do are taken."""
    plain = replace(spec, separable=False)
    grouped = spec
    if layer_name(spec) != "grouped":
        even = min(MOST_CHANNELS, max(4, spec.inputs + spec.inputs % 2))
        divisors = [g for g in range(2, spec.inputs) if spec.inputs % g == 0 and spec.outputs % g == 0]
        if divisors:
            grouped = replace(plain, groups=divisors[0])
        else:
            grouped = replace(plain, groups=2, inputs=even, outputs=spec.outputs + spec.outputs % 2)
    outputs = spec.outputs if spec.outputs % spec.inputs == 0 else spec.inputs
    return {
        "dense": ("Dense", replace(plain, groups=1)),
        "grouped": ("In groups", grouped),
        "depthwise": ("Depthwise", replace(plain, groups=spec.inputs, outputs=outputs)),
        "separable": ("Depthwise + pointwise", replace(spec, separable=True)),
    }


class Shown:
    """What the controls show that others move too."""

    def __init__(self, spec: Spec) -> None:
        self._now = self._values(spec)

    def moved_by(self, spec: Spec, mover: str) -> tuple[tuple[str, str], ...]:
        """List the controls that another spec shows elsewhere."""
        then = self._values(spec)
        return tuple((name, value) for name, value in then.items() if name != mover and self._now[name] != value)

    @staticmethod
    def _values(spec: Spec) -> dict[str, str]:
        return {
            "inputs": str(spec.inputs),
            "outputs": str(spec.outputs),
            "groups": str(spec.used_groups),
            "layer": layer_name(spec),
            "out": str(spec.shown),
        }


def mend_channels(desk: Desk[Spec]) -> list[Mend]:
    """Find the nearest settings that work."""
    spec, apart = desk.spec, "apart" in desk.locks
    mends = desk.mends(channels_moves(spec, apart=apart), check_channels, check_axis)
    if not mends and is_apart(spec):
        joined = Desk(together(spec, PAIRS))
        mends = joined.mends(channels_moves(joined.spec, apart=False), check_channels)
    return mends or [Mend("Groups 1, and the smallest kernel", desk.query(replace(spec, groups=1, kernel=(1, 1))))]


def edit_channels(spec: Spec, grid: str, row: int, column: int, value: Number) -> Spec:
    """Change a cell of any grid.

    >>> edit_channels(ChannelsSpec(), "in2", 0, 1, 9).value_edits
    (((2, 0, 1), 9),)
    >>> edit_channels(ChannelsSpec(), "w1", 0, 4, 9).weight_edits  # the second column of the second slice
    (((1, 1, 0, 1), 9),)
    """
    kind, at = grid[0], grid[1:]
    if grid.startswith("in"):
        return replace(spec, value_edits=edited(spec.value_edits, (int(at[1:]), row, column), value))
    if kind == "k":
        output, slot = map(int, at.split("_"))
        return replace(spec, weight_edits=edited(spec.weight_edits, (output, slot, row, column), value))
    if kind == "w":
        slot, inside = divmod(column, spec.kernel[1])
        if row >= spec.kernel[0] or slot >= MOST_CHANNELS:
            return spec
        return replace(spec, weight_edits=edited(spec.weight_edits, (int(at), slot, row, inside), value))
    if kind == "v":
        output = spec.shown if spec.view == "one" else row
        return replace(spec, mixing_edits=_edited_within((output, column), spec.mixing_edits, value))
    output = int(at) if at else row
    bias = (*spec.bias, *(0,) * (MOST_CHANNELS - len(spec.bias)))
    return replace(spec, bias=(*bias[:output], value, *bias[output + 1 :])) if output < MOST_CHANNELS else spec


def _edited_within(index: tuple[int, int], edits: Edits, value: Number) -> Edits:
    return edited(edits, index, value) if max(index) < MOST_CHANNELS else edits


def _grids() -> dict[str, tuple[str, int]]:
    """Name every grid that can be typed into, with the largest side that it can have."""
    most, side, kernel = range(MOST_CHANNELS), BOUNDS["input"][1], BOUNDS["kernel"][1]
    found = {f"in{at}": ("value_edits", side) for at in most}
    found |= {f"k{output}_{slot}": ("weight_edits", kernel) for output in most for slot in most}
    found |= {f"w{at}": ("weight_edits", kernel * MOST_CHANNELS) for at in most}
    found |= {f"b{at}": ("bias", 1) for at in most}
    return found | {"v": ("mixing_edits", MOST_CHANNELS), "b": ("bias", MOST_CHANNELS)}


CHANNELS_OPERATION = Operation(
    key="channels",
    read=ChannelsSpec.from_query,
    scene=lambda spec: channels_scene(trace_channels(spec)),
    controls=channels_controls,
    mends=mend_channels,
    presets=CHANNELS_PRESETS,
    apart=is_apart,
    grids=_grids(),
    edit=edit_channels,
    bare=("view", "bias", "values", "value_edits", "weights", "weight_edits", "mixing_edits", "seed"),
    typed=CHANNEL_READERS,
)
