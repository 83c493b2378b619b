"""Plotly gets a few heatmaps with holes instead of one a grid: that must not be seen."""

from __future__ import annotations

import io

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Route

from tests.browser.stage_page import StagePage
from tests.serving import Server

LINKS = ("channels?maps=all&c=4&o=3&p=1", "shuffle?r=3")


def plain(route: Route) -> None:
    """Let every grid be a heatmap of its own."""
    route.fulfill(body="export const merged = tiles => tiles;", content_type="text/javascript")


def drawn(browser: Browser, url: str, *, merge: bool) -> tuple[Image.Image, int]:
    """Give the picture of a stage, and the number of its heatmaps."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    if not merge:
        page.route("**/merge.js*", plain)
    page.goto(url)
    stage = StagePage(page)
    stage.wait_until_painted()
    page.wait_for_selector('[data-renderer="plotly"]')
    page.wait_for_function("document.fonts.status === 'loaded'")
    heatmaps = page.evaluate("document.querySelector('.js-plotly-plot').data.length")
    chart = page.locator(".js-plotly-plot").first.screenshot()
    page.context.close()
    return Image.open(io.BytesIO(chart)).convert("RGB"), heatmaps


def test_fewer_heatmaps_make_the_same_picture(chromium: Browser, server: Server) -> None:
    for link in LINKS:
        apart, many = drawn(chromium, f"{server.url}/{link}", merge=False)
        together, few = drawn(chromium, f"{server.url}/{link}", merge=True)
        assert apart.size == together.size, link
        assert ImageChops.difference(apart, together).getbbox() is None, link
        assert few < many, link
