"""Pictures side by side, as the viewer in the browser gets them: one message of panels, controls and codes.

>>> before = Panel("Before", np.zeros((4, 6), np.uint8), alt="Nothing")
>>> head, parts = unwrap(message([before]))
>>> head["panels"][0]["title"], head["panels"][0]["size"], len(parts)
('Before', [4, 6], 1)
>>> unwrap(message([before], have=[head["panels"][0]["digest"]]))[1]
[]
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from cnnviz.figures.codes import Array, digest_of, encode

Kind = Literal["rgb", "grey", "signed", "score"]
"""How a panel is coloured: as it is; black to white; orange over neutral zero to blue; dark blue to yellow."""

MOST_PANELS = 6
HEAD_BYTES = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle on a panel, in the panel's own pixels: a window, a patch, the best match.

    `style` is one of "window" (solid), "weight" (dashed), "output" (dotted): colour and line together.
    """

    row: int
    column: int
    height: int = 1
    width: int = 1
    label: str = ""
    style: Literal["window", "weight", "output"] = "window"


@dataclass(frozen=True, eq=False)
class Panel:
    """One picture of the viewer.

    `array` is (H, W), or (H, W, 3) for kind "rgb": uint8 or any integers or floats, as they are: the numbers that the
    viewer writes are these. NaN is a cell without a value.
    """

    title: str
    array: Array
    kind: Kind = "grey"
    alt: str = ""
    """What there is to see, for those who do not see it. Always give one."""
    step: tuple[float, float] = (1, 1)
    """How many pixels of the shared picture one pixel of this panel spans, down and along (a stride)."""
    offset: tuple[float, float] = (0, 0)
    """Where the panel's first pixel begins on the shared picture (1, 1 for a 3x3 kernel without padding)."""
    low: float | None = None
    """The value of the darkest colour; None: 0 for grey and rgb, -high for signed, the smallest value for score."""
    high: float | None = None
    """The value of the brightest colour; None: 255 for grey and rgb, else the largest (absolute) value."""
    marks: Sequence[Mark] = ()
    linked: bool = True
    """False: the panel shows all of itself, whatever the others show (a kernel, a patch)."""
    click: bool = False
    """A click (or Enter) on a pixel answers with (panel, row, column)."""
    drag: bool = False
    """A rectangle can be drawn on it; the answer has the box."""
    tint: Literal["", "red", "green", "blue"] = ""
    """For grey: black to this colour, and a frame of it."""
    words: Sequence[Sequence[str]] | None = None
    """For uint8: what to write for each of the values 0..255, once for each channel. Default: the value."""
    about: str = ""
    """What stands below while nothing is pointed at; empty: the size in pixels (no news for a sheet of small ones)."""
    decimals: int | None = None
    """How many decimals to keep; None: as many as two bytes hold (five digits)."""

    def __post_init__(self) -> None:
        """Refuse what no browser could draw."""
        shape = self.array.shape
        if len(shape) != (3 if self.kind == "rgb" else 2) or (self.kind == "rgb" and shape[2] != 3) or 0 in shape:
            raise ValueError(f"A panel of kind {self.kind!r} cannot show an array of shape {shape}.")


@dataclass(frozen=True, slots=True)
class Slider:
    """A slider on the viewer. `name` is its name in the URL; values are written with the fewest decimals.

    `words` maps a value's text to what stands beside the slider instead of it.
    """

    name: str
    label: str
    low: float
    high: float
    value: float
    step: float = 1
    help: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """Buttons of which one is pressed: `options` maps the URL's word to its label."""

    name: str
    label: str
    options: Mapping[str, str]
    value: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off; in answers and URLs "1" or "0"."""

    name: str
    label: str
    value: bool
    help: str = ""


Control = Slider | Choice | Switch


def message(
    panels: Sequence[Panel],
    *,
    controls: Sequence[Control] = (),
    have: Collection[str] = (),
    **more: Any,
) -> bytes:
    """Write panels as one message; the codes of arrays that the browser has (by their digests) are left out."""
    if not 1 <= len(panels) <= MOST_PANELS:
        raise ValueError(f"The viewer shows 1 to {MOST_PANELS} panels, not {len(panels)}.")
    bodies: dict[str, bytes] = {}
    told = [_panel(panel, have, bodies) for panel in panels]
    head = json.dumps(
        {"panels": told, "controls": [_control(one) for one in controls], **more}, separators=(",", ":")
    ).encode()
    return b"".join([len(head).to_bytes(HEAD_BYTES, "little"), head, *bodies.values()])


def unwrap(body: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Read a message, as the browser does."""
    start = HEAD_BYTES + int.from_bytes(body[:HEAD_BYTES], "little")
    head = json.loads(body[HEAD_BYTES:start])
    parts = []
    for panel in head["panels"]:
        if panel["length"]:
            parts.append(body[start : start + panel["length"]])
            start += panel["length"]
    return head, parts


def _panel(panel: Panel, have: Collection[str], bodies: dict[str, bytes]) -> dict[str, Any]:
    name = f"{digest_of(panel.array)}{'' if panel.decimals is None else panel.decimals}"
    low, high = span(panel)
    told: dict[str, Any] = {
        "title": panel.title, "alt": panel.alt, "kind": panel.kind, "size": list(panel.array.shape[:2]),
        "step": list(panel.step), "offset": list(panel.offset), "low": low, "high": high, "linked": panel.linked,
        "click": panel.click, "drag": panel.drag, "tint": panel.tint, "words": panel.words,
        **({"about": panel.about} if panel.about else {}),
        "marks": [[m.row, m.column, m.height, m.width, m.label, m.style] for m in panel.marks],
        "digest": name, "length": 0,
    }  # fmt: skip
    if name not in have and name not in bodies:
        codes = encode(panel.array, panel.decimals)
        bodies[name] = codes.body
        told |= {
            "length": len(codes.body), "bytes": codes.bytes_each, "decimals": codes.decimals,
            "channels": codes.channels,
        }  # fmt: skip
    return told


def span(panel: Panel) -> tuple[float, float]:
    """Give the values of a panel's first and last colour.

    >>> span(Panel("Edges", np.array([[-3.0, 1.0]]), "signed"))
    (-3.0, 3.0)
    """
    low, high = panel.low, panel.high
    if panel.kind in {"rgb", "grey"}:
        return (0.0 if low is None else low), (255.0 if high is None else high)
    if panel.kind == "signed":
        ends = [abs(end) for end in (low, high) if end is not None]
        reach = max(ends) if ends else float(max(-np.nanmin(panel.array), np.nanmax(panel.array), 0))
        return -(reach or 1.0), reach or 1.0
    least = float(np.nanmin(panel.array)) if low is None else low
    most = float(np.nanmax(panel.array)) if high is None else high
    return least, most if most > least else least + 1


def _control(control: Control) -> dict[str, Any]:
    if isinstance(control, Slider):
        return {
            "type": "slider", "name": control.name, "label": control.label, "help": control.help,
            "low": control.low, "high": control.high, "step": control.step, "value": control.value,
            "words": dict(control.words),
        }  # fmt: skip
    told = {"name": control.name, "label": control.label, "help": control.help}
    if isinstance(control, Choice):
        return {"type": "choice", **told, "options": list(control.options.items()), "value": control.value}
    return {"type": "switch", **told, "value": "1" if control.value else "0"}
