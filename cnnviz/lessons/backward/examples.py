"""The examples of the Backward page: the lectures' line on the derivative of a convolution, and what follows from it.

>>> BACKWARD_PRESETS[0].title, dict(BACKWARD_PRESETS[0].state)["way"]
('dL/dx = Conv(dL/dφ, [K3, K2, K1])', 'zeros')
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

LINE = "In one dimension"
INPUT = "The gradient of the input"
WEIGHTS = "The gradient of the weights"

_LINE = "n=1x5&k=1x3&p=0x1&x=5+7+0+2+1&w=1+2+3"


def _preset(group: str, name: str, title: str, link: str, note: str) -> Preset:
    source = "Lecture: derivatives of convolutions"
    return Preset.from_link(link, name=name, title=title, group=group, note=note, source=source)


BACKWARD_PRESETS = (
    _preset(
        LINE,
        "line",
        "dL/dx = Conv(dL/dφ, [K3, K2, K1])",
        f"{_LINE}&way=zeros&g=4+-1+2+0+3",
        "K = [1, 2, 3] slides over dL/dφ turned round, as [3, 2, 1]. φ[i−1] met x[i] through its last weight: "
        "its term is K3, though a slide writes K1 below it.",
    ),
    _preset(
        LINE,
        "line-terms",
        "Only three outputs depend on x[2]",
        f"{_LINE}&g=4+-1+2+0+3",
        "Hover dL/dx[0, 2]: the chain rule has three terms, φ[1] through K3 = 3, φ[2] through K2 = 2, "
        "φ[3] through K1 = 1.",
    ),
    _preset(
        LINE,
        "line-one",
        "One output sends its gradient to three inputs",
        f"{_LINE}&g=onehot&hot=0x2",
        "A single 1 in dL/dφ leaves the kernel itself in dL/dx, in its own order: [1, 2, 3].",
    ),
    _preset(
        INPUT,
        "stamp",
        "A single 1 stamps the kernel",
        "g=onehot&hot=1",
        "The kernel appears upright where its window lay. Move the 1 with the sliders.",
    ),
    _preset(
        INPUT,
        "overlap",
        "Stamps overlap and add up",
        "x=counting&w=ones",
        "With ones everywhere, dL/dx counts how many windows read each cell: 1 in a corner, 9 in the middle.",
    ),
    _preset(
        INPUT,
        "zeros",
        "Stride 2: zeros between, then a convolution",
        "s=2&way=zeros&g=counting",
        "dL/dx of a strided convolution is what is called a transposed convolution. The turned kernel never jumps.",
    ),
    _preset(
        INPUT,
        "lost",
        "What is never read has no gradient",
        "n=6&s=2",
        "Stride 2 never reaches the last row and column of 6×6. Nothing depends on them: their gradient is 0.",
    ),
    _preset(
        INPUT,
        "padded",
        "Padding takes gradient away",
        "p=1&x=counting&w=ones",
        "Each corner of dL/dx gets 4, not 9: part of every stamp at the border falls on the padding.",
    ),
    _preset(
        INPUT,
        "dilated",
        "Dilation spreads the stamp",
        "n=7&d=2&g=onehot&hot=1&x=counting&w=counting",
        "One output sends its gradient to nine cells of a 5×5 window, with holes in between.",
    ),
    _preset(
        WEIGHTS,
        "window",
        "A single 1 cuts out its window",
        "n=7&grad=dw&x=lecture&w=sobel&g=onehot&hot=1x3",
        "dL/dw is the 3×3 window that the output read. So a weight learns from the cells that it met.",
    ),
    _preset(
        WEIGHTS,
        "shared",
        "One weight, nine outputs",
        "grad=dw",
        "The weight is shared, so its gradient sums over all outputs: nine products for every weight.",
    ),
    _preset(
        WEIGHTS,
        "stride-dilates",
        "Stride turns into dilation",
        "n=7&s=2&grad=dw&x=lecture&w=sobel&g=counting",
        "Hover dL/dw: the cells of x lie two apart, as far as the windows jumped.",
    ),
    _preset(
        WEIGHTS,
        "dilation-strides",
        "Dilation turns into stride",
        "n=7&d=2&grad=dw&x=lecture&w=sobel&g=counting",
        "From weight to weight the window jumps two cells, as far as the weights lie apart.",
    ),
    _preset(
        WEIGHTS,
        "bias",
        "The gradient of the bias",
        "grad=db&g=counting",
        "The bias is in every output once. Its gradient is the plain sum, here 0 + 1 + … + 8 = 36.",
    ),
    _preset(
        WEIGHTS,
        "all",
        "All three gradients",
        "grad=all&g=counting",
        "Each gradient stands below what it belongs to, and has its shape.",
    ),
)
