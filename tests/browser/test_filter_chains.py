"""Filter chains in a real browser: pictures are painted, sliders change their numbers, clicks mark pixels."""

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
def chains(page: Page, server: Server) -> Open:
    return lambda query="": ViewerPage.open(page, server.url, "filter_chains", query)


def test_two_blurs_agree_inside_and_differ_at_the_border(chains: Open, page: Page) -> None:
    viewer = chains("img=camera&show=two&z=100.100.20")
    page.mouse.move(*viewer.middle(2))
    expect(viewer.readout(2)).to_have_text(re.compile(r"^\[\d+, \d+\] = 0$"))
    expect(viewer.note).to_contain_text("inside 0, at the border 27.15")
    viewer.choose("mode", "circular")
    expect(viewer.note).to_have_text("Two steps and one step give the same numbers in every pixel, to the last digit.")
    viewer.expect_query(mode="circular")


def test_a_size_slider_changes_the_kernel_and_its_numbers(chains: Open) -> None:
    viewer = chains("img=camera")
    expect(viewer.panel(3).locator(".cnw-title")).to_have_text("Combined 5×5, over 81")
    viewer.slide("n1", "5")
    expect(viewer.panel(3).locator(".cnw-title")).to_have_text("Combined 7×7, over 225")
    viewer.expect_query(k1="box-5", n1=None)
    viewer.root.locator('input[name="relu"]').check()
    viewer.expect_query(relu="1")


def test_a_threshold_takes_directions_away(chains: Open, page: Page) -> None:
    viewer = chains("img=shapes&view=gradient&show=two")
    before = viewer.note.inner_text()
    viewer.slide("t", "40")
    expect(viewer.note).not_to_have_text(before)
    expect(viewer.note).to_contain_text("at least 40 grey levels a pixel")
    with viewer.answered():
        page.mouse.click(*viewer.middle(1))
    row, column = re.findall(r"\d+", viewer.readout(1).inner_text())[:2]
    viewer.expect_query(at=f"{row}.{column}")
    expect(page.get_by_text(f"row {row}, column {column}")).to_be_visible()


def test_levels_stay_linked_while_zooming(chains: Open, page: Page) -> None:
    viewer = chains("img=cat&view=scale&what=pyramid&n=2&z=150.200.60")
    page.mouse.move(*viewer.middle(0))
    places = []
    for index in range(3):
        expect(viewer.readout(index)).to_have_text(re.compile(r"^\["))
        places.append([int(part) for part in re.findall(r"\d+", viewer.readout(index).inner_text())[:2]])
    for level, (row, column) in enumerate(places):
        assert abs(row * 2**level - places[0][0]) <= 2**level
        assert abs(column * 2**level - places[0][1]) <= 2**level


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("query", ["img=camera&show=all", "view=scale&what=laplace&n=4"])
def test_a_phone_has_no_sideways_scroll(chains: Open, page: Page, query: str) -> None:
    chains(query)
    for place in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert page.evaluate(f"{place}.scrollWidth") <= 390
    edges = page.evaluate(
        "[...document.querySelectorAll('.katex-display .base')].map(part => part.getBoundingClientRect().right)"
    )
    assert edges and max(edges) <= 390


@pytest.mark.parametrize(
    ("theme", "width", "query"),
    [
        ("light", 1400, "img=camera&show=all"),
        ("dark", 390, "img=zone&view=scale"),
    ],
)
def test_nothing_stands_in_the_way(chains: Open, page: Page, query: str) -> None:
    chains(query)
    assert barriers(page) == ""
