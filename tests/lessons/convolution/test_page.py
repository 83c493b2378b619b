"""The Convolution lesson: what is on the page for a link, and what happens to numbers that are typed."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.convolution.examples import CONVOLUTION_PRESETS
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.convolution.trace import trace_convolution
from cnnviz.lessons.convolution.words import explain_cost
from tests.serving import ROOT
from tests.ui.lesson import MAIN, assert_sound, opened, pack, state


def test_the_default_page() -> None:
    page = opened()
    assert_sound(page)
    assert state(page) == {}
    body = pack(page)
    assert body["messages"] == []
    assert body["scenes"][body["here"]["scene"]]["shape"] == "5×5 → 3×3"
    assert [heading.value for heading in page.subheader] == ["Why this size?", "The same in code"]
    (words,) = (text.value for text in page.markdown if "What it costs" in text.value)
    assert words.index("At the border") < words.index("What it costs")


def test_the_page_opens_from_the_menu_and_on_its_own() -> None:
    assert_sound(AppTest.from_file(str(ROOT / "pages" / "convolution.py"), default_timeout=30).run())
    assert_sound(AppTest.from_file(MAIN, default_timeout=30).run().switch_page("../../pages/convolution.py").run())


def test_the_formula_has_the_learners_numbers() -> None:
    page = opened("n=9&k=4&s=3&p=2")
    (formula,) = (block.value for block in page.latex)
    assert r"\dfrac{9 + 2\cdot 2 - 1\cdot(4-1) - 1}{3}" in formula
    assert "= 4" in formula
    apart = opened("n=9x7&s=2")
    assert len(apart.latex) == 2
    assert r"\dfrac{9 + " in apart.latex[0].value
    assert r"\dfrac{7 + " in apart.latex[1].value


def test_the_code_has_the_learners_settings() -> None:
    page = opened("n=7&s=2&p=1")
    assert [tab.label for tab in page.tabs] == ["PyTorch", "PyTorch with these numbers", "Keras"]
    layer, numbers, keras = (block.value for block in page.code)
    assert {block.language for block in page.code} == {"python"}
    assert "nn.Conv2d(1, 1, kernel_size=3, padding=1, stride=2, bias=False)" in layer
    assert "[0, 1, 2]" in numbers.replace(".0", "").replace(".", "")
    assert "keras" in keras
    for block in (layer, numbers, keras):
        compile(block, "<page>", "exec")


def test_the_costs_are_counted() -> None:
    page = opened("n=7")
    cost = explain_cost(trace_convolution(ConvolutionSpec((7, 7))))
    (words,) = (text.value for text in page.markdown if "What it costs" in text.value)
    assert f"| {cost.weights:,} | {cost.multiplications:,} | {cost.dense_weights:,} |" in words
    assert cost.sentence in words


@pytest.mark.parametrize("link", ["n=3&k=5", "s=2&p=same", "k=7&d=4&p=full", "n=2&p=3&mode=reflect"])
def test_an_impossible_link_shows_a_stage_and_no_words(link: str) -> None:
    page = opened(link)
    assert_sound(page)
    body = pack(page)
    error = body["errors"][body["here"]["error"]]
    assert error["text"].endswith(".")
    assert error["mends"]
    assert not page.latex
    assert not page.code
    assert not [text for text in page.markdown if "What it costs" in text.value]
    assert state(page) == ConvolutionSpec.from_query(state(page))[0].to_query()


def test_bad_values_are_named_and_the_rest_is_kept() -> None:
    page = opened("n=7&k=99&s=zwei&w=box&show=film&at=output.1")
    assert_sound(page)
    assert state(page) == {"n": "7", "w": "box"}
    messages = pack(page)["messages"]
    assert [message.split(",")[0] for message in messages] == [
        "The link asks for kernel size “99”",
        "The link asks for stride “zwei”",
        "The link asks for the overlay “film”",
        "The link asks for the pinned cell “output.1”",
    ]


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("n=7x7&k=3&s=01", {"n": "7"}),
        ("n=7×5", {"n": "7x5", "apart": "1"}),
        ("p=0.0.0.0", {"p": "0"}),
        ("p=0.1.0.1", {"p": "0.1.0.1", "sides": "1"}),
        ("x=[[1,2],[3,4]]", {"x": "1 2_3 4"}),
        ("w=GUIDE&flip=true&utm_source=mail", {"flip": "1"}),
        ("xe=0.0 1_0.0 2", {"xe": "0.0 2"}),
        ("at=output.01.02&show=coverage&view=projector", {"at": "output.1.2", "show": "coverage", "view": "projector"}),
    ],
)
def test_the_link_is_rewritten_in_its_shortest_form(link: str, canonical: dict[str, str]) -> None:
    page = opened(link)
    assert_sound(page)
    assert state(page) == canonical
    assert pack(page)["messages"] == []
    assert state(page.run()) == canonical


@pytest.mark.parametrize("preset", CONVOLUTION_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_with_its_note(preset) -> None:
    page = opened(**preset.state)
    assert_sound(page)
    notes = [text.value for text in page.markdown if text.value.startswith(f"**{preset.title}.**")]
    assert len(notes) == 1
    assert preset.note in notes[0]
    assert preset.source in notes[0]
    assert pack(page)["controls"][0]["value"] == preset.name


def test_the_note_goes_when_the_settings_change() -> None:
    default, other = opened(), opened("s=3")
    note = [text.value for text in default.markdown if CONVOLUTION_PRESETS[0].note in text.value]
    assert note
    assert not [text.value for text in other.markdown if CONVOLUTION_PRESETS[0].note in text.value]


def typed(page: AppTest, text: str, grid: str = "input") -> AppTest:
    """The page after the form “Type or paste numbers” was sent."""
    page.text_area[0].set_value(text)
    page.selectbox[0].set_value(grid)
    return page.button[0].click().run()


@pytest.mark.parametrize(
    ("text", "grid", "goal"),
    [
        ("1 2 3\n4 5 6\n7 8 9", "input", {"n": "3", "x": "1 2 3_4 5 6_7 8 9"}),
        ("1 2 3\n4 5 6", "kernel", {"k": "2x3", "w": "1 2 3_4 5 6", "apart": "1"}),
        ("[[1/9, 0.5], [-1, 2]]", "kernel", {"k": "2", "w": "1/9 0.5_-1 2"}),
    ],
)
def test_typed_rows_become_the_grid(text: str, grid: str, goal: dict[str, str]) -> None:
    page = typed(opened(), text, grid)
    assert_sound(page)
    assert state(page) == goal


def test_typed_rows_keep_all_other_settings() -> None:
    link = {"s": "2", "p": "1", "w": "box", "show": "coverage", "at": "output.0.0", "view": "projector"}
    page = typed(opened(**link), "1 2\n3 4")
    assert_sound(page)
    assert state(page) == {**link, "n": "2", "x": "1 2_3 4"}


@pytest.mark.parametrize(
    ("text", "grid", "reason"),
    [
        ("", "input", "There are no numbers in it"),
        ("1 2\n3", "input", "one has 1 numbers, another 2"),
        ("1 two\n3 4", "kernel", "“two” is not a number"),
        (" ".join("1" * 17), "input", "1 rows and 17 columns; 16 of each is the limit"),
        (" ".join("1" * 8), "kernel", "1 rows and 8 columns; 7 of each is the limit"),
        ("1 1/0", "input", "divides by zero"),
        ("100000", "input", "too large"),
        ("<script>alert(1)</script>", "input", "is not a number"),
    ],
)
def test_bad_rows_get_a_sentence_and_lose_nothing(text: str, grid: str, reason: str) -> None:
    before = {"n": "7", "s": "2", "xe": "0.0 9"}
    page = typed(opened(**before), text, grid)
    assert_sound(page)
    assert state(page) == before
    assert [reason in error.value for error in page.error] == [True]
    assert page.text_area[0].value == text
