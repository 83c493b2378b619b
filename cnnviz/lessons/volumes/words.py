r"""The words and formulas of a convolution of a film, with the learner's own numbers in them.

>>> from cnnviz.lessons.volumes.trace import trace_volumes
>>> from cnnviz.lessons.volumes.spec import VolumesSpec
>>> trace = trace_volumes(VolumesSpec(size=(6, 5, 5), stride=(2, 1, 1)))
>>> print(explain_sizes(trace))
\begin{aligned}
T &:\; \biggl\lfloor \dfrac{6 + 2\cdot 0 - 1\cdot(3-1) - 1}{2} \biggr\rfloor + 1 = 2 \\
H &:\; \biggl\lfloor \dfrac{5 + 2\cdot 0 - 1\cdot(3-1) - 1}{1} \biggr\rfloor + 1 = 3 \\
W &:\; \biggl\lfloor \dfrac{5 + 2\cdot 0 - 1\cdot(3-1) - 1}{1} \biggr\rfloor + 1 = 3
\end{aligned}
>>> [(row.layer, row.weights) for row in compare_layers(trace)]
[('1-D, one pixel', 3), ('2-D, each frame', 9), ('3-D, the film', 27), ('(2+1)-D, the film', 12)]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from cnnviz.engine.windows import AxisWindows
from cnnviz.errors import SpecError
from cnnviz.lessons.volumes.trace import VolumesTrace, check_volumes
from cnnviz.state.numbers import show_number

LETTERS = {1: "T", 2: "HW", 3: "THW"}
"""The axes that a kernel of so many dimensions moves along."""

TINY = 1e-9

SIZE_FORMULA = r"n_\text{out} = \biggl\lfloor \dfrac{n + 2p - d\,(k-1) - 1}{s} \biggr\rfloor + 1"


def explain_sizes(trace: VolumesTrace) -> str:
    """Write the size along every axis that the kernel moves on, a line each: it is one and the same formula."""
    lines = [
        rf"{letter} &:\; {_numbers(axis)} + 1 = {axis.size}"
        for letter, axis in zip(LETTERS[trace.spec.dims], trace.moved, strict=True)
    ]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _numbers(axis: AxisWindows) -> str:
    # Of a fixed size: KaTeX 0.16 draws a floor sign that grows with its content from a broken path.
    above = rf"{axis.n} + 2\cdot {axis.padding[0]} - {axis.dilation}\cdot({axis.kernel}-1) - 1"
    return rf"\biggl\lfloor \dfrac{{{above}}}{{{axis.stride}}} \biggr\rfloor"


AXES_WORDS = {
    1: "One axis: time. The formula is that of any convolution, with a number of its own for each setting.",
    2: "Two axes, the same formula twice. Time is no axis of this layer: as many frames come out as went in.",
    3: "Three axes, the same formula three times. Nothing is new but the number of axes; "
    "a kernel can reach differently far in time and in space.",
}


# What the kernel can see


def explain_motion(trace: VolumesTrace) -> str:
    """Say whether the kernel answers to what stands still, and whether time can be taken apart from space."""
    if trace.spec.dims == 2:
        return (
            "A 2-D kernel sees one frame at a time, so it answers alike to what moves and to what stands still. "
            "(With the frames as channels, a 2-D layer would have a weight for each frame, and no kernel "
            "that moves along time.)"
        )
    still = trace.kernel.weight.sum(axis=0)
    if len(trace.kernel.slices) == 1:
        return "A kernel of one frame sees no change: the layer works on each frame by itself, as a 2-D layer does."
    if (np.abs(still) < TINY).all():
        where = "At every place the" if still.size > 1 else "The"
        padded = " (The frames of the padding are zeros, so there even a still picture changes.)"
        return (
            f"{where} weights add up to 0 over time: what stands still gives 0, and only a change is answered."
            f"{padded if trace.time.padding[0] else ''}"
        )
    return (
        "The weights do not add up to 0 over time, so this kernel answers to what stands still, too. "
        "Take “Difference in time” for one that does not."
    )


def explain_factors(trace: VolumesTrace) -> str:
    """Say whether a picture times a line in time is the whole kernel: then two small layers give the same numbers.

    >>> from cnnviz.lessons.volumes.trace import trace_volumes
    >>> from cnnviz.lessons.volumes.spec import VolumesSpec
    >>> explain_factors(trace_volumes(VolumesSpec(kernel=(2, 1, 1))))
    'This kernel has only one axis longer than 1, so there is nothing to take apart.'
    """
    frames, *sides = trace.kernel.weight.shape
    if frames == 1 or prod(sides) == 1:
        return "This kernel has only one axis longer than 1, so there is nothing to take apart."
    rank = int(np.linalg.matrix_rank(trace.kernel.weight.reshape(frames, -1).astype(float)))
    if rank <= 1:
        return (
            "This kernel is one picture times one line in time: "
            "a 1×k×k layer and then a k×1×1 layer give exactly the same numbers."
        )
    return (
        f"This kernel is no picture times a line in time: it takes {rank} such pairs to make it up (its rank). "
        "One pair has fewer weights, but cannot do what it does, such as follow something that moves."
    )


# What it costs


@dataclass(frozen=True, slots=True)
class LayerCost:
    """A layer of one channel without a bias: what it is called, its kernel, its weights, its multiplications."""

    layer: str
    kernel: str
    weights: int
    multiplications: int


def compare_layers(trace: VolumesTrace) -> list[LayerCost]:
    """Count weights and multiplications of 1-D, 2-D, 3-D and (2+1)-D layers with these settings.

    Products with padding count; a layer that these settings make impossible is left out. The second of the two small
    layers is the only one that meets padding in time.
    """
    length, height, width = trace.spec.kernel
    area = height * width
    lines, planes, volumes = (_outputs(trace, dims) for dims in (1, 2, 3))
    rows = []
    if lines:
        rows.append(LayerCost("1-D, one pixel", f"{length}", length, lines * length))
    if planes:
        rows.append(LayerCost("2-D, each frame", f"{height}×{width}", area, planes * area))
    if volumes:
        rows.append(LayerCost("3-D, the film", f"{length}×{height}×{width}", length * area, volumes * length * area))
        kernels = f"1×{height}×{width}, {length}×1×1"
        rows.append(LayerCost("(2+1)-D, the film", kernels, area + length, planes * area + volumes * length))
    return rows


def _outputs(trace: VolumesTrace, dims: int) -> int:
    """Count the outputs of these settings with a kernel of so many dimensions; 0 where they are impossible."""
    try:
        return prod(axis.size for axis in check_volumes(replace(trace.spec, dims=dims)))
    except SpecError:
        return 0


def explain_ratio(trace: VolumesTrace) -> str:
    r"""Write the weights of (2+1)-D against 3-D.

    >>> from cnnviz.lessons.volumes.trace import trace_volumes
    >>> from cnnviz.lessons.volumes.spec import VolumesSpec
    >>> print(explain_ratio(trace_volumes(VolumesSpec(kernel=(2, 3, 3)))))
    \begin{aligned}
    \frac{\text{(2+1)-D}}{\text{3-D}} &= \frac{k_h k_w + k_t}{k_t\,k_h k_w} \\
    &= \frac{9 + 2}{2\cdot 9} = \frac{11}{18} \approx 0.611
    \end{aligned}
    """
    length, height, width = trace.spec.kernel
    area = height * width
    ratio = (area + length) / (length * area)
    shown = show_number(ratio, 3)
    sign = "=" if float(shown) == ratio else r"\approx"
    return (
        "\\begin{aligned}\n"
        r"\frac{\text{(2+1)-D}}{\text{3-D}} &= \frac{k_h k_w + k_t}{k_t\,k_h k_w} \\"
        "\n"
        rf"&= \frac{{{area} + {length}}}{{{length}\cdot {area}}} "
        rf"= \frac{{{area + length}}}{{{length * area}}} {sign} {shown}"
        "\n\\end{aligned}"
    )


def explain_weights(trace: VolumesTrace) -> str:
    """Say how the weights grow with the axes, and what (2+1)-D saves."""
    length, height, width = trace.spec.kernel
    area = height * width
    whole, apart = length * area, length + area
    grown = f"Each axis multiplies the weights: {length} along time, {area} in a frame, {whole} in the film."
    if apart < whole:
        saved = f"One after the other, space and then time, the two small kernels have {whole - apart} fewer."
    elif apart == whole:
        saved = "The two small kernels, space and then time, have as many: here they save nothing."
    else:
        saved = f"The two small kernels, space and then time, have {apart - whole} more: here they save nothing."
    return f"{grown} {saved}"


def shape_rows(trace: VolumesTrace) -> list[dict[str, str]]:
    """List the shapes as PyTorch prints them, and what their numbers count."""
    sizes = [axis.n for axis in trace.moved], [axis.kernel for axis in trace.moved], [a.size for a in trace.moved]
    batch = trace.spec.size[0] if trace.spec.dims == 2 else 1
    order = {1: "N, C, L", 2: "N, C, H, W", 3: "N, C, D, H, W"}[trace.spec.dims]
    kernel = {1: "out, in, kt", 2: "out, in, kh, kw", 3: "out, in, kt, kh, kw"}[trace.spec.dims]
    return [
        {"What": "Input", "Shape": str((batch, 1, *sizes[0])), "Order": order},
        {"What": "Weight", "Shape": str((1, 1, *sizes[1])), "Order": kernel},
        {"What": "Output", "Shape": str((batch, 1, *sizes[2])), "Order": order},
    ]


SHAPES_WORDS = {
    1: "L is the length, here the frames of the film at one pixel.",
    2: "The frames stand in N, the batch: PyTorch does not know that they follow each other.",
    3: "D, the depth, is time here; in a scan of a body it is the third direction in space. "
    "The colours of a film would be C.",
}
"""What the letters of a shape mean, by the number of dimensions."""
