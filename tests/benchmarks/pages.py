"""Is every page with a stage as fast as the Convolution page? `make bench ONLY=pages`.

For each page, as it opens and at its largest settings: three sliders moved there and back, the pointer over the cells
of the largest grid, and a slider let go until nothing below the stage changes any more. "Painted" and "the wait" mean
what they mean in `stage`. To look at some pages only: `python -m tests.benchmarks.pages matrix channels`.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from cnnviz.stage.operation import pack
from cnnviz.state.view import View
from tests.benchmarks import stage_probe as probe
from tests.benchmarks.lessons import STAGES, LessonStage
from tests.browser import chromium
from tests.browser.stage_page import StagePage
from tests.serving import running_app

VIEWPORT: ViewportSize = {"width": 1400, "height": 900}
SLIDERS = 3
MOVES = 16
HOVERS = 60
COMMITS = 5
COLUMNS = ("slider p50", "p95", "no wait", "hover p95", "no wait", "commit p50", "worst")
TARGETS = "Targets: a slider 35 ms, p95 70 ms; a hover p95 20 ms; a commit 250 ms until the words follow."

Pair = tuple[float, float]
"""Milliseconds until the stage was done, and until the frame was there."""


@dataclass(frozen=True)
class Slider:
    """A slider of a page: where it stands, and where else there is a picture."""

    name: str
    value: str
    others: tuple[str, ...]

    def walk(self, steps: int) -> list[str]:
        """Go through all positions and back, as a hand does, and end where it began."""
        line = sorted((*self.others, self.value), key=int)
        at = line.index(self.value)
        lap = [*line[at + 1 :], *line[:-1][::-1], *line[1 : at + 1]] if len(line) > 1 else []
        return (lap * (steps // max(len(lap), 1) + 1))[: max(steps - steps % len(lap), len(lap))] if lap else []


@dataclass(frozen=True)
class Picture:
    """What the benchmark must know of a state: its sliders, and the grid with the most cells."""

    sliders: tuple[Slider, ...]
    grid: str
    rows: int
    columns: int


def main(arguments: list[str] | None = None) -> int:
    chosen = [stage for stage in STAGES if not arguments or stage.page in arguments]
    print(f"{'milliseconds, in headless Chromium':58}" + "".join(f" {name:>10}" for name in COLUMNS))
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=list(chromium.FLAGS))
        for stage in chosen:
            for query in ("", *stage.shown):
                measure(browser, server.url, stage, query)
        browser.close()
    print(TARGETS)
    return 0


def picture_of(stage: LessonStage, query: str) -> Picture:
    """Read in the pack of a state what there is to move and to point at."""
    state = dict(parse_qsl(query))
    spec, _ = stage.operation.read(state)
    view, _ = View.from_query(state)
    apart, sides = view.apart or stage.operation.apart(spec), view.sides or stage.operation.sides(spec)
    body: dict[str, Any] = json.loads(pack(stage.operation, spec, apart=apart, sides=sides))
    sliders = []
    for control in body["controls"]:
        if control["kind"] == "slider":
            drawn = {option["v"]: option.get("scene") for option in control["options"]}
            others = tuple(value for value, scene in drawn.items() if scene is not None and value != control["value"])
            sliders.append(Slider(control["name"], control["value"], others))
    sliders.sort(key=lambda slider: len(slider.others) < 2)  # stable: the first of those that can move
    grid = max(body["scenes"][body["here"]["scene"]]["grids"], key=lambda grid: grid["rows"] * grid["cols"])
    return Picture(tuple(sliders), grid["name"], grid["rows"], grid["cols"])


def measure(browser: Browser, url: str, stage: LessonStage, query: str) -> None:
    """Print one line of the table."""
    picture = picture_of(stage, query)
    page = browser.new_context(viewport=VIEWPORT).new_page()
    page.goto(f"{url}/{stage.page}?{query}")
    StagePage(page).wait_until_painted()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    slides: list[Pair] = []
    for slider in picture.sliders[:SLIDERS]:
        if walk := slider.walk(MOVES):
            slides += page.evaluate(probe.SLIDE, [slider.name, walk])
    hovers = page.evaluate(probe.HOVER_GRID, [picture.grid, picture.rows, picture.columns, HOVERS])
    commits = committed(page, picture.sliders[0])
    page.context.close()
    numbers = (
        statistics.median(frame for _, frame in slides),
        p95([frame for _, frame in slides]),
        statistics.median(work for work, _ in slides),
        p95([frame for _, frame in hovers]),
        p95([work for work, _ in hovers]),
        statistics.median(commits),
        max(commits),
    )
    what = f"{stage.page} {query or 'as it opens'} ({len(slides)})"
    print(f"{what:58}" + "".join(f" {number:>10.1f}" for number in numbers), flush=True)


def committed(page: Page, slider: Slider) -> list[float]:
    """Let go of a slider at one position after the other; each time until the words follow."""
    values = (*slider.others, slider.value)[-COMMITS - 1 :]
    return [page.evaluate(probe.WORDS, [slider.name, value]) for value in values]


def p95(samples: Sequence[float]) -> float:
    return sorted(samples)[math.ceil(0.95 * len(samples)) - 1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
