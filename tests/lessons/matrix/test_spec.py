import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.lessons.matrix.examples import MATRIX_PRESETS
from cnnviz.lessons.matrix.spec import FIELDS, MatrixSpec
from tests.lessons.convolution.specs import examples
from tests.lessons.matrix.specs import SPECS, traced

W1, W2, W3 = 1, 2, 3
MATRICES = {
    "toeplitz-full": [
        [W1, 0, 0, 0, 0],
        [W2, W1, 0, 0, 0],
        [W3, W2, W1, 0, 0],
        [0, W3, W2, W1, 0],
        [0, 0, W3, W2, W1],
        [0, 0, 0, W3, W2],
        [0, 0, 0, 0, W3],
    ],
    "toeplitz-valid": [[W3, W2, W1, 0, 0], [0, W3, W2, W1, 0], [0, 0, W3, W2, W1]],
    "correlation": [[W1, W2, W3, 0, 0], [0, W1, W2, W3, 0], [0, 0, W1, W2, W3]],
    "circulant": [
        [W2, W1, 0, 0, W3],
        [W3, W2, W1, 0, 0],
        [0, W3, W2, W1, 0],
        [0, 0, W3, W2, W1],
        [W1, 0, 0, W3, W2],
    ],
    "strided": [[1, 2, 3, 0, 0, 0, 0], [0, 0, 1, 2, 3, 0, 0], [0, 0, 0, 0, 1, 2, 3]],
    "dilated": [[1, 0, 2, 0, 3, 0, 0], [0, 1, 0, 2, 0, 3, 0], [0, 0, 1, 0, 2, 0, 3]],
}
PARAMETERS = {"layers-one-row": (15, 9, 3), "layers-same": (25, 15, 3), "layers-image": (36, 16, 4)}
BY_NAME = {preset.name: preset for preset in MATRIX_PRESETS}


@examples(300)
@given(SPECS)
def test_a_link_gives_the_spec_back(spec):
    assert MatrixSpec.from_query(spec.to_query()) == (spec, [])


@examples(300)
@given(
    st.dictionaries(
        st.sampled_from([field.name for field in FIELDS]),
        st.text(max_size=12) | st.sampled_from(["0", "9", "2x2", "1.1.1.1", "-1", "same", "layers", "circular"]),
    )
)
def test_any_link_gives_a_spec_or_says_why_not(query):
    spec, notes = MatrixSpec.from_query(query)
    assert MatrixSpec.from_query(spec.to_query()) == (spec, [])
    assert len(notes) <= len(query)


@pytest.mark.parametrize("preset", MATRIX_PRESETS, ids=lambda preset: preset.name)
def test_an_example_is_written_as_the_app_writes_it(preset):
    spec, notes = MatrixSpec.from_query(preset.state)
    assert notes == []
    assert spec.to_query() == dict(preset.state)
    assert preset.note.endswith(".")


def test_examples_have_names_of_their_own():
    assert len(BY_NAME) == len(MATRIX_PRESETS) == len({str(preset.state) for preset in MATRIX_PRESETS})


@pytest.mark.parametrize("name", MATRICES)
def test_the_matrices_of_the_lectures(name):
    assert traced(**BY_NAME[name].state).matrix.tolist() == MATRICES[name]


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_parameters_that_a_note_names(name):
    counts = traced(**BY_NAME[name].state).counts
    assert (counts.dense, counts.local, counts.shared) == PARAMETERS[name]
    assert "{}, {} and {} parameters".format(*PARAMETERS[name]) in BY_NAME[name].note
