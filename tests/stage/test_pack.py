import json
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from cnnviz.engine.grids import CUSTOM, GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.controls import CONVOLUTION, convolution_controls, has_sides, is_apart
from cnnviz.lessons.convolution.examples import CONVOLUTION_PRESETS
from cnnviz.lessons.convolution.scene import convolution_scene
from cnnviz.lessons.convolution.spec import BOUNDS, ConvolutionSpec
from cnnviz.lessons.convolution.trace import check_convolution, trace_convolution
from cnnviz.stage.desk import Desk
from cnnviz.stage.operation import pack
from cnnviz.stage.pack import Wire, seal, write_json
from tests.lessons.convolution.specs import SPECS, WORKING, examples

Json = dict[str, Any]


def packed(spec: ConvolutionSpec, *, apart: bool = False, sides: bool = False) -> tuple[Json, Desk[ConvolutionSpec]]:
    """The pack of a spec as the page makes it, and the desk that it was made from."""
    apart, sides = apart or is_apart(spec), sides or has_sides(spec)
    return json.loads(pack(CONVOLUTION, spec, apart=apart, sides=sides)), Desk(spec, apart=apart, sides=sides)


def patched(base, changes) -> dict[str, str]:
    """What the browser makes of a patch: None takes a key away."""
    return {name: text for name, text in {**base, **changes}.items() if text is not None}


def decoded(body: Json, number: int) -> tuple[np.ndarray, float]:
    """An array off the wire, and how far rounding may have moved a number of it."""
    decimals, integers = body["arrays"][number]
    assert all(type(integer) is int and abs(integer) < 2**53 for integer in integers)
    return np.array(integers) / 10**decimals, 0.5000001 * 10.0**-decimals


def assert_pictures(body: Json, entry: Json, spec: ConvolutionSpec) -> None:
    """The picture of an entry is the scene of its spec: sizes, numbers, links, words."""
    wire = body["scenes"][entry["scene"]]
    trace = trace_convolution(spec)
    scene = convolution_scene(trace)
    assert (wire["shape"], wire["alt"], wire.get("notes", [])) == (scene.shape, scene.alt, list(scene.notes))
    for grid, drawn in zip(wire["grids"], scene.grids, strict=True):
        assert (grid["name"], grid["rows"], grid["cols"]) == (drawn.name, *drawn.shape)
        assert tuple(grid.get("ring", (0, 0, 0, 0))) == drawn.ring
        assert tuple(grid.get("texts") or ()) == (drawn.texts or ())
        values, rounding = decoded(body, grid["values"])
        exact = rounding if drawn.values.dtype.kind == "f" else 0
        assert np.abs(values - drawn.values.ravel()).max() <= exact
    (link,) = wire["links"]
    for key, windows in (("rows", trace.rows), ("cols", trace.columns)):
        axis = body["axes"][link[key]]
        assert axis["reads"] == windows.reads.tolist()
        assert axis["size"] == windows.padded_size
        taps = list(range(windows.kernel))
        assert axis["taps"] == (taps[::-1] if spec.flip else taps)


def assert_refused(body: Json, entry: Json, spec: ConvolutionSpec, base) -> None:
    """The error of an entry is the one that the engine gives, and every way out of it works."""
    error = body["errors"][entry["error"]]
    with pytest.raises(SpecError) as caught:
        check_convolution(spec)
    assert (error["field"], error["text"]) == (caught.value.field, caught.value.message)
    assert error["mends"]
    for mend in error["mends"]:
        goal, notes = ConvolutionSpec.from_query(patched(base, mend["set"]))
        assert notes == []
        check_convolution(goal)


def assert_whole(spec: ConvolutionSpec, *, apart: bool = False, sides: bool = False) -> None:
    """Every option of every control leads where it says, and every live one has its picture or its error."""
    body, desk = packed(spec, apart=apart, sides=sides)
    base = desk.query(spec)
    controls = convolution_controls(desk)
    assert [control["name"] for control in body["controls"]] == [control.name for control in controls]
    entries = [(body["here"], spec)]
    for sent, control in zip(body["controls"], controls, strict=True):
        assert sent["value"] == control.value
        for entry, option in zip(sent["options"], control.options, strict=True):
            assert (entry["set"] if control.whole else patched(base, entry["set"])) == option.query
            assert entry.get("also", {}) == dict(option.also)
            assert ("scene" in entry) + ("error" in entry) == control.live
            if control.live:
                entries.append((entry, option.spec))
    for entry, other in entries:
        if "scene" in entry:
            assert_pictures(body, entry, other)
        else:
            assert_refused(body, entry, other, base)


@examples(25)
@given(SPECS)
def test_any_pack_is_whole(spec):
    assert_whole(spec)


