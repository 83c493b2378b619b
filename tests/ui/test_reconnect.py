"""A tab that outlived its session asks another one, which knows nothing: by the protocol, for all pages."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import app_session

from cnnviz.lessons.registry import LESSONS
from cnnviz.ui import reconnect
from cnnviz.ui.holdings import WORDS
from tests.serving import Server, fragments, running_app, visitor_of

TITLES = [lesson.title for lesson in LESSONS.values()]
HELD = f"$$ID-0123-{reconnect.HELD}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_app() as running:
        yield running


def link_of(frames: list[ForwardMsg]) -> str:
    """The address that the browser was told last."""
    told = [frame.page_info_changed.query_string for frame in frames if frame.WhichOneof("type") == "page_info_changed"]
    return told[-1] if told else ""


def texts(frames: list[ForwardMsg]) -> str:
    return " ".join(str(frame.delta.new_element) for frame in frames if frame.HasField("delta"))


def finished(frames: list[ForwardMsg]) -> bool:
    return frames[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


def widget_of(frames: list[ForwardMsg], end: str) -> str:
    """The id of the widget or component with a key."""
    for frame in frames:
        if frame.HasField("delta"):
            element = frame.delta.new_element
            kind = element.WhichOneof("type")
            name = str(getattr(getattr(element, kind), "id", "")) if kind else ""
            if name.endswith(f"-{end}"):
                return name
    raise AssertionError(f"no widget {end}")


@pytest.mark.parametrize("title", TITLES)
def test_a_part_that_a_new_session_has_never_drawn_is_drawn(server: Server, title: str) -> None:
    """Streamlit alone says nothing at all, and the tab is dead."""
    with visitor_of(server) as before:
        before.ask()
        before.read()
        page = before.pages[title]
        before.ask(page)
        parts = fragments(before.read())
    with visitor_of(server) as tab:
        tab.ask(page, parts[0] if parts else "")
        first = tab.read()
        assert finished(first)
        assert fragments(first)[:1] == parts[:1]
        if parts:
            tab.ask(page, parts[0])
            assert fragments(tab.read())
    assert "does not exist anymore" not in server.log()


def opened(server: Server, title: str) -> tuple[str, list[ForwardMsg]]:
    """A page's number, and what is on it."""
    with visitor_of(server) as visitor:
        visitor.ask()
        visitor.read()
        page = visitor.pages[title]
        visitor.ask(page)
        return page, visitor.read()


def test_all_of_the_menu_was_tried(server: Server) -> None:
    with visitor_of(server) as visitor:
        visitor.ask()
        visitor.read()
        assert set(visitor.pages) == set(TITLES)


def test_the_choice_that_was_just_made_takes_effect(server: Server) -> None:
    page, frames = opened(server, "Networks")
    with visitor_of(server) as tab:
        tab.ask(page, fragments(frames)[0], "net=lenet5", {widget_of(frames, "networks_size"): "1×64×64"})
        assert "in=1.64.64" in link_of(tab.read())


def test_nothing_is_left_out_since_the_tab_had_it_before(server: Server) -> None:
    """What the tab names it may forget before our answer is there: it learns of several runs at once."""
    page, frames = opened(server, "Build a network")
    known = [frame.hash for frame in frames if frame.metadata.cacheable]
    assert known
    with visitor_of(server) as tab:
        tab.ask(page, fragments(frames)[0], known=known)
        answers = tab.read()
        tab.ask(page, fragments(frames)[0], known=known)
        answers += tab.read()
    assert not [frame for frame in answers if frame.WhichOneof("type") == "ref_hash"]


def committed(seq: int, size: int) -> str:
    return json.dumps({"commit": {"seq": seq, "state": {"n": str(size)}, "edits": []}})


