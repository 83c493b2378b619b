"""The scenes, the controls and the packs of the Pooling, Down-sampling and Pixel shuffle lessons."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from cnnviz.engine.grids import GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.downsampling.controls import DOWNSAMPLING, mend_downsampling
from cnnviz.lessons.downsampling.scene import downsampling_scene
from cnnviz.lessons.downsampling.spec import DownsamplingSpec
from cnnviz.lessons.downsampling.trace import trace_downsampling
from cnnviz.lessons.pooling.controls import POOLING, mend_pooling, pooling_controls
from cnnviz.lessons.pooling.scene import pooling_scene
from cnnviz.lessons.pooling.spec import AREAS, OPERATIONS, PoolingSpec
from cnnviz.lessons.pooling.trace import trace_pooling
from cnnviz.lessons.shuffle.controls import SHUFFLE, mend_shuffle
from cnnviz.lessons.shuffle.spec import ShuffleSpec
from cnnviz.stage.desk import Desk
from cnnviz.stage.operation import Operation, pack
from cnnviz.stage.pack import seal
from tests.lessons.convolution.specs import examples
from tests.lessons.pooling.specs import DOWNSAMPLING_SPECS, POOLING_SPECS, SHUFFLE_SPECS, traced, works
from tests.stage.oracle import check_scene

OPERATIONS_OF: dict[type, Operation[Any]] = {PoolingSpec: POOLING, DownsamplingSpec: DOWNSAMPLING, ShuffleSpec: SHUFFLE}
MENDS: dict[type, Any] = {PoolingSpec: mend_pooling, DownsamplingSpec: mend_downsampling, ShuffleSpec: mend_shuffle}
SPECS = POOLING_SPECS | DOWNSAMPLING_SPECS | SHUFFLE_SPECS
PRESETS = [(kind, preset) for kind, operation in OPERATIONS_OF.items() for preset in operation.presets]
MOST_BYTES = 60_000


def usual(spec: Any) -> Any:
    """The oracle's tolerance is for numbers of a usual size."""
    names = [name for name in ("values", "weights") if hasattr(spec, name)]
    return replace(spec, **{name: GridSource("random") for name in names})


def packed(spec: Any, *, apart: bool = False) -> dict[str, Any]:
    operation = OPERATIONS_OF[type(spec)]
    return json.loads(pack(operation, spec, apart=apart or operation.apart(spec), sides=False))


def patched(base, changes) -> dict[str, str]:
    return {name: text for name, text in {**base, **changes}.items() if text is not None}


@examples(300)
@given(SPECS.filter(works))
def test_links_lead_to_what_the_grids_show(spec):
    check_scene(OPERATIONS_OF[type(spec)].scene(usual(spec)))


@pytest.mark.parametrize(("kind", "preset"), PRESETS, ids=[preset.name for _, preset in PRESETS])
def test_scenes_of_presets(kind, preset):
    spec, _ = kind.from_query(preset.state)
    check_scene(OPERATIONS_OF[kind].scene(spec))
    for other in [*OPERATIONS] if kind is PoolingSpec else []:
        for area in AREAS:
            changed = replace(spec, op=other, area=area, unpool=True)
            check_scene(pooling_scene(trace_pooling(changed)))


@examples(60)
@given(SPECS)
def test_a_pack_holds_the_picture_or_the_error_of_every_option(spec):
    operation = OPERATIONS_OF[type(spec)]
    body = packed(spec)
    base = Desk(spec, apart=operation.apart(spec)).query(spec)
    assert ("scene" in body["here"]) == works(spec)
    for control in body["controls"]:
        for option in control["options"]:
            if control["kind"] in {"slider", "choice"} or control["name"] in {"tied", "ceil", "count_pad", "unpool"}:
                assert ("scene" in option) != ("error" in option)
            if "scene" not in option and "error" not in option:
                continue
            there, notes = type(spec).from_query(patched(base, option["set"]))
            assert notes == []
            assert works(there) == ("scene" in option)
            if "scene" in option:
                wire, scene = body["scenes"][option["scene"]], operation.scene(there)
                assert (wire["shape"], wire["alt"]) == (scene.shape, scene.alt)
                assert wire.get("notes", []) == list(scene.notes)


@examples(250)
@given(SPECS)
def test_what_is_impossible_can_be_mended(spec):
    operation = OPERATIONS_OF[type(spec)]
    if works(spec):
        return
    with pytest.raises(SpecError):
        operation.scene(spec)
    mends = MENDS[type(spec)](Desk(spec, apart=operation.apart(spec)))
    assert mends
    for mend in mends:
        there, notes = type(spec).from_query(mend.query)
        assert notes == []
        assert works(there)


@pytest.mark.parametrize(
    "spec",
    [
        PoolingSpec(size=(16, 16), kernel=(3, 3), stride=(1, 1), padding=(1, 1), unpool=True),
        PoolingSpec(op="mean", size=(16, 15), kernel=(3, 2), stride=(1, 2), padding=(1, 1), ceil=True),
        DownsamplingSpec(size=(12, 12), values=GridSource("lecture")),
        DownsamplingSpec(size=(12, 11), kernel=(5, 4), weights=GridSource("gaussian")),
        ShuffleSpec(cells=(4, 4), channels=3),
    ],
)
def test_packs_are_small(spec):
    body = pack(OPERATIONS_OF[type(spec)], spec, apart=OPERATIONS_OF[type(spec)].apart(spec), sides=False)
    assert len(seal(body, {})) < MOST_BYTES


