"""A lecture hall's network: the server dies in the middle of a drag, comes back, or the connection drops."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from cnnviz.errors import SpecError
from tests import serving
from tests.browser.console import Console
from tests.browser.stage_page import StagePage, shape_of, trace_of
from tests.serving import Server, running_app

LETTERS = {"input": "n", "kernel": "k", "stride": "s", "padding": "p", "dilation": "d"}
NO_SERVER = (r"ERR_CONNECTION_REFUSED", r"[Ss]erver", r"WebSocket", r"ERR_EMPTY_RESPONSE", r"ERR_CONNECTION_RESET")


def expect_picture(stage: StagePage, query: str) -> None:
    try:
        trace = trace_of(query)
    except SpecError as error:
        expect(stage.fault).to_contain_text(error.message)
    else:
        expect(stage.shape).to_have_text(shape_of(trace))
        expect(stage.fault).to_be_hidden()


def expect_a_full_page(stage: StagePage, page: Page) -> None:
    expect(page.get_by_role("heading", name="Convolution", exact=True)).to_be_visible()
    expect(stage.plot).to_be_visible()
    expect(stage.root.locator(".cnv-chart .hm image")).to_have_count(3)


def test_a_drag_goes_on_without_a_server_and_the_stage_comes_back_with_it(
    own_page: Page, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.allow(*NO_SERVER)
    page = own_page
    with running_app() as server:
        stage = StagePage.open(page, server.url, "n=7&p=1")
        page.mouse.move(*stage.grip("kernel", 3))
        page.mouse.down()
        page.mouse.move(*stage.grip("kernel", 4))
        expect_picture(stage, "n=7&p=1&k=4")
        os.kill(server.pid, signal.SIGKILL)
        for kernel in (5, 6, 7, 6, 2, 1, 2, 3):
            with stage.repainted():
                page.mouse.move(*stage.grip("kernel", kernel))
            expect_picture(stage, f"n=7&p=1&k={kernel}")
        page.mouse.up()
        every_position_is_still_there(stage)
        expect_a_full_page(stage, page)
    monkeypatch.setattr(serving, "free_port", lambda: int(server.url.rpartition(":")[2]))
    with running_app() as again:
        assert again.url == server.url
        expect(page.get_by_role("dialog")).to_be_hidden(timeout=30_000)
        stage.slider("stride").fill("2")  # its picture may go with the stage of the old session: the address counts
        stage.expect_query(n="7", p="1", s="2")
        expect(stage.shape).to_be_visible(timeout=30_000)  # the new session mounts it anew
        stage.expect_shape(trace_of("n=7&p=1&s=2"))
        expect(page.get_by_test_id("stCode").first).to_contain_text("stride=2")
        expect_a_full_page(stage, page)


def every_position_is_still_there(stage: StagePage) -> None:
    rest = {"n": "7", "p": "1"}
    for name, letter in LETTERS.items():
        node = stage.slider(name)
        low, high = (int(node.get_attribute(end) or 0) for end in ("min", "max"))
        stands = int(node.input_value())
        for value in [*range(low, high + 1), stands]:
            stage.hold(name, value)
            expect_picture(stage, "&".join(f"{k}={v}" for k, v in (rest | {letter: str(value)}).items()))


def test_what_was_moved_while_the_connection_was_gone_arrives_when_it_is_back(
    own_page: Page, server: Server, console: Console
) -> None:
    console.allow(r"WebSocket", r"disconnected")
    page = own_page
    sockets: list[WebSocketRoute] = []
    gate = threading.Event()
    gate.set()

    def connect(socket: WebSocketRoute) -> None:
        if gate.is_set():
            socket.connect_to_server()
            sockets.append(socket)
        else:
            socket.close(code=1013)

    page.route_web_socket("**/_stcore/stream", connect)
    stage = StagePage.open(page, server.url, "n=7")
    gate.clear()
    sockets[-1].close(code=1001)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "PINGING_SERVER")
    stage.slide("kernel", 2)
    stage.expect_shape(trace_of("n=7&k=2"))
    gate.set()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=20_000)
    stage.expect_query(n="7", k="2")
    expect(page.get_by_test_id("stCode").first).to_contain_text("kernel_size=2")