def test_code_that_is_too_long_for_a_link_is_kept(server: Server) -> None:
    """It comes with the tab's text area; the link meanwhile does not become that of the page's first example."""
    page, frames = opened(server, "Your code")
    code = f"# {np.random.default_rng(0).bytes(4000).hex()}\nmodel = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())"
    with visitor_of(server) as tab:
        tab.ask(page, "", "in=3.32.32", {widget_of(frames, "your_code_text"): code, HELD: "code"})
        shown = tab.read()
    assert "too long for a link" in texts(shown)
    assert "could not be kept" not in texts(shown)
    assert link_of(shown) in {"", "in=3.32.32"}


def test_what_a_stage_was_just_asked_takes_effect(server: Server) -> None:
    page, frames = opened(server, "Pooling")
    key, part = widget_of(frames, "pooling"), fragments(frames)[0]
    with visitor_of(server) as tab:
        tab.ask(page, part, "n=6", json_values={key: committed(7, 9)})
        assert "n=9" in link_of(tab.read())


def test_what_a_stage_was_asked_long_ago_is_not_done_again(server: Server) -> None:
    """The browser asks as soon as it is connected, with what its components said in a session that is over."""
    page, frames = opened(server, "Pooling")
    key, part = widget_of(frames, "pooling"), fragments(frames)[0]
    with visitor_of(server) as tab:
        tab.ask(page, "", "n=6", json_values={key: committed(7, 9)})
        tab.read()
        tab.ask(page, part, "n=6", json_values={key: committed(7, 9)})
        assert "n=9" not in link_of(tab.read())
        tab.ask(page, part, "n=6", json_values={key: committed(9 + reconnect.MEANWHILE, 10)})
        assert "n=10" in link_of(tab.read())


def test_what_is_asked_while_the_page_is_drawn_is_not_lost(server: Server) -> None:
    page, frames = opened(server, "Pooling")
    key, part = widget_of(frames, "pooling"), fragments(frames)[0]
    with visitor_of(server) as tab:
        tab.ask(page, query="n=6")
        tab.ask(page, part, "n=6", json_values={key: committed(1, 9)})
        shown = tab.read()
        while "n=9" not in link_of(shown):
            shown += tab.read()
        assert finished(shown) or fragments(shown)


def test_who_goes_to_another_page_meanwhile_gets_that_one(server: Server) -> None:
    page, _ = opened(server, "Pooling")
    other, frames = opened(server, "Networks")
    with visitor_of(server) as tab:
        tab.ask(page)
        tab.ask(other)
        part = fragments(frames)[0]
        while part not in fragments(tab.read()):
            pass
        tab.ask(other, part)
        assert part in fragments(tab.read())


def test_what_was_lost_is_said(server: Server) -> None:
    page, _ = opened(server, "Filters")
    with visitor_of(server) as tab:
        tab.ask(page, texts={HELD: "picture <b> undo"})
        said = texts(tab.read())
        assert "your own picture and what Undo would bring back could not be kept" in said
        assert "<b>" not in said


def test_nothing_is_said_to_a_newcomer_or_when_nothing_was_lost(server: Server) -> None:
    page, frames = opened(server, "Filters")
    assert "could not be kept" not in texts(frames)
    with visitor_of(server) as tab:
        tab.ask(page)
        assert "could not be kept" not in texts(tab.read())


def test_the_names_of_what_was_lost_can_be_told_apart_and_fit() -> None:
    assert all(name.isidentifier() for name in WORDS)
    assert len(" ".join(WORDS)) <= reconnect.LONGEST_HELD


def test_streamlit_still_has_what_the_two_runs_are_made_of() -> None:
    reconnect.serve_tabs_of_former_sessions()
    assert hasattr(app_session.AppSession.request_rerun, "two_runs")


def test_a_choice_that_is_not_offered_any_more_is_left_out(server: Server) -> None:
    """The learner's own picture and own code are in lists of choices, and a new session has neither."""
    for title, key, choice in (
        ("Filters", "filters_picture", "Your picture"),
        ("Networks", "networks_network", "Your code"),
    ):
        page, frames = opened(server, title)
        with visitor_of(server) as tab:
            tab.ask(page, texts={widget_of(frames, key): choice})
            assert "Something went wrong" not in texts(tab.read())
    assert "Traceback" not in server.log()
