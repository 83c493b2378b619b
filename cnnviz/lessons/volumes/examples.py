"""The examples of the Volumes lesson: what moves and what stands still, one axis at a time, and the sizes of films.

>>> VOLUMES_PRESETS[0].title, dict(VOLUMES_PRESETS[0].state)
('A dot moves, and a kernel moves with it', {})
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

MOTION = "What moves"
AXES = "One axis at a time"
SIZES = "Sizes of films"


def _example(group: str, name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(
        link, name=name, title=title, group=group, note=note, source="1-D, 2-D and 3-D convolutions"
    )


VOLUMES_PRESETS: tuple[Preset, ...] = (
    _example(
        MOTION,
        "moving-dot",
        "A dot moves, and a kernel moves with it",
        "",
        "The kernel's dot goes one column to the right in every frame, as the film's does. Where they meet in all "
        "three frames the sum is 1 + 1 + 1 = 3, and everywhere else 0.",
    ),
    _example(
        MOTION,
        "wrong-way",
        "The same kernel, a dot that moves left",
        "x=dot-left",
        "Frame by frame the dot looks the same, yet the kernel never finds more than one of its three: "
        "it asks not only what there is, but where it goes.",
    ),
    _example(
        MOTION,
        "still",
        "A still picture under the difference in time",
        "x=still&w=difference",
        "Each frame is taken from the one two frames later. Nothing has moved, so every output is 0. "
        "Change one cell of one frame, and it shows up.",
    ),
    _example(
        MOTION,
        "edge",
        "The front of a moving edge",
        "k=2x1&x=edge&w=difference",
        "The difference of two frames is 1 only where the edge has just arrived: each output has one column of ones.",
    ),
    _example(
        MOTION,
        "flash",
        "A flash: up, then down",
        "n=5x4&k=2x1&x=flash&w=difference",
        "The difference in time is 9 where the flash begins and −9 where it ends. Before and after there is nothing.",
    ),
    _example(
        MOTION,
        "edge-in-space",
        "An edge in space, summed over time",
        "x=edge&w=edge",
        "Each frame of the kernel compares right with left, and the three results are added: where the edge moves, "
        "its answer smears over the columns that it passes.",
    ),
    _example(
        AXES,
        "sequence",
        "1-D: one pixel, a sequence",
        "n=6x5&dim=1&x=random&w=difference",
        "Time alone: six numbers and a kernel of three weights give 6 − (3 − 1) = 4. It cannot know its neighbours.",
    ),
    _example(
        AXES,
        "pictures",
        "2-D: frame by frame",
        "n=3x5&dim=2&x=random&w=random",
        "Space alone: the same nine weights for every frame, and no output knows two frames. "
        "Swap two frames, and the outputs swap with them.",
    ),
    _example(
        AXES,
        "video",
        "3-D: the film",
        "x=random&w=random",
        "Space and time: 27 weights, three frames of nine. On each of the three axes the same formula gives the size.",
    ),
    _example(
        AXES,
        "smooth",
        "Averages in time and space",
        "k=2x3&x=random&w=box",
        "Each of the 18 cells counts 1/18. An average over space, and then one over time, gives the same "
        "with 9 + 2 weights.",
    ),
    _example(
        SIZES,
        "same",
        "Padding keeps all sizes: zeros around, and two frames of zeros",
        "p=1&x=random&w=box",
        "Padding in time adds whole frames of zeros, before the film and after it. The first output frame reads one.",
    ),
    _example(
        SIZES,
        "space-only",
        "Same in space, valid in time",
        "p=0x1&x=random&w=ones",
        "Every axis has its own padding: the pictures keep their size, and the film loses two frames.",
    ),
    _example(
        SIZES,
        "stride-time",
        "Stride 2 in time",
        "n=6x4&k=2x3&s=2x1&x=counting&w=ones",
        "Half as many frames, each as large as without the stride. A stride in space would halve the pictures instead.",
    ),
    _example(
        SIZES,
        "dilation-time",
        "Dilation 2 in time: every second frame",
        "n=6x4&d=2x1&w=difference&x=counting",
        "The three frames of the kernel reach over five frames of the film, with no more weights.",
    ),
    _example(
        SIZES,
        "lost-frame",
        "A frame is lost",
        "n=6x4&s=3x1&k=2x3&x=counting&w=box",
        "Windows of two frames with stride 3 step past frames 2 and 5: they are crossed out, and no output knows them.",
    ),
    _example(
        SIZES,
        "rectangular",
        "A kernel of 1×2×3",
        "n=3x4x5&k=1x2x3&x=random&w=ones",
        "The sides need not be equal. A kernel of one frame makes a 3-D layer do what a 2-D layer does.",
    ),
)
"""In the order of their groups."""
