"""Networks: the published numbers to the last digit, and every size, parameter and multiplication against PyTorch."""

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from cnnviz.engine.networks.graph import Draft
from cnnviz.engine.networks.layers.kinds import Activation, Add, Concat, Conv, Flatten, Linear, Pool
from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES

TRUTH = json.loads((Path(__file__).parents[2] / "truth" / "networks.json").read_text())
NAMES = [name for name in TRUTH if name in ARCHITECTURES]


def test_all_published_networks_are_in_the_zoo():
    assert set(TRUTH) - set(ARCHITECTURES) == {"about", "vgg16_ends"}


@pytest.mark.parametrize("name", NAMES)
def test_published_numbers_hold_to_the_last_digit(name):
    truth, trace = TRUTH[name], trace_network(ARCHITECTURES[name])
    assert trace.params == truth["params"]
    assert trace.macs == truth.get("macs", trace.macs)
    assert list(trace.output_shape) == truth.get("output", list(trace.output_shape))
    if "input" in truth:
        assert list(trace.input) == truth["input"]
    if "field" in truth:
        trunk = [row for row in trace.rows if len(row.output_shape) == 3 and row.name != "avgpool"][-1]
        for axis in trunk.receptive_field:
            assert [axis.size, axis.stride, axis.padding] == truth["field"]


def test_shapes_of_the_lectures_network_line_by_line():
    trace = trace_network(ARCHITECTURES["lecture_cnn"])
    shapes = [list(row.output_shape) for row in trace.rows if row.name != "relu"]
    assert shapes == TRUTH["lecture_cnn"]["shapes"]


def test_vgg16_field_after_each_pooling():
    trace = trace_network(ARCHITECTURES["vgg16"])
    ends = [row.receptive_field[0] for row in trace.rows if row.kind == "pool"]
    assert [[end.size, end.stride, end.padding] for end in ends] == list(TRUTH["vgg16_ends"].values())


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_network_against_its_torch_module(name):
    network = ARCHITECTURES[name]
    trace = trace_network(network)
    module = build_module(network, device="meta").eval()
    assert sum(p.numel() for p in module.parameters()) == trace.params
    assert sum(b.numel() for b in module.buffers()) == sum(row.costs.buffers for row in trace.rows if not row.shared)
    macs: list[int] = []

    def count(layer, inputs, output):
        if isinstance(layer, nn.Linear):
            macs.append(output.numel() * layer.in_features)
        elif isinstance(layer, nn.ConvTranspose2d):
            macs.append(inputs[0].numel() * layer.weight[0].numel())
        elif isinstance(layer, nn.Conv2d):
            macs.append(output.numel() * layer.weight[0].numel())

    for layer in module.modules():
        layer.register_forward_hook(count)
    names = tuple(node.name for node in network)
    with torch.no_grad():
        maps = module(torch.empty(1, *network.input, device="meta"), keep=names)
    assert {name: tuple(x.shape[1:]) for name, x in maps.items()} == {r.name: r.output_shape for r in trace.rows}
    assert sum(macs) == trace.macs


@pytest.mark.parametrize("name", ["resnet18", "unet_paper", "squeezenet1_1", "dcgan_generator"])
def test_a_module_runs_on_real_numbers(name):
    network = ARCHITECTURES[name]
    size = (network.input[0], 188, 188) if name == "unet_paper" else (3, 64, 64) if name != "dcgan_generator" else None
    trace = trace_network(network, size)
    with torch.no_grad():
        out = build_module(network, size).eval()(torch.ones(1, *trace.input))
    assert tuple(out.shape[1:]) == trace.output_shape
    assert torch.isfinite(out).all()


