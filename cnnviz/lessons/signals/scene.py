"""The scene of a convolution along one axis: rows of numbers with bars above them, and the kernel as it is laid.

>>> from cnnviz.lessons.signals.trace import trace_signal
>>> from cnnviz.lessons.signals.spec import SignalSpec
>>> scene = signal_scene(trace_signal(SignalSpec(dilation=2, flip=True)))
>>> scene.shape, [grid.name for grid in scene.grids]
('9 → 5', ['input', 'kernel', 'laid', 'output'])
>>> scene.grid("laid").values.tolist(), scene.grid("laid").origins[1]
([[-1, 0, 3, 0, -1]], (2, -1, 1, -1, 0))
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from cnnviz.engine.windows import AxisWindows
from cnnviz.lessons.convolution.trace import ConvolutionTrace
from cnnviz.stage.scene import ADDED, Arrangement, AxisLinks, Grid, Link, Scene
from cnnviz.stage.windows import fraction_texts, padded_grid, unread_notes, window_links

HIGH, LOW = 3, 1.5
"""How many cells high the bars of a signal and of a kernel are."""

LONG = 11
"""A signal of more cells makes all cells small: its bars are drawn higher."""

PLAIN: tuple[Arrangement, ...] = (
    ((("input",), ("kernel",)), (("output",),)),
    ((("input",),), (("kernel",),), (("output",),)),
)
LAID: tuple[Arrangement, ...] = (
    ((("input",), ("kernel",), ("laid",)), (("output",),)),
    ((("input",),), (("kernel",), ("laid",)), (("output",),)),
    ((("input",),), (("kernel",),), (("laid",),), (("output",),)),
)


def signal_scene(trace: ConvolutionTrace) -> Scene:
    """Draw a trace; where the kernel is turned or spread out, it is drawn a second time as it is laid."""
    axis, spec = trace.columns, trace.spec
    high = HIGH + (trace.padded.shape[1] > LONG)
    signal = replace(
        padded_grid("input", "Signal", trace.padded, trace.axes), bars=high, line=True, size=str(trace.values.shape[1])
    )
    weight = trace.weight
    kernel = Grid(
        "kernel",
        "Kernel",
        "kernel",
        weight,
        texts=fraction_texts(weight),
        editable=True,
        symbol="w",
        size=str(weight.shape[1]),
        bars=LOW,
        line=True,
    )
    result = Grid("output", "Output", "output", trace.output, symbol="y", size=str(axis.size), bars=high, line=True)
    rows = window_links(trace.rows)
    laid = spec.flip or axis.dilation > 1
    if laid:
        spread = laid_kernel(kernel, axis.dilation, turned=spec.flip)
        grids: tuple[Grid, ...] = (signal, kernel, spread, result)
        link = Link("input", "output", "laid", rows, _spread_links(axis))
    else:
        grids = (signal, kernel, result)
        link = Link("input", "output", "kernel", rows, window_links(axis))
    sign = "∗" if spec.flip else "⋆"
    return Scene(
        grids=grids,
        links=(link,),
        shape=f"{trace.values.shape[1]} → {axis.size}",
        notes=tuple(note.replace("column", "cell") for note in unread_notes(trace)),
        alt=alt_text(trace),
        arrangements=LAID if laid else PLAIN,
        signs=(sign, "→", "=") if laid else (sign, "="),
        twins=(("kernel", "laid"),) if laid else (),
        tall_phone=trace.padded.shape[1] <= LONG,
    )


def laid_kernel(kernel: Grid, dilation: int, *, turned: bool) -> Grid:
    """Turn a kernel and spread it out, as it meets the signal; each weight keeps its own number."""
    weight = kernel.values[:, ::-1] if turned else kernel.values
    size = weight.shape[1]
    cells = range(size)[::-1] if turned else range(size)
    spread = np.zeros((1, dilation * (size - 1) + 1), weight.dtype)
    spread[:, ::dilation] = weight
    origin = [ADDED] * spread.shape[1]
    origin[::dilation] = cells
    texts = None
    if kernel.texts:
        texts = tuple("0" if cell == ADDED else kernel.texts[cell] for cell in origin)
    turn = "turned" if turned else ""
    wide = "spread out" if dilation > 1 else ""
    return replace(
        kernel,
        name="laid",
        title="As it is laid",
        values=spread,
        origins=((0,), tuple(origin)),
        texts=texts,
        size=str(spread.shape[1]),
        note=", ".join(filter(None, (turn, wide))),
    )


@lru_cache(maxsize=1024)
def _spread_links(axis: AxisWindows) -> AxisLinks:
    """Let the windows read through the laid kernel: from left to right, over its holes."""
    plain = window_links(axis)
    return replace(plain, taps=tuple(range(0, axis.dilation * axis.kernel, axis.dilation)))


def alt_text(trace: ConvolutionTrace) -> str:
    """Say the whole picture in one sentence, for those who cannot see it."""
    axis = trace.columns
    before, after = axis.padding
    padded = f", padded to {axis.padded_size}" if before or after else ""
    turned = "turned " if trace.spec.flip else ""
    steps = "" if axis.stride == 1 else f", stride {axis.stride}"
    spread = "" if axis.dilation == 1 else f", dilation {axis.dilation}"
    return f"Signal of {axis.n}{padded}; {turned}kernel of {axis.kernel}{steps}{spread}; output of {axis.size}."
