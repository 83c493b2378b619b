"""The Signals stage: its links lead to its numbers, and every slider position has a picture or a readable error."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.lessons.signals.controls import SIGNALS_OPERATION, mend_signal
from cnnviz.lessons.signals.examples import SIGNALS_PRESETS
from cnnviz.lessons.signals.scene import signal_scene
from cnnviz.lessons.signals.spec import SignalSpec
from cnnviz.lessons.signals.trace import check_signal, trace_signal
from cnnviz.stage.controls import patch
from cnnviz.stage.desk import Desk
from cnnviz.stage.operation import pack
from cnnviz.stage.pack import seal
from tests.lessons.convolution.specs import examples
from tests.lessons.signals.specs import SPECS, spec_of, works
from tests.stage.oracle import check_scene


@examples(150)
@given(SPECS.filter(works))
def test_links_lead_to_the_numbers(spec: SignalSpec) -> None:
    check_scene(signal_scene(trace_signal(spec)))


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("dilation", [1, 3])
def test_the_kernel_is_laid_turned_and_spread(flip: bool, dilation: int) -> None:
    scene = signal_scene(trace_signal(SignalSpec(weights=spec_of("w=counting").weights, flip=flip, dilation=dilation)))
    if not flip and dilation == 1:
        assert [grid.name for grid in scene.grids] == ["input", "kernel", "output"]
        return
    laid = scene.grid("laid")
    weights = [3, 2, 1] if flip else [1, 2, 3]
    assert laid.values[0, ::dilation].tolist() == weights
    assert np.count_nonzero(laid.values) == 3
    assert laid.origins is not None
    assert [cell for cell in laid.origins[1] if cell >= 0] == ([2, 1, 0] if flip else [0, 1, 2])
    assert scene.twins == (("kernel", "laid"),)
    assert scene.links[0].weight == "laid"


def test_rows_have_bars_and_one_number_a_cell() -> None:
    for grid in signal_scene(trace_signal(SignalSpec(dilation=2))).grids:
        assert grid.bars > 0 and grid.line
        assert grid.size == str(grid.shape[1])


@pytest.mark.parametrize("preset", SIGNALS_PRESETS, ids=lambda preset: preset.name)
def test_a_pack_holds_every_position(preset) -> None:
    spec = spec_of(preset.state)
    body = pack(SIGNALS_OPERATION, spec, apart=False, sides=False)
    wire = json.loads(body)
    assert len(seal(body, {})) < 60_000
    for control in SIGNALS_OPERATION.controls(Desk(spec)):
        if not control.live:
            continue
        sent = next(one for one in wire["controls"] if one["name"] == control.name)
        for option, entry in zip(control.options, sent["options"], strict=True):
            assert entry["set"] == patch(spec.to_query(), option.query)
            if works(option.spec):
                shape = signal_scene(trace_signal(option.spec)).shape
                assert wire["scenes"][entry["scene"]]["shape"] == shape
            else:
                with pytest.raises(SpecError) as error:
                    check_signal(option.spec)
                assert wire["errors"][entry["error"]]["text"] == error.value.message


@examples(100)
@given(SPECS.filter(lambda spec: not works(spec)))
def test_every_way_out_works(spec: SignalSpec) -> None:
    for sides in (False, True):
        mends = mend_signal(Desk(spec, sides=sides))
        assert mends
        for mend in mends:
            found, notes = SignalSpec.from_query(mend.query)
            assert not notes
            check_signal(found)


@examples(60)
@given(SPECS, st.booleans())
def test_every_option_says_its_own_state(spec: SignalSpec, sides: bool) -> None:
    for control in SIGNALS_OPERATION.controls(Desk(spec, sides=sides)):
        for option in control.options:
            found, notes = SignalSpec.from_query(option.query)
            assert not notes
            if not control.whole:
                assert found == option.spec


def test_new_random_numbers_are_new() -> None:
    spec = SignalSpec()
    button = next(control for control in SIGNALS_OPERATION.controls(Desk(spec)) if control.name == "reroll")
    fresh = button.options[0].spec
    assert fresh.values.pattern == "noise"
    again = replace(fresh, seed=fresh.seed + 1)
    assert not np.array_equal(trace_signal(fresh).values, trace_signal(again).values)
