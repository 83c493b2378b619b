r"""One layer's size as a formula with the numbers in, for one axis.

>>> print(size_formula(AxisLayer("conv", 3, 2, (1, 1)), 256))
\begin{aligned}
n_\text{out} &= \biggl\lfloor \dfrac{n + 2p - d\,(k-1) - 1}{s} \biggr\rfloor + 1 \\
&= \biggl\lfloor \dfrac{256 + 2\cdot 1 - 1\cdot(3-1) - 1}{2} \biggr\rfloor + 1 \\
&= \lfloor 127.5 \rfloor + 1 = 127 + 1 = 128
\end{aligned}
>>> print(size_line(AxisLayer("transposed", 4, 2, (1, 1)), 56))
(56 − 1)·2 − 2·1 + 1·(4 − 1) + 0 + 1 = 112
"""

from __future__ import annotations

from cnnviz.engine.axis_layer import AxisLayer, layer_size

MINUS = "\N{MINUS SIGN}"


def size_formula(layer: AxisLayer, n: int, *, letters: bool = True) -> str:
    """Write letters (if wanted), then numbers, then the result, each on a line of its own: a phone is narrow."""
    lines = _transposed(layer, n) if layer.kind == "transposed" else _windowed(layer, n)
    if not letters:
        lines = lines[1:]
    lines[0] = r"n_\text{out} &= " + lines[0].removeprefix("&= ")
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _windowed(layer: AxisLayer, n: int) -> list[str]:
    (before, after), kernel = layer.padding, rf"{layer.dilation}\cdot({layer.kernel}-1) - 1"
    if before == after:
        letters, numbers = r"n + 2p - d\,(k-1) - 1", rf"{n} + 2\cdot {before} - {kernel}"
    else:
        letters = _two_lines(r"n + p_\text{before} + p_\text{after}", r"{} - d\,(k-1) - 1")
        numbers = _two_lines(f"{n} + {before} + {after}", f"{{}} - {kernel}")
    room = n + before + after - layer.reach
    return [
        f"{_round(letters, 's', layer.ceil)} + 1",
        f"&= {_round(numbers, str(layer.stride), layer.ceil)} + 1",
        f"&= {_result(room, layer, layer_size(layer, n))}",
    ]


def _round(above: str, below: str, up: bool) -> str:
    # Of a fixed size: KaTeX 0.16 draws a floor sign that grows with its content from a broken path.
    size, way = "Bigg" if "gathered" in above else "bigg", "ceil" if up else "floor"
    return rf"\{size}l\l{way} \dfrac{{{above}}}{{{below}}} \{size}r\r{way}"


def _two_lines(first: str, second: str) -> str:
    return rf"\begin{{gathered}}{first}\\{second}\end{{gathered}}"


def _result(room: int, layer: AxisLayer, size: int) -> str:
    """Divide and round; a last window that is dropped is taken off."""
    way, rounded = ("ceil", -(-room // layer.stride)) if layer.ceil else ("floor", room // layer.stride)
    dropped = rounded + 1 - size
    end = f"{rounded} + 1 - {dropped} = {size}" if dropped else f"{rounded} + 1 = {size}"
    if room % layer.stride == 0:
        return rf"\l{way} {rounded} \r{way} + 1" + (f" - {dropped}" if dropped else "") + f" = {size}"
    return rf"\l{way} {_decimal(room, layer.stride, chr(92) + 'ldots')} \r{way} + 1 = {end}"


def _decimal(above: int, below: int, dots: str) -> str:
    exact = f"{int(100 * above / below) / 100:.2f}".rstrip("0")
    return exact + ("" if (100 * above) % below == 0 else dots)


def _transposed(layer: AxisLayer, n: int) -> list[str]:
    before, _ = layer.padding
    spread, reach = (n - 1) * layer.stride, layer.reach
    extra = layer.output_padding
    spread_out = rf"({n}-1)\cdot {layer.stride} - 2\cdot {before}"
    numbers = rf"{spread_out} + {layer.dilation}\cdot({layer.kernel}-1)"
    return [
        r"(n-1)\,s - 2p + d\,(k-1) + p_\text{out} + 1",
        f"&= {numbers}",
        rf"&\quad {{}} + {extra} + 1",
        f"&= {spread} - {2 * before} + {reach - 1} + {extra} + 1 = {layer_size(layer, n)}",
    ]


def size_line(layer: AxisLayer, n: int) -> str:
    """Write the numbers and the result as plain text, for a table.

    >>> print(size_line(AxisLayer("pool", 4), 128))
    ⌊(128 + 2·0 − 1·(4 − 1) − 1) / 1⌋ + 1 = 125
    """
    size, (before, after), kernel = layer_size(layer, n), layer.padding, f"{layer.dilation}·({layer.kernel} {MINUS} 1)"
    if layer.kind == "transposed":
        start = f"({n} {MINUS} 1)·{layer.stride} {MINUS} 2·{before}"
        return f"{start} + {kernel} + {layer.output_padding} + 1 = {size}"
    opened, closed = ("⌈", "⌉") if layer.ceil else ("⌊", "⌋")
    padding = f"2·{before}" if before == after else f"{before} + {after}"
    rounded = f"{opened}({n} + {padding} {MINUS} {kernel} {MINUS} 1) / {layer.stride}{closed}"
    return f"{rounded} + 1{_dropped(layer, n, size)} = {size}"


def _dropped(layer: AxisLayer, n: int, size: int) -> str:
    room = n + sum(layer.padding) - layer.reach
    return f" {MINUS} 1" if layer.ceil and -(-room // layer.stride) + 1 > size else ""


def dropped_window(layer: AxisLayer, n: int) -> str:
    """Say why ceil mode takes one window off, where it does.

    >>> dropped_window(AxisLayer("pool", 2, 3, (1, 1), ceil=True), 4)[:53]
    'In ceil mode the last window must start inside the in'
    """
    if not _dropped(layer, n, layer_size(layer, n)):
        return ""
    return (
        "In ceil mode the last window must start inside the input or its left padding. "
        "This one would not, so it is dropped."
    )
