"""The scene of one convolution: the padded input, the kernel, the output, and what reads what.

>>> from cnnviz.lessons.convolution.trace import trace_convolution
>>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
>>> scene = convolution_scene(trace_convolution(ConvolutionSpec(size=(6, 6), stride=(2, 2))))
>>> scene.shape
'6×6 → 2×2'
>>> scene.notes
('The last row and the last column of the input are never read: the stride steps past them.',)
"""

from __future__ import annotations

from cnnviz.lessons.convolution.trace import ConvolutionTrace
from cnnviz.stage.scene import Grid, Link, Scene
from cnnviz.stage.windows import fraction_texts, padded_grid, unread_notes, window_links

ARRANGEMENTS = (
    ((("input",), ("kernel",), ("output",)),),
    ((("input",), ("kernel", "output")),),
    ((("input",),), (("kernel",), ("output",))),
)
"""Side by side; kernel above output; input above the two others."""


def convolution_scene(trace: ConvolutionTrace) -> Scene:
    """Draw a trace: three grids and one link between them."""
    grids = (
        padded_grid("input", "Input", trace.padded, trace.axes),
        Grid("kernel", "Kernel", "kernel", trace.weight, texts=fraction_texts(trace.weight), editable=True, symbol="w"),
        Grid("output", "Output", "output", trace.output, symbol="y"),
    )
    flip = trace.spec.flip
    link = Link("input", "output", "kernel", window_links(trace.rows, flip), window_links(trace.columns, flip))
    return Scene(
        grids=grids,
        links=(link,),
        shape=shape_text(trace),
        notes=tuple(unread_notes(trace)),
        alt=alt_text(trace),
        arrangements=ARRANGEMENTS,
        signs=("∗" if flip else "⋆", "="),
    )


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


def _by(pair: tuple[int, ...]) -> str:
    return " by ".join(map(str, pair))
