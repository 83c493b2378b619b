from itertools import product

import pytest
from hypothesis import given

from cnnviz.engine.grids import CUSTOM, GridSource
from cnnviz.lessons.convolution.controls import (
    convolution_controls,
    convolution_moves,
    drawn_padding,
    has_sides,
    is_apart,
    mend_convolution,
)
from cnnviz.lessons.convolution.examples import CONVOLUTION_PRESETS
from cnnviz.lessons.convolution.spec import BOUNDS, ConvolutionSpec
from cnnviz.lessons.convolution.trace import resolve_padding, trace_convolution
from cnnviz.stage.controls import patch
from cnnviz.stage.desk import Desk
from cnnviz.state.padding import MODES
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from tests.lessons.convolution.specs import SPECS, examples, works

TOGETHER = ["input", "kernel", "stride", "padding", "dilation"]
CHOICES = ["padding_name", "mode", "flip", "values", "weights", "reroll", "apart", "sides"]
IMPOSSIBLE = SPECS.filter(lambda spec: not works(spec))


def desk(spec: ConvolutionSpec) -> Desk[ConvolutionSpec]:
    """The desk as the page makes it: what the spec forces apart is apart."""
    return Desk(spec, apart=is_apart(spec), sides=has_sides(spec))


def shown(spec: ConvolutionSpec, *, apart: bool, sides: bool) -> dict[str, str]:
    return {control.name: control.value for control in convolution_controls(Desk(spec, apart=apart, sides=sides))}


def locks(query) -> dict[str, bool]:
    return {name: query.get(name) == "1" for name in ("apart", "sides")}


@pytest.mark.parametrize(
    ("apart", "sides", "padding"),
    [
        (False, False, ["padding"]),
        (False, True, ["padding_before", "padding_after"]),
        (True, False, ["padding_rows", "padding_columns"]),
        (True, True, ["padding_top", "padding_bottom", "padding_left", "padding_right"]),
    ],
)
def test_names_are_stable(apart, sides, padding):
    axes = ["_rows", "_columns"] if apart else [""]
    before, after = ([f"{name}{axis}" for name in names for axis in axes] for names in (TOGETHER[:3], TOGETHER[4:]))
    names = ["preset", *before, *padding, *after, *CHOICES]
    for spec in (ConvolutionSpec(), ConvolutionSpec((1, 16), (7, 7), padding="same", mode="reflect")):
        assert list(shown(spec, apart=apart, sides=sides)) == names


@examples(80)
@given(SPECS)
def test_the_bounds_never_depend_on_other_settings(spec):
    for apart, sides in product((False, True), repeat=2):
        for move in convolution_moves(spec, apart=apart, sides=sides):
            low, high = BOUNDS[move.field]
            assert move.positions == range(low, high + 1)
            assert move.value in move.positions
            assert move.name.startswith(move.field)


@examples(80)
@given(SPECS)
def test_a_slider_stands_where_it_was_moved_to(spec):
    here = desk(spec)
    flags = locks(here.locks)
    for move in convolution_moves(spec, **flags):
        for at in (move.positions[0], move.positions[-1]):
            there = {other.name: other.value for other in convolution_moves(move.to(at), **flags)}
            assert there[move.name] == at


@examples(80)
@given(SPECS)
def test_a_slider_moves_only_its_own_setting(spec):
    attribute = {"input": "size"}
    here = desk(spec)
    for move in convolution_moves(spec, **locks(here.locks)):
        other = move.to(move.positions[-1])
        own = attribute.get(move.field, move.field)
        changed = {name for name in ConvolutionSpec.__dataclass_fields__ if getattr(other, name) != getattr(spec, name)}
        assert changed <= {own}


@examples(40)
@given(SPECS)
def test_every_option_leads_where_its_query_says(spec):
    here = desk(spec)
    for control in convolution_controls(here):
        values = [option.value for option in control.options]
        assert len(set(values)) == len(values)
        assert control.value in values or (control.name, control.value) == ("preset", "")
        for option in control.options:
            read, notes = ConvolutionSpec.from_query(option.query)
            assert notes == []
            if not control.whole:
                assert read == option.spec
            if control.name not in {"apart", "sides", "preset"}:
                assert locks(option.query) == locks(here.locks)
            if option.value == control.value and control.kind not in {"button", "switch"} and control.name != "padding":
                assert read == spec or control.name.startswith("padding")


@examples(8)
@given(SPECS)
def test_also_says_exactly_what_else_moves(spec):
    """While a slider is dragged, the browser moves the others by `also`: they must stand where the server puts them."""
    here = desk(spec)
    flags = locks(here.locks)
    before = shown(spec, **flags)
    follow = {name for name in before if name.startswith("padding")}
    for control in convolution_controls(here):
        if not control.live:
            continue
        for option in control.options[:: 1 if len(control.options) < 5 else 3]:
            after = shown(option.spec, **flags)
            moved = {name: after[name] for name in follow if after[name] != before[name] and name != control.name}
            assert dict(option.also) == moved
            rest = {name for name in before if after[name] != before[name]} - follow - {control.name, "preset"}
            assert not rest


def test_a_larger_kernel_moves_the_padding_with_it():
    controls = {control.name: control for control in convolution_controls(Desk(ConvolutionSpec(padding="same")))}
    assert {option.value: dict(option.also) for option in controls["kernel"].options}["5"] == {"padding": "2"}
    assert dict(controls["padding"].options[0].also) == {"padding_name": "by hand"}
    assert dict(controls["padding_name"].options[2].also) == {"padding": "2"}


