"""The examples of the Channels lesson: the lectures' own numbers, and the layers that one meets in networks.

>>> CHANNELS_PRESETS[0].title, dict(CHANNELS_PRESETS[0].state)
('Colour: three slices, three maps, one sum', {'o': '1', 'x': 'bars', 'w': 'slices'})
"""

from __future__ import annotations

from cnnviz.state.preset import LECTURES, Preset

LAYERS = "Layers of networks"


def _lecture(name: str, title: str, topic: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=LECTURES, note=note, source=f"Lecture: {topic}")


def _layer(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=LAYERS, note=note, source="Layers of networks")


CHANNELS_PRESETS: tuple[Preset, ...] = (
    _lecture(
        "colour",
        "Colour: three slices, three maps, one sum",
        "convolutions for colour images",
        "o=1&x=bars&w=slices",
        "The kernel has a slice for each colour, here with the slide's numbers. Each slice meets its own channel only; "
        "the three maps are added, so one kernel gives one map.",
    ),
    _lecture(
        "patch",
        "Grey out of red, green and blue",
        "images as numbers",
        "n=3&k=1&o=1&x=patch&w=grey",
        "The slide's 3×3 colour patch. Grey = 0.299 R + 0.587 G + 0.114 B is a 1×1 convolution: "
        "the first pixel gives 0.299·73 + 0.587·49 + 0.114·32 = 54.238.",
    ),
    _lecture(
        "pixels",
        "Purple, white and black pixels",
        "images as numbers",
        "n=3&k=1&o=3&x=pixels&w=identity",
        "A purple pixel is (240, 10, 200): one number in each channel, at the same place. "
        "Each of these 1×1 kernels picks one channel out.",
    ),
    _lecture(
        "four-filters",
        "Four filters: (1, 1, 9, 9) → (1, 4, 9, 9)",
        "deeper feature maps",
        "n=9&p=1&c=1&o=4&maps=all&x=house&w=lines",
        "Four 3×3 kernels read the same picture, and padding 1 keeps its size: four maps. "
        "Each is bright where its own line runs: upright, level, falling, rising.",
    ),
    _lecture(
        "general",
        "The general layer: 3 channels in, 3 out",
        "multiple output channels",
        "o=3&maps=all",
        "Each output channel has a kernel of its own, with 3 slices. PyTorch orders the weight "
        "(out, in, rows, columns); (rows, columns, in, out) is Keras' order.",
    ),
    _lecture(
        "ten-parameters",
        "One channel, one kernel, one bias",
        "a first network",
        "n=9&c=1&o=1&b=yes",
        "9 weights and 1 bias: 10 parameters, for this picture as for one of 32×32.",
    ),
    _lecture(
        "edges",
        "Edges in every colour",
        "convolutions for colour images",
        "x=bars&w=edges",
        "The same (1, 0, −1) in each slice. y[0] compares left with right: it answers to the red column, "
        "not to the green row. Look at y[1] for above against below.",
    ),
    _layer(
        "mix",
        "1×1 convolution: mixing channels",
        "k=1",
        "A kernel of one cell sees no neighbours. At each pixel it only mixes the channels.",
    ),
    _layer(
        "luma",
        "Grey and two colour differences",
        "n=4&k=1&o=3&maps=all&w=grey",
        "Three 1×1 kernels turn red, green and blue into brightness and two colour differences, as JPEG does.",
    ),
    _layer(
        "half",
        "Half the size, twice the channels",
        "n=8&s=2&p=1&c=2&o=4&maps=all",
        "A usual step of a network: stride 2 halves height and width while the number of channels doubles.",
    ),
    _layer(
        "groups",
        "Two groups",
        "c=4&o=4&g=2&maps=all",
        "y[0] and y[1] read only x[0] and x[1]; the other two read the rest. Half the weights of a dense layer.",
    ),
    _layer(
        "depthwise",
        "Depthwise: a group for each channel",
        "o=3&g=3&maps=all&w=lines",
        "Each channel has a kernel of its own, and nothing is added across channels.",
    ),
    _layer(
        "multiplier",
        "Depthwise, two maps a channel",
        "c=2&o=4&g=2&maps=all&w=lines",
        "Two groups with one channel each, and two kernels in each group: Keras calls that depth_multiplier=2.",
    ),
    _layer(
        "separable",
        "Depthwise + pointwise",
        "o=4&layer=separable",
        "First a 3×3 kernel for each channel alone, then a 1×1 convolution that mixes the three maps. "
        "The words below compare its cost with the dense layer's.",
    ),
)
"""In the order of their groups."""
