"""The Properties stage: its scenes, its words, its controls and its pack."""

import json

import numpy as np
import pytest
from hypothesis import given

from cnnviz.errors import SpecError
from cnnviz.lessons.properties.controls import (
    PROPERTIES_OPERATION,
    is_apart,
    mend_properties,
    properties_controls,
)
from cnnviz.lessons.properties.scene import properties_scene
from cnnviz.lessons.properties.spec import PROPERTIES, PropertiesSpec
from cnnviz.lessons.properties.trace import trace_properties
from cnnviz.stage.desk import Desk
from cnnviz.stage.operation import pack
from cnnviz.stage.pack import seal
from tests.lessons.backward.specs import PROPERTIES_SPECS, works
from tests.lessons.convolution.specs import examples
from tests.stage.oracle import check_scene

KILOBYTES = 60


def can_be_typed(spec, name):
    try:
        return PROPERTIES_OPERATION.typed[name](spec, "1") != spec
    except SpecError:
        return False


def traced(**query):
    spec, notes = PropertiesSpec.from_query(query)
    assert notes == []
    return trace_properties(spec)


def scene_of(**query):
    return properties_scene(traced(**query))


@examples(150)
@given(PROPERTIES_SPECS.filter(works))
def test_any_scene_adds_up(spec):
    trace = trace_properties(spec)
    scene = properties_scene(trace)
    if (
        max(np.abs(grid).max() for grid in trace.grids.values()) < 1000
    ):  # the oracle's tolerance is absolute, rounding is not
        check_scene(scene)
    assert len(scene.signs) == len(scene.grids) - 1
    assert ("≠" in scene.shape) == bool(trace.differing)
    a, b, difference = (scene.grid(name) for name in ("a", "b", "difference"))
    assert a.scale == b.scale == difference.scale
    assert [link.sign for link in scene.links if link.target == "difference"] == [1, -1]


@pytest.mark.parametrize("preset", PROPERTIES_OPERATION.presets, ids=lambda preset: preset.name)
def test_examples_add_up(preset):
    check_scene(PROPERTIES_OPERATION.scene(PROPERTIES_OPERATION.read(preset.state)[0]))


@pytest.mark.parametrize(
    ("query", "shape", "verdict"),
    [
        ({}, "f ∗ g = g ∗ f · 5×5 → 7×7", "A − B is 0 in all 49 cells."),
        ({"flip": "0"}, "f ⋆ g ≠ g ⋆ f · 5×5 → 7×7", "A and B differ in 46 of 49 cells, by up to 13."),
        ({"prop": "linear", "a": "-1", "b": "3"}, "(−f + 3h) ⋆ w = −(f ⋆ w) + 3(h ⋆ w)", "A − B is 0 in all 9 cells."),
        ({"prop": "stride", "s": "2x3"}, "stride 2×3 = stride 1, then dropping", "A − B is 0 in all 2 cells."),
        ({"prop": "separable", "w": "sobel"}, "x ⋆ w = (x ⋆ column) ⋆ row", "A − B is 0 in all 9 cells."),
        ({"n": "1", "k": "1"}, "f ∗ g = g ∗ f · 1×1 → 1×1", "A − B is 0 in the one cell that there is."),
    ],
)
def test_what_the_headline_says(query, shape, verdict):
    scene = scene_of(**query)
    assert scene.shape.startswith(shape)
    assert scene.notes[0] == verdict


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"flip": "0"}, "B is A turned by half a turn."),
        ({"flip": "0", "x": "ones", "w": "ones"}, "Here that changes nothing."),
        ({"prop": "shift", "border": "zeros", "n": "6"}, "The 9 cells whose windows stay clear of the border"),
        ({"prop": "shift", "n": "4", "down": "2"}, "No window here stays clear of the border"),
        ({"prop": "shift", "border": "circular"}, "Circular borders have no edge"),
        (
            {"prop": "shift", "border": "circular", "s": "2", "down": "2", "right": "2", "x": "random"},
            "does not divide",
        ),
        ({"prop": "shift", "s": "2", "n": "7", "right": "2"}, "by 1/2 rows and 2/2 columns"),
        ({"prop": "associative"}, "one kernel of 4×4"),
        ({"prop": "associative", "border": "zeros", "k2": "3", "v": "ones"}, "padded anew"),
        ({"prop": "separable", "w": "sobel"}, "rank 1: it is a column times a row. 3×3 = 9"),
        ({"prop": "separable", "w": "cross"}, "rank 2. The nearest column times row misses it by 1 (45% of its norm)"),
        ({"prop": "stride", "n": "8", "s": "3", "border": "zeros"}, "drops 55"),
    ],
)
def test_why(query, reason):
    assert any(reason in note for note in scene_of(**query).notes[1:])


