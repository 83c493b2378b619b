"""Do trained networks answer at once? A stroke of the pen, another photo, a click on a cell; and a session's memory.

`make bench ONLY=seeing`. One headless Chromium with software rendering, one server on the same machine, one learner.
"""

from __future__ import annotations

import contextlib
import random
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.benchmarks.pictures import VIEWPORT, row
from tests.browser import chromium
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server, running_app
from tests.ui.picture_visitor import Visitor

MOST_STROKE_MS, MOST_PHOTO_MS, MOST_STAGE_MS = 200.0, 1000.0, 300.0
MOST_SESSION_MB = 60.0
STROKES, CLICKS, SESSIONS = 12, 12, 8
PHOTOS = ("Coffee", "Rocket", "Cat", "Photographer", "Astronaut")
LINKS = (
    "net=shapes_vgg&see=star.4&vs=ring.2",
    "net=resnet18&layer=layer2.1.relu_out&img=cat",
    "net=digits_lenet&see=digit.7.3&layer=relu2&c=3&at=0.0",
)
REST_MS = 900  # what is not painted by then after the last paint does not belong to what a hand did

# Notes when a hand let go, and when the wall and the stage were painted since.
WATCH = """() => {
    window.began = 0;
    window.paints = { wall: [], stage: [] };
    addEventListener("pointerup", () => {
        window.began = performance.now();
        window.paints = { wall: [], stage: [] };
    }, true);
    new MutationObserver(changes => {
        for (const { target } of changes) {
            const kind = target.dataset.cnnviz;
            const first = target === document.querySelector(`[data-cnnviz="${kind}"]`);
            if (!first || !(kind in window.paints)) continue;
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => window.paints[kind].push(performance.now());
                port2.postMessage(0);
            });
        }
    }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-painted"] });
}"""
RESTED = """([kind, rest]) => {
    const { [kind]: times } = window.paints;
    return times.length > 0 && performance.now() - times.at(-1) > rest;
}"""


def main(_arguments: list[str] | None = None) -> int:
    """Measure all; 1 if something is too slow or too large."""
    right = True
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=list(chromium.FLAGS))
        right &= row("stroke ended -> maps of the digits network", strokes(browser, server), MOST_STROKE_MS)
        right &= row("photo chosen -> one layer of ResNet-18", photos(browser, server), MOST_PHOTO_MS)
        right &= row("click on a cell -> stage open", cells(browser, server), MOST_STAGE_MS)
        right &= memory(server)
        browser.close()
    return int(not right)


def opened(browser: Browser, server: Server, query: str) -> Page:
    """The page, painted and at rest."""
    page = browser.new_context(viewport=VIEWPORT).new_page()
    page.goto(f"{server.url}/feature_maps?{query}")
    page.locator('[data-cnnviz="wall"][data-painted]').first.wait_for(timeout=60_000)
    page.locator('[data-test-script-state="notRunning"]').wait_for(timeout=60_000)
    page.evaluate(WATCH)
    return page


def taken(page: Page, kind: str) -> float:
    """Milliseconds from the hand's release to the last paint that followed."""
    page.wait_for_function(RESTED, arg=[kind, REST_MS], timeout=30_000)
    return float(page.evaluate(f"window.paints.{kind}.at(-1) - window.began"))


def strokes(browser: Browser, server: Server) -> list[float]:
    page = opened(browser, server, "net=digits_lenet&see=drawing")
    box = page.locator('[data-cnnviz="pad"] canvas').first.bounding_box()
    assert box
    chance, samples = random.Random(6), []
    for _ in range(STROKES + 1):
        points = [
            (box["x"] + box["width"] * chance.uniform(0.2, 0.8), box["y"] + box["height"] * chance.uniform(0.2, 0.8))
            for _ in range(3)
        ]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=6)
        page.mouse.up()
        samples.append(taken(page, "wall"))
    page.context.close()
    return samples[1:]


def photos(browser: Browser, server: Server) -> list[float]:
    page = opened(browser, server, "net=resnet18&layer=layer1.1.relu_out&img=edges")
    samples = []
    for title in PHOTOS:
        page.get_by_role("combobox", name="Picture").click()
        page.get_by_role("option", name=title, exact=True).click()
        samples.append(taken(page, "wall"))
    page.context.close()
    return samples[1:]


def cells(browser: Browser, server: Server) -> list[float]:
    page = opened(browser, server, "net=digits_lenet&see=digit.7.3&layer=relu2&c=3&at=0.0")
    viewer, samples = ViewerPage(page), []
    viewer.wait_until_painted()
    for click in range(CLICKS + 1):  # another cell each time
        page.mouse.click(*viewer.place(1, 0.3 + 0.1 * (click % 5), 0.3 + 0.2 * (click // 5)))
        samples.append(taken(page, "stage"))
    page.context.close()
    return samples[1:]


class Learner(Visitor):
    """A session without a browser: it opens links and keeps nothing of what it gets."""

    def go(self, query: str) -> None:
        """Open another link of the page."""
        self._query = query
        self._run(BackMsg())

    def _read(self, frame: ForwardMsg) -> None:
        assert frame.delta.new_element.WhichOneof("type") != "exception"


def memory(server: Server) -> bool:
    """What a session adds to the server once it has compared pictures, looked at a photo and opened the stage."""
    status = Path(f"/proc/{server.pid}/statm")
    if not status.exists():
        return True
    before = 0.0
    with contextlib.ExitStack() as learners:
        for session in range(SESSIONS + 1):
            learner = learners.enter_context(Learner(server, "feature_maps", LINKS[0]))
            for link in LINKS[1:]:
                learner.go(link)
            if session == 0:  # what is loaded once a process is nobody's own
                before = megabytes(status)
        each = (megabytes(status) - before) / SESSIONS
    fine = each <= MOST_SESSION_MB
    verdict = "" if fine else "  TOO MUCH"
    print(f"{'memory that a session adds':64} {each:6.1f} MB   target {MOST_SESSION_MB:.0f} MB{verdict}")
    return fine


def megabytes(status: Path) -> float:
    return int(status.read_text().split()[1]) * 4096 / 2**20


if __name__ == "__main__":
    sys.exit(main())
