"""PyTorch code that makes what the Translation page shows, for each of its three views.

>>> print(chr(10).join(_move_lines(TranslationSpec(right=2), (6, 6))))
def T(x):
    return torch.roll(x, (0, 2), (0, 1))
"""

from __future__ import annotations

from cnnviz.engine.grids import Pair
from cnnviz.engine.pictures.warp import inverse
from cnnviz.explain.kernel_lines import kernel_lines
from cnnviz.lessons.translation.spec import Mode, TranslationSpec
from cnnviz.lessons.translation.trace import MoveTrace, is_whole, move_matrix
from cnnviz.lessons.translation.trace_stride import StrideTrace, shift_pair
from cnnviz.lessons.translation.trace_template import REACH, TemplateTrace
from cnnviz.lessons.translation.words import amount
from cnnviz.state.kernels import KernelSource, kernel_rows

HEAD = ["import numpy as np", "import torch", "import torch.nn.functional as F", "from PIL import Image", ""]
READ = 'x = torch.from_numpy(np.array(Image.open("picture.png").convert("L"))).float()'

LOOK_UPS: dict[Mode, list[str]] = {
    "circular": ["return x[r % H, c % W]"],
    "replicate": ["return x[r.clamp(0, H - 1), c.clamp(0, W - 1)]"],
    "reflect": [
        "r = (H - 1) - (r % (2 * H - 2) - (H - 1)).abs()",
        "c = (W - 1) - (c % (2 * W - 2) - (W - 1)).abs()",
        "return x[r, c]",
    ],
    "zeros": [
        "inside = (r >= 0) & (r < H) & (c >= 0) & (c < W)",
        "return x[r.clamp(0, H - 1), c.clamp(0, W - 1)] * inside",
    ],
}


def torch_move(trace: MoveTrace) -> str:
    """Give the code of both paths."""
    spec = trace.spec
    size = (trace.grey.shape[0], trace.grey.shape[1])
    padding = _same(trace.rows)
    how = "" if spec.mode == "zeros" else f', mode="{spec.mode}"'
    return "\n".join(
        [
            *HEAD,
            READ,
            "H, W = x.shape",
            *kernel_lines(spec.kernel),
            "",
            "def f(x):",
            f"    x = F.pad(x[None, None], {padding}{how})",
            "    return F.conv2d(x, kernel[None, None])[0, 0]",
            "",
            *_move_lines(spec, size),
            "",
            "A = T(f(x))  # filter, then move",
            "B = f(T(x))  # move, then filter",
            f"print((B - A).abs().max().item())  # {amount(trace.numbers['all'].largest)}",
        ]
    )


def _move_lines(spec: TranslationSpec, size: Pair) -> list[str]:
    """Give the function T: one line where PyTorch has one, else place by place."""
    down, right = spec.down, spec.right
    straight = is_whole(spec) and not spec.turn
    if straight and spec.mode == "circular":
        return ["def T(x):", f"    return torch.roll(x, ({down}, {right}), (0, 1))"]
    if straight and spec.mode == "zeros" and abs(down) < size[0] and abs(right) < size[1]:
        return ["def T(x):", f"    return F.pad(x, ({right}, {-right}, {down}, {-down}))"]
    (a, b, c), (d, e, f) = inverse(move_matrix(spec, size)).tolist()
    return [
        "def at(r, c, x):",
        *[f"    {line}" for line in LOOK_UPS[spec.mode]],
        "",
        "def T(x):",
        "    i = torch.arange(H, dtype=torch.float64)[:, None]",
        "    j = torch.arange(W, dtype=torch.float64)",
        f"    r = {a!r} * i + {b!r} * j + {c!r}  # where row i, column j came from",
        f"    c = {d!r} * i + {e!r} * j + {f!r}",
        "    top, left = r.floor(), c.floor()",
        "    down, right = r - top, c - left",
        "    top, left = top.long(), left.long()",
        "    upper = at(top, left, x) * (1 - right) + at(top, left + 1, x) * right",
        "    lower = at(top + 1, left, x) * (1 - right) + at(top + 1, left + 1, x) * right",
        "    return (upper * (1 - down) + lower * down).float()",
    ]


