"""Held-out digits, and drawings that become like them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.networks.seeing.maps import own_eyes, see
from cnnviz.engine.pictures.digits import MOST_HANDS, centred, digit, digit_sheet
from cnnviz.engine.pictures.drawing import Drawing
from cnnviz.engine.pictures.strokes import SHEET, as_digit, as_picture, ink
from tests.drawings import DRAWINGS
from tests.lessons.convolution.specs import examples


def test_the_sheet_holds_a_hundred_hands_and_cannot_be_changed() -> None:
    sheet = digit_sheet()
    assert sheet.shape == (10, MOST_HANDS, 28, 28)
    assert len({one.tobytes() for one in sheet.reshape(-1, 784)}) == 1000
    with pytest.raises(ValueError, match="read-only"):
        digit(3, 4)[0, 0] = 1


def test_the_digits_themselves_are_as_mnist_made_them() -> None:
    """Their own centre of mass lies in the middle, and none is larger than 20 by 20: what `centred` imitates."""
    for picture in digit_sheet()[:, ::10].reshape(-1, 28, 28):
        rows, cols = np.nonzero(picture)
        assert max(np.ptp(rows), np.ptp(cols)) == 19
        weights = picture[rows, cols].astype(float)
        for places in (rows, cols):
            assert abs(places @ weights / weights.sum() - 13.5) < 1.1


@examples(60)
@given(DRAWINGS)
def test_any_drawing_is_fitted_and_centred(drawing: Drawing) -> None:
    found = as_digit(drawing)
    assert found.shape == (28, 28)
    assert found.dtype == np.uint8
    if not drawing.strokes:
        assert not found.any()
        return
    rows, cols = np.nonzero(found)
    assert max(np.ptp(rows), np.ptp(cols)) <= 19
    assert max(np.ptp(rows), np.ptp(cols)) >= 17  # soft edges may fade
    weights = found[rows, cols].astype(float)
    for places in (rows, cols):
        low, high = places.min(), places.max()
        middle = places @ weights / weights.sum()
        assert abs(middle - 13.5) <= 0.75 or low == 0 or high == 27


@examples(20)
@given(DRAWINGS.filter(lambda one: bool(one.strokes)), st.integers(-40, 40), st.integers(-40, 40))
def test_where_on_the_pad_it_was_drawn_makes_no_difference(drawing: Drawing, right: int, down: int) -> None:
    plane = np.pad(ink(Drawing(drawing.strokes, drawing.pen), SHEET), 60)
    assert (centred(plane) == centred(np.roll(plane, (down, right), (0, 1)))).all()


def test_a_line_is_as_wide_as_the_pen_and_has_soft_round_ends() -> None:
    plane = ink(Drawing((((200, 500), (800, 500)),), pen=100), 200)
    assert (plane[100, 42:158] == 255).all()
    assert abs(int((plane[:, 100] > 127).sum()) - 20) <= 1
    assert abs(int((plane[100] > 127).sum()) - 140) <= 1  # half a pen beyond either end
    assert plane[92, 31] == 0  # no corner at the end
    assert len(np.unique(plane)) > 3


def test_a_filled_stroke_has_an_inside_and_its_colours() -> None:
    square = ((200, 200), (800, 200), (800, 800), (200, 800), (200, 200))
    lines, filled = (as_picture(Drawing((square,), 40, ("ffd700", "102040"), fill)) for fill in (False, True))
    assert (lines[128, 128] == (0x10, 0x20, 0x40)).all()
    assert (filled[128, 128] == (0xFF, 0xD7, 0x00)).all()
    assert (as_digit(Drawing((square,), fill=True)) == as_digit(Drawing((square,)))).all()  # digits are lines


SEVEN = ((250, 200), (700, 200), (600, 450), (450, 850))
ONE = ((500, 150), (500, 850))
ZERO = tuple((round(500 + 220 * np.sin(a)), round(500 - 330 * np.cos(a))) for a in np.linspace(0, 2 * np.pi, 30))


@pytest.mark.parametrize(("strokes", "number"), [((SEVEN,), 7), ((ONE,), 1), ((ZERO,), 0)])
def test_the_network_reads_what_is_drawn(strokes, number) -> None:
    eyes = own_eyes("digits_lenet")
    seen = see(eyes, eyes.prepare(as_digit(Drawing(strokes))))
    assert seen.best(1) == [number]
    assert seen.chances[number] > 0.6


def test_the_colour_network_knows_a_filled_triangle() -> None:
    triangle = ((500, 200), (800, 720), (200, 720), (500, 200))
    eyes = own_eyes("shapes_vgg")
    seen = see(eyes, eyes.prepare(as_picture(Drawing((triangle,), 30, ("ffd700", "203060"), fill=True))))
    assert eyes.classes[seen.best(1)[0]] == "triangle"
