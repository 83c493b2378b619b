"""Examples of the Pixels page.

>>> [preset.name for preset in PIXELS_PRESETS][:3]
['numbers', 'scales', 'standardised']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

GROUP = "Pictures"


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=GROUP, note=note, source="Lecture")


PIXELS_PRESETS = (
    _preset(
        "numbers",
        "An eye is numbers",
        "img=cat&at=150.180&z=150.180.14",
        "This is what a network gets: three bytes a pixel. Press All to see what they are part of.",
    ),
    _preset(
        "scales",
        "The same pixels from −1 to 1",
        "img=cat&at=150.180&z=150.180.14&scale=sign",
        "Nothing moved: every number n became n / 127.5 − 1. Try the other scales; the picture stays as it is.",
    ),
    _preset(
        "standardised",
        "Standardised, channel by channel",
        "img=rocket&scale=standard",
        "A dark blue photo: look at the means on 0 to 255, and now. Each channel has mean 0 and deviation 1.",
    ),
    _preset(
        "imagenet",
        "ImageNet’s constants",
        "img=coffee&scale=imagenet",
        "Trained networks want exactly these numbers. This photo’s mean is not 0 afterwards: they are not its own.",
    ),
    _preset(
        "channels",
        "Red, green and blue apart",
        "img=shapes&ch=both",
        "A red disc is bright in the red channel and dark in the others. Which shapes vanish in which channel?",
    ),
    _preset(
        "tinted",
        "Each channel in its colour",
        "img=coffee&ch=apart&tint=1",
        "Three grey pictures, lit in red, green and blue: laid over each other they are the photo.",
    ),
    _preset(
        "tensor",
        "From H, W, C to C, H, W",
        "img=cat&order=chw&at=150.180",
        "PyTorch wants the channels first. Follow one pixel: its three numbers stood together, now they are far apart.",
    ),
    _preset(
        "batch",
        "A batch: N, C, H, W",
        "img=digits&order=nchw&n=32",
        "Thirty-two pictures behind each other: four axes, one long line of numbers in memory.",
    ),
)
