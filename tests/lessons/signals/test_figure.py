"""The figure of two functions: valid for Plotly, light and dark, with the dot where the area is."""

from __future__ import annotations

import json
from copy import deepcopy

import numpy as np
import plotly.graph_objects as go
import pytest

from cnnviz.figures.palette import PALETTE
from cnnviz.lessons.signals.figure import functions_figure, functions_slide
from cnnviz.lessons.signals.trace_functions import trace_functions


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("pair", [("box", "box"), ("sine", "decay"), ("gaussian", "triangle")])
def test_the_figure_is_valid_and_pure(pair: tuple[str, str], dark: bool) -> None:
    trace = trace_functions(*pair, -0.5)
    figure = functions_figure(trace, dark=dark)
    go.Figure(deepcopy(figure))
    assert json.dumps(figure) == json.dumps(functions_figure(trace, dark=dark))
    assert len(json.dumps(figure)) < 60_000
    assert figure["layout"]["font"]["color"] == PALETTE["dark" if dark else "light"]["text"]


def test_the_dot_ends_the_traced_curve() -> None:
    figure = functions_figure(trace_functions("box", "box", 0.5), names=("g", "f"))
    curves = {curve["name"]: curve for curve in figure["data"]}
    dot, traced = curves["now"], curves["(g ∗ f)(t)"]
    assert (dot["x"], dot["y"]) == ([0.5], [0.5])
    assert (traced["x"][-1], traced["y"][-1]) == (0.5, pytest.approx(0.5))
    assert max(curves["all of it"]["y"]) == pytest.approx(1)
    assert curves["g(s) · f(t − s)"]["fill"] == "tozeroy"
    assert "0.500 at t = 0.5" in figure["layout"]["annotations"][0]["text"]


def test_the_scale_stays_while_a_function_moves() -> None:
    ranges = [
        functions_figure(trace_functions("triangle", "sine", shift))["layout"]["yaxis"]["range"]
        for shift in (0, 1.3, -2)
    ]
    assert ranges[0] == ranges[1] == ranges[2]


@pytest.mark.parametrize("pair", [("box", "decay"), ("sine", "sine"), ("gaussian", "triangle")])
def test_a_slide_holds_every_shift(pair: tuple[str, str]) -> None:
    """What the browser picks out of a slide is what Python draws at that shift."""
    slide = functions_slide(trace_functions(*pair, 0.5), names=("f", "g"))
    still, _, _, whole, *_ = slide["figure"]["data"]
    steps, each = len(slide["times"]), slide["each"]
    for step in range(0, steps, 7):
        trace = trace_functions(*pair, (step - 40) / 10)
        start = (steps - 1 - step) * each
        there = np.array(slide["tape"][start : start + len(still["y"])])
        np.testing.assert_allclose(there, trace.moving, atol=1e-4)
        assert whole["x"][step * each] == pytest.approx(trace.shift)
        assert whole["y"][step * each] == pytest.approx(trace.area, abs=1e-4)
        assert float(slide["areas"][step].replace("−", "-")) == pytest.approx(trace.area, abs=6e-4)
        assert float(slide["times"][step].replace("−", "-")) == trace.shift == int(slide["ticks"][step]) / 10
    assert len(json.dumps(slide)) < 60_000
    assert "−0.000" not in slide["areas"]