# Pooling


def test_a_maximum_knows_its_winner():
    scene = pooling_scene(traced(PoolingSpec, "p=1&k=3&s=2"))
    output, source = scene.grid("output"), scene.grid("input")
    assert output.rule == "max"
    assert (source.values.ravel()[output.winners] == output.values).all()
    assert source.added == "−∞"
    assert source.ring == (1, 1, 1, 1)


def test_what_hangs_over_the_end_belongs_to_the_ring():
    scene = pooling_scene(traced(PoolingSpec, "n=7x6&ceil=1"))
    assert scene.grid("input").ring == (0, 1, 0, 0)
    assert scene.notes == ("Rounded up: the last window hangs over the end by 1 row. What lies there counts as −∞.",)


def test_the_ceil_rule_is_told():
    scene = pooling_scene(traced(PoolingSpec, "n=4&s=3&p=1&ceil=1"))
    assert scene.shape == "4×4 → 2×2"
    assert scene.notes[-1] == "Rounding up adds no row and no column here: that window would start behind the input."


def test_adaptive_windows_say_that_they_share():
    scene = pooling_scene(traced(PoolingSpec, "area=adaptive&n=7x6"))
    assert scene.notes == ("The windows have 3 rows and read 2 of them twice.",)
    assert not pooling_scene(traced(PoolingSpec, "area=adaptive")).notes


def test_unpooling_stands_beside_the_pooling():
    scene = pooling_scene(traced(PoolingSpec, "back=1"))
    assert scene.shape == "6×6 → 3×3 → 6×6"
    assert scene.twins == (("input", "unpooled"),)
    assert scene.grid("unpooled").rule == "copy"
    assert pooling_scene(traced(PoolingSpec, "back=1&s=1")).grid("unpooled").rule == "max"
    assert "unpooled" not in {grid.name for grid in pooling_scene(traced(PoolingSpec, "back=1&op=mean")).grids}


@pytest.mark.parametrize(
    ("link", "names"),
    [
        ("", ["op", "area", "input", "kernel", "stride", "padding", "dilation", "tied", "ceil", "unpool"]),
        ("op=mean", ["op", "area", "input", "kernel", "stride", "padding", "tied", "ceil", "count_pad"]),
        ("op=norm", ["op", "input", "kernel", "stride", "tied", "ceil"]),
        ("area=adaptive", ["op", "area", "input", "outputs"]),
        ("op=mean&area=global", ["op", "area", "input"]),
    ],
)
def test_no_control_is_without_effect(link, names):
    controls = pooling_controls(Desk(traced(PoolingSpec, link).spec))
    assert [control.name for control in controls] == ["preset", *names, "apart", "values", "reroll"]


def test_a_tied_stride_follows_the_window():
    controls = {control.name: control for control in pooling_controls(Desk(PoolingSpec()))}
    assert controls["stride"].value == "2"
    assert dict(controls["kernel"].options[2].also) == {"stride": "3"}
    assert controls["kernel"].options[2].spec.stride is None
    assert dict(controls["stride"].options[0].also) == {"tied": "0"}
    assert controls["tied"].options[0].spec.stride == (2, 2)
    free = {control.name: control for control in pooling_controls(Desk(PoolingSpec(stride=(1, 1))))}
    assert dict(free["kernel"].options[2].also) == {}
    assert dict(free["tied"].options[1].also) == {"stride": "2"}


# The comparison and the shuffles


def test_stride_and_dropping_are_twins():
    scene = downsampling_scene(traced(DownsamplingSpec, "n=7&x=lecture&w=sobel"))
    assert scene.twins == (("strided", "kept"),)
    np.testing.assert_array_equal(scene.grid("strided").values, scene.grid("kept").values)
    assert scene.shape == "7×7 → 4×4 or 3×3"
    assert scene.notes[-1] == "No unshuffle: its factor 2 must divide the size."


@examples(80)
@given(DOWNSAMPLING_SPECS.filter(works))
def test_stride_equals_dropping_in_every_cell(spec):
    trace = trace_downsampling(usual(spec))
    np.testing.assert_allclose(trace.strided, trace.kept, rtol=0, atol=1e-12)


@pytest.mark.parametrize("look", ["all", "stride", "pool", "shuffle"])
def test_a_look_shows_what_it_says(look):
    scene = DOWNSAMPLING.scene(DownsamplingSpec(look=look))
    wanted = {
        "all": {"input", "kernel", "dense", "kept", "strided", "largest", "mean", "unshuffled"},
        "stride": {"input", "kernel", "dense", "kept", "strided"},
        "pool": {"input", "largest", "mean"},
        "shuffle": {"input", "unshuffled"},
    }
    assert {grid.name for grid in scene.grids} == wanted[look]


def test_every_number_of_a_shuffle_goes_to_one_place():
    for way in ("shuffle", "unshuffle"):
        scene = SHUFFLE.scene(ShuffleSpec(way=way, channels=2, cells=(2, 3)))
        sources = [link.source for link in scene.links]
        assert len(scene.links) == 8
        assert len(set(sources)) == (8 if way == "shuffle" else 2)
        assert {grid.rule for grid in scene.grids} == {"copy"}
