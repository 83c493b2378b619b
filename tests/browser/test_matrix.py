"""The matrix form in a real browser: rows are windows, entries are weights, three layers are graphs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.stage_page import StagePage
from tests.serving import Server

Visit = Callable[[str], StagePage]
FULL = "n=1x5&k=1x3&p=full&flip=1"


@pytest.fixture
def visit(page: Page, server: Server) -> Visit:
    return lambda query: StagePage.open(page, f"{server.url}/matrix", query)


def test_sliders_change_the_matrix(visit: Visit, page: Page) -> None:
    stage = visit("")
    expect(stage.shape).to_have_text("4×4 → 2×2")
    stage.slide("padding", 1)
    expect(stage.shape).to_have_text("4×4 → 4×4")
    expect(stage.root.locator(".cnv-notes")).to_contain_text("156 of its 256 entries are zero")
    stage.expect_query(p="1")
    stage.slide("input", 9)
    expect(stage.shape).to_have_text("not possible")
    expect(stage.fault).to_contain_text("17 columns too many")


def test_a_row_is_a_window_and_an_entry_a_weight(visit: Visit) -> None:
    stage = visit(FULL)
    stage.point("y", 2, 0, (7, 1))
    expect(stage.sum).to_contain_text("vec y[2, 0] = ")
    expect(stage.sum).to_contain_text("= 10")
    stage.point("output", 0, 2, (1, 7))
    expect(stage.sum).to_contain_text("y[0, 2] = ")
    stage.point("matrix", 2, 1, (7, 5))
    expect(stage.sum).to_contain_text("C[2, 1] = w[0, 1] = 2: through it, vec x[1, 0] adds to vec y[2, 0].")
    stage.point("matrix", 0, 4, (7, 5))
    expect(stage.sum).to_contain_text("is no weight: it is 0 whatever the kernel is.")


def test_three_layers_share_or_do_not(visit: Visit) -> None:
    stage = visit("n=1x5&k=1x3&how=layers")
    expect(stage.root.locator(".cnv-notes")).to_contain_text("dense 15, locally connected 9, convolutional 3")
    stage.point("dense", 0, 4, (3, 5))
    expect(stage.sum).to_contain_text("is used once: through it, vec x[4, 0] adds to y[0, 0].")
    stage.point("local", 0, 4, (3, 5))
    expect(stage.sum).to_contain_text("is used by no output.")
    stage.point("y", 1, 0, (3, 1))
    expect(stage.sum).to_contain_text("= 20")


def test_the_cursor_stays_when_the_view_changes(visit: Visit) -> None:
    stage = visit("n=1x5&k=1x3&at=output.0.1")
    stage.choose("how", "layers")
    expect(stage.sum).to_contain_text("y[1, 0] = ")
    expect(stage.sum).to_contain_text("= 20")


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("query", [FULL, "how=layers"])
def test_a_phone_does_not_scroll_sideways(visit: Visit, page: Page, query: str) -> None:
    visit(query)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ends = page.evaluate(
        "[...document.querySelectorAll('.katex-display .base')].map(f => f.getBoundingClientRect().right)"
    )
    assert ends
    assert max(ends) < 390 - 10, "every formula fits"


@pytest.mark.parametrize("theme", ["dark"])
def test_the_stage_has_no_barriers(visit: Visit, page: Page) -> None:
    visit("n=1x5&k=1x3&how=layers")
    found = Axe().run(page, context='[data-cnnviz="stage"]').response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
