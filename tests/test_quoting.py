"""A stranger's words in Markdown: no sign of them does anything, and an ordinary value looks as it always did."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnnviz.quoting import Markdown, as_code, as_markdown, one_line
from tests.hostile.markup import live
from tests.hostile.strangers import HOSTILE

SIGNS = st.text(alphabet="ab1 _*`~$:[]()!<>#|\\&;@/.-+=\n{}^www", max_size=40)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_does_nothing(text: str) -> None:
    assert live(as_markdown(one_line(text))) == []
    assert live(as_code(text)) == []


@example("-`1`")
@example("1.`x`")
@given(st.one_of(SIGNS, st.text(max_size=60)))
def test_no_text_does_anything(text: str) -> None:
    assert live(as_markdown(text)) == []
    assert live(f"We read “{as_markdown(one_line(text))}” here.") == []


@given(st.one_of(SIGNS, st.text(max_size=60)))
def test_what_is_shown_is_what_was_sent(text: str) -> None:
    """Without the backslashes, and without the sign that nobody sees, the words are there."""
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", as_markdown(one_line(text, 100)))
    assert shown.replace("\N{WORD JOINER}", "") == one_line(text, 100)


@pytest.mark.parametrize(
    "text",
    [
        *("7x5", "conv_1", "layer1.0.conv2", "relu#2", "same", "0.1.2.3", "sobel-x", "3×224×224", "1/9", "-5", "50%"),
        *("torch.flatten(x, 1)", "It is 5 now.", "“7” is odd: take 8.", "a, b; c?", "`fc.weight` is missing"),
    ],
)
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert as_markdown(text) == text


def test_markdown_is_not_written_twice() -> None:
    assert as_markdown(as_markdown("*")) == r"\*"
    assert as_markdown(Markdown("**ours**")) == "**ours**"


@given(st.text())
def test_one_line_prints_and_is_short(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 40
    assert line.isprintable()
    assert "`" not in line
