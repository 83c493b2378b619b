"""The examples of the lectures, with the lectures' own numbers where they have some.

Where a slide has a slip, the preset shows the right number and its note says so.

>>> LECTURE_PRESETS[0].title, dict(LECTURE_PRESETS[0].state)
('A filter on its match', {'n': '3', 'x': 'rising', 'w': 'rising'})
"""

from __future__ import annotations

from cnnviz.state.preset import LECTURES, Preset


def _lecture(name: str, title: str, topic: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=LECTURES, note=note, source=f"Lecture: {topic}")


def _rows(text: str) -> str:
    """Write rows as a link holds them; here each row stands on a line of its own."""
    return "_".join("+".join(line.split()) for line in text.strip().splitlines())


_STROKE = _rows("""
    0.1 0.1 0.1 0.1 0.1 0.1
    0.1 0.1 0.1 0.1 0.9 0.1
    0.1 0.1 0.1 0.9 0.1 0.1
    0.1 0.1 0.9 0.1 0.1 0.1
    0.1 0.1 0.1 0.1 0.1 0.1
    0.1 0.1 0.1 0.1 0.1 0.1
""")
_WRONG_STROKE = _rows("""
    0.1 0.1 0.1 0.1 0.1 0.1
    0.1 0.1 0.9 0.1 0.1 0.1
    0.1 0.1 0.1 0.9 0.1 0.1
    0.1 0.1 0.1 0.1 0.9 0.1
    0.1 0.1 0.1 0.1 0.1 0.1
    0.1 0.1 0.1 0.1 0.1 0.1
""")
_CORNER = _rows("""
    9 9 9 9 9 0
    9 9 9 9 0 0
    9 9 9 0 0 0
    9 9 0 0 0 0
    9 0 0 0 0 0
    0 0 0 0 0 0
""")
_DIAGONAL_EDGE = "2+1+0_1+0+-1_0+-1+-2"
_ONE_TO_NINE = "1+2+3_4+5+6_7+8+9"
_THREE_CELLS = "n=1x3&k=1x3&x=5+7+0&w=-1+3+-1"
_FOUR_CELLS = "n=1x4&k=1x4&x=0.7+0.5+0.3+1&w=0.8+0+0.8+0.2"

