"""The scenes of the backward pass: dL/dx in two ways, dL/dw, dL/db, and all of them beside what they belong to.

>>> from cnnviz.lessons.backward.trace import trace_backward
>>> scene = backward_scene(trace_backward(BackwardSpec(size=(6, 6), stride=(2, 2))))
>>> scene.shape
'dL/dy 2×2 → dL/dx 6×6'
>>> scene.notes[0]
'The last row and the last column of x are never read: nothing depends on them, so their gradient is 0.'

A gradient has the shape and the colour of what it belongs to: dL/dx of x, dL/dw of w, dL/dy of y.
"""

from __future__ import annotations

from functools import lru_cache

from cnnviz.engine.windows import AxisWindows
from cnnviz.lessons.backward.spec import BackwardSpec
from cnnviz.lessons.backward.trace import STEP, BackwardTrace, Nudge, spread_places, spread_windows
from cnnviz.stage.axis_maps import all_links, reader_links, tap_links
from cnnviz.stage.scene import ADDED, Arrangement, Grid, Link, Scene, Shows
from cnnviz.stage.windows import fraction_texts, padded_grid, window_links
from cnnviz.state.numbers import show_number

__all__ = ["BackwardSpec", "backward_scene"]

BESIDE = ((("input",), ("kernel",), ("output",)),)
SIGNIFICANT = 8


def backward_scene(trace: BackwardTrace) -> Scene:
    """Draw what the spec asks to see."""
    shown = trace.spec.shown
    if shown == "dx" and trace.spec.way == "zeros":
        return _by_zeros(trace)
    return {"y": _forward, "dx": _by_stamps, "dw": _by_windows, "db": _by_sum, "all": _everything}[shown](trace)


def _forward(trace: BackwardTrace) -> Scene:
    """The convolution itself, and the loss that its output makes."""
    output = Grid("output", "Output y", "output", trace.output, symbol="y", scale="y")
    rows, columns = map(window_links, trace.axes)
    return _scene(
        trace,
        (_input(trace), _kernel(trace), output),
        (Link("input", "output", "kernel", rows, columns),),
        _places(("input", "kernel", "output")),
        shape=f"x {_size(trace.values)} → y {_size(trace.output)}",
        signs=("⋆", "="),
    )


def _by_stamps(trace: BackwardTrace) -> Scene:
    """Every cell of dL/dy stamps the kernel, times its own value, onto dL/dx."""
    cut = any(map(any, trace.spec.padding))
    about = ("The part of a stamp that falls on the padding is cut off: padding is no input.",) if cut else ()
    return _scene(
        trace,
        (_gradient(trace), _kernel(trace), _dx(trace)),
        (_stamp_link(trace),),
        _places(("gradient", "kernel", "dx")),
        shape=_to(trace, "dx"),
        signs=("×", "="),
        notes=(*_unread(trace), *about),
    )


def _by_zeros(trace: BackwardTrace) -> Scene:
    """A plain convolution of dL/dy, with zeros between and around its cells, with the turned kernel."""
    places = [spread_places(axis) for axis in trace.axes]
    sizes = trace.spread.shape
    whole = all(at[0] >= 0 and at[-1] < size for at, size in zip(places, sizes, strict=True))
    rows, columns = (_origins(size, at) for size, at in zip(sizes, places, strict=True))
    spread = Grid("spread", "Spread dL/dy", "output", trace.spread, origins=(rows, columns), symbol="z", scale="g")
    turned = trace.weight[::-1, ::-1]
    cells = tuple(range(turned.size - 1, -1, -1))
    down, along = (window_links(spread_windows(axis)) for axis in trace.axes)
    link = Link("spread", "dx", "turned", down, along)
    return _scene(
        trace,
        (
            _gradient(trace),
            _kernel(trace),
            spread,
            Grid("turned", "Turned w", "kernel", turned, texts=fraction_texts(turned), symbol="w′", scale="w"),
            _dx(trace),
        ),
        (link,),
        (
            ((("gradient", "kernel"), ("spread",), ("turned",), ("dx",)),),
            ((("gradient",), ("kernel",), ("spread",)), (("turned",), ("dx",))),
            ((("gradient",), ("kernel",)), (("spread",),), (("turned",), ("dx",))),
        ),
        tall=True,
        shape=_to(trace, "dx"),
        signs=("", "", "⋆", "="),
        notes=(*_unread(trace), _zeros_note(trace, whole)),
        twins=(("gradient", "spread"),) if whole else (),
        shows=(Shows("turned", "kernel", cells),),
    )


