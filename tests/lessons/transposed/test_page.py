"""The lesson on transposed convolution: what is on the page for a link, and what a stage's commit changes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.transposed.examples import TRANSPOSED_PRESETS
from cnnviz.lessons.transposed.spec import VIEWS
from cnnviz.lessons.transposed.words import explain_cost
from tests.lessons.transposed.specs import traced
from tests.serving import ROOT
from tests.ui.lesson import MAIN, pack, state

WORDS = ["Why this size?", "Which size does it lead back to?", "How the stamps overlap", "What it costs"]
CODE = ["The same in code", "As an ordinary convolution"]


def opened(link: str = "", **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "transposed.py"), default_timeout=30)
    for name, text in (dict(parse_qsl(link)) | query).items():
        page.query_params[name] = text
    return page.run()


def committed(page: AppTest, seq: int, link: str = "", edits: list[Any] | None = None) -> AppTest:
    page.session_state["transposed"] = {"commit": {"seq": seq, "state": dict(parse_qsl(link)), "edits": edits or []}}
    return page.run()


def assert_sound(page: AppTest) -> None:
    assert not page.exception
    assert [header.value for header in page.header] == ["Transposed convolution"]
    body = pack(page)
    assert "scene" in body["here"] or "error" in body["here"]


def shape(page: AppTest) -> str:
    body = pack(page)
    return body["scenes"][body["here"]["scene"]]["shape"]


def test_the_default_page() -> None:
    page = opened()
    assert_sound(page)
    assert state(page) == {}
    assert shape(page) == "3×3 → 7×7"
    assert [heading.value for heading in page.subheader] == WORDS + CODE


def test_the_page_opens_from_the_menu() -> None:
    page = AppTest.from_file(MAIN, default_timeout=30).run().switch_page("../../pages/transposed.py").run()
    assert_sound(page)


@pytest.mark.parametrize("how", VIEWS)
def test_every_view_opens(how: str) -> None:
    page = opened("p=1", how=how)
    assert_sound(page)
    headings = [heading.value for heading in page.subheader]
    assert headings == (["There and back"] if how == "round" else []) + WORDS + CODE


def test_words_and_code_have_the_learners_numbers() -> None:
    page = opened("p=1&op=1")
    size, relation = (block.value for block in page.latex)
    assert "= 7 - 2 + 1 = 6" in size
    assert r"2\cdot(3-1) + 1 + 3 - 2\cdot 1 = 6" in relation
    layer, numbers, keras = (block.value for block in page.code)
    assert "stride=2, padding=1, output_padding=1" in layer
    assert "F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1)" in numbers
    assert "Conv2DTranspose" in keras
    cost = explain_cost(traced(p="1", op="1"))
    assert [metric.value for metric in page.metric] == [f"{n:,}" for n in (cost.weights, cost.stamps, cost.matrix)]
    words = [text.value for text in page.markdown]
    assert any("for the sizes 5 and 6 alike" in text for text in words)
    assert any("does not append zeros" in text for text in words)


@pytest.mark.parametrize("link", ["op=2", "n=8&s=3", "n=6&how=matrix", "n=1&p=4"])
def test_an_impossible_link_shows_a_stage_and_no_words(link: str) -> None:
    page = opened(link)
    assert_sound(page)
    body = pack(page)
    assert body["errors"][body["here"]["error"]]["mends"]
    assert not page.latex
    assert not page.code


def test_bad_values_are_named_and_the_rest_is_kept() -> None:
    page = opened("n=4&op=x&how=film")
    assert_sound(page)
    assert state(page) == {"n": "4"}
    assert [message.split(",")[0] for message in pack(page)["messages"]] == [
        "The link asks for output padding “x”",
        "The link asks for the view “film”",
    ]


@pytest.mark.parametrize("preset", TRANSPOSED_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_with_its_note(preset) -> None:
    page = opened(**preset.state)
    assert_sound(page)
    assert any(preset.note in text.value for text in page.markdown)
    assert pack(page)["controls"][0]["value"] == preset.name


def test_a_commit_changes_the_page_and_the_link() -> None:
    page = committed(opened(), 1, "s=3&how=zeros")
    assert_sound(page)
    assert state(page) == {"s": "3", "how": "zeros"}
    assert shape(page) == "3×3 → 9×9"
    assert pack(page)["seq"] == 1


@pytest.mark.parametrize(
    ("link", "edit", "query"),
    [
        ("", ["input", 0, 1, "9"], {"xe": "0.1 9"}),
        ("how=zeros", ["kernel", 2, 2, "-1"], {"how": "zeros", "we": "2.2 -1"}),
        ("how=round", ["image", 6, 6, "5"], {"how": "round", "xe": "6.6 5"}),
    ],
)
def test_cells_can_be_typed_into(link: str, edit: list[Any], query: dict[str, str]) -> None:
    assert state(committed(opened(link), 1, link, [edit])) == query
