"""A real Chromium, and how to write a test for it that costs little.

What costs is opening pages: a new tab 2.5 s of a core, loading a page 1.1 s, arriving at a lesson in a loaded tab
0.4 s, another state of an open stage 0.2 s, axe-core 0.7 s. So:

- Take `page`, and open links by `arrive(page, link)` of tests/browser/tab.py, `StagePage.open` or `ViewerPage.open`,
  not by `page.goto`: all tests of a worker share one loaded tab, and each `arrive` opens a session of its own in it.
  Window, theme, motion and mouse are as new for each test.
- Check much in one visit, and name what is checked: another state of the same stage by `stage.go(query)`.
- Take `own_page` (a fresh tab) only to test the opening itself, or for what cannot be undone in a tab: init scripts,
  routed WebSockets, a killed server.
- Look for barriers once a page: light at 1400 px, dark at 390 px, with the sideways scroll of the phone.
- Never sleep; wait for words, for the URL, or by `repainted()` and `answered()`.

Parametrise `theme` and `width` to see a page as others do; below 600 px it is a phone with touch:

@pytest.mark.parametrize(("theme", "width"), [("light", 1400), ("dark", 390)])
def test_something(page, server): ...

Every test fails that leaves an error in the browser's console; `console` lets a test say which it provokes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser import chromium as browser_on_disk
from tests.browser.console import Console
from tests.browser.stage_page import StagePage
from tests.browser.tab import HEIGHTS, PHONE, Tab, Theme
from tests.serving import Server

Contexts = Callable[[int], BrowserContext]
outcome = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a test failed: its tab is not used again."""
    report = yield
    item.stash[outcome] = item.stash.get(outcome, True) and not report.failed
    return report


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
def contexts(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contexts]:
    """A browser profile for phones and one for the rest, on disk as people have it.

    It keeps what was loaded and what was compiled: pages after the first open in two thirds of the time.
    """
    opened: dict[bool, BrowserContext] = {}

    def context(width: int) -> BrowserContext:
        phone = width < PHONE
        if phone not in opened:
            opened[phone] = playwright.chromium.launch_persistent_context(
                tmp_path_factory.mktemp("profile"),
                executable_path=browser_on_disk.executable(),
                args=list(browser_on_disk.FLAGS),
                viewport={"width": width, "height": HEIGHTS[phone]},
                has_touch=phone,
                is_mobile=phone,
                device_scale_factor=2 if phone else 1,
                reduced_motion="reduce",
                permissions=["clipboard-read", "clipboard-write"],
            )
        return opened[phone]

    yield context
    for one in opened.values():
        one.close()


@pytest.fixture(scope="session")
def tabs(contexts: Contexts) -> Callable[[int], Tab]:
    """The tab that all tests of a kind of window share."""
    opened: dict[bool, Tab] = {}
    return lambda width: opened.setdefault(width < PHONE, Tab(contexts(width)))


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
    tabs: Callable[[int], Tab], theme: Theme, width: int, console: Console, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The shared tab, made ready: as wide as `width` and with the learner's `theme`."""
    tab = tabs(width)
    yield tab.ready(theme, width, console)
    tab.leave(well=request.node.stash.get(outcome, True))
    assert console.complaints() == []


@pytest.fixture
def own_page(contexts: Contexts, theme: Theme, width: int, console: Console) -> Iterator[Page]:
    """A fresh tab, for one test alone."""
    page = contexts(width).new_page()
    page.emulate_media(color_scheme=theme)
    console.listen(page)
    yield page
    page.close()
    assert console.complaints() == []


@pytest.fixture
def visit(page: Page, server: Server) -> Callable[[str], StagePage]:
    """Open the stage in a state: `visit("n=7&k=2")`."""
    return lambda query: StagePage.open(page, server.url, query)
