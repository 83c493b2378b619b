"""What a learner sees for whom there is no place, and whose file is too large: a sentence, and a way on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect
from websockets.sync.client import ClientConnection

from tests.browser.console import Console
from tests.serving import Server, running_app
from tests.site.test_hall import enter

FULL = "All places here are taken: 1 tabs are open. This page tries again by itself."
STAGE = '[data-cnnviz="stage"]'
PATIENCE = 60_000  # milliseconds


@pytest.fixture(scope="module")
def small() -> Iterator[Server]:
    with running_app(env={"CNNVIZ_SESSIONS": "1", "CNNVIZ_UPLOADS_MB_OF_A_TAB": "1"}) as server:
        yield server


def test_a_full_hall_says_so_and_opens_by_itself(own_page: Page, small: Server, console: Console) -> None:
    console.allow("503")
    tab, _ = enter(small)
    with tab:
        own_page.goto(f"{small.url}/convolution?k=5")
        expect(own_page.locator("body")).to_contain_text(FULL)
    own_page.wait_for_selector(STAGE, timeout=PATIENCE)
    assert own_page.url.endswith("/convolution?k=5")


def test_who_had_the_page_before_the_hall_filled_up_is_told(own_page: Page, small: Server, console: Console) -> None:
    console.allow("503", "Client Error: response received with status 503")
    others: list[ClientConnection] = []

    def fill_the_hall(route: Route) -> None:
        if not others:
            others.append(enter(small)[0])
        route.continue_()

    own_page.route("**/_stcore/health", fill_the_hall)  # the first thing that a loaded page asks for
    own_page.goto(f"{small.url}/convolution")
    expect(own_page.get_by_role("dialog")).to_contain_text(FULL, timeout=PATIENCE)
    others[0].close()
    own_page.wait_for_selector(STAGE, timeout=PATIENCE)
    expect(own_page.get_by_role("dialog")).to_have_count(0)


def test_a_refused_upload_is_explained(own_page: Page, small: Server, console: Console) -> None:
    console.allow("413", "503")  # 503 while the tab of the test before still has the only place
    own_page.goto(f"{small.url}/pixels")
    own_page.get_by_text("Your own").first.click(timeout=PATIENCE)
    file: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": b"x" * 2 * 2**20}
    own_page.locator('input[type="file"]').first.set_input_files(file)
    expect(own_page.get_by_test_id("stToast")).to_contain_text("this tab would hold more than 1 MB of files")
