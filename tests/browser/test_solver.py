"""The Solver in a real browser: it fits a phone, has no barriers, and its links open what they promise."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage_page import StagePage
from tests.browser.tab import arrive
from tests.browser.test_stage_axe import barriers
from tests.serving import Server

STATES = {
    "solve": "q=224-112&pick=2",
    "apart": "q=7x5-4x3&kind=transposed",
    "none": "q=5-100",
    "same": "q=224-112&pads=same&kind=pool&pick=3",
    "open": "do=open&f=256_conv.~.s2.p~_pool.4.s1_125",
    "inputs": "do=inputs",
    "chain": "do=chain&layers=conv.7.s2.p3.c64_pool.3.s2.p1.ceil_transposed.4.s2.p1.c1&n=224x97&c=3",
    "practise": "do=practise&level=5&seed=3",
}
KATEX_SLACK = 4  # px: KaTeX's own boxes stand out of each other a little, whatever the width
Open = Callable[[str], Page]


@pytest.fixture
def solver(page: Page, server: Server) -> Open:
    def visit(query: str = "") -> Page:
        arrive(page, f"{server.url}/solver?{query}")
        expect(page.get_by_role("heading", name="Solver")).to_be_visible()
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
        return page

    return visit


def overflow(page: Page) -> int:
    """How many pixels the page could be scrolled sideways."""
    return page.evaluate(
        """() => {
            const main = document.querySelector('[data-testid="stMain"]');
            return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth);
        }"""
    )


def overhang(nodes: Locator) -> list[int]:
    """How many pixels of each node do not fit its own box."""
    return nodes.evaluate_all("nodes => nodes.map(node => node.scrollWidth - node.clientWidth)")


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("state", list(STATES.values())[::2], ids=list(STATES)[::2])
def test_a_phone_never_scrolls_sideways(solver: Open, state: str) -> None:
    page = solver(state)
    assert overflow(page) <= 0
    assert all(width <= 0 for width in overhang(page.locator(".cnv-table")))
    assert all(width <= KATEX_SLACK for width in overhang(page.locator(".katex-display")))


@pytest.mark.parametrize(("theme", "width"), [("light", 1400), ("dark", 390)])
def test_there_are_no_barriers(solver: Open) -> None:
    for name in ("solve", "none", "chain", "practise"):
        assert barriers(solver(STATES[name])) == "", name


def test_typing_a_question_answers_it(solver: Open) -> None:
    page = solver("")
    box = page.get_by_label("From which size to which?", exact=True)
    box.fill("56 to 112")
    box.press("Enter")
    expect(page.get_by_text("26 transposed convolutions turn 56 into 112.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=56-112$"))
    rows = page.locator(".cnv-table tbody tr")
    expect(rows).to_have_count(10)
    expect(rows.first).to_contain_text("nn.ConvTranspose2d(1, 1, 2, stride=2)")
    page.get_by_role("radio", name="Convolution: 0").click()
    expect(page.get_by_text("No convolution turns 56 into 112.")).to_be_visible()


def test_fast_clicks_all_count(solver: Open) -> None:
    page = solver("do=inputs&o=10")
    more = page.get_by_test_id("stNumberInputStepUp").first
    for _ in range(6):
        more.click()
    expect(page).to_have_url(re.compile("o=16"))
    expect(page.get_by_label("Wanted output")).to_have_value("16")


def test_a_link_in_the_table_opens_the_stage_in_a_new_tab(solver: Open) -> None:
    page = solver("q=7-4&kind=conv")
    with page.context.expect_page() as opened:
        page.locator(".cnv-table tbody tr").first.get_by_role("link").click()
    tab = opened.value
    stage = StagePage(tab)
    stage.wait_until_painted()
    expect(stage.shape).to_have_text("7×7 → 4×4")
    tab.close()


@pytest.mark.parametrize(
    ("query", "lesson", "shape"),
    [
        ("q=224-112&kind=conv", "Convolution", "16×16 → 8×8"),
        ("q=4-9&kind=transposed&k=3&s=2", "Transposed convolution", "4×4 → 9×9"),
        ("q=9-4&kind=pool", "Pooling", "9×9 → 4×4"),
    ],
)
def test_the_chosen_answer_opens_on_its_stage(solver: Open, query: str, lesson: str, shape: str) -> None:
    page = solver(query)
    page.get_by_role("link", name="See it on the stage").click()
    expect(page.get_by_role("heading", name=lesson, exact=True)).to_be_visible()
    stage = StagePage(page)
    stage.wait_until_painted()
    expect(stage.shape).to_have_text(shape)
    page.go_back()
    expect(page.get_by_role("heading", name="Solver")).to_be_visible()


def test_practising(solver: Open) -> None:
    page = solver("do=practise&level=1&seed=4")
    answer = page.get_by_label("Your answer")
    answer.fill("0")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("0 is not right.")).to_be_visible()
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator(".katex-display").first).to_be_visible()
    page.get_by_role("button", name="Next question").click()
    expect(page).to_have_url(re.compile("seed=5"))
    expect(page.locator(".katex-display")).to_have_count(0)
