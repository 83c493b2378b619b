"""What a learner asks of the page Where it looks: a class, how the gradient is taken, a layer, and a patch.

>>> spec, notes = WhereSpec.from_query({"class": "3", "layer": "relu2", "patch": "7"})
>>> spec.number, spec.layer, spec.patch, notes
(3, 'relu2', 7, [])
>>> WhereSpec.from_query({"patch": "0"})[1]
['The link asks for the patch “0”, but the smallest is 1. It is empty now.']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cnnviz.errors import SpecError
from cnnviz.state.look import LOOK, Look
from cnnviz.state.places import parse_layer, parse_unit, show_unit
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, read, show_flag, write

WAYS = {"plain": "Gradient", "times": "Gradient × input", "smooth": "Mean of noisy copies"}
FILLS = {"mean": "Mean colour", "grey": "Grey", "black": "Black"}
SHOWS = {"light": "As light on the picture", "numbers": "As numbers"}
MOST_PATCH = 128
MOST_CLASS = 9999


@dataclass(frozen=True, slots=True)
class WhereSpec:
    """The whole state of the page but the network and the picture."""

    number: int | None = None
    """The class; None: the one with the best score."""
    way: str = "plain"
    layer: str = ""
    """For Grad-CAM; empty: the last one that has places."""
    patch: int | None = None
    """The side of what is covered, in pixels; None: a quarter of the picture or so."""
    step: int | None = None
    fill: str = "mean"
    show: str = "light"
    random: bool = False
    """Random weights instead of learned ones: what does the map look like then?"""
    at: tuple[int, int] | None = None
    """The pixel around which the patch lies; None: where it costs most."""
    look: Look | None = None
    depth: int = 0
    """Where the slider over the layers was moved to, from 1; 0: it was not. Never in a link."""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[WhereSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read((*FIELDS, DEPTH), query)
        return cls(
            found["class"], found["way"], found["layer"], found["patch"], found["step"], found["cover"], found["show"],
            found["random"], found["at"], found["z"], found["l"],
        ), notes  # fmt: skip

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL: only what differs from its default."""
        return write(
            FIELDS,
            {
                "class": self.number, "way": self.way, "layer": self.layer, "patch": self.patch, "step": self.step,
                "cover": self.fill, "show": self.show, "random": self.random, "at": self.at, "z": self.look,
            },
        )  # fmt: skip


def _parse_place(text: str) -> tuple[int, ...] | None:
    place = parse_unit(text)
    if place is not None and len(place) != 2:
        raise SpecError("", "a place reads row.column, like 12.20")
    return place


def show_number(value: int | None) -> str:
    """Write a number that may be left to the page."""
    return "" if value is None else str(value)


FIELDS = (
    Field("class", "the class", parse_int(0, MOST_CLASS), show_number, None),
    Field("way", "the gradient", parse_choice(WAYS), str, "plain"),
    Field("layer", "the layer", parse_layer, str, ""),
    Field("patch", "the patch", parse_int(1, MOST_PATCH), show_number, None),
    Field("step", "the step", parse_int(1, MOST_PATCH), show_number, None),
    Field("cover", "the cover", parse_choice(FILLS), str, "mean"),
    Field("show", "the drawing", parse_choice(SHOWS), str, "light"),
    Field("random", "random weights", parse_flag, show_flag, False),
    Field("at", "the place", _parse_place, show_unit, None),
    LOOK,
)
DEPTH = Field("l", "the layer’s number", parse_int(0, MOST_CLASS), str, 0)
