import json

import numpy as np
import pytest
from hypothesis import given

from cnnviz.errors import SpecError
from cnnviz.lessons.transposed.controls import TRANSPOSED, mend_transposed, transposed_controls
from cnnviz.lessons.transposed.examples import TRANSPOSED_PRESETS
from cnnviz.lessons.transposed.scene import transposed_scene
from cnnviz.lessons.transposed.spec import VIEWS, TransposedSpec
from cnnviz.lessons.transposed.trace import check_transposed, trace_transposed
from cnnviz.stage.axis_maps import STRUCTURAL_ZERO
from cnnviz.stage.desk import Desk, works
from cnnviz.stage.operation import pack
from cnnviz.stage.pack import seal
from cnnviz.stage.scene import ADDED
from tests.lessons.convolution.specs import examples
from tests.lessons.transposed.specs import SPECS, WORKING, traced
from tests.stage.oracle import check_scene

SHOWN = {
    "stamp": ["input", "kernel", "output"],
    "zeros": ["input", "kernel", "output"],
    "matrix": ["input", "kernel", "output", "matrix", "x", "y"],
    "all": ["input", "kernel", "output", "stretched", "turned", "result", "matrix", "x", "y"],
    "overlap": ["input", "kernel", "output", "counts"],
    "round": ["image", "kernel", "input", "output", "difference"],
}


def scene_of(**query):
    return transposed_scene(traced(**query))


def packed(spec, *, apart=False, sides=False):
    return json.loads(pack(TRANSPOSED, spec, apart=apart, sides=sides))


@examples(250)
@given(WORKING)
def test_links_lead_to_what_the_grids_show(spec):
    scene = transposed_scene(trace_transposed(spec))
    check_scene(scene)
    assert [grid.name for grid in scene.grids] == SHOWN[spec.how]
    assert scene.steps == "output"
    assert len(scene.signs) == len(scene.grids) - 1
    assert all(note[0].isupper() or note[0].isdigit() for note in scene.notes)
    assert all(note.endswith(".") for note in (*scene.notes, scene.alt))


@pytest.mark.parametrize("preset", TRANSPOSED_PRESETS, ids=lambda preset: preset.name)
def test_scenes_of_the_examples(preset):
    check_scene(scene_of(**preset.state))


def test_padding_cuts_the_rim_of_the_output():
    output = scene_of(p="0.1.2.0").grid("output")
    assert output.cut
    assert output.ring == (0, 1, 2, 0)
    assert output.origins == ((*range(6), ADDED), (ADDED, ADDED, *range(5)))
    assert scene_of().grid("output").origins is None


def test_output_padding_cuts_less():
    assert scene_of(p="1", op="1").grid("output").ring == (1, 0, 1, 0)
    blank = scene_of(op="1")
    assert blank.grid("output").values.shape == (8, 8)
    assert not blank.grid("output").values[7].any()
    assert "No stamp reaches the last 1 row and 1 column" in blank.notes[0]


def test_the_turned_kernel_keeps_the_names_of_its_cells():
    kernel = scene_of(how="zeros", w="counting").grid("kernel")
    assert kernel.values.tolist() == [[8, 7, 6], [5, 4, 3], [2, 1, 0]]
    assert kernel.origins == ((2, 1, 0), (2, 1, 0))
    assert kernel.editable


def test_zeros_stand_between_and_around():
    grid = scene_of(how="zeros", p="1", op="1").grid("input")
    assert grid.origins[0] == (ADDED, 0, ADDED, 1, ADDED, 2, ADDED, ADDED)
    assert grid.ring == (1, 2, 1, 2)


def test_padding_beyond_the_reach_begins_inside():
    scene = scene_of(how="zeros", k="2", p="2", n="4")
    assert "begin inside the input" in scene.notes[0]
    assert scene.links[0].rows.reads[0] == (1, 2)


