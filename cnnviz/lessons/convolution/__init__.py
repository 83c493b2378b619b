"""The lesson “Convolution”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="convolution",
    title="Convolution",
    section="Arithmetic",
    icon=":material/grid_on:",
    help="Slide a kernel over a grid: see where every output cell comes from, and why the output has its size.",
    tables=("examples.CONVOLUTION_PRESETS",),
)
