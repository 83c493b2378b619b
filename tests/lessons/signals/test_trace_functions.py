"""Convolutions of functions against their closed forms, and against a swap of the two."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from cnnviz.lessons.signals.spec_functions import FUNCTIONS, FunctionsSpec
from cnnviz.lessons.signals.trace_functions import CURVES, WIDTH, convolution_curve, trace_functions

NAMES = sorted(FUNCTIONS)


def box_by_decay(t: np.ndarray) -> np.ndarray:
    charged = 1 - np.exp(-(t + 0.5))
    dying = np.exp(-(t - 0.5)) - np.exp(-(t + 0.5))
    return np.where(t < -0.5, 0, np.where(t < 0.5, charged, dying))


CLOSED = {
    ("box", "box"): lambda t: np.maximum(0, 1 - np.abs(t)),
    ("gaussian", "gaussian"): lambda t: np.exp(-(t**2) / (4 * WIDTH**2)) / (WIDTH * np.sqrt(4 * np.pi)),
    ("box", "decay"): box_by_decay,
    ("decay", "decay"): lambda t: np.where(t > 0, t * np.exp(-t), 0),
    ("sine", "sine"): lambda t: np.where(
        np.abs(t) < 2, -np.sin(np.pi * np.abs(t)) / (2 * np.pi) - (2 - np.abs(t)) / 2 * np.cos(np.pi * t), 0
    ),
}


@pytest.mark.parametrize("pair", CLOSED, ids="-".join)
def test_closed_forms(pair: tuple[str, str]) -> None:
    shifts, result = convolution_curve(*pair)
    np.testing.assert_allclose(result, CLOSED[pair](shifts), atol=2e-4)


@pytest.mark.parametrize("pair", list(product(NAMES, NAMES)), ids="-".join)
def test_the_swap_gives_the_same_curve(pair: tuple[str, str]) -> None:
    np.testing.assert_allclose(convolution_curve(*pair)[1], convolution_curve(*pair[::-1])[1], atol=1e-12)


@pytest.mark.parametrize("pair", list(product(NAMES, NAMES)), ids="-".join)
@pytest.mark.parametrize("shift", [-4.0, -0.7, 0.0, 0.5, 1.3, 4.0])
def test_the_dot_lies_on_the_curve(pair: tuple[str, str], shift: float) -> None:
    trace = trace_functions(*pair, shift)
    at = int(np.argmin(np.abs(trace.shifts - shift)))
    assert trace.shifts[at] == pytest.approx(shift)
    assert trace.area == pytest.approx(trace.result[at], abs=1e-3)
    np.testing.assert_array_equal(trace.product, trace.still * trace.moving)


def test_every_function_has_a_curve_and_every_link_comes_back() -> None:
    assert set(CURVES) == set(FUNCTIONS)
    for f, g, swapped, at in product(NAMES, NAMES, (False, True), (-40, 0, 5)):
        spec = FunctionsSpec(f, g, swapped, at)
        assert FunctionsSpec.from_query(spec.to_query()) == (spec, [])
