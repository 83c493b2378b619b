"""A chain in which numbers are left open: ``256: conv 3 s2 p?; pool 4 s1 -> 125``.

>>> chain = read_open("256: conv 3 s2 p?; pool 4 s1 -> 125")
>>> chain.open
(Spot(layer=0, setting='padding'),)
>>> write_open(fill(chain, {chain.open[0]: 1}))
'256: conv 3 s2 p1; pool 4 s1 -> 125'
>>> show_open_text("256: conv 3 s2 p?; pool 4 s1 -> 125")
'256_conv.3.s2.p~_pool.4.s1_125'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cnnviz.engine.grids import Pair
from cnnviz.errors import SpecError
from cnnviz.lessons.solver.spec_layer import (
    CHAIN_BOUNDS,
    LAYER_NAMES,
    LONGEST_CHAIN,
    MOST_LAYERS,
    SETTING_NAMES,
    read_layer,
)
from cnnviz.quoting import one_line
from cnnviz.state.query import parse_int

OPEN = "?"
MOST_OPEN = 2
SIZES: Pair = (1, 4096)
INPUT, OUTPUT = -1, 99
SHORT = {"kernel": "", "stride": "s", "padding": "p", "dilation": "d", "output_padding": "op", "channels": "c"}
PLAIN = {"conv": "conv", "transposed": "transposed", "pool": "pool", "avg": "avgpool"}
PROBES = {"kernel": "1", "stride": "1", "padding": "0", "dilation": "1", "output_padding": "0"}
"""What an open number may be in any layer: with it the rest of the layer is checked."""
EXERCISE = "256: conv 3 s2 p1; pool 4 s1 -> 125"


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """One number of a chain: a setting of a layer, or the size at one of the two ends."""

    layer: int
    setting: str


FIRST, LAST = Spot(INPUT, "input"), Spot(OUTPUT, "output")


@dataclass(frozen=True, slots=True)
class OpenLayer:
    """A layer's settings as they are written; an open one is ``?``."""

    kind: str
    settings: tuple[tuple[str, str], ...]

    def text(self) -> str:
        """Write the layer."""
        words = [f"{SHORT[name]}{value}" if name != "ceil" else name for name, value in self.settings]
        return " ".join([PLAIN[self.kind], *words])


@dataclass(frozen=True, slots=True)
class OpenChain:
    """Two sizes and the layers between them; None is an open size."""

    size: int | None
    layers: tuple[OpenLayer, ...]
    output: int | None

    @property
    def spots(self) -> tuple[Spot, ...]:
        """List every number that is written and can be left open."""
        inner = [
            Spot(index, name)
            for index, layer in enumerate(self.layers)
            for name, value in layer.settings
            if name in PROBES and (value == OPEN or value.isdigit())
        ]
        return FIRST, *inner, LAST

    @property
    def open(self) -> tuple[Spot, ...]:
        """List the open ones."""
        return tuple(spot for spot in self.spots if self.value(spot) is None)

    def value(self, spot: Spot) -> int | None:
        """Give the number that stands in a spot, None if it is open."""
        if spot == FIRST:
            return self.size
        if spot == LAST:
            return self.output
        text = dict(self.layers[spot.layer].settings)[spot.setting]
        return None if text == OPEN else int(text)


def read_open(text: str) -> OpenChain:
    """Read the sizes and the layers; what cannot be read is named.

    >>> read_open("? -> pool 2 -> 14").open[0].setting
    'input'
    >>> read_open("256: conv 3 -> 125: 4")
    Traceback (most recent call last):
    ...
    cnnviz.errors.SpecError: Layer 2, “125”: a layer begins with conv, pool, avgpool or transposed.
    """
    tidy = re.sub(r"\b(kernel|output|out|ceil)_(size|padding|channels|mode)\b", r"\1~\2", text.strip().lower())
    parts = [part.replace("~", "_").strip(" ,.") for part in re.split(r"[\n;:_]|->|=>|→", tidy)]
    parts = [part for part in parts if part]
    if not parts or not _is_size(parts[0]):
        raise SpecError("open", f"It begins with the input size, or ? for it, like “{EXERCISE}”.")
    if len(parts) < 2 or not _is_size(parts[-1]):
        raise SpecError("open", "It ends with an arrow and the output size, like “-> 125”, or “-> ?”.")
    lines = parts[1:-1]
    if not lines:
        raise SpecError("open", f"There is no layer between the two sizes. Write some, like “{EXERCISE}”.")
    if len(lines) > MOST_LAYERS:
        raise SpecError("open", f"There are {len(lines)} layers, but a chain holds at most {MOST_LAYERS}.")
    layers = []
    for number, line in enumerate(lines, start=1):
        try:
            layers.append(_read_layer(line))
        except SpecError as error:
            raise SpecError("open", f"Layer {number}, “{one_line(line)}”: {error.message}") from None
    chain = OpenChain(_size(parts[0], "input"), tuple(layers), _size(parts[-1], "output"))
    if len(chain.open) > MOST_OPEN:
        raise SpecError("open", f"{len(chain.open)} numbers are open, but at most {MOST_OPEN} can be solved for.")
    if FIRST in chain.open and LAST in chain.open:
        raise SpecError("open", "Both sizes are open, so anything goes. Write one of them.")
    return chain


def _is_size(text: str) -> bool:
    return text == OPEN or text.isdigit()


