"""The app in a frame of another site: http://localhost and http://127.0.0.1 are two sites to a browser."""

from __future__ import annotations

import functools
import http.server
import io
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Page, Playwright, expect

from tests.browser import chromium as browser_on_disk
from tests.browser.console import Console
from tests.serving import Server, running_app

FRAME = """<!doctype html><title>A course</title><link rel="icon" href="data:,">
<iframe id="app" width="1300" height="850" allow="camera; fullscreen; clipboard-write"></iframe>
<script>document.getElementById("app").src = decodeURIComponent(location.hash.slice(1))</script>"""

DENIED = """for (const name of ["sessionStorage", "localStorage"])
    Object.defineProperty(window, name, {get() { throw new DOMException("Access is denied", "SecurityError"); }})"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """The test's own log is long enough."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A learning system: a page with a frame, on a site of its own."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "index.html").write_text(FRAME, encoding="utf-8")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://localhost:{running.server_port}"
        running.shutdown()


@pytest.fixture(scope="module")
def framed(course: str) -> Iterator[Server]:
    with running_app(env={"CNNVIZ_FRAME_ANCESTORS": f"self {course}"}) as server:
        yield server


@pytest.fixture(params=[(), ("--test-third-party-cookie-phaseout",)], ids=["as it comes", "no third-party cookies"])
def stranger(playwright: Playwright, request: pytest.FixtureRequest, console: Console) -> Iterator[Page]:
    """A browser that has never been to the app itself."""
    browser = playwright.chromium.launch(
        executable_path=browser_on_disk.executable(), args=[*browser_on_disk.FLAGS, *request.param]
    )
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    console.listen(page)
    yield page
    browser.close()
    assert console.complaints() == []


def in_frame(page: Page, course: str, link: str) -> FrameLocator:
    page.goto("about:blank")
    page.goto(f"{course}/index.html#{link}")
    return page.frame_locator("#app")


def upload_into(app: FrameLocator | Page) -> None:
    file = io.BytesIO()
    Image.fromarray(np.zeros((30, 50, 3), np.uint8)).save(file, "PNG")
    app.get_by_role("button", name="Your own").click()
    app.locator('input[type="file"]').set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    expect(app.locator(".cnw-title").first).to_have_text("Your picture", timeout=30_000)


def test_a_picture_goes_up_and_a_slider_moves_in_another_sites_frame(
    stranger: Page, course: str, framed: Server
) -> None:
    app = in_frame(stranger, course, f"{framed.url}/pixels?embed=true")
    upload_into(app)

    cookies = {cookie["name"]: cookie for cookie in stranger.context.cookies(framed.url)}
    assert cookies["_streamlit_xsrf"]["sameSite"] == "None"
    assert cookies["_streamlit_xsrf"]["secure"]

    app = in_frame(stranger, course, f"{framed.url}/convolution?embed=true&n=7")
    shape = app.locator('[data-cnnviz="shape"]')
    expect(shape).to_have_text("7×7 → 5×5", timeout=30_000)
    app.locator('input[type="range"][name="kernel"]').press("ArrowRight")
    expect(shape).to_have_text("7×7 → 4×4")

    stranger.goto(f"{framed.url}/pixels")  # and outside of the frame
    upload_into(stranger)


def test_a_frame_that_is_denied_all_memory_still_has_its_stage(own_page: Page, course: str, framed: Server) -> None:
    own_page.add_init_script(DENIED)
    app = in_frame(own_page, course, f"{framed.url}/convolution?embed=true&n=7")
    expect(app.locator('[data-cnnviz="shape"]')).to_have_text("7×7 → 5×5", timeout=30_000)


def test_a_site_that_is_not_named_gets_no_frame(own_page: Page, course: str, server: Server, console: Console) -> None:
    console.allow(r"frame-ancestors|X-Frame-Options")
    app = in_frame(own_page, course, f"{server.url}/pixels?embed=true")
    own_page.wait_for_load_state("networkidle")
    expect(app.get_by_test_id("stApp")).to_have_count(0)
    assert urlsplit(server.url).netloc not in own_page.frames[-1].content()
