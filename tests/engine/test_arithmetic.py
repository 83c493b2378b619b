import json
from itertools import product
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.arithmetic import (
    both_sides,
    effective_kernel,
    full_padding,
    lost_cells,
    output_size,
    same_padding,
    transposed_size,
)
from cnnviz.errors import CnnvizError, SpecError

TRUTH = json.loads((Path(__file__).parents[1] / "truth" / "arithmetic.json").read_text())
F = torch.nn.functional


def refused(call, *args, **settings):
    try:
        return call(*args, **settings)
    except SpecError:
        return None


def torch_says(call):
    try:
        return call().shape[-1]
    except RuntimeError:
        return None


@pytest.mark.parametrize("fixture", TRUTH["guide_fixtures"], ids=str)
def test_the_guide_fixtures(fixture):
    assert output_size(fixture["i"], fixture["k"], fixture["s"], fixture["p"], fixture["d"]) == fixture["o"]


def test_the_lecture_chain():
    size = 256
    for _, kernel, stride, padding in TRUTH["lecture"]["chain_256"]["layers"]:
        size = output_size(size, kernel, stride, padding)
    assert size == TRUTH["lecture"]["chain_256"]["out"]


def test_sizes_of_convolutions_and_pools_are_those_of_torch_and_so_are_the_refusals():
    for n, k, s, p, d in product(range(1, 10), range(1, 6), range(1, 4), range(3), range(1, 4)):
        x = torch.zeros(1, 1, n)
        theirs = torch_says(lambda x=x, k=k, s=s, p=p, d=d: F.conv1d(x, torch.zeros(1, 1, k), None, s, p, d))
        assert refused(output_size, n, k, s, p, d) == theirs, (n, k, s, p, d)
        if p > k // 2:
            continue
        for ceil in (False, True):
            theirs = torch_says(lambda x=x, k=k, s=s, p=p, d=d, c=ceil: F.max_pool1d(x, k, s, p, d, ceil_mode=c))
            assert refused(output_size, n, k, s, p, d, ceil_mode=ceil) == theirs, (n, k, s, p, d, ceil)


def test_the_last_window_of_ceil_mode_starts_inside():
    assert output_size(4, 2, 3, 1, ceil_mode=True) == 2


def test_sizes_of_transposed_convolutions_are_those_of_torch_and_so_are_the_refusals():
    for n, k, s, p, d, extra in product(range(1, 6), range(1, 5), range(1, 4), range(3), range(1, 4), range(4)):
        x, w = torch.zeros(1, 1, n), torch.zeros(1, 1, k)
        theirs = torch_says(
            lambda x=x, w=w, s=s, p=p, e=extra, d=d: F.conv_transpose1d(
                x, w, stride=s, padding=p, output_padding=e, dilation=d
            )
        )
        assert refused(transposed_size, n, k, s, p, d, extra) == theirs, (n, k, s, p, d, extra)


SIZES = st.integers(1, 300)


