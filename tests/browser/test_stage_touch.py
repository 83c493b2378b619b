"""The stage under a thumb: a phone, 390 px wide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_page import StagePage, trace_of

Visit = Callable[[str], StagePage]
SMALLEST_TARGET = 24


@pytest.fixture
def width() -> int:
    return 390


def test_a_tap_shows_and_a_second_tap_edits(visit: Visit, page: Page) -> None:
    stage, trace = visit(""), trace_of("")
    stage.tap(("input", 1, 3), trace)
    expect(stage.sum).to_contain_text("x[1, 3] = 3")
    expect(stage.editor).to_be_hidden()
    stage.tap(("input", 1, 3), trace)
    expect(stage.editor).to_be_focused()
    stage.editor.fill("8")
    stage.editor.press("Enter")
    stage.expect_query(xe="1.3 8", at="input.1.3")


def test_a_tapped_output_says_its_sum(visit: Visit) -> None:
    stage, trace = visit(""), trace_of("")
    stage.tap(("output", 1, 1), trace)
    expect(stage.sum).to_contain_text("y[1, 1] =")
    stage.expect_query(at="output.1.1")


def test_the_page_does_not_scroll_sideways(visit: Visit) -> None:
    stage = visit("n=2&k=5")
    expect_to_fit(stage)
    for query in ("n=16&p=2", "apart=1&sides=1", "k=7&n=9&w=gaussian"):
        stage.go(query)
        expect_to_fit(stage)


def expect_to_fit(stage: StagePage) -> None:
    assert stage.page.evaluate("document.documentElement.scrollWidth") <= 390
    plot = stage.plot.bounding_box()
    assert plot and plot["x"] >= 0 and plot["x"] + plot["width"] <= 390
    for name in ("input", "kernel", "output"):
        box = stage.grid(name).bounding_box()
        assert box and plot["x"] <= box["x"] and box["x"] + box["width"] <= plot["x"] + plot["width"] + 1
        assert plot["y"] <= box["y"] and box["y"] + box["height"] <= plot["y"] + plot["height"] + 1


def test_every_control_is_large_enough_for_a_finger(visit: Visit) -> None:
    stage = visit("apart=1&sides=1")
    small = stage.root.evaluate(
        """(root, least) => [...root.querySelectorAll("button, select, input")]
            .filter(node => node.checkVisibility())
            .map(node => [node, (node.type === "radio" || node.type === "checkbox" ? node.closest("label") : node)])
            .map(([node, target]) => [node.name || node.ariaLabel, target.getBoundingClientRect()])
            .filter(([, box]) => box.width < least || box.height < least)
            .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)""",
        SMALLEST_TARGET,
    )
    assert small == []


def test_sliders_and_picture_are_on_one_screen(visit: Visit) -> None:
    """A hand on the kernel's slider must see what it does."""
    stage = visit("")
    stage.slider("kernel").scroll_into_view_if_needed()
    stage.slider("kernel").evaluate("node => node.scrollIntoView({block: 'end'})")
    slider, plot = stage.slider("kernel").bounding_box(), stage.plot.bounding_box()
    assert slider and plot
    assert plot["y"] >= 0, "the picture is above the slider, and all of it is visible"
    stage.slide("kernel", 2)
    stage.expect_shape(trace_of("k=2"))
