"""Draws the samples that are no photographs: `python assets/samples/make.py`. The same seeds give the same pictures.

Everything here is made by this script and given to the public domain (CC0), as SOURCES.md says.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent
SIZE = 384
FINE = 8  # digits and shapes are drawn so much larger, then reduced: that is what makes their edges soft
DIGIT = 28
WRITERS = 8

# Strokes on a square of 20 x 20: lists of points, joined by smooth curves.
STROKES: dict[int, list[list[tuple[float, float]]]] = {
    0: [[(10, 1), (4, 5), (4, 14), (10, 19), (16, 14), (16, 5), (10, 1)]],
    1: [[(6, 5), (11, 1), (11, 19)]],
    2: [[(4, 5), (8, 1), (15, 3), (14, 9), (4, 19), (10, 18), (17, 19)]],
    3: [[(5, 3), (11, 1), (15, 5), (10, 9), (16, 13), (12, 19), (4, 17)]],
    4: [[(13, 19), (13, 1)], [(13, 1), (3, 13), (18, 13)]],
    5: [[(15, 1), (6, 1), (5, 9), (12, 8), (16, 13), (11, 19), (4, 17)]],
    6: [[(14, 1), (7, 6), (4, 13), (8, 19), (15, 16), (13, 11), (5, 12)]],
    7: [[(4, 2), (16, 2), (9, 19)]],
    8: [[(10, 9), (5, 5), (10, 1), (15, 5), (10, 9), (4, 14), (10, 19), (16, 14), (10, 9)]],
    9: [[(15, 7), (9, 10), (5, 6), (10, 1), (15, 5), (15, 12), (11, 19)]],
}
SHARP = {1, 4, 7}


def zone_plate() -> Image.Image:
    """Rings that grow finer outwards, up to two pixels a period at the border: whatever aliases shows here."""
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    return grey(0.5 + 0.5 * np.cos(math.pi * (x * x + y * y) / SIZE))


def stripes() -> Image.Image:
    """Bands of upright stripes of 1, 2, 3, 4, 6 and 8 pixels; in the lower half they lie."""
    half = np.zeros((SIZE // 2, SIZE))
    widths = (1, 2, 3, 4, 6, 8)
    band = SIZE // len(widths)
    for number, width in enumerate(widths):
        columns = np.arange(band)
        half[:, number * band : (number + 1) * band] = columns // width % 2
    lying = np.repeat(np.repeat([[0.0]], SIZE // 2, 0), SIZE, 1)
    for number, width in enumerate(widths):
        rows = np.arange(SIZE // 2)[:, None]
        lying[:, number * band : (number + 1) * band] = rows // width % 2
    return grey(np.vstack([half, lying]))


def edges() -> Image.Image:
    """A step down, a step up, a ramp, one-pixel lines at four angles, and a slanted half: edges of every kind."""
    picture = np.full((SIZE, SIZE), 0.25)
    picture[:, SIZE // 6 : SIZE // 3] = 0.85
    ramp = np.clip((np.arange(SIZE) - SIZE / 2) / (SIZE / 6), 0, 1)
    picture[: SIZE // 2, SIZE // 2 :] = 0.25 + 0.6 * ramp[SIZE // 2 :]
    y, x = np.mgrid[:SIZE, :SIZE]
    lower = (y >= SIZE // 2) & (x >= SIZE // 2)
    picture[lower & (x + 2 * y > 2.1 * SIZE)] = 0.85
    image = grey(picture)
    draw = ImageDraw.Draw(image)
    middle, reach = (SIZE * 5 // 12, SIZE // 4), SIZE // 14
    for turn in range(4):
        angle = math.pi * turn / 4
        down, along = reach * math.sin(angle), reach * math.cos(angle)
        draw.line((middle[0] - along, middle[1] - down, middle[0] + along, middle[1] + down), fill=255)
    return image


def checkerboard() -> Image.Image:
    """Squares of 32, 8, 2 and 1 pixels, a quarter each."""
    y, x = np.mgrid[: SIZE // 2, : SIZE // 2]
    quarters = [((y // side) + (x // side)) % 2 for side in (32, 8, 2, 1)]
    return grey(np.block([[quarters[0], quarters[1]], [quarters[2], quarters[3]]]).astype(float))


def shapes() -> Image.Image:
    """Discs, squares, triangles and rings in plain colours."""
    chance = np.random.default_rng(7)
    colours = ("#d1242f", "#1a7f37", "#0969da", "#f0b400", "#8250df", "#14181f")
    image = Image.new("RGB", (SIZE * 4, SIZE * 4), "#f6f1e7")
    draw = ImageDraw.Draw(image)
    cell = SIZE  # four by four cells of the enlarged picture
    for number in range(16):
        row, column = divmod(number, 4)
        radius = cell * chance.uniform(0.26, 0.42)
        middle = cell * (column + 0.5), cell * (row + 0.5)
        colour = colours[int(chance.integers(len(colours)))]
        box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
        turn = float(chance.uniform(0, 90))
        match (number + row) % 4:
            case 0:
                draw.ellipse(box, fill=colour)
            case 1:
                draw.regular_polygon((*middle, radius), 4, rotation=turn, fill=colour)
            case 2:
                draw.regular_polygon((*middle, radius), 3, rotation=turn, fill=colour)
            case _:
                draw.ellipse(box, outline=colour, width=round(radius * 0.35))
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def digits() -> Image.Image:
    """Ten digits a row, each 28 x 28, in eight hands: white strokes on black."""
    chance = np.random.default_rng(28)
    sheet = Image.new("L", (10 * DIGIT, WRITERS * DIGIT))
    for writer in range(WRITERS):
        slant, width = chance.uniform(-0.25, 0.3), chance.uniform(1.7, 2.8)
        for digit in range(10):
            sheet.paste(one_digit(digit, slant, width, chance), (digit * DIGIT, writer * DIGIT))
    return sheet


def one_digit(digit: int, slant: float, width: float, chance: np.random.Generator) -> Image.Image:
    """Draw a digit with a slant and a pen, and with a hand that is not quite steady."""
    image = Image.new("L", (DIGIT * FINE, DIGIT * FINE))
    draw = ImageDraw.Draw(image)
    stretch = chance.uniform(0.88, 1.05, 2)
    for stroke in STROKES[digit]:
        points = np.array(stroke) + chance.normal(0, 0.45, (len(stroke), 2))
        curve = points if digit in SHARP else smooth(points)
        around = (curve - 10) * stretch
        around[:, 0] -= slant * around[:, 1]
        pen = [(float(x), float(y)) for x, y in (around + DIGIT / 2) * FINE]
        draw.line(pen, fill=255, width=round(width * FINE), joint="curve")
        for x, y in (pen[0], pen[-1]):
            radius = width * FINE / 2
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return image.resize((DIGIT, DIGIT), Image.Resampling.BOX)


def smooth(points: np.ndarray) -> np.ndarray:
    """Lay a Catmull-Rom curve through the points."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 16, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*parts, points[-1:]])


def grey(values: np.ndarray) -> Image.Image:
    """Turn 0..1 into a grey picture."""
    return Image.fromarray(np.rint(255 * values).astype(np.uint8))


DRAWN = {
    "zone": zone_plate, "stripes": stripes, "edges": edges, "checkerboard": checkerboard, "shapes": shapes,
    "digits": digits,
}  # fmt: skip

if __name__ == "__main__":
    for name, draw_it in DRAWN.items():
        draw_it().save(FOLDER / f"{name}.png", optimize=True)
