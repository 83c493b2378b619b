"""Examples of the Filters page: the lectures' classic filters, on photographs.

>>> [preset.name for preset in FILTERS_PRESETS][:3]
['blur-small', 'blur-large', 'vertical']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

CLASSIC, BORDERS, LAYER = "Classic filters", "Size and border", "Towards a layer"


def _preset(name: str, title: str, link: str, group: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=group, note=note, source="Lecture")


FILTERS_PRESETS = (
    _preset(
        "blur-small",
        "Small blur",
        "img=cat&k=box&p=same&mode=replicate",
        CLASSIC,
        "Each pixel becomes the mean of nine. Zoom in on a whisker: it is softer, and as bright as before.",
    ),
    _preset(
        "blur-large",
        "Large blur",
        "img=cat&k=box-5&p=same&mode=replicate",
        CLASSIC,
        "Twenty-five weights of 0.04. Move Kernel size on to 15 and see which details go first.",
    ),
    _preset(
        "vertical",
        "Vertical edges",
        "img=brick&k=prewitt-x",
        CLASSIC,
        "Blue where it gets brighter to the right, orange where it gets darker, white where nothing changes.",
    ),
    _preset(
        "horizontal",
        "Horizontal edges",
        "img=brick&k=prewitt-y",
        CLASSIC,
        "The same wall, the kernel turned by a quarter: now the level joints answer.",
    ),
    _preset(
        "diagonal",
        "Diagonal edges",
        "img=edges&k=edges-rising",
        CLASSIC,
        "The star has lines in every direction. The kernel answers strongest where an edge runs like its own: /.",
    ),
    _preset(
        "sharpen",
        "Sharpen",
        "img=cat&k=sharpen",
        CLASSIC,
        "The weights add up to 1, so the picture stays; every difference to the neighbours is added once more.",
    ),
    _preset(
        "difference",
        "Two weights: 1 −1",
        "img=camera&k=difference",
        CLASSIC,
        "Each pixel less its right neighbour. Two weights are enough to find the outlines of the man.",
    ),
    _preset(
        "pixel",
        "Explain one pixel",
        "img=camera&at=104.164&z=104.164.24",
        CLASSIC,
        "One pixel of the result, taken apart below: nine pixels times nine weights. Click another one.",
    ),
    _preset(
        "reach",
        "The reach of a 5×5 with nine weights",
        "img=camera&k=box&d=2&p=same&at=104.164&z=104.164.24",
        BORDERS,
        "Dilation 2 puts a hole between the weights: nine pixels out of 25 are read. Raise it: the holes grow.",
    ),
    _preset(
        "borders-blur",
        "Border errors of a blur",
        "img=camera&k=box-15&view=borders&err=1",
        BORDERS,
        "Zeros darken the rim, by up to the brightness of the picture. Copies of what is near are closer to the truth.",
    ),
    _preset(
        "borders-edges",
        "A border that looks like an edge",
        "img=camera&view=borders",
        BORDERS,
        "Zero padding draws a frame: to the kernel, the end of the picture is an edge. Replicate does not.",
    ),
    _preset(
        "stride",
        "Stride 4",
        "img=camera&k=gaussian-9-2&s=4",
        BORDERS,
        "One pixel in sixteen is computed. Both panels show the same place: zoom in.",
    ),
    _preset(
        "threshold",
        "Bias and ReLU: a threshold",
        "img=camera&b=-100&relu=1",
        LAYER,
        "Only answers above 100 are left. Move the bias: the map thins out, or fills up.",
    ),
    _preset(
        "relu",
        "ReLU keeps one sign",
        "img=camera&relu=1",
        LAYER,
        "Only steps from dark to bright are left. The other sign needs a filter of its own.",
    ),
    _preset(
        "depthwise",
        "Each colour by itself",
        "img=shapes&k=laplacian&c=colour",
        LAYER,
        "Three maps with one kernel, a depthwise layer: a red shape on white has no edge in the red channel.",
    ),
)
