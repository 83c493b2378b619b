"""The lesson "Match a template" in a real browser: a rectangle by mouse and keys, clicks, sliders, phones, barriers."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnnviz.engine.pictures.samples import sample
from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import VIEWER, ViewerPage
from tests.serving import Server

Open = Callable[..., ViewerPage]


@pytest.fixture
def matching(page: Page, server: Server) -> Open:
    return lambda query="": ViewerPage.open(page, server.url, "matching", query)


def test_a_drawn_rectangle_becomes_the_template_and_is_found(matching: Open, page: Page) -> None:
    viewer = matching("img=shapes&n=1")
    with viewer.answered():
        page.mouse.move(*viewer.place(0, 0.76, 0.27))
        page.mouse.down()
        page.mouse.move(*viewer.place(0, 0.98, 0.48), steps=4)
        page.mouse.up()
    row, column, height, width = map(int, viewer.query()["box"].split("."))
    assert abs(row - 103) <= 3 and abs(column - 291) <= 3 and abs(height - 81) <= 4 and abs(width - 84) <= 4
    expect(viewer.note).to_contain_text(f"Best: 1 at row {row}, column {column}, 100 % of a perfect match.")
    expect(viewer.readout(1)).to_have_text(f"{height} × {width} pixels")
    viewer.sheet(0).focus()
    with viewer.answered():
        for key in ("b", *["ArrowRight"] * 5, *["ArrowDown"] * 4, "Enter"):
            page.keyboard.press(key)
    assert viewer.query()["box"].split(".")[2:] == ["5", "6"]


def test_a_slider_lets_the_score_fall(matching: Open) -> None:
    viewer = matching("img=cat&n=1")
    expect(viewer.note).to_contain_text("100 % of a perfect match")
    slider = viewer.root.locator('input[name="turn"]')
    with viewer.answered():
        slider.evaluate("node => { node.value = 30; node.dispatchEvent(new Event('input', {bubbles: true})); }")
    viewer.expect_query(turn="30")
    expect(viewer.note).not_to_contain_text("100 % of a perfect match")
    viewer.choose("score", "multiply")
    viewer.expect_query(turn="30", score="multiply")
    expect(viewer.panel(2)).to_contain_text("Score map: multiply and sum")


def test_a_click_on_the_map_opens_that_window(matching: Open, page: Page) -> None:
    viewer = matching("img=cat&score=multiply")
    with viewer.answered():
        page.mouse.click(*viewer.place(2, 0.4, 0.4))
    found = re.match(r"\[(\d+), (\d+)\] = ([\d.]+)", viewer.readout(2).inner_text())
    assert found
    row, column = int(found[1]), int(found[2])
    viewer.expect_query(at=f"{row}.{column}")
    grey = np.asarray(Image.fromarray(sample("cat").pixels).convert("L")) / 255
    value = (grey[80:144, 138:202] * grey[row : row + 64, column : column + 64]).sum()
    assert float(found[3]) == pytest.approx(value, abs=0.06)
    expect(page.get_by_role("heading", name="Multiply and sum, at the window you chose")).to_be_visible()
    expect(page.locator(VIEWER).nth(1).locator('[data-cnnviz="note"]')).to_contain_text(f"Row {row}, column {column}.")


def test_the_window_shows_its_numbers_and_leaves_the_link_alone(matching: Open, page: Page) -> None:
    matching("img=digits&box=0.196.28.28&score=multiply&z=50.100.60")
    second = page.locator(VIEWER).nth(1)
    second.scroll_into_view_if_needed()
    before = int(second.get_attribute("data-painted") or 0)
    second.get_by_role("button", name="Zoom in until pixels are numbers").click()
    page.wait_for_function(
        "([selector, than]) => Number(document.querySelectorAll(selector)[1].dataset.painted) > than",
        arg=[VIEWER, before],
    )
    sheet = second.locator('[data-panel="2"] .cnw-sheet')
    box = sheet.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    texts = [second.locator(f'[data-panel="{index}"] [data-cnnviz="readout"]') for index in range(3)]
    expect(texts[2]).to_have_text(re.compile(r"^\["))
    x, t, product = (float(text.inner_text().split("= ")[1]) for text in texts)
    assert product == pytest.approx(x * t, abs=2e-3)
    page.wait_for_function("new URLSearchParams(location.search).get('z') === '50.100.60'")


@pytest.mark.parametrize(("theme", "width"), [("light", 1400), ("dark", 390)])
def test_nothing_stands_in_the_way(matching: Open, page: Page, width: int) -> None:
    viewer = matching("img=camera&from=digits&box=0.84.28.28&n=3&th=50&at=100.100")
    expect(viewer.panel(3)).to_contain_text("Score map")
    page.locator(VIEWER).nth(1).locator('[data-panel="2"]').wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page) == ""
