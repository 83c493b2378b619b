"""Small pictures of the maps that feed a map."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from cnnviz.figures.palette import MAPS
from cnnviz.figures.unit import LARGEST_SIDE, Card, cards_html, coloured, shrunk


def card(**changes: object) -> Card:
    values = {
        "title": "Map <3>", "plane": np.arange(12.0).reshape(3, 4), "kind": "score", "weights": np.eye(2),
        "part": np.ones((3, 4)), "adds": -0.25, "window": (0.0, 0.25, 0.5, 0.5), "cell": (0.0, 0.0, 0.1, 0.1),
    }  # fmt: skip
    return Card(**{**values, **changes})  # type: ignore[arg-type]


def pictures(html: str) -> list[Image.Image]:
    return [Image.open(io.BytesIO(base64.b64decode(data))) for data in re.findall(r"base64,([^\"]+)", html)]


def test_a_card_shows_map_kernel_and_result() -> None:
    html = cards_html([card(), card(dark=True)], "light")
    assert [one.size for one in pictures(html)] == [(4, 3), (2, 2), (4, 3)] * 2
    assert "Map &lt;3&gt;" in html
    assert "adds −0.25" in html
    assert html.count("off: zero") == 1
    assert len(re.findall('alt="[^"]+"', html)) == 6
    assert "top:0.00%;left:25.00%;height:50.00%;width:50.00%" in html


def test_a_weight_of_its_own_is_a_number_and_a_dense_layer_has_no_map() -> None:
    html = cards_html([card(weights=np.array([[-0.5]]), part=None)], "dark")
    assert "<b>−0.5</b>" in html
    assert len(pictures(html)) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["signed", "score"])
def test_the_ends_of_the_scale_are_those_of_the_palette(kind: str, theme: str) -> None:
    plane = np.array([[-2.0, 0.0, 2.0]])
    ends = [f"#{''.join(f'{one:02x}' for one in pixel)}" for pixel in coloured(plane, kind, theme)[0]]
    stops = MAPS[theme][kind]
    assert ends[2] == stops[-1]
    assert ends[0] == stops[0]
    assert ends[1] == (stops[3] if kind == "signed" else stops[0])


def test_large_maps_are_sent_small() -> None:
    assert max(shrunk(np.zeros((224, 224)), LARGEST_SIDE).shape) <= LARGEST_SIDE
    assert shrunk(np.zeros((5, 7)), LARGEST_SIDE).shape == (5, 7)
    assert coloured(np.zeros((2, 2)), "grey", "light").tolist() == np.zeros((2, 2, 3)).tolist()
