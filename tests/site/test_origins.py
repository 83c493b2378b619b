"""Pages of other sites: refused before Streamlit sees them, at once, with a word to the operator; ours are not."""

from __future__ import annotations

import asyncio
import http.client
import logging
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from streamlit import config
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin as Text
from websockets.typing import Subprotocol

from cnnviz.errors import SettingError
from cnnviz.site.origins import LONGEST, MOST_TOLD, REFUSAL, OwnPagesOnly, read_origin
from tests.serving import Server, frames_of_a_visit, in_its_own_thread, running_app

Headers = list[tuple[str, str]]
FROZE = 15.0  # seconds; an answer takes some milliseconds

# Stands in for a machine without a way out: whoever asks for a name of the internet waits, and is written down.
NO_WAY_OUT = """
import sys, time

def watch(event, args):
    if event == "socket.getaddrinfo" and args[0] not in {None, "", "localhost", "127.0.0.1", "0.0.0.0", "::"}:
        print("ASKED FOR", args[0], file=sys.stderr, flush=True)
        time.sleep(30)

sys.addaudithook(watch)
"""


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as it starts on a rented machine, where every look at the internet takes half a minute."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "sitecustomize.py").write_text(NO_WAY_OUT, encoding="utf-8")
    env = {"PYTHONPATH": str(folder), "CNNVIZ_ORIGINS": "https://course.example.org"}
    with running_app("--server.address=0.0.0.0", env=env) as server:
        yield server


def handshake(server: Server, origin: str | None, **headers: str) -> int:
    """Open a socket as a page of `origin` would; the status of the answer, 101 if it opened."""
    url = server.url.replace("http", "ws", 1)
    try:
        with connect(
            f"{url}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            origin=None if origin is None else Text(origin),
            additional_headers={name.replace("_", "-"): text for name, text in headers.items()},
            open_timeout=2 * FROZE,
        ):
            return 101
    except InvalidStatus as error:
        return error.response.status_code


def test_the_watch_sees_who_asks_for_a_name(tmp_path: Path) -> None:
    seen: list[float] = []
    space: dict[str, Any] = {}
    exec(NO_WAY_OUT.replace("sys.addaudithook(watch)", ""), space)
    space["time"] = type("Time", (), {"sleep": seen.append})
    space["watch"]("socket.getaddrinfo", ("checkip.example", 80))
    space["watch"]("socket.getaddrinfo", ("localhost", 80))
    assert seen == [30]


def test_a_foreign_page_is_refused_while_the_server_answers_at_once(cut_off: Server) -> None:
    waits: list[float] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            begin = time.perf_counter()
            with urllib.request.urlopen(f"{cut_off.url}/_stcore/health", timeout=60) as response:
                assert response.status == 200
            waits.append(time.perf_counter() - begin)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        statuses = [handshake(cut_off, f"https://evil{n}.example") for n in range(3)]
    finally:
        done.set()
        looker.join()
    assert statuses == [403] * 3
    assert max(waits) < FROZE
    log = cut_off.log()
    assert "ASKED FOR" not in log
    assert log.count("evil1.example") == 2, "once as the page, once in what to set"
    assert handshake(cut_off, "https://evil1.example") == 403
    assert cut_off.log() == log, "each refusal is a line: a stranger could fill the disk"


def test_the_server_starts_and_serves_without_asking_the_internet(cut_off: Server) -> None:
    assert frames_of_a_visit(cut_off)
    assert cut_off.started_in < FROZE
    assert "ASKED FOR" not in cut_off.log()
    assert f"http://localhost:{urlsplit(cut_off.url).port}" in cut_off.log(), "nobody says where the app is"


