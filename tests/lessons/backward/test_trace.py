"""The backward pass against torch.autograd."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given

from cnnviz.engine.grids import GridSource
from cnnviz.errors import SpecError
from cnnviz.lessons.backward.examples import BACKWARD_PRESETS
from cnnviz.lessons.backward.spec import BackwardSpec
from cnnviz.lessons.backward.trace import (
    STEP,
    check_backward,
    fill_gradient,
    inside,
    spread_places,
    spread_windows,
    trace_backward,
    weight_windows,
)
from tests.lessons.backward.specs import BACKWARD_SPECS, works
from tests.lessons.convolution.specs import examples

BY_NAME = {preset.name: BackwardSpec.from_query(preset.state)[0] for preset in BACKWARD_PRESETS}
RANDOM = GridSource("random")


def autograd(trace):
    """The gradients as torch computes them, without any of our own arithmetic."""
    import torch
    from torch.nn.functional import conv2d, pad

    x, w = (torch.tensor(a[None, None].astype(float), requires_grad=True) for a in (trace.values, trace.weight))
    b = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    spec = trace.spec
    (top, bottom), (left, right) = spec.padding
    y = conv2d(pad(x, (left, right, top, bottom)), w, b, stride=spec.stride, dilation=spec.dilation)
    (y * torch.tensor(trace.gradient.astype(float))).sum().backward()
    assert x.grad is not None and w.grad is not None and b.grad is not None
    return y[0, 0].detach().numpy(), x.grad[0, 0].numpy(), w.grad[0, 0].numpy(), b.grad.numpy().reshape(1, 1)


def assert_as_autograd(trace):
    for ours, theirs in zip((trace.output, trace.dx, trace.dw, trace.db), autograd(trace), strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * max(1, np.abs(theirs).max()))


@pytest.mark.parametrize("n", range(1, 10))
def test_every_setting_of_one_axis_agrees_with_autograd(n):
    """Rows take all settings, columns others, so that a mix-up of the axes shows."""
    checked = 0
    for kernel, stride, padding, dilation in product(range(1, 6), range(1, 5), range(5), range(1, 4)):
        spec = BackwardSpec(
            (n, 6),
            (kernel, 2),
            (stride, 2),
            ((padding, padding), (1, 1)),
            (dilation, 1),
            values=RANDOM,
            weights=RANDOM,
            gradient=RANDOM,
        )
        if works(spec):
            trace = trace_backward(spec)
            assert_as_autograd(trace)
            assert trace.dx.dtype.kind == trace.dw.dtype.kind == "i", "whole numbers stay whole"
            checked += 1
    assert checked > 25


@pytest.mark.parametrize("before", range(5))
@pytest.mark.parametrize("after", range(5))
def test_padding_before_and_after_apart_agrees_with_autograd(before, after):
    for n, kernel, stride, dilation in product((3, 6), (1, 3), (1, 2, 3), (1, 2)):
        padding = (before, after), (1, 0)
        spec = BackwardSpec(
            (n, 5),
            (kernel, 2),
            (stride, 2),
            padding,
            (dilation, 1),
            values=RANDOM,
            weights=RANDOM,
            gradient=RANDOM,
        )
        if works(spec):
            trace = trace_backward(spec)
            assert trace.is_uneven
            assert_as_autograd(trace)


@examples(200)
@given(BACKWARD_SPECS.filter(works))
def test_any_spec_agrees_with_autograd(spec):
    trace = trace_backward(spec)
    assert_as_autograd(trace)
    loss = trace.nudge.before
    assert loss == pytest.approx(float((trace.gradient * trace.output).sum()))
    noise = 1e-9 * max(1.0, abs(loss), abs(trace.nudge.after)) / STEP
    assert trace.nudge.slope == pytest.approx(trace.nudge.gradient, rel=1e-6, abs=noise)


@examples(100)
@given(BACKWARD_SPECS.filter(works))
def test_the_backward_pass_is_two_convolutions(spec):
    trace = trace_backward(spec)
    for axis in trace.axes:
        assert spread_windows(axis).size == axis.n
        assert weight_windows(axis).size == axis.kernel
        assert (weight_windows(axis).stride, weight_windows(axis).dilation) == (axis.dilation, axis.stride)
        assert len(spread_places(axis)) == axis.size
    for number, lines in enumerate((trace.rows.unread, trace.columns.unread)):
        assert not np.take(trace.dx, lines, axis=number).any(), "what is never read has no gradient"


def test_rows_lost_to_the_stride_have_no_gradient():
    dx = trace_backward(BY_NAME["lost"]).dx
    assert not dx[-1].any()
    assert not dx[:, -1].any()
    assert dx[:-1, :-1].any()


def test_numbers_of_the_examples():
    line = trace_backward(BY_NAME["line"])
    g, (k1, k2, k3) = line.gradient[0].tolist(), line.weight[0].tolist()
    padded = [0, *g, 0]
    assert line.dx[0].tolist() == [padded[i] * k3 + padded[i + 1] * k2 + padded[i + 2] * k1 for i in range(5)]
    assert line.dx[0].tolist() == [7, 12, 1, 9, 6]
    assert trace_backward(BY_NAME["line-one"]).dx.tolist() == [[0, 1, 2, 3, 0]]
    assert trace_backward(BY_NAME["overlap"]).dx[0].tolist() == [1, 2, 3, 2, 1]
    assert trace_backward(BY_NAME["overlap"]).dx[2, 2] == 9
    assert trace_backward(BY_NAME["padded"]).dx[0, 0] == 4
    window = trace_backward(BY_NAME["window"])
    assert window.dw.tolist() == window.values[1:4, 3:6].tolist()
    assert trace_backward(BY_NAME["bias"]).db.tolist() == [[36]]


def test_what_is_impossible_is_said():
    with pytest.raises(SpecError, match="In the rows: The kernel reaches over 3 cells"):
        check_backward(BackwardSpec(size=(2, 5)))
    with pytest.raises(SpecError, match=r"^The kernel reaches"):
        check_backward(BackwardSpec(size=(2, 2)))


def test_gradients_are_filled_and_edited():
    assert fill_gradient(GridSource("onehot"), (2, 2), (5, 5)).tolist() == [[0, 0], [0, 1]]
    edited = GridSource("onehot", edits=((0, 1, 0.5), (7, 7, 9)))
    assert fill_gradient(edited, (2, 2), (0, 0)).tolist() == [[1, 0.5], [0, 0]]
    assert fill_gradient(GridSource("ones", edits=((0, 0, 4),)), (1, 2), (0, 0)).tolist() == [[4, 1]]
    random = fill_gradient(RANDOM, (3, 3), (0, 0), seed=2)
    assert random.tolist() == fill_gradient(RANDOM, (5, 5), (0, 0), seed=2)[:3, :3].tolist()
    assert not random.flags.writeable
    assert inside((3, 0), (2, 2)) == (1, 0)
