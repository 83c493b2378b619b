"""The Pooling, Down-sampling and Pixel shuffle lessons as Streamlit runs them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.downsampling.examples import DOWNSAMPLING_PRESETS
from cnnviz.lessons.pooling.examples import POOLING_PRESETS
from cnnviz.lessons.shuffle.examples import SHUFFLE_PRESETS
from tests.serving import ROOT
from tests.ui.lesson import MAIN, pack, state, words

PAGES = {"pooling": "Pooling", "downsampling": "Down-sampling", "shuffle": "Pixel shuffle"}
EXAMPLES = {"pooling": POOLING_PRESETS, "downsampling": DOWNSAMPLING_PRESETS, "shuffle": SHUFFLE_PRESETS}
PRESETS = [(page, preset) for page, presets in EXAMPLES.items() for preset in presets]


def opened(name: str, link: str = "", **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=30)
    for key, text in (dict(parse_qsl(link)) | query).items():
        page.query_params[key] = text
    page.run()
    assert not page.exception
    assert [header.value for header in page.header] == [PAGES[name]]
    return page


def committed(page: AppTest, key: str, link: str, edits: list[Any] | None = None, seq: int = 1) -> AppTest:
    page.session_state[key] = {"commit": {"seq": seq, "state": dict(parse_qsl(link)), "edits": edits or []}}
    return page.run()


def shape(page: AppTest) -> str:
    body = pack(page)
    return body["scenes"][body["here"]["scene"]]["shape"]


@pytest.mark.parametrize("name", PAGES)
def test_a_lesson_opens_from_the_menu(name: str) -> None:
    page = AppTest.from_file(MAIN, default_timeout=30).run().switch_page(f"../../pages/{name}.py").run()
    assert not page.exception
    assert state(page) == {}


@pytest.mark.parametrize(("name", "preset"), PRESETS, ids=[f"{name}-{preset.name}" for name, preset in PRESETS])
def test_every_example_opens_with_its_note(name: str, preset: Any) -> None:
    page = opened(name, **preset.state)
    assert preset.note in words(page)
    assert state(page).items() >= preset.state.items()


def test_the_words_of_pooling() -> None:
    page = opened("pooling")
    assert shape(page) == "6×6 → 3×3"
    assert [metric.value for metric in page.metric] == ["0", "27", "9 of 36"]
    assert "nn.MaxPool2d(2)" in page.code[0].value
    assert [heading.value for heading in page.subheader] == [
        "Why this size?",
        "From a window to a number",
        "What it costs",
        "The same in code",
    ]
    assert "And back again" in [heading.value for heading in opened("pooling", "back=1").subheader]


def test_an_impossible_pooling_keeps_the_page() -> None:
    page = opened("pooling", "p=2")
    assert not page.code
    error = pack(page)["errors"][pack(page)["here"]["error"]]
    assert "may be padded by at most half of that, 1" in error["text"]
    assert [mend["label"] for mend in error["mends"]] == ["Padding 1", "Window 4"]


def test_what_cannot_be_read_leaves_the_link() -> None:
    page = opened("pooling", "op=median&k=3")
    assert state(page) == {"k": "3"}
    assert "the choices are max, mean, norm" in pack(page)["messages"][0]


def test_a_typed_cell_changes_the_maximum() -> None:
    page = committed(opened("pooling"), "pooling", "", [["input", 0, 0, "20"]])
    assert state(page) == {"xe": "0.0 20"}
    assert "20" in page.code[1].value


def test_a_commit_of_the_stage_changes_words_and_code() -> None:
    page = committed(opened("pooling"), "pooling", "op=mean&k=3&s=1&p=1&pad=0")
    assert "nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)" in page.code[0].value
    assert "Only cells of the input count" in words(page)
