"""Networks as people write them: name -> (input without the batch, code). Each must also run in PyTorch."""

SNIPPETS: dict[str, tuple[tuple[int, ...], str]] = {
    "sequential": ((3, 32, 32), """
import torch.nn as nn
model = nn.Sequential(
    nn.Conv2d(3, 16, kernel_size=3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, 1, 1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2, 2),
    nn.Flatten(), nn.Linear(32 * 8 * 8, 64), nn.Dropout(0.5), nn.Linear(64, 10), nn.Softmax(dim=1),
)
"""),
    "ordered dict": ((1, 28, 28), """
from collections import OrderedDict
from torch import nn
net = nn.Sequential(OrderedDict([
    ("conv1", nn.Conv2d(1, 20, 5)), ("relu1", nn.ReLU()), ("conv2", nn.Conv2d(20, 64, 5)), ("pool", nn.AvgPool2d(4)),
]))
"""),
    "tutorial": ((3, 32, 32), """
import torch
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1)  # all dimensions except the batch
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = self.fc3(x)
        return x

net = Net()
"""),
    "flat features": ((1, 32, 32), """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, self.num_flat_features(x))
        return F.log_softmax(self.fc1(x), dim=1)

    def num_flat_features(self, x):
        size = x.size()[1:]
        num_features = 1
        for s in size:
            num_features *= s
        return num_features
"""),
    "residual": ((3, 64, 64), """
class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_planes, planes, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_planes, planes, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, kernel_size=3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.shortcut = nn.Sequential()
        if stride != 1 or in_planes != self.expansion * planes:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_planes, self.expansion * planes, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(self.expansion * planes),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += self.shortcut(x)
        return F.relu(out)


class ResNet(nn.Module):
    def __init__(self, block, num_blocks, num_classes=10):
        super(ResNet, self).__init__()
        self.in_planes = 64
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = self._make_layer(block, 64, num_blocks[0], stride=1)
        self.layer2 = self._make_layer(block, 128, num_blocks[1], stride=2)
        self.linear = nn.Linear(128 * block.expansion, num_classes)

    def _make_layer(self, block, planes, num_blocks, stride):
        strides = [stride] + [1] * (num_blocks - 1)
        layers = []
        for stride in strides:
            layers.append(block(self.in_planes, planes, stride))
            self.in_planes = planes * block.expansion
        return nn.Sequential(*layers)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.layer1(out)
        out = self.layer2(out)
        out = F.avg_pool2d(out, out.size(3))
        out = out.view(out.size(0), -1)
        return self.linear(out)


def make():
    return ResNet(BasicBlock, [2, 2])

model = make()
"""),
    "vgg from a list": ((3, 64, 64), """
cfg = {"A": [8, "M", 16, "M", 32, 32, "M"], "B": [8, 8, "M"]}

def make_layers(cfg, batch_norm=False, in_channels=3):
    layers: list[nn.Module] = []
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            conv2d = nn.Conv2d(in_channels, v, kernel_size=3, padding=1)
            if batch_norm:
                layers += [conv2d, nn.BatchNorm2d(v), nn.ReLU(inplace=True)]
            else:
                layers += [conv2d, nn.ReLU(inplace=True)]
            in_channels = v
    return nn.Sequential(*layers)

class VGG(nn.Module):
    def __init__(self, features, num_classes=5):
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(nn.Linear(32 * 7 * 7, 100), nn.ReLU(True), nn.Linear(100, num_classes))

    def forward(self, x):
        x = self.features(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        x = self.classifier(x)
        return x

model = VGG(make_layers(cfg["A"], batch_norm=True))
"""),
    "u-net": ((1, 96, 96), """
def double_conv(in_channels, out_channels):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 3), nn.ReLU(inplace=True),
        nn.Conv2d(out_channels, out_channels, 3), nn.ReLU(inplace=True))

class UNet(nn.Module):
    def __init__(self, n_class=2):
        super().__init__()
        self.down1 = double_conv(1, 16)
        self.down2 = double_conv(16, 32)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.dconv = double_conv(32, 16)
        self.last = nn.Conv2d(16, n_class, 1)

    @staticmethod
    def crop(skip, x):
        dy = (skip.shape[2] - x.shape[2]) // 2
        dx = (skip.shape[3] - x.shape[3]) // 2
        return skip[:, :, dy:dy + x.shape[2], dx:dx + x.shape[3]]

    def forward(self, x):
        skip = self.down1(x)
        x = self.down2(self.pool(skip))
        x = self.up(x)
        x = torch.cat([self.crop(skip, x), x], dim=1)
        return self.last(self.dconv(x))
"""),
    "module list": ((4, 20, 20), """
class Stack(nn.Module):
    def __init__(self, width=8, depth=4):
        super().__init__()
        self.first = nn.Conv2d(4, width, 1)
        self.layers = nn.ModuleList([nn.Conv2d(width, width, 3, padding="same") for _ in range(depth)])
        self.norms = nn.ModuleDict({"a": nn.GroupNorm(2, width), "b": nn.InstanceNorm2d(width)})
        self.act = nn.LeakyReLU(0.1)

    def forward(self, x):
        x = self.first(x)
        for i, layer in enumerate(self.layers):
            y = self.act(layer(x))
            x = x + y if i % 2 == 0 else x * y
        x = self.norms["a"](x)
        return self.norms["b"](x).mean(dim=[2, 3])
"""),
    "1-D": ((1, 128), """
class Wave(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(1, 8, 9, stride=2, padding=4), nn.ReLU(), nn.MaxPool1d(3, 2, ceil_mode=True),
            nn.Conv1d(8, 8, 3, dilation=2), nn.BatchNorm1d(8), nn.AdaptiveAvgPool1d(1))
        self.head = nn.Linear(8, 3)

    def forward(self, signal):
        return self.head(self.body(signal).squeeze(-1))
"""),
    "3-D": ((1, 8, 16, 16), """
model = nn.Sequential(
    nn.Conv3d(1, 4, (3, 5, 5), padding=(1, 2, 2)), nn.ReLU(), nn.MaxPool3d((1, 2, 2)), nn.BatchNorm3d(4),
    nn.ConvTranspose3d(4, 2, 2, stride=2), nn.Flatten())
"""),
    "gan": ((100, 1, 1), """
nz, ngf, nc = 100, 16, 3
class Generator(nn.Module):
    def __init__(self, ngpu=1):
        super(Generator, self).__init__()
        self.ngpu = ngpu
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, ngf * 8, 4, 1, 0, bias=False),
            nn.BatchNorm2d(ngf * 8),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 8, nc, 4, 2, 1, bias=False),
            nn.Tanh()
        )

    def forward(self, input):
        return self.main(input)

netG = Generator(1)
"""),
    "functional": ((3, 33, 33), """
class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, stride=2, padding_mode="reflect", padding=2)
        self.b = nn.Conv2d(8, 8, (1, 5), padding=(0, 2), groups=4)

    def forward(self, x):
        x = F.pad(x, (1, 2, 0, 1), mode="replicate")
        x = F.relu6(self.a(x))
        x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        x = torch.cat((self.b(x), x), 1)
        x = F.adaptive_max_pool2d(x, (6, None))
        x = F.dropout(x, 0.3, training=self.training)
        x = F.leaky_relu(x, 0.2)
        x = F.pixel_shuffle(x, 2)
        x = torch.sigmoid(x).contiguous()
        b, c, h, w = x.shape
        return x.reshape(b, c * h, w)
"""),
    "squeeze and excite": ((8, 16, 16), """
class SE(nn.Module):
    def __init__(self, channels, reduction=4):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(
            nn.Linear(channels, channels // reduction, bias=False), nn.ReLU(inplace=True),
            nn.Linear(channels // reduction, channels, bias=False), nn.Sigmoid())

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.pool(x).view(b, c)
        y = self.fc(y).view(b, c, 1, 1)
        return x * y

model = SE(8)
"""),
    "dense block": ((6, 12, 12), """
class Dense(nn.Module):
    def __init__(self, grow=4, depth=3, width=6):
        super().__init__()
        self.convs = nn.ModuleList()
        for i in range(depth):
            self.convs.append(nn.Sequential(nn.BatchNorm2d(width + i * grow), nn.ReLU(),
                                            nn.Conv2d(width + i * grow, grow, 3, padding=1)))

    def forward(self, x):
        features = [x]
        for conv in self.convs:
            features.append(conv(torch.cat(features, 1)))
        return torch.cat(features, 1)
"""),
    "shared": ((4, 9, 9), """
class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        for _ in range(3):
            x = torch.relu(self.conv(x))
        return x.flatten(1)
"""),
    "inherited": ((3, 24, 24), """
class Base(nn.Module):
    channels = 12
    def __init__(self, *, last: int = 2, **kwargs):
        super().__init__()
        self.stem = nn.Conv2d(3, self.channels, **kwargs)
        for i in range(2):
            setattr(self, f"conv{i}", nn.Conv2d(self.channels, self.channels, 3))
        self.head = nn.Conv2d(self.channels, last, 1)

    def stage(self, x):
        return self.conv1(self.conv0(x))

    def forward(self, x):
        return self.head(self.stage(self.stem(x))).mean((2, 3), keepdim=True)

class Child(Base):
    channels = 16
    def stage(self, x):
        x = self.conv0(x)
        return x[..., :] if False else F.silu(self.conv1(x))

model = Child(last=5, kernel_size=5, stride=2)
"""),
    "lazy": ((3, 16, 16), """
model = nn.Sequential(nn.LazyConv2d(8, 3), nn.LazyBatchNorm2d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(4))
"""),
    "fine-tuning": ((3, 16, 16), """
features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())
model = nn.Sequential(features, nn.Flatten(), nn.Linear(8 * 14 * 14, 10))
for p in model.parameters():
    p.requires_grad = False
model[2] = nn.Linear(model[2].in_features, 3)
"""),
}  # fmt: skip