def _by_windows(trace: BackwardTrace) -> Scene:
    """A convolution of x with dL/dy as its kernel, in which stride and dilation have changed places."""
    stride, dilation = (_pair(pair) for pair in (trace.spec.stride, trace.spec.dilation))
    changed = (
        f"dL/dy is the kernel here: the stride, {stride}, spreads it as a dilation, "
        f"and the dilation, {dilation}, is the step from weight to weight."
    )
    return _scene(
        trace,
        (_input(trace), _gradient(trace), _dw(trace)),
        (_window_link(trace),),
        _places(("input", "gradient", "dw")),
        shape=f"x {_size(trace.values)} ⋆ dL/dy {_size(trace.gradient)} → dL/dw {_size(trace.dw)}",
        signs=("⋆", "="),
        notes=(changed,),
    )


def _by_sum(trace: BackwardTrace) -> Scene:
    """The bias reaches every output once, with the factor 1."""
    return _scene(
        trace,
        (_gradient(trace), _db(trace)),
        (_sum_link(trace),),
        _places(("gradient", "db")),
        shape=_to(trace, "db"),
        signs=("Σ",),
        notes=("The bias is added to every output, so its gradient is the sum of dL/dy.",),
    )


def _everything(trace: BackwardTrace) -> Scene:
    """Input, kernel and dL/dy above; below each the gradient that has its shape."""
    return _scene(
        trace,
        (_input(trace), _dx(trace), _kernel(trace), _dw(trace), _gradient(trace), _db(trace)),
        (_stamp_link(trace), _window_link(trace), _sum_link(trace)),
        (
            ((("input", "dx"), ("kernel", "dw"), ("gradient", "db")),),
            ((("input",), ("dx",)), (("kernel",), ("dw",)), (("gradient",), ("db",))),
        ),
        shape=f"dL/dy {_size(trace.gradient)} → dL/dx {_size(trace.dx)}, dL/dw {_size(trace.dw)}, dL/db",
        signs=("",) * 5,
        notes=_unread(trace),
        steps="dx",
        tall=True,
    )


def _scene(
    trace: BackwardTrace,
    grids: tuple[Grid, ...],
    links: tuple[Link, ...],
    arrangements: tuple[Arrangement, ...],
    *,
    shape: str,
    signs: tuple[str, ...],
    notes: tuple[str, ...] = (),
    steps: str = "",
    twins: tuple[tuple[str, ...], ...] = (),
    shows: tuple[Shows, ...] = (),
    tall: bool = False,
) -> Scene:
    sizes = ", ".join(f"{grid.title} of {grid.values.shape[0]} by {grid.values.shape[1]}" for grid in grids)
    return Scene(
        grids=grids,
        links=links,
        shape=shape,
        notes=(*notes, nudge_sentence(trace.nudge)),
        alt=f"{sizes}.",
        arrangements=arrangements,
        signs=signs,
        steps=steps,
        twins=twins,
        shows=shows,
        tall=tall,
    )


def nudge_sentence(nudge: Nudge) -> str:
    """Check a gradient by hand: change one number a little, and see what the loss does.

    >>> nudge_sentence(Nudge("w[0, 1]", 45, 45.12, 12))
    'Nudge w[0, 1] by 0.01: L = Σ dL/dy · y goes from 45 to 45.12, and 0.12 / 0.01 = 12 = dL/dw[0, 1].'
    """
    before, after, change, slope = (
        _shown(number) for number in (nudge.before, nudge.after, nudge.after - nudge.before, nudge.slope)
    )
    return (
        f"Nudge {nudge.name} by {STEP}: L = Σ dL/dy · y goes from {before} to {after}, "
        f"and {change} / {STEP} = {slope} = dL/d{nudge.name}."
    )


def _shown(number: float) -> str:
    return show_number(round(number, 6), SIGNIFICANT).replace("-", "−")


def _input(trace: BackwardTrace) -> Grid:
    return padded_grid("input", "Input x", trace.padded, trace.axes)


