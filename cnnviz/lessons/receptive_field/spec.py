"""What a learner asks of the Receptive field page: a network, a layer of it, a unit of that layer, and what is drawn.

>>> spec, notes = ReceptiveFieldSpec.from_query({"net": "vgg16", "layer": "features.30", "at": "3.4"})
>>> spec.choice.name, spec.layer, spec.at, notes
('vgg16', 'features.30', (3, 4), [])
>>> spec.to_query()
{'net': 'vgg16', 'layer': 'features.30', 'at': '3.4'}
>>> ReceptiveFieldSpec.from_query({"at": "here"})[1]
['The link asks for the unit “here”, but a unit reads row.column, like 3.4. It is empty now.']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnnviz.state.look import LOOK, Look
from cnnviz.state.network_choice import OWN, NetworkChoice
from cnnviz.state.places import parse_layer, parse_unit, show_unit
from cnnviz.state.query import Field, parse_choice, parse_int, read, write

MORE = {"ways": "Ways to the unit", "effective": "Effective field", "none": "Nothing"}
"""The third picture: the URL's word and its label."""

MEASURED_ON = {"noise": "Noise", "picture": "This picture", "trained": "This picture, trained weights"}
"""What the gradient is measured on: the URL's word and its label; but for the last, weights are drawn at random."""

MOST_SIDE = 640
"""The largest input that this page draws."""
LEAST_SIDE = 2
MOST_LAYERS = 4000


@dataclass(frozen=True, slots=True)
class ReceptiveFieldSpec:
    """The whole state of the page but the picture."""

    choice: NetworkChoice = field(default_factory=NetworkChoice)
    layer: str = ""
    """The layer's name; empty: one that suits the network."""
    at: tuple[int, ...] | None = None
    """The unit: row and column of a map, one number in a list; None: the one in the middle."""
    more: str = "ways"
    on: str = "noise"
    """What the effective field is measured on."""
    look: Look | None = None
    step: int = 0
    """Where the slider over all layers was moved to, from 1; 0: it was not. Never in a link."""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[ReceptiveFieldSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        choice, notes = NetworkChoice.from_query(query)
        found, more = read((*FIELDS, STEP), query)
        return cls(
            choice, found["layer"], found["at"], found["more"], found["on"], found["z"], found["l"]
        ), notes + more

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out, but for the network: a layer belongs to it."""
        values = {"layer": self.layer, "at": self.at, "more": self.more, "on": self.on, "z": self.look}
        named = {"net": self.choice.name} if self.choice.name != OWN else {}
        return named | self.choice.to_query() | write(FIELDS, values)


FIELDS = (
    Field("layer", "the layer", parse_layer, str, ""),
    Field("at", "the unit", parse_unit, show_unit, None),
    Field("more", "the third picture", parse_choice(MORE), str, "ways"),
    Field("on", "what the gradient is measured on", parse_choice(MEASURED_ON), str, "noise"),
    LOOK,
)
STEP = Field("l", "the layer’s number", parse_int(0, MOST_LAYERS), str, 0)