def test_a_matrix_shows_its_weights_and_mutes_the_rest():
    scene = scene_of(how="matrix", n="2", s="1", w="counting")
    matrix, (shows,) = scene.grid("matrix"), scene.shows
    for entry, (value, text, weight) in enumerate(zip(matrix.values.ravel(), matrix.texts, shows.cells, strict=True)):
        assert (text == STRUCTURAL_ZERO) == (weight < 0), entry
        assert value == (0 if weight < 0 else scene.grid("kernel").values.ravel()[weight])
    assert "0" in matrix.texts, "a weight that is 0 is still a weight"


def test_twins_are_the_same_numbers():
    scene = scene_of(how="all", p="1", op="1")
    for group in scene.twins:
        data = [data_of(scene.grid(name)) for name in group]
        assert all(np.array_equal(data[0], other) for other in data)


def data_of(grid):
    """The data cells, in their own order."""
    if grid.origins is None:
        return grid.values.ravel()
    rows, columns = ([axis.index(cell) for cell in sorted(c for c in axis if c >= 0)] for axis in grid.origins)
    return grid.values[np.ix_(rows, columns)].ravel()


def test_counts_show_the_checkerboard():
    odd, even = scene_of(n="6", how="overlap"), scene_of(n="6", k="4", how="overlap")
    assert set(odd.grid("counts").values.ravel().tolist()) == {1, 2, 4}
    assert (even.grid("counts").values[2:-2, 2:-2] == 4).all()
    assert "this is the checkerboard" in odd.notes[0]
    assert "even in the middle" in even.notes[0]
    assert scene_of(k="2", how="overlap").notes == ("Every output gets 1 stamp.",)


def test_the_round_trip_says_what_is_lost():
    assert scene_of(how="round").shape == "7×7 → 3×3 → 7×7"
    assert "The shape comes back, but" in scene_of(how="round").notes[0]
    assert "do too" in scene_of(how="round", k="1", s="1", w="ones").notes[0]


@pytest.mark.parametrize("how", VIEWS)
def test_every_option_of_a_pack_has_its_picture_or_its_reason(how):
    spec = TransposedSpec(how=how, padding=((1, 1), (1, 1)))
    wire = packed(spec)
    controls = {control.name: control for control in transposed_controls(Desk(spec))}
    for sent in wire["controls"]:
        control = controls[sent["name"]]
        for option, entry in zip(control.options, sent["options"], strict=True):
            if not control.live:
                assert not {"scene", "error"} & set(entry)
                continue
            try:
                expected = transposed_scene(trace_transposed(option.spec))
            except SpecError as error:
                assert wire["errors"][entry["error"]]["text"] == error.message
                assert wire["errors"][entry["error"]]["mends"]
            else:
                shown = wire["scenes"][entry["scene"]]
                assert shown["shape"] == expected.shape
                assert [grid["name"] for grid in shown["grids"]] == [grid.name for grid in expected.grids]


@examples(60)
@given(SPECS)
def test_every_impossible_setting_has_a_way_out(spec):
    if works(spec, check_transposed):
        return
    mends = mend_transposed(Desk(spec))
    assert mends
    for mend in mends:
        query = {key: value for key, value in mend.query.items() if key not in {"apart", "sides"}}
        mended, notes = TransposedSpec.from_query(query)
        assert not notes
        trace_transposed(mended)


def test_a_matrix_that_is_too_large_can_be_stamped():
    mends = mend_transposed(Desk(TransposedSpec(size=(6, 6), how="all")))
    assert mends[-1].label == "Stamp and add"


def test_apart_has_a_slider_for_each_axis_and_side():
    names = [control.name for control in transposed_controls(Desk(TransposedSpec(), apart=True, sides=True))]
    assert {"output_padding_rows", "output_padding_columns", "padding_top", "padding_left", "stride_rows"} <= set(names)


@pytest.mark.parametrize("how", VIEWS)
def test_a_pack_is_small(how):
    spec = TransposedSpec(how=how, padding=((1, 1), (1, 1)), seed=5)
    body = pack(TRANSPOSED, spec, apart=False, sides=False)
    assert len(seal(body, {})) < 30_000
