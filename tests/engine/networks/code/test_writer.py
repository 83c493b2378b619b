"""Code written for a network: PyTorch runs it and gets the same sizes and parameters; we read it and get the same."""

from typing import Any

import pytest
import torch

from cnnviz.engine.networks.code.reader import to_torch
from cnnviz.engine.networks.code.sized import read_code, write_code
from cnnviz.engine.networks.graph import Draft
from cnnviz.engine.networks.layers.kinds import Conv, Crop, Pad, PixelShuffle, Pool, Upsample
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from tests.engine.networks.code.pasted import SNIPPETS


def run(text, device="meta"):
    scope: dict[str, Any] = {}
    with torch.device(device):
        exec(compile(text, "written", "exec"), scope)  # written by us, in a test
    return scope["model"]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_known_network_is_written_runs_and_is_read_back(name, capsys):
    trace = trace_network(ARCHITECTURES[name])
    text = write_code(trace)
    model = run(text)
    assert capsys.readouterr().out == f"torch.Size({[1, *trace.output_shape]})\n"
    assert sum(p.numel() for p in model.parameters()) == trace.params
    parsed = read_code(text)
    assert parsed.problems == ()
    assert parsed.network is not None
    again = trace_network(parsed.network, trace.input)
    assert (again.params, again.macs, again.output_shape) == (trace.params, trace.macs, trace.output_shape)
    assert [axis.size for axis in again.rows[-1].receptive_field] == [a.size for a in trace.rows[-1].receptive_field]


@pytest.mark.parametrize("name", SNIPPETS)
def test_pasted_networks_are_written_again(name, capsys):
    size, text = SNIPPETS[name]
    network = read_code(text, size).network
    assert network is not None
    trace = trace_network(network, size)
    model = run(write_code(trace))
    assert capsys.readouterr().out == f"torch.Size({[1, *trace.output_shape]})\n"
    assert sum(p.numel() for p in model.parameters()) == trace.params


def test_without_sizes_the_lazy_layers_do(capsys):
    text = to_torch(ARCHITECTURES["lenet_modern"])
    assert "LazyConv2d(6, 5, padding=2)" in text
    model = run(text, "cpu")
    assert sum(p.numel() for p in model.parameters()) == 61706


def test_what_pytorch_says_in_other_words(capsys):
    draft = Draft("odd", "Odd", (4, 12, 12))
    draft.add("uneven", Conv(8, 3, padding=((0, 1), (2, 0))))
    draft.add("pad", Pad(((1, 0), (0, 2)), "replicate"))
    draft.add("pool", Pool(3, stride=2, padding=((1, 0), (0, 1))))
    draft.add("up", Upsample(size=(9, 9), mode="bilinear"))
    draft.add("crop", Crop(size=(6, 6)))
    draft.add("shuffle", PixelShuffle(2))
    trace = trace_network(draft.done())
    run(write_code(trace))
    assert capsys.readouterr().out == f"torch.Size({[1, *trace.output_shape]})\n"
