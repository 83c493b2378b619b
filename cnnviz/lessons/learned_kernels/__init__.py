"""The lesson “Learned kernels”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="learned_kernels",
    title="Learned kernels",
    section="What networks see",
    icon=":material/filter_b_and_w:",
    help="What training made of noise: kernels beside hand-made ones, and the pictures that excite a unit most.",
    tables=("examples.LEARNED_KERNELS_PRESETS",),
)
