"""The experiments against torch and numpy: both paths are computed again, in another way."""

import numpy as np
import pytest
from hypothesis import given

from cnnviz.engine.grids import CUSTOM, GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.properties.examples import PROPERTIES_PRESETS
from cnnviz.lessons.properties.spec import PropertiesSpec
from cnnviz.lessons.properties.trace import nearest_factors, output_shift, trace_properties
from tests.lessons.backward.specs import PROPERTIES_SPECS, properties_specs, works
from tests.lessons.convolution.specs import examples

BY_NAME = {preset.name: PropertiesSpec.from_query(preset.state)[0] for preset in PROPERTIES_PRESETS}
WORKING = PROPERTIES_SPECS.filter(works)


def conv(x, w, border, stride=(1, 1), turned=False):
    """One plane, padded to the same size by numpy, convolved by torch."""
    import torch
    from torch.nn.functional import conv2d

    if border != "valid":
        sides = [((k - 1) // 2, k - 1 - (k - 1) // 2) for k in w.shape]
        x = np.pad(x, sides, mode="wrap" if border == "circular" else "constant")
    w = w[::-1, ::-1] if turned else w
    x, w = (torch.tensor(np.array(plane, float, order="C", copy=True) + 0)[None, None] for plane in (x, w))
    return conv2d(x, w, stride=stride)[0, 0].numpy()


def full(f, g):
    out = np.zeros((f.shape[0] + g.shape[0] - 1, f.shape[1] + g.shape[1] - 1))
    for (row, column), value in np.ndenumerate(f):
        out[row : row + g.shape[0], column : column + g.shape[1]] += value * g
    return out


def moved(x, rows, columns, wraps):
    rolled = np.roll(x, (rows, columns), (0, 1))
    if wraps:
        return rolled
    keep = np.zeros_like(x, dtype=bool)
    down, right = max(rows, 0), max(columns, 0)
    # A shift by more than the whole picture leaves nothing; a negative end would count from the other side.
    keep[down : max(x.shape[0] + min(rows, 0), 0), right : max(x.shape[1] + min(columns, 0), 0)] = True
    return np.where(keep, rolled, 0)


def expected(trace):  # noqa: PLR0911 - one experiment after the other
    """Both paths, without the engine."""
    spec, border = trace.spec, trace.spec.border
    x, w = trace["input"].astype(float), trace["kernel"].astype(float)
    if spec.prop == "commutative":
        if spec.turned:
            return full(x, w), full(w, x)
        return full(x, w[::-1, ::-1]), full(w, x[::-1, ::-1])
    if spec.prop == "linear":
        (a, b), h = spec.scales, trace["other"]
        return conv(a * x + b * h, w, border), a * conv(x, w, border) + b * conv(h, w, border)
    if spec.prop == "shift":
        (rows, columns), wraps = spec.shift, border == "circular"
        out = conv(x, w, border, spec.stride)
        return conv(moved(x, rows, columns, wraps), w, border, spec.stride), moved(out, *output_shift(spec), wraps)
    if spec.prop == "separable":
        column, row = trace["column"], trace["row"]
        return conv(x, w, border), conv(conv(x, column, border), row, border)
    if spec.prop == "stride":
        down, across = spec.stride
        return conv(x, w, border, spec.stride), conv(x, w, border)[::down, ::across]
    h = trace["second"]
    first = conv(conv(x, w, border, turned=spec.turned), h, border, turned=spec.turned)
    both = full(w, h)
    if border == "valid":
        return first, conv(x, both, "valid", turned=spec.turned)
    sides = [
        ((k - 1) // 2 + (q - 1) // 2, k + q - 2 - (k - 1) // 2 - (q - 1) // 2)
        for k, q in zip(w.shape, h.shape, strict=True)
    ]
    padded = np.pad(x, sides, mode="wrap" if border == "circular" else "constant")
    return first, conv(padded, both, "valid", turned=spec.turned)


def close(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * max(1.0, float(np.abs(theirs).max())))


@examples(400)
@given(WORKING)
def test_both_paths_are_what_torch_and_numpy_find(spec):
    trace = trace_properties(spec)
    a, b = expected(trace)
    close(trace["a"], a)
    close(trace["b"], b)
    scale = max(1.0, float(np.abs(a).max()), float(np.abs(b).max()))
    unseen = 1e-12 * max(float(np.abs(grid).max()) for grid in trace.grids.values())
    assert np.abs(trace["difference"] - (a - b)).max() <= max(1e-8 * scale, unseen)
    assert trace.differing == np.count_nonzero(trace["difference"])


@examples(200)
@given(WORKING)
def test_the_laws_hold_where_they_hold(spec):
    """Exact for whole numbers, and up to rounding for all."""
    trace = trace_properties(spec)
    whole = all(grid.dtype.kind != "f" for grid in (trace["a"], trace["b"]))
    holds = (
        (spec.prop == "commutative" and spec.turned)
        or spec.prop in {"linear", "stride"}
        or (spec.prop == "shift" and spec.border == "circular" and spec.stride == (1, 1))
        or (spec.prop == "associative" and spec.border != "zeros")
        or (spec.prop == "separable" and trace.rank <= 1)
    )
    if holds and whole:
        assert trace.differing == 0
    if holds:
        assert trace.largest <= 1e-9 * max(1.0, float(np.abs(trace["a"]).max()))


@examples(200)
@given(properties_specs("shift").filter(works))
def test_cells_clear_of_the_border_agree(spec):
    trace = trace_properties(spec)
    if spec.border != "circular" and all(
        shift % stride == 0 for shift, stride in zip(spec.shift, spec.stride, strict=True)
    ):
        assert not trace["difference"][trace.inner].any()


@examples(150)
@given(properties_specs("separable").filter(works))
def test_the_product_is_the_nearest_of_rank_one(spec):
    trace = trace_properties(spec)
    kernel = trace["kernel"].astype(float)
    singular = np.linalg.svd(kernel, compute_uv=False)
    np.testing.assert_allclose(trace["singular"][0], singular, rtol=1e-12, atol=1e-12)
    missed = np.linalg.norm(kernel - trace["near"])
    assert missed == pytest.approx(trace.missed, rel=1e-6, abs=1e-9 * max(1.0, singular[0]))
    assert trace.rank == np.linalg.matrix_rank(kernel, tol=1e-12 * singular[0] if singular[0] else None)


def test_a_correlation_that_changes_places_is_turned():
    trace = trace_properties(BY_NAME["correlation"])
    assert trace["b"].tolist() == trace["a"][::-1, ::-1].tolist()
    assert trace.differing == 46


def test_measures_of_the_examples():
    def run(name):
        return trace_properties(BY_NAME[name])

    assert run("commutes-row")["a"].tolist() == [[5, 17, 14, 0]]
    assert run("commutes").differing == run("linear").differing == run("additive").differing == 0
    assert run("shift-circular").differing == run("shift-object").differing == run("shift-stride-whole").differing == 0
    border = run("shift-border")
    assert (border.differing, border.largest, int(border.inner.sum())) == (20, 5, 9)
    assert run("shift-stride").differing > 0
    assert run("second-difference")["combined"].tolist() == [[1, -2, 1]]
    rim = run("associative-border")["difference"]
    assert not rim[1:-1, 1:-1].any()
    assert rim[0].all()
    assert [run(name).rank for name in ("sobel", "gaussian", "laplacian", "cross")] == [1, 1, 2, 2]
    assert run("sobel")["column"].dtype.kind == "i"
    strided = run("stride-three")
    assert (strided["first"].size, strided["a"].size) == (64, 9)
    assert run("stride-drops").differing == 0


def test_factors_of_whole_kernels_are_whole():
    column, row = nearest_factors(np.array([[2, 4], [3, 6]]))
    assert np.outer(column, row).tolist() == [[2, 4], [3, 6]]
    assert column.dtype.kind == row.dtype.kind == "i"
    zero, nothing = nearest_factors(np.zeros((2, 3), int))
    assert np.outer(zero, nothing).tolist() == [[0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (PropertiesSpec("stride", size=(2, 5)), "In the rows"),
        (PropertiesSpec("associative", size=(3, 3)), "The kernel reaches over 2 cells"),
        (PropertiesSpec("shift", size=(1, 1), kernel=(5, 5), border="circular"), "Circular padding goes round once"),
    ],
)
def test_what_is_impossible_is_said(spec, message):
    with pytest.raises(SpecError, match=message):
        trace_properties(spec)


def test_typed_kernels_of_rank_one_need_not_be_whole():
    spec = PropertiesSpec("separable", weights=GridSource(CUSTOM, ((0.1, 0.2, 0.3), (0.2, 0.4, 0.6), (0.3, 0.6, 0.9))))
    trace = trace_properties(spec)
    assert trace.rank == 1
    assert trace.differing == 0
