"""The words of the Feature maps page.

>>> off_title(("relu1", 3))
'relu1, map 3'
>>> verdict(["3", "8"], [0.9, 0.1], "3")
'Right: 3 with a chance of 90.0 %.'
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnnviz.engine.networks.seeing.maps import Seen
from cnnviz.explain.notation import factor, summand
from cnnviz.lessons.feature_maps.spec import Off
from cnnviz.lessons.feature_maps.trace_end import Ending

COLOURS = {
    "map": "Colours: each map from its own smallest to its own largest value.",
    "layer": "Colours: one scale for all maps of a layer.",
    "net": "Colours: one scale for the whole network.",
}
ORDERS = {"net": "", "act": "Most active first: by the mean of the absolute values."}
HINT = "Point at a cell to read it. Click a map to take it apart. Arrow keys move, X switches a map off."


def off_title(off: Off) -> str:
    """Name a channel."""
    return f"{off[0]}, map {off[1]}"


def verdict(classes: Sequence[str], chances: Sequence[float] | np.ndarray, label: str) -> str:
    """Say what the network takes the picture for."""
    top = int(np.argmax(chances))
    said = f"{classes[top]} with a chance of {100 * chances[top]:.1f} %."
    if not label:
        return said[0].upper() + said[1:]
    return f"Right: {said}" if classes[top] == label else f"Wrong: {said} It is {label}."


def moved(classes: Sequence[str], before: Seen, now: Seen) -> str:
    """Say what switching off did to the class that led before."""
    top = before.best(1)[0]
    other = now.best(1)[0]
    said = f"{classes[top]}: {100 * before.chances[top]:.1f} % → {100 * now.chances[top]:.1f} %"
    return f"{said}; now {classes[other]} leads." if other != top else f"{said}; it still leads."


def flatten_words(end: Ending, name: str) -> str:
    """Say what flattening does, with the numbers of this network."""
    channels, height, width = end.maps.shape
    return (
        f"**Flatten** changes no number: it reads the {channels} maps of {end.layer}, {height}×{width} cells each, one "
        f"after the other, row by row, into one row of {end.row.size:,} numbers. Point at a cell to see where it goes. "
        + (
            f"Class “{name}” has one weight for each of them."
            if end.straight
            else f"Behind it stand dense layers and ReLUs. For this picture each ReLU is either open or shut, so the "
            f"score of “{name}” is a weighted sum of the row; these are the weights."
        )
    )


def flatten_formula(end: Ending) -> str:
    """Write where a cell goes, and the sum."""
    channels, height, width = end.maps.shape
    cell = (channels - 1, height // 2, width // 2)
    return (
        rf"\begin{{aligned}}\text{{index}}(c, r, s) &= {height * width}\,c + {width}\,r + s\\ "
        rf"\text{{index}}({cell[0]}, {cell[1]}, {cell[2]}) &= {end.index(*cell)}\\"
        rf"\text{{score}} &= \sum_{{i=0}}^{{{end.row.size - 1}}} w_i\,x_i + b\\ "
        rf"&= {end.shares.sum():.3f} {summand(f'{end.rest:.3f}')} = {end.score:.3f}\end{{aligned}}"
    )


def pool_words(end: Ending, name: str) -> str:
    """Say what global average pooling does, with the numbers of this network."""
    channels, height, width = end.maps.shape
    return (
        f"**Global average pooling** makes one number of each map: the mean over its {height}×{width} cells. Of "
        f"{channels:,} maps {channels:,} numbers are left, whatever the picture’s size. "
        + (
            f"Class “{name}” has one weight for each of them; number times weight is the map’s share in the score."
            if end.straight
            else f"With the ReLUs of this picture, each has one weight in the score of “{name}”; number times weight "
            "is its share."
        )
    )


def pool_formula(end: Ending) -> str:
    """Write the largest share, and the sum."""
    channels, height, width = end.maps.shape
    top = int(np.argmax(end.shares))
    return (
        rf"\begin{{aligned}}x_{{{top}}} &= \frac{{1}}{{{height}\cdot{width}}}\sum_{{r,s}} "
        rf"\text{{map}}_{{{top}}}(r, s)\\ &= {end.row[top]:.3f}\\ w_{{{top}}}\,x_{{{top}}} &= "
        rf"{end.weights[top]:.3f}\cdot{factor(f'{end.row[top]:.3f}')} = {end.shares[top]:.3f}\\"
        rf"\text{{score}} &= \sum_{{c=0}}^{{{channels - 1}}} w_c\,x_c + b\\ "
        rf"&= {end.shares.sum():.3f} {summand(f'{end.rest:.3f}')} = {end.score:.3f}\end{{aligned}}"
    )
