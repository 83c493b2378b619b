from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnviz.lessons.solver.code import chain_code
from cnnviz.lessons.solver.examples import CHAIN_PRESETS
from cnnviz.lessons.solver.spec import SolverSpec
from cnnviz.lessons.solver.spec_layer import ChainLayer, read_chain, write_chain
from cnnviz.lessons.solver.trace_chain import (
    AXES,
    chain_size,
    inputs_of_chain,
    nearest_outputs,
    trace_back,
    trace_chain,
)
from tests.lessons.convolution.specs import examples


def run_code(code: str) -> tuple[nn.Sequential, torch.Size, str]:
    """Run what the page shows, without computing: on the meta device only the shapes are known."""
    names: dict[str, Any] = {}
    with torch.device("meta"):
        exec(compile(code, "page", "exec"), names)
        return names["net"], names["net"](names["x"]).shape, code


def check_against_torch(trace) -> None:
    net, shape, code = run_code(chain_code(trace))
    assert tuple(shape[2:]) == trace.output
    assert shape[1] == trace.steps[-1].channels[1]
    assert f"# {shape}" in code
    assert sum(p.numel() for p in net.parameters()) == sum(step.parameters for step in trace.steps)
    x = torch.zeros(1, trace.channels, *trace.size, device="meta")
    for module, step in zip(net, trace.steps, strict=True):
        before, x = x, module(x)
        assert tuple(x.shape[2:]) == step.output
        if isinstance(module, nn.Conv2d):
            assert step.multiplications == x.numel() * module.weight[0].numel()
        elif isinstance(module, nn.ConvTranspose2d):
            assert step.multiplications == before.numel() * module.weight[0].numel()
        else:
            assert step.multiplications == step.parameters == 0


@pytest.mark.parametrize("preset", CHAIN_PRESETS, ids=lambda preset: preset.name)
def test_the_examples_in_torch(preset):
    spec, _ = SolverSpec.from_query(preset.state)
    check_against_torch(trace_chain(read_chain(spec.layers), spec.size, spec.channels))


def test_the_numbers_that_the_examples_promise():
    def sizes(name: str) -> list[int]:
        spec, _ = SolverSpec.from_query(next(p for p in CHAIN_PRESETS if p.name == name).state)
        return [step.output[0] for step in trace_chain(read_chain(spec.layers), spec.size).steps]

    assert sizes("lecture-chain") == [128, 125]
    assert sizes("digits") == [24, 12, 8, 4]
    assert sizes("stem") == [112, 56]
    assert sizes("small-kernels") == [224, 224, 112, 112, 112, 56]
    assert sizes("unpadded") == [570, 568, 284, 282, 280, 560]
    assert sizes("generator") == [8, 16, 32, 64]
    assert sizes("there-and-back") == [14, 7, 13, 25]
    lecture = trace_chain(read_chain(SolverSpec().layers), (256, 256))
    assert [step.field for step in lecture.steps] == [(3, 3), (9, 9)]
    assert lecture.steps[0].lost == (1, 1)
    stem = SolverSpec.from_query(next(p for p in CHAIN_PRESETS if p.name == "stem").state)[0]
    assert trace_chain(read_chain(stem.layers), stem.size, 3).steps[-1].field == (11, 11)


small = st.integers(1, 3)


