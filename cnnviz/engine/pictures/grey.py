"""Colour pictures in grey, by Rec. 601, as Pillow has it.

>>> luma(np.array([[[0, 255, 0]]], np.uint8)).tolist()
[[150]]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LUMA_65536 = (19595, 38470, 7471)
"""Rec. 601 in units of 1/65536, as Pillow's convert("L") has it."""


def luma(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make a colour picture grey in whole numbers, exactly as Pillow's ``convert("L")`` does.

    >>> luma(np.array([[[255, 0, 0], [10, 20, 30]]], np.uint8)).tolist()
    [[76, 18]]
    """
    red, green, blue = (pixels[..., k].astype(np.uint32) * weight for k, weight in enumerate(LUMA_65536))
    total = red
    total += green
    total += blue
    total += 1 << 15
    total >>= 16
    return total.astype(np.uint8)
