"""The Volumes lesson as Streamlit runs it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.volumes.examples import VOLUMES_PRESETS
from tests.serving import ROOT
from tests.ui.lesson import words

PAGE = str(ROOT / "pages" / "volumes.py")


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_the_lesson_opens() -> None:
    app = opened()
    assert app.header[0].value == "Volumes"
    assert "| Input | (1, 1, 4, 5, 5) | N, C, D, H, W |" in words(app)
    assert "| (2+1)-D, the film | 1×3×3, 3×1×1 | 12 | 378 |" in words(app)
    assert "nn.Conv3d(1, 1, kernel_size=3, bias=False)" in app.code[0].value
    assert "F.conv3d(x, w)" in app.code[1].value
    assert app.latex[1].value.count(r"\dfrac") == 3


VIEWS = [("1", "nn.Conv1d", 2), ("2", "nn.Conv2d", 2), ("3", "nn.Conv3d", 3)]


@pytest.mark.parametrize(("dims", "layer", "codes"), VIEWS)
def test_each_view_has_its_layer(dims: str, layer: str, codes: int) -> None:
    app = opened(dim=dims)
    assert layer in app.code[0].value
    assert len(app.code) == codes
    assert app.latex[1].value.count(r"\dfrac") == int(dims)


@pytest.mark.parametrize("preset", VOLUMES_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_with_its_note(preset) -> None:
    assert preset.note in words(opened(**preset.state))


def test_an_impossible_film_keeps_the_page() -> None:
    app = opened(n="2x5")
    assert not app.code and not app.latex
    assert dict(app.query_params) == {"n": "2x5"}


def test_what_cannot_be_read_leaves_the_link() -> None:
    app = opened(n="99", k="2")
    assert dict(app.query_params) == {"k": "2"}
    assert "kernel_size=2" in app.code[0].value


def test_a_film_is_pasted_whole() -> None:
    app = opened(k="2x1", p="1", at="y0.0.0")
    app.selectbox[0].set_value("Film")
    app.text_area[0].set_value("1 2\n3 4\n\n5 6\n7 8")
    next(button for button in app.button if button.label == "Use these numbers").click().run()
    assert not app.exception
    assert app.query_params["n"] == "2"
    assert app.query_params["at"] == "y0.0.0"
    assert "torch.randn(1, 1, 2, 2, 2)" in app.code[0].value
