from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from torch.nn import functional

from cnnviz.engine.grids import GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.trace import trace_convolution
from cnnviz.lessons.matrix.spec import LARGEST, MatrixSpec
from cnnviz.lessons.matrix.trace import check_matrix, trace_matrix
from tests.lessons.convolution.specs import examples
from tests.lessons.matrix.specs import SPECS, WORKING, traced, works

GRID: list[Any] = list(
    product(
        [(1, 6), (5, 1), (4, 4), (3, 5), (6, 5)],
        [(1, 1), (1, 3), (3, 1), (2, 2), (3, 2)],
        [(1, 1), (2, 2), (1, 3)],
        ["valid", "same", "full", ((1, 1), (1, 1)), ((0, 2), (1, 0))],
        [(1, 1), (2, 1)],
        ["zeros", "circular"],
        [False, True],
    )
)


def by_torch(trace, pictures):
    """Convolve pictures (N, H, W) as torch does."""
    (top, bottom), (left, right) = trace.conv.padding
    x = torch.tensor(np.asarray(pictures, float))[:, None]
    if any((top, bottom, left, right)):
        x = functional.pad(
            x, (left, right, top, bottom), mode="circular" if trace.spec.mode == "circular" else "constant"
        )
    w = torch.tensor(np.asarray(trace.conv.weight, float))[None, None]
    w = w.flip(-2, -1) if trace.spec.flip else w
    return functional.conv2d(x, w, stride=trace.spec.stride, dilation=trace.spec.dilation)[:, 0].numpy()


def check(trace):
    y = by_torch(trace, trace.conv.values[None])[0].ravel()
    product_ = trace.matrix.astype(float) @ trace.conv.values.ravel().astype(float)
    scale = max(1.0, float(np.abs(trace.matrix).max() * np.abs(trace.conv.values).max()))
    np.testing.assert_allclose(product_, y, rtol=1e-9, atol=1e-9 * scale)
    inputs = trace.conv.values.size
    columns = by_torch(trace, np.eye(inputs).reshape(inputs, *trace.conv.values.shape)).reshape(inputs, -1).T
    np.testing.assert_allclose(trace.matrix, columns, rtol=1e-12, atol=1e-12)


def test_matrix_times_vector_over_a_wide_grid():
    seen = 0
    for size, kernel, stride, padding, dilation, mode, flip in GRID:
        spec = MatrixSpec(
            size=size, kernel=kernel, stride=stride, padding=padding, dilation=dilation, mode=mode, flip=flip
        )
        if works(spec):
            seen += 1
            check(trace_matrix(spec))
    assert seen > 800


@examples(150)
@given(WORKING)
def test_matrix_times_vector_with_any_numbers(spec):
    trace = trace_matrix(spec)
    check(trace)
    outputs, inputs = trace.used.shape
    assert trace.counts.dense == outputs * inputs
    assert trace.counts.local == outputs * trace.conv.weight.size
    assert trace.counts.lines + trace.counts.zeros == trace.counts.dense
    assert trace.dense.all()
    assert ((trace.local != 0) == (trace.used >= 0)).all()
    assert (trace.conv.output == trace_convolution(spec).output).all()
    for array in (trace.matrix, trace.dense, trace.local, trace.used):
        assert not array.flags.writeable


def test_small_integers_stay_exact():
    trace = traced()
    assert trace.matrix.dtype.kind == "i"
    assert (trace.matrix @ trace.conv.values.ravel() == trace.conv.output.ravel()).all()


def test_a_doubly_blocked_matrix():
    trace = traced(n="3", k="2")
    assert trace.matrix.tolist() == [
        [1, 2, 0, 3, 4, 0, 0, 0, 0],
        [0, 1, 2, 0, 3, 4, 0, 0, 0],
        [0, 0, 0, 1, 2, 0, 3, 4, 0],
        [0, 0, 0, 0, 1, 2, 0, 3, 4],
    ]


def test_a_circulant_matrix_moves_round():
    matrix = traced(n="1x6", k="1x3", p="same", mode="circular", w="random").matrix
    assert all((np.roll(matrix[0], row) == matrix[row]).all() for row in range(6))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"n": "9"}, "17 columns too many. Take a smaller input."),
        ({"n": "8", "p": "1"}, "64 outputs and a column for each of the 64 inputs"),
        ({"n": "6", "how": "layers"}, "or look at “Convolution as matrix”"),
        ({"n": "2", "k": "3", "p": "1", "mode": "circular"}, "the sum of two weights. Take an input of at least 3"),
        ({"n": "2"}, "The kernel reaches over 3 cells"),
    ],
    ids=str,
)
def test_what_cannot_be_drawn_is_said(query, words):
    spec, _ = MatrixSpec.from_query(query)
    with pytest.raises(SpecError) as caught:
        trace_matrix(spec)
    assert words in caught.value.message


@examples(300)
@given(SPECS)
def test_every_setting_works_or_says_why_not(spec):
    try:
        rows, columns = check_matrix(spec)
    except SpecError as error:
        assert error.message.endswith(".")
        return
    most = LARGEST[spec.how]
    assert rows.size * columns.size <= most[0]
    assert rows.n * columns.n <= most[1]


def test_the_seed_changes_the_layers():
    one, other = trace_matrix(MatrixSpec()), trace_matrix(MatrixSpec(seed=1, weights=GridSource("random")))
    assert (one.dense != other.dense).any()
