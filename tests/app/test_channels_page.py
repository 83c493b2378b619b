"""The Channels lesson as Streamlit runs it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.spec.channels_presets import CHANNELS_PRESETS
from tests.serving import ROOT

PAGE = str(ROOT / "pages" / "channels.py")


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(markdown.value for markdown in app.markdown)


def test_the_lesson_opens() -> None:
    app = opened()
    assert app.header[0].value == "Channels and groups"
    assert "every output channel reads all 3 input channels" in words(app)
    assert [metric.value for metric in app.metric] == ["54 weights", "33 weights"]
    assert "nn.Conv2d(3, 2, kernel_size=3, bias=False)" in app.code[0].value
    assert list(app.table[0].value["PyTorch"]) == ["(1, 3, 5, 5)", "(2, 3, 3, 3)", "(1, 2, 3, 3)"]


@pytest.mark.parametrize("preset", CHANNELS_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_with_its_note(preset) -> None:
    app = opened(**preset.state)
    assert preset.note in words(app)
    assert len(app.code) == 3


def test_an_impossible_layer_keeps_the_page() -> None:
    app = opened(c="4", o="6", g="3")
    assert not app.code and not app.metric
    assert dict(app.query_params) == {"c": "4", "o": "6", "g": "3"}


def test_what_cannot_be_read_leaves_the_link() -> None:
    app = opened(c="99", k="2")
    assert dict(app.query_params) == {"k": "2"}
    assert "nn.Conv2d(3, 2, kernel_size=2, bias=False)" in app.code[0].value


def test_two_steps_say_their_ratio() -> None:
    app = opened(o="4", layer="separable")
    assert any(r"\frac{1}{4} + \frac{1}{3^2}" in formula.value for formula in app.latex)
    assert "69 weights fewer than the dense layer" in words(app)