def _kernel(trace: BackwardTrace) -> Grid:
    texts = fraction_texts(trace.weight)
    return Grid("kernel", "Kernel w", "kernel", trace.weight, texts=texts, editable=True, symbol="w", scale="w")


def _gradient(trace: BackwardTrace) -> Grid:
    return Grid("gradient", "dL/dy", "output", trace.gradient, editable=True, symbol="dL/dy", scale="g")


def _dx(trace: BackwardTrace) -> Grid:
    return Grid("dx", "dL/dx", "input", trace.dx, symbol="dL/dx")


def _dw(trace: BackwardTrace) -> Grid:
    return Grid("dw", "dL/dw", "kernel", trace.dw, symbol="dL/dw")


def _db(trace: BackwardTrace) -> Grid:
    return Grid("db", "dL/db", "output", trace.db, symbol="dL/db")


def _stamp_link(trace: BackwardTrace) -> Link:
    return Link("gradient", "dx", "kernel", reader_links(trace.rows), reader_links(trace.columns))


def _window_link(trace: BackwardTrace) -> Link:
    return Link("input", "dw", "gradient", tap_links(trace.rows), tap_links(trace.columns))


def _sum_link(trace: BackwardTrace) -> Link:
    rows, columns = trace.gradient.shape
    return Link("gradient", "db", None, all_links(rows), all_links(columns))


def _places(names: tuple[str, ...]) -> tuple[Arrangement, ...]:
    """Side by side; the first beside the others; the first above the others."""
    first, *others = names
    beside: Arrangement = (tuple((name,) for name in names),)
    if len(names) < 3:
        return (beside, (((first,),), tuple((name,) for name in others)))
    stacked: Arrangement = (((first,), tuple(others)),)
    above: Arrangement = (((first,),), tuple((name,) for name in others))
    below: Arrangement = (tuple((name,) for name in names[:-1]), ((names[-1],),))
    return beside, stacked, above, below


@lru_cache(maxsize=1024)
def _origins(size: int, places: tuple[int, ...]) -> tuple[int, ...]:
    """Say which lines of the spread gradient are data, counted from the first that is left."""
    kept = [at for at in places if 0 <= at < size]
    return tuple(kept.index(line) if line in kept else ADDED for line in range(size))


def _zeros_note(trace: BackwardTrace, whole: bool) -> str:
    rows, columns = (axis.stride - 1 for axis in trace.axes)
    zeros = _count(rows) if rows == columns else f"{_count(rows)} (rows) and {_count(columns)} (columns)"
    stride = f"Stride {_pair(trace.spec.stride)}"
    note = f"{stride} puts {zeros} between the cells of dL/dy; then the turned kernel moves in steps of 1."
    return note if whole else f"{note} Outputs at the border that read only padding are cut off."


def _count(zeros: int) -> str:
    return "no zeros" if not zeros else "one zero" if zeros == 1 else f"{zeros} zeros"


def _unread(trace: BackwardTrace) -> tuple[str, ...]:
    """Name the rows and columns of x that no window reads: their gradient is 0."""
    phrases = [_lines(axis, name) for axis, name in zip(trace.axes, ("row", "column"), strict=True)]
    found = [phrase for phrase in phrases if phrase]
    if not found:
        return ()
    many = len(found) > 1 or sum(len(axis.unread) for axis in trace.axes) > 1
    verb, them, their = ("are", "them", "their") if many else ("is", "it", "its")
    sentence = " and ".join(found)
    return (
        f"{sentence[0].upper()}{sentence[1:]} of x {verb} never read: "
        f"nothing depends on {them}, so {their} gradient is 0.",
    )


def _lines(axis: AxisWindows, name: str) -> str:
    unread = axis.unread
    if not unread:
        return ""
    count = len(unread)
    if unread[0] == axis.n - count and count < axis.n:
        return f"the last {name}" if count == 1 else f"the last {count} {name}s"
    return f"{count} {name}{'' if count == 1 else 's'}"


def _to(trace: BackwardTrace, name: str) -> str:
    return f"dL/dy {_size(trace.gradient)} → dL/{name} {_size(getattr(trace, name))}"


def _size(grid: object) -> str:
    rows, columns = getattr(grid, "shape")  # noqa: B009 - any array
    return f"{rows}×{columns}"


def _pair(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]} by {pair[1]}"
