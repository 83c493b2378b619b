"""A real Chromium. Parametrise `theme` and `width` to see a page as others do:

@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_something(page, server): ...
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium as browser_on_disk

PHONE = 600
HEIGHTS = {True: 844, False: 900}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_on_disk.executable(), args=list(browser_on_disk.FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture
def theme() -> Literal["light", "dark"]:
    return "light"


@pytest.fixture
def width() -> int:
    return 1400


@pytest.fixture
def page(chromium: Browser, theme: Literal["light", "dark"], width: int) -> Iterator[Page]:
    """A fresh page, as wide as `width` and with the learner's `theme`; below 600 px it is a phone with touch."""
    phone = width < PHONE
    context = chromium.new_context(
        color_scheme=theme,
        viewport={"width": width, "height": HEIGHTS[phone]},
        has_touch=phone,
        is_mobile=phone,
        device_scale_factor=2 if phone else 1,
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()