@pytest.mark.parametrize(
    ("name", "key", "shape"),
    [
        ("resnet50", "layer1.0.downsample.0.weight", (256, 64, 1, 1)),
        ("resnet18", "layer4.1.bn2.running_mean", (512,)),
        ("vgg16", "features.28.weight", (512, 512, 3, 3)),
        ("vgg16", "classifier.6.bias", (1000,)),
        ("alexnet", "classifier.1.weight", (4096, 9216)),
        ("densenet121", "features.denseblock4.denselayer16.conv2.weight", (32, 128, 3, 3)),
        ("densenet121", "features.norm5.weight", (1024,)),
        ("mobilenet_v2", "features.1.conv.0.0.weight", (32, 1, 3, 3)),
        ("mobilenet_v2", "features.1.conv.1.weight", (16, 32, 1, 1)),
        ("mobilenet_v2", "features.18.1.running_var", (1280,)),
        ("squeezenet1_1", "features.12.expand3x3.weight", (256, 64, 3, 3)),
        ("squeezenet1_1", "classifier.1.weight", (1000, 512, 1, 1)),
        ("googlenet", "inception5b.branch3.1.conv.weight", (128, 48, 3, 3)),
    ],
)
def test_weights_have_torchvisions_names(name, key, shape):
    assert tuple(build_module(ARCHITECTURES[name], device="meta").state_dict()[key].shape) == shape


def test_the_field_is_what_the_gradient_reaches():
    """The field of a unit in the middle, through a residual branch, against autograd."""
    draft = Draft("", "", (1, 41, 41))
    draft.add("a", Conv(2, 3, stride=2, padding=1))
    start = draft.last
    draft.add("b", Conv(2, 3, padding=2, dilation=2))
    draft.add("c", Conv(2, 5, padding=2))
    draft.add("sum", Add(), draft.last, start)
    draft.add("d", Pool(2, how="avg"))
    network = draft.done()
    field = trace_network(network).rows[-1].receptive_field[0]
    x = torch.rand(1, 1, 41, 41, requires_grad=True)
    module = build_module(network)
    for weight in module.parameters():
        torch.nn.init.constant_(weight, 1.0)
    module(x)[0, :, 5, 5].sum().backward()
    assert x.grad is not None
    rows = x.grad[0, 0].abs().sum(1).nonzero()[:, 0].tolist()
    assert field.span(5) == (rows[0], rows[-1] + 1)


def test_branches_with_other_centres_are_reported_where_they_meet():
    draft = Draft("", "", (4, 32, 32))
    first = draft.add("same", Conv(4, 3, stride=2, padding=1))
    shifted = draft.add("shifted", Conv(4, 2, stride=2), "input")
    draft.add("cat", Concat(), first, shifted)
    draft.add("after", Conv(4, 3))
    trace = trace_network(draft.done())
    assert [row.misaligned for row in trace.rows] == [False, False, True, False]
    assert not trace.rows[-1].receptive_field[0].aligned


def test_a_stride_that_does_not_fit_is_rounded_down_with_a_word():
    row = trace_network(ARCHITECTURES["resnet50"]).row("conv1")
    assert [(r.axis, str(r.exact), r.lost, r.lost_data) for r in row.rounding] == [
        (0, "225/2", 1, 0),
        (1, "225/2", 1, 0),
    ]
    draft = Draft("", "", (1, 6, 7))
    draft.add("conv", Conv(1, 3, stride=2))
    (found,) = trace_network(draft.done()).rows[0].rounding
    assert (found.axis, found.lost, found.lost_data) == (0, 1, 1)


def test_one_module_that_runs_twice_counts_once():
    draft = Draft("", "", (4, 8, 8))
    draft.add("conv", Conv(4, 3, padding=1))
    draft.add("conv#2", Conv(4, 3, padding=1), module="conv")
    trace = trace_network(draft.done())
    assert trace.params == 4 * 4 * 9 + 4
    assert trace.macs == 2 * 4 * 4 * 9 * 64
    assert len(build_module(draft.done()).state_dict()) == 2


def test_after_a_fault_what_does_not_need_it_is_still_worked_out():
    draft = Draft("", "", (3, 8, 8))
    draft.add("wrong", Conv(4, 3, channels_in=5))
    draft.add("waits", Activation("relu"))
    draft.add("fine", Conv(4, 3), "input")
    draft.chain([Flatten(), Linear(2)])
    trace = trace_network(draft.done())
    assert trace.faulty is not None and trace.faulty.name == "wrong"
    assert [node.name for node in trace.skipped] == ["waits"]
    assert [row.name for row in trace.rows] == ["fine", "0", "1"]
