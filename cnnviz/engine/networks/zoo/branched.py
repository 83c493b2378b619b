"""Networks with branches: ResNets, DenseNet, MobileNetV2, GoogLeNet, U-Net."""

from __future__ import annotations

from cnnviz.engine.networks.graph import Draft, Network
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
    Pool,
)

RELU = Activation("relu")


def resnet(name: str, title: str, blocks: tuple[int, ...], *, bottleneck: bool, width: int = 64) -> Network:
    """Build a ResNet: every block adds what it finds to what it was given."""
    draft = Draft(
        name, title, (3, 224, 224), "Every block adds to what it was given; 1×1 shortcuts where the size changes."
    )
    draft.add("conv1", Conv(64, 7, stride=2, padding=3, bias=False))
    draft.add("bn1", BatchNorm())
    draft.add("relu", RELU)
    draft.add("maxpool", Pool(3, stride=2, padding=1))
    channels = 64
    for stage, count in enumerate(blocks):
        wide = 64 * 2**stage
        out = wide * 4 if bottleneck else wide
        for number in range(count):
            stride = 2 if stage and not number else 1
            inner = width * 2**stage if bottleneck else wide
            with draft.within(f"layer{stage + 1}.{number}") as start:
                end = _bottleneck(draft, inner, out, stride) if bottleneck else _basic(draft, wide, stride)
                if stride > 1 or channels != out:
                    draft.add("downsample.0", Conv(out, 1, stride=stride, bias=False), start)
                    start = draft.add("downsample.1", BatchNorm())  # noqa: PLW2901 - the shortcut starts here now
                draft.add("add", Add(), end, start)
                draft.add("relu_out", RELU)
            channels = out
    draft.add("avgpool", AdaptivePool(1))
    draft.add("flatten", Flatten())
    draft.add("fc", Linear(1000))
    return draft.done()


def _basic(draft: Draft, channels: int, stride: int) -> str:
    draft.add("conv1", Conv(channels, 3, stride=stride, padding=1, bias=False))
    draft.add("bn1", BatchNorm())
    draft.add("relu", RELU)
    draft.add("conv2", Conv(channels, 3, padding=1, bias=False))
    return draft.add("bn2", BatchNorm())


def _bottleneck(draft: Draft, inner: int, out: int, stride: int) -> str:
    draft.add("conv1", Conv(inner, 1, bias=False))
    draft.add("bn1", BatchNorm())
    draft.add("relu", RELU)
    draft.add("conv2", Conv(inner, 3, stride=stride, padding=1, bias=False))
    draft.add("bn2", BatchNorm())
    draft.add("relu2", RELU)
    draft.add("conv3", Conv(out, 1, bias=False))
    return draft.add("bn3", BatchNorm())


def densenet121() -> Network:
    """Build DenseNet-121: every layer sees all layers before it in its block."""
    draft = Draft("densenet121", "DenseNet-121", (3, 224, 224), "Every layer of a block sees all layers before it.")
    growth, channels = 32, 64
    with draft.within("features"):
        draft.add("conv0", Conv(64, 7, stride=2, padding=3, bias=False))
        draft.add("norm0", BatchNorm())
        draft.add("relu0", RELU)
        draft.add("pool0", Pool(3, stride=2, padding=1))
        for block, count in enumerate((6, 12, 24, 16), 1):
            seen = [draft.last]
            for number in range(1, count + 1):
                with draft.within(f"denseblock{block}.denselayer{number}"):
                    if len(seen) > 1:
                        draft.add("cat", Concat(), *seen)
                    for half, conv in (
                        (1, Conv(4 * growth, 1, bias=False)),
                        (2, Conv(growth, 3, padding=1, bias=False)),
                    ):
                        draft.add(f"norm{half}", BatchNorm())
                        draft.add(f"relu{half}", RELU)
                        draft.add(f"conv{half}", conv)
                    seen.append(draft.last)
            draft.add(f"denseblock{block}.cat", Concat(), *seen)
            channels += growth * count
            if block < 4:
                channels //= 2
                with draft.within(f"transition{block}"):
                    draft.add("norm", BatchNorm())
                    draft.add("relu", RELU)
                    draft.add("conv", Conv(channels, 1, bias=False))
                    draft.add("pool", Pool(2, how="avg"))
        draft.add("norm5", BatchNorm())
    draft.add("relu", RELU)
    draft.add("avgpool", AdaptivePool(1))
    draft.add("flatten", Flatten())
    draft.add("classifier", Linear(1000))
    return draft.done()


