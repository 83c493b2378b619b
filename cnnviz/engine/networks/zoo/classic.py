"""Networks in one line of layers: the lecture's small one, LeNet-5, AlexNet, VGG; and SqueezeNet's fire modules."""

from __future__ import annotations

from collections.abc import Sequence

from cnnviz.engine.networks.graph import Draft, Network
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Dropout,
    Flatten,
    Layer,
    Linear,
    Norm,
    Pool,
)

RELU = Activation("relu")
TANH = Activation("tanh")


def lecture_cnn() -> Network:
    """Build the network whose 911 parameters are counted line by line."""
    draft = Draft("lecture_cnn", "The lecture’s small CNN", (1, 32, 32), "10 parameters see, 901 decide.")
    draft.add("conv", Conv(1, 3))
    draft.add("relu", RELU)
    draft.add("flatten", Flatten())
    draft.add("fc", Linear(1))
    draft.add("sigmoid", Activation("sigmoid"))
    return draft.done()


def lenet5() -> Network:
    """Build LeNet-5 as of 1998, but for its table of connections: here every map of C3 sees all of S2."""
    draft = Draft(
        "lenet5", "LeNet-5 (1998)", (1, 32, 32),
        "Average pooling and tanh. Its C3 here sees all six maps; the paper’s saw only some of them.",
    )  # fmt: skip
    layers: tuple[tuple[str, Layer], ...] = (
        ("c1", Conv(6, 5)), ("tanh1", TANH), ("s2", Pool(2, how="avg")),
        ("c3", Conv(16, 5)), ("tanh3", TANH), ("s4", Pool(2, how="avg")),
        ("c5", Conv(120, 5)), ("tanh5", TANH), ("flatten", Flatten()),
        ("f6", Linear(84)), ("tanh6", TANH), ("output", Linear(10)),
    )  # fmt: skip
    for name, layer in layers:
        draft.add(name, layer)
    return draft.done()


def lenet_modern() -> Network:
    """Build LeNet-5 as it is taught today: ReLU and max pooling on 28 by 28 digits."""
    draft = Draft("lenet_modern", "LeNet-5 (modern)", (1, 28, 28), "ReLU and max pooling, on 28×28 digits.")
    layers: tuple[tuple[str, Layer], ...] = (
        ("conv1", Conv(6, 5, padding=2)), ("relu1", RELU), ("pool1", Pool(2)),
        ("conv2", Conv(16, 5)), ("relu2", RELU), ("pool2", Pool(2)), ("flatten", Flatten()),
        ("fc1", Linear(120)), ("relu3", RELU), ("fc2", Linear(84)), ("relu4", RELU), ("fc3", Linear(10)),
    )  # fmt: skip
    for name, layer in layers:
        draft.add(name, layer)
    return draft.done()


def alexnet_2012() -> Network:
    """Build AlexNet as published: two groups, because two graphics cards."""
    draft = Draft(
        "alexnet_2012", "AlexNet (2012)", (3, 227, 227),
        "Two graphics cards made two groups. The paper says 224; its sizes only work with 227.",
    )  # fmt: skip
    response = Norm("response", groups=5)
    with draft.within("features"):
        draft.chain([
            Conv(96, 11, stride=4), RELU, response, Pool(3, stride=2),
            Conv(256, 5, padding=2, groups=2), RELU, response, Pool(3, stride=2),
            Conv(384, 3, padding=1), RELU, Conv(384, 3, padding=1, groups=2), RELU,
            Conv(256, 3, padding=1, groups=2), RELU, Pool(3, stride=2),
        ])  # fmt: skip
    return _dense_end(draft, 4096)


def alexnet() -> Network:
    """Build AlexNet as torchvision has it."""
    draft = Draft("alexnet", "AlexNet", (3, 224, 224), "As torchvision has it: one group, fewer maps, 224×224.")
    with draft.within("features"):
        draft.chain([
            Conv(64, 11, stride=4, padding=2), RELU, Pool(3, stride=2), Conv(192, 5, padding=2), RELU,
            Pool(3, stride=2), Conv(384, 3, padding=1), RELU, Conv(256, 3, padding=1), RELU,
            Conv(256, 3, padding=1), RELU, Pool(3, stride=2),
        ])  # fmt: skip
    draft.add("avgpool", AdaptivePool(6))
    return _dense_end(draft, 4096)


