"""Links and messages that nobody would send on purpose: the page answers all of them, and goes on."""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cnnviz.lessons.convolution.spec import ConvolutionSpec
from tests.serving import Server, socket_of
from tests.ui.lesson import assert_sound, opened, pack, state

NAMES = ("n", "k", "s", "p", "d", "mode", "flip", "x", "xe", "w", "we", "seed")
NASTY: list[dict[str, str]] = [
    {"n": ""},
    {"n": "0"},
    {"n": "-1"},
    {"n": "1e999"},
    {"n": "nan"},
    {"n": "٣"},
    {"n": "7x7x7"},
    {"n": "9" * 10_000},
    {"n": "%00"},
    {"n": "\x00"},
    {"n": "7", "k": "8"},
    {"n": "1", "k": "7", "d": "4"},
    {"n": "16", "k": "7", "d": "4", "p": "full"},
    {"n": "16", "k": "1", "s": "5", "p": "6"},
    {"n": "1x16", "k": "7x1", "p": "6.0.6.0", "mode": "circular"},
    {"n": "1", "p": "6", "mode": "reflect"},
    {"p": "same", "s": "5"},
    {"p": "same", "s": "5", "k": "7", "d": "4", "n": "1"},
    {"p": "1.2.3"},
    {"p": "0.1.2.3.4"},
    {"p": "................"},
    {"mode": "constructor"},
    {"mode": "__proto__"},
    {"flip": "2"},
    {"x": "custom"},
    {"x": "1 2_3"},
    {"x": "1_" * 2000},
    {"x": "nan nan_nan nan"},
    {"x": "1/0"},
    {"x": "<script>alert(1)</script>"},
    {"x": "'; DROP TABLE grids; --1"},
    {"x": "{{7*7}}"},
    {"x": "$\\frac{1}{0}$ 1"},
    {"x": " ".join(["99999"] * 16)},
    {"xe": "0.0 1e400"},
    {"xe": "99.99 1"},
    {"xe": "_".join(f"{row}.{column} -12345.678901" for row in range(16) for column in range(16)), "n": "16"},
    {"we": "0.0 9_0.0", "w": "gauss"},
    {"seed": "10000"},
    {"seed": "-0"},
    {"at": "output.999.999"},
    {"at": "__proto__.0.0"},
    {"at": "nowhere.0.0", "show": "everything", "view": "<b>"},
    {"apart": "0", "n": "7x5"},
    {"sides": "maybe", "p": "0.1.0.1"},
    {"🙂": "🙂", "": "", "n[]": "7", "__class__": "x"},
    dict.fromkeys(NAMES, "\N{RIGHT-TO-LEFT OVERRIDE}x"),
]


@pytest.mark.parametrize("query", NASTY, ids=lambda query: repr(query)[:50])
def test_every_link_gives_a_page(query: dict[str, str]) -> None:
    page = opened(**query)
    assert_sound(page)
    canonical = state(page)
    assert ConvolutionSpec.from_query(canonical)[1] == []
    assert state(page.run()) == canonical
    assert pack(page)["messages"] == []


class Stranger:
    """A session that speaks Streamlit's protocol, and may send a stage's state in any form."""

    def __init__(self, server: Server) -> None:
        self._open = contextlib.ExitStack()
        self._socket = self._open.enter_context(socket_of(server))
        self._query = self._page = self._stage = self._fragment = ""
        self.pack: dict[str, Any] = {}
        self._run(BackMsg())

    def close(self) -> None:
        self._open.close()

    def says(self, text: str) -> None:
        """Send this text as the state of the stage; it need not be JSON."""
        message = BackMsg()
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id, widget.json_value = self._stage, text
        self._run(message)

    def says_otherwise(self, **value: Any) -> None:
        """Send the state of the stage as another type of the protocol."""
        message = BackMsg()
        widget = message.rerun_script.widget_states.widgets.add(id=self._stage)
        for name, content in value.items():
            setattr(widget, name, content)
        self._run(message)

    def commits(self, **commit: Any) -> None:
        self.says(json.dumps({"commit": commit}))

    def _run(self, message: BackMsg) -> None:
        client = message.rerun_script
        client.query_string, client.page_script_hash, client.fragment_id = self._query, self._page, self._fragment
        self._socket.send(message.SerializeToString())
        while True:
            frame = ForwardMsg.FromString(self._socket.recv(timeout=30, decode=False))
            kind = frame.WhichOneof("type")
            if kind == "script_finished":
                good = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
                assert frame.script_finished in good
                return
            self._read(frame, kind)

    def _read(self, frame: ForwardMsg, kind: str | None) -> None:
        if kind == "navigation":
            self._page = frame.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = frame.page_info_changed.query_string
        elif kind == "delta" and frame.delta.WhichOneof("type") == "new_element":
            element = frame.delta.new_element
            assert element.WhichOneof("type") != "exception", element.exception.message
            if element.WhichOneof("type") == "bidi_component":
                self._stage, self._fragment = element.bidi_component.id, frame.delta.fragment_id
                self.pack = json.loads(zlib.decompress(element.bidi_component.bytes))


