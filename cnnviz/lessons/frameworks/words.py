r"""The words and formulas of the Frameworks page.

>>> from cnnviz.lessons.frameworks.spec import FrameworksSpec
>>> rows = {one.name: one for one in place_all(FrameworksSpec())}
>>> frame_words(rows["torch"])
'3 cells before, 3 after, of which no window reads the last. 112 outputs; output 0 stands on cell 0.'
>>> frame_words(rows["keras_same"])
'2 cells before, 3 after. 112 outputs; output 0 stands on cell 1.'
>>> shift_sentence(FrameworksSpec())[:78]
'“Same” gives 112 outputs as PyTorch does, but each stands 1 cell further right'
"""

from __future__ import annotations

from fractions import Fraction

from cnnviz.engine.arithmetic import cells
from cnnviz.lessons.frameworks.spec import FrameworksSpec
from cnnviz.lessons.frameworks.trace import Placed, place_all
from cnnviz.lessons.frameworks.words_places import amount, on_cell, say_place
from cnnviz.lessons.frameworks.words_transposed import cut_formula, cut_sentence, cut_words

HALF = Fraction(1, 2)


def frame_words(row: Placed, operation: str = "conv") -> str:
    """Say what a convention pads (or cuts), how much it gives, and where its first output (or input) stands."""
    if operation == "transposed":
        return cut_words(row)
    unread, skipped = "", max(row.unread - row.after, 0)
    if skipped:
        unread = f"; no window reads the input’s last {'cell' if skipped == 1 else cells(skipped)}"
    elif row.unread:
        unread = f", of which no window reads the last{'' if row.unread == 1 else f' {row.unread}'}"
    over = f", and {cells(row.overhang)} hanging over the end" if row.overhang else ""
    padding = "No padding" if row.before == row.after == 0 else f"{cells(row.before)} before, {row.after} after"
    outputs = "1 output" if row.size == 1 else f"{row.size} outputs"
    return f"{padding}{over}{unread}. {outputs}; output 0 stands {on_cell(row.centre)}."


def shift_sentence(spec: FrameworksSpec) -> str:
    """Say what changes when weights go from PyTorch to “same”."""
    if spec.operation == "transposed":
        return cut_sentence(spec)
    rows = {row.name: row for row in place_all(spec)}
    torch, same = rows["torch"], rows["onnx_upper"]
    if not torch.works:
        return f"PyTorch refuses. {torch.refused}"
    if torch.size == same.size and not same.shift:
        return f"PyTorch and “same” agree here: {torch.size} outputs, and all of them on the same cells."
    start = (
        f"“Same” gives {same.size} outputs as PyTorch does"
        if torch.size == same.size
        else f"PyTorch gives {torch.size}, “same” gives {same.size}"
    )
    if not same.shift:
        return f"{start}; output 0 stands on the same cells, so only the end differs."
    way = "further right" if same.shift > 0 else "further left"
    joined = ", but each stands" if torch.size == same.size else "; each stands"
    here = f"{joined} {amount(same.shift)} {way} on the input"
    step = ""
    if spec.stride > 1:
        part = abs(same.shift) / spec.stride
        named = {HALF: "half", Fraction(1, 3): "a third", Fraction(1, 4): "a quarter"}.get(part, str(part))
        step = f", {named} of the step between two outputs" if part.denominator > 1 else ""
    return f"{start}{here}{step}."


def same_formula(spec: FrameworksSpec) -> str:
    """Write what “same” pads, with the numbers."""
    if spec.operation == "transposed":
        return cut_formula(spec)
    n, s, size = spec.input, spec.stride, -(-spec.input // spec.stride)
    total = (size - 1) * s + spec.reach - n
    padding = max(total, 0)
    before = padding // 2
    return "\n".join(
        [
            r"\begin{aligned}",
            rf"n_\text{{out}} &= \biggl\lceil \dfrac{{n}}{{s}} \biggr\rceil = "
            rf"\biggl\lceil \dfrac{{{n}}}{{{s}}} \biggr\rceil = {size} \\",
            r"t &= (n_\text{out}-1)\,s + d\,(k-1) + 1 - n \\",
            rf"&= {size - 1}\cdot {s} + {spec.dilation}\cdot {spec.kernel - 1} + 1 - {n} = {total} \\",
            rf"p &= \max(0,\ t) = {padding} \\",
            rf"p_\text{{before}} &= \lfloor p / 2 \rfloor = {before} \\",
            rf"p_\text{{after}} &= p - p_\text{{before}} = {padding - before}",
            r"\end{aligned}",
        ]
    )


def centre_formula(spec: FrameworksSpec) -> str:
    """Write where output 0 (or a transposed convolution's input 0) stands under PyTorch and under “same”."""
    cut = "c" if spec.operation == "transposed" else "p"
    lines = [rf"c_0 &= \dfrac{{d\,(k-1)}}{{2}} - {cut}_\text{{before}} \\"]
    names = {"torch": "PyTorch", "onnx_upper": "same"}
    for row in place_all(spec):
        if row.name in names and row.works:
            number = f"{float(row.centre):g}"
            lines.append(
                rf"c_\text{{0, {names[row.name]}}} &= \dfrac{{{spec.dilation}\cdot {spec.kernel - 1}}}{{2}} "
                rf"- {row.before} = {number} \\"
            )
    return "\n".join([r"\begin{aligned}", *lines, r"\end{aligned}"])


__all__ = ["centre_formula", "frame_words", "same_formula", "say_place", "shift_sentence"]