@pytest.mark.parametrize(
    ("origin", "headers", "status"),
    [
        (None, {}, 101),
        ("http://localhost:3000", {}, 101),
        ("https://course.example.org", {}, 101),
        ("https://course.example.org:8443", {}, 403),
        ("http://course.example.org", {}, 403),
        ("https://class.example", {"X_Forwarded_Host": "class.example"}, 101),
        ("https://class.example", {"X_Forwarded_Host": "evil.example"}, 403),
        ("null", {}, 403),
        ("https://evil.example", {}, 403),
        ("https://127.0.0.1.evil.example", {}, 403),
    ],
)
def test_whose_pages_may_open_a_socket(
    cut_off: Server, origin: str | None, headers: dict[str, str], status: int
) -> None:
    assert handshake(cut_off, origin, **headers) == status
    assert "ASKED FOR" not in cut_off.log()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH"])
def test_a_foreign_page_may_change_nothing(cut_off: Server, method: str) -> None:
    parts = urlsplit(cut_off.url)
    said = []
    for origin in ("https://evil.example", f"http://{parts.netloc}"):
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        connection.request(method, "/_stcore/upload_file/a/b", body=b"x", headers={"Origin": origin})
        answer = connection.getresponse()
        said.append((answer.status, answer.read().decode()))
        connection.close()
    assert said[0] == (403, REFUSAL)
    assert said[1] != (403, REFUSAL), "our own page was taken for a foreign one"


# --- The rule itself, without a server ---