LECTURE_PRESETS = (
    _lecture(
        "match",
        "A filter on its match",
        "a filter is a hypothesis",
        "n=3&x=rising&w=rising",
        "Image and filter agree in every cell: 3 · 0.81 + 6 · 0.01 = 2.49. "
        "A sum of 2.43 forgets the six small products.",
    ),
    _lecture(
        "mismatch",
        "A filter on a mismatch",
        "a filter is a hypothesis",
        "n=3&x=falling&w=rising",
        "Only the centre agrees. The sum falls to 1.21.",
    ),
    _lecture(
        "search",
        "Search a picture for the stroke",
        "a filter is a hypothesis",
        f"n=6&x={_STROKE}&w=rising",
        "The largest output is 2.49: the stroke is there, and its place says where.",
    ),
    _lecture(
        "search-in-vain",
        "Search where the stroke is not",
        "a filter is a hypothesis",
        f"n=6&x={_WRONG_STROKE}&w=rising",
        "The stroke leans the other way. The largest output is only 1.21.",
    ),
    _lecture(
        "one-row",
        "One dimension: 5, 7, 0",
        "convolution in one dimension",
        _THREE_CELLS,
        "5·(−1) + 7·3 + 0·(−1) = 16. Three cells and three weights fit together in one way.",
    ),
    _lecture(
        "one-row-same",
        "One dimension, padding 1",
        "convolution in one dimension",
        f"p=0x1&{_THREE_CELLS}",
        "One zero on each side gives as many outputs as inputs. 16 stays in the middle.",
    ),
    _lecture(
        "one-row-full",
        "One dimension, full padding",
        "convolution in one dimension",
        f"p=full&{_THREE_CELLS}",
        "d cells and s weights give d + s − 1 outputs, here 3 + 3 − 1 = 5; d + 2(s − 1) = 7 is the padded input. "
        "PyTorch has no padding=“full”: write the number 2.",
    ),
    _lecture(
        "alignment",
        "Which alignment is better?",
        "convolution in one dimension",
        _FOUR_CELLS,
        "Here all four cells meet a weight, and the sum is 1. Add padding to try the other alignments.",
    ),
    _lecture(
        "alignment-all",
        "Every alignment",
        "convolution in one dimension",
        f"p=full&{_FOUR_CELLS}",
        "4 + 4 − 1 = 7 alignments. The best reaches 1.2, with the kernel one cell further to the right.",
    ),
    _lecture(
        "sobel",
        "Sobel on 7×7",
        "convolution in two dimensions",
        "n=7&x=lecture&w=sobel",
        "Pin the output in row 1, column 3, counted from 0: its nine products sum to 1.",
    ),
    _lecture(
        "sobel-strided",
        "Sobel on 7×7, stride 2",
        "stride",
        "n=7&s=2&x=lecture&w=sobel",
        "Nine outputs, each one equal to an output of stride 1: stride 2 skips every other row and column.",
    ),
    _lecture(
        "lost",
        "A row and a column are lost",
        "stride",
        "n=6&s=2",
        "6 − 3 is not a multiple of 2. That is legal: the last row and column are simply never read.",
    ),
    _lecture(
        "same-x",
        "An X on 6×6, same size",
        "padding and pooling",
        "n=6&p=same&x=window&w=cross",
        "Padding keeps 6×6. The output is largest, 14, where an X of large numbers lies.",
    ),
    _lecture(
        "padding-1",
        "Padding 1 keeps the size",
        "padding",
        "p=1&x=ones&w=ones",
        "Padding 1 adds two cells an axis, one at each end, and a 3×3 kernel takes two away.",
    ),
    _lecture(
        "padding-2",
        "Padding 2 grows the output by 2",
        "padding",
        "p=2&x=ones&w=ones",
        "Padding 2 adds four cells an axis and a 3×3 kernel takes two away. "
        "So 5×5 grows by 2 to 7×7; some slides say by 1.",
    ),
    _lecture(
        "full",
        "Full padding counts what it touches",
        "padding",
        "p=full&x=ones&w=ones",
        "With ones everywhere, an output counts the input cells in its window: from 1 in a corner to 9.",
    ),
    _lecture(
        "reflect",
        "Reflect padding",
        "padding",
        "p=2&mode=reflect&x=counting&w=box",
        "The ring mirrors the input; the border cell itself is not repeated.",
    ),
    _lecture(
        "replicate",
        "Replicate padding",
        "padding",
        "p=2&mode=replicate&x=counting&w=box",
        "The ring repeats the nearest border cell.",
    ),
    _lecture(
        "circular",
        "Circular padding",
        "padding",
        "p=2&mode=circular&x=counting&w=box",
        "The ring comes from the opposite side, as if the picture were tiled.",
    ),
    _lecture(
        "dilation-reach",
        "Nine weights reach over 5×5",
        "dilation",
        "d=2&x=counting&w=ones",
        "Dilation 2 spreads a 3×3 kernel over all of 5×5. Its 9 weights read 9 cells and skip 16.",
    ),
    _lecture(
        "blur-small",
        "Small blur",
        "classic filters",
        "n=7&x=edge&w=box",
        "Each weight is 1/9 = 0.11…, so that the nine sum to 1. The edge from 0 to 9 becomes a ramp.",
    ),
    _lecture(
        "blur-large",
        "Large blur",
        "classic filters",
        "n=9&k=5&x=edge&w=box",
        "Each weight is 1/25 = 0.04. The ramp is longer and flatter than with 3×3.",
    ),
    _lecture(
        "edge-difference",
        "An edge by [1 −1]",
        "classic filters",
        "n=7&k=1x2&x=edge&w=difference",
        "Equal neighbours cancel out. Only the edge answers, with 0 − 9 = −9; flip the kernel and it is +9.",
    ),
    _lecture(
        "edge-vertical",
        "A vertical edge, found",
        "classic filters",
        "n=7&x=edge&w=sobel-x",
        "The kernel subtracts the left from the right. Flat regions give 0, the edge gives 36.",
    ),
    _lecture(
        "edge-horizontal",
        "A vertical edge, missed",
        "classic filters",
        "n=7&x=edge&w=sobel",
        "The same kernel turned for horizontal edges finds nothing: every output is 0.",
    ),
    _lecture(
        "edge-diagonal",
        "A diagonal edge",
        "classic filters",
        f"n=6&x={_CORNER}&w={_DIAGONAL_EDGE}",
        "The zeros of the kernel lie along the edge. The outputs along the edge reach 36.",
    ),
    _lecture(
        "sharpen",
        "Sharpen an edge",
        "classic filters",
        "n=7&x=edge&w=sharpen",
        "The weights sum to 1, so flat regions stay. At the edge the dark side dips to −9, the bright rises to 18.",
    ),
    _lecture(
        "cross-correlation",
        "Cross-correlation turns the picture of the kernel",
        "convolution or cross-correlation",
        f"x=impulse&w={_ONE_TO_NINE}",
        "A single 1 shows the kernel turned by half a turn: 9 comes first. This is what PyTorch calls convolution.",
    ),
    _lecture(
        "true-convolution",
        "True convolution shows the kernel as it is",
        "convolution or cross-correlation",
        f"flip=1&x=impulse&w={_ONE_TO_NINE}",
        "The kernel is turned first, and so a single 1 shows it upright: 1 to 9.",
    ),
)
