"""What can be moved on the Volumes stage: sizes, kernel and steps, in time and in space apart.

>>> [move.name for move in volumes_moves(VolumesSpec(), apart=False)][:4]
['frames', 'input', 'kernel_time', 'kernel']
>>> [move.name for move in volumes_moves(VolumesSpec(dims=1), apart=False)]
['frames', 'kernel_time', 'stride_time', 'padding_time', 'dilation_time']
>>> [mend.label for mend in mend_volumes(Desk(VolumesSpec(size=(2, 5, 5))))]
['Frames 3', 'Kernel frames 2', 'Padding in time 1']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from cnnviz.engine.grids import Number
from cnnviz.errors import SpecError
from cnnviz.lessons.volumes.examples import VOLUMES_PRESETS
from cnnviz.lessons.volumes.scene import volumes_scene
from cnnviz.lessons.volumes.spec import BOUNDS, DIMENSIONS, INPUT_PATTERNS, KERNEL_PATTERNS, Triple, VolumesSpec
from cnnviz.lessons.volumes.trace import check_volumes, trace_volumes
from cnnviz.lessons.volumes.trace_patterns import middle
from cnnviz.stage.controls import Control, Mend
from cnnviz.stage.desk import Desk
from cnnviz.stage.moves import Move, changed
from cnnviz.stage.operation import Operation
from cnnviz.stage.typed import must_fit_link, shape_of
from cnnviz.state.grids import parse_grids
from cnnviz.state.indexed import edited, put

Spec = VolumesSpec
CUSTOM = "custom"
TIME, ROWS, COLUMNS = 0, 1, 2


class Axes(NamedTuple):
    """One setting: its attribute, its slider for space, and its slider for time, each with a label."""

    attribute: str
    space: str
    space_label: str
    time: str
    time_label: str


SETTINGS = (
    Axes("size", "input", "Height and width", "frames", "Frames"),
    Axes("kernel", "kernel", "Kernel", "kernel_time", "Kernel frames"),
    Axes("stride", "stride", "Stride", "stride_time", "Stride in time"),
    Axes("padding", "padding", "Padding", "padding_time", "Padding in time"),
    Axes("dilation", "dilation", "Dilation", "dilation_time", "Dilation in time"),
)


def is_apart(spec: Spec) -> bool:
    """Tell whether the rows differ from the columns, so that one slider cannot stand for both."""
    return any(triple[ROWS] != triple[COLUMNS] for triple in _triples(spec))


def together(spec: Spec) -> Spec:
    """Give the columns what the rows have."""
    joined = {axes.attribute: (t, h, h) for axes, (t, h, _) in zip(SETTINGS, _triples(spec), strict=True)}
    return changed(spec, joined)


def _triples(spec: Spec) -> list[Triple]:
    return [getattr(spec, axes.attribute) for axes in SETTINGS]


def volumes_moves(spec: Spec, *, apart: bool) -> list[Move[Spec]]:
    """List the sliders that change the picture: of time, of space, or of both."""
    return [move for axes in SETTINGS for move in _moves(spec, axes, apart=apart)]


def _moves(spec: Spec, axes: Axes, *, apart: bool) -> Iterator[Move[Spec]]:
    triple: Triple = getattr(spec, axes.attribute)
    name = axes.space

    def move(slider: str, label: str, *moved: int) -> Move[Spec]:
        bounds = BOUNDS[name]
        return Move(slider, label, name, bounds, triple[moved[0]], _setter(spec, axes.attribute, moved))

    if axes.attribute == "size" or spec.dims != 2:
        yield move(axes.time, axes.time_label, TIME)
    if spec.dims == 1:
        return
    if not apart:
        yield move(name, axes.space_label, ROWS, COLUMNS)
        return
    rows, columns = ("Height", "Width") if axes.attribute == "size" else (f"{axes.space_label} rows", "")
    yield move(f"{name}_rows", rows, ROWS)
    yield move(f"{name}_columns", columns or f"{axes.space_label} columns", COLUMNS)


def _setter(spec: Spec, attribute: str, moved: tuple[int, ...]) -> Callable[[int], Spec]:
    triple: Triple = getattr(spec, attribute)

    def to(at: int) -> Spec:
        return changed(spec, {attribute: tuple(at if axis in moved else value for axis, value in enumerate(triple))})

    return to


def volumes_controls(desk: Desk[Spec]) -> list[Control[Spec]]:
    """List everything that can be moved, with the state of every position."""
    spec, apart = desk.spec, "apart" in desk.locks
    controls = [desk.presets(VOLUMES_PRESETS), *(desk.slider(move) for move in volumes_moves(spec, apart=apart))]
    controls += _choices(desk)
    if spec.dims > 1:
        controls.append(desk.lock("apart", "Rows and columns apart", together(spec)))
    return controls


def _choices(desk: Desk[Spec]) -> Iterator[Control[Spec]]:
    spec = desk.spec
    dims = {str(at): (label, replace(spec, dims=at)) for at, label in DIMENSIONS.items()}
    help_text = "1-D moves along time at one pixel, 2-D over each frame by itself, 3-D over both."
    yield desk.choice("dims", "The kernel moves in", str(spec.dims), dims, help=help_text)
    fills = {word: (text, replace(spec, values=word, value_edits=())) for word, text in INPUT_PATTERNS.items()}
    yield _fill(desk, "values", "Film", CUSTOM if spec.value_edits else spec.values, fills)
    fills = {word: (text, replace(spec, weights=word, weight_edits=())) for word, text in KERNEL_PATTERNS.items()}
    yield _fill(desk, "weights", "Kernel numbers", CUSTOM if spec.weight_edits else spec.weights, fills)
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


def mend_volumes(desk: Desk[Spec]) -> list[Mend]:
    """Find the nearest settings that work; where that takes more than one step, a kernel of one cell always does."""
    spec, apart = desk.spec, "apart" in desk.locks
    mends = desk.mends(volumes_moves(spec, apart=apart), check_volumes)
    if not mends and is_apart(spec):
        joined = Desk(together(spec))
        mends = joined.mends(volumes_moves(joined.spec, apart=False), check_volumes)
    return mends or [Mend("A kernel of one cell", desk.query(replace(spec, kernel=(1, 1, 1))))]


def edit_volumes(spec: Spec, grid: str, row: int, column: int, value: Number) -> Spec:
    """Change a cell of the film or of the kernel.

    >>> edit_volumes(VolumesSpec(), "x2", 0, 1, 9).value_edits
    (((2, 0, 1), 9),)
    >>> edit_volumes(VolumesSpec(dims=1), "x", 0, 3, 9).value_edits  # the pixel in the middle of frame 3
    (((3, 2, 2), 9),)
    """
    of_film = grid.startswith("x")
    sides = spec.size if of_film else spec.kernel
    if len(grid) == 1:
        index = column, middle(sides[ROWS]), middle(sides[COLUMNS])
    else:
        frame = middle(sides[TIME]) if spec.dims == 2 and not of_film else int(grid[1:])
        index = frame, row, column
    attribute = "value_edits" if of_film else "weight_edits"
    return changed(spec, {attribute: edited(getattr(spec, attribute), index, value)})


def read_film(spec: Spec, text: str) -> Spec:
    r"""Read all frames of a film: as many as there are grids.

    >>> read_film(VolumesSpec(), "1 2\n3 4\n\n5 6\n7 8").size
    (2, 2, 2)
    """
    return _typed(spec, text, ("size", "value_edits"), BOUNDS["input"][1])


def read_kernel(spec: Spec, text: str) -> Spec:
    """Read all frames of the kernel."""
    return _typed(spec, text, ("kernel", "weight_edits"), BOUNDS["kernel"][1])


def _typed(spec: Spec, text: str, attributes: tuple[str, str], most: int) -> Spec:
    frames = parse_grids(text, most)
    if spec.dims == 1 and len(frames) == len(frames[0]) == 1:  # a line is what there is to see: one number a frame
        frames = tuple(((number,),) for number in frames[0][0])
    if len(frames) > most:
        raise SpecError("values", f"These are {len(frames)} frames; {most} is the limit.")
    size, edits = attributes
    numbers = put((), {(at,): rows for at, rows in enumerate(frames)})
    typed = changed(spec, {size: (len(frames), *shape_of(frames[0])), edits: numbers})
    must_fit_link(typed)
    return typed


def _grids() -> dict[str, tuple[str, int]]:
    """Name every grid that can be typed into, with the largest side that it can have."""
    frames, kernel = BOUNDS["input"][1], BOUNDS["kernel"][1]
    found = {"x": ("value_edits", frames), "w": ("weight_edits", kernel)}
    found |= {f"x{at}": ("value_edits", frames) for at in range(frames)}
    return found | {f"w{at}": ("weight_edits", kernel) for at in range(kernel)}


VOLUMES_OPERATION = Operation(
    key="volumes",
    read=VolumesSpec.from_query,
    scene=lambda spec: volumes_scene(trace_volumes(spec)),
    controls=volumes_controls,
    mends=mend_volumes,
    presets=VOLUMES_PRESETS,
    apart=is_apart,
    grids=_grids(),
    edit=edit_volumes,
    bare=("values", "value_edits", "weights", "weight_edits", "seed"),
    typed={"Film": read_film, "Kernel": read_kernel},
)
