import json

import pytest
from hypothesis import given

from cnnviz.errors import SpecError
from cnnviz.lessons.matrix.controls import MATRIX, matrix_controls, mend_matrix
from cnnviz.lessons.matrix.examples import MATRIX_PRESETS
from cnnviz.lessons.matrix.scene import matrix_scene
from cnnviz.lessons.matrix.trace import check_matrix, trace_matrix
from cnnviz.stage.desk import Desk
from cnnviz.stage.operation import pack
from cnnviz.stage.pack import seal
from tests.lessons.convolution.specs import examples
from tests.lessons.matrix.specs import SPECS, WORKING, traced, works
from tests.stage.oracle import check_scene

SHOWN = {
    "matrix": ["input", "kernel", "output", "matrix", "x", "y"],
    "layers": [
        "input", "kernel", "dense_x", "dense_y", "local_x", "local_y", "x", "y", "dense", "local", "matrix"
    ],
}  # fmt: skip


def scene_of(**query):
    return matrix_scene(traced(**query))


@examples(200)
@given(WORKING)
def test_links_lead_to_what_the_grids_show(spec):
    scene = matrix_scene(trace_matrix(spec))
    check_scene(scene)
    assert [grid.name for grid in scene.grids] == SHOWN[spec.how]
    assert len(scene.signs) == len(scene.grids) - 1
    assert all(note[0].isupper() and note.endswith(".") for note in (*scene.notes, scene.alt))


@pytest.mark.parametrize("preset", MATRIX_PRESETS, ids=lambda preset: preset.name)
def test_scenes_of_the_examples(preset):
    check_scene(scene_of(**preset.state))


def test_entries_show_their_weight_and_the_rest_a_dot():
    scene = scene_of(w="counting", flip="1")
    matrix, (shows,) = scene.grid("matrix"), scene.shows
    kernel = scene.grid("kernel").values.ravel()
    for value, text, weight in zip(matrix.values.ravel(), matrix.texts, shows.cells, strict=True):
        assert (text == "·") == (weight < 0)
        assert value == (0 if weight < 0 else kernel[weight])
    assert "0" in matrix.texts, "a weight that is 0 is still a weight"


def test_local_has_its_own_weights_where_the_convolution_has_one():
    scene = scene_of(how="layers")
    dots = [text == "·" for text in scene.grid("matrix").texts]
    assert [text == "·" for text in scene.grid("local").texts] == dots
    assert [len(link.cells[0]) for link in scene.links] == [16, 9, 9]
    assert all(link.edges for link in scene.links)
    assert not any(link.edges for link in scene_of().links)


@pytest.mark.parametrize(
    ("query", "blocks"), [({}, (2, 4)), ({"n": "1x5", "k": "1x3"}, (0, 0)), ({"n": "3x4", "k": "2x2"}, (3, 4))]
)
def test_lines_part_the_blocks(query, blocks):
    assert scene_of(**query).grid("matrix").blocks == blocks


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"n": "1x5", "k": "1x3"}, "a Toeplitz matrix"),
        ({}, "doubly block Toeplitz"),
        ({"n": "1x5", "k": "1x3", "p": "same", "mode": "circular"}, "a circulant matrix"),
        ({"p": "1", "mode": "circular"}, "doubly block circulant"),
    ],
)
def test_a_pattern_has_a_name(query, words):
    assert words in scene_of(**query).notes[1]


def test_stride_has_no_name():
    assert not any("This is" in note for note in scene_of(n="5", s="2").notes)


@pytest.mark.parametrize("query", [{}, {"n": "8", "k": "2"}, {"how": "layers"}, {"n": "1x5", "k": "1x3"}], ids=str)
def test_a_pack_has_every_option(query):
    spec, _ = MATRIX.read(query)
    apart = MATRIX.apart(spec)
    text = pack(MATRIX, spec, apart=apart, sides=False)
    assert len(seal(text, {})) < 60_000
    body = json.loads(text)
    live = {c.name: c for c in matrix_controls(Desk(spec, apart=apart)) if c.live}
    for control in body["controls"]:
        if control["name"] not in live:
            continue
        for option, made in zip(control["options"], live[control["name"]].options, strict=True):
            assert ("scene" in str(option)) or ("error" in str(option))
            assert works(made.spec) or "error" in str(option)


@examples(60)
@given(SPECS)
def test_every_impossible_setting_can_be_mended(spec):
    try:
        check_matrix(spec)
    except SpecError:
        mends = mend_matrix(Desk(spec, apart=MATRIX.apart(spec), sides=MATRIX.sides(spec)))
        assert 1 <= len(mends) <= 4
        assert all(works(MATRIX.read(mend.query)[0]) for mend in mends)
