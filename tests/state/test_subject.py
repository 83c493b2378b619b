"""Who looks at what, in a link: everything comes back, nothing breaks it, and what is bad is named."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.pictures.drawing import ACROSS, Drawing
from cnnviz.errors import SpecError
from cnnviz.lessons.feature_maps import spec as feature_maps
from cnnviz.lessons.learned_kernels import spec as learned_kernels
from cnnviz.lessons.where_it_looks import spec as where_it_looks
from cnnviz.state.query import LONGEST_VALUE
from cnnviz.state.strokes import (
    LONGEST_LINK,
    MOST_POINTS,
    MOST_STROKES,
    flat,
    pack_strokes,
    read_strokes,
    unpack_strokes,
)
from cnnviz.state.subject import KINDS, SEEING, SUBJECT_FIELDS, SubjectChoice
from tests.drawings import DRAWINGS, STROKES
from tests.lessons.convolution.specs import examples

SEES = (
    st.sampled_from(["", "drawing", "photo"])
    | st.builds("digit.{}.{}".format, st.integers(0, 9), st.integers(0, 99))
    | st.builds("{}.{}".format, st.sampled_from(KINDS), st.integers(0, 9999))
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=6),
    max_leaves=12,
)


@examples(100)
@given(st.sampled_from(SEEING), SEES, DRAWINGS)
def test_a_link_brings_everything_back(network: str, see: str, drawing: Drawing) -> None:
    choice = SubjectChoice(network, see, drawing)
    query = choice.to_query()
    back, notes = SubjectChoice.from_query(query)
    assert not notes
    assert (back.network, back.seen) == (choice.network, choice.seen)
    assert back.drawing == (drawing if choice.way == "drawing" else Drawing())
    assert back.to_query() == query


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"net": "lenet99"}, "the networks that look here are digits_lenet, shapes_vgg"),
        ({"see": "digit.12.3"}, "there are digits 0 to 9. It is digit.7.3 now."),
        ({"see": "digit.1.100"}, "there are hands 0 to 99"),
        ({"net": "shapes_vgg", "see": "star.10000"}, "pictures 0 to 9999 of every kind. It is star.4 now."),
        ({"net": "resnet18", "see": "horse.1"}, "it reads digit.7.3 (digit, hand), drawing, photo"),
        ({"see": "drawing", "ink": "!"}, "no drawing that was packed here; copy the whole link. It is empty now."),
        ({"see": "drawing", "ink": pack_strokes(((((2000, 3),)),))}, "a line of it leaves the pad"),
        ({"see": "drawing", "ink": ".".join(["AA"] * 101)}, "at most 100 strokes and 1,200 points"),
        ({"see": "drawing", "ink": "A" * (LONGEST_VALUE + 1)}, "far too long"),
        ({"pen": "9000"}, "the largest is 200"),
        ({"dye": "red.blue"}, "colours of ink and paper read ffd700.102040"),
        ({"fill": "maybe"}, "a switch is 1 or 0"),
    ],
)
def test_what_is_bad_is_named(query, says) -> None:
    choice, notes = SubjectChoice.from_query(query)
    assert len(notes) == 1
    assert says in notes[0]
    assert choice == SubjectChoice.from_query(choice.to_query())[0]


@examples(200)
@given(st.dictionaries(st.sampled_from(["net", "see", "ink", "pen", "dye", "fill"]), st.text(max_size=30)))
def test_no_link_breaks_it(query: dict[str, str]) -> None:
    choice, notes = SubjectChoice.from_query(query)
    assert choice.network in SEEING
    assert all(note.startswith("The link asks for ") and note.endswith(" now.") for note in notes)


def test_a_link_without_a_way_shows_what_it_names() -> None:
    assert SubjectChoice.from_query({"ink": "0PwM"})[0].way == "drawing"
    assert SubjectChoice.from_query({"img": "cat"})[0].way == "photo"
    assert SubjectChoice.from_query({"net": "shapes_vgg"})[0].seen == "star.4"


@examples(200)
@given(STROKES)
def test_strokes_are_packed_and_unpacked(strokes) -> None:
    packed = pack_strokes(strokes)
    assert unpack_strokes(packed) == strokes
    assert packed.replace(".", "").replace("-", "").replace("_", "").isalnum() or not packed
    assert read_strokes(flat(strokes)) == strokes


@examples(200)
@given(st.text(st.characters(codec="ascii"), max_size=30) | st.text("ABCgwx09-_.", max_size=40))
def test_any_text_is_a_drawing_or_an_error(text: str) -> None:
    try:
        strokes = unpack_strokes(text)
    except SpecError as error:
        assert error.message
        return
    assert all(0 <= one <= ACROSS for stroke in strokes for point in stroke for one in point)
    assert all(strokes)


@examples(200)
@given(JSON)
def test_what_a_pad_sends_is_strokes_or_nothing(sent) -> None:
    strokes = read_strokes(sent)
    if strokes:
        assert unpack_strokes(pack_strokes(strokes)) == strokes


@pytest.mark.parametrize(
    "sent",
    [[[1, 2, 3]], [[]], [[True, 2]], [[1.0, 2]], [[-1, 2]], [[1, 1001]], [[1, 1]] * (MOST_STROKES + 1),
     [[1, 1] * MOST_POINTS, [1, 1]], "ink", None, [None], {"0": [1, 2]}],
)  # fmt: skip
def test_strokes_of_the_wrong_form_are_refused_whole(sent) -> None:
    assert read_strokes(sent) is None


def test_a_drawing_that_is_too_long_stays_out_of_the_link() -> None:
    stroke = tuple(((37 * one) % 1000, (91 * one) % 1000) for one in range(1000))
    drawing = Drawing((stroke,), pen=120)
    assert len(pack_strokes(drawing.strokes)) > LONGEST_LINK
    assert SubjectChoice("digits_lenet", "drawing", drawing).to_query() == {
        "net": "digits_lenet", "see": "drawing", "pen": "120",
    }  # fmt: skip


def test_another_network_is_shown_what_suits_it() -> None:
    drawn = SubjectChoice("digits_lenet", "drawing", Drawing((((1, 2),),)))
    assert drawn.shown_to("resnet18").way == "drawing"
    assert drawn.shown_to("resnet18").drawing == drawn.drawing
    assert SubjectChoice("digits_lenet", "digit.3.4").shown_to("shapes_vgg").seen == "star.4"
    assert SubjectChoice("vgg11", "photo").shown_to("resnet18").seen == "photo"
    assert SubjectChoice("vgg11", "photo").shown_to("digits_lenet").seen == "digit.7.3"


@pytest.mark.parametrize("page", [feature_maps, learned_kernels, where_it_looks], ids=lambda page: page.__name__)
def test_no_page_calls_a_setting_as_the_subject_calls_one(page: ModuleType) -> None:
    """Both stand in one link, and each would read the other's."""
    taken = {field.name for field in SUBJECT_FIELDS} | {"w", "img"}
    assert taken.isdisjoint(field.name for field in page.FIELDS)
