"""What a learner asks of the Networks page: a network, for which pictures, counted how, beside which others.

>>> NetworksSpec.from_query({"net": "vgg19", "vs": "resnet152", "view": "compare"})[0].others
('resnet152',)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnnviz.state.network_choice import NetworkChoice, parse_network
from cnnviz.state.query import Field, parse_choice, read, write

VIEWS = {"table": "Layers", "where": "Where it sits", "compare": "Side by side"}
MEASURES = {"params": "Parameters", "work": "Operations", "maps": "Maps"}
COUNTS = ("mac", "flop", "bias", "torchinfo", "all")
MOST_OTHERS = 6
SWAPS = {"none": "No", "separable": "Depthwise and pointwise", "dense": "Dense instead of groups"}


@dataclass(frozen=True, slots=True)
class NetworksSpec:
    """The whole state of the page."""

    choice: NetworkChoice = field(default_factory=NetworkChoice)
    view: str = "table"
    count: str = "mac"
    measure: str = "params"
    others: tuple[str, ...] = ()
    swap: str = "none"
    """What the network is compared with besides: itself with other convolutions."""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[NetworksSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        choice, notes = NetworkChoice.from_query(query)
        found, more = read(FIELDS, query)
        others = tuple(name for name in found["vs"] if name != choice.name)
        return cls(choice, found["view"], found["count"], found["area"], others, found["swap"]), notes + more

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        values = {"view": self.view, "count": self.count, "area": self.measure, "vs": self.others, "swap": self.swap}
        return self.choice.to_query() | write(FIELDS, values)


def parse_others(text: str) -> tuple[str, ...]:
    """Read the names of networks to compare with.

    >>> parse_others("vgg16.resnet50")
    ('vgg16', 'resnet50')
    """
    names = [parse_network(name) for name in text.split(".") if name]
    return tuple(dict.fromkeys(names))[:MOST_OTHERS]


def show_others(names: tuple[str, ...]) -> str:
    """Write the names."""
    return ".".join(names)


FIELDS = (
    Field("view", "the view", parse_choice(VIEWS), str, "table"),
    Field("count", "the way to count", parse_choice(COUNTS), str, "mac"),
    Field("area", "the treemap’s area", parse_choice(MEASURES), str, "params"),
    Field("swap", "the other convolutions", parse_choice(SWAPS), str, "none"),
    Field("vs", "the other networks", parse_others, show_others, ()),
)