@pytest.fixture
def stranger(server: Server) -> Iterator[Stranger]:
    session = Stranger(server)
    yield session
    session.close()


GOOD = {"n": "9", "s": "2", "xe": "0.0 5"}
DEEP = "[" * 200 + "]" * 200
GARBAGE = [
    *["null", "7", '"text"', "[]", "{}", "NaN", DEEP, '{"commit": ' + DEEP + "}"],
    *['{"commit": null}', '{"commit": "x"}', '{"commit": []}', '{"commit": {"seq": "9"}}', '{"other": 1}'],
    *['{"commit": {"seq": 1e308}}', '{"commit": {"seq": NaN}}', '{"commit": {"seq": -5, "state": {"n": "3"}}}'],
    '{"commit": {"seq": ' + "9" * 400 + "}}",
]


def assert_goes_on(session: Stranger, seq: int) -> None:
    """The session answers a good commit as if nothing had been."""
    session.commits(seq=seq, state={"n": "6"}, edits=[])
    assert (session.pack["seq"], session.pack["state"]) == (seq, {"n": "6"})


def test_garbage_ends_no_session_and_loses_nothing(stranger: Stranger) -> None:
    stranger.commits(seq=1, state={"n": "9", "s": "2"}, edits=[["input", 0, 0, "5"]])
    assert stranger.pack["state"] == GOOD
    for text in GARBAGE:
        stranger.says(text)
        assert stranger.pack["state"] == GOOD, text[:60]
        assert stranger.pack["seq"] == 1
    assert_goes_on(stranger, 2)


@pytest.mark.parametrize("text", ["", "not JSON", "{", "\x00"])
def test_what_is_no_json_harms_nobody_else(server: Server, stranger: Stranger, text: str) -> None:
    """Streamlit itself reads the text before any script runs, and keeps stumbling over it: only a reload helps."""
    other = Stranger(server)
    other.says(text)
    assert_goes_on(stranger, 1)
    other.close()
    reloaded = Stranger(server)
    assert_goes_on(reloaded, 1)
    reloaded.close()


@pytest.mark.parametrize(
    "value",
    [
        {"string_value": "x"},
        {"int_value": 7},
        {"bool_value": True},
        {"bytes_value": b"\xff\x00"},
        {"double_value": 1.5},
    ],
    ids=str,
)
def test_another_type_ends_no_session(stranger: Stranger, value: dict[str, Any]) -> None:
    stranger.commits(seq=1, state={"n": "9", "s": "2"}, edits=[["input", 0, 0, "5"]])
    stranger.says_otherwise(**value)
    assert stranger.pack["state"] == GOOD
    assert_goes_on(stranger, 2)


@pytest.mark.parametrize(
    "commit",
    [
        {"state": {"n": 7, "k": None, "s": ["2"], "n\ud800": "\ud800", "p": "\ud800"}, "edits": {}},
        {"state": "n=7", "edits": "all"},
        {"state": {f"key{number}": "x" * 100 for number in range(2000)}, "edits": [[]] * 2000},
        {"state": {"n": "9" * 100_000, "x": "1 " * 100_000}},
        {
            "state": {},
            "edits": [["input", 10**30, 0, "1"], ["input", -1, 0, "1"], ["input", 0.5, 0, "1"], [1, 2, 3, 4]],
        },
        {"state": {}, "edits": [["input", 0, 0, "x" * 100_000], ["input", 0, 0, "\x00\ud800"], ["\ud800", 0, 0, "1"]]},
        {"state": {}, "edits": [["input", 0, 0, "1"] * 3] * 10_000},
        {"state": {}, "edits": [["input", 0, 0, "1"]] * 10_000},
    ],
    ids=lambda commit: repr(commit)[:50],
)
def test_a_commit_full_of_nonsense_is_answered(stranger: Stranger, commit: dict[str, Any]) -> None:
    stranger.commits(seq=1, **commit)
    assert stranger.pack["seq"] == 1
    assert set(stranger.pack["state"]) <= {"xe"}
    assert all(len(message) < 450 for message in stranger.pack["messages"])
    assert_goes_on(stranger, 2)


def test_true_is_no_row(stranger: Stranger) -> None:
    stranger.commits(seq=1, state={}, edits=[["input", True, False, "9"]])
    stranger.commits(seq=2, state=stranger.pack["state"], edits=[])
    assert stranger.pack["messages"] == []


def test_two_sessions_do_not_meet(server: Server, stranger: Stranger) -> None:
    other = Stranger(server)
    stranger.commits(seq=5, state={"n": "9"}, edits=[])
    other.commits(seq=1, state={"n": "4"}, edits=[])
    other.close()
    assert (stranger.pack["seq"], stranger.pack["state"]) == (5, {"n": "9"})
    assert (other.pack["seq"], other.pack["state"]) == (1, {"n": "4"})
