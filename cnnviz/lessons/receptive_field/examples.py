"""Examples of the Receptive field page.

>>> [preset.name for preset in RECEPTIVE_FIELD_PRESETS][:2]
['stacked', 'pool5']
"""

from __future__ import annotations

from cnnviz.state.network_choice import pack_code
from cnnviz.state.preset import Preset

GROUP = "Networks"

HOLES = """\
nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=2, dilation=2),
    nn.ReLU(),
    nn.Conv2d(8, 8, 3, padding=2, dilation=2),
)
"""
GROWING = """\
nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=1, dilation=1),
    nn.Conv2d(8, 8, 3, padding=2, dilation=2),
    nn.Conv2d(8, 8, 3, padding=4, dilation=4),
)
"""


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=GROUP, note=note, source="Lecture")


RECEPTIVE_FIELD_PRESETS = (
    _preset(
        "stacked",
        "Two 3×3 see what one 5×5 sees",
        "net=vgg16&in=3.32.32&layer=features.2",
        "Each layer adds one pixel on every side. The pixel in the middle has nine ways to the unit, a corner has one.",
    ),
    _preset(
        "pool5",
        "VGG-16 after its fifth pooling: 212",
        "net=vgg16&layer=features.30",
        "The unit in the middle sees 212×212 of 224×224 pixels; its neighbour looks 32 pixels further, over the "
        "border. Drag the depth and watch the field grow.",
    ),
    _preset(
        "larger",
        "ResNet-18: 435 pixels of 224",
        "net=resnet18&layer=layer4.1.add",
        "The field would be 435 pixels wide, the picture has 224: the unit sees all of it, and much padding. "
        "Only units of the first row and column miss a few pixels.",
    ),
    _preset(
        "effective",
        "What counts is the middle",
        "net=resnet18&layer=layer2.1.add&more=effective",
        "All 99×99 pixels can change the unit, but those in the middle do it far more: many ways lead from them.",
    ),
    _preset(
        "holes",
        "Dilation leaves holes",
        f"in=3.24.24&layer=2&c={pack_code(HOLES)}",
        "Two layers of dilation 2: 9×9 from end to end, but only every second row and column is ever read.",
    ),
    _preset(
        "growing",
        "Growing dilation closes them",
        f"in=3.24.24&layer=2&c={pack_code(GROWING)}",
        "Dilation 1, then 2, then 4: 15×15 with three layers of nine weights, and not one hole.",
    ),
    _preset(
        "corner",
        "Cut off at the border",
        "net=vgg16&layer=features.16&at=0.0",
        "The unit in the corner looks over the edge: there it sees padding, which is no picture.",
    ),
    _preset(
        "unet",
        "U-Net: far below, near across",
        "net=unet_padded&in=1.256.256&layer=head&more=effective",
        "Through the bottom the unit sees far around; straight across, only its neighbours. What comes across is "
        "the bright spot.",
    ),
    _preset(
        "lenet",
        "LeNet-5: strokes, then digits",
        "net=lenet5&layer=s4",
        "A unit of S4 sees 16 of 32 pixels: half of a digit. The next layer sees all of it.",
    ),
)
