"""The scene of one pooling: the padded input, what its windows come to, and where a maximum came from.

>>> from cnnviz.lessons.pooling.trace import trace_pooling
>>> from cnnviz.lessons.pooling.spec import PoolingSpec
>>> scene = pooling_scene(trace_pooling(PoolingSpec()))
>>> scene.shape, scene.grid("output").rule, scene.grid("output").winners[0].tolist()
('6×6 → 3×3', 'max', [7, 8, 10])
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from cnnviz.engine.arithmetic import effective_kernel
from cnnviz.engine.windows import AxisWindows
from cnnviz.lessons.pooling.trace import PoolingTrace, Reads
from cnnviz.stage.scene import Arrangement, AxisLinks, Grid, Link, Rule, Scene
from cnnviz.stage.windows import NAMES, origin_list, unread_notes

POOLED: tuple[Arrangement, ...] = (
    ((("input",), ("output",)),),
    ((("input",),), (("output",),)),
)
UNPOOLED: tuple[Arrangement, ...] = (
    ((("input",), ("output",), ("unpooled",)),),
    ((("input",), ("output", "unpooled")),),
    ((("input",), ("output",)), (("unpooled",),)),
    ((("input",),), (("output",),), (("unpooled",),)),
)
RULES: dict[str, Rule] = {"max": "max", "mean": "mean", "norm": "norm"}
TITLES = {"max": "Maxima", "mean": "Averages", "norm": "L2 norms"}
LOWEST = "−∞"


def pooling_scene(trace: PoolingTrace) -> Scene:
    """Draw a trace: the input, the output, and the unpooled maxima if they are asked for."""
    grids, links = [pooled_input(trace), pooled_output(trace)], [pooling_link(trace)]
    twins: tuple[tuple[str, ...], ...] = ()
    if trace.unpooled is not None:
        grids.append(unpooled_grid(trace))
        links.append(unpooling_link(trace))
        twins = (("input", "unpooled"),)
    return Scene(
        grids=tuple(grids),
        links=tuple(links),
        shape=shape_text(trace),
        notes=tuple(pooling_notes(trace)),
        alt=alt_text(trace),
        arrangements=POOLED if trace.unpooled is None else UNPOOLED,
        signs=("→",) * (len(grids) - 1),
        steps="output",
        twins=twins,
    )


def pooled_input(trace: PoolingTrace) -> Grid:
    """Make the input's grid; for a maximum, what was added is less than any number."""
    rows, columns = trace.axes
    (top, bottom), (left, right) = rows.padding, columns.padding
    ring = (top, bottom + rows.overhang, left, right + columns.overhang)
    origins = (origin_list(rows), origin_list(columns)) if any(ring) else None
    note = "+\N{NO-BREAK SPACE}beyond the end" if rows.overhang or columns.overhang else ""
    return Grid(
        "input",
        "Input",
        "input",
        trace.padded,
        ring=ring,
        origins=origins,
        editable=True,
        symbol="x",
        note=note,
        added=LOWEST if trace.spec.op == "max" and origins else "",
    )


def pooled_output(trace: PoolingTrace) -> Grid:
    """Make the output's grid, with the rule that its cells follow."""
    op = trace.spec.op
    return Grid(
        "output",
        TITLES[op],
        "output",
        trace.output,
        symbol="y",
        scale="" if op == "norm" else "same",
        rule=RULES[op],
        divisors=trace.divisors,
        winners=trace.winners,
    )


def pooling_link(trace: PoolingTrace) -> Link:
    """Link every output with the cells of its window."""
    (rows, columns), (row_reads, column_reads) = trace.axes, trace.reads
    return Link(
        "input",
        "output",
        rows=read_links(row_reads, rows.padded_size),
        columns=read_links(column_reads, columns.padded_size),
    )


@lru_cache(maxsize=2048)
def read_links(reads: Reads, size: int) -> AxisLinks:
    """Turn the windows of an axis, even or not, into links; the cache gives all scenes the same object."""
    if len({len(window) for window in reads}) == 1:
        return AxisLinks(size, reads, tuple(range(len(reads[0]))))
    return AxisLinks(size, reads, tuple(tuple(range(len(window))) for window in reads))


def unpooled_grid(trace: PoolingTrace) -> Grid:
    """Make the grid of the unpooled maxima. Windows that overlap may put the same number back several times."""
    assert trace.unpooled is not None and trace.indices is not None
    several = len(set(trace.indices.ravel().tolist())) < trace.indices.size
    rule: Rule = "max" if several else "copy"
    return Grid("unpooled", "Unpooled", "output", trace.unpooled, symbol="z", scale="same", rule=rule)


