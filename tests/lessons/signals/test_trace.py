"""A signal's convolution against PyTorch and NumPy, and the lectures' own numbers."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
import torch
from hypothesis import given
from torch.nn import functional

from cnnviz.errors import SpecError
from cnnviz.lessons.signals.examples import SIGNALS_PRESETS
from cnnviz.lessons.signals.spec import SIGNALS, SignalSpec
from cnnviz.lessons.signals.trace import fill_signal, trace_signal
from tests.lessons.convolution.specs import examples
from tests.lessons.signals.specs import SPECS, spec_of, works

TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


@examples(250)
@given(SPECS.filter(works))
def test_numbers_agree_with_torch(spec: SignalSpec) -> None:
    trace = trace_signal(spec)
    x, w = (torch.tensor(grid, dtype=torch.float64).reshape(1, 1, -1) for grid in (trace.values, trace.weight))
    padded = functional.pad(x, trace.columns.padding, mode=TORCH_MODES[spec.mode])
    wanted = functional.conv1d(padded, w.flip(-1) if spec.flip else w, stride=spec.stride, dilation=spec.dilation)
    np.testing.assert_allclose(trace.output[0], wanted[0, 0], rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("mode", ["valid", "full"])
@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
@pytest.mark.parametrize("size", [5, 9, 24])
def test_numbers_agree_with_numpy(size: int, kernel: int, mode: Literal["valid", "full"]) -> None:
    trace = trace_signal(spec_of(f"n={size}&k={kernel}&p={mode}&flip=1&x=noisy-wave&w=random&seed=7"))
    wanted = np.convolve(trace.values[0], trace.weight[0], mode=mode)
    np.testing.assert_allclose(trace.output[0], wanted, atol=1e-12)
    assert trace.columns.size == (size - (kernel - 1) if mode == "valid" else size + kernel - 1)


LECTURE_NUMBERS: dict[str, list[float]] = {
    "lecture": [16, -9, 0, 15, -6, 0, 17],
    "alignment": [1.0],
    "alignment-all": [0.14, 0.66, 0.46, 1.0, 1.2, 0.24, 0.8],
    "same": [8, 16, -9, 0, 15, -6, 0, 17, 4],
    "full": [-5, 8, 16, -9, 0, 15, -6, 0, 17, 4, -4],
    "turned": [0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0],
    "not-turned": [0, 0, 0, 0, 3, 2, 1, 0, 0, 0, 0],
    "difference": [0, 0, 0, 0, -6, 0, 0, 0, 0],
}


@pytest.mark.parametrize("preset", SIGNALS_PRESETS, ids=lambda preset: preset.name)
def test_presets_are_canonical_and_hold_the_lectures_numbers(preset) -> None:
    spec = spec_of(preset.state)
    assert spec.to_query() == dict(preset.state)
    output = trace_signal(spec).output[0]
    if preset.name in LECTURE_NUMBERS:
        np.testing.assert_allclose(output, LECTURE_NUMBERS[preset.name], atol=1e-12)


@pytest.mark.parametrize("pattern", sorted(SIGNALS))
def test_patterns_fill_every_length_and_stay_the_same(pattern: str) -> None:
    for size in range(1, 25):
        row = fill_signal(pattern, size, 5)
        assert row.shape == (size,)
        assert np.array_equal(row, fill_signal(pattern, size, 5))


@examples(150)
@given(SPECS)
def test_a_link_brings_a_spec_back(spec: SignalSpec) -> None:
    found, notes = SignalSpec.from_query(spec.to_query())
    assert found == spec and not notes


@pytest.mark.parametrize(
    ("query", "field"), [("n=2", "kernel"), ("p=same&s=2", "padding"), ("k=7&d=4&p=full", "padding")]
)
def test_errors_speak_of_one_axis(query: str, field: str) -> None:
    with pytest.raises(SpecError) as error:
        trace_signal(spec_of(query))
    assert error.value.field == field
    assert "column" not in error.value.message


@pytest.mark.parametrize(
    "query", [{"x": "1 2_3 4"}, {"p": "1.2.3"}, {"n": "25"}, {"k": "8"}, {"xe": "0.24 1"}, {"w": "sobel"}]
)
def test_what_cannot_be_read_is_named(query: dict[str, str]) -> None:
    spec, notes = SignalSpec.from_query(query)
    assert spec == SignalSpec() and len(notes) == 1
