"""The viewer as a learner's hands and eyes meet it: a page object for the browser tests. Nothing here sleeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator, Page

from tests.browser.tab import arrive

VIEWER = '[data-cnnviz="viewer"]'


class ViewerPage:
    """The viewer of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(VIEWER).first  # a page may have a second one, which explains a pixel
        self.note = self.root.locator('[data-cnnviz="note"]')
        self.live = self.root.locator(".cnw-live")

    @classmethod
    def open(cls, page: Page, url: str, lesson: str, query: str = "") -> ViewerPage:
        arrive(page, f"{url}/{lesson}?{query}" if query else f"{url}/{lesson}")
        viewer = cls(page)
        viewer.wait_until_painted()
        return viewer

    @property
    def painted(self) -> int:
        return int(self.root.get_attribute("data-painted") or 0)

    def wait_until_painted(self, after: int = 0) -> None:
        self.root.wait_for()
        self.page.wait_for_function(
            "([selector, than]) => Number(document.querySelector(selector)?.dataset.painted ?? 0) > than",
            arg=[VIEWER, after],
            timeout=15_000,
        )

    @contextmanager
    def repainted(self) -> Iterator[None]:
        """What happens inside must make the viewer paint again."""
        before = self.painted
        yield
        self.wait_until_painted(before)

    @contextmanager
    def answered(self) -> Iterator[None]:
        """What happens inside must reach the server, and its answer must be painted."""
        before = int(self.root.get_attribute("data-seq") or 0)
        yield
        self.page.wait_for_function(
            "([selector, than]) => Number(document.querySelector(selector).dataset.seq) > than",
            arg=[VIEWER, before],
            timeout=15_000,
        )

    def panel(self, index: int) -> Locator:
        return self.root.locator(f'[data-panel="{index}"]')

    def sheet(self, index: int) -> Locator:
        return self.panel(index).locator(".cnw-sheet")

    def readout(self, index: int) -> Locator:
        return self.panel(index).locator('[data-cnnviz="readout"]')

    def tool(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name)

    def middle(self, index: int) -> tuple[float, float]:
        return self.place(index, 0.5, 0.5)

    def place(self, index: int, part_x: float, part_y: float) -> tuple[float, float]:
        """Where a place of a panel is on the screen; its corners are 0, 0 and 1, 1."""
        self.sheet(index).scroll_into_view_if_needed()
        box = self.sheet(index).bounding_box()
        assert box
        return box["x"] + box["width"] * part_x, box["y"] + box["height"] * part_y

    def slide(self, name: str, value: float | str) -> None:
        """Move a slider and let go; the server's answer is painted."""
        with self.answered():
            self.root.locator(f'input[type="range"][name="{name}"]').fill(str(value))

    def choose(self, control: str, value: str) -> None:
        with self.answered():
            self.root.locator(f'input[data-control="{control}"][value="{value}"]').check(force=True)

    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query))

    def expect_query(self, **wanted: str | None) -> None:
        self.page.wait_for_function(
            """wanted => {
                const query = new URLSearchParams(location.search);
                return Object.entries(wanted).every(([name, value]) => query.get(name) === value);
            }""",
            arg=wanted,
            timeout=10_000,
        )
