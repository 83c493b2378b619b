"""The Receptive field lesson as a learner's hands and eyes meet it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server

Open = Callable[..., ViewerPage]


@pytest.fixture
def field(page: Page, server: Server) -> Open:
    return lambda query="": ViewerPage.open(page, server.url, "receptive_field", query)


def slide(viewer: ViewerPage, value: str) -> None:
    with viewer.answered():
        viewer.root.locator('input[type="range"][name="l"]').evaluate(
            """(slider, value) => {
                slider.value = value;
                for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, { bubbles: true }));
            }""",
            value,
        )


def test_the_field_grows_with_depth_and_follows_a_click(field: Open, page: Page) -> None:
    viewer = field("net=vgg16&layer=features.2")
    expect(viewer.note).to_have_text("features.2: 5×5 pixels · 0.0498 % of the picture · stride 1")
    slide(viewer, "9")
    expect(viewer.note).to_contain_text("features.14: 40×40 pixels")
    with viewer.answered():
        viewer.sheet(0).click(position={"x": 3, "y": 3})
    expect(viewer.note).to_contain_text("features.14: 22×22 pixels")
    expect(page.get_by_text("border cuts it off")).to_be_visible()
    viewer.expect_query(at="0.0", layer="features.14")
    expect(page.locator(".js-plotly-plot")).to_have_count(1)


def test_the_effective_field_is_measured(field: Open, page: Page) -> None:
    viewer = field("net=vgg16&in=3.32.32&layer=features.7")
    viewer.choose("more", "effective")
    expect(viewer.panel(2)).to_contain_text("Effective field")
    expect(page.get_by_text("Measured by PyTorch")).to_be_visible()
    viewer.choose("on", "picture")
    expect(page.get_by_text("with this picture as input")).to_be_visible()


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("theme", ["light"])
def test_a_phone_needs_no_sideways_scroll_and_nobody_is_shut_out(field: Open, page: Page) -> None:
    field("net=lenet5&layer=c3")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth") <= 0
    assert not barriers(page)
