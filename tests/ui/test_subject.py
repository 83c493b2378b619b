"""The bar that all pages on trained networks share, on one of them, without a browser; and what its pad may send."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnnviz.engine.pictures.drawing import Drawing
from cnnviz.state.strokes import LONGEST_LINK, MOST_POINTS, flat, pack_strokes, unpack_strokes
from cnnviz.ui.pad import parse_answer
from cnnviz.ui.subject import Subject
from tests.lessons.convolution.specs import examples
from tests.ui.lesson import box, url

SEVEN = ((250, 200), (700, 200), (600, 450), (450, 850))
LONG = tuple(((37 * one) % 1000, (91 * one) % 1000) for one in range(1000))


def lesson() -> None:
    """A page with the bar and nothing else."""
    import streamlit as st

    from cnnviz.ui.share import publish
    from cnnviz.ui.subject import choose_subject

    subject = choose_subject("test")
    publish("test", subject.query, None)
    st.session_state["found"] = subject


@pytest.fixture
def pads(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the pad is given; the last one is what stands on the page."""
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr("cnnviz.ui.pad.PAD", lambda data, **_: sent.append(data))
    return sent


def page(link: str = "") -> AppTest:
    app = AppTest.from_function(lesson, default_timeout=30)
    for name, text in parse_qsl(link):
        app.query_params[name] = text
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def subject(app: AppTest) -> Subject:
    return app.session_state["found"]


def drawn(app: AppTest, seq: int, strokes: Any, **more: Any) -> AppTest:
    app.session_state["test_pad"] = {"answer": {"seq": seq, "strokes": strokes, **more}}
    return run(app)


def test_it_opens_on_a_digit() -> None:
    app = page()
    assert url(app) == {"net": "digits_lenet"}
    assert subject(app).label == "7"
    assert subject(app).x.shape == (1, 28, 28)
    box(app, "Digit").set_value(4).run()
    assert url(app)["see"] == "digit.4.3"
    box(app, "Hand").set_value(99).run()
    assert url(app)["see"] == "digit.4.99"
    assert subject(app).title == "A 4"


def test_another_network_is_shown_what_suits_it() -> None:
    app = page("see=digit.4.9")
    box(app, "Network").set_value("shapes_vgg").run()
    assert url(app) == {"net": "shapes_vgg"}
    assert (subject(app).label, subject(app).x.shape) == ("star", (3, 64, 64))
    box(app, "Kind").set_value("heart").run()
    assert url(app)["see"] == "heart.4"
    assert subject(app).label == ""  # no class of the network's
    box(app, "Network").set_value("squeezenet1_1").run()
    assert url(app) == {"net": "squeezenet1_1"}
    assert subject(app).title == "Astronaut"
    box(app, "Look at").set_value("digit").run()
    assert url(app) == {"net": "squeezenet1_1", "see": "digit.7.3"}
    assert subject(app).x.shape == (3, 224, 224)


def test_a_photo_is_named_only_while_it_is_looked_at() -> None:
    app = page("net=squeezenet1_1&img=cat")
    assert url(app) == {"net": "squeezenet1_1", "img": "cat"}
    box(app, "Network").set_value("digits_lenet").run()
    assert url(app) == {"net": "digits_lenet"}
    box(app, "Look at").set_value("photo").run()
    assert url(app) == {"net": "digits_lenet", "see": "photo", "img": "cat"}
    assert subject(app).shown.shape == (28, 28)


def test_the_choice_follows_to_another_page(pads: list[dict[str, Any]]) -> None:
    app = page(f"net=shapes_vgg&see=drawing&ink={pack_strokes((SEVEN,))}&fill=1")
    app.query_params.clear()
    run(app)
    assert url(app) == {"net": "shapes_vgg", "see": "drawing", "ink": pack_strokes((SEVEN,)), "fill": "1"}
    assert pads[-1]["strokes"] == flat((SEVEN,))


def test_strokes_become_the_picture_and_the_link(pads: list[dict[str, Any]]) -> None:
    app = page("see=drawing")
    assert not subject(app).x.any()
    assert pads[-1]["seq"] == 0
    app = drawn(app, 1, flat((SEVEN,)), pen=90)
    assert url(app) == {"net": "digits_lenet", "see": "drawing", "ink": pack_strokes((SEVEN,)), "pen": "90"}
    assert pads[-1]["seq"] == 1
    assert pads[-1]["strokes"] == flat((SEVEN,))
    assert len(pads[-1]["gets"]) == 1048  # 28 by 28 bytes, as letters
    assert subject(app).alt == "Your drawing, 1 stroke."
    before = subject(app).digest
    app = drawn(app, 1, [])  # an old answer
    assert subject(app).digest == before
    app = drawn(app, 2, [], pen=90)
    assert url(app) == {"net": "digits_lenet", "see": "drawing", "pen": "90"}
    assert not subject(app).x.any()


