"""The kernel library, and how kernels are read and written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.grids import CUSTOM
from cnnviz.engine.pictures.kernels import LARGEST_KERNEL, LIBRARY, SIGMAS, whole_rows
from cnnviz.errors import SpecError
from cnnviz.state.kernels import (
    KernelSource,
    edited_kernel,
    kernel_rows,
    kernel_text,
    parse_kernel,
    show_kernel,
    sized_kernel,
)
from tests.lessons.convolution.specs import examples

EVERY = [
    sized_kernel(name, size, sigma) if entry.sizes else KernelSource(name)
    for name, entry in LIBRARY.items()
    for size in entry.sizes or (0,)
    for sigma in ((0.0, SIGMAS[0], 2.25, SIGMAS[1]) if entry.sigma else (0.0,))
]
SUM_1 = {"identity", "box", "gaussian", "binomial", "motion", "motion-up", "motion-flat", "sharpen", "sharpen-all"} | {
    "unsharp",
    "emboss",
    "bump",
}


@pytest.mark.parametrize("source", EVERY, ids=show_kernel)
def test_every_kernel_is_a_grid_that_a_link_brings_back(source: KernelSource) -> None:
    rows = kernel_rows(source)
    assert 1 <= len(rows) <= LARGEST_KERNEL
    assert {len(row) for row in rows} <= set(range(1, LARGEST_KERNEL + 1))
    assert len({len(row) for row in rows}) == 1
    assert parse_kernel(show_kernel(source)) == source


@pytest.mark.parametrize("source", EVERY, ids=show_kernel)
def test_the_weights_add_up_to_what_the_words_say(source: KernelSource) -> None:
    whole, divisor = whole_rows(kernel_rows(source))
    total = float(np.sum(whole)) / divisor
    entry = LIBRARY[source.name]
    if source.name in SUM_1:
        assert total == pytest.approx(1, abs=1e-12)
    elif entry.group in {"Edges", "Second derivative"} or source.name.startswith("line-"):
        assert total == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("source", EVERY, ids=show_kernel)
def test_whole_kernels_stay_whole_and_fractions_have_a_divisor(source: KernelSource) -> None:
    rows = kernel_rows(source)
    whole, divisor = whole_rows(rows)
    assert np.array_equal(np.array(whole) / divisor, np.array(rows))
    if not LIBRARY[source.name].sigma:
        assert all(isinstance(value, int) for row in whole for value in row)


@pytest.mark.parametrize("size", LIBRARY["gaussian"].sizes)
@pytest.mark.parametrize("sigma", [0.5, 1.0, 3.7])
def test_a_gaussian_is_a_bell(size: int, sigma: float) -> None:
    kernel = np.array(kernel_rows(sized_kernel("gaussian", size, sigma)))
    middle = size // 2
    assert np.allclose(kernel, kernel.T) and np.allclose(kernel, kernel[::-1])
    falls = kernel[middle, middle + 1] / kernel[middle, middle]
    assert falls == pytest.approx(np.exp(-1 / (2 * sigma**2)))


def test_a_laplacian_of_a_gaussian_is_one() -> None:
    """Far from its border it is the Laplacian of a fine bell, up to the factor."""
    sigma, size = 2.0, 15
    kernel = np.array(kernel_rows(sized_kernel("log", size, sigma)))
    fine = np.arange(-8, 9)
    bell = np.exp(-(fine[:, None] ** 2 + fine**2) / (2 * sigma**2))
    curve = bell[:-2, 1:-1] + bell[2:, 1:-1] + bell[1:-1, :-2] + bell[1:-1, 2:] - 4 * bell[1:-1, 1:-1]
    assert np.corrcoef(kernel.ravel(), curve.ravel())[0, 1] > 0.99


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "a kernel is a name such as"),
        ("sobel", "a kernel is a name such as"),
        ("gaussian-4", "the sizes of gaussian are"),
        ("box-16", "the sizes of box are"),
        ("gaussian-5-9", "sigma goes from 0.3 to 6"),
        ("box-5-1", "box has no sigma"),
        ("sobel-5", "no kernel of that name comes in sizes"),
        ("1 2_3", "equally long"),
        ("1 x", "not a number"),
        (" ".join("1" * 16), "15 of each is the limit"),
    ],
)
def test_a_bad_kernel_is_named(text: str, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        parse_kernel(text)


NUMBERS = st.integers(-999, 999) | st.fractions(-9, 9, max_denominator=99).map(lambda part: f"{part}")
ROWS = st.integers(1, 15).flatmap(
    lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=15)
)


@examples(100)
@given(ROWS)
def test_typed_rows_come_back(rows: list[list[object]]) -> None:
    source = parse_kernel("_".join(" ".join(map(str, row)) for row in rows))
    assert source.name == CUSTOM
    assert parse_kernel(show_kernel(source)) == source
    whole, divisor = whole_rows(kernel_rows(source))
    assert np.allclose(np.array(whole, float) / divisor, np.array(kernel_rows(source), float), rtol=0, atol=0)


@pytest.mark.parametrize("source", EVERY[::5], ids=show_kernel)
def test_typing_what_stands_there_changes_nothing(source: KernelSource) -> None:
    assert edited_kernel(source, kernel_text(kernel_rows(source))) == source


def test_a_few_changed_cells_stay_edits_and_many_become_rows() -> None:
    base = KernelSource("sobel-x")
    few = edited_kernel(base, "-1 0 1\n-2 7 2\n-1 0 1")
    assert (few.name, few.edits) == ("sobel-x", ((1, 1, 7),))
    assert kernel_rows(few)[1] == (-2, 7, 2)
    many = edited_kernel(base, "1 2 3\n4 5 6\n7 8 9")
    assert (many.name, many.rows) == (CUSTOM, ((1, 2, 3), (4, 5, 6), (7, 8, 9)))
    other = edited_kernel(base, "1 2\n3 4")
    assert (other.name, other.edits) == (CUSTOM, ())
    assert kernel_rows(few.edit(1, 1, 0)) == kernel_rows(base)
