"""The message to the viewer: its head, its codes, and what is left out of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnviz.figures.codes import Codes, decode
from cnnviz.figures.palette import MAPS
from cnnviz.figures.panels import Choice, Mark, Panel, Slider, Switch, message, span, unwrap

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4)
SIGNED = GREY.astype(np.float32) - 4.5


def decoded(panel: dict[str, Any], body: bytes) -> np.ndarray:
    return decode(Codes(body, panel["bytes"], panel["decimals"], panel["channels"]), tuple(panel["size"]))


def test_panels_travel_with_all_that_is_to_be_drawn() -> None:
    mark = Mark(1, 2, 2, 2, "patch", "weight")
    panels = [
        Panel("Before", GREY, alt="A ramp", marks=[mark], click=True),
        Panel("After", SIGNED, "signed", step=(2, 2), offset=(0.5, 0.5), drag=True),
    ]
    head, bodies = unwrap(message(panels, seq=3, look="1.2.3"))
    assert (head["seq"], head["look"]) == (3, "1.2.3")
    first, second = head["panels"]
    assert first["marks"] == [[1, 2, 2, 2, "patch", "weight"]]
    assert (first["click"], second["drag"], second["step"], second["offset"]) == (True, True, [2, 2], [0.5, 0.5])
    assert (second["low"], second["high"]) == (-6.5, 6.5)
    assert np.array_equal(decoded(first, bodies[0]), GREY)
    assert np.array_equal(decoded(second, bodies[1]), SIGNED)


def test_what_the_browser_has_is_not_sent_again() -> None:
    panels = [Panel("Before", GREY), Panel("After", SIGNED, "signed")]
    head, bodies = unwrap(message(panels))
    known = [panel["digest"] for panel in head["panels"]]
    again, fewer = unwrap(message(panels, have=known[:1]))
    assert [panel["length"] for panel in again["panels"]] == [0, len(bodies[1])]
    assert fewer == bodies[1:]
    assert unwrap(message(panels, have=known))[1] == []


def test_the_same_array_twice_travels_once() -> None:
    head, bodies = unwrap(message([Panel("One", GREY), Panel("Two", GREY)]))
    assert len(bodies) == 1
    assert head["panels"][0]["digest"] == head["panels"][1]["digest"]


def test_other_decimals_are_another_array() -> None:
    names = {
        unwrap(message([Panel("x", SIGNED, "signed", decimals=d)]))[0]["panels"][0]["digest"] for d in (None, 1, 3)
    }
    assert len(names) == 3


@pytest.mark.parametrize(
    ("panel", "ends"),
    [
        (Panel("grey", GREY), (0, 255)),
        (Panel("grey", GREY, high=11), (0, 11)),
        (Panel("signed", SIGNED, "signed"), (-6.5, 6.5)),
        (Panel("signed", SIGNED, "signed", high=100), (-100, 100)),
        (Panel("signed", SIGNED * 0, "signed"), (-1, 1)),
        (Panel("signed", -abs(SIGNED), "signed"), (-6.5, 6.5)),
        (Panel("score", SIGNED, "score"), (-4.5, 6.5)),
        (Panel("score", SIGNED * 0, "score"), (0, 1)),
    ],
)
def test_the_ends_of_the_colours(panel: Panel, ends: tuple[float, float]) -> None:
    assert span(panel) == ends


@pytest.mark.parametrize(
    ("kind", "shape"), [("rgb", (3, 4)), ("rgb", (3, 4, 4)), ("grey", (3, 4, 3)), ("grey", (0, 4)), ("score", (4,))]
)
def test_what_cannot_be_drawn_is_refused(kind: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="cannot show an array of shape"):
        Panel("x", np.zeros(shape), kind)  # type: ignore[arg-type]


def test_one_to_six_panels() -> None:
    for count in (0, 7):
        with pytest.raises(ValueError, match="1 to 6 panels"):
            message([Panel("x", GREY)] * count)


def test_controls_travel_as_they_stand_in_the_url() -> None:
    controls: list[Slider | Choice | Switch] = [
        Slider("s", "Stride", 1, 4, 2),
        Choice("m", "Mode", {"zeros": "Zeros", "wrap": "Wrap"}, "wrap"),
        Switch("relu", "ReLU", True),
    ]
    slider, choice, switch = unwrap(message([Panel("x", GREY)], controls=controls))[0]["controls"]
    assert (slider["type"], slider["low"], slider["high"], slider["value"]) == ("slider", 1, 4, 2)
    assert (choice["options"], choice["value"]) == ([["zeros", "Zeros"], ["wrap", "Wrap"]], "wrap")
    assert switch["value"] == "1"


def lightness(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_maps_are_even_in_lightness_and_zero_is_the_page(theme: str) -> None:
    score = [lightness(colour) for colour in MAPS[theme]["score"]]
    assert score == sorted(score)
    signed = [lightness(colour) for colour in MAPS[theme]["signed"]]
    middle = len(signed) // 2
    towards = signed[: middle + 1], signed[middle:][::-1]
    for half in towards:
        assert half == sorted(half, reverse=theme == "dark")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_black_or_white_numbers_read_on_every_colour(theme: str) -> None:
    for colour in (*MAPS[theme]["signed"], *MAPS[theme]["score"]):
        light = lightness(colour)
        ink = 1.05 / (light + 0.05) if light < 0.18 else (light + 0.05) / 0.05
        assert ink >= 4.5
