"""Two kernels and their combination: against torch, and against sums written out."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch.nn import functional

from cnnviz.errors import SpecError
from cnnviz.lessons.filter_chains.spec import BORDERS, FilterChainsSpec
from cnnviz.lessons.filter_chains.trace import Kernel, combine, grey_bytes, kernel_of, trace_sequence
from cnnviz.state.kernels import KernelSource, kernel_rows, parse_kernel
from tests.lessons.convolution.specs import examples

PICTURES = arrays.arrays(np.uint8, st.tuples(st.integers(13, 18), st.integers(13, 18)))
NAMES = ["box", "box-2", "gaussian", "sobel-x", "sobel-y", "sharpen", "difference", "difference-y", "log-7", "binomial"]
KERNELS = st.sampled_from(NAMES).map(parse_kernel) | st.lists(
    st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=1, max_size=4
).map(lambda rows: KernelSource("custom", rows=tuple(rows)))
PHOTO = np.random.default_rng(7).integers(0, 256, (40, 50), dtype=np.uint8)
PAD = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def by_torch(x: torch.Tensor, kernel: torch.Tensor, sides: tuple[int, int, int, int], mode: str) -> torch.Tensor:
    if mode != "valid":
        x = functional.pad(x, sides, mode=PAD[mode])
    return functional.conv2d(x, kernel[None, None])


def sides_of(shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    rows, columns = shape
    return (columns - 1) // 2, columns // 2, (rows - 1) // 2, rows // 2


def added(one: tuple[int, ...], two: tuple[int, ...]) -> tuple[int, int, int, int]:
    left, right, top, bottom = (a + b for a, b in zip(one, two, strict=True))
    return left, right, top, bottom


@examples(300)
@given(PICTURES, KERNELS, KERNELS, st.sampled_from(list(BORDERS)), st.booleans())
def test_both_ways_are_what_torch_computes(
    picture: np.ndarray, first: KernelSource, second: KernelSource, mode: str, relu: bool
) -> None:
    spec = FilterChainsSpec(first=first, second=second, mode=mode, relu=relu)
    trace = trace_sequence(picture, spec)
    x = torch.from_numpy(picture.astype(np.float64))[None, None]
    k1, k2 = (torch.tensor(kernel_rows(one), dtype=torch.double) for one in (first, second))
    between = by_torch(x, k1, sides_of(k1.shape), mode)
    between = torch.relu(between) if relu else between
    steps = by_torch(between, k2, sides_of(k2.shape), mode)
    combined = functional.conv_transpose2d(k1[None, None], k2[None, None])[0, 0]
    once = by_torch(x, combined, added(sides_of(k1.shape), sides_of(k2.shape)), mode)
    np.testing.assert_allclose(trace.combined.values, combined.numpy(), rtol=1e-12, atol=1e-12)
    for ours, theirs in ((trace.between, between), (trace.steps, steps), (trace.once, once)):
        np.testing.assert_allclose(ours, theirs[0, 0].numpy(), rtol=1e-5, atol=2e-2)
    apart = (steps - once).abs()
    assert max(trace.inside or 0.0, trace.border) == pytest.approx(float(apart.max()), abs=2e-2, rel=1e-5)
    if mode in {"valid", "circular"} and not relu:
        assert trace.parts == 0


@examples(100)
@given(KERNELS, KERNELS)
def test_the_combined_kernel_is_the_sum_written_out_in_fractions(first: KernelSource, second: KernelSource) -> None:
    a, b = kernel_of(first), kernel_of(second)
    combined = combine(a, b)
    sums: dict[tuple[int, int], Fraction] = {}
    rows_a, rows_b = kernel_rows(first), kernel_rows(second)
    for (i, line), (k, other) in itertools.product(enumerate(rows_a), enumerate(rows_b)):
        for (j, one), (m, two) in itertools.product(enumerate(line), enumerate(other)):
            part = Fraction(one).limit_denominator(10**9) * Fraction(two).limit_denominator(10**9)
            sums[i + k, j + m] = sums.get((i + k, j + m), Fraction(0)) + part
    for place, value in sums.items():
        if a.whole and b.whole:
            assert Fraction(int(combined.numbers[place]), combined.divisor) == value
        else:
            assert float(combined.values[place]) == pytest.approx(float(value), abs=1e-8)
    assert combined.numbers.size == len(sums)
    assert np.array_equal(combined.reduced().values, combined.values) or np.allclose(
        combined.reduced().values, combined.values
    )


@examples(150)
@given(PICTURES, KERNELS, KERNELS, st.sampled_from(["zeros", "reflect", "replicate", "circular"]))
def test_inside_nothing_differs(picture: np.ndarray, first: KernelSource, second: KernelSource, mode: str) -> None:
    trace = trace_sequence(picture, FilterChainsSpec(first=first, second=second, mode=mode))
    assert trace.one_kernel
    if trace.exact:
        assert trace.inside in {None, 0.0}
    frame = np.abs(trace.difference)
    assert trace.parts == int((frame > trace.rounding).sum())


@pytest.mark.parametrize("second", ["sobel-x", "box", "log"])
def test_mirrors_agree_if_the_first_kernel_is_its_own_mirror_image(second: str) -> None:
    spec = FilterChainsSpec(first=parse_kernel("box"), second=parse_kernel(second), mode="reflect")
    assert trace_sequence(PHOTO, spec).parts == 0
    turned = replace(spec, first=parse_kernel("sobel-y"))
    assert trace_sequence(PHOTO, turned).border > 1


def test_a_relu_makes_it_another_thing_only_where_something_is_negative() -> None:
    edges = FilterChainsSpec(first=parse_kernel("sobel-x"), second=parse_kernel("sobel-x"), relu=True)
    assert not trace_sequence(PHOTO, edges).one_kernel
    assert trace_sequence(PHOTO, replace(edges, first=parse_kernel("box"))).one_kernel


def test_the_lecture_counts() -> None:
    trace = trace_sequence(PHOTO, FilterChainsSpec())
    assert (trace.first.size + trace.second.size, trace.combined.size) == (18, 25)
    assert trace.products == (18 * PHOTO.size, 25 * PHOTO.size)
    assert trace.combined.numbers.tolist() == np.outer([1, 2, 3, 2, 1], [1, 2, 3, 2, 1]).tolist()
    assert trace.combined.divisor == 81


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (3, 2)])
@pytest.mark.parametrize("mode", ["zeros", "replicate"])
def test_tiny_pictures_have_no_inside(size: tuple[int, int], mode: str) -> None:
    trace = trace_sequence(np.full(size, 9, np.uint8), FilterChainsSpec(mode=mode, at=(500, 500)))
    assert trace.inside is None
    assert trace.at == (size[0] - 1, size[1] - 1)


@pytest.mark.parametrize(("mode", "words"), [("valid", "kernel"), ("reflect", "mirrors"), ("circular", "goes round")])
def test_a_picture_that_is_too_small_is_named(mode: str, words: str) -> None:
    spec = FilterChainsSpec(first=parse_kernel("box-15"), second=parse_kernel("box-15"), mode=mode)
    with pytest.raises(SpecError, match=words):
        trace_sequence(np.zeros((6, 6), np.uint8), spec)


def test_weights_that_no_screen_could_show_are_refused() -> None:
    huge = KernelSource("custom", rows=((99_999, 99_999),))
    with pytest.raises(SpecError, match="times smaller"):
        trace_sequence(PHOTO, FilterChainsSpec(first=huge, second=huge))


def test_a_kernel_of_floats_is_no_whole_one() -> None:
    assert not kernel_of(parse_kernel("gaussian")).whole
    assert Kernel(np.array([[0.5]]), 1).reduced().numbers.tolist() == [[0.5]]
    assert grey_bytes(np.array([[254.5001]])).tolist() == [[255]]
