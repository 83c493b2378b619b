"""A network as a table in which every setting can be typed over.

>>> from cnnviz.engine.networks.layers.kinds import Activation, Conv
>>> table_columns([Node("0", Conv(8, 3)), Node("1", Activation())])[:2]
[('out', 'Out'), ('kernel', 'Kernel')]
>>> {cell.column: cell.text for cell in cells_of(Conv(8, 3, padding=(1, 2)))}["padding"]
'1×2'
>>> typed(Conv(8, 3), "kernel", "3x1"), typed(Conv(8, 3), "out", "16")
({'kernel': (3, 1)}, {'channels': 16})
>>> try:
...     typed(Conv(8, 3), "kernel", "many")
... except SpecError as error:
...     print(error.message)
“many” was not understood: write one number, or one an axis like 3×3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cnnviz.engine.networks.graph import Node
from cnnviz.engine.networks.layers.kinds import Layer
from cnnviz.errors import SpecError
from cnnviz.lessons.build.spec_layers import Setting, read_axes, settings_of, show_axes
from cnnviz.quoting import one_line
from cnnviz.state.query import parse_int

COLUMNS = {
    "out": "Out", "kernel": "Kernel", "stride": "Stride", "padding": "Padding", "dilation": "Dilation",
    "output_padding": "Output padding", "size": "Size", "factor": "Factor", "groups": "Groups", "p": "Dropped",
    "bias": "Bias",
}  # fmt: skip
ALWAYS = ("out", "kernel", "stride", "padding")
NAMES = {"channels": "out", "features": "out", "scale": "factor"}
"""Settings that share a column with others."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; `form` says how it is typed."""

    column: str
    text: str
    form: str


def table_columns(nodes: Iterable[Node]) -> list[tuple[str, str]]:
    """List the columns that these layers need, each with its title."""
    used = {cell.column for node in nodes for cell in cells_of(node.layer)} | set(ALWAYS)
    return [(name, title) for name, title in COLUMNS.items() if name in used]


def cells_of(layer: Layer) -> list[Cell]:
    """List a layer's cells."""
    found = []
    for setting in settings_of(layer):
        column = NAMES.get(setting.name, setting.name)
        if column in COLUMNS:
            found.append(Cell(column, _text(setting, getattr(layer, setting.name)), setting.form))
    return found


def _text(setting: Setting, value: Any) -> str:
    if setting.form == "flag":
        return str(int(bool(value)))
    if setting.form == "axes" and setting.name not in {"scale", "size"}:
        return _short(show_axes(value))
    if setting.form == "axes":
        return _short("×".join("–" if one is None else f"{one:g}" for one in value))
    return f"{value:g}" if setting.form == "share" else str(value)


def _short(text: str) -> str:
    """Write 3×3 as 3."""
    parts = text.split("×")
    return parts[0] if len(set(parts)) == 1 else text


def typed(layer: Layer, column: str, text: str) -> dict[str, Any]:
    """Read what was typed into a cell: the setting that changes; or say what is wrong with it."""
    setting = next((one for one in settings_of(layer) if NAMES.get(one.name, one.name) == column), None)
    if setting is None:
        raise SpecError(column, f"This layer has no {COLUMNS.get(column, column).lower()}.")
    return {setting.name: _read(setting, text.strip(), getattr(layer, "rank", 1))}


def _read(setting: Setting, text: str, rank: int) -> Any:
    low, high = setting.low, setting.high
    if setting.form == "flag":
        return text == "1"
    if setting.form == "share":
        return _share(text)
    if setting.form != "axes":
        try:
            return parse_int(int(low), int(high))(text)
        except SpecError as error:
            raise SpecError(setting.name, f"“{one_line(text, 20)}” is not possible: {error.message}.") from None
    value = read_axes(setting.name, text, rank)
    flat = [] if isinstance(value, str) else [n for one in value for n in (one if isinstance(one, tuple) else (one,))]
    for number in flat:
        if not low <= number <= high:
            way = "small" if number < low else "large"
            limit = f"{low if number < low else high:g}"
            raise SpecError(setting.name, f"“{one_line(text, 20)}” is too {way}: {limit} is the limit here.")
    return value


def _share(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise SpecError("p", f"“{one_line(text, 20)}” was not understood: write a number from 0 to 1, like 0.5.")
    return value
