"""PyTorch that gives the same gradients: by autograd, and by two more convolutions.

>>> from cnnviz.lessons.backward.trace import trace_backward
>>> from cnnviz.lessons.backward.spec import BackwardSpec
>>> trace = trace_backward(BackwardSpec(size=(6, 6), stride=(2, 2)))
>>> print([line for line in hands_code(trace).splitlines() if "transpose" in line][0])
dx = F.conv_transpose2d(g, w, stride=2, output_padding=1)
"""

from __future__ import annotations

from cnnviz.explain.grids import comment_lines, grid_lines, pair_text
from cnnviz.lessons.backward.trace import BackwardTrace

GRAD = ".requires_grad_()"
HEAD = ["import torch", "import torch.nn.functional as F", ""]


def autograd_code(trace: BackwardTrace) -> str:
    """Write the forward pass, and let PyTorch go backward."""
    padding, x = _padding(trace)
    arguments = _written({"stride": trace.spec.stride, "padding": padding, "dilation": trace.spec.dilation})
    return "\n".join(
        [
            *HEAD,
            *grid_lines("x", trace.values, GRAD),
            *grid_lines("w", trace.weight, GRAD),
            f"b = torch.zeros(1, dtype=torch.float64){GRAD}",
            *grid_lines("g", trace.gradient, "  # dL/dy"),
            "",
            *_uneven_lines(trace),
            f"y = F.conv2d({x}, w, b{arguments})",
            "y.backward(g)  # the same as (g * y).sum().backward()",
            *_printed(trace, ("x.grad", "w.grad", "b.grad")),
        ]
    )


def hands_code(trace: BackwardTrace) -> str:
    """Write the two convolutions that autograd runs."""
    (kernel_rows, kernel_columns), spec = trace.weight.shape, trace.spec
    padding, x = _padding(trace)
    back = _written({"stride": spec.stride, "padding": padding, "dilation": spec.dilation})
    lost = (trace.rows.lost, trace.columns.lost)
    if any(lost):
        back += f", output_padding={pair_text(lost)}"
    swapped = {"stride": spec.dilation, "padding": padding, "dilation": spec.stride}
    turned = _written(swapped)
    cut = f"[..., :{kernel_rows}, :{kernel_columns}]" if any(lost) else ""
    return "\n".join(
        [
            *HEAD,
            *grid_lines("x", trace.values),
            *grid_lines("w", trace.weight),
            *grid_lines("g", trace.gradient, "  # dL/dy"),
            "",
            *_uneven_lines(trace),
            f"dx = F.conv_transpose2d(g, w{back}){_data(trace)}",
            "# stride and dilation change places:",
            f"dw = F.conv2d({x}, g{turned}){cut}",
            "db = g.sum()",
            *_printed(trace, ("dx", "dw", "db")),
        ]
    )


def _printed(trace: BackwardTrace, names: tuple[str, str, str]) -> list[str]:
    dx, dw, db = names
    return [
        f"print({dx}[0, 0])",
        *comment_lines(trace.dx),
        f"print({dw}[0, 0])",
        *comment_lines(trace.dw),
        f"print({db}.item())",
        *comment_lines(trace.db),
    ]


def _padding(trace: BackwardTrace) -> tuple[tuple[int, int], str]:
    """Give what conv2d is told of the padding, and what it reads: its two sides differ only where F.pad made them."""
    if trace.is_uneven:
        return (0, 0), "padded"
    (top, _), (left, _) = trace.spec.padding
    return (top, left), "x"


def _uneven_lines(trace: BackwardTrace) -> list[str]:
    if not trace.is_uneven:
        return []
    (top, bottom), (left, right) = trace.spec.padding
    return [f"padded = F.pad(x, ({left}, {right}, {top}, {bottom}))  # left, right, top, bottom"]


def _data(trace: BackwardTrace) -> str:
    """Cut the padding off again where conv_transpose2d cannot."""
    if not trace.is_uneven:
        return ""
    cuts = [_cut(before, before + axis.n if after else 0) for axis in trace.axes for before, after in [axis.padding]]
    return f"[..., {', '.join(cuts)}]"


def _cut(start: int, stop: int) -> str:
    return f"{start or ''}:{stop or ''}"


def _written(pairs: dict[str, tuple[int, int]]) -> str:
    return "".join(f", {name}={pair_text(pair)}" for name, pair in pairs.items() if pair != _neutral(name))


def _neutral(name: str) -> tuple[int, int]:
    return (0, 0) if name == "padding" else (1, 1)