@examples(25)
@given(WORKING)
def test_any_pack_of_a_working_spec_is_whole(spec):
    assert_whole(spec)


@pytest.mark.parametrize("locks", [{}, {"apart": True}, {"sides": True}, {"apart": True, "sides": True}], ids=str)
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"n": "7", "p": "same", "k": "4"},
        {"n": "3", "k": "5"},
        {"s": "2", "p": "same"},
        {"k": "7", "d": "3", "p": "full"},
        {"n": "4", "p": "3", "mode": "reflect"},
        {"w": "gaussian", "x": "rising", "flip": "1"},
    ],
    ids=str,
)
def test_packs_by_hand_are_whole(query, locks):
    spec, notes = ConvolutionSpec.from_query(query)
    assert not notes
    assert_whole(spec, **locks)


def test_an_impossible_spec_shows_what_is_nearest_behind_its_error():
    body, desk = packed(ConvolutionSpec((3, 3), (5, 5)))
    ghost = patched(desk.query(desk.spec), body["here"]["ghost"])
    check_convolution(ConvolutionSpec.from_query(ghost)[0])


def test_what_scenes_share_travels_once():
    body, _ = packed(ConvolutionSpec((7, 7)))
    kernels = {scene["grids"][1]["values"] for scene in body["scenes"] if scene["grids"][1]["rows"] == 3}
    assert len(kernels) == 1
    assert len(body["axes"]) < len(body["scenes"])


@pytest.mark.parametrize(
    ("query", "locks", "kilobytes"),
    [
        ({"n": "7"}, {}, 15),
        ({"n": "7", "x": "random", "w": "random"}, {}, 15),
        ({"n": "16"}, {}, 60),
        ({"n": "16", "x": "random", "w": "random", "p": "1"}, {"apart": True, "sides": True}, 60),
        ({"n": "16", "x": "random", "w": "gaussian", "p": "2"}, {}, 60),
        ({"n": "16", "x": "rising", "w": "gaussian", "k": "7", "p": "same"}, {"apart": True, "sides": True}, 60),
        ({"n": "16", "x": "random", "w": "box", "k": "5", "p": "full"}, {"apart": True, "sides": True}, 60),
    ],
    ids=str,
)
def test_a_pack_is_small(query, locks, kilobytes):
    spec, _ = ConvolutionSpec.from_query(query)
    body = pack(CONVOLUTION, spec, apart=bool(locks), sides=bool(locks))
    assert len(seal(body, {"seq": 1, "state": query, "messages": []})) < kilobytes * 1024


@pytest.mark.parametrize("preset", CONVOLUTION_PRESETS, ids=lambda preset: preset.name)
def test_the_pack_of_a_preset_names_it(preset):
    spec, _ = ConvolutionSpec.from_query(preset.state)
    body, _ = packed(spec)
    assert body["controls"][0]["value"] == preset.name
    assert_pictures(body, body["here"], spec)
    assert len(seal(write_json(body), {"seq": 0})) < 60 * 1024


@pytest.mark.parametrize(
    "cells",
    [(0.25, 12345.5), (99_998.999999, 0.000001), (-12345.678901, 0.1), (0.1, 0.9), (0.5, 99_999)],
    ids=str,
)
def test_a_typed_number_arrives_as_it_was_typed(cells):
    wire = Wire()
    wire.array(np.array([cells], dtype=float))
    [[decimals, integers]] = wire.arrays
    assert [integer / 10**decimals for integer in integers] == list(cells)


def test_what_has_no_end_arrives_with_six_digits():
    wire = Wire()
    for values in ([1 / 9, 2 / 3], [1000 / 7, -1 / 7], [1e9 / 7, 0.5]):
        wire.array(np.array(values))
    assert wire.arrays == [[5, [11111, 66667]], [3, [142857, -143]], [0, [142857143, 0]]]


def test_the_largest_sums_arrive_exactly():
    nines = GridSource(CUSTOM, ((BOUNDS["seed"][1] * 10 + 9,) * 7,) * 7)
    spec = ConvolutionSpec((7, 7), (7, 7), values=nines, weights=nines)
    body, _ = packed(spec)
    values, _ = decoded(body, body["scenes"][body["here"]["scene"]]["grids"][2]["values"])
    assert values.tolist() == [49 * 99_999**2]


@examples(40)
@given(SPECS)
def test_a_sealed_pack_opens_to_the_same(spec):
    body, _ = packed(spec)
    head = {"seq": 7, "state": spec.to_query(), "messages": ["“\ud800” is not a number.", "</script>"]}
    opened = json.loads(zlib.decompress(seal(write_json(body), head)))
    assert opened == {**head, **body}
