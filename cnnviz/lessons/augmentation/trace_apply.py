"""Make a variant of a picture from what was drawn.

>>> picture = np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)
>>> apply(picture, Drawn(hflip=True)).tolist()
[[[255, 255, 255], [0, 0, 0]]]
>>> apply(picture, Drawn(weight=0.8), second=np.full((1, 2, 3), 100, np.uint8))[..., 0].tolist()
[[20, 224]]

Places first, all in one matrix so that pixels are mixed only once; then colours, damage, and the second picture.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.engine.pictures.sampling import Border, Matrix
from cnnviz.engine.pictures.warp import compose, warp
from cnnviz.lessons.augmentation.spec_ops import CUT_GREY
from cnnviz.lessons.augmentation.trace_colour import WHITE, Floats, blur, brighten, saturate, stretch, turn_hue
from cnnviz.lessons.augmentation.trace_draw import NOISE, SALT, Drawn, Size, cut_box, matrix_of, paste_box, steps_of

Pixels = NDArray[np.uint8]


def apply(
    pixels: Pixels,
    drawn: Drawn,
    *,
    second: Pixels | None = None,
    border: Border = "zeros",
    size: Size | None = None,
    grey: bool = False,
    sigma: float | None = None,
) -> Pixels:
    """Make the variant; `size` gives a small copy, `grey` says that all channels get the same noise.

    `second` is a picture of the same size as the variant; without it nothing is mixed. `sigma` is the blur's
    deviation where pixels are larger than those of the full picture.
    """
    out = size or (pixels.shape[0], pixels.shape[1])
    x = _placed(pixels, drawn, border, out)
    x = _coloured(x, drawn)
    if drawn.blur:
        x = blur(x, drawn.blur if sigma is None else sigma)
    x = _damaged(x, drawn, grey=grey)
    box = cut_box(drawn, out)
    if box:
        x[_window(box)] = CUT_GREY * WHITE
    if second is not None:
        x = _mixed(x, drawn, second)
    return np.rint(x).astype(np.uint8)


def _placed(pixels: Pixels, drawn: Drawn, border: Border, out: Size) -> Floats:
    """Move the pixels; give a copy in floats."""
    size = (pixels.shape[0], pixels.shape[1])
    if not steps_of(drawn, size) and out == size:
        return pixels.astype(np.float32)
    matrix = compose(matrix_of(drawn, size), resize(size, out))
    return np.ascontiguousarray(
        warp(pixels.astype(np.float32), matrix, size=out, border=border, order="bilinear"), np.float32
    )


def resize(size: Size, out: Size) -> Matrix:
    """Shrink or enlarge the whole picture; the corners of the outermost pixels stay corners.

    >>> resize((4, 4), (2, 2)).tolist()
    [[0.5, 0.0, -0.25], [0.0, 0.5, -0.25]]
    """
    down, along = out[0] / size[0], out[1] / size[1]
    return np.array([[down, 0, (down - 1) / 2], [0, along, (along - 1) / 2]])


def _coloured(x: Floats, drawn: Drawn) -> Floats:
    if drawn.bright != 1:
        x = brighten(x, drawn.bright)
    if drawn.contrast != 1:
        x = stretch(x, drawn.contrast)
    if drawn.sat != 1:
        x = saturate(x, drawn.sat)
    if drawn.hue:
        x = turn_hue(x, drawn.hue)
    return x


def _damaged(x: Floats, drawn: Drawn, *, grey: bool) -> Floats:
    height, width = x.shape[:2]
    if drawn.noise:
        stream = np.random.Generator(np.random.PCG64((*drawn.seed, NOISE)))
        noise = stream.standard_normal((height, width, 1 if grey else 3), dtype=np.float32)
        noise *= np.float32(drawn.noise * WHITE)
        x += noise
        np.clip(x, 0, WHITE, out=x)
    if drawn.salt:
        stream = np.random.Generator(np.random.PCG64((*drawn.seed, SALT)))
        chance = stream.random((height, width), dtype=np.float32)
        x[chance < drawn.salt / 2] = 0
        x[chance >= 1 - drawn.salt / 2] = WHITE
    return x


def _mixed(x: Floats, drawn: Drawn, second: Pixels) -> Floats:
    if drawn.weight != 1:
        x *= np.float32(drawn.weight)
        x += second * np.float32(1 - drawn.weight)
    box = paste_box(drawn, (x.shape[0], x.shape[1]))
    if box:
        x[_window(box)] = second[_window(box)]
    return x


def _window(box: tuple[int, int, int, int]) -> tuple[slice, slice]:
    row, column, height, width = box
    return slice(row, row + height), slice(column, column + width)


def fitted(pixels: Pixels, size: Size) -> Pixels:
    """Bring a picture to a size: cut to the proportions, from the middle, and resampled."""
    if pixels.shape[:2] == size:
        return pixels
    (height, width), (H, W) = size, pixels.shape[:2]
    zoom = min(H / height, W / width)
    part_height, part_width = min(height * zoom, H), min(width * zoom, W)
    top, left = (H - part_height) / 2, (W - part_width) / 2  # the part may not be larger by rounding
    image = Image.fromarray(pixels).resize(
        (width, height), Image.Resampling.BILINEAR, box=(left, top, left + part_width, top + part_height)
    )
    return np.asarray(image)


def reduced(pixels: Pixels, longest: int) -> Pixels:
    """Reduce a picture so that no side is longer; a smaller one stays as it is."""
    return fitted(pixels, reduced_size((pixels.shape[0], pixels.shape[1]), longest))


def reduced_size(size: Size, longest: int) -> Size:
    """Give the size of a picture once it is reduced.

    >>> reduced_size((300, 450), 128), reduced_size((28, 28), 128)
    ((85, 128), (28, 28))
    """
    part = min(1, longest / max(size))
    return max(1, round(size[0] * part)), max(1, round(size[1] * part))
