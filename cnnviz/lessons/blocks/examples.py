"""Examples of the Blocks page.

>>> [preset.name for preset in BLOCKS_PRESETS][:2]
['vanish', 'explode']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

GROUP = "What networks see"


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=GROUP, note=note, source="Lecture")


BLOCKS_PRESETS = (
    _preset(
        "vanish", "Weights a little too small", "gain=0.6",
        "Times 0.6 a layer: after twenty layers nothing is left. Batch norm sets every layer back to a spread of 1.",
    ),
    _preset(
        "explode", "Weights a little too large", "gain=1.5",
        "Now the maps grow without end. With batch norm the size of the weights no longer matters.",
    ),
    _preset(
        "shortcut", "Shortcuts let the gradient through", "with=shortcut",
        "The gradient reaches layer 1. But every layer adds to the maps: they grow.",
    ),
    _preset(
        "resnet", "A residual block has both", "with=both&depth=40&at=20",
        "Forty layers: maps that grow slowly, and a gradient that arrives. That made ResNet-152 possible.",
    ),
    _preset(
        "alone", "Batch norm on one picture", "n=1",
        "With nobody else in the batch, the mean and the variance are the picture's own.",
    ),
    _preset(
        "remembered", "What batch norm remembers", "n=1&eval=1",
        "After training it uses the mean and variance that it saw before: one picture alone is no problem.",
    ),
    _preset(
        "unet", "U-Net: what skips across", "with=skip",
        "The bottleneck keeps the rough picture, what skips across brings the fine lines. Click an output.",
    ),
)  # fmt: skip
