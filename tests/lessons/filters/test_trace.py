"""A filtered picture against torch, and where its pixels come from."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from PIL import Image

from cnnviz.engine.pictures.filters import filter_picture, picture_axes
from cnnviz.engine.pictures.grey import luma
from cnnviz.engine.pictures.kernels import LIBRARY
from cnnviz.errors import SpecError
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.lessons.filters.trace import FilterTrace, panel_place, picture_planes, trace_filter, window_of
from cnnviz.state.kernels import parse_kernel

PIXELS = np.random.default_rng(8).integers(0, 256, (47, 61, 3), dtype=np.uint8)


def asked(**query: str) -> FiltersSpec:
    spec, notes = FiltersSpec.from_query(query)
    assert not notes
    return spec


def by_torch(trace: FilterTrace) -> np.ndarray:
    """The same with conv2d in double precision."""
    spec, planes = trace.spec, torch.from_numpy(trace.planes.astype(np.float64))[:, None]
    (top, bottom), (left, right) = (axis.padding for axis in trace.axes)
    mode = "constant" if spec.mode == "zeros" else spec.mode
    padded = F.pad(planes, (left, right, top, bottom), mode=mode)
    kernel = torch.tensor(trace.rows, dtype=torch.float64)[None, None]
    out = F.conv2d(padded, kernel, stride=spec.stride, dilation=spec.dilation) + spec.bias
    return (F.relu(out) if spec.relu else out)[:, 0].numpy()


def check(spec: FiltersSpec, pixels: np.ndarray = PIXELS) -> FilterTrace:
    trace = trace_filter(picture_planes(pixels, colour=spec.is_colour), spec)
    wanted = by_torch(trace)
    assert trace.result.dtype == np.float32
    assert trace.result.shape == wanted.shape
    scale = 255 * np.abs(np.array(trace.rows, float)).sum() + abs(spec.bias)
    np.testing.assert_allclose(trace.result, wanted, rtol=1e-6, atol=2e-6 * scale)
    return trace


@pytest.mark.parametrize("name", LIBRARY)
@pytest.mark.parametrize("colour", ["grey", "colour"])
def test_every_kernel_agrees_with_torch(name: str, colour: str) -> None:
    check(asked(k=name, c=colour))


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", ["valid", "same", "full", "hand"])
@pytest.mark.parametrize(("stride", "dilation"), [("1", "1"), ("2", "1"), ("3", "2"), ("1", "3")])
@pytest.mark.parametrize("kernel", ["sobel-y", "box-4", "1 -1", "log-7-1.2"])
def test_every_way_of_moving_agrees_with_torch(
    mode: str, padding: str, stride: str, dilation: str, kernel: str
) -> None:
    check(asked(k=kernel, p=padding, mode=mode, s=stride, d=dilation, b="-20", relu="1", pn="5"))


@pytest.mark.parametrize("kernel", ["gaussian-15-3", "log-15-2", "box-15", "motion-15", "motion-flat-15"])
@pytest.mark.parametrize("dilation", ["1", "2"])
def test_large_kernels_agree_with_torch(kernel: str, dilation: str) -> None:
    check(asked(k=kernel, d=dilation, p="same", mode="reflect", c="colour"))


def test_whole_kernels_are_exact() -> None:
    trace = check(asked(k="sobel-x"))
    assert np.array_equal(trace.result, by_torch(trace))
    flat = np.full((30, 30), 51, np.uint8)
    for name in ("box-3", "box-7", "binomial-5", "motion-9", "identity"):
        assert (filter_picture(flat, tuple(parse_rows(name))) == 51).all()


def parse_rows(name: str) -> tuple[tuple[float, ...], ...]:
    from cnnviz.state.kernels import kernel_rows

    return kernel_rows(parse_kernel(name))


def test_huge_weights_do_not_round_on_the_way() -> None:
    rows = ((99_999, -99_998), (99_997, -99_998))
    flat = np.full((1, 5, 5), 255, np.uint8)
    assert (filter_picture(flat, rows) == 0).all()


def test_a_turned_kernel_is_convolution() -> None:
    rows = ((1, 2, 3), (0, -1, 5))
    plane = PIXELS[..., 0]
    wanted = F.conv2d(
        torch.from_numpy(plane.astype(np.float32))[None, None], torch.tensor(rows).flip(0, 1)[None, None].float()
    )
    np.testing.assert_array_equal(filter_picture(plane, rows, flip=True), wanted[0, 0].numpy())


def test_grey_is_pillows_grey() -> None:
    assert np.array_equal(luma(PIXELS), np.asarray(Image.fromarray(PIXELS).convert("L")))
    grey = np.repeat(PIXELS[..., :1], 3, axis=2)
    assert np.array_equal(luma(grey), grey[..., 0])


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 2)])
def test_small_pictures_say_what_does_not_fit(size: tuple[int, int]) -> None:
    with pytest.raises(SpecError, match="kernel"):
        filter_picture(np.zeros(size, np.uint8), parse_rows("box-5"))
    assert filter_picture(np.zeros(size, np.uint8), parse_rows("box-5"), padding="same").shape == size
    with pytest.raises(SpecError, match="Reflect padding"):
        filter_picture(np.zeros(size, np.uint8), parse_rows("box-9"), padding="same", mode="reflect")


@pytest.mark.parametrize(
    ("kernel", "stride", "dilation", "padding"), [(3, 1, 1, 0), (3, 2, 1, 1), (4, 3, 2, 0), (5, 1, 2, 4)]
)
def test_a_pixel_of_the_result_lies_over_the_middle_of_its_window(
    kernel: int, stride: int, dilation: int, padding: int
) -> None:
    axes = picture_axes((50, 50), ((1,) * kernel,) * kernel, stride=stride, dilation=dilation, padding=padding)
    (step, _), (offset, _) = panel_place(axes)
    for row in range(axes[0].size):
        top, _, height, _ = window_of(axes, (row, 0))
        assert top == axes[0].reads[row, 0] - padding
        assert top + height - 1 == axes[0].reads[row, -1] - padding
        assert offset + (row + 0.5) * step == pytest.approx(top + height / 2)
