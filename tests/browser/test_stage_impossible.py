"""A setting that cannot be: the picture fades, a sentence says by how much, and buttons mend it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.trace import trace_convolution
from tests.browser.stage_page import StagePage, shape_of, spec_of

Visit = Callable[[str], StagePage]
DIMMED = re.compile(r"\bcnv-dim\b")


def complaint_of(query: str) -> str:
    with pytest.raises(SpecError) as caught:
        trace_convolution(spec_of(query))
    return caught.value.message


def shape_now(stage: StagePage) -> str:
    """What the engine says to the state in the URL."""
    return shape_of(trace_convolution(spec_of("&".join(f"{k}={v}" for k, v in stage.query().items()))))


def expect_impossible(stage: StagePage, query: str) -> None:
    expect(stage.plot).to_have_class(DIMMED)
    expect(stage.fault).to_be_visible()
    expect(stage.fault).to_contain_text(complaint_of(query))
    expect(stage.shape).not_to_have_text(re.compile(r"→"))
    assert stage.fault.get_by_role("button").count() >= 1


def expect_no_crash(page: Page) -> None:
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    expect(page.get_by_text("Something went wrong")).to_have_count(0)


def test_a_kernel_that_does_not_fit_is_said_while_it_is_dragged(visit: Visit, page: Page) -> None:
    stage = visit("")
    stage.hold("kernel", 7)
    expect_impossible(stage, "k=7")
    expect(stage.fault).to_contain_text("2 too few")
    stage.hold("kernel", 5)
    expect(stage.plot).not_to_have_class(DIMMED)
    expect(stage.fault).to_be_hidden()
    expect(stage.shape).to_have_text("5×5 → 1×1")
    stage.slide("kernel", 6)
    stage.expect_query(k="6")
    expect_impossible(stage, "k=6")
    expect_no_crash(page)


@pytest.mark.parametrize("query", ["n=2&k=5", "s=2&p=same", "n=9x2&k=3"])
def test_a_link_to_an_impossible_setting_opens(visit: Visit, page: Page, query: str) -> None:
    stage = visit(query)
    expect_impossible(stage, query)
    assert stage.root.locator(".cnv-chart .hm image").count() == 3, "the nearest setting that works is shown, faded"
    assert spec_of("&".join(f"{k}={v}" for k, v in stage.query().items())) == spec_of(query)
    expect_no_crash(page)


def test_every_mend_mends(visit: Visit, page: Page) -> None:
    stage = visit("n=2&k=5")
    labels = stage.fault.get_by_role("button").all_inner_texts()
    assert "Kernel 2" in labels
    for label in labels:
        expect(stage.fault).to_be_visible()
        stage.fault.get_by_role("button", name=label, exact=True).click()
        expect(stage.fault).to_be_hidden()
        expect(stage.plot).not_to_have_class(DIMMED)
        page.wait_for_function("!location.search.includes('n=2&k=5') || location.search.includes('p=')")
        expect(stage.shape).to_have_text(shape_now(stage))
        stage = visit("n=2&k=5")


def test_a_mend_in_the_middle_of_a_drag_keeps_the_rest(visit: Visit) -> None:
    stage = visit("n=6&s=2")
    stage.hold("kernel", 7)
    mend = stage.fault.get_by_role("button", name="Kernel 6", exact=True)
    mend.click()
    expect(stage.shape).to_have_text("6×6 → 1×1")
    stage.expect_query(n="6", s="2", k="6")


def test_an_impossible_setting_is_told_apart_on_the_slider(visit: Visit) -> None:
    stage = visit("")
    assert stage.root.locator('.cnv-slider:has([name="kernel"]) i.cnv-no').count() == 2
    stage.hold("kernel", 6)
    expect(stage.slider("kernel")).to_have_attribute("aria-valuetext", re.compile("6.*not possible"))


def test_moving_on_from_an_impossible_setting_is_possible(visit: Visit) -> None:
    stage = visit("n=2&k=5")
    stage.slide("padding", 3)
    stage.expect_query(p="3")
    expect(stage.shape).to_have_text("2×2 → 4×4")
    expect(stage.fault).to_be_hidden()
