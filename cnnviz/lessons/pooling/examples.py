"""The examples of the Pooling page: the lectures' own numbers, the guide's figures, and what PyTorch does at the edge.

>>> POOLING_PRESETS[0].title, dict(POOLING_PRESETS[0].state)
('The lecture’s feature map', {})
"""

from __future__ import annotations

from cnnviz.state.preset import GUIDE, LECTURES, Preset

RULES = "Rules and edges"

_LECTURE_POOLING = "Lecture: pooling"


def _preset(group: str, source: str, name: str, title: str, link: str, note: str) -> Preset:  # noqa: PLR0917 - a table
    return Preset.from_link(link, name=name, title=title, group=group, note=note, source=source)


POOLING_PRESETS = (
    _preset(
        LECTURES,
        _LECTURE_POOLING,
        "feature-map",
        "The lecture’s feature map",
        "",
        "6×6 becomes 3×3: each 2×2 window keeps its largest number. Hover an output: the star marks the cell that won.",
    ),
    _preset(
        LECTURES,
        _LECTURE_POOLING,
        "feature-map-average",
        "The same, averaged",
        "op=mean",
        "The averages are calmer than the maxima: 13 stands out among 8, 9 and 6, but their mean is 9.",
    ),
    _preset(
        LECTURES,
        _LECTURE_POOLING,
        "slide-window",
        "A 3×3 window on 7×7",
        "n=7&k=3&s=1&x=lecture",
        "Pin the output in row 1, column 3, counted from 0: 7 = max(1, 1, 7, 2, 1, −2, 5, 4, −2). "
        "The same 7 wins three windows.",
    ),
    _preset(
        LECTURES,
        _LECTURE_POOLING,
        "one-row",
        "One dimension: 1, 4, 7",
        "n=1x3&k=1x3&x=1+4+7",
        "7 = max(1, 4, 7). Make the input wider to see the window move.",
    ),
    _preset(
        LECTURES,
        _LECTURE_POOLING,
        "overlap",
        "Window 3, stride 2",
        "n=7&k=3&s=2&x=lecture",
        "The windows overlap by one cell, so that a large number cannot slip through between two of them.",
    ),
    _preset(
        LECTURES,
        "Lecture: global pooling",
        "global-average",
        "Global average of 7×7",
        "op=mean&area=global&n=7&x=lecture",
        "All 49 numbers become one, their mean 75/49 ≈ 1.531. Change the input’s size: the output stays 1×1.",
    ),
    _preset(
        LECTURES,
        "Lecture: max over all positions",
        "global-max",
        "The best score anywhere",
        "area=global&n=4&x=0.33+0.41+1.13+0.41_0.41+1.13+2.49+0.33_1.13+2.49+1.13+0.41_0.41+1.13+0.41+0.33",
        "Scores of a filter at every place: the maximum says that the pattern is there, and forgets where.",
    ),
    _preset(
        LECTURES,
        "Lecture: shape arithmetic",
        "chain",
        "Window 4, stride 1",
        "n=16&k=4&s=1&x=counting",
        "A window of 4 with stride 1 takes 3 cells away, whatever the size: 16 → 13 here, "
        "and 128 → 125 at the end of the lecture’s chain from 256.",
    ),
    _preset(
        GUIDE,
        "Guide, figure 1.5",
        "guide-average",
        "Average pooling, 3×3 on 5×5",
        "op=mean&n=5&k=3&s=1&x=guide",
        "Each output is a sum of nine cells divided by 9: 15/9 ≈ 1.667 in the first corner.",
    ),
    _preset(
        GUIDE,
        "Guide, figure 1.6",
        "guide-max",
        "Max pooling, 3×3 on 5×5",
        "n=5&k=3&s=1&x=guide",
        "Eight of nine outputs are 3: with stride 1 the windows share most of their cells.",
    ),
    _preset(
        RULES,
        "PyTorch’s rules",
        "ceil",
        "Round up, and the window hangs over",
        "n=7&ceil=1&x=lecture",
        "7/2 is not whole. Rounded down, the last row and column are lost; "
        "rounded up, a last window hangs over the end.",
    ),
    _preset(
        RULES,
        "PyTorch’s rules",
        "ceil-dropped",
        "Round up, and still 2",
        "n=4&s=3&p=1&ceil=1&x=counting",
        "(4 + 2 − 2)/3 rounds up to 2, so there should be 3 windows. "
        "The third would start behind the input, in padding only, and so it is dropped.",
    ),
    _preset(
        RULES,
        "PyTorch’s rules",
        "padding-never-wins",
        "Padding never wins",
        "n=4&k=3&s=1&p=1&x=-3+-1+-4+-2_-5+-2+-6+-1_-3+-8+-7+-4_-2+-6+-5+-3",
        "All numbers are negative. If padding were 0 it would win at the border; for a maximum it is −∞.",
    ),
    _preset(
        RULES,
        "PyTorch’s rules",
        "average-padding",
        "Does padding count?",
        "op=mean&n=4&k=3&s=1&p=1&x=ones",
        "Ones everywhere, but the corners are 4/9: five zeros count. "
        "Switch “Padding counts” off, and every average is 1.",
    ),
    _preset(
        RULES,
        "PyTorch’s rules",
        "adaptive",
        "Adaptive: 7 cells, 3 outputs",
        "op=mean&area=adaptive&n=7&x=lecture",
        "7 is not a multiple of 3, so the windows share rows and columns: 0–2, 2–4 and 4–6.",
    ),
    _preset(
        RULES,
        "PyTorch’s rules",
        "adaptive-uneven",
        "Adaptive: 5 cells, 3 outputs",
        "op=mean&area=adaptive&n=5&x=guide",
        "Some windows are 2 cells wide, some 3; the divisors are 4, 6 and 9.",
    ),
    _preset(
        RULES,
        "PyTorch’s rules",
        "dilated",
        "A dilated window",
        "n=7&k=3&s=1&d=2&x=lecture",
        "Nine cells out of 5×5 compete. Only max pooling can be dilated in PyTorch.",
    ),
    _preset(
        RULES,
        "PyTorch’s rules",
        "norm",
        "L2 norm",
        "op=norm&n=4&x=3+0+6+8_4+0+0+0_1+1+2+2_1+1+2+2",
        "The root of the sum of squares: 3 and 4 give 5. It lies between the maximum and the sum.",
    ),
    _preset(
        RULES,
        "PyTorch’s rules",
        "unpool",
        "Pool and unpool",
        "back=1",
        "Unpooling puts each maximum back where it came from. The other 27 numbers are lost: zeros stand there.",
    ),
    _preset(
        RULES,
        "PyTorch’s rules",
        "stride-larger",
        "Stride larger than the window",
        "n=8&s=3&x=counting",
        "Windows of 2, stride 3: between them, whole rows and columns are never read.",
    ),
)
