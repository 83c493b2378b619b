import re
from typing import Any

import pytest
import torch
from hypothesis import given

from cnnviz.lessons.matrix.code import layers_code, matrix_code
from cnnviz.lessons.matrix.examples import MATRIX_PRESETS
from cnnviz.lessons.matrix.trace import trace_matrix
from cnnviz.lessons.matrix.words import (
    explain_layers,
    explain_matrix,
    explain_product,
    explain_saving,
    explain_work,
    explain_zeros,
)
from tests.lessons.convolution.specs import examples
from tests.lessons.matrix.specs import WORKING, traced


def check(trace, capsys=None):
    names: dict[str, Any] = {}
    exec(compile(matrix_code(trace), "page", "exec"), names)
    assert torch.allclose(names["M"], torch.tensor(trace.matrix, dtype=torch.float64))
    assert torch.allclose(names["y"], torch.tensor(trace.conv.output, dtype=torch.float64).flatten(), rtol=1e-9)
    code = layers_code(trace)
    names = {}
    exec(compile(code, "page", "exec"), names)
    found = [names["dense"].weight.numel(), names["local"].numel(), names["conv"].weight.numel()]
    assert found == [trace.counts.dense, trace.counts.local, trace.counts.shared]
    assert torch.allclose(names["y_conv"], names["conv"](names.get("padded", names["x"])).flatten(), atol=1e-4)
    assert names["y_dense"].shape == names["y_local"].shape == names["y_conv"].shape == (trace.used.shape[0],)


@pytest.mark.parametrize("preset", MATRIX_PRESETS, ids=lambda preset: preset.name)
def test_code_of_every_example(preset, capsys):
    check(traced(**preset.state))
    printed = capsys.readouterr().out
    assert "False" not in printed


@examples(60)
@given(WORKING)
def test_code_and_words_of_any_spec(spec):
    trace = trace_matrix(spec)
    check(trace)
    assert len(explain_matrix(trace)) in ((1, 2) if max(trace.used.shape) <= 7 else (0,))
    words = [explain_product(trace), explain_zeros(trace), explain_saving(trace), explain_work(trace)]
    assert all(text.endswith(".") for text in words)
    assert not any(re.search(r"\b1 (weights|entries|outputs|inputs|products)\b", text) for text in words)
    assert f"**{trace.counts.dense:,}**" in explain_layers(trace)


def test_printed_counts_stand_below(capsys):
    trace = traced(how="layers")
    check(trace)
    assert "64 36 9" in capsys.readouterr().out
    assert "# 64 36 9" in layers_code(trace)


def test_the_lectures_matrix_in_letters():
    letters, numbers = explain_matrix(traced(n="1x5", k="1x3", p="full", flip="1"))
    assert r"w_1 & 0 & 0 & 0 & 0 \\ w_2 & w_1 & 0 & 0 & 0 \\ w_3 & w_2 & w_1 & 0 & 0" in letters
    assert r"0 & 0 & 0 & 0 & 3 \end{bmatrix}" in numbers


def test_padding_that_is_counted_but_never_matters():
    assert "2 of the 15 local weights only ever meet zeros" in explain_saving(traced(n="1x5", k="1x3", p="same"))
