import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.state.numbers import LARGEST, parse_number, show_number, store_number
from tests.lessons.convolution.specs import CELLS, examples


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        (" 3 ", 3),
        ("+3", 3),
        ("007", 7),
        ("-0", 0),
        ("3.0", 3),
        ("3.", 3),
        (".5", 0.5),
        ("-.5", -0.5),
        ("0,5", 0.5),
        ("−2", -2),
        ("− 2".replace(" ", ""), -2),
        ("1e3", 1000),
        ("1E-3", 0.001),
        ("1/4", 0.25),
        ("-1/9", -1 / 9),
        ("6/3", 2),
        ("0/5", 0),
        ("1/3", 1 / 3),
        ("\t5\n", 5),
        ("99999", 99_999),
        ("-99999", -99_999),
        ("0.0000004", 0),
        ("1e-99", 0),
        ("0.12345678", 0.123457),
    ],
)
def test_what_a_cell_understands(text, value):
    read = parse_number(text)
    assert read == value
    assert type(read) is type(value)


WORDS = "two nan -inf inf Infinity 0x10 1_000 1,2,3 1..2 --1 1e e5 ½ ٣ １ 1/2/3 1/-2 1/0.5 1.5/2 /2 1/ 1j True None"


@pytest.mark.parametrize("text", ["", " ", "1 000", "\x00", "1\x00", "\ud800", "9" * 40, *WORDS.split()])
def test_what_no_cell_understands(text):
    with pytest.raises(SpecError, match="is not a number"):
        parse_number(text)


@pytest.mark.parametrize("text", ["100000", "-100000", "99999.1", "1e9", "1e99", "999999/1", "1e5"])
def test_too_large(text):
    with pytest.raises(SpecError, match=f"too large to show in a cell: {LARGEST} is the limit"):
        parse_number(text)


def test_division_by_zero_is_named():
    with pytest.raises(SpecError, match="“1/0” divides by zero"):
        parse_number(" 1/0 ")


def test_a_long_text_is_cut_in_the_message():
    with pytest.raises(SpecError) as caught:
        parse_number("x" * 1_000_000, "input")
    assert caught.value.field == "input"
    assert "…" in caught.value.message
    assert len(caught.value.message) < 200


@examples(300)
@given(st.text() | st.text("0123456789.,/-+eE− \n", max_size=40))
def test_anything_is_a_number_or_a_sentence(text):
    try:
        value = parse_number(text)
    except SpecError as error:
        assert error.message.endswith(".")
        assert len(error.message) < 200
    else:
        assert type(value) in {int, float}
        assert abs(value) <= LARGEST


@examples(300)
@given(CELLS)
def test_what_is_stored_is_read_again(value):
    text = store_number(value)
    assert parse_number(text) == value
    assert type(parse_number(text)) is type(value)
    assert len(text) <= 13  # 16 x 16 of them must fit into a link
    assert not set(text) & set("+_ ")  # they part cells and rows there


@examples(300)
@given(CELLS)
def test_reading_twice_changes_nothing_more(value):
    assert parse_number(repr(value)) == value


@pytest.mark.parametrize("below", range(1, 31))
def test_simple_fractions_stay_exact(below):
    for above in range(-30, 31):
        value = parse_number(f"{above}/{below}")
        assert value == above / below
        assert parse_number(store_number(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (2.43, "2.43"),
        (1 / 3, "0.3333"),
        (123456, "123456"),
        (12345.678, "12346"),
        (1234.5678, "1235"),
        (0.1 + 0.2, "0.3"),
        (-2.5, "-2.5"),
        (99_999.4, "99999"),
    ],
)
def test_what_a_cell_shows(value, text):
    assert show_number(value) == text
