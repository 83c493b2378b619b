"""The desk of one spec: it makes the controls of a stage, each with the spec and the query of every position.

>>> from cnnviz.stage.moves import Setting, number_move
>>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
>>> desk = Desk(ConvolutionSpec())
>>> slider = desk.slider(number_move(ConvolutionSpec(), Setting("seed", "seed", "Seed", (0, 3))))
>>> [option.query for option in slider.options][:2]
[{}, {'seed': '1'}]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Generic

from cnnviz.engine.grids import CUSTOM, GridSource
from cnnviz.errors import SpecError
from cnnviz.stage.controls import Control, Mend, Option, Query
from cnnviz.stage.moves import Move, SpecT, changed
from cnnviz.state.preset import Preset

MOST_MENDS = 4
AxisCheck = Callable[[int, SpecT], object]
"""Given an axis and a spec: raise the error of this axis, if it has one whatever the other axis is."""

Also = Callable[[SpecT, str], tuple[tuple[str, str], ...]]
"""Given the spec of an option and the name of its control: the other controls that it moves, and where to."""


class Desk(Generic[SpecT]):
    """Make controls for a spec, while rows and columns, or the sides of the padding, are together or apart."""

    def __init__(self, spec: SpecT, *, apart: bool = False, sides: bool = False) -> None:
        self.spec = spec
        self.locks = ({"apart": "1"} if apart else {}) | ({"sides": "1"} if sides else {})

    def query(self, spec: SpecT) -> Query:
        """Write the whole state of a spec, the locks included."""
        return spec.to_query() | self.locks

    def option(self, value: str, label: str, spec: SpecT, group: str = "") -> Option[SpecT]:
        """Make one position of a control."""
        return Option(value, label, self.query(spec), spec, group)

    def slider(self, move: Move[SpecT], also: Also[SpecT] | None = None) -> Control[SpecT]:
        """Make a slider, with a picture of every position."""
        options = [self.option(str(at), str(at), move.to(at)) for at in move.positions]
        return Control(move.name, move.label, "slider", str(move.value), _with(options, move.name, also), live=True)

    def choice(
        self,
        name: str,
        label: str,
        value: str,
        specs: Mapping[str, tuple[str, SpecT]],
        *,
        help: str = "",
        also: Also[SpecT] | None = None,
        live: bool = True,
    ) -> Control[SpecT]:
        """Make a row of buttons of which one is on: value -> label and spec."""
        options = [self.option(word, text, spec) for word, (text, spec) in specs.items()]
        return Control(name, label, "choice", value, _with(options, name, also), live=live, help=help)

    def patterns(self, attribute: str, label: str, patterns: Mapping[str, str]) -> Control[SpecT]:
        """Make the list of what can fill a grid; typed or changed numbers stand in it as “Your own”."""
        source: GridSource = getattr(self.spec, attribute)
        filled = {word: changed(self.spec, {attribute: GridSource(word)}) for word in patterns}
        options = [self.option(word, text, filled[word]) for word, text in patterns.items()]
        own = bool(source.edits) or source.pattern == CUSTOM
        if own:
            options.append(self.option(CUSTOM, "Your own", self.spec))
        return Control(attribute, label, "select", CUSTOM if own else source.pattern, tuple(options))

    def presets(self, presets: Iterable[Preset]) -> Control[SpecT]:
        """Make the list of examples; an example replaces the whole state."""
        here = self.spec.to_query()
        options = tuple(Option(one.name, one.title, dict(one.state), self.spec, one.group) for one in presets)
        value = next((option.value for option in options if option.query == here), "")
        return Control("preset", "Example", "select", value, options, whole=True)

    def reroll(self, bounds: tuple[int, int], attributes: Sequence[str]) -> Control[SpecT]:
        """Make the button for new random numbers; where nothing is random yet, the first grid becomes it."""
        low, high = bounds
        seed: int = getattr(self.spec, "seed")  # noqa: B009 - only specs with a seed come here
        fresh = changed(self.spec, {"seed": low + (seed - low + 1) % (high - low + 1)})
        if all(getattr(self.spec, attribute).pattern != "random" for attribute in attributes):
            fresh = changed(fresh, {attributes[0]: GridSource("random")})
        label = "New random numbers"
        return Control("reroll", label, "button", "", (self.option("", label, fresh),))

    def lock(self, name: str, label: str, joined: SpecT) -> Control[SpecT]:
        """Make the switch that takes settings apart; `joined` is the spec when they come together again."""
        rest = {key: value for key, value in self.locks.items() if key != name}
        off = Option("0", "together", joined.to_query() | rest, joined)
        on = Option("1", "apart", self.spec.to_query() | rest | {name: "1"}, self.spec)
        return Control(name, label, "switch", "1" if name in self.locks else "0", (off, on))

    def mends(
        self, moves: Iterable[Move[SpecT]], check: Callable[[SpecT], object], axis: AxisCheck[SpecT] | None = None
    ) -> list[Mend]:
        """Find the nearest settings that work: the smallest step of every slider that mends the spec, nearest first.

        `axis` checks one axis by itself, whatever the other is: no slider of the rows mends the columns.
        """
        broken = {at for at in (0, 1) if axis and not works(self.spec, partial(axis, at))}
        able = (move for move in moves if move.axis is None or broken <= {move.axis})
        found = sorted(self._steps(able, check), key=lambda pair: pair[0])
        return [mend for _, mend in found[:MOST_MENDS]]

    def _steps(self, moves: Iterable[Move[SpecT]], check: Callable[[SpecT], object]) -> Iterator[tuple[int, Mend]]:
        for move in moves:
            for at in sorted(move.positions, key=lambda at: abs(at - move.value)):
                other = move.to(at)
                if other != self.spec and works(other, check):
                    yield abs(at - move.value), Mend(f"{move.label} {at}", self.query(other))
                    break


def works(spec: SpecT, check: Callable[[SpecT], object]) -> bool:
    """Tell whether a spec can be computed."""
    try:
        check(spec)
    except SpecError:
        return False
    return True


def _with(options: Iterable[Option[SpecT]], name: str, also: Also[SpecT] | None) -> tuple[Option[SpecT], ...]:
    if also is None:
        return tuple(options)
    moved = ((option, also(option.spec, name)) for option in options)
    return tuple(
        Option(option.value, option.label, option.query, option.spec, option.group, others) if others else option
        for option, others in moved
    )
