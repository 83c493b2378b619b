"""The examples of the Down-sampling page.

>>> DOWNSAMPLING_PRESETS[0].title, dict(DOWNSAMPLING_PRESETS[0].state)
('Five ways to halve a picture', {})
"""

from __future__ import annotations

from cnnviz.state.preset import LECTURES, Preset

LOST = "What is kept, what is lost"


def _preset(group: str, name: str, title: str, link: str, note: str) -> Preset:
    topic = "stride" if "stride" in name else "down-sampling"
    return Preset.from_link(link, name=name, title=title, group=group, note=note, source=f"Lecture: {topic}")


DOWNSAMPLING_PRESETS = (
    _preset(
        LECTURES,
        "compare",
        "Five ways to halve a picture",
        "",
        "One input, five ways down to 3×3. Hover an input cell and see who still knows of it.",
    ),
    _preset(
        LECTURES,
        "stride-equals-dropping",
        "Stride 2 = stride 1, then dropping",
        "look=stride&n=7&x=lecture&w=sobel",
        "The crossed-out results of stride 1 are computed and thrown away; what stays is stride 2, to the last cell.",
    ),
    _preset(
        LECTURES,
        "pools",
        "Maximum or average",
        "look=pool&x=features",
        "The maximum keeps the peaks of the feature map, the average its overall level.",
    ),
    _preset(
        LECTURES,
        "unshuffle",
        "Pixel unshuffle loses nothing",
        "look=shuffle&x=counting",
        "Every number of the input stands in one of the four channels. Nothing is lost, and nothing got cheaper.",
    ),
    _preset(
        LOST,
        "stride-one-cell",
        "A 1×1 kernel with stride 2",
        "k=1&x=counting&w=ones",
        "Three quarters of the input are never read by the strided convolution. Poolings and unshuffle read all of it.",
    ),
    _preset(
        LOST,
        "dot",
        "A single bright dot",
        "k=1&w=identity&x=ones&xe=1.1+9",
        "The stride steps over the dot. The maximum keeps it, the average fades it to 3, "
        "and unshuffle has it in a channel.",
    ),
    _preset(
        LOST,
        "checkerboard",
        "A checkerboard",
        "k=1&w=identity&x=checkerboard",
        "Stride sees only zeros, the maximum only ones, the average a grey of 0.5. "
        "Only unshuffle still knows that it was a checkerboard.",
    ),
    _preset(
        LOST,
        "average-is-convolution",
        "The average is a strided convolution",
        "k=2&w=box",
        "With four weights of 1/4 and stride 2, the strided convolution equals average pooling. "
        "The maximum is no convolution: it does not add up.",
    ),
    _preset(
        LOST,
        "odd",
        "7 is not a multiple of 2",
        "n=7&x=lecture",
        "Padded, stride 2 gives 4×4. The poolings give 3×3 and lose a row and a column; unshuffle refuses.",
    ),
    _preset(
        LOST,
        "by-four",
        "By 4 in one step",
        "n=8&r=4&x=lecture",
        "A 3×3 kernel with stride 4 steps over cells. A pooling window of 4 reads them all.",
    ),
)
