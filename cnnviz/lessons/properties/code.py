"""PyTorch that runs the same experiment on the same numbers.

>>> from cnnviz.lessons.properties.trace import trace_properties
>>> from cnnviz.lessons.properties.spec import PropertiesSpec
>>> code = properties_code(trace_properties(PropertiesSpec("stride", stride=(2, 2))))
>>> [line for line in code.splitlines() if line.startswith(("a =", "b ="))]
['a = F.conv2d(x, w, stride=2)', 'b = F.conv2d(x, w)[..., ::2, ::2]']
"""

from __future__ import annotations

from collections.abc import Callable

from cnnviz.engine.windows import AxisWindows
from cnnviz.explain.grids import comment_lines, grid_lines, pair_text
from cnnviz.lessons.properties.trace import PropertiesTrace, output_shift

TURN = [
    "def turned(w):",
    "    return w.flip(-2, -1)  # true convolution turns the kernel",
    "",
]
MOVE = [
    "def shift(x, down, right):  # zeros come in",
    "    height, width = x.shape[-2:]",
    "    x = F.pad(x, (max(right, 0), max(-right, 0), max(down, 0), max(-down, 0)))",
    "    top, left = max(-down, 0), max(-right, 0)",
    "    return x[..., top : top + height, left : left + width]",
    "",
]


def properties_code(trace: PropertiesTrace) -> str:
    """Write the experiment; the last line prints the difference that the stage shows."""
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F",
            "",
            *EXPERIMENTS[trace.spec.prop](trace),
            "print((a - b)[0, 0])",
            *comment_lines(trace["difference"]),
        ]
    )


def _commutative(trace: PropertiesTrace) -> list[str]:
    turned = trace.spec.turned
    f, g = ("turned(f)", "turned(g)") if turned else ("f", "g")
    (f_rows, f_columns), (g_rows, g_columns) = trace["input"].shape, trace["kernel"].shape
    return [
        *(TURN if turned else []),
        *grid_lines("f", trace["input"]),
        *grid_lines("g", trace["kernel"]),
        "",
        "# full: PyTorch has no name for it",
        f"a = F.conv2d(f, {g}, padding=({g_rows - 1}, {g_columns - 1}))",
        f"b = F.conv2d(g, {f}, padding=({f_rows - 1}, {f_columns - 1}))",
    ]


def _linear(trace: PropertiesTrace) -> list[str]:
    one, other = trace.spec.scales
    return [
        *grid_lines("f", trace["input"]),
        *grid_lines("h", trace["other"]),
        *grid_lines("w", trace["kernel"]),
        "",
        *_layer(trace, "a"),
        f"a = conv({_mixed(one, other, 'f', 'h')}, w)",
        f"b = {_mixed(one, other, 'conv(f, w)', 'conv(h, w)')}",
    ]


def _mixed(one: int, other: int, first: str, second: str) -> str:
    return f"{one} * {first} {'-' if other < 0 else '+'} {abs(other)} * {second}"


def _shift(trace: PropertiesTrace) -> list[str]:
    spec, (down, right) = trace.spec, output_shift(trace.spec)
    wraps = spec.border == "circular"

    def moved(name: str, rows: int, columns: int) -> str:
        return f"{name}.roll(({rows}, {columns}), (-2, -1))" if wraps else f"shift({name}, {rows}, {columns})"

    return [
        *([] if wraps else MOVE),
        *grid_lines("x", trace["input"]),
        *grid_lines("w", trace["kernel"]),
        "",
        *_layer(trace, "a"),
        f"a = conv({moved('x', *spec.shift)}, w)",
        f"b = {moved('conv(x, w)', down, right)}",
    ]


def _associative(trace: PropertiesTrace) -> list[str]:
    turned = trace.spec.turned
    rows, columns = trace["second"].shape
    first, second, both = ((f"turned({name})" if turned else name) for name in ("g", "h", "gh"))
    return [
        *TURN,
        *grid_lines("x", trace["input"]),
        *grid_lines("g", trace["kernel"]),
        *grid_lines("h", trace["second"]),
        "",
        f"middle = F.conv2d({_padded(trace, 'x', 'middle')}, {first})",
        f"a = F.conv2d({_padded(trace, 'middle', 'a')}, {second})",
        f"gh = F.conv2d(g, turned(h), padding=({rows - 1}, {columns - 1}))  # g * h, every window that touches",
        f"b = F.conv2d({_padded(trace, 'x', 'b')}, {both})",
    ]


def _separable(trace: PropertiesTrace) -> list[str]:
    return [
        *grid_lines("x", trace["input"]),
        *grid_lines("w", trace["kernel"]),
        "",
        "u, s, v = torch.linalg.svd(w[0, 0])",
        "print(s)  # the singular values",
        "column = (s[0].sqrt() * u[:, 0]).reshape(1, 1, -1, 1)",
        "row = (s[0].sqrt() * v[0]).reshape(1, 1, 1, -1)",
        f"a = F.conv2d({_padded(trace, 'x', 'a')}, w)",
        f"middle = F.conv2d({_padded(trace, 'x', 'middle')}, column)",
        f"b = F.conv2d({_padded(trace, 'middle', 'b')}, row)",
    ]


def _stride(trace: PropertiesTrace) -> list[str]:
    down, across = trace.spec.stride
    x = _padded(trace, "x", "a")
    strided = "" if (down, across) == (1, 1) else f", stride={pair_text((down, across))}"
    return [
        *grid_lines("x", trace["input"]),
        *grid_lines("w", trace["kernel"]),
        "",
        f"a = F.conv2d({x}, w{strided})",
        f"b = F.conv2d({x}, w)[..., ::{down}, ::{across}]",
    ]


EXPERIMENTS: dict[str, Callable[[PropertiesTrace], list[str]]] = {
    "commutative": _commutative,
    "linear": _linear,
    "shift": _shift,
    "associative": _associative,
    "separable": _separable,
    "stride": _stride,
}


def _layer(trace: PropertiesTrace, name: str) -> list[str]:
    """Write the layer that several lines use."""
    stride = trace.spec.stride if trace.spec.prop == "shift" else (1, 1)
    more = "" if stride == (1, 1) else f", stride={pair_text(stride)}"
    return ["def conv(x, w):", f"    return F.conv2d({_padded(trace, 'x', name)}, w{more})", ""]


def _padded(trace: PropertiesTrace, variable: str, name: str) -> str:
    """Write the border that a convolution's input gets; nothing where there is none."""
    rows, columns = trace.axes[name]
    if not any(_sides(rows) + _sides(columns)):
        return variable
    (top, bottom), (left, right) = _sides(rows), _sides(columns)
    mode = ', mode="circular"' if rows.mode == "circular" or columns.mode == "circular" else ""
    return f"F.pad({variable}, ({left}, {right}, {top}, {bottom}){mode})"


def _sides(axis: AxisWindows) -> tuple[int, int]:
    return axis.padding
