"""The Translation lesson as a learner's hands and eyes meet it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server

Open = Callable[..., ViewerPage]


@pytest.fixture
def translation(page: Page, server: Server) -> Open:
    return lambda query="": ViewerPage.open(page, server.url, "translation", query)


def test_a_move_agrees_and_a_turn_does_not(translation: Open) -> None:
    viewer = translation("img=cat")
    expect(viewer.root.locator("[data-panel]")).to_have_count(4)
    expect(viewer.note).to_have_text("Move right by 8: no difference in any of 135,300 pixels")
    viewer.slide("right", "-20")
    expect(viewer.note).to_have_text("Move left by 20: no difference in any of 135,300 pixels")
    viewer.slide("turn", "45")
    expect(viewer.note).to_contain_text("largest difference")
    viewer.expect_query(img="cat", right="-20", turn="45")


def test_a_click_writes_both_numbers_of_a_pixel(translation: Open, page: Page) -> None:
    viewer = translation("img=cat&mode=zeros&z=60.2.12")
    with viewer.answered():
        page.mouse.click(*viewer.middle(3))
    page.wait_for_function("new URLSearchParams(location.search).has('at')")
    row, column = viewer.query()["at"].split(".")
    expect(page.locator(".katex-mathml").first).to_contain_text(re.compile(rf"B.*{row}.*,.*{column}", re.S))


def test_a_stride_breaks_a_move_by_one_and_not_by_two(translation: Open, page: Page) -> None:
    viewer = translation("img=camera&view=stride")
    expect(viewer.note).to_contain_text("largest difference")
    viewer.slide("t", "2")
    expect(viewer.note).to_contain_text("no difference in any of 65,536 pixels")
    expect(page.get_by_role("cell", name="Blur 5×5")).to_be_visible()
    viewer.slide("t", "3")
    viewer.choose("blur", "7")
    expect(page.get_by_role("cell", name="Blur 7×7")).to_be_visible()
    viewer.expect_query(t="3", blur="7")


def test_the_digit_moves_and_the_peak_with_it(translation: Open, page: Page) -> None:
    viewer = translation("view=template&digit=7")
    expect(viewer.note).to_have_text("still 8.38 · sliding 8.38")
    viewer.slide("dx", "5")
    expect(viewer.note).to_have_text("still 2.39 · sliding 8.38")
    expect(page.get_by_text("ten sliding templates")).to_contain_text("answer 7 (right)")
    expect(page.locator(".js-plotly-plot")).to_have_count(2)


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize(
    ("theme", "link"),
    [
        ("light", "img=cat&mode=zeros&turn=20"),
        ("dark", "img=stripes&view=stride"),
        ("light", "view=template&dx=3"),
    ],
)
def test_a_phone_needs_no_sideways_scroll_and_nobody_is_shut_out(translation: Open, page: Page, link: str) -> None:
    translation(link)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth") <= 0
    assert not barriers(page)
