"""Random graphs: where we say a size, PyTorch has it; where we say that it cannot be, PyTorch says so too."""

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cnnviz.engine.networks.code.sized import read_code, write_code
from cnnviz.engine.networks.code.words import keeps_state
from cnnviz.engine.networks.graph import INPUT, Network, Node
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Crop,
    Dropout,
    Flatten,
    Linear,
    Mean,
    Multiply,
    Pad,
    PixelShuffle,
    Pool,
    Upsample,
)
from cnnviz.engine.networks.layers.windows import LayerError
from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.trace import trace_network
from cnnviz.errors import SpecError

small = st.integers(1, 4)
pads = st.tuples(st.tuples(st.integers(0, 2), st.integers(0, 2)), st.tuples(st.integers(0, 2), st.integers(0, 2)))
layers = st.one_of(
    st.builds(
        lambda c, k, s, p, d, g, b: Conv(c * g, k, stride=s, padding=p, dilation=d, groups=g, bias=b),
        small, st.tuples(small, small), st.tuples(small, small), pads, st.tuples(st.integers(1, 2), small),
        st.sampled_from([1, 1, 1, 2]), st.booleans(),
    ),
    st.builds(
        lambda c, k, s, p, o: ConvTranspose(c, k, stride=s, padding=p, output_padding=min(o, s - 1)),
        small, small, small, st.integers(0, 2), st.integers(0, 2),
    ),
    st.builds(
        lambda k, s, p, ceil, how: Pool(k, stride=s, padding=min(p, k // 2), ceil_mode=ceil, how=how),
        small, small, st.integers(0, 2), st.booleans(), st.sampled_from(["max", "avg"]),
    ),
    st.builds(AdaptivePool, st.sampled_from([1, 2, 3, (2, None)]), st.sampled_from(["max", "avg"])),
    st.builds(Upsample, st.integers(1, 3), mode=st.sampled_from(["nearest", "bilinear"])),
    st.builds(PixelShuffle, st.just(2), st.booleans()),
    st.builds(Pad, pads, st.just("zeros")),
    st.builds(lambda a: Crop(margins=a), pads),
    st.sampled_from([
        Activation("relu"), Activation("silu"), BatchNorm(), Dropout(), Flatten(), Linear(3), Mean((2, 3), keep=True),
        Mean((1,)), Add(), Multiply(), Concat(), Flatten(2),
    ]),
)  # fmt: skip


@st.composite
def networks(draw):
    """A graph of up to nine layers, each reading one or two layers before it."""
    size = (draw(small), draw(st.integers(1, 12)), draw(st.integers(1, 12)))
    nodes = []
    names = [INPUT]
    for number in range(draw(st.integers(1, 9))):
        layer = draw(layers)
        first = draw(st.sampled_from([names[-1]] * 3 + names))
        inputs = (first, draw(st.sampled_from(names))) if layer.arity == 0 else (first,)
        nodes.append(Node(f"n{number}", layer, inputs))
        names.append(f"n{number}")
    return Network("random", "Random", size, nodes)


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(networks())
def test_sizes_and_parameters_are_pytorchs(network):
    trace = trace_network(network)
    if trace.fault:
        assert isinstance(trace.fault, LayerError)
        assert trace.fault.message.endswith(".")
        # PyTorch pads a list of numbers too, and takes what has an axis too few for one picture without a batch.
        assert trace.faulty is not None
        assume(not isinstance(trace.faulty.layer, (Pad, Crop)) and trace.fault.field != "rank")
        # What comes before the fault is right; at the fault PyTorch stops too.
        kept = [node for node in network if node.name in {row.name for row in trace.rows}]
        before = kept[: next((i for i, node in enumerate(network.nodes) if node is trace.faulty), 0)]
        with pytest.raises((RuntimeError, ValueError, IndexError)):
            run([*before, trace.faulty], network)
        return
    module = build_module(network, device="meta").eval()
    names = tuple(node.name for node in network)
    with torch.no_grad():
        maps = module(torch.empty(2, *network.input, device="meta"), keep=names)
    assert {name: tuple(x.shape[1:]) for name, x in maps.items()} == {r.name: r.output_shape for r in trace.rows}
    assert sum(p.numel() for p in module.parameters()) == trace.params


def run(nodes, network):
    """Run layers in PyTorch one by one, without asking our arithmetic about the last."""
    from cnnviz.engine.networks.modules import _function, _parameters

    held = {INPUT: torch.zeros(2, *network.input)}
    for node in nodes:
        inputs = [held[name] for name in network.inputs_of(node.name)]
        if isinstance(node.layer, Flatten) and node.layer.start == 0:
            raise ValueError("ours alone")
        shape = tuple(inputs[0].shape[1:])
        step = _parameters(node.layer, shape).eval() if keeps_state(node.layer) else _function(node.layer)
        with torch.no_grad():
            held[node.name] = step(*inputs)
        if 0 in held[node.name].shape:
            raise ValueError("an empty result")


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(networks())
def test_a_network_survives_being_written_and_read(network):
    trace = trace_network(network)
    assume(not trace.fault)
    parsed = read_code(write_code(trace), network.input)
    assert parsed.problems == ()
    assert parsed.network is not None
    again = trace_network(parsed.network, network.input)
    assert again.fault is None
    assert (again.params, again.macs) == (trace.params, trace.macs)
    assert again.output_shape == trace.output_shape


@settings(max_examples=200, deadline=None, derandomize=True)
@given(layers, st.tuples(small, small), st.integers(1, 3))
def test_a_layer_on_any_size_gives_a_size_or_a_sentence(layer, spatial, channels):
    try:
        node = Node("only", layer, (INPUT, INPUT) if layer.arity == 0 else ())
        trace_network(Network("one", "One", (channels, *spatial), [node]))
    except SpecError as error:
        assert error.message.endswith(".")
