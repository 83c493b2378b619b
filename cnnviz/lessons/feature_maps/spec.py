"""What a learner asks of the Feature maps page: a layer, a map of it, what is switched off, and how all is drawn.

>>> spec, notes = FeatureMapsSpec.from_query({"layer": "relu1", "c": "3", "off": "relu1.5", "vs": "digit.1.5"})
>>> spec.layer, spec.channel, spec.off, notes
('relu1', 3, frozenset({('relu1', 5)}), [])
>>> spec.to_query()
{'layer': 'relu1', 'c': '3', 'off': 'relu1.5', 'vs': 'digit.1.5'}
>>> FeatureMapsSpec.from_query({"scale": "mine"})[1]
['The link asks for the colours “mine”, but the choices are map, layer, net. It is map now.']
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from cnnviz.engine.grids import Pair
from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.errors import SpecError
from cnnviz.state.places import parse_layer, show_unit
from cnnviz.state.query import Field, parse_choice, parse_int, read, write
from cnnviz.state.subject import parse_see

SCALES = {"map": "Each map", "layer": "Layer", "net": "Network"}
"""Over what the colours are spread: the URL's word and its label."""
ORDERS = {"net": "As built", "act": "Most active first"}

SAMPLE = "sample"
MOST_OFF = 64
MOST_CHANNELS = 99_999
MOST_PAGE = 999

Off = tuple[str, int]
"""A channel that is switched off: its layer and its number."""


@dataclass(frozen=True, slots=True)
class FeatureMapsSpec:
    """The whole state of the page but the network and the picture."""

    layer: str = ""
    """The chosen layer; empty: one that suits the network."""
    channel: int = 0
    """The chosen map of it, or the number of the unit in a layer without space."""
    at: Pair | None = None
    """The chosen cell of that map, row and column; None: none yet."""
    off: frozenset[Off] = frozenset()
    order: str = "net"
    scale: str = "map"
    vs: str = ""
    """The picture to compare with: as `see` of the subject, or sample.<name>; empty: none."""
    page: int = 1
    """Which page of the chosen layer's maps, from 1."""
    inputs: int = 1
    """Which page of the maps that feed the chosen one, the weightiest first."""
    label: int | None = None
    """The class whose weights are shown at the end; None: the one with the largest score."""
    toggle: Off | None = None
    """A channel that was just switched on the wall. Never in a link."""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[FeatureMapsSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read((*FIELDS, TOGGLE), query)
        return cls(
            found["layer"], found["c"], found["at"], found["off"], found["order"], found["scale"], found["vs"],
            found["page"], found["inputs"], found["k"], found["toggle"],
        ), notes  # fmt: skip

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        values = {
            "layer": self.layer, "c": self.channel, "at": self.at, "off": self.off, "order": self.order,
            "scale": self.scale, "vs": self.vs, "page": self.page, "inputs": self.inputs, "k": self.label,
        }  # fmt: skip
        return write(FIELDS, values)

    def switched(self) -> FeatureMapsSpec:
        """Switch the toggled channel: off if it was on, on if it was off.

        >>> spec = FeatureMapsSpec(toggle=("relu1", 3)).switched()
        >>> spec.off, replace(spec, toggle=("relu1", 3)).switched().off
        (frozenset({('relu1', 3)}), frozenset())
        """
        if self.toggle is None:
            return self
        full = len(self.off) >= MOST_OFF and self.toggle not in self.off
        return replace(self, off=self.off if full else self.off ^ {self.toggle}, toggle=None)


def parse_off(text: str) -> frozenset[Off]:
    """Read channels that are off, each once.

    >>> sorted(parse_off("conv1.3-layer1.0.conv1.12-conv1.3")), parse_off("")
    ([('conv1', 3), ('layer1.0.conv1', 12)], frozenset())
    """
    if not text.strip():
        return frozenset()
    found = frozenset(_off(one) for one in text.strip().split("-"))
    if len(found) > MOST_OFF:
        raise SpecError("", f"at most {MOST_OFF} maps can be off at once")
    return found


def _off(text: str) -> Off:
    layer, _, channel = text.rpartition(".")
    if not layer or not re.fullmatch(r"\d{1,5}", channel, flags=re.ASCII):
        raise SpecError("", "it reads layer.number, several with a hyphen between, like relu1.3-relu1.5")
    return parse_layer(layer), int(channel)


def show_off(off: Collection[Off]) -> str:
    """Write channels that are off."""
    return "-".join(f"{layer}.{channel}" for layer, channel in sorted(off))


def parse_cell(text: str) -> Pair | None:
    """Read a cell of a map.

    >>> parse_cell("3.4"), parse_cell("")
    ((3, 4), None)
    """
    if not text.strip():
        return None
    if not re.fullmatch(r"\d{1,5}\.\d{1,5}", text.strip(), flags=re.ASCII):
        raise SpecError("", "a cell reads row.column, like 3.4")
    row, column = text.strip().split(".")
    return int(row), int(column)


def parse_vs(text: str) -> str:
    """Read the picture to compare with.

    >>> parse_vs("digit.1.5"), parse_vs("Sample.cat")
    ('digit.1.5', 'sample.cat')
    """
    word, _, name = text.strip().lower().partition(".")
    if word != SAMPLE:
        if text.strip() and "." not in text:
            raise SpecError("", "it reads digit.7.3, star.4 or sample.cat")
        return parse_see(text)
    if name not in SAMPLES:
        raise SpecError("", f"the samples are {', '.join(SAMPLES)}")
    return f"{SAMPLE}.{name}"


def _parse_label(text: str) -> int | None:
    return parse_int(0, MOST_CHANNELS)(text) if text.strip() else None


def _parse_toggle(text: str) -> Off | None:
    return _off(text.strip()) if text.strip() else None


FIELDS = (
    Field("layer", "the layer", parse_layer, str, ""),
    Field("c", "the map", parse_int(0, MOST_CHANNELS), str, 0),
    Field("at", "the cell", parse_cell, show_unit, None),
    Field("off", "what is switched off", parse_off, show_off, frozenset()),
    Field("order", "the order", parse_choice(ORDERS), str, "net"),
    Field("scale", "the colours", parse_choice(SCALES), str, "map"),
    Field("vs", "the second picture", parse_vs, str, ""),
    Field("page", "the page of maps", parse_int(1, MOST_PAGE), str, 1),
    Field("inputs", "the page of input maps", parse_int(1, MOST_PAGE), str, 1),
    Field("k", "the class", _parse_label, lambda one: "" if one is None else str(one), None),
)
TOGGLE = Field("toggle", "the switch", _parse_toggle, lambda one: show_off((one,) if one else ()), None)
