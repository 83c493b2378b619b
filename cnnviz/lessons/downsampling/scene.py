"""The scene of the comparison: one input, and side by side what five ways to shrink it keep.

>>> from cnnviz.lessons.downsampling.trace import trace_downsampling
>>> from cnnviz.lessons.downsampling.spec import DownsamplingSpec
>>> scene = downsampling_scene(trace_downsampling(DownsamplingSpec()))
>>> [grid.name for grid in scene.grids]
['input', 'kernel', 'dense', 'kept', 'strided', 'largest', 'mean', 'unshuffled']
>>> scene.shape
'6×6 → 3×3'
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from cnnviz.engine.windows import AxisWindows
from cnnviz.lessons.downsampling.trace import DownsamplingTrace
from cnnviz.stage.scene import Arrangement, AxisLinks, Grid, Link, Scene
from cnnviz.stage.windows import fraction_texts, padded_grid, window_links

ARRANGEMENTS: dict[str, tuple[Arrangement, ...]] = {
    "all": (
        (
            (("input",), ("kernel",), ("dense",), ("kept",)),
            (("strided",), ("largest",), ("mean",), ("unshuffled",)),
        ),
        ((("input",), ("kernel",), ("dense", "unshuffled"), ("kept", "strided"), ("largest", "mean")),),
        ((("input",), ("kernel",), ("dense",), ("unshuffled",), ("kept", "strided"), ("largest", "mean")),),
        (
            (("input",), ("kernel",)),
            (("dense",), ("kept",)),
            (("strided",), ("largest",), ("mean",)),
            (("unshuffled",),),
        ),
    ),
    "stride": (
        ((("input",), ("kernel",), ("dense",), ("kept", "strided")),),
        ((("input",), ("kernel",)), (("dense",), ("kept", "strided"))),
        ((("input",), ("kernel",)), (("dense",),), (("kept",), ("strided",))),
    ),
    "pool": (
        ((("input",), ("largest",), ("mean",)),),
        ((("input",),), (("largest",), ("mean",))),
    ),
    "shuffle": (
        ((("input",), ("unshuffled",)),),
        ((("input",),), (("unshuffled",),)),
    ),
}


def downsampling_scene(trace: DownsamplingTrace) -> Scene:
    """Draw a trace: what its look asks for."""
    grids, links = [_input(trace)], []
    if trace.spec.convolves:
        links += _convolutions(trace, grids)
    if trace.spec.pools:
        links += _poolings(trace, grids)
    if trace.spec.look in {"all", "shuffle"} and trace.parts is not None:
        links += _unshuffling(trace, grids)
    shown = {grid.name for grid in grids}
    return Scene(
        grids=tuple(grids),
        links=tuple(links),
        shape=shape_text(trace),
        notes=tuple(downsampling_notes(trace)),
        alt=alt_text(trace),
        arrangements=tuple(_only(one, shown) for one in ARRANGEMENTS[trace.spec.look]),
        signs=("",) * (len(grids) - 1),
        steps={"all": "strided", "stride": "strided", "pool": "largest", "shuffle": "unshuffled"}[trace.spec.look],
        twins=(("strided", "kept"),) if trace.spec.convolves else (),
        tall_phone=trace.spec.look == "all",
    )


def _only(arrangement: Arrangement, shown: set[str]) -> Arrangement:
    """Leave out what is not shown."""
    rows = ((tuple(name for name in column if name in shown) for column in row) for row in arrangement)
    return tuple(kept for row in rows if (kept := tuple(column for column in row if column)))


def _input(trace: DownsamplingTrace) -> Grid:
    if trace.spec.convolves:
        return padded_grid("input", "Input", trace.padded, trace.dense_axes)
    return Grid("input", "Input", "input", trace.values, editable=True, symbol="x")


def _convolutions(trace: DownsamplingTrace, grids: list[Grid]) -> list[Link]:
    """Add both convolutions: with stride, and without one but with rows and columns dropped."""
    grids += [
        Grid("kernel", "Kernel", "kernel", trace.weight, texts=fraction_texts(trace.weight), editable=True, symbol="w"),
        Grid("dense", "Stride 1", "output", trace.dense, symbol="a", scale="convolved"),
        Grid("kept", "Dropped", "output", trace.kept, symbol="b", scale="convolved", rule="copy"),
        Grid("strided", f"Stride {trace.spec.factor}", "output", trace.strided, symbol="y", scale="convolved"),
    ]
    rows, columns = (
        every_links(dense.size, trace.spec.factor, strided.size)
        for dense, strided in zip(trace.dense_axes, trace.strided_axes, strict=True)
    )
    return [
        _windows("strided", trace.strided_axes),
        _windows("dense", trace.dense_axes),
        Link("dense", "kept", rows=rows, columns=columns),
    ]


def _windows(target: str, axes: tuple[AxisWindows, AxisWindows]) -> Link:
    return Link("input", target, "kernel", window_links(axes[0]), window_links(axes[1]))


def _poolings(trace: DownsamplingTrace, grids: list[Grid]) -> list[Link]:
    """Add maximum and average."""
    top, left = _corner(trace)
    row, column = np.divmod(trace.winners, trace.values.shape[1])
    winners = (row + top) * _padded_width(trace) + column + left
    divisors = np.full(trace.mean.shape, trace.spec.factor**2)
    grids += [
        Grid("largest", "Maximum", "output", trace.largest, symbol="m", scale="pooled", rule="max", winners=winners),
        Grid("mean", "Average", "output", trace.mean, symbol="v", scale="pooled", rule="mean", divisors=divisors),
    ]
    rows, columns = (
        block_links(axis, before, axis.n + extra)
        for axis, before, extra in zip(trace.pool_axes, (top, left), _extra(trace), strict=True)
    )
    return [Link("input", name, rows=rows, columns=columns) for name in ("largest", "mean")]


def _unshuffling(trace: DownsamplingTrace, grids: list[Grid]) -> list[Link]:
    """Add all channels of the unshuffled input as blocks of one grid."""
    assert trace.parts is not None
    factor, (count, height, width) = trace.spec.factor, trace.parts.shape
    blocks = trace.parts.reshape(factor, factor, height, width).transpose(0, 2, 1, 3)
    values = blocks.reshape(factor * height, factor * width)
    size = f"{count}×{height}×{width}"
    grids.append(
        Grid("unshuffled", "Unshuffled", "output", values, blocks=(height, width), size=size, symbol="u", rule="copy")
    )
    (top, left), (more_rows, more_columns) = _corner(trace), _extra(trace)
    rows = parted_links(height, factor, top, trace.values.shape[0] + more_rows)
    columns = parted_links(width, factor, left, trace.values.shape[1] + more_columns)
    return [Link("input", "unshuffled", rows=rows, columns=columns)]


def _corner(trace: DownsamplingTrace) -> tuple[int, int]:
    """Say where the data begins in the input's grid."""
    rows, columns = trace.dense_axes
    return (rows.padding[0], columns.padding[0]) if trace.spec.convolves else (0, 0)


