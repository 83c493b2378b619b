import re
import sys

import numpy as np
import pytest
from hypothesis import given, settings

from cnnviz.lessons.convolution.code import keras_code, torch_code
from cnnviz.lessons.convolution.examples import CONVOLUTION_PRESETS
from cnnviz.lessons.convolution.trace import ConvolutionTrace
from tests.explain import fake_keras
from tests.explain.running import run
from tests.lessons.convolution.traced import traced, traces

CASES = {
    "plain": {},
    "rectangular": {"n": "7x5", "k": "3x2", "s": "2x1", "d": "1x2", "p": "1x0"},
    "same": {"p": "same", "k": "4"},
    "full": {"p": "full", "k": "3x2"},
    "uneven": {"p": "0.1.2.3"},
    "reflect": {"p": "2", "mode": "reflect"},
    "uneven circular": {"p": "0.1.2.3", "mode": "circular"},
    "same replicate": {"p": "same", "mode": "replicate"},
    "mode without padding": {"mode": "reflect"},
    "flip": {"flip": "1", "w": "counting"},
    "stride and dilation": {"n": "9", "s": "2x3", "d": "2", "p": "1"},
    "row": {"n": "1x9", "k": "1x3"},
    "fractions": {"w": "box", "x": "edge"},
    "large": {"n": "16", "k": "7", "x": "random", "w": "random", "p": "full"},
}


def check_torch(trace: ConvolutionTrace) -> None:
    exact = run(torch_code(trace, numbers=True))["y"]
    np.testing.assert_allclose(exact[0, 0].numpy(), trace.output, rtol=1e-9, atol=1e-9)
    assert run(torch_code(trace, numbers=False))["y"].shape == (1, 1, *trace.output.shape)


def check_keras(trace: ConvolutionTrace) -> None:
    sys.modules["keras"] = fake_keras.module()
    try:
        y = run(keras_code(trace))["y"]
    finally:
        del sys.modules["keras"]
    assert y.shape == (1, *trace.output.shape, 1)
    np.testing.assert_allclose(y[0, :, :, 0], trace.output, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("query", CASES.values(), ids=CASES)
def test_code_gives_the_picture(query):
    check_torch(traced(**query))
    check_keras(traced(**query))


@pytest.mark.parametrize("preset", CONVOLUTION_PRESETS, ids=lambda preset: preset.name)
def test_code_of_every_preset(preset):
    check_torch(traced(**preset.state))
    check_keras(traced(**preset.state))


@settings(deadline=None, max_examples=60)
@given(traces())
def test_torch_code_gives_any_picture(trace):
    check_torch(trace)


@settings(deadline=None, max_examples=60)
@given(traces())
def test_keras_code_gives_any_picture(trace):
    check_keras(trace)


@pytest.mark.parametrize("query", CASES.values(), ids=CASES)
def test_printed_output_stands_below(query, capsys):
    trace = traced(**query)
    code = torch_code(trace, numbers=True)
    run(code)
    printed = capsys.readouterr().out.splitlines()[0]
    assert f"print(y.shape)  # {printed}" in code
    comments = [line[2:] for line in code.splitlines() if line.startswith("# ")]
    numbers = [[float(cell) for cell in line.split(",")] for line in comments]
    np.testing.assert_allclose(numbers, trace.output, rtol=1e-3)


@pytest.mark.parametrize("query", CASES.values(), ids=CASES)
def test_grids_are_aligned(query):
    for code in (torch_code(traced(**query), numbers=True), keras_code(traced(**query))):
        rows = [line for line in code.splitlines() if re.match(r"    \[.*\],$", line)]
        blocks: dict[int, set[int]] = {}
        for row in rows:
            blocks.setdefault(row.count(","), set()).add(len(row))
        assert max(map(len, code.splitlines())) <= 120
        if traced(**query).values.shape[1] != traced(**query).weight.shape[1]:
            assert all(len(lengths) == 1 for lengths in blocks.values())


def test_names_of_padding_are_used_where_the_library_knows_them():
    assert 'padding="same"' in torch_code(traced(p="same"), numbers=False)
    assert 'padding="same"' in keras_code(traced(p="same"))
    assert 'padding="full"' not in re.sub("#.*", "", torch_code(traced(p="full"), numbers=True))
    assert '# PyTorch has no padding="full"' in torch_code(traced(p="full"), numbers=True)


def test_turned_kernels_are_explained():
    for code in (torch_code(traced(flip="1"), numbers=True), keras_code(traced(flip="1"))):
        assert "# true convolution turns the kernel" in code


def test_keras_same_is_told_apart_where_it_differs():
    assert "((0, 1), (0, 1))" in keras_code(traced(n="6", s="2", p="1"))
    assert "would be another" not in keras_code(traced(n="5", s="2", p="1"))
    assert "Keras refuses stride and dilation together" in keras_code(traced(n="9", s="2", d="2"))
