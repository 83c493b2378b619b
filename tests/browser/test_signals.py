"""The Signals lesson in a real browser: drawn bars, a turned kernel, and functions that slide."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_page import StagePage
from tests.browser.tab import arrive
from tests.browser.test_stage_axe import barriers
from tests.serving import Server

Open = Callable[[str], StagePage]


@pytest.fixture
def lesson(page: Page, server: Server) -> Open:
    return lambda query: StagePage.open(page, f"{server.url}/signals", query)


def test_a_sum_has_one_number_a_cell(lesson: Open) -> None:
    stage = lesson("")
    expect(stage.shape).to_have_text("9 → 7")
    stage.point("output", 0, 1, (1, 7))
    stage.point("output", 0, 0, (1, 7))
    expect(stage.sum).to_contain_text("y[0] =")
    expect(stage.sum).to_contain_text("= 16")
    stage.slide("kernel", 2)
    expect(stage.shape).to_have_text("9 → 8")


def test_a_hand_draws_bars(lesson: Open) -> None:
    stage = lesson("n=5&x=ones")
    box = stage.root.locator('[data-bars="input"]').bounding_box()
    assert box
    mouse, wide = stage.page.mouse, box["width"] / 5
    mouse.move(box["x"] + 1.5 * wide, box["y"] + box["height"] * 0.5)
    mouse.down()
    mouse.move(box["x"] + 1.5 * wide, box["y"] + 5, steps=4)
    mouse.move(box["x"] + 2.5 * wide, box["y"] + 5, steps=4)
    mouse.up()
    stage.expect_query(xe="0.1 3_0.2 3")
    stage.point("output", 0, 0, (1, 3))
    expect(stage.sum).to_contain_text("= 5")
    assert not stage.editor.is_visible()


def test_the_kernel_is_seen_turned(lesson: Open) -> None:
    stage = lesson("w=counting")
    assert stage.grid("laid").count() == 0
    stage.choose("flip", "turned")
    expect(stage.grid("laid")).to_be_visible()
    stage.point("laid", 0, 0, (1, 3))
    expect(stage.sum).to_contain_text("w[2] = 3")
    stage.expect_query(flip="1")


def test_functions_slide(lesson: Open, page: Page, server: Server) -> None:
    stage = lesson("")
    page.get_by_text("Functions", exact=True).click()
    chart = page.locator(".js-plotly-plot")
    expect(chart).to_be_visible()
    stage.expect_query(part="functions")
    shift = page.get_by_role("slider", name="Shift t")
    shift.press("ArrowRight")
    stage.expect_query(t="6")
    expect(chart).to_contain_text("0.400 at t = 0.6")
    expect(page.locator("[data-cnnviz=area]")).to_have_text("(f ∗ g)(0.6) = 0.400, the area under f(s) · g(0.6 − s)")
    expect(shift).to_have_attribute("aria-valuetext", re.compile("moved to 0.6. The area under their product is 0.400"))
    page.get_by_text("Cells", exact=True).click()
    stage.wait_until_painted()
    expect(stage.shape).to_have_text("9 → 7")
    stage.slide("stride", 2)
    stage.expect_query(s="2", part=None)


def test_a_function_slides_without_the_server(lesson: Open, page: Page, server: Server) -> None:
    """By space and by hand; the link follows when it rests, and never while it plays."""
    arrive(page, f"{server.url}/signals?part=functions&t=-20")
    slide = page.locator("[data-cnnviz=slide][data-painted]")
    expect(slide).to_be_visible(timeout=20_000)
    page.wait_for_function("document.fonts.status === 'loaded'")  # those of the formulas come late
    page.context.set_offline(True)
    try:
        shift = page.get_by_role("slider", name="Shift t")
        shift.press("PageUp")
        expect(page.locator("[data-cnnviz=area]")).not_to_contain_text("(−2)")
        shift.press("Home")
        area = page.locator("[data-cnnviz=area]")
        expect(area).to_contain_text("(f ∗ g)(−4) = 0.000")
        shift.press(" ")
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        expect(area).to_contain_text("(f ∗ g)(−3.5)")  # less motion was asked for: half a unit at a time
        shift.press(" ")
        expect(page.get_by_role("button", name="Play")).to_be_visible()
    finally:
        page.context.set_offline(False)


@pytest.mark.parametrize("width", [390])
def test_functions_fit_a_phone(lesson: Open, page: Page, server: Server) -> None:
    arrive(page, f"{server.url}/signals?part=functions&f=sine&g=decay")
    expect(page.locator("[data-cnnviz=slide][data-painted]")).to_be_visible(timeout=20_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_phone_has_no_sideways_scroll(lesson: Open, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    stage = lesson("p=full&flip=1&w=counting")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = stage.grid("input").bounding_box()
    assert box and box["width"] / 13 >= 20


@pytest.mark.parametrize("theme", ["dark"])
def test_nothing_stands_in_the_way(lesson: Open, page: Page) -> None:
    stage = lesson("d=2&flip=1&w=counting")
    assert barriers(page) == ""
    page.get_by_text("Functions", exact=True).click()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    assert stage
    assert barriers(page) == ""
