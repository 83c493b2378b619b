import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.state.view import FIELDS, View, parse_pin, show_pin
from tests.lessons.convolution.specs import examples

PINS = st.tuples(st.sampled_from(["input", "kernel", "output"]), st.integers(0, 999), st.integers(0, 999))
VIEWS = st.builds(View, st.booleans(), st.booleans(), st.booleans(), st.none() | PINS, st.booleans())


@examples(100)
@given(VIEWS)
def test_a_view_comes_back_from_its_link(view):
    query = view.to_query()
    assert View.from_query(query) == (view, [])
    assert view.to_query() == query


@examples(300)
@given(st.dictionaries(st.sampled_from([field.name for field in FIELDS]) | st.text(max_size=5), st.text(max_size=40)))
def test_any_link_gives_a_view(query):
    view, notes = View.from_query(query)
    assert View.from_query(view.to_query()) == (view, [])
    assert len(notes) <= sum(field.name in query for field in FIELDS)
    assert all(note.startswith("The link asks for ") and note.endswith(" now.") and len(note) < 250 for note in notes)


def test_bad_values_are_named_and_the_rest_is_kept():
    view, notes = View.from_query({"apart": "maybe", "at": "output.1", "show": "coverage", "view": "film"})
    assert view == View(coverage=True)
    assert notes == [
        "The link asks for rows and columns apart “maybe”, but a switch is 1 or 0. It is 0 now.",
        "The link asks for the pinned cell “output.1”, but a pinned cell reads grid.row.column, like output.1.2. "
        "It is empty now.",
        "The link asks for the view “film”, but the choices are page, projector. It is page now.",
    ]


WORDS = (
    "output output.1 output.1.2.3 output.-1.2 output.1000.2 output.٣.2 Output.1.2 .1.2 output.a.b __proto__.1.2 <b>.1.2"
)


@pytest.mark.parametrize("text", ["", "output.1.2\nx", "x" * 25 + ".1.2", *WORDS.split()])
def test_no_pinned_cell(text):
    with pytest.raises(SpecError, match=r"reads grid\.row\.column"):
        parse_pin(text)


def test_a_pinned_cell():
    assert parse_pin(" output.01.2 ") == ("output", 1, 2)
    assert show_pin(("output", 1, 2)) == "output.1.2"
    assert show_pin(None) == ""
