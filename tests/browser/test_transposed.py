"""The lesson on transposed convolution in a real browser: its views, its cursor, its rim that is cut away."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.stage_page import StagePage
from tests.lessons.transposed.specs import traced
from tests.serving import Server

Visit = Callable[[str], StagePage]


@pytest.fixture
def visit(page: Page, server: Server) -> Visit:
    return lambda query: StagePage.open(page, f"{server.url}/transposed", query)


def test_sliders_change_the_shape_and_the_words(visit: Visit, page: Page) -> None:
    stage = visit("")
    expect(stage.shape).to_have_text("3×3 → 7×7")
    stage.slide("padding", 1)
    expect(stage.shape).to_have_text("3×3 → 5×5")
    stage.slide("output_padding", 1)
    expect(stage.shape).to_have_text("3×3 → 6×6")
    stage.expect_query(p="1", op="1")
    expect(page.get_by_text("for the sizes 5 and 6 alike")).to_be_visible()
    stage.slide("output_padding", 2)
    expect(stage.shape).to_have_text("not possible")
    expect(stage.fault).to_contain_text("must be smaller than the stride or the dilation")


def test_the_sum_of_an_output_and_what_is_cut_away(visit: Visit) -> None:
    stage = visit("p=1")
    trace = traced(p="1")
    canvas = trace.canvas.shape
    expect(stage.sum).to_contain_text(f"y[0, 0] = 1×2 = {trace.output[0, 0]}".replace("×", "\u200a×\u200a"))
    expect(stage.root.locator(".cnv-place")).to_have_text(re.compile(r"1.*25"))
    stage.point("output", 3, 4, canvas)
    expect(stage.sum).to_contain_text("y[2, 3] = ")
    expect(stage.sum).to_contain_text(f"= {trace.output[2, 3]}")
    stage.point("output", 0, 0, canvas)
    expect(stage.sum).to_contain_text("Cut away")
    stage.point("input", 0, 0, trace.values.shape)
    expect(stage.sum).to_contain_text("is read by 4 of 25 outputs. 5 more cells of it are cut away.")


def test_the_cursor_stays_when_the_view_changes(visit: Visit) -> None:
    stage = visit("p=1&at=output.2.3")
    result = str(traced(p="1").output[2, 3])
    for how in ("zeros", "matrix", "all", "overlap", "stamp"):
        stage.choose("how", how)
        expect(stage.sum).to_contain_text("y[2, 3] = ")
        expect(stage.sum).to_contain_text(f"= {result}")
        stage.expect_query(how=None if how == "stamp" else how, at="output.2.3")


def test_a_flat_cell_keeps_its_place_when_the_matrix_goes(visit: Visit) -> None:
    stage = visit("n=2&s=1&how=matrix&at=y.5.0")
    stage.choose("how", "stamp")
    expect(stage.sum).to_contain_text("y[1, 1] = ")


def test_an_entry_of_the_matrix_is_a_weight_or_none(visit: Visit) -> None:
    stage = visit("n=2&s=1&how=matrix")
    shape = traced(n="2", s="1", how="matrix").matrix.shape
    stage.point("matrix", 5, 0, shape)
    expect(stage.sum).to_contain_text("= w[1, 1] = 2: through it, vec x[0, 0] adds to vec y[5, 0].")
    stage.point("matrix", 0, 3, shape)
    expect(stage.sum).to_contain_text("is no weight: it is 0 whatever the kernel is.")


def test_the_turned_kernel_is_typed_into_where_it_stands(visit: Visit) -> None:
    stage = visit("how=zeros")
    box = stage.grid("kernel").bounding_box()
    assert box
    stage.page.mouse.click(box["x"] + box["width"] / 6, box["y"] + box["height"] / 6)
    stage.editor.fill("7")
    stage.editor.press("Enter")
    stage.expect_query(we="2.2 7")


def test_the_round_trip_shows_its_difference(visit: Visit) -> None:
    stage = visit("p=1&how=round&x=guide")
    expect(stage.shape).to_have_text("5×5 → 3×3 → 5×5")
    expect(stage.root.locator(".cnv-notes")).to_contain_text("25 of 25 values do not")
    stage.point("difference", 0, 0, (5, 5))
    expect(stage.sum).to_contain_text("e[0, 0] = 12 − 3 = 9")


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("query", ["p=1&how=all", "n=4x3&p=0.1.0.1&s=2x3&op=1&how=round"])
def test_a_phone_does_not_scroll_sideways(visit: Visit, page: Page, query: str) -> None:
    visit(query)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ends = page.evaluate(
        "[...document.querySelectorAll('.katex-display .base')].map(f => f.getBoundingClientRect().right)"
    )
    assert ends
    assert max(ends) < 390 - 10, "every formula fits"


@pytest.mark.parametrize("theme", ["light"])
def test_the_stage_has_no_barriers(visit: Visit, page: Page) -> None:
    visit("p=1&how=all")
    found = Axe().run(page, context='[data-cnnviz="stage"]').response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
