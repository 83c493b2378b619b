"""The lesson “Down-sampling”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="downsampling",
    title="Down-sampling",
    section="Arithmetic",
    icon=":material/photo_size_select_small:",
    help="Strided convolution, dropping, maximum, average and pixel unshuffle on one input: what each of them keeps.",
    tables=("examples.DOWNSAMPLING_PRESETS",),
)
