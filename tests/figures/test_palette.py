"""Contrast by WCAG 2; colour blindness by the matrix of Machado, Oliveira and Fernandes (2009) for deuteranopia."""

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest

from cnnviz.figures.palette import DASHES, PALETTE

THEMES = list(PALETTE)
ROLES = list(PALETTE["light"]["scales"])

DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.119192, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def linear(colour: np.ndarray) -> np.ndarray:
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def luminance(colour: np.ndarray) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def seen(colour: np.ndarray) -> np.ndarray:
    """The colour in Lab, as a deuteranope sees it."""
    xyz = TO_XYZ @ np.clip(DEUTERANOPIA @ linear(colour), 0, 1) / WHITE
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, other: str) -> float:
    return float(np.linalg.norm(seen(rgb(one)) - seen(rgb(other))))


def along(scale: list[list[Any]]) -> list[np.ndarray]:
    colours = [rgb(colour) for _, colour in scale]
    return [low + (high - low) * part for low, high in pairwise(colours) for part in np.linspace(0, 1, 65)]


def test_contrast_of_black_and_white_is_21():
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", ROLES)
def test_numbers_are_readable_on_every_colour_of_a_scale(theme, role):
    colours = PALETTE[theme]
    assert min(contrast(rgb(colours["text"]), cell) for cell in along(colours["scales"][role])) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", ROLES)
def test_highlights_stand_out_on_every_colour_of_a_scale(theme, role):
    colours = PALETTE[theme]
    for accent in colours["accents"].values():
        assert min(contrast(rgb(accent), cell) for cell in along(colours["scales"][role])) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_marks_are_visible_on_the_page(theme):
    colours = PALETTE[theme]
    for name in ("text", "muted"):
        assert contrast(rgb(colours[name]), rgb(colours["paper"])) >= 4.5
    for name in ("hatch", "outline", "unread"):
        assert contrast(rgb(colours[name]), rgb(colours["paper"])) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", ROLES)
def test_sign_is_seen_without_red_and_green(theme, role):
    negative, zero, positive = (colour for _, colour in PALETTE[theme]["scales"][role])
    assert min(distance(negative, positive), distance(negative, zero), distance(zero, positive)) >= 25


@pytest.mark.parametrize("theme", THEMES)
def test_roles_and_highlights_differ_without_red_and_green(theme):
    roles = [scale[-1][1] for scale in PALETTE[theme]["scales"].values()]
    accents = PALETTE[theme]["accents"].values()
    assert min(distance(*pair) for pair in combinations(roles, 2)) >= 10
    assert min(distance(*pair) for pair in combinations(accents, 2)) >= 25


def test_highlights_differ_without_any_colour():
    for colours in PALETTE.values():
        assert colours["accents"].keys() == DASHES.keys()
    assert len(set(DASHES.values())) == len(DASHES)


def test_both_themes_have_the_same_keys():
    assert PALETTE["light"].keys() == PALETTE["dark"].keys()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", ROLES)
def test_zero_is_in_the_middle_and_orange_is_negative(theme, role):
    scale = PALETTE[theme]["scales"][role]
    assert [stop for stop, _ in scale] == [0.0, 0.5, 1.0]
    assert scale[0] == PALETTE[theme]["scales"]["input"][0]