def _dense_end(draft: Draft, width: int) -> Network:
    draft.add("flatten", Flatten())
    with draft.within("classifier"):
        draft.chain([Dropout(), Linear(width), RELU, Dropout(), Linear(width), RELU, Linear(1000)])
    return draft.done()


VGG_STAGES = {
    11: ((64,), (128,), (256,) * 2, (512,) * 2, (512,) * 2),
    13: ((64,) * 2, (128,) * 2, (256,) * 2, (512,) * 2, (512,) * 2),
    16: ((64,) * 2, (128,) * 2, (256,) * 3, (512,) * 3, (512,) * 3),
    19: ((64,) * 2, (128,) * 2, (256,) * 4, (512,) * 4, (512,) * 4),
}


def vgg(depth: int) -> Network:
    """Build a VGG: blocks of 3 by 3 convolutions, halved in size and doubled in maps."""
    draft = Draft(
        f"vgg{depth}", f"VGG-{depth}", (3, 224, 224), "Only 3×3 convolutions; most parameters sit at its end."
    )
    layers: list[Layer] = []
    for stage in VGG_STAGES[depth]:
        for channels in stage:
            layers += [Conv(channels, 3, padding=1), RELU]
        layers.append(Pool(2))
    with draft.within("features"):
        draft.chain(layers)
    draft.add("avgpool", AdaptivePool(7))
    draft.add("flatten", Flatten())
    with draft.within("classifier"):
        draft.chain([Linear(4096), RELU, Dropout(), Linear(4096), RELU, Dropout(), Linear(1000)])
    return draft.done()


def squeezenet1_1() -> Network:
    """Build SqueezeNet 1.1: squeeze by 1 by 1, then expand by 1 by 1 and 3 by 3 side by side."""
    draft = Draft(
        "squeezenet1_1", "SqueezeNet 1.1", (3, 224, 224), "AlexNet’s accuracy with 50 times fewer parameters."
    )
    pool = Pool(3, stride=2, ceil_mode=True)
    with draft.within("features"):
        draft.chain([Conv(64, 3, stride=2), RELU, pool])
        for place, (squeeze, expand) in {
            3: (16, 64), 4: (16, 64), 6: (32, 128), 7: (32, 128), 9: (48, 192), 10: (48, 192), 11: (64, 256),
            12: (64, 256),
        }.items():  # fmt: skip
            if place in {6, 9}:
                draft.add(str(place - 1), pool)
            _fire(draft, str(place), squeeze, expand)
    with draft.within("classifier"):
        draft.chain([Dropout(), Conv(1000, 1), RELU, AdaptivePool(1)])
    draft.add("flatten", Flatten())
    return draft.done()


def _fire(draft: Draft, name: str, squeeze: int, expand: int) -> None:
    with draft.within(name):
        draft.add("squeeze", Conv(squeeze, 1))
        small = draft.add("squeeze_activation", RELU)
        draft.add("expand1x1", Conv(expand, 1))
        one = draft.add("expand1x1_activation", RELU)
        draft.add("expand3x3", Conv(expand, 3, padding=1), small)
        three = draft.add("expand3x3_activation", RELU)
        draft.add("cat", Concat(), one, three)


def dcgan_generator() -> Network:
    """Build a DCGAN generator: a hundred numbers become a picture, by transposed convolutions."""
    draft = Draft("dcgan_generator", "DCGAN generator", (100, 1, 1), "100 random numbers become a picture of 64×64.")
    widths: Sequence[int] = (512, 256, 128, 64)
    layers: list[Layer] = []
    for number, channels in enumerate(widths):
        first = number == 0
        layers += [
            ConvTranspose(channels, 4, stride=1 if first else 2, padding=0 if first else 1, bias=False),
            BatchNorm(),
            RELU,
        ]
    with draft.within("main"):
        draft.chain([*layers, ConvTranspose(3, 4, stride=2, padding=1, bias=False), TANH])
    return draft.done()
