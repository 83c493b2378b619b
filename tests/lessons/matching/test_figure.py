from __future__ import annotations

import json
import math
from copy import deepcopy

import plotly.graph_objects as go
import pytest

from cnnviz.lessons.matching.figure import curve_figure
from cnnviz.lessons.matching.trace_curve import Curve

CURVE = Curve((50, 100, 200), (0.25, 1.0, math.nan), 200, math.nan)


@pytest.mark.parametrize("dark", [False, True])
def test_the_curve_is_valid_and_has_a_gap_where_there_is_no_value(dark: bool) -> None:
    figure = curve_figure(CURVE, "Size", 80, dark=dark)
    go.Figure(deepcopy(figure))
    assert "NaN" not in json.dumps(figure)
    assert figure["data"][0]["y"] == [25.0, 100.0, None]
    assert figure["data"][1]["y"] == [None]
    assert figure["layout"]["shapes"][0]["y0"] == 80
