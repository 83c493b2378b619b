"""The page Where it looks as a learner's hands and eyes meet it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server


@pytest.mark.parametrize(("theme", "width"), [("dark", 390)])
def test_a_click_covers_another_patch_and_the_maps_are_tested(page: Page, server: Server) -> None:
    viewer = ViewerPage.open(page, server.url, "where_it_looks", "net=digits_lenet")
    expect(page.get_by_text("The network says 7")).to_be_visible()
    expect(viewer.root.locator("[data-panel]")).to_have_count(4)
    with viewer.answered():
        viewer.sheet(0).click(position={"x": 4, "y": 4})
    viewer.expect_query(at="0.0")
    expect(page.get_by_text("rows 0 to 3, columns 0 to 3 covered")).to_be_visible()
    viewer.choose("show", "numbers")
    expect(viewer.panel(3)).to_contain_text("Score lost when covered−")
    expect(page.locator(".js-plotly-plot")).to_have_count(1)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth") <= 0
    assert not barriers(page)
