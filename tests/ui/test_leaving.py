"""What a page sends after the learner has left it: a hand that rests, a timer that looks again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cnnviz.ui.lesson import lesson_part
from tests.serving import Server, Visitor, fragments, running_app, visitor_of


def opened(frames: list[ForwardMsg]) -> list[str]:
    """The pages that a browser is told to show."""
    return [frame.new_session.page_script_hash for frame in frames if frame.WhichOneof("type") == "new_session"]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_app() as running:
        yield running


@pytest.fixture
def visitor(server: Server) -> Iterator[Visitor]:
    with visitor_of(server) as one:
        yield one


def test_what_a_page_sends_late_does_not_open_it_again(visitor: Visitor) -> None:
    """Streamlit would run the part for the page that was left, and a browser clears its page for that."""
    visitor.ask()
    (part, *_) = fragments(visitor.read())
    left, entered = visitor.pages["Convolution"], visitor.pages["Pooling"]
    visitor.ask(left)
    visitor.read()
    visitor.ask(entered)
    visitor.ask(left, part, "k=5")
    shown = visitor.read()
    (other, *_) = fragments(shown)
    visitor.ask(entered, other)
    shown += visitor.read()
    assert set(opened(shown)) == {entered}


def test_what_a_page_sends_in_time_counts(visitor: Visitor) -> None:
    visitor.ask()
    (part, *_) = fragments(visitor.read())
    for page in (visitor.pages["Convolution"], visitor.pages["Pooling"], visitor.pages["Convolution"]):
        visitor.ask(page)
        (part, *_) = fragments(visitor.read())
        visitor.ask(page, part)
        assert fragments(visitor.read())[0] == part


def test_parts_of_two_pages_are_not_one(visitor: Visitor) -> None:
    visitor.ask()
    visitor.read()
    parts = []
    for name in ("Convolution", "Pooling", "Filters"):
        visitor.ask(visitor.pages[name])
        parts.append(fragments(visitor.read())[0])
    assert len(set(parts)) == 3


def test_a_part_is_named_after_its_page() -> None:
    def lesson() -> None:
        pass

    names = [lesson_part(page)(lesson).__qualname__ for page in ("one", "two")]
    assert names == ["one.lesson", "two.lesson"]
