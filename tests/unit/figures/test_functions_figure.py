"""The figure of two functions: valid for Plotly, light and dark, with the dot where the area is."""

from __future__ import annotations

import json
from copy import deepcopy

import plotly.graph_objects as go
import pytest

from cnnviz.engine.functions_trace import trace_functions
from cnnviz.figures.palette import PALETTE
from cnnviz.figures.signals import functions_figure


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
