"""Old values that a browser sends again, because it has not read our last answer yet, are nobody's wish."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote_plus

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Selectbox_pb2 import Selectbox
from streamlit.testing.v1 import AppTest

from cnnviz.ui import echo
from tests.serving import Server, fragments, running_app, visitor_of


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_app() as running:
        yield running


def two_numbers() -> None:
    import streamlit as st

    from cnnviz.ui.share import current_query, enter, fresh, publish
    from cnnviz.ui.widgets import bound, bound_text

    enter("numbers")
    query = {"a": "3", "b": "1", "text": "first"} | current_query("numbers")[0]
    publish("numbers", query, None)

    def put(name: str) -> None:
        publish("numbers", current_query("numbers")[0] | {name: str(st.session_state[f"the_{name}"])}, None)

    def example() -> None:
        publish("numbers", {"a": "7", "b": "1", "text": "second"}, None)

    st.button("Example", on_click=fresh(example))
    st.number_input("A", 0, 9, **bound("the_a", int(query["a"]), put, "a"))
    st.number_input("B", 0, 9, **bound("the_b", int(query["b"]), put, "b"))
    st.text_area("Text", **bound_text("the_text", query["text"], put, "text"))


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(two_numbers).run().button[0].click().run()


def values(page: AppTest) -> tuple[int, int, str | None]:
    assert not page.exception
    query = {name: text[0] if isinstance(text, list) else text for name, text in page.query_params.items()}
    shown = (page.number_input[0].value, page.number_input[1].value, page.text_area[0].value)
    assert (int(query["a"]), int(query["b"]), query["text"]) == shown
    return shown


def test_what_an_example_wrote_over_comes_back_with_another_change(page: AppTest) -> None:
    assert values(page) == (7, 1, "second")
    page.number_input[0].set_value(3)
    page.text_area[0].set_value("first")
    page.number_input[1].set_value(5)
    assert values(page.run()) == (7, 5, "second")
    page.number_input[0].set_value(3)  # and again, from a browser that is further behind
    page.number_input[1].set_value(6)
    assert values(page.run()) == (7, 6, "second")


def test_a_hand_that_goes_back_to_the_old_value_is_a_hand(page: AppTest) -> None:
    page.number_input[0].set_value(3)
    assert values(page.run()) == (3, 1, "second")
    page.text_area[0].set_value("first")
    assert values(page.run()) == (3, 1, "first")


def test_new_values_count_together(page: AppTest) -> None:
    page.number_input[0].set_value(4)
    page.number_input[1].set_value(5)
    assert values(page.run()) == (4, 5, "second")


def test_an_old_value_counts_again_after_a_while(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echo, "UNDERWAY_SECONDS", 0.0)
    page.number_input[0].set_value(3)
    page.number_input[1].set_value(5)
    assert values(page.run()) == (3, 5, "second")


@pytest.mark.parametrize("stale", ["1 · 0 · Convolution 99, 5×5", "nothing of ours"])
def test_a_label_from_before_the_last_edit_chooses_nothing(server: Server, stale: str) -> None:
    """The labels of the layers say their settings, and a browser sends labels."""
    with visitor_of(server) as visitor:
        visitor.ask()
        visitor.read()
        build = visitor.pages["Build a network"]
        visitor.ask(build, query="ex=lenet&at=1")
        frames = visitor.read()
        (box,) = (one for one in selectboxes(frames) if one.label == "Layer")
        visitor.ask(build, fragments(frames)[0], "ex=lenet&at=1", {box.id: stale})
        after = visitor.read()
    (box,) = (one for one in selectboxes(after) if one.label == "Layer")
    assert box.set_value and box.raw_value.startswith("1 · 0 · Convolution 6, 5×5")
    assert not any("Convolution" in unquote_plus(frame.page_info_changed.query_string) for frame in after)
    assert not any(frame.delta.new_element.HasField("alert") for frame in after)


def selectboxes(frames: list[ForwardMsg]) -> list[Selectbox]:
    elements = (frame.delta.new_element for frame in frames if frame.HasField("delta"))
    return [element.selectbox for element in elements if element.HasField("selectbox")]
