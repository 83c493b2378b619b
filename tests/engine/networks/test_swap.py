"""Other convolutions in the same network, against PyTorch."""

import pytest

from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.swap import swapped
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES


@pytest.mark.parametrize("swap", ["separable", "dense"])
@pytest.mark.parametrize("name", ["vgg11", "resnet18", "mobilenet_v2", "alexnet_2012", "unet_paper", "densenet121"])
def test_sizes_stay_and_pytorch_counts_the_same(name, swap):
    before = trace_network(ARCHITECTURES[name])
    after = trace_network(swapped(before, swap))
    assert after.fault is None
    assert after.output_shape == before.output_shape
    module = build_module(after.network, device="meta")
    assert sum(p.numel() for p in module.parameters()) == after.params
    grouped = name in {"mobilenet_v2", "alexnet_2012"}
    if swap == "dense":
        assert (after.params > before.params) == grouped
    elif name != "mobilenet_v2":
        assert after.params < before.params
        assert after.macs < before.macs
