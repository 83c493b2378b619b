"""The Frameworks page in a real browser: it paints its drawing, follows its settings, and fits a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_solver import KATEX_SLACK, overflow, overhang
from tests.browser.test_stage_axe import barriers
from tests.serving import Server

Open = Callable[[str], Page]
STRIPS = ".cnv-frames img"


@pytest.fixture
def lesson(page: Page, server: Server) -> Open:
    def visit(path: str) -> Page:
        page.goto(f"{server.url}/{path}")
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
        return page

    return visit


@pytest.mark.parametrize(("theme", "width"), [("light", 1400), ("dark", 390)])
def test_it_paints_fits_and_has_no_barriers(lesson: Open) -> None:
    page = lesson("frameworks")
    expect(page.locator(STRIPS).first).to_be_visible()
    assert all(page.locator(STRIPS).evaluate_all("all => all.map(one => one.naturalWidth > 100)"))
    assert overflow(page) <= 0
    assert all(width <= 0 for width in overhang(page.locator(".cnv-table")))
    assert all(width <= KATEX_SLACK for width in overhang(page.locator(".katex-display")))
    assert barriers(page) == ""


def test_settings_and_examples_change_the_drawing(lesson: Open) -> None:
    page = lesson("frameworks")
    page.get_by_role("radio", name="Max pooling").click()
    expect(page).to_have_url(re.compile(r"\?op=pool$"))
    kernel = page.get_by_label("Kernel", exact=True)
    kernel.fill("3")
    kernel.press("Enter")
    expect(page.get_by_text("Refused. PyTorch pads a pooling by at most half of its kernel").first).to_be_visible()
    page.get_by_label("Example").click()
    page.get_by_role("option", name="Pooling 3, stride 2, on 112").click()
    expect(page).to_have_url(re.compile("p=0"))
    expect(page.get_by_alt_text(re.compile("PyTorch, padding=0, ceil_mode=True.*56 outputs")).first).to_be_visible()
    page.get_by_role("radio", name="Transposed convolution").click()
    extra = page.get_by_label("Output padding")
    extra.fill("1")
    extra.press("Enter")
    expect(page.get_by_alt_text(re.compile("PyTorch, padding=0, output_padding=1.*226 outputs")).first).to_be_visible()


@pytest.mark.parametrize(("theme", "width"), [("light", 1400), ("dark", 390)])
def test_open_numbers_are_clicked_and_found(lesson: Open) -> None:
    page = lesson("solver?do=open")
    expect(page.get_by_text("Padding 1 is the only one that works: 256 → 128 → 125.")).to_be_visible()
    assert barriers(page) == ""
    page.get_by_role("button", name="1 conv: kernel 3").click()
    expect(page.get_by_text("32 pairs of kernel and padding work.")).to_be_visible()
    page.get_by_role("button", name="Put in kernel 3, padding 1").click()
    expect(page).to_have_url(re.compile("f=256_conv.3.s2.p1_pool.4.s1_125"))
    expect(page.get_by_text("It comes out: 256 → 128 → 125.")).to_be_visible()
    assert overflow(page) <= 0