def _extra(trace: DownsamplingTrace) -> tuple[int, int]:
    """Say how many rows and columns the input's grid has beyond the data."""
    rows, columns = trace.dense_axes
    return (sum(rows.padding), sum(columns.padding)) if trace.spec.convolves else (0, 0)


def _padded_width(trace: DownsamplingTrace) -> int:
    return int(trace.values.shape[1]) + _extra(trace)[1]


@lru_cache(maxsize=512)
def every_links(source: int, step: int, count: int) -> AxisLinks:
    """Link every cell that stays when rows are dropped with the cell that it was.

    >>> every_links(5, 2, 3).reads
    ((0,), (2,), (4,))
    """
    return AxisLinks(source, tuple((step * cell,) for cell in range(count)), (0,))


@lru_cache(maxsize=512)
def block_links(axis: AxisWindows, before: int, source: int) -> AxisLinks:
    """Link windows with the input's grid, in which the data begins behind some padding."""
    reads = tuple(map(tuple, (axis.reads + before).tolist()))
    return AxisLinks(source, reads, tuple(range(axis.kernel)))


@lru_cache(maxsize=512)
def parted_links(size: int, factor: int, before: int, source: int) -> AxisLinks:
    """Link the parts of an unshuffled axis, one behind the other, with the cells that they hold.

    >>> parted_links(2, 3, before=0, source=6).reads
    ((0,), (3,), (1,), (4,), (2,), (5,))
    """
    reads = tuple((before + factor * cell + part,) for part in range(factor) for cell in range(size))
    return AxisLinks(source, reads, (0,))


def shape_text(trace: DownsamplingTrace) -> str:
    """Say the sizes, as on the stage."""
    height, width = trace.values.shape
    if trace.spec.look == "shuffle" and trace.parts is not None:
        return f"{height}×{width} → {'×'.join(map(str, trace.parts.shape))}"
    sizes = [trace.strided.shape] if trace.spec.convolves else []
    if trace.spec.pools and trace.largest.shape not in sizes:
        sizes.append(trace.largest.shape)
    return f"{height}×{width} → {' or '.join(f'{rows}×{columns}' for rows, columns in sizes)}"


def alt_text(trace: DownsamplingTrace) -> str:
    """Say the whole picture in one sentence, for those who cannot see it."""
    ways = {
        "all": "strided convolution, convolution with dropped rows, maximum, average, pixel unshuffle",
        "stride": "strided convolution, and convolution with dropped rows",
        "pool": "maximum and average",
        "shuffle": "pixel unshuffle",
    }[trace.spec.look]
    left_out = " without unshuffle" if trace.spec.look == "all" and trace.parts is None else ""
    return (
        f"Input of {' by '.join(map(str, trace.values.shape))}, made smaller by {trace.spec.factor}: {ways}{left_out}."
    )


def downsampling_notes(trace: DownsamplingTrace) -> Iterator[str]:
    """Say that stride and dropping agree, who never reads what, and what is impossible."""
    spec = trace.spec
    if spec.convolves:
        yield f"Stride {spec.factor} equals stride 1, then dropping: {_all(trace.kept.size)}."
        if unread := trace.values.size - read_cells(trace.strided_axes):
            yield f"Stride {spec.factor} never reads {unread} of {trace.values.size} cells."
    if spec.pools and (lost := trace.values.size - read_cells(trace.pool_axes)):
        yield f"The poolings never read {lost} of {trace.values.size} cells."
    if spec.look == "all" and trace.parts is None:
        yield f"No unshuffle: its factor {spec.factor} must divide the size."


def read_cells(axes: tuple[AxisWindows, AxisWindows]) -> int:
    """Count the cells of the input that some window reads."""
    rows, columns = (axis.n - len(axis.unread) for axis in axes)
    return rows * columns


def _all(count: int) -> str:
    return "its one cell agrees" if count == 1 else f"all {count} cells agree"
