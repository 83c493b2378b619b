import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.grids import CUSTOM
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.spec import BOUNDS, FIELDS, ConvolutionSpec, parse_padding, show_padding
from cnnviz.lessons.convolution.trace import trace_convolution
from cnnviz.state.padding import MODES, NAMED_PADDING
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from cnnviz.state.view import View
from tests.lessons.convolution.specs import PADDINGS, SPECS, examples

NAMES = [field.name for field in FIELDS]
WORDS = "0 -1 7 7x x 16x16 17 1e999 nan same 0.1.2.3 0.1.2 6.6.6.6 true ٣ −1 ½ custom <script> ';DROP"
CELLS = ["", "1 2_3", "1 2_3 4", "0.0 9", "15.15 -1/9", "16.0 1", "\x00", "\ud800", "9" * 7000]
ALMOST = st.sampled_from([*CELLS, *WORDS.split(), *INPUT_PATTERNS, *KERNEL_PATTERNS, *MODES])
QUERIES = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), ALMOST | st.text(max_size=60), max_size=14)


def assert_bounded(spec: ConvolutionSpec) -> None:
    """Everything that the engine will be given lies within the bounds of the stage."""
    for name, attribute in (("input", "size"), ("kernel", "kernel"), ("stride", "stride"), ("dilation", "dilation")):
        low, high = BOUNDS[name]
        assert all(type(number) is int and low <= number <= high for number in getattr(spec, attribute))
    if isinstance(spec.padding, str):
        assert spec.padding in NAMED_PADDING
    else:
        assert all(type(cells) is int and 0 <= cells <= BOUNDS["padding"][1] for side in spec.padding for cells in side)
    assert spec.mode in MODES
    assert type(spec.flip) is bool
    assert BOUNDS["seed"][0] <= spec.seed <= BOUNDS["seed"][1]
    for source, patterns, name in ((spec.values, INPUT_PATTERNS, "input"), (spec.weights, KERNEL_PATTERNS, "kernel")):
        side = BOUNDS[name][1]
        assert source.pattern in {*patterns, CUSTOM}
        assert bool(source.rows) == (source.pattern == CUSTOM)
        assert len(source.rows) <= side
        assert all(0 < len(row) <= side for row in source.rows)
        assert all(0 <= row < side and 0 <= column < side for row, column, _ in source.edits)


def assert_sentences(notes: list[str]) -> None:
    """What a learner reads: short, and without the words of a program."""
    for note in notes:
        assert re.fullmatch(r"The link asks for .*\. It is .* now\.", note)
        assert len(note) < 450
        assert not re.search(r"Traceback|Error\b|Exception|NoneType|object at 0x", note)


@examples(200)
@given(SPECS)
def test_a_spec_comes_back_from_its_link(spec):
    query = spec.to_query()
    assert all(type(name) is str and type(text) is str for name, text in query.items())
    read, notes = ConvolutionSpec.from_query(query)
    assert read == spec
    assert notes == []
    assert read.to_query() == query


@examples(100)
@given(SPECS, st.booleans())
def test_the_view_and_the_spec_share_a_link(spec, apart):
    view = View(apart=apart, coverage=True, pin=("output", 0, 0))
    query = spec.to_query() | view.to_query()
    assert ConvolutionSpec.from_query(query) == (spec, [])
    assert View.from_query(query) == (view, [])


@examples(300)
@given(QUERIES)
def test_any_link_gives_a_spec_that_can_be_drawn_or_explained(query):
    spec, notes = ConvolutionSpec.from_query(query)
    assert_bounded(spec)
    assert_sentences(notes)
    assert len(notes) <= sum(name in query for name in NAMES)
    canonical = spec.to_query()
    assert ConvolutionSpec.from_query(canonical) == (spec, [])
    try:
        assert trace_convolution(spec).output.size
    except SpecError as error:
        assert error.message.endswith(".")


@examples(100)
@given(SPECS, st.sampled_from(NAMES), st.text("?!%&#xyz", min_size=1, max_size=20))
def test_one_bad_value_costs_nothing_else(spec, name, bad):
    plain = {n: text for n, text in spec.to_query().items() if n != name}
    kept, _ = ConvolutionSpec.from_query(plain)
    read, notes = ConvolutionSpec.from_query({**plain, name: bad})
    assert read == kept
    assert len(notes) == 1
    assert next(field.label for field in FIELDS if field.name == name) in notes[0]
    assert f"“{bad}”" in notes[0]


def test_the_default_spec_has_an_empty_link():
    assert ConvolutionSpec().to_query() == {}
    assert ConvolutionSpec.from_query({}) == (ConvolutionSpec(), [])


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ({"n": "07"}, {"size": (7, 7)}),
        ({"n": "7×5"}, {"size": (7, 5)}),
        ({"p": "SAME"}, {"padding": "same"}),
        ({"p": "0"}, {"padding": ((0, 0), (0, 0))}),
        ({"p": "0.1.2.3"}, {"padding": ((0, 1), (2, 3))}),
        ({"flip": "true"}, {"flip": True}),
        ({"mode": "Circular"}, {"mode": "circular"}),
        ({"utm_source": "mail", "k": "5"}, {"kernel": (5, 5)}),
    ],
)
def test_other_ways_to_write_a_link(query, changed):
    assert ConvolutionSpec.from_query(query) == (replace(ConvolutionSpec(), **changed), [])


@examples(200)
@given(PADDINGS)
def test_padding_comes_back(padding):
    assert parse_padding(show_padding(padding)) == padding


@pytest.mark.parametrize(
    "text", ["", ".", "1.2", "1.2.3", "1.2.3.4.5", "7", "-1", "1x7", "0.0.0.7", "1,2", "same full", "1.x.1.1"]
)
def test_no_padding(text):
    with pytest.raises(SpecError):
        parse_padding(text)


def test_every_field_of_the_table_is_named_once():
    assert len(set(NAMES)) == len(NAMES)
    assert len({field.label for field in FIELDS}) == len(NAMES)
    assert not {field.name for field in FIELDS} & {"apart", "sides", "show", "at", "view", "embed"}
