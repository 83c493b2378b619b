"""One pixel taken apart: its numbers are the picture's, and the stage and the Channels page compute the same."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.errors import SpecError
from cnnviz.lessons.channels.spec import ChannelsSpec
from cnnviz.lessons.channels.trace import trace_channels
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.convolution.trace import trace_convolution
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.lessons.filters.trace import picture_planes, trace_filter
from cnnviz.lessons.filters.trace_borders import trace_borders
from cnnviz.lessons.filters.trace_pixel import PixelTrace, channels_spec, stage_cell, stage_spec, trace_pixel
from cnnviz.state.kernels import kernel_rows, parse_kernel

PIXELS = np.random.default_rng(9).integers(0, 256, (33, 41, 3), dtype=np.uint8)
LINKS = [
    {"k": kernel, "s": stride, "d": dilation, "p": padding, "mode": mode, "flip": flip}
    for kernel, stride, dilation in (
        ("sobel-x", "1", "1"), ("sobel-y", "2", "2"), ("box-5", "3", "1"), ("box-4", "1", "2"), ("log-7-1.2", "1", "1"),
        ("difference", "8", "1"), ("1 2 3_4 5 6", "1", "4"),
    )
    for padding, mode in (("valid", "zeros"), ("same", "zeros"), ("full", "reflect"), ("hand", "circular"))
    for flip in ("0", "1")
]  # fmt: skip


def pixels_of(link: dict[str, str]) -> list[PixelTrace]:
    spec, notes = FiltersSpec.from_query(link)
    assert not notes
    trace = trace_filter(picture_planes(PIXELS, colour=spec.is_colour), spec)
    rows, columns = trace.size
    places = [(0, 0), (rows // 2, columns // 2), (rows - 1, columns - 1), (0, columns - 1), (9999, 1)]
    return [trace_pixel(trace, place, spec.channel) for place in places]


@pytest.mark.parametrize("link", LINKS, ids=str)
def test_the_products_add_up_to_the_result(link: dict[str, str]) -> None:
    for pixel in pixels_of({**link, "b": "-7", "relu": "1"}):
        assert pixel.products.sum() / pixel.divisor == pytest.approx(pixel.total)
        assert max(pixel.total - 7, 0) == pytest.approx(pixel.result, rel=1e-5, abs=1e-3)


@pytest.mark.parametrize("link", LINKS, ids=str)
def test_the_stage_computes_the_same_pixel(link: dict[str, str]) -> None:
    for pixel in pixels_of(link):
        stage = stage_spec(pixel)
        link_back, notes = ConvolutionSpec.from_query(stage.to_query())
        assert notes == []
        trace = trace_convolution(link_back)
        assert float(trace.output[stage_cell(pixel, stage)]) == pytest.approx(pixel.total, abs=0.01)


def test_values_beyond_the_border_are_marked() -> None:
    pixel = pixels_of({"p": "same", "mode": "replicate"})[0]
    assert pixel.window == (-1, -1, 3, 3)
    assert pixel.outside.tolist() == [[True] * 3, [True, False, False], [True, False, False]]
    plane = picture_planes(PIXELS, colour=False)[0]
    assert pixel.values[0, 0] == plane[0, 0] and pixel.values[2, 2] == plane[1, 1]


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({"k": "box-9"}, "Box blur in size 7 fits"),
        ({"k": "gaussian-15-3"}, "Gaussian in size 7 fits"),
        ({"k": "1 1 1 1 1 1 1 1"}, "kernels up to 7×7; this one has 1×8"),
        ({"d": "5"}, "spreads kernels by up to 4, not 5"),
        ({"k": "box-7", "d": "3"}, "19×19 pixels, and the stage holds 16×16. With dilation 2 it fits"),
    ],
)
def test_what_does_not_fit_the_stage_says_so(link: dict[str, str], says: str) -> None:
    with pytest.raises(SpecError, match=says):
        stage_spec(pixels_of(link)[1])


@pytest.mark.parametrize(
    "link", [{"k": "laplacian"}, {"k": "box", "s": "2", "p": "same"}, {"k": "difference", "b": "-9"}]
)
def test_the_channels_page_computes_all_three_colours(link: dict[str, str]) -> None:
    for channel in range(3):
        for pixel in pixels_of({**link, "c": "colour", "ch": str(channel)}):
            spec = channels_spec(pixel)
            back, notes = ChannelsSpec.from_query(spec.to_query())
            assert notes == []
            trace = trace_channels(back)
            wanted = [trace_pixel(pixel.filtered, pixel.at, one).total + pixel.spec.bias for one in range(3)]
            cell = stage_cell_of(pixel)
            assert [float(trace.outputs[one][cell]) for one in range(3)] == pytest.approx(wanted, abs=0.01)


def stage_cell_of(pixel: PixelTrace) -> tuple[int, int]:
    """Outputs before this pixel on the Channels page: one, where there is one."""
    return min(pixel.at[0], 1), min(pixel.at[1], 1)


def test_a_large_kernel_does_not_fit_the_channels_page() -> None:
    with pytest.raises(SpecError, match="up to a 3×3 kernel"):
        channels_spec(pixels_of({"k": "box-5", "c": "colour"})[0])


@pytest.mark.parametrize("kernel", ["box-3", "sobel-x", "gaussian-9-2", "1 -1", "box-4", "identity"])
@pytest.mark.parametrize("dilation", [1, 2])
def test_border_errors_are_those_of_the_cropped_picture(kernel: str, dilation: int) -> None:
    plane, rows = np.random.default_rng(2).integers(0, 256, (64, 80), dtype=np.uint8), kernel_rows(parse_kernel(kernel))
    borders = trace_borders(plane, rows, dilation=dilation, bias=3, relu=True)
    top, left, height, width = borders.crop
    assert np.array_equal(borders.picture, plane[top : top + height, left : left + width])
    (above, below), (before, after) = borders.sides
    for case in borders.cases:
        inside = case.error[above : height - below, before : width - after]
        assert np.abs(inside).max() <= 1e-3
        assert case.largest == np.abs(case.error).max()
    ring = height * width - (height - above - below) * (width - before - after)
    assert borders.touched == ring


def test_a_flat_picture_has_no_border_but_with_zeros() -> None:
    borders = trace_borders(np.full((40, 40), 90, np.uint8), kernel_rows(parse_kernel("box-5")))
    assert [round(case.largest, 3) for case in borders.cases] == [57.6, 0, 0, 0]


def test_a_picture_too_small_for_the_comparison_says_so() -> None:
    with pytest.raises(SpecError, match="at least 22 pixels, and this one has 20"):
        trace_borders(np.zeros((20, 20), np.uint8), kernel_rows(parse_kernel("box-15")))
