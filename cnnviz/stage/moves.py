"""Sliders: where each stands in a spec, and what the spec is with it elsewhere.

Most settings are a pair, one number for the rows and one for the columns; one slider moves both unless the
learner has taken them apart. Padding has two sides an axis as well.

>>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
>>> stride, = pair_moves(ConvolutionSpec(), Setting("stride", "stride", "Stride", (1, 5)), apart=False)
>>> stride.to(2).stride
(2, 2)
>>> [move.name for move in pair_moves(ConvolutionSpec(), Setting("stride", "stride", "Stride", (1, 5)), apart=True)]
['stride_rows', 'stride_columns']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from cnnviz.engine.grids import Pair

AXES = ("rows", "columns")
SIDES = (("top", "bottom"), ("left", "right"))
ENDS = ("before", "after")

Sides = tuple[Pair, Pair]


class Askable(Protocol):
    """A spec: a frozen dataclass that can be written as a query."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def __hash__(self) -> int:
        """Stand for itself in a cache."""
        ...

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL."""
        ...


SpecT = TypeVar("SpecT", bound=Askable)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a spec: its slider's name, its attribute, its label and its bounds."""

    name: str
    attribute: str
    label: str
    bounds: Pair


@dataclass(frozen=True, slots=True)
class Move(Generic[SpecT]):
    """One slider: its value, and the spec with it elsewhere. Its bounds never change with other settings.

    A slider that moves only the rows or only the columns says so by its `axis`, 0 or 1.
    """

    name: str
    label: str
    field: str
    bounds: Pair
    value: int
    to: Callable[[int], SpecT]
    axis: int | None = None

    @property
    def positions(self) -> range:
        """Every position of the slider."""
        low, high = self.bounds
        return range(low, high + 1)

    def named(self, label: str) -> Self:
        """Give the slider another label."""
        return replace(self, label=label)


def number_move(spec: SpecT, setting: Setting) -> Move[SpecT]:
    """Make the slider of a plain number."""

    def to(at: int) -> SpecT:
        return changed(spec, {setting.attribute: at})

    value = getattr(spec, setting.attribute)
    return Move(setting.name, setting.label, setting.name, setting.bounds, value, to)


def pair_moves(spec: SpecT, setting: Setting, *, apart: bool) -> Iterator[Move[SpecT]]:
    """Make the slider of a pair, or its two sliders."""
    pair: Pair = getattr(spec, setting.attribute)

    def both(at: int) -> SpecT:
        return changed(spec, {setting.attribute: (at, at)})

    def rows(at: int) -> SpecT:
        return changed(spec, {setting.attribute: (at, pair[1])})

    def columns(at: int) -> SpecT:
        return changed(spec, {setting.attribute: (pair[0], at)})

    if not apart:
        yield Move(setting.name, setting.label, setting.name, setting.bounds, pair[0], both)
        return
    for axis, to in enumerate((rows, columns)):
        name, label = f"{setting.name}_{AXES[axis]}", f"{setting.label} {AXES[axis]}"
        yield Move(name, label, setting.name, setting.bounds, pair[axis], to, axis)


def padding_moves(spec: SpecT, padding: Sides, bounds: Pair, *, apart: bool, sides: bool) -> Iterator[Move[SpecT]]:
    """Make the sliders of the padding: one, two or four. `padding` is what they show, whatever the spec calls it."""

    def setter(axes: tuple[int, ...], ends: tuple[int, ...]) -> Callable[[int], SpecT]:
        def to(at: int) -> SpecT:
            (top, bottom), (left, right) = (
                [at if axis in axes and end in ends else padding[axis][end] for end in (0, 1)] for axis in (0, 1)
            )
            return changed(spec, {"padding": ((top, bottom), (left, right))})

        return to

    for axes in [(0,), (1,)] if apart else [(0, 1)]:
        for ends in [(0,), (1,)] if sides else [(0, 1)]:
            word = _padding_word(axes, ends)
            name, label = (f"padding_{word}", f"Padding {word}") if word else ("padding", "Padding")
            only = axes[0] if apart else None
            yield Move(name, label, "padding", bounds, padding[axes[0]][ends[0]], setter(axes, ends), only)


def _padding_word(axes: tuple[int, ...], ends: tuple[int, ...]) -> str:
    if len(axes) == 2:
        return "" if len(ends) == 2 else ENDS[ends[0]]
    return AXES[axes[0]] if len(ends) == 2 else SIDES[axes[0]][ends[0]]


def differs(spec: Askable, attributes: tuple[str, ...]) -> bool:
    """Tell whether the rows differ from the columns in one of these pairs: then one slider cannot stand for both."""
    pairs = (getattr(spec, attribute) for attribute in attributes)
    return any(not isinstance(pair, str) and pair[0] != pair[1] for pair in pairs)


def together(spec: SpecT, attributes: tuple[str, ...]) -> SpecT:
    """Give the columns what the rows have in these pairs."""
    pairs = {attribute: getattr(spec, attribute) for attribute in attributes}
    return changed(spec, {name: pair if isinstance(pair, str) else (pair[0], pair[0]) for name, pair in pairs.items()})


def is_uneven(padding: str | Sides) -> bool:
    """Tell whether some padding differs before and after."""
    return not isinstance(padding, str) and any(before != after for before, after in padding)


def even(spec: SpecT) -> SpecT:
    """Give the end of each axis the padding of its beginning."""
    padding: str | Sides = getattr(spec, "padding")  # noqa: B009 - not every spec has one
    if isinstance(padding, str):
        return spec
    (top, _), (left, _) = padding
    return changed(spec, {"padding": ((top, top), (left, left))})


def changed(spec: SpecT, values: Mapping[str, Any]) -> SpecT:
    """Change some attributes of a spec, as `dataclasses.replace` does, in half its time.

    >>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
    >>> changed(ConvolutionSpec(), {"stride": (2, 1)}) == replace(ConvolutionSpec(), stride=(2, 1))
    True
    """
    kind = spec.__class__
    names, read = _attributes(kind)
    return kind(**{**dict(zip(names, read(spec), strict=True)), **values})


@lru_cache(maxsize=64)
def _attributes(kind: type[Askable]) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]:
    """Name the attributes of a spec, and make the function that reads all of them."""
    names = tuple(kind.__dataclass_fields__)
    return names, attrgetter(*names)
