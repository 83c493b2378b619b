"""The stage fits its window: the player never needs a scroll, and on a phone numbers can be read where they may."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_page import StagePage
from tests.browser.tab import arrive
from tests.serving import Server

TALL = [
    "convolution?n=16&k=7",
    "transposed?how=all",
    "channels?maps=all&c=6&o=6&n=9",
    "matrix?n=6",
    "backward?grad=all&n=9",
    "signals?n=16&flip=1",
]


def opened(page: Page, server: Server, link: str) -> StagePage:
    arrive(page, f"{server.url}/{link}")
    stage = StagePage(page)
    stage.wait_until_painted()
    return stage


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["y"] + box["height"]


@pytest.mark.parametrize("link", TALL)
def test_grids_player_and_sum_stand_on_a_lecturers_screen(page: Page, server: Server, link: str) -> None:
    opened(page, server, link)
    page.wait_for_function("document.querySelector('.cnv').style.getPropertyValue('--room') !== ''")
    assert bottom(page, ".cnv-player") <= 900
    assert bottom(page, ".cnv-plot") <= bottom(page, ".cnv-player"), "the player covers no grid"
    box = page.locator(".cnv-sum").bounding_box()
    assert box and box["y"] + 60 <= 900, "at least two lines of the sum are in sight"


def test_a_lower_window_gets_smaller_cells(page: Page, server: Server) -> None:
    stage = opened(page, server, "backward?grad=all")
    before = stage.plot.bounding_box()
    page.set_viewport_size({"width": 1400, "height": 780})
    page.wait_for_function("document.querySelector('.cnv-player').getBoundingClientRect().bottom <= 780")
    after = stage.plot.bounding_box()
    assert before and after and 300 < after["height"] < before["height"]
    page.set_viewport_size({"width": 1400, "height": 900})


def test_nothing_jumps_under_a_dragging_hand(page: Page, server: Server) -> None:
    stage = opened(page, server, "matrix?n=4")
    before = stage.plot.bounding_box()
    stage.slide("padding", 2)
    assert stage.plot.bounding_box() == before


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("link", ["transposed?how=all", "matrix"])
def test_on_a_phone_numbers_are_large_enough_to_read(page: Page, server: Server, link: str) -> None:
    stage = opened(page, server, link)
    cells = """fields => fields.map(field => {
        const [, rows] = /, (\\d+) by /.exec(field.getAttribute("aria-label"));
        return field.getBoundingClientRect().height / rows;
    })"""
    page.wait_for_function("document.querySelector('.cnv').style.getPropertyValue('--need') !== ''")
    expect(stage.grid("kernel" if "channels" not in link else "w0")).to_be_visible()
    sizes = stage.root.locator(".cnv-field").evaluate_all(cells)
    assert min(sizes) >= 19
    player = page.locator(".cnv-player").bounding_box()
    assert player and player["y"] + player["height"] <= 845, "it stays in sight while the grids scroll"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
