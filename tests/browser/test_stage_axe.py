"""axe-core looks for barriers: none in the stage, and outside only what Streamlit's own widgets bring."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.stage_page import STAGE, StagePage

Visit = Callable[[str], StagePage]

# Streamlit's own: the rule, what its element's HTML looks like, and why we cannot mend it.
STREAMLITS_OWN = (
    # The closed menu is a scrollable region without a stop for the keyboard.
    ("scrollable-region-focusable", r'data-testid="stSidebarContent"'),
    # st.latex lets a formula that is wider than the page scroll, without a stop for the keyboard.
    ("scrollable-region-focusable", r'class="katex-display"'),
    # st.code lets a long line scroll, without a stop for the keyboard.
    ("scrollable-region-focusable", r'^<pre class="st-emotion-cache'),
    # The menu's headings stand between the entries of its list ...
    ("list", r'data-testid="stSidebarNavItems"'),
    # ... and its entries are not direct children of the list.
    ("listitem", r'^<li class="st-emotion-cache'),
)


def findings(page: Page) -> list[tuple[str, str]]:
    """Every violation on the page: (rule, HTML of the element), `stage: ` before those inside the stage."""
    found: list[tuple[str, str]] = []
    response: dict[str, Any] = Axe().run(page).response
    for violation in response["violations"]:
        for node in violation["nodes"]:
            inside = page.evaluate(
                "([path, stage]) => document.querySelector(path)?.closest(stage) != null", [node["target"][-1], STAGE]
            )
            found.append((violation["id"], ("stage: " if inside else "") + node["html"][:300]))
    return found


def barriers(page: Page) -> str:
    """What we could mend, one finding a line."""
    return "\n".join(f"{rule}: {html}" for rule, html in findings(page) if not is_streamlits((rule, html)))


def is_streamlits(finding: tuple[str, str]) -> bool:
    rule, html = finding
    return not html.startswith("stage: ") and any(rule == one and re.search(form, html) for one, form in STREAMLITS_OWN)


@pytest.mark.parametrize(("theme", "width"), [("light", 1400), ("dark", 1400), ("dark", 390)])
def test_there_are_no_barriers(visit: Visit, page: Page) -> None:
    stage = visit("n=7&p=1")
    assert barriers(page) == ""
    with stage.repainted():
        stage.root.locator('button[name="coverage"]').click()
    stage.hold("input", 1)
    stage.hold("kernel", 7)
    expect(stage.fault).to_be_visible()
    assert barriers(page) == ""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_there_are_no_barriers_on_a_projector(visit: Visit, page: Page) -> None:
    visit("n=7&p=1&view=projector")
    assert barriers(page) == ""
