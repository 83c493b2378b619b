"""Layers as the Solver speaks of them: one axis of an answer, and the layers of a chain as a learner types them.

>>> print(write_chain(read_chain("Conv2d kernel_size=3, stride=2, padding=1; pool(4, s1)")))
conv 3 s2 p1
pool 4 s1
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cnnviz.engine.axis_layer import AxisLayer
from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.quoting import one_line
from cnnviz.state.query import parse_int, parse_pair, show_pair

KINDS = {"conv": "Convolution", "transposed": "Transposed", "pool": "Pooling"}
"""What the Solver can look for: the URL's word and its label."""

CHAIN_KINDS = {**KINDS, "avg": "Average pooling"}
"""What can stand in a chain. Average pooling has the arithmetic of pooling, but no dilation."""

LAYER_NAMES = {
    "conv": "conv", "conv2d": "conv", "convolution": "conv",
    "transposed": "transposed", "tconv": "transposed", "convtranspose": "transposed",
    "convtranspose2d": "transposed", "deconv": "transposed", "up": "transposed",
    "pool": "pool", "maxpool": "pool", "maxpool2d": "pool", "max": "pool",
    "avg": "avg", "avgpool": "avg", "avgpool2d": "avg", "average": "avg",
}  # fmt: skip
SETTING_NAMES = {
    "k": "kernel", "kernel": "kernel", "kernel_size": "kernel",
    "s": "stride", "stride": "stride",
    "p": "padding", "pad": "padding", "padding": "padding",
    "d": "dilation", "dilation": "dilation",
    "op": "output_padding", "output_padding": "output_padding",
    "c": "channels", "channels": "channels", "out": "channels", "out_channels": "channels",
    "ceil": "ceil", "ceil_mode": "ceil",
}  # fmt: skip
CHAIN_BOUNDS: dict[str, Pair] = {
    "kernel": (1, 64),
    "stride": (1, 64),
    "padding": (0, 64),
    "dilation": (1, 32),
    "output_padding": (0, 63),
    "channels": (1, 4096),
}
MOST_LAYERS = 16
LONGEST_CHAIN = 900


