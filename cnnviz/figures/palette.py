"""The colours of every figure, for light and dark pages, as plain constants that travel to the browser as they are.

Each scale runs from the negative end over zero to the positive end. Orange is always negative; the positive
hue tells the role of a grid: blue input, violet kernel, teal output. The cell text reads with a contrast of at
least 4.5 : 1 everywhere on every scale, and no two things that differ only in colour look alike to a
colour-blind eye: both are kept by tests.

>>> PALETTE["light"]["scales"]["input"]
[[0.0, '#f0a35e'], [0.5, '#fafafa'], [1.0, '#66a3e0']]
>>> PALETTE["dark"]["text"], DASHES["weight"]
('#f5f7fa', 'dash')
"""

from __future__ import annotations

from typing import Any

PALETTE: dict[str, dict[str, Any]] = {
    "light": {
        "scales": {
            "input": [[0.0, "#f0a35e"], [0.5, "#fafafa"], [1.0, "#66a3e0"]],
            "kernel": [[0.0, "#f0a35e"], [0.5, "#fafafa"], [1.0, "#d9a5e6"]],
            "output": [[0.0, "#f0a35e"], [0.5, "#fafafa"], [1.0, "#4db8a4"]],
        },
        "text": "#14181f",
        "muted": "#4f5b6b",
        "line": "#aab4c0",
        "hatch": "#66717f",
        "outline": "#2f3a47",
        "unread": "#4f5b6b",
        "accents": {"window": "#8a2a06", "weight": "#1c0b2b", "output": "#0a458a"},
        "frames": {"red": "#d1242f", "green": "#1a7f37", "blue": "#0969da"},
        "paper": "#ffffff",
    },
    "dark": {
        "scales": {
            "input": [[0.0, "#96500f"], [0.5, "#1b212b"], [1.0, "#2464ad"]],
            "kernel": [[0.0, "#96500f"], [0.5, "#1b212b"], [1.0, "#8f3f9e"]],
            "output": [[0.0, "#96500f"], [0.5, "#1b212b"], [1.0, "#14705f"]],
        },
        "text": "#f5f7fa",
        "muted": "#b3bdca",
        "line": "#4f5a69",
        "hatch": "#8d98a8",
        "outline": "#d5dce5",
        "unread": "#b3bdca",
        "accents": {"window": "#ffd54a", "weight": "#ffffff", "output": "#8fd0ff"},
        "frames": {"red": "#ff7b72", "green": "#3fb950", "blue": "#58a6ff"},
        "paper": "#0e1117",
    },
}
"""`scales`: stops for each role, zero in the middle. `text`: numbers and titles. `muted`: second-rank text.
`line`: the lines between cells. `hatch`: the padding ring. `outline`: the dashed line around the data.
`unread`: the crosses on cells that no window reads. `accents`: what is highlighted at the moment.
`frames`: round the channels of a colour picture, whose titles name the colour. `paper`: the page behind it all, which
figures leave transparent."""

DASHES = {"window": "solid", "weight": "dash", "output": "dot"}
"""The line of each accent, so that no highlight is told by its colour alone."""

MAPS: dict[str, dict[str, list[str]]] = {
    "light": {
        "signed": ["#7a3300", "#d06a10", "#f3b98a", "#fafafa", "#93bdec", "#2f75c4", "#12336b"],
        "score": ["#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838"],
    },
    "dark": {
        "signed": ["#ffcf9f", "#e0802b", "#7a4212", "#10141c", "#1d4a86", "#4f93e0", "#bcd8ff"],
        "score": ["#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838"],
    },
}
"""Colours of whole pictures, evenly spaced stops. `signed`: negative over zero to positive, orange to blue, zero the
colour of the page. `score`: low to high, even in lightness, and as readable to a colour-blind eye. Numbers on them are
black or white, whichever reads better: one of the two always has 4.5 : 1."""