def test_colours_and_filled_shapes_are_for_networks_with_colours(pads: list[dict[str, Any]]) -> None:
    app = page("net=shapes_vgg&see=drawing")
    assert pads[-1]["colours"]
    assert pads[-1]["gets"] == ""
    app = drawn(app, 1, flat((SEVEN,)), pen=90, dye=["#ffd700", "#102040"], fill=True)
    assert url(app) == {
        "net": "shapes_vgg", "see": "drawing", "ink": pack_strokes((SEVEN,)), "pen": "90", "dye": "ffd700.102040",
        "fill": "1",
    }  # fmt: skip
    assert (subject(app).pixels[0, 0] == (0x10, 0x20, 0x40)).all()
    box(app, "Network").set_value("digits_lenet").run()
    assert not pads[-1]["colours"]
    assert subject(app).pixels.shape == (28, 28)


def test_what_is_too_long_for_a_link_stays_on_the_page(pads: list[dict[str, Any]]) -> None:
    app = drawn(page("see=drawing"), 1, flat((LONG,)), pen=50)
    assert url(app) == {"net": "digits_lenet", "see": "drawing", "pen": "50"}
    assert f"{LONGEST_LINK:,} fit" in pads[-1]["note"]
    run(app)
    assert subject(app).choice.drawing == Drawing((LONG,), 50)
    box(app, "Look at").set_value("digit").run()
    box(app, "Look at").set_value("drawing").run()
    assert subject(app).choice.drawing.strokes == (LONG,)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("net=vgg99", "“vgg99”, but the networks that look here are"),
        ("see=digit.7.300", "there are hands 0 to 99. It is digit.7.3 now."),
        ("see=drawing&ink=@@", "copy the whole link. It is empty now."),
        ("see=photo&img=horse", "“horse”"),
        ("w=../x.pth", "The link asks for the weights"),
    ],
)
def test_bad_links_get_a_sentence(link: str, says: str, pads: list[dict[str, Any]]) -> None:
    app = page(link)
    assert len(app.warning) == 1
    assert says in app.warning[0].value
    run(app)
    assert not app.warning


def test_no_two_subjects_have_one_name() -> None:
    links = ("see=digit.3.4", "see=digit.3.5", "see=digit.3.5&w=random.1", "net=shapes_vgg")
    found = [subject(page(link)) for link in links]
    assert len({one.digest for one in found}) == len(links)
    assert subject(page(links[0])).digest == found[0].digest
    assert np.array_equal(found[0].shown, found[0].pixels)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
LINES = st.lists(st.lists(st.integers(-2, 1002), min_size=2, max_size=6), max_size=3)
ANSWERS = JSON | st.fixed_dictionaries(
    {"seq": st.integers(-1, 2**32) | JSON, "strokes": LINES | JSON},
    optional={
        "pen": st.integers(-5, 10**6) | JSON,
        "dye": st.lists(st.text("#0fz", min_size=6, max_size=8), max_size=3) | JSON,
        "fill": st.booleans() | JSON,
    },
)


@examples(300)
@given(ANSWERS)
def test_anything_is_an_answer_or_nothing(sent: Any) -> None:
    answer = parse_answer(sent)
    if answer is None:
        return
    seq, drawing = answer
    assert 0 < seq < 2**31
    assert 20 <= drawing.pen <= 200
    assert drawing.points <= MOST_POINTS
    assert unpack_strokes(pack_strokes(drawing.strokes)) == drawing.strokes
    assert all(len(one) == 6 and int(one, 16) >= 0 for one in drawing.colours)
    assert isinstance(drawing.fill, bool)


@pytest.mark.parametrize("sent", [None, "x", {"answer": 3}, {"answer": {"seq": 5, "strokes": [[1, 2, 3]]}}])
def test_a_hostile_pad_changes_nothing(sent: Any, pads: list[dict[str, Any]]) -> None:
    app = page(f"see=drawing&ink={pack_strokes((SEVEN,))}")
    app.session_state["test_pad"] = sent
    run(app)
    assert subject(app).choice.drawing == Drawing((SEVEN,))
    assert pads[-1]["seq"] == 0
