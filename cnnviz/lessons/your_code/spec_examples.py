"""Code to begin with on the page for one's own networks: some of it right, some with the mistakes that all make.

>>> [example.name for example in CODE_EXAMPLES][:2]
['tutorial', 'features']
"""

from __future__ import annotations

from cnnviz.state.preset import CodeExample

TUTORIAL = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear({features}, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)
"""

RESIDUAL = """\
class Block(nn.Module):
    def __init__(self, channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + x)


class SmallResNet(nn.Module):
    def __init__(self, depth=3, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(16) for _ in range(depth)]{strided})
        self.head = nn.Linear(16, classes)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.head(x.mean(dim=(2, 3)))
"""

CHANNELS = """\
model = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(32 * 14 * 14, 10),
)
"""

NOT_FLATTENED = """\
model = nn.Sequential(
    nn.Conv2d(1, 4, 5),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Linear(4 * 12 * 12, 10),
)
"""

ENCODER = """\
model = nn.Sequential(
    nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU(),
    nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU(),
    nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1), nn.ReLU(),
    nn.ConvTranspose2d(16, 1, 3, stride=2, padding=1, output_padding=1), nn.Sigmoid(),
)
"""

ONE_FILTER = """\
model = nn.Sequential(
    nn.Conv2d(1, 1, 11),
    nn.AdaptiveMaxPool2d(1),
    nn.Flatten(),
    nn.Linear(1, 1),
)
"""

CODE_EXAMPLES = (
    CodeExample(
        "tutorial",
        "A first network",
        "Two convolutions, two poolings, three dense layers. Change a number and look.",
        (3, 32, 32),
        TUTORIAL.format(features="16 * 5 * 5"),
    ),
    CodeExample(
        "features",
        "The mistake that all make: in_features",
        "The picture is 64×64 now, but the dense layer still expects 16 · 5 · 5 numbers.",
        (3, 64, 64),
        TUTORIAL.format(features="16 * 5 * 5"),
    ),
    CodeExample(
        "channels",
        "Channels that do not meet",
        "The second convolution expects other channels than the first gives.",
        (1, 28, 28),
        CHANNELS,
    ),
    CodeExample(
        "flatten",
        "Not flattened",
        "A dense layer works on the last axis. Here that is the width of a map.",
        (1, 28, 28),
        NOT_FLATTENED,
    ),
    CodeExample(
        "residual",
        "A residual network",
        "Blocks made in a loop; each adds what it finds to what it was given.",
        (3, 32, 32),
        RESIDUAL.format(strided=""),
    ),
    CodeExample(
        "shortcut",
        "Branches that do not fit",
        "The last block has stride 2, but its shortcut keeps the size.",
        (3, 32, 32),
        RESIDUAL.format(strided=", Block(16, stride=2)"),
    ),
    CodeExample(
        "encoder",
        "An encoder and a decoder",
        "Down by strides, up by transposed convolutions; 28 comes back as 28.",
        (1, 28, 28),
        ENCODER,
    ),
    CodeExample(
        "filter",
        "One filter that decides",
        "One kernel of 11×11, its largest answer, one number.",
        (1, 28, 28),
        ONE_FILTER,
    ),
)
"""In the order of the list on the page."""
