"""The scenes of a convolution of a film: its frames side by side, the kernel's frames, and the output's.

>>> from cnnviz.lessons.volumes.trace import trace_volumes
>>> from cnnviz.lessons.volumes.spec import VolumesSpec
>>> scene = volumes_scene(trace_volumes(VolumesSpec(size=(3, 5, 5), padding=(1, 0, 0))))
>>> scene.shape
'3×5×5 → 3×3×3'
>>> [grid.title for grid in scene.grids][:6]
['Padding', 'Frame 0', 'Frame 1', 'Frame 2', 'Padding', 'w[0]']
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from cnnviz.engine.windows import AxisWindows
from cnnviz.lessons.volumes.scene_layouts import LINE_LAYOUTS, film_layout
from cnnviz.lessons.volumes.trace import Film, Kernel, VolumesTrace
from cnnviz.stage.scene import ADDED, AxisLinks, Grid, Link, Scene
from cnnviz.stage.windows import fraction_texts, origin_list, padded_grid, unread_notes, window_links

UNSAID = "\u200b"
"""Instead of a grid's size or note, where the scene says it once for all frames."""

MANY = 3
"""With more frames than these side by side, there is no room to say of each that it is padded."""

WIDE = 3
"""A frame of so many columns has room for a title in words."""

COMFORT = 26
"""Time goes from left to right in one row, as long as its cells are so many pixels large."""

ONE_ROW = 32
"""A film with more columns in all needs several rows, and so a taller stage."""

Ring = tuple[int, int, int, int]


def volumes_scene(trace: VolumesTrace) -> Scene:
    """Draw a trace as its spec asks for it: the film, frame by frame, or one pixel through time."""
    return _line_scene(trace) if trace.spec.dims == 1 else _film_scene(trace)


def _film_scene(trace: VolumesTrace) -> Scene:
    inputs, kernels = _inputs(trace.film, trace.time, *trace.axes), _kernels(trace.kernel)
    outputs = tuple(
        Grid(f"y{at}", f"y[{at}]", "output", values, symbol=f"y[{at}]", scale="outputs", size=UNSAID)
        for at, values in enumerate(trace.outputs)
    )
    layout = film_layout(*(tuple(grid.name for grid in grids) for grids in (inputs, kernels, outputs)))
    return Scene(
        grids=(*inputs, *kernels, *outputs),
        links=_film_links(trace.time, *trace.axes),
        shape=shape_text(trace),
        notes=_notes(trace),
        alt=alt_text(trace),
        arrangements=layout.arrangements,
        signs=layout.signs,
        steps=layout.steps,
        tall=trace.time.padded_size * trace.columns.padded_size > ONE_ROW,
        tall_phone=True,
        deep=True,
        close=True,
        comfort=COMFORT,
    )


def _line_scene(trace: VolumesTrace) -> Scene:
    """Lay the film of one pixel along a row: there, its frames are the cells."""
    row, column = trace.pixel
    line = np.array([[frame.item() for frame in trace.film.frames]])
    inputs = padded_grid("x", f"Pixel ({row}, {column}), frame by frame", line, (trace.rows, trace.time))
    weight, output = trace.kernel.weight.reshape(1, -1), trace.output.reshape(1, -1)
    texts = fraction_texts(weight)
    kernel = Grid("w", "Kernel", "kernel", weight, texts=texts, editable=True, symbol="w", line=True, size=UNSAID)
    return Scene(
        grids=(
            replace(inputs, line=True, size=UNSAID),
            kernel,
            Grid("y", "Output", "output", output, symbol="y", line=True, size=UNSAID),
        ),
        links=(Link("x", "y", "w", window_links(trace.rows), window_links(trace.time)),),
        shape=shape_text(trace),
        notes=_notes(trace),
        alt=alt_text(trace),
        arrangements=LINE_LAYOUTS,
        signs=("⋆", "="),
    )


# The grids


@lru_cache(maxsize=512)
def _frame_names(time: AxisWindows) -> tuple[tuple[str, int], ...]:
    """Name every frame of the padded film, and say which frame of the data it is, or ADDED.

    >>> from cnnviz.engine.windows import axis_windows
    >>> _frame_names(axis_windows(2, kernel=2, padding=1))
    (('p0', -1), ('x0', 0), ('x1', 1), ('p3', -1))
    """
    origins = enumerate(origin_list(time))
    return tuple((f"x{origin}" if origin >= 0 else f"p{at}", origin) for at, origin in origins)


def _inputs(film: Film, time: AxisWindows, rows: AxisWindows, columns: AxisWindows) -> tuple[Grid, ...]:
    names, origins = _frame_names(time), (origin_list(rows), origin_list(columns))
    return _input_grids(film, names, (*rows.padding, *columns.padding), origins)