@settings(deadline=None, max_examples=200)
@given(n=SIZES, k=st.integers(1, 12), s=st.integers(1, 6), d=st.integers(1, 4))
def test_same_padding_keeps_its_promises(n, k, s, d):
    before, after = same_padding(n, k, s, d)
    assert after - before in {0, 1}
    assert output_size(n, k, 1, (before, after), d) == n
    pair = same_padding(n, k, s, d, convention="tf")
    assert pair[1] - pair[0] in {0, 1}
    assert output_size(n, k, s, pair, d) == -(-n // s)


def test_the_conventions_differ_for_even_kernels_and_strides():
    assert same_padding(224, 7, 2) == (3, 3)
    assert same_padding(224, 7, 2, convention="tf") == (2, 3)
    assert same_padding(5, 4) == (1, 2)


@settings(deadline=None, max_examples=200)
@given(n=SIZES, k=st.integers(1, 12), s=st.integers(1, 6), p=st.tuples(st.integers(0, 5), st.integers(0, 5)))
def test_lost_cells_are_what_the_last_window_does_not_reach(n, k, s, p):
    size = refused(output_size, n, k, s, p)
    if size is None:
        with pytest.raises(SpecError):
            lost_cells(n, k, s, p)
        return
    lost = lost_cells(n, k, s, p)
    assert 0 <= lost < s
    assert (size - 1) * s + k + lost == n + sum(p)
    assert output_size(n, k, 1, full_padding(k)) == n + k - 1


@settings(deadline=None, max_examples=200)
@given(n=SIZES, k=st.integers(1, 7), s=st.integers(1, 5), d=st.integers(1, 3), p=st.integers(0, 4))
def test_a_transposed_convolution_gives_back_the_size(n, k, s, d, p):
    size = refused(output_size, n, k, s, p, d)
    if size is not None:
        assert transposed_size(size, k, s, p, d, lost_cells(n, k, s, p, d)) == n


@pytest.mark.parametrize(
    ("call", "field", "words"),
    [
        (lambda: output_size(5, 7), "kernel", ["7 cells", "only 5", "2 too few", "at most 5"]),
        (lambda: output_size(5, 4, dilation=2), "kernel", ["7 cells", "only 5", "at most 3 at dilation 2"]),
        (lambda: output_size(2, 7, 3, ceil_mode=True), "kernel", ["7 cells", "only 2", "and 2 beyond", "3 too few"]),
        (lambda: output_size(0, 1), "input", ["0", "at least 1"]),
        (lambda: output_size(5, 0), "kernel", ["0", "at least 1"]),
        (lambda: output_size(5, 3, 0), "stride", ["0", "at least 1"]),
        (lambda: output_size(5, 3, -2), "stride", ["-2", "at least 1"]),
        (lambda: output_size(5, 3, 1, -1), "padding", ["-1", "at least 0"]),
        (lambda: output_size(5, 3, 1, (0, -1)), "padding", ["-1", "at least 0"]),
        (lambda: output_size(5, 3, 1, cast(Any, (1, 2, 3))), "padding", ["3 numbers", "2 ends"]),
        (lambda: output_size(5, 3, 1, 0, 0), "dilation", ["0", "at least 1"]),
        (lambda: output_size(cast(Any, 5.0), 3), "input", ["5.0", "whole number", "5?"]),
        (lambda: output_size(5, True), "kernel", ["True", "whole number"]),
        (lambda: output_size(5, cast(Any, np.True_)), "kernel", ["True", "whole number"]),
        (lambda: output_size(5, cast(Any, "3")), "kernel", ["'3'", "whole number"]),
        (lambda: output_size(5, cast(Any, float("nan"))), "kernel", ["nan", "whole number"]),
        (lambda: output_size(5, cast(Any, None)), "kernel", ["None", "whole number"]),
        (lambda: transposed_size(3, 3, 2, 0, 1, 2), "output_padding", ["is 2", "here 2", "1 or less"]),
        (lambda: transposed_size(3, 3, 2, 0, 1, -1), "output_padding", ["-1", "at least 0"]),
        (lambda: transposed_size(1, 3, 1, 2), "padding", ["2 + 2", "3 cells", "leaves -1", "2 too few", "2 in total"]),
        (lambda: same_padding(5, 3, convention=cast(Any, "keras")), "padding", ["keras", "torch", "tf"]),
        (lambda: lost_cells(3, 5), "kernel", ["5 cells", "only 3"]),
    ],
)
def test_a_refusal_says_what_is_wrong_and_by_how_much(call, field, words):
    with pytest.raises(SpecError) as caught:
        call()
    assert caught.value.field == field
    assert isinstance(caught.value, CnnvizError)
    message = str(caught.value)
    assert [word for word in words if word not in message] == []
    assert message.endswith((".", "?"))


def test_numpy_integers_and_lists_are_read():
    assert cast(Any, output_size)(np.int64(5), np.uint8(3), padding=[1, 0]) == 4
    assert both_sides(cast(Any, [0, 2])) == (0, 2)
    assert effective_kernel(cast(Any, np.int32(3)), 2) == 5
