"""Examples of the Learned kernels page.

>>> [preset.name for preset in LEARNED_KERNELS_PRESETS][:2]
['edges', 'before']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group="What networks see", note=note, source="Lecture")


LEARNED_KERNELS_PRESETS = (
    _preset(
        "edges",
        "Did it learn an edge detector?",
        "net=digits_lenet&o=4",
        "Nobody told this kernel what to be. Compare it with the hand-made one beside it, then click the others.",
    ),
    _preset(
        "before",
        "Before training, and after",
        "net=digits_lenet&beside=before",
        "It began as noise. Most kernels have turned into strokes and edges, and some stayed much as they were.",
    ),
    _preset(
        "slices",
        "Deeper: every kernel is a stack of slices",
        "net=digits_lenet&layer=conv2&o=5&i=2",
        "A row is a kernel, a column the map that a slice looks at. What that means, only those maps can tell.",
    ),
    _preset(
        "colour",
        "Kernels in colour",
        "net=shapes_vgg",
        "Three slices as one picture; mid grey is zero. Grey kernels look at light, coloured ones at colour.",
    ),
    _preset(
        "three",
        "What is most “three” of all?",
        "net=digits_lenet&view=excite&o=3",
        "The picture that gives the highest score for 3 is no 3. The best of a thousand digits stand beside it.",
    ),
    _preset(
        "noise",
        "The same without mercy",
        "net=digits_lenet&view=excite&o=3&jit=0&blur=0&fade=0",
        "Without jitter, blur and fading the score climbs far higher, and the picture is noise to our eyes.",
    ),
    _preset(
        "stroke",
        "What one unit of conv2 waits for",
        "net=digits_lenet&view=excite&layer=conv2&o=9",
        "A unit sees 14×14 pixels. Beside its favourite: the nine places where it answered most.",
    ),
)
