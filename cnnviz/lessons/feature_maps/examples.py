"""Examples of the Feature maps page.

>>> [preset.name for preset in FEATURE_MAPS_PRESETS][:3]
['digit', 'relu', 'off']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

GROUP = "What networks see"


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=GROUP, note=note, source="Lecture")


FEATURE_MAPS_PRESETS = (
    _preset(
        "digit",
        "A 3 goes through the network",
        "net=digits_lenet&see=digit.3.8&layer=relu1",
        "From strokes to small patterns to ten scores: with depth the maps get smaller, and there are more of them.",
    ),
    _preset(
        "relu",
        "What the ReLU takes away",
        "net=digits_lenet&see=digit.4.2&layer=conv1&c=1&scale=layer",
        "conv1 has orange, negative cells; in relu1, the row below, they are zero. All maps of a row share one scale.",
    ),
    _preset(
        "off",
        "Three maps off, and the 8 is none any more",
        "net=digits_lenet&see=digit.8.4&layer=relu1&c=3&off=relu1.2-relu1.3-relu1.7",
        "Three of the eight maps of relu1 are off: all maps behind them follow, and another class leads. Switch one on "
        "again.",
    ),
    _preset(
        "two",
        "A 7 and a 1, layer by layer",
        "net=digits_lenet&see=digit.7.3&layer=pool2&vs=digit.1.5",
        "“alike” is the cosine between the maps of both. Each pooling brings the two closer, for it forgets where in "
        "its window a stroke was; the last layer tells them apart.",
    ),
    _preset(
        "hands",
        "Two hands, one digit",
        "net=digits_lenet&see=digit.4.1&layer=relu3&vs=digit.4.9",
        "Two people wrote a 4. Their strokes lie in different places, so the first maps differ; the last layers agree.",
    ),
    _preset(
        "star",
        "A star in colour, the most active maps first",
        "net=shapes_vgg&see=star.4&layer=relu1_2&order=act",
        "Early maps are edges and colours at full size; in the last rows 8×8 cells say where something star-like is.",
    ),
    _preset(
        "texture",
        "Stripes and waves",
        "net=shapes_vgg&see=stripes.3&layer=relu3_2&vs=waves.3",
        "The first layer sees much the same edges. Behind it some maps answer to both textures, some to one of them.",
    ),
    _preset(
        "unseen",
        "A heart: never seen in training",
        "net=shapes_vgg&see=heart.1&layer=relu4_2",
        "The network knows no hearts. It answers with the classes that it has, and its chances still add up to 1.",
    ),
)
