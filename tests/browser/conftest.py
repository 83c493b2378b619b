"""A real Chromium. Parametrise `theme` and `width` to see a page as others do:

@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_something(page, server): ...

Every test fails that leaves an error in the browser's console; `console` lets a test say which it provokes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser import chromium as browser_on_disk
from tests.browser.console import Console
from tests.browser.stage_page import StagePage
from tests.serving import Server

PHONE = 600
HEIGHTS = {True: 844, False: 900}
Theme = Literal["light", "dark"]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser without a profile, for tests that want everything fresh."""
    browser = playwright.chromium.launch(executable_path=browser_on_disk.executable(), args=list(browser_on_disk.FLAGS))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def contexts(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Theme, int], BrowserContext]]:
    """One browser profile for each theme and width, on disk as people have it.

    It keeps what was loaded and what was compiled: pages after the first open in two thirds of the time.
    """
    opened: dict[tuple[Theme, int], BrowserContext] = {}

    def context(theme: Theme, width: int) -> BrowserContext:
        if (theme, width) not in opened:
            phone = width < PHONE
            opened[theme, width] = playwright.chromium.launch_persistent_context(
                tmp_path_factory.mktemp("profile"),
                executable_path=browser_on_disk.executable(),
                args=list(browser_on_disk.FLAGS),
                color_scheme=theme,
                viewport={"width": width, "height": HEIGHTS[phone]},
                has_touch=phone,
                is_mobile=phone,
                device_scale_factor=2 if phone else 1,
                reduced_motion="reduce",
                permissions=["clipboard-read", "clipboard-write"],
            )
        return opened[theme, width]

    yield context
    for one in opened.values():
        one.close()


@pytest.fixture
def theme() -> Theme:
    return "light"


@pytest.fixture
def width() -> int:
    return 1400


@pytest.fixture
def console() -> Console:
    return Console()


@pytest.fixture
def page(
    contexts: Callable[[Theme, int], BrowserContext], theme: Theme, width: int, console: Console
) -> Iterator[Page]:
    """A fresh page, as wide as `width` and with the learner's `theme`; below 600 px it is a phone with touch."""
    tab = contexts(theme, width).new_page()
    console.listen(tab)
    yield tab
    tab.close()
    assert console.complaints() == []


@pytest.fixture
def visit(page: Page, server: Server) -> Callable[[str], StagePage]:
    """Open the stage in a state: `visit("n=7&k=2")`."""
    return lambda query="": StagePage.open(page, server.url, query)
