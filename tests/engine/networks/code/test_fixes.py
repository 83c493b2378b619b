"""Mistakes that people make, and the change that mends each: tried in PyTorch too."""

import pytest
import torch

from cnnviz.engine.networks.code.fixes import mend_code
from cnnviz.engine.networks.code.sized import read_code
from cnnviz.engine.networks.trace import trace_network
from tests.engine.networks.code.test_sized import built

FORWARD = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 5)
        self.fc = nn.Linear({features}, 10)  # größe
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        {flatten}
        return self.fc({x})
"""
RESIDUAL = """class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(8, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, {channels}, {kernel})
    def forward(self, x):
        return x + self.conv2(torch.relu(self.conv1(x)))
"""
BROKEN = {
    "wrong in_features": ((3, 32, 32), FORWARD.format(features=400, flatten="x = torch.flatten(x, 1)", x="x"), "1176"),
    "not flattened": ((3, 32, 32), FORWARD.format(features=1176, flatten="x = x * 1", x="x"), "torch.flatten(x, 1)"),
    "wrong view": ((3, 32, 32), FORWARD.format(features=1176, flatten="x = x.view(-1, 400)", x="x"), "view(-1, 1176)"),
    "wrong channels": ((3, 16, 16), "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(16, 4, 3))", "Conv2d(8, 4"),
    "wrong batch norm": ((3, 16, 16), "nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(16))", "BatchNorm2d(8)"),
    "missing flatten": ((3, 4, 4), "nn.Sequential(nn.ReLU(), nn.Linear(48, 4))", "nn.Flatten(), nn.Linear(48, 4)"),
    "kernel too large": ((3, 4, 4), "nn.Sequential(nn.Conv2d(3, 8, 7))", "padding=2"),
    "pool too large": ((3, 4, 4), "nn.Sequential(nn.MaxPool2d(2), nn.MaxPool2d(2), nn.MaxPool2d(2))", "nn.MaxPool2d"),
    "residual size": ((8, 16, 16), RESIDUAL.format(channels=8, kernel=3), "padding=1)\n    def"),
    "residual channels": (
        (8, 16, 16),
        RESIDUAL.format(channels=16, kernel="3, padding=1"),
        "nn.Conv2d(8, 8, 3, padding=1)\n    def",
    ),
    "in_channels by name": (
        (1, 28, 28),
        "nn.Sequential(nn.Conv2d(in_channels=3, out_channels=8, kernel_size=3))",
        "in_channels=1",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_mistake_is_found_and_mended(name):
    size, text, expected = BROKEN[name]
    parsed = read_code(text, size)
    assert parsed.network is not None
    trace = trace_network(parsed.network)
    assert trace.fault is not None
    with pytest.raises((RuntimeError, ValueError)) as theirs, torch.no_grad():
        module(text)(torch.zeros(1, *size))
    assert str(theirs.value).split("\n")[0] == trace.fault.torch or name == "wrong view"
    mends = mend_code(parsed)
    assert any(expected in mend.text for mend in mends), [mend.text for mend in mends]
    for mend in mends:
        with torch.no_grad():
            module(mend.text)(torch.zeros(2, *size))
        assert mend.text.count("\n") == text.count("\n")
        assert mend.sentence.endswith(".")


def module(text):
    """Make the module, also where the text is an expression alone."""
    return built(text if text.startswith("class") else f"model = {text}").eval()


def test_nothing_to_mend():
    assert mend_code(read_code("nn.Sequential(nn.ReLU())", (3, 4, 4))) == []
    assert mend_code(read_code("x = 1")) == []
