"""The figures of the guide to convolution arithmetic, all but the transposed ones.

>>> GUIDE_PRESETS[2].title, dict(GUIDE_PRESETS[2].state)
('No padding', {'n': '4'})
"""

from __future__ import annotations

from cnnviz.state.preset import GUIDE, Preset


def _guide(name: str, title: str, figure: str, link: str, note: str) -> Preset:
    return Preset.from_link(
        link, name=f"guide-{name}", title=title, group=GUIDE, note=note, source=f"Guide, figure {figure}"
    )


GUIDE_PRESETS = (
    _guide("numbers", "The numeric example", "1.1", "", "Follow one output: nine products, and their sum."),
    _guide(
        "numbers-strided",
        "The numeric example, padded and strided",
        "1.2",
        "s=2&p=1",
        "Padding 1 and stride 2 leave 3×3 outputs. The corner outputs read five zeros each.",
    ),
    _guide("no-padding", "No padding", "2.1", "n=4", "A 3×3 window fits into 4×4 in only 2×2 ways."),
    _guide("padding", "Any padding", "2.2", "k=4&p=2", "Padding 2 lets the output grow: 5×5 becomes 6×6."),
    _guide("same", "Half padding, called “same”", "2.3", "p=same", "One ring of zeros keeps the size of the input."),
    _guide("full", "Full padding", "2.4", "p=full", "Every window that touches the input counts: 7×7."),
    _guide("strides", "No padding, stride 2", "2.5", "s=2", "The window jumps two cells: 2×2 outputs are left."),
    _guide(
        "padding-strides",
        "Padding 1, stride 2",
        "2.6",
        "s=2&p=1&x=counting",
        "5×5 becomes 3×3, and the last window ends exactly at the last cell.",
    ),
    _guide(
        "padding-strides-odd",
        "Padding 1, stride 2, one cell left over",
        "2.7",
        "n=6&s=2&p=1",
        "6×6 gives 3×3 too. The last row and column of the padding are never read.",
    ),
    _guide("dilation", "Dilation 2", "5.1", "n=7&d=2", "Nine weights spread over 5×5 cells; 7×7 becomes 3×3."),
)
