"""The stage alone on a projector, and the link to hand out."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stage_page import StagePage, trace_of
from tests.serving import Server

Visit = Callable[[str], StagePage]
ALONE = re.compile(r"\bcnv-alone\b")


def size_of_type(stage: StagePage) -> float:
    return float(stage.shape.evaluate("node => parseFloat(getComputedStyle(node).fontSize)"))


def expect_to_fill_the_screen(stage: StagePage, page: Page) -> None:
    expect(stage.root).to_have_class(ALONE)
    assert stage.root.evaluate("node => getComputedStyle(node).position") == "fixed"
    box = stage.root.bounding_box()
    assert box
    window = page.evaluate("[innerWidth, innerHeight]")
    assert [box["x"], box["y"], box["width"], box["height"]] == [0, 0, *window]
    covered = page.evaluate("stage => document.elementFromPoint(20, 20).closest(stage) !== null", ".cnv-alone")
    assert covered, "nothing of the page lies above the stage"


def test_the_projector_view_and_back(visit: Visit, page: Page) -> None:
    stage = visit("n=6")
    small, cell = size_of_type(stage), stage.grid("output").bounding_box()
    with stage.repainted():
        stage.root.get_by_role("button", name="Projector").click()
    expect_to_fill_the_screen(stage, page)
    large = stage.grid("output").bounding_box()
    assert cell and large
    assert size_of_type(stage) > 1.3 * small
    assert large["width"] > 1.2 * cell["width"]
    stage.expect_query(n="6", view="projector")
    stage.slide("kernel", 2)
    stage.expect_shape(trace_of("n=6&k=2"))
    with stage.repainted():
        stage.root.get_by_role("button", name="Leave projector").click(timeout=5000)
    expect(stage.root).not_to_have_class(ALONE)
    stage.expect_query(n="6", k="2", view=None)
    assert size_of_type(stage) == small


def test_leaving_full_screen_leaves_the_projector_view(visit: Visit, page: Page) -> None:
    """In full screen the browser itself takes the Escape key, and the page only hears of it."""
    stage = visit("n=6")
    stage.root.get_by_role("button", name="Projector").click()
    page.wait_for_function("document.fullscreenElement !== null")
    stage.expect_query(n="6", view="projector")
    page.evaluate("document.exitFullscreen()")
    expect(stage.root).not_to_have_class(ALONE)
    stage.expect_query(n="6", view=None)


def test_a_link_opens_the_projector_view_and_escape_leaves_it(own_page: Page, server: Server) -> None:
    """A browser that gives no full screen, as to a page that nobody has touched yet."""
    own_page.add_init_script("Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('not allowed'))")
    stage = StagePage.open(own_page, server.url, "n=6&view=projector")
    expect_to_fill_the_screen(stage, own_page)
    stage.slider("kernel").focus()
    own_page.keyboard.press("Escape")
    expect(stage.root).not_to_have_class(ALONE)
    stage.expect_query(n="6", view=None)


def test_everything_stays_on_the_screen_of_a_projector(visit: Visit, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    stage = visit("n=7&p=1&view=projector")
    for part in (stage.plot, stage.shape, stage.sum, stage.scrubber, stage.slider("dilation")):
        box = part.bounding_box()
        assert box
        assert box["y"] >= 0 and box["y"] + box["height"] <= 720


def test_the_link_is_copied(visit: Visit, page: Page) -> None:
    stage = visit("n=6&k=2")
    stage.slide("stride", 2)
    stage.expect_query(s="2")
    stage.root.get_by_role("button", name="Copy link").click()
    expect(stage.root.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    expect(stage.root.get_by_text("Copied")).to_be_hidden()


def test_a_link_copied_before_the_rest_is_the_link_of_the_picture(visit: Visit, page: Page) -> None:
    stage = visit("n=6")
    stage.slide("stride", 2)
    stage.root.get_by_role("button", name="Copy link").click()
    expect(stage.root.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "s=2" in copied and "n=6" in copied
