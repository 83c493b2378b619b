"""The Backward stage: its scenes, its controls and its pack."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from cnnviz.engine.grids import GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.backward.controls import BACKWARD, backward_controls, is_apart, mend_backward
from cnnviz.lessons.backward.scene import backward_scene
from cnnviz.lessons.backward.spec import SHOWN, WAYS, BackwardSpec
from cnnviz.lessons.backward.trace import trace_backward
from cnnviz.stage.desk import Desk
from cnnviz.stage.operation import pack
from cnnviz.stage.pack import seal
from tests.lessons.backward.specs import BACKWARD_SPECS, works
from tests.lessons.convolution.specs import examples
from tests.stage.oracle import check_scene

SMALL = BACKWARD_SPECS.filter(works)
KILOBYTES = 60


def scene_of(**query):
    spec, notes = BackwardSpec.from_query(query)
    assert notes == []
    return backward_scene(trace_backward(spec))


@examples(80)
@given(SMALL)
def test_any_scene_adds_up(spec):
    for shown in SHOWN:
        check_scene(backward_scene(trace_backward(replace(spec, shown=shown))))
    for way in WAYS:
        check_scene(backward_scene(trace_backward(replace(spec, shown="dx", way=way))))


@pytest.mark.parametrize("preset", BACKWARD.presets, ids=lambda preset: preset.name)
def test_examples_add_up_in_every_view(preset):
    spec, _ = BACKWARD.read(preset.state)
    grids: dict[str, np.ndarray] = {}
    for shown in SHOWN:
        for way in WAYS:
            scene = backward_scene(trace_backward(replace(spec, shown=shown, way=way)))
            check_scene(scene)
            for grid in scene.grids:
                assert np.array_equal(grids.setdefault(grid.name, grid.values), grid.values), "one number everywhere"


def test_a_gradient_looks_like_what_it_belongs_to():
    scene = scene_of(grad="all", n="6x5", k="2x3", s="2x1")
    for gradient, own in (("dx", "input"), ("dw", "kernel")):
        assert scene.grid(gradient).shape == scene.grid(own).shape
        assert scene.grid(gradient).role == scene.grid(own).role
    assert scene.grid("gradient").role == "output"


def test_both_ways_show_the_same_gradient():
    stamps, zeros = (scene_of(s="2", p="1", n="7", way=way) for way in ("stamps", "zeros"))
    assert np.array_equal(stamps.grid("dx").values, zeros.grid("dx").values)
    assert zeros.twins == (("gradient", "spread"),)
    assert np.array_equal(zeros.grid("turned").values, zeros.grid("kernel").values[::-1, ::-1])
    origins = zeros.grid("spread").origins
    assert origins
    assert [line for line in origins[0] if line >= 0] == list(range(zeros.grid("gradient").shape[0]))


def test_outputs_that_read_only_padding_are_cut_off():
    scene = scene_of(n="3", k="1", p="1", way="zeros")
    check_scene(scene)
    assert scene.twins == ()
    assert any("cut off" in note for note in scene.notes)


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ({"n": "6", "s": "2"}, "The last row and the last column of x are never read"),
        ({"n": "6x5", "s": "2"}, "The last row of x is never read"),
        ({"n": "7", "k": "1", "s": "3"}, "4 rows and 4 columns of x are never read"),
        ({"p": "1"}, "The part of a stamp that falls on the padding is cut off"),
        ({"grad": "dw", "s": "2", "n": "7"}, "the stride, 2, spreads it as a dilation"),
        ({"way": "zeros", "s": "3", "n": "9"}, "Stride 3 puts 2 zeros between"),
        ({"way": "zeros", "s": "2x1"}, "Stride 2 by 1 puts one zero (rows) and no zeros (columns)"),
        ({"grad": "dw", "nudge": "0x1"}, "= dL/dw[0, 1]."),
        ({"grad": "db"}, "Nudge b by 0.01"),
    ],
)
def test_what_the_stage_says(query, note):
    assert any(note in said for said in scene_of(**query).notes)


def test_the_nudge_is_told_with_numbers_that_fit():
    (note,) = scene_of(grad="all", g="counting").notes
    assert note == "Nudge w[2, 2] by 0.01: L = Σ dL/dy · y goes from 447 to 447.34, and 0.34 / 0.01 = 34 = dL/dw[2, 2]."


def names(spec):
    return [control.name for control in backward_controls(Desk(spec, apart=is_apart(spec)))]


def test_only_controls_that_do_something_are_there():
    assert "hot_rows" not in names(BackwardSpec())
    assert {"hot_rows", "hot_columns"} <= set(names(BackwardSpec(gradient=GridSource("onehot"))))
    assert "hot_rows" not in names(BackwardSpec(size=(3, 5), gradient=GridSource("onehot"))), (
        "one row: nothing to choose"
    )
    assert "way" not in names(BackwardSpec(shown="dw"))
    assert not {"nudge_rows", "nudge_columns"} & set(names(BackwardSpec(shown="db")))


@examples(25)
@given(BACKWARD_SPECS)
def test_any_pack_is_whole(spec):
    """Every option leads where its query says; every live one has its picture, or an error that can be mended."""
    apart = is_apart(spec)
    sides = BACKWARD.sides(spec)
    desk = Desk(spec, apart=apart, sides=sides)
    body = json.loads(pack(BACKWARD, spec, apart=apart, sides=sides))
    controls = backward_controls(desk)
    assert [sent["name"] for sent in body["controls"]] == [control.name for control in controls]
    for sent, control in zip(body["controls"], controls, strict=True):
        assert control.value in [option.value for option in control.options] or control.name == "preset"
        for entry, option in zip(sent["options"], control.options, strict=True):
            back, notes = BACKWARD.read(option.query)
            assert notes == []
            assert control.name == "preset" or back == option.spec
            if not control.live:
                continue
            if "scene" in entry:
                assert body["scenes"][entry["scene"]]["shape"] == BACKWARD.scene(option.spec).shape
            else:
                with pytest.raises(SpecError):
                    BACKWARD.scene(option.spec)
    for mend in mend_backward(desk) if not works(spec) else []:
        assert works(BACKWARD.read(mend.query)[0])


@pytest.mark.parametrize(
    "query", [{}, {"grad": "all", "n": "9"}, {"n": "9", "p": "4", "k": "2", "way": "zeros"}], ids=str
)
@pytest.mark.parametrize("apart", [False, True])
def test_a_pack_is_small(query, apart):
    assert len(seal(pack(BACKWARD, BACKWARD.read(query)[0], apart=apart, sides=apart), {})) < KILOBYTES * 1000


def test_padding_sides_have_sliders_of_their_own():
    spec, notes = BackwardSpec.from_query({"p": "0.1.2.0"})
    assert notes == []
    controls = {one.name: one for one in backward_controls(Desk(spec, apart=True, sides=True))}
    assert controls["padding_left"].value == "2"
    assert controls["padding_left"].options[0].spec.padding == ((0, 1), (0, 0))
    assert controls["sides"].value == "1"
    assert controls["sides"].options[0].spec.padding == ((0, 0), (2, 2))
    assert "padding" not in controls
    impossible = BackwardSpec(size=(1, 1), kernel=(4, 4), padding=((0, 1), (0, 0)))
    assert mend_backward(Desk(impossible, apart=True, sides=True))
