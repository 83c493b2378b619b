from __future__ import annotations

import json
from copy import deepcopy

import numpy as np
import plotly.graph_objects as go
import pytest

from cnnviz.lessons.pixels.figure import histogram_figure
from cnnviz.lessons.pixels.spec import SCALES, PixelsSpec
from cnnviz.lessons.pixels.trace import trace_pixels

PIXELS = np.random.default_rng(5).integers(0, 256, (20, 30, 3), dtype=np.uint8)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("scale", SCALES)
def test_the_histogram_is_valid_and_follows_the_scale(scale: str, dark: bool) -> None:
    trace = trace_pixels(PIXELS, PixelsSpec(scale=scale))
    figure = histogram_figure(trace, dark=dark)
    go.Figure(deepcopy(figure))
    assert len(json.dumps(figure)) < 40_000
    assert "template" in figure["layout"]
    for channel, curve in enumerate(figure["data"]):
        assert curve["x"] == trace.scaled(channel).round(4).tolist()
        assert curve["y"] == trace.counts[channel].tolist()


def test_a_peak_that_towers_above_all_is_cut_and_named() -> None:
    pixels = PIXELS.copy()
    pixels[:15] = 0
    figure = histogram_figure(trace_pixels(pixels, PixelsSpec()))
    (note,) = figure["layout"]["annotations"]
    assert note["text"].startswith("↑ 45")
    assert figure["layout"]["yaxis"]["range"][1] < 450


def test_three_equal_channels_are_one_line() -> None:
    pixels = np.repeat(PIXELS[..., :1], 3, axis=2)
    assert [curve["name"] for curve in histogram_figure(trace_pixels(pixels, PixelsSpec()))["data"]] == ["all three"]
