"""Open tabs outlive their server: after a restart a choice on any page takes effect, and what was lost is said."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests import serving
from tests.browser.conftest import Contexts
from tests.browser.console import Console
from tests.browser.stage_page import STAGE, StagePage
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server, running_app

NO_SERVER = (r"ERR_CONNECTION_REFUSED", r"[Ss]erver", r"WebSocket", r"ERR_EMPTY_RESPONSE", r"ERR_CONNECTION_RESET")
OLD_FILES = r"Download Button (source|fetch) error"  # a button looks for its file before its page is drawn anew
# One page of each build: stages, viewers, the wall and the pad, tables, trainings. tests/ui/test_reconnect.py has all.
PAGES = (
    "pooling", "properties", "solver", "pixels", "filters", "matching", "augmentation", "networks", "build",
    "receptive_field", "feature_maps", "train_filter",
)  # fmt: skip
NOTICE = ".st-key-lost"
# Letters that no packing makes short enough for a link.
LONG_CODE = f"# {np.random.default_rng(0).bytes(4000).hex()}\nmodel = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())"


@contextmanager
def the_same_port(server: Server) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "free_port", lambda: int(re.search(r":(\d+)", server.url)[1]))  # type: ignore[index]
        yield


def wait_until_rested(page: Page, state: str = "CONNECTED") -> None:
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-connection-state", state, timeout=60_000)
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)


def control(page: Page) -> Locator:
    """A slider of the stage, or the first list of choices."""
    sliders = page.locator(f"{STAGE} input[type=range]:visible")
    lists = page.get_by_test_id("stMain").get_by_test_id("stSelectbox").locator("input")
    return sliders.or_(lists).first


def choose(page: Page, name: str = "") -> None:
    """Move it by one, as a hand on the keyboard does."""
    one = page.get_by_role("combobox", name=name).first if name else control(page)
    expect(one).to_be_enabled()
    one.focus()
    if one.get_attribute("type") == "range":
        one.press("ArrowRight")
    else:
        one.press("ArrowDown")
        page.get_by_role("option").first.wait_for()
        one.press("ArrowDown")
        one.press("Enter")


@contextmanager
def open_tabs(contexts: Contexts, console: Console, *names: str) -> Iterator[dict[str, Page]]:
    console.allow(*NO_SERVER, OLD_FILES)
    tabs = {name: contexts(1400).new_page() for name in names}
    for page in tabs.values():
        console.listen(page)
    yield tabs
    for page in tabs.values():
        page.close()
    assert console.complaints() == []


def test_a_choice_on_a_tab_that_nobody_touched_takes_effect(contexts: Contexts, console: Console) -> None:
    """All pages at once: one server goes, another comes."""
    with open_tabs(contexts, console, *PAGES) as tabs:
        with running_app() as server:
            for name, page in tabs.items():
                page.goto(f"{server.url}/{name}")
                expect(control(page)).to_be_visible(timeout=30_000)
            for page in tabs.values():
                wait_until_rested(page)
        with the_same_port(server), running_app() as again:
            dead = []
            for name, page in tabs.items():
                wait_until_rested(page)
                page.bring_to_front()
                before = page.url
                choose(page)
                try:
                    expect(page).not_to_have_url(before, timeout=15_000)
                    wait_until_rested(page)
                except AssertionError:
                    dead.append(name)
                assert page.locator(NOTICE).count() == 0, f"nothing was lost on {name}"
            assert dead == []
            assert "does not exist anymore" not in again.log()


def test_what_is_kept_and_what_is_lost(contexts: Contexts, console: Console) -> None:
    with open_tabs(contexts, console, "filters", "your_code", "build", "pixels", "transposed") as tabs:
        with running_app() as server:
            for name, page in tabs.items():
                page.goto(f"{server.url}/{name}")
            bring_a_picture(tabs["filters"])
            write_long_code(tabs["your_code"])
            add_a_layer(tabs["build"])
            choose_on_the_viewer_and_then_an_example(tabs["pixels"])
            slide(tabs["transposed"])
            addresses = {name: page.url for name, page in tabs.items()}
            for page in tabs.values():
                wait_until_rested(page)
        choose_while_the_server_is_gone(tabs["pixels"])
        with the_same_port(server), running_app():
            for name, page in tabs.items():
                wait_until_rested(page)
                if name != "pixels":
                    expect(page).to_have_url(addresses[name])
            the_picture_is_lost_and_that_is_said(tabs["filters"])
            the_code_is_still_there(tabs["your_code"])
            the_layer_is_added_once(tabs["build"])
            the_example_stands(tabs["pixels"])
            the_stage_follows(tabs["transposed"])


def bring_a_picture(page: Page) -> None:
    file = io.BytesIO()
    Image.new("RGB", (50, 30), "teal").save(file, "PNG")
    ViewerPage(page).wait_until_painted()
    page.get_by_role("button", name="Your own").click()
    page.locator('input[type="file"]').set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    expect(ViewerPage(page).panel(0).locator(".cnw-title")).to_contain_text("Your picture", timeout=15_000)


def the_picture_is_lost_and_that_is_said(page: Page) -> None:
    notice = page.locator(NOTICE)
    expect(notice).to_contain_text("your own picture could not be kept")
    expect(page.locator(".st-key-held")).to_be_hidden()
    expect(ViewerPage(page).panel(0).locator(".cnw-title")).not_to_contain_text("Your picture")
    notice.get_by_role("button", name="Close").click()
    expect(notice).to_have_count(0)
    choose(page)
    expect(page).to_have_url(re.compile("img="))
    expect(page.locator(".st-key-held")).to_have_count(0)


def write_long_code(page: Page) -> None:
    page.get_by_role("textbox", name="Your PyTorch code").fill(LONG_CODE)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_text("This code is too long for a link.")).to_be_visible()


def the_code_is_still_there(page: Page) -> None:
    expect(page.get_by_text("This code is too long for a link.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your PyTorch code")).to_have_value(LONG_CODE)
    assert page.locator(NOTICE).count() == 0


def add_a_layer(page: Page) -> None:
    add = page.get_by_role("button", name="Add a layer behind").first
    expect(add).to_be_visible(timeout=30_000)
    add.click()
    expect(page).to_have_url(re.compile("c="))


def the_layer_is_added_once(page: Page) -> None:
    expect(page.locator(NOTICE)).to_contain_text("what Undo would bring back")
    rows = page.locator("[data-cnnviz=sheet] tbody tr")
    before = rows.count()
    page.get_by_role("button", name="Add a layer behind").first.click()
    expect(rows).to_have_count(before + 1)
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(before)


def choose_on_the_viewer_and_then_an_example(page: Page) -> None:
    viewer = ViewerPage(page)
    viewer.wait_until_painted()
    viewer.choose("scale", "unit")
    expect(page).to_have_url(re.compile("scale=unit"))
    choose(page, "Example")
    expect(page).not_to_have_url(re.compile("scale=unit"))


def choose_while_the_server_is_gone(page: Page) -> None:
    ViewerPage(page).root.locator('input[data-control="ch"][value="apart"]').check(force=True)


def the_example_stands(page: Page) -> None:
    expect(page).to_have_url(re.compile("ch=apart"))  # what was chosen last
    choose(page)
    expect(page).to_have_url(re.compile("img="))
    wait_until_rested(page)
    assert "scale=unit" not in page.url


def slide(page: Page) -> None:
    stage = StagePage(page, page.locator(STAGE))
    stage.wait_until_painted()
    stage.slide("kernel", 2)
    expect(page).to_have_url(re.compile("k=2"))


def the_stage_follows(page: Page) -> None:
    """It had given numbers to what it asked; the new session's first answers are not older than those."""
    page.get_by_role("button", name="Type or paste numbers").click()
    page.get_by_label("Numbers", exact=True).fill("1 2 3 4\n5 6 7 8\n1 2 3 4\n5 6 7 8")
    page.get_by_role("button", name="Use these numbers").click()
    expect(StagePage(page, page.locator(STAGE)).shape).to_have_text(re.compile("^4×4 → "))
    assert page.locator(NOTICE).count() == 0


def test_a_phone_that_slept_comes_back_without_a_word(own_page: Page, server: Server, console: Console) -> None:
    """Its session was kept; twice, for the second time is like the first."""
    console.allow(r"WebSocket", r"disconnected")
    page, sockets, gate = own_page, list[WebSocketRoute](), threading.Event()

    def connect(socket: WebSocketRoute) -> None:
        if gate.is_set():
            socket.connect_to_server()
            sockets.append(socket)
        else:
            socket.close(code=1013)

    gate.set()
    page.route_web_socket("**/_stcore/stream", connect)
    page.goto(f"{server.url}/filters?embed=true")
    bring_a_picture(page)
    page.evaluate("() => { window.stillTheSame = true; }")
    for _ in range(2):
        gate.clear()
        sockets[-1].close(code=1001)
        expect(page.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
        gate.set()
        wait_until_rested(page)
        expect(ViewerPage(page).panel(0).locator(".cnw-title")).to_contain_text("Your picture")
        assert page.locator(NOTICE).count() == 0
    assert page.evaluate("window.stillTheSame")
