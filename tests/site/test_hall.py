"""A full lecture hall: 300 students at 1,024 open files, phones that sleep, tabs that close, and no place left."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit import config
from streamlit.runtime import app_session, memory_session_storage
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection

from cnnviz.engine.limits import Limit
from cnnviz.site import limits, sessions
from cnnviz.site.descriptors import LoopWhenNeeded, room
from cnnviz.site.sessions import SleepingSessions
from tests.serving import ROOT, Server, Visitor, in_its_own_thread, running_app, socket_of

STUDENTS = 300
PATIENCE = 60.0  # seconds after which a wait is called a failure; the machine may be busy


def descriptors_of(server: Server) -> int:
    return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))


def until(holds: Callable[[], bool]) -> bool:
    """Wait for something that another process does."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def enter(server: Server, session: str = "", headers: dict[str, str] | None = None) -> tuple[ClientConnection, str]:
    """Open a tab and let it draw its page; the tab, and the session that it has."""
    tab = socket_of(server, session, headers).__enter__()  # some tests end it in their own way
    visitor = Visitor(tab)
    visitor.ask()
    began = next(frame.new_session for frame in visitor.read() if frame.WhichOneof("type") == "new_session")
    return tab, began.initialize.session_id


def break_off(tab: ClientConnection) -> None:
    """End a connection as a network does: without a word."""
    tab.socket.shutdown(socket.SHUT_RDWR)
    with closing(tab.socket):
        pass


