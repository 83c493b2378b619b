import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from cnnviz.errors import SpecError
from cnnviz.lessons.channels.controls import (
    CHANNELS_OPERATION,
    channels_controls,
    edit_channels,
    layer_name,
    layer_specs,
    mend_channels,
)
from cnnviz.lessons.channels.examples import CHANNELS_PRESETS
from cnnviz.lessons.channels.scene import alt_text, channels_scene
from cnnviz.lessons.channels.spec import ChannelsSpec
from cnnviz.lessons.channels.trace import check_channels, trace_channels
from cnnviz.stage.desk import Desk
from cnnviz.stage.operation import pack
from cnnviz.stage.pack import seal
from cnnviz.ui.lesson import apply_edits
from tests.lessons.channels.specs import SPECS, WORKING, traced, works
from tests.lessons.convolution.specs import examples
from tests.stage.oracle import check_scene


def rounded(spec: ChannelsSpec) -> ChannelsSpec:
    """The oracle's tolerance is for numbers of a usual size."""
    return replace(spec, value_edits=(), weight_edits=(), mixing_edits=())


@examples(150)
@given(WORKING)
def test_links_lead_to_what_the_grids_show(spec):
    check_scene(channels_scene(trace_channels(rounded(spec))))


@pytest.mark.parametrize("preset", CHANNELS_PRESETS, ids=lambda preset: preset.name)
def test_scenes_of_presets(preset):
    spec, _ = ChannelsSpec.from_query(preset.state)
    for view in ("one", "all"):
        for shown in range(spec.outputs):
            check_scene(channels_scene(trace_channels(replace(spec, view=view, shown=shown))))


@examples(60)
@given(WORKING)
def test_all_output_maps_are_shown(spec):
    trace = trace_channels(spec)
    scene = channels_scene(trace)
    for at, plane in enumerate(trace.outputs):
        assert scene.grid(f"y{at}").values is plane
    assert scene.steps == f"y{spec.shown}"
    assert scene.shape.startswith(f"(1, {spec.inputs}, ")
    channels = range(spec.inputs) if spec.view == "all" else trace.group(spec.shown)
    assert [grid.name for grid in scene.grids if grid.role == "input"] == [f"in{at}" for at in channels]


def test_an_output_reads_only_its_group():
    scene = channels_scene(traced(c="4", o="4", g="2", maps="all"))
    assert {link.source for link in scene.links if link.target == "y0"} == {"in0", "in1"}
    assert {link.source for link in scene.links if link.target == "y3"} == {"in2", "in3"}
    one = channels_scene(traced(c="4", o="4", g="2", out="3"))
    assert one.notes[1] == "y[3] reads only the channels x[2] and x[3]: group 1 of 2, from 0."


def test_colours_have_names_and_frames():
    scene = channels_scene(traced())
    assert [(scene.grid(f"in{at}").title, scene.grid(f"in{at}").frame) for at in range(3)] == [
        ("Red", "red"),
        ("Green", "green"),
        ("Blue", "blue"),
    ]
    assert scene.grid("k0_1").frame == scene.grid("m1").frame == "green"
    assert not any(grid.frame for grid in channels_scene(traced(c="4")).grids)


def test_slices_stand_side_by_side():
    trace = traced(maps="all")
    grid = channels_scene(trace).grid("w1")
    assert (grid.shape, grid.blocks, grid.size) == ((3, 9), (0, 3), "3×3×3")
    for slot in range(3):
        np.testing.assert_array_equal(grid.values[:, 3 * slot : 3 * slot + 3], trace.slices[1][slot])


@pytest.mark.parametrize(
    ("query", "alt"),
    [
        (
            {},
            "3 input channels of 5 by 5; kernels of 3 slices of 3 by 3; 2 output maps of 3 by 3. "
            "Shown in full: output channel 0.",
        ),
        (
            {"c": "4", "o": "4", "g": "2", "maps": "all"},
            "4 input channels of 5 by 5; kernels of 2 slices of 3 by 3 in 2 groups; 4 output maps of 3 by 3.",
        ),
        (
            {"layer": "separable", "o": "1", "maps": "all"},
            "3 input channels of 5 by 5; one 3 by 3 kernel a channel, then a 1 by 1 convolution; "
            "1 output map of 3 by 3.",
        ),
    ],
    ids=str,
)
def test_the_picture_in_words(query, alt):
    assert alt_text(traced(**query)) == alt


# Controls and packs