def mobilenet_v2() -> Network:
    """Build MobileNetV2: widen by 1 by 1, filter each channel alone, narrow again, add."""
    draft = Draft(
        "mobilenet_v2",
        "MobileNetV2",
        (3, 224, 224),
        "Depthwise convolutions between 1×1 ones; wide inside, narrow outside.",
    )
    relu6 = Activation("relu6")

    def unit(place: str, conv: Conv) -> None:
        draft.add(f"{place}.0", conv)
        draft.add(f"{place}.1", BatchNorm())
        draft.add(f"{place}.2", relu6)

    channels, place = 32, 1
    with draft.within("features"):
        unit("0", Conv(32, 3, stride=2, padding=1, bias=False))
        for widen, out, count, first_stride in (
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
        ):  # fmt: skip
            for number in range(count):
                stride, hidden, step = (1 if number else first_stride), channels * widen, 0
                with draft.within(f"{place}.conv") as start:
                    if widen > 1:
                        unit("0", Conv(hidden, 1, bias=False))
                        step = 1
                    unit(str(step), Conv(hidden, 3, stride=stride, padding=1, groups=hidden, bias=False))
                    draft.add(str(step + 1), Conv(out, 1, bias=False))
                    draft.add(str(step + 2), BatchNorm())
                if stride == 1 and channels == out:
                    draft.add(f"{place}.add", Add(), start, draft.last)
                channels, place = out, place + 1
        unit("18", Conv(1280, 1, bias=False))
    draft.add("avgpool", AdaptivePool(1))
    draft.add("flatten", Flatten())
    with draft.within("classifier"):
        draft.chain([Dropout(0.2), Linear(1000)])
    return draft.done()


INCEPTIONS = {
    "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64), "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64), "4c": (128, 128, 256, 24, 64, 64), "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128), "5a": (256, 160, 320, 32, 128, 128), "5b": (384, 192, 384, 48, 128, 128),
}  # fmt: skip
"""Maps of each branch: 1x1; narrowed, then 3x3; narrowed, then the second 3x3 (5x5 in the paper); after pooling."""


def googlenet() -> Network:
    """Build GoogLeNet as torchvision has it for answering: with batch norm, without the helper outputs."""
    draft = Draft(
        "googlenet", "GoogLeNet", (3, 224, 224),
        "Four branches side by side. As torchvision has it: batch norm, and 3×3 where the paper has 5×5.",
    )  # fmt: skip

    def unit(place: str, conv: Conv, *inputs: str) -> str:
        draft.add(f"{place}.conv", conv, *inputs)
        draft.add(f"{place}.bn", BatchNorm())
        return draft.add(f"{place}.relu", RELU)

    pool = Pool(3, stride=2, ceil_mode=True)
    unit("conv1", Conv(64, 7, stride=2, padding=3, bias=False))
    draft.add("maxpool1", pool)
    unit("conv2", Conv(64, 1, bias=False))
    unit("conv3", Conv(192, 3, padding=1, bias=False))
    draft.add("maxpool2", pool)
    for name, (one, narrow3, three, narrow5, five, after) in INCEPTIONS.items():
        if name == "4a":
            draft.add("maxpool3", pool)
        if name == "5a":
            draft.add("maxpool4", Pool(2, stride=2, ceil_mode=True))
        with draft.within(f"inception{name}") as start:
            first = unit("branch1", Conv(one, 1, bias=False), start)
            unit("branch2.0", Conv(narrow3, 1, bias=False), start)
            second = unit("branch2.1", Conv(three, 3, padding=1, bias=False))
            unit("branch3.0", Conv(narrow5, 1, bias=False), start)
            third = unit("branch3.1", Conv(five, 3, padding=1, bias=False))
            draft.add("branch4.0", Pool(3, stride=1, padding=1, ceil_mode=True), start)
            fourth = unit("branch4.1", Conv(after, 1, bias=False))
            draft.add("cat", Concat(), first, second, third, fourth)
    draft.add("avgpool", AdaptivePool(1))
    draft.add("flatten", Flatten())
    draft.add("dropout", Dropout(0.2))
    draft.add("fc", Linear(1000))
    return draft.done()


def unet(name: str, title: str, size: int, *, padded: bool, note: str) -> Network:
    """Build a U-Net: down by pooling, up by transposed convolutions, and across at every level."""
    draft = Draft(name, title, (1, size, size), note)
    padding = 1 if padded else 0
    levels: list[str] = []

    def double(place: str, channels: int) -> str:
        with draft.within(place):
            for number in ("1", "2"):
                draft.add(f"conv{number}", Conv(channels, 3, padding=padding))
                draft.add(f"relu{number}", RELU)
        return draft.last

    for level, channels in enumerate((64, 128, 256, 512), 1):
        levels.append(double(f"down{level}", channels))
        draft.add(f"pool{level}", Pool(2))
    double("bottom", 1024)
    for level, channels in zip((4, 3, 2, 1), (512, 256, 128, 64), strict=True):
        up = draft.add(f"up{level}.upconv", ConvTranspose(channels, 2, stride=2))
        across = levels[level - 1]
        if not padded:
            across = draft.add(f"up{level}.crop", Crop(), across, up)
        draft.add(f"up{level}.cat", Concat(), across, up)
        double(f"up{level}", channels)
    draft.add("head", Conv(2, 1))
    return draft.done()
