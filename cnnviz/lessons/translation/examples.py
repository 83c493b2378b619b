"""Examples of the Translation page: the lectures' shifted photographs and digits.

>>> [preset.name for preset in TRANSLATION_PRESETS][:3]
['equivariant', 'border', 'fraction']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

MOVES, STRIDES, DIGITS = "Filter and move", "Stride and pooling", "Template"


def _preset(name: str, title: str, link: str, group: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=group, note=note, source="Lecture")


TRANSLATION_PRESETS = (
    _preset(
        "equivariant",
        "Moved: both paths agree",
        "img=cat&k=prewitt-x&right=24",
        MOVES,
        "f(T(x)) = T(f(x)): edges first or move first, the pictures are the same to the last pixel.",
    ),
    _preset(
        "border",
        "Moved, with zeros at the border",
        "img=cat&k=box-9&down=12&right=24&mode=zeros",
        MOVES,
        "The inside agrees. Round it lies a ring that differs: padding is where equivariance ends.",
    ),
    _preset(
        "fraction",
        "Moved by half a pixel",
        "img=camera&k=laplacian&right=0&part=0.5",
        MOVES,
        "Half a pixel is the mean of two neighbours: a convolution as well, so the paths still agree.",
    ),
    _preset(
        "quarter-round",
        "A quarter turn, a round kernel",
        "img=camera&k=laplacian&right=0&turn=90",
        MOVES,
        "The Laplacian looks the same from all four sides, so it does not matter which way up the picture is.",
    ),
    _preset(
        "quarter-edges",
        "A quarter turn, an edge filter",
        "img=brick&right=0&turn=90",
        MOVES,
        "Upright edges became level ones, and the kernel still looks for upright ones: not equivariant to turning.",
    ),
    _preset(
        "scaled",
        "Made larger",
        "img=coffee&right=0&zoom=150&mode=replicate",
        MOVES,
        "The edges grew wider, the kernel did not: its answers are weaker. Convolution is not equivariant to scale.",
    ),
    _preset(
        "one-pixel",
        "One pixel, stride 2",
        "img=camera&view=stride",
        STRIDES,
        "The picture moves by one pixel, the result would have to move by half of one. Then try a shift of 2.",
    ),
    _preset(
        "aliasing",
        "Stripes that vanish",
        "img=stripes&view=stride&k=identity&s=4",
        STRIDES,
        "Every fourth pixel of fine stripes: plain black, plain white or broad stripes that are not there (aliasing).",
    ),
    _preset(
        "blurred",
        "Stripes, blurred first",
        "img=stripes&view=stride&k=identity&s=4&blur=7",
        STRIDES,
        "The stripes that are finer than the step are grey now, and stay grey wherever the picture moves.",
    ),
    _preset(
        "pooling",
        "Max pooling is not quite invariant",
        "img=camera&view=stride&layer=max",
        STRIDES,
        "Pooling 2×2 with stride 2: a move by one pixel changes most of the windows. The chart shows every second "
        "shift at zero.",
    ),
    _preset(
        "global",
        "Global pooling is invariant",
        "img=shapes&view=stride&s=1&t=5",
        STRIDES,
        "Without a stride the map moves along, and its largest value stays: read the line on global pooling.",
    ),
    _preset(
        "template",
        "A 3 in its place",
        "view=template&hand=1",
        DIGITS,
        "One dense unit whose weights are the digit, and the same weights sliding: both score the same.",
    ),
    _preset(
        "template-moved",
        "A 3, moved",
        "view=template&hand=1&dx=4",
        DIGITS,
        "A few pixels to the right: the dense score collapses, the sliding peak moves along and stays as high.",
    ),
    _preset(
        "template-class",
        "A moved digit, another answer",
        "view=template&digit=7&dx=5",
        DIGITS,
        "Ten templates as ten hypotheses. Lying still, another digit wins now; with the maximum over all places it is "
        "the 7 again.",
    ),
)
