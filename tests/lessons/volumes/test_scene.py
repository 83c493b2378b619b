import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from cnnviz.errors import SpecError
from cnnviz.lessons.volumes.controls import (
    VOLUMES_OPERATION,
    edit_volumes,
    is_apart,
    mend_volumes,
    read_film,
    read_kernel,
    together,
    volumes_controls,
)
from cnnviz.lessons.volumes.examples import VOLUMES_PRESETS
from cnnviz.lessons.volumes.scene import alt_text, shape_text, volumes_scene
from cnnviz.lessons.volumes.spec import VolumesSpec
from cnnviz.lessons.volumes.trace import check_volumes, trace_volumes
from cnnviz.stage.desk import Desk
from cnnviz.stage.operation import pack
from cnnviz.stage.pack import seal
from cnnviz.ui.lesson import apply_edits
from tests.lessons.convolution.specs import examples
from tests.lessons.volumes.specs import SPECS, WORKING, plain, traced, works
from tests.stage.oracle import check_scene

LARGEST_PACK = 60_000


@examples(150)
@given(WORKING)
def test_links_lead_to_what_the_grids_show(spec):
    check_scene(volumes_scene(trace_volumes(plain(spec))))


@pytest.mark.parametrize("preset", VOLUMES_PRESETS, ids=lambda preset: preset.name)
def test_scenes_of_presets(preset):
    spec, _ = VolumesSpec.from_query(preset.state)
    for dims in (1, 2, 3):
        check_scene(volumes_scene(trace_volumes(replace(spec, dims=dims))))


@examples(60)
@given(WORKING)
def test_every_frame_is_shown_and_stepped_through(spec):
    trace = trace_volumes(spec)
    scene = volumes_scene(trace)
    if spec.dims == 1:
        assert [grid.shape[0] for grid in scene.grids] == [1, 1, 1]
        np.testing.assert_array_equal(scene.grid("y").values.ravel(), trace.output.ravel())
        return
    assert scene.steps == tuple(f"y{at}" for at in range(len(trace.outputs)))
    assert [grid.title in {"Padding", "pad"} for grid in scene.grids if grid.role == "input"] == [
        origin < 0 for origin in trace.time.origin.tolist()
    ]
    sources = {link.source for link in scene.links}
    assert sources == {grid.name for grid in scene.grids if grid.role == "input"}, "a frame that is never read says so"


def test_frames_of_padding_are_told_apart():
    scene = volumes_scene(traced(n="2x3", k="2x3", p="1"))
    padding, first = scene.grids[0], scene.grids[1]
    assert (padding.name, padding.title, padding.editable) == ("p0", "Padding", False)
    assert (first.name, first.title, first.ring, first.editable) == ("x0", "Frame 0", (1, 1, 1, 1), True)
    assert padding.origins is not None
    assert set(padding.origins[0]) == set(padding.origins[1]) == {-1}


def test_a_lost_frame_is_drawn_as_unread():
    scene = volumes_scene(traced(n="6x4", s="3x1", k="2x3"))
    (unread,) = [link for link in scene.links if link.source == "x5"]
    assert unread.rows is not None
    assert not any(unread.rows.reads) and unread.weight is None
    assert scene.notes == ("Frames 2 and 5 are never read: the windows step past them.",)


@pytest.mark.parametrize(
    ("query", "shape", "alt"),
    [
        (
            {"k": "2x3"},
            "4×5×5 → 3×3×3",
            "Film of 4 frames of 5 by 5; kernel of 2 frames of 3 by 3; output of 3 frames of 3 by 3.",
        ),
        (
            {"n": "1x4x5", "k": "1x2", "p": "1x0"},
            "1×4×5 → 3×3×4",
            "Film of 1 frame of 4 by 5, padded to 3 frames of 4 by 5; kernel of 1 frame of 2 by 2; "
            "output of 3 frames of 3 by 4.",
        ),
        (
            {"dim": "2"},
            "5×5 → 3×3, 4 frames",
            "Film of 4 frames of 5 by 5; kernel of 3 by 3; output of 4 frames of 3 by 3.",
        ),
        ({"dim": "1"}, "4 → 2", "One pixel through 4 frames; kernel of 3 cells; output of 2 cells."),
    ],
    ids=str,
)
def test_the_picture_in_words(query, shape, alt):
    trace = traced(**query)
    assert (shape_text(trace), alt_text(trace)) == (shape, alt)


# Controls and packs


