"""What the Signals page says and the code that it shows: the code is run, the numbers are counted."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given

from cnnviz.lessons.signals.code import numpy_code, torch_layer, torch_numbers
from cnnviz.lessons.signals.examples import SIGNALS_PRESETS
from cnnviz.lessons.signals.spec import SignalSpec
from cnnviz.lessons.signals.spec_functions import FUNCTIONS
from cnnviz.lessons.signals.trace import trace_signal
from cnnviz.lessons.signals.words import (
    explain_alignments,
    explain_border,
    explain_cost,
    explain_length,
    explain_reach,
    explain_turn,
)
from cnnviz.lessons.signals.words_functions import alt_text, explain_pair
from tests.explain.running import run
from tests.lessons.convolution.specs import examples
from tests.lessons.signals.specs import SPECS, spec_of, works


@examples(60)
@given(SPECS.filter(works))
def test_the_code_gives_the_same_numbers(spec: SignalSpec) -> None:
    trace = trace_signal(spec)
    wanted = trace.output[0]
    np.testing.assert_allclose(np.asarray(run(torch_numbers(trace))["y"])[0, 0], wanted, rtol=1e-6, atol=1e-3)
    np.testing.assert_allclose(run(numpy_code(trace))["y"], wanted, rtol=1e-6, atol=1e-3)
    assert np.asarray(run(torch_layer(trace).replace("y = conv(x)", "y = conv(x).detach()"))["y"]).shape == (
        1,
        1,
        trace.columns.size,
    )


@pytest.mark.parametrize("preset", SIGNALS_PRESETS, ids=lambda preset: preset.name)
def test_the_examples_code(preset) -> None:
    trace = trace_signal(spec_of(preset.state))
    for code in (torch_numbers(trace), numpy_code(trace)):
        np.testing.assert_allclose(np.ravel(run(code)["y"]), trace.output[0], atol=1e-9)


@examples(80)
@given(SPECS.filter(works))
def test_the_formula_holds(spec: SignalSpec) -> None:
    trace = trace_signal(spec)
    numbers = explain_length(trace).splitlines()[2]
    found = re.search(r"\{(\d+) \+ (\d+) \+ (\d+) - (\d+)\}\{(\d+)\}.* = (\d+)", numbers)
    assert found
    length, before, after, reach, stride, size = map(int, found.groups())
    assert (length + before + after - reach) // stride + 1 == size == trace.columns.size
    for sentence in (explain_alignments(trace), explain_border(trace), explain_turn(trace), explain_cost(trace)):
        assert sentence.endswith(".")
    assert f"{reach} cell" in explain_reach(trace)


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("n=7", "d − (s − 1) = 7 − (3 − 1) = 5"),
        ("p=full", "d + 2(s − 1) = 13"),
        ("p=full&d=2", "9 + 5 − 1 = 13."),
        ("p=same", "“Same” pads just enough to give as many outputs as there are cells: 9."),
        ("p=1", "11 cells: 11 − (3 − 1) = 9 places"),
        ("s=3", "every third place"),
    ],
)
def test_alignments_are_counted(query: str, part: str) -> None:
    assert part in explain_alignments(trace_signal(spec_of(query)))


def test_the_turn_is_named() -> None:
    assert "PyTorch calls convolution" in explain_turn(trace_signal(spec_of("w=counting")))
    assert "turned" in explain_turn(trace_signal(spec_of("w=counting&flip=1")))


def test_functions_have_words_in_any_order() -> None:
    for f in FUNCTIONS:
        for g in FUNCTIONS:
            assert explain_pair(f, g) == explain_pair(g, f)
            assert explain_pair(f, g).endswith(".")
            assert alt_text(f, g, 1, 0.5).endswith("0.500.")
