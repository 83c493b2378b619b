"""What a viewer may send, and how the chosen picture follows the learner."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.state.look import LARGEST_SIDE
from cnnviz.ui.viewer import LONGEST_TEXT, MOST_KNOWN, MOST_SET, Answer, parse_answer
from tests.lessons.convolution.specs import examples

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
ANSWERS = JSON | st.fixed_dictionaries(
    {
        "seq": st.integers(-1, 2**32) | JSON,
        "set": st.dictionaries(st.text(max_size=4), JSON, max_size=40) | JSON,
        "click": st.lists(st.integers(-1, 30_000), max_size=4) | JSON,
        "box": st.lists(st.integers(-1, 30_000), max_size=6) | JSON,
        "have": st.lists(st.text("0123456789abcdef<", max_size=40), max_size=40) | JSON,
    }
)


@examples(500)
@given(ANSWERS)
def test_anything_is_an_answer_or_nothing(thing: Any) -> None:
    answer = parse_answer(thing)
    if answer is None:
        return
    assert 0 < answer.seq < 2**31
    assert len(answer.controls) <= MOST_SET
    assert all(type(name) is str and type(text) is str for name, text in answer.controls.items())
    assert all(max(len(name), len(text)) <= LONGEST_TEXT for name, text in answer.controls.items())
    for numbers, length in ((answer.click, 3), (answer.box, 5)):
        assert numbers is None or len(numbers) == length
        assert all(type(one) is int and 0 <= one <= LARGEST_SIDE for one in numbers or ())
    assert answer.box is None or min(answer.box[3:]) >= 1
    assert len(answer.have) <= MOST_KNOWN
    assert all("<" not in digest for digest in answer.have)


@pytest.mark.parametrize("sent", [None, 7, "x", [], {}, {"seq": 0}, {"seq": True}, {"seq": "1"}, {"seq": 2**31}])
def test_what_has_no_number_is_no_answer(sent: Any) -> None:
    assert parse_answer(sent) is None


def test_what_has_the_wrong_form_is_left_out() -> None:
    sent = {"seq": 4, "set": ["s"], "click": [0, True, 1], "box": [0, 1, 1, 0, 4], "have": "ab" * 8}
    assert parse_answer(sent) == Answer(4, {})
