"""Published networks, each built from few lines and named as torchvision names it.

>>> ARCHITECTURES["vgg16"].title, len(ARCHITECTURES["resnet152"]), ARCHITECTURES["unet_paper"].input
('VGG-16', 515, (1, 572, 572))

A network is built when it is first asked for, and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from cnnviz.engine.networks.graph import Network
from cnnviz.engine.networks.zoo.branched import densenet121, googlenet, mobilenet_v2, resnet, unet
from cnnviz.engine.networks.zoo.classic import (
    alexnet,
    alexnet_2012,
    dcgan_generator,
    lecture_cnn,
    lenet5,
    lenet_modern,
    squeezenet1_1,
    vgg,
)
from cnnviz.engine.networks.zoo.own import digits_lenet, shapes_vgg


class Zoo(Mapping[str, Network]):
    """A mapping that builds what it is asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], Network]]) -> None:
        self._makers = dict(makers)
        self._built: dict[str, Network] = {}

    def __getitem__(self, name: str) -> Network:
        if name not in self._built:
            self._built[name] = self._makers[name]()
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _residual(depth: int, *blocks: int, bottleneck: bool) -> partial[Network]:
    return partial(resnet, f"resnet{depth}", f"ResNet-{depth}", blocks, bottleneck=bottleneck)


ARCHITECTURES: Mapping[str, Network] = Zoo({
    "digits_lenet": digits_lenet,
    "shapes_vgg": shapes_vgg,
    "lecture_cnn": lecture_cnn,
    "lenet5": lenet5,
    "lenet_modern": lenet_modern,
    "alexnet_2012": alexnet_2012,
    "alexnet": alexnet,
    **{f"vgg{depth}": partial(vgg, depth) for depth in (11, 13, 16, 19)},
    "resnet18": _residual(18, 2, 2, 2, 2, bottleneck=False),
    "resnet34": _residual(34, 3, 4, 6, 3, bottleneck=False),
    "resnet50": _residual(50, 3, 4, 6, 3, bottleneck=True),
    "resnet101": _residual(101, 3, 4, 23, 3, bottleneck=True),
    "resnet152": _residual(152, 3, 8, 36, 3, bottleneck=True),
    "wide_resnet50_2": partial(
        resnet, "wide_resnet50_2", "Wide ResNet-50-2", (3, 4, 6, 3), bottleneck=True, width=128
    ),
    "densenet121": densenet121,
    "mobilenet_v2": mobilenet_v2,
    "squeezenet1_1": squeezenet1_1,
    "googlenet": googlenet,
    "unet_paper": partial(
        unet, "unet_paper", "U-Net (2015)", 572, padded=False,
        note="No padding: maps shrink, and what comes across is cropped. 572 in, 388 out.",
    ),
    "unet_padded": partial(
        unet, "unet_padded", "U-Net, padded", 512, padded=True, note="Padded: as large out as in, if 16 divides it."
    ),
    "dcgan_generator": dcgan_generator,
})  # fmt: skip