@dataclass(frozen=True, slots=True)
class ChainLayer:
    """One layer of a chain, the numbers of each axis in the order (rows, columns).

    Padding is a pair of numbers or "same"; `channels` None keeps the channels that come in.
    """

    kind: str
    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair | str = (0, 0)
    dilation: Pair = (1, 1)
    output_padding: Pair = (0, 0)
    channels: int | None = None
    ceil: bool = False

    def axis(self, index: int) -> AxisLayer:
        """Take one axis; "same" becomes the numbers that it stands for, which need no input size at stride 1."""
        kernel, dilation = self.kernel[index], self.dilation[index]
        if isinstance(self.padding, str):
            total = dilation * (kernel - 1)
            padding = (total // 2, total - total // 2)
        else:
            padding = (self.padding[index],) * 2
        kind = "pool" if self.kind == "avg" else self.kind
        extra = self.output_padding[index]
        return AxisLayer(kind, kernel, self.stride[index], padding, dilation, extra, self.ceil)


def read_chain(text: str) -> tuple[ChainLayer, ...]:
    """Read layers, one a line (``;`` and ``_`` part them too); an error names the layer.

    >>> read_chain("conv 3 s2; pool")
    Traceback (most recent call last):
    ...
    cnnviz.errors.SpecError: Layer 2, “pool”: it has no kernel. Write its size first, like “pool 2”.
    """
    words = re.sub(r"(kernel|output|out|ceil)_(size|padding|channels|mode)", r"\1~\2", text, flags=re.IGNORECASE)
    lines = [line.replace("~", "_").strip(" ,.") for line in re.split(r"[\n;_]|->|→", words)]
    lines = [line for line in lines if line]
    if not lines:
        raise SpecError("layers", "There is no layer yet. Write one a line, like “conv 3 s2 p1”.")
    if len(lines) > MOST_LAYERS:
        raise SpecError("layers", f"There are {len(lines)} layers, but a chain holds at most {MOST_LAYERS}.")
    layers = []
    for number, line in enumerate(lines, start=1):
        try:
            layers.append(read_layer(line))
        except SpecError as error:
            raise SpecError("layers", f"Layer {number}, “{one_line(line)}”: {error.message}") from None
    return tuple(layers)


def read_layer(text: str) -> ChainLayer:
    """Read one layer: its name, its kernel, then settings by name in any order.

    >>> layer = read_layer("conv 3x5 s2 p1x2 c16")
    >>> layer.kernel, layer.stride, layer.padding, layer.channels
    ((3, 5), (2, 2), (1, 2), 16)
    >>> read_layer("pool 2").stride
    (2, 2)
    """
    name, *words = re.sub(r"\bnn\.|[\s,()=.:]+", " ", text.lower()).split() or [""]
    glued = re.fullmatch(r"([a-z]+?)(k?\d+(x\d+)?)", name) if name not in LAYER_NAMES else None
    if glued:
        name, words = glued[1], [glued[2], *words]
    if name not in LAYER_NAMES:
        raise SpecError("layers", "a layer begins with conv, pool, avgpool or transposed.")
    kind = LAYER_NAMES[name]
    found = _read_settings(words)
    if "kernel" not in found:
        raise SpecError("layers", f"it has no kernel. Write its size first, like “{name} 2”.")
    if kind in {"pool", "avg"}:
        found.setdefault("stride", found["kernel"])
    return _checked(ChainLayer(kind, **found))


def _read_settings(words: list[str]) -> dict[str, Any]:
    """Read ``3``, ``k3``, ``s 2``, ``stride 2``, ``p same`` and ``ceil``."""
    found: dict[str, Any] = {}
    queue = list(words)
    while queue:
        word = queue.pop(0)
        match = re.fullmatch(r"([a-z_]+?)(-?\d+(?:[x×]-?\d+)?|same|valid)?", word)
        if match is None:
            setting, value = "kernel", word
            if "kernel" in found:
                raise SpecError(
                    "layers", f"“{one_line(word)}” has no name. After the kernel write s2, p1, d2, op1 or c16."
                )
        else:
            setting, value = SETTING_NAMES.get(match[1], ""), match[2] or ""
        if not setting:
            raise SpecError("layers", f"“{one_line(word)}” is not a setting. There are k, s, p, d, op, c and ceil.")
        if setting == "ceil":
            if queue and queue[0] in {"true", "false"}:
                value = queue.pop(0)
            found["ceil"] = value != "false"
            continue
        if setting in found:
            raise SpecError("layers", f"its {_spoken(setting)} stands there twice.")
        found[setting] = _read_value(setting, value or (queue.pop(0) if queue else ""))
    return found


def _read_value(setting: str, text: str) -> Pair | str | int:
    if setting == "padding" and text in {"same", "valid"}:
        return "same" if text == "same" else (0, 0)
    try:
        if setting == "channels":
            return parse_int(*CHAIN_BOUNDS[setting])(text)
        return parse_pair(*CHAIN_BOUNDS[setting])(text)
    except SpecError as error:
        raise SpecError("layers", f"its {_spoken(setting)} is “{one_line(text)}”, but {error.message}.") from None


def _checked(layer: ChainLayer) -> ChainLayer:
    """Refuse settings that this kind of layer does not have in PyTorch."""
    pools = layer.kind in {"pool", "avg"}
    if layer.output_padding != (0, 0) and layer.kind != "transposed":
        raise SpecError("layers", "only a transposed convolution has output padding.")
    if layer.channels and pools:
        raise SpecError("layers", "pooling keeps its channels, so leave c out.")
    if layer.ceil and not pools:
        raise SpecError("layers", "only pooling has a ceil mode.")
    if layer.kind == "avg" and layer.dilation != (1, 1):
        raise SpecError("layers", "average pooling has no dilation. Take max pooling, or dilation 1.")
    if layer.padding == "same" and layer.kind != "conv":
        raise SpecError("layers", "only a convolution knows padding “same”. Write its padding as a number.")
    if layer.padding == "same" and layer.stride != (1, 1):
        raise SpecError("layers", "padding “same” works only with stride 1. Write its padding as a number.")
    if pools and not isinstance(layer.padding, str):
        for padding, kernel in zip(layer.padding, layer.kernel, strict=True):
            if padding > kernel // 2:
                raise SpecError(
                    "layers",
                    f"pooling can be padded by at most half its kernel: {kernel // 2} for {kernel}, not {padding}.",
                )
    return layer


def write_layer(layer: ChainLayer) -> str:
    """Write a layer as short as it can be read back."""
    words = [{"avg": "avgpool"}.get(layer.kind, layer.kind), show_pair(layer.kernel)]
    pools = layer.kind in {"pool", "avg"}
    if layer.stride != (layer.kernel if pools else (1, 1)):
        words.append(f"s{show_pair(layer.stride)}")
    if layer.padding != (0, 0):
        words.append(f"p{layer.padding if isinstance(layer.padding, str) else show_pair(layer.padding)}")
    if layer.dilation != (1, 1):
        words.append(f"d{show_pair(layer.dilation)}")
    if layer.output_padding != (0, 0):
        words.append(f"op{show_pair(layer.output_padding)}")
    if layer.channels:
        words.append(f"c{layer.channels}")
    return " ".join([*words, "ceil"] if layer.ceil else words)


def write_chain(layers: tuple[ChainLayer, ...]) -> str:
    """Write layers, one a line."""
    return "\n".join(map(write_layer, layers))


def parse_chain_text(text: str) -> str:
    """Tidy a chain that can be read; keep any other text as it was typed, so that it can be mended.

    >>> print(parse_chain_text("conv.3.s2.p1_pool.4.s1"))
    conv 3 s2 p1
    pool 4 s1
    """
    if len(text) > LONGEST_CHAIN:
        raise SpecError("", f"a chain has at most {LONGEST_CHAIN} characters")
    try:
        return write_chain(read_chain(text))
    except SpecError:
        return text.strip()


def show_chain_text(text: str) -> str:
    r"""Write a chain for a URL, without the signs that a URL must disguise.

    >>> show_chain_text("conv 3 s2 p1\npool 4 s1")
    'conv.3.s2.p1_pool.4.s1'
    """
    try:
        return write_chain(read_chain(text)).replace("\n", "_").replace(" ", ".")
    except SpecError:
        return text


def _spoken(setting: str) -> str:
    return setting.replace("_", " ")