@st.composite
def chain_layers(draw: st.DrawFn) -> ChainLayer:
    kind = draw(st.sampled_from(["conv", "transposed", "pool", "avg"]))
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    stride = draw(small), draw(small)
    pools = kind in {"pool", "avg"}
    padding: Any = tuple(draw(st.integers(0, k // 2 if pools else 2)) for k in kernel)
    dilation = (1, 1) if kind == "avg" else (draw(st.integers(1, 2)), draw(st.integers(1, 2)))
    extra: Any = (0, 0)
    if kind == "transposed":
        extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    elif kind == "conv" and draw(st.integers(0, 4)) == 0:
        stride, padding = (1, 1), "same"
    channels = None if pools else draw(st.none() | st.integers(1, 4))
    return ChainLayer(kind, kernel, stride, padding, dilation, extra, channels, pools and draw(st.booleans()))


CHAINS = st.lists(chain_layers(), min_size=1, max_size=4).map(tuple)


@examples(150)
@given(CHAINS, st.tuples(st.integers(4, 40), st.integers(4, 40)), st.integers(1, 3))
def test_any_chain_in_torch(layers, size, channels):
    assert read_chain(write_chain(layers)) == layers
    trace = trace_chain(layers, size, channels)
    if trace.fault is None:
        check_against_torch(trace)
    else:
        assert trace.fault.message.startswith(f"Layer {len(trace.steps) + 1}, ")
        if trace.steps:
            check_against_torch(trace)
    for axis, _ in enumerate(AXES):
        one = tuple(layer.axis(axis) for layer in layers)
        if trace.fault is None:
            assert chain_size(one, size[axis]) == trace.output[axis]


def seen_by_gradient(layers: tuple[ChainLayer, ...], n: int) -> int:
    """The widest receptive field of any output unit: where the gradient of a unit is not zero, first to last."""
    x = torch.ones(1, 1, n, requires_grad=True)
    y = x
    for layer in layers:
        one = layer.axis(0)
        w, p = torch.ones(1, 1, one.kernel), one.padding[0]
        if one.kind == "transposed":
            y = nn.functional.conv_transpose1d(
                y, w, stride=one.stride, padding=p, dilation=one.dilation, output_padding=one.output_padding
            )
        else:
            y = nn.functional.conv1d(y, w, stride=one.stride, padding=p, dilation=one.dilation)
    widest = 0
    for unit in range(y.shape[-1]):
        (gradient,) = torch.autograd.grad(y[0, 0, unit], x, retain_graph=True)
        cells = gradient[0, 0].nonzero().flatten().tolist()
        widest = max(widest, cells[-1] - cells[0] + 1 if cells else 0)
    return widest


@pytest.mark.parametrize(
    "text",
    [
        "conv 3; conv 3; conv 3",
        "conv 3 s2 p1; conv 4",
        "conv 3 d2; conv 3 s2; conv 5",
        "conv 7 s2 p3; conv 3 s2 p1; conv 3 p1",
        "transposed 4 s2 p1",
        "conv 3 s2 p1; transposed 3 s2 p1 op1",
        "transposed 3 s2; conv 3; conv 3 s3",
        "conv 5 s2; transposed 2 s2; conv 3",
    ],
)
def test_receptive_fields_are_where_the_gradient_goes(text):
    layers = read_chain(text)
    trace = trace_chain(layers, (60, 60))
    assert trace.fault is None
    assert trace.steps[-1].field[0] == seen_by_gradient(layers, 60)


def test_jumps():
    steps = trace_chain(read_chain("conv 3 s2; conv 3 s3; transposed 4 s4; pool 2"), (64, 64)).steps
    assert [str(step.jump[0]) for step in steps] == ["2", "6", "3/2", "3"]


def test_a_chain_stops_at_the_layer_that_cannot_work():
    trace = trace_chain(read_chain("pool 2; conv 7x2"), (8, 8))
    assert [step.output for step in trace.steps] == [(4, 4)]
    assert trace.fault is not None
    assert "Layer 2, “conv 7x2”: In the rows: The kernel reaches over 7 cells" in trace.fault.message


# Backwards


@examples(150)
@given(CHAINS, st.integers(1, 30))
def test_the_inputs_of_a_chain(layers, output):
    axes = tuple(layer.axis(0) for layer in layers)
    inputs = [n for n in range(1, 800) if chain_size(axes, n) == output]
    found = inputs_of_chain(axes, output)
    if found is None or found[0] >= 800:
        assert inputs == []
        return
    assert inputs == list(range(found[0], min(found[1], 799) + 1))
    for late, early in pairwise(trace_back(axes, output)):
        assert late.inputs == early.outputs


@examples(60)
@given(CHAINS, st.integers(2, 20))
def test_the_nearest_outputs_exist(layers, output):
    axes = tuple(layer.axis(0) for layer in layers)
    for size in nearest_outputs(axes, output, most=60):
        assert inputs_of_chain(axes, size)
        between = range(min(size, output) + 1, max(size, output))
        assert not any(inputs_of_chain(axes, other) for other in between)


def test_the_lecture_backwards():
    axes = tuple(layer.axis(0) for layer in read_chain("conv 3 s2 p1; pool 4 s1"))
    assert [n for n in range(200, 300) if chain_size(axes, n) == 125] == [255, 256]
    assert inputs_of_chain(axes, 125) == (255, 256)
    assert [step.inputs for step in trace_back(axes, 125)] == [(128, 128), (255, 256)]
