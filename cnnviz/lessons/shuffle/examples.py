"""The examples of the Pixel shuffle page.

>>> SHUFFLE_PRESETS[0].title, dict(SHUFFLE_PRESETS[0].state)
('Unshuffle by 2', {})
"""

from __future__ import annotations

from cnnviz.state.preset import LECTURES, Preset

FURTHER = "Further examples"


def _preset(group: str, name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=group, note=note, source="Lecture: pixel shuffle")


SHUFFLE_PRESETS = (
    _preset(
        LECTURES,
        "unshuffle",
        "Unshuffle by 2",
        "",
        "Each 2×2 block hands its four numbers to four channels. All 36 numbers are still there.",
    ),
    _preset(
        LECTURES,
        "shuffle",
        "Shuffle by 2",
        "way=shuffle",
        "Four small channels become one of twice the height and width. Follow a cell: the place in its block says "
        "which channel it came from.",
    ),
    _preset(
        FURTHER,
        "lecture-grid",
        "A feature map, taken apart",
        "x=features",
        "Neighbours of a smooth picture are alike, and so the four channels look alike.",
    ),
    _preset(
        FURTHER,
        "checkerboard",
        "A checkerboard, taken apart",
        "x=checkerboard",
        "Every channel is constant: the pattern now lies between the channels.",
    ),
    _preset(
        FURTHER,
        "channels",
        "Two channels",
        "c=2&n=2",
        "Hundreds mark the second channel. Its four parts follow the four parts of the first one.",
    ),
    _preset(
        FURTHER,
        "by-three",
        "Shuffle by 3",
        "way=shuffle&r=3&n=2",
        "Nine channels make one: super-resolution networks end like this, with a picture three times as large.",
    ),
)