@examples(25)
@given(SPECS)
def test_every_option_has_its_picture_or_its_error(spec):
    body = json.loads(pack(CHANNELS_OPERATION, spec, apart=False, sides=False))
    desk = Desk(spec)
    base = desk.query(spec)
    for sent, control in zip(body["controls"], channels_controls(desk), strict=True):
        for entry, option in zip(sent["options"], control.options, strict=True):
            before = {} if control.whole else base
            state = {key: text for key, text in {**before, **entry["set"]}.items() if text is not None}
            assert state == option.query
            if not control.live:
                continue
            back, notes = ChannelsSpec.from_query(state)
            assert (back, notes) == (option.spec, [])
            if "scene" in entry:
                trace = trace_channels(option.spec)
                wire = body["scenes"][entry["scene"]]
                assert wire["shape"] == channels_scene(trace).shape
                assert wire["deep"] == 1
                continue
            error = body["errors"][entry["error"]]
            with pytest.raises(SpecError) as caught:
                check_channels(option.spec)
            assert (error["field"], error["text"]) == (caught.value.field, caught.value.message)
            assert error["mends"]
            for mend in error["mends"]:
                goal = {key: text for key, text in {**base, **mend["set"]}.items() if text is not None}
                found, notes = ChannelsSpec.from_query(goal)
                assert works(found) and not notes


def test_groups_that_do_not_divide_are_mended_by_the_nearest():
    mends = mend_channels(Desk(ChannelsSpec(inputs=4, outputs=6, groups=3)))
    assert [mend.label for mend in mends] == ["Input channels 3", "Groups 2"]


@examples(100)
@given(WORKING)
def test_every_choice_of_a_layer_works(spec):
    for name, (_, other) in layer_specs(spec).items():
        assert works(other)
        if not (spec.inputs == 1 or other.inputs == 1):
            assert layer_name(other) == name


def test_moving_groups_makes_one_layer_of_two():
    desk = Desk(ChannelsSpec(separable=True, outputs=3))
    controls = {control.name: control for control in channels_controls(desk)}
    assert controls["groups"].value == "3"
    option = controls["groups"].options[0]
    assert (option.spec.separable, option.spec.groups) == (False, 1)
    assert dict(option.also)["layer"] == "dense"


def test_one_output_needs_no_choice_of_outputs():
    names = [control.name for control in channels_controls(Desk(ChannelsSpec(outputs=1)))]
    assert "out" not in names


@pytest.mark.parametrize(
    ("view", "grid", "cell", "part"),
    [
        ("one", "in1", (0, 2), {"xe": "1.0.2 7"}),
        ("one", "k1_2", (2, 0), {"we": "1.2.2.0 7"}),
        ("all", "w1", (2, 6), {"we": "1.2.2.0 7"}),
        ("one", "b1", (0, 0), {"b": "1 7 2 -2 3 -3"}),
        ("all", "b", (1, 0), {"b": "1 7 2 -2 3 -3"}),
    ],
    ids=str,
)
def test_a_cell_of_any_grid_can_be_typed_into(view, grid, cell, part):
    spec = ChannelsSpec(view=view, shown=1, bias=(1, -1, 2, -2, 3, -3))
    changed, complaints = apply_edits(CHANNELS_OPERATION, spec, ((grid, *cell, "7"),))
    assert not complaints
    assert part.items() <= changed.to_query().items()
    assert channels_scene(trace_channels(changed)).grid(grid).values[cell] == 7


def test_pointwise_weights_can_be_typed_into():
    for view, grid, cell in (("one", "v", (0, 2)), ("all", "v", (1, 2))):
        spec = ChannelsSpec(view=view, shown=1, separable=True)
        changed, _ = apply_edits(CHANNELS_OPERATION, spec, ((grid, *cell, "7"),))
        assert changed.to_query()["ve"] == "1.2 7"
        assert channels_scene(trace_channels(changed)).grid(grid).values[cell] == 7


@pytest.mark.parametrize(
    "edit", [("w1", 5, 0), ("w1", 0, 17), ("in5", 8, 8), ("b", 5, 0), ("k5_5", 2, 2), ("zz", 0, 0)]
)
def test_whatever_is_typed_the_state_stays_readable(edit):
    changed, _ = apply_edits(CHANNELS_OPERATION, ChannelsSpec(), ((*edit, "7"),))
    assert ChannelsSpec.from_query(changed.to_query()) == (changed, [])
    assert edit_channels(changed, "w0", 0, 0, 1) != changed


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"c": "6", "o": "6"},
        {"c": "6", "o": "6", "maps": "all", "n": "9", "p": "2"},
        {"c": "6", "o": "6", "n": "9", "p": "2", "maps": "all", "layer": "separable", "b": "yes", "x": "patch"},
        {"c": "6", "o": "6", "n": "9", "p": "2", "w": "grey", "x": "patch"},
    ],
    ids=str,
)
def test_a_pack_is_small(query):
    spec, _ = ChannelsSpec.from_query(query)
    body = pack(CHANNELS_OPERATION, spec, apart=False, sides=False)
    assert len(seal(body, {"seq": 1, "state": query, "messages": []})) < 60 * 1024


@pytest.mark.parametrize("preset", CHANNELS_PRESETS, ids=lambda preset: preset.name)
def test_the_pack_of_a_preset_names_it(preset):
    spec, _ = ChannelsSpec.from_query(preset.state)
    body = json.loads(pack(CHANNELS_OPERATION, spec, apart=False, sides=False))
    assert body["controls"][0]["value"] == preset.name
    assert CHANNELS_OPERATION.preset(spec) is preset
