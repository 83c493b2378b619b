import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from cnnviz.engine.grids import CUSTOM, GridSource
from cnnviz.engine.patterns import INPUTS, KERNELS, fill_input, fill_kernel
from cnnviz.lessons.convolution.spec import BOUNDS, ConvolutionSpec
from cnnviz.lessons.convolution.trace import trace_convolution
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS

TRUTH = json.loads((Path(__file__).parents[1] / "truth" / "arithmetic.json").read_text())
INPUT_SHAPES = list(product(range(1, BOUNDS["input"][1] + 1), repeat=2))
KERNEL_SHAPES = list(product(range(1, BOUNDS["kernel"][1] + 1), repeat=2))
FILLS = [(fill_input, name, INPUT_SHAPES) for name in INPUT_PATTERNS]
FILLS += [(fill_kernel, name, KERNEL_SHAPES) for name in KERNEL_PATTERNS]
IDS = [f"{fill.__name__}-{name}" for fill, name, _ in FILLS]


def kernels(name):
    """One kernel of every shape."""
    return [fill_kernel(GridSource(name), shape) for shape in KERNEL_SHAPES]


def test_the_patterns_are_those_of_the_lists():
    assert list(INPUTS) == list(INPUT_PATTERNS)
    assert list(KERNELS) == list(KERNEL_PATTERNS)


@pytest.mark.parametrize(("fill", "name", "shapes"), FILLS, ids=IDS)
def test_every_pattern_fills_every_shape(fill, name, shapes):
    for shape in shapes:
        grid = fill(GridSource(name), shape)
        assert grid.shape == shape
        assert grid.dtype.kind in "if"
        assert np.isfinite(grid).all()
        with pytest.raises(ValueError, match="read-only"):
            grid[0, 0] = 1


@pytest.mark.parametrize(("fill", "name", "shapes"), FILLS, ids=IDS)
def test_the_same_question_gets_the_same_numbers(fill, name, shapes):
    fill.cache_clear()
    first = fill(GridSource(name), shapes[-1], 7).tolist()
    fill.cache_clear()
    assert fill(GridSource(name), shapes[-1], 7).tolist() == first
    other = fill(GridSource(name), shapes[-1], 8).tolist()
    assert (other != first) == (name == "random")


@pytest.mark.parametrize("name", ["guide", "lecture", "window", "random", "checkerboard", "ramp", "ones"])
def test_a_larger_input_keeps_its_numbers(name):
    whole = fill_input(GridSource(name), INPUT_SHAPES[-1], 3)
    for height, width in INPUT_SHAPES:
        assert (fill_input(GridSource(name), (height, width), 3) == whole[:height, :width]).all()


@pytest.mark.parametrize("name", ["guide", "random", "ones"])
def test_a_larger_kernel_keeps_its_numbers(name):
    whole = fill_kernel(GridSource(name), KERNEL_SHAPES[-1], 3)
    for height, width in KERNEL_SHAPES:
        assert (fill_kernel(GridSource(name), (height, width), 3) == whole[:height, :width]).all()


def test_input_and_kernel_do_not_share_their_random_numbers():
    values = fill_input(GridSource("random"), (7, 7), 1)
    weights = fill_kernel(GridSource("random"), (7, 7), 1)
    assert set(values.ravel().tolist()) <= set(range(10))
    assert set(weights.ravel().tolist()) <= set(range(-2, 3))
    assert not np.array_equal(values % 5 - 2, weights)


@pytest.mark.parametrize("name", ["box", "gaussian"])
def test_a_blur_neither_brightens_nor_darkens(name):
    for weights in kernels(name):
        assert weights.sum() == pytest.approx(1, abs=1e-14)
        assert (weights > 0).all()
        assert weights == pytest.approx(weights[::-1, ::-1], abs=0)


def test_the_laplacian_sees_nothing_in_flat_regions_and_sharpening_keeps_them():
    assert {int(weights.sum()) for weights in kernels("laplacian")} == {0}
    assert {int(weights.sum()) for weights in kernels("sharpen")} == {1}
    assert fill_kernel(GridSource("laplacian"), (3, 3)).tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    assert fill_kernel(GridSource("sharpen"), (3, 3)).tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]


def test_the_laplacian_is_zero_on_a_ramp():
    for size in range(3, 8):
        spec = ConvolutionSpec((9, 9), (size, size), values=GridSource("ramp"), weights=GridSource("laplacian"))
        assert not trace_convolution(spec).output.any()