def test_the_combined_kernel_and_the_factors_are_shown():
    scene = scene_of(prop="associative", k="1x2", k2="1x2", w="difference")
    assert scene.grid("combined").values.tolist() == [[1, -2, 1]]
    scene = scene_of(prop="separable", w="sobel")
    near = np.outer(scene.grid("column").values, scene.grid("row").values)
    assert near.tolist() == scene.grid("near").values.tolist() == scene.grid("kernel").values.tolist()


def controls(spec):
    return properties_controls(Desk(spec, apart=is_apart(spec)))


@pytest.mark.parametrize("prop", PROPERTIES)
def test_every_slider_and_choice_changes_the_picture(prop):
    """No control without effect: some position of each one shows something else."""
    spec = PropertiesSpec(prop, size=(6, 6), stride=(2, 2), shift=(2, 0))
    here = json.dumps(picture(spec))
    for control in controls(spec):
        if control.live:
            others = [option.spec for option in control.options if works(option.spec)]
            assert any(json.dumps(picture(other)) != here for other in others), control.name


def picture(spec):
    scene = PROPERTIES_OPERATION.scene(spec)
    return [scene.shape, scene.notes, [grid.values.tolist() for grid in scene.grids]]


def test_stride_starts_with_one_that_skips():
    (choice,) = (control for control in controls(PropertiesSpec()) if control.name == "prop")
    spec = {option.value: option.spec for option in choice.options}
    assert spec["stride"].stride == (2, 2)
    assert spec["shift"].stride == (1, 1)


@pytest.mark.parametrize("prop", PROPERTIES)
def test_grids_that_can_be_typed_are_those_that_can_be_edited(prop):
    spec = PropertiesSpec(prop, size=(7, 7))
    editable = {grid.name for grid in PROPERTIES_OPERATION.scene(spec).grids if grid.editable}
    whole = {"other": "Second input", "second": "Second kernel"}
    assert editable == {"input", "kernel"} | {grid for grid, name in whole.items() if can_be_typed(spec, name)}
    assert editable <= set(PROPERTIES_OPERATION.grids)


@examples(25)
@given(PROPERTIES_SPECS)
def test_any_pack_is_whole(spec):
    apart = is_apart(spec)
    desk = Desk(spec, apart=apart)
    body = json.loads(pack(PROPERTIES_OPERATION, spec, apart=apart, sides=False))
    for sent, control in zip(body["controls"], properties_controls(desk), strict=True):
        assert sent["name"] == control.name
        for entry, option in zip(sent["options"], control.options, strict=True):
            back, notes = PROPERTIES_OPERATION.read(option.query)
            assert notes == []
            assert control.name == "preset" or back == option.spec
            if not control.live:
                continue
            if "scene" in entry:
                assert body["scenes"][entry["scene"]]["shape"] == PROPERTIES_OPERATION.scene(option.spec).shape
            else:
                with pytest.raises(SpecError):
                    PROPERTIES_OPERATION.scene(option.spec)
    if not works(spec):
        mends = mend_properties(desk)
        assert mends
        assert any(works(PROPERTIES_OPERATION.read(mend.query)[0]) for mend in mends)


@pytest.mark.parametrize("prop", PROPERTIES)
def test_a_pack_is_small(prop):
    spec, _ = PROPERTIES_OPERATION.read({"prop": prop, "n": "8", "k": "5", "k2": "4", "border": "zeros"})
    assert len(seal(pack(PROPERTIES_OPERATION, spec, apart=True, sides=False), {})) < KILOBYTES * 1000