def unpooling_link(trace: PoolingTrace) -> Link:
    """Link every cell of the unpooled grid with the maxima that came from it."""
    assert trace.indices is not None
    cells: list[tuple[tuple[int, int], ...]] = [()] * trace.values.size
    for output, cell in enumerate(trace.indices.ravel().tolist()):
        cells[cell] += ((output, -1),)
    return Link("output", "unpooled", cells=tuple(cells))


def shape_text(trace: PoolingTrace) -> str:
    """Say the sizes, as on the stage: ``6×6 → 3×3``, and back again where the maxima are unpooled."""
    sizes = [trace.values.shape, trace.output.shape, *([] if trace.unpooled is None else [trace.unpooled.shape])]
    return " → ".join(f"{height}×{width}" for height, width in sizes)


def alt_text(trace: PoolingTrace) -> str:
    """Say the whole picture in one sentence, for those who cannot see it."""
    spec = trace.spec
    size = _by(trace.values.shape)
    what = {"max": "Maximum", "mean": "Average", "norm": "L2 norm"}[spec.op]
    if spec.used_area == "global":
        return f"Input of {size}; {what.lower()} of all its cells; output of 1 by 1."
    if spec.used_area == "adaptive":
        return f"Input of {size}; {what.lower()} of adaptive windows; output of {_by(trace.output.shape)}."
    padded = f", padded by {_by(spec.used_padding)}" if any(spec.used_padding) else ""
    spread = f", dilation {_by(spec.used_dilation)}" if max(spec.used_dilation) > 1 else ""
    back = "" if trace.unpooled is None else f"; unpooled to {size}"
    return (
        f"Input of {size}{padded}; {what.lower()} of windows of {_by(spec.kernel)}, stride {_by(spec.steps)}{spread}; "
        f"output of {_by(trace.output.shape)}{back}."
    )


def pooling_notes(trace: PoolingTrace) -> Iterator[str]:
    """Name what is never read, what hangs over the end, and what an unpooling cannot bring back."""
    if trace.sliding:
        yield from unread_notes(trace)
        yield from _ceil_notes(trace)
    else:
        yield from _uneven_notes(trace)
    if trace.unpooled is not None and trace.indices is not None:
        back = len(set(trace.indices.ravel().tolist()))
        lost = trace.values.size - back
        if lost:
            are = "is" if back == 1 else "are"
            yield f"Of {trace.values.size} numbers, {back} {are} back in place; {lost} {_are(lost)} lost and became 0."
        else:
            yield "Every number is back in place."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _ceil_notes(trace: PoolingTrace) -> Iterator[str]:
    """Say what rounding up did, axis by axis: both axes in one sentence where they are alike."""
    if not trace.spec.ceil:
        return
    hanging = [
        f"{axis.overhang} {name}{'' if axis.overhang == 1 else 's'}"
        for axis, name in zip(trace.axes, NAMES, strict=True)
        if axis.overhang
    ]
    if hanging:
        fate = {"max": "counts as −∞", "mean": "does not count", "norm": "adds nothing"}[trace.spec.op]
        yield f"Rounded up: the last window hangs over the end by {' and '.join(hanging)}. What lies there {fate}."
    dropped = [name for axis, name in zip(trace.axes, NAMES, strict=True) if is_dropped(axis)]
    if dropped:
        yield f"Rounding up adds no {' and no '.join(dropped)} here: that window would start behind the input."


def is_dropped(axis: AxisWindows) -> bool:
    """Tell whether rounding up would give one window more, if that window did not start behind the input.

    >>> from cnnviz.engine.windows import axis_windows
    >>> is_dropped(axis_windows(4, 2, 3, 1, ceil_mode=True))
    True
    """
    room = axis.n + sum(axis.padding) - effective_kernel(axis.kernel, axis.dilation)
    return axis.size < -(-room // axis.stride) + 1


def _uneven_notes(trace: PoolingTrace) -> Iterator[str]:
    """Say where adaptive windows differ in size, or share cells."""
    phrases = []
    for reads, name in zip(trace.reads, NAMES, strict=True):
        if shared := sum(map(len, reads)) - len({cell for window in reads for cell in window}):
            lengths = sorted({len(window) for window in reads})
            ends = "" if lengths == [1] else "s"
            phrases.append(f"{' or '.join(map(str, lengths))} {name}{ends} and read {shared} of them twice")
    if phrases:
        yield f"The windows have {'; '.join(phrases)}."


def _by(pair: tuple[int, ...]) -> str:
    return " by ".join(map(str, pair))
