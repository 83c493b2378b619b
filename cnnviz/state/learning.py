"""What the settings of all trainings have in common: their speeds, and reading them where a training begins.

>>> from cnnviz.state.query import parse_int
>>> whole = Field("seed", "the seed", parse_int(0, 9), str, 1)
>>> read_settings((whole,), {"seed": "start"}, {"start": 4})
{'start': 4}
>>> read_settings((whole,), {"seed": "start"}, {"start": 12})
Traceback (most recent call last):
cnnviz.errors.SpecError: The setting “start” is no good: the largest is 9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnnviz.errors import SpecError
from cnnviz.quoting import one_line
from cnnviz.state.numbers import parse_number
from cnnviz.state.query import Field, parse_choice

PACES = {0: "Full speed", 5: "5 steps a second", 20: "20 steps a second", 60: "60 steps a second"}
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
"""Learning rates that a slider offers."""
RATE_BOUNDS = (0.0001, 1.0)
MOST_SEED = 9999


def parse_real(low: float, high: float, decimals: int) -> Callable[[str], float]:
    """Make a reader of a number between two bounds, rounded.

    >>> parse_real(0, 0.6, 2)("0.155")
    0.15
    """

    def parse(text: str) -> float:
        value = round(float(parse_number(text)), decimals)
        if not low <= value <= high:
            raise SpecError("", f"it goes from {low:g} to {high:g}")
        return value

    return parse


def show_real(value: float) -> str:
    """Write a number as short as it can be read back.

    >>> show_real(0.0030)
    '0.003'
    """
    return f"{value:.10g}" if isinstance(value, float | int) else str(value)


def parse_pace(text: str) -> int:
    """Read how many steps a second there shall be; 0: as fast as it goes."""
    return int(parse_choice([str(pace) for pace in PACES])(text))


def read_settings(
    fields: Sequence[Field], attributes: Mapping[str, str], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Read what an experiment was told, as carefully as a link."""
    names = {attributes[field.name]: field for field in fields}
    unknown = [name for name in settings if name not in names]
    if unknown:
        raise SpecError("settings", f"This experiment has no setting “{one_line(unknown[0])}”.")
    found: dict[str, Any] = {}
    for name, value in settings.items():
        try:
            found[name] = names[name].parse(names[name].show(value))
        except SpecError as error:
            raise SpecError(name, f"The setting “{name}” is no good: {error.message}.") from error
    return found