@pytest.mark.parametrize(
    ("settings", "apart", "sides"),
    [
        ({}, False, False),
        ({"size": (7, 5)}, True, False),
        ({"kernel": (1, 3)}, True, False),
        ({"stride": (2, 1)}, True, False),
        ({"dilation": (2, 1)}, True, False),
        ({"padding": ((1, 1), (2, 2))}, True, False),
        ({"padding": ((0, 1), (0, 1))}, False, True),
        ({"padding": ((0, 1), (1, 0))}, True, True),
        ({"padding": "same", "kernel": (4, 4)}, False, False),
        ({"padding": "same", "kernel": (4, 3)}, True, False),
    ],
    ids=str,
)
def test_what_a_spec_forces_apart(settings, apart, sides):
    spec = ConvolutionSpec(**settings)
    assert (is_apart(spec), has_sides(spec)) == (apart, sides)


@examples(40)
@given(SPECS)
def test_locks_bring_together_what_differs(spec):
    here = desk(spec)
    controls = {control.name: control for control in convolution_controls(here)}
    for name, differs in (("apart", is_apart), ("sides", has_sides)):
        off, on = controls[name].options
        assert controls[name].value == ("1" if name in here.locks else "0")
        assert not differs(off.spec)
        assert name not in off.query
        assert on.query[name] == "1"
        assert on.spec == spec
        kept = "sides" if name == "apart" else "apart"
        assert locks(off.query)[kept] == locks(on.query)[kept] == (kept in here.locks)


def test_rows_decide_when_rows_and_columns_come_together():
    spec = ConvolutionSpec((7, 5), (3, 1), (2, 1), ((0, 1), (2, 2)), (1, 2))
    off, _ = next(c for c in convolution_controls(desk(spec)) if c.name == "apart").options
    assert off.spec == ConvolutionSpec((7, 7), (3, 3), (2, 2), ((0, 1), (0, 1)), (1, 1))
    off, _ = next(c for c in convolution_controls(desk(spec)) if c.name == "sides").options
    assert off.spec.padding == ((0, 0), (2, 2))


@examples(50)
@given(IMPOSSIBLE)
def test_every_impossible_setting_has_a_way_out_that_works(spec):
    for apart, sides in {(is_apart(spec), has_sides(spec)), (True, True)}:
        mends = mend_convolution(Desk(spec, apart=apart, sides=sides))
        assert 1 <= len(mends) <= 4
        assert len({mend.label for mend in mends}) == len(mends)
        for mend in mends:
            read, notes = ConvolutionSpec.from_query(mend.query)
            assert notes == []
            assert trace_convolution(read).output.size


def test_the_nearest_mend_comes_first():
    mends = mend_convolution(Desk(ConvolutionSpec((3, 3), (6, 6))))
    assert [mend.label for mend in mends] == ["Padding 2", "Input 6", "Kernel 3"]
    assert mends[0].query == {"n": "3", "k": "6", "p": "2"}


@examples(60)
@given(SPECS)
def test_the_sliders_show_the_padding_that_is_drawn(spec):
    padding = drawn_padding(spec)
    low, high = BOUNDS["padding"]
    assert all(low <= cells <= high for side in padding for cells in side)
    if works(spec):
        assert padding == resolve_padding(spec)


def test_lists_and_choices():
    controls = {control.name: control for control in convolution_controls(Desk(ConvolutionSpec()))}
    assert [option.value for option in controls["values"].options] == list(INPUT_PATTERNS)
    assert [option.value for option in controls["weights"].options] == list(KERNEL_PATTERNS)
    assert [option.value for option in controls["mode"].options] == list(MODES)
    assert [option.value for option in controls["preset"].options] == [preset.name for preset in CONVOLUTION_PRESETS]
    assert [name for name, control in controls.items() if control.live] == [*TOGETHER, "padding_name", "mode", "flip"]
    assert [name for name, control in controls.items() if control.whole] == ["preset"]


def test_numbers_of_your_own_stay_in_the_list():
    spec = ConvolutionSpec(values=GridSource("guide").edit(0, 0, 9), weights=GridSource(CUSTOM, ((1,),)))
    controls = {control.name: control for control in convolution_controls(Desk(spec))}
    for name in ("values", "weights"):
        assert controls[name].value == CUSTOM
        assert controls[name].options[-1].spec == spec


@pytest.mark.parametrize(
    ("spec", "fresh"),
    [
        (ConvolutionSpec(), ConvolutionSpec(values=GridSource("random"), seed=1)),
        (
            ConvolutionSpec(weights=GridSource("random"), seed=BOUNDS["seed"][1]),
            ConvolutionSpec(weights=GridSource("random"), seed=BOUNDS["seed"][0]),
        ),
    ],
    ids=["nothing is random yet", "the last seed"],
)
def test_new_random_numbers(spec, fresh):
    (option,) = next(c for c in convolution_controls(Desk(spec)) if c.name == "reroll").options
    assert option.spec == fresh


@examples(60)
@given(SPECS, SPECS)
def test_a_patch_turns_one_query_into_the_other(one, other):
    base, goal = one.to_query() | {"apart": "1"}, other.to_query()
    changes = patch(base, goal)
    assert {name: text for name, text in (base | changes).items() if text is not None} == goal
    assert patch(goal, goal) == {}
