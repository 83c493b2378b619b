"""Brightness, contrast, saturation, hue, blur and noise on floats from 0 to 255 (H, W, 3), as torchvision defines them.

>>> red = np.array([[[255, 0, 0]]], np.float32)
>>> turn_hue(red.copy(), 120).tolist(), saturate(red.copy(), 0).round().tolist()
([[[0.0, 255.0, 0.0]]], [[[76.0, 76.0, 76.0]]])
>>> brighten(np.array([[[100, 200, 0]]], np.float32), 1.5).tolist()
[[[150.0, 255.0, 0.0]]]

Each function may change the array that it is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.convolution import convolve
from cnnviz.engine.pictures.decode import LUMA

Floats = NDArray[np.float32]

WHITE = 255.0
BLOCK = 1 << 14
"""Pixels at a time: their planes stay in the cache."""
REACH = 3
"""A blur's window ends after three deviations."""
SEXTANTS = (5, 3, 1)
"""From HSV back to RGB: where the channels red, green and blue stand on the circle of six."""


def brighten(x: Floats, factor: float) -> Floats:
    """Multiply by a factor; what gets brighter than white is white."""
    x *= np.float32(factor)
    return np.clip(x, 0, WHITE, out=x)


def stretch(x: Floats, factor: float) -> Floats:
    """Change the contrast: stretch about the mean of the picture's grey."""
    flat = x.reshape(-1, 3)
    mean = np.ones(len(flat), np.float32) @ flat / len(flat)
    x *= np.float32(factor)
    x += np.float32((1 - factor) * float(mean @ np.array(LUMA, np.float32)))
    return np.clip(x, 0, WHITE, out=x)


def saturate(x: Floats, factor: float) -> Floats:
    """Stretch each pixel about its own grey; 0 makes the picture grey."""
    weights = np.array(LUMA, np.float32) * np.float32(1 - factor)
    for block in _blocks(x):
        grey = (block @ weights)[:, None]
        np.multiply(block, np.float32(factor), out=block)
        np.add(block, grey, out=block)
        np.clip(block, 0, WHITE, out=block)
    return x


def turn_hue(x: Floats, degrees: float) -> Floats:
    """Turn each pixel's hue on the circle of colours; its largest and smallest number (value, saturation) stay."""
    turn = np.float32(degrees / 60 % 6)
    for block in _blocks(x):
        r, g, b = (np.ascontiguousarray(block[:, channel]) for channel in range(3))
        top = np.maximum(np.maximum(r, g), b)
        spread = top - np.minimum(np.minimum(r, g), b)
        safe = np.where(spread > 0, spread, np.float32(1))
        hue = np.where(top == r, g - b, np.where(top == g, b - r, r - g)) / safe
        hue += np.where(top == r, np.float32(0), np.where(top == g, np.float32(2), np.float32(4))) + turn
        for channel, start in enumerate(SEXTANTS):
            place = hue + np.float32(start)
            place -= np.floor(place / 6) * 6
            amount = np.clip(np.minimum(place, 4 - place), 0, 1)
            block[:, channel] = top - spread * amount
    return x


def blur(x: Floats, sigma: float) -> Floats:
    """Filter by a Gaussian; beyond the border the picture is mirrored.

    >>> blur(np.full((4, 5, 3), 7, np.float32), 1.5)[0, 0].round(4).tolist()
    [7.0, 7.0, 7.0]
    """
    planes = np.ascontiguousarray(x.transpose(2, 0, 1))[:, None]
    for axis in (0, 1):
        line = gaussian(sigma, x.shape[axis]).astype(np.float32)
        kernel = line.reshape((1, 1, -1, 1) if axis == 0 else (1, 1, 1, -1))
        pads = tuple(side // 2 for side in kernel.shape[2:])
        planes = convolve(planes, kernel, padding=pads, padding_mode="reflect")
    return np.ascontiguousarray(planes[:, 0].transpose(1, 2, 0))


def gaussian(sigma: float, side: int) -> NDArray[np.float64]:
    """Give the window of a Gaussian for an axis of this length: odd, and short enough to be mirrored once."""
    reach = min(max(1, math.ceil(REACH * sigma)), max(side - 1, 0))
    line = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.asarray(line / line.sum())


def _blocks(x: Floats) -> Iterator[Floats]:
    flat = x.reshape(-1, 3)
    for start in range(0, len(flat), BLOCK):
        yield flat[start : start + BLOCK]