@examples(20)
@given(SPECS)
def test_every_option_has_its_picture_or_its_error(spec):
    apart = is_apart(spec)
    body = json.loads(pack(VOLUMES_OPERATION, spec, apart=apart, sides=False))
    desk = Desk(spec, apart=apart)
    base = desk.query(spec)
    for sent, control in zip(body["controls"], volumes_controls(desk), strict=True):
        for entry, option in zip(sent["options"], control.options, strict=True):
            before = {} if control.whole else base
            state = {key: text for key, text in {**before, **entry["set"]}.items() if text is not None}
            assert state == option.query
            if control.live:
                assert VolumesSpec.from_query(state) == (option.spec, [])
                assert ("scene" in entry) == works(option.spec)
    for error in body["errors"]:
        for mend in error["mends"]:
            state = {key: text for key, text in {**base, **mend["set"]}.items() if text is not None}
            assert works(VolumesSpec.from_query(state)[0])


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_only_what_has_an_effect_can_be_moved(dims):
    spec = VolumesSpec(size=(6, 6, 6), dims=dims, values="random", weights="random")
    for control in volumes_controls(Desk(spec, apart=dims > 1)):
        if control.kind == "slider":
            pictures = {volumes_scene(trace_volumes(one.spec)).alt for one in control.options if works(one.spec)}
            assert len(pictures) > 1 or control.name.startswith("dilation")
    names = [control.name for control in volumes_controls(Desk(spec))]
    assert ("kernel_time" in names) == (dims != 2)
    assert ("kernel" in names) == ("apart" in names) == (dims != 1)


@pytest.mark.parametrize(
    "link",
    [
        {"n": "6", "p": "2x2x1", "x": "random", "w": "box"},
        {"n": "6", "k": "1", "p": "2", "x": "random", "w": "random"},
        {"n": "6", "k": "1x1x2", "p": "2x2x1", "x": "random", "w": "box", "we": "0.0.0 0.123456"},
        {"n": "6", "p": "2x2x1", "x": "random", "w": "random", "we": "1.1.1 99998.999999"},
    ],
    ids=str,
)
def test_the_largest_packs_are_small(link):
    spec, _ = VolumesSpec.from_query(link)
    assert len(seal(pack(VOLUMES_OPERATION, spec, apart=is_apart(spec), sides=False), {})) < LARGEST_PACK


@pytest.mark.parametrize(
    ("spec", "labels"),
    [
        (VolumesSpec(size=(2, 5, 5)), ["Frames 3", "Kernel frames 2", "Padding in time 1"]),
        (VolumesSpec(size=(4, 2, 5)), ["Height 3", "Kernel rows 2", "Padding rows 1"]),
        (VolumesSpec(size=(1, 1, 1), dilation=(2, 2, 2)), ["A kernel of one cell"]),
    ],
    ids=["time", "rows", "both"],
)
def test_ways_out(spec, labels):
    mends = mend_volumes(Desk(spec, apart=is_apart(spec)))
    assert [mend.label for mend in mends] == labels
    for mend in mends:
        check_volumes(VolumesSpec.from_query(mend.query)[0])


def test_together_takes_the_rows():
    spec = VolumesSpec(size=(4, 5, 6), padding=(1, 2, 0))
    assert is_apart(spec)
    assert together(spec) == VolumesSpec(size=(4, 5, 5), padding=(1, 2, 2))


# Numbers


@pytest.mark.parametrize(
    ("dims", "grid", "place", "edits"),
    [
        (3, "x3", (1, 2), {"xe": "3.1.2 9"}),
        (3, "w2", (0, 1), {"we": "2.0.1 9"}),
        (2, "w0", (0, 1), {"we": "1.0.1 9"}),
        (1, "x", (0, 3), {"xe": "3.2.2 9"}),
        (1, "w", (0, 2), {"we": "2.1.1 9"}),
    ],
    ids=str,
)
def test_a_typed_cell_is_the_cell_that_shows(dims, grid, place, edits):
    spec = VolumesSpec(dims=dims)
    changed, complaints = apply_edits(VOLUMES_OPERATION, spec, ((grid, *place, "9"),))
    assert complaints == []
    assert {name: text for name, text in changed.to_query().items() if name != "dim"} == edits
    assert volumes_scene(trace_volumes(changed)).grid(grid).values[place] == 9


@examples(60)
@given(SPECS)
def test_an_edit_of_any_grid_gives_a_spec_that_can_be_read(spec):
    for grid, (_, side) in VOLUMES_OPERATION.grids.items():
        changed = edit_volumes(spec, grid, 0, side - 1, 7)
        assert VolumesSpec.from_query(changed.to_query()) == (changed, [])


def test_a_film_and_a_kernel_can_be_typed_whole():
    spec = read_film(VolumesSpec(), "1 2 3\n4 5 6\n\n7 8 9\n1 2 3")
    assert spec.size == (2, 2, 3)
    spec = read_kernel(spec, "[[[1, -1]], [[0, 1/2]]]")
    assert spec.kernel == (2, 1, 2)
    assert trace_volumes(spec).output.tolist() == [[[3.0, 3.5], [0.0, 0.5]]]
    line = read_film(VolumesSpec(dims=1), "1 2 3 4")
    assert line.size == (4, 1, 1) and trace_volumes(line).film.values.ravel().tolist() == [1, 2, 3, 4]
    with pytest.raises(SpecError, match="These are 4 frames; 3 is the limit"):
        read_kernel(spec, "1\n\n2\n\n3\n\n4")
