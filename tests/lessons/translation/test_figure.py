from __future__ import annotations

import plotly.graph_objects as go
import pytest

from cnnviz.lessons.translation.figure import scores_figure, shift_figure

STILL, SLIDING = [1.0, 4.0, 2.0], [6.0, 5.0, 7.0]


@pytest.mark.parametrize("dark", [False, True])
def test_plotly_accepts_both_charts(dark: bool) -> None:
    curves = {"no blur": [0.0, 2.0, 0.0], "blur 5×5": [0.0, 0.5, 0.0]}
    for figure in (
        shift_figure(curves, range(3), at=2, across="shift", up="mean difference", dark=dark),
        scores_figure(STILL, SLIDING, 2, dark=dark),
    ):
        go.Figure(figure)
        assert len(figure["data"]) == 2
        assert figure["layout"]["template"] == {}


def test_two_curves_differ_in_more_than_colour() -> None:
    one, other = shift_figure({"a": [1], "b": [2]}, range(1), at=0, across="x", up="y")["data"]
    assert one["line"]["dash"] != other["line"]["dash"]
    assert one["marker"]["symbol"] != other["marker"]["symbol"]


def test_a_curve_of_zeros_has_a_height() -> None:
    figure = shift_figure({"a": [0, 0]}, range(2), at=0, across="x", up="y")
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < 0 < high


def test_a_star_stands_over_either_winner() -> None:
    still, sliding = scores_figure(STILL, SLIDING, 2)["data"]
    assert still["text"] == ["", "★", ""]
    assert sliding["text"] == ["", "", "★"]
    assert sliding["marker"]["pattern"]["shape"] and not still["marker"]["pattern"]["shape"]
