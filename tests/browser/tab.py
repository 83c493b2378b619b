"""One tab for many tests: it loads Streamlit and Plotly once, and then visits every lesson as a newcomer.

Loading a page anew costs more than a second of a core, and a tab of its own twice as much; what a test looks at is
painted in a tenth of that. So `arrive` does what a learner's own click does, without loading anything again: it goes to
a page that has no stage, asks the server for a session that knows nothing, and opens the link in it. A tab that is not
ours, has been to another server or has gone wrong is loaded from the start.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, ViewportSize, expect

from tests.browser.console import Console
from tests.serving import answers

Theme = Literal["light", "dark"]
PHONE = 600
HEIGHTS = {True: 844, False: 900}
MOST_VISITS = 40  # then the tab is loaded anew, so that nothing piles up in it

# Runs in the tab before Streamlit does. A session is what the third of the socket's protocols names.
TRAVEL = """(() => {
    const Plain = window.WebSocket;
    let live, forget = false, heard = 0, last = 0;
    window.WebSocket = class extends Plain {
        constructor(address, protocols) {
            super(address, forget && Array.isArray(protocols) ? protocols.slice(0, 2) : protocols);
            forget = false;
            live = this;
            heard = 0;
            this.addEventListener("message", () => { heard += 1; last = performance.now(); });
        }
    };
    const app = () => document.querySelector('[data-testid="stApp"]');
    const titles = () => [...document.querySelectorAll('[data-testid="stHeading"]')].map(node => node.textContent);
    const rests = () => app()?.dataset.testScriptState === "notRunning"
        && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stAppSkeleton"]');
    const until = (what, holds) => new Promise((done, failed) => {
        if (holds()) { done(); return; }
        const late = setTimeout(() => { watch.disconnect(); failed(new Error(`no ${what}`)); }, 8000);
        const watch = new MutationObserver(() => {
            if (holds()) { watch.disconnect(); clearTimeout(late); done(); }
        });
        watch.observe(document, {subtree: true, childList: true, attributes: true});
    });
    // A new session draws the waypoint for a tab that was there before. Who goes on while that is under way may find
    // the link written over by what the waypoint still says.
    const answered = () => new Promise((done, failed) => {
        const begin = performance.now();
        const look = setInterval(() => {
            const now = performance.now();
            const quiet = heard && rests() && now - last > 100;
            if (!quiet && now - begin < 8000) return;
            clearInterval(look);
            if (quiet) done(); else failed(new Error("no answer at the waypoint"));
        }, 20);
    });
    const open = (link) => { history.pushState({}, "", link); dispatchEvent(new PopStateEvent("popstate")); };
    window.cnnvizTravel = async (link, [waypoint, title]) => {
        document.activeElement?.blur();
        open(waypoint);
        await until("waypoint", () => titles().join() === title && rests());
        const before = live;
        forget = true;
        before.close();
        await until("new session", () => app()?.dataset.testConnectionState !== "CONNECTED");
        await until("new session", () => live !== before && app()?.dataset.testConnectionState === "CONNECTED");
        await answered();
        sessionStorage.clear();
        open(link);
        await until("page", () => titles().length && !titles().includes(title) && rests());
        document.querySelector('[data-testid="stMain"]').scrollTop = 0;
    };
})()"""
# Pages without a stage, and what they are called: one to pass through, and one for the way to that one.
WAYPOINTS = (("/your_code", "Your code"), ("/solver", "Solver"))


class Tab:
    """The tab of a worker, of one of the two kinds: a phone or not."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._page: Page | None = None
        self._theme: Theme | None = None
        self._console = Console()

    def ready(self, theme: Theme, width: int, console: Console) -> Page:
        """The tab, as if nobody had used it: its window, its media, its mouse. What it says goes to `console`."""
        if self._page is None or self._page.is_closed():
            self._page = self._context.new_page()
            self._page.add_init_script(TRAVEL)
            self._page.on("console", self._hear)
            self._page.on("pageerror", self._uncaught)
        page = self._page
        if page.url.startswith("http") and not answers(f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}"):
            page.goto("about:blank")  # it complains of a server that a test started and stopped; nobody shall hear it
        self._console = console
        if theme != self._theme:
            page.goto("about:blank")  # a page that opens in a theme is not a page that changes its theme
        self._theme = theme
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        size: ViewportSize = {"width": width, "height": HEIGHTS[width < PHONE]}
        if page.viewport_size != size:
            page.set_viewport_size(size)
        page.mouse.move(0, 0)
        return page

    def leave(self, *, well: bool) -> None:
        """After a test; a tab in which something went wrong is given up."""
        page, self._console = self._page, Console()
        if page is None or page.is_closed():
            return
        for other in self._context.pages:
            if other not in (page, self._context.pages[0]):
                other.close()
        page.unroute_all(behavior="ignoreErrors")
        if not well:
            page.close()
        elif page.evaluate("document.fullscreenElement !== null") or page.locator(".st-key-held").count():
            page.goto("about:blank")  # what the tab's session held would be missed aloud in the next test

    def _hear(self, message: ConsoleMessage) -> None:
        self._console.hear(message)

    def _uncaught(self, error: Error) -> None:
        self._console.uncaught(error)


def arrive(page: Page, link: str) -> None:
    """Open a link as somebody who has never been here, and wait until the page is complete."""
    target = urlsplit(link)
    if urlsplit(page.url)[:2] == target[:2] and page.evaluate(
        """most => window.cnnvizTravel !== undefined && document.querySelector('[data-testid="stApp"]') !== null
            && (window.cnnvizVisits = (window.cnnvizVisits ?? 0) + 1) < most""",
        MOST_VISITS,
    ):
        path = target.path.rstrip("/") or "/"  # Streamlit knows its pages by what stands after the last slash
        waypoint = WAYPOINTS[path == WAYPOINTS[0][0]]
        there = f"{path}?{target.query}" if target.query else path
        try:
            page.evaluate("([link, waypoint]) => cnnvizTravel(link, waypoint)", [there, list(waypoint)])
        except Error:
            page.goto(link)
    else:
        page.goto(link)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)
