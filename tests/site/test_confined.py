"""Texts and files that stopped the whole server: it answers everybody else while one of them is read."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest

from cnnviz.engine.networks.code import reading
from cnnviz.state.network_choice import pack_code
from tests.engine.networks.code.test_reading import Broken
from tests.hostile.code import STOPPED
from tests.hostile.weights import archives, programs, safetensors_files
from tests.serving import ROOT, Server, Visitor, answers, running_app, visitor_of
from tests.ui.picture_visitor import WeightsVisitor

PAGES = ("Your code", "Build a network", "Networks", "Receptive field")
FROZEN = 15.0
"""Seconds without an answer that say that the server stands still: on a busy machine it may be slow."""
NETWORK = "\nmodel = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())"


@pytest.fixture(scope="module")
def attacked() -> Iterator[Server]:
    """A server of its own: one that stands still must not stop other tests."""
    with running_app() as server:
        yield server


@contextlib.contextmanager
def answering(server: Server) -> Iterator[None]:
    """Ask for the server's health all the time; it stood still if it gave no answer for long."""
    over = threading.Event()
    longest = 0.0

    def ask() -> None:
        nonlocal longest
        last = time.monotonic()
        while not over.wait(0.05):
            good = answers(server.url)
            longest = max(longest, time.monotonic() - last)
            last = time.monotonic() if good else last

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    assert longest < FROZEN


def words(frames: list[ForwardMsg]) -> str:
    shown = [frame.delta.new_element for frame in frames if frame.HasField("delta")]
    assert not any(one.WhichOneof("type") == "exception" for one in shown)
    return "\n".join(one.alert.body if one.WhichOneof("type") == "alert" else "" for one in shown)


def shown(visitor: Visitor, page: str, code: str) -> str:
    if not visitor.pages:
        visitor.ask()
        visitor.read()
    visitor.ask(visitor.pages[page], query=f"c={pack_code(code)}")
    return words(visitor.read(patience=120))


@pytest.mark.parametrize("name", STOPPED)
def test_code_that_is_too_much_stops_nobody(attacked: Server, name: str) -> None:
    with visitor_of(attacked) as visitor, answering(attacked):
        said = shown(visitor, "Your code", STOPPED[name] + NETWORK)
    assert "Traceback" not in said
    assert "Traceback" not in attacked.log()


@pytest.mark.parametrize("page", PAGES)
def test_no_page_that_reads_code_is_stopped(attacked: Server, page: str) -> None:
    """The text differs from page to page, so that none was read before."""
    with visitor_of(attacked) as visitor, answering(attacked):
        shown(visitor, page, f"x = round(1, -10**9 - {PAGES.index(page)})" + NETWORK)
        assert "no network" not in shown(visitor, page, NETWORK)
    assert "Traceback" not in attacked.log()


@pytest.mark.parametrize("page", ["your_code", "build", "networks", "receptive_field"])
@pytest.mark.parametrize(("why", "said"), [("time", "2 seconds of computing"), ("start", "could not start a process")])
def test_each_page_that_reads_code_says_what_was_too_much(
    monkeypatch: pytest.MonkeyPatch, page: str, why: str, said: str
) -> None:
    monkeypatch.setattr(reading, "pool", lambda: Broken(why))
    app = AppTest.from_file(ROOT / "pages" / f"{page}.py", default_timeout=60)
    app.query_params["c"] = pack_code(f"{NETWORK}  # {page} {why}")
    app.query_params["in"] = "3.32.32"
    app.run()
    assert not app.exception
    warnings = [one.value for one in app.warning if said in one.value]
    assert len(warnings) == 1
    assert warnings[0].count(". ") <= 1
    assert app.query_params["in"] in ("3.32.32", ["3.32.32"])
    monkeypatch.undo()
    if why == "start":  # nothing of a server's trouble is kept
        assert not [one for one in app.run().warning if said in one.value]


def test_many_at_once_stop_nobody(attacked: Server) -> None:
    def attack(number: int) -> None:
        with visitor_of(attacked) as visitor:
            told.append(shown(visitor, "Networks", f"x = sum([[0] * 5000] * {5000 + number}, [])" + NETWORK))

    told: list[str] = []
    threads = [threading.Thread(target=attack, args=(number,)) for number in range(4)]
    with answering(attacked):
        for one in threads:
            one.start()
        with visitor_of(attacked) as learner:
            assert "not read" not in shown(learner, "Your code", NETWORK)
        for one in threads:
            one.join()
    assert len(told) == 4


FILES = {name: (data, said) for name, data, said in (*archives(), *programs(), *safetensors_files())}
NAMED = ("capitals", "a counter of a storage", "a size", "four million letters", "walked through as a key")


@pytest.mark.parametrize("name", NAMED)
def test_a_file_that_is_too_much_stops_nobody(attacked: Server, name: str) -> None:
    data, said = FILES[name]
    with WeightsVisitor(attacked) as visitor, answering(attacked):
        visitor.upload("weights.pth", data)
        assert any(said in text for text in visitor.texts), visitor.texts
    assert "Traceback" not in attacked.log()
