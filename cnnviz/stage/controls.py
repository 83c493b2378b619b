"""The controls of a stage: what a learner can move, and what the state becomes at each position.

A control is generic. The stage draws sliders, choices, lists, switches and buttons by their kind; an
option says how the state's query changes, and (where it is `live`) the pack holds its picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Kind = Literal["slider", "choice", "select", "switch", "button"]
Query = Mapping[str, str]
SpecT = TypeVar("SpecT")


@dataclass(frozen=True, slots=True)
class Option(Generic[SpecT]):
    """One position of a control: its value and label, the whole query that it leads to, and the spec of that query.

    `also` names the other controls that it moves, with their new values.
    """

    value: str
    label: str
    query: Query
    spec: SpecT
    group: str = ""
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Control(Generic[SpecT]):
    """One control: `live` when the pack should hold a picture of every option.

    The option of a `whole` control replaces the state; any other changes its own part of it.
    """

    name: str
    label: str
    kind: Kind
    value: str
    options: tuple[Option[SpecT], ...]
    live: bool = False
    whole: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Mend:
    """A way out of an impossible setting: what the button says, and the query that it leads to."""

    label: str
    query: Query


def patch(base: Query, query: Query) -> dict[str, str | None]:
    """Say how a query differs from the base; None removes a key.

    >>> patch({"n": "7", "s": "2"}, {"n": "7", "k": "5"})
    {'k': '5', 's': None}
    """
    changes: dict[str, str | None] = {key: value for key, value in query.items() if base.get(key) != value}
    changes.update(dict.fromkeys(key for key in base if key not in query))
    return changes


def patched(base: Query, changes: Mapping[str, str | None]) -> dict[str, str]:
    """Make the changes that `patch` found.

    >>> patched({"n": "7", "s": "2"}, {"k": "5", "s": None})
    {'n': '7', 'k': '5'}
    """
    return {key: value for key, value in {**base, **changes}.items() if value is not None}
