"""The Filters lesson as a learner's hands and eyes meet it."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.lessons.filters.trace import picture_planes, trace_filter
from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server

Open = Callable[[str], ViewerPage]


@pytest.fixture
def filters(page: Page, server: Server) -> Open:
    return lambda query: ViewerPage.open(page, server.url, "filters", query)


def result(name: str, **link: str) -> np.ndarray:
    spec, _ = FiltersSpec.from_query(link)
    return trace_filter(picture_planes(sample(name).pixels, colour=spec.is_colour), spec).result


def read(viewer: ViewerPage, index: int) -> tuple[int, int, float]:
    """What the readout below a panel says: row, column and value."""
    expect(viewer.readout(index)).to_have_text(re.compile(r"^\["))
    row, column, value = re.findall(r"-?\d+(?:\.\d+)?", viewer.readout(index).inner_text().replace("−", "-"))[:3]
    return int(row), int(column), float(value)


def test_the_numbers_under_the_cursor_are_those_of_the_kernel(filters: Open, page: Page) -> None:
    viewer = filters("img=camera")
    page.mouse.move(*viewer.middle(1))
    row, column, value = read(viewer, 1)
    assert value == result("camera")[0, row, column]
    before = read(viewer, 0)
    assert (before[0] - row, before[1] - column) == (1, 1)
    viewer.slide("b", "50")
    viewer.expect_query(img="camera", b="50")
    page.mouse.move(*viewer.middle(1))
    row, column, value = read(viewer, 1)
    assert value == result("camera", b="50")[0, row, column]


def test_a_slider_changes_the_kernel_and_the_numbers(filters: Open, page: Page) -> None:
    viewer = filters("img=camera&k=box")
    viewer.slide("n", "9")
    viewer.expect_query(k="box-9")
    expect(viewer.panel(1).locator(".cnw-title")).to_have_text("Box blur 9×9")
    expect(viewer.note).to_contain_text("512×512 → 504×504")
    page.mouse.move(*viewer.middle(1))
    row, column, value = read(viewer, 1)
    assert value == pytest.approx(result("camera", k="box-9")[0, row, column], abs=0.006)


def test_a_click_opens_the_sum_and_the_stage(filters: Open, page: Page) -> None:
    viewer = filters("img=camera&z=104.164.24")
    with viewer.answered():
        page.mouse.click(*viewer.middle(1))
    expect(page.get_by_role("heading", name="Explain this pixel")).to_be_visible()
    page.wait_for_function("new URLSearchParams(location.search).has('at')")
    query = viewer.query()
    assert query["z"].endswith(".24")
    row, column = map(int, query["at"].split("."))
    value = int(result("camera")[0, row, column])
    stage = page.locator('[data-cnnviz="stage"]')
    expect(stage.locator('[data-cnnviz="shape"]')).to_have_text("5×5 → 3×3")
    expect(stage).to_contain_text(re.compile(rf"y\[1, 1\].*= ?{value}".replace("-", "[-−]")))
    second = page.locator('[data-cnnviz="viewer"]').nth(1)
    expect(second.locator("[data-panel]")).to_have_count(3)
    expect(second.get_by_role("toolbar")).to_be_hidden()


def test_the_kernel_is_typed(filters: Open, page: Page) -> None:
    viewer = filters("img=camera&k=laplacian")
    box = page.get_by_role("textbox", name="Kernel, 3×3")
    box.fill("0 1 0\n1 -3 1\n0 1 0")
    box.press("Control+Enter")
    viewer.expect_query(k="laplacian", ke="1.1 -3")
    expect(viewer.panel(1).locator(".cnw-title")).to_contain_text("changed")


def test_the_borders_are_measured(filters: Open, page: Page) -> None:
    viewer = filters("img=camera&k=box-5")
    viewer.choose("view", "borders")
    expect(viewer.root.locator("[data-panel]")).to_have_count(6)
    expect(page.get_by_role("cell", name="Replicate")).to_be_visible()


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("theme", ["dark"])
def test_a_phone_needs_no_sideways_scroll_and_nobody_is_shut_out(filters: Open, page: Page) -> None:
    filters("img=cat&k=gaussian&c=colour&at=40.40&p=same")
    expect(page.locator('[data-cnnviz="stage"]')).to_be_visible()
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth")
    assert wide <= 0
    assert not barriers(page)
