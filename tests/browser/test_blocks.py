"""The Blocks page as a learner's hands and eyes meet it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server


@pytest.mark.parametrize(("theme", "width"), [("dark", 390)])
def test_two_stacks_and_a_bottleneck(page: Page, server: Server) -> None:
    viewer = ViewerPage.open(page, server.url, "blocks", "depth=4&at=2")
    expect(viewer.note).to_have_text("Layer 2 of 4, map 0 of 8")
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth") <= 0
    assert not barriers(page)
    viewer.choose("with", "skip")
    expect(viewer.note).to_have_text("64×64 → 8×8 → 64×64")
    with viewer.answered():
        viewer.sheet(3).click(position={"x": 1, "y": 1})
    viewer.expect_query(unit="0.0")
    expect(page.get_by_text("the output at (0, 0) hears all 8×8 pixels")).to_be_visible()
