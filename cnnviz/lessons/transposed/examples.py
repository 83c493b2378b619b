"""The examples of transposed convolution: the guide's figures, what the lectures use it for, and what goes wrong.

>>> TRANSPOSED_PRESETS[0].title, dict(TRANSPOSED_PRESETS[0].state)
('No padding, stride 1', {'n': '2', 's': '1', 'how': 'zeros'})
"""

from __future__ import annotations

from cnnviz.state.preset import GUIDE, LECTURES, Preset

OVERLAP = "Overlapping stamps"
WAYS = "Ways to see it"


def _guide(name: str, title: str, figure: str, link: str, note: str) -> Preset:
    return _preset(GUIDE, f"guide-{name}", title, f"{link}&how=zeros", note=note, source=f"Guide, figure {figure}")


def _way(name: str, title: str, source: str, link: str, note: str) -> Preset:
    return _preset(WAYS, name, title, link, note=note, source=source)


def _lecture(name: str, title: str, topic: str, link: str, note: str) -> Preset:
    return _preset(LECTURES, name, title, link, note=note, source=f"Lecture: {topic}")


def _overlap(name: str, title: str, source: str, link: str, note: str) -> Preset:
    return _preset(OVERLAP, name, title, link, note=note, source=source)


def _preset(group: str, name: str, title: str, link: str, *, note: str, source: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=group, note=note, source=source)


TRANSPOSED_PRESETS = (
    _guide(
        "no-padding",
        "No padding, stride 1",
        "4.1",
        "n=2&s=1",
        "Turns back 4×4 → 2×2. Two rings of zeros let the turned kernel touch each input with every weight.",
    ),
    _guide(
        "padding",
        "Any padding, stride 1",
        "4.2",
        "n=6&k=4&s=1&p=2",
        "Turns back 5×5 → 6×6. Padding 2 takes two of the three rings of zeros away, and 6×6 shrinks to 5×5.",
    ),
    _guide(
        "same",
        "Half padding, called “same”",
        "4.3",
        "n=5&s=1&p=1",
        "Turns back 5×5 → 5×5, and is itself a “same” convolution: one ring of zeros.",
    ),
    _guide(
        "full",
        "Full padding",
        "4.4",
        "n=7&s=1&p=2",
        "Turns back the full convolution 5×5 → 7×7: no zeros are left, this is an ordinary “valid” convolution.",
    ),
    _guide(
        "strides",
        "No padding, stride 2",
        "4.5",
        "n=2",
        "Turns back 5×5 → 2×2. One zero between the inputs makes the window step only half an input.",
    ),
    _guide(
        "padding-strides",
        "Padding 1, stride 2",
        "4.6",
        "p=1",
        "Turns back 5×5 → 3×3: the input is stretched to 5×5, with one ring of zeros.",
    ),
    _guide(
        "padding-strides-odd",
        "Padding 1, stride 2, output padding 1",
        "4.7",
        "p=1&op=1",
        "6×6 gives 3×3 as well. One more row and column of zeros at the end leads back to 6×6.",
    ),
    _guide(
        "dilation",
        "Dilation 2",
        "5.1, turned back",
        "s=1&d=2",
        "Turns back 7×7 → 3×3. The nine weights reach over 5×5 cells, so four rings of zeros are needed.",
    ),
    _way(
        "one-stamp",
        "A single stamp",
        "One input cell",
        "x=impulse&p=1",
        "Only the middle input is not 0. What it stamps is the kernel itself, not turned.",
    ),
    _way(
        "one-dimension",
        "The matrix in one dimension",
        "Stride 2 in one row",
        "n=1x3&k=1x3&s=1x2&how=matrix&w=1+2+3",
        "Each column is one stamp, two rows further down than the last. Its transpose is the convolution's matrix.",
    ),
    _way(
        "matrix",
        "The matrix in two dimensions",
        "The guide's 4×4 → 2×2, turned back",
        "n=2&s=1&how=matrix",
        "16 outputs, 4 inputs. Point at an entry: it is a weight, and a “·” is always 0.",
    ),
    _way(
        "all-three",
        "Three ways at once",
        "Stride 2",
        "n=2&how=all",
        "Point at any output: its stamps, its window and its row of the matrix give the same sum.",
    ),
    _way(
        "five-of-five",
        "5×5 or 6×6? Here 5×5",
        "Sizes that share an output",
        "p=1",
        "A convolution with stride 2 takes 5×5 and 6×6 to 3×3. Without output padding you get 5×5. Move it to 1.",
    ),
    _way(
        "six-of-six",
        "5×5 or 6×6? Here 6×6",
        "Sizes that share an output",
        "p=1&op=1",
        "Output padding adds no zeros: it cuts less at the end, and the last row and column are sums like the others.",
    ),
    _way(
        "round-trip",
        "There and back: not the inverse",
        "Padding 1, stride 2",
        "p=1&how=round&x=guide",
        "A convolution and its transpose: 5×5 → 3×3 → 5×5. The shape comes back, the values do not.",
    ),
    _way(
        "round-trip-blur",
        "There and back: sums in 2×2 blocks",
        "Kernel 2, stride 2",
        "k=2&how=round&w=ones&x=random",
        "Each block is summed, then its sum is spread over the block. Nothing can tell the four cells apart again.",
    ),
    _way(
        "round-trip-exact",
        "There and back: when it works",
        "Kernel 1, stride 1",
        "n=5&k=1&s=1&how=round&w=ones&x=guide",
        "A kernel that is a single 1, without stride: nothing is lost, so everything comes back: an exception.",
    ),
    _lecture(
        "u-net",
        "The U-Net's way up: 2×2, stride 2",
        "U-Net",
        "n=4&k=2&w=1+2_3+4",
        "Kernel and stride are alike, so the stamps tile the output: 4×4 becomes 8×8, and nothing overlaps.",
    ),
    _lecture(
        "bottleneck",
        "Out of the bottleneck: 1×1 to 4×4",
        "bottleneck",
        "n=1&k=4&s=1&w=counting&xe=0.0+2",
        "One number paints a whole 4×4 picture: the kernel is the picture. Generators begin like this.",
    ),
    _lecture(
        "doubling",
        "Double the size: kernel 4, stride 2, padding 1",
        "bottleneck",
        "n=4&k=4&p=1&w=ones",
        "4×4 becomes 8×8. Generators double their picture like this, layer by layer.",
    ),
    _overlap(
        "checkerboard",
        "Checkerboard: kernel 3, stride 2",
        "Kernel 3, stride 2",
        "n=6&x=ones&w=ones&how=overlap",
        "3 is no multiple of 2: cells get 1, 2 or 4 stamps, and a flat input becomes a checkerboard.",
    ),
    _overlap(
        "no-checkerboard",
        "No checkerboard: kernel 4, stride 2",
        "Kernel 4, stride 2",
        "n=6&k=4&x=ones&w=ones&how=overlap",
        "4 is a multiple of 2: in the middle every cell gets 4 stamps. Padding 1 cuts the uneven rim off.",
    ),
    _overlap(
        "bilinear",
        "Smooth enlarging: bilinear weights",
        "Kernel 4, stride 2",
        "n=4&k=4&p=1&w=bilinear",
        "These fixed weights enlarge a picture smoothly. A layer that starts from them starts without a checkerboard.",
    ),
)
"""In the order of their groups."""
