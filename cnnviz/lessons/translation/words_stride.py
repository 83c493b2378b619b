r"""The words and formulas of the Translation page: what a stride does to a moved picture.

>>> import numpy as np
>>> from cnnviz.lessons.translation.trace_stride import trace_stride
>>> stripes = np.tile(np.array([0, 255], np.uint8), (8, 4))
>>> trace = trace_stride(stripes, TranslationSpec(view="stride", kernel=KernelSource("identity"), shift=1))
>>> stride_table(trace)
[['No blur', '255', '255', '100 %'], ['Blur 5×5', '0', '0', '0 %']]
"""

from __future__ import annotations

from cnnviz.lessons.translation.spec import LAYERS, TranslationSpec
from cnnviz.lessons.translation.trace_stride import StrideTrace
from cnnviz.lessons.translation.words import amount, chosen_pixel, numbers_table
from cnnviz.state.kernels import KernelSource  # noqa: F401 - for the doctest

WAY = {"right": "to the right", "down": "down", "both": "down and to the right"}


def name_layer(spec: TranslationSpec) -> str:
    """Name the layer with its window and stride.

    >>> name_layer(TranslationSpec(layer="max", window=3))
    'max pooling 3×3, stride 2'
    """
    if spec.layer == "conv":
        return f"{spec.kernel.title}, stride {spec.stride}"
    return f"{LAYERS[spec.layer].lower()} {spec.window}×{spec.window}, stride {spec.stride}"


def stride_table(trace: StrideTrace) -> list[list[str]]:
    """Give the table without a blur and with one."""
    names = {blur: f"Blur {blur}×{blur}" if blur else "No blur" for blur in trace.numbers}
    return numbers_table({names[blur]: numbers for blur, numbers in trace.numbers.items()})


def stride_formula(trace: StrideTrace) -> str:
    """Write the result's move, and both paths where they differ most."""
    spec = trace.spec
    whole, left = divmod(spec.shift, spec.stride)
    moved = f"{whole}" if not left else f"{spec.shift / spec.stride:.3g}"
    row, column = chosen_pixel(trace.difference, spec.at)
    one, other = float(trace.moved_before[row, column]), float(trace.moved_after[row, column])
    gap = float(trace.difference[row, column])
    bracket = f"({other:.4g})" if other < 0 else f"{other:.4g}"
    return (
        rf"\begin{{aligned}} A &= T_{{t/s}}(f(x)) \\ B &= f(T_t(x)) \\[4pt] "
        rf"\frac{{t}}{{s}} &= \frac{{{spec.shift}}}{{{spec.stride}}} = {moved}"
        r" \\[4pt] "
        rf"B_{{{row},{column}}} - A_{{{row},{column}}} &= {one:.4g} - {bracket} = {gap:.4g} \end{{aligned}}"
    )


def explain_stride(trace: StrideTrace) -> list[str]:
    """Say whether this shift breaks this stride, and what the blur repairs."""
    spec, here = trace.spec, trace.numbers[trace.spec.blur]
    said = []
    if spec.stride == 1:
        said.append("With stride 1 nothing is dropped: every move agrees. Take a stride of 2.")
    elif spec.shift % spec.stride == 0:
        said.append(
            f"A move by {spec.shift} is {spec.shift // spec.stride} whole steps of {spec.stride}: the same pixels are "
            "kept as before, and the results are equal. The layer is equivariant to moves by multiples of its stride."
        )
    else:
        said.append(
            f"A move by {spec.shift} is not a whole number of steps of {spec.stride}: now **other pixels are kept**. "
            f"The result would have to move by {spec.shift}/{spec.stride} of a pixel. It cannot, so path A mixes "
            "neighbours, which is the best there is."
        )
        none, blur = trace.numbers[0], trace.numbers[trace.compared]
        if not none.changed:
            said.append("Here it makes no difference: the picture has nothing as fine as the step.")
        elif blur.mean < none.mean:
            factor = none.mean / blur.mean if blur.mean else 0
            less = f"{factor:.1f} times smaller" if factor else "gone"
            said.append(
                f"Blurring {trace.compared}×{trace.compared} before dropping makes the mean difference {less} "
                f"({amount(none.mean)} without, {amount(blur.mean)} with): what is finer than the step is taken out "
                "before it can turn into something that is not there (aliasing)."
            )
        else:
            said.append("Here the blur does not help: the picture has little that is finer than the step.")
    if here.changed and spec.layer == "max":
        said.append("Pooling is often called invariant to small moves. It is nearly so at best: count the pixels.")
    return said


def explain_global(trace: StrideTrace) -> str:
    """Say what is left of the move after global pooling."""
    (most, most_moved), (mean, mean_moved) = trace.strongest, trace.mean
    # A mean of a million sums in another order differs in its last digits.
    same_most = abs(most - most_moved) <= 1e-4 * max(1.0, abs(most))
    same_mean = abs(mean - mean_moved) <= 1e-4 * max(1.0, abs(mean))
    if trace.spec.shift % trace.spec.stride == 0:
        end = "Where something is no longer matters: global pooling makes equivariance into **invariance**."
    elif same_most and same_mean:
        end = "Nothing changed here, though the stride kept other pixels."
    else:
        end = "After a stride, global pooling is no longer quite **invariant**: it never saw the dropped pixels."
    return (
        f"Global max pooling gives {amount(most)} before the move and {amount(most_moved)} after; global average "
        f"pooling {amount(mean)} and {amount(mean_moved)}. {end}"
    )


def curve_alt(trace: StrideTrace) -> str:
    """Say what the chart shows."""
    lines = [
        f"{f'with a blur of {blur}×{blur}' if blur else 'without a blur'}: "
        + ", ".join(amount(value) for value in curve)
        for blur, curve in trace.curves.items()
    ]
    return f"Mean difference for shifts from 0 to 8. {'; '.join(lines)}."
