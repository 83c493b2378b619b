"""The page Train a filter with a real browser and a real worker process."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server

READY = 300_000
"""A worker loads PyTorch first, behind everything else that this machine does."""


@pytest.mark.parametrize(("theme", "width"), [("light", 390)])
def test_the_filter_moves_by_itself_until_it_is_found(page: Page, server: Server) -> None:
    viewer = ViewerPage.open(page, server.url, "train_filter", "k=7&seed=2&lr=0.3&steps=120&pace=60")
    expect(page.get_by_text("Press Play")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    before = viewer.painted
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text(re.compile("Done after 120 steps"))).to_be_visible(timeout=READY)
    expect(page.get_by_text(re.compile(r"correlation 0\.9"))).to_be_visible()
    assert viewer.painted > before
    expect(page.get_by_role("button", name="Play")).to_be_enabled()
    expect(page.get_by_role("link", name="This filter on the stage")).to_be_visible()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth") <= 0
    assert not barriers(page)
