"""A picture cut and scaled to the shape of a network's input.

>>> fitted(np.zeros((40, 60, 3), np.uint8), 20, 20, 3).shape
(20, 20, 3)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.engine.pictures.grey import luma

Pixels = NDArray[np.uint8]


def fitted(pixels: Pixels, height: int, width: int, channels: int) -> Pixels:
    """Cut a picture to the shape of the input around its middle, and scale it; grey for a network of one channel."""
    rows, columns = pixels.shape[:2]
    if rows * width > columns * height:
        tall, wide = columns * height / width, float(columns)
    else:
        tall, wide = float(rows), rows * width / height
    top, left = (rows - tall) / 2, (columns - wide) / 2
    small = Image.fromarray(np.asarray(pixels)).resize(
        (width, height), Image.Resampling.LANCZOS, box=(left, top, left + wide, top + tall)
    )
    result = np.asarray(small, dtype=np.uint8)
    if channels == 1:
        result = np.repeat(luma(result)[..., None], 3, axis=2).astype(np.uint8)
    return np.ascontiguousarray(result)
