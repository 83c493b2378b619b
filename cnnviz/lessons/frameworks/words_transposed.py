r"""The words and formulas of the Frameworks page for transposed convolutions.

>>> from cnnviz.lessons.frameworks.spec import FrameworksSpec
>>> spec = FrameworksSpec("transposed", 7, 3, 2, 1)
>>> cut_words(place_transposed(spec)[0])
'1 cell cut off before, 1 after. 13 outputs; input 0 stands on cell 0.'
>>> cut_sentence(spec)
'PyTorch gives 13, “same” gives 14; each input stands 1 cell further right on the output.'
"""

from __future__ import annotations

from cnnviz.engine.arithmetic import cells
from cnnviz.lessons.frameworks.spec import FrameworksSpec
from cnnviz.lessons.frameworks.trace_placed import Placed
from cnnviz.lessons.frameworks.trace_transposed import place_transposed, whole_size
from cnnviz.lessons.frameworks.words_places import amount, on_cell


def cut_words(row: Placed) -> str:
    """Say what is cut off or added, how much is left, and where the first input stands."""
    cut = f"{cells(row.before)} cut off before, {row.after} after" if row.before or row.after else "Nothing cut off"
    more = f", and {cells(row.added)} added at the end" if row.added else ""
    outputs = "1 output" if row.size == 1 else f"{row.size} outputs"
    where = on_cell(row.centre).replace("on padding cell", "beyond the output, at")
    return f"{cut}{more}. {outputs}; input 0 stands {where}."


def cut_sentence(spec: FrameworksSpec) -> str:
    """Say what changes when weights go from PyTorch to “same”."""
    rows = {row.name: row for row in place_transposed(spec)}
    torch, same = rows["torch"], rows["onnx_upper"]
    if not torch.works:
        return f"PyTorch refuses. {torch.refused}"
    if torch.size == same.size and not same.shift:
        return f"PyTorch and “same” agree here: {torch.size} outputs, and every input stands on the same cells."
    alike = torch.size == same.size
    start = f"Both give {torch.size} outputs" if alike else f"PyTorch gives {torch.size}, “same” gives {same.size}"
    if not same.shift:
        return f"{start}; every input stands on the same cells, so only the end differs."
    way = "right" if same.shift > 0 else "left"
    joined = ", but under “same” each input stands" if alike else "; each input stands"
    return f"{start}{joined} {amount(same.shift)} further {way} on the output."


def cut_formula(spec: FrameworksSpec) -> str:
    """Write PyTorch's size, and what “same” cuts off, with the numbers."""
    n, s, p, o, d, k = spec.input, spec.stride, spec.padding, spec.output_padding, spec.dilation, spec.kernel
    size, whole = n * s, whole_size(spec)
    total = whole - size
    cut = max(total, 0)
    torch = whole - 2 * p + o
    return "\n".join(
        [
            r"\begin{aligned}",
            r"n_\text{PyTorch} &= (n-1)\,s + d\,(k-1) \\",
            r"&\quad + 1 - 2p + o \\",
            rf"&= {n - 1}\cdot {s} + {d}\cdot {k - 1} \\",
            rf"&\quad + 1 - 2\cdot {p} + {o} = {torch} \\",
            rf"n_\text{{same}} &= n\,s = {n}\cdot {s} = {size} \\",
            r"t &= (n-1)\,s + d\,(k-1) + 1 - n\,s \\",
            rf"&= {whole} - {size} = {total} \\",
            rf"c &= \max(0,\ t) = {cut} \\",
            rf"c_\text{{before}} &= \lfloor c / 2 \rfloor = {cut // 2} \\",
            rf"c_\text{{after}} &= c - c_\text{{before}} = {cut - cut // 2}",
            r"\end{aligned}",
        ]
    )
