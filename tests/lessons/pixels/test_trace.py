"""The scales of the Pixels page agree with PyTorch, and every number of the corner stands where it is said to stand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnnviz.lessons.pixels.spec import IMAGENET_MEAN, IMAGENET_STD, ORDERS, OVER, SCALES, PixelsSpec
from cnnviz.lessons.pixels.trace import trace_pixels
from tests.lessons.convolution.specs import examples

PICTURES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)))
SPECS = st.builds(
    PixelsSpec,
    scale=st.sampled_from(list(SCALES)),
    over=st.sampled_from(list(OVER)),
    order=st.sampled_from(list(ORDERS)),
    batch=st.integers(1, 5),
    at=st.none() | st.tuples(st.integers(0, 12), st.integers(0, 12)),
)


def by_torch(pixels: np.ndarray, spec: PixelsSpec) -> torch.Tensor:
    x = torch.from_numpy(pixels.copy()).permute(2, 0, 1).double()
    match spec.scale:
        case "unit":
            return x / 255
        case "sign":
            return x / 127.5 - 1
        case "imagenet":
            mean, std = (
                torch.tensor(part, dtype=torch.float64).view(3, 1, 1) for part in (IMAGENET_MEAN, IMAGENET_STD)
            )
            return (x / 255 - mean) / std
        case "standard":
            axes = (0, 1, 2) if spec.over == "all" else (1, 2)
            std = x.std(dim=axes, keepdim=True).nan_to_num().clamp(min=1e-8)
            return (x - x.mean(dim=axes, keepdim=True)) / std
    return x


@pytest.mark.filterwarnings("ignore:std")  # torch warns of a single pixel, which has no deviation
@examples(300)
@given(PICTURES, SPECS)
def test_every_pixel_is_what_torch_computes(pixels: np.ndarray, spec: PixelsSpec) -> None:
    trace = trace_pixels(pixels, spec)
    ours = np.stack([trace.scaled(channel)[pixels[..., channel]] for channel in range(3)])
    theirs = by_torch(pixels, spec).numpy()
    flat_alone = spec.scale == "standard" and (pixels.size == 3 or any(trace.flat))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-4 if flat_alone else 1e-9)


@examples(200)
@given(PICTURES, SPECS)
def test_the_corner_stands_where_the_tensor_has_it(pixels: np.ndarray, spec: PixelsSpec) -> None:
    trace = trace_pixels(pixels, spec)
    x = torch.from_numpy(pixels.copy())
    if spec.order != "hwc":
        x = x.permute(2, 0, 1).contiguous()
    if spec.order == "nchw":
        x = torch.stack([x] * spec.batch)
    assert trace.shape == tuple(x.shape)
    assert trace.strides == x.clone(memory_format=torch.contiguous_format).reshape(-1).view(x.shape).stride()
    flat = x.flatten()
    places = []
    for row, column, channel in trace.memory(spec.order):
        r, c = trace.at[0] + row, trace.at[1] + column
        index = (r, c, channel) if spec.order == "hwc" else (channel, r, c)
        place = sum(i * step for i, step in zip(index, trace.strides[-3:], strict=True))
        assert flat[place] == trace.corner[row, column, channel] == pixels[r, c, channel]
        places.append(place)
    assert places == sorted(places)


@examples(100)
@given(PICTURES)
def test_the_histogram_counts_every_pixel(pixels: np.ndarray) -> None:
    trace = trace_pixels(pixels, PixelsSpec())
    assert trace.counts.sum(axis=1).tolist() == [pixels[..., 0].size] * 3
    for channel in range(3):
        values, counts = np.unique(pixels[..., channel], return_counts=True)
        assert trace.counts[channel, values].tolist() == counts.tolist()
