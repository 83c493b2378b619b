import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.grids import CUSTOM, GridSource
from cnnviz.errors import SpecError
from cnnviz.state.grids import parse_edits, parse_rows, parse_source, show_edits, show_source
from cnnviz.state.query import LONGEST_VALUE
from tests.lessons.convolution.specs import CELLS, examples, sources

PATTERNS = {"guide": "Guide", "ramp": "Ramp"}
NOISE = st.text("0123456789./-+e_;, \n|[]x٣½−", max_size=80) | st.text(max_size=40)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1", ((1,),)),
        ("1 2 3", ((1, 2, 3),)),
        ("1+2_3+4", ((1, 2), (3, 4))),
        ("1 2\n3 4\n", ((1, 2), (3, 4))),
        ("1 2\r\n3 4\r\n", ((1, 2), (3, 4))),
        ("1\t2\n3\t4", ((1, 2), (3, 4))),
        ("1, 2; 3, 4", ((1, 2), (3, 4))),
        ("[[1, 2], [3, 4]]", ((1, 2), (3, 4))),
        ("[[1. 2.]\n [3. 4.]]", ((1, 2), (3, 4))),
        ("[1, 2][3, 4]", ((1, 2), (3, 4))),
        ("| 1 | 2 |\n| 3 | 4 |", ((1, 2), (3, 4))),
        ("\n\n1 2\n\n3 4\n\n", ((1, 2), (3, 4))),
        ("1/9 -1/9", ((1 / 9, -1 / 9),)),
        ("−1 .5", ((-1, 0.5),)),
        ("[\n  [1],\n  [2]\n]", ((1,), (2,))),
    ],
)
def test_how_rows_can_be_typed(text, rows):
    assert parse_rows(text) == rows


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "There are no numbers in it"),
        (" \n ", "There are no numbers in it"),
        ("[[]]", "There are no numbers in it"),
        ("1 2\n3", "one has 1 numbers, another 2"),
        ("1 two", "“two” is not a number"),
        ("1 2\n? ?\n3 4", "“\\?” is not a number"),
        ("1 2\n- -\n3 4", "“-” is not a number"),
        ("1 ٣", "“٣” is not a number"),
        ("1 nan", "“nan” is not a number"),
        ("1 1/0", "divides by zero"),
        ("1 100000", "too large"),
        (" ".join("1" * 17), "It has 1 rows and 17 columns; 16 of each is the limit"),
        ("\n".join("1" * 17), "It has 17 rows and 1 columns; 16 of each is the limit"),
    ],
)
def test_why_rows_are_refused(text, reason):
    with pytest.raises(SpecError, match=reason):
        parse_rows(text)


def test_the_side_is_the_grids_own():
    assert parse_rows(" ".join("1" * 7), 7)
    with pytest.raises(SpecError, match="7 of each is the limit"):
        parse_rows(" ".join("1" * 8), 7)


@pytest.mark.parametrize("word", ["guide", " Ramp ", "RAMP"])
def test_a_pattern_by_its_name(word):
    assert parse_source(PATTERNS)(word) == GridSource(word.strip().lower())


@pytest.mark.parametrize("word", ["gauss", CUSTOM, "guide ramp", "√"])
def test_an_unknown_pattern_is_answered_with_the_known_ones(word):
    with pytest.raises(SpecError, match="the patterns are guide, ramp, or rows of numbers like"):
        parse_source(PATTERNS)(word)


@examples(150)
@given(sources(PATTERNS, 16))
def test_a_source_comes_back(source):
    read = parse_source(PATTERNS)(show_source(source))
    assert (read.pattern, read.rows) == (source.pattern, source.rows)
    if source.edits:
        assert parse_edits()(show_edits(source.edits)) == source.edits


@examples(400)
@given(NOISE)
def test_anything_is_a_grid_or_a_readable_error(text):
    for parse in (parse_source(PATTERNS), parse_edits(), parse_rows, parse_edits(7)):
        try:
            parse(text)
        except SpecError as error:
            assert error.message
            assert len(error.message) < 250


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("0.2 9", ((0, 2, 9),)),
        ("0.2+9", ((0, 2, 9),)),
        ("1.1 -3_0.2 1/9", ((0, 2, 1 / 9), (1, 1, -3))),
        ("0.0 1_0.0 2", ((0, 0, 2),)),
        ("15.15 0.5", ((15, 15, 0.5),)),
    ],
)
def test_edited_cells(text, edits):
    assert parse_edits()(text) == edits


@pytest.mark.parametrize(
    "text", ["", "_", "0.2", "0.2 ", "0 2 9", "0,2 9", "-1.0 9", "٠.٢ 9", "0.2 9_", "a.b 9", "0.2 9 9"]
)
def test_no_edited_cells(text):
    with pytest.raises(SpecError, match=r"reads row\.column value"):
        parse_edits()(text)


def test_edits_stay_inside_the_largest_grid():
    with pytest.raises(SpecError, match="count from 0 to 15"):
        parse_edits()("16.0 1")
    with pytest.raises(SpecError, match="count from 0 to 6"):
        parse_edits(7)("0.7 1")


@examples(100)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), CELLS), max_size=12))
def test_the_last_edit_of_a_cell_counts(edits):
    source = GridSource("guide")
    for row, column, value in edits:
        source = source.edit(row, column, value)
    wanted = {(row, column): value for row, column, value in edits}
    assert {edit[:2]: edit[2] for edit in source.edits} == wanted
    assert list(source.edits) == sorted(source.edits)


def test_the_longest_grid_and_the_most_edits_fit_into_a_link():
    longest = -12345.678901
    rows = GridSource(CUSTOM, ((longest,) * 16,) * 16)
    edits = tuple((row, column, longest) for row in range(16) for column in range(16))
    assert len(show_source(rows)) <= LONGEST_VALUE
    assert len(show_edits(edits)) <= LONGEST_VALUE
    assert parse_source(PATTERNS)(show_source(rows)) == rows
    assert parse_edits()(show_edits(edits)) == edits


@pytest.mark.parametrize(
    "text",
    ["]" + " " * LONGEST_VALUE + "1", "]," * 2000 + "1", "1" * LONGEST_VALUE, "[" * LONGEST_VALUE, "1 " * 1_000_000],
)
def test_hostile_text_is_refused(text):
    with pytest.raises(SpecError):
        parse_rows(f"{text}\n1 2\n1")
