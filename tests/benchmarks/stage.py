"""Is the stage as fast as thought? `make bench ONLY=stage` prints what was measured beside what is wanted.

One headless Chromium with software rendering, one server, one learner. "Painted" is the moment when the frame that
shows the change has been produced: the stage has counted its repaint, and after that the browser's next frame has
run its callbacks and handed on (`requestAnimationFrame`, then a message to itself). A screen of 60 Hz makes that wait
up to 16.7 ms; "without the wait" ends where the stage itself was done, style and layout of the page included.
"""

from __future__ import annotations

import asyncio
import math
import statistics
import sys
from collections.abc import Iterable

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.benchmarks import stage_probe as probe
from tests.benchmarks.load import ServerProcess
from tests.benchmarks.user import User
from tests.browser import chromium
from tests.browser.stage_page import StagePage
from tests.serving import Server, running_app

VIEWPORT: ViewportSize = {"width": 1400, "height": 900}
LONGEST_RUN = 20
FIRST_VIEWS = 7
CPU_COMMITS = 60
WARM_COMMITS = 20


def main(_arguments: list[str] | None = None) -> int:
    print(f"{'what':58} {'median':>10} {'p95':>10}   target")
    with running_app() as server:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.executable(), args=list(chromium.FLAGS))
            in_the_browser(browser, server)
            browser.close()
        processor(server)
    return 0


def in_the_browser(browser: Browser, server: Server) -> None:
    first_views(browser, server)
    page = fresh_page(browser)
    sliders(page, server, 7, "35 ms, p95 70 ms")
    sliders(page, server, 16, "60 ms")
    hovers(page, server, 16)
    commits(page, server)
    for size, target in ((7, "15 KB"), (16, "60 KB")):
        wire(browser, server, size, target)


def fresh_page(browser: Browser) -> Page:
    return browser.new_context(viewport=VIEWPORT).new_page()


def row(what: str, samples: Iterable[float], target: str, unit: str = "ms") -> None:
    """Print one line of the table."""
    ordered = sorted(samples)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    middle = f"{statistics.median(ordered):.1f} {unit}"
    print(f"{what:58} {middle:>10} {f'{p95:.1f} {unit}':>10}   {target}", flush=True)


def both_ends(what: str, samples: list[tuple[float, float]], target: str) -> None:
    """Print the time to the end of the frame, and the same without the wait for it."""
    row(what, (frame for _, frame in samples), target)
    row("    without the wait for the screen", (work for work, _ in samples), "")


def sliders(page: Page, server: Server, size: int, target: str) -> None:
    """Move three sliders there and back, as a hand does."""
    StagePage.open(page, server.url, f"n={size}&p=1")
    samples: list[tuple[float, float]] = []
    for name, values in (("kernel", (4, 5, 4, 3, 2)), ("stride", (2, 3, 2, 1)), ("padding", (2, 3, 2, 1, 0))):
        samples += page.evaluate(probe.SLIDE, [name, list(values) * 6])
    both_ends(f"slider moved -> painted, {size}x{size} ({len(samples)} moves)", samples, target)


def hovers(page: Page, server: Server, size: int) -> None:
    StagePage.open(page, server.url, f"n={size}")
    samples = page.evaluate(probe.HOVER, 120)
    both_ends(f"hover -> highlight painted, {size}x{size} ({len(samples)} moves)", samples, "p95 20 ms")


def commits(page: Page, server: Server) -> None:
    """Let go of a slider, and wait until the code and the formula on the page are those of its new value."""
    stage = StagePage.open(page, server.url, "n=7")
    rested: list[float] = []
    sent: list[float] = []
    for kernel in (2, 4, 5, 3) * 6:
        result = page.evaluate(probe.COMMIT, ["kernel", str(kernel), f"kernel_size={kernel}"])
        rested.append(result["released"])
        sent.append(result["sent"])
        stage.expect_query(k=None if kernel == 3 else str(kernel))
    row(f"commit -> words and code follow ({len(sent)} commits)", sent, "250 ms")
    row("    from letting go, the rest of the hand included", rested, "")


def wire(browser: Browser, server: Server, size: int, target: str) -> None:
    """Measure the frame that carries the pack."""
    frames: list[int] = []
    page = fresh_page(browser)

    def listen(payload: str | bytes) -> None:
        if isinstance(payload, bytes) and b"cnnviz_stage" in payload:
            frames.append(len(payload))

    page.on("websocket", lambda socket: socket.on("framereceived", listen))
    StagePage.open(page, server.url, f"n={size}")
    page.context.close()
    row(f"pack on the wire, {size}x{size}, its message included", [max(frames, default=0) / 1024], target, "KB")


def processor(server: Server) -> None:
    """Ask for packs that nobody asked for before, and read the server's clock."""
    process = ServerProcess(server.pid)
    for size in ("7", "16"):
        spent = asyncio.run(_commits(server.url, process, size))
        row(f"server CPU for one commit, pack included, {size}x{size}", spent, "20 ms" if size == "7" else "")


async def _commits(url: str, process: ServerProcess, size: str) -> list[float]:
    """Milliseconds of processor for one commit, from runs of commits: the system's clock ticks only every 10 ms."""
    spent: list[float] = []
    async with User(url) as user:
        for number in range(WARM_COMMITS):
            await user.commit({"n": size, "x": "random", "seed": str(number + 1)})
        for run in range(CPU_COMMITS // LONGEST_RUN):
            before = process.cpu_seconds()
            for number in range(LONGEST_RUN):
                await user.commit({"n": size, "x": "random", "seed": str(1000 + run * LONGEST_RUN + number)})
            after = process.cpu_seconds()
            if before is None or after is None:
                return [float("nan")]
            spent.append((after - before) * 1000 / LONGEST_RUN)
    return spent


def first_views(browser: Browser, server: Server) -> None:
    """Open the page in a browser that has never seen it; the first time only warms the server."""
    seconds: list[float] = []
    for number in range(FIRST_VIEWS + 1):
        page = fresh_page(browser)
        page.add_init_script(probe.FIRST_VIEW)
        page.goto(server.url)
        milliseconds = page.wait_for_function("window.firstView").json_value()
        if number:
            seconds.append(milliseconds / 1000)
        page.context.close()
    row(f"first view, fresh browser, numbers and all ({len(seconds)} views)", seconds, "2.5 s", "s")


if __name__ == "__main__":
    sys.exit(main())