@lru_cache(maxsize=256)
def _input_grids(
    film: Film, names: tuple[tuple[str, int], ...], ring: Ring, origins: tuple[tuple[int, ...], tuple[int, ...]]
) -> tuple[Grid, ...]:
    """Draw the frames of the film, and the frames of zeros before and after it."""
    rows, columns = film.padded.shape[1:]
    nothing = ((ADDED,) * rows, (ADDED,) * columns)
    inside = origins if any(ring) else None
    note = UNSAID if inside and len(names) > MANY else ""
    wide = columns >= WIDE
    grids = []
    for (name, frame), values in zip(names, film.frames, strict=True):
        if frame == ADDED:
            title = "Padding" if wide else "pad"
            grids.append(Grid(name, title, "input", values, origins=nothing, scale="inputs", size=UNSAID))
            continue
        symbol = f"x[{frame}]"
        grids.append(
            Grid(
                name,
                f"Frame {frame}" if wide else symbol,
                "input",
                values,
                ring=ring,
                origins=inside,
                editable=True,
                symbol=symbol,
                scale="inputs",
                note=note,
                size=UNSAID,
            )
        )
    return tuple(grids)


@lru_cache(maxsize=256)
def _kernels(kernel: Kernel) -> tuple[Grid, ...]:
    grids = []
    for at, values in enumerate(kernel.slices):
        name = f"w[{at}]" if len(kernel.slices) > 1 else "w"
        grids.append(
            Grid(
                f"w{at}",
                name,
                "kernel",
                values,
                texts=fraction_texts(values),
                editable=True,
                symbol=name,
                scale="kernels",
                size=UNSAID,
            )
        )
    return tuple(grids)


# The links


@lru_cache(maxsize=512)
def _film_links(time: AxisWindows, rows: AxisWindows, columns: AxisWindows) -> tuple[Link, ...]:
    """Link every output frame to the frames that it reads, each through a frame of the kernel."""
    names = [name for name, _ in _frame_names(time)]
    down, across = window_links(rows), window_links(columns)
    links = [
        Link(names[frame], f"y{output}", f"w{tap}", down, across)
        for output, frames in enumerate(time.reads.tolist())
        for tap, frame in enumerate(frames)
    ]
    read = {link.source for link in links}
    links += [_no_link(name, rows, columns) for name in names if name not in read]
    return tuple(links)


def _no_link(name: str, rows: AxisWindows, columns: AxisWindows) -> Link:
    """Say of a frame that it could be read and never is: the stage then draws it as cells that no window reads."""
    down, across = (AxisLinks(axis.padded_size, ((),) * axis.size, ()) for axis in (rows, columns))
    return Link(name, "y0", None, down, across)


# The words


def shape_text(trace: VolumesTrace) -> str:
    """Say the sizes along the axes that the kernel moves on: ``5×5×5 → 3×3×3``."""
    sizes = ("×".join(map(str, sides)) for sides in ([a.n for a in trace.moved], [a.size for a in trace.moved]))
    text = " → ".join(sizes)
    return f"{text}, {_count(trace.spec.size[0], 'frame')}" if trace.spec.dims == 2 else text


def alt_text(trace: VolumesTrace) -> str:
    """Say the whole picture in one sentence, for those who cannot see it."""
    frames, height, width = trace.spec.size
    kernel, output = (" by ".join(map(str, sizes)) for sizes in (trace.kernel.weight.shape[1:], trace.output.shape[1:]))
    if trace.spec.dims == 1:
        return (
            f"One pixel through {_count(frames, 'frame')}; kernel of {_count(trace.kernel.weight.size, 'cell')}; "
            f"output of {_count(trace.output.size, 'cell')}."
        )
    padded = _padded_words(trace)
    kernels = f"{_count(len(trace.kernel.slices), 'frame')} of {kernel}" if trace.spec.dims == 3 else kernel
    return (
        f"Film of {_count(frames, 'frame')} of {height} by {width}{padded}; kernel of {kernels}; "
        f"output of {_count(len(trace.outputs), 'frame')} of {output}."
    )


def _padded_words(trace: VolumesTrace) -> str:
    sizes = [axis.padded_size for axis in (trace.time, *trace.axes)]
    frames, height, width = sizes
    if sizes == list(trace.film.values.shape):
        return ""
    return f", padded to {_count(frames, 'frame')} of {height} by {width}"


def _notes(trace: VolumesTrace) -> tuple[str, ...]:
    dims = trace.spec.dims
    notes = [_batch_note(trace)]
    if unread := trace.time.unread:
        *firsts, last = map(str, unread)
        which = f"Frames {', '.join(firsts)} and {last} are" if firsts else f"Frame {last} is"
        notes.append(f"{which} never read: the windows step past {'them' if firsts else 'it'}.")
    if dims > 1:
        notes += unread_notes(trace)
    return tuple(note for note in notes if note)


def _batch_note(trace: VolumesTrace) -> str:
    if trace.spec.dims == 2:
        return "Every frame is a picture of its own, a batch for PyTorch: no output knows two frames."
    if trace.spec.dims == 1:
        return "The kernel moves along time only, and looks at one pixel: the one in the middle of the film."
    return ""


def _count(number: int, name: str) -> str:
    return f"{number} {name}" + ("" if number == 1 else "s")
