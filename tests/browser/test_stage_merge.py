"""Plotly gets a few heatmaps with holes instead of one a grid: that must not be seen."""

from __future__ import annotations

import io

from PIL import Image, ImageChops
from playwright.sync_api import Page, Route

from tests.browser.stage_page import StagePage
from tests.browser.tab import arrive
from tests.serving import Server

LINKS = ("channels?maps=all&c=4&o=3&p=1", "shuffle?r=3")


def plain(route: Route) -> None:
    """Let every grid be a heatmap of its own."""
    route.fulfill(body="export const merged = tiles => tiles;", content_type="text/javascript")


def drawn(page: Page, url: str) -> tuple[Image.Image, int]:
    """Give the picture of a stage, and the number of its heatmaps."""
    arrive(page, url)
    stage = StagePage(page)
    stage.wait_until_painted()
    page.wait_for_selector('[data-renderer="plotly"]')
    page.wait_for_function("document.fonts.status === 'loaded'")
    heatmaps = page.evaluate("document.querySelector('.js-plotly-plot').data.length")
    chart = page.locator(".js-plotly-plot").first.screenshot()
    return Image.open(io.BytesIO(chart)).convert("RGB"), heatmaps


def test_fewer_heatmaps_make_the_same_picture(own_page: Page, page: Page, server: Server) -> None:
    own_page.route("**/merge.js*", plain)
    for link in LINKS:
        apart, many = drawn(own_page, f"{server.url}/{link}")
        together, few = drawn(page, f"{server.url}/{link}")
        assert apart.size == together.size, link
        assert ImageChops.difference(apart, together).getbbox() is None, link
        assert few < many, link
