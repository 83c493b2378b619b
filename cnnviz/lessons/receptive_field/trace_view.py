"""A picture with all but a receptive field in fog, and the ways to a unit as powers of ten.

>>> foggy(np.full((1, 2, 3), 255, np.uint8), np.array([[True, False]])).tolist()
[[[255, 255, 255], [138, 138, 138]]]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.pictures.fitted import Pixels
from cnnviz.engine.pictures.grey import luma

FOG = 112
SEEN_THROUGH = 0.18


def foggy(pixels: Pixels, mask: NDArray[np.bool_]) -> Pixels:
    """Let the field stand clear, and the rest in grey fog."""
    return np.where(mask[..., None], pixels, _fog(pixels)).astype(np.uint8)


def clear_as(pixels: Pixels, weight: NDArray[np.float32]) -> Pixels:
    """Let every pixel stand as clear as it weighs: at 1 as it is, at 0 in fog, and half clear at a quarter.

    >>> clear_as(np.full((1, 3, 3), 255, np.uint8), np.array([[1, 0.25, 0]], np.float32))[0, :, 0].tolist()
    [255, 196, 138]
    """
    share = np.sqrt(weight)[..., None]
    return np.rint(share * pixels + (1 - share) * _fog(pixels)).astype(np.uint8)


def _fog(pixels: Pixels) -> Pixels:
    fog = np.rint(FOG * (1 - SEEN_THROUGH) + SEEN_THROUGH * luma(pixels)).astype(np.uint8)
    return np.asarray(fog[..., None], dtype=np.uint8)


def log_ways(ways: NDArray[np.float64]) -> NDArray[np.float32]:
    """Write how many ways there are as powers of ten; a pixel without any has no value.

    >>> log_ways(np.array([[1000.0, 0.0]])).tolist()
    [[3.0, nan]]
    """
    with np.errstate(divide="ignore"):
        powers = np.log10(ways)
    return np.where(ways > 0, powers, np.nan).astype(np.float32)