def test_sobel_subtracts_one_side_from_the_other():
    for height, width in KERNEL_SHAPES:
        rows = fill_kernel(GridSource("sobel"), (height, width))
        columns = fill_kernel(GridSource("sobel-x"), (height, width))
        if height > 1:
            assert (rows == -rows[::-1]).all()
            assert rows.sum() == 0
        if width > 1:
            assert (columns == -columns[:, ::-1]).all()
            assert columns.sum() == 0
        assert (rows == fill_kernel(GridSource("sobel-x"), (width, height)).T).all()


def test_a_difference_is_one_pair_of_neighbours():
    for weights in kernels("difference"):
        expected = [1] if weights.shape[1] == 1 else [-1, 1]
        assert sorted(weights[weights != 0].tolist()) == expected
    assert fill_kernel(GridSource("difference"), (1, 2)).tolist() == [[1, -1]]


@pytest.mark.parametrize(("height", "width"), KERNEL_SHAPES)
def test_identity_under_same_gives_the_input_back(height, width):
    spec = ConvolutionSpec((6, 7), (height, width), padding="same", weights=GridSource("identity"))
    trace = trace_convolution(spec)
    assert trace.output.tolist() == trace.values.tolist()


def test_the_lectures_and_the_guides_grids():
    lecture, guide = TRUTH["lecture"], TRUTH["guide_numeric"]
    assert fill_input(GridSource("lecture"), (7, 7)).tolist() == lecture["slide_7x7"]
    assert fill_input(GridSource("window"), (6, 6)).tolist() == lecture["pool_input"]
    assert fill_input(GridSource("guide"), (5, 5)).tolist() == guide["input"]
    assert fill_kernel(GridSource("guide"), (3, 3)).tolist() == guide["kernel"]
    assert fill_kernel(GridSource("sobel"), (3, 3)).tolist() == lecture["slide_sobel"]
    assert fill_kernel(GridSource("cross"), (3, 3)).tolist() == lecture["pool_kernel"]


@pytest.mark.parametrize(
    ("name", "shape", "rows"),
    [
        ("counting", (2, 3), [[0, 1, 2], [3, 4, 5]]),
        ("impulse", (3, 3), [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("impulse", (2, 4), [[0, 1, 0, 0], [0, 0, 0, 0]]),
        ("edge", (1, 5), [[0, 0, 0, 9, 9]]),
        ("checkerboard", (2, 3), [[0, 1, 0], [1, 0, 1]]),
        ("ramp", (2, 3), [[0, 1, 2], [0, 1, 2]]),
        ("ones", (1, 2), [[1, 1]]),
        ("rising", (2, 2), [[0.1, 0.9], [0.9, 0.1]]),
        ("falling", (2, 2), [[0.9, 0.1], [0.1, 0.9]]),
    ],
)
def test_small_inputs_by_hand(name, shape, rows):
    assert fill_input(GridSource(name), shape).tolist() == rows


def test_typed_rows_fill_any_shape():
    source = GridSource(CUSTOM, ((1, 2), (3, 4)))
    assert fill_input(source, (2, 2)).tolist() == [[1, 2], [3, 4]]
    assert fill_input(source, (1, 3)).tolist() == [[1, 2, 0]]
    assert fill_input(source, (3, 1)).tolist() == [[1], [3], [0]]


def test_edits_lie_on_top_and_wait_while_they_are_outside():
    source = GridSource("ones").edit(0, 1, 5).edit(2, 2, -1)
    assert fill_input(source, (2, 2)).tolist() == [[1, 5], [1, 1]]
    assert fill_input(source, (3, 3)).tolist() == [[1, 5, 1], [1, 1, 1], [1, 1, -1]]


def test_integers_stay_integers_until_a_fraction_is_there():
    assert fill_input(GridSource("ones").edit(0, 0, 2), (2, 2)).dtype.kind == "i"
    mixed = fill_input(GridSource("ones").edit(0, 0, 0.5), (2, 2))
    assert mixed.tolist() == [[0.5, 1], [1, 1]]
    hidden = fill_input(GridSource("ones").edit(9, 9, 0.5), (2, 2))
    assert hidden.dtype.kind == "i"


def test_every_session_shares_one_grid():
    assert fill_input(GridSource("random"), (16, 16), 5) is fill_input(GridSource("random"), (16, 16), 5)
