"""CNN or MLP, and Fine-tuning, in a real browser and with a real worker process."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tab import arrive
from tests.browser.test_stage_axe import barriers
from tests.browser.test_train_filter import READY
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server

TOO_WIDE = "document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"


@pytest.mark.parametrize(("theme", "width"), [("dark", 390)])
def test_two_networks_and_four_ways_learn_before_the_eyes(page: Page, server: Server) -> None:
    viewer = ViewerPage.open(page, server.url, "cnn_or_mlp", "n=2&h=8&lr=0.01&steps=10")
    expect(page.get_by_text("Nothing is learned yet")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    before = viewer.painted
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text("Done after 10 steps")).to_be_visible(timeout=READY)
    expect(page.get_by_text("Moved by 3 pixels: MLP")).to_be_visible()
    viewer.wait_until_painted(before)  # the templates have moved
    assert page.evaluate(TOO_WIDE) <= 0
    assert not barriers(page)

    arrive(page, f"{server.url}/fine_tuning?c=heart.arrow&n=1&lr=0.01&steps=3&from=conv4_2")
    layers = page.get_by_role("region", name="Layers")
    expect(layers.get_by_text("frozen: 0")).to_have_count(8 + 7)
    expect(layers.get_by_text("0.0 %")).to_have_count(1 + 2 + 9 + 9)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text("Done after 3 steps")).to_be_visible(timeout=READY)
    expect(layers.get_by_text("frozen: 0")).to_have_count(8 + 7)
    expect(layers.get_by_text("0.0 %", exact=True)).to_have_count(0)
    assert page.evaluate(TOO_WIDE) <= 0
    assert not barriers(page)
