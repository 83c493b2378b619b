"""What can be moved on the Convolution stage: five sliders (or more, when axes and sides are apart), and choices.

>>> [move.name for move in convolution_moves(ConvolutionSpec(), apart=False, sides=False)]
['input', 'kernel', 'stride', 'padding', 'dilation']
>>> [move.name for move in convolution_moves(ConvolutionSpec(), apart=True, sides=True)][6:10]
['padding_top', 'padding_bottom', 'padding_left', 'padding_right']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cnnviz.engine.arithmetic import same_padding
from cnnviz.engine.trace import check_convolution, resolve_padding
from cnnviz.errors import SpecError
from cnnviz.scenes.controls import Control, Mend, Option, Query
from cnnviz.spec.convolution import (
    BOUNDS,
    INPUT_PATTERNS,
    KERNEL_PATTERNS,
    MODES,
    NAMED_PADDING,
    ConvolutionSpec,
    Sides,
)
from cnnviz.spec.grids import CUSTOM, GridSource
from cnnviz.spec.presets import CONVOLUTION_PRESETS, find_preset

Spec = ConvolutionSpec
PAIRS = (("input", "size", "Input"), ("kernel", "kernel", "Kernel"), ("stride", "stride", "Stride"))
AXES = ("rows", "columns")
SIDES = (("top", "bottom"), ("left", "right"))
ENDS = ("before", "after")
BY_HAND = "by hand"
MOST_MENDS = 4


@dataclass(frozen=True, slots=True)
class Move:
    """One slider: where it stands in a spec, and the spec with it elsewhere."""

    name: str
    label: str
    field: str
    value: int
    to: Callable[[int], Spec]

    @property
    def positions(self) -> range:
        """Every position of the slider; the bounds never change with the other settings."""
        low, high = BOUNDS[self.field]
        return range(low, high + 1)


def is_apart(spec: Spec) -> bool:
    """Tell whether the rows differ from the columns, so that one slider cannot stand for both."""
    pairs = (spec.size, spec.kernel, spec.stride, spec.dilation)
    return any(rows != columns for rows, columns in pairs) or (
        not isinstance(spec.padding, str) and spec.padding[0] != spec.padding[1]
    )


def has_sides(spec: Spec) -> bool:
    """Tell whether some padding differs before and after."""
    return not isinstance(spec.padding, str) and any(before != after for before, after in spec.padding)


def convolution_moves(spec: Spec, *, apart: bool, sides: bool) -> list[Move]:
    """List the sliders of a spec; one slider moves both axes, or both sides, unless they are apart."""
    moves = [move for pair in PAIRS for move in _pair_moves(spec, *pair, apart=apart)]
    moves.extend(_padding_moves(spec, apart=apart, sides=sides))
    moves.extend(_pair_moves(spec, "dilation", "dilation", "Dilation", apart=apart))
    return moves


def convolution_controls(spec: Spec, *, apart: bool, sides: bool) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    base = _query(spec, apart=apart, sides=sides)
    padding = _Padding(spec, apart=apart, sides=sides)
    sliders = []
    for move in convolution_moves(spec, apart=apart, sides=sides):
        options = (_option(str(at), str(at), base, move.to(at)) for at in move.positions)
        moved = tuple(replace(option, also=padding.moved_by(option.spec, move.name)) for option in options)
        sliders.append(Control(move.name, move.label, "slider", str(move.value), moved, live=True))
    choices = _choices(spec, base, padding)
    return [_presets(spec), *sliders, *choices, *_locks(spec, apart=apart, sides=sides)]


class _Padding:
    """What the controls of the padding show: other controls move them too, as a larger kernel does in "same"."""

    def __init__(self, spec: Spec, *, apart: bool, sides: bool) -> None:
        self._apart, self._sides = apart, sides
        self._now = self._shown(spec)

    def moved_by(self, spec: Spec, mover: str) -> tuple[tuple[str, str], ...]:
        """List the padding controls that another spec shows elsewhere."""
        then = self._shown(spec)
        return tuple((name, value) for name, value in then.items() if name != mover and self._now[name] != value)

    def _shown(self, spec: Spec) -> dict[str, str]:
        moves = _padding_moves(spec, apart=self._apart, sides=self._sides)
        return {"padding_name": _padding_name(spec), **{move.name: str(move.value) for move in moves}}


def _padding_name(spec: Spec) -> str:
    return spec.padding if isinstance(spec.padding, str) else BY_HAND


def mend_convolution(spec: Spec, *, apart: bool, sides: bool) -> list[Mend]:
    """Find the nearest settings that work: for every slider the smallest step that mends the spec, nearest first.

    >>> [mend.label for mend in mend_convolution(ConvolutionSpec(size=(3, 3), kernel=(4, 4)), apart=False, sides=False)]
    ['Input 4', 'Kernel 3', 'Padding 1']
    """
    base = _query(spec, apart=apart, sides=sides)
    found: list[tuple[int, Mend]] = []
    for move in convolution_moves(spec, apart=apart, sides=sides):
        for at in sorted(move.positions, key=lambda at: abs(at - move.value)):
            if at != move.value or move.field == "padding":
                other = move.to(at)
                if _works(other):
                    label = f"{move.label} {at}"
                    found.append((abs(at - move.value), Mend(label, _option("", "", base, other).query)))
                    break
    found.sort(key=lambda pair: pair[0])
    if not found and is_apart(spec):
        return mend_convolution(_together(spec), apart=False, sides=sides)
    return [mend for _, mend in found[:MOST_MENDS]]


def _works(spec: Spec) -> bool:
    try:
        check_convolution(spec)
    except SpecError:
        return False
    return True


def _pair_moves(spec: Spec, name: str, attribute: str, label: str, *, apart: bool) -> Iterator[Move]:
    pair: tuple[int, int] = getattr(spec, attribute)

    def set_both(at: int) -> Spec:
        return replace(spec, **{attribute: (at, at)})  # type: ignore[arg-type]

    def set_one(axis: int) -> Callable[[int], Spec]:
        def to(at: int) -> Spec:
            return replace(spec, **{attribute: (at, pair[1]) if axis == 0 else (pair[0], at)})  # type: ignore[arg-type]

        return to

    if not apart:
        yield Move(name, label, name, pair[0], set_both)
        return
    for axis, word in enumerate(AXES):
        yield Move(f"{name}_{word}", f"{label} {word}", name, pair[axis], set_one(axis))


def _padding_moves(spec: Spec, *, apart: bool, sides: bool) -> Iterator[Move]:
    padding = drawn_padding(spec)
    axes = [(axis,) for axis in (0, 1)] if apart else [(0, 1)]
    ends = [(end,) for end in (0, 1)] if sides else [(0, 1)]

    def set_at(chosen_axes: tuple[int, ...], chosen_ends: tuple[int, ...]) -> Callable[[int], Spec]:
        def to(at: int) -> Spec:
            changed = [
                [at if axis in chosen_axes and end in chosen_ends else padding[axis][end] for end in (0, 1)]
                for axis in (0, 1)
            ]
            (top, bottom), (left, right) = changed
            return replace(spec, padding=((top, bottom), (left, right)))

        return to

    for chosen_axes in axes:
        for chosen_ends in ends:
            word = _padding_word(chosen_axes, chosen_ends)
            value = padding[chosen_axes[0]][chosen_ends[0]]
            name, label = (f"padding_{word}", f"Padding {word}") if word else ("padding", "Padding")
            yield Move(name, label, "padding", value, set_at(chosen_axes, chosen_ends))


def _padding_word(axes: tuple[int, ...], ends: tuple[int, ...]) -> str:
    if len(axes) == 2:
        return "" if len(ends) == 2 else ENDS[ends[0]]
    return AXES[axes[0]] if len(ends) == 2 else SIDES[axes[0]][ends[0]]


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


def _query(spec: Spec, *, apart: bool, sides: bool) -> Query:
    query = spec.to_query()
    if apart:
        query["apart"] = "1"
    if sides:
        query["sides"] = "1"
    return query


def _option(value: str, label: str, base: Query, spec: Spec, group: str = "") -> Option[Spec]:
    locks = {name: base[name] for name in ("apart", "sides") if name in base}
    return Option(value, label, {**spec.to_query(), **locks}, spec, group)


def _presets(spec: Spec) -> Control[Spec]:
    here = find_preset(spec.to_query())
    options = tuple(
        Option(preset.name, preset.title, dict(preset.state), spec, preset.group) for preset in CONVOLUTION_PRESETS
    )
    return Control("preset", "Example", "select", here.name if here else "", options, whole=True)


def _choices(spec: Spec, base: Query, padding: _Padding) -> Iterator[Control[Spec]]:
    specs: dict[str, Spec] = {name: replace(spec, padding=name) for name in NAMED_PADDING}
    specs[BY_HAND] = replace(spec, padding=drawn_padding(spec))
    named = (_option(name, name.capitalize(), base, other) for name, other in specs.items())
    borders = tuple(replace(option, also=padding.moved_by(option.spec, "padding_name")) for option in named)
    yield Control("padding_name", "Border", "choice", _padding_name(spec), borders, live=True)
    yield Control(
        "mode",
        "Padding with",
        "choice",
        spec.mode,
        tuple(_option(mode, label, base, replace(spec, mode=mode)) for mode, label in MODES.items()),
        live=True,
    )
    yield Control(
        "flip",
        "Turn the kernel",
        "choice",
        "turned" if spec.flip else "as it is",
        (
            _option("as it is", "As it is", base, replace(spec, flip=False)),
            _option("turned", "By 180°", base, replace(spec, flip=True)),
        ),
        live=True,
        help="Cross-correlation takes the kernel as it is; convolution in mathematics turns it by 180 degrees.",
    )
    yield _patterns("values", "Input numbers", INPUT_PATTERNS, spec, base)
    yield _patterns("weights", "Kernel numbers", KERNEL_PATTERNS, spec, base)
    low, high = BOUNDS["seed"]
    fresh = replace(spec, seed=low + (spec.seed - low + 1) % (high - low + 1))
    if "random" not in {spec.values.pattern, spec.weights.pattern}:
        fresh = replace(fresh, values=GridSource("random"))
    yield Control("reroll", "New random numbers", "button", "", (_option("", "New random numbers", base, fresh),))


def _patterns(name: str, label: str, patterns: dict[str, str], spec: Spec, base: Query) -> Control[Spec]:
    source: GridSource = getattr(spec, name)
    options = [
        _option(word, text, base, replace(spec, **{name: GridSource(word)}))  # type: ignore[arg-type]
        for word, text in patterns.items()
    ]
    value = source.pattern
    if source.edits or source.pattern == CUSTOM:
        value = CUSTOM
        options.append(_option(CUSTOM, "Your own", base, spec))
    return Control(name, label, "select", value, tuple(options))


def _together(spec: Spec) -> Spec:
    """Give the columns the settings of the rows."""
    pairs = {name: (getattr(spec, name)[0],) * 2 for name in ("size", "kernel", "stride", "dilation")}
    padding = spec.padding if isinstance(spec.padding, str) else (spec.padding[0], spec.padding[0])
    return replace(spec, padding=padding, **pairs)  # type: ignore[arg-type]


def _even(spec: Spec) -> Spec:
    """Give the end of each axis the padding of its beginning."""
    if isinstance(spec.padding, str):
        return spec
    (top, _), (left, _) = spec.padding
    return replace(spec, padding=((top, top), (left, left)))


def _locks(spec: Spec, *, apart: bool, sides: bool) -> Iterator[Control[Spec]]:
    def lock(name: str, label: str, on: bool, joined: Spec) -> Control[Spec]:
        off = Option("0", "together", {**_query(joined, apart=apart, sides=sides)}, joined)
        off = replace(off, query={key: value for key, value in off.query.items() if key != name})
        up = Option("1", "apart", {**_query(spec, apart=apart, sides=sides), name: "1"}, spec)
        return Control(name, label, "switch", "1" if on else "0", (off, up))

    yield lock("apart", "Rows and columns apart", apart, _together(spec))
    yield lock("sides", "Padding sides apart", sides, _even(spec))
