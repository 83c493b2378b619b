"""Networks to start building from.

>>> [preset.name for preset in BUILD_PRESETS]
['lenet', 'empty', 'residual', 'skip', 'inception', 'broken']
"""

from __future__ import annotations

from cnnviz.state.preset import CodeExample

EMPTY = """\
model = nn.Sequential()
print(model(torch.zeros(1, 3, 32, 32)).shape)
"""

LENET = """\
model = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(6, 16, 5),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(400, 120),
    nn.ReLU(),
    nn.Linear(120, 84),
    nn.ReLU(),
    nn.Linear(84, 10),
)
"""

RESIDUAL = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 3, padding=1)
        self.conv1 = nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.conv2 = nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x_stem = F.relu(self.stem(x))
        x = F.relu(self.bn1(self.conv1(x_stem)))
        x = self.bn2(self.conv2(x))
        x = F.relu(x + x_stem)
        x = torch.flatten(F.adaptive_avg_pool2d(x, 1), 1)
        return self.fc(x)
"""

SKIP = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(1, 16, 3, padding=1)
        self.down2 = nn.Conv2d(16, 32, 3, padding=1)
        self.bottom = nn.Conv2d(32, 64, 3, padding=1)
        self.up2 = nn.ConvTranspose2d(64, 32, 2, stride=2)
        self.join2 = nn.Conv2d(64, 32, 3, padding=1)
        self.up1 = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.join1 = nn.Conv2d(32, 16, 3, padding=1)
        self.out = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        one = F.relu(self.down1(x))
        two = F.relu(self.down2(F.max_pool2d(one, 2)))
        x = F.relu(self.bottom(F.max_pool2d(two, 2)))
        x = F.relu(self.join2(torch.cat([self.up2(x), two], dim=1)))
        x = F.relu(self.join1(torch.cat([self.up1(x), one], dim=1)))
        return self.out(x)
"""

INCEPTION = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(192, 64, 1)
        self.reduce3 = nn.Conv2d(192, 96, 1)
        self.three = nn.Conv2d(96, 128, 3, padding=1)
        self.reduce5 = nn.Conv2d(192, 16, 1)
        self.five = nn.Conv2d(16, 32, 5, padding=2)
        self.after_pool = nn.Conv2d(192, 32, 1)

    def forward(self, x):
        a = self.one(x)
        b = self.three(F.relu(self.reduce3(x)))
        c = self.five(F.relu(self.reduce5(x)))
        d = self.after_pool(F.max_pool2d(x, 3, stride=1, padding=1))
        return F.relu(torch.cat([a, b, c, d], dim=1))
"""

BROKEN = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.conv1 = nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(32, 32, 3, padding=1)

    def forward(self, x):
        start = F.relu(self.stem(x))
        x = self.conv2(F.relu(self.conv1(start)))
        return F.relu(x + start)
"""

BUILD_PRESETS = (
    CodeExample(
        "lenet", "LeNet, to begin with", "Choose a layer, change a number, and look at everything behind it.",
        (1, 28, 28), LENET,
    ),
    CodeExample(
        "empty", "Empty", "Only a picture of 32×32 so far. Add the first layer below.", (3, 32, 32), EMPTY,
    ),
    CodeExample(
        "residual", "A residual block", "Two convolutions, and a way past them. Remove “add”, and undo it.",
        (3, 32, 32), RESIDUAL,
    ),
    CodeExample(
        "skip", "An encoder and decoder with skips",
        "Maps shrink and grow again; what was there before is put beside them. Try an input of 30: sizes no longer "
        "meet.", (1, 32, 32), SKIP,
    ),
    CodeExample(
        "inception", "An Inception module", "Four ways side by side, then one map of 256 channels: 64 + 128 + 32 + 32.",
        (192, 28, 28), INCEPTION,
    ),
    CodeExample(
        "broken", "A shortcut that does not fit",
        "The long way halves the map, the shortcut does not. A 1×1 convolution on the shortcut mends it by one click.",
        (3, 32, 32), BROKEN,
    ),
)  # fmt: skip


def find_preset(name: str) -> CodeExample:
    """Give a network to start from by its name; the first if there is none."""
    return next((one for one in BUILD_PRESETS if one.name == name), BUILD_PRESETS[0])
