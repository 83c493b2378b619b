"""A drawing as a picture: strokes of a round brush with soft edges.

>>> from cnnviz.engine.pictures.drawing import Drawing
>>> one = Drawing((((300, 100), (280, 500)),))
>>> as_digit(one).shape, as_picture(one).shape
((28, 28), (256, 256, 3))
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from cnnviz.engine.pictures.digits import centred
from cnnviz.engine.pictures.drawing import ACROSS, Drawing

Pixels = NDArray[np.uint8]
SHEET = 280
"""Ten times a digit's side: what is centred and reduced."""
PICTURE = 256
_FINE = 2  # drawn so many times as large, then reduced: soft edges


def as_digit(drawing: Drawing) -> Pixels:
    """Draw white on black, and make a digit of it as MNIST did: (28, 28)."""
    return centred(ink(Drawing(drawing.strokes, drawing.pen), SHEET))


def as_picture(drawing: Drawing) -> Pixels:
    """Draw in the drawing's colours, where the strokes are: (256, 256, 3)."""
    front, back = (np.array([int(one[i : i + 2], 16) for i in (0, 2, 4)]) for one in drawing.colours)
    shades = np.rint(back + (front - back) * np.linspace(0, 1, 256)[:, None]).astype(np.uint8)
    picture: Pixels = shades[ink(drawing, PICTURE)]
    return picture


def ink(drawing: Drawing, side: int) -> Pixels:
    """Say how much ink is where: (side, side), from 0 to 255.

    >>> ink(Drawing((((500, 500),),), pen=200), 10)[4:6, 4:6].min() > 99
    np.True_
    """
    scale = side * _FINE / ACROSS
    width = max(1.0, drawing.pen * scale)
    sheet = Image.new("L", (side * _FINE, side * _FINE))
    brush = ImageDraw.Draw(sheet)
    for stroke in drawing.strokes:
        points = [(x * scale - 0.5, y * scale - 0.5) for x, y in stroke]  # Pillow counts from the middle of a pixel
        if drawing.fill and len(points) > 2:
            brush.polygon(points, fill=255)
        if len(points) > 1:
            brush.line(points, fill=255, width=round(width))
        for x, y in points:  # round ends and round corners
            brush.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255)
    return np.asarray(sheet.reduce(_FINE))