def torch_stride(trace: StrideTrace) -> str:
    """Give the code of both paths through a layer with a stride."""
    spec = trace.spec
    s, (down, right) = spec.stride, shift_pair(spec, spec.shift)
    height, width = trace.grey.shape
    lines = [*HEAD, READ, f"x = x[:{height}, :{width}]  # whole steps of {s}"]
    if spec.layer == "conv":
        lines += kernel_lines(spec.kernel)
    if spec.blur:
        blur = kernel_lines(KernelSource("binomial", spec.blur))
        lines += [line.replace("kernel =", "blur   =") for line in blur]
    lines += ["", "def layer(x):", *_layer_lines(spec), "    return y[0, 0]", ""]
    lines += ["def move(y, rows, columns):  # by parts of a pixel, on a circle"]
    for axis, name in enumerate(("rows", "columns")):
        lines += [
            f"    whole, part = {name} // {s}, {name} % {s} / {s}",
            f"    y = (1 - part) * y.roll(whole, {axis}) + part * y.roll(whole + 1, {axis})",
        ]
    lines += [
        "    return y",
        "",
        f"A = move(layer(x), {down}, {right})",
        f"B = layer(torch.roll(x, ({down}, {right}), (0, 1)))",
        f"print((B - A).abs().mean().item())  # {amount(trace.numbers[spec.blur].mean)}",
        "print(layer(x).max().item(), B.max().item())  # global max pooling, before and after",
    ]
    return "\n".join(lines)


def _layer_lines(spec: TranslationSpec) -> list[str]:
    """Give the body of `layer`: with a blur the layer goes everywhere, and the blur has the stride."""
    stride = 1 if spec.blur else spec.stride
    step = f", stride={stride}" if stride > 1 else ""
    if spec.layer == "conv":
        pad = _same(kernel_rows(spec.kernel))
        call = f"F.conv2d(y, kernel[None, None]{step})"
    else:
        before = (spec.window - 1) // 2
        pad = (before, spec.window - 1 - before) * 2
        call = f"F.{spec.layer}_pool2d(y, {spec.window}, stride={stride})"
    lines = [f'    y = F.pad(x[None, None], {pad}, mode="circular")', f"    y = {call}"]
    if spec.blur:
        half = spec.blur // 2
        lines += [
            f'    y = F.pad(y, {(half,) * 4}, mode="circular")',
            f"    y = F.conv2d(y, blur[None, None], stride={spec.stride})",
        ]
    return lines


def torch_template(trace: TemplateTrace) -> str:
    """Give the code of both scores; the digit is the first panel, saved."""
    spec = trace.spec
    down, right = spec.digit_down, spec.digit_right
    moved = f"F.pad(digit, ({right}, {-right}, {down}, {-down}))" if down or right else "digit"
    row, column = trace.peak
    return "\n".join(
        [
            *HEAD,
            'digit = torch.from_numpy(np.array(Image.open("digit.png").convert("L"))).float() / 255',
            "w = digit / digit.norm()  # the template: 28 * 28 = 784 weights",
            f"x = {moved}",
            "",
            f"print((w * x).sum().item())  # still, one dense unit: {trace.dense[spec.digit]:.4f}",
            f"scores = F.conv2d(x[None, None], w[None, None], padding={REACH})[0, 0]",
            f"print(scores.max().item())  # sliding: {trace.sliding[spec.digit]:.4f}",
            f"print(divmod(scores.argmax().item(), {trace.scores.shape[1]}))  # the peak: ({row}, {column})",
        ]
    )


def _same(rows: tuple[tuple[float, ...], ...]) -> tuple[int, int, int, int]:
    """Give the padding left, right, above and below that keeps the size."""
    down, along = len(rows) - 1, len(rows[0]) - 1
    return along // 2, along - along // 2, down // 2, down - down // 2
