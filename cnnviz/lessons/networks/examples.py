"""Examples of the Networks page.

>>> [preset.name for preset in NETWORKS_PRESETS][:2]
['lecture', 'deeper']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

GROUP = "Networks"


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=GROUP, note=note, source="Lecture")


NETWORKS_PRESETS = (
    _preset(
        "lecture",
        "911 parameters, line for line",
        "net=lecture_cnn",
        "Nine weights and a bias see the picture; 900 weights and a bias decide. Flattening has none.",
    ),
    _preset(
        "deeper",
        "Deeper, but lighter: ResNet-152 and VGG-19",
        "net=resnet152&view=compare&vs=vgg19",
        "Eight times as deep, and less than half of the parameters. Look where VGG’s sit: in its first dense layer.",
    ),
    _preset(
        "dense",
        "Where VGG-16’s parameters sit",
        "net=vgg16&view=where",
        "Nearly nine of ten parameters are in the dense end, nearly all operations in the convolutions.",
    ),
    _preset(
        "small",
        "Small networks for small machines",
        "net=mobilenet_v2&view=compare&vs=squeezenet1_1.resnet18.alexnet",
        "Few parameters are not few operations: compare SqueezeNet and MobileNetV2 by both.",
    ),
    _preset(
        "depthwise",
        "Dense against depthwise: VGG-16",
        "net=vgg16&view=compare&swap=separable",
        "Every 3×3 convolution parted in two: filter each channel alone, then mix by 1×1. About a ninth of the work.",
    ),
    _preset(
        "rounding",
        "Sizes that do not fit: ResNet-50",
        "net=resnet50",
        "Open conv1: 112.5 is rounded down to 112. What is lost is padding, so no pixel of the picture.",
    ),
    _preset(
        "unpadded",
        "572 in, 388 out: U-Net without padding",
        "net=unet_paper",
        "Every 3×3 convolution takes two rows; the maps that come across are cropped to fit.",
    ),
    _preset(
        "tools",
        "Why tools disagree",
        "net=resnet50&count=torchinfo",
        "Switch the count: the same network has 4.1 G or 8.2 G operations, or a little more.",
    ),
    _preset(
        "resolution",
        "Twice the side, four times the work",
        "net=resnet18&in=3.448.448&view=where",
        "Parameters stay, operations and maps grow fourfold. Set the input back to 224 to compare.",
    ),
)
