"""The Learned kernels lesson as a learner's hands and eyes meet it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server


def test_a_kernel_is_clicked_matched_excited_and_taken_to_a_photo(page: Page, server: Server) -> None:
    viewer = ViewerPage.open(page, server.url, "learned_kernels", "o=4&n=32")
    expect(viewer.note).to_contain_text("kernel 4: like Diagonal edges")
    with viewer.answered():
        viewer.sheet(0).click(position={"x": 12, "y": 12})
    expect(viewer.note).to_contain_text("kernel 0: like nothing hand-made")
    viewer.choose("beside", "before")
    expect(viewer.panel(1)).to_contain_text("Before training")
    assert not barriers(page)

    page.get_by_text("What excites a unit", exact=True).click()
    viewer.expect_query(view="excite")
    made = page.locator('[data-cnnviz="viewer"]').nth(1)
    expect(made.locator('[data-cnnviz="note"]')).to_contain_text(
        re.compile(r"Step \d+ of 32 · (climbing|waiting|done)"), timeout=30_000
    )
    expect(made.locator('[data-cnnviz="note"]')).to_contain_text("Step 32 of 32 · done", timeout=30_000)
    expect(page.get_by_role("button", name="Again")).to_be_visible()
    page.get_by_role("button", name="How it climbs").click()
    expect(page.get_by_role("slider", name="Steps")).to_have_value("32")
    page.keyboard.press("Escape")
    expect(page.get_by_text("what the best sample gives").or_(page.get_by_text("which is more"))).to_be_visible()

    page.get_by_text("Kernels", exact=True).click()
    page.get_by_role("link", name="On your photo").click()
    page.wait_for_url(re.compile("/filters.*k="))
    expect(page.get_by_role("heading", name="Filters")).to_be_visible()


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("theme", ["dark"])
def test_a_phone_needs_no_sideways_scroll_and_nobody_is_shut_out(page: Page, server: Server) -> None:
    ViewerPage.open(page, server.url, "learned_kernels", "view=excite&layer=conv2&o=9&n=16")
    expect(page.get_by_role("button", name="Again")).to_be_visible(timeout=20_000)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth") <= 0
    assert not barriers(page)
