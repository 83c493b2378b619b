"""Connections that never finish asking, and more of them than there is room for; honest, slow phones are served."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets.exceptions import ConnectionClosed

from cnnviz.site import connections
from tests.serving import Server, Visitor, running_app
from tests.site.test_hall import PATIENCE, answer, enter, until
from tests.site.uploading import AFTER, BEFORE, MB, headers_of, put_file

SECONDS = 4
PIECES = 6
PAUSE = 0.8  # seconds, below the limit; all pieces together are above it
GET = b"GET /_stcore/health HTTP/1.1\r\nHost: cnnviz\r\n\r\n"


@pytest.fixture(scope="module")
def impatient() -> Iterator[Server]:
    limits = {"CNNVIZ_HEADER_SECONDS": str(SECONDS), "CNNVIZ_SILENT_SECONDS": str(SECONDS)}
    with running_app(env=limits) as server:
        yield server


@contextlib.contextmanager
def line_to(server: Server, timeout: float = PATIENCE) -> Iterator[socket.socket]:
    """A bare connection."""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=timeout) as line:
        yield line


def is_closed(line: socket.socket) -> bool:
    """Whether the server closes the connection; waits for it."""
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True


def read_all(line: socket.socket) -> bytes:
    """Everything until the server closes the connection, or waits for more of ours."""
    found = b""
    with contextlib.suppress(ConnectionError, TimeoutError):
        while piece := line.recv(65536):
            found += piece
            if found.endswith(b"ok"):
                break
    return found


def test_who_never_asks_is_not_waited_for(impatient: Server) -> None:
    with contextlib.ExitStack() as lines:
        asking = [lines.enter_context(line_to(impatient)) for _ in range(5)]
        asking[0].sendall(GET)
        assert read_all(asking[0]).endswith(b"ok")
        # One has asked before; one says nothing at all.
        for line, begun in zip(asking, (GET[:20], b"", b"GET /", GET[:-2], GET[:20]), strict=True):
            line.sendall(begun)
        assert all(is_closed(line) for line in asking)


def test_a_header_that_comes_letter_by_letter_is_not_waited_for(impatient: Server) -> None:
    with line_to(impatient) as line:
        line.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        deadline = time.monotonic() + PATIENCE
        with pytest.raises(ConnectionError):
            while time.monotonic() < deadline:
                line.sendall(b"a")
                time.sleep(0.2)


def test_a_slow_request_is_answered(impatient: Server) -> None:
    with line_to(impatient) as line:
        third = len(GET) // 3
        for piece in (GET[:third], GET[third : 2 * third], GET[2 * third :]):
            line.sendall(piece)
            time.sleep(SECONDS / 10)
        assert read_all(line).endswith(b"ok")


def upload_head(server: Server, session: str, size: int) -> bytes:
    headers = headers_of(server, "") | {"Content-Length": str(len(BEFORE) + size + len(AFTER)), "Host": "cnnviz"}
    lines = [
        f"PUT /_stcore/upload_file/{session}/slow HTTP/1.1",
        *(f"{name}: {text}" for name, text in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def test_an_upload_that_falls_silent_is_given_up(impatient: Server) -> None:
    tab, session = enter(impatient)
    with tab, line_to(impatient) as line:
        line.sendall(upload_head(impatient, session, MB) + BEFORE + b"x" * 1000)
        assert is_closed(line)
        assert put_file(impatient, session, MB)[0] == 204
    assert "Exception in ASGI application" not in impatient.log()


def test_a_slow_upload_arrives(impatient: Server) -> None:
    """It takes longer than the limit, but never pauses for so long."""
    tab, session = enter(impatient)
    with tab, line_to(impatient) as line:
        line.sendall(upload_head(impatient, session, PIECES * 1000) + BEFORE)
        for _ in range(PIECES):
            time.sleep(PAUSE)
            line.sendall(b"x" * 1000)
        line.sendall(AFTER)
        assert b" 204 " in line.recv(100)


def test_a_lesson_may_be_silent(impatient: Server) -> None:
    """Its socket began as a request, and is none any more."""
    tab, _ = enter(impatient)
    with tab, line_to(impatient) as line:
        assert is_closed(line), "by now everything that owes a request is closed"
        visitor = Visitor(tab)
        visitor.ask()
        assert visitor.read()


def test_a_message_that_is_too_large_is_not_collected(impatient: Server) -> None:
    tab, _ = enter(impatient)
    with tab, pytest.raises(ConnectionClosed) as closed:
        tab.send(b"x" * 3 * MB)
        while True:
            tab.recv(timeout=PATIENCE)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009


def test_more_connections_than_allowed_are_told_and_idle_ones_make_room() -> None:
    with running_app(env={"CNNVIZ_CONNECTIONS": "20", "CNNVIZ_CONNECTIONS_OF_AN_ADDRESS": "20"}) as server:
        with contextlib.ExitStack() as lines:
            for _ in range(40):
                line = lines.enter_context(line_to(server))
                line.sendall(GET)
                assert read_all(line).endswith(b"ok"), "idle connections did not make room"
            busy = [lines.enter_context(line_to(server)) for _ in range(20)]
            for line in busy:
                line.sendall(GET[:20])
            with line_to(server) as late:
                late.sendall(GET)
                told = read_all(late)
                assert b" 503 " in told and b"Too many connections are open here." in told
            beyond = [lines.enter_context(line_to(server)) for _ in range(100)]
            assert is_closed(beyond[-1]), "they are not all told"
        assert until(lambda: answer(server, "/")[0] == 200)


def test_one_address_cannot_take_every_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def connection(host: str, everybody: set[object]) -> object:
        class Connection:
            client = (host, 1)
            connections = everybody

        return Connection()

    everybody: set[object] = set()
    for host, count in (("192.0.2.1", 5), ("192.0.2.2", 2)):
        everybody |= {connection(host, everybody) for _ in range(count)}
    assert connections.excess(connection("192.0.2.1", everybody), 10, 4) == 1
    assert connections.excess(connection("192.0.2.2", everybody), 10, 4) <= 0
    assert connections.excess(connection("192.0.2.2", everybody), 6, 4) == 1


@pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])
def test_uvicorns_connections_are_as_we_know_them(protocol: Any) -> None:
    assert all(hasattr(protocol, name) for name in connections.KNOWN)
    names = set(protocol.__init__.__code__.co_names)
    assert {"cycle", "flow", "transport", "connections", "timeout_keep_alive_task", "client", "app"} <= names
