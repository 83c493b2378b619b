"""The lesson “Pooling”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="pooling",
    title="Pooling",
    section="Arithmetic",
    icon=":material/compress:",
    help="Each window becomes one number: its largest, its mean or its norm. See which cell won, and what is lost.",
    tables=("examples.POOLING_PRESETS",),
)
