"""What may be uploaded: to one tab, from one address, and by all together; and that it is forgotten."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from cnnviz.site import uploads
from tests.serving import Server, running_app
from tests.site.test_hall import PATIENCE, break_off, enter, from_address, until
from tests.site.uploading import MB, pieces, put, put_chunked, put_file

SMALL = {
    "CNNVIZ_UPLOADS_MB_OF_A_TAB": "2",
    "CNNVIZ_UPLOADS_MB_OF_AN_ADDRESS": "4",
    "CNNVIZ_UPLOADS_MB": "6",
    "CNNVIZ_CLOSED_TAB_SECONDS": "1",
}
LARGEST = 3  # MB, a file
TWO = int(1.9 * MB)


@pytest.fixture
def server() -> Iterator[Server]:
    with running_app(f"--server.maxUploadSize={LARGEST}", env=SMALL) as running:
        yield running


@pytest.fixture
def tabs(server: Server) -> Iterator[list[str]]:
    """Four tabs."""
    with ExitStack() as stack:
        entered = [enter(server) for _ in range(4)]
        for tab, _ in entered:
            stack.callback(tab.close)
        yield [name for _, name in entered]


@pytest.mark.parametrize("send", [put_file, put_chunked])
def test_a_file_that_is_too_large_is_refused(send: Any, server: Server, tabs: list[str]) -> None:
    assert send(server, tabs[0], MB)[0] == 204
    status, told = send(server, tabs[1], 8 * MB)
    assert status == 413
    assert told in {
        f"This file is larger than {LARGEST} MB, the most that is taken here.",
        "With this file, this tab would hold more than 2 MB of files. Remove one, or load the page again.",
    }
    assert send(server, tabs[1], MB)[0] == 204, "what was refused is still counted"


@pytest.mark.parametrize("send", [put_file, put_chunked])
def test_a_tab_holds_so_much(send: Any, server: Server, tabs: list[str]) -> None:
    assert send(server, tabs[0], MB)[0] == 204
    status, told = send(server, tabs[0], MB + 1000)
    assert (status, "this tab would hold more than 2 MB" in told) == (413, True)


def test_the_tab_is_told_why(server: Server) -> None:
    """Streamlit's uploader shows the number of an error only."""
    tab, name = enter(server)
    with tab:
        _, told = put_file(server, name, 8 * MB)
        shown = ""
        while not shown:
            shown = ForwardMsg.FromString(tab.recv(timeout=PATIENCE, decode=False)).delta.new_element.toast.body
    assert shown == told


@pytest.mark.parametrize("send", [put_file, put_chunked])
def test_an_address_holds_so_much(send: Any, server: Server, tabs: list[str]) -> None:
    for name in tabs[:2]:
        assert send(server, name, TWO)[0] == 204
    status, told = send(server, tabs[2], MB)
    assert status == 507
    assert told == "The server has no room for your network for this file now: it holds up to 4 MB. Try again later."
    assert put_file(server, tabs[3], MB, "192.0.2.9")[0] == 204, "another network has room"


def test_all_hold_so_much_together(server: Server, tabs: list[str]) -> None:
    for name, address in zip(tabs, ("", "", "192.0.2.9"), strict=False):
        assert put_file(server, name, TWO, address)[0] == 204
    status, told = put_file(server, tabs[3], MB, "192.0.2.9")
    assert status == 507
    assert told == "The server has no room for this file now: it holds up to 6 MB. Try again later."


def test_a_length_that_is_a_lie_helps_nobody(server: Server, tabs: list[str]) -> None:
    """What comes after the announced end is no request (400); what never comes is given up (see test_connections)."""
    four_forms = itertools.chain.from_iterable(pieces(TWO) for _ in range(4))
    assert put(server, tabs[0], four_forms, size=TWO)[0] in {204, 400}
    assert put_file(server, tabs[1], TWO)[0] == 204, "more than the announced bytes are counted, or kept"


def test_the_files_of_a_phone_that_sleeps_are_kept_and_those_of_a_closed_tab_are_not(server: Server) -> None:
    sleeper, name = enter(server, headers=from_address("192.0.2.1"))
    closed, other = enter(server, headers=from_address("192.0.2.2"))
    assert put_file(server, name, TWO, "192.0.2.1")[0] == 204
    assert put_file(server, other, TWO, "192.0.2.2")[0] == 204
    break_off(sleeper)
    closed.close(1001)
    watcher, third = enter(server, headers=from_address("192.0.2.3"))
    with watcher:
        assert put_file(server, third, TWO, "192.0.2.3")[0] == 204
        watcher_too, fourth = enter(server, headers=from_address("192.0.2.4"))
        with watcher_too:
            assert until(lambda: put_file(server, fourth, TWO, "192.0.2.4")[0] == 204), "the closed tab still holds it"
            assert put_file(server, fourth, MB, "192.0.2.4")[0] in {413, 507}
    back, found = enter(server, name)
    back.close(1001)
    assert found == name


def test_what_arrives_after_its_tab_ended_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit forgets the files of a session when it ends; this one came later."""
    manager = MemoryUploadedFileManager("/_stcore/upload_file")
    alive = {"open"}
    runtime = SimpleNamespace(uploaded_file_mgr=manager, is_active_session=alive.__contains__)
    monkeypatch.setattr(uploads, "exists", lambda: True)
    monkeypatch.setattr(uploads, "get_instance", lambda: runtime)
    monkeypatch.setattr(uploads, "sleeps", {"asleep"}.__contains__)
    for tab in ("open", "asleep", "over"):
        manager.add_file(tab, UploadedFileRec("1", "a.png", "image/png", b"x" * 1000))
        uploads.forget_tab_without_session(tab)
    assert uploads.bytes_of_tabs() == {"open": 1000, "asleep": 1000}
