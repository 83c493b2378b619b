from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.arithmetic import lost_cells, output_size
from cnnviz.engine.windows import PADDING_MODES, axis_windows, pad, pad_axis
from cnnviz.errors import SpecError

NUMPY_MODES: dict[str, Any] = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@st.composite
def axes(draw):
    n, k, s, d = (draw(st.integers(1, most)) for most in (12, 5, 4, 3))
    mode = draw(st.sampled_from(PADDING_MODES))
    most = {"reflect": n - 1, "circular": n}.get(mode, 4)
    padding = (draw(st.integers(0, most)), draw(st.integers(0, most)))
    return (n, k, s, padding, d, mode)


@settings(deadline=None, max_examples=200)
@given(axes())
def test_every_view_of_the_map_tells_the_same_story(setting):
    n, k, s, padding, d, mode = setting
    try:
        windows = axis_windows(*setting)
    except SpecError as error:
        assert error.field == "kernel"
        return
    assert windows.size == output_size(n, k, s, padding, d) == len(windows.reads)
    assert windows.lost == lost_cells(n, k, s, padding, d)
    assert windows.padded_size == len(windows.origin) == n + sum(padding)
    assert windows.overhang == 0
    counts = [0] * n
    for position, pairs in enumerate(windows.readers):
        assert list(pairs) == [tuple(pair) for pair in np.argwhere(windows.reads == position).tolist()]
        assert windows.coverage_padded[position] == len(pairs)
        if windows.origin[position] >= 0:
            counts[windows.origin[position]] += len(pairs)
    assert windows.coverage.tolist() == counts
    assert windows.unread == tuple(cell for cell, count in enumerate(counts) if count == 0)
    line = np.arange(1, n + 1)
    wanted = np.pad(line, padding, mode=NUMPY_MODES[mode]) if mode in NUMPY_MODES else np.pad(line, padding)
    assert pad_axis(line, windows).tolist() == wanted.tolist()


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", [(0, 0), (1, 2), (3, 1), (3, 3), (4, 0), (0, 5), (5, 5)])
def test_padding_modes_are_those_of_torch_and_so_are_the_refusals(mode, padding):
    x = torch.arange(1.0, 5.0)[None, None]
    try:
        theirs = torch.nn.functional.pad(x, padding, mode=mode)[0, 0].tolist()
    except RuntimeError:
        with pytest.raises(SpecError) as caught:
            axis_windows(4, 1, 1, padding, 1, mode)
        most = 3 if mode == "reflect" else 4
        assert caught.value.field == "padding"
        assert f"at most {most}: {max(padding)} is {max(padding) - most} too many" in str(caught.value)
        return
    assert pad(x[0, 0].numpy(), (axis_windows(4, 1, 1, padding, 1, mode),)).tolist() == theirs


def test_ceil_mode_adds_cells_that_are_neither_input_nor_padding():
    windows = axis_windows(6, 3, 2, (0, 0), ceil_mode=True)
    assert (windows.size, windows.overhang, windows.padded_size, windows.lost) == (3, 1, 7, 0)
    assert windows.origin.tolist() == [0, 1, 2, 3, 4, 5, -1]
    dropped = axis_windows(4, 2, 3, (1, 1), ceil_mode=True)
    assert (dropped.size, dropped.overhang, dropped.lost) == (2, 0, 1)


def test_a_large_stride_leaves_gaps():
    windows = axis_windows(8, 2, 3)
    assert windows.unread == (2, 5)
    assert windows.lost == 0


def test_the_map_is_kept_and_cannot_be_written_to():
    windows = axis_windows(7, 3, padding=1)
    assert windows is axis_windows(7, 3, padding=(1, 1))
    for array in (windows.reads, windows.origin, windows.coverage, windows.coverage_padded):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_long_axis_is_not_kept():
    assert axis_windows(1000, 3) is not axis_windows(1000, 3)


def test_true_is_not_one_even_when_one_is_known():
    axis_windows(7, 1)
    with pytest.raises(SpecError, match="whole number"):
        axis_windows(7, True)


def test_an_unknown_mode_is_named():
    with pytest.raises(SpecError, match=r"'mirror'.*reflect") as caught:
        axis_windows(5, 3, mode=cast(Any, "mirror"))
    assert caught.value.field == "padding_mode"


@pytest.mark.parametrize("mode", PADDING_MODES)
def test_pad_composes_axes(mode):
    grid = np.arange(12).reshape(1, 3, 4)
    rows, cols = axis_windows(3, 2, padding=(1, 2), mode=mode), axis_windows(4, 3, padding=(2, 0), mode=mode)
    wanted = np.pad(grid, [(0, 0), (1, 2), (2, 0)], mode=NUMPY_MODES.get(mode, "constant"))
    assert pad(grid, (rows, cols)).tolist() == wanted.tolist()