def answer(server: Server, path: str, accept: str = "text/html") -> tuple[int, Message, str]:
    request = urllib.request.Request(server.url + path, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


@pytest.mark.parametrize("hard", [1024, 4096])
def test_300_students_find_room_and_their_descriptors_come_back(hard: int) -> None:
    """At a soft limit of 1,024; also where the system allows no more than that."""
    with running_app(open_files=(1024, hard)) as server:
        assert f"({hard} open files" in server.log()
        assert until(lambda: descriptors_of(server) < 60)
        before = descriptors_of(server)
        with ExitStack() as tabs:
            for _ in range(STUDENTS):
                tabs.callback(enter(server)[0].close)
            assert descriptors_of(server) - before <= STUDENTS + 20, "a tab takes more than its socket"
            assert answer(server, "/_stcore/health")[0] == 200
        assert until(lambda: descriptors_of(server) <= before + 20), "descriptors of closed tabs were not given back"


def test_the_log_says_how_to_make_room() -> None:
    assert room(256).startswith("Room for 32 open tabs (256 open files")
    with running_app(open_files=(256, 256)) as server:
        assert room(256) in server.log()
        assert "For more, allow the server more open files: ulimit -n 4096" in server.log()


def test_few_places_of_the_operators_choice_are_not_blamed_on_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNVIZ_SESSIONS", "30")
    assert "open files: ulimit" not in room(65536)
    assert room(65536).endswith("For more, raise these settings.")


def test_a_bad_limit_stops_the_start_with_one_sentence() -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless=true"]
    done = subprocess.run(
        [*command, "--server.port=0", "--server.address=127.0.0.1"],
        cwd=ROOT,
        env=os.environ | {"CNNVIZ_CONNECTIONS": "plenty"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == (
        "CNNVIZ_CONNECTIONS is 'plenty', but must be a whole number from 1 to 1000000, like 4000."
    )
    assert "Traceback" not in done.stderr


def test_every_limit_is_in_the_list() -> None:
    found = {value.name for value in vars(limits).values() if isinstance(value, Limit)}
    assert found == {limit.name for limit in limits.LIMITS}


@pytest.fixture(scope="module")
def small() -> Iterator[Server]:
    with running_app(env={"CNNVIZ_SESSIONS": "2", "CNNVIZ_SESSIONS_OF_AN_ADDRESS": "1"}) as server:
        yield server


def from_address(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}  # a proxy on the same machine is believed


def test_a_full_hall_says_so_and_lets_the_next_in_when_there_is_a_place(small: Server) -> None:
    assert answer(small, "/")[0] == 200
    with ExitStack() as tabs:
        for address in ("192.0.2.1", "192.0.2.2"):
            tabs.callback(enter(small, headers=from_address(address))[0].close)
        with pytest.raises(InvalidStatus) as refused:
            socket_of(small, headers=from_address("192.0.2.3"))
        assert refused.value.response.status_code == 503
        status, headers, page = answer(small, "/convolution?k=5")
        assert status == 503
        assert "All places here are taken: 2 tabs are open. This page tries again by itself." in page
        assert re.search(r'http-equiv="refresh" content="\d+"', page)
        assert headers["Cache-Control"] == "no-store" and int(headers["Retry-After"]) > 0
        assert "frame-ancestors" in headers["Content-Security-Policy"] and "Link" not in headers
        status, _, told = answer(small, "/_stcore/host-config", accept="*/*")
        assert status == 503
        assert json.loads(told) == "All places here are taken: 2 tabs are open. This page tries again by itself."
        assert answer(small, "/_stcore/health")[0] == 200, "who watches the server must not think it dead"
        assert answer(small, "/_stcore/health", accept="*/*")[0] == 200
    assert until(lambda: answer(small, "/")[0] == 200)
    enter(small, headers=from_address("192.0.2.3"))[0].close()


def test_one_address_cannot_take_every_place(small: Server) -> None:
    tab, _ = enter(small, headers=from_address("192.0.2.1"))
    with tab:
        with pytest.raises(InvalidStatus):
            socket_of(small, headers=from_address("192.0.2.1"))
        enter(small, headers=from_address("2001:db8::1"))[0].close()


def test_a_closed_tab_is_kept_long_enough_for_the_browsers_back() -> None:
    with running_app() as server:
        tab, first = enter(server)
        tab.close(1001)
        back, session = enter(server, first)
        back.close()
        assert session == first


def test_everybody_comes_back_when_the_network_failed_for_a_moment() -> None:
    """Streamlit alone keeps 128 of them."""
    with running_app() as server:
        held = [enter(server) for _ in range(160)]
        for tab, _ in held:
            break_off(tab)
        for _, session in held:
            back, found = enter(server, session)
            back.close()
            assert found == session


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def asleep(name: str, ended: list[str]) -> Any:
    return SimpleNamespace(session=SimpleNamespace(id=name, shutdown=lambda: ended.append(name)))


def test_the_storage_keeps_2000_and_closed_tabs_make_room_first() -> None:
    ended: list[str] = []
    storage = SleepingSessions(ttl_seconds=900, clock=Clock())
    for number in range(1999):
        storage.save(asleep(str(number), ended))
    sessions.note_close(1001)
    try:
        storage.save(asleep("closed", ended))
    finally:
        sessions.note_close(1006)
    assert not ended and len(storage.list()) == 2000
    storage.save(asleep("late", ended))
    assert ended == ["closed"]
    storage.save(asleep("later", ended))
    assert ended == ["closed", "0"], "then who has slept longest"


def test_one_address_cannot_push_out_the_sessions_of_others() -> None:
    ended: list[str] = []
    storage = SleepingSessions(ttl_seconds=900, clock=Clock())
    try:
        sessions.note_address("192.0.2.1")
        for number in range(20):
            storage.save(asleep(f"honest {number}", ended))
        sessions.note_address("192.0.2.66")
        for number in range(3000):
            storage.save(asleep(f"hostile {number}", ended))
    finally:
        sessions.note_address("")
    assert len(storage.list()) == 2000
    assert not [name for name in ended if name.startswith("honest")]


@pytest.mark.parametrize(("code", "seconds"), [(1000, 120), (1001, 120), (1005, 900), (1006, 900), (1011, 900)])
def test_how_long_a_session_is_kept(code: int, seconds: int) -> None:
    ended: list[str] = []
    clock = Clock()
    storage = SleepingSessions(ttl_seconds=900, clock=clock)
    sessions.note_close(code)
    try:
        storage.save(asleep("a", ended))
    finally:
        sessions.note_close(1006)
    clock.now += seconds - 1
    storage.tidy()
    assert storage.get("a") is not None and sessions.sleeps("a")
    clock.now += 1
    assert storage.get("a") is None and storage.list() == [] and not sessions.sleeps("a")
    storage.tidy()
    assert ended == ["a"]


@pytest.mark.parametrize(("watched", "times"), [("none", 0), ("poll", 1)])
def test_a_session_comes_back_without_a_look_at_all_files(
    watched: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    monkeypatch.setattr(app_session.AppSession, "register_file_watchers", looked.append)
    monkeypatch.setattr(config, "get_option", lambda _name: watched)
    sessions.resume_without_watchers()
    app_session.AppSession.register_file_watchers(SimpleNamespace())  # type: ignore[arg-type]
    assert len(looked) == times


def test_streamlit_still_makes_its_storage_and_its_loops_as_we_know_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_session_storage, "MemorySessionStorage", memory_session_storage.MemorySessionStorage)
    sessions.keep_sleeping_sessions()
    made = st.App(ROOT / "cnnviz" / "site" / "main.py")
    assert "MemorySessionStorage" in inspect.getsource(made._create_runtime)
    assert hasattr(app_session.AppSession, "register_file_watchers")
    assert "_script_event_loop" in inspect.getsource(app_session.AppSession.__init__)


@in_its_own_thread
def test_a_loop_opens_its_descriptors_when_needed() -> None:
    def opened() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = opened()
    loop = LoopWhenNeeded()  # type: ignore[abstract]
    asyncio.set_event_loop(loop)
    try:
        assert not loop.is_running() and not loop.is_closed()
        assert opened() == before

        async def work() -> str:
            task = asyncio.ensure_future(asyncio.sleep(0, "done"))
            return await task

        assert loop.run_until_complete(work()) == "done"
        assert opened() > before
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    assert opened() == before
    assert loop.is_closed()
    with pytest.raises(RuntimeError, match="closed"):
        loop.create_future()
