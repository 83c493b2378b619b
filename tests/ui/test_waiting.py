"""A page that waits says where it stands, leaves its place when its learner goes, and ends when too many wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection

from cnnviz.engine import turns as engine
from cnnviz.engine.networks.seeing.cache import LOOKING, MapShelf
from cnnviz.engine.networks.weights.cache import SHELF
from cnnviz.engine.room import Room
from cnnviz.engine.turns import Turns
from cnnviz.explain.turns import before_words
from cnnviz.lessons.feature_maps.spec import FeatureMapsSpec
from cnnviz.lessons.receptive_field import view as receptive_field
from cnnviz.lessons.receptive_field.trace_effective import MEASURING
from cnnviz.lessons.where_it_looks.trace import COVERING
from cnnviz.ui import one_map, waiting
from tests.serving import Server, Visitor, copy_of_the_app, running_app, visitor_of
from tests.ui.lesson import opened_alone, opened_in_the_app, words

PATIENCE = 60.0
SHARED = """
import streamlit as st
from cnnviz.lessons.receptive_field.trace_effective import MEASURING
from cnnviz.ui.waiting import computing

if "hold" in st.query_params:
    MEASURING.join("somebody who never ends")
elif "look" in st.query_params:
    st.write(f"{MEASURING.waiting} wait, {MEASURING.inside} inside")
else:
    with computing("It takes long"), MEASURING.one():
        st.write("it was my turn")
"""


@contextmanager
def all_taken(turns: Turns) -> Iterator[None]:
    held = [turns.join() for _ in range(turns.at_once)]
    try:
        yield
    finally:
        for ticket in held:
            turns.leave(ticket)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[Turns], list[int]]:
    """Take all turns, and give them back when a page says that it waits: what it said then."""

    def take(turns: Turns) -> list[int]:
        said: list[int] = []
        held = [turns.join() for _ in range(turns.at_once)]
        words_of = before_words

        def say(before: int) -> str:
            said.append(before)
            for ticket in held:
                turns.leave(ticket)
            return words_of(before)

        monkeypatch.setattr(waiting, "before_words", say)
        monkeypatch.setattr(engine, "LOOK_EVERY", 0.01)
        return said

    return take


def test_who_measures_a_field_is_told_where_they_stand(told: Callable[[Turns], list[int]]) -> None:
    receptive_field.FIELDS.clear()
    said = told(MEASURING)
    page = opened_alone("receptive_field", "net=digits_lenet&layer=conv2&more=effective&at=2.3")
    assert not page.exception
    assert set(said) == {1}
    assert "of the gradient" in words(page)
    assert "before you" not in words(page)
    assert (MEASURING.inside, MEASURING.waiting) == (0, 0)


def test_too_many_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    receptive_field.FIELDS.clear()
    monkeypatch.setattr(MEASURING, "most_waiting", 0)
    with all_taken(MEASURING):
        page = opened_alone("receptive_field", "net=digits_lenet&layer=conv2&more=effective&at=2.3")
    assert not page.exception
    assert "others already wait to measure a field, and no more can" in page.warning[0].value
    assert page.get("bidi_component"), "the rest of the page is there"


def test_too_many_look_and_trying_again_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_map, "_shelf", MapShelf)
    monkeypatch.setattr(LOOKING, "most_waiting", 0)
    with all_taken(LOOKING):
        page = opened_in_the_app("feature_maps", "net=digits_lenet&see=digit.7.3&layer=relu2&c=3")
    assert not page.exception
    assert "others already wait to look into a network" in page.warning[0].value
    monkeypatch.undo()
    next(one for one in page.button if one.label == "Try again").click().run()
    assert not page.exception and not page.warning
    assert "map 3 of relu2 is" in words(page)


def test_too_many_wait_for_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    SHELF.clear()
    monkeypatch.setattr(SHELF.turns, "most_waiting", 0)
    with all_taken(SHELF.turns):
        page = opened_in_the_app("feature_maps", "net=squeezenet1_1&w=random.77")
    assert not page.exception
    assert "others already wait to get a network ready" in page.warning[0].value


def test_covering_is_waited_for(told: Callable[[Turns], list[int]]) -> None:
    page = opened_alone("where_it_looks", "net=squeezenet1_1&step=64&patch=64")
    said = told(COVERING)
    page.button(key="where_it_looks_cover").click().run(timeout=PATIENCE)
    assert not page.exception
    assert set(said) == {1}
    assert (COVERING.inside, COVERING.waiting) == (0, 0)


def test_maps_of_own_pictures_are_kept_while_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    maps = {"relu": np.zeros((2, 4, 4), np.float32)}

    def read(*_: object) -> dict[str, np.ndarray]:
        looks.append(1)
        return dict(maps)

    streamlit = SimpleNamespace()
    monkeypatch.setattr(one_map, "st", streamlit)
    room = Room(200)
    monkeypatch.setattr(one_map, "read_maps", read)
    monkeypatch.setattr(one_map, "OWN_MAPS", room)
    sessions: dict[str, dict[str, object]] = {"ada": {}, "grace": {}}

    def visit(name: str) -> None:
        streamlit.session_state = sessions[name]
        subject = SimpleNamespace(digest=name, eyes=None, x=None, own=True)
        assert one_map._maps(subject, FeatureMapsSpec(layer="relu"))["relu"].shape == (2, 4, 4)  # type: ignore[arg-type]

    for _ in range(3):
        visit("ada")
        visit("grace")
    assert len(looks) == 1 + 3, "there is room for one of them"
    assert room.taken == 128
    del sessions["ada"]
    for _ in range(3):
        visit("grace")
    assert len(looks) == 4 + 1, "the session that ended made room"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_app(app=copy_of_the_app(tmp_path_factory.mktemp("app"), SHARED)) as running:
        yield running


def seen(socket: ClientConnection, text: str) -> None:
    while text not in str(ForwardMsg.FromString(socket.recv(timeout=PATIENCE, decode=False))):
        pass


def queue(looker: Visitor) -> str:
    looker.ask(query="look=1")
    shown = "".join(map(str, looker.read()))
    return next(text for text in ("0 wait", "1 wait", "2 wait", "3 wait") if text in shown)


def test_a_closed_tab_leaves_its_place_and_a_click_takes_no_second_one(server: Server) -> None:
    with visitor_of(server) as looker:
        looker.ask(query="hold=1")
        looker.read()
        with visitor_of(server) as first, visitor_of(server) as second:
            first.ask()
            seen(first._socket, "One learner is before you.")
            second.ask()
            seen(second._socket, "Two learners are before you.")
            for _ in range(3):
                second.ask()
                seen(second._socket, "Two learners are before you.")
            assert queue(looker) == "2 wait"
            first._socket.close()
            seen(second._socket, "One learner is before you.")
            assert queue(looker) == "1 wait"
        until = time.monotonic() + PATIENCE
        while queue(looker) != "0 wait":
            assert time.monotonic() < until, "the closed tab still has its place"
