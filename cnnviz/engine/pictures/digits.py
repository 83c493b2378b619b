"""Handwritten digits that our digits network never saw, and drawings made to look like them.

>>> digit(7, hand=3).shape, MOST_HANDS
((28, 28), 100)

The digits are a sheet in assets/networks: a row of a hundred for every digit.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.engine.pictures.gallery import DIGIT_SIDE

SHEET = Path(__file__).resolve().parents[3] / "assets" / "networks" / "digits.png"
MOST_HANDS = 100
_INSIDE = 20  # MNIST fits every digit into 20 by 20 ...
_EMPTY = 16  # ... and what is darker than this counts as no ink


@lru_cache(maxsize=1)
def digit_sheet() -> NDArray[np.uint8]:
    """Give all of them: (10 digits, 100 hands, 28, 28), white on black; cannot be written to."""
    with Image.open(SHEET) as sheet:
        pixels = np.asarray(sheet.convert("L"))
    digits = pixels.reshape(10, DIGIT_SIDE, MOST_HANDS, DIGIT_SIDE).transpose(0, 2, 1, 3).copy()
    digits.flags.writeable = False
    return digits


def digit(number: int, hand: int) -> NDArray[np.uint8]:
    """Give a digit as one of a hundred hands wrote it."""
    found: NDArray[np.uint8] = digit_sheet()[number, hand]
    return found


def centred(drawing: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Scale a drawing, white on black, into 20 by 20 and move its centre of mass to the middle, as MNIST did.

    >>> strokes = np.zeros((280, 280), np.uint8)
    >>> strokes[20:120, 40:60] = 255  # a 1 in a corner
    >>> found = centred(strokes)
    >>> rows, cols = np.nonzero(found > 127)
    >>> int(rows.min()), int(rows.max()), int(cols.min()), int(cols.max())
    (4, 23, 12, 15)
    """
    ink = drawing > _EMPTY
    if not ink.any():
        return np.zeros((DIGIT_SIDE, DIGIT_SIDE), np.uint8)
    rows, cols = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    cut = drawing[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    scale = _INSIDE / max(cut.shape)
    height, width = (max(1, round(side * scale)) for side in cut.shape)
    small = np.asarray(Image.fromarray(cut).resize((width, height), Image.Resampling.BOX), dtype=float)
    total = small.sum()
    row, col = ((small.sum(1 - axis) @ np.arange(side)) / total for axis, side in enumerate(small.shape))
    sheet = np.zeros((DIGIT_SIDE, DIGIT_SIDE), np.uint8)
    middle = (DIGIT_SIDE - 1) / 2
    top, left = (int(np.clip(round(middle - at), 0, DIGIT_SIDE - side)) for at, side in ((row, height), (col, width)))
    sheet[top : top + height, left : left + width] = np.rint(small)
    return sheet
