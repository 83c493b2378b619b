"""The Pooling, Down-sampling and Pixel shuffle lessons in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_page import StagePage
from tests.browser.test_stage_axe import barriers
from tests.serving import Server

Open = Callable[..., StagePage]


@pytest.fixture
def lesson(page: Page, server: Server) -> Open:
    return lambda name, query="": StagePage.open(page, f"{server.url}/{name}", query)


def said(stage: StagePage) -> str:
    text = " ".join(stage.sum.inner_text().split()).replace("−", "-")
    return text.replace("\u2009", "").replace("\u200a", "")


def test_the_winner_is_named(lesson: Open) -> None:
    stage = lesson("pooling", "n=7&k=3&s=1&x=lecture")
    expect(stage.shape).to_have_text("7×7 → 5×5")
    stage.point("output", 1, 3, (5, 5))
    expect(stage.sum).to_contain_text("y[1, 3]")
    assert said(stage) == "y[1, 3] = max(1, 1, 7, 2, 1, -2, 5, 4, -2) = 7"
    expect(stage.sum.locator(".cnv-won")).to_have_text("7")
    stage.point("input", 1, 5, (7, 7))
    expect(stage.sum).to_contain_text("x[1, 5] = 7 is read by 4 of 25 outputs. It wins 3 times.")
    stage.point("input", 0, 0, (7, 7))
    expect(stage.sum).to_contain_text("It never wins.")


def test_padding_is_less_than_any_number(lesson: Open) -> None:
    stage = lesson("pooling", "n=4&k=3&s=1&p=1&x=-3+-1+-4+-2_-5+-2+-6+-1_-3+-8+-7+-4_-2+-6+-5+-3")
    stage.point("output", 0, 0, (4, 4))
    expect(stage.sum).to_contain_text("y[0, 0]")
    assert said(stage).startswith("y[0, 0] = max([-∞], [-∞], [-∞], [-∞], -3, -1, [-∞], -5, -2) = -1")
    stage.point("input", 0, 0, (6, 6))
    expect(stage.sum).to_contain_text("An added −∞ is read by 1 of 16 outputs.")


def test_an_average_says_its_divisor(lesson: Open) -> None:
    stage = lesson("pooling", "op=mean&n=4&k=3&s=1&p=1&x=ones&pad=0")
    stage.point("output", 0, 0, (4, 4))
    expect(stage.sum).to_contain_text("/ 4 = 1")


def test_a_tied_stride_follows_the_window_until_it_is_moved(lesson: Open) -> None:
    stage = lesson("pooling")
    stage.slide("kernel", 3)
    expect(stage.shape).to_have_text("6×6 → 2×2")
    expect(stage.slider("stride")).to_have_value("3")
    stage.expect_query(k="3", s=None)
    stage.slide("stride", 1)
    expect(stage.shape).to_have_text("6×6 → 4×4")
    expect(stage.root.locator('input[name="tied"]')).not_to_be_checked()
    stage.expect_query(k="3", s="1")


def test_too_much_padding_offers_what_works(lesson: Open) -> None:
    stage = lesson("pooling")
    stage.slide("padding", 2)
    expect(stage.fault).to_contain_text("may be padded by at most half of that, 1")
    stage.fault.get_by_role("button", name="Window 4").click()
    expect(stage.fault).to_be_hidden()
    stage.expect_query(k="4", p="2")


def test_the_unpooled_grid_appears(lesson: Open) -> None:
    stage = lesson("pooling")
    with stage.repainted():
        stage.root.locator('input[name="unpool"]').check()
    expect(stage.shape).to_have_text("6×6 → 3×3 → 6×6")
    stage.point("unpooled", 1, 1, (6, 6))
    expect(stage.sum).to_contain_text("z[1, 1]")
    assert said(stage) == "z[1, 1] = y[0, 0] = 13"
    stage.expect_query(back="1")


def test_the_operation_changes_the_controls(lesson: Open) -> None:
    stage = lesson("pooling")
    stage.choose("op", "norm")
    stage.expect_query(op="norm")
    expect(stage.slider("padding")).to_have_count(0)
    expect(stage.slider("dilation")).to_have_count(0)
    stage.choose("op", "max")
    stage.choose("area", "adaptive")
    stage.slide("outputs", 4)
    expect(stage.shape).to_have_text("6×6 → 4×4")


def test_stride_and_dropping_light_up_together(lesson: Open) -> None:
    stage = lesson("downsampling", "look=stride&n=7&x=lecture&w=sobel")
    expect(stage.shape).to_have_text("7×7 → 4×4")
    stage.point("kept", 1, 1, (4, 4))
    expect(stage.sum).to_contain_text("b[1, 1] = a[2, 2] = −16")
    stage.point("strided", 1, 1, (4, 4))
    expect(stage.sum).to_contain_text("y[1, 1]")
    assert said(stage).endswith("= -16")
    stage.choose("look", "shuffle")
    expect(stage.shape).to_have_text("not possible")
    expect(stage.fault).to_contain_text("7 cells cannot be cut into blocks of 2")


def test_a_shuffled_number_says_where_it_goes(lesson: Open) -> None:
    stage = lesson("shuffle")
    stage.point("fine0", 1, 2, (6, 6))
    expect(stage.sum).to_contain_text("x[1, 2] = 8 goes to z[2][0, 1].")
    stage.choose("way", "shuffle")
    expect(stage.shape).to_have_text("4×3×3 → 1×6×6")
    stage.point("fine0", 1, 2, (6, 6))
    expect(stage.sum).to_contain_text("z[1, 2] = x[2][0, 1] = 8")


@pytest.mark.parametrize("width", [390])
def test_a_phone_has_no_sideways_scroll_and_readable_cells(lesson: Open, page: Page) -> None:
    for name, query, grid, cells in (
        ("pooling", "back=1", "input", 6),
        ("downsampling", "", "input", 8),
        ("shuffle", "", "fine0", 6),
    ):
        stage = lesson(name, query)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        box = stage.grid(grid).bounding_box()
        assert box and box["width"] / cells >= 17


@pytest.mark.parametrize(
    ("theme", "name", "query"),
    [("light", "pooling", "back=1&p=1&k=3"), ("dark", "downsampling", "")],
)
def test_nothing_stands_in_the_way(lesson: Open, page: Page, name: str, query: str) -> None:
    lesson(name, query)
    assert barriers(page) == ""
