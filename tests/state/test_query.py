import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.state.query import (
    LONGEST_VALUE,
    Field,
    parse_choice,
    parse_flag,
    parse_int,
    parse_pair,
    read,
    show_flag,
    show_pair,
    write,
)
from tests.lessons.convolution.specs import examples

SIZE = Field("n", "input size", parse_pair(1, 16), show_pair, (5, 5))
FLIP = Field("flip", "the flipped kernel", parse_flag, show_flag, False)
PARSERS = [parse_int(-3, 99), parse_pair(1, 16), parse_choice(("zeros", "reflect")), parse_flag]


@pytest.mark.parametrize(("text", "value"), [("0", 0), (" 7 ", 7), ("007", 7), ("-3", -3), ("-0", 0), ("99", 99)])
def test_whole_numbers(text, value):
    assert parse_int(-3, 99)(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("100", "the largest is 99"),
        ("-4", "the smallest is -3"),
        ("999999999999", "the largest is 99"),
        ("9" * 13, "that is not a whole number"),
        *[
            (text, "that is not a whole number")
            for text in ("", "-", "--1", "+1", "1.0", "1e3", "٣", "²", "−1", "0x1", "1_0", "nan", "\ud800")
        ],
    ],
)
def test_no_whole_number_within_the_bounds(text, reason):
    with pytest.raises(SpecError) as caught:
        parse_int(-3, 99)(text)
    assert caught.value.message == reason


@pytest.mark.parametrize(
    ("text", "pair"), [("7", (7, 7)), ("7x5", (7, 5)), ("7X5", (7, 5)), ("7×5", (7, 5)), (" 7 x 5 ", (7, 5))]
)
def test_pairs(text, pair):
    assert parse_pair(1, 16)(text) == pair


@pytest.mark.parametrize("text", ["", "x", "7x", "x7", "7x5x3", "7,5", "7 5", "17x1", "1x0", "(7, 5)"])
def test_no_pairs(text):
    with pytest.raises(SpecError):
        parse_pair(1, 16)(text)


@examples(100)
@given(st.tuples(st.integers(1, 16), st.integers(1, 16)))
def test_pairs_come_back(pair):
    assert parse_pair(1, 16)(show_pair(pair)) == pair


def test_choices_and_switches():
    assert parse_choice(("zeros", "reflect"))(" Reflect ") == "reflect"
    with pytest.raises(SpecError, match="the choices are zeros, reflect"):
        parse_choice(("zeros", "reflect"))("mirror")
    assert [parse_flag(text) for text in ("1", "0", "true", "False")] == [True, False, True, False]
    with pytest.raises(SpecError, match="a switch is 1 or 0"):
        parse_flag("yes")


@examples(200)
@given(st.text(max_size=60))
def test_parsers_raise_nothing_but_readable_errors(text):
    for parse in PARSERS:
        try:
            parse(text)
        except SpecError as error:
            assert error.message


def test_what_is_bad_is_named_and_the_rest_is_kept():
    values, notes = read([SIZE, FLIP], {"n": "99", "flip": "1", "unknown": "x"})
    assert values == {"n": (5, 5), "flip": True}
    assert notes == ["The link asks for input size “99”, but the largest is 16. It is 5 now."]


@pytest.mark.parametrize("sent", ["9" * (LONGEST_VALUE + 1), "x" * 1_000_000, None, 7, ["7"], {"n": 7}, b"7"])
def test_too_long_or_no_text_at_all(sent):
    values, notes = read([SIZE], {"n": sent})
    assert values == {"n": (5, 5)}
    assert len(notes) == (sent is not None)
    assert all(len(note) < 200 for note in notes)


@pytest.mark.parametrize("sent", [7, ["7"], b"7", True])
def test_what_is_no_text_is_not_called_too_long(sent):
    _, [note] = read([SIZE], {"n": sent})
    assert "too long" not in note


def test_only_what_differs_from_its_default_is_written():
    assert write([SIZE, FLIP], {"n": (5, 5), "flip": False}) == {}
    assert write([SIZE, FLIP], {"n": (5, 6), "flip": True}) == {"n": "5x6", "flip": "1"}


@examples(200)
@given(st.text(max_size=300))
def test_a_note_is_one_short_line(text):
    _, notes = read([SIZE], {"n": text})
    for note in notes:
        assert re.fullmatch(r"The link asks for input size “[^\n]*”, but [^\n]+\. It is 5 now\.", note)
        assert len(note) < 160
