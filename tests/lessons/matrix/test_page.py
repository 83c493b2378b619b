"""The lesson on the matrix form: what is on the page for a link, and what a stage's commit changes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.matrix.examples import MATRIX_PRESETS
from tests.serving import ROOT
from tests.ui.lesson import MAIN, pack, state

HEADINGS = ["How the matrix reads", "Zeros and shared weights", "Three layers of this size"]
CODE = ["The same in code", "Why this many rows?", "Nobody builds it"]


def opened(link: str = "", **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "matrix.py"), default_timeout=30)
    for name, text in (dict(parse_qsl(link)) | query).items():
        page.query_params[name] = text
    return page.run()


def committed(page: AppTest, seq: int, link: str = "", edits: list[Any] | None = None) -> AppTest:
    page.session_state["matrix"] = {"commit": {"seq": seq, "state": dict(parse_qsl(link)), "edits": edits or []}}
    return page.run()


def assert_sound(page: AppTest) -> None:
    assert not page.exception
    assert [header.value for header in page.header] == ["Matrix form"]
    body = pack(page)
    assert "scene" in body["here"] or "error" in body["here"]


def shape(page: AppTest) -> str:
    body = pack(page)
    return str(body["scenes"][body["here"]["scene"]]["shape"])


def test_the_default_page() -> None:
    page = opened()
    assert_sound(page)
    assert state(page) == {}
    assert shape(page) == "4×4 → 2×2"
    assert [heading.value for heading in page.subheader] == HEADINGS + CODE
    assert [metric.value for metric in page.metric] == ["64", "44%", "9"]
    assert any("16 × 4 = **64**" in text.value for text in page.markdown)


def test_the_page_opens_from_the_menu() -> None:
    assert_sound(AppTest.from_file(MAIN, default_timeout=30).run().switch_page("../../pages/matrix.py").run())


@pytest.mark.parametrize("preset", MATRIX_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_with_its_note(preset) -> None:
    page = opened(**preset.state)
    assert_sound(page)
    assert any(preset.note in text.value for text in page.markdown)
    assert pack(page)["controls"][0]["value"] == preset.name


def test_the_small_matrix_stands_as_a_formula() -> None:
    formulas = [block.value for block in opened("n=1x5&k=1x3&flip=1").latex]
    assert r"\begin{bmatrix} w_3 & w_2 & w_1 & 0 & 0 \\ 0 & w_3 & w_2 & w_1 & 0 \\" in formulas[0]
    assert "3 & 2 & 1" in formulas[1]


@pytest.mark.parametrize("link", ["n=2", "n=10", "n=6&how=layers", "n=2&p=1&mode=circular"])
def test_an_impossible_link_shows_a_stage_and_no_words(link: str) -> None:
    page = opened(link)
    assert_sound(page)
    body = pack(page)
    assert body["errors"][body["here"]["error"]]["mends"]
    assert not page.latex
    assert not page.code


def test_bad_values_are_named_and_the_rest_is_kept() -> None:
    page = opened("n=3&k=2&mode=mirror&how=film")
    assert_sound(page)
    assert state(page) == {"n": "3", "k": "2"}
    assert [message.split(",")[0] for message in pack(page)["messages"]] == [
        "The link asks for padding mode “mirror”",
        "The link asks for the view “film”",
    ]


def test_a_commit_changes_the_page_and_the_link() -> None:
    page = committed(opened(), 1, "n=5&s=2", [("kernel", 0, 0, "7")])
    assert_sound(page)
    assert state(page) == {"n": "5", "s": "2", "we": "0.0 7"}
    assert shape(page) == "5×5 → 2×2"