def _size(text: str, name: str) -> int | None:
    try:
        return None if text == OPEN else parse_int(*SIZES)(text)
    except SpecError as error:
        raise SpecError("open", f"The {name} size is “{one_line(text, 12)}”, but {error.message}.") from None


def _read_layer(line: str) -> OpenLayer:
    name, *words = re.sub(r"\bnn\.|[\s,()=.]+", " ", line).split() or [""]
    glued = re.fullmatch(r"([a-z]+?)(k?(?:\d+|\?))", name) if name not in LAYER_NAMES else None
    if glued:
        name, words = glued[1], [glued[2], *words]
    if name not in LAYER_NAMES:
        raise SpecError("open", "a layer begins with conv, pool, avgpool or transposed.")
    kind, settings = LAYER_NAMES[name], _settings(words)
    layer = OpenLayer(kind, tuple((one, settings[one]) for one in (*SHORT, "ceil") if one in settings))
    if "kernel" not in settings:
        raise SpecError("open", f"it has no kernel. Write its size first, like “{name} 2”, or “{name} ?”.")
    _check(layer)
    return layer


def _settings(words: list[str]) -> dict[str, str]:
    """Read settings as the chain's own text has them, but each may be ``?``, and each is one number."""
    found: dict[str, str] = {}
    queue = list(words)
    while queue:
        word = queue.pop(0)
        match = re.fullmatch(r"([a-z_]*?)(\d+|\?|same|valid)?", word)
        if match is None:
            shown = one_line(word, 20)
            raise SpecError("open", f"“{shown}” cannot be read. Here every number holds for both axes: s2, p1, d?.")
        setting = SETTING_NAMES.get(match[1], "") if match[1] else "kernel"
        if not setting:
            raise SpecError("open", f"“{one_line(word, 20)}” is not a setting. There are k, s, p, d, op, c and ceil.")
        if setting == "ceil":
            if not (queue and queue[0] in {"true", "false"} and queue.pop(0) == "false"):
                found["ceil"] = ""
            continue
        if setting in found:
            raise SpecError("open", f"its {setting.replace('_', ' ')} stands there twice.")
        value = match[2] or (queue.pop(0) if queue else "")
        found[setting] = str(int(value)) if value.isdigit() and len(value) < 8 else value
    return found


def _check(layer: OpenLayer) -> None:
    """Read the layer with every open number at its plainest; a kernel of one cell would forbid padding a pooling."""
    if dict(layer.settings).get("channels") == OPEN:
        raise SpecError("open", "channels do not change the size, so they cannot be solved for.")
    if layer.kind != "transposed" and dict(layer.settings).get("output_padding") == OPEN:
        raise SpecError("open", "only a transposed convolution has output padding.")
    probes = PROBES | {"kernel": str(CHAIN_BOUNDS["kernel"][1])}
    read_layer(_filled(layer, probes).text())


def _filled(layer: OpenLayer, values: Mapping[str, str]) -> OpenLayer:
    return replace(
        layer,
        settings=tuple((name, values.get(name, value) if value == OPEN else value) for name, value in layer.settings),
    )


def fill(chain: OpenChain, values: Mapping[Spot, int]) -> OpenChain:
    """Put numbers into open spots; the others stay."""
    layers = tuple(
        _filled(layer, {spot.setting: str(value) for spot, value in values.items() if spot.layer == index})
        for index, layer in enumerate(chain.layers)
    )
    size = values.get(FIRST) if chain.size is None else chain.size
    return OpenChain(size, layers, values.get(LAST) if chain.output is None else chain.output)


def leave_open(chain: OpenChain, spots: tuple[Spot, ...], values: Mapping[Spot, int]) -> OpenChain:
    """Open just these spots; what was open and is not any more gets its value.

    >>> chain = read_open("256: conv 3 s2 p?; pool 4 s1 -> 125")
    >>> write_open(leave_open(chain, (LAST,), {Spot(0, "padding"): 1}))
    '256: conv 3 s2 p1; pool 4 s1 -> ?'
    """
    closed = fill(chain, {spot: value for spot, value in values.items() if spot not in spots})
    layers = tuple(
        replace(
            layer,
            settings=tuple((name, OPEN if Spot(index, name) in spots else value) for name, value in layer.settings),
        )
        for index, layer in enumerate(closed.layers)
    )
    return OpenChain(None if FIRST in spots else closed.size, layers, None if LAST in spots else closed.output)


def write_open(chain: OpenChain) -> str:
    """Write the chain on one line."""
    size, output = (OPEN if end is None else str(end) for end in (chain.size, chain.output))
    return f"{size}: {'; '.join(layer.text() for layer in chain.layers)} -> {output}"


def parse_open_text(text: str) -> str:
    """Tidy a chain that can be read; keep any other text as it was typed, so that it can be mended.

    >>> parse_open_text("256_conv.3.s2.p~_pool.4.s1_125")
    '256: conv 3 s2 p?; pool 4 s1 -> 125'
    """
    if len(text) > LONGEST_CHAIN:
        raise SpecError("", f"a chain has at most {LONGEST_CHAIN} characters")
    try:
        return write_open(read_open(text.replace("~", OPEN)))
    except SpecError:
        return text.strip()


def show_open_text(text: str) -> str:
    """Write a chain for a URL, without the signs that a URL must disguise."""
    try:
        written = write_open(read_open(text))
    except SpecError:
        return text
    return re.sub(r": |; | -> ", "_", written).replace(" ", ".").replace(OPEN, "~")