class Asked:
    """Asks the layer as a server would, and remembers what came through and what was said."""

    def __init__(self) -> None:
        self.through: Headers = []
        self.layer = OwnPagesOnly(self._app)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        self.through = [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"]]
        await send({"type": "passed"})

    def __call__(self, headers: Headers, kind: str = "http") -> str | int:
        said: list[Any] = []

        async def send(message: Any) -> None:
            said.append(message)

        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
        scope = {"type": kind, "method": "PUT", "path": "/", "headers": raw}
        in_its_own_thread(asyncio.run)(self.layer(scope, None, send))  # type: ignore[arg-type]
        return said[0].get("status") or said[0].get("code") or str(said[0]["type"])


PASSED = [
    ("https://a.example", "a.example"),
    ("https://A.Example", "a.example:443"),
    ("http://a.example:8501", "A.example:8501"),
    ("http://a.example", "a.example:80"),
    ("https://a.example.", "a.example"),
    ("http://[::1]:8501", "127.0.0.1:8501"),
    ("http://[2001:DB8::1]:8501", "[2001:db8:0::1]:8501"),
    ("http://127.4.5.6:1", "a.example"),
    ("http://me.localhost", "a.example"),
    ("http://my_app:8501", "my_app:8501"),
]
REFUSED = [
    ("https://a.example:8443", "a.example"),
    ("https://a.example", "a.example:80"),
    ("https://a.example", "b.a.example"),
    ("https://a.example@evil.example", "a.example"),
    ("https://a.example", ""),
    ("null", "null"),
    ("", "a.example"),
    ("://", ""),
    ("https://", ""),
    ("file://a.example", "a.example"),
    ("https://a.example/", "a.example"),
    ("https://a.example:0", "a.example:0"),
    ("https://a.example:99999", "a.example:99999"),
    ("https://a.example:٣", "a.example:٣"),
    ("https://[::::]", "[::::]"),
    ("https://[1.2]", "[1.2]"),
    ("https://ä.example", "ä.example"),
    ("https://" + "a" * LONGEST, "a" * LONGEST),
    ("https://" + "a." * 200_000, "a." * 200_000),
    ("https://127.0.0.1.evil.example", "a.example"),
    ("https://localhost.evil.example", "a.example"),
    ("https://evil.example\r\nWARNING all is well", "a.example"),
]


@pytest.mark.parametrize(("origin", "host"), PASSED)
@pytest.mark.parametrize("kind", ["websocket", "http"])
def test_these_are_our_own(origin: str, host: str, kind: str) -> None:
    assert Asked()([("Origin", origin), ("Host", host)], kind) == "passed"


@pytest.mark.parametrize(("origin", "host"), REFUSED, ids=lambda text: ascii(text[:40]))
@pytest.mark.parametrize("kind", ["websocket", "http"])
def test_these_are_not(origin: str, host: str, kind: str) -> None:
    fits = [("Origin", origin.encode().decode("latin-1")), ("Host", host.encode().decode("latin-1"))]
    assert Asked()(fits, kind) == {"http": 403, "websocket": 1008}[kind]


def test_two_origins_or_two_hosts_are_nobodys() -> None:
    host, origin = ("Host", "a.example"), ("Origin", "https://a.example")
    assert Asked()([origin, origin, host]) == 403
    assert Asked()([origin, host, host]) == 403
    assert Asked()([host, host]) == "passed", "without an Origin there is no page to refuse"


@pytest.mark.parametrize(
    ("headers", "handed_on"),
    [
        ([("Host", "a.example"), ("Origin", "https://a.example:443")], "https://a.example"),
        ([("Host", "127.0.0.1:8501"), ("Origin", "http://localhost:1")], "http://127.0.0.1:8501"),
        ([("Host", "no host/"), ("Origin", "http://localhost:1")], None),
        ([("Origin", "http://localhost:1")], None),
    ],
)
def test_streamlit_is_told_an_origin_that_it_knows_at_once(headers: Headers, handed_on: str | None) -> None:
    ask = Asked()
    assert ask(headers, "websocket") == "passed"
    assert dict(ask.through).get("origin") == handed_on


def test_the_operators_own_settings_count(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [("Host", "127.0.0.1"), ("Origin", "https://course.example.org")]
    assert Asked()(listed) == 403
    monkeypatch.setenv("CNNVIZ_ORIGINS", " https://other.example.org:8443  https://Course.example.org ")
    assert Asked()(listed) == "passed"
    monkeypatch.delenv("CNNVIZ_ORIGINS")
    settings: dict[str, Any] = {
        "server.corsAllowedOrigins": ["https://course.example.org"],
        "browser.serverAddress": "localhost",
        "server.enableCORS": True,
    }
    monkeypatch.setattr(config, "get_option", settings.__getitem__)
    assert Asked()(listed) == "passed"
    settings["server.corsAllowedOrigins"] = []
    assert Asked()(listed) == 403
    settings["browser.serverAddress"] = "Course.example.org"
    monkeypatch.setattr(config, "is_manually_set", lambda name: True)
    assert Asked()(listed) == "passed"
    settings |= {"browser.serverAddress": "localhost", "server.enableCORS": False}
    assert Asked()(listed) == "passed"


@pytest.mark.parametrize("bad", ["course.example.org", "*", "null", "https://a.example/path", "https://a.example,"])
def test_a_typing_error_in_the_list_is_told(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNVIZ_ORIGINS", f"https://fine.example {bad}")
    with pytest.raises(SettingError, match="not an origin"):
        OwnPagesOnly(Asked())  # type: ignore[arg-type]


def test_a_proxy_that_hides_the_host_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    ask = Asked()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            ask([("Origin", "https://course.example.org"), ("Host", "127.0.0.1:8501")])
    (said,) = caplog.messages
    assert "page at https://course.example.org that names 127.0.0.1:8501 as its host" in said
    assert "proxy_set_header Host $http_host;" in said
    assert "CNNVIZ_ORIGINS=https://course.example.org" in said


def test_a_proxy_that_passes_no_host_is_named(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        Asked()([("Origin", "https://course.example.org")])
    assert "names no host" in caplog.text


def test_the_log_cannot_be_flooded_nor_written_by_strangers(caplog: pytest.LogCaptureFixture) -> None:
    ask = Asked()
    with caplog.at_level(logging.WARNING):
        for number in range(200):
            ask([("Origin", f"https://evil{number}.example"), ("Host", "a.example\r\nall is well")])
            ask([("Origin", f"https://e\r\nall is well {number}"), ("Host", "a.example")])
    assert len(caplog.messages) == MOST_TOLD
    assert "all is well" not in caplog.text
    assert all(len(line) < 2 * LONGEST + 400 and "\n" not in line for line in caplog.messages)


def test_a_long_origin_is_none_and_not_cut_to_one() -> None:
    assert read_origin("https://" + "a.-_" * 10_000_000) is None
    assert read_origin("http://localhost" + "." * LONGEST + "evil.example") is None
