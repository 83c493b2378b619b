"""The Backward and the Properties lesson in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.stage_page import STAGE, StagePage
from tests.browser.tab import arrive
from tests.serving import Server

Open = Callable[[str], StagePage]


@pytest.fixture
def lesson(page: Page, server: Server) -> Open:
    """Open a lesson in a state: `lesson("backward?n=6")`."""

    def open_at(link: str) -> StagePage:
        arrive(page, f"{server.url}/{link}")
        stage = StagePage(page)
        stage.wait_until_painted()
        return stage

    return open_at


def test_a_gradient_is_written_out_and_a_slider_moves_it(lesson: Open) -> None:
    stage = lesson("backward?g=counting")
    expect(stage.shape).to_have_text("dL/dy 3×3 → dL/dx 5×5")
    stage.point("dx", 0, 2, (5, 5))
    expect(stage.sum).to_contain_text("dL/dx[0, 2] = 0 × 2 + 1 × 1 + 2 × 0 = 1".replace(" × ", "\u200a×\u200a"))
    stage.slide("stride", 2)
    expect(stage.shape).to_have_text("dL/dy 2×2 → dL/dx 5×5")
    stage.expect_query(s="2", g="counting")


def test_every_gradient_is_one_choice_away(lesson: Open) -> None:
    stage = lesson("backward?n=6&s=2")
    expect(stage.root.locator(".cnv-notes")).to_contain_text("their gradient is 0")
    stage.choose("way", "zeros")
    expect(stage.grid("spread")).to_be_visible()
    for shown, text in (("dw", "→ dL/dw 3×3"), ("db", "→ dL/db 1×1"), ("all", "dL/db"), ("y", "→ y 2×2")):
        stage.choose("grad", shown)
        expect(stage.shape).to_contain_text(text)
    stage.expect_query(grad="y")


def test_the_difference_is_followed_down_to_the_data(lesson: Open) -> None:
    stage = lesson("properties?flip=0")
    expect(stage.shape).to_have_text("f ⋆ g ≠ g ⋆ f · 5×5 → 7×7")
    stage.point("difference", 0, 0, (7, 7))
    expect(stage.sum).to_contain_text("(A − B)[0, 0] = 6 − 0 = 6")
    expect(stage.sum).to_contain_text("A[0, 0] = 3\u200a×\u200a2 = 6")
    stage.choose("flip", "turned")
    expect(stage.shape).to_have_text("f ∗ g = g ∗ f · 5×5 → 7×7")


def test_experiments_bring_their_own_sliders(lesson: Open) -> None:
    stage = lesson("properties")
    stage.choose("prop", "linear")
    expect(stage.slider("a")).to_be_visible()
    stage.slide("a", -2)
    expect(stage.shape).to_contain_text("(−2f + h) ⋆ w = −2(f ⋆ w) + (h ⋆ w)")
    stage.choose("prop", "shift")
    expect(stage.slider("down")).to_be_visible()
    expect(stage.slider("a")).to_have_count(0)


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("link", ["backward?grad=all", "properties?prop=linear"])
def test_a_phone_needs_no_sideways_scroll(lesson: Open, page: Page, link: str) -> None:
    lesson(link)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("theme", "link"), [("light", "backward?grad=all"), ("dark", "properties?prop=linear")])
def test_the_stage_has_no_barriers(lesson: Open, page: Page, link: str) -> None:
    lesson(link)
    found = Axe().run(page, context=STAGE).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
