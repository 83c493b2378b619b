"""The scene of one convolution: the padded input, the kernel, the output, and what reads what.

>>> from cnnviz.engine.trace import trace_convolution
>>> from cnnviz.spec.convolution import ConvolutionSpec
>>> scene = convolution_scene(trace_convolution(ConvolutionSpec(size=(6, 6), stride=(2, 2))))
>>> scene.shape
'6×6 → 2×2'
>>> scene.notes
('The last row and the last column of the input are never read: the stride steps past them.',)
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from numpy.typing import NDArray

from cnnviz.engine.trace import ConvolutionTrace
from cnnviz.engine.windows import AxisWindows
from cnnviz.scenes.scene import AxisLinks, Grid, Link, Scene
from cnnviz.spec.numbers import fraction_text

ARRANGEMENTS = (
    ((("input",), ("kernel",), ("output",)),),
    ((("input",), ("kernel", "output")),),
    ((("input",),), (("kernel",), ("output",))),
)
"""Side by side; kernel above output; input above the two others."""

SIDES = (("top", "bottom"), ("left", "right"))
NAMES = ("row", "column")
OF_INPUT = " of the input"


def convolution_scene(trace: ConvolutionTrace) -> Scene:
    """Draw a trace: three grids and one link between them."""
    (top, bottom), (left, right) = trace.padding
    grids = (
        Grid("input", "Input", "input", trace.padded, ring=(top, bottom, left, right), editable=True),
        Grid("kernel", "Kernel", "kernel", trace.weight, texts=_fractions(trace.weight), editable=True),
        Grid("output", "Output", "output", trace.output),
    )
    flip = trace.spec.flip
    link = Link("input", "kernel", "output", _links(trace.rows, flip), _links(trace.columns, flip))
    return Scene(
        grids=grids,
        links=(link,),
        shape=shape_text(trace),
        notes=tuple(unread_notes(trace)),
        alt=alt_text(trace),
        arrangements=ARRANGEMENTS,
        signs=("∗" if flip else "⋆", "="),
    )


def _fractions(weight: NDArray[Any]) -> tuple[str, ...] | None:
    """Write 1/9 and 3/64 where the decimals would be longer; integers need no texts of their own."""
    if weight.dtype.kind != "f":
        return None
    texts = tuple(map(fraction_text, weight.ravel().tolist()))
    return texts if any("/" in text for text in texts) else None


def shape_text(trace: ConvolutionTrace) -> str:
    """Say the sizes of input and output, as on the stage: ``7×7 → 5×5``."""
    height, width = trace.values.shape
    return f"{height}×{width} → {trace.rows.size}×{trace.columns.size}"


def alt_text(trace: ConvolutionTrace) -> str:
    """Say the whole picture in one sentence, for those who cannot see it."""
    height, width = trace.values.shape
    kernel_height, kernel_width = trace.weight.shape
    padded = "" if trace.padded.shape == trace.values.shape else f", padded to {_by(trace.padded.shape)}"
    steps = "" if trace.spec.stride == (1, 1) else f", stride {_by(trace.spec.stride)}"
    spread = "" if trace.spec.dilation == (1, 1) else f", dilation {_by(trace.spec.dilation)}"
    return (
        f"Input of {height} by {width}{padded}; kernel of {kernel_height} by {kernel_width}{steps}{spread}; "
        f"output of {trace.rows.size} by {trace.columns.size}."
    )


def unread_notes(trace: ConvolutionTrace) -> list[str]:
    """Name the cells that no window reads: lost at the end, or stepped over in between."""
    notes = []
    lost = [_lost(axis, kind) for kind, axis in enumerate(trace.axes)]
    ends = [phrase for phrase, _ in filter(None, lost)]
    if ends:
        several = len(ends) > 1 or any(many for _, many in filter(None, lost))
        verb, them = ("are", "them") if several else ("is", "it")
        if all(phrase.endswith(OF_INPUT) for phrase in ends):
            ends[:-1] = [phrase.removesuffix(OF_INPUT) for phrase in ends[:-1]]
        sentence = " and ".join(ends)
        notes.append(f"{sentence[0].upper()}{sentence[1:]} {verb} never read: the stride steps past {them}.")
    gaps = [_gaps(axis, kind) for kind, axis in enumerate(trace.axes)]
    if any(gaps):
        notes.append(f"Between the windows, {' and '.join(filter(None, gaps))} of the input are stepped over.")
    return notes


def _by(pair: tuple[int, ...]) -> str:
    return " by ".join(map(str, pair))


def _lost(axis: AxisWindows, kind: int) -> tuple[str, bool] | None:
    """Name what lies behind the last window, and whether it is more than one thing: data first, then padding."""
    if not axis.lost:
        return None
    name, end = NAMES[kind], SIDES[kind][1]
    data = max(axis.lost - axis.padding[1], 0)
    if axis.mode != "zeros":
        data = min(data, len(axis.unread))
    if not data:
        count = "the last" if axis.lost == 1 else f"the last {axis.lost}"
        return f"{count} padding {_plural(name, axis.lost)} on the {end}", axis.lost > 1
    count = "the last" if data == 1 else f"the last {data}"
    return f"{count} {_plural(name, data)}{OF_INPUT}", data > 1


def _gaps(axis: AxisWindows, kind: int) -> str:
    """Count the input cells that lie between windows."""
    end = axis.n - max(axis.lost - axis.padding[1], 0)
    skipped = sum(cell < end for cell in axis.unread)
    return f"{skipped} {_plural(NAMES[kind], skipped)}" if skipped else ""


def _plural(name: str, count: int) -> str:
    return name if count == 1 else f"{name}s"


@lru_cache(maxsize=2048)
def _links(axis: AxisWindows, flip: bool) -> AxisLinks:
    """Turn an index map into links; the cache hands the same object to every scene that shares an axis."""
    taps = tuple(range(axis.kernel))
    before = axis.padding[0]
    return AxisLinks(
        source_size=axis.padded_size,
        reads=tuple(map(tuple, axis.reads.tolist())),
        taps=taps[::-1] if flip else taps,
        origin=tuple(before + cell if cell >= 0 else -1 for cell in axis.origin.tolist()),
    )
