"""Numbers typed into the cells."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from cnnviz.lessons.convolution.trace import ConvolutionTrace
from tests.browser.stage_page import StagePage, trace_of
from tests.browser.sums import expect_sum

Visit = Callable[[str], StagePage]


def trace_now(page: Page) -> ConvolutionTrace:
    return trace_of(urlsplit(page.url).query)


def expect_output(stage: StagePage, trace: ConvolutionTrace, row: int, col: int) -> None:
    """Hover the output cell and compare, once the stage has painted what the server computed."""
    stage.hover(("output", row, col), trace)
    expect(stage.sum).to_contain_text(f"y[{row}, {col}]")
    expect_sum(stage, trace, row, col)


def test_a_typed_number_changes_the_outputs_that_read_it(visit: Visit, page: Page) -> None:
    stage, trace = visit("p=1"), trace_of("p=1")
    stage.type_into(("input", 0, 2), "9", trace)
    stage.expect_query(xe="0.2 9", p="1")
    changed = trace_now(page)
    assert changed.values[0, 2] == 9 and (changed.output != trace.output).sum() > 0
    for row, col in ((0, 1), (0, 2), (0, 3), (1, 2), (4, 4)):
        expect_output(stage, changed, row, col)


def test_a_kernel_takes_fractions_and_negative_numbers(visit: Visit, page: Page) -> None:
    stage, trace = visit(""), trace_of("")
    stage.type_into(("kernel", 0, 0), "1/9", trace)
    stage.expect_query(we="0.0 1/9")
    expect_output(stage, trace_now(page), 0, 0)
    expect(stage.sum).to_contain_text("1/9")
    stage.type_into(("kernel", 2, 2), "-1.5", trace)
    stage.expect_query(we="0.0 1/9_2.2 -1.5")
    expect_output(stage, trace_now(page), 1, 1)


def test_what_is_not_a_number_is_named_and_nothing_is_lost(visit: Visit, page: Page) -> None:
    stage, trace = visit("n=6&k=2&xe=0.0+5"), trace_of("n=6&k=2&xe=0.0+5")
    before = stage.query()
    stage.type_into(("input", 1, 1), "two", trace)
    expect(stage.messages).to_contain_text("“two” is not a number")
    assert {name: value for name, value in stage.query().items() if name != "at"} == before
    stage.expect_shape(trace)
    expect_output(stage, trace, 0, 0)
    stage.type_into(("input", 1, 1), "4", trace)
    stage.expect_query(xe="0.0 5_1.1 4")
    expect(stage.messages).to_be_hidden()


def test_enter_edits_and_escape_leaves_the_cell_as_it_was(visit: Visit, page: Page) -> None:
    stage = visit("")
    field = stage.grid("input")
    field.focus()
    field.press("ArrowRight")
    field.press("Enter")
    expect(stage.editor).to_be_focused()
    expect(stage.editor).to_have_value("3")
    stage.editor.fill("8")
    stage.editor.press("Escape")
    expect(stage.editor).to_be_hidden()
    expect(field).to_be_focused()
    stage.expect_query(xe=None, at="input.0.1")
    expect(stage.sum).to_contain_text("x[0, 1] = 3")


def test_a_typed_digit_opens_the_editor_and_tab_goes_on(visit: Visit, page: Page) -> None:
    stage = visit("")
    field = stage.grid("input")
    field.focus()
    field.press("PageDown")
    field.press("7")
    expect(stage.editor).to_be_focused()
    expect(stage.editor).to_have_value("7")
    stage.editor.press("Tab")
    expect(stage.editor).to_be_visible()
    expect(stage.editor).to_have_value("0")
    page.keyboard.type("6")
    page.keyboard.press("Tab")
    expect(stage.editor).to_be_visible()
    page.keyboard.type("-5")
    page.keyboard.press("Enter")
    expect(stage.editor).to_be_hidden()
    stage.expect_query(xe="4.0 7_4.1 6_4.2 -5")
    expect_output(stage, trace_now(page), 2, 0)


def test_an_edit_survives_a_slider_that_hides_and_shows_its_cell(visit: Visit, page: Page) -> None:
    stage, trace = visit("n=6"), trace_of("n=6")
    stage.type_into(("input", 5, 5), "9", trace)
    stage.expect_query(xe="5.5 9")
    stage.slide("input", 4)
    stage.expect_query(n="4", xe="5.5 9")
    stage.slide("input", 6)
    stage.expect_query(n="6", xe="5.5 9")
    expect_output(stage, trace_now(page), 3, 3)


def test_an_edit_and_a_slider_at_once_both_count(visit: Visit, page: Page) -> None:
    stage, trace = visit(""), trace_of("")
    stage.type_into(("kernel", 1, 1), "5", trace)
    stage.slide("stride", 2)
    stage.expect_query(we="1.1 5", s="2")
    expect_output(stage, trace_now(page), 1, 1)


def test_output_and_padding_cannot_be_typed_into(visit: Visit) -> None:
    stage, trace = visit("p=1"), trace_of("p=1")
    stage.click(("output", 0, 0), trace)
    expect(stage.editor).to_be_hidden()
    stage.click(("input", -1, 0), trace)
    expect(stage.sum).to_contain_text("added 0")
    expect(stage.editor).to_be_hidden()


def test_whole_grids_can_be_typed_beside_the_title(visit: Visit, page: Page) -> None:
    stage = visit("")
    page.get_by_role("button", name="Type or paste numbers").click()
    page.get_by_label("Numbers", exact=True).fill("1 2 3 4\n5 6 7 8\n9 10 11 12\n13 14 15 16")
    page.get_by_role("button", name="Use these numbers").click()
    stage.expect_query(n="4", x="1 2 3 4_5 6 7 8_9 10 11 12_13 14 15 16")
    expect(stage.shape).to_have_text("4×4 → 2×2")
    page.keyboard.press("Escape")
    expect_output(stage, trace_now(page), 1, 1)
