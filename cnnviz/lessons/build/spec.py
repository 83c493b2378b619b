"""What a learner asks of the page that builds a network: where from, which layer is chosen, and how it is drawn.

>>> spec, notes = BuildSpec.from_query({"net": "resnet18", "at": "5", "open": "layer1_layer2.0", "view": "3d"})
>>> spec.at, spec.opened, spec.view, notes
(5, ('layer1', 'layer2.0'), '3d', [])
>>> spec.to_query()
{'net': 'resnet18', 'at': '5', 'view': '3d', 'open': 'layer1_layer2.0'}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cnnviz.engine.networks.graph import MOST_NODES
from cnnviz.errors import SpecError
from cnnviz.lessons.build.spec_examples import BUILD_PRESETS
from cnnviz.state.network_choice import OWN, NetworkChoice
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, read, show_flag, write

VIEWS = {"2d": "2-D", "3d": "3-D"}
MOST_OPEN = 40
LONGEST_STAGE = 80
MOST_SIDE, MOST_ABOVE = 180, 90
MOST_ZOOM = 9
Turn = tuple[int, int, int]
FIRST_TURN: Turn = (-35, 25, 1)


@dataclass(frozen=True, slots=True)
class BuildSpec:
    """The whole state of the page."""

    choice: NetworkChoice = field(default_factory=NetworkChoice)
    example: str = ""
    at: int = 1
    """The chosen layer, counted from 1; 0 is the input."""
    view: str = "2d"
    turn: Turn = FIRST_TURN
    """From where the 3-D picture is seen: degrees to the side, degrees above, and how many times as near."""
    opened: tuple[str, ...] = ()
    follow: bool = True
    """Layers take as many channels as arrive, so that an edit does not break the layers behind it."""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[BuildSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        choice, notes = NetworkChoice.from_query(query)
        found, more = read(FIELDS, query)
        example = "" if choice.code else found["ex"]
        return cls(
            choice, example, found["at"], found["view"], found["turn"], found["open"], found["follow"]
        ), notes + more

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; an example is a network by itself."""
        values = {
            "ex": self.example, "at": self.at, "view": self.view, "turn": self.turn, "open": self.opened,
            "follow": self.follow,
        }  # fmt: skip
        choice = replace(self.choice, name=OWN, code="") if self.example else self.choice
        return choice.to_query() | write(FIELDS, values)


def parse_turn(text: str) -> Turn:
    """Read from where the picture is seen.

    >>> parse_turn("-35.25"), parse_turn("180.90.4")
    ((-35, 25, 1), (180, 90, 4))
    """
    if not re.fullmatch(r"-?\d{1,3}\.\d{1,2}(\.\d)?", text.strip(), re.ASCII):
        raise SpecError("", "a turn reads side.above in degrees, like -35.25")
    side, above, *near = (int(one) for one in text.strip().split("."))
    zoom = near[0] if near else 1
    if abs(side) > MOST_SIDE or above > MOST_ABOVE or not zoom:
        raise SpecError(
            "", f"a turn goes to {MOST_SIDE}° aside and {MOST_ABOVE}° above, 1 to {MOST_ZOOM} times as near"
        )
    return side, above, zoom


def show_turn(turn: Turn) -> str:
    """Write it.

    >>> show_turn((-35, 25, 1)), show_turn((0, 90, 3))
    ('-35.25', '0.90.3')
    """
    return ".".join(str(one) for one in (turn if turn[2] > 1 else turn[:2]))


def parse_stages(text: str) -> tuple[str, ...]:
    """Read the names of open stages."""
    names = [name for name in text.split("_") if name]
    if len(names) > MOST_OPEN or any(len(name) > LONGEST_STAGE for name in names):
        raise SpecError("", f"at most {MOST_OPEN} stages are open")
    return tuple(dict.fromkeys(names))


def show_stages(names: tuple[str, ...]) -> str:
    """Write the names."""
    return "_".join(names)


FIELDS = (
    Field("ex", "the example", parse_choice([one.name for one in BUILD_PRESETS]), str, ""),
    Field("at", "the layer", parse_int(0, MOST_NODES), str, 1),
    Field("view", "the view", parse_choice(VIEWS), str, "2d"),
    Field("turn", "the turn of the picture", parse_turn, show_turn, FIRST_TURN),
    Field("open", "the open stages", parse_stages, show_stages, ()),
    Field("follow", "following channels", parse_flag, show_flag, True),
)
