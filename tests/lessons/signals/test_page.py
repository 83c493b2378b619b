"""The Signals lesson as Streamlit runs it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.signals.examples import SIGNALS_PRESETS
from tests.serving import ROOT
from tests.ui.lesson import words

PAGE = str(ROOT / "pages" / "signals.py")


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def url(app: AppTest) -> dict[str, str]:
    return {name: text[0] if isinstance(text, list) else text for name, text in app.query_params.items()}


def test_the_lesson_opens() -> None:
    app = opened()
    assert app.header[0].value == "Signals"
    assert "d − (s − 1) = 9 − (3 − 1) = 7" in words(app)
    assert "nn.Conv1d(1, 1, kernel_size=3, bias=False)" in app.code[0].value
    assert "np.convolve(x, w[::-1]" in app.code[2].value
    assert len(app.get("bidi_component")) == 1


@pytest.mark.parametrize("preset", SIGNALS_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_with_its_note(preset) -> None:
    app = opened(**preset.state)
    assert preset.note in words(app)
    assert len(app.code) == 3


def test_an_impossible_setting_keeps_the_page() -> None:
    app = opened(n="2")
    assert not app.code
    assert url(app) == {"n": "2"}


def test_a_drawn_signal_reaches_the_link() -> None:
    app = opened(n="5")
    edits = [["input", 0, 1, "-4"], ["laid", 0, 2, "1/2"], ["input", 0, 30, "1"], ["input", 0, 3, "two"]]
    app.session_state["signals"] = {"commit": {"seq": 1, "state": {"n": "5"}, "edits": edits}}
    app.run()
    assert url(app) == {"n": "5", "xe": "0.1 -4", "we": "0.2 0.5"}


def test_a_typed_signal_sets_the_length() -> None:
    app = opened()
    app.text_area[0].set_value("1 2 3 4 5 6")
    app.button[0].click().run()
    assert url(app) == {"n": "6", "x": "1 2 3 4 5 6"}
    app.text_area[0].set_value("1 2\n3 4")
    app.button[0].click().run()
    assert "in one row" in app.error[0].value


def slide_of(app: AppTest) -> dict[str, Any]:
    (slide,) = app.get("bidi_component")
    return json.loads(json.loads(slide.proto.json))


def slid(app: AppTest, seq: int, state: dict[str, str]) -> None:
    """The page after a hand moved the function."""
    app.session_state["signals_slide"] = {"commit": {"seq": seq, "state": state, "edits": []}}
    app.run()
    assert not app.exception


def test_a_slide_believes_nothing() -> None:
    app = opened(part="functions")
    slid(app, 1, {"part": "functions", "t": "900", "f": "<b>"})
    assert url(app) == {"part": "functions"}
    assert len(app.warning) == 2


def test_functions_move_with_the_link() -> None:
    app = opened(part="functions", f="box", g="decay", t="5")
    slide = slide_of(app)
    assert (slide["at"], slide["times"][slide["at"]], slide["areas"][slide["at"]]) == (45, "0.5", "0.632")
    assert "a capacitor" in words(app)
    slid(app, 1, {"part": "functions", "g": "decay", "t": "-3"})
    assert slide_of(app)["seq"] == 1
    assert url(app) == {"part": "functions", "g": "decay", "t": "-3"}
    app.selectbox[0].select("sine").run()
    app.toggle[0].set_value(True).run()
    assert url(app) == {"part": "functions", "f": "sine", "g": "decay", "swap": "1", "t": "-3"}
    assert not app.exception


def test_both_parts_keep_their_state() -> None:
    app = opened(n="7", p="full")
    app.radio[0].set_value("functions").run()
    assert url(app) == {"part": "functions"}
    slid(app, 1, {"part": "functions", "t": "10"})
    app.radio[0].set_value("cells").run()
    assert url(app) == {"n": "7", "p": "full"}
    assert len(app.get("bidi_component")) == 1
    app.radio[0].set_value("functions").run()
    assert url(app) == {"part": "functions", "t": "10"}
    assert not app.exception


def test_what_cannot_be_read_is_named() -> None:
    app = opened(part="functions", f="cosine", t="99")
    assert len(app.warning) == 2
    assert url(app) == {"part": "functions"}
