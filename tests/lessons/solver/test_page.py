"""The Solver page as a learner uses it, without a browser."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.solver.examples import CHAIN_PRESETS, QUESTIONS
from cnnviz.lessons.solver.spec import LEVELS, TOOLS
from cnnviz.lessons.solver.trace_quiz import make_quiz
from tests.serving import ROOT
from tests.ui.lesson import words


def open_page(**query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "cnnviz" / "site" / "main.py"), default_timeout=30)
    page.run()
    page.switch_page("../../pages/solver.py")
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def tables(page: AppTest) -> list[str]:
    return [element.proto.body for element in page.get("html") if "<table" in element.proto.body]


def button(page: AppTest, label: str):
    return next(one for one in page.button if one.label == label)


def query_of(page: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in page.query_params.items()}


def test_the_first_view_answers_a_question():
    page = open_page()
    assert "**21 convolutions turn 224 into 112.**" in words(page)
    [table] = tables(page)
    assert table.count("<tr") == 11
    assert "nn.Conv2d(1, 1, 3, stride=2, padding=1)" in table
    assert "convolution?n=16&amp;k=2&amp;s=2" in table
    assert "n_\\text{out}" in page.latex[0].value
    assert "layer = nn.Conv2d(1, 1, 2, stride=2)" in page.code[0].value
    assert query_of(page) == {}


def test_typing_a_question_changes_answers_and_url():
    page = open_page()
    page.text_input[0].set_value("56→112").run()
    assert "26 transposed convolutions turn 56 into 112" in words(page)
    assert query_of(page) == {"q": "56-112"}
    assert page.text_input[0].value == "56 -> 112"


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_examples(text):
    page = open_page(q="3-3", kind="pool", k="3")
    button(page, text).click().run()
    assert not page.exception
    assert page.text_input[0].value == text


def test_bad_text_gets_a_sentence_and_stays_to_be_mended():
    page = open_page()
    page.text_input[0].set_value("fifty six").run()
    assert "has no arrow" in page.error[0].value
    assert page.text_input[0].value == "fifty six"
    page.text_input[0].set_value("56 -> 28").run()
    assert not page.error
    assert "turn 56 into 28" in words(page)


def test_filters_narrow_the_answers_and_stand_in_the_url():
    page = open_page()
    kernel = next(one for one in page.selectbox if one.label == "Kernel")
    kernel.set_value("3").run()
    assert query_of(page) == {"k": "3"}
    page.toggle[0].set_value(True).run()
    page.toggle[1].set_value(True).run()
    assert query_of(page) == {"k": "3", "odd": "1", "exact": "1"}
    assert "The filters hide all 21 answers" in words(page)
    button(page, "Take all filters away").click().run()
    assert query_of(page) == {}
    assert "21 convolutions" in words(page)


def test_why_there_is_none_and_what_works():
    page = open_page(q="5-100")
    for kind in ("convolution", "transposed convolution", "pooling"):
        assert f"**No {kind} turns 5 into 100.**" in words(page)
    button(page, "5 -> 15").click().run()
    assert query_of(page) == {"q": "5-15", "kind": "conv"}
    assert "turn 5 into 15" in words(page) or "turns 5 into 15" in words(page)


def test_another_operation_is_offered():
    page = open_page(q="56-112", kind="conv")
    assert "No convolution turns 56 into 112" in words(page)
    button(page, "Transposed: 26").click().run()
    assert query_of(page)["kind"] == "transposed"


def test_looking_closer_and_showing_all():
    page = open_page(pick="2")
    assert "3, stride=2, padding=1" in page.code[0].value
    assert "loses equally many cells" in words(page)
    button(page, "Show all 21").click().run()
    assert tables(page)[0].count("<tr") == 22
    assert query_of(page) == {"pick": "2", "all": "1"}
    pick = next(one for one in page.selectbox if one.label.startswith("Look closer"))
    pick.set_value(21).run()
    assert query_of(page) == {"pick": "21", "all": "1"}
    page.text_input[0].set_value("224 -> 56").run()
    assert query_of(page) == {"q": "224-56", "all": "1"}, "another question starts at its first answer"


def test_a_pick_beyond_the_answers_shows_the_last():
    page = open_page(pick="9000")
    assert not page.exception
    assert tables(page)[0].count("<tr") == 22


def test_rows_and_columns_apart():
    page = open_page(q="7x5-4x3")
    assert "6,300 convolutions turn 7×5 into 4×3" in words(page)
    assert len(page.latex) == 2


def test_bad_links_are_named():
    page = open_page(k="99", do="sing", q="7-4")
    notes = [one.value for one in page.warning]
    assert len(notes) == 2
    assert any("“99”" in note for note in notes)
    assert query_of(page) == {"q": "7-4"}


# Chains


def test_the_lecture_chain():
    page = open_page(do="chain")
    assert "256 becomes 125 in 2 layers" in words(page)
    assert "125×125" in tables(page)[0]
    assert "# torch.Size([1, 1, 125, 125])" in page.code[0].value
    assert "= 128" in page.latex[0].value and "= 125" in page.latex[1].value


@pytest.mark.parametrize("preset", CHAIN_PRESETS, ids=lambda preset: preset.name)
def test_example_chains(preset):
    page = open_page(do="chain", layers="conv.3", n="9")
    button(page, preset.title).click().run()
    assert not page.exception and not page.error
    assert preset.note in words(page)
    assert {**query_of(page), "o": ""} == {**preset.state, "o": ""}


def test_typed_layers_and_sizes():
    page = open_page(do="chain")
    page.text_area[0].set_value("conv(3, s2, p1, c8)\nPool 2").run()
    assert query_of(page)["layers"] == "conv.3.s2.p1.c8_pool.2"
    assert page.text_area[0].value == "conv 3 s2 p1 c8\npool 2"
    page.text_input[0].set_value("64x32").run()
    assert query_of(page)["n"] == "64x32"
    assert "64×32 becomes 16×8" in words(page)
    page.text_input[0].set_value("many").run()
    assert page.warning[0].value.startswith("That is not a whole number")
    assert query_of(page)["n"] == "64x32"
    button(page, "Take the last away").click().run()
    assert query_of(page)["layers"] == "conv.3.s2.p1.c8"


def test_a_layer_can_be_chosen():
    page = open_page(do="chain")
    next(one for one in page.selectbox if one.label == "Kind").set_value("transposed")
    next(one for one in page.number_input if one.label == "Stride").set_value(2)
    button(page, "Add").click().run()
    assert not page.exception
    assert query_of(page)["layers"].endswith("_transposed.3.s2")


def test_chains_that_cannot_be_read_or_cannot_work():
    page = open_page(do="chain")
    page.text_area[0].set_value("conv 3\nrelu").run()
    assert "Layer 2, “relu”" in page.error[0].value
    assert page.text_area[0].value == "conv 3\nrelu"
    page.text_area[0].set_value("conv 300").run()
    assert "the largest is 64" in page.error[0].value
    page.text_area[0].set_value("pool 2; pool 64; pool 64").run()
    assert "Layer 3" in page.error[0].value
    assert "2 layers" in words(page)


def test_which_inputs():
    page = open_page(do="inputs")
    assert "Inputs of 255 and 256 cells give 125." in words(page)
    assert tables(page)[1].count("aria-current") == 2
    page.number_input[0].set_value(124).run()
    assert query_of(page) == {"do": "inputs", "o": "124"}
    assert "253 and 254" in words(page)
    page.text_area[0].set_value("transposed 2 s2").run()
    page.number_input[0].set_value(7).run()
    assert "No input gives 7. The nearest outputs that exist are 6 and 8." in words(page)
    page.text_area[0].set_value("conv 3x5").run()
    assert [one.value for one in page.subheader] == ["Rows", "Columns"]


# Practise


@pytest.mark.parametrize("level", LEVELS)
def test_right_answers_are_explained_and_counted(level):
    page = open_page(do="practise", level=str(level), seed="7")
    quiz = make_quiz(level, 7)
    assert f"**{quiz.n}**" in words(page)
    assert not page.latex
    box = next(one for one in page.number_input if one.label == "Your answer")
    box.set_value(quiz.answer)
    button(page, "Check").click().run()
    assert not page.exception
    assert page.success[0].value == f"Right: it is {quiz.answer}."
    assert page.latex
    assert [one.value for one in page.metric] == ["1", "1"]


def test_wrong_answers_are_not_given_away():
    page = open_page(do="practise", level="2")
    quiz = make_quiz(2, 1)
    next(one for one in page.number_input if one.label == "Your answer").set_value(quiz.answer + 1)
    button(page, "Check").click().run()
    assert page.warning[0].value.startswith(f"{quiz.answer + 1} is not right.")
    assert not page.latex
    next(one for one in page.number_input if one.label == "Your answer").set_value(quiz.answer)
    button(page, "Check").click().run()
    assert page.success
    assert [one.value for one in page.metric] == ["0", "1"], "only the first try counts"
    button(page, "Next question").click().run()
    assert query_of(page) == {"do": "practise", "level": "2", "seed": "2"}
    assert not page.success and not page.latex
    button(page, "Show the answer").click().run()
    assert f"The answer is **{make_quiz(2, 2).answer}**." in words(page)
    assert [one.value for one in page.metric] == ["0", "2"]


def test_no_answer_yet():
    page = open_page(do="practise")
    button(page, "Check").click().run()
    assert page.info[0].value == "Type a whole number first."
    assert [one.value for one in page.metric] == ["0", "0"]


def test_the_link_is_the_question_not_the_score():
    page = open_page(do="practise", level="3", seed="11")
    other = open_page(do="practise", level="3", seed="11")
    assert words(page) == words(other)
    next(one for one in page.number_input if one.label == "Your answer").set_value(make_quiz(3, 11).answer)
    button(page, "Check").click().run()
    assert query_of(page) == {"do": "practise", "level": "3", "seed": "11"}
    assert [one.value for one in other.metric] == ["0", "0"]


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_has_labels_and_plain_words(tool):
    page = open_page(do=tool)
    widgets = [*page.text_input, *page.text_area, *page.number_input, *page.selectbox, *page.toggle, *page.button]
    assert all(widget.label for widget in widgets)
    assert not re.search(r"\bNone\b|[{}]", words(page))
